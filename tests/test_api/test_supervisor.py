"""Several workers in processes of their own, over one port."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from test_api.running import CHECKOUT, PATIENCE_S, free_port, lines_until, of_file, started

from api import supervisor
from api.__main__ import HOST
from api.shared_place import SharedPlace
from api.worker import READY

ASKED = "/v1/jobs?lon=117.38&lat=32.92"
ASKERS = 4


@dataclass(frozen=True)
class Served:
    """A server of two workers.

    Parameters
    ----------
    process
        The supervisor.
    client
        Asks where it answers, on a new connection each time.
    said
        The lines that came: read at once, for a server whose words nobody reads comes to a halt.
    """

    process: subprocess.Popen
    client: httpx.Client
    said: list[str]

    @property
    def workers(self) -> list[int]:
        """The numbers of the workers' processes."""
        of = self.process.pid
        return [int(one) for one in Path(f"/proc/{of}/task/{of}/children").read_text().split()]

    def get(self, target: str) -> httpx.Response:
        """Ask whichever worker takes the connection."""
        return self.client.get(target)

    def wait_to_hear(self, sign: str) -> str:
        """Return the first line that holds the sign, once it came."""
        end = time.monotonic() + PATIENCE_S
        while not (found := [line for line in list(self.said) if sign in line]):
            assert time.monotonic() < end, sign
            time.sleep(0.01)
        return found[0]

    def figure(self, name: str, **labels: str) -> float | None:
        """Return a figure of all workers."""
        for family in text_string_to_metric_families(self.get("/metrics").text):
            for sample in family.samples:
                if sample.name == name and labels.items() <= sample.labels.items():
                    return sample.value
        return None

    def wait_for(self, name: str, value: float) -> None:
        """Ask until a figure has a value."""
        end = time.monotonic() + PATIENCE_S
        while self.figure(name) != value:
            assert time.monotonic() < end, self.figure(name)
            time.sleep(0.05)


def is_listening(place):
    """Return whether anybody does."""
    try:
        socket.create_connection(place).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.fixture(scope="module")
def served(sites):
    arguments = ("api", "--port", "0", "--workers", "2")
    with started(*arguments, **of_file(sites), GEO_MATCH_STOP_S="60") as process:
        said = lines_until(process, "2 workers answer.")
        assert said.count("rows read") == said.count("Listening on") == 1
        address = re.search(r"http://[\d.:]+", said)[0]
        fresh = httpx.Limits(max_keepalive_connections=0)
        with httpx.Client(
            base_url=address, trust_env=False, timeout=PATIENCE_S, limits=fresh
        ) as client:
            served = Served(process, client, [])
            reader = threading.Thread(
                target=lambda: served.said.extend(process.stdout), daemon=True
            )
            reader.start()
            yield served
            process.kill()
            reader.join()


def test_figures_are_those_of_all_workers(served):
    before = served.figure("geo_match_requests_total", route="/v1/jobs") or 0
    for _ in range(20):
        assert served.get(ASKED).status_code == 200
    assert served.figure("geo_match_requests_total", route="/v1/jobs") == before + 20
    assert served.figure("geo_match_engine_seconds_count", route="/v1/jobs") == before + 20
    assert served.figure("geo_match_workers_wanted") == 2
    for worker in ("1", "2"):
        assert served.figure("geo_match_worker_memory_bytes", worker=worker) > 1e7


def test_a_worker_that_is_killed_is_replaced_while_others_answer(served):
    before = served.figure("geo_match_requests_total", route="/v1/jobs")
    answered, lost, enough = [], [], threading.Event()

    def ask():
        while not enough.is_set():
            try:
                answered.append(served.get(ASKED).status_code)
            except httpx.TransportError as error:
                lost.append(error)
            time.sleep(0.02)

    askers = [threading.Thread(target=ask, daemon=True) for _ in range(ASKERS)]
    for asker in askers:
        asker.start()
    try:
        (first, second) = served.workers
        os.kill(second, signal.SIGKILL)
        said = served.wait_to_hear(f"(process {second})")
        there = len(answered)
        while len(answered) < there + 20:
            time.sleep(0.01)
    finally:
        enough.set()
        for asker in askers:
            asker.join()
    assert re.search(r"^Worker \d \(process \d+\) was ended by signal 9; another one", said)
    served.wait_for("geo_match_worker_restarts_total", 1)
    served.wait_for("geo_match_workers", 2)
    assert set(answered) == {200}
    assert len(lost) <= ASKERS  # each had one request under way when the worker died
    assert first in served.workers
    # No figure went with the dead worker, but of what it was asked and had not counted.
    counted = served.figure("geo_match_requests_total", route="/v1/jobs") - before
    assert len(answered) <= counted <= len(answered) + len(lost)


