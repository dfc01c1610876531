"""The quick way to an answer, for what is asked most: one call in one thread.

FastAPI resolves what a route depends on step by step, some of it in threads of their own. That
takes longer than most answers. A route of `quick_route` first asks its own function, which decides
by the same rules; whatever is not plain it leaves to FastAPI, which tells what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError

from api import min_cursor
from api.access.admission import identify
from api.access.gate import Gate
from api.problems import ProblemError

if TYPE_CHECKING:
    from api.access.caller import Caller
    from api.access.scopes import Scope

_Query = TypeVar("_Query", bound=BaseModel)
_AT_ONCE: Final = 2


def turns() -> CapacityLimiter:
    """Return the turns of an application, for `app.state.quick_turns`.

    What computes has one interpreter to share: more threads than two only hand it to one another,
    and so many of a store's connections are kept open.
    """
    return CapacityLimiter(_AT_ONCE)


def quick_route(answer: Callable[[Request], Response | None]) -> type[APIRoute]:
    """Return the class of a route that is answered by a function, where that can.

    Parameters
    ----------
    answer
        Gives the answer, in a thread; None leaves the request to FastAPI. It must let in nobody
        whom the route's own dependencies would not: `let_in` and `query_of` see to that.
    """

    class QuickRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            thorough = super().get_route_handler()

            async def handle(request: Request) -> Response:
                turns = request.app.state.quick_turns
                found = await to_thread.run_sync(answer, request, limiter=turns)
                return await thorough(request) if found is None else found

            return handle

    return QuickRoute


def let_in(request: Request, scope: Scope) -> Caller | None:
    """Return who asks, if they have the scope; None for whom the route is to refuse.

    Raises
    ------
    StoreError
        If the store cannot be read.
    """
    gate: Gate = request.app.state.gate
    try:
        caller = identify(request, gate)
    except ProblemError:
        return None
    return caller if caller is not None and scope in caller.scopes else None


def query_of(request: Request, model: type[_Query]) -> _Query | None:
    """Return the parameters; None for those that the route is to refuse, or that wait."""
    given = request.query_params.multi_items()
    plain = dict(given)
    if len(plain) != len(given) or min_cursor.NAME in plain:
        return None
    try:
        return model.model_validate(plain)
    except ValidationError:
        return None
