"""Input that is odd or wrong: what then holds is defined, and nobody is lost or counted twice."""

from __future__ import annotations

from fractions import Fraction

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box
from test_coverage import plain
from test_coverage.towns import (
    COMMUNITIES,
    LAT,
    LON,
    STEP,
    communities_frame,
    people_frame,
    supply_frame,
    towns,
)

import geo_match as gm
from geo_match.coverage import Binary, CoverageOptions

HERE = {"lon": LON + STEP, "lat": LAT + STEP}
NOWHERE = {"lon": None, "lat": None}
JOB = {"id": "J", **HERE, "vacancies": 2}
ROUNDING = Fraction(1, 2**53)


def rows_by_code(people, communities, supply=(JOB,)):
    rows = gm.Coverage(list(supply), communities).of(people).by("community")
    codes = [None if pd.isna(code) else code for code in rows["code"]]
    return dict(zip(codes, rows.to_dict("records"), strict=True))


def test_without_any_area_the_located_are_outside_and_the_others_where_they_are_recorded():
    people = [
        {"id": "1", **HERE, "community": "a", "weight": 2},
        {"id": "2", **NOWHERE, "community": "a", "weight": 3},
        {"id": "3", **NOWHERE, "community": None, "weight": 4},
    ]
    for communities in (
        [{"code": "a"}, {"code": "b"}],
        [{"code": "a", "area": None}, {"code": "b", "area": None}],
        gpd.GeoDataFrame({"code": ["a", "b"]}, geometry=[None, Polygon()], crs=4326),
    ):
        rows = rows_by_code(people, communities)
        assert [rows[code]["people"] for code in ("a", "b", None)] == [3, 0, 6]
        assert [rows[code]["located"] for code in ("a", "b", None)] == [0, 0, 2]
        assert not any(row["has_area"] for row in rows.values())
        assert (rows["a"]["reason_no_location"], rows[None]["reached"]) == (3, 2)


def test_where_areas_overlap_a_person_counts_once_for_the_least_code():
    whole = box(LON, LAT, LON + 4 * STEP, LAT + 4 * STEP)
    half = box(LON, LAT, LON + 2 * STEP, LAT + 4 * STEP)
    people = [
        {"id": "both", **HERE, "weight": 1},
        {"id": "one", "lon": LON + 3 * STEP, "lat": LAT + STEP, "weight": 4},
    ]
    for first, second, counts in (("a", "b", [5, 0]), ("b", "a", [4, 1])):
        areas = [{"code": first, "area": whole.wkt}, {"code": second, "area": half.wkt}]
        rows = rows_by_code(people, areas)
        assert [rows[first]["people"], rows[second]["people"]] == counts
        assert rows[None]["people"] == 0


def test_a_hole_is_outside_unless_another_community_fills_it_and_parts_are_one_community():
    around = box(LON, LAT, LON + 2 * STEP, LAT + 2 * STEP).difference(
        box(LON + 0.5 * STEP, LAT + 0.5 * STEP, LON + 1.5 * STEP, LAT + 1.5 * STEP)
    )
    far = box(118.0, 33.0, 118.1, 33.1)
    ring = {"code": "ring", "area": MultiPolygon([around, far]).wkt}
    core = {"code": "core", "area": box(LON, LAT, LON + 2 * STEP, LAT + 2 * STEP).wkt}
    people = [
        {"id": "in the hole", **HERE},
        {"id": "around it", "lon": LON + 0.1 * STEP, "lat": LAT + STEP},
        {"id": "in the part", "lon": 118.05, "lat": 33.05},
        {"id": "on its edge", "lon": LON + 0.5 * STEP, "lat": LAT + STEP},
    ]
    rows = rows_by_code(people, [ring])
    assert (rows["ring"]["people"], rows[None]["people"]) == (3, 1)
    filled = rows_by_code(people, [ring, core])
    assert [filled[code]["people"] for code in ("core", "ring", None)] == [3, 1, 0]


