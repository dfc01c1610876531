"""Working ahead: what is to be written next is made while the disk is waited for."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")

_END: Final = object()


@contextmanager
def ahead(items: Iterator[T], *, most: int) -> Iterator[Iterator[T]]:
    """Give the same items, made in a thread of their own while earlier ones are worked with.

    What their making raises is raised where the item would have come. At the end, however it comes
    about, nothing is made any more: the thread has ended.

    Parameters
    ----------
    items
        Asked by that one thread only.
    most
        How many are made and not taken yet, at most.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as thread:
        made = deque(thread.submit(next, items, _END) for _ in range(most))

        def taken() -> Iterator[T]:
            while (item := made.popleft().result()) is not _END:
                made.append(thread.submit(next, items, _END))
                yield item  # type: ignore[misc] # the end has no type of its own

        try:
            yield taken()
        finally:
            thread.shutdown(cancel_futures=True)
