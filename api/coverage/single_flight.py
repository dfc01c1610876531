"""What takes seconds to make: made once, off the requests' threads, whoever asks for it at once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_Made = TypeVar("_Made")


class NotReadyError(Exception):
    """What was asked for is still being made."""


class SingleFlight(Generic[_Made]):
    """A bounded store of things that take long to make, each made by one thread alone.

    One is made at a time: two would take as long, and twice the memory.

    Parameters
    ----------
    most
        How many are kept; those not asked for longest go first.

    Attributes
    ----------
    makings
        How many were begun.
    """

    def __init__(self, most: int) -> None:
        self.makings = 0
        self._most = most
        self._kept: OrderedDict[Hashable, Future[_Made]] = OrderedDict()
        self._lock = threading.Lock()
        self._turn = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], _Made], *, wait_s: float) -> _Made:
        """Return what is kept under a key, made first if it is not there.

        Parameters
        ----------
        key
            What it is.
        make
            Makes it; runs in a thread of its own. If it raises, whoever waits is told, and the next
            who asks tries again.
        wait_s
            Seconds to wait for it at most; it is made all the same.

        Raises
        ------
        NotReadyError
            If it is not made by then.
        """
        with self._lock:
            future = self._kept.get(key)
            if future is None:
                future = self._kept[key] = Future()
                self.makings += 1
                # A daemon: a server that ends does not wait for it.
                threading.Thread(
                    target=self._make, args=(key, future, make), name="coverage", daemon=True
                ).start()
            self._kept.move_to_end(key)
            self._forget()
        try:
            return future.result(timeout=wait_s)
        except FutureTimeoutError:
            if future.done():  # it raised the like itself
                raise
            raise NotReadyError from None

    def _make(self, key: Hashable, future: Future[_Made], make: Callable[[], _Made]) -> None:
        try:
            with self._turn:
                made = make()
        except BaseException as error:  # noqa: BLE001 - whoever waits is to hear of whatever it was
            with self._lock:
                self._kept.pop(key, None)
            future.set_exception(error)
        else:
            future.set_result(made)

    def _forget(self) -> None:
        """Let go of what is too many; what is being made stays."""
        done = [key for key, future in self._kept.items() if future.done()]
        for key in done[: max(0, len(self._kept) - self._most)]:
            del self._kept[key]
