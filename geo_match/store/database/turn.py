"""Whose turn it is to write to a file: a long import lets those who wait go first.

SQLite has no queue: a writer tries again and again, and one that writes without a pause would win
each time. So a writer holds a shared lock on a file beside the store until it has begun, and an
import asks between its transactions whether anyone holds one.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

_HAS_LOCKS: Final = sys.platform != "win32"
if _HAS_LOCKS:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PAUSE_S: Final = 0.02
_TRY_S: Final = 0.001


class Turn:
    """The turns at writing to one file.

    Parameters
    ----------
    path
        The store's file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path.with_name(f"{path.name}-turn")

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Let imports know that someone waits to write."""
        if not _HAS_LOCKS:
            yield
            return
        try:
            file = _open(self._path)
        except OSError:  # a folder that is not writable: the store itself will say so
            yield
            return
        try:
            fcntl.flock(file, fcntl.LOCK_SH)
            yield
        finally:
            os.close(file)  # lets go of the lock

    def give_way(self, *, most_s: float = 0.05) -> bool:
        """Wait until nobody waits to write, and at most `most_s` seconds; return if anyone did."""
        if not _HAS_LOCKS:
            time.sleep(_PAUSE_S)
            return False
        until = time.monotonic() + most_s
        has_waited = False
        try:
            file = _open(self._path)
        except OSError:  # another user's file or folder: whoever waits cannot be seen
            time.sleep(_PAUSE_S)
            return False
        try:
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    has_waited = True
                    if time.monotonic() >= until:
                        return True
                    time.sleep(_TRY_S)
                else:
                    return has_waited
        finally:
            os.close(file)


def _open(path: Path) -> int:
    """Open a file to lock it; this is done twice a transaction, and a file of Python takes longer.

    Raises
    ------
    OSError
        If it cannot be opened.
    """
    return os.open(path, os.O_WRONLY | os.O_CREAT, 0o666)
