"""The nearest points against brute force: which, in which order, how far, and at what cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from test_index.oracle import assert_nearest, rows
from test_index.worlds import (
    GEOD,
    WORLDS,
    Question,
    around,
    big_city,
    city,
    geodesics,
    globe,
    questions,
)

from geo_match.index import PointIndex, _answers
from geo_match.index._nearest import nearest as nearest_kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from test_index.worlds import World


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("world", WORLDS)
def test_the_nearest_points_are_those_of_brute_force(world: World, seed: int) -> None:
    rng = np.random.default_rng(seed)
    scene = world(rng)
    index = PointIndex(lon=scene.lon, lat=scene.lat)
    plain, rim, _ = questions(rng, scene)
    m = len(scene.lon)
    for k in {1, 2, 3, 10, m - 1, m, m + 5} - {0}:
        assert_nearest(index, plain, k)
        assert_nearest(index, plain, k, max_distance_m=3000.0)
    for radius in (*rim.radius_m[::17], 0.0, 1e-9):
        assert_nearest(index, plain, 5, max_distance_m=float(radius))


@pytest.mark.parametrize("seed", range(5))
def test_a_bound_of_exactly_a_points_distance_admits_it_and_one_ulp_less_does_not(
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    for distance in (1.0, 3000.0, 150_000.0, 900_000.0, 15_000_000.0):
        lon, lat = around(*rng.uniform(-80.0, 80.0, 2), np.array([20.0]), np.array([distance]))
        points = around(lon[0], lat[0], rng.uniform(0, 360, 6), np.full(6, distance))
        table = geodesics(lon, lat, *points)
        question = Question(lon, lat, np.zeros(1), table)
        index = PointIndex(lon=points[0], lat=points[1])
        for exact in table[0]:
            for most in (np.nextafter(exact, 0.0), exact, np.nextafter(exact, np.inf)):
                assert_nearest(index, question, 3, max_distance_m=float(most))
                assert_nearest(index, question, 6, max_distance_m=float(most))


@pytest.mark.parametrize("k", [1, 5, 59, 60, 65])
def test_points_across_the_earth_are_ordered_by_the_geodesic(k: int) -> None:
    rng = np.random.default_rng(k)
    scene = city(rng, 60)
    lon, lat = rng.uniform(-180.0, 180.0, 20), rng.uniform(-90.0, 90.0, 20)
    lon[0], lat[0] = scene.lon[0] - 180.0, -scene.lat[0]
    question = Question(lon, lat, np.zeros(20), geodesics(lon, lat, scene.lon, scene.lat))
    index = PointIndex(lon=scene.lon, lat=scene.lat)
    assert_nearest(index, question, k)
    for most in (1e6, 9e6, 19_900_000.0, 19_950_000.0, 20_003_931.0, 3e7, float("inf")):
        assert_nearest(index, question, k, max_distance_m=most)
    assert_nearest(index, question, k, max_distance_m=float(np.median(question.distance_m)))


def test_far_distances_are_the_geodesics_themselves() -> None:
    index = PointIndex(lon=[117.38, 0.0], lat=[32.92, 0.0])
    pairs = index.nearest(lon=[-62.62, 179.5], lat=[-32.92, 0.5], k=2)
    expected = geodesics(
        np.array([-62.62, 179.5]),
        np.array([-32.92, 0.5]),
        np.array([117.38, 0]),
        np.array([32.92, 0]),
    )
    assert pairs.distance_m.tolist() == np.sort(expected, axis=1).ravel().tolist()


def test_ties_at_one_place_go_by_position() -> None:
    lon = np.array([10.001, 10.0, 10.001, 10.0, 10.0, 10.001])
    index = PointIndex(lon=lon, lat=np.full(6, 50.0))
    for k in range(1, 8):
        pairs = index.nearest(lon=10.0, lat=50.0, k=k)
        assert pairs.point.tolist() == [1, 3, 4, 0, 2, 5][:k]


@pytest.mark.parametrize("k", [1, 3, 250, 299])
def test_hundreds_at_one_place_are_taken_from_the_first(k: int) -> None:
    rng = np.random.default_rng(k)
    lon = np.concatenate((np.full(300, 10.0), rng.normal(10.0, 0.1, 50)))
    lat = np.concatenate((np.full(300, 50.0), rng.normal(50.0, 0.1, 50)))
    order = rng.permutation(350)
    at = np.flatnonzero((lon[order] == 10.0) & (lat[order] == 50.0))
    index = PointIndex(lon=lon[order], lat=lat[order])
    assert index.nearest(lon=10.02, lat=50.0, k=k, max_distance_m=None).n_queries == 1
    here = index.nearest(lon=10.0, lat=50.0, k=k)
    assert here.point.tolist() == at[:k].tolist()


@pytest.mark.parametrize("copies", [2, 3, 8])
def test_copies_of_the_last_place_do_not_hide_a_nearer_one_with_a_longer_chord(
    copies: int,
) -> None:
    rng = np.random.default_rng(copies)
    found = 0
    while found < 10:  # a place whose chord is longer and whose geodesic is shorter
        lon, lat = rng.uniform(-170.0, 170.0), rng.uniform(-60.0, 60.0)
        azimuth = np.array([rng.uniform(-20.0, 20.0), rng.uniform(70.0, 110.0)])
        distance = 40_000.0 + np.array([0.0, rng.normal(0.0, 3e-4)])
        two = around(lon, lat, azimuth, distance)
        true = geodesics(np.array([lon]), np.array([lat]), *two)[0]
        both = PointIndex(lon=two[0], lat=two[1])
        measured = both.within(lon=lon, lat=lat, radius_m=50_000.0).distance_m
        if np.argmin(true) == np.argmin(measured):
            continue
        found += 1
        of = np.concatenate((np.full(copies, np.argmin(measured)), [np.argmin(true)]))
        index = PointIndex(lon=two[0][of], lat=two[1][of])
        question = Question(np.array([lon]), np.array([lat]), np.zeros(1), true[of][None])
        for k in range(1, copies + 2):
            assert_nearest(index, question, k)


def test_more_than_there_are_gives_all_there_are() -> None:
    index = PointIndex(lon=[1.0, 2.0, 3.0], lat=[0.0, 0.0, 0.0])
    pairs = index.nearest(lon=[0.0, 4.0], lat=[0.0, 0.0], k=10**9)
    assert rows(pairs) == [[0, 1, 2], [2, 1, 0]]


def test_a_bound_of_zero_admits_the_place_itself_alone() -> None:
    index = PointIndex(lon=[1.0, np.nextafter(1.0, 2.0), 1.0], lat=[0.0, 0.0, 0.0])
    assert index.nearest(lon=1.0, lat=0.0, k=3, max_distance_m=0.0).point.tolist() == [0, 2]
    assert len(index.nearest(lon=1.5, lat=0.0, k=3, max_distance_m=0)) == 0


def test_queries_with_and_without_points_in_reach_keep_their_rows() -> None:
    index = PointIndex(lon=[0.0, 0.01, 90.0], lat=[0.0, 0.0, 0.0])
    pairs = index.nearest(lon=[50.0, 0.0, 90.0, 120.0], lat=[0.0] * 4, k=2, max_distance_m=5000.0)
    assert rows(pairs) == [[], [0, 1], [2], []]
    assert pairs.query.tolist() == [1, 1, 2]


@pytest.mark.parametrize("n", [255, 256, 1500])
def test_many_queries_keep_their_order(n: int) -> None:
    rng = np.random.default_rng(n)
    scene = globe(rng)
    chosen = rng.integers(0, len(scene.lon), n)
    lon, lat = scene.lon[chosen], scene.lat[chosen]
    question = Question(lon, lat, np.zeros(n), geodesics(lon, lat, scene.lon, scene.lat))
    assert_nearest(PointIndex(lon=scene.lon, lat=scene.lat), question, 4)


def test_queries_in_parts_and_doubtful_ones_in_parts_answer_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_answers, "_QUERIES_AT_ONCE", 7)
    monkeypatch.setattr(_answers, "_DECIDED_AT_ONCE", 40)
    rng = np.random.default_rng(0)
    for world in WORLDS:
        scene = world(rng)
        index = PointIndex(lon=scene.lon, lat=scene.lat)
        assert_nearest(index, questions(rng, scene)[0], 4)


def _by_kernel(
    index: PointIndex, lon: NDArray, lat: NDArray, k: int, outside: float = np.inf
) -> tuple[NDArray, NDArray, NDArray, int]:
    """Return the kernel's points (n, k), how many, whether in doubt, and how many it measured."""
    n = len(lon)
    bound = np.full(n, outside)
    circles = _answers._circles(lon, lat, bound, bound)
    point = np.full((n, k), -1, dtype=np.int64)
    found = np.empty(n, dtype=np.int64)
    doubt = np.empty(n, dtype=np.bool_)
    measured = nearest_kernel(
        index._layout,
        circles,
        k,
        np.arange(n),
        point,
        np.empty((n, k)),
        found,
        np.empty(n),
        doubt,
    )
    return point, found, doubt, measured


