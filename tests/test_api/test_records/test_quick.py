"""What is asked most is answered the quick way, and as FastAPI's own way answers it."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from fastapi import routing
from hypothesis import given
from hypothesis import strategies as st
from test_api.test_access.conftest import bearer

from api.jobs import routes as jobs_routes
from api.records import routes as records_routes

PLACE = {"lon": "117.38", "lat": "32.92"}
PARAMETERS = st.fixed_dictionaries(
    {},
    optional={
        "lon": st.sampled_from(["117.38", "NaN", "", "200"]),
        "lat": st.sampled_from(["32.92", "1e999"]),
        "community": st.sampled_from(["340302001001", "12"]),
        "radius_m": st.sampled_from(["3000", "0", "true", "1e9"]),
        "limit": st.sampled_from(["0", "1", "-1"]),
        "sort": st.sampled_from(["wage", "size"]),
        "f": st.sampled_from(["geojson", "pdf"]),
        "min_cursor": st.sampled_from(["x", "0f3a5c7e9b1d2f4a6c8e0b2d4f6a8c0e-1"]),
        "purpose": st.sampled_from(["示例", ""]),
        "as_of": st.sampled_from(["2026-01-01", "yesterday"]),
        "by": st.sampled_from(["id", "key", "name"]),
        "colour": st.just("red"),
    },
)
TARGETS = st.builds(
    lambda path, base, more, twice: f"{path}?{urlencode([*(base | more).items(), *twice])}",
    st.sampled_from(
        [
            *("/v1/jobs", "/v1/jobs/J1", "/v1/jobs/nobody", "/v1/employers/E1"),
            *("/v1/seekers/S1", f"/v1/jobs/{'J' * 65}"),
        ]
    ),
    st.sampled_from([{}, PLACE]),
    PARAMETERS,
    st.sampled_from([[], [("limit", "2")]]),
)
OWN = {"x-request-id", "server-timing", "ratelimit", "ratelimit-policy"}
ROLES = [None, "integration", "employer", "community", "operator", "planner"]
HEADERS = [{}, {"If-None-Match": "*"}, {"If-None-Match": "x" * 401}, {"Accept": "text/html"}]


def told(answer):
    """Return all of an answer but what is of that one request."""
    headers = {name: value for name, value in answer.headers.items() if name not in OWN}
    body = answer.text
    if answer.headers["content-type"] == "application/problem+json":
        body = {name: one for name, one in answer.json().items() if name != "instance"}
    return answer.status_code, headers, body


def thorough(patch):
    """Leave every request to FastAPI."""
    for module in (jobs_routes, records_routes):
        patch.setattr(module, "let_in", lambda *_: None)


@given(TARGETS, st.sampled_from(ROLES), st.sampled_from(HEADERS))
def test_both_ways_answer_the_same(records, target, role, headers):
    quick = records.get(target, role, headers=headers)
    with pytest.MonkeyPatch.context() as patch:
        thorough(patch)
        assert told(records.get(target, role, headers=headers)) == told(quick)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer nobody's"},
        {"Authorization": "Basic eA=="},
        {"Cookie": "geo_match_session=gms_nobody"},
    ],
)
@pytest.mark.parametrize("target", ["/v1/jobs?lon=117.38&lat=32.92", "/v1/jobs/J1"])
def test_both_ways_refuse_the_same(records, target, headers):
    quick = records.get(target, None, headers=headers)
    with pytest.MonkeyPatch.context() as patch:
        thorough(patch)
        assert told(records.get(target, None, headers=headers)) == told(quick)
    assert quick.status_code == 401


@pytest.mark.parametrize(
    ("target", "is_quick"),
    [
        ("/v1/jobs?lon=117.38&lat=32.92", True),
        ("/v1/jobs/J1", True),
        ("/v1/jobs?lon=117.38", False),
        ("/v1/jobs/J1?colour=red", False),
    ],
)
def test_what_is_plain_resolves_no_dependencies(records, monkeypatch, target, is_quick):
    solve, resolved = routing.solve_dependencies, []

    async def counted(**given):
        resolved.append(given)
        return await solve(**given)

    monkeypatch.setattr(routing, "solve_dependencies", counted)
    assert records.get(target).status_code == (200 if is_quick else 422)
    assert bool(resolved) is not is_quick


def test_a_revoked_key_opens_nothing_the_quick_way(make):
    records = make()
    key = records.served.keys["operator"]
    target = "/v1/jobs?lon=117.38&lat=32.92"
    assert records.served.ask(target, headers=bearer(key)).status_code == 200
    with records.store() as store:
        (id_,) = (one.id for one in store.api_keys.list() if one.role == "operator")
        store.api_keys.revoke(id_)
    assert records.served.ask(target, headers=bearer(key)).status_code == 401
