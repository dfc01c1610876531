"""The file that has the key of what is published: whoever has it can take the noise off."""

from __future__ import annotations

import errno
import os
import secrets
from typing import TYPE_CHECKING, Final

from geo_match.coverage.publication.durable import write_durably
from geo_match.coverage.publication.noise import KEY_BYTES
from geo_match.errors import FileError

if TYPE_CHECKING:
    from pathlib import Path

_LEAST_KEY: Final = 16
_MOST_KEY: Final = 64


def read_key(path: Path) -> bytes | None:
    """Return the key that a file has; None if there is no file.

    Raises
    ------
    FileError
        If it is no key, or cannot be read.
    """
    remedy = "Give the key of the earlier publication, or the name of a file that is to be made."
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FileError(path, "be a file that can be read", f"{error.strerror}", remedy) from None
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
    return secrets.token_bytes(KEY_BYTES)


def write_key(path: Path, key: bytes) -> None:
    """Write a key that its owner alone can read: whole, or not there, and then for good.

    Raises
    ------
    FileExistsError
        If there is a file: a key that is lost gives up what was published with it.
    OSError
        If the disk refuses it.
    """
    if path.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    write_durably(path, f"{key.hex()}\n")
