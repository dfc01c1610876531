"""The engine at its edges: ties, nobody, one place for all, own radii, many of the same."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_matching import strategies
from test_matching.answers import asked, assert_answers, pairs_of, rows_of
from test_matching.cases import JOB, ON, SEEKER
from test_matching.pairs import equator

import geo_match as gm
from geo_match.matching.engine import engine, pools

IDS = ("a", "B", "b", "é", "Z", "王", "李", "ﬀ", "𠮷", "𝄞", "\ue000", "10", "9", "a ")
"""With some beyond the first 65,536 characters, which UTF-16 would put before \\ue000."""
FEW = settings(max_examples=max(settings().max_examples // 4, 1))
"""Where each example is asked for several times."""
CITIES = (strategies.seekers(), strategies.jobs(), strategies.options())
HERE, THERE = equator(0.0)[0], equator(1000.0)[1]


def at(metres):
    return equator(metres)[1]


def options(**more):
    return gm.MatchOptions(**({"on": ON} | more))


@settings(max_examples=max(settings().max_examples // 4, 1))
@given(st.permutations(IDS), st.none() | st.integers(1, len(IDS) + 3))
def test_ties_end_in_the_order_of_ids_by_code_points(ids, limit):
    jobs = [JOB | THERE | {"id": one} for one in ids]
    seekers = [SEEKER | HERE | {"id": one} for one in ids]
    expected = sorted(ids)[:limit]
    found = gm.match(SEEKER | HERE, jobs, options(limit=limit))
    assert found.job_id.tolist() == expected
    back = gm.match_jobs(JOB | THERE, seekers, options(limit=limit))
    assert back.seeker_id.tolist() == expected


def test_the_order_of_ids_is_that_of_their_code_points_and_not_of_utf_16():
    assert sorted(["𠮷", "\ue000"]) == ["\ue000", "𠮷"]
    assert sorted(["𠮷", "\ue000"], key=lambda one: one.encode("utf-16-be")) == ["𠮷", "\ue000"]


def test_whoever_asks_keeps_the_place_it_had():
    seekers = [SEEKER | HERE | {"id": one} for one in IDS]
    assert list(gm.match(seekers, [JOB | THERE], options()).seeker_id) == list(IDS)


@pytest.mark.parametrize("threads", [1, 3])
def test_nobody_is_located(threads):
    nowhere = {"lon": None, "lat": None}
    seekers = [SEEKER | nowhere | {"id": f"{i}"} for i in range(3)]
    jobs = [JOB | nowhere | {"id": f"{i}"} for i in range(3)]
    asked = options(threads=threads)
    for found in (gm.match(seekers, jobs, asked), gm.match_jobs(jobs, seekers, asked)):
        assert found.reason.tolist() == ["no_location"] * 3
    assert gm.match(SEEKER, jobs, asked).reason.tolist() == ["none_in_circle"]
    assert gm.match_jobs(JOB, seekers, asked).reason.tolist() == ["none_in_circle"]


@pytest.mark.parametrize(("seekers", "jobs"), [([], []), ([], [JOB]), ([SEEKER], [])])
def test_empty_sides(seekers, jobs):
    for chosen in (options(), options(limit=None, threads=4), options(conditions=())):
        there, back = gm.match(seekers, jobs, chosen), gm.match_jobs(jobs, seekers, chosen)
        assert len(there) == len(seekers)
        assert len(back) == len(jobs)
        assert set(there.reason) | set(back.reason) <= {"none_in_circle"}


def test_one_row_on_each_side():
    (row,) = rows_of(gm.match(SEEKER, JOB, options(limit=1)))
    assert (row["seeker_id"], row["job_id"], row["rank"]) == (SEEKER["id"], JOB["id"], 1)


@pytest.mark.parametrize("limit", [1, 2, 3, 1_000_000_000, None])
def test_a_limit_above_the_number_is_no_more_than_the_number(limit):
    jobs = [JOB | {"id": f"{i}"} for i in range(3)]
    assert len(gm.match(SEEKER, jobs, options(limit=limit))) == min(3, limit or 3)


def test_all_at_one_place_match_within_no_radius():
    seekers = [SEEKER | HERE | {"id": f"{i}"} for i in range(5)]
    jobs = [JOB | HERE | {"id": f"{i}"} for i in range(7)]
    asked = options(radius_m=0.0, limit=None)
    there, back = gm.match(seekers, jobs, asked), gm.match_jobs(jobs, seekers, asked)
    assert len(there) == len(back) == 35
    assert set(there.distance_m) == set(back.distance_m) == {0.0}
    assert set(there.score_closeness) == {0.35}


RADII = (None, 0.0, 500.0, 999.999, 1000.001, 2500.0, 200_000.0)
RIMS = (None, *strategies.RADII_M)
METRES = (0.0, 500.0001, 1000.0, 1500.0, 2499.9, 9000.0, 150_000.0)


def test_seekers_own_radii_count_in_both_directions():
    seekers = [SEEKER | HERE | {"id": f"{i}", "radius_m": one} for i, one in enumerate(RADII)]
    jobs = [JOB | at(metres) | {"id": f"{i}"} for i, metres in enumerate(METRES)]
    expected = {
        (f"{i}", f"{j}")
        for i, radius in enumerate(RADII)
        for j, metres in enumerate(METRES)
        if metres <= (1200.0 if radius is None else radius)
    }
    asked = options(radius_m=1200.0, limit=None)
    there, back = gm.match(seekers, jobs, asked), gm.match_jobs(jobs, seekers, asked)
    assert pairs_of(rows_of(there)) == pairs_of(rows_of(back)) == expected
    assert back[back.job_id == "4"].seeker_id.tolist() == ["5", "6"]


@given(*CITIES, st.lists(st.sampled_from(RIMS), min_size=6, max_size=6))
def test_many_different_radii_are_one_pool_and_answer_as_the_plain_twin(
    seekers, jobs, options, radii
):
    people = [one | {"radius_m": radius} for one, radius in zip(seekers, radii, strict=False)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pools, "_MOST_RADII", 1)
        matcher = gm.ReverseMatcher(people, asked(options))
        found = rows_of(matcher.match(jobs))
        different = {options["radius_m"] if one is None else one for one in radii[: len(people)]}
        assert matcher._engine.pools.is_mixed == (len(different) > 1)
    assert_answers(found, people, jobs, options, for_jobs=True)


def kept_rows(matcher):
    """Return what the pools of a matcher that are kept hold together, as they count it."""
    return sum(len(pool.row) + pools._ROWS_OF_NONE for pool in matcher._engine.pools._made.values())


@FEW
@given(*CITIES)
def test_pools_that_had_to_make_room_answer_the_same(seekers, jobs, options):
    chosen = asked(options)
    there, back = gm.match(seekers, jobs, chosen), gm.match_jobs(jobs, seekers, chosen)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pools, "_TIMES_KEPT", 0)
        matcher, reverse = gm.Matcher(jobs, chosen), gm.ReverseMatcher(seekers, chosen)
        for _ in range(2):
            pd.testing.assert_frame_equal(matcher.match(seekers), there)
            pd.testing.assert_frame_equal(reverse.match(jobs), back)
    for one in (matcher, reverse):
        assert len(one._engine.pools._made) <= 1


def test_the_pools_that_are_kept_are_bounded_and_the_last_ones(monkeypatch):
    monkeypatch.setattr(pools, "_TIMES_KEPT", 2)
    codes = ["10101", "20101", "30101", "40101", "60101", "20201", "30201", "40301"]
    jobs = [JOB | HERE | {"id": f"{i}", "occupation": code} for i, code in enumerate(codes * 4)]
    seekers = [SEEKER | HERE | {"id": code, "occupation": code} for code in codes]
    matcher = gm.Matcher(jobs, options())
    room = 2 * (len(jobs) + pools._ROWS_OF_NONE)
    for one in [*seekers, *seekers]:
        found = matcher.match(one)
        assert found.job_id.tolist() == sorted(
            job["id"] for job in jobs if job["occupation"] == one["id"]
        )
        assert kept_rows(matcher) == matcher._engine.pools._n_kept <= room
    # Each pool has four rows: two find room.
    assert len(matcher._engine.pools._made) == 2
    kept = list(matcher._engine.pools._made.values())
    matcher.match(seekers[-1])
    assert list(matcher._engine.pools._made.values()) == kept


@FEW
@given(*CITIES)
def test_threads_that_share_a_pool_give_the_same_in_both_directions(seekers, jobs, options):
    chosen = asked(options)
    once, back = gm.match(seekers, jobs, chosen), gm.match_jobs(jobs, seekers, chosen)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(engine, "_AT_ONCE", 1)  # each centre is a task of its own
        for threads in (1, 3):
            more = asked(options | {"threads": threads})
            pd.testing.assert_frame_equal(gm.match(seekers, jobs, more), once)
            pd.testing.assert_frame_equal(gm.match_jobs(jobs, seekers, more), back)


@pytest.mark.parametrize("limit", [1, 2, None])
def test_one_job_ranks_seekers_of_different_radii_together(limit):
    seekers = [
        SEEKER | at(metres) | {"id": name, "radius_m": radius}
        for name, metres, radius in (("far", 900.0, 1000.0), ("near", 100.0, 2000.0))
    ]
    found = gm.match_jobs(JOB | HERE, seekers, options(limit=limit))
    assert found.seeker_id.tolist() == ["near", "far"][:limit]
    assert found["rank"].tolist() == [1, 2][:limit]


def test_a_hundred_thousand_of_the_same_are_chosen_by_their_ids():
    n = 100_000
    jobs = pa.Table.from_pylist([JOB | HERE]).take(pa.array(np.zeros(n, np.int64)))
    ids = pa.array([f"{i:06}" for i in np.random.default_rng(1).permutation(n)])
    jobs = jobs.set_column(jobs.schema.get_field_index("id"), "id", ids)
    matcher = gm.Matcher(jobs, options(limit=3))
    found = matcher.match([SEEKER | HERE, SEEKER | at(3000.5) | {"id": "außerhalb"}])
    assert found.job_id.tolist()[:3] == ["000000", "000001", "000002"]
    assert found.reason.tolist()[3] == "none_in_circle"
    assert matcher.n_judged == n
    shortfall = matcher.shortfall(SEEKER | HERE | {"shift": "night"})
    assert shortfall.near_misses.jobs.tolist() == [n]
    assert shortfall.near_misses.nearest_job_id.tolist() == ["000000"]
