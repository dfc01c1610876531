"""The folder of what is published: each release made once, by one of all workers, and kept.

Beside the releases lies the key of their noise, one for all that is published of a store.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
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
_TO_WRITE: Final = (
    "Let the server write to it and see that the disk has room, or name another folder by "
    "GEO_MATCH_PUBLISHED: with all that was published, if anything was."
)
_ROOM: Final = 1 << 20
"""Bytes that must find room before a release is made: one of a city takes fewer."""


class NotWritableError(FileError):
    """Nothing can be published, since it could not be written down."""


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
        NotWritableError
            If it cannot be written down: then it was not published. It is not made, which may take
            minutes, where that is found out before.
        FileError
            If the file or the key is there, and is none.
        """
        path = self._path / name
        if path.exists():
            return _read(path, parse)
        with self._writing():
            if not self._path.is_dir():
                self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
                sync_folder(self._path.parent)
            lock = _opened(self._path / _LOCK)
        with _locked(lock):  # another worker may be making it
            if path.exists():
                return _read(path, parse)
            with self._writing():
                key = self._key()
                _try_to_write(self._path)
            made = make(key)
            with self._writing():
                write_durably(path, made.text())
            return made

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Say of what the system refuses inside that the folder is at fault, and what to do."""
        try:
            yield
        except OSError as error:
            rule = "be a folder that can be written to, for what is published"
            raise NotWritableError(self._path, rule, f"{error.strerror}", _TO_WRITE) from None

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


def _try_to_write(folder: Path) -> None:
    """Write a file without a name that takes what a release may take, and let it go.

    Raises
    ------
    OSError
        If the folder or the disk refuses it.
    """
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(bytes(_ROOM))
        file.flush()
        os.fsync(file.fileno())


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


@contextmanager
def _locked(handle: int) -> Iterator[None]:
    """Let one process at a time do what is inside; the file that it is seen by is closed then."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
