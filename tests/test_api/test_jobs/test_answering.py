"""Jobs that are asked for: held against brute force by Karney's geodesics, filters and all."""

from __future__ import annotations

import base64
import json
from types import SimpleNamespace
from urllib.parse import parse_qsl

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from test_api.test_jobs.conftest import BARE, CODE, FORMER, LAT, LON, SERVED

from api.jobs.answering import find
from api.jobs.origins import origin_of
from api.jobs.places import Community
from api.jobs.postings import Pay
from api.jobs.query import JobsQuery
from geo_match.errors import ArgumentError
from geo_match.matching.criteria.conditions import _pay

GEOD = Geod(ellps="WGS84")
LEVELS = ["primary", "junior", "senior", "college", "bachelor", "master"]
MONTHS = {"month": 1.0, "day": 21.75, "hour": 174.0}
RINGS = (500, 1_000, 2_000, 3_000, 5_000, 10_000)

filters = st.fixed_dictionaries(
    {},
    optional={
        "occupation": st.sampled_from(["4", "401", "4-01-01", "40102", "6", "9"]),
        "job_type": st.sampled_from(["ordinary", "flexible", "public_welfare"]),
        "wage_floor_cny": st.sampled_from([0, 2_610, 3_000.5, 3_480, 7_000]),
        "education": st.sampled_from(["primary", "junior", "vocational", "senior", "master"]),
        "employer_id": st.sampled_from(["E1", "E2", "E3"]),
        "site_id": st.sampled_from(["W1", "W2", "J001", "nowhere"]),
    },
)
points = st.tuples(st.floats(LON - 0.02, LON + 0.02), st.floats(LAT - 0.02, LAT + 0.02))
radii = st.one_of(st.sampled_from([0, *RINGS, 200_000]), st.floats(0, 15_000))
sorts = st.sampled_from(["distance", "wage", "date"])


def level(name):
    return LEVELS.index("senior" if name == "vocational" else name)


def passes(job, asked):
    """Say whether a job passes filters, in plain words."""
    factor = MONTHS.get(job["wage_unit"])
    high = job["wage_high_cny"]
    rules = {
        "occupation": lambda v: (job["occupation"] or "").startswith(v.replace("-", "")),
        "job_type": lambda v: job["job_type"] == v,
        "wage_floor_cny": lambda v: factor is not None and (high is None or high * factor >= v),
        "education": lambda v: not job["education_min"] or level(job["education_min"]) <= level(v),
        "employer_id": lambda v: job["employer_id"] == v,
        "site_id": lambda v: (job["site_id"] or job["id"]) == v,
    }
    return all(rules[name](value) for name, value in asked.items())


def far(job, place):
    return GEOD.inv(*place, job["lon"], job["lat"])[2]


def rank(job, sort, distance_m):
    """Give where a job stands in an order."""
    if sort == "wage":
        stated = job["wage_high_cny"] if job["wage_low_cny"] is None else job["wage_low_cny"]
        # Nobody knows the month of flexible work by the hour, whose hours are not stated here.
        is_known = (job["wage_unit"], job["job_type"]) != ("hour", "flexible")
        value = -stated * MONTHS[job["wage_unit"]] if is_known and stated is not None else None
    else:
        day = job["opened_on"]
        value = 0 if sort == "distance" else None if day is None else -day.toordinal()
    return (value is None, value or 0, round(distance_m, 4), job["id"])


def wanted(place, radius_m, asked, sort="distance"):
    """Give the jobs that are to be found, in order."""
    found = [(job, far(job, place)) for job in SERVED if passes(job, asked)]
    found = [(job, metres) for job, metres in found if metres <= radius_m]
    return [job for job, _ in sorted(found, key=lambda one: rank(one[0], sort, one[1]))]


def asked_of(city, place, **given):
    """Ask without the application around, as its route does."""
    lon, lat = place
    query = {name: str(value) for name, value in {"lon": lon, "lat": lat, **given}.items()}
    return json.loads(find(JobsQuery.model_validate(query), city.now()).json())


