"""The quick way to an answer, for what is asked most: one call, in a thread or in none.

FastAPI resolves what a route depends on step by step, some of it in threads of their own. That
takes longer than most answers. A route of `quick_route` first asks its own function, which decides
by the same rules; whatever is not plain it leaves to FastAPI, which tells what is wrong.

Where an answer takes less than to hand it to a thread and back, and waits for nobody, it is given
between two others by the thread that speaks with all: `AtHand`. If all that it lacks is what was
written since, one thread takes that in for all who wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError

from api import min_cursor
from api.access.admission import identify
from api.access.credentials import KEY, SESSION
from api.access.gate import Gate
from api.problems import ProblemError
from geo_match.errors import GeoMatchError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Receive, Send
    from starlette.types import Scope as ASGIScope

    from api.access.caller import Caller
    from api.access.scopes import Scope


class Behind(Enum):
    """Said in place of an answer that will be at hand once what was written is taken in."""

    BEHIND = auto()


BEHIND: Final = Behind.BEHIND
_Query = TypeVar("_Query", bound=BaseModel)
_AT_ONCE: Final = 2
_STEPS: Final = 3
"""So often an answer is asked for; more is written all the time."""
_PATIENCE_S: Final = 1.0
"""So long it is waited for at most: then as one of those that are counted, and have a deadline."""
_OF_A_BODY: Final = frozenset({b"content-length", b"transfer-encoding"})


_READS: Final[RunVar[CapacityLimiter]] = RunVar("geo_match_reads")
_WRITES: Final[RunVar[CapacityLimiter]] = RunVar("geo_match_writes")


def _turns(of: RunVar[CapacityLimiter]) -> CapacityLimiter:
    """Return the turns of an event loop: those of another would not wake who waits here.

    What computes has one interpreter to share: more threads than two only hand it to one another,
    and so many of a store's connections are kept open.
    """
    try:
        return of.get()
    except LookupError:
        of.set(CapacityLimiter(_AT_ONCE))
        return of.get()


Answer = Callable[[Request], Response | None]
AtHandAnswer = Callable[[Request], Response | Behind | None]


def quick_route(answer: Answer) -> type[APIRoute]:
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
                found = await to_thread.run_sync(answer, request, limiter=_turns(_READS))
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


def quick_write_route(answer: Callable[[Request, bytes], Response | None]) -> type[APIRoute]:
    """Return the class of a route that writes what a body says, as `quick_route` does.

    Writers have turns of their own: they wait for one another, and nobody is to wait with them.

    Parameters
    ----------
    answer
        Is given the body, too.
    """

    class QuickWriteRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            thorough = super().get_route_handler()

            async def handle(request: Request) -> Response:
                body = await request.body()
                turns = _turns(_WRITES)
                found = await to_thread.run_sync(answer, request, body, limiter=turns)
                return await thorough(request) if found is None else found

            return handle

    return QuickWriteRoute


class AtHand:
    """Middleware that answers at once what can be, and passes everything else on.

    It stands behind what looks at a request's head, and before what reads its body, of which there
    is none here.

    Parameters
    ----------
    app
        The application behind it.
    answers
        By the template of a path what answers GET there; None leaves it to the application.
    """

    def __init__(self, app: ASGIApp, answers: Mapping[str, AtHandAnswer]) -> None:
        self._app = app
        self._answers = {name: (_Place(name), answer) for name, answer in answers.items()}
        self._step: asyncio.Future[object] | None = None

    async def __call__(self, scope: ASGIScope, receive: Receive, send: Send) -> None:
        """Answer the request, or pass it on."""
        if scope["type"] == "http" and scope["method"] == "GET" and not _announces_body(scope):
            path = scope["path"]
            head, _, id_ = path.rpartition("/")
            known = self._answers.get(path) or self._answers.get(f"{head}/{{id}}")
            if known is not None:
                place, answer = known
                asked = {**scope, "path_params": {"id": id_}}
                scope["route"] = place  # who counts and logs wants to know, whatever comes
                found = await self._found(Request(asked, receive), answer)
                if found is not None:
                    await found(scope, receive, send)
                    return
        await self._app(scope, receive, send)

    async def _found(self, request: Request, answer: AtHandAnswer) -> Response | None:
        """Return the answer; None where it is to be given, or refused, by who is thorough."""
        try:
            for _ in range(_STEPS):
                found = answer(request)
                if found is not BEHIND:
                    return found
                if not await self._next_step(request):
                    return None
        except (GeoMatchError, ProblemError):
            pass  # it is said by who is thorough
        return None

    async def _next_step(self, request: Request) -> bool:
        """Wait until one thread took in, for all who wait, what was written; return if it did."""
        step = self._step
        if step is None or step.done():
            # Not by the threads of requests: these may all be at work for a while.
            catch_up = request.app.state.jobs.catch_up
            step = self._step = asyncio.ensure_future(asyncio.to_thread(catch_up))
            step.add_done_callback(_hear)
        done, _ = await asyncio.wait({step}, timeout=_PATIENCE_S)  # which cancels it for nobody
        if done:
            step.result()
        return bool(done)


def _hear(step: asyncio.Future[object]) -> None:
    """Take note of a failure, also where all who waited have gone."""
    if not step.cancelled():
        step.exception()


class _Place(NamedTuple):
    """Where a route is."""

    path: str


def _announces_body(scope: ASGIScope) -> bool:
    return any(name in _OF_A_BODY for name, _ in scope["headers"])


def is_let_in_at_hand(request: Request, scope: Scope, pulse: int | None) -> bool:
    """Return whether who asks is known to have a scope, or is found at one look.

    A session is left to `let_in`: more is to be checked of it.

    Parameters
    ----------
    pulse
        Of the store, as of now.
    """
    gate: Gate = request.app.state.gate
    key, session = KEY.given(request), SESSION.given(request)
    if session is not None and key is None:
        return False
    caller = gate.at_hand(key, session, pulse)
    if caller is None or scope not in caller.scopes:
        return False
    request.state.caller = caller
    return True


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
