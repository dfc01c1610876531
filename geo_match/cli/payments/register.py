"""The register of claims: a file to which a line is added for each step, and none is ever changed.

A line is a JSON object: a row of `Claims.to_frame`, when it was `written`, and a `chain`, the
digest of its own content and the line before it. So a line that is altered, moved, put between or
taken out is found. Lines cut off at the end are not, nor is a register that was written anew from
its first line: against both it is to be copied to where whoever adds to it cannot write.

Whoever adds to it locks it, and so does, beside others, whoever reads it. The locks are those of
POSIX systems, as are the signals that the commands are stopped by.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo_match.cli.terminal import say
from geo_match.errors import ArgumentError, FileError
from geo_match.policy.payments.claims import Claims

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_CHAIN: Final = "chain"
_BEGINS: Final = ""
"""What comes before the first line."""


def read_register(path: Path) -> Claims:
    """Return the claims of a register, once nobody is adding to it.

    Raises
    ------
    FileError
        If there is none, it cannot be read, or it is not as steps were added to it.
    """
    if not path.is_file():
        raise _none_there(path)
    file = _turn(path, os.O_RDONLY, fcntl.LOCK_SH)
    try:
        content = _content(file)
    finally:
        os.close(file)  # lets go of the lock
    return _read(path, content)[0]


def add_steps(path: Path, make: Callable[[Claims], Claims], *, begins: bool = False) -> Claims:
    """Add what is made of a register's claims to it, and return the claims.

    Others who add to it or read it wait meanwhile, and are told so. The lines are added at once,
    and are on the disk when this returns; where anything is refused none is.

    Parameters
    ----------
    path
        The register.
    make
        Given the claims there are, returns them after more steps.
    begins
        Whether a register that is not there is begun.

    Raises
    ------
    FileError
        If there is none and none is begun, or it is not as steps were added to it.
    GeoMatchError
        Whatever `make` refuses.
    """
    if not begins and not path.is_file():
        raise _none_there(path)
    with _locked(path, begins=begins) as file:
        before, chain = _read(path, _content(file))
        after = make(before)
        rows = after.to_frame().iloc[len(before.events) :].to_dict("records")
        _add(file, "".join(_lines(rows, chain)).encode(), path.parent)
    return after


def _none_there(path: Path) -> FileError:
    rule = "be a register of claims"
    return FileError(path, rule, "none there", "geo-match payments claim begins one.")


@contextmanager
def _locked(path: Path, *, begins: bool) -> Iterator[int]:
    """Open a register, and let nobody else at it; what was begun and left empty is removed."""
    flags = os.O_RDWR | os.O_APPEND | (os.O_CREAT if begins else 0)
    file = _turn(path, flags, fcntl.LOCK_EX)
    try:
        yield file
    finally:
        if os.fstat(file).st_size == 0:
            path.unlink(missing_ok=True)
        os.close(file)  # lets go of the lock


def _turn(path: Path, flags: int, lock: int) -> int:
    """Open a register, and lock it once nobody has it who is in the way."""
    while True:
        file = _opened(path, flags)
        try:
            _lock(file, lock, path)
            is_there = _is_at(path, file)
        except BaseException:  # such as a stop while others have it
            os.close(file)
            raise
        if is_there:
            return file
        os.close(file)  # whoever had it removed it, as it was left empty: what is there is another


def _opened(path: Path, flags: int) -> int:
    try:
        return os.open(path, flags, 0o666)
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not flags & os.O_CREAT:
            raise _none_there(path) from error
        done = "written" if flags & os.O_RDWR else "read"
        raise FileError(path, f"be a file that can be {done}", str(error)) from error


def _lock(file: int, lock: int, path: Path) -> None:
    try:
        fcntl.flock(file, lock | fcntl.LOCK_NB)
    except BlockingIOError:
        say(f"waiting for another who is at {path}")
        fcntl.flock(file, lock)


def _is_at(path: Path, file: int) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _content(file: int) -> bytes:
    return os.pread(file, os.fstat(file).st_size, 0)


def _add(file: int, lines: bytes, folder: Path) -> None:
    """Add lines, whole or not at all, to a register in a folder."""
    size = os.fstat(file).st_size
    try:
        done = 0
        while done < len(lines):
            done += os.write(file, lines[done:])
        os.fsync(file)
        if lines and not size:
            _sync_folder(folder)  # a register just begun has its name there
    except OSError:  # the disk is full: half a line would be found broken for ever
        os.ftruncate(file, size)
        raise


def _sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lines(rows: list[dict[Any, Any]], chain: str) -> Iterator[str]:
    written = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    for row in rows:
        given = {name: None if value is None else str(value) for name, value in row.items()}
        line = {**given, "written": written}
        chain = _linked(chain, line)
        yield json.dumps({**line, _CHAIN: chain}, ensure_ascii=False) + "\n"


def _linked(chain: str, line: dict[str, Any]) -> str:
    content = json.dumps(line, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{chain}\n{content}".encode()).hexdigest()


def _read(path: Path, content: bytes) -> tuple[Claims, str]:
    """Return the claims, and the last line's chain."""
    chain, rows = _BEGINS, []
    if content and not content.endswith(b"\n"):
        remedy = (
            "The last write did not finish: keep a copy, and remove what follows the last line."
        )
        raise FileError(path, "end with a whole line", "half a line", remedy)
    for number, text in enumerate(content.splitlines(), start=1):
        line = _object(path, number, text)
        told = line.pop(_CHAIN, None)
        chain = _linked(chain, line)
        if told != chain:
            rule = "have each line as it was added"
            remedy = "It, or a line before it, was changed: go back to a copy."
            raise FileError(path, rule, f"another one at line {number}", remedy)
        rows.append(line)
    try:
        return (Claims.from_frame(pd.DataFrame(rows, dtype=object)) if rows else Claims()), chain
    except ArgumentError as error:
        raise FileError(path, "hold steps that could be made", str(error)) from error


def _object(path: Path, number: int, text: bytes) -> dict[str, Any]:
    try:
        line = json.loads(text)
    except ValueError:
        line = None
    if not isinstance(line, dict):
        raise FileError(path, "have a JSON object in each line", f"none in line {number}")
    return line
