"""Keeping the index in step with the store, whether or not somebody asks."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final

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

    One thread does it, so that nobody waits for more than they want to.

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
        self._head: Cursor | None = None
        self._ails = False

    def close(self) -> None:
        """Take in nothing more."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def reach(self, patience_s: float) -> str | None:
        """Take in all that is in the store now; return the place in the feed, None for a file.

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
        taken = self._thread.submit(self._take_in, self._store)
        try:
            return taken.result(patience_s)
        except TimeoutError:
            taken.cancel()  # if it has not begun: whoever asks again has it begun again
            raise BehindError(self._behind()) from None

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
        """Take in what there is; a store that cannot be read is logged, once while that lasts."""
        try:
            if self._store is None:
                self._metrics.look(None, is_in_step=True)
            else:
                self._take_in(self._store)
        except StoreError as error:
            if not self._ails:
                _LOG.warning("%s: %s", type(error).__name__, error)
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
