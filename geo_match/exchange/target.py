"""The file that is to appear: checked before any work, written beside its place, then renamed."""

from __future__ import annotations

import errno
import os
import re
import secrets
import socket
import time
import zlib
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo_match.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_PART: Final = re.compile(
    r"\..+\.(?:(?P<host>[0-9a-f]{8})-(?P<process>[0-9]+)-)?[0-9a-f]{8}\.part\..+"
)
"""Name of a file that is being written: its machine and process, then what makes it unique. Names
of before had no more than the latter."""
_DAY_S: Final = 86_400.0
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


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


def check_suffix_among(path: str | Path, among: Collection[str]) -> None:
    """Check that the suffix of a path, in small or capital letters, is one that can be written.

    Raises
    ------
    FileError
        If it is none of them.
    """
    suffix = Path(path).suffix
    if suffix.lower() not in among:
        raise FileError(
            path,
            f"end in one of {', '.join(among)}",
            repr(suffix) if suffix else "no suffix",
            "The suffix says how the file is written.",
        )


def check_new(path: Path, inputs: Iterable[str | Path]) -> None:
    """Check that a file can be written there, and that nothing is there yet.

    Raises
    ------
    FileError
        As `check_target`, or if something is there.
    """
    check_target(path, inputs=inputs)
    if path.exists():
        raise already_there(path)


@contextmanager
def replacing(*paths: str | Path, only_new: bool = False) -> Iterator[list[Path]]:
    """Give a temporary path beside each target; put all in place when all went well.

    The targets appear in the order given, none before each is safely on its disk. The names keep
    their suffixes. Whatever goes wrong, nothing half-written stays: the temporary files and what
    SQLite may have left beside them are removed, and the targets are as they were.

    Parameters
    ----------
    paths
        The targets.
    only_new
        Whether a target that someone else has put there meanwhile is left as it is, and refused.

    Raises
    ------
    FileError
        If the disk refuses a file at the end, or `only_new` and a target is there.
    """
    targets = [Path(path).resolve() for path in paths]
    temporaries = [
        target.with_name(
            f".{target.stem}.{_host()}-{os.getpid()}-{secrets.token_hex(4)}.part{target.suffix}"
        )
        for target in targets
    ]
    try:
        yield temporaries
        for path, temporary in zip(paths, temporaries, strict=True):
            with naming(path), temporary.open("rb") as stream:
                os.fsync(stream.fileno())
        for path, temporary, target in zip(paths, temporaries, targets, strict=True):
            with _reserved(target, path) if only_new else nullcontext(), naming(path):
                temporary.replace(target)
    finally:
        for temporary in temporaries:
            for end in ("", "-journal", "-wal"):
                Path(f"{temporary}{end}").unlink(missing_ok=True)


def remove_rests(target: str | Path) -> list[Path]:
    """Remove what killed programs have left half-written in a target's folder.

    That is a file named as `replacing` names it whose process runs no more on this machine, or that
    nobody has written to for a day. What another machine writes to a shared folder stays till then.

    Returns
    -------
    list of Path
        What was removed.
    """
    removed = []
    for path in Path(target).resolve().parent.glob(".*.part.*"):
        named = _PART.fullmatch(path.name)
        with suppress(OSError):  # it may be gone, or another's
            if named is not None and path.is_file() and _is_left(path, named):
                path.unlink()
                removed.append(path)
    return removed


def _is_left(path: Path, named: re.Match[str]) -> bool:
    if time.time() - path.stat().st_mtime > _DAY_S:
        return True
    # Elsewhere than on POSIX a signal would end the process instead of asking for it.
    if named["host"] != _host() or os.name != "posix":
        return False
    try:
        os.kill(int(named["process"]), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


def _host() -> str:
    """Return what tells this machine from others that may write to the same folder."""
    return f"{zlib.crc32(socket.gethostname().encode()):08x}"


@contextmanager
def _reserved(target: Path, path: str | Path) -> Iterator[None]:
    """Make an empty file, which the block alone may replace: not every disk can link a file."""
    try:
        with naming(path):
            target.open("xb").close()
    except FileError as error:
        if isinstance(error.__cause__, FileExistsError):
            raise already_there(path) from None
        raise
    try:
        yield
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def already_there(path: str | Path) -> FileError:
    """Return the error that says that nothing is written over a file."""
    return FileError(
        path,
        "not exist yet",
        "a file",
        "Someone may have worked on it: name another, or move it away.",
    )


@contextmanager
def naming(path: str | Path) -> Iterator[None]:
    """Turn what the system denies while a file is written into an error that names its target.

    Raises
    ------
    FileError
        Instead of an `OSError`, which names the temporary file or none.
    """
    try:
        yield
    except OSError as error:
        cause = os.strerror(error.errno) if error.errno else str(error)
        remedy = "Free space on its disk, or write to another one." if error.errno in _FULL else ""
        raise FileError(path, "be written", cause, remedy) from error
