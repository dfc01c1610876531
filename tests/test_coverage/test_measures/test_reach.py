"""What is in reach, and how far until there is enough, held to brute force."""

from __future__ import annotations

import numpy as np
import pytest

from geo_match.coverage.given.supply import Supply
from geo_match.coverage.measures.reach import distance_to_enough, in_reach, on_its_side
from geo_match.index import PointIndex
from geo_match.index.plain import PlainIndex

RNG = np.random.default_rng(11)
N, M = 400, 90
LON, LAT = RNG.normal(117.37, 0.05, N), RNG.normal(32.93, 0.05, N)
SITES = Supply(
    lon=RNG.normal(117.37, 0.05, M),
    lat=RNG.normal(32.93, 0.05, M),
    amount=RNG.integers(1, 30, M),
    rows=M,
    unlocated=0,
    unlocated_amount=0,
    not_stated=0,
)
AWAY = PlainIndex(lon=SITES.lon, lat=SITES.lat).distances(lon=LON, lat=LAT)


@pytest.mark.parametrize("radius_m", [0.0, 500.0, 3000.0, 200_000.0])
def test_both_ways_to_ask_give_what_brute_force_gives(radius_m):
    expected = ((radius_m >= AWAY) * SITES.amount).sum(axis=1)
    turned = PointIndex(lon=LON, lat=LAT)
    for index in (None, turned):
        found = in_reach(LON, LAT, SITES, radius_m, people_index=index)
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("enough", [1, 2, 17, 300, int(SITES.amount.sum()), 10**6])
@pytest.mark.parametrize("max_distance_m", [2000.0, 200_000.0])
def test_the_distance_is_where_the_sum_of_the_nearest_is_enough(enough, max_distance_m):
    found = distance_to_enough(LON, LAT, SITES, enough=enough, max_distance_m=max_distance_m)
    for person in range(N):
        order = np.argsort(AWAY[person])
        passed = np.cumsum(SITES.amount[order])
        at = np.searchsorted(passed, enough)
        if at == M or AWAY[person, order[at]] > max_distance_m:
            assert np.isnan(found[person])
        else:
            assert found[person] == pytest.approx(AWAY[person, order[at]], rel=1e-6, abs=1e-6)


def test_a_distance_is_told_on_the_side_of_the_circle_where_there_is_enough():
    rim, beyond = 3000.0, np.nextafter(3000.0, 9000.0)
    told = np.array([7.0, beyond, rim, 5000.0, 9001.0, np.nan])
    is_reached = np.array([True, True, False, False, False, False])
    for most, expected in (
        (9000.0, [7.0, rim, beyond, 5000.0, np.nan, np.nan]),
        (rim, [7.0, rim, np.nan, np.nan, np.nan, np.nan]),
    ):
        found = on_its_side(told, is_reached, radius_m=rim, max_distance_m=most)
        np.testing.assert_array_equal(found, expected)


def test_without_people_there_is_nothing_to_look_for():
    nobody = np.empty(0)
    assert in_reach(nobody, nobody, SITES, 3000.0).shape == (0,)
    found = distance_to_enough(nobody, nobody, SITES, enough=1, max_distance_m=9000.0)
    assert found.shape == (0,)
