"""Gap areas held to brute force on the ellipsoid, and to places worked by hand."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer
from shapely import box
from test_coverage import plain_ground
from test_coverage.towns import people_frame, supply_frame

import geo_match as gm
from geo_match.coverage import CoverageOptions
from geo_match.coverage.gap_areas.gap_areas import gap_areas
from geo_match.errors import ArgumentError, RadiusError

GEOD = Geod(ellps="WGS84")
LON, LAT = 117.37, 32.93
STEP = 0.0011
"""A lattice of about 100 m by 120 m: grounds of homes touch, overlap and lie apart."""
COLUMNS = [
    "kind",
    "code",
    "purpose",
    "people",
    "people_coarse",
    "people_outside",
    "rows",
    "communities",
    "nearest_m",
    "area_km2",
    "radius_m",
    "home_m",
    "tolerance_m",
    "release",
    "geometry",
]
COMMUNITIES = [
    {"code": "b", "area": box(LON - 1, LAT - 1, LON + 4.5 * STEP, LAT + 1).wkt},
    {"code": "a", "area": box(LON + 4.5 * STEP, LAT - 1, LON + 7.5 * STEP, LAT + 1).wkt},
]


def report_of(people, supply, communities=COMMUNITIES, **options):
    town = gm.Coverage(supply_frame(supply), communities, CoverageOptions(**options))
    return town.of(people_frame(people))


def person(lon, lat, number=0, **more):
    return {"id": f"P{number}", "lon": lon, "lat": lat, "weight": 1, **more}


def place(lon, lat, number=0, vacancies=1):
    return {"id": f"J{number}", "lon": lon, "lat": lat, "vacancies": vacancies}


def away(lon, lat, bearing, metres):
    return GEOD.fwd(lon, lat, bearing, metres)[:2]


@st.composite
def hamlets(draw, lon=LON, lat=LAT):
    spot = st.tuples(st.integers(0, 9), st.integers(0, 9))
    people = [
        person(lon + x * STEP, lat + y * STEP, number, weight=draw(st.integers(0, 4)))
        | {"location_accuracy_m": draw(st.sampled_from([None, 10.0, 9000.0]))}
        for number, (x, y) in enumerate(draw(st.lists(spot, max_size=14)))
    ]
    supply = [
        place(lon + x * STEP, lat + y * STEP, number, draw(st.sampled_from([0, 1, 3])))
        for number, (x, y) in enumerate(draw(st.lists(spot, max_size=8)))
    ]
    return people, supply


@settings(max_examples=30)
@given(
    hamlets(),
    st.sampled_from([0.0, 5.0, 60.0, 122.0, 250.0]),
    st.sampled_from([(150.0, 10.0), (60.0, 30.0), (40.0, 1.0)]),
)
def test_areas_are_where_brute_force_has_homes_and_nothing_else(town, radius_m, drawn):
    people, supply = town
    home_m, tolerance_m = drawn
    asked = {"radius_m": radius_m, "home_m": home_m, "tolerance_m": tolerance_m}
    report = report_of(people, supply, radius_m=radius_m)
    areas = gap_areas(report, home_m=home_m, tolerance_m=tolerance_m)
    plain_ground.assert_drawn(areas, people, supply, **asked)
    assert areas.columns.tolist() == COLUMNS
    for name, value in asked.items():
        assert (areas[name] == value).all()
    # All of them, and so the report's own: those with nothing in the circle, coarse ones too.
    gap = plain_ground.without(people, supply, radius_m)
    assert areas["people"].sum() == sum(row["weight"] for row in gap)
    told = report.totals()["reason_none_in_circle"]
    assert (areas["people"] - areas["people_coarse"]).sum() == told
    assert areas["people"].tolist() == sorted(areas["people"], reverse=True)
    by = list(zip(-areas["people"], areas["code"], strict=True))
    assert by == sorted(set(by))


@settings(max_examples=10)
@given(hamlets(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(town, random):
    people, supply = (list(rows) for rows in town)
    weights = people_frame(people)["weight"] * 0.1
    asked = pd.DataFrame(people_frame(people).assign(weight=weights))
    options = CoverageOptions(radius_m=122)
    before = gap_areas(gm.Coverage(supply_frame(supply), COMMUNITIES, options).of(asked))
    order = list(range(len(asked)))
    random.shuffle(order)
    random.shuffle(supply)
    town = gm.Coverage(supply_frame(supply), COMMUNITIES[::-1], options)
    after = gap_areas(town.of(asked.iloc[order]))
    pd.testing.assert_frame_equal(before, after)


@settings(max_examples=10)
@given(hamlets(), st.sampled_from([60.0, 250.0]))
def test_another_radius_is_that_of_a_report_with_it(town, radius_m):
    asked = gap_areas(report_of(*town), radius_m=radius_m)
    pd.testing.assert_frame_equal(asked, gap_areas(report_of(*town, radius_m=radius_m)))


def test_one_home_is_one_disc_of_known_area():
    (area,) = gap_areas(report_of([person(LON, LAT, weight=7)], [])).to_dict("records")
    assert area["kind"] == "gap_area"
    assert area["purpose"] == "drawing aid"
    assert area["release"] == "internal"
    assert (area["people"], area["rows"], area["communities"]) == (7, 1, "b")
    assert math.isnan(area["nearest_m"])
    west = away(LON, LAT, 270, 150)
    assert area["code"] == f"N{west[1]:.5f}E{west[0]:.5f}"
    corners = shapely.get_coordinates(area["geometry"])
    metres = plain_ground.distances([LON], [LAT], *corners.T)
    np.testing.assert_allclose(metres, 150.0, atol=1e-6)
    assert math.pi * 145**2 < area["area_km2"] * 1e6 < math.pi * 150**2


def test_homes_whose_grounds_touch_are_one_area_and_others_two():
    for apart, n in ((299.0, 1), (301.0, 2)):
        people = [person(LON, LAT), person(*away(LON, LAT, 0, apart), 1, weight=2)]
        areas = gap_areas(report_of(people, []))
        assert areas["people"].tolist() == ([3] if n == 1 else [2, 1])


def test_a_home_just_beyond_the_radius_has_an_area_and_one_on_it_has_none():
    for bearing in (0.0, 17.0, 90.0, 200.0):
        inside, outside = (away(LON, LAT, bearing, 3000.0 + more) for more in (-1e-6, 1e-6))
        people = [person(*inside), person(*outside, 1, weight=5)]
        (area,) = gap_areas(report_of(people, [place(LON, LAT)])).to_dict("records")
        assert (area["people"], area["rows"]) == (5, 1)
        assert 3000.0 < area["nearest_m"] < 3000.0 + 1e-5
        asked = {"radius_m": 3000.0, "home_m": 150.0, "tolerance_m": 10.0}
        drawn = gap_areas(report_of(people, [place(LON, LAT)]))
        plain_ground.assert_drawn(drawn, people, [place(LON, LAT)], **asked)


def test_an_island_with_a_home_stays_and_one_without_is_left_out():
    # Three circles leave a small triangle between them, and in it lives somebody.
    home = LON, LAT
    sites = [
        place(*away(*home, bearing, 100.5), number) for number, bearing in enumerate((0, 120, 240))
    ]
    areas = gap_areas(report_of([person(*home)], sites, radius_m=100.0), home_m=99.0)
    plain_ground.assert_drawn(
        areas, [person(*home)], sites, radius_m=100.0, home_m=99.0, tolerance_m=10.0
    )
    assert len(areas) == 1
    assert areas.geometry.iloc[0].geom_type == "Polygon"
    assert areas["area_km2"].iloc[0] < 0.001
    # Without it, the ground beyond the circles would be within 300 m of the home as well.
    assert gap_areas(report_of([person(*home)], sites, radius_m=100.0), home_m=300.0).shape[0] == 1


def test_people_are_told_by_where_they_live_and_how_well_it_is_known():
    people = [
        person(LON, LAT, 0, weight=1, location_accuracy_m=9000.0),
        person(LON + 5 * STEP, LAT, 1, weight=2),
        person(LON + 3 * STEP, LAT, 2, weight=4),
        person(LON + 8 * STEP, LAT, 3, weight=8),
        person(None, None, 4, weight=16, community="a"),
        person(LON, LAT + 0.1, 5, weight=0),
        person(LON + 2, LAT, 6, weight=32),
    ]
    areas = gap_areas(report_of(people, []), home_m=300)
    assert areas["people"].tolist() == [32, 15]
    assert areas["people_outside"].tolist() == [32, 8]
    assert areas["people_coarse"].tolist() == [0, 1]
    assert areas["rows"].tolist() == [1, 4]
    assert areas["communities"].tolist()[1] == "a; b"
    assert pd.isna(areas["communities"][0])


def test_stations_count_as_places_whatever_their_vacancies():
    people, supply = [person(LON, LAT)], [place(LON, LAT, vacancies=0)]
    assert gap_areas(report_of(people, supply, count="places")).empty
    assert len(gap_areas(report_of(people, supply))) == 1


@pytest.mark.parametrize("people", [[], [person(LON, LAT)], [person(None, None)]])
def test_without_a_gap_there_are_all_columns_and_no_row(people):
    empty = gap_areas(report_of(people, [place(LON, LAT)]))
    full = gap_areas(report_of([person(LON, LAT)], []))
    assert empty.empty
    assert empty.crs == full.crs == 4326
    assert empty.columns.tolist() == COLUMNS
    names = ["people", "people_coarse", "rows", "nearest_m", "area_km2", "radius_m"]
    assert empty.dtypes[names].tolist() == full.dtypes[names].tolist()


def test_across_180_degrees_areas_go_on_and_are_drawn_in_parts():
    def town(lon):
        def at(metres):
            return away(lon, LAT, 90, metres)

        people = [person(*at(-100)), person(*at(100), 1), person(*at(330), 2), person(*at(-9e5), 3)]
        return people, [place(*away(lon, LAT, 0, 250)), place(*at(3e5), 1)]

    asked = {"radius_m": 220.0, "home_m": 150.0, "tolerance_m": 10.0}
    there = gap_areas(report_of(*town(180.0), radius_m=220))
    here = gap_areas(report_of(*town(0.0), radius_m=220))
    assert there["people"].tolist() == here["people"].tolist() == [3, 1]
    np.testing.assert_allclose(there["area_km2"], here["area_km2"], rtol=1e-9)
    plain_ground.assert_drawn(there, *town(180.0), **asked)
    plain_ground.assert_drawn(here, *town(0.0), **asked)
    across = there.geometry.iloc[0]
    assert across.geom_type == "MultiPolygon"
    assert across.bounds[0] == -180.0
    assert across.bounds[2] == 180.0
    west = away(180.0, LAT, 270, 250)
    assert there["code"].iloc[0] == f"N{west[1]:.5f}E{west[0]:.5f}"


def test_homes_all_around_the_earth_have_an_area_each():
    people = [person(lon - 1.0, -45.0, at) for at, lon in enumerate(range(-150, 210, 30))]
    areas = gap_areas(report_of(people, [], []))
    assert areas["people"].tolist() == [1] * 12
    assert areas.geometry.iloc[0].bounds[1] < -45.0
    assert {code[0] for code in areas["code"]} == {"S"}
    plain_ground.assert_drawn(areas, people, [], radius_m=3000.0, home_m=150.0, tolerance_m=10.0)


def test_far_north_areas_are_drawn_up_to_84_degrees_and_refused_beyond():
    people, supply = [person(20.0, 83.99)], [place(*away(20.0, 83.99, 0, 200_050.0))]
    asked = {"radius_m": 200_000.0, "home_m": 9000.0, "tolerance_m": 10.0}
    report = report_of(people, supply, [], radius_m=200_000, max_distance_m=200_000)
    areas = gap_areas(report, home_m=9000.0)
    plain_ground.assert_drawn(areas, people, supply, **asked)
    people.append(person(20.0, 84.01, 1))
    report = report_of(people, supply, [], radius_m=3000)
    with pytest.raises(ArgumentError, match=r"`report` must have nobody beyond 84° .* got 1 such"):
        gap_areas(report)


def test_areas_on_the_ellipsoid_are_those_of_an_equal_area_map():
    rng = np.random.default_rng(3)
    people = [
        person(LON + x, LAT + y, at) for at, (x, y) in enumerate(rng.uniform(0, 0.02, (60, 2)))
    ]
    areas = gap_areas(report_of(people, [place(LON, LAT)], radius_m=1500), home_m=200)
    to_map = Transformer.from_crs(4326, 6933, always_xy=True)
    for km2, shape in zip(areas["area_km2"], areas.geometry, strict=True):
        flat = shapely.transform(
            shape.segmentize(1e-4), lambda xy: np.column_stack(to_map.transform(*xy.T))
        )
        assert km2 == pytest.approx(flat.area / 1e6, rel=1e-5)


def test_two_areas_with_one_corner_have_codes_of_their_own():
    # Their grounds are cut apart by a circle whose centre lies between them, west of both.
    homes = [away(LON, LAT, bearing, 0.6) for bearing in (0, 180)]
    people = [person(*home, at) for at, home in enumerate(homes)]
    report = report_of(people, [place(LON, LAT)], radius_m=0.55)
    areas = gap_areas(report, home_m=0.7, tolerance_m=0.1)
    assert areas["people"].sum() == 2
    assert areas["code"].is_unique


def test_the_gap_areas_of_the_city_add_up_to_its_report(shipped_city):
    households = gpd.read_parquet(shipped_city / "households.parquet", columns=["id", "geometry"])
    stations = gpd.read_parquet(shipped_city / "stations.parquet", columns=["id", "geometry"])
    areas = gpd.read_parquet(shipped_city / "communities.parquet", columns=["code", "geometry"])
    report = gm.Coverage(stations, areas, CoverageOptions(radius_m=1500)).of(households)
    drawn = gap_areas(report)
    totals = report.totals()
    assert len(drawn) > 10
    assert drawn["people"].sum() == totals["located"] - totals["reached"] > 1000
    assert shapely.is_valid(drawn.geometry.to_numpy()).all()
    assert (drawn["nearest_m"] > 1500).all()
    # No two overlap, and each community that has somebody in the gap is named.
    shapes = drawn.geometry.to_numpy()
    joined = shapely.area(shapely.union_all(shapes))
    assert joined == pytest.approx(shapely.area(shapes).sum(), rel=1e-9)
    people = report.people
    in_gap = people[(people["in_reach"] == 0).fillna(value=False)]
    named = {code for codes in drawn["communities"].dropna() for code in codes.split("; ")}
    assert named == set(in_gap["community"].dropna())


@pytest.mark.parametrize(
    ("asked", "error", "told"),
    [
        (
            {"home_m": 19.9},
            ArgumentError,
            r"`home_m` must be from twice `tolerance_m` \(10\) to 10,000",
        ),
        ({"home_m": 10_001}, ArgumentError, "`home_m` must be from twice .* got 10001"),
        ({"home_m": None}, ArgumentError, "`home_m` must be .* got None"),
        (
            {"tolerance_m": 0.0},
            ArgumentError,
            "`tolerance_m` must be from 0.1 to 5,000 metres, got 0",
        ),
        ({"tolerance_m": True}, ArgumentError, "`tolerance_m` must be .* got True"),
        ({"tolerance_m": math.nan}, ArgumentError, "`tolerance_m` must be .* got nan"),
        (
            {"radius_m": "3"},
            ArgumentError,
            "`radius_m` must be a number of metres, or None, got '3'",
        ),
        ({"radius_m": -1.0}, RadiusError, "`radius_m` must be between 0 and 200,000 metres"),
    ],
)
def test_what_cannot_be_drawn_is_named(asked, error, told):
    with pytest.raises(error, match=told):
        gap_areas(report_of([person(LON, LAT)], []), **asked)


def test_only_a_report_has_gap_areas():
    rows = report_of([person(LON, LAT)], []).by("community")
    with pytest.raises(ArgumentError, match="`report` must be a CoverageReport, got GeoDataFrame"):
        gap_areas(rows)
