"""A matcher over jobs that change: its answers are those of one that is made anew."""

from __future__ import annotations

import datetime as dt
import gc
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from test_matching import stores, strategies
from test_matching.answers import asked
from test_matching.live_answers import AROUND, OPTIONS, SEEKER, assert_as_made_anew, matched
from test_matching.pairs import JOB
from test_matching.stores import employer, job, put

import geo_match as gm
from geo_match.errors import ArgumentError
from geo_match.index import StaleIndexError
from geo_match.matching.engine.pools import Pools
from geo_match.matching.engine.side import Side
from geo_match.matching.given.frames import jobs_table
from geo_match.matching.live import _engine, live_matcher
from geo_match.matching.live.live_matcher import LiveMatcher
from geo_match.store import Cursor, EpochError
from geo_match.store.schema.tables import FEED


@settings(max_examples=12)
@given(
    stores.CITY,
    st.lists(st.lists(stores.EDITS, max_size=3), min_size=1, max_size=2),
    strategies.options(),
    strategies.seekers(),
    st.sampled_from([None, 1, 2, 4]),
)
def test_answers_are_those_of_a_matcher_that_is_made_anew(  # noqa: PLR0917 - drawn, one by one
    new_store, city, rounds, options, seekers, rebuild_after
):
    chosen = asked(options)
    with new_store() as store:
        stores.fill(store, city)
        live = LiveMatcher(store, chosen, rebuild_after=rebuild_after)
        for edits in rounds:
            for edit in edits:
                stores.apply(store, edit)
            assert live.catch_up() == live.cursor == store.cursor()
            assert_as_made_anew(live, store, seekers, chosen)


def test_what_a_change_does_is_seen_when_it_is_caught_up(store):
    live = LiveMatcher(store, OPTIONS)
    assert matched(live) == ["J1", "J2"]
    put(store, "jobs", job(id="J1", filled=3))
    assert matched(live) == ["J1", "J2"]
    live.catch_up()
    assert matched(live) == ["J2"]
    put(store, "jobs", job(id="J3"), job(id="J1"))
    store.remove("jobs", ["J2"])
    live.catch_up()
    assert matched(live) == ["J1", "J3"]
    assert repr(live) == f"LiveMatcher(2 jobs on 2025-06-16; cursor {store.cursor()})"


def told_without_jobs(live):
    """Return what is told of the seeker where there is no job, and what stays empty."""
    frame = live.match(SEEKER)
    assert (frame["job_id"].isna().all(), frame["reason"].to_list()) == (True, ["none_in_circle"])
    found = live.shortfall(SEEKER)
    assert len(found.near_misses) == 0
    assert found.seekers["first_eligible_job_id"].isna().all()
    return found.counts | {"one": live.match_one(SEEKER).reason, "jobs": len(live)}


def test_a_store_without_a_job_answers_and_the_first_job_arrives(new_store):
    with new_store() as store:
        live = LiveMatcher(store, OPTIONS)
        nothing = told_without_jobs(live)
        assert (nothing["none_in_circle"], nothing["one"], nothing["jobs"]) == (
            1,
            "none_in_circle",
            0,
        )
        put(store, "employers", employer())
        put(store, "jobs", job(id="J1"))
        live.catch_up()
        # The base has no row yet: the job stands beside it.
        assert live.n_rebuilds == 0
        assert matched(live) == ["J1"]
        assert live.explain(SEEKER, "J1").is_match
        assert_as_made_anew(live, store, [SEEKER, SEEKER | {"id": "S2", "shift": "night"}], OPTIONS)
        store.remove("jobs", ["J1"])
        live.catch_up()
        assert told_without_jobs(live) == nothing


def test_a_store_whose_base_lost_every_job_answers(store):
    live = LiveMatcher(store, OPTIONS)
    store.remove("jobs", ["J1", "J2"])
    live.catch_up()
    told_without_jobs(live)
    put(store, "jobs", job(id="J3", shift="night"))
    live.catch_up()
    assert_as_made_anew(live, store, [SEEKER], OPTIONS)


def test_a_licence_that_turns_changes_the_employers_jobs(store):
    live = LiveMatcher(store, OPTIONS)
    put(store, "employers", employer("expired"))
    live.catch_up()
    assert matched(live) == []
    put(store, "employers", employer())
    put(store, "jobs", job(id="J1", employer_id="E2"))
    live.catch_up()
    assert matched(live) == ["J2"]
    store.remove("employers", ["E1"])
    live.catch_up()
    assert matched(live) == []
    assert live.shortfall(SEEKER).conditions.set_index("condition").loc["employer", "alone"] == 1


