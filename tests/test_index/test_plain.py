"""The plain twin against the definition itself, one pair at a time."""

from __future__ import annotations

import numpy as np
import pytest
from test_index.oracle import assert_nearest, assert_sums, assert_within
from test_index.worlds import GEOD, WORLDS, questions

from geo_match.index.plain import PlainIndex


@pytest.mark.parametrize("world", WORLDS)
def test_it_answers_as_its_distances_say(world: object) -> None:
    rng = np.random.default_rng(0)
    scene = world(rng)
    plain = PlainIndex(lon=scene.lon, lat=scene.lat)
    for question in questions(rng, scene):
        assert_within(plain, question)
        assert_sums(plain, question, rng.integers(-9, 9, (len(scene.lon), 2)))
        assert_nearest(plain, question, 4)
        assert_nearest(plain, question, 4, max_distance_m=3000.0)


def test_its_distances_are_those_of_one_pair_after_another() -> None:
    plain = PlainIndex(lon=[117.4, -180.0, 5.0], lat=[32.9, 90.0, -12.0])
    table = plain.distances(lon=[117.4, 0.0], lat=[32.9, -90.0])
    for query, (lon, lat) in enumerate([(117.4, 32.9), (0.0, -90.0)]):
        for point, (to_lon, to_lat) in enumerate([(117.4, 32.9), (-180.0, 90.0), (5.0, -12.0)]):
            assert table[query, point] == GEOD.inv(lon, lat, to_lon, to_lat)[2]


def test_it_yields_one_query_after_another() -> None:
    plain = PlainIndex(lon=[1.0, 1.0, 5.0], lat=[1.0, 1.0, 5.0])
    blocks = list(plain.iter_within(lon=[1.0, 9.0, 5.0], lat=[1.0, 9.0, 5.0], radius_m=[1, 1, 1]))
    assert [block.first_query for block in blocks] == [0, 1, 2]
    assert [block.point.tolist() for block in blocks] == [[0, 1], [], [2]]


def test_it_adds_floats_and_any_number_of_columns() -> None:
    plain = PlainIndex(lon=[1.0, 1.0, 5.0], lat=[1.0, 1.0, 5.0])
    circle = {"lon": 1.0, "lat": 1.0, "radius_m": 1.0}
    assert plain.sum_within(**circle, weights=[0.5, 1.0, 9.0]).tolist() == [1.5]
    assert plain.sum_within(**circle, weights=[[1, 2], [3, 4], [5, 6]]).tolist() == [[4, 6]]
    assert plain.sum_within(lon=[], lat=[], radius_m=1.0, weights=[1, 2, 3]).shape == (0,)


def test_no_points_are_answered_by_nothing() -> None:
    plain = PlainIndex(lon=[], lat=[])
    assert len(plain) == 0
    assert plain.count_within(lon=[1.0], lat=[1.0], radius_m=9.0).tolist() == [0]
    assert plain.nearest(lon=[1.0], lat=[1.0], k=3).offsets.tolist() == [0, 0]
