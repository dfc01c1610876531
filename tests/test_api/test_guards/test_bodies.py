"""Bodies: what is too long is refused, however it comes and whatever was announced."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.guards.bodies import MOST_BYTES, ShortBodies

SESSION = "/v1/session"
JSON = {"Content-Type": "application/json"}
MOST = 10


def passed(parts, *, headers=(), ends=True):
    """Send the parts of a body to the guard; return what came through, the status, what is left."""
    through, sent = [], []
    messages = [
        {"type": "http.request", "body": part, "more_body": not ends or n < len(parts)}
        for n, part in enumerate(parts, 1)
    ]
    messages.append({"type": "http.disconnect"})

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    async def app(_scope, receive, _send):
        through.append(await receive())
        through.append(await receive())

    scope = {"type": "http", "headers": [(name.encode(), b.encode()) for name, b in headers]}
    asyncio.run(ShortBodies(app, MOST)(scope, receive, send))
    status = sent[0]["status"] if sent else None
    return through, status, messages


@given(st.lists(st.binary(max_size=6), min_size=1, max_size=5), st.sampled_from(["", "0", "3"]))
def test_what_is_short_comes_through_whole_and_what_is_long_not_at_all(parts, announced):
    headers = [("content-length", announced)] if announced else []
    through, status, _ = passed(parts, headers=headers)
    body = b"".join(parts)
    if len(body) > MOST:
        assert (through, status) == ([], 413)
    else:
        whole = {"type": "http.request", "body": body, "more_body": False}
        assert (through, status) == ([whole, {"type": "http.disconnect"}], None)


@pytest.mark.parametrize("announced", ["11", "65536", "9" * 5_000])
def test_what_is_announced_too_long_is_refused_unread(announced):
    through, status, left = passed([b"x"], headers=[("content-length", announced)])
    assert (through, status, len(left)) == ([], 413, 2)


@pytest.mark.parametrize("announced", ["", "-1", "1e9", "x", "²"])
def test_what_is_announced_by_no_number_is_counted(announced):
    headers = [("content-length", announced)] if announced.isascii() else []
    assert passed([b"x" * 10], headers=headers)[1] is None
    assert passed([b"x" * 11], headers=headers)[1] == 413


def test_a_body_without_end_is_read_no_further_than_it_may_be_long():
    _, status, left = passed([b"x" * 6] * 1_000, ends=False)
    assert status == 413
    assert len(left) == 1_001 - 2


def test_who_goes_away_is_answered_nothing():
    assert passed([b"x"], ends=False)[:2] == ([], None)


def test_a_long_body_is_a_problem_and_the_longest_is_not(ask):
    def body(n):
        return b'{"key": "' + b" " * (n - 11) + b'"}'

    answer = ask(SESSION, method="POST", content=body(MOST_BYTES + 1), headers=JSON)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["connection"] == "close"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json()["type"] == "urn:geo-match:problem:body-too-long"
    assert "at most 65,536 bytes" in answer.json()["detail"]
    assert ask(SESSION, method="POST", content=body(MOST_BYTES), headers=JSON).status_code == 422


def test_a_long_body_in_pieces_is_refused_on_every_resource(ask):
    async def pieces():
        for _ in range(70):
            yield b" " * 1_024

    for target in (SESSION, "/healthz", "/nowhere"):
        assert ask(target, method="POST", content=pieces(), headers=JSON).status_code == 413


def test_the_description_says_so_where_a_body_is_taken(ask):
    paths = ask("/openapi.json").json()["paths"]
    answers = {
        (path, method): "413" in about["responses"]
        for path, methods in paths.items()
        for method, about in methods.items()
    }
    assert [where for where, is_there in answers.items() if is_there] == [(SESSION, "post")]
    told = paths[SESSION]["post"]["responses"]["413"]["content"]
    assert list(told) == ["application/problem+json"]
