"""Areas on the ellipsoid, against the closed form of a ground between meridians and parallels."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from geo_match.coverage.measures.area import area_km2

A, F = 6378.137, 1 / 298.257223563


def plain_km2(west, south, east, north):
    """Return the ground between two meridians and two parallels: an elementary integral."""
    e = math.sqrt(F * (2 - F))
    b = A * (1 - F)

    def below(lat):
        s = math.sin(math.radians(lat))
        return s / (1 - (e * s) ** 2) + math.atanh(e * s) / e

    return b * b / 2 * math.radians(east - west) * (below(north) - below(south))


BOUNDS = (117.0, 32.0, 117.1, 32.2)
FINE = shapely.segmentize(shapely.box(*BOUNDS), 1e-4)


def test_a_ground_of_many_short_sides_has_the_area_of_the_closed_form():
    assert area_km2(np.array([FINE])) == pytest.approx([plain_km2(*BOUNDS)], rel=1e-9)


def test_long_sides_differ_from_parallels_by_what_is_stated():
    # Two sides of 9.45 and 9.43 km: 10 m² times the cube of their length each, in opposite sense.
    off = area_km2(np.array([shapely.box(*BOUNDS)]))[0] - plain_km2(*BOUNDS)
    assert abs(off) < 2 * 10e-6 * 9.5**3


def test_the_turn_of_a_ring_changes_nothing_and_holes_count_off():
    hole = shapely.box(117.02, 32.02, 117.04, 32.04)
    part = shapely.box(117.5, 32.0, 117.6, 32.1)
    holed = shapely.Polygon(FINE.exterior.coords, [hole.exterior.coords])
    turned = shapely.Polygon(FINE.exterior.coords, [hole.reverse().exterior.coords])
    several = shapely.MultiPolygon([holed, part.reverse()])
    one, less, part_alone, same, back, both = area_km2(
        np.array([FINE, hole, part, holed, turned.reverse(), several])
    )
    assert same == pytest.approx(one - less, rel=1e-12)
    assert back == same
    assert both == pytest.approx(same + part_alone, rel=1e-12)


def test_no_area_is_null_and_no_communities_are_none():
    assert np.isnan(area_km2(np.array([None], dtype=object))).all()
    assert len(area_km2(np.array([], dtype=object))) == 0
