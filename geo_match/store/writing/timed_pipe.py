"""A pipe to or from another process, at which nobody waits for ever."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

CAN_POLL: Final = hasattr(select, "poll")
"""Whether this system can wait for a pipe with a bound; Windows cannot."""
_PIECE: Final = 1 << 20
"""Bytes that pass at once, at most."""


class TimedPipe:
    """One end of a pipe whose other is held by another process.

    Where the system cannot wait with a bound, the other process is ended when the time is up: that
    ends the pipe, and with it the wait. Where it can, the wait ends even if that process cannot be
    ended, as one that hangs on a dead drive.

    Parameters
    ----------
    pipe
        Without a buffer of its own; closed by `close`.
    silence_s
        Seconds to wait while nothing passes.
    end
        Ends the other process.
    """

    def __init__(
        self, pipe: IO[bytes], *, silence_s: Callable[[], float], end: Callable[[], None]
    ) -> None:
        self._pipe = pipe
        self._number = pipe.fileno()
        self._silence_s = silence_s
        self._end = end
        self._poll = None
        if CAN_POLL:
            os.set_blocking(self._number, False)
            self._poll = select.poll()
            self._poll.register(self._number, select.POLLIN if pipe.readable() else select.POLLOUT)

    def read(self, size: int) -> bytes:
        """Return that many bytes, fewer where the pipe ends.

        Raises
        ------
        TimeoutError
            If nothing came for too long.
        OSError
            If the pipe cannot be read.
        """
        pieces = []
        while size:
            with self._ready():
                piece = os.read(self._number, min(size, _PIECE))
            if not piece:
                break
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def write(self, message: bytes) -> None:
        """Write all of it.

        Raises
        ------
        TimeoutError
            If nothing was taken for too long.
        OSError
            If nobody reads there.
        """
        left = memoryview(message)
        while left:
            with self._ready():
                left = left[os.write(self._number, left[:_PIECE]) :]

    def flush(self) -> None:
        """Do nothing: what is written is in the pipe."""

    def close(self) -> None:
        """Close this end; this waits for nothing."""
        self._pipe.close()

    @contextlib.contextmanager
    def _ready(self) -> Iterator[None]:
        """Let something pass within, or end the wait for it."""
        silence_s = self._silence_s()
        if self._poll is not None:
            if not self._poll.poll(silence_s * 1_000):
                raise TimeoutError
            yield
            return
        start = time.monotonic()
        timer = threading.Timer(silence_s, self._end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
        if time.monotonic() - start >= silence_s:
            raise TimeoutError
