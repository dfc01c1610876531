"""A line crosses water or touches it: told by which side of the water its ends are on."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from geo_match.walking.graph.crossings import crossed_by, first_of_each

RIVER = [(0, -9), (0, 0), (4, 0), (4, 9)]
"""From the south to x = 0, along the x-axis, and on to the north."""
SPOTS = st.tuples(st.integers(0, 6), st.integers(0, 6))


def segments(*lines):
    return np.array([(*one, *other) for line in lines for one, other in pairwise(line)], float)


def crossed(line, *water):
    """Return the places where a line crosses water."""
    line = np.array(line, dtype=float)
    found = crossed_by(line, segments(*water).reshape(-1, 4))
    assert found == sorted(found)
    return [
        tuple((line[at] + share * (line[min(at + 1, len(line) - 1)] - line[at])).tolist())
        for at, share, _ in found
    ]


@pytest.mark.parametrize(
    ("line", "places"),
    [
        ([(-5, -5), (5, -5)], [(0, -5)]),  # within a segment of both
        ([(-5, -5), (0, -5), (5, -6)], [(0, -5)]),  # at a point of the line
        ([(-5, 5), (5, -5)], [(0, 0)]),  # at a corner of the water
        ([(-5, 5), (0, 0), (5, -5)], [(0, 0)]),  # at a point of both
        ([(-5, 5), (0, 0), (-5, 3)], []),  # touching the corner
        ([(-5, -5), (0, -5), (-5, -6)], []),  # touching a side
        ([(-5, 0), (0, 0), (4, 0), (9, 0)], [(0, 0)]),  # along it, from one side to the other
        ([(1, 5), (1, 0), (3, 0), (3, -5)], [(1, 0)]),  # the same within its segment
        ([(1, 5), (1, 0), (3, 0), (3, 5)], []),  # along it, and back to the side
        ([(-5, 5), (0, 0), (4, 0), (2, 5)], []),  # the same from corner to corner
        ([(1, 0), (3, 0), (3, -5)], []),  # it begins on the water
        ([(3, 5), (3, 0)], []),  # it ends there
        ([(-5, -5), (5, -5), (5, 5), (-5, 5)], [(0, -5), (4, 5)]),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_line_crosses_a_river_where_it_changes_sides(line, places, turned):
    assert crossed(line, RIVER[::-1] if turned else RIVER) == places
    assert len(crossed(line[::-1], RIVER)) == len(places)
    mirrored = [[(x, -y) for x, y in way] for way in (line, RIVER)]
    assert crossed(*mirrored) == [(x, -y) for x, y in places]


def test_water_of_several_lines_that_meet_is_crossed_where_they_meet():
    assert crossed([(-5, 0), (0, 0), (5, 0)], [(0, -9), (0, 0)], [(0, 0), (0, 9)]) == [(0, 0)]
    assert crossed([(-5, 0), (0, 0), (5, 0)], [(0, -9), (0, 0)]) == []  # its spring
    arms = [(0, -9), (0, 0)], [(0, 0), (0, 9)], [(0, 0), (9, 9)]
    assert crossed([(-5, 0), (0, 0), (5, 0)], *arms) == [(0, 0)]


def test_along_a_dam_between_two_ponds_none_is_crossed():
    dam = [(0, 0), (5, 0)]
    above = [*dam, (5, 5), (0, 5), (0, 0)]
    below = [*dam, (5, -5), (0, -5), (0, 0)]
    assert crossed([(-5, 0), *dam, (9, 0)], above, below) == []
    assert crossed([(-5, 0), *dam, (5, 5), (9, 9)], above, below) == []
    assert crossed([(-5, 0), (0, 0), (3, 1), (3, 9)], above, below) == [(0, 0), (3, 5)]


def test_water_that_is_there_twice_is_taken_once():
    banks = segments([(-1, 0), (0, 0), (1, 0)], [(1, 0), (0, 0)], [(-1, 0), (0, 0), (0, 5)])
    assert first_of_each(banks).tolist() == [0, 1, 4]
    kinds = np.array([1, 1, 2, 1, 1], dtype=np.uint8)
    assert first_of_each(banks, kinds).tolist() == [0, 1, 2, 4]
    assert first_of_each(np.array([[-0.0, 0, 1, 1], [1, 1, 0.0, 0]])).tolist() == [0]
    assert first_of_each(np.empty((0, 4))).tolist() == []


def test_through_the_point_where_two_canals_cross_none_is_crossed():
    canals = [(-5, -5), (0, 0), (5, 5)], [(-5, 5), (0, 0), (5, -5)]
    assert crossed([(0, -5), (0, 0), (0, 5)], *canals) == []  # as its docstring says
    assert crossed([(1, -5), (1, 5)], *canals) == [(1, -1), (1, 1)]


def test_a_line_without_water_crosses_none():
    assert crossed([(0, 0), (1, 1)]) == []


@given(
    ring=st.lists(SPOTS, min_size=3, max_size=8, unique=True),
    line=st.lists(SPOTS, min_size=2, max_size=8),
)
def test_around_a_pond_it_is_crossed_as_often_as_the_line_gets_in_and_out(ring, line):
    pond = shapely.Polygon(ring)
    assume(pond.is_valid and pond.area > 0)
    assume(all(one != other for one, other in pairwise(line)))
    turns_back = any(
        (b[0] - a[0]) * (c[1] - b[1]) == (b[1] - a[1]) * (c[0] - b[0])
        and (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0
        for a, b, c in zip(line, line[1:], line[2:], strict=False)
    )
    assume(not turns_back)
    ends = shapely.points([line[0], line[-1]])
    assume(not shapely.intersects(pond.exterior, ends).any())
    found = crossed(line, [*ring, ring[0]])
    way = shapely.LineString(line)
    parts = shapely.get_parts(shapely.difference(way, pond.exterior))
    assert len(found) % 2 == int(np.diff(shapely.contains_properly(pond, ends))[0])
    if shapely.LineString(line).is_simple:
        middles = [part.interpolate(0.5, normalized=True) for part in parts]
        states = [pond.contains(middle) for middle in sorted(middles, key=way.project)]
        assert len(found) == sum(one != other for one, other in pairwise(states))
    back = crossed(line[::-1], [ring[0], *ring[::-1]])
    assert len(back) == len(found)
