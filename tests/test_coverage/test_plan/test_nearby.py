"""What is near any of a row's people, each place once; sums that no order changes."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geo_match.coverage.given.people import read_people
from geo_match.coverage.plan.nearby import in_circles, near_any, sum_by
from geo_match.index import PointIndex

GEOD = Geod(ellps="WGS84")
PLACE = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(
    lambda at: (117.37 + 0.012 * at[0], 32.93 + 0.012 * at[1])
)


def _people(homes):
    return read_people(
        [
            {"id": str(at), "lon": place and place[0], "lat": place and place[1], "weight": weight}
            for at, (place, _, weight) in enumerate(homes)
        ]
    )


@given(
    st.lists(st.tuples(st.none() | PLACE, st.integers(-1, 3), st.integers(0, 2)), max_size=12),
    st.lists(st.tuples(PLACE, st.integers(0, 5)), min_size=1, max_size=12),
)
def test_circles_and_what_is_near_any_are_those_of_brute_force(homes, places):
    people = _people(homes)
    row = np.array([row for _, row, _ in homes], dtype=np.int64)
    amount = np.array([amount for _, amount in places], dtype=np.int64)
    lon, lat = (np.array([place[axis] for place, _ in places]) for axis in (0, 1))
    index = PointIndex(lon=lon, lat=lat)

    def near(home, place):
        return home is not None and GEOD.inv(*home, *place)[2] <= 3000.0

    each = [sum(s for place, s in places if near(home, place)) for home, *_ in homes]
    assert in_circles(people, index, amount, 3000.0).tolist() == each
    once = [
        sum(
            s
            for place, s in places
            if any(near(home, place) for home, of, weight in homes if of == at and weight)
        )
        for at in range(4)
    ]
    found = near_any(people, row, 4, index, amount=amount, radius_m=3000.0)
    assert found.tolist() == once


@given(
    st.lists(st.tuples(st.integers(0, 3), st.floats(-1e9, 1e9)), max_size=30),
    st.randoms(use_true_random=False),
)
def test_sums_are_rounded_once_whatever_the_order(rows, random):
    expected = [math.fsum(value for cell, value in rows if cell == at) for at in range(5)]
    for _ in range(2):
        cell = np.array([cell for cell, _ in rows], dtype=np.int64)
        value = np.array([value for _, value in rows], dtype=np.float64)
        assert sum_by(cell, value, 5).tolist() == expected
        random.shuffle(rows)
