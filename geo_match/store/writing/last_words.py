"""What another process said last, for who wants to know why it ended."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import IO

_MOST: Final = 400
"""Bytes that are kept."""
_PIECE: Final = 1 << 16


class LastWords:
    """The last line of a process's standard error, or its end where it is long.

    All is read as it comes, so that the process never waits for a reader.

    Parameters
    ----------
    pipe
        Without a buffer of its own; closed at its end.
    """

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._kept = b""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def line(self, within_s: float) -> str:
        """Return the line, empty for none; wait at most so many seconds for the pipe's end."""
        self._thread.join(within_s)
        lines = self._kept.decode("utf-8", "replace").strip().splitlines()
        return "".join(one if one.isprintable() else " " for one in lines[-1]) if lines else ""

    def _read(self) -> None:
        with self._pipe:
            while piece := self._pipe.read(_PIECE):
                self._kept = (self._kept + piece)[-_MOST:]
