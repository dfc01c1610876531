"""Bodies that are longer than any resource needs: refused before they fill the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers

from api.problems import answer, body_too_long

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES: Final = 64 * 1_024
"""How long a body may be: what is sent here is a key, or a record."""


class ShortBodies:
    """Middleware that reads the body, and passes the request on if that is short enough.

    What `Content-Length` announces is refused unread. The bytes that come are counted all the same:
    it may be missing, or not be true.

    Parameters
    ----------
    app
        The application behind it.
    most_bytes
        How long a body may be.
    """

    def __init__(self, app: ASGIApp, most_bytes: int = MOST_BYTES) -> None:
        self._app = app
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with a problem; not who has gone meanwhile."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = bytearray()
        is_long = _announced(scope) > self._most
        is_whole = False
        while not is_long and not is_whole:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            is_long = len(body) > self._most
            is_whole = not message.get("more_body", False)
        if is_long:
            # The rest is not read, so that nothing else can come on this connection.
            refused = answer(body_too_long(self._most), {"Connection": "close"})
            await refused(scope, receive, send)
            return
        await self._app(scope, _once(bytes(body), receive), send)


def _announced(scope: Scope) -> int:
    """Return how long the body is said to be, bytes; 0 where that is no number."""
    said = Headers(scope=scope).get("content-length", "")
    if not said.isascii() or not said.isdigit():
        return 0
    return int(said[:20])  # more digits are too many of any unit


def _once(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read, and after it what comes then."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Message:
        return left.pop() if left else await receive()

    return next_message
