"""A bound on how many requests a worker answers at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.guards.refusals import server_crowded
from api.problems import answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


_SHARE: Final = 4


def most_waiting(most: int) -> int:
    """Return how many of the requests under way may wait for something to happen, of each sort.

    They cost next to nothing, and yet have a turn each, which is another's no more.

    Parameters
    ----------
    most
        How many may be under way.
    """
    return max(1, most // _SHARE)


class Crowd:
    """Middleware that refuses a request that comes while too many are under way.

    Those count whose answer is not over, and those that were late, until they end. It stands
    behind what reads bodies: who sends one slowly takes nobody's turn. Of imports alone the body
    comes while they count, so that what stands before it lets few of these come at a time.

    Parameters
    ----------
    app
        The application behind it.
    most
        How many may be under way.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._under_way >= self._most:
            refused = answer(server_crowded(), {"Retry-After": "1", "Connection": "close"})
            await refused(scope, receive, send)
            return
        self._under_way += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= 1
