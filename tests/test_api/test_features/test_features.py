"""Features as they are answered: what they say, where they lie, which are found."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import h3
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from test_api.test_features.conftest import (
    COMMUNITIES,
    LAT,
    LON,
    NAMES,
    STATIONS,
    STEP,
    link,
    release,
    shape,
    table,
)

from api.features.published import cells_of
from geo_match.store import Store

OPEN_STATIONS = {one["id"]: one for one in STATIONS if one["closed_on"] is None}
EDGES_LON = st.sampled_from([-180.0, -179.93, LON, LON + 0.01, LON + 0.08, 179.99, 180.0])
EDGES_LAT = st.sampled_from([-90.0, LAT, LAT + 0.01, LAT + 0.07, 90.0])
INVALID = "urn:geo-match:problem:invalid-parameters"


def test_stations_are_those_of_the_store_that_are_open(land):
    told = land.items("stations")
    assert told["numberMatched"] == told["numberReturned"] == len(OPEN_STATIONS)
    assert [one["id"] for one in told["features"]] == sorted(OPEN_STATIONS)
    for one in told["features"]:
        kept = OPEN_STATIONS[one["id"]]
        place = None if kept["lon"] is None else [kept["lon"], kept["lat"]]
        assert (one["geometry"] or {"coordinates": None})["coordinates"] == place
        for name in ("name", "kind", "staff", "community"):
            assert one["properties"][name] == kept[name]


def test_communities_have_their_areas_as_they_were_written_counter_clockwise(land):
    told = land.items("communities")["features"]
    assert [one["id"] for one in told] == [one["id"] for one in COMMUNITIES]
    for one, kept in zip(told, COMMUNITIES, strict=True):
        area = shape(one)
        assert one["properties"]["name"] == kept["name"]
        if "area" not in kept:
            assert area is None
            continue
        assert area.geom_type == "MultiPolygon"
        assert area.equals(shapely.from_wkt(kept["area"]))
        assert all(part.exterior.is_ccw for part in area.geoms)


def test_sites_have_the_jobs_that_v1_jobs_serves(land):
    around = f"/v1/jobs?lon={LON}&lat={LAT}&radius_m=200000&limit=100"
    jobs = land.ask(around).json()
    at_site = defaultdict(list)
    for hit in jobs["jobs"]:
        at_site[hit["site"]["id"]].append(hit)
    told = land.items("sites")["features"]
    assert [one["id"] for one in told] == sorted(at_site)
    assert "W4" not in at_site  # whose employer is not verified
    assert sum(one["properties"]["jobs"] for one in told) == jobs["total"]
    for one in told:
        hits, its = at_site[one["id"]], one["properties"]
        assert one["geometry"]["coordinates"] == [hits[0]["site"]["lon"], hits[0]["site"]["lat"]]
        left = [hit["job"]["vacancies"] for hit in hits]
        assert its["jobs"] == len(hits)
        assert its["vacancies"] == sum(filter(None, left))
        assert its["vacancies_unstated"] == left.count(None)
        employers = {hit["job"]["employer_id"] for hit in hits}
        assert its["employers"] == len(employers)
        assert its["employer_id"] == (employers.pop() if len(employers) == 1 else None)
        assert (its["employer"] is None) == (its["employer_id"] is None)
        assert its["name"] == hits[0]["site"]["name"]


def test_coverage_has_the_figures_that_v1_coverage_tells(land):
    told = {one["id"]: one["properties"] for one in land.items("coverage")["features"]}
    for radius_m in (1000, 2000, 3000, 5000):
        rows = land.ask(f"/v1/coverage?radius_m={radius_m}").json()["rows"]
        rows = {row["code"]: row for row in rows if row["kind"] == "community"}
        assert rows.keys() == told.keys()
        for code, row in rows.items():
            assert told[code][f"reached_{radius_m}m"] == row["reached"]
            assert told[code][f"reached_share_{radius_m}m"] == row["reached_share"]
            assert (told[code]["people"], told[code]["located"]) == (row["people"], row["located"])
            if radius_m == 3000:
                assert told[code]["below"] == row["below"]


def test_gaps_are_those_that_v1_gaps_draws(land):
    drawn = land.ask("/v1/gaps").json()
    told = land.items("gaps")["features"]
    assert {one["id"] for one in told} == {one["id"] for one in drawn["features"]}
    assert told
    areas = {one["id"]: shape(one) for one in drawn["features"]}
    for one in told:
        assert shapely.area(shapely.symmetric_difference(shape(one), areas[one["id"]])) < 1e-12
        assert one["properties"]["on"] == drawn["on"]
        assert one["properties"]["radius_m"] == 3000.0


def test_cells_have_the_figures_that_v1_coverage_tells_and_lie_where_h3_says(land):
    rows = land.ask("/v1/coverage?by=h3").json()["rows"]
    rows = {row["code"]: row for row in rows if row["kind"] == "h3"}
    told = land.items("cells")["features"]
    assert {one["id"] for one in told} == rows.keys()
    for one in told:
        its, row = one["properties"], rows[one["id"]]
        for name in ("located", "reached", "reached_share"):
            assert its[name] == row[name]
        middle = shape(one).centroid
        assert h3.latlng_to_cell(middle.y, middle.x, 8) == one["id"]
    assert None in {one["properties"]["located"] for one in told}


def test_a_release_without_cells_has_none():
    held = release("no cursor")
    rows = {name: one for name, one in held.rows.items() if name != "h3"}
    assert cells_of(replace(held, rows=rows)).bounds is None
    assert cells_of(held).bounds is not None


@given(st.tuples(EDGES_LON, EDGES_LON), st.tuples(EDGES_LAT, EDGES_LAT), st.booleans())
def test_a_box_finds_what_touches_it_also_across_the_antimeridian(land, lons, lats, with_heights):
    (west, east), (south, north) = lons, sorted(lats)
    edges = [west, south, -5, east, north, 5] if with_heights else [west, south, east, north]
    found = land.ids("stations", bbox=",".join(map(str, edges)))

    def is_inside(lon, lat):
        across = lon >= west or lon <= east if west > east else west <= lon <= east
        return across and south <= lat <= north

    assert found == sorted(
        name
        for name, one in OPEN_STATIONS.items()
        if one["lon"] is not None and is_inside(one["lon"], one["lat"])
    )


@given(
    st.floats(LON - STEP, LON + 4 * STEP),
    st.floats(LAT - STEP, LAT + 3 * STEP),
    st.floats(1e-4, STEP),
    st.floats(1e-4, STEP),
)
def test_a_box_finds_areas_by_their_very_shapes(land, west, south, width, height):
    found = land.ids("communities", bbox=f"{west!r},{south!r},{west + width!r},{south + height!r}")
    box = shapely.box(west, south, west + width, south + height)
    assert found == [
        one["id"]
        for one in COMMUNITIES
        if "area" in one and shapely.from_wkt(one["area"]).intersects(box)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_property_finds_those_that_have_its_value(land, name):
    whole = land.items(name)["features"]
    asked = {
        (its, value)
        for one in whole[:12]
        for its, value in one["properties"].items()
        if value is not None and not isinstance(value, float)
    }
    assert asked
    for its, value in asked:
        expected = [one["id"] for one in whole if one["properties"][its] == value]
        assert land.ids(name, **{its: value}) == expected


def test_all_that_is_asked_has_to_hold(land):
    box, kind = f"{LON},{LAT},{LON + 0.02},{LAT + 0.02}", "street"
    both = set(land.ids("stations", bbox=box)) & set(land.ids("stations", kind=kind))
    assert both
    assert land.ids("stations", bbox=box, kind=kind) == sorted(both)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("limit", [1, 4, 1_000_000_000_000])
def test_pages_have_each_feature_once(land, name, limit):
    pages = list(land.walk(name, limit=limit))
    total = land.items(name)["numberMatched"]
    ids = [one["id"] for page in pages for one in page["features"]]
    assert ids == land.ids(name)
    assert len(set(ids)) == len(ids) == total
    for page in pages:
        assert page["numberMatched"] == total
        assert page["numberReturned"] == len(page["features"]) <= limit
        assert page["numberReturned"] > 0


def test_pages_keep_what_was_asked(land):
    kept = {"bbox": f"{LON},{LAT},{LON + 1},{LAT + 1}", "name": "示例“分”站"}
    ids = [one["id"] for page in land.walk("stations", limit=2, **kept) for one in page["features"]]
    assert ids == land.ids("stations", **kept)
    assert len(ids) > 2


def test_an_offset_leaves_out_the_first(land):
    assert land.ids("stations", offset=7, limit=5) == land.ids("stations")[7:12]
    beyond = land.items("stations", offset=10_000)
    assert beyond["features"] == []
    assert beyond["numberMatched"] == len(OPEN_STATIONS)
    assert link(beyond, "next") is None


def test_what_is_written_between_two_pages_makes_nothing_come_twice(own_land):
    pages = own_land.walk("stations", limit=10)
    ids = [one["id"] for one in next(pages)["features"]]
    with Store.open(own_land.path) as store:  # in front of the page that comes
        store.put("stations", table("stations", [{"id": "0", "lon": LON, "lat": LAT}]))
        store.remove("stations", [ids[-1]])
    ids += [one["id"] for page in pages for one in page["features"]]
    assert ids == sorted(OPEN_STATIONS)
    assert "0" in own_land.ids("stations")


def test_what_changes_is_told_at_once_and_made_anew_only_where_it_changes(own_land):
    made = own_land.ask.app.state.features.makings
    assert own_land.ids("communities", name="改名社区") == []
    own_land.items("stations")
    before = made("communities"), made("stations")
    with Store.open(own_land.path) as store:
        store.put("communities", table("communities", [COMMUNITIES[0] | {"name": "改名社区"}]))
    assert own_land.ids("communities", name="改名社区") == [COMMUNITIES[0]["id"]]
    own_land.items("stations")
    assert (made("communities"), made("stations")) == (before[0] + 1, before[1])


@pytest.mark.parametrize(
    "moment",
    ["2026-01-01", "2026-01-01T00:00:00Z", "2026-01-01T08:00:00.5+08:00", "../2026-01-01T00:00:00Z",
     "2026-01-01T00:00:00Z/..", "2026-01-01/2026-02-01", "/2026-01-01", "../.."],
)  # fmt: skip
def test_every_moment_finds_what_has_no_time_of_its_own(land, moment):
    assert land.ids("stations", datetime=moment) == land.ids("stations")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("bbox=1,2,3", {"bbox"}),
        ("bbox=1,2,3,4,5", {"bbox"}),
        ("bbox=1,3,2,2", {"bbox"}),
        ("bbox=1,2,181,4", {"bbox"}),
        ("bbox=1,2,1e999,4", {"bbox"}),
        ("bbox=nan,2,3,4", {"bbox"}),
        ("bbox=", {"bbox"}),
        ("limit=0", {"limit"}),
        ("limit=-1", {"limit"}),
        ("limit=ten", {"limit"}),
        ("limit=1&limit=2", {"limit"}),
        ("offset=-1", {"offset"}),
        ("datetime=yesterday", {"datetime"}),
        ("staff=three", {"staff"}),
        ("colour=red", {"colour"}),
        ("employer=E1", {"employer"}),  # which other features have
        ("crs=x&limit=0", {"crs", "limit"}),
    ],
)
def test_bad_parameters_are_400_as_the_standard_wants(land, query, names):
    problem = land.ask.problem(f"/ogc/collections/stations/items?{query}")
    assert (problem["status"], problem["type"]) == (400, INVALID)
    assert {fault["parameter"] for fault in problem["errors"]} == names


@pytest.mark.parametrize(
    "path",
    ["collections/people", "collections/people/items", "collections/people/items/1",
     "collections/stations/items/nobody", "collections/stations/items/"],
)  # fmt: skip
def test_what_is_not_there_is_404(land, path):
    assert land.ask.problem(f"/ogc/{path}")["status"] == 404


@pytest.mark.parametrize("path", ["", "/conformance", "/collections", "/collections/sites"])
def test_a_parameter_that_nobody_knows_is_400_everywhere(land, path):
    assert land.ask.problem(f"/ogc{path}?colour=red")["status"] == 400
