"""The folder of what is published: each release made once, by one of all workers, and kept.

Beside the releases lies the key of their noise, one for all that is published of a store.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from geo_match.coverage.publication.durable import sync_folder, write_durably
from geo_match.coverage.publication.key_file import new_key, read_key, write_key
from geo_match.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_KEY: Final = "key"
_LOCK: Final = ".lock"
_REMEDY: Final = (
    "Put it back from a copy. Without one leave it, and the next month is published anew: made "
    "again of the same month, the two would tell apart what was written meanwhile."
)


class Written(Protocol):
    """What can be written down."""

    def text(self) -> str:
        """Return it as text."""


_Release = TypeVar("_Release", bound=Written)


class ReleaseFolder:
    """A folder of releases, made when the first of them is.

    Parameters
    ----------
    path
        Where it is.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def has(self, name: str) -> bool:
        """Return whether the release of a name is there."""
        return (self._path / name).exists()

    def read_or_make(
        self, name: str, parse: Callable[[str], _Release], make: Callable[[bytes], _Release]
    ) -> _Release:
        """Return the release of a name, made and written down first if it is not there.

        Parameters
        ----------
        name
            Of its file.
        parse
            Reads it.
        make
            Makes it with a key.

        Raises
        ------
        FileError
            If the file or the key is there, and is none.
        OSError
            If it cannot be written down: then it was not published.
        """
        path = self._path / name
        if path.exists():
            return _read(path, parse)
        if not self._path.is_dir():
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(self._path.parent)
        with _locked(self._path / _LOCK):  # another worker may be making it
            if path.exists():
                return _read(path, parse)
            made = make(self._key())
            write_durably(path, made.text())
            return made

    def _key(self) -> bytes:
        path = self._path / _KEY
        key = read_key(path)
        if key is None:
            key = new_key()
            write_key(path, key)
        return key


def _read(path: Path, parse: Callable[[str], _Release]) -> _Release:
    try:
        return parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        found = f"{error.strerror}"
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        found = "something else"  # of what it has, nothing is repeated in a log
    raise FileError(path, "hold what was published", found, _REMEDY)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one process at a time do what is inside."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
