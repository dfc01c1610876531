"""Ground within a radius of any of some places, held to geodesics."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from test_coverage.plain_ground import nearest

from geo_match.coverage.gap_areas.discs import _hidden, drawn_ground, wrapped
from geo_match.index import PointIndex

GEOD = Geod(ellps="WGS84")


def thrown(seed, n, side_m, lon=117.0, lat=33.0):
    """Return places thrown around one, some on others' lines of longitude or latitude."""
    rng = np.random.default_rng(seed)
    around = rng.uniform(0, 360, n), side_m * np.sqrt(rng.uniform(0, 1, n))
    x, y, _ = GEOD.fwd(np.full(n, lon), np.full(n, lat), *around)
    x[: n // 4] = x[n // 4 : 2 * (n // 4)]
    return np.asarray(x), np.asarray(y)


@settings(max_examples=6)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([1, 3, 40, 150]),
    st.sampled_from([(150.0, 5.0, 700.0), (3000.0, 5.0, 5000.0), (90_000.0, 100.0, 150_000.0)]),
    st.sampled_from([0.0, 33.0, -60.0]),
)
def test_ground_holds_all_that_is_near_and_nothing_that_is_far(seed, n, drawn, lat):
    radius_m, slack_m, side_m = drawn
    lon, lat = thrown(seed, n, side_m, lat=lat)
    ground = drawn_ground(lon, lat, radius_m=radius_m, slack_m=slack_m)
    assert ground.is_valid
    x, y = thrown(seed + 1, 500, side_m + 1.2 * radius_m, lat=float(lat.mean()))
    metres, inside = nearest(x, y, lon, lat), shapely.contains_xy(ground, x, y)
    assert inside[metres <= radius_m - slack_m].all()
    assert not inside[metres > radius_m].any()
    corners = shapely.get_coordinates(ground)
    assert (
        np.abs(nearest(*corners.T, lon, lat) - radius_m + slack_m / 2) <= slack_m / 2 + 1e-6
    ).all()


@pytest.mark.parametrize("lat", [0.0, 33.0, 84.0, -84.0])
@pytest.mark.parametrize(("radius_m", "slack_m"), [(20.0, 10.0), (3000.0, 5.0), (200_000.0, 5.0)])
def test_edges_lie_inside_the_circle_and_no_deeper_than_the_slack(lat, radius_m, slack_m):
    disc = drawn_ground(np.array([10.0]), np.array([lat]), radius_m=radius_m, slack_m=slack_m)
    xy = shapely.get_coordinates(disc)
    for part in np.linspace(0.0, 1.0, 9):
        on_edge = xy[:-1] + part * np.diff(xy, axis=0)
        metres = nearest(*on_edge.T, [10.0], [lat])
        assert (metres <= radius_m + 1e-6).all()
        assert (metres >= radius_m - slack_m).all()


def test_only_discs_at_the_border_of_a_crowd_are_drawn():
    lon, lat = thrown(5, 1200, 800.0)
    hidden = _hidden(PointIndex(lon=lon, lat=lat), lon, lat, 150.0)
    assert 0.5 < hidden.mean() < 0.95
    # Each hidden rim is inside other discs.
    for at in np.flatnonzero(hidden)[::60]:
        bearings = np.linspace(0, 360, 60)
        n = len(bearings)
        x, y, _ = GEOD.fwd(np.full(n, lon[at]), np.full(n, lat[at]), bearings, np.full(n, 150.0))
        others = np.arange(len(lon)) != at
        assert (nearest(x, y, lon[others], lat[others]) < 150.0).all()


def test_a_lake_stays_and_so_does_an_island_in_it_and_what_hidden_discs_cover_is_filled():
    rng = np.random.default_rng(11)
    n = 9000
    bearing, metres = rng.uniform(0, 360, n), rng.uniform(1000, 1700, n)
    metres[0] = 0.0  # the island
    lon, lat, _ = GEOD.fwd(np.full(n, 117.0), np.full(n, 33.0), bearing, metres)
    lon, lat = np.asarray(lon), np.asarray(lat)
    ground = drawn_ground(lon, lat, radius_m=150.0, slack_m=5.0)
    assert sorted(len(part.interiors) for part in shapely.get_parts(ground)) == [0, 1]
    assert shapely.contains_xy(ground, 117.0, 33.0)
    assert shapely.contains_xy(ground, lon, lat).all()
    for out, expected in ((500.0, False), (1350.0, True)):
        x, y, _ = GEOD.fwd(117.0, 33.0, 45.0, out)
        assert shapely.contains_xy(ground, x, y) == expected


def test_places_on_both_ends_of_a_frame_hide_nothing_from_one_another():
    lat = np.linspace(32.99, 33.01, 30)
    lon = np.concatenate((np.full(30, 179.9999), np.full(30, -180.0 + 0.0001)))
    both = np.concatenate((lat, lat))
    cut = drawn_ground(lon, both, radius_m=150.0, slack_m=5.0)
    assert shapely.get_num_geometries(cut) == 2
    whole = drawn_ground(np.where(lon < 0, lon + 360, lon), both, radius_m=150.0, slack_m=5.0)
    assert shapely.get_num_geometries(whole) == 1


def test_no_place_has_no_ground():
    assert drawn_ground(np.empty(0), np.empty(0), radius_m=3.0, slack_m=1.0).is_empty


def test_longitudes_are_wrapped_and_those_in_range_kept():
    given = np.array([-180.0, 180.0, 0.1, 181.0, -181.0, 540.0])
    assert wrapped(given).tolist() == [-180.0, 180.0, 0.1, -179.0, 179.0, -180.0]