def walk(city, place, limit, **given):
    """Give the pages of a request, as their `next` links lead."""
    pages = [asked_of(city, place, limit=limit, **given)]
    while pages[-1]["next"] is not None:
        query = dict(parse_qsl(pages[-1]["next"].partition("?")[2]))
        place = float(query.pop("lon")), float(query.pop("lat"))
        pages.append(asked_of(city, place, **query))
    return pages


def names(told):
    return [hit["job"]["id"] for hit in told["jobs"]]


@given(place=points, radius_m=radii, asked=filters, sorted_to=st.tuples(sorts, st.integers(0, 100)))
@settings(max_examples=60)
def test_the_jobs_are_those_of_brute_force_in_the_order_asked(
    city, place, radius_m, asked, sorted_to
):
    sort, limit = sorted_to
    told = asked_of(city, place, radius_m=radius_m, sort=sort, limit=limit, **asked)
    expected = wanted(place, radius_m, asked, sort)
    assert told["total"] == len(expected)
    assert told["vacancies_total"] == sum(job["vacancies"] or 0 for job in expected)
    assert told["vacancies_unstated"] == sum(job["vacancies"] is None for job in expected)
    assert names(told) == [job["id"] for job in expected[:limit]]
    for hit, job in zip(told["jobs"], expected, strict=False):
        assert hit["distance_m"] == pytest.approx(far(job, place), abs=1e-5, rel=1e-6)
        assert hit["distance_m"] <= radius_m
        assert hit["basis"] == "geodesic"


@given(place=points, both=st.tuples(radii, radii), asked=filters)
@settings(max_examples=30)
def test_totals_never_fall_as_the_radius_grows(city, place, both, asked):
    small, large = (
        asked_of(city, place, radius_m=one, limit=0, **asked)["total"] for one in sorted(both)
    )
    assert small <= large


