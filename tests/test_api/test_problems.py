"""What is not answered: each fault is a problem that names parameter, value and rule."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.app import create_app
from api.problems import shown
from api.settings import Settings
from geo_match.errors import CoordinateError
from geo_match.store import StoreError
from geo_match.store.errors import (
    StoreBusyError,
    StoreCorruptError,
    StoreFullError,
    StoreReadOnlyError,
)

PLACE = "lon=117.38&lat=32.92"

NOT_NUMBERS = [
    *(
        "",
        "%20",
        "NaN",
        "nan",
        "inf",
        "-inf",
        "Infinity",
        "1e999",
        "-1e999",
        "true",
        "null",
        "None",
    ),
    *(
        "1,5",
        "1_0",
        "0x10",
        "+1",
        "%201",
        "1%20",
        "1%00",
        "%EF%BC%91",
        "117.38;lat=1",
        "[1]",
        "--1",
    ),
]


@pytest.mark.parametrize("text", NOT_NUMBERS)
@pytest.mark.parametrize("name", ["lon", "lat", "radius_m", "limit"])
def test_what_is_no_plain_number_is_refused_by_its_name(ask, name, text):
    given = {"lon": "117.38", "lat": "32.92", name: text}
    query = "&".join(f"{key}={value}" for key, value in given.items())

    problem = ask.problem(f"/v1/jobs?{query}")

    assert problem["status"] == 422
    assert [error["parameter"] for error in problem["errors"]] == [name]
    assert problem["errors"][0]["detail"].startswith("must be a")


def test_a_plus_that_became_a_space_is_explained(ask):
    error = ask.problem("/v1/jobs?lon=117.38&lat=32.92&limit=+5")["errors"][0]
    assert error["value"] == " 5"
    assert error["detail"].endswith("; a + in a URL means a space, %2B a plus")
    assert ask("/v1/jobs?lon=%2B117.38&lat=32.92&limit=%2B5").status_code == 200


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lon", "180.00000000000003"),
        ("lon", "-181"),
        ("lat", "90.00000000000001"),
        ("lat", "-117.38"),
        ("radius_m", "-1"),
        ("radius_m", "-1e-300"),
        ("radius_m", "200000.00000000003"),
        ("limit", "101"),
        ("limit", "-1"),
        ("limit", "1.0"),
        ("limit", "9" * 5000),
    ],
)
def test_numbers_out_of_bounds_are_refused(ask, name, text):
    given = {"lon": "117.38", "lat": "32.92", name: text}
    problem = ask.problem("/v1/jobs", params=given)
    assert problem["status"] == 422
    assert [error["parameter"] for error in problem["errors"]] == [name]
    assert problem["errors"][0]["value"].rstrip("…") == text[:60]


@pytest.mark.parametrize(
    "place", ["lon=180&lat=90", "lon=-180&lat=-90", "lon=1.8e2&lat=.5", "lon=-0.0&lat=5."]
)
def test_the_ends_of_the_ranges_are_places(ask, place):
    assert ask(f"/v1/jobs?{place}&radius_m=200000&limit=100").status_code == 200


def test_lon_and_lat_are_both_required(ask):
    for query, missing in (("", ["lon", "lat"]), ("?lon=1", ["lat"]), ("?lat=1", ["lon"])):
        problem = ask.problem(f"/v1/jobs{query}")
        assert problem["status"] == 422
        assert [error["parameter"] for error in problem["errors"]] == missing
        assert {error["detail"] for error in problem["errors"]} == {"is required"}
        assert {error["value"] for error in problem["errors"]} == {None}


def test_all_faults_of_a_request_are_named_at_once(ask):
    problem = ask.problem("/v1/jobs?lon=x&radius_m=-1&limit=&radius=5")
    assert [(error["parameter"], error["value"]) for error in problem["errors"]] == [
        ("lon", "x"),
        ("lat", None),
        ("radius_m", "-1"),
        ("limit", ""),
        ("radius", "5"),
    ]


@pytest.mark.parametrize("path", ["/v1/jobs?" + PLACE + "&", "/healthz?"])
def test_unknown_parameters_are_refused(ask, path):
    problem = ask.problem(path + "radius=3000")
    assert problem["status"] == 422
    assert problem["errors"][0]["parameter"] == "radius"
    assert "is not a parameter" in problem["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/jobs?" + PLACE + "&lon=117.38", "lon"),
        ("/v1/jobs?" + PLACE + "&radius_m=1&radius_m=2", "radius_m"),
        ("/v1/jobs?" + PLACE + "&x=1&x=2", "x"),
        ("/healthz?x=1&x=2", "x"),
    ],
)
def test_repeated_parameters_are_refused_even_when_they_agree(ask, path, name):
    problem = ask.problem(path)
    assert problem["status"] == 422
    assert [(each["parameter"], each["detail"]) for each in problem["errors"]] == [
        (name, "must be given once")
    ]


@pytest.mark.parametrize("path", ["/v1", "/v1/jobs/", "/v1/Jobs", "/v1/nothing", "/%00", "/redoc"])
def test_what_is_not_there_is_a_problem(ask, path):
    problem = ask.problem(path)
    assert problem["status"] == 404
    assert problem["type"] == "about:blank"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/v1/jobs", "/healthz"])
def test_a_method_that_is_not_taken_is_told_which_is(ask, path, method):
    problem = ask.problem(path, method=method)
    assert problem["status"] == 405
    assert ask(path, method=method).headers["allow"] == "GET, HEAD"
    assert problem["detail"].endswith(f"does not take {method}; it takes GET, HEAD.")


def test_a_host_that_is_not_allowed_is_refused(ask):
    problem = ask.problem("/healthz", host="jobs.example.org")
    assert problem["status"] == 421
    assert "jobs.example.org" in problem["detail"]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "LOCALHOST", "[::1]:80"])
def test_this_machines_own_names_are_allowed(ask, host):
    assert ask("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["", "[::1", "localhost.", "localhost@example.org", "127.0.0.2"])
def test_names_that_are_nearly_allowed_are_not(ask, host):
    assert ask("/healthz", headers={"Host": host}).status_code == 421


def test_allowed_hosts_are_a_setting(sites, asker):
    app = create_app(
        Settings(sites=sites, sites_datum="wgs84", allowed_hosts=("Jobs.example.org",))
    )
    assert asker(app)("/healthz", host="jobs.example.org").status_code == 200
    assert asker(app)("/healthz", host="localhost").status_code == 421
    everyone = create_app(Settings(sites=sites, sites_datum="wgs84", allowed_hosts=("*",)))
    assert asker(everyone)("/healthz", host="jobs.example.org").status_code == 200


def _failing(sites, asker, error):
    app = create_app(Settings(sites=sites, sites_datum="wgs84"))

    class Failing:
        def pulse(self):
            return None

        def at_hand(self, _):
            raise error

        def now(self):
            raise error

    app.state.jobs = Failing()
    return asker(app)


def test_an_unforeseen_failure_is_logged_and_answered_by_a_constant(sites, asker, caplog):
    ask = _failing(sites, asker, RuntimeError("secret"))
    with caplog.at_level(logging.ERROR):
        problem = ask.problem("/v1/jobs?" + PLACE)
    assert problem.pop("instance").startswith("urn:uuid:")
    assert problem == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "The server failed on this request. The fault is logged.",
    }
    assert "RuntimeError on GET /v1/jobs" in caplog.text
    assert "117.38" not in caplog.text


def test_an_argument_that_the_library_refuses_is_the_callers_fault(sites, asker):
    ask = _failing(sites, asker, CoordinateError("lat", "be on land", "32.92", "Move it."))
    problem = ask.problem("/v1/jobs?" + PLACE)
    assert problem["status"] == 422
    assert problem["errors"] == [
        {"parameter": "lat", "detail": "must be on land. Move it.", "value": "32.92"}
    ]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (StoreBusyError, ("is busy", "1")),
        (StoreReadOnlyError, ("cannot be written to", None)),
        (StoreFullError, ("cannot be written to", None)),
        (StoreCorruptError, ("cannot be read", None)),
        (StoreError, ("cannot be read", None)),
    ],
)
def test_what_ails_a_store_is_told_and_no_more_of_it(sites, asker, caplog, kind, told):
    what, after = told
    ask = _failing(sites, asker, kind("/secret/a.db", "be free", "x"))
    problem = ask.problem("/v1/jobs?" + PLACE)
    assert problem["status"] == 503
    assert problem["detail"].startswith(f"The store {what} at the moment; the fault is logged")
    assert "secret" not in str(problem)
    assert "/secret/a.db" in caplog.text
    assert ask("/v1/jobs?" + PLACE).headers.get("retry-after") == after


@given(st.text())
def test_a_value_is_shown_printable_and_short(text):
    value = shown(text)
    assert value.isprintable()
    assert len(value) <= 61
    value.encode("utf-8")


@given(name=st.text(min_size=1), value=st.text())
def test_any_unknown_parameter_is_answered_by_a_problem(ask, name, value):
    problem = ask.problem("/healthz", params={name: value})
    assert problem["status"] == 422