@pytest.mark.parametrize("k", [1, 2, 3, 7, 20])
@pytest.mark.parametrize("world", WORLDS)
def test_the_kernel_finds_the_least_chords_in_order(world: World, k: int) -> None:
    scene = world(np.random.default_rng(k))
    index = PointIndex(lon=scene.lon, lat=scene.lat)
    layout = index._layout
    circles = _answers._circles(scene.query_lon, scene.query_lat, *[np.zeros(0)] * 2)
    place = np.argsort(layout.position)
    squared = sum(
        (axis[place][None] - at[:, None]) ** 2
        for axis, at in zip(layout[:3], (circles.x, circles.y, circles.z), strict=True)
    )
    for outside in (np.inf, 3000.0, 1.0):
        point, found, _, _ = _by_kernel(index, scene.query_lon, scene.query_lat, k, outside)
        order = np.argsort(squared, axis=1, kind="stable")[:, :k]
        for row, chords in enumerate(squared):
            expected = [int(p) for p in order[row] if chords[p] <= outside * outside]
            assert point[row, : found[row]].tolist() == expected


def test_doubt_is_rare_in_a_city() -> None:
    lon, lat = big_city(np.random.default_rng(0), 20_000)
    index = PointIndex(lon=lon, lat=lat)
    doubt = _by_kernel(index, lon[:1000] + 1e-4, lat[:1000], 10)[2]
    assert doubt.mean() < 0.02


