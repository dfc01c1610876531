"""Signals that ask the command to stop: they unwind it, so that it removes what it has begun."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_AGAIN_S = 0.02
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
    """Let the signals raise `Stopped` while the block runs, but for those ignored, as by nohup.

    Python swallows what is raised in a finalizer; a stop that met with that is raised once more.
    """
    before = {stop: signal.getsignal(stop) for stop in (*_STOPS, signal.SIGALRM)}
    report = sys.unraisablehook

    def repeat(swallowed: sys.UnraisableHookArgs) -> None:
        if not isinstance(swallowed.exc_value, Stopped):
            report(swallowed)
            return
        number = swallowed.exc_value.status - 128
        # Not at once: that would be raised here, and swallowed too.
        signal.signal(signal.SIGALRM, lambda _, frame: _stop(number, frame))
        signal.setitimer(signal.ITIMER_REAL, _AGAIN_S)

    try:
        sys.unraisablehook = repeat
        for stop, handler in before.items():
            if stop in _STOPS and handler is not signal.SIG_IGN:
                signal.signal(stop, _stop)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        sys.unraisablehook = report
        for stop, handler in before.items():
            signal.signal(stop, handler)


def finish_anyway() -> None:
    """Ignore the signals until the end of `stoppable`: the answer is in place, and will be told."""
    for stop in (*_STOPS, signal.SIGALRM):
        signal.signal(stop, signal.SIG_IGN)
