"""`python -m api`: serve on this machine, and say what is happening while it starts."""

from __future__ import annotations

import argparse
import errno
import socket

from api.terminal import say

HOST = "127.0.0.1"
_MAX_PORT = 65_535
_MAX_WORKERS = 64
_INTERRUPTED = 130  # what a shell reports of a program that Ctrl-C ended


def _whole(text: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text[:19]) <= most:
        message = f"must be a whole number from {least} to {most}, got {text!r}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _port(text: str) -> int:
    return _whole(text, 0, _MAX_PORT)


def _workers(text: str) -> int:
    return _whole(text, 1, _MAX_WORKERS)


def _bind(port: int) -> socket.socket:
    """Take the port, before anything slow is done.

    Raises
    ------
    SystemExit
        If it cannot be had.
    """
    # Where the protocol is named asyncio lets answers leave at once (TCP_NODELAY): otherwise the
    # end of each waits 40 ms until the caller has acknowledged its head.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise SystemExit(_denied(port, error)) from None
    return listener


def _denied(port: int, error: OSError) -> str:
    """Return why a port cannot be had, and what to do."""
    reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be had ({error.strerror})"
    return f"geo_match: port {port} of {HOST} {reason}. Choose another one: make serve PORT=8001"


def _serve(listener: socket.socket, workers: int | None) -> None:
    """Serve with this process, or with several."""
    from api.settings import from_environment  # noqa: PLC0415 - slow: first the port, then a word

    settings = from_environment()
    workers = settings.workers if workers is None else workers
    if workers == 1:
        from api.server import serve  # noqa: PLC0415 - the same

        serve(listener)
    else:
        from api.supervisor import supervise  # noqa: PLC0415 - the same

        supervise(listener, workers=workers, stop_s=settings.stop_s)


def main(arguments: list[str] | None = None) -> None:
    """Serve until stopped.

    Parameters
    ----------
    arguments
        Of the command line; None takes the process's own.

    Raises
    ------
    SystemExit
        If an argument, the port or a setting is faulty, or Ctrl-C comes before the server listens.
    """
    parser = argparse.ArgumentParser(prog="python -m api", description=__doc__)
    parser.add_argument("--port", type=_port, default=8000, help="0 takes any free one")
    parser.add_argument(
        "--check-port", action="store_true", help="say whether the port can be had, and end"
    )
    parser.add_argument(
        "--workers",
        type=_workers,
        help="how many processes answer; GEO_MATCH_WORKERS if not given, else 1",
    )
    options = parser.parse_args(arguments)
    with _bind(options.port) as listener:
        if options.check_port:
            return
        try:
            say("Reading the jobs …")
            _serve(listener, options.workers)
        except OSError as error:
            # Two that start at once are both given the port; who comes second to listen is refused.
            if error.errno != errno.EADDRINUSE:
                raise
            raise SystemExit(_denied(options.port, error)) from None
        except KeyboardInterrupt:
            say("Stopped before it listened.")
            raise SystemExit(_INTERRUPTED) from None


if __name__ == "__main__":
    main()
