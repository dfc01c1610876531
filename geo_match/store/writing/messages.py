"""Messages between two processes, through a pipe: their length, then their bytes."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import IO

_LENGTH: Final = struct.Struct(">Q")
_MOST: Final = 1 << 32
"""Bytes that a message may have; a length above it is of something else than a message."""


def send(pipe: IO[bytes], message: bytes) -> None:
    """Send a message; wait until it is in the pipe.

    Raises
    ------
    OSError
        If nobody reads there.
    """
    pipe.write(_LENGTH.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes:
    """Return the next message; wait until it is there.

    Raises
    ------
    EOFError
        If there is none: the pipe has ended, or what is in it is no message.
    OSError
        If the pipe cannot be read.
    """
    head = pipe.read(_LENGTH.size)
    if len(head) == _LENGTH.size:
        (length,) = _LENGTH.unpack(head)
        if length <= _MOST:
            message = pipe.read(length)
            if len(message) == length:
                return message
    raise EOFError
