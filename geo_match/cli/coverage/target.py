"""The files that `coverage` may write."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo_match.cli import circles
from geo_match.errors import FileError
from geo_match.exchange import check_target

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_KEY_BYTES: Final = 32
_LEAST_KEY, _MOST_KEY = 16, 64


@dataclass(frozen=True, slots=True)
class Target:
    """The files that may be written.

    Parameters
    ----------
    out
        For the answer, one at least.
    people
        For what was found of each person; None for none.
    rejects
        For rejected rows.
    key
        With the key of what is published; None where nothing is.
    others
        What else is written.
    """

    out: tuple[Path, ...]
    people: Path | None
    rejects: Path
    key: Path | None = None
    others: tuple[Path, ...] = ()

    @property
    def listing(self) -> circles.Target:
        """How rejected rows are listed."""
        return circles.Target(self.out[0], self.rejects)

    def check(self, inputs: Iterable[Path]) -> None:
        """Raise `FileError` if something stands in the way of writing."""
        given = list(inputs)
        optional = [path for path in (self.people, self.key) if path is not None]
        for path in (*self.out, *optional, *self.others, self.rejects):
            check_target(path, inputs=given)


def read_key(path: Path) -> bytes | None:
    """Return the key that a file has; None if there is no file.

    Raises
    ------
    FileError
        If it is no key.
    """
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return None
    remedy = "Give the key of the earlier publication, or the name of a file that is to be made."
    try:
        key = bytes.fromhex(text.decode("ascii").strip())
    except ValueError:
        raise FileError(path, "hold a key in hexadecimal", "something else", remedy) from None
    if not _LEAST_KEY <= len(key) <= _MOST_KEY:
        rule = f"hold {_LEAST_KEY} to {_MOST_KEY} bytes in hexadecimal"
        raise FileError(path, rule, f"{len(key)}", remedy)
    return key


def new_key() -> bytes:
    """Return a key that nobody knows."""
    return secrets.token_bytes(_KEY_BYTES)


def write_key(path: Path, key: bytes) -> None:
    """Write a key that its owner alone can read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(f"{key.hex()}\n")
