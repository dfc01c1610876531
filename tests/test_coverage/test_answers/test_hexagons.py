"""H3 cells as rows: whose place is in which, as H3 itself says row by row."""

from __future__ import annotations

import h3
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from test_coverage import plain
from test_coverage.towns import (
    COMMUNITIES,
    assert_row,
    communities_frame,
    people_frame,
    supply_frame,
    towns,
)

import geo_match as gm
from geo_match.coverage.answers.hexagons import RESOLUTION, outline
from geo_match.errors import ArgumentError


def cell_of(person):
    if person["lon"] is None:
        return None
    return h3.latlng_to_cell(person["lat"], person["lon"], 8)


@settings(max_examples=15)
@given(towns())
def test_each_cell_has_the_figures_of_whom_h3_puts_there_and_all_add_up(town):
    people, supply = town
    town_of = gm.Coverage(supply_frame(supply), communities_frame(COMMUNITIES))
    report = town_of.of(people_frame(people))
    rows = report.by("h3")
    cells = sorted({cell_of(person) for person in people} - {None})
    assert rows["code"].tolist()[:-1] == cells
    assert rows["kind"].tolist() == ["h3"] * len(cells) + ["outside"]
    found = plain.persons(people, supply, COMMUNITIES)
    for at, cell in enumerate([*cells, None]):
        expected = plain.figures([one for one in found if cell_of(one["row"]) == cell])
        assert_row(rows.iloc[at], expected)
    totals = report.totals()
    for name in ("people", "located", "reached", "below", "reason_no_location"):
        assert rows[name].sum() == totals[name]


def test_the_outline_of_a_cell_is_that_of_h3_and_those_not_located_have_none():
    people = [{"id": "a", "lon": 117.37, "lat": 32.93}, {"id": "b"}]
    rows = gm.Coverage([], []).of(people).by("h3")
    corners = h3.cell_to_boundary(h3.latlng_to_cell(32.93, 117.37, RESOLUTION))
    area = rows.geometry.iloc[0]
    assert area.equals(shapely.Polygon([(lon, lat) for lat, lon in corners]))
    assert area.covers(shapely.Point(117.37, 32.93))
    assert rows["has_area"].tolist() == [True, False]
    assert rows["located"].tolist() == [1, 0]


@pytest.mark.parametrize("lat", [0.001, -16.7, 51.2, 80.0])
def test_a_cell_across_180_degrees_is_in_two_parts(lat):
    found = outline(h3.str_to_int(h3.latlng_to_cell(lat, 180.0, 8)))
    assert found.geom_type == "MultiPolygon"
    assert found.is_valid
    west, _, east, _ = found.bounds
    assert (west, east) == (-180.0, 180.0)
    assert found.covers(shapely.Point(180.0, lat))
    assert found.covers(shapely.Point(-180.0, lat))


def test_a_cell_that_holds_a_pole_has_no_outline():
    assert outline(h3.str_to_int(h3.latlng_to_cell(90.0, 0.0, 8))) is None
    assert outline(h3.str_to_int(h3.latlng_to_cell(-90.0, 0.0, 8))) is None


def test_cells_are_parted_by_groups_but_are_no_group():
    place = {"lon": 117.37, "lat": 32.93}
    people = [{"id": "a", **place, "sex": "f"}, {"id": "b", **place, "sex": "m"}]
    report = gm.Coverage([], []).of(people)
    rows = report.by("h3", "sex")
    assert rows["sex"].tolist() == ["f", "m"] * 2
    assert rows["people"].tolist() == [1, 1, 0, 0]
    assert np.array_equal(rows["code"].isna(), [False, False, True, True])
    with pytest.raises(ArgumentError, match="`more` must name columns of the people, got 'h3'"):
        report.by("sex", "h3")