def test_people_of_weight_nought_alone_have_no_shares():
    people = [{"id": "1", **HERE, "weight": 0}, {"id": "2", **NOWHERE, "weight": 0}]
    totals = gm.Coverage([JOB], [], CoverageOptions(competition=Binary())).of(people).totals()
    assert (totals["people"], totals["reached"], totals["below"]) == (0, 0, 0)
    for name in ("located_share", "reached_share", "in_reach_median", "fgt_share", "gini"):
        assert np.isnan(totals[name]), name
    assert totals["supply_without_seekers"] == 2


def test_an_invalid_area_is_refused_and_one_that_was_mended_before_counts():
    spiked = Polygon(
        [
            *((LON, LAT), (LON + 2 * STEP, LAT), (LON + 2 * STEP, LAT + STEP)),
            *((LON + 9 * STEP, LAT + STEP), (LON + 2 * STEP, LAT + STEP)),
            *((LON + 2 * STEP, LAT + 2 * STEP), (LON, LAT + 2 * STEP)),
        ]
    )
    people = [{"id": "1", **HERE}, {"id": "2", "lon": LON + 5 * STEP, "lat": LAT + STEP}]
    mended = rows_by_code(people, [{"code": "a", "area": spiked.buffer(0).wkt}])
    assert [mended[code]["people"] for code in ("a", None)] == [1, 1]
    with pytest.raises(gm.matching.FrameError, match="must be a valid polygon, got 1 of 1"):
        rows_by_code(people, [{"code": "a", "area": spiked.wkt}])


@st.composite
def towns_of_shares(draw):
    """Draw towns whose people have float weights, such as those of a sample blown up."""
    people, supply = draw(towns())
    weight = st.one_of(st.just(0.0), st.floats(1e-6, 1e6), st.sampled_from([0.1, 1 / 3, 2.5]))
    return [{**one, "weight": draw(weight)} for one in people], supply


@settings(max_examples=40)
@given(towns_of_shares(), st.integers(1, 6))
def test_figures_of_float_weights_are_off_by_no_more_than_is_stated(town, at_least):
    people, supply = town
    options = CoverageOptions(at_least=at_least, max_distance_m=9000.0)
    areas = communities_frame(COMMUNITIES)
    frame = people_frame([{**one, "weight": 0} for one in people])
    frame = frame.assign(weight=[float(one["weight"]) for one in people])
    report = gm.Coverage(supply_frame(supply), areas, options).of(frame.astype({"weight": float}))
    totals = report.totals()
    exactly = [{**one, "weight": Fraction(one["weight"])} for one in people]
    asked = {"at_least": at_least, "standard": Fraction(at_least), "max_distance_m": 9000.0}
    found = plain.persons(exactly, supply, COMMUNITIES, **asked)
    exact = plain.figures(found, **asked)
    most = max(len(people), 1) * ROUNDING
    sums = ["people", "located", "reached", "below", "not_found"]
    for name in [*sums, *(one for one in exact if one.startswith("reason_"))]:
        assert abs(Fraction(totals[name]) - exact[name]) <= most * exact[name], name
    for name in ("located_share", "reached_share", "fgt_share", "fgt_depth", "fgt_severity"):
        assert_near(totals[name], exact[name], 4 * most, name)
    assert_near(totals["gini"], exact["gini"], 16 * most, "gini")
    there = [(one["in_reach"], one["weight"]) for one in found if one["located"]]
    for name, q in (("p10", "0.1"), ("median", "0.5"), ("p90", "0.9")):
        told = totals[f"in_reach_{name}"]
        if exact["located"] == 0:
            assert np.isnan(told)
            continue
        up_to = sum(w for v, w in there if v <= told)
        before = sum(w for v, w in there if v < told)
        needed, doubt = Fraction(q) * exact["located"], 4 * most * exact["located"]
        assert before - doubt <= needed <= up_to + doubt
    rows = report.by("community")
    for name in sums:
        total = sum(map(Fraction, rows[name]))
        assert abs(total - exact[name]) <= most * exact[name], name


def assert_near(found, exact, most, name):
    """Hold a share to the exact one; null where there is nothing to have a share of."""
    if exact is None:
        assert np.isnan(found), name
    else:
        assert abs(Fraction(found) - Fraction(exact)) <= most, name
