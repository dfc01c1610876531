"""Workers and servers that are killed under load: what was acknowledged is in the store."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from test_api.running import PATIENCE_S, free_port, lines_until, read_on, started

from geo_match.store import Store

CLIENTS = 3
ENOUGH = 40


class Writer(threading.Thread):
    """Writes records of its own, one version after another, and notes what was acknowledged."""

    def __init__(self, number, port, key):
        super().__init__(daemon=True)
        self.name_of = f"E-{number}"
        self.known = 0
        self.sent = 0
        self.over = threading.Event()
        self._url = f"http://127.0.0.1:{port}/v1/employers/{self.name_of}"
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def run(self):
        while not self.over.is_set():
            self.sent += 1
            record = {"id": self.name_of, "name": f"示例{self.sent}", "version": self.sent}
            request = urllib.request.Request(  # noqa: S310 - the test's own server
                self._url, json.dumps(record).encode(), self._headers, method="PUT"
            )
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - as above
                    assert json.load(answer)["outcome"] in {"created", "changed", "unchanged"}
            except (OSError, urllib.error.HTTPError):
                time.sleep(0.02)  # nobody said that it was written
            else:
                self.known = self.sent


@pytest.fixture
def store_and_key(tmp_path):
    path = tmp_path / "a.db"
    with Store.open(path) as store:
        return path, store.api_keys.issue(role="operator", label="示例")[1]


def children_of(process):
    """Return the processes that one has started."""
    told = Path(f"/proc/{process}/task/{process}/children")
    return [int(one) for one in told.read_text().split()]


def await_progress(writers, more):
    """Wait until every writer has had so many more of its writes acknowledged."""
    wanted = [writer.known + more for writer in writers]
    until = time.monotonic() + PATIENCE_S
    while any(writer.known < most for writer, most in zip(writers, wanted, strict=True)):
        assert time.monotonic() < until
        time.sleep(0.02)


def test_what_was_acknowledged_outlives_workers_and_the_server(store_and_key):
    path, key = store_and_key
    port = free_port()
    writers = [Writer(number, port, key) for number in range(CLIENTS)]
    with started(
        *("api", "--port", str(port), "--workers", "2"),
        GEO_MATCH_STORE=str(path), GEO_MATCH_LIMIT_PER_S="off",
    ) as server:  # fmt: skip
        lines_until(server, "2 workers answer.")
        read_on(server)
        for writer in writers:
            writer.start()
        await_progress(writers, ENOUGH)
        before = children_of(server.pid)
        os.kill(before[0], signal.SIGKILL)
        await_progress(writers, ENOUGH)  # the other one answers meanwhile
        until = time.monotonic() + PATIENCE_S
        while len(set(children_of(server.pid)) - {before[0]}) < 2:  # both are there again
            assert time.monotonic() < until
            time.sleep(0.05)
        for process in (server.pid, *children_of(server.pid)):
            os.kill(process, signal.SIGKILL)
        for writer in writers:
            writer.over.set()
            writer.join(PATIENCE_S)
    with Store.open(path) as store:
        kept = {row["id"]: row["version"] for row in store.read("employers").to_pylist()}
        for writer in writers:
            assert writer.known >= 2 * ENOUGH
            assert writer.known <= kept[writer.name_of] <= writer.sent
