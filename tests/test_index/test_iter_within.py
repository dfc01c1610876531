"""The pairs in blocks: the same pairs, bounded, and none made before it is asked for."""

from __future__ import annotations

import numpy as np
import pytest
from test_index.worlds import RADII_M, city, globe

from geo_match.errors import ArgumentError, CoordinateError, RadiusError
from geo_match.index import PointIndex, _answers


@pytest.fixture(scope="module")
def index() -> PointIndex:
    scene = city(np.random.default_rng(0), 400, 60)
    return PointIndex(lon=scene.lon, lat=scene.lat)


@pytest.fixture(scope="module")
def circles() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    scene = city(rng, 400, 60)
    return {
        "lon": scene.query_lon,
        "lat": scene.query_lat,
        "radius_m": rng.choice(RADII_M, len(scene.query_lon)),
    }


@pytest.mark.parametrize("max_pairs", [1, 2, 7, 399, 400, 401, 5000, 10**9])
def test_the_blocks_together_are_within_and_none_is_larger_than_asked(
    index: PointIndex, circles: dict[str, np.ndarray], max_pairs: int
) -> None:
    whole = index.within(**circles)
    blocks = list(index.iter_within(**circles, max_pairs=max_pairs))
    np.testing.assert_array_equal(np.concatenate([block.point for block in blocks]), whole.point)
    np.testing.assert_array_equal(
        np.concatenate([block.distance_m for block in blocks]), whole.distance_m
    )
    np.testing.assert_array_equal(np.concatenate([block.query for block in blocks]), whole.query)
    first = 0
    for block in blocks:
        assert block.first_query == first
        assert block.n_queries >= 1
        assert len(block) <= max_pairs or block.n_queries == 1
        first += block.n_queries
    assert first == len(circles["lon"])


def test_a_block_takes_as_many_queries_as_fit() -> None:
    index = PointIndex(lon=[10.0] * 3, lat=[10.0] * 3)
    blocks = index.iter_within(lon=[10.0] * 7, lat=[10.0] * 7, radius_m=1.0, max_pairs=6)
    assert [block.n_queries for block in blocks] == [2, 2, 2, 1]


def test_queries_without_pairs_are_in_the_blocks_too() -> None:
    index = PointIndex(lon=[10.0], lat=[10.0])
    blocks = list(
        index.iter_within(lon=[50.0, 10.0, 50.0, 50.0], lat=[10.0] * 4, radius_m=1.0, max_pairs=1)
    )
    assert sum(block.n_queries for block in blocks) == 4
    assert np.concatenate([block.query for block in blocks]).tolist() == [1]


@pytest.mark.parametrize("at_once", [1, 7, 59, 60, 61])
def test_queries_counted_in_parts_come_out_in_one_row(
    index: PointIndex,
    circles: dict[str, np.ndarray],
    at_once: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = index.within(**circles)
    monkeypatch.setattr(_answers, "_QUERIES_AT_ONCE", at_once)
    blocks = list(index.iter_within(**circles, max_pairs=900))
    np.testing.assert_array_equal(np.concatenate([block.query for block in blocks]), whole.query)
    np.testing.assert_array_equal(np.concatenate([block.point for block in blocks]), whole.point)


def test_no_block_is_made_before_it_is_asked_for(
    index: PointIndex, circles: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    collect = _answers.pairs.collect_within

    def counted(*arguments: object) -> None:
        made.append(1)
        collect(*arguments)

    counts = []
    count = _answers.kernels.count_within

    def counting(*arguments: object) -> int:
        counts.append(1)
        return count(*arguments)

    monkeypatch.setattr(_answers.pairs, "collect_within", counted)
    monkeypatch.setattr(_answers.kernels, "count_within", counting)
    blocks = index.iter_within(**circles, max_pairs=500)
    assert not made
    assert not counts
    for number, _ in enumerate(blocks, start=1):
        assert len(made) == number
        if number == 3:
            break
    assert len(made) == 3


def test_a_question_of_many_blocks_holds_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []
    fill = _answers._fill

    def measured(*arguments: object) -> object:
        sizes.append(int(np.sum(arguments[3])))
        return fill(*arguments)

    monkeypatch.setattr(_answers, "_fill", measured)
    scene = globe(np.random.default_rng(3))
    index = PointIndex(lon=scene.lon, lat=scene.lat)
    circles = {"lon": np.tile(scene.lon, 20), "lat": np.tile(scene.lat, 20), "radius_m": 20_000.0}
    for _ in index.iter_within(**circles, max_pairs=1000):
        pass
    assert max(sizes) <= 1000
    assert len(sizes) > 20


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        ({"lon": [np.nan] * 60}, CoordinateError, "`lon` must be finite"),
        ({"radius_m": -1.0}, RadiusError, r"`radius_m` must be between 0 and 200,000"),
        ({"max_pairs": 0}, ArgumentError, "`max_pairs` must be a whole number of at least 1"),
        ({"max_pairs": True}, ArgumentError, "`max_pairs` must be .*, got True"),
        ({"max_pairs": 1.5}, ArgumentError, r"`max_pairs` must be .*, got 1\.5"),
    ],
)
def test_a_bad_argument_is_named_at_the_call_not_at_the_first_block(
    index: PointIndex,
    circles: dict[str, np.ndarray],
    change: dict[str, object],
    error: type[Exception],
    match: str,
) -> None:
    with pytest.raises(error, match=match):
        index.iter_within(**{**circles, **change})


def test_the_callers_arrays_may_change_between_blocks():
    rng = np.random.default_rng(8)
    index = PointIndex(lon=rng.uniform(117.3, 117.4, 500), lat=rng.uniform(32.9, 33.0, 500))
    lon, lat = rng.uniform(117.3, 117.4, 400), rng.uniform(32.9, 33.0, 400)
    radius_m = rng.uniform(500.0, 3_000.0, 400)
    whole = index.within(lon=lon, lat=lat, radius_m=radius_m)
    points = []
    for block in index.iter_within(lon=lon, lat=lat, radius_m=radius_m, max_pairs=100):
        lon[:], lat[:], radius_m[:] = 0.0, 0.0, 0.0
        points.append(block.point)
    np.testing.assert_array_equal(np.concatenate(points), whole.point)
