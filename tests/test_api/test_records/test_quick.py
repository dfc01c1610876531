"""What is asked most is answered the quick way, and as FastAPI's own way answers it."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urlencode

import pyarrow as pa
import pytest
from anyio import to_thread
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


def threaded(patch):
    """Answer nothing between two others: the quick way leads through a thread."""
    for module in (jobs_routes, records_routes):
        patch.setattr(module, "is_let_in_at_hand", lambda *_: False)


def thorough(patch):
    """Leave every request to FastAPI."""
    threaded(patch)
    for module in (jobs_routes, records_routes):
        patch.setattr(module, "let_in", lambda *_: None)


@given(TARGETS, st.sampled_from(ROLES), st.sampled_from(HEADERS))
def test_all_ways_answer_the_same(records, target, role, headers):
    records.get(target, role, headers=headers)  # who asks is known from now on
    quick = records.get(target, role, headers=headers)
    for way in (threaded, thorough):
        with pytest.MonkeyPatch.context() as patch:
            way(patch)
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
def test_all_ways_refuse_the_same(records, target, headers):
    quick = records.get(target, None, headers=headers)
    for way in (threaded, thorough):
        with pytest.MonkeyPatch.context() as patch:
            way(patch)
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


def test_what_waits_for_nothing_takes_no_thread(make, monkeypatch):
    records = make()
    target = "/v1/jobs?lon=117.38&lat=32.92"
    threads = []

    def counting(run):
        async def counted(function, *given, **how):
            threads.append(function)
            return await run(function, *given, **how)

        return counted

    def taken(target):
        del threads[:]
        assert records.get(target).status_code == 200
        return len(threads)

    monkeypatch.setattr(to_thread, "run_sync", counting(to_thread.run_sync))
    monkeypatch.setattr(asyncio, "to_thread", counting(asyncio.to_thread))
    taken(target)
    assert taken(target) == 0
    assert taken("/v1/jobs/J1") == 0
    with records.store() as store:
        store.put("jobs", store.read("jobs").slice(0, 1))  # little is taken in at once
        assert taken(target) == 0
        sites = [{"id": f"W{number}", "name": "示例店"} for number in range(100)]
        store.put("sites", pa.Table.from_pylist(sites))  # of which nothing is kept here
        assert taken(target) == 0
        jobs = [{"id": f"J{number}", "title": "示例岗位"} for number in range(100, 200)]
        store.put("jobs", pa.Table.from_pylist(jobs))
        assert taken(target) == 1
    assert taken(f"{target}&facets=distance") == 1  # which takes longer


def test_a_revoked_key_opens_nothing_the_quick_way(make):
    records = make()
    key = records.served.keys["operator"]
    target = "/v1/jobs?lon=117.38&lat=32.92"
    assert records.served.ask(target, headers=bearer(key)).status_code == 200
    with records.store() as store:
        (id_,) = (one.id for one in store.api_keys.list() if one.role == "operator")
        store.api_keys.revoke(id_)
    assert records.served.ask(target, headers=bearer(key)).status_code == 401


SITE = {"id": "W9", "name": "示例店", "lon": 117.38, "lat": 32.92, "datum": "wgs84"}
WRITES = (
    ("W9", SITE, {}),
    ("W9", SITE, {}),  # unchanged
    ("W9", SITE | {"version": 5, "employer_id": "E1"}, {}),
    ("W9", SITE | {"version": 4}, {}),  # older
    ("W9", SITE | {"version": 5, "name": "示例超市"}, {}),  # as new, and says otherwise
    ("W9", SITE, {"If-None-Match": "*"}),
    ("W9", SITE, {"If-Match": '"x"'}),
    ("W8", SITE, {}),  # another's id
    ("W8", {"id": "W8", "lon": "117"}, {}),
    ("W8", {"id": "W8", "colour": "red"}, {}),
    ("W8", {"id": "W8", "lon": 32.92, "lat": 117.38}, {}),
    ("W8", [], {}),
    ("W7", {"id": "W7", "name": "示例厂", "lon": 2.0, "lat": 3.0}, {}),
    ("W" * 65, {"id": "W" * 65}, {}),
)


@pytest.mark.parametrize("role", ROLES)
def test_writes_are_the_same_both_ways(make, role):
    both = make(), make()
    said = []
    for records, is_quick in zip(both, (True, False), strict=True):
        with pytest.MonkeyPatch.context() as patch:
            if not is_quick:
                thorough(patch)
            answers = [
                records("PUT", f"/v1/sites/{name}", role, json=body, headers=headers)
                for name, body, headers in WRITES
            ]
        said.append([same_of_two_stores(one) for one in answers])
        with records.store() as store:
            said[-1].append(store.read("sites").drop_columns(["updated_at"]).to_pylist())
    assert said[0] == said[1]
    statuses = {one[0] for one in said[0][:-1]}
    if role in {"integration", "operator"}:
        assert statuses == {200, 201, 409, 412, 422}
    else:
        assert statuses <= {401, 403, 422}


def same_of_two_stores(answer):
    """Return what an answer says of a write, but for the epoch of its store."""
    text = re.sub("[0-9a-f]{32}-", "", repr(told(answer)))
    return answer.status_code, text
