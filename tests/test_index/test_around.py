"""What lies around a place, said by one call, is what the separate questions say of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_index.lives import ORIGINS, ids, places
from test_index.test_snapshot import followed
from test_index.worlds import WORLDS, questions

from geo_match.errors import ArgumentError, CoordinateError, RadiusError
from geo_match.index import LiveIndex, PointChange, Snapshot


def assert_around_is_told(snapshot: Snapshot, table: np.ndarray, place: dict, k: int) -> None:
    """Compare with the plain questions; `table` are the weights by position."""
    around = snapshot.around(**place, k=k, weights=snapshot.prepare(table))
    all_within = snapshot.within(**place)
    inside = all_within.point
    assert around.sums.tolist() == table[inside].sum(axis=0).tolist()
    assert set(around.pairs.point.tolist()) <= set(inside.tolist())
    distance = dict(zip(inside.tolist(), all_within.distance_m.tolist(), strict=True))
    told = dict(zip(around.pairs.point.tolist(), around.pairs.distance_m.tolist(), strict=True))
    assert told == {point: distance[point] for point in told}
    assert around.pairs.n_queries == 1
    ordered = sorted(distance.values())[:k]
    if ordered:
        as_near = {point for point, far in distance.items() if far <= ordered[-1]}
        assert as_near <= set(told)
    else:
        assert told == {}


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.__name__)
def test_it_says_what_the_separate_questions_say_in_every_world(world) -> None:
    rng = np.random.default_rng(9)
    scene = world(rng)
    snapshot = followed(scene.lon, scene.lat, rng)
    table = rng.integers(-9, 99, (snapshot.n_positions, 3))
    table[[name is None for name in snapshot.ids]] = 0
    for question in questions(rng, scene):
        radius = np.broadcast_to(question.radius_m, len(question.lon))
        for lon, lat, radius_m in zip(
            question.lon.tolist()[:6], question.lat.tolist(), radius.tolist(), strict=False
        ):
            for k in (0, 1, 5):
                place = {"lon": lon, "lat": lat, "radius_m": radius_m}
                assert_around_is_told(snapshot, table, place, k)


changes = st.lists(
    st.tuples(ids, st.one_of(st.none(), places), st.integers(0, 9)), min_size=0, max_size=15
)


@given(st.dictionaries(ids, places, max_size=12), changes, st.integers(0, 4), st.integers(1, 3))
def test_it_says_what_they_say_beside_any_changes(first, after, k, columns) -> None:
    ones = np.ones((len(first), columns), dtype=np.int64)
    at = np.array(list(first.values()), dtype=np.float64).reshape(-1, 2)
    with LiveIndex(
        ids=list(first), lon=at[:, 0], lat=at[:, 1], weights=ones, rebuild_after=10_000
    ) as live:
        for cursor, (name, place, weight) in enumerate(after, start=1):
            if place is None:
                live.apply([PointChange(cursor, name, None, None)])
            else:
                live.apply([PointChange(cursor, name, *place, (weight,) * columns)])
        snapshot = live.snapshot()
    weights = snapshot.weights
    for lon, lat, radius_m in zip(*(one.tolist() for one in ORIGINS), strict=True):
        place = {"lon": lon, "lat": lat, "radius_m": radius_m}
        assert_around_is_told(snapshot, np.asarray(weights), place, k)
        own = snapshot.around(**place, k=k, weights=snapshot.prepare())
        expected = snapshot.sum_within(**place, weights=snapshot.prepare())
        assert own.sums.tolist() == expected[0].tolist()


@pytest.fixture
def three() -> Snapshot:
    with LiveIndex(ids=["a", "b", "c"], lon=[117.36, 117.37, 117.38], lat=[32.93] * 3) as live:
        return live.snapshot()


def test_floats_and_more_than_three_columns_are_added_up_too(three) -> None:
    place = {"lon": 117.37, "lat": 32.93, "radius_m": 500.0}
    floats = three.around(**place, k=1, weights=three.prepare([0.1, 0.25, 0.5]))
    assert floats.sums == 0.25
    table = np.arange(12).reshape(3, 4)
    whole = three.around(**place, k=1, weights=three.prepare(table))
    assert whole.sums.tolist() == [4, 5, 6, 7]
    assert 1 in whole.pairs.point


def test_bad_input_is_refused(three) -> None:
    ones = three.prepare([1, 1, 1])
    place = {"lon": 117.37, "lat": 32.93, "radius_m": 500.0, "k": 1, "weights": ones}
    with pytest.raises(CoordinateError, match="`lon` must be finite and between"):
        three.around(**{**place, "lon": float("nan")})
    with pytest.raises(RadiusError, match="`radius_m` must be between 0 and 200,000"):
        three.around(**{**place, "radius_m": -1.0})
    with pytest.raises(ArgumentError, match="`lon` must be one number"):
        three.around(**{**place, "lon": [117.37, 117.38], "lat": [32.93, 32.93]})
    with pytest.raises(ArgumentError, match="`k` must be a whole number of at least 0"):
        three.around(**{**place, "k": -1})
    with LiveIndex(ids=["a"], lon=[117.36], lat=[32.93]) as live:
        other = live.snapshot().prepare([1])
    with pytest.raises(ArgumentError, match="be prepared by this snapshot"):
        three.around(**{**place, "weights": other})
