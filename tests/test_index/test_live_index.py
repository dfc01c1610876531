"""A live index equals an index built anew of the same points, whatever the history.

The oracle is a plain dictionary: each change sets or removes a key, and a `PointIndex` of what is
in it must give the same points, counts, sums and distances.
"""

from __future__ import annotations

import itertools
import threading
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_index.oracle import assert_distances_as_promised
from test_index.worlds import big_city, geodesics

from geo_match.errors import ArgumentError, CoordinateError, GeoMatchError, WeightError
from geo_match.index import (
    ClosedIndexError,
    LiveIndex,
    PointChange,
    PointIndex,
    RebuildError,
    Snapshot,
    StaleIndexError,
    live_index,
)

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


@given(histories(), st.sampled_from([1, 3, None]), st.data())
def test_any_history_equals_an_index_built_anew(history, rebuild_after, data) -> None:
    kind, known, batches = history
    with live_of(known, kind, rebuild_after=rebuild_after) as live:
        for batch in batches:
            live.apply(batch)
            known = changed(known, batch)
            if data.draw(st.booleans()):
                live.rebuild()
            assert_equals_an_index_of(live.snapshot(), known, kind)


@given(histories())
def test_a_snapshot_that_is_held_shows_the_same_after_more_batches_and_rebuilds(history) -> None:
    kind, known, batches = history
    with live_of(known, kind, rebuild_after=5) as live:
        held = [(live.snapshot(), known)]
        for batch in batches:
            live.apply(batch)
            known = changed(known, batch)
            held.append((live.snapshot(), known))
        live.rebuild()
        # Asked for the first time only now, when all that came later is written.
        for snapshot, then in held:
            assert_equals_an_index_of(snapshot, then, kind)


@given(histories(), st.lists(st.integers(1, 6), min_size=1, max_size=9))
def test_another_cut_into_batches_gives_the_same(history, sizes) -> None:
    kind, known, batches = history
    changes = [change for batch in batches for change in batch]
    with live_of(known, kind) as live:
        cuts = itertools.cycle(sizes)
        rest = changes
        while rest:
            size = next(cuts)
            live.apply(rest[:size])
            rest = rest[size:]
        assert_equals_an_index_of(live.snapshot(), changed(known, changes), kind)


@given(histories())
def test_batches_given_again_change_nothing(history) -> None:
    kind, known, batches = history
    with live_of(known, kind, rebuild_after=4) as live:
        for number, batch in enumerate(batches):
            live.apply(batch)
            known = changed(known, batch)
            cursor = live.cursor
            for again in batches[: number + 1]:
                live.apply(again)
            assert live.cursor == cursor
        assert_equals_an_index_of(live.snapshot(), known, kind)


def two_points(**options: int | None) -> LiveIndex:
    return LiveIndex(ids=["a", "b"], lon=[117.36, 117.38], lat=[32.93, 32.94], **options)


def test_an_index_of_nothing_answers_and_grows() -> None:
    with LiveIndex(ids=[], lon=[], lat=[]) as live:
        assert live.snapshot().count_within(**HERE, radius_m=3000).tolist() == [0]
        live.apply([PointChange(1, "a", 117.37, 32.93)])
        assert live.snapshot().count_within(**HERE, radius_m=3000).tolist() == [1]
        assert live.snapshot().nearest(**HERE).point.tolist() == [0]


def test_the_cursor_is_the_last_change_or_how_far_the_feed_was_read() -> None:
    with two_points(cursor=7) as live:
        assert live.cursor == 7
        live.apply([PointChange(9, "a", None, None)])
        assert live.snapshot().cursor == 9
        live.apply([PointChange(10, "b", None, None)], cursor=15)
        assert live.cursor == 15
        live.apply([], cursor=20)
        assert live.cursor == 20
        live.apply([], cursor=3)
        assert live.cursor == 20


def test_a_cursor_that_touches_no_point_keeps_what_was_prepared() -> None:
    with LiveIndex(ids=["a"], lon=[117.37], lat=[32.93], weights=[5]) as live:
        prepared = live.snapshot().prepare()
        live.apply([], cursor=4)
        sums = live.snapshot().sum_within(**HERE, radius_m=1, weights=prepared)
        assert sums.tolist() == [5]


def test_changes_of_one_seq_apply_together_and_the_last_of_an_id_wins() -> None:
    with two_points() as live:
        live.apply(
            [
                PointChange(1, "a", None, None),
                PointChange(1, "c", 117.36, 32.93),
                PointChange(2, "a", 117.37, 32.93),
                PointChange(3, "c", None, None),
            ]
        )
        assert sorted(filter(None, live.snapshot().ids)) == ["a", "b"]
        assert live.snapshot().count_within(**HERE, radius_m=0).tolist() == [1]


