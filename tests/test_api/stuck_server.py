"""A server with one answer that takes a minute, in a thread that hears of no end."""

from __future__ import annotations

import os
import socket
import threading
import time

from fastapi import FastAPI

from api.server import Server
from api.settings import Settings
from api.shared_place import SharedPlace
from api.terminal import say


def main() -> None:
    app = FastAPI()
    app.state.settings = Settings(stop_s=int(os.environ["STOP_S"]))
    app.state.stopping, app.state.place = threading.Event(), SharedPlace.make()

    @app.get("/")
    def get_late() -> None:
        say("Asked.")
        time.sleep(60)

    listener = socket.create_server(("127.0.0.1", 0))
    text = f"Listening on {listener.getsockname()[1]}."
    Server(app, on_start=lambda: say(text), on_stop=say).run([listener])


if __name__ == "__main__":
    main()
