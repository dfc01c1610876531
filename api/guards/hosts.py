"""The names under which the server answers: a page elsewhere cannot ask it by one of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers

from api.guards.refusals import host_not_allowed
from api.problems import answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send


class HostGuard:
    """Middleware that answers only requests whose `Host` is allowed (DNS rebinding stays out).

    Parameters
    ----------
    app
        The application behind it.
    allowed
        Host names without a port; `*` allows all.
    """

    def __init__(self, app: ASGIApp, allowed: Iterable[str]) -> None:
        self._app = app
        self._allowed = frozenset(name.lower() for name in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with a problem."""
        if scope["type"] == "http" and "*" not in self._allowed:
            host = Headers(scope=scope).get("host", "")
            if _without_port(host) not in self._allowed:
                await answer(host_not_allowed(host))(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _without_port(host: str) -> str:
    """Return the name of a `Host` header, lower case; an IPv6 address keeps its brackets."""
    if host.startswith("["):
        return host[: host.find("]") + 1].lower()
    return host.partition(":")[0].lower()
