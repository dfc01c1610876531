"""Bodies on every resource: JSON, said to be it, and where one is taken."""

from __future__ import annotations

import pytest

SESSION = "/v1/session"
KEY = '{"key": "x"}'


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/geo+json",
        "application/json; profile=x",
    ],
)
def test_json_is_taken_under_its_names(ask, kind):
    answer = ask(SESSION, method="POST", content=KEY, headers={"Content-Type": kind})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": ""},
        {"Content-Type": "text/plain"},
        {"Content-Type": "text/json"},
        {"Content-Type": "application/jsonp"},
        {"Content-Type": "application/json; charset=gb18030"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json, text/plain"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
def test_what_is_not_said_to_be_json_is_not_taken(ask, headers):
    problem = ask.problem(SESSION, method="POST", content=KEY, headers=headers)
    assert (problem["status"], problem["type"]) == (415, "urn:geo-match:problem:media-type")
    answer = ask(SESSION, method="POST", content=KEY, headers=headers)
    assert answer.headers["accept"] == "application/json"


def test_two_media_types_are_none(ask):
    headers = [("Content-Type", "application/json"), ("Content-Type", "application/json")]
    assert ask.problem(SESSION, method="POST", content=KEY, headers=headers)["status"] == 415


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b'{"key": "a", "key": "b"}', "/key"),
        (b'{"key": NaN}', "/key"),
        (b'{"key": 1e999}', "/key"),
        (b'{"key": "\\ud800"}', "/key"),
        (b'{"key": "\xff"}', "body"),
        (b"[" * 60_000, "body"),
        (b"{", "body"),
    ],
)
def test_a_fault_of_a_body_is_named_by_its_place_and_not_repeated(ask, content, where):
    headers = {"Content-Type": "application/json"}
    problem = ask.problem(SESSION, method="POST", content=content, headers=headers)
    assert (problem["status"], problem["type"].rpartition(":")[2]) == (422, "invalid-parameters")
    ((fault),) = problem["errors"]
    assert (fault["parameter"], fault["value"]) == (where, None)
    assert fault["detail"].startswith("must be ") or "nested" in fault["detail"]


@pytest.mark.parametrize(("method", "target"), [("GET", SESSION), ("DELETE", SESSION)])
def test_a_body_where_none_is_taken_is_refused(ask, method, target):
    problem = ask.problem(target, method=method, json={})
    assert (problem["status"], problem["type"]) == (400, "urn:geo-match:problem:body-not-taken")
    assert f"A {method} takes no body" in problem["detail"]
    assert ask(target, method=method).status_code != 400
    assert ask("/healthz", method="HEAD", json={}).status_code == 400


@pytest.mark.parametrize("body", [{"json": {}}, {"content": "{"}, {"content": b"\xff"}])
def test_that_nothing_takes_the_method_counts_before_what_is_in_a_body(ask, body):
    assert ask.problem("/nowhere", method="POST", **body)["status"] == 404
    for method in ("POST", "DELETE", "OPTIONS", "TRACE", "BREW"):
        assert ask.problem("/healthz", method=method, **body)["status"] == 405


def test_the_body_of_an_import_is_left_to_its_route(ask):
    headers = {"Content-Type": "text/csv"}
    for target in ("/v1/nothing:import", "/v1/a/b:import"):
        answer = ask(target, method="POST", content="a,b", headers=headers)
        assert answer.status_code == 404
    answer = ask("/v1/jobs:import", method="PUT", content="a,b", headers=headers)
    assert answer.status_code == 405
