"""What the tests of live indexes share: histories of points, and what they must come to.

The oracle is a plain dictionary: each change sets or removes a key, and a `PointIndex` of what is
in it must give the same points, counts, sums and distances.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import strategies as st
from test_index.oracle import assert_distances_as_promised
from test_index.worlds import geodesics

from geo_match.errors import ArgumentError
from geo_match.index import LiveIndex, PointChange, PointIndex, Snapshot

SOON_S = 60.0
"""Never waited out: what is waited for comes at once, or the test is to fail."""
HERE = {"lon": 117.37, "lat": 32.93}
Known = dict[str, tuple[float, float, tuple[float, ...]]]


class Origins(NamedTuple):
    """Where to ask, degrees, and how far, metres."""

    lon: np.ndarray
    lat: np.ndarray
    radius_m: np.ndarray

    @property
    def circles(self) -> dict[str, np.ndarray]:
        return self._asdict()

    @property
    def places(self) -> dict[str, np.ndarray]:
        return {"lon": self.lon, "lat": self.lat}


# A lattice with a few neighbours an ulp or a metre away: many ties, many moves to the same place.
LONS = [117.36, 117.37, float(np.nextafter(117.37, 118.0)), 117.38, 117.3800107, 180.0, -180.0]
LATS = [32.92, 32.93, float(np.nextafter(32.93, 33.0)), 32.94, 32.9400107]
places = st.tuples(st.sampled_from(LONS), st.sampled_from(LATS))
ids = st.sampled_from([f"p{i}" for i in range(12)])
ORIGINS = Origins(
    *(
        np.array(column)
        for column in zip(
            *itertools.product(
                [117.37, 117.3750001, 180.0], [32.93, 32.9333], [0.0, 900.0, 3000.0]
            ),
            strict=True,
        )
    )
)


def weights_of(kind: str) -> st.SearchStrategy[tuple[float, ...]]:
    whole = st.integers(-1000, 1000)
    floats = st.floats(-1e9, 1e9)
    return {
        "none": st.just(()),
        "whole": st.tuples(whole),
        "two whole": st.tuples(whole, whole),
        "floats": st.tuples(floats),
        "two floats": st.tuples(floats, floats),
    }[kind]


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, Known, list[list[PointChange]]]:
    """Draw a kind of weights, what is known at first, and batches of changes."""
    kind = draw(st.sampled_from(["none", "whole", "two whole", "floats", "two floats"]))
    weights = weights_of(kind)
    first: Known = {}
    for name in draw(st.lists(ids, max_size=10, unique=True)):
        first[name] = (*draw(places), draw(weights))
    seq = itertools.count(1)
    batches = []
    for size in draw(st.lists(st.integers(0, 8), max_size=4)):
        batch = []
        for _ in range(size):
            place = draw(st.one_of(st.none(), places, places))
            lon, lat = place or (None, None)
            batch.append(
                PointChange(next(seq), draw(ids), lon, lat, draw(weights) if place else ())
            )
        batches.append(batch)
    return kind, first, batches


def table(rows: list[tuple[float, ...]], kind: str) -> np.ndarray | None:
    """Return the weights of points as the index takes them."""
    if kind == "none":
        return None
    array = np.array(rows, dtype=np.float64 if "floats" in kind else np.int64)
    return array.reshape(len(rows), 2) if "two" in kind else array.reshape(len(rows))


def live_of(known: Known, kind: str = "none", **options: int | None) -> LiveIndex:
    return LiveIndex(
        ids=list(known),
        lon=[lon for lon, _, _ in known.values()],
        lat=[lat for _, lat, _ in known.values()],
        weights=table([weights for _, _, weights in known.values()], kind),
        **options,
    )


def changed(known: Known, batch: list[PointChange]) -> Known:
    """Return what a dictionary holds after a batch."""
    after = dict(known)
    for change in batch:
        after.pop(change.id, None)
        if change.lon is not None:
            after[change.id] = (change.lon, change.lat, change.weights)
    return after


def pairs_by_id(pairs, names: np.ndarray) -> set[tuple[int, str, float]]:
    found = list(zip(pairs.query, names[pairs.point], pairs.distance_m, strict=True))
    assert len(set(found)) == len(found)
    return set(found)


def assert_equals_an_index_of(snapshot: Snapshot, known: Known, kind: str) -> None:
    """Every answer of the snapshot is that of an index built of the dictionary."""
    names = np.array(list(known), dtype=object)
    fresh = PointIndex(
        lon=np.array([lon for lon, _, _ in known.values()], dtype=np.float64),
        lat=np.array([lat for _, lat, _ in known.values()], dtype=np.float64),
    )
    assert len(snapshot) == len(fresh)
    there = {name: position for position, name in enumerate(snapshot.ids) if name is not None}
    assert set(there) == set(known)
    assert all(snapshot.position_of(name) == position for name, position in there.items())
    assert snapshot.position_of("never there") is None
    assert len(snapshot.ids) == snapshot.n_positions
    circles = ORIGINS.circles
    np.testing.assert_array_equal(snapshot.count_within(**circles), fresh.count_within(**circles))
    pairs = snapshot.within(**circles)
    assert pairs_by_id(pairs, snapshot.ids) == pairs_by_id(fresh.within(**circles), names)
    for start, stop in itertools.pairwise(pairs.offsets):
        assert np.all(np.diff(pairs.point[start:stop]) > 0)
    reaching = dict(zip(snapshot.ids, snapshot.count_reaching(**circles), strict=True))
    for name, count in zip(names, fresh.count_reaching(**circles), strict=True):
        assert reaching[name] == count
    assert reaching.get(None, 0) == 0
    assert_same_blocks(snapshot, pairs)
    assert_same_sums(snapshot, fresh, known, kind)
    distance = geodesics(
        *ORIGINS[:2], *(np.array([at[i] for at in known.values()]) for i in (0, 1))
    )
    position = np.array([there[name] for name in names], dtype=np.int64)
    for k, most in ((1, None), (3, 900.0), (2, 0.0), (50, 3000.0)):
        assert_nearest(snapshot, position, distance, k, most)


def assert_same_blocks(snapshot: Snapshot, pairs) -> None:
    blocks = list(snapshot.iter_within(**ORIGINS.circles, max_pairs=5))
    assert sum(block.n_queries for block in blocks) == pairs.n_queries
    assert all(len(block) <= 5 or block.n_queries == 1 for block in blocks)
    np.testing.assert_array_equal(np.concatenate([block.query for block in blocks]), pairs.query)
    np.testing.assert_array_equal(np.concatenate([block.point for block in blocks]), pairs.point)


def assert_same_sums(snapshot: Snapshot, fresh: PointIndex, known: Known, kind: str) -> None:
    circles = ORIGINS.circles
    given = np.array([len(name or "") + 3 for name in snapshot.ids], dtype=np.int64)
    np.testing.assert_array_equal(
        snapshot.sum_within(**circles, weights=given),
        fresh.sum_within(**circles, weights=np.array([len(name) + 3 for name in known], dtype=int)),
    )
    own = table([weights for _, _, weights in known.values()], kind)
    if own is None:
        assert snapshot.weights is None
        with pytest.raises(ArgumentError, match="`weights` must be given"):
            snapshot.prepare()
        return
    expected = fresh.sum_within(**circles, weights=own)
    for weights in (snapshot.prepare(), snapshot.weights):
        sums = snapshot.sum_within(**circles, weights=weights)
        assert sums.dtype == expected.dtype
        np.testing.assert_array_equal(sums, expected)
    for row, name in enumerate(known):
        assert np.array_equal(snapshot.weights[snapshot.position_of(name)], own[row])
    holes = np.array([name is None for name in snapshot.ids], dtype=bool)
    assert not snapshot.weights[holes].any()


def assert_nearest(
    snapshot: Snapshot,
    position: np.ndarray,
    distance: np.ndarray,
    k: int,
    max_distance_m: float | None,
) -> None:
    """The k nearest by PROJ's geodesic; of equally far ones those of the lowest positions."""
    most = np.inf if max_distance_m is None else max_distance_m
    pairs = snapshot.nearest(**ORIGINS.places, k=k, max_distance_m=max_distance_m)
    for query, row in enumerate(distance):
        part = slice(pairs.offsets[query], pairs.offsets[query + 1])
        order = np.lexsort((position, row))
        order = order[row[order] <= most][:k]
        assert pairs.point[part].tolist() == position[order].tolist()
        assert_distances_as_promised(pairs.distance_m[part], row[order])
        assert np.all(pairs.distance_m[part] <= most)


def two_points(**options: int | None) -> LiveIndex:
    return LiveIndex(ids=["a", "b"], lon=[117.36, 117.38], lat=[32.93, 32.94], **options)
