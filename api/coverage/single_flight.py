"""What takes seconds to make: made once, off the requests' threads, whoever asks for it at once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

_Made = TypeVar("_Made")
WAITING: Final = 16
"""Of a worker's 40 threads, those that may wait for what takes a moment."""
FEW_WAITING: Final = 4
"""Those that may wait for what takes many seconds."""


class NotReadyError(Exception):
    """What was asked for is still being made."""


@dataclass(eq=False)
class _Making(Generic[_Made]):
    """What is, or is to be, made.

    Parameters
    ----------
    key
        What it is.
    make
        Makes it.
    future
        Has it.
    waiting
        How many wait for it.
    """

    key: Hashable
    make: Callable[[], _Made]
    future: Future[_Made] = field(default_factory=Future)
    waiting: int = 0


class SingleFlight(Generic[_Made]):
    """A bounded store of things that take long to make, each made by one thread alone.

    One is made at a time: two would take as long, and twice the memory. What nobody waits for any
    more when its turn comes is not made; so no more is ever queued than wait.

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
        self._waiting = 0
        self._kept: OrderedDict[Hashable, _Making[_Made]] = OrderedDict()
        self._queue: list[_Making[_Made]] = []
        self._is_at_work = False
        self._lock = threading.Lock()

    def get(
        self, key: Hashable, make: Callable[[], _Made], *, wait_s: float, waiting: int = WAITING
    ) -> _Made:
        """Return what is kept under a key, made first if it is not there.

        Parameters
        ----------
        key
            What it is.
        make
            Makes it; runs in a thread of its own. If it raises, whoever waits is told, and the next
            who asks tries again.
        wait_s
            Seconds to wait for it at most; once begun it is made all the same.
        waiting
            How many may wait for this or another at once: each holds one of a worker's threads.

        Raises
        ------
        NotReadyError
            If it is not made by then; at once where as many wait as may.
        """
        with self._lock:
            making = self._kept.get(key)
            is_done = making is not None and making.future.done()
            if not is_done and self._waiting >= waiting:
                raise NotReadyError
            if making is None:
                making = self._begin(_Making(key, make))
            self._kept.move_to_end(key)
            self._forget()
            if not is_done:
                making.waiting += 1
                self._waiting += 1
        if is_done:
            return making.future.result()
        try:
            return making.future.result(timeout=wait_s)
        except FutureTimeoutError:
            if making.future.done():  # just now, or it raised the like itself
                return making.future.result()
            raise NotReadyError from None
        finally:
            with self._lock:
                making.waiting -= 1
                self._waiting -= 1

    def begin(self, key: Hashable, make: Callable[[], _Made]) -> None:
        """Have it made before anybody asks, unless something is being made or it is there.

        Nobody is told if it fails; who asks then has it tried again, and is told.
        """
        with self._lock:
            if not self._is_at_work and key not in self._kept:
                self._begin(_Making(key, make))
                self._forget()

    def _begin(self, making: _Making[_Made]) -> _Making[_Made]:
        """Have it made: now, or when its turn comes. The lock is held."""
        if self._is_at_work:
            self._drop_unwanted()
            self._queue.append(making)
        else:
            # A daemon: a server that ends does not wait for it.
            threading.Thread(
                target=self._work, args=(making,), name="coverage", daemon=True
            ).start()
            self._is_at_work = True
            self.makings += 1
        self._kept[making.key] = making
        return making

    def _work(self, making: _Making[_Made]) -> None:
        """Make one, and then what is queued, until there is no more."""
        turn: _Making[_Made] | None = making
        while turn is not None:
            self._make(turn)
            with self._lock:
                self._drop_unwanted()
                turn = self._queue.pop(0) if self._queue else None
                self._is_at_work = turn is not None
                self.makings += self._is_at_work

    def _make(self, making: _Making[_Made]) -> None:
        try:
            made = making.make()
        except BaseException as error:  # noqa: BLE001 - whoever waits is to hear of whatever it was
            with self._lock:
                self._kept.pop(making.key, None)
            making.future.set_exception(error)
        else:
            making.future.set_result(made)

    def _drop_unwanted(self) -> None:
        """Let go of what is queued, and nobody waits for. The lock is held."""
        for one in self._queue:
            if not one.waiting:
                del self._kept[one.key]
        self._queue = [one for one in self._queue if one.waiting]

    def _forget(self) -> None:
        """Let go of what is too many; what is being made stays."""
        done = [key for key, one in self._kept.items() if one.future.done()]
        for key in done[: max(0, len(self._kept) - self._most)]:
            del self._kept[key]