def test_one_answer_is_streamed_and_given_at_once_alike(store):
    live = LiveMatcher(store, OPTIONS)
    put(store, "jobs", job(id="J3"))
    live.catch_up()
    some = [SEEKER, SEEKER | {"id": "S2"}]
    tables = list(live.iter_match(some, at_once=1))
    assert [table.column("seeker_id")[0].as_py() for table in tables] == ["S1", "S2"]
    assert [table.column("job_id").to_pylist() for table in live.iter_match(SEEKER)] == [
        [one.job_id for one in live.match_one(SEEKER).matches]
    ]
    assert matched(live) == ["J1", "J3", "J2"]


def test_around_areas_it_explains_and_tells_what_is_missing(store):
    live = LiveMatcher(store, OPTIONS)
    put(store, "jobs", job(id="J3", lon=117.385, lat=32.935), job(id="J1", shift="night"))
    live.catch_up()
    here, far = (SEEKER | {"id": name, "home": name} for name in ("O0", "O2"))
    assert live.explain(here, "J3", around=AROUND).distance_m == 0.0
    told = live.explain(far, "J3", around=AROUND)
    assert (told.is_match, told.stands_in_way, told.basis) == (False, ("distance",), "area_edge")
    found = live.shortfall([here, far], around=AROUND).seekers
    assert found.matches.tolist() == [2, 0]
    assert found.first_eligible_job_id.tolist()[0] == "J3"
    assert found.first_eligible_distance_m[1] > 3_000_000.0
    assert_as_made_anew(live, store, [here, far], OPTIONS)


def test_who_has_a_first_job_in_the_base_seeks_none_beside_it(store, monkeypatch):
    live = LiveMatcher(store, OPTIONS)
    put(store, "jobs", job(id="J3", lon=120.0))
    live.catch_up()
    asked_for = []
    find_first = _engine.find_first

    def counting(engine, seekers, lacking):
        asked_for.append(lacking.tolist())
        return find_first(engine, seekers, lacking)

    monkeypatch.setattr(_engine, "find_first", counting)
    found = live.shortfall([SEEKER, SEEKER | {"id": "S2", "lon": 120.05}]).seekers
    assert found.first_eligible_job_id.tolist() == ["J1", "J3"]
    assert asked_for == [[], []]
    found = live.shortfall([SEEKER, SEEKER | {"id": "S2", "lon": 125.0}]).seekers
    assert found.first_eligible_job_id.tolist() == ["J1", "J3"]
    assert asked_for[2:] == [[1], [1]]


def test_what_is_left_of_a_pool_is_kept_no_longer_than_the_pool():
    side = Side(jobs_table([JOB, JOB | {"id": "J2"}]), "job", OPTIONS)
    pools = Pools(side)
    thinned = _engine.Thinned(pools, np.array([True, False]))
    pool = pools._pool(np.arange(2), None)
    assert thinned._of(pool).row.tolist() == [0]
    assert thinned._of(pool) is thinned._of(pool)
    assert len(thinned._thinned) == 1
    del pool
    gc.collect()
    assert len(thinned._thinned) == 0


def test_a_snapshot_stays_as_it_is(store):
    live = LiveMatcher(store, OPTIONS)
    before = live.snapshot()
    store.remove("jobs", ["J1"])
    live.catch_up()
    assert matched(before) == ["J1", "J2"]
    assert matched(live.snapshot()) == ["J2"]
    assert before.cursor.seq < live.snapshot().cursor.seq


def test_a_job_is_explained_as_it_is_now(store):
    live = LiveMatcher(store, OPTIONS)
    put(store, "jobs", job(id="J1", shift="night"))
    store.remove("jobs", ["J2"])
    live.catch_up()
    assert live.explain(SEEKER, "J1").stands_in_way == ("shift",)
    with pytest.raises(ArgumentError, match="`job_id` must be the id of one of the 1 jobs"):
        live.explain(SEEKER, "J2")


