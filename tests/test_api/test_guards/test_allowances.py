"""What a request costs: one, or as many as it takes the time of."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from api.guards.allowances import COMMON, allowance_of, cost_of
from api.jobs.answering import is_of_index
from api.jobs.query import JobsQuery

PARAMETERS = JobsQuery.model_json_schema()["properties"]


@pytest.mark.parametrize(
    ("query", "cost"),
    [
        ("lon=117.38&lat=32.92", 1),
        ("lon=117.38&lat=32.92&radius_m=200000&limit=100", 1),
        ("sort=distance&radius_m=200000", 1),
        ("facets=job_type", 5),
        ("facets=job_type&radius_m=5000", 5),
        ("facets=job_type&radius_m=5000.1", 20),
        ("%66acets=distance&radius%5Fm=2e5", 20),
        ("sort=wage", 5),
        ("radius_m=20000&sort=date", 20),
        ("sort=wage&radius_m=nan", 5),
        ("sort=wage&radius_m=x", 5),
        ("sort=wage&radius_m=1e999", 20),
        ("station=facets", 1),
        ("station=T1&basis=geodesic&f=geojson&min_cursor=x-1&sort=distance&limit=5", 1),
        ("lon=117.38&lat=32.92&basis=walking", 5),
        ("lon=117.38&lat=32.92&basis=walking&radius_m=6000", 20),
        ("community=340302001001", 5),
        ("lon=117.38&lat=32.92&after=x", 5),
        ("lon=117.38&lat=32.92&after=x&radius_m=200000", 20),
    ],
)
def test_a_question_that_looks_at_each_job_costs_more_and_more_the_farther_it_looks(query, cost):
    scope = {"type": "http", "method": "GET", "path": "/v1/jobs", "query_string": query.encode()}
    assert cost_of(scope) == cost
    assert cost_of(scope | {"path": "/v1/jobs/J1"}) == 1
    assert allowance_of(scope) == COMMON


@pytest.mark.parametrize(
    ("method", "path", "cost"),
    [
        ("POST", "/v1/matches:batch", 10),
        ("POST", "/v1/jobs:import", 10),
        ("GET", "/v1/snapshot", 10),
        ("DELETE", "/v1/seekers/S1", 10),
        ("DELETE", "/v1/stations/T1", 1),
        ("GET", "/healthz", 1),
    ],
)
def test_what_takes_long_whatever_is_asked_costs_ten(method, path, cost):
    assert cost_of({"type": "http", "method": method, "path": path}) == cost


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (name, value)
        for name, said in PARAMETERS.items()
        for value in (said.get("enum") or said["examples"])
    ],
)
def test_a_question_costs_one_where_the_index_alone_answers_it(name, value):
    """Whatever parameter there is, what it costs is held against how it is answered."""
    origin = {"lon": "117.38", "lat": "32.92"}
    given = origin | {name: str(value)} if name not in {"community", "station"} else {name: value}
    scope = {"type": "http", "method": "GET", "path": "/v1/jobs"}
    cost = cost_of(scope | {"query_string": urlencode(given).encode()})
    assert (cost == 1) == is_of_index(JobsQuery.model_validate(given))
