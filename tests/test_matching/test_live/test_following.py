"""A matcher that follows a store in a thread of its own: what it shows, and how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from test_matching import stores, strategies
from test_matching.answers import asked
from test_matching.live_answers import OPTIONS, SEEKER, assert_as_made_anew, matched
from test_matching.stores import employer, job, put

import geo_match as gm
from geo_match.index import ClosedIndexError, StaleIndexError
from geo_match.matching.given.from_store import read_jobs
from geo_match.matching.live import LiveMatcher, live_matcher
from geo_match.store import Cursor, EpochError, Store, StoreBusyError, StoreCorruptError
from geo_match.store.replica import ReplicaError, follower
from geo_match.store.schema.tables import FEED

AT_ONCE = {"follow": True, "every_s": 0.001}
LONG_S = 60.0


@settings(max_examples=8)
@given(
    stores.CITY,
    st.lists(stores.EDITS, min_size=1, max_size=5),
    strategies.options(),
    strategies.seekers(),
    st.sampled_from([None, 1, 3]),
)
def test_what_a_thread_followed_is_what_is_made_anew(  # noqa: PLR0917 - drawn, one by one
    new_store, city, edits, options, seekers, rebuild_after
):
    chosen = asked(options)
    with new_store() as store:
        stores.fill(store, city)
        with LiveMatcher(store, chosen, rebuild_after=rebuild_after, **AT_ONCE) as live:
            for edit in edits:
                stores.apply(store, edit)
            live.wait_for(store.cursor(), timeout_s=LONG_S)
            assert_as_made_anew(live, store, seekers, chosen)


def test_readers_see_whole_states_while_others_write(store):
    """A job and its successor are exchanged in one transaction: one of the two is always there."""
    put(store, "jobs", *(job(id=f"K{i}", shift="night") for i in range(12)))
    store.remove("jobs", ["J2"])
    wrong, over = [], threading.Event()

    def read(live):
        seen = 0
        while not over.is_set():
            try:
                shown = live.snapshot()
                n, found = len(shown), matched(live)
                one = live.match_one(SEEKER).matches
            except Exception as error:  # noqa: BLE001 - told below
                wrong.append(error)
                return
            if n != 13 or len(found) != 1 or len(one) != 1 or shown.cursor.seq < seen:
                wrong.append((n, found, one, shown.cursor))
            seen = shown.cursor.seq

    with LiveMatcher(store, OPTIONS, rebuild_after=3, **AT_ONCE) as live:
        readers = [threading.Thread(target=read, args=(live,)) for _ in range(3)]
        for one in readers:
            one.start()
        for turn in range(24):
            filled = {"filled": 3}
            pair = (
                job(id="J1", **(filled if turn % 2 else {})),
                job(id="K0", **({} if turn % 2 else filled)),
            )
            cursor = put(store, "jobs", *pair)
            if turn % 6 == 0:
                live.wait_for(cursor, timeout_s=LONG_S)
        live.wait_for(cursor, timeout_s=LONG_S)
        over.set()
        for one in readers:
            one.join()
        assert wrong == []
        assert live.n_rebuilds > 0
        assert_as_made_anew(live, store, [SEEKER], OPTIONS)


def test_it_answers_and_is_waited_for_while_a_base_is_made(store, monkeypatch):
    made, go_on = threading.Event(), threading.Event()
    of = live_matcher._Base.of

    def slow(jobs, options):
        if threading.current_thread().name == "geo-match-livematcher":
            made.set()
            go_on.wait(LONG_S)
        return of(jobs, options)

    monkeypatch.setattr(live_matcher._Base, "of", slow)
    with LiveMatcher(store, OPTIONS, rebuild_after=1, **AT_ONCE) as live:
        before = live.cursor
        cursor = put(store, "jobs", *(job(id=name, shift="night") for name in ("J1", "J2")))
        try:
            assert made.wait(LONG_S)
            assert (live.cursor, matched(live)) == (before, ["J1", "J2"])
            with pytest.raises(StaleIndexError, match=r"must be applied within 0\.01 s"):
                live.wait_for(cursor, timeout_s=0.01)
        finally:
            go_on.set()
        assert matched(live.wait_for(cursor, timeout_s=LONG_S)) == []
        assert live.n_rebuilds == 1


def failing(live, monkeypatch, errors):
    """Let the thread's next looks at the feed fail, with one error each."""
    head, left = Store.head, iter(errors)

    def fail(store):
        if threading.current_thread() is live._thread and (error := next(left, None)) is not None:
            raise error
        return head(store)

    monkeypatch.setattr(Store, "head", fail)


@pytest.mark.parametrize(
    "error", [StoreBusyError("a.db", "be free", "a lock"), MemoryError("no memory left")]
)
def test_a_failure_that_passes_is_told_once_and_following_goes_on(store, monkeypatch, error):
    with LiveMatcher(store, OPTIONS, **AT_ONCE) as live:
        monkeypatch.setattr(follower, "_LEAST_PAUSE_S", 0.3)
        failing(live, monkeypatch, [error, error])
        message = rf"the `LiveMatcher` at .* got {type(error).__name__}: .* It tries on by itself"
        with pytest.raises(ReplicaError, match=message) as told:
            live.wait_for(live.cursor.seq + 1, timeout_s=LONG_S)
        assert told.value.__cause__ is error
        assert matched(live) == ["J1", "J2"]
        _, cursor = store.remove("jobs", ["J1"])
        assert matched(live.wait_for(cursor, timeout_s=LONG_S)) == ["J2"]
        assert live.n_failures == 2


