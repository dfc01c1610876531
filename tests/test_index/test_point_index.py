"""Circles against brute force by Karney's geodesic, on points made to break them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.spatial import cKDTree
from test_index.oracle import assert_sums, assert_within
from test_index.worlds import (
    GEOD,
    MAX_RADIUS_M,
    RADII_M,
    WORLDS,
    Question,
    around,
    big_city,
    city,
    geodesics,
    globe,
    questions,
)

import geo_match as gm
from geo_match.geodesy import lonlat_to_ecef
from geo_match.index import PointIndex, _answers

if TYPE_CHECKING:
    from test_index.worlds import World


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("world", WORLDS)
def test_every_circle_holds_what_brute_force_finds(world: World, seed: int) -> None:
    rng = np.random.default_rng(seed)
    scene = world(rng)
    index = PointIndex(lon=scene.lon, lat=scene.lat)
    for question in questions(rng, scene):
        assert_within(index, question)
        assert_sums(index, question, rng.integers(-(10**12), 10**12, (len(scene.lon), 4)))


@pytest.mark.parametrize("n_origins", [255, 256, 257, 600])
@pytest.mark.parametrize("world", WORLDS)
def test_many_origins_may_be_sorted_and_share_their_work_and_answer_alike(
    world: World, n_origins: int
) -> None:
    rng = np.random.default_rng(n_origins)
    scene = world(rng)
    index = PointIndex(lon=scene.lon, lat=scene.lat)
    weights = rng.integers(-9, 9, (len(scene.lon), 2))
    for question in questions(rng, scene):
        if len(question.lon) == 0:
            continue
        many = rng.integers(0, len(question.lon), n_origins)
        many = Question(*(array[many] for array in question))
        assert_within(index, many)
        assert_sums(index, many, weights)


def test_more_origins_than_a_block_holds_are_answered_one_by_one_alike() -> None:
    rng = np.random.default_rng(0)
    scene = globe(rng)
    index = PointIndex(lon=scene.lon, lat=scene.lat)
    lon, lat = np.tile(scene.query_lon, 1700), np.tile(scene.query_lat, 1700)
    assert len(lon) > 65_536
    few = index.within(lon=scene.query_lon, lat=scene.query_lat, radius_m=20_000.0)
    many = np.concatenate(
        [
            block.point
            for block in index.iter_within(lon=lon, lat=lat, radius_m=20_000.0, max_pairs=100_000)
        ]
    )
    np.testing.assert_array_equal(many, np.tile(few.point, 1700))
    nearest = index.nearest(lon=lon, lat=lat, k=2)
    once = index.nearest(lon=scene.query_lon, lat=scene.query_lat, k=2)
    np.testing.assert_array_equal(nearest.point, np.tile(once.point, 1700))


@pytest.mark.parametrize("at_once", [1, 3, 1000])
def test_cutting_the_doubtful_points_into_parts_changes_no_answer(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_answers, "_DECIDED_AT_ONCE", at_once)
    monkeypatch.setattr(_answers, "_QUERIES_AT_ONCE", 7)
    rng = np.random.default_rng(at_once)
    for world in WORLDS:
        scene = world(rng)
        index = PointIndex(lon=scene.lon, lat=scene.lat)
        for question in questions(rng, scene):
            assert_within(index, question)
            assert_sums(index, question, np.arange(len(scene.lon))[:, None])


@pytest.mark.parametrize("lat", [-60.0, 0.0, 32.9, 85.0])
@pytest.mark.parametrize("distance_m", [1e-3, 1.0, 700.0, 3000.0, 20_000.0, 150_000.0])
def test_a_radius_of_exactly_the_distance_holds_the_point_and_one_ulp_less_does_not(
    lat: float, distance_m: float
) -> None:
    n = 200
    azimuth = np.linspace(-180.0, 180.0, n)
    to_lon, to_lat = around(117.4, lat, azimuth, np.full(n, distance_m))
    index = PointIndex(lon=to_lon, lat=to_lat)
    here = {"lon": np.full(n, 117.4), "lat": np.full(n, lat)}
    exact = np.asarray(GEOD.inv(*here.values(), to_lon, to_lat)[2])
    for radius in (np.nextafter(exact, 0.0), exact, np.nextafter(exact, np.inf)):
        question = Question(
            here["lon"], here["lat"], radius, geodesics(*here.values(), to_lon, to_lat)
        )
        assert np.all(np.diag(question.inside) == (radius >= exact))
        assert_within(index, question)


@pytest.mark.parametrize("off_m", [-1e-3, -1e-6, -1e-9, 1e-9, 1e-6, 1e-3])
def test_the_largest_radius_still_decides_to_the_nanometre(off_m: float) -> None:
    rng = np.random.default_rng(5)
    for lat in (-89.0, -45.0, 0.0, 60.0, 90.0):
        azimuth = rng.uniform(-180.0, 180.0, 300)
        places = around(10.0, lat, azimuth, np.full(300, MAX_RADIUS_M + off_m))
        one, at = np.array([10.0]), np.array([lat])
        question = Question(one, at, np.array([MAX_RADIUS_M]), geodesics(one, at, *places))
        assert_within(PointIndex(lon=places[0], lat=places[1]), question)


def test_a_radius_of_zero_holds_the_hundreds_at_the_place_and_nobody_an_ulp_away() -> None:
    lon = np.full(700, 117.4)
    lat = np.full(700, 32.9)
    lon[500:600] = np.nextafter(117.4, 180.0)
    lat[600:] = np.nextafter(32.9, 0.0)
    index = PointIndex(lon=lon, lat=lat)
    assert index.count_within(lon=117.4, lat=32.9, radius_m=0.0).tolist() == [500]
    pairs = index.within(lon=117.4, lat=32.9, radius_m=0.0)
    assert pairs.point.tolist() == list(range(500))
    assert not pairs.distance_m.any()


def test_zero_degrees_is_a_place_like_any_other_whatever_its_sign() -> None:
    index = PointIndex(lon=[0.0, -0.0, 0.0, -0.0, 50.0], lat=[0.0, 0.0, -0.0, -0.0, 50.0])
    for lon in (0.0, -0.0):
        for lat in (0.0, -0.0):
            for radius in (0.0, 1.0, 200_000.0):
                pairs = index.within(lon=lon, lat=lat, radius_m=radius)
                assert pairs.point.tolist() == [0, 1, 2, 3]
                assert pairs.distance_m.tolist() == [0.0] * 4


@pytest.mark.parametrize("lat", [-80.0, 0.0, 32.9, 89.99])
def test_180_degrees_west_and_east_are_one_place(lat: float) -> None:
    index = PointIndex(lon=[180.0, -180.0, 179.999, -179.999], lat=[lat] * 4)
    for lon in (180.0, -180.0):
        assert index.within(lon=lon, lat=lat, radius_m=0.0).point.tolist() == [0, 1]
        assert index.count_within(lon=lon, lat=lat, radius_m=3000.0).tolist() == [4]
        assert index.nearest(lon=lon, lat=lat, k=2).point.tolist() == [0, 1]


@pytest.mark.parametrize("lat", [-90.0, 90.0])
def test_all_longitudes_of_a_pole_are_one_place(lat: float) -> None:
    lon = np.array([-180.0, -90.0, 0.0, 33.3, 180.0])
    index = PointIndex(lon=lon, lat=np.full(5, lat))
    for at in (-180.0, 12.0, 180.0):
        assert index.count_within(lon=at, lat=lat, radius_m=1e-3).tolist() == [5]
    near = {"lon": 77.0, "lat": lat * (1.0 - 1e-4)}
    distance = GEOD.inv(0.0, lat, near["lon"], near["lat"])[2]
    assert index.count_within(**near, radius_m=distance + 1e-6).tolist() == [5]
    assert index.count_within(**near, radius_m=distance - 1e-6).tolist() == [0]


def test_a_circle_near_a_pole_reaches_its_full_width_of_longitude() -> None:
    turn = np.array([15.45, 15.46, 15.5, 15.57, 15.579])
    lat = np.empty(5)
    for i, to_lon in enumerate(turn):  # the latitude of the rim at this longitude
        tries = np.linspace(89.9, 89.91, 20_001)
        distance = np.asarray(
            GEOD.inv(np.zeros(20_001), np.full(20_001, 89.9), np.full(20_001, to_lon), tries)[2]
        )
        lat[i] = tries[distance.argmin()]
        assert distance.min() < 3000.0
    index = PointIndex(lon=np.concatenate((turn, -turn)), lat=np.concatenate((lat, lat)))
    assert index.count_within(lon=0.0, lat=89.9, radius_m=3000.0).tolist() == [10]


def test_an_empty_index_answers_every_question() -> None:
    index = PointIndex(lon=[], lat=[])
    circle = {"lon": [1.0, 2.0], "lat": [3.0, 4.0], "radius_m": 3000.0}
    assert len(index) == 0
    assert index.within(**circle).offsets.tolist() == [0, 0, 0]
    assert index.count_within(**circle).tolist() == [0, 0]
    assert index.sum_within(**circle, weights=[]).tolist() == [0, 0]
    assert index.sum_within(**circle, weights=np.empty((0, 3))).shape == (2, 3)
    assert index.nearest(lon=1.0, lat=2.0, k=5).offsets.tolist() == [0, 0]
    assert index.count_reaching(**circle).shape == (0,)
    assert [block.n_queries for block in index.iter_within(**circle)] == [2]


def test_no_queries_are_answered_by_nothing() -> None:
    index = PointIndex(lon=[1.0, 2.0], lat=[3.0, 4.0])
    nobody = {"lon": [], "lat": [], "radius_m": 3000.0}
    assert index.within(**nobody).offsets.tolist() == [0]
    assert index.count_within(**nobody).shape == (0,)
    assert index.sum_within(**nobody, weights=[1, 2]).shape == (0,)
    assert index.sum_within(**nobody, weights=[[1.0], [2.0]]).shape == (0, 1)
    assert index.nearest(lon=[], lat=[], k=3).offsets.tolist() == [0]
    assert index.count_reaching(**nobody).tolist() == [0, 0]
    assert list(index.iter_within(**nobody)) == []


def test_one_number_is_one_query() -> None:
    index = PointIndex(lon=117.4, lat=32.9)
    assert len(index) == 1
    assert index.count_within(lon=117.4, lat=32.9, radius_m=0).tolist() == [1]
    assert index.within(lon=117.4, lat=32.9, radius_m=[0.0]).point.tolist() == [0]


def test_one_query_is_answered_as_among_a_thousand() -> None:
    rng = np.random.default_rng(11)
    scene = city(rng, 400, 1000)
    index = PointIndex(lon=scene.lon, lat=scene.lat)
    radius = rng.choice(RADII_M, 1000)
    circle = {"lon": scene.query_lon, "lat": scene.query_lat}
    weights = rng.integers(-5, 5, 400)
    counts = index.count_within(**circle, radius_m=radius)
    sums = index.sum_within(**circle, radius_m=radius, weights=weights)
    pairs = index.within(**circle, radius_m=radius)
    nearest = index.nearest(**circle, k=3)
    for i in range(0, 1000, 37):
        one = {"lon": scene.query_lon[i], "lat": scene.query_lat[i]}
        assert index.count_within(**one, radius_m=radius[i]) == counts[i]
        assert index.sum_within(**one, radius_m=radius[i], weights=weights) == sums[i]
        alone = index.within(**one, radius_m=radius[i])
        start, stop = pairs.offsets[i : i + 2]
        np.testing.assert_array_equal(alone.point, pairs.point[start:stop])
        np.testing.assert_array_equal(alone.distance_m, pairs.distance_m[start:stop])
        np.testing.assert_array_equal(
            index.nearest(**one, k=3).point, nearest.point[3 * i : 3 * i + 3]
        )


@pytest.mark.parametrize("n_origins", [4, 300])
def test_a_rim_of_more_points_than_are_measured_at_once_is_counted_whole(n_origins: int) -> None:
    rng = np.random.default_rng(0)
    m = 9000
    lon, lat = around(117.4, 32.9, rng.uniform(-180.0, 180.0, m), 3000.0 + rng.normal(0.0, 1.0, m))
    index = PointIndex(lon=lon, lat=lat)
    few = 117.4 + rng.normal(0.0, 1e-5, 4), 32.9 + rng.normal(0.0, 1e-5, 4)
    of = np.arange(n_origins) % 4
    table = geodesics(*few, lon, lat)[of]
    question = Question(few[0][of], few[1][of], np.full(n_origins, 3000.0), table)
    assert_within(index, question)
    assert_sums(index, question, rng.integers(-9, 9, (m, 4)))
    unsorted = index.within(lon=few[0], lat=few[1], radius_m=np.linspace(2999.0, 3001.0, 4))
    assert np.diff(unsorted.offsets).tolist() == (
        (table[:4] <= np.linspace(2999.0, 3001.0, 4)[:, None]).sum(axis=1).tolist()
    )


@pytest.mark.parametrize("radius_m", [300.0, 3000.0, 30_000.0])
def test_a_city_is_counted_as_scipy_counts_its_chords(radius_m: float) -> None:
    rng = np.random.default_rng(2)
    lon, lat = big_city(rng, 20_000)
    query_lon, query_lat = lon[:500] + 0.001, lat[:500]
    index = PointIndex(lon=lon, lat=lat)
    tree = cKDTree(np.stack(lonlat_to_ecef(lon, lat), axis=1))
    origins = np.stack(lonlat_to_ecef(query_lon, query_lat), axis=1)
    # A chord is shorter than its geodesic by about s³/24R²: between these two lies the rim.
    shorter = radius_m - radius_m**3 / 24.0 / 6_330_000.0**2 - 1e-6
    surely = tree.query_ball_point(origins, shorter, return_length=True)
    possibly = tree.query_ball_point(origins, radius_m + 1e-6, return_length=True)
    counts = index.count_within(lon=query_lon, lat=query_lat, radius_m=radius_m)
    assert np.all((surely <= counts) & (counts <= possibly))
    assert (surely == possibly).mean() > 0.9  # so that the comparison says something


def test_it_stays_as_it_was_built_when_the_callers_arrays_change() -> None:
    lon, lat = np.array([117.4, 117.5]), np.array([32.9, 32.9])
    index = PointIndex(lon=lon, lat=lat)
    lon[:], lat[:] = 0.0, 0.0
    assert index.count_within(lon=117.4, lat=32.9, radius_m=1.0).tolist() == [1]


def test_asking_changes_none_of_the_callers_arrays() -> None:
    rng = np.random.default_rng(4)
    scene = city(rng, 300, 300)
    given = {
        "lon": scene.query_lon,
        "lat": scene.query_lat,
        "radius_m": np.full(len(scene.query_lon), 3000.0),
    }
    weights = rng.integers(0, 9, (300, 2))
    for array in (*given.values(), *scene, weights):
        array.setflags(write=False)  # a write would raise
    index = PointIndex(lon=scene.lon, lat=scene.lat)
    index.within(**given)
    index.count_reaching(**given)
    index.sum_within(**given, weights=weights)
    index.sum_within(**given, weights=weights.astype(np.float64))
    index.nearest(lon=given["lon"], lat=given["lat"], k=4, max_distance_m=3000.0)


def test_arrays_of_any_layout_and_number_type_are_taken_as_their_values() -> None:
    lon = np.array([117, 118, 119], dtype=np.int32)
    lat = np.array([[32.0, 1.0], [33.0, 1.0], [34.0, 1.0]], dtype=np.float32)[:, 0]
    index = PointIndex(lon=lon[::-1], lat=lat[::-1])
    assert index.count_within(lon=118, lat=33, radius_m=np.float32(1)).tolist() == [1]
    assert index.nearest(lon=[119], lat=[34]).point.tolist() == [0]


def test_it_says_its_size() -> None:
    assert repr(gm.PointIndex(lon=np.zeros(1200), lat=np.zeros(1200))) == (
        "PointIndex(1,200 points)"
    )


def test_more_points_than_positions_can_number_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("geo_match.index.point_index._MOST_POINTS", 2)
    with pytest.raises(gm.errors.ArgumentError, match=r"`lon` must hold at most 2 points, got 3"):
        PointIndex(lon=[1.0, 2.0, 3.0], lat=[1.0, 2.0, 3.0])
