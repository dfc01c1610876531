"""Forwarded headers, which anybody can write: refused unless a proxy is known to send them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.guards.refusals import forwarded_refused
from api.problems import answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_EXACT: Final = b"forwarded"
_PREFIX: Final = b"x-forwarded-"


class ForwardedGuard:
    """Middleware that refuses requests with `Forwarded` or `X-Forwarded-…`.

    Who sends them without a proxy tries to be somebody else.

    Parameters
    ----------
    app
        The application behind it.
    are_expected
        Whether a proxy stands before the server; then they pass, and tell `api.guards.limits` whom
        to count, and nothing else.
    """

    def __init__(self, app: ASGIApp, *, are_expected: bool) -> None:
        self._app = app
        self._are_expected = are_expected

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with a problem."""
        if scope["type"] == "http" and not self._are_expected:
            for name, _ in scope["headers"]:  # in lower case, as ASGI has them
                if name == _EXACT or name.startswith(_PREFIX):
                    problem = forwarded_refused(name.decode("latin-1"))
                    await answer(problem)(scope, receive, send)
                    return
        await self._app(scope, receive, send)
