"""`python -m api`: serve on this machine, and say what is happening while it starts."""

from __future__ import annotations

import argparse
import contextlib
import errno
import logging
import socket
import sys
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from api.jobs import JobIndex

HOST = "127.0.0.1"
_MAX_PORT = 65_535


class _AnnouncingServer(uvicorn.Server):
    """A server that says where it listens once it does, and that it stopped, whatever did."""

    def __init__(self, config: uvicorn.Config, announcement: str) -> None:
        super().__init__(config)
        self._announcement = announcement

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen, then announce it."""
        await super().startup(sockets)
        if self.started:
            _say(self._announcement)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish what is under way, then say so."""
        await super().shutdown(sockets)
        _say("Stopped.")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > _MAX_PORT:
        message = f"must be a whole number from 0 to {_MAX_PORT}, got {text!r}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _bind(port: int) -> socket.socket:
    """Take the port, before anything slow is done.

    Raises
    ------
    SystemExit
        If it cannot be had.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        remedy = "Choose another one: make serve PORT=8001"
        reason = (
            "is in use" if error.errno == errno.EADDRINUSE else f"cannot be had ({error.strerror})"
        )
        message = f"geo_match: port {port} of {HOST} {reason}. {remedy}"
        raise SystemExit(message) from None
    return listener


def _announcement(jobs: JobIndex, port: int) -> str:
    address = f"http://{HOST}:{port}"
    place = jobs.example_place()
    if place is None:
        return f"Listening on {address} (the file has no usable row). Stop it with Ctrl-C."
    lon, lat = place
    return (
        f"Listening on {address} (stop it with Ctrl-C). Ask it:\n"
        f"  curl '{address}/v1/jobs?lon={lon:.4f}&lat={lat:.4f}&radius_m=3000&limit=3'"
    )


def main(arguments: list[str] | None = None) -> None:
    """Serve until stopped.

    Parameters
    ----------
    arguments
        Of the command line; None takes the process's own.
    """
    parser = argparse.ArgumentParser(prog="python -m api", description=__doc__)
    parser.add_argument("--port", type=_port, default=8000, help="0 takes any free one")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    listener = _bind(options.port)
    _say("Reading the sites …")
    from api.app import create_app  # noqa: PLC0415 - slow to import: first the port, then a word

    app = create_app()
    jobs: JobIndex = app.state.jobs
    read = jobs.file
    _say(
        f"{read.file}: {read.rows_read:,} rows read, {read.rows_accepted:,} accepted, "
        f"{read.rows_rejected:,} rejected."
    )
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    server = _AnnouncingServer(config, _announcement(jobs, listener.getsockname()[1]))
    with contextlib.suppress(KeyboardInterrupt):  # raised anew once the server has stopped
        server.run(sockets=[listener])


if __name__ == "__main__":
    main()
