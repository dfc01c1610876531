"""Connections to a real server: whose client dawdles are cut, and nobody else's."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[3]
PATIENCE_S = 120
MOST_CONNECTIONS = 12
PHONE = "13912345678"
HEAD = b" HTTP/1.1\r\nHost: localhost\r\n"
GET = b"GET /healthz" + HEAD + b"\r\n"
POST = b"POST /v1/session" + HEAD + b"Content-Type: application/json\r\n"


class Running:
    """A server in a process of its own, that waits a second for its clients."""

    def __init__(self, process, port):
        self.process, self._port = process, port

    @contextlib.contextmanager
    def connected(self, *, reads_bytes=None):
        """Open a connection; one that is to read little has a small buffer."""
        with socket.socket() as one:
            if reads_bytes is not None:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, reads_bytes)
            one.settimeout(PATIENCE_S)
            one.connect(("127.0.0.1", self._port))
            yield one

    def told(self, *parts, pause_s=0.0):
        """Send parts, with pauses; return what came until the server ended the connection."""
        with self.connected() as one:
            for part in parts:
                try:
                    one.sendall(part)
                except OSError:
                    break
                time.sleep(pause_s)
            return all_of(one)


def all_of(one):
    """Return what comes until the end; a connection that is reset ends, too."""
    came = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while part := one.recv(65_536):
            came += part
    return bytes(came)


def problem_of(told):
    """Return status, type and headers of an answer that is a problem."""
    head, _, body = told.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head.lower()
    problem = json.loads(body)
    assert f"HTTP/1.1 {problem['status']} ".encode() in head
    return problem["status"], problem["type"].rpartition(":")[2], head.lower()


@pytest.fixture(scope="module")
def server(sites):
    environment = {
        "GEO_MATCH_SITES": str(sites),
        "GEO_MATCH_SITES_DATUM": "wgs84",
        "GEO_MATCH_PATIENCE_S": "1",
        "GEO_MATCH_MOST_CONNECTIONS": str(MOST_CONNECTIONS),
        "GEO_MATCH_LOG": "json",
    }
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "api", "--port", "0"],
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            line = next(line for line in process.stdout if "Listening" in line)
            yield Running(process, int(line.partition("127.0.0.1:")[2].partition(" ")[0]))
        finally:
            process.kill()


def test_who_says_nothing_is_cut(server):
    assert server.told() == b""


def test_who_says_nothing_more_is_cut_after_the_answer(server):
    told = server.told(GET)
    assert told.startswith(b"HTTP/1.1 200 OK")
    assert told.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize("first", [b"", GET])
def test_a_header_that_trickles_in_is_cut_with_a_problem(server, first):
    told = server.told(first, *(bytes([sign]) for sign in GET[:-2]), pause_s=0.1)
    told = told[told.rindex(b"HTTP/1.1 408") :]
    status, kind, head = problem_of(told)
    assert (status, kind) == (408, "header-too-slow")
    assert b"connection: close" in head


def test_a_body_that_trickles_in_is_cut_with_a_problem(server):
    told = server.told(POST + b"Content-Length: 99\r\n\r\n", *[b" "] * 98, pause_s=0.1)
    status, kind, head = problem_of(told)
    assert (status, kind) == (408, "body-too-slow")
    assert b"connection: close" in head


def test_the_rest_of_a_body_that_was_refused_unread_is_cut(server):
    refused = POST.replace(b"localhost", b"example.org") + b"Content-Length: 999999\r\n\r\n"
    told = server.told(refused, *[b" "] * 100, pause_s=0.1)
    assert problem_of(told)[:2] == (421, "host-not-allowed")


def test_a_body_that_comes_in_parts_is_waited_for(server):
    body = json.dumps({"key": "x" * 60}).encode()
    head = POST + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    told = server.told(head, body[:20], body[20:], pause_s=0.2)
    assert problem_of(told)[:2] == (401, "key-not-valid")


@pytest.mark.parametrize("sent", [b"HELLO\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", GET[:-2] + GET])
def test_what_is_no_request_is_a_problem(server, sent):
    assert problem_of(server.told(sent))[:2] == (400, "not-http")


def test_a_header_without_end_is_a_problem(server):
    told = server.told(GET[:-2] + b"X: " + b"x" * 70_000)
    assert problem_of(told)[:2] == (400, "not-http")


def test_who_does_not_read_is_cut(server):
    ask = b"GET /openapi.json" + HEAD + b"\r\n"
    with server.connected(reads_bytes=4_096) as one:
        one.sendall(ask)
        whole = one.recv(65_536)  # the answer is made: what follows takes no time
        length = int(whole.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
        asked = 40_000_000 // length  # more than the system keeps for a reader
        one.sendall(ask * asked)
        ended = select.poll()
        ended.register(one, 0)  # to hear of its end alone
        assert ended.poll(20_000)
        assert len(all_of(one)) < asked * length


def test_who_reads_slowly_is_waited_for(server):
    ask = b"GET /openapi.json" + HEAD + b"Connection: close\r\n\r\n"
    with server.connected(reads_bytes=65_536) as one:
        one.sendall(ask)
        came = 0
        while part := one.recv(65_536):
            came += len(part)
            time.sleep(0.05)
    assert came > 50_000


def test_who_comes_while_there_are_too_many_connections_is_told_so(server):
    with contextlib.ExitStack() as others:
        for _ in range(MOST_CONNECTIONS + 3):
            others.enter_context(server.connected())
        told = server.told()
    status, kind, head = problem_of(told)
    assert (status, kind) == (503, "server-busy")
    assert b"retry-after: 1" in head


def test_after_all_that_it_answers_and_its_logs_are_json_and_name_nobody(server):
    canary = b"X-Request-ID: 13912345678\r\nUser-Agent: 13912345678\r\nConnection: close\r\n\r\n"
    for line in (b"GET /v1/no/13912345678/1?x=13912345678", b"13912345678 /healthz"):
        assert server.told(line + HEAD + canary).startswith(b"HTTP/1.1 40")
    body = b'{"13912345678": "13912345678"}'
    head = POST + b"Content-Length: %d\r\n" % len(body)
    assert server.told(head + canary + body).startswith(b"HTTP/1.1 422")
    server.process.send_signal(signal.SIGTERM)
    said, logged = server.process.communicate(timeout=PATIENCE_S)
    lines = [json.loads(line) for line in logged.splitlines()]
    asked = [line for line in lines if line["logger"] == "api.requests"]
    assert {"GET", "POST", "other"} == {line["method"] for line in asked}
    assert [line["status"] for line in asked][-3:] == [404, 405, 422]
    assert PHONE not in said + logged
