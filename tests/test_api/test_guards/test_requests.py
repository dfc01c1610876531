"""Requests: each has an id, and one line in the logs, which says nothing of anybody."""

from __future__ import annotations

import json
import logging
import re
from uuid import UUID

import pytest

from api.app import create_app
from api.guards import logs
from api.settings import Settings
from geo_match.store import Store

PHONE = "13912345678"
JOBS = "/v1/jobs?lon=117.38&lat=32.92"


def lines_of(caplog):
    """Return the fields of the lines of requests."""
    return [one.fields for one in caplog.records if hasattr(one, "fields")]


@pytest.fixture
def logged(caplog):
    with caplog.at_level(logging.INFO, logger="api"):
        yield caplog


def test_a_request_has_an_id_in_its_answer_its_problem_and_its_line(ask, logged):
    answer = ask("/nowhere")
    given = answer.headers["x-request-id"]
    assert answer.json()["instance"] == UUID(given).urn
    ((line),) = lines_of(logged)
    assert line["id"] == given
    assert ask("/nowhere").headers["x-request-id"] != given


@pytest.mark.parametrize(
    "given", ["0f3a5c7e-9b1d-2f4a-6c8e-0b2d4f6a8c0e", "0F3A5C7E9B1D2F4A6C8E0B2D4F6A8C0E"]
)
def test_an_id_that_is_a_uuid_is_kept(ask, given):
    answer = ask("/nowhere", headers={"X-Request-ID": given})
    assert answer.headers["x-request-id"] == given
    assert answer.json()["instance"] == UUID(given).urn


@pytest.mark.parametrize(
    "given", [PHONE, "", "x", "a" * 33, "340302199001011234", "a\tb", "é" * 32]
)
def test_any_other_id_is_replaced(ask, given):
    headers = {"X-Request-ID": given.encode("latin-1")}
    assert UUID(ask("/healthz", headers=headers).headers["x-request-id"])


def test_two_ids_are_none(ask):
    headers = [("X-Request-ID", "a" * 32), ("X-Request-ID", "b" * 32)]
    assert ask("/healthz", headers=headers).headers["x-request-id"] not in {"a" * 32, "b" * 32}


@pytest.mark.parametrize(
    ("asked", "route", "status"),
    [
        (("GET", JOBS), "/v1/jobs", 200),
        (("HEAD", JOBS), "/v1/jobs", 200),
        (("GET", "/v1/jobs?lon=x"), "/v1/jobs", 422),
        (("POST", "/healthz"), "/healthz", 405),
        (("GET", "/nowhere/1"), None, 404),
        (("GET", "/healthz?key=x"), None, 422),
    ],
)
def test_a_line_has_the_template_of_the_route_and_what_became_of_it(
    ask, logged, asked, route, status
):
    method, target = asked
    answer = ask(target, method=method)
    (line,) = lines_of(logged)
    assert line.pop("ms") >= 0
    assert line == {
        "id": answer.headers["x-request-id"],
        "method": method,
        "route": route,
        "status": status,
        "bytes": 0 if method == "HEAD" else len(answer.content),
        "key": None,
    }


def test_nothing_that_a_caller_says_stands_in_the_logs(ask, logged, capfd):
    json_ = {"Content-Type": "application/json"}
    for target in (f"/v1/jobs/{PHONE}", f"/{PHONE}", f"{JOBS}&{PHONE}=1", f"/v1/jobs?lon={PHONE}"):
        for method in ("GET", "HEAD", "PUT", "DELETE", PHONE):
            ask(target, method=method)
    for name in ("X-Request-ID", "User-Agent", "Cookie", "Authorization", "Host", "Referer", PHONE):
        ask(JOBS, headers={name: PHONE})
        ask("/healthz", headers={"X-Forwarded-For": PHONE, name: PHONE})
    for body in (f'{{"key": "{PHONE}"}}', f'{{"{PHONE}": 1, "{PHONE}": 2}}', PHONE, f'"{PHONE}'):
        ask("/v1/session", method="POST", content=body, headers=json_)
        ask("/v1/session", method="POST", content=body, headers={"Content-Type": PHONE})
        ask("/v1/session", method="DELETE", content=body, headers=json_)
    ours = [one for one in logged.records if not one.name.startswith("http")]  # the client's own
    assert len([one for one in ours if one.name == "api.requests"]) == 20 + 14 + 12
    output = capfd.readouterr()
    for form in (logs.JsonLines(), logging.Formatter()):
        assert PHONE not in "\n".join(map(form.format, ours)) + output.out + output.err


class Failing:
    """Jobs that fail whatever is asked, at a row that says whose it is."""

    def __getattr__(self, _name):
        try:
            return {}[PHONE]
        except KeyError as error:
            message = f"no {PHONE}"
            raise RuntimeError(message) from error


def test_a_failure_is_logged_with_the_lines_that_it_passed_and_without_its_text(
    sites, asker, logged, capfd
):
    app = create_app(Settings(sites=sites, sites_datum="wgs84"))
    app.state.jobs = Failing()
    answer = asker(app)(JOBS)
    assert answer.status_code == 500
    assert lines_of(logged)[0]["status"] == 500
    told = "\n".join(map(logs.JsonLines().format, logged.records))
    assert "in __getattr__" in told
    assert "builtins.KeyError\\nwhile there was" not in told
    assert "builtins.RuntimeError\\nwhile there was" in told
    assert PHONE not in told + capfd.readouterr().err
    assert PHONE not in answer.text


def test_a_line_of_json_has_time_level_logger_and_the_fields(ask, logged):
    answer = ask(JOBS)
    (record,) = [one for one in logged.records if one.name == "api.requests"]
    line = json.loads(logs.JsonLines().format(record))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line.pop("ms") >= 0
    assert line == {
        "level": "info",
        "logger": "api.requests",
        "id": answer.headers["x-request-id"],
        "method": "GET",
        "route": "/v1/jobs",
        "status": 200,
        "bytes": len(answer.content),
        "key": None,
    }
    assert logging.Formatter().format(record).startswith("GET /v1/jobs 200 ")


def test_any_record_is_one_line_of_json_and_errors_say_no_text():
    try:
        int(PHONE + "x")
    except ValueError as error:
        given = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "", 0, "a %s\nb", ("é",), given)
    logging.Formatter().format(record)  # leaves the text of the error in the record
    line = logs.JsonLines().format(record)
    assert "\n" not in line
    read = json.loads(line)
    assert read["message"] == "a é\nb"
    assert read["trace"].endswith("builtins.ValueError")
    assert PHONE not in line


def test_an_error_that_is_its_own_cause_is_traced_once():
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    assert logs.trace(first).count("builtins.ValueError") == 2


def test_the_key_of_a_caller_is_named_by_its_public_id(tmp_path, asker, logged):
    with Store.open(tmp_path / "a.db") as store:
        key, secret = store.api_keys.issue(role="operator", label="示例")
    app = create_app(Settings(store=str(tmp_path / "a.db")))
    asker(app)("/v1/session", headers={"Authorization": f"Bearer {secret}"})
    (line,) = lines_of(logged)
    assert (line["status"], line["key"]) == (200, key.id)
