"""What the kernels trust: where the points lie in memory, and how much of it they take."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from test_index.worlds import WORLDS, big_city, nudged

from geo_match.index import PointIndex, _layout
from geo_match.index._layout import (
    BUCKETS_PER_DEGREE,
    NORTH,
    NORTH_P,
    NORTH_Z,
    PER_LEAST_P,
    PER_MOST_P,
    SOUTH,
    SOUTH_P,
    SOUTH_Z,
    WEST,
    Layout,
    build,
)
from geo_match.index._runs import bracket, entry_of

if TYPE_CHECKING:
    from test_index.worlds import Places, World


def uniform_globe(rng: np.random.Generator, m: int) -> Places:
    """Evenly on the sphere."""
    return rng.uniform(-180.0, 180.0, m), np.degrees(np.arcsin(rng.uniform(-1.0, 1.0, m)))


def one_meridian(rng: np.random.Generator, m: int) -> Places:
    """From pole to pole."""
    return np.full(m, 117.4), rng.uniform(-90.0, 90.0, m)


def one_parallel(rng: np.random.Generator, m: int) -> Places:
    """Around the earth."""
    return rng.uniform(-180.0, 180.0, m), np.full(m, 32.9)


def one_place(rng: np.random.Generator, m: int) -> Places:
    """All points in one place."""
    del rng
    return np.full(m, 117.4), np.full(m, 32.9)


def clusters_on_the_globe(rng: np.random.Generator, m: int) -> Places:
    """A thousand dense villages, far apart."""
    lon, lat = uniform_globe(rng, 1000)
    of = rng.integers(0, 1000, m)
    return (
        np.clip(lon[of] + rng.normal(0.0, 1e-3, m), -180.0, 180.0),
        np.clip(lat[of] + rng.normal(0.0, 1e-3, m), -90.0, 90.0),
    )


LARGE = [
    big_city,
    uniform_globe,
    one_meridian,
    one_parallel,
    one_place,
    clusters_on_the_globe,
]


def bands(layout: Layout) -> list[slice]:
    """Return the slots of each band."""
    start = layout.band_start[:, 0]
    return [slice(int(a), int(b)) for a, b in pairwise(start)]


def assert_layout(layout: Layout, lon: np.ndarray, lat: np.ndarray) -> None:
    """Everything that the docstrings of `_layout` and `_runs` take for granted."""
    m = len(lon)
    np.testing.assert_array_equal(np.sort(layout.position), np.arange(m))
    np.testing.assert_array_equal(layout.lat, lat[layout.position])
    stored = np.where(lon == -180.0, 180.0, lon)
    np.testing.assert_array_equal(layout.lon, stored[layout.position])
    rows, slots = layout.band, bands(layout)
    assert layout.band_start[0].tolist() == [0, 0]
    assert layout.band_start[-1].tolist() == [m, len(layout.bucket_slot)]
    assert np.all(np.diff(layout.band_start[:, 0]) > 0)  # no band is empty
    assert np.all(rows[NORTH] >= rows[SOUTH])
    assert np.all(rows[SOUTH, 1:] >= rows[NORTH, :-1])
    for here, band in enumerate(slots):
        assert np.all(layout.lat[band] >= rows[SOUTH, here] - 1e-9)
        assert np.all(layout.lat[band] <= rows[NORTH, here] + 1e-9)
        east = np.diff(layout.lon[band])
        assert np.all(east >= 0.0)
        later = np.diff(layout.position[band]) > 0
        assert np.all(later | (east > 0.0) | (np.diff(layout.lat[band]) != 0.0))
        assert rows[WEST, here] == layout.lon[band][0]
        p = np.hypot(layout.x[band], layout.y[band])
        assert np.all(1.0 / rows[PER_MOST_P, here] >= p - 1e-6)
        assert np.all(1.0 / rows[PER_LEAST_P, here] <= p + 1e-6)
    for p, z, lats in ((SOUTH_P, SOUTH_Z, SOUTH), (NORTH_P, NORTH_Z, NORTH)):
        on_ellipsoid = (rows[p] / 6_378_137.0) ** 2 + (rows[z] / 6_356_752.314245) ** 2
        np.testing.assert_allclose(on_ellipsoid, 1.0, atol=1e-12)
        normal = np.degrees(np.arctan2(rows[z] * 6_378_137.0**2, rows[p] * 6_356_752.314245**2))
        np.testing.assert_allclose(normal, rows[lats], atol=1e-9)
    for array in layout:
        assert not array.flags.writeable
        assert array.flags.c_contiguous


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("world", WORLDS)
def test_each_point_has_one_slot_in_its_band_in_order_of_longitude(world: World, seed: int) -> None:
    scene = world(np.random.default_rng(seed))
    assert_layout(build(scene.lon, scene.lat), scene.lon, scene.lat)


@pytest.mark.parametrize("places", LARGE)
def test_large_sets_are_laid_out_alike_within_64_bytes_a_point(places: object) -> None:
    lon, lat = places(np.random.default_rng(0), 100_000)
    index = PointIndex(lon=lon, lat=lat)
    assert index.nbytes < 64 * 100_000
    assert_layout(index._layout, lon, lat)
    for array in index._layout:  # no larger array is kept alive behind a view
        assert array.base is None or array.base.nbytes == array.nbytes


@pytest.mark.parametrize("places", LARGE)
def test_bands_are_few_enough_to_be_walked(places: object) -> None:
    lon, lat = places(np.random.default_rng(0), 100_000)
    layout = build(lon, lat)
    assert layout.band.shape[1] <= 100_000 // 16 + 64


def test_a_far_outlier_leaves_a_citys_bands_as_they_are() -> None:
    lon, lat = big_city(np.random.default_rng(0), 20_000)
    alone = build(lon, lat).band
    lon[0], lat[0] = -30.0, 0.5
    height = np.median(alone[NORTH] - alone[SOUTH])
    beside = build(lon, lat).band
    assert np.median(beside[NORTH] - beside[SOUTH]) == pytest.approx(height, rel=0.05)


@pytest.mark.parametrize("height", [1e-12, 1e-6, 0.01, 1.0, 45.0, 200.0])
def test_bands_of_any_height_hold_their_points(
    height: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        _layout,
        "_band_of_each",
        lambda _, lat: (np.floor((lat + 90.0) / height).astype(np.int64), height),
    )
    for world in WORLDS:
        scene = world(np.random.default_rng(0))
        assert_layout(build(scene.lon, scene.lat), scene.lon, scene.lat)


def _edges(layout: Layout, here: int, band: slice) -> np.ndarray:
    """Return longitudes at, and ulps beside, all points and bucket edges of a band, and beyond."""
    west, per_degree = layout.band[WEST, here], layout.band[BUCKETS_PER_DEGREE, here]
    n_buckets = int(np.diff(layout.band_start[here : here + 2, 1])[0]) - 3
    edges = west + np.arange(n_buckets + 2) / per_degree
    at = np.concatenate((layout.lon[band], edges, [-540.0, -180.0, 0.0, 180.0, 540.0]))
    return np.concatenate((at, np.nextafter(at, -np.inf), np.nextafter(at, np.inf)))


@pytest.mark.parametrize("world", WORLDS)
def test_the_bucket_table_brackets_every_longitude(world: World) -> None:
    scene = world(np.random.default_rng(0))
    layout = build(scene.lon, scene.lat)
    for here, band in enumerate(bands(layout)[:40]):
        base, after = layout.band_start[here : here + 2, 1]
        for lon in _edges(layout, here, band):
            entry = base + entry_of(
                lon,
                layout.band[WEST, here],
                layout.band[BUCKETS_PER_DEGREE, here],
                after - base - 3.0,
            )
            assert base <= entry < after - 1
            exact = band.start + np.searchsorted(layout.lon[band], lon, side="left")
            low, high = bracket(layout.lon, layout.bucket_slot, entry, lon, 0)
            assert low == high == exact
            low, high = bracket(layout.lon, layout.bucket_slot, entry, lon, 6)
            assert band.start <= low <= exact <= high <= band.stop
            assert high - low <= 6 or high - low == (
                layout.bucket_slot[entry + 1] - layout.bucket_slot[entry]
            )


def test_points_ulps_apart_share_buckets_and_are_still_told_apart() -> None:
    rng = np.random.default_rng(0)
    lon = nudged(rng, np.full(5000, 117.4), 40)
    lat = np.full(5000, 32.9)
    layout = build(lon, lat)
    assert_layout(layout, lon, lat)
    index = PointIndex(lon=lon, lat=lat)
    for value in np.unique(lon)[::7]:
        assert index.count_within(lon=value, lat=32.9, radius_m=0.0) == (lon == value).sum()


def test_the_callers_arrays_are_copied_and_left_writable() -> None:
    lon, lat = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    layout = build(lon, lat)
    assert lon.flags.writeable
    assert lat.flags.writeable
    for array in layout:
        assert not np.shares_memory(array, lon)
        assert not np.shares_memory(array, lat)


def test_no_points_have_a_layout_without_bands() -> None:
    layout = build(np.empty(0), np.empty(0))
    assert layout.band.shape == (10, 0)
    assert layout.band_start.tolist() == [[0, 0]]
