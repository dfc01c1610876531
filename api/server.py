"""The server behind `python -m api`: on a port that is taken already, in plain sentences."""

from __future__ import annotations

import gc
import os
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import uvicorn

from api.app import create_app
from api.guards import logs
from api.guards.connections import patient
from api.settings import PREFIX
from api.terminal import say

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from types import FrameType

    from fastapi import FastAPI

    from api.jobs.of_file import JobIndex
    from api.jobs.of_store import StoredJobs

_KEEP_ALIVE_S: Final = 5  # in which a client may ask again on its connection
_QUEUE: Final = 2_048
_SWITCH_S: Final = 0.001  # after which a thread that computes lets one that answers go on
_LEEWAY_S: Final = 1.0  # in which what was cut off is cleared away
_CUT_OFF: Final = "Stopped; what was not done is cut off."
_KILLED: Final = 128  # and the signal's number: what a shell reports of a program that one ended


class Server(uvicorn.Server):
    """A server that says when it listens and when it stopped, and that stops within a bound.

    The first signal lets what is under way end, for `stop_s` seconds at most; those who wait for
    something see it in `app.state.stopping`. The second ends the process at once.

    Parameters
    ----------
    app
        What it serves, with the settings in `app.state`.
    on_start, on_stop
        Called once it listens, and once it has stopped, with how it did.
    """

    def __init__(
        self, app: FastAPI, *, on_start: Callable[[], None], on_stop: Callable[[str], None]
    ) -> None:
        self._stop_s = app.state.settings.stop_s
        # Headers that say who sent a request are believed of nobody.
        config = uvicorn.Config(
            app,
            http=patient(
                patience_s=app.state.settings.patience_s,
                most_connections=app.state.settings.most_connections,
            ),
            timeout_keep_alive=min(_KEEP_ALIVE_S, app.state.settings.patience_s),
            ws="none",
            log_config=None,  # what it logs is written like all else
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            timeout_graceful_shutdown=self._stop_s,
            # So many asyncio takes at once, which of those that come together leaves the other
            # workers none: 64 connections went to one of two workers, and now 37 and 27.
            backlog=1 if app.state.place.is_shared else _QUEUE,
        )
        super().__init__(config)
        self._app = app
        self._on_start, self._on_stop = on_start, on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, then say so."""
        await super().startup(sockets)
        # What was read at the start lives as long as this: to look through it again and again for
        # what can be forgotten would hold all answers up.
        gc.collect()
        gc.freeze()
        sys.setswitchinterval(_SWITCH_S)
        for one in sockets or ():
            one.listen(_QUEUE)  # so many wait, however many are taken at once
        if self.started:
            self._on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what is under way, then say so."""
        under_way = set(self.server_state.tasks)
        await super().shutdown(sockets)
        if any(task.cancelling() for task in under_way):  # none are but by the end of the bound
            self._end(_CUT_OFF, 1)
        self._on_stop("Stopped.")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop by the first signal, end by the second."""
        if self.should_exit:
            self._end("Stopped at once.", _KILLED + sig)
        super().handle_exit(sig, frame)
        self._app.state.stopping.set()
        # A thread that computes hears of no end: without this it would be waited for.
        late = threading.Timer(self._stop_s + _LEEWAY_S, self._end, (_CUT_OFF, 1))
        late.daemon = True
        late.start()

    def _end(self, text: str, status: int) -> None:
        """End this process, whatever it does; a store outlives that."""
        self._app.state.place.close()
        with suppress(RuntimeError):  # the signal came while something was being said
            self._on_stop(text)
        os._exit(status)


def announcement(app: FastAPI, listener: socket.socket) -> str:
    """Return where a server listens, and how to ask it."""
    jobs: JobIndex | StoredJobs = app.state.jobs
    host, port = listener.getsockname()
    address = f"http://{host}:{port}"
    listening = f"Listening on {address} (stop it with Ctrl-C)."
    place = jobs.example_place()
    if place is None:
        return f"{listening} It has no job to serve yet."
    lon, lat = place
    how, key = "ask it", ""
    if app.state.gate.keyless() is None:  # the key is not on the command line: others see that
        how = "ask it with a key (`geo-match keys create` makes one)"
        key = ' -H "Authorization: Bearer $KEY"'
    return (
        f"{listening} Open it in a browser, or {how}:\n"
        f"  curl '{address}/v1/jobs?lon={lon:.4f}&lat={lat:.4f}&radius_m=3000&limit=3'{key}"
    )


def log_to_terminal() -> None:
    """Let a person, or a program, read what the API logs."""
    # Another word ends the start, once the settings are read.
    logs.set_up("json" if os.environ.get(f"{PREFIX}LOG") == "json" else "text")


def serve(listener: socket.socket) -> None:
    """Serve what the environment sets until stopped, with this process alone.

    Parameters
    ----------
    listener
        Bound to the port already; the server closes it.

    Raises
    ------
    SystemExit
        If a setting is faulty, or the store or the file of sites cannot be used.
    KeyboardInterrupt
        If Ctrl-C comes before the server listens.
    """
    log_to_terminal()
    app = create_app()
    text = announcement(app, listener)
    server = Server(app, on_start=lambda: say(text), on_stop=say)
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:  # raised anew once the server has stopped
        if not server.started:
            raise
