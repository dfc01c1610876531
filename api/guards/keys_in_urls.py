"""Keys in URLs, which proxies log and browsers remember: refused, and not repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote

from api.guards.refusals import key_in_url
from api.problems import answer
from geo_match.store.keys import mask_secrets

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_NAMES: Final = frozenset({"key", "api_key", "apikey", "access_token"})


class KeysInUrls:
    """Middleware that refuses a request whose URL holds a key, or a parameter made for one.

    Parameters
    ----------
    app
        The application behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with a problem."""
        if scope["type"] == "http" and (name := _found(scope)) is not None:
            await answer(key_in_url(name))(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _found(scope: Scope) -> str | None:
    """Return the name of the parameter, "key" where a key stands elsewhere; None for neither."""
    query: str = scope["query_string"].decode("latin-1")
    for name, _ in parse_qsl(query, keep_blank_values=True):
        if name.lower() in _NAMES:
            return name
    whole = f"{scope['path']}?{unquote(query)}"
    return "key" if mask_secrets(whole) != whole else None
