"""The register of claims: a file to which a line is added for each step, and none is ever changed.

A line is a JSON object: a row of `Claims.to_frame`, when it was `written`, and a `chain`, the
digest of its own content and the line before it. So a line that is altered, moved, put between or
taken out is found. Lines cut off at the end are not, nor is a register that was written anew from
its first line: against both it is to be copied to where whoever adds to it cannot write.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo_match.errors import ArgumentError, FileError
from geo_match.policy.payments.claims import Claims

_HAS_LOCKS: Final = sys.platform != "win32"
if _HAS_LOCKS:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_CHAIN: Final = "chain"
_BEGINS: Final = ""
"""What comes before the first line."""


def read_register(path: Path) -> Claims:
    """Return the claims of a register.

    Raises
    ------
    FileError
        If there is none, or it is not as steps were added to it.
    """
    if not path.is_file():
        rule = "be a register of claims"
        raise FileError(path, rule, "none there", "geo-match payments claim begins one.")
    return _read(path, path.read_bytes())[0]


def add_steps(path: Path, make: Callable[[Claims], Claims], *, begins: bool = False) -> Claims:
    """Add what is made of a register's claims to it, and return the claims.

    Others who add to it wait meanwhile. The lines are added at once, and are on the disk when this
    returns; where anything is refused none is.

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
        return read_register(path)
    with _locked(path) as file:
        before, chain = _read(path, _content(file))
        after = make(before)
        rows = after.to_frame().iloc[len(before.events) :].to_dict("records")
        _add(file, "".join(_lines(rows, chain)).encode())
    return after


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """Open a register, and let nobody else add to it; what was begun and left empty is removed."""
    file = _turn(path)
    try:
        yield file
    finally:
        if os.fstat(file).st_size == 0:
            path.unlink(missing_ok=True)
        os.close(file)  # lets go of the lock


def _turn(path: Path) -> int:
    """Open a register once nobody else has it."""
    while True:
        try:
            file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o666)
        except OSError as error:
            raise FileError(path, "be a file that can be written", str(error)) from error
        if not _HAS_LOCKS:
            return file
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            is_there = path.exists() and os.path.samestat(os.fstat(file), path.stat())
        except BaseException:  # such as a stop while others have it
            os.close(file)
            raise
        if is_there:
            return file
        os.close(file)  # whoever had it removed it, as it was left empty: what is there is another


def _content(file: int) -> bytes:
    return os.pread(file, os.fstat(file).st_size, 0)


def _add(file: int, lines: bytes) -> None:
    """Add lines, whole or not at all."""
    size = os.fstat(file).st_size
    try:
        done = 0
        while done < len(lines):
            done += os.write(file, lines[done:])
        os.fsync(file)
    except OSError:  # the disk is full: half a line would be found broken for ever
        os.ftruncate(file, size)
        raise


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
