"""A key turns up nowhere: in no answer, log or error, wherever it was put by mistake."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import text

from geo_match.store import Store

JOBS = "/v1/jobs?lon=117.38&lat=32.92"


class Failing:
    """Jobs that nobody can ask."""

    def within(self, query):
        message = f"nothing for {query}"
        raise RuntimeError(message)


@pytest.fixture
def served(serve):
    return serve()


def everything_asked(served, key):
    """Yield the answers to requests that carry the key everywhere."""
    bearer = {"Authorization": f"Bearer {key}"}
    for headers in (
        bearer,
        {"Authorization": key},
        {"Authorization": f"Basic {key}"},
        {"Cookie": f"geo_match_session={key}"},
        {"X-Forwarded-For": key},
        {"Origin": key, "Cookie": f"geo_match_session={key}"},
    ):
        for target in (JOBS, "/v1/jobs?lon=x", "/healthz", "/nowhere", "/openapi.json"):
            for method in ("GET", "POST", "DELETE"):
                yield served.ask(target, method=method, headers=headers)
    for target in (
        *(f"/{key}", f"/v1/jobs/{key}", f"{JOBS}&key={key}", f"{JOBS}&{key}=1", f"{JOBS}&x={key}"),
        *(f"/healthz?lon={key.upper()}", f"/v1/jobs?lon={key}", f"/healthz?x=%67mk_{key[4:]}"),
    ):
        yield served.ask(target)
    for body in ({"key": key + "x"}, {"kye": key}, [key], key, {"key": {"key": key}}):
        yield served.ask("/v1/session", method="POST", json=body)
    yield served.ask("/healthz", host=f"{key}.example.org")


def test_no_answer_and_no_log_has_a_key(served, caplog, capfd):
    key = served.keys["planner"]
    secret = key.rpartition("_")[2]
    with caplog.at_level(logging.DEBUG):
        for answer in everything_asked(served, key):
            told = answer.text.lower() + str(answer.headers).lower()
            assert secret not in told
        cookie = served.ask("/v1/session", method="POST", json={"key": key}).headers["set-cookie"]
        session = cookie.partition("=")[2].partition(";")[0]
        served.ask.app.state.jobs, jobs = Failing(), served.ask.app.state.jobs
        for headers in (
            {"Authorization": f"Bearer {key}"},
            {"Cookie": f"geo_match_session={session}"},
        ):
            assert served.ask(JOBS, headers=headers).status_code == 500
        served.ask.app.state.jobs = jobs
        with Store.open(served.path) as store:
            gone = text("ALTER TABLE api_keys RENAME TO gone")
            store.database.write(lambda one: one.execute(gone))
        for headers in (
            {"Authorization": f"Bearer {key}"},
            {"Cookie": f"geo_match_session={session}"},
        ):
            assert served.ask(JOBS, headers=headers).status_code == 503
    output = capfd.readouterr()
    ours = [one for one in caplog.records if not one.name.startswith("http")]  # the client's own
    logged = "\n".join(map(logging.Formatter().format, ours))
    logged = (logged + output.out + output.err).lower()
    assert "no such table" in logged
    assert secret not in logged
    assert session[4:] not in logged


@pytest.mark.parametrize("name", ["key", "KEY", "api_key", "apikey", "access_token"])
def test_a_parameter_made_for_keys_is_refused_on_every_resource(served, name):
    for target in (f"{JOBS}&{name}=1", f"/healthz?{name}=", f"/nowhere?{name}=x"):
        problem = served.ask.problem(target, headers={"Authorization": "Bearer x"})
        assert problem["status"] == 422
        (fault,) = problem["errors"]
        assert (fault["parameter"], fault["value"]) == (name, None)
        assert fault["detail"].startswith("must not stand in a URL")
