"""Places of homes: each once, in one frame of longitudes, and merged within a tolerance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_coverage.plain_ground import nearest

from geo_match.coverage.gap_areas.homes import homes, merged


def test_places_are_there_once_and_people_know_theirs():
    found = homes(np.array([2.0, 1.0, 2.0, -0.0, 0.0]), np.array([5.0, 5.0, 5.0, 0.0, -0.0]))
    assert found.lon.tolist() == [0.0, 1.0, 2.0]
    assert found.lat.tolist() == [0.0, 5.0, 5.0]
    assert found.of.tolist() == [2, 1, 2, 0, 0]


@pytest.mark.parametrize(
    ("lon", "expected"),
    [
        ([], []),
        ([-180.0, 180.0], [180.0]),
        ([10.0, 20.0], [10.0, 20.0]),
        ([-179.0, 179.0], [179.0, 181.0]),
        ([-100.0, -10.0, 170.0], [170.0, 260.0, 350.0]),
        ([-120.0, 0.0, 120.0], [0.0, 120.0, 240.0]),
    ],
)
def test_longitudes_go_on_across_180_where_the_widest_gap_is_elsewhere(lon, expected):
    found = homes(np.array(lon), np.zeros(len(lon)))
    assert found.lon.tolist() == expected


@settings(max_examples=20)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 33.0, -83.9, -1e-4]),
    st.sampled_from([0.5, 10.0, 200.0]),
)
def test_each_place_has_a_merged_one_nearer_than_half_the_tolerance(seed, lat, tolerance_m):
    rng = np.random.default_rng(seed)
    side = 3.0 * tolerance_m / 111_000
    x = 10.0 + rng.uniform(-side, side, 80) / np.cos(np.radians(lat))
    y = lat + rng.uniform(-side, side, 80)
    there = homes(x, y)
    lon, lat = merged(there.lon, there.lat, tolerance_m=tolerance_m)
    assert len(lon) < 80
    assert nearest(x, y, lon, lat).max() < tolerance_m / 2
    assert len(np.unique(np.column_stack((lon, lat)), axis=0)) == len(lon)


def test_a_place_alone_stays_where_it_is():
    lon, lat = merged(np.array([117.123456789]), np.array([33.987654321]), tolerance_m=10.0)
    assert (lon[0], lat[0]) == (117.123456789, 33.987654321)
