"""A live index is rebuilt beside its readers, and what fails there is told."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from test_index.lives import SOON_S, two_points
from test_index.worlds import big_city

from geo_match.errors import GeoMatchError
from geo_match.index import (
    ClosedIndexError,
    LiveIndex,
    PointChange,
    RebuildError,
    StaleIndexError,
    live_index,
)


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
        with pytest.raises(
            ClosedIndexError,
            match=r"^what follows the changes must be open, got one closed at cursor 0\.",
        ):
            ask()


def test_closing_wakes_who_waits() -> None:
    live = two_points()
    timer = threading.Timer(0.01, live.close)
    timer.start()
    with pytest.raises(ClosedIndexError, match="closed at cursor 0"):
        live.wait_for(1, timeout_s=SOON_S)
    timer.join()
