"""The twin of the search itself, by hand: what the fast paths are held against."""

from __future__ import annotations

import numpy as np
import pytest
from test_walking.grounds import graph_of, lonlat, mm_between

from geo_match.walking.plain import PlainWalkingIndex, plain_snap

STREETS = [[(0.0, 0.0), (100.0, 0.0)], [(100.0, 0.0), (100.0, 200.0)]]


def degrees(*places):
    return dict(zip(("lon", "lat"), np.array([lonlat(*place) for place in places]).T, strict=True))


def test_the_twin_adds_snaps_and_streets():
    twin = PlainWalkingIndex(graph_of(STREETS), **degrees((0.0, -10.0), (110.0, 200.0)))
    found = twin.within(**degrees((100.0, 0.0)), radius_m=1_000.0)
    assert found.point.tolist() == [0, 1]
    west, corner, north = lonlat(0.0, 0.0), lonlat(100.0, 0.0), lonlat(100.0, 200.0)
    lengths = [
        mm_between(lonlat(0.0, -10.0), west) + mm_between(west, corner),
        mm_between(lonlat(110.0, 200.0), north) + mm_between(north, corner),
    ]
    assert found.distance_m == pytest.approx(np.array(lengths) / 1e3, abs=0.003)
    assert twin.count_within(**degrees((100.0, 0.0)), radius_m=150.0).tolist() == [1]
    assert twin.count_reaching(**degrees((100.0, 0.0)), radius_m=150.0).tolist() == [1, 0]
    assert twin.nearest(**degrees((100.0, 0.0))).point.tolist() == [0]
    sums = twin.sum_within(**degrees((100.0, 0.0)), radius_m=500.0, weights=[3, 4])
    assert sums.tolist() == [7]


def test_the_twin_is_led_around_obstacles_and_says_why_not():
    graph = graph_of(STREETS, [(-500.0, 5.0, 90.0, 5.0)])
    assert plain_snap(graph, *lonlat(50.0, 20.0)).lon == pytest.approx(lonlat(100.0, 0.0)[0])
    assert plain_snap(graph, *lonlat(50.0, 20.0), max_snap_m=30.0).reason == "blocked"
    assert plain_snap(graph, *lonlat(50.0, 20.0), max_snap_m=10.0).reason == "too_far"
