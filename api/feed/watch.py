"""Waiting for a change: one look at the store for all who wait, and no thread while they do."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from api.guards.refusals import too_many_waiting
from api.problems import ProblemError
from geo_match.store import StoreError

if TYPE_CHECKING:
    import threading
    from collections.abc import Collection, Iterator

    from geo_match.store import Cursor, Store

_EVERY_S: Final = 0.05
_RETRY_AFTER_S: Final = "5"


class Watch:
    """Looks at a store's feed while anybody waits for it, once for all of them; of one event loop.

    What is looked at is one row, until a transaction has ended in between.

    Parameters
    ----------
    store
        Whose feed it is.
    stopping
        Set once the server stops: then nobody waits any more.
    every_s
        How often to look, seconds.
    """

    def __init__(
        self, store: Store, stopping: threading.Event, *, every_s: float = _EVERY_S
    ) -> None:
        self._store = store
        self._stopping = stopping
        self._every_s = every_s
        self._waiting: dict[asyncio.Future[bool], tuple[Collection[str], int]] = {}
        self._turns = 0
        self._task: asyncio.Task[None] | None = None
        # Known are all changes after the number `_since` and up to `_at`.
        self._since: int
        self._at: Cursor
        self._newest: dict[str, int]

    @contextmanager
    def turn(self, most: int) -> Iterator[None]:
        """Let one request wait in the block, as often as it has to.

        Who waits costs a connection and a turn of the requests that are answered, for half a
        minute: so many of them that others find none are told to come again.

        Parameters
        ----------
        most
            How many may wait at a time.

        Raises
        ------
        ProblemError
            If so many do.
        """
        if self._turns >= most:
            raise ProblemError(too_many_waiting(most), {"Retry-After": _RETRY_AFTER_S})
        self._turns += 1
        try:
            yield
        finally:
            self._turns -= 1

    async def changed(self, kinds: Collection[str], *, after: Cursor, timeout_s: float) -> bool:
        """Return whether it is worth while to look for changes; else no more time is left.

        Parameters
        ----------
        kinds
            Those that are waited for.
        after
            A place in the feed up to which there was none.
        timeout_s
            How long to wait at most, seconds.
        """
        if self._task is None or self._task.done():
            self._since, self._at, self._newest = after.seq, after, {}
            self._task = asyncio.create_task(self._look())
        elif (
            after.epoch != self._at.epoch or after.seq < self._since or self._has(kinds, after.seq)
        ):
            return True
        waiting = asyncio.get_running_loop().create_future()
        self._waiting[waiting] = kinds, after.seq
        try:
            return await asyncio.wait_for(waiting, timeout_s)
        except TimeoutError:
            return False
        finally:
            del self._waiting[waiting]

    async def _look(self) -> None:
        """Look until nobody waits; if the store cannot be read, those who wait find it out."""
        try:
            while self._waiting:
                await asyncio.sleep(self._every_s)
                if self._stopping.is_set():
                    self._wake(is_worthwhile=False)
                    return
                # Not by the threads of requests: these may all be at work for a while.
                self._at, newest = await asyncio.to_thread(self._store.newest, after=self._at)
                if newest:
                    self._newest |= newest
                    self._wake_told()
        except StoreError:
            pass
        finally:
            self._wake(is_worthwhile=True)

    def _has(self, kinds: Collection[str], seq: int) -> bool:
        return any(self._newest.get(kind, 0) > seq for kind in kinds)

    def _wake_told(self) -> None:
        for waiting, (kinds, seq) in self._waiting.items():
            if not waiting.done() and self._has(kinds, seq):
                waiting.set_result(True)

    def _wake(self, *, is_worthwhile: bool) -> None:
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(is_worthwhile)
