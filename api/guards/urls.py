"""What no URL may hold: a key, which proxies would log and browsers remember, and a NUL.

No database of PostgreSQL's takes U+0000, and no record has it. As it can come in the path, in any
parameter or in the name of one, it is refused before a route takes it for an id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote

from api.guards.refusals import key_in_url, nul_in_path, nul_in_query
from api.problems import answer
from geo_match.store.keys import mask_secrets

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from api.problems import Problem

_NUL: Final = "\0"
_NAMES: Final = frozenset({"key", "api_key", "apikey", "access_token"})


class SoundUrls:
    """Middleware that refuses a request whose URL holds a key, a parameter made for one, or a NUL.

    Neither is repeated. At a path with a NUL in it there is nothing.

    Parameters
    ----------
    app
        The application behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with a problem."""
        problem = _problem(scope) if scope["type"] == "http" else None
        if problem is not None:
            await answer(problem)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _problem(scope: Scope) -> Problem | None:
    """Return what is wrong with a URL; None for a sound one."""
    query: str = scope["query_string"].decode("latin-1")
    pairs = parse_qsl(query, keep_blank_values=True)
    for name, _ in pairs:
        if name.lower() in _NAMES:
            return key_in_url(name)
    whole = f"{scope['path']}?{unquote(query)}"
    if mask_secrets(whole) != whole:
        return key_in_url("key")
    if _NUL not in whole:
        return None
    if _NUL in scope["path"]:
        return nul_in_path()
    return nul_in_query(next(name for name, value in pairs if _NUL in name + value))
