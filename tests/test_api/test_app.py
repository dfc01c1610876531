"""The resources: jobs against brute force, what counts as a value, and health."""

from __future__ import annotations

import asyncio

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from api.access.gate import Gate
from api.app import create_app
from api.jobs.of_file import JobIndex
from api.jobs.schemas import Job
from api.parameters import MAX_RADIUS_M
from api.settings import SHIPPED_SITES, Settings
from geo_match import _validate
from geo_match.store import StoreError

GEOD = Geod(ellps="WGS84")
SHIPPED = gpd.read_parquet(SHIPPED_SITES)
LEFT = (SHIPPED["vacancies"].astype("Int64") - SHIPPED["filled"]).rename("left")
CITY = SHIPPED.assign(left=LEFT)[
    (SHIPPED["employer_licence"] == "verified") & ~(LEFT == 0).fillna(value=False)
].reset_index(drop=True)
LON, LAT = CITY.geometry.x.to_numpy(), CITY.geometry.y.to_numpy()

near_lon = st.floats(117.28, 117.46)
near_lat = st.floats(32.88, 33.01)
NO_JOB = dict.fromkeys(Job.__dataclass_fields__)


def jobs_by_brute_force(lon, lat, radius_m):
    """Positions and distances of the jobs inside, nearest first, then in the order of the file."""
    here = np.full(len(CITY), lon), np.full(len(CITY), lat)
    distance_m = GEOD.inv(*here, LON, LAT)[2]
    inside = np.flatnonzero(distance_m <= radius_m)
    nearest = inside[np.argsort(distance_m[inside], kind="stable")]
    return nearest, distance_m[nearest]


@given(lon=near_lon, lat=near_lat, radius_m=st.floats(0, 15_000), limit=st.integers(0, 100))
def test_jobs_are_those_of_brute_force_nearest_first(ask_city, lon, lat, radius_m, limit):
    answer = ask_city(f"/v1/jobs?lon={lon}&lat={lat}&radius_m={radius_m}&limit={limit}").json()
    expected, distance_m = jobs_by_brute_force(lon, lat, radius_m)

    assert answer["total"] == len(expected)
    listed = answer["jobs"]
    assert len(listed) == min(limit, len(expected))
    for hit, position, exact_m in zip(listed, expected, distance_m, strict=False):
        assert hit["distance_m"] == pytest.approx(exact_m, abs=2e-6, rel=1e-6)
        assert hit["distance_m"] <= radius_m
        row = CITY.iloc[position]
        assert hit["job"]["id"] == row["id"]
        assert hit["job"]["title"] == row["title"]
        assert hit["job"]["employer"] == row["employer"]
    stated = CITY["left"].iloc[expected].dropna()
    assert answer["vacancies_total"] == stated.sum()
    assert answer["vacancies_unstated"] == len(expected) - len(stated)
    assert answer["invented"] is True


@given(lon=near_lon, lat=near_lat, radii=st.tuples(st.floats(0, 200_000), st.floats(0, 200_000)))
def test_totals_never_fall_with_the_radius(ask_city, lon, lat, radii):
    small, large = (
        ask_city(f"/v1/jobs?lon={lon}&lat={lat}&radius_m={radius_m}&limit=0").json()
        for radius_m in sorted(radii)
    )
    for figure in ("total", "vacancies_total", "vacancies_unstated"):
        assert small[figure] <= large[figure]


def test_a_hit_carries_the_job_its_site_the_distance_and_its_basis(ask):
    hits = ask("/v1/jobs?lon=117.39&lat=32.92&radius_m=500").json()["jobs"]
    assert hits == [
        {
            "job": NO_JOB | {"id": "J3", "title": "保安员", "vacancies": 0, "employer": "示例物业"},
            "site": {"id": "S2", "name": "示例路2号", "lon": 117.39, "lat": 32.92, "address": None},
            "distance_m": 0.0,
            "basis": "geodesic",
            "on_foot": None,
        }
    ]


def test_jobs_at_one_distance_stand_in_the_order_of_their_ids(ask):
    hits = ask("/v1/jobs?lon=117.381&lat=32.92&radius_m=200").json()["jobs"]
    assert [hit["job"]["id"] for hit in hits] == ["J1", "J2", "J5"]


def test_vacancies_not_stated_are_null_and_counted_apart_from_zero(ask):
    answer = ask("/v1/jobs?lon=117.385&lat=32.92").json()
    by_id = {hit["job"]["id"]: hit["job"]["vacancies"] for hit in answer["jobs"]}
    assert by_id == {"J1": 2, "J2": None, "J3": 0, "J4": 5, "J5": 1}
    assert (answer["total"], answer["vacancies_total"], answer["vacancies_unstated"]) == (5, 8, 1)


def test_a_row_with_nothing_but_a_place_is_a_job_of_nulls_at_its_own_site(ask):
    hit = ask("/v1/jobs?lon=117.6&lat=33.09&radius_m=0").json()["jobs"][0]
    assert hit["job"] == NO_JOB | {"id": "J7"}
    assert hit["site"] == {"id": "J7", "name": None, "lon": 117.6, "lat": 33.09, "address": None}


