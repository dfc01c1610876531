"""Deadlines: what is late is answered by a problem, once, and ends in its own time."""

from __future__ import annotations

import asyncio
import json

import pytest

from api.guards.crowd import Crowd
from api.guards.deadline import Deadline

SCOPE = {"type": "http", "method": "GET", "path": "/x", "headers": []}
START = {"type": "http.response.start", "status": 200, "headers": []}
END = {"type": "http.response.body", "body": b"done"}


async def nothing():
    await asyncio.Event().wait()


def sent_by(app, scope=SCOPE, most_s=0.05):
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(Deadline(app, most_s)(scope, nothing, send))
    return sent


def answers_after(wait_s, *, then_s=0.0):
    async def app(_scope, _receive, send):
        await asyncio.sleep(wait_s)
        await send(START)
        await asyncio.sleep(then_s)
        await send(END)

    return app


def test_what_begins_in_time_is_answered_however_long_it_lasts():
    assert sent_by(answers_after(0, then_s=0.1)) == [START, END]


def test_what_is_late_is_answered_once_and_goes_on_to_its_end():
    ended = []

    async def app(scope, receive, send):
        await answers_after(0.1)(scope, receive, send)
        ended.append(True)

    start, body = sent_by(app)
    assert start["status"] == 503
    assert (b"retry-after", b"1") in start["headers"]
    problem = json.loads(body["body"])
    assert problem["type"] == "urn:geo-match:problem:deadline"
    assert "within 0.05 s" in problem["detail"]
    assert ended == [True]


def test_what_fails_late_fails_where_it_is_logged():
    async def app(_scope, _receive, _send):
        await asyncio.sleep(0.1)
        message = "x"
        raise ValueError(message)

    with pytest.raises(ValueError, match="x"):
        sent_by(app)


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/changes"), ("POST", "/v1/jobs:import")])
def test_what_waits_by_its_nature_may(method, path):
    scope = {**SCOPE, "method": method, "path": path}
    assert sent_by(answers_after(0.1), scope) == [START, END]


def test_who_comes_while_too_many_are_under_way_is_told_to_come_again():
    statuses = []

    async def send(message):
        if message["type"] == "http.response.start":
            statuses.append((message["status"], dict(message["headers"]).get(b"retry-after")))

    async def ask_four():
        crowd = Crowd(answers_after(0.02), 3)
        await asyncio.gather(*(crowd(SCOPE, nothing, send) for _ in range(4)))
        await crowd(SCOPE, nothing, send)

    asyncio.run(ask_four())
    assert statuses == [(503, b"1"), *[(200, None)] * 4]


def test_those_who_were_late_count_until_they_end():
    statuses = []

    async def send(message):
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def ask_two():
        crowd = Crowd(Deadline(answers_after(0.2), 0.01), 1)
        late = asyncio.create_task(crowd(SCOPE, nothing, send))
        await asyncio.sleep(0.1)
        await crowd(SCOPE, nothing, send)
        await late

    asyncio.run(ask_two())
    assert statuses == [503, 503]
