"""A snapshot of a live index on the hard worlds, its weights, and what it refuses."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from test_index.oracle import assert_distances_as_promised
from test_index.worlds import WORLDS, questions

from geo_match.errors import ArgumentError, CoordinateError, RadiusError
from geo_match.index import (
    ClosedIndexError,
    LiveIndex,
    PointChange,
    PointIndex,
    RebuildError,
    Snapshot,
    StaleIndexError,
)


def followed(lon: np.ndarray, lat: np.ndarray, rng: np.random.Generator) -> Snapshot:
    """Return a snapshot of these points, of which a third came, a third moved and others left."""
    m = len(lon)
    early = rng.random(m) < 2 / 3
    moved = early & (rng.random(m) < 1 / 2)
    from_lon, from_lat = lon.copy(), lat.copy()
    from_lon[moved], from_lat[moved] = lon[::-1][moved], lat[::-1][moved]
    names = np.array([f"p{i}" for i in range(m)])
    extra = np.flatnonzero(rng.random(m) < 1 / 3)
    live = LiveIndex(
        ids=[*names[early], *(f"x{i}" for i in extra)],
        lon=np.concatenate((from_lon[early], lon[extra])),
        lat=np.concatenate((from_lat[early], lat[extra])),
        rebuild_after=10_000,
    )
    late = np.flatnonzero(moved | ~early)
    live.apply([PointChange(1, str(names[i]), lon[i], lat[i]) for i in late])
    live.apply([PointChange(2, f"x{i}", None, None) for i in extra])
    return live.snapshot()


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.__name__)
def test_a_snapshot_answers_as_an_index_of_its_points_in_every_world(world) -> None:
    rng = np.random.default_rng(3)
    scene = world(rng)
    snapshot = followed(scene.lon, scene.lat, rng)
    fresh = PointIndex(lon=scene.lon, lat=scene.lat)
    row = np.array([-1 if name is None else int(name[1:]) for name in snapshot.ids])
    assert sorted(row[row >= 0]) == list(range(len(fresh)))
    for question in questions(rng, scene):
        circles = {"lon": question.lon, "lat": question.lat, "radius_m": question.radius_m}
        counts = snapshot.count_within(**circles)
        np.testing.assert_array_equal(counts, question.inside.sum(axis=1))
        pairs, expected = snapshot.within(**circles), fresh.within(**circles)
        order = np.lexsort((row[pairs.point], pairs.query))
        np.testing.assert_array_equal(pairs.offsets, expected.offsets)
        np.testing.assert_array_equal(row[pairs.point][order], expected.point)
        np.testing.assert_array_equal(pairs.distance_m[order], expected.distance_m)
        reaching = snapshot.count_reaching(**circles)
        assert not reaching[row < 0].any()
        np.testing.assert_array_equal(
            reaching[row >= 0], question.inside.sum(axis=0)[row[row >= 0]]
        )
        for k, most in ((1, None), (4, 3000.0)):
            near = snapshot.nearest(lon=question.lon, lat=question.lat, k=k, max_distance_m=most)
            position = np.argsort(np.where(row < 0, len(row) + 1, row), kind="stable")[: len(fresh)]
            for query, distance in enumerate(question.distance_m):
                part = slice(near.offsets[query], near.offsets[query + 1])
                nearest = np.lexsort((position, distance))
                nearest = nearest[distance[nearest] <= (np.inf if most is None else most)][:k]
                assert near.point[part].tolist() == position[nearest].tolist()
                assert_distances_as_promised(near.distance_m[part], distance[nearest])


def small() -> Snapshot:
    with LiveIndex(ids=["a", "b"], lon=[117.36, 117.38], lat=[32.93, 32.94]) as live:
        live.apply([PointChange(1, "a", 117.37, 32.93)])
        return live.snapshot()


def test_a_hole_has_no_id_and_the_new_place_its_own_position() -> None:
    snapshot = small()
    assert len(snapshot) == 2
    assert snapshot.n_positions == 3
    assert snapshot.ids.tolist() == [None, "b", "a"]
    assert snapshot.position_of("a") == 2


def test_weights_at_holes_count_for_nothing() -> None:
    for weights in ([100, 1, 2], [100.0, 0.5, 0.25], [[100, 0], [1, 5], [2, 6]]):
        sums = small().sum_within(lon=117.37, lat=32.93, radius_m=3000, weights=weights)
        np.testing.assert_array_equal(sums[0], np.sum(np.array(weights)[1:], axis=0))


def test_what_it_shows_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        small().ids[0] = "c"


def test_bad_questions_are_refused_as_by_an_index() -> None:
    snapshot = small()
    with pytest.raises(CoordinateError, match="`lat` must be finite"):
        snapshot.count_within(lon=117.0, lat=95.0, radius_m=1)
    with pytest.raises(RadiusError, match="`radius_m` must be between"):
        snapshot.within(lon=117.0, lat=35.0, radius_m=-1)
    with pytest.raises(ArgumentError, match="`max_pairs` must be"):
        snapshot.iter_within(lon=117.0, lat=35.0, radius_m=1, max_pairs=0)
    with pytest.raises(ArgumentError, match="`k` must be"):
        snapshot.nearest(lon=117.0, lat=35.0, k=0)
    with pytest.raises(ArgumentError, match=r"`weights` must have the shape \(3,\)"):
        snapshot.sum_within(lon=117.0, lat=35.0, radius_m=1, weights=[1, 2])


@pytest.mark.parametrize(
    "error", [StaleIndexError(5, 3, 0.5), RebuildError(3, "MemoryError: no"), ClosedIndexError(3)]
)
def test_errors_survive_a_trip_to_another_process(error) -> None:
    back = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(back) is type(error)
    assert str(back) == str(error)