def test_the_query_is_repeated_with_its_defaults(ask):
    query = ask("/v1/jobs?lon=117.38&lat=32.92").json()["query"]
    assert {name: value for name, value in query.items() if value is not None} == {
        "lon": 117.38,
        "lat": 32.92,
        "radius_m": 3000.0,
        "limit": 20,
        "basis": "geodesic",
        "sort": "distance",
    }


def test_radius_0_finds_the_jobs_at_the_very_place(ask):
    assert ask("/v1/jobs?lon=117.38&lat=32.92&radius_m=0").json()["total"] == 3
    assert ask("/v1/jobs?lon=117.380001&lat=32.92&radius_m=0").json()["total"] == 0


def test_coordinate_0_is_a_place(ask):
    for zero in ("0", "-0.0", "0e9"):
        answer = ask(f"/v1/jobs?lon={zero}&lat=51.4779").json()
        assert [hit["job"]["id"] for hit in answer["jobs"]] == ["J6"]
    assert ask("/v1/jobs?lon=0&lat=0").json()["total"] == 0
    assert ask("/v1/jobs?lon=0&lat=32.92").json()["total"] == 0


def test_limit_0_asks_for_the_totals_alone(ask):
    answer = ask("/v1/jobs?lon=117.38&lat=32.92&limit=0").json()
    assert (answer["total"], answer["jobs"]) == (5, [])


def test_the_total_is_exact_however_few_are_listed(ask_city):
    listed = ask_city("/v1/jobs?lon=117.365&lat=32.925&radius_m=200000&limit=100").json()
    assert (listed["total"], len(listed["jobs"])) == (len(CITY), 100)


def test_the_largest_radius_is_the_librarys():
    assert MAX_RADIUS_M == _validate.MAX_RADIUS_M


def test_health_says_what_was_read(ask):
    assert ask("/healthz").json()["sites"] == {
        "file": "jobs.csv",
        "rows_read": 7,
        "rows_accepted": 7,
        "rows_withheld": 0,
        "rows_rejected": 0,
        "columns": {
            name: name for name in ("title", "vacancies", "employer", "site_id", "site_name")
        },
        "columns_not_used": [],
        "invented": None,
    }


def test_the_shipped_city_says_that_it_is_invented_and_withholds_the_unverified(ask_city):
    sites = ask_city("/healthz").json()["sites"]
    assert sites["invented"] is True
    assert sites["rows_read"] == len(SHIPPED)
    assert sites["rows_withheld"] == len(SHIPPED) - len(CITY) > 0


def steady(answer):
    """Return the headers but for what each request has of its own."""
    own = {"x-request-id", "server-timing", "ratelimit", "content-length"}
    return {name: value for name, value in answer.headers.items() if name not in own}


@pytest.mark.parametrize("path", ["/healthz", "/v1/jobs?lon=117.38&lat=32.92", "/openapi.json"])
def test_head_is_answered_like_get_without_the_body(ask, path):
    head, get = ask(path, method="HEAD"), ask(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]
    assert steady(head) == steady(get)


@pytest.mark.parametrize(
    ("target", "host", "status"),
    [
        ("/v1/jobs?lon=x", "localhost", 422),
        ("/nowhere", "localhost", 404),
        ("/healthz", "example.org", 421),
    ],
)
def test_head_meets_the_problems_that_get_meets(ask, target, host, status):
    head = ask(target, method="HEAD", host=host)
    assert (head.status_code, head.content) == (status, b"")
    assert steady(head) == steady(ask(target, host=host))


def test_no_answer_allows_another_origin(ask):
    answer = ask("/healthz", headers={"Origin": "https://example.org"})
    assert not [name for name in answer.headers if name.startswith("access-control")]


class Refusing:
    """Jobs that cannot be let go of."""

    def close(self):
        message = "the jobs stay"
        raise RuntimeError(message)


@pytest.fixture
def closed(monkeypatch):
    """Name what is closed from now on, in order."""
    names = []
    for kind in (JobIndex, Gate):
        really = kind.close

        def close(one, *, really=really):
            names.append(type(one).__name__)
            really(one)

        monkeypatch.setattr(kind, "close", close)
    return names


def run(app):
    """Let a server of the application start, and end."""

    async def through():
        async with app.router.lifespan_context(app):
            pass

    asyncio.run(through())


def test_a_server_that_ends_lets_go_of_all(closed):
    run(create_app(Settings()))
    assert sorted(closed) == ["Gate", "JobIndex"]


def test_the_gate_is_closed_also_if_the_jobs_cannot_be(closed, monkeypatch):
    monkeypatch.setattr(JobIndex, "close", Refusing.close)
    with pytest.raises(RuntimeError, match="the jobs stay"):
        run(create_app(Settings()))
    assert closed == ["Gate"]


def test_the_jobs_are_closed_if_the_gate_does_not_open(closed, monkeypatch):
    def fail(*_, **__):
        raise StoreError("a.db", "open", "none")

    monkeypatch.setattr(Gate, "open", fail)
    with pytest.raises(StoreError, match=r"`a\.db` must open"):
        create_app(Settings())
    assert closed == ["JobIndex"]


def test_a_page_that_would_need_the_internet_is_off(ask):
    assert [ask(path).status_code for path in ("/docs", "/redoc")] == [200, 404]
    assert "https://" not in ask("/docs").text
