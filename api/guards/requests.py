"""An id for each request, and one line about it in the logs, which says nothing of anybody."""

from __future__ import annotations

import logging
import re
import time
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from starlette.datastructures import MutableHeaders

from api import request_id
from api.guards.logs import FIELDS, trace
from api.problems import route_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NAME: Final = b"x-request-id"
# A UUID, with hyphens or without (as a W3C trace-id is): in any other text a caller might put
# what is a person's, such as a number of a telephone, and it would stand in the logs.
_UUID: Final = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32}", re.IGNORECASE)
_METHODS: Final = frozenset(
    {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}
)
_LOG: Final = logging.getLogger("api.requests")


class Requests:
    """Middleware that gives each request an id, and logs it once it is answered.

    The id is the client's `X-Request-ID` if that is a UUID, else a new one. The line has the
    template of the route in the place of the path, the public id of the key, and no address.

    What nobody foresaw is logged here with the lines that it passed, without its text, and ends
    here: the server above would write that text.

    Parameters
    ----------
    app
        The application behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer back with the id."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})  # which what stands behind shares, whatever scope it makes
        one = _Request(scope, send)
        token = request_id.CURRENT.set(one.id)
        try:
            await self._app(scope, receive, one.send)
        except Exception as error:  # noqa: BLE001 - the last who can log it without its text
            _LOG.error("%s", trace(error))
        finally:
            one.log()
            request_id.CURRENT.reset(token)


class _Request:
    """A request, until its line is written."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.id = _kept(scope) or str(uuid4())
        self._scope = scope
        self._send = send
        self._began = time.perf_counter()
        self._status: int | None = None
        self._ended: float | None = None
        self._bytes = 0

    async def send(self, message: Message) -> None:
        """Send a message, the first one with the id."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            MutableHeaders(scope=message)["X-Request-ID"] = self.id
        elif message["type"] == "http.response.body":
            self._bytes += len(message.get("body", b""))
            if not message.get("more_body", False):
                self._ended = time.perf_counter()
        await self._send(message)

    def log(self) -> None:
        """Write the line, with no status if nothing was answered.

        That is done at the end alone: the route is known then, whoever looked for it. Of what was
        late it comes late, and tells the time until it was answered.
        """
        if not _LOG.isEnabledFor(logging.INFO):
            return
        ended = time.perf_counter() if self._ended is None else self._ended
        method = self._scope["method"]
        fields = {
            "id": self.id,
            "method": method if method in _METHODS else "other",
            "route": route_of(self._scope),
            "status": self._status,
            "ms": round((ended - self._began) * 1_000, 2),
            "bytes": self._bytes,
            "key": getattr(self._scope["state"].get("caller"), "key", None),
        }
        _LOG.info(
            "%(method)s %(route)s %(status)s %(ms)s ms %(bytes)s B key=%(key)s id=%(id)s",
            fields,
            extra={FIELDS: fields},
        )


def _kept(scope: Scope) -> str | None:
    """Return the id that a request brings, if it can be kept."""
    given = [value for name, value in scope["headers"] if name == _NAME]
    if len(given) != 1 or not _UUID.fullmatch(given[0]):
        return None
    text: str = given[0].decode("ascii")
    return text
