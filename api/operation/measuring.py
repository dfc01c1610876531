"""Measuring: every request is counted, and its answer tells how long the engine took."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from api.operation.metrics import NO_ROUTE
from api.problems import route_of
from api.timing import engine_s_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.operation.metrics import Metrics


class Measuring:
    """Middleware in front of all that counts requests, and adds `Server-Timing`.

    Parameters
    ----------
    app
        The application behind it.
    metrics
        Where they are counted.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with how long the engine took."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        scope.setdefault("state", {})  # shared with what passes a copy of the rest on
        status: int | None = None

        async def send_measured(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                took_s = engine_s_of(scope)
                if took_s is not None:
                    told = f"engine;dur={took_s * 1_000:.2f}".encode("ascii")
                    message = {
                        **message,
                        "headers": [*message["headers"], (b"server-timing", told)],
                    }
            await send(message)

        self._metrics.begin()
        try:
            await self._app(scope, receive, send_measured)
        finally:
            self._metrics.end(
                route_of(scope) or NO_ROUTE,
                scope["method"],
                status,
                time.perf_counter() - begun,
                engine_s_of(scope),
            )
