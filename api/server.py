"""The server behind `python -m api`: on a port that is taken already, in plain sentences."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import uvicorn

from api.app import create_app
from api.terminal import say

if TYPE_CHECKING:
    import socket

    from api.jobs.of_file import JobIndex
    from api.jobs.of_store import StoredJobs


class _AnnouncingServer(uvicorn.Server):
    """A server that says where it listens once it does, and that it stopped, whatever did."""

    def __init__(self, config: uvicorn.Config, announcement: str) -> None:
        super().__init__(config)
        self._announcement = announcement

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, then announce it."""
        await super().startup(sockets)
        if self.started:
            say(self._announcement)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what is under way, then say so."""
        await super().shutdown(sockets)
        say("Stopped.")


def _announcement(jobs: JobIndex | StoredJobs, listener: socket.socket, *, needs_key: bool) -> str:
    host, port = listener.getsockname()
    address = f"http://{host}:{port}"
    listening = f"Listening on {address} (stop it with Ctrl-C)."
    place = jobs.example_place()
    if place is None:
        return f"{listening} It has no job to serve yet."
    lon, lat = place
    how, key = "Ask it", ""
    if needs_key:  # which is not on the command line: that is kept, and others see it
        how = "Ask it with a key (`geo-match keys create` makes one)"
        key = ' -H "Authorization: Bearer $KEY"'
    return (
        f"{listening} {how}:\n"
        f"  curl '{address}/v1/jobs?lon={lon:.4f}&lat={lat:.4f}&radius_m=3000&limit=3'{key}"
    )


def serve(listener: socket.socket) -> None:
    """Serve what the environment sets until stopped.

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
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("api").setLevel(logging.INFO)
    app = create_app()
    # Headers that say who sent a request are believed of nobody.
    config = uvicorn.Config(app, log_level="warning", access_log=False, proxy_headers=False)
    needs_key = app.state.gate.keyless() is None
    announcement = _announcement(app.state.jobs, listener, needs_key=needs_key)
    server = _AnnouncingServer(config, announcement)
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:  # raised anew once the server has stopped
        if not server.started:
            raise
