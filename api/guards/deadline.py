"""A bound on how long a request may take to be answered."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from api.guards.allowances import allowance_of
from api.guards.refusals import took_too_long
from api.problems import answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Deadline:
    """Middleware that answers in the place of what has not begun to answer in time.

    What is late is not broken off: in a thread it cannot be, and it may be about to write. It goes
    on to its end, as one of the requests that a worker answers at a time, and what it would say is
    dropped. An answer that has begun in time is not bounded here.

    Parameters
    ----------
    app
        The application behind it.
    most_s
        How long a request may take, seconds; what `api.guards.allowances` adds comes on top.
    """

    def __init__(self, app: ASGIApp, most_s: float) -> None:
        self._app = app
        self._most_s = most_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and answer it with a problem once it is late."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most_s = self._most_s + allowance_of(scope).more_s
        late = _Late(scope, receive, send, most_s)
        timer = asyncio.get_running_loop().call_later(most_s, late.answer)

        async def send_in_time(message: Message) -> None:
            timer.cancel()
            if late.answered is None:
                await send(message)

        try:
            await self._app(scope, receive, send_in_time)
        finally:
            timer.cancel()
            if late.answered is not None:
                await late.answered


class _Late:
    """The answer to a request that is late."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, most_s: float) -> None:
        self._asked = scope, receive, send
        self._most_s = most_s
        self.answered: asyncio.Task[None] | None = None

    def answer(self) -> None:
        """Begin to answer."""
        refusal = answer(took_too_long(self._most_s), {"Retry-After": "1"})
        self.answered = asyncio.get_running_loop().create_task(_send(refusal, *self._asked))


async def _send(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)
