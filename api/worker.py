"""One of several workers: `api.supervisor` starts it, over a socket that all of them share."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from api.app import create_app
from api.server import Server, announcement, log_to_terminal
from api.terminal import say

if TYPE_CHECKING:
    from fastapi import FastAPI

READY: Final = b"R"
"""What a worker sends to its supervisor once it answers."""
PORT_IN_USE: Final = 98
"""The status of a worker that may not listen, since somebody else does."""


def main(arguments: list[str]) -> None:
    """Answer until stopped, or until the supervisor is gone.

    Parameters
    ----------
    arguments
        The number of the listening socket, that of the line to the supervisor, and "aloud" for who
        says what was read and where to ask.

    Raises
    ------
    SystemExit
        If a setting is faulty, the store or the file cannot be used, or the port is in use.
    """
    listening, calling, how = arguments
    is_aloud = how == "aloud"
    with (
        socket.socket(fileno=int(listening)) as listener,
        socket.socket(fileno=int(calling)) as line,
    ):
        orphaned = threading.Event()
        threading.Thread(target=_watch, args=(line, orphaned), daemon=True).start()
        log_to_terminal()
        if not is_aloud:  # what was read is told once
            logging.getLogger("api.jobs.opening").setLevel(logging.ERROR)
        app = create_app()
        text = announcement(app, listener) if is_aloud else None
        _serve(app, listener, line, text, orphaned)


def _serve(
    app: FastAPI,
    listener: socket.socket,
    line: socket.socket,
    text: str | None,
    orphaned: threading.Event,
) -> None:
    def start() -> None:
        if text is not None:
            say(text)
        with suppress(ConnectionError):  # nobody hears it any more: `_watch` ends this
            line.sendall(READY)

    def stop(_: str) -> None:
        if orphaned.is_set():  # then nobody else clears it away
            app.state.place.remove()

    try:
        Server(app, on_start=start, on_stop=stop).run(sockets=[listener])
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise SystemExit(PORT_IN_USE) from None


def _watch(line: socket.socket, orphaned: threading.Event) -> None:
    """Stop this process once the supervisor's end of the line is closed, however it ended."""
    try:
        line.recv(1)
    except ConnectionError:
        pass  # it ended before it read what was said to it
    except OSError:
        return  # this end is closed: the worker ends anyway
    orphaned.set()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(sys.argv[1:])
