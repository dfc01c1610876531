"""Workers and servers that are killed under load: what was acknowledged is in the store."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
import urllib.request
from collections import Counter
from http.client import HTTPException
from pathlib import Path

import pytest
from test_api.running import PATIENCE_S, free_port, lines_until, read_on, started

from api.app import create_app
from api.settings import Settings
from geo_match.store import Store

CLIENTS = 2
ENOUGH = 40
ROWS = 3_000
"""Of a list: it is taken in by blocks, which take some tenths of a second in all."""


class Client(threading.Thread):
    """Asks for one thing after another, each until it is acknowledged, and counts these.

    Parameters
    ----------
    name
        What it writes is named by.
    port, key
        Of the server.
    """

    def __init__(self, name, port, key):
        super().__init__(daemon=True)
        self.name_of = name
        self.known = 0
        self.sent = 0
        self.over = threading.Event()
        self._server = f"http://127.0.0.1:{port}/v1"
        self._key = {"Authorization": f"Bearer {key}"}

    def run(self):
        while not self.over.is_set():
            self.sent += 1
            while not self.over.is_set():
                try:
                    self.step(self.sent)
                except (OSError, HTTPException, ValueError):  # cut off, at worst amid its words
                    time.sleep(0.02)  # nobody said that it was done
                else:
                    self.known = self.sent
                    break

    def ask(self, method, target, body=None, **headers):
        request = urllib.request.Request(  # noqa: S310 - the test's own server
            f"{self._server}/{target}", body, self._key | headers, method=method
        )
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
            return json.load(answer)

    def put(self, name, version):
        record = {"id": name, "name": f"示例{version}", "version": version}
        body, media = json.dumps(record).encode(), "application/json"
        answer = self.ask("PUT", f"employers/{name}", body, **{"Content-Type": media})
        assert answer["outcome"] in {"created", "changed", "unchanged"}


class Writer(Client):
    """Writes a record of its own, one version after another."""

    def step(self, n):
        self.put(self.name_of, n)


class Remover(Client):
    """Writes one record after another, and removes every one."""

    def step(self, n):
        name = f"{self.name_of}-{n}"
        self.put(name, 1)
        assert self.ask("DELETE", f"employers/{name}?reason=x")["outcome"] == "removed"


class Importer(Client):
    """Sends one list after another, each with a key of its own until its report has come."""

    def step(self, n):
        report = self.ask("POST", "stations:import", self.list_of(n), **self.headers_of(n))
        assert report["accepted"] + report["unchanged"] == report["read"] == ROWS
        assert report["unchanged"] == 0  # what was in before it was cut off counts as taken

    def headers_of(self, n):
        return {"Content-Type": "text/csv", "Idempotency-Key": f"{self.name_of}-{n}"}

    def ids_of(self, n):
        return [f"{self.name_of}-{n}-{row:05}" for row in range(ROWS)]

    def list_of(self, n):
        return "\n".join(["id,name", *(f"{one},示例站" for one in self.ids_of(n)), ""]).encode()


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


def await_under_way(importer, store):
    """Wait until a list is in in part, and its report is not there."""
    until = time.monotonic() + PATIENCE_S
    while True:
        n = importer.sent
        ids = importer.ids_of(n)
        there = store.find("stations", [ids[0], ids[-1]], fields=("id",)).records
        if len(there) == 1 and importer.known < n:
            return
        assert time.monotonic() < until
        time.sleep(0.005)


def test_what_was_acknowledged_outlives_workers_and_the_server(store_and_key, asker):
    path, key = store_and_key
    port = free_port()
    writers = [Writer(f"E-{number}", port, key) for number in range(CLIENTS)]
    remover, importer = Remover("G", port, key), Importer("L", port, key)
    clients = [*writers, remover, importer]
    with started(
        *("api", "--port", str(port), "--workers", "2"),
        GEO_MATCH_STORE=str(path), GEO_MATCH_LIMIT_PER_S="off",
    ) as server, Store.open(path) as watched:  # fmt: skip
        lines_until(server, "2 workers answer.")
        read_on(server)
        for client in clients:
            client.start()
        await_progress([*writers, remover], ENOUGH // 2)
        await_under_way(importer, watched)
        before = children_of(server.pid)
        os.kill(before[0], signal.SIGKILL)
        await_progress([*writers, remover], ENOUGH)  # the other one answers meanwhile
        until = time.monotonic() + PATIENCE_S
        while len(set(children_of(server.pid)) - {before[0]}) < 2:  # both are there again
            assert time.monotonic() < until
            time.sleep(0.05)
        await_progress([importer], 1)
        await_under_way(importer, watched)
        for process in (server.pid, *children_of(server.pid)):
            os.kill(process, signal.SIGKILL)
        for client in clients:
            client.over.set()
            client.join(PATIENCE_S)
    with Store.open(path) as store:
        kept = {row["id"]: row["version"] for row in store.read("employers").to_pylist()}
        for writer in writers:
            assert writer.known >= ENOUGH
            assert writer.known <= kept[writer.name_of] <= writer.sent
        left = {name for name in kept if name.startswith(remover.name_of)}
        assert left <= {f"{remover.name_of}-{remover.sent}"}  # of which nobody said it was gone
        stations = set(store.read("stations", fields=("id",)).column("id").to_pylist())
        assert importer.known >= 1
        for n in range(1, importer.known + 1):
            assert stations >= set(importer.ids_of(n))
    # The list that was cut off goes on where it stopped, once it comes again, and adds up.
    app = create_app(Settings(store=str(path)))
    with app.state.opened:
        report = asker(app, {"Authorization": f"Bearer {key}"})(
            "/v1/stations:import",
            method="POST",
            content=importer.list_of(importer.sent),
            headers=importer.headers_of(importer.sent),
        ).json()
    assert (report["read"], report["accepted"], report["unchanged"]) == (ROWS, ROWS, 0)
    with Store.open(path) as store:
        changes = Counter(one.key for one in store.changes(kinds=["stations"]))
        assert set(changes.values()) == {1}
        assert len(changes) == importer.sent * ROWS