def test_a_base_is_made_anew_when_enough_has_changed(store):
    live = LiveMatcher(store, OPTIONS, rebuild_after=2)
    put(store, "jobs", job(id="J1", title="收银员"))
    live.catch_up()
    # A job that is another now counts twice: it is out of the base, and in what stands beside it.
    assert live.n_rebuilds == 0
    put(store, "jobs", job(id="J3"))
    live.catch_up()
    assert live.n_rebuilds == 1
    assert matched(live) == ["J1", "J3", "J2"]
    with pytest.raises(ArgumentError, match="rebuild_after"):
        LiveMatcher(store, OPTIONS, rebuild_after=0)


def test_changes_of_others_cost_nothing_and_move_the_cursor(store):
    live = LiveMatcher(store, OPTIONS)
    engine = live.snapshot()._engine
    cursor = put(store, "seekers", SEEKER)
    assert live.catch_up() == cursor
    assert live.snapshot()._engine is engine


def test_a_changed_job_leaves_the_indexes_of_the_others_alone(store):
    live = LiveMatcher(store, OPTIONS)
    before = live.snapshot()
    matched(before)
    put(store, "jobs", job(id="J1", shift="night"))
    live.catch_up()
    base, beside = live.snapshot()._engine.engines
    assert len(beside.side) == 1
    assert base.side is before._engine.engines[0].side
    assert base.pools.everything.index is before._engine.engines[0].pools.everything.index


def test_the_day_turns_when_it_is_caught_up(store, monkeypatch):
    today = dt.date(2025, 6, 16)
    monkeypatch.setattr(gm.MatchOptions, "day", property(lambda one: one.on or today))
    put(store, "jobs", job(id="J1", closed_on=dt.date(2025, 6, 17)))
    live = LiveMatcher(store)
    put(store, "jobs", job(id="J3", opened_on=dt.date(2025, 6, 17)))
    live.catch_up()
    assert matched(live) == ["J1", "J2"]
    today = dt.date(2025, 6, 17)
    assert matched(live) == ["J1", "J2"]
    live.catch_up()
    assert live.options.on == today
    assert matched(live) == ["J3", "J2"]


def test_waiting_for_a_cursor_gives_what_it_did(store):
    live = LiveMatcher(store, OPTIONS)
    _, cursor = store.remove("jobs", ["J1"])
    found = live.wait_for(cursor, timeout_s=0.0)
    assert found.cursor == cursor
    assert matched(found) == ["J2"]
    assert live.wait_for(cursor.seq, timeout_s=0.0) is found


def test_waiting_ends_when_somebody_writes(store):
    live = LiveMatcher(store, OPTIONS)
    coming = store.cursor().seq + 1
    writer = threading.Timer(0.05, lambda: store.remove("jobs", ["J1"]))
    writer.start()
    assert matched(live.wait_for(coming, timeout_s=60.0)) == ["J2"]
    writer.join()


def test_waiting_for_what_never_comes_ends(store):
    live = LiveMatcher(store, OPTIONS)
    here = store.cursor()
    for cursor in (here.seq + 1, Cursor(here.epoch, here.seq + 1)):
        with pytest.raises(StaleIndexError, match="must be applied within 0 s"):
            live.wait_for(cursor, timeout_s=0.0)
    with pytest.raises(EpochError, match="be waited for with a cursor of its epoch"):
        live.wait_for(Cursor("e" * 32, 1), timeout_s=0.0)


def test_what_could_not_be_shown_is_shown_the_next_time(store, monkeypatch):
    live = LiveMatcher(store, OPTIONS)
    before = live.cursor
    put(store, "employers", employer("expired"))

    def no_memory(*_):
        raise MemoryError("no memory left")

    with monkeypatch.context() as patched:
        patched.setattr(live_matcher, "JoinedEngine", no_memory)
        with pytest.raises(MemoryError, match="no memory left"):
            live.catch_up()
    assert (live.cursor, matched(live)) == (before, ["J1", "J2"])
    assert live.catch_up() == store.cursor()
    assert matched(live) == []


def test_it_starts_anew_where_the_feed_cannot_be_followed(store):
    live = LiveMatcher(store, OPTIONS)
    store.remove("jobs", ["J1"])
    store.forget_before(store.cursor())
    live.catch_up()
    assert (live.n_restarts, matched(live)) == (1, ["J2"])
    epoch = update(FEED).values(epoch="f" * 32)
    store.database.write(lambda connection: connection.execute(epoch))
    assert live.catch_up() == store.cursor()
    assert (live.n_restarts, matched(live)) == (2, ["J2"])