@given(place=points, radius_m=radii, asked=filters, sorted_to=st.tuples(sorts, st.integers(1, 100)))
@settings(max_examples=25)
def test_pages_have_every_job_once_and_the_same_total_each(city, place, radius_m, asked, sorted_to):
    sort, limit = sorted_to
    given_ = {"radius_m": radius_m, "sort": sort, **asked}
    pages = walk(city, place, limit, **given_)
    expected = wanted(place, radius_m, asked, sort)
    assert [name for page in pages for name in names(page)] == [job["id"] for job in expected]
    assert {page["total"] for page in pages} == {len(expected)}
    assert len(pages) == max(1, -(-len(expected) // limit))


@given(place=points, radius_m=radii, asked=filters, sort=sorts)
@settings(max_examples=25)
def test_facets_ignore_their_own_filter_and_add_up(city, place, radius_m, asked, sort):
    given_ = {"radius_m": radius_m, "facets": "occupation,distance,job_type", **asked}
    told = asked_of(city, place, limit=0, sort=sort, **given_)
    for name, of in (
        ("job_type", lambda job: job["job_type"]),
        ("occupation", lambda job: (job["occupation"] or "普")[0].replace("普", "") or None),
    ):
        others = {one: value for one, value in asked.items() if one != name}
        expected = wanted(place, radius_m, others)
        counted = {
            each["value"]: (each["jobs"], each["vacancies"]) for each in told["facets"][name]
        }
        assert sum(jobs for jobs, _ in counted.values()) == len(expected)
        for value, (jobs, vacancies) in counted.items():
            mine = [job for job in expected if of(job) == value]
            assert (jobs, vacancies) == (len(mine), sum(job["vacancies"] or 0 for job in mine))
    rings = told["facets"]["distance"]
    assert [ring["over_m"] for ring in rings] == [None, *(ring["to_m"] for ring in rings[:-1])]
    for end in RINGS:
        inside = sum(ring["jobs"] for ring in rings if ring["to_m"] <= end)
        assert inside == len(wanted(place, end, asked))
        assert inside == asked_of(city, place, radius_m=end, limit=0, **asked)["total"]


def test_a_ring_that_ends_at_a_job_has_it(city, monkeypatch):
    job = next(one for one in SERVED if 1_500 < far(one, (LON, LAT)) < 3_000)
    end = far(job, (LON, LAT))
    monkeypatch.setattr("api.jobs.facets.RING_ENDS_M", (np.nextafter(end, 0), end, 1e4))
    rings = asked_of(city, (LON, LAT), limit=0, facets="distance")["facets"]["distance"]
    at = [one for one in SERVED if far(one, (LON, LAT)) == end]
    assert rings[1]["jobs"] == len(at)
    assert asked_of(city, (LON, LAT), limit=0, radius_m=end)["total"] == rings[0]["jobs"] + len(at)


def test_facets_name_what_they_count_in_chinese(city):
    facets = asked_of(city, (LON, LAT), facets="job_type,occupation")["facets"]
    named = {one["value"]: one["name"] for one in facets["job_type"] + facets["occupation"]}
    assert (named["flexible"], named[None]) == ("灵活就业", None)
    assert "商业" in named["4"]
    assert facets["distance"] is None
    assert asked_of(city, (LON, LAT))["facets"] is None


def test_a_community_is_asked_around_from_its_edge(city):
    told = city.ask(f"/v1/jobs?community={CODE}&radius_m=700&limit=100").json()
    west, east, south, north = 117.36, 117.39, 32.91, 32.93

    def edge_m(job):
        """Measure to the nearest of many places of the border, of which none is 4 m off another."""
        lon, lat = job["lon"], job["lat"]
        if west <= lon <= east and south <= lat <= north:
            return 0.0
        along, up = np.linspace(west, east, 1_500), np.linspace(south, north, 1_500)
        lons = np.concatenate([along, along, np.full(1_500, west), np.full(1_500, east)])
        lats = np.concatenate([np.full(1_500, south), np.full(1_500, north), up, up])
        return GEOD.inv(np.full(6_000, lon), np.full(6_000, lat), lons, lats)[2].min()

    expected = {job["id"]: edge_m(job) for job in SERVED}
    expected = {name: metres for name, metres in expected.items() if metres <= 700}
    found = {hit["job"]["id"]: hit["distance_m"] for hit in told["jobs"]}
    assert found == pytest.approx(expected, abs=2)
    assert {hit["basis"] for hit in told["jobs"]} == {"area_edge"}
    assert 0.0 in found.values()
    assert max(found.values()) > 0
    assert told["origin"] == {
        "kind": "community",
        "id": CODE,
        "name": "示例社区",
        "lon": None,
        "lat": None,
        "basis": "area_edge",
    }
    former = city.ask(f"/v1/jobs?community={FORMER}&radius_m=700&limit=100").json()
    assert former["origin"] == told["origin"]
    assert former["jobs"] == told["jobs"]
    far_away = city.ask(f"/v1/jobs?community={CODE}&radius_m=200000&limit=0").json()
    assert far_away["total"] == len(SERVED)


def test_the_old_code_of_a_community_that_was_split_is_not_guessed_at():
    area = "POLYGON ((117 32, 117.1 32, 117.1 32.1, 117 32))"
    parts = {"340302001003": FORMER, "340302001002": FORMER, "340302001004": CODE}
    known = {name: Community("示例社区", old, area) for name, old in parts.items()}
    asked = JobsQuery(community=FORMER, radius_m=100)
    both = r"`community` must be the code of one community, .* 340302001002, 340302001003\."
    with pytest.raises(ArgumentError, match=both):
        origin_of(asked, SimpleNamespace(communities=known))
    del known["340302001003"]
    assert origin_of(asked, SimpleNamespace(communities=known)).told.id == "340302001002"


def test_a_station_is_a_point(city):
    there = city.ask("/v1/jobs?station=ST1&limit=7").json()
    assert there["origin"]["name"] == "示例服务站"
    assert there["jobs"] == city.ask(f"/v1/jobs?lon={LON}&lat={LAT}&limit=7").json()["jobs"]


TOO_LARGE = base64.urlsafe_b64encode(f'["x",false,1{"0" * 400},0,"a"]'.encode()).decode()
"""A page's end whose rank is no float."""


@pytest.mark.parametrize(
    ("query", "parameter", "rule"),
    [
        ("community=340302001777", "community", "must be the code of a community that the store"),
        (f"community={BARE}", "community", "must be a community whose area the store has"),
        ("station=ST9", "station", "must be the id of a station that the store has"),
        ("station=ST2", "station", "must be a station whose place the store has"),
        ("lon=1&lat=1&station=ST1", "lon", "must be the only origin"),
        (f"station=ST1&community={CODE}", "community", "must be the only origin"),
        ("lon=1&station=ST1", "lon", "must be the only origin"),
        ("lon=0", "lat", "is required"),
        ("radius_m=5", "lon", "is required"),
        ("lon=1&lat=1&after=x", "after", "must be what `next` says"),
        ("lon=1&lat=1&after=bnVsbA", "after", "must be what `next` says"),
        (f"lon=1&lat=1&after={TOO_LARGE}", "after", "must be what `next` says"),
        ("lon=1&lat=1&facets=age", "facets", "must be some of job_type, occupation, distance"),
        ("lon=1&lat=1&occupation=40", "occupation", "must be a code of GB/T 6565-2009"),
        ("lon=1&lat=1&wage_floor_cny=1e999", "wage_floor_cny", "must be a number of CNY a month"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_its_name(city, query, parameter, rule):
    problem = city.ask.problem(f"/v1/jobs?{query}")
    assert problem["status"] == 422
    assert problem["errors"][0]["parameter"] == parameter
    assert problem["errors"][0]["detail"].startswith(rule)


def test_a_page_of_another_request_is_refused(city):
    link = asked_of(city, (LON, LAT), limit=2)["next"]
    other = link.replace("radius_m=3000.0", "radius_m=3001.0")
    (fault,) = city.ask.problem(other)["errors"]
    assert fault["parameter"] == "after"
    assert fault["detail"].startswith("must be the end of a page of the same request")
    assert city.ask(link.replace("limit=2", "limit=9")).status_code == 200


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("occupation=4", "occupation"),
        ("job_type=ordinary", "job_type"),
        ("wage_floor_cny=0", "wage_floor_cny"),
        ("education=junior", "education"),
        ("employer_id=E1", "employer_id"),
        ("sort=wage", "sort"),
        ("sort=date", "sort"),
        ("facets=job_type", "facets"),
    ],
)
def test_what_a_file_does_not_say_is_refused_and_not_ignored(ask, query, parameter):
    problem = ask.problem(f"/v1/jobs?lon=117.38&lat=32.92&{query}")
    assert problem["status"] == 422
    assert problem["errors"][0]["parameter"] == parameter
    assert "GEO_MATCH_STORE" in problem["errors"][0]["detail"]


def test_a_file_has_sites_rings_and_pages(ask):
    at = "/v1/jobs?lon=117.38&lat=32.92&radius_m=5000"
    assert ask(f"{at}&site_id=S1").json()["total"] == 3
    rings = ask(f"{at}&facets=distance").json()["facets"]["distance"]
    assert [ring["jobs"] for ring in rings] == [3, 1, 0, 1, 0, 0]
    first = ask(f"{at}&limit=2").json()
    second = ask(first["next"]).json()
    assert names(first) + names(second) == ["J1", "J2", "J5", "J3"]
    for query in (f"community={CODE}", "station=ST1", "min_cursor=" + "0" * 32 + "-1"):
        target = f"/v1/jobs?{query}" + ("&lon=1&lat=1" if "cursor" in query else "")
        assert ask.problem(target)["type"] == "urn:geo-match:problem:no-store"


@given(
    low=st.none() | st.floats(0, 9_000),
    high=st.none() | st.floats(0, 9_000),
    unit=st.sampled_from([None, "month", "day", "hour"]),
    beside=st.tuples(st.none() | st.floats(0, 60), st.sampled_from([None, "flexible"])),
    floor=st.floats(0, 9_000),
)
def test_a_floor_of_pay_is_judged_as_matching_judges_it(low, high, unit, beside, floor):
    names = ("wage_low_cny", "wage_high_cny", "wage_unit", "hours_per_week", "job_type")
    pay = Pay(low, high, unit, *beside)
    text, number = pa.string(), pa.float64()
    columns = zip(pay, (number, number, text, number, text), strict=True)
    jobs = pa.table([pa.array([value], kind) for value, kind in columns], names)
    span = _pay(jobs, None)
    is_told = np.isfinite(span.low[0])
    assert pay.may_reach(floor) == bool(is_told and span.high[0] >= floor)
