"""Files that are on the disk, whole, once they have their name: a cut of power takes none back."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path


def write_durably(path: Path, text: str) -> None:
    """Write a file that its owner alone can read: whole, or not there, and then for good.

    What is there under the name is replaced.

    Raises
    ------
    OSError
        If the disk refuses it; then nothing of it stays.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    if sys.platform == "win32":  # where no folder can be opened
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
