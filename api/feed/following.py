"""Following the feed on behalf of a caller: what is there, or what comes in time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

from api.access.refusals import bad_key, bad_session
from api.feed.page import Page, read_page
from api.feed.waiting import unless_gone
from api.timing import engine_time

if TYPE_CHECKING:
    from starlette.requests import Request

    from api.access.caller import Caller
    from api.access.gate import Gate
    from api.audit import Audit
    from api.feed.watch import Watch
    from geo_match.store import Cursor, Store

PERSONS_SCOPE: Final = "feed:persons"
_PURPOSE: Final = "变更同步"


@dataclass(frozen=True, slots=True)
class Following:
    """One request for changes.

    Parameters
    ----------
    request
        By which the client is known to be there still.
    store, audit, watch
        What is read, where it is noted, and who tells of changes.
    gate, caller, key, session
        Who asks, and by which secret.
    kinds
        Those wanted.
    limit
        How many changes to tell at most.
    most_waiting
        How many requests may wait at a time.
    """

    request: Request
    store: Store
    audit: Audit
    watch: Watch
    gate: Gate
    caller: Caller
    key: str | None
    session: str | None
    kinds: tuple[str, ...]
    limit: int
    most_waiting: int

    async def changes(self, after: Cursor | None, *, wait_s: float) -> Page | None:
        """Return the changes after a place; without any, those that come in time.

        Neither the event loop nor a thread is held while it waits. Where only changes of other
        kinds come, the place moves on without a line.

        Returns
        -------
        Page or None
            None if the client has gone.

        Raises
        ------
        EpochError, CursorError, HorizonError
            If it is no place from which the feed can be followed.
        ProblemError
            If the key, or the session, was ended while it waited; or if it would wait, and as
            many do as may.
        StoreError
            If the store cannot be read, or what is read cannot be noted.
        """
        until = time.monotonic() + wait_s
        page = await run_in_threadpool(self._read, after)
        if not wait_s or page.count or not page.is_last:
            return page
        with self.watch.turn(self.most_waiting):
            while not page.count and page.is_last and (left_s := until - time.monotonic()) > 0:
                waiting = self.watch.changed(self.kinds, after=page.cursor, timeout_s=left_s)
                is_worthwhile = await unless_gone(self.request, waiting)
                if is_worthwhile is None:
                    return None
                page = await run_in_threadpool(self._read_again, page.cursor)
                if not is_worthwhile:
                    break
        return page

    def _read(self, after: Cursor | None) -> Page:
        with engine_time(self.request):
            page = read_page(self.store, after=after, kinds=self.kinds, limit=self.limit)
        if page.persons:
            noted = self.audit.noted(self.caller, purpose=_PURPOSE, scope=PERSONS_SCOPE)
            noted(lambda: page.persons)
        return page

    def _read_again(self, after: Cursor) -> Page:
        """Read after a while, in which a key may have been revoked."""
        if self.gate.who(self.key, self.session) is None:
            raise bad_session(is_https=self.gate.is_https) if self.key is None else bad_key()
        return self._read(after)
