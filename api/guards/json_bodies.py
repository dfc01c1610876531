"""Bodies of JSON: what one parser reads so, and another otherwise, is refused before any does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import anyio.to_thread
from starlette.datastructures import Headers
from starlette.requests import Request

from api.guards.allowances import is_import
from api.guards.refusals import body_not_taken, body_refused, media_type_refused
from api.guards.strict_json import faults_of
from api.problems import answer, methods_of

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_WITHOUT_BODY: Final = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})
_JSON: Final = re.compile(r"application/([a-z0-9!#$&^_.-]+\+)?json")
_UTF_8: Final = frozenset({"utf-8", "utf8"})
_IN_THREAD_BYTES: Final = 65_536  # a longer body takes milliseconds, in which others are answered


class JsonBodies:
    """Middleware that passes a body on if it is JSON that can be read in one way alone.

    A request of a method that takes no body is refused if it has one: to ignore it would be to
    answer another question. The bodies of imports are left to their routes.

    Parameters
    ----------
    app
        The application behind it; before it stands what gives a body whole.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with a problem."""
        if scope["type"] != "http" or is_import(scope):
            await self._app(scope, receive, send)
            return
        first = await receive()
        body: bytes = first.get("body", b"")
        refusal = await _refusal(scope, body) if body else None
        if refusal is not None and _is_taken(scope):
            await refusal(scope, receive, send)
        else:
            await self._app(scope, _again(first, receive), send)


async def _refusal(scope: Scope, body: bytes) -> Response | None:
    """Return the answer to a request whose body is not taken; None for a sound one."""
    if scope["method"] in _WITHOUT_BODY:
        return answer(body_not_taken(scope["method"]))
    if not _is_json(Headers(scope=scope)):
        return answer(
            media_type_refused(), {"Accept": "application/json", "Accept-Encoding": "identity"}
        )
    if len(body) > _IN_THREAD_BYTES:
        faults = await anyio.to_thread.run_sync(faults_of, body)
    else:
        faults = faults_of(body)
    return answer(body_refused(faults)) if faults else None


def _is_taken(scope: Scope) -> bool:
    """Return whether a route takes the method; that none does counts before what is in a body."""
    return scope["method"] in methods_of(Request(scope)).split(", ")


def _is_json(headers: Headers) -> bool:
    """Return whether a body is said to be JSON in UTF-8, as it is."""
    said = headers.getlist("content-type")
    if len(said) != 1 or headers.get("content-encoding", "identity").lower() != "identity":
        return False
    kind, *parameters = (part.strip().lower() for part in said[0].split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in _UTF_8:
            return False
    return _JSON.fullmatch(kind) is not None


def _again(first: Message, receive: Receive) -> Receive:
    """Return what gives a message that was received, and after it what comes then."""
    left = [first]

    async def next_message() -> Message:
        return left.pop() if left else await receive()

    return next_message
