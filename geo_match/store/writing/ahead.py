"""Working ahead: what is to be written next is made while the disk is waited for."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")


@contextmanager
def ahead(
    items: Iterator[T], *, most: int, size: Callable[[T], int] = lambda _: 1
) -> Iterator[Iterator[T]]:
    """Give the same items, made in a thread of their own while earlier ones are worked with.

    What their making raises is raised where the item would have come. At the end, however it comes
    about, nothing is made any more: the thread has ended.

    Parameters
    ----------
    items
        Asked by that one thread only.
    most
        The next is made only while those that are made and not taken yet have less than this size
        in all: so they have at most this, and what the last of them has beyond.
    size
        Of an item; by default each counts as one.
    """
    shelf = _Shelf(most, size)
    thread = threading.Thread(target=shelf.fill, args=(items,), name="ahead")
    thread.start()
    try:
        yield shelf.taken()
    finally:
        shelf.close()
        thread.join()


class _Shelf(Generic[T]):
    """Items that are made and not taken yet, between the thread that makes and the one that takes.

    Parameters
    ----------
    most, size
        As `ahead` takes them.
    """

    def __init__(self, most: int, size: Callable[[T], int]) -> None:
        self._most = most
        self._size = size
        self._changed = threading.Condition()
        self._ready: deque[T] = deque()
        self._held = 0
        self._is_complete = False
        self._is_closed = False
        self._error: BaseException | None = None

    def fill(self, items: Iterator[T]) -> None:
        """Make the items one by one, as there is room; runs in the thread that makes."""
        try:
            for item in items:
                with self._changed:
                    self._ready.append(item)
                    self._held += self._size(item)
                    self._changed.notify_all()
                    self._changed.wait_for(lambda: self._held < self._most or self._is_closed)
                    if self._is_closed:
                        break
        except BaseException as error:  # noqa: BLE001 - raised in the thread that takes
            self._error = error
        with self._changed:
            self._is_complete = True
            self._changed.notify_all()

    def taken(self) -> Iterator[T]:
        """Yield the items as they are ready, then raise what ended their making."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ready or self._is_complete)
                if not self._ready:
                    break
                item = self._ready.popleft()
                self._held -= self._size(item)
                self._changed.notify_all()
            yield item
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        """Have no more made."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
