"""The nearest of some places from one origin, whatever was asked of it before."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from test_matching.areas import AREAS, EAST

from geo_match.index import PointIndex
from geo_match.matching.engine.border import Border
from geo_match.matching.engine.reach import FromAreas, FromPoints, Places

RING = shapely.Point(10.0, 50.0).buffer(0.5, quad_segs=100)
SEEN = (*AREAS, EAST, RING)
FAR = st.tuples(st.floats(60.0, 160.0), st.floats(-60.0, 60.0))


def placed(lon, lat):
    return Places(PointIndex(lon=lon, lat=lat), lon, lat)


@given(
    st.sampled_from(SEEN),
    st.lists(FAR, min_size=1, max_size=20),
    st.lists(st.lists(st.integers(0, 19), min_size=1, max_size=20), min_size=1, max_size=3),
)
def test_the_nearest_is_among_those_that_may_be_and_as_far_as_measured(area, places, asked):
    lon, lat = np.array(places).T.copy()
    reaches = (
        FromAreas([area], np.array([-1, 0])),
        FromPoints(np.array([np.nan, 117.0]), np.array([np.nan, 3.0]), "geodesic"),
    )
    for reach in reaches:
        from_one = reach.from_one(1, placed(lon, lat))
        for some in asked:
            which = np.array(some) % len(lon)
            away = reach.measure(np.ones(len(which), np.int64), lon[which], lat[which])
            near, distance_m = from_one.nearest(which)
            assert distance_m == pytest.approx(away[near], abs=1e-6)
            assert set(np.flatnonzero(away == away.min()).tolist()) <= set(near.tolist())


def test_a_far_place_is_measured_once_and_one_that_is_much_farther_never(monkeypatch):
    asked = []
    distance_m = Border.distance_m

    def counting(self, lon, lat):
        asked.append(lon)
        return distance_m(self, lon, lat)

    monkeypatch.setattr(Border, "distance_m", counting)
    lon = 15.0 + 0.1 * np.arange(200)
    places = placed(lon, np.full(200, 50.0))
    from_one = FromAreas([RING], np.array([0])).from_one(0, places)
    for first in (7, 3, 7):
        near, _ = from_one.nearest(np.arange(first, 200))
        assert 0 in near
    assert len(asked) == len(set(asked)) < 20