def test_a_request_that_is_under_way_is_answered_before_all_stop(served):
    place = served.client.base_url.host, served.client.base_url.port
    with socket.create_connection(place) as asking:
        head = "POST /v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        asking.sendall(f"{head}Content-Length: 2\r\n\r\n{{".encode())
        time.sleep(0.3)  # until a worker has taken it
        served.process.send_signal(signal.SIGTERM)
        while is_listening(place):
            time.sleep(0.1)
        asking.sendall(b"}")
        answer = b"".join(iter(lambda: asking.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 4")
    assert answer.endswith(b"}")
    assert served.process.wait(PATIENCE_S) == 0
    assert served.wait_to_hear("Stopped.") == "Stopped.\n"


def test_a_bad_setting_is_said_once(tmp_path):
    settings = of_file(tmp_path / "nowhere.csv")
    with started("api", "--port", "0", "--workers", "2", **settings) as process:
        said, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    first, *others = said.splitlines()
    assert first == "Reading the jobs …"
    assert len(others) == 1
    assert "nowhere.csv" in others[0]


def test_a_port_that_another_server_was_first_to_listen_on_is_said_in_one_line(sites):
    port = free_port()
    arguments = ("api", "--port", str(port), "--workers", "2")
    with socket.socket() as rival:
        rival.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        rival.bind((HOST, port))
        with started(*arguments, **of_file(sites)) as process:
            lines_until(process, "Reading")  # it has the port, too
            rival.listen()
            said, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert re.fullmatch(rf"geo_match: port {port} .* is in use\. .*", said.splitlines()[-1])


def test_workers_whose_supervisor_is_killed_stop_and_leave_nothing(sites, tmp_path):
    place = {"TMPDIR": str(tmp_path)}
    with started("api", "--port", "0", "--workers", "2", **of_file(sites), **place) as process:
        lines_until(process, "Listening")
        assert [one.stat().st_mode & 0o777 for one in tmp_path.iterdir()] == [0o700]
        process.kill()
        process.communicate(timeout=PATIENCE_S)  # the pipe is open as long as a worker lives
    assert list(tmp_path.iterdir()) == []


def test_a_worker_whose_supervisor_is_killed_before_it_heard_of_it_stops_too(sites):
    """What was sent and never read resets the line, and that is no end in good order."""
    with SharedPlace.make() as place, socket.socket() as listener:
        listener.bind((HOST, 0))
        ours, theirs = socket.socketpair()
        with theirs:
            fds = (listener.fileno(), theirs.fileno())
            worker = subprocess.Popen(  # noqa: S603 - the test's own interpreter
                [sys.executable, "-m", "api.worker", *map(str, fds), "quietly"],
                cwd=CHECKOUT,
                env={**os.environ, **of_file(sites), **place.told(1)},
                pass_fds=fds,
            )
        try:
            assert ours.recv(1, socket.MSG_PEEK) == READY
            ours.close()
            assert worker.wait(timeout=PATIENCE_S) == -signal.SIGTERM
        finally:
            worker.kill()
            worker.wait()
        assert not place.metrics.exists()


@pytest.mark.parametrize(
    ("short_lives", "wait_s"), [(0, 0), (1, 0), (2, 1), (3, 2), (6, 16), (7, 30)]
)
def test_the_sooner_workers_die_the_longer_is_waited(short_lives, wait_s):
    assert supervisor._wait_s(short_lives) == wait_s