@pytest.mark.parametrize(
    "error", [StoreCorruptError("a.db", "be sound", "a torn page"), ValueError("unforeseen")]
)
def test_a_failure_that_does_not_pass_is_told_to_whoever_asks_and_a_new_one_follows(
    store, monkeypatch, error
):
    with LiveMatcher(store, OPTIONS, **AT_ONCE) as live:
        failing(live, monkeypatch, [error])
        questions = (
            lambda: live.wait_for(live.cursor.seq + 1, timeout_s=LONG_S),
            live.snapshot,
            lambda: live.match(SEEKER),
            lambda: live.match_one(SEEKER),
            lambda: live.prepare(SEEKER),
            lambda: live.iter_match(SEEKER),
            lambda: live.match_around(SEEKER),
            lambda: live.explain(SEEKER, "J1"),
            lambda: live.shortfall(SEEKER),
        )
        for ask in questions:
            with pytest.raises(ReplicaError, match=r"Make a new `LiveMatcher`\."):
                ask()
        assert len(live) == 2
    _, cursor = store.remove("jobs", ["J1"])
    with LiveMatcher(store, OPTIONS, **AT_ONCE) as again:
        assert matched(again.wait_for(cursor, timeout_s=LONG_S)) == ["J2"]


def test_a_closed_one_answers_on_and_wakes_who_waits(store):
    live = LiveMatcher(store, OPTIONS, **AT_ONCE)
    here, woken = live.cursor, []

    def wait():
        with pytest.raises(ClosedIndexError, match=f"closed at cursor {here.seq}"):
            live.wait_for(here.seq + 1, timeout_s=LONG_S)
        woken.append(True)

    waiting = threading.Thread(target=wait)
    waiting.start()
    live.close()
    live.close()
    waiting.join()
    assert woken == [True]
    store.remove("jobs", ["J1"])
    assert matched(live) == ["J1", "J2"]
    assert live.wait_for(here, timeout_s=0.0).cursor == here
    with pytest.raises(ClosedIndexError, match="closed at cursor"):
        live.catch_up()


def test_it_is_closed_in_the_middle_of_a_base_that_is_made(store, monkeypatch):
    made = threading.Event()
    of = live_matcher._Base.of

    def noted(jobs, options):
        made.set()
        return of(jobs, options)

    live = LiveMatcher(store, OPTIONS, rebuild_after=1, **AT_ONCE)
    monkeypatch.setattr(live_matcher._Base, "of", noted)
    put(store, "jobs", job(id="J1", shift="night"), job(id="J3"))
    assert made.wait(LONG_S)
    live.close()
    # What was begun is shown whole, and nothing comes after it.
    assert matched(live) == ["J3", "J2"]
    put(store, "jobs", job(id="J4"))
    assert matched(live) == ["J3", "J2"]


def test_one_that_is_pulled_is_closed_too(store):
    live = LiveMatcher(store, OPTIONS)
    live.close()
    _, cursor = store.remove("jobs", ["J1"])
    with pytest.raises(ClosedIndexError, match="closed at cursor"):
        live.wait_for(cursor, timeout_s=LONG_S)


def test_many_changes_are_followed_some_after_the_other(store, monkeypatch):
    monkeypatch.setattr(live_matcher, "_AT_ONCE", 3)
    live = LiveMatcher(store, OPTIONS)
    shown, exchange = [], live._exchange

    def noting(one):
        shown.append((one.cursor.seq, len(one)))
        exchange(one)

    monkeypatch.setattr(live, "_exchange", noting)
    before = live.cursor.seq
    put(store, "jobs", *(job(id=f"K{i}") for i in range(8)))
    live.catch_up()
    assert shown == [(before + 3, 5), (before + 6, 8), (before + 8, 10)]


def test_another_epoch_is_followed_and_waited_for(store):
    with LiveMatcher(store, OPTIONS, **AT_ONCE) as live:
        here = live.cursor
        with pytest.raises(EpochError, match="be waited for with a cursor of its epoch"):
            live.wait_for(Cursor("e" * 32, 1), timeout_s=0.01)
        epoch = update(FEED).values(epoch="f" * 32)
        store.database.write(lambda connection: connection.execute(epoch))
        live.wait_for(Cursor("f" * 32, here.seq), timeout_s=LONG_S)
        assert live.n_restarts == 1


FOLLOWER = """
import sys
from geo_match.matching import MatchOptions
from geo_match.matching.live import LiveMatcher
from geo_match.store import Store
with Store.open(sys.argv[1]) as store, LiveMatcher(store, follow=True, every_s=0.001) as live:
    seq = live.cursor.seq
    while True:
        print(seq, flush=True)
        seq = live.wait_for(seq + 1, timeout_s=300).cursor.seq
"""


def test_after_a_kill_a_new_one_is_what_the_records_say(new_url):
    url = new_url()
    with (
        Store.open(url) as store,
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", FOLLOWER, url], stdout=subprocess.PIPE, text=True
        ) as killed,
    ):
        killed.stdout.readline()
        put(store, "employers", employer())
        for i in range(8):
            put(store, "jobs", job(id=f"J{i}"))
        while int(killed.stdout.readline()) < 5:
            pass
        os.kill(killed.pid, signal.SIGKILL)
        store.remove("jobs", ["J0"])
        with LiveMatcher(store, OPTIONS, **AT_ONCE) as live:
            live.wait_for(store.cursor(), timeout_s=LONG_S)
            assert_as_made_anew(live, store, [SEEKER], OPTIONS)
            assert len(live) == len(gm.Matcher(read_jobs(store), OPTIONS)) == 7
