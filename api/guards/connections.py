"""Connections whose client dawdles: cut, where the server's own protocol would wait without end.

uvicorn bounds how long a connection is idle between two requests. It does not bound how long a
client takes for the header of a request, for the rest of a body that was refused unread, or to read
what it is answered; nor does it answer a request that is none by a problem.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.guards.refusals import header_too_slow, not_http, server_crowded
from api.problems import answer

if TYPE_CHECKING:
    from api.problems import Problem

_LEAST_READ_BYTES: Final = 16 * 1_024  # of an answer, within the patience
_DROP: Final = struct.pack("ii", 1, 0)  # on, and for no time
_LINGER_S: Final = 1.0  # in which who was refused may read that, before the rest is cut off


class _Connection(H11Protocol):
    """A connection that is cut once its client is waited for longer than the patience."""

    patience_s: float
    most_connections: int
    _header_timer: asyncio.TimerHandle | None = None
    _reader_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        """Wait for a header; refuse who comes while there are too many."""
        super().connection_made(transport)
        if len(self.connections) > self.most_connections:
            self._refuse(server_crowded(), {"Retry-After": "1"})
            return
        self._watch_header()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        for timer in (self._header_timer, self._reader_timer):
            if timer is not None:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, and see whether more of a header is to come."""
        super().data_received(data)
        self._watch_header()

    def pause_writing(self) -> None:
        """Wait for the client to read, but not for long."""
        super().pause_writing()
        self._watch_reader()

    def resume_writing(self) -> None:
        """Wait no more: the client reads."""
        super().resume_writing()
        if self._reader_timer is not None:
            self._reader_timer.cancel()
            self._reader_timer = None

    def on_response_complete(self) -> None:
        """Wait until the answer is read, and the rest of a body that nobody wanted has come."""
        super().on_response_complete()
        if self.transport.get_write_buffer_size() > 0:
            self._watch_reader()
        if self.conn.their_state is h11.SEND_BODY and not self.transport.is_closing():
            self.loop.call_later(_LINGER_S, self._end_rest, self.cycle)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's, of one text alone
        """Answer what is no request by a problem."""
        self._refuse(not_http())

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing in the logs: the request is answered like any other."""

    def _watch_header(self) -> None:
        """Begin to wait for the rest of a header, or end that."""
        is_awaited = self.conn.their_state is h11.IDLE and not self.transport.is_closing()
        if is_awaited and self._header_timer is None:
            self._header_timer = self.loop.call_later(self.patience_s, self._end_header)
        elif not is_awaited and self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None

    def _end_header(self) -> None:
        """Cut a connection whose header did not come; who sent a part of it is told why."""
        begun, _ = self.conn.trailing_data
        if begun:
            self._refuse(header_too_slow(self.patience_s))
        else:
            self.transport.close()

    def _end_rest(self, cycle: object) -> None:
        """Cut a connection on which the rest of a body still comes that was refused."""
        if self.cycle is cycle and self.conn.their_state is h11.SEND_BODY:
            self.transport.close()

    def _watch_reader(self) -> None:
        if self._reader_timer is not None:
            self._reader_timer.cancel()
        self._reader_timer = self.loop.call_later(
            self.patience_s, self._end_reader, self.transport.get_write_buffer_size()
        )

    def _end_reader(self, was_left: int) -> None:
        """Cut a connection of which little was read in that time; else wait on."""
        left = self.transport.get_write_buffer_size()
        if left > max(was_left - _LEAST_READ_BYTES, 0):
            # The system would keep what it holds for the client, and try for many minutes.
            one = self.transport.get_extra_info("socket")
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _DROP)
            self.transport.abort()
        elif left:
            self._watch_reader()

    def _refuse(self, problem: Problem, headers: dict[str, str] | None = None) -> None:
        """Answer by a problem, outside of any request, and end the connection."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            refused = answer(problem, {**(headers or {}), "Connection": "close"})
            head = h11.Response(
                status_code=refused.status_code,
                headers=[*self.server_state.default_headers, *refused.raw_headers],
                reason=HTTPStatus(refused.status_code).phrase.encode("ascii"),
            )
            parts = (head, h11.Data(data=bytes(refused.body)), h11.EndOfMessage())
            for part in parts:
                self.transport.write(self.conn.send(part) or b"")
        self.transport.close()


def patient(*, patience_s: float, most_connections: int) -> type[H11Protocol]:
    """Return the protocol of connections that are cut, for uvicorn's `http`.

    Parameters
    ----------
    patience_s
        Seconds that a client is waited for.
    most_connections
        How many a process keeps open; who comes then is refused.
    """
    bounds = {"patience_s": patience_s, "most_connections": most_connections}
    return type("Connection", (_Connection,), bounds)
