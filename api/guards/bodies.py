"""Bodies that are longer than their resource needs, or slower than anybody sends: cut off."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders

from api.guards.addresses import address_of
from api.guards.allowances import COMMON, allowance_of, is_import
from api.guards.refusals import (
    body_announced_twice,
    body_too_long,
    body_too_slow,
    too_many_bodies,
    too_many_lists,
)
from api.problems import ProblemError, answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Message, Receive, Scope, Send


MOST_BYTES: Final = COMMON.most_bytes
"""How long a body may be where nothing else is said."""
LEAST_BYTES_PER_S: Final = 16 * 1_024
"""How fast a body must come at least, once the patience for its beginning is used up."""
MOST_AT_ONCE: Final = 64
"""How many bodies may come from one address at a time, to each worker."""
MOST_LISTS_AT_ONCE: Final = 16
"""How many bodies of imports may come at a time to each worker, from all addresses together: each
has a turn of those that the worker answers at a time, and there are far more of these."""
_LISTS: Final = "lists"
"""Among the senders, which are addresses, all those of imports."""
_ANNOUNCING: Final = frozenset({b"content-length", b"transfer-encoding"})
_LAST: Final = {"Connection": "close"}
"""What is said where the rest of a body is not read: nothing else can come on its connection."""


class ShortBodies:
    """Middleware that reads the body, and passes the request on if that is short and came in time.

    What `Content-Length` announces is refused unread. The bytes that come are counted all the same:
    it may be missing, or not be true. The body of an import is no more than counted, while its
    route reads it: one that is too long or too slow raises there what answers the problem.

    Time is that which is spent waiting for the client. In all it may be the patience, and a second
    for each `LEAST_BYTES_PER_S` that came. While a body comes its request is not yet one of those
    that a worker answers at a time, so that of bodies no more may come at once than `MOST_AT_ONCE`
    from an address. That of an import is one of them already: so of these no more may come at once
    than `MOST_LISTS_AT_ONCE`. Whose body is here counts no more as one who sends; of lists the
    route counts on until they are taken in (`api.records.importers`).

    Parameters
    ----------
    app
        The application behind it.
    import_most_bytes
        How long the body of an import may be.
    patience_s
        Seconds.
    is_forwarded
        Whether a proxy stands before the server, which tells the address.
    """

    def __init__(
        self, app: ASGIApp, *, import_most_bytes: int, patience_s: float, is_forwarded: bool
    ) -> None:
        self._app = app
        self._import_most = import_most_bytes
        self._patience_s = patience_s
        self._is_forwarded = is_forwarded
        self._senders: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with a problem; not who has gone meanwhile."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announcing = {name for name, _ in scope["headers"]} & _ANNOUNCING
        if announcing == _ANNOUNCING:
            await answer(body_announced_twice(), _LAST)(scope, receive, send)
            return
        streams = is_import(scope)
        most = self._import_most if streams else allowance_of(scope).most_bytes
        is_announced = bool(announcing)
        body = _Body(
            receive, most_bytes=most, patience_s=self._patience_s, is_announced=is_announced
        )
        if announced_bytes(scope) > most:
            await answer(body_too_long(most), _LAST)(scope, receive, send)
            return
        with ExitStack() as coming:
            try:
                if is_announced:
                    coming.enter_context(self._sending(scope, is_list=streams))
                whole = None if streams else await body.whole()
            except ProblemError as error:
                await answer(error.problem, error.headers)(scope, receive, send)
                return
            if streams:
                await self._app(scope, _until_here(body, coming), _ending_with(body, send))
        if whole is not None:
            await self._app(scope, _once(whole, receive), send)

    @contextmanager
    def _sending(self, scope: Scope, *, is_list: bool) -> Iterator[None]:
        """Count a body while it comes.

        Raises
        ------
        ProblemError
            If too many come from its address, or too many lists.
        """
        if is_list:
            sender, most, refusal = _LISTS, MOST_LISTS_AT_ONCE, too_many_lists
        else:
            sender = address_of(scope, is_forwarded=self._is_forwarded)
            most, refusal = MOST_AT_ONCE, too_many_bodies
        if self._senders[sender] >= most:
            raise ProblemError(refusal(most), {"Retry-After": "1", **_LAST})
        self._senders[sender] += 1
        try:
            yield
        finally:
            self._senders[sender] -= 1
            if not self._senders[sender]:
                del self._senders[sender]


class _Body:
    """The body of a request, as it comes.

    Parameters
    ----------
    receive
        Gives its parts.
    most_bytes, patience_s
        What it may have.
    is_announced
        Whether the header says that there is one.
    """

    def __init__(
        self, receive: Receive, *, most_bytes: int, patience_s: float, is_announced: bool
    ) -> None:
        self._receive = receive
        self._most = most_bytes
        self._patience_s = patience_s
        self._waited_s = 0.0
        self._bytes = 0
        self._is_announced = is_announced
        self.is_whole = False

    async def next_part(self) -> Message:
        """Return the next message.

        Raises
        ------
        ProblemError
            If the body is too long or too slow.
        """
        if self.is_whole:  # what comes is no part of it, and may come late
            return await self._receive()
        if self._is_announced:
            message = await self._in_time()
        else:  # in HTTP/1.1 there is none, which is known at once: the usual case need not be timed
            message = await self._receive()
            self._is_announced = True
        self._bytes += len(message.get("body", b""))
        if self._bytes > self._most:
            raise ProblemError(body_too_long(self._most), _LAST)
        self.is_whole = not message.get("more_body", False)
        return message

    async def _in_time(self) -> Message:
        """Return the next message, if it does not let itself be waited for."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        left = self._patience_s + self._bytes / LEAST_BYTES_PER_S - self._waited_s
        try:
            async with asyncio.timeout(left):
                message = await self._receive()
        except TimeoutError:
            raise ProblemError(body_too_slow(LEAST_BYTES_PER_S), _LAST) from None
        self._waited_s += loop.time() - began
        return message

    async def whole(self) -> bytes | None:
        """Return all of it; None of who has gone meanwhile.

        Raises
        ------
        ProblemError
            As `next_part` does.
        """
        body = bytearray()
        while not self.is_whole:
            message = await self.next_part()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
        return bytes(body)


def announced_bytes(scope: Scope) -> int:
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


def _until_here(body: _Body, coming: ExitStack) -> Receive:
    """Return what gives the parts of a body, which is not counted any more once it is here."""

    async def next_part() -> Message:
        message = await body.next_part()
        if body.is_whole:
            coming.close()
        return message

    return next_part


def _ending_with(body: _Body, send: Send) -> Send:
    """Return what sends an answer, and ends the connection if the body was not read to its end."""

    async def send_on(message: Message) -> None:
        if message["type"] == "http.response.start" and not body.is_whole:
            MutableHeaders(scope=message).update(_LAST)
        await send(message)

    return send_on
