"""Keeping the index in step with the store, whether or not somebody asks."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

from api.guards.logs import trace
from api.jobs.of_store import StoredJobs
from geo_match.store import StoreError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from concurrent.futures import Future

    from api.jobs.of_file import JobIndex
    from api.operation.metrics import Metrics
    from geo_match.store import Cursor, Store

_LOG: Final = logging.getLogger(__name__)
_EVERY_S: Final = 0.5


class BehindError(Exception):
    """The index is behind the store.

    Parameters
    ----------
    changes
        By how many; None if that is not known.
    """

    def __init__(self, changes: int | None) -> None:
        self.changes = changes
        super().__init__(f"{changes} changes behind")


class InStep:
    """Takes in what was written to the store: twice a second, and for who asks whether it is.

    One thread does it, so that nobody waits for more than they want to, and who asks holds none.

    Parameters
    ----------
    jobs
        What is kept in step.
    store
        What with; None for a file, which does not change.
    metrics
        Where it is told.
    """

    def __init__(self, jobs: JobIndex | StoredJobs, store: Store | None, metrics: Metrics) -> None:
        self._jobs, self._store, self._metrics = jobs, store, metrics
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="in-step")
        self._asked: Future[str | None] | None = None
        self._head: Cursor | None = None
        self._ails = False

    def close(self) -> None:
        """Take in nothing more."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    async def reach(self, patience_s: float) -> str | None:
        """Take in all that is in the store now; return the place in the feed, None for a file.

        Whoever asks before that has begun shares it.

        Parameters
        ----------
        patience_s
            How long to wait for that.

        Raises
        ------
        BehindError
            If it takes longer.
        StoreError
            If the store cannot be read.
        """
        if self._store is None:
            return None
        taken = self._asked
        # What has begun may have looked at the store before this was asked.
        if taken is None or taken.running() or taken.done():
            taken = self._asked = self._thread.submit(self._take_in, self._store)
        if not await _ends(taken, patience_s):
            raise BehindError(self._behind())
        return taken.result()

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Take in what is written, from now on and until the block ends."""
        task = asyncio.create_task(self._follow())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _follow(self) -> None:
        while True:
            taken: Future[str | None] = self._thread.submit(self._look)
            await asyncio.wrap_future(taken)
            await asyncio.sleep(_EVERY_S)

    def _look(self) -> None:
        """Take in what there is; what goes wrong is logged, once while that lasts."""
        try:
            if self._store is None:
                self._metrics.look(None, is_in_step=True)
            else:
                self._take_in(self._store)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next look may go well
            if not self._ails:
                # The text of what nobody foresaw may be anybody's.
                is_foreseen = isinstance(error, StoreError)
                told = f"{type(error).__name__}: {error}" if is_foreseen else trace(error)
                _LOG.warning("%s", told)
            self._ails = True
        else:
            self._ails = False

    def _take_in(self, store: Store) -> str | None:
        self._head = head = store.cursor()
        before = self._cursor()
        if before is not None and before != head:  # seen by who asks while it is taken in
            self._metrics.look(before.seq, is_in_step=False)
        reached = self._jobs.catch_up()
        now = self._cursor()
        self._metrics.look(None if now is None else now.seq, is_in_step=True)
        return reached

    def _cursor(self) -> Cursor | None:
        """Return the place in the feed that the index has reached; a file has no feed."""
        return self._jobs.cursor if isinstance(self._jobs, StoredJobs) else None

    def _behind(self) -> int | None:
        """Return how many changes are missing, by what was last seen; None if that is nothing."""
        head, cursor = self._head, self._cursor()
        if head is None or cursor is None or head.epoch != cursor.epoch:
            return None
        return max(0, head.seq - cursor.seq) or None


async def _ends(future: Future[str | None], patience_s: float) -> bool:
    """Return whether it ends in some seconds; who waits in vain does not break it off."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()

    def tell(_: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(ended.set)

    future.add_done_callback(tell)
    try:
        async with asyncio.timeout(patience_s):
            await ended.wait()
    except TimeoutError:
        return False
    return True
