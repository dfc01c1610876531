"""Matching held to its plain twin on random cities, to cases by hand, and to itself."""

from __future__ import annotations

import datetime as dt
import math
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_matching import strategies
from test_matching.answers import (
    SCORE,
    asked,
    assert_answers,
    by_centre,
    pairs_of,
    rows_of,
)
from test_matching.cases import CASES, CONDITIONS, JOB, ON, SEEKER
from test_matching.pairs import equator
from test_matching.scored_cases import CERTAIN, SCORED

import geo_match as gm
from geo_match.errors import ArgumentError, GeoMatchError
from geo_match.matching import FrameError
from geo_match.matching.options import PARTS

FEW = settings(max_examples=max(settings().max_examples // 4, 1))
"""Where each example is asked for several times: a call takes longer than so few rows."""
CITIES = (strategies.seekers(), strategies.jobs(), strategies.options())


def matched(seekers, jobs, options):
    return rows_of(gm.match(seekers, jobs, asked(options)))


def matched_jobs(seekers, jobs, options):
    return rows_of(gm.match_jobs(jobs, seekers, asked(options)))


@given(*CITIES)
def test_match_is_what_the_plain_twin_finds(seekers, jobs, options):
    assert_answers(matched(seekers, jobs, options), seekers, jobs, options)


@given(*CITIES)
def test_seekers_for_jobs_are_what_the_plain_twin_finds(seekers, jobs, options):
    found = matched_jobs(seekers, jobs, options)
    assert_answers(found, seekers, jobs, options, for_jobs=True)


@cache
def answers(name, *, for_jobs):
    """Ask for all cases of a list at once that ask for the same; return the row of each pair.

    Those of one question are asked together with each other's jobs; of these nothing is read.
    """
    cases = {"CASES": CASES, "SCORED": SCORED, "CERTAIN": CERTAIN}[name]
    found = {}
    for options in {repr(case.options): case.options for case in cases}.values():
        asked_so = {f"{i}": one for i, one in enumerate(cases) if one.options == options}
        seekers = [one.seeker | {"id": i} for i, one in asked_so.items()]
        jobs = [one.job | {"id": i} for i, one in asked_so.items()]
        # Nothing is to be in the way of a score, nor is the distance.
        more = {"conditions": (), "radius_m": 10_000.0} if name == "SCORED" else {}
        find = matched_jobs if for_jobs else matched
        for row in find(seekers, jobs, options | more | {"limit": None}):
            if row["seeker_id"] == row["job_id"]:
                found[cases[int(row["job_id"])].name] = row
    return found


BOTH = pytest.mark.parametrize("for_jobs", [False, True], ids=["for seekers", "for jobs"])


@BOTH
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_pair_matches_as_worked_out_by_hand(case, for_jobs):
    row = answers("CASES", for_jobs=for_jobs).get(case.name)
    assert (row is not None) == case.matches
    if case.matches:
        unknown = [name for name, outcome in case.outcomes.items() if outcome == "unknown"]
        assert row["unknown"] == ",".join(unknown)


@pytest.mark.parametrize("scored", SCORED, ids=[one.name for one in SCORED])
def test_a_score_has_the_parts_worked_out_by_hand(scored):
    row = answers("SCORED", for_jobs=scored.for_job)[scored.name]
    parts = {name: row[f"score_{name}"] for name in scored.parts}
    # Closeness is by a distance that may be a micrometre wrong.
    assert parts == pytest.approx(scored.parts, abs=SCORE)
    assert row["score"] == pytest.approx(sum(scored.parts.values()), abs=SCORE)


@BOTH
@pytest.mark.parametrize("case", CERTAIN, ids=[case.name for case in CERTAIN])
def test_certainty_is_as_worked_out_by_hand(case, for_jobs):
    row = answers("CERTAIN", for_jobs=for_jobs).get(case.name)
    # Who lies beyond the radius by what is known of the place is no match.
    beyond = equator(3000.0)[1]["lon"] < case.job["lon"] < equator(9000.0)[1]["lon"]
    if beyond or case.certainty is None:
        assert row is None
    else:
        assert row["certainty"] == case.certainty


@FEW
@given(*CITIES, st.sampled_from(strategies.RADII_M))
def test_a_bigger_radius_never_loses_a_candidate(seekers, jobs, options, more):
    options = options | {"limit": None}
    own = [
        one | {"radius_m": None if one["radius_m"] is None else one["radius_m"] + more}
        for one in seekers
    ]
    wider = options | {"radius_m": options["radius_m"] + more}
    for find in (matched, matched_jobs):
        assert pairs_of(find(seekers, jobs, options)) <= pairs_of(find(own, jobs, wider))


@FEW
@given(*CITIES, st.sampled_from(CONDITIONS))
def test_dropping_a_condition_never_loses_a_match(seekers, jobs, options, dropped):
    options = options | {"limit": None}
    kept = [name for name in asked(options).asked if name != dropped]
    for find in (matched, matched_jobs):
        fewer = find(seekers, jobs, options | {"conditions": kept})
        assert pairs_of(find(seekers, jobs, options)) <= pairs_of(fewer)


@FEW
@given(*CITIES, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_but_the_order_of_centres(seekers, jobs, options, rng):
    mixed, mixed_jobs = rng.sample(seekers, len(seekers)), rng.sample(jobs, len(jobs))
    for find, name in ((matched, "seeker_id"), (matched_jobs, "job_id")):
        rows = by_centre(find(seekers, jobs, options), name)
        assert by_centre(find(mixed, mixed_jobs, options), name) == rows


@FEW
@given(*CITIES)
def test_parts_add_up_to_a_score_between_0_and_1(seekers, jobs, options):
    for find, parts in ((matched, PARTS[:-1]), (matched_jobs, PARTS)):
        for row in find(seekers, jobs, options):
            assert [name for name in row if name.startswith("score_")] == [
                f"score_{part}" for part in parts
            ]
            if row["reason"] is not None:
                continue
            values = [row[f"score_{part}"] for part in parts]
            assert all(0.0 <= value <= 1.0 for value in values)
            assert row["score"] == pytest.approx(sum(values), abs=1e-12)
            assert 0.0 <= row["score"] <= 1.0 + 1e-12


@FEW
@given(*CITIES)
def test_both_directions_agree_on_the_pairs(seekers, jobs, options):
    options = options | {"limit": None}
    there, back = matched(seekers, jobs, options), matched_jobs(seekers, jobs, options)
    assert pairs_of(there) == pairs_of(back)
    said = {(row["seeker_id"], row["job_id"]): row for row in there}
    for row in back:
        if row["reason"] is None:
            same = said[row["seeker_id"], row["job_id"]]
            assert row["unknown"] == same["unknown"]
            assert row["distance_m"] == pytest.approx(same["distance_m"], abs=1e-6)


@FEW
@given(*CITIES)
def test_any_number_of_threads_gives_the_same(seekers, jobs, options):
    once = gm.match(seekers, jobs, asked(options))
    back = gm.match_jobs(jobs, seekers, asked(options))
    for threads in (2, 5):
        more = options | {"threads": threads}
        pd.testing.assert_frame_equal(gm.match(seekers, jobs, asked(more)), once)
        pd.testing.assert_frame_equal(gm.match_jobs(jobs, seekers, asked(more)), back)


@FEW
@given(*CITIES, st.integers(1, 5))
def test_streamed_in_blocks_of_any_size_it_is_the_same(seekers, jobs, options, at_once):
    matcher = gm.Matcher(jobs, asked(options))
    reverse = gm.ReverseMatcher(seekers, asked(options))
    for one, centres in ((matcher, seekers), (reverse, jobs)):
        tables = list(one.iter_match(centres, at_once=at_once))
        assert len(tables) == -(-len(centres) // at_once)
        if tables:
            streamed = pa.concat_tables(tables).to_pylist()
            assert streamed == rows_of(one.match(centres))


@FEW
@given(*CITIES, strategies.seekers())
def test_a_matcher_answers_the_same_whatever_it_was_asked_before(seekers, jobs, options, others):
    matcher = gm.Matcher(jobs, asked(options))
    first = matcher.match(seekers)
    matcher.match(others)
    pd.testing.assert_frame_equal(matcher.match(seekers), first)
    for one in seekers:
        alone = rows_of(matcher.match(one))
        assert alone == by_centre(rows_of(first), "seeker_id")[one["id"]]


@FEW
@given(*CITIES)
def test_a_limit_cuts_the_end_off(seekers, jobs, options):
    limit = options["limit"]
    for find in (matched, matched_jobs):
        every = find(seekers, jobs, options | {"limit": None})
        assert find(seekers, jobs, options) == [
            row for row in every if row["rank"] is None or limit is None or row["rank"] <= limit
        ]


@FEW
@given(*CITIES)
def test_everybody_appears_once_without_a_match_or_with_ranks_from_1(seekers, jobs, options):
    for find, name, centres in ((matched, "seeker_id", seekers), (matched_jobs, "job_id", jobs)):
        rows = by_centre(find(seekers, jobs, options), name)
        assert list(rows) == [one["id"] for one in centres]
        for own in rows.values():
            if own[0]["reason"] is None:
                assert [row["rank"] for row in own] == list(range(1, len(own) + 1))
                assert all(row["reason"] is None and row["failed"] == "" for row in own)
            else:
                (row,) = own
                said = {name: value for name, value in row.items() if value is not None}
                assert said.keys() == {name, "reason"}


def many(base, n, **fields):
    """Return n records, whose fields take turns with the values given."""
    return [
        base | {"id": f"{i:05}"} | {name: some[i % len(some)] for name, some in fields.items()}
        for i in range(n)
    ]


def test_of_the_pairs_in_the_circles_only_those_of_the_occupation_are_judged():
    codes = ["10101", "20101", "30101", "40101", "60101", "20201", "30201", "40301"]
    seekers = many(SEEKER, 40, occupation=codes)
    jobs = many(JOB, 400, occupation=codes)
    matcher = gm.Matcher(jobs, gm.MatchOptions(on=ON))
    rows = matcher.match(seekers)
    assert (rows.groupby("seeker_id").size() == 20).all()
    assert matcher.n_judged == 40 * 400 / len(codes)
    all_pairs = gm.Matcher(jobs, gm.MatchOptions(on=ON, conditions=("wage",)))
    all_pairs.match(seekers)
    assert all_pairs.n_judged == 40 * 400
    reverse = gm.ReverseMatcher(seekers, gm.MatchOptions(on=ON))
    reverse.match(jobs)
    assert reverse.n_judged == 40 * 400 / len(codes)


def test_what_fails_alone_is_never_judged():
    jobs = many(JOB, 30, employer_licence=["verified", "unverified", None])
    matcher = gm.Matcher(jobs, gm.MatchOptions(on=ON))
    matcher.match([SEEKER, SEEKER | {"id": "退休", "birth_year": 1950}])
    assert matcher.n_judged == 10


def test_several_threads_may_ask_one_matcher_at_once():
    seekers = many(SEEKER, 60, occupation=["40101", "60101", None], shift=["day", "any"])
    jobs = many(JOB, 60, occupation=["40101", "60101"], updated_at=[ON, None, dt.date(2025, 1, 1)])
    expected = gm.match(seekers, jobs, gm.MatchOptions(on=ON))
    matcher = gm.Matcher(jobs, gm.MatchOptions(on=ON))
    with ThreadPoolExecutor(4) as threads:
        for found in threads.map(matcher.match, [seekers] * 8):
            pd.testing.assert_frame_equal(found, expected)


def test_nobody_and_nothing_are_answered_with_the_same_columns():
    full = gm.match(SEEKER, JOB, gm.MatchOptions(on=ON))
    nobody = gm.match([], JOB, gm.MatchOptions(on=ON))
    nothing = gm.match(SEEKER, [], gm.MatchOptions(on=ON))
    assert len(nobody) == 0
    assert rows_of(nothing)[0]["reason"] == "none_in_circle"
    for frame in (nobody, nothing):
        assert list(frame.columns) == list(full.columns)
        assert list(map(str, frame.dtypes)) == list(map(str, full.dtypes))
    assert list(gm.Matcher([]).iter_match([])) == []


def test_the_licence_may_be_that_of_the_employer():
    job = JOB | {"employer_id": "E1"}
    employers = [{"id": "E1", "licence": "expired"}]
    options = gm.MatchOptions(on=ON)
    assert gm.match(SEEKER, job, options).reason.isna().all()
    for found in (
        gm.match(SEEKER, job, options, employers=employers),
        gm.match_jobs(job, SEEKER, options, employers=employers),
    ):
        assert found.reason.tolist() == ["none_eligible"]


@pytest.mark.parametrize(
    "nowhere", [dict.fromkeys(("lon", "lat"), one) for one in (None, math.nan)]
)
def test_who_has_no_place_is_told_so(nowhere):
    options = gm.MatchOptions(on=ON)
    found = gm.match([SEEKER | nowhere, SEEKER | {"id": "2"}], JOB, options)
    assert found.reason.tolist()[0] == "no_location"
    assert found.job_id.tolist()[1] == JOB["id"]
    assert gm.match_jobs(JOB | nowhere, SEEKER, options).reason.tolist() == ["no_location"]
    # A posting without a place is in nobody's circle, and is counted.
    assert gm.match(SEEKER, JOB | nowhere, options).reason.tolist() == ["none_in_circle"]
    shortfall = gm.Matcher([JOB, JOB | nowhere | {"id": "无"}], options).shortfall(SEEKER)
    assert shortfall.counts["jobs_without_place"] == 1


@pytest.mark.parametrize("code", ["普工", "90101", "999", "普\x1f工", "5年经验"])
def test_an_occupation_that_nobody_knows_is_unknown(code):
    options = gm.MatchOptions(on=ON)
    for seeker, job in ((SEEKER | {"occupation": code}, JOB), (SEEKER, JOB | {"occupation": code})):
        (row,) = rows_of(gm.match(seeker, job, options))
        assert row["unknown"] == "occupation"
    strict = gm.MatchOptions(on=ON, unknown_fails=("occupation",))
    assert gm.match(seeker, job, strict).reason.tolist() == ["none_eligible"]


def test_any_text_may_be_a_certificate():
    job = JOB | {"certificate": "电工\x1f证"}
    options = gm.MatchOptions(on=ON)
    assert gm.match(SEEKER, job, options).reason.tolist() == ["none_eligible"]
    holder = SEEKER | {"certificates": ["电工\x1f证"]}
    assert gm.match(holder, job, options).job_id.tolist() == [JOB["id"]]


@pytest.mark.parametrize(
    ("seeker", "job", "message"),
    [
        ({"wage_floor_cny": -1}, {}, r"`seekers`, column `wage_floor_cny` must be between 0 and"),
        ({"radius_m": -5.0}, {}, r"`seekers`, column `radius_m` must be between 0 and .*: -5\.0\)"),
        ({"shift": "夜班"}, {}, r"`seekers`, column `shift` must be one of .*'夜班'"),
        ({"lon": 200.0}, {}, r"`seekers`, column `lon` must lie between -180 and 180"),
        ({"lat": None}, {}, r"`seekers`, column `lon, lat` must be given together"),
        ({"id": ""}, {}, r"`seekers`, column `id` must be no blank text"),
        ({}, {"wage_low_cny": -1.0}, r"`jobs`, column `wage_low_cny` must be between 0 and"),
        ({}, {"vacancies": -1}, r"`jobs`, column `vacancies` must be between 0 and"),
        ({}, {"wage_low_cny": 5000.0}, r"`jobs`, column `wage_low_cny, wage_high_cny` must not"),
        ({}, {"wage_unit": "week"}, r"`jobs`, column `wage_unit` must be one of"),
    ],
)
def test_what_breaks_a_rule_is_named_and_nobody_is_skipped(seeker, job, message):
    for ask in (
        lambda: gm.match([SEEKER | seeker], [JOB | job]),
        lambda: gm.match_jobs([JOB | job], [SEEKER | seeker]),
    ):
        with pytest.raises(FrameError, match=message):
            ask()


@pytest.mark.parametrize("at_once", [0, -1, 1.5, True, None])
def test_blocks_have_at_least_one_row_and_are_checked_before_the_first_is_asked_for(at_once):
    message = r"`at_once` must be a whole number of at least 1, got"
    with pytest.raises(ArgumentError, match=message):
        gm.Matcher(JOB).iter_match(SEEKER, at_once=at_once)
    with pytest.raises(ArgumentError, match=message):
        gm.ReverseMatcher(SEEKER).iter_match(JOB, at_once=at_once)
    with pytest.raises(FrameError, match="`seekers`, column `lon`"):
        gm.Matcher(JOB).iter_match(SEEKER | {"lon": 999.0})


def test_a_day_before_the_rules_is_named():
    with pytest.raises(GeoMatchError, match=r"`on` must be a day on which .* got 1970-01-01"):
        gm.match(SEEKER, JOB, gm.MatchOptions(on=dt.date(1970, 1, 1)))


def test_a_matcher_says_how_large_it_is_and_for_which_day():
    matcher = gm.Matcher([JOB], gm.MatchOptions(on=ON))
    assert len(matcher) == 1
    assert repr(matcher) == "Matcher(1 jobs on 2025-06-16)"
    assert repr(gm.ReverseMatcher([], matcher.options)) == "ReverseMatcher(0 seekers on 2025-06-16)"