def test_ids_of_removed_points_are_not_shown_and_after_a_rebuild_not_held() -> None:
    with two_points() as live:
        live.apply([PointChange(1, "a", None, None), PointChange(2, "c", 117.37, 32.93)])
        live.apply([PointChange(3, "c", None, None)])
        assert live.snapshot().ids.tolist() == [None, "b"]
        live.rebuild()
        assert live.snapshot().ids.tolist() == ["b"]
        assert live.n_rebuilds == 1
        assert live._base.position_of.get("a") is None
        assert len(live._base.position_of) == 1
        assert not live._log.ids


def test_a_thousand_upserts_at_a_hundred_thousand_points_rebuild_at_most_twice() -> None:
    lon, lat = big_city(np.random.default_rng(1))
    with LiveIndex(ids=[f"p{i}" for i in range(len(lon))], lon=lon, lat=lat) as live:
        for seq in range(1, 1001):
            name = f"p{seq * 7}" if seq % 2 else f"new{seq}"
            live.apply([PointChange(seq, name, 117.37, 32.93)])
        assert live.cursor == 1000
        live.close()
        assert live.n_rebuilds <= 2
        assert len(live.snapshot()) == len(lon) + 500


def test_readers_beside_many_rebuilds_always_see_whole_batches() -> None:
    # Each batch moves ten points from one cluster to the other and back: the total never changes,
    # and each cluster has a multiple of ten.
    rng = np.random.default_rng(2)
    east = (117.50 + rng.normal(0.0, 1e-4, 200), 32.93 + rng.normal(0.0, 1e-4, 200))
    live = LiveIndex(ids=[f"p{i}" for i in range(200)], lon=east[0], lat=east[1], rebuild_after=30)
    done = threading.Event()
    wrong: list[object] = []
    n_seen = []

    def read() -> None:
        seen = set()
        while not done.is_set():
            snapshot = live.snapshot()
            seen.add(snapshot.cursor)
            counts = snapshot.count_within(
                lon=[117.50, 117.30], lat=32.93 + np.zeros(2), radius_m=999
            )
            listed = len(snapshot.within(lon=117.30, lat=32.93, radius_m=999))
            expected = 10 * ((snapshot.cursor // 10) % 2)
            if counts.tolist() != [200 - expected, expected] or listed != expected:
                wrong.append((snapshot.cursor, counts, listed))
        n_seen.append(len(seen))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for batch in range(1, 401):
        to = 117.30 if batch % 2 else 117.50
        first = 10 * ((batch - 1) // 2 % 20)
        live.apply([PointChange(10 * batch - 9 + i, f"p{first + i}", to, 32.93) for i in range(10)])
    done.set()
    for reader in readers:
        reader.join()
    live.close()
    assert not wrong
    assert live.n_rebuilds > 0
    assert all(n_seen)


def test_changes_during_a_rebuild_are_shown_at_once_and_carried_over(monkeypatch) -> None:
    building, go_on = threading.Event(), threading.Event()
    build = live_index.build_base

    def slowly(*given):
        building.set()
        assert go_on.wait(SOON_S)
        return build(*given)

    with two_points(rebuild_after=1) as live:
        monkeypatch.setattr(live_index, "build_base", slowly)
        live.apply([PointChange(1, "c", 117.37, 32.93)])
        assert building.wait(SOON_S)
        live.apply([PointChange(2, "d", 117.37, 32.93), PointChange(3, "a", None, None)])
        live.apply([PointChange(4, "c", None, None)])
        assert sorted(filter(None, live.snapshot().ids)) == ["b", "d"]
        assert live.n_rebuilds == 0
        go_on.set()
        live.rebuild()
        assert sorted(live.snapshot().ids) == ["b", "d"]
        assert live.cursor == 4


def test_a_batch_waits_while_the_log_is_crowded(monkeypatch) -> None:
    building, go_on = threading.Event(), threading.Event()
    build = live_index.build_base

    def slowly(*given):
        building.set()
        assert go_on.wait(SOON_S)
        return build(*given)

    with two_points(rebuild_after=1) as live:
        monkeypatch.setattr(live_index, "build_base", slowly)
        live.apply(PointChange(seq, f"n{seq}", 117.37, 32.93) for seq in range(1, 101))
        assert building.wait(SOON_S)
        late = threading.Thread(
            target=live.apply, args=([PointChange(101, "late", 117.37, 32.93)],)
        )
        late.start()
        assert live.snapshot().cursor == 100
        with pytest.raises(StaleIndexError):
            live.wait_for(101, timeout_s=0.05)
        go_on.set()
        assert live.wait_for(101, timeout_s=SOON_S).position_of("late") is not None
        late.join()


def test_waiting_ends_when_another_thread_applies_the_cursor() -> None:
    with two_points() as live:
        assert live.wait_for(0, timeout_s=0) is live.snapshot()
        timer = threading.Timer(0.01, live.apply, ([PointChange(5, "c", 117.37, 32.93)],))
        timer.start()
        assert live.wait_for(3, timeout_s=SOON_S).position_of("c") == 2
        timer.join()


def test_waiting_in_vain_names_both_cursors() -> None:
    message = r"`cursor` must be applied within 0.01 s: waited for 9, got 0\."
    with two_points() as live, pytest.raises(StaleIndexError, match=message) as told:
        live.wait_for(9, timeout_s=0.01)
    assert isinstance(told.value, TimeoutError)
    assert isinstance(told.value, GeoMatchError)


def failing(*_: object) -> None:
    message = "no memory for this"
    raise MemoryError(message)


FAILED = "must be built anew, got MemoryError: no memory for this"


def wait_until_a_rebuild_failed(live: LiveIndex) -> None:
    with live._changed:
        assert live._changed.wait_for(lambda: live._failure is not None, SOON_S)


def test_a_rebuild_that_fails_is_told_to_the_next_batch_and_loses_nothing(monkeypatch) -> None:
    with two_points(rebuild_after=1) as live:
        with monkeypatch.context() as patch:
            patch.setattr(live_index, "build_base", failing)
            live.apply([PointChange(1, "c", 117.37, 32.93)])
            wait_until_a_rebuild_failed(live)
        batch = [PointChange(2, "d", 117.37, 32.93)]
        with pytest.raises(RebuildError, match=FAILED) as told:
            live.apply(batch)
        assert isinstance(told.value.__cause__, MemoryError)
        assert live.cursor == 1
        live.apply(batch)
        live.rebuild()
        assert live.n_rebuilds > 0
        assert sorted(live.snapshot().ids) == ["a", "b", "c", "d"]


def test_a_rebuild_that_fails_is_told_to_who_waits(monkeypatch) -> None:
    live = two_points(rebuild_after=1)
    monkeypatch.setattr(live_index, "build_base", failing)
    live.apply([PointChange(1, "c", 117.37, 32.93)])
    with pytest.raises(RebuildError, match=FAILED):
        live.wait_for(2, timeout_s=SOON_S)
    with pytest.raises(RebuildError, match=FAILED):
        live.rebuild()
    assert len(live.snapshot()) == 3
    live.close()


class Unstartable(threading.Thread):
    def start(self) -> None:
        message = "can't start new thread"
        raise RuntimeError(message)


def test_a_rebuild_without_a_thread_is_told_and_tried_again(monkeypatch) -> None:
    message = "must be built anew, got RuntimeError: can't start new thread"
    with two_points(rebuild_after=1) as live:
        with monkeypatch.context() as patch:
            patch.setattr(live_index.threading, "Thread", Unstartable)
            live.apply([PointChange(1, "c", 117.37, 32.93)])
            assert live.cursor == 1
            with pytest.raises(RebuildError, match=message):
                live.apply([])
            live.start_rebuild()
            with pytest.raises(RebuildError, match=message):
                live.wait_for(2, timeout_s=SOON_S)
            with pytest.raises(RebuildError, match=message):
                live.rebuild()
        live.rebuild()
        assert live.n_rebuilds == 1
        assert [live._base.position_of.get(name) for name in "abc"] == [0, 1, 2]


def test_a_closed_index_answers_but_applies_nothing() -> None:
    live = two_points()
    live.close()
    live.close()
    assert len(live.snapshot()) == 2
    assert len(live.wait_for(0, timeout_s=0)) == 2
    for ask in (
        lambda: live.apply([PointChange(1, "a", None, None)]),
        lambda: live.wait_for(1, timeout_s=SOON_S),
        live.rebuild,
    ):
        with pytest.raises(ClosedIndexError, match="must be open, got one closed at cursor 0"):
            ask()


def test_closing_wakes_who_waits() -> None:
    live = two_points()
    timer = threading.Timer(0.01, live.close)
    timer.start()
    with pytest.raises(ClosedIndexError, match="closed at cursor 0"):
        live.wait_for(1, timeout_s=SOON_S)
    timer.join()


BAD = [
    (
        PointChange(2, "c", float("nan"), 32.9, (1,)),
        CoordinateError,
        r"`lon` .* nan of id 'c' \(seq 2",
    ),
    (PointChange(2, "c", 117.3, 91.0, (1,)), CoordinateError, r"`lat` .* 91.0 of id 'c' \(seq 2"),
    (PointChange(2, "c", 117.3, None, (1,)), CoordinateError, r"`lat` .* None of id 'c'"),
    (PointChange(2, "c", "117.3", 32.9, (1,)), CoordinateError, r"`lon` .* '117.3' of id 'c'"),
    (
        PointChange(2, "c", lon=True, lat=32.9, weights=(1,)),
        CoordinateError,
        r"`lon` .* True of id 'c'",
    ),
    (PointChange(2, 3, 117.3, 32.9, (1,)), ArgumentError, r"`id` must be a string, got 3"),
    (PointChange("2", "c", 117.3, 32.9, (1,)), ArgumentError, r"`seq` must .* '2' of id 'c'"),
    (PointChange(-2, "c", 117.3, 32.9, (1,)), ArgumentError, r"`seq` must .* -2 of id 'c'"),
    (PointChange(0, "c", 117.3, 32.9, (1,)), ArgumentError, r"ascending order .* got 0 after 1"),
    (PointChange(2, "c", 117.3, 32.9), WeightError, r"as many .* \(1\), got \(\) of id 'c'"),
    (PointChange(2, "c", 117.3, 32.9, (1.5,)), WeightError, r"whole numbers .* 1.5 of id 'c'"),
    (PointChange(2, "c", 117.3, 32.9, (2**31,)), WeightError, r"below 2\*\*31 .* 2147483648 of"),
]


@pytest.mark.parametrize(("change", "error", "message"), BAD)
def test_a_bad_change_is_named_and_nothing_of_its_batch_is_applied(change, error, message) -> None:
    with LiveIndex(ids=["a"], lon=[117.36], lat=[32.93], weights=[4]) as live:
        before = live.snapshot()
        with pytest.raises(error, match=message):
            live.apply([PointChange(1, "a", None, None), change])
        assert live.snapshot() is before
        assert before.count_within(lon=117.36, lat=32.93, radius_m=1).tolist() == [1]


def test_floats_that_are_none_are_refused_as_weights() -> None:
    with LiveIndex(ids=["a"], lon=[117.36], lat=[32.93], weights=[0.5]) as live:
        for weight in (float("nan"), float("inf"), 1e300):
            with pytest.raises(WeightError, match=r"be finite numbers below 2\*\*992"):
                live.apply([PointChange(1, "a", 117.3, 32.9, (weight,))])
        live.apply([PointChange(1, "a", 117.36, 32.93, (2,))])
        assert live.snapshot().weights.tolist() == [0.0, 2.0]


def test_a_cursor_before_the_batch_is_refused() -> None:
    with two_points() as live, pytest.raises(ArgumentError, match=r"`cursor` must be at least .*5"):
        live.apply([PointChange(5, "a", None, None)], cursor=4)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ids": ["a", "a"]}, "`ids` must differ, got 'a' twice"),
        ({"ids": ["a"]}, r"`ids` must have the shape \(2,\)"),
        ({"ids": ["a", 3]}, "`ids` must be strings, got position 1: 3"),
        ({"weights": [1]}, r"`weights` must have the shape \(2,\)"),
        ({"weights": [1, -(2**31)]}, r"`weights` must be below 2\*\*31 in magnitude"),
        ({"cursor": -1}, "`cursor` must be a whole number of at least 0"),
        ({"rebuild_after": 0}, "`rebuild_after` must be a whole number of at least 1"),
        ({"lon": [117.3, 200.0]}, "`lon` must be finite"),
    ],
)
def test_bad_arguments_are_named(options, message) -> None:
    good = {"ids": ["a", "b"], "lon": [117.36, 117.38], "lat": [32.93, 32.94]}
    with pytest.raises(ArgumentError, match=message):
        LiveIndex(**(good | options))


def test_weights_of_another_snapshot_are_refused() -> None:
    with LiveIndex(ids=["a"], lon=[117.36], lat=[32.93], weights=[4]) as live:
        prepared = live.snapshot().prepare()
        live.apply([PointChange(1, "b", 117.3, 32.9, (1,))])
        with pytest.raises(ArgumentError, match="be prepared by this snapshot"):
            live.snapshot().sum_within(**HERE, radius_m=1, weights=prepared)


def test_what_the_caller_gave_may_be_written_to_afterwards() -> None:
    lon, lat, weights = np.array([117.37]), np.array([32.93]), np.array([4])
    with LiveIndex(ids=["a"], lon=lon, lat=lat, weights=weights) as live:
        lon[0], lat[0], weights[0] = 0.0, 0.0, 9
        live.apply([PointChange(1, "b", None, None), PointChange(2, "c", 117.0, 32.0, (1,))])
        live.rebuild()
        sums = live.snapshot().sum_within(**HERE, radius_m=1, weights=live.snapshot().prepare())
        assert sums.tolist() == [4]


def test_they_name_themselves_by_size_and_cursor() -> None:
    with two_points(cursor=3) as live:
        assert repr(live) == "LiveIndex(2 points, cursor 3)"
        assert repr(live.snapshot()) == "Snapshot(2 points, cursor 3)"
