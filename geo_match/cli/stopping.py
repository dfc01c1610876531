"""Signals that ask the command to stop: they unwind it, so that it removes what it has begun."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_STOPS = [stop for stop in signal.Signals if stop.name in {"SIGHUP", "SIGINT", "SIGTERM"}]


class Stopped(BaseException):
    """A signal asked the command to stop; no error, so that nothing takes it for one.

    Parameters
    ----------
    number
        The signal's number.
    """

    def __init__(self, number: int) -> None:
        self.status = 128 + number
        """What a shell expects as the exit status."""
        super().__init__(number)


def _stop(number: int, _: FrameType | None) -> None:
    raise Stopped(number)


@contextmanager
def stoppable() -> Iterator[None]:
    """Let the signals raise `Stopped` while the block runs, but for those ignored, as by nohup."""
    before = {stop: signal.getsignal(stop) for stop in _STOPS}
    try:
        for stop, handler in before.items():
            if handler is not signal.SIG_IGN:
                signal.signal(stop, _stop)
        yield
    finally:
        for stop, handler in before.items():
            signal.signal(stop, handler)


def finish_anyway() -> None:
    """Ignore the signals until the end of `stoppable`: the answer is in place, and will be told."""
    for stop in _STOPS:
        signal.signal(stop, signal.SIG_IGN)
