"""Messages between two processes, through a pipe: their length, then their bytes."""

from __future__ import annotations

import struct
from typing import Final, Protocol

_LENGTH: Final = struct.Struct(">Q")
_MOST: Final = 1 << 32
"""Bytes that a message may have; a length above it is of something else than a message."""


class Readable(Protocol):
    """What messages are read from."""

    def read(self, size: int, /) -> bytes:
        """Return that many bytes, fewer at the end."""


class Writable(Protocol):
    """What messages are written to."""

    def write(self, message: bytes, /) -> object:
        """Write all of it."""

    def flush(self) -> None:
        """See to it that all is on its way."""


def send(pipe: Writable, message: bytes) -> None:
    """Send a message; wait until it is in the pipe.

    Raises
    ------
    OSError
        If nobody reads there, or nobody for too long where the pipe has a bound.
    """
    pipe.write(_LENGTH.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def receive(pipe: Readable) -> bytes:
    """Return the next message; wait until it is there.

    Raises
    ------
    EOFError
        If there is none: the pipe has ended, or what is in it is no message.
    OSError
        If the pipe cannot be read, or nothing comes for too long where it has a bound.
    """
    head = pipe.read(_LENGTH.size)
    if len(head) == _LENGTH.size:
        (length,) = _LENGTH.unpack(head)
        if length <= _MOST:
            message = pipe.read(length)
            if len(message) == length:
                return message
    raise EOFError
