"""What nobody asks for looks seldom; who asks it then is answered with what is there now."""

from __future__ import annotations

from types import SimpleNamespace

import pyarrow as pa
import pytest

from geo_match.errors import ArgumentError
from geo_match.matching.live import LiveMatcher
from geo_match.store import Store
from geo_match.store.replica import follower

AFTER_S = 30.0


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "a.db") as opened:
        opened.put("employers", pa.table({"id": ["E1"], "name": ["示例"], "licence": ["verified"]}))
        yield opened


@pytest.fixture
def clock(monkeypatch):
    """Give a clock that goes on only where a test says so."""
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(follower, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def put_job(store, name):
    at = {"id": [name], "title": ["普工"], "lon": [117.39], "lat": [32.93], "employer_id": ["E1"]}
    return store.put("jobs", pa.table(at))[1]


def pauses_of(live, n):
    """Run the thread's loop here for some looks; return its pauses, seconds."""
    asked = []

    class Pauses:
        def wait(self, pause_s):
            asked.append(pause_s)
            if len(asked) == n:
                live._over.set()

        def set(self):
            """Wake nobody."""

        def clear(self):
            """Do nothing."""

    live._wake = Pauses()
    live._run()
    return asked


def test_one_that_is_asked_looks_often_and_one_that_is_not_seldom(store, clock):
    live = LiveMatcher(store, every_s=1.0, rests_after_s=AFTER_S)
    assert pauses_of(live, 1) == [1.0]
    live._over.clear()
    clock.now += AFTER_S + 1.0
    assert pauses_of(live, 1) == [follower._RESTING_S]
    live._over.clear()
    live.snapshot()
    assert pauses_of(live, 1) == [1.0]


def test_who_asks_one_that_rests_gets_what_is_there_now_and_it_rests_no_more(store, clock):
    live = LiveMatcher(store, rests_after_s=AFTER_S)
    written = put_job(store, "J1")
    assert live.snapshot().cursor != written  # asked a moment ago: its thread would take it in
    clock.now += AFTER_S + 1.0
    assert live.is_resting
    assert live.snapshot().cursor == written
    assert len(live) == 1
    assert not live.is_resting


def test_who_waits_for_a_place_asks_it_too(store, clock):
    live = LiveMatcher(store, rests_after_s=AFTER_S)
    clock.now += AFTER_S + 1.0
    live.wait_for(put_job(store, "J1"), timeout_s=1.0)
    assert not live.is_resting


def test_one_that_was_closed_while_it_rested_answers_on(store, clock):
    live = LiveMatcher(store, rests_after_s=AFTER_S)
    shown = live.snapshot()
    live.close()
    clock.now += AFTER_S + 1.0
    assert live.snapshot() is shown


def test_without_such_a_time_it_never_rests(store, clock):
    live = LiveMatcher(store)
    clock.now += 1e9
    assert not live.is_resting


@pytest.mark.parametrize("after_s", [0.0, -1.0, float("nan"), float("inf")])
def test_a_time_that_is_none_is_refused(store, after_s):
    with pytest.raises(ArgumentError, match="`rests_after_s` must be"):
        LiveMatcher(store, rests_after_s=after_s)
