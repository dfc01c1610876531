"""Gap areas: published ones know places alone, exact ones are the library's."""

from __future__ import annotations

import numpy as np
import shapely
from pyproj import Geod
from test_api.test_coverage.conftest import CODES, LAT, LON, TODAY, area

import geo_match as gm
from api.coverage.town import Point, read_town
from geo_match.coverage import CoverageOptions
from geo_match.coverage.gap_areas.gap_areas import gap_areas
from geo_match.store import Store

GEOD = Geod(ellps="WGS84")
JOBS = [(LON + 0.004, LAT + 0.004), (LON + 0.010, LAT + 0.010)]
"""Those of verified employers."""


def test_published_ground_is_what_is_beyond_all_vacancies(town):
    answer = town.get("/v1/gaps?radius_m=2000")
    assert answer.headers["content-type"] == "application/geo+json"
    told = answer.json()
    drawn = {one["id"]: shapely.geometry.shape(one["geometry"]) for one in told["features"]}
    for number, code in enumerate(CODES):
        west, south, east, north = area(number).bounds
        x, y = np.meshgrid(np.linspace(west, east, 23)[1:-1], np.linspace(south, north, 23)[1:-1])
        away = np.min(
            [GEOD.inv(x, y, np.full_like(x, lon), np.full_like(y, lat))[2] for lon, lat in JOBS],
            axis=0,
        )
        inside = shapely.contains_xy(drawn.get(code, shapely.Polygon()), x, y)
        assert inside[away > 2001].all()
        assert not inside[away < 1989].any()
    for one in told["features"]:
        properties = one["properties"]
        assert (properties["purpose"], properties["tolerance_m"]) == ("drawing aid", 10.0)
        assert "rows" not in properties


def test_published_rows_are_those_printed_to_have_people_below(town):
    told = town.get("/v1/gaps").json()
    rows = town.get("/v1/coverage").json()["rows"]
    below = sorted((row["below"] for row in rows if row["below"]), reverse=True)
    assert [row["below"] for row in told["rows"]] == below
    inside = [row for row in rows if row["kind"] != "outside"]
    assert told["kept_back"] == sum(row["below"] is None for row in inside)


def test_exact_areas_are_those_of_the_library(town):
    told = town.get("/v1/gaps?figures=exact&radius_m=1400", "planner").json()
    with Store.open(town.path) as store:
        read = read_town(store, Point("households", "jobs", TODAY))
    report = gm.Coverage(read.supply, read.communities, CoverageOptions(radius_m=1400)).of(
        read.people
    )
    frame = gap_areas(report)
    assert [one["id"] for one in told["features"]] == frame["code"].tolist()
    assert [one["properties"]["people"] for one in told["features"]] == frame["people"].tolist()
    for one, shape in zip(told["features"], frame.geometry, strict=True):
        assert (
            shapely.geometry.shape(one["geometry"]).symmetric_difference(shape).area < 1e-7
        )  # six digits of a degree
    assert told["release"] == "internal"
