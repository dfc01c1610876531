"""A live index equals an index built anew of the same points, whatever the history.

The oracle is a plain dictionary: each change sets or removes a key, and a `PointIndex` of what is
in it must give the same points, counts, sums and distances.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_index.lives import (
    HERE,
    assert_equals_an_index_of,
    changed,
    histories,
    live_of,
    two_points,
)

from geo_match.errors import ArgumentError, CoordinateError, WeightError
from geo_match.index import LiveIndex, PointChange


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
