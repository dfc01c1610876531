"""No URL holds a key, nor a NUL, wherever in it that stands; what is refused is not repeated."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from test_api.conftest import Asker

from api.guards.urls import SoundUrls

SECRET = f"gmk_{'a' * 8}_{'B' * 43}"


async def _echo(scope, receive, send):
    await PlainTextResponse(str(Request(scope).url.path))(scope, receive, send)


@pytest.fixture(scope="module")
def guarded():
    return Asker(SoundUrls(_echo))


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("/v1/jobs?station=%00", "station"),
        ("/v1/jobs?lon=1&station=a%00b", "station"),
        ("/v1/jobs?a%00b=1", "a\N{REPLACEMENT CHARACTER}b"),
        ("/v1/sites?after=&community=%00", "community"),
    ],
)
def test_a_nul_in_a_parameter_is_refused_by_its_name(guarded, target, name):
    problem = guarded.problem(target)
    assert problem["status"] == 422
    (error,) = problem["errors"]
    assert (error["parameter"], error["value"]) == (name, None)
    assert error["detail"] == "must be a text without a NUL character, which no record has"


@pytest.mark.parametrize("path", ["/%00", "/v1/employers/E%001", "/v1/sites/%00?by=id"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_at_a_path_with_a_nul_there_is_nothing(guarded, path, method):
    problem = guarded.problem(path, method=method)
    assert (problem["status"], problem["type"]) == (404, "about:blank")
    assert "NUL" in problem["detail"]


@pytest.mark.parametrize(
    "target",
    [f"/v1/jobs?x={SECRET}", f"/{SECRET}", "/v1/jobs?key=1", f"/v1/jobs?a=%00&key={SECRET}"],
)
def test_a_key_is_refused_and_not_repeated(guarded, target):
    problem = guarded.problem(target)
    assert problem["errors"][0]["parameter"] == "key"
    assert "BBBB" not in str(problem)


@given(st.lists(st.sampled_from(["%00", "%2500", "%25", "00", "a", "%E2%90%80", "/", "="])))
def test_what_has_no_nul_passes(parts):
    text = "".join(parts)
    has_one = "%00" in text.replace("%25", "\N{FULL BLOCK}")  # which is a sign of its own
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/x",
        "query_string": f"x={text}".encode(),
        "headers": [],
    }
    passed = []

    async def app(*_):
        passed.append(1)

    async def send(_):
        """Nobody reads it."""

    asyncio.run(SoundUrls(app)(scope, None, send))
    assert bool(passed) != has_one
