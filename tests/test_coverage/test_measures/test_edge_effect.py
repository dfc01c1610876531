"""Shares of circles outside the data, against places spread over the circle by geodesics."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from test_coverage.plain_competition import GEOD, plain_outside_share

from geo_match.coverage.measures._circle_area import Edges, covered_shares
from geo_match.coverage.measures.edge_effect import Extent, mean_by_group
from geo_match.errors import ArgumentError, CoordinateError, RadiusError
from geo_match.index import AreaError

BOX = shapely.box(117.0, 32.5, 117.5, 33.5)


def star(rng, lon, lat, size_deg, corners=9):
    """Return a polygon of random corners around a place."""
    angle = np.sort(rng.uniform(0.0, 2.0 * math.pi, corners))
    away = rng.uniform(0.2, 1.0, corners) * size_deg
    corner = np.column_stack((lon + away * np.cos(angle), lat + away * np.sin(angle)))
    return shapely.make_valid(shapely.Polygon(corner))


def polygons_of(shape):
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]


@pytest.mark.parametrize("radius_m", [50.0, 700.0, 3_000.0, 20_000.0])
@pytest.mark.parametrize("lat", [0.0, 33.0, -58.0])
def test_shares_are_those_of_places_spread_over_the_circle(radius_m, lat):
    rng = np.random.default_rng(int(radius_m))
    size = radius_m / 60_000.0
    areas = polygons_of(star(rng, 117.0, lat, size)) + polygons_of(star(rng, 117.0, lat, size))
    areas[0] = areas[0].difference(shapely.Point(117.0, lat).buffer(size / 9.0))
    union = shapely.union_all(areas)
    lon_of = 117.0 + rng.uniform(-size, size, 12)
    lat_of = lat + rng.uniform(-size, size, 12)
    found = Extent(areas).outside_share(lon=lon_of, lat=lat_of, radius_m=radius_m)
    expected = [
        plain_outside_share(x, y, radius_m, lambda a, b: shapely.intersects_xy(union, a, b))
        for x, y in zip(lon_of, lat_of, strict=True)
    ]
    # Of 20,000 places a border misjudges some tens at most.
    np.testing.assert_allclose(found, expected, rtol=0, atol=2e-3)
    assert len(set(expected)) > 3


@pytest.mark.parametrize("radius_m", [300.0, 3_000.0, 20_000.0, 200_000.0])
@pytest.mark.parametrize("part", [-1.2, -0.9, -0.5, 0.0, 0.3, 0.8, 1.1])
def test_a_meridian_cuts_off_the_segment_that_geometry_knows(radius_m, part):
    # The meridian of 117° is a geodesic; the areas lie west of it.
    areas = [shapely.box(112, 20, 117, 33), shapely.box(112, 33, 117, 46)]
    azimuth = 90.0 if part > 0 else 270.0
    lon, lat, _ = GEOD.fwd(117.0, 33.0, azimuth, abs(part) * radius_m)
    found = Extent(areas).outside_share(lon=[lon], lat=[lat], radius_m=radius_m)[0]
    if abs(part) >= 1.0:
        assert found == pytest.approx(float(part > 0), abs=1e-12)
        return
    inside = (math.acos(part) - part * math.sqrt(1.0 - part * part)) / math.pi
    assert found == pytest.approx(1.0 - inside, abs=1e-4 if radius_m <= 20_000 else 1e-3)


def test_deep_inside_is_0_far_away_is_1_and_nothing_is_measured(monkeypatch):
    extent = Extent([BOX])
    monkeypatch.setattr(Extent, "_covered", None)
    lon = np.linspace(117.1, 117.4, 50)
    assert not extent.outside_share(lon=lon, lat=lon - 84.2, radius_m=3000).any()
    assert (extent.outside_share(lon=lon + 9, lat=lon - 84.2, radius_m=3000) == 1.0).all()


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32), radius_m=st.floats(1.0, 20_000.0))
def test_inside_and_outside_add_up_and_one_more_area_never_adds_to_it(seed, radius_m):
    rng = np.random.default_rng(seed)
    size = radius_m / 50_000.0
    one, other = (polygons_of(star(rng, 117.0, 33.0, size)) for _ in range(2))
    around = shapely.box(112, 28, 122, 38)
    rest = polygons_of(around.difference(shapely.union_all(one)))
    where = {"lon": 117 + rng.uniform(-size, size, 9), "lat": 33 + rng.uniform(-size, size, 9)}
    outside = Extent(one).outside_share(**where, radius_m=radius_m)
    assert ((outside >= 0.0) & (outside <= 1.0)).all()
    complement = Extent(rest).outside_share(**where, radius_m=radius_m)
    np.testing.assert_allclose(outside + complement, 1.0, rtol=0, atol=1e-7)
    more = Extent(one + other).outside_share(**where, radius_m=radius_m)
    # A long border is bent where it has a corner, and has others beside one more area.
    assert (more <= outside + 1e-4).all()


def test_overlaps_count_once_and_neighbours_have_no_seam():
    overlapping = Extent([BOX, BOX, shapely.box(117.2, 32, 118, 34)])
    halves = Extent([BOX, shapely.box(117.5, 32.5, 118.0, 33.5)])
    for extent in (overlapping, halves):
        found = extent.outside_share(lon=[117.5, 117.3], lat=[33.0, 33.0], radius_m=3000)
        np.testing.assert_allclose(found, 0.0, atol=1e-9)


def test_a_radius_of_0_asks_for_the_centre_with_the_border_inside():
    found = Extent([BOX]).outside_share(lon=[117.2, 117.5, 117.6], lat=[33] * 3, radius_m=0)
    assert found.tolist() == [0.0, 0.0, 1.0]


def test_without_areas_all_is_outside_and_without_places_nothing():
    for areas in ([], [None]):
        assert Extent(areas).outside_share(lon=[117], lat=[33], radius_m=3000).tolist() == [1.0]
    for radius_m in (0.0, 3000.0):
        assert Extent([BOX]).outside_share(lon=[], lat=[], radius_m=radius_m).shape == (0,)


def test_bad_arguments_are_named():
    with pytest.raises(AreaError, match="`areas` must be a valid polygon"):
        Extent([BOX, shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])])
    extent = Extent([BOX])
    with pytest.raises(CoordinateError, match="`lat` must be finite"):
        extent.outside_share(lon=[1], lat=[99], radius_m=1)
    with pytest.raises(RadiusError, match="`radius_m` must be between"):
        extent.outside_share(lon=[1], lat=[9], radius_m=-1)
    with pytest.raises(ArgumentError, match="`radius_m` must be one number"):
        extent.outside_share(lon=[1], lat=[9], radius_m=[1])
    with pytest.raises(ArgumentError, match="`values, weight, group` must have one shape"):
        mean_by_group([1.0], [1.0, 2.0], np.array([0]), 1)


def test_the_kernel_knows_squares_around_beside_in_and_across_a_circle():
    corner = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]], dtype=float)
    start, end = corner[:-1].T.copy(), corner[1:].T.copy()
    edges = Edges(start[0].copy(), start[1].copy(), end[0].copy(), end[1].copy())
    for radius, x, y, expected in (
        (0.5, 0.0, 0.0, 1.0),  # the square holds the circle
        (2.0, 0.0, 0.0, 1 / math.pi),  # the circle holds the square: 4 of 4π
        (1.0, 0.0, 0.0, 1.0),  # it touches all sides
        (0.5, 9.0, 0.0, 0.0),  # apart
        (0.5, 1.0, 0.0, 0.5),  # centred on a side
        (0.5, 1.0, 1.0, 0.25),  # centred on a corner
    ):
        share = np.empty(1)
        covered_shares(edges, np.array([x]), np.array([y]), radius, share)
        assert share[0] == pytest.approx(expected, abs=1e-12)


def test_means_are_weighted_and_a_group_without_weight_has_none():
    found = mean_by_group([0.0, 1.0, 0.5, 0.9], [1, 3, 2, 0], np.array([0, 0, 1, 3]), 4)
    assert found[:2].tolist() == [0.75, 0.5]
    assert np.isnan(found[2:]).all()
