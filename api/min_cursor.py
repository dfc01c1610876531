"""Reads that must not miss a write: `min_cursor` waits until this worker shows it, for 2 s at most.

Whoever writes is told the place in the feed from which the write is there. Given with a read, the
answer is of that place or later, whichever worker gives it.

Each looks once. Who has to wait holds no thread, and is told by one look for all who wait; of a
quarter of the requests that a worker answers at a time, no more wait, and who comes then is told at
once that it is not there yet.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Any, Final

import anyio.to_thread
from anyio.lowlevel import RunVar
from fastapi import Depends, Request
from pydantic import BeforeValidator, Field

from api.guards.crowd import most_waiting
from api.parameters import broken
from api.problems import Problem, ProblemError
from api.stored import store_of
from geo_match.store import Cursor, CursorError, EpochError

_Seen = Callable[[Request], Cursor] | None
_LOOKOUTS: Final[RunVar[dict[tuple[object, _Seen], _Lookout]]] = RunVar("geo_match_lookouts")
AT_MOST_S: Final = 2.0
_EVERY_S: Final = 0.02
NAME: Final = "min_cursor"
"""What it is called."""
_NOT_YET: Final = "urn:geo-match:problem:not-yet"
_RETRY_AFTER_S: Final = "1"


def _cursor(text: object) -> object:
    """Take a cursor as a store gives it."""
    if not isinstance(text, str):
        return text
    try:
        Cursor.parse(text)
    except CursorError:
        rule = "must be a cursor, as a write or an earlier read told it"
        raise broken(rule, text) from None
    return text


MinCursor = Annotated[
    str | None,
    Field(
        description="The answer is of this place in the feed of changes or a later one. What is "
        "not there yet is waited for, 2 s at most: then, or where too many wait, it is 503.",
        examples=["0f3a5c7e9b1d2f4a6c8e0b2d4f6a8c0e-118363"],
    ),
    BeforeValidator(_cursor),
]
"""The parameter, for the model of a query: `min_cursor: MinCursor = None`."""

RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    410: {
        "model": Problem,
        "description": "`min_cursor` is of another epoch of the store: it was restored since, or "
        "is another one.",
    },
}
"""The problems that it adds to those of every resource, for the description of the API."""


def caught_up(seen: _Seen = None) -> Any:  # noqa: ANN401 - FastAPI's marker of a dependency
    """Return the dependency that lets a request go on once what it names is seen.

    It stands after `requires` among a route's `dependencies`, so that nobody waits who may not ask.

    Parameters
    ----------
    seen
        Returns the place up to which what the route answers from has come, and brings it there
        where that is done by who asks; in a thread, and by any request of those that wait. The
        store itself, if None.
    """

    async def wait(request: Request) -> None:
        """Wait for `min_cursor`, if it is given.

        Raises
        ------
        ProblemError
            If it is not seen in time, or too many wait already, or the server has no store.
        EpochError
            If it is of another epoch.
        """
        text = request.query_params.get(NAME)
        if text is None:
            return
        try:
            wanted = Cursor.parse(text)
        except CursorError:
            return  # the model of the query refuses it
        await _wait(request, wanted, seen)

    return Depends(wait)


async def _wait(request: Request, wanted: Cursor, seen: _Seen) -> None:
    """Look once; and if it is not there, wait until whoever looks for all who wait has seen it."""
    until = time.monotonic() + AT_MOST_S
    now = await anyio.to_thread.run_sync(_now, request, seen)
    if _is_there(now, wanted):
        return
    lookouts = _lookouts()
    waiting = sum(one.waiting for one in lookouts.values())
    if waiting >= most_waiting(request.app.state.settings.most_requests):
        raise _not_yet(now)
    lookout = lookouts.setdefault((request.app, seen), _Lookout(seen))
    try:
        found = await lookout.reached(request, wanted, until - time.monotonic())
    except TimeoutError:
        raise _not_yet(lookout.now or now) from None
    if found is None:  # it could not look: who looks by themselves is told why
        found = await anyio.to_thread.run_sync(_now, request, seen)
    if not _is_there(found, wanted):
        raise _not_yet(found)


def _is_there(now: Cursor, wanted: Cursor) -> bool:
    """Return whether a place was reached.

    Raises
    ------
    EpochError
        If it is of another epoch.
    """
    if now.epoch != wanted.epoch:
        raise EpochError(
            NAME,
            f"be of the epoch {now.epoch}",
            "another",
            "The store was restored from a backup, or is another one: read anew without it.",
        )
    return now.seq >= wanted.seq


def _now(request: Request, seen: _Seen) -> Cursor:
    return store_of(request).cursor() if seen is None else seen(request)


class _Lookout:
    """Looks while anybody waits, once for all of them; of one event loop.

    A place that is far ahead, or will never come, so costs no more than one that comes soon.

    Parameters
    ----------
    seen
        Returns the place that was reached.
    """

    def __init__(self, seen: _Seen) -> None:
        self._seen = seen
        self._waiting: dict[asyncio.Future[Cursor | None], tuple[Request, Cursor]] = {}
        self._task: asyncio.Task[None] | None = None
        self.now: Cursor | None = None

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    async def reached(self, request: Request, wanted: Cursor, left_s: float) -> Cursor | None:
        """Return the place that was reached, once that is the one wanted or of another epoch.

        Returns
        -------
        Cursor or None
            None if it could not be looked any more.

        Raises
        ------
        TimeoutError
            If that takes longer than some seconds.
        """
        found: asyncio.Future[Cursor | None] = asyncio.get_running_loop().create_future()
        self._waiting[found] = request, wanted
        if self._task is None or self._task.done():
            self.now = None
            self._task = asyncio.create_task(self._look())
        try:
            return await asyncio.wait_for(found, left_s)
        finally:
            del self._waiting[found]

    async def _look(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(_EVERY_S)
                if (any_of_them := next(iter(self._waiting.values()), None)) is not None:
                    # Not by the threads of requests: these may all be at work for a while.
                    self.now = await asyncio.to_thread(_now, any_of_them[0], self._seen)
                    self._wake_those_of(self.now)
        except Exception:  # noqa: BLE001, S110 - each who is woken below looks alone, and is told it
            pass
        finally:
            for found in self._waiting:
                if not found.done():
                    found.set_result(None)

    def _wake_those_of(self, now: Cursor) -> None:
        for found, (_, wanted) in self._waiting.items():
            if not found.done() and (wanted.epoch != now.epoch or wanted.seq <= now.seq):
                found.set_result(now)


def _lookouts() -> dict[tuple[object, _Seen], _Lookout]:
    """Return those of this event loop, by the application and by what it looks at."""
    try:
        return _LOOKOUTS.get()
    except LookupError:
        _LOOKOUTS.set({})
        return _LOOKOUTS.get()


def _not_yet(now: Cursor) -> ProblemError:
    return ProblemError(
        Problem(
            type=_NOT_YET,
            title="Not there yet",
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            detail=f"This worker has come to {now}, which is before `min_cursor`. Ask again.",
        ),
        {"Retry-After": _RETRY_AFTER_S},
    )
