"""Reads that must not miss a write: `min_cursor` waits until this worker shows it, for 2 s at most.

Whoever writes is told the place in the feed from which the write is there. Given with a read, the
answer is of that place or later, whichever worker gives it.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Final

import anyio.to_thread
from fastapi import Depends, Request
from pydantic import BeforeValidator, Field

from api.parameters import broken
from api.problems import Problem, ProblemError
from api.stored import store_of
from geo_match.store import Cursor, CursorError, EpochError

if TYPE_CHECKING:
    from collections.abc import Callable

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
        "not there yet is waited for, 2 s at most.",
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


def caught_up(seen: Callable[[Request], Cursor] | None = None) -> Any:  # noqa: ANN401 - FastAPI's marker of a dependency
    """Return the dependency that lets a request go on once what it names is seen.

    It stands after `requires` among a route's `dependencies`, so that nobody waits who may not ask.

    Parameters
    ----------
    seen
        Returns the place up to which what the route answers from has come, and brings it there
        where that is done by who asks; in a thread. The store itself, if None.
    """

    async def wait(request: Request) -> None:
        """Wait for `min_cursor`, if it is given.

        Raises
        ------
        ProblemError
            If it is not seen in time, or the server has no store.
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


async def _wait(request: Request, wanted: Cursor, seen: Callable[[Request], Cursor] | None) -> None:
    until = time.monotonic() + AT_MOST_S
    while True:
        now = await anyio.to_thread.run_sync(_now, request, seen)
        if now.epoch != wanted.epoch:
            raise EpochError(
                NAME,
                f"be of the epoch {now.epoch}",
                "another",
                "The store was restored from a backup, or is another one: read anew without it.",
            )
        if now.seq >= wanted.seq:
            return
        if time.monotonic() >= until:
            raise _not_yet(now)
        await anyio.sleep(_EVERY_S)


def _now(request: Request, seen: Callable[[Request], Cursor] | None) -> Cursor:
    return store_of(request).cursor() if seen is None else seen(request)


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
