"""Areas repaired on request: what is left, what is told of it, and what nobody can repair."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely import LineString, MultiPolygon, Point, Polygon, box

from geo_match.coverage.given.communities import read_communities
from geo_match.coverage.given.repair import INVALID
from geo_match.index import area_faults
from geo_match.matching import FrameError

GEOD = Geod(ellps="WGS84")


def town(shape):
    """Put a shape of a few units in a town: its unit is a 64th of a degree, exactly."""
    return shapely.transform(shape, lambda xy: xy / 64 + [117, 32])


BOW = town(Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]))
SPIKE = town(Polygon([(0, 0), (1, 0), (1, 0.5), (3, 0.5), (1, 0.5), (1, 1), (0, 1)]))
PINCHED = town(Polygon([(0, 0), (2, 0), (2, 2), (1, 0), (0, 2)]))
HALVES = town(MultiPolygon([box(0, 0, 1, 1), box(1, 0, 2, 1)]))
OVERLAPPING = town(MultiPolygon([box(0, 0, 2, 2), box(1, 1, 3, 3)]))
OUT = town(Polygon(box(0, 0, 2, 2).exterior.coords, [box(1.5, 1, 2.001, 1.5).exterior.coords]))
TWIST = town(Polygon([(0, 0), (4, 0), (4, 4), (2.1, 4), (1.9, 4.1), (2.1, 4.1), (1.9, 4), (0, 4)]))
LINE = town(Polygon([(0, 0), (1, 0), (2, 0), (0, 0)]))


def frame(*shapes):
    codes = [f"c{number}" for number in range(len(shapes))]
    return gpd.GeoDataFrame({"code": codes}, geometry=list(shapes), crs=4326)


def km2(area):
    return abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(area))[0]) / 1e6


def test_invalid_areas_are_refused_unless_a_repair_is_asked_for():
    with pytest.raises(
        FrameError,
        match=r"must be a valid polygon, got 1 of 1 .*id 'c0'.*Self.*ask with `repair=True`",
    ):
        read_communities(frame(SPIKE))
    assert read_communities(frame(SPIKE), repair=True).has_area.tolist() == [True]


def test_the_rule_that_a_repair_can_mend_is_that_of_the_index():
    assert [fault.rule for fault in area_faults([BOW, SPIKE])] == [INVALID] * 2


@pytest.mark.parametrize(
    ("wrong", "right", "dropped"),
    [
        (SPIKE, box(0, 0, 1, 1), [(1, 0.5), (3, 0.5)]),
        (PINCHED, shapely.union(*(Polygon(p) for p in
                  ([(0, 0), (1, 0), (0, 2)], [(2, 0), (2, 2), (1, 0)]))), None),
        (HALVES, box(0, 0, 2, 1), [(1, 0), (1, 1)]),
        (OUT, box(0, 0, 2, 2).difference(box(1.5, 1, 2.001, 1.5)), None),
        (TWIST, MultiPolygon([
            Polygon([(0, 0), (4, 0), (4, 4), (2.1, 4), (2, 4.05), (1.9, 4), (0, 4)]),
            Polygon([(2, 4.05), (2.1, 4.1), (1.9, 4.1)]),
        ]), None),
    ],
    ids=["spike", "pinched", "halves", "hole that sticks out", "twist"],
)  # fmt: skip
def test_a_repair_leaves_the_ground_that_was_meant_and_is_told(wrong, right, dropped):
    communities = read_communities(frame(box(5, 5, 6, 6), wrong, None), repair=True)
    right = town(right)
    # The crossing of two borders is rounded.
    assert shapely.symmetric_difference(communities.areas[1], right).area < 1e-12
    assert communities.areas[1].is_valid
    assert communities.areas[0].equals(box(5, 5, 6, 6))
    told = communities.repaired.to_dict("records")
    assert [one["code"] for one in told] == ["c1"]
    (one,) = told
    assert "elf-intersection" in one["fault"]
    assert one["area_after_km2"] == pytest.approx(km2(right), rel=1e-6)
    assert one["changed_share"] <= 0.01
    assert one["parts_before"] == shapely.get_num_geometries(wrong)
    assert one["parts_after"] == shapely.get_num_geometries(right)
    metres = GEOD.geometry_length(town(LineString(dropped))) if dropped else 0.0
    assert one["dropped_line_m"] == pytest.approx(metres, abs=1e-6)
    assert (one["holes_before"], one["holes_after"]) == (int(wrong is OUT), 0)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (BOW, r"id 'c0': Self-intersection\[117\.0\d+ 32\.0\d+\], of .* would change 100\.0%\)"),
        (OVERLAPPING, r"would change 12\.\d%\)"),
        (LINE, r"which a repair would make 0 km².*would change 100\.0%\)"),
        (town(MultiPolygon([box(0, 0, 4, 4), box(1, 1, 2, 2)])), "Nested shells"),
    ],
    ids=["an 8", "parts that overlap", "a line", "a part within another"],
)
def test_a_repair_that_would_change_much_is_refused_and_named(wrong, told):
    rule = "valid polygon, or become one by changing at most 1% of its area, got 1 of 1 that do not"
    with pytest.raises(FrameError, match=f"{rule}.*{told}.*Draw its outline anew"):
        read_communities(frame(wrong), repair=True)


def test_other_faults_are_not_repaired_and_all_are_told_at_once():
    endless = Polygon([(0, 0), (1, 0), (math.inf, 1)])
    with pytest.raises(FrameError, match="got 3 faults") as caught:
        read_communities(frame(BOW, endless, Point(1, 1), SPIKE), repair=True)
    rules = " ".join(fault.rule for fault in caught.value.faults)
    assert "finite coordinates" in rules
    assert "areas alone" in rules
    assert "changing at most 1%" in rules


def test_text_is_repaired_as_geometries_are():
    rows = [{"code": "b", "area": SPIKE.wkt}, {"code": "a", "area": None}]
    communities = read_communities(rows, repair=True)
    assert communities.areas[1].equals(town(box(0, 0, 1, 1)))
    with pytest.raises(
        FrameError, match="`communities`, column `area` must be a valid polygon, or"
    ):
        read_communities([{"code": "b", "area": BOW.wkt}], repair=True)


def test_without_invalid_areas_nothing_is_repaired():
    for repair in (False, True):
        for given_frame in (frame(box(0, 0, 1, 1), None), []):
            communities = read_communities(given_frame, repair=repair)
            assert len(communities.repaired) == 0
            assert {"code", "fault", "area_before_km2"} <= set(communities.repaired.columns)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=9))
def test_any_outline_is_valid_repaired_with_its_ground_kept_or_refused(corners):
    outline = Polygon([(117 + x / 64, 32 + y / 64) for x, y in corners])
    try:
        communities = read_communities(frame(outline), repair=True)
    except FrameError:
        assert not outline.is_valid
        return
    area = communities.areas[0]
    assert area.is_valid
    assert shapely.get_type_id(area) in {3, 6}
    if outline.is_valid:
        assert area.equals(outline)
        assert not len(communities.repaired)
        return
    # Whatever is in the area by the rule of even and odd is kept, and little is added to it.
    even_odd = shapely.make_valid(outline)
    assert shapely.difference(even_odd, area).area < 1e-12
    assert shapely.area(shapely.difference(area, even_odd)) <= 0.011 * area.area
    assert np.isclose(communities.repaired["area_after_km2"].iloc[0], km2(area))
