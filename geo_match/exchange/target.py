"""The file that is to appear: checked before any work, written beside its place, then renamed."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from geo_match.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def check_target(path: str | Path, *, inputs: Iterable[str | Path] = ()) -> None:
    """Check that a file can be written there, before the work that would fill it.

    Raises
    ------
    FileError
        If its folder is missing or not writable, if something that is no plain file stands
        there, or if it is one of the inputs.
    """
    target = Path(path)
    folder = target.resolve().parent
    if not folder.is_dir():
        raise FileError(path, "lie in a folder that exists", f"{folder}", "Make it first.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FileError(path, "lie in a writable folder", f"{folder}, which is not")
    if target.exists():
        if not target.is_file():
            raise FileError(path, "be a plain file or not exist yet", "something else there")
        for other in inputs:
            if Path(other).exists() and target.samefile(other):
                raise FileError(path, "not be an input", "the same file", "Choose another name.")


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside the target; put it in the target's place when all went well.

    The name keeps the suffix. Whatever goes wrong, nothing half-written stays: the temporary file
    and what SQLite may have left beside it are removed, and the target is as it was.
    """
    target = Path(path).resolve()
    temporary = target.with_name(f".{target.stem}.{secrets.token_hex(4)}.part{target.suffix}")
    try:
        yield temporary
        with temporary.open("rb") as stream:
            os.fsync(stream.fileno())
        temporary.replace(target)
    finally:
        for leftover in (temporary, *(Path(f"{temporary}-{end}") for end in ("journal", "wal"))):
            leftover.unlink(missing_ok=True)