@pytest.mark.parametrize("m", [10_000, 100_000])
def test_the_ten_nearest_are_found_among_few_measured(m: int) -> None:
    lon, lat = big_city(np.random.default_rng(0), m)
    index = PointIndex(lon=lon, lat=lat)
    rng = np.random.default_rng(1)
    chosen = rng.integers(0, m, 1000)
    measured = _by_kernel(index, lon[chosen] + 1e-5, lat[chosen], 10)[3]
    assert measured / 1000 < 400


def test_a_lonely_query_measures_little_of_a_city_far_away() -> None:
    lon, lat = big_city(np.random.default_rng(0), 100_000)
    index = PointIndex(lon=lon, lat=lat)
    at = around(117.38, 32.92, np.arange(0.0, 360.0, 30.0), np.full(12, 150_000.0))
    assert _by_kernel(index, *at, 1)[3] / 12 < 20_000


def test_distances_are_the_geodesics_or_within_a_micrometre() -> None:
    rng = np.random.default_rng(0)
    lon, lat = big_city(rng, 5000)
    index = PointIndex(lon=lon, lat=lat)
    pairs = index.nearest(lon=lon[:300] + 0.01, lat=lat[:300], k=8)
    true = np.asarray(
        GEOD.inv(
            (lon[:300] + 0.01)[pairs.query], lat[pairs.query], lon[pairs.point], lat[pairs.point]
        )[2]
    )
    assert np.abs(pairs.distance_m - true).max() < 1e-6
