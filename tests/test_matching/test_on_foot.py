"""Matching on foot held to the plain twin, whose walks are an oracle's, in a town with a river."""

from __future__ import annotations

from hypothesis import assume, given, settings
from test_matching import strategies
from test_matching.answers import asked, assert_answers, pairs_of, rows_of, same_metres, twin
from test_matching.shortfalls import assert_shortfall, assert_totals
from test_matching.walked_town import SLACK_M, Town

import geo_match as gm
from geo_match.matching import LADDER_M, plain
from geo_match.matching.plain.conditions import distance_m
from geo_match.matching.plain.counts import counts

FEW = settings(max_examples=max(settings().max_examples // 2, 1))
ON_FOOT = {"basis": "walking"}
WALK = strategies.options().map(lambda options: options | ON_FOOT)
CITIES = (strategies.seekers(), strategies.jobs(), WALK)


def assume_no_rim(seekers, jobs, options):
    """Leave aside what a few millimetres of a walk decide: who is within which radius."""
    for seeker in seekers:
        own = options["radius_m"] if seeker["radius_m"] is None else seeker["radius_m"]
        for job in jobs:
            metres = distance_m(seeker, job, Town())
            if metres is None:
                continue
            bounds = {own, 2.0 * own, *LADDER_M}
            assume(metres == 0.0 or min(abs(metres - one) for one in bounds) > SLACK_M)


def away(seekers, jobs):
    """Return what measures a pair of two ids by the oracle."""
    known = {one["id"]: one for one in seekers}, {one["id"]: one for one in jobs}
    return lambda one, other: distance_m(known[0][one], known[1][other], Town())


@given(*CITIES)
def test_match_is_what_the_plain_twin_finds(seekers, jobs, options):
    assume_no_rim(seekers, jobs, options)
    found = rows_of(gm.match(seekers, jobs, asked(options)))
    assert_answers(found, seekers, jobs, options)


@given(*CITIES)
def test_seekers_for_jobs_are_what_the_plain_twin_finds(seekers, jobs, options):
    assume_no_rim(seekers, jobs, options)
    found = rows_of(gm.match_jobs(jobs, seekers, asked(options)))
    assert_answers(found, seekers, jobs, options, for_jobs=True)


@FEW
@given(*CITIES)
def test_counts_are_what_the_plain_twin_finds(seekers, jobs, options):
    assume_no_rim(seekers, jobs, options)
    found = rows_of(gm.Matcher(jobs, asked(options)).count(seekers))
    assert found == counts(seekers, jobs, twin(options))


@FEW
@given(*CITIES)
def test_shortfall_is_what_the_plain_twin_finds(seekers, jobs, options):
    assume_no_rim(seekers, jobs, options)
    found = gm.Matcher(jobs, asked(options)).shortfall(seekers)
    expected = plain.shortfall(seekers, jobs, twin(options))
    assert_shortfall(found, expected, away(seekers, jobs), slack_m=SLACK_M)
    reasons = ("no_location", "none_in_circle", "not_on_network", "none_on_foot", "none_eligible")
    totals = plain.totals_of(expected, jobs, twin(options), reasons=reasons)
    walks = Town()
    totals["jobs_not_on_network"] = sum(
        job["lon"] is not None and walks.snap_m(job["lon"], job["lat"]) is None for job in jobs
    )
    assert_totals(found, totals)


@FEW
@given(*CITIES)
def test_shortfall_of_jobs_is_what_the_plain_twin_finds(seekers, jobs, options):
    assume_no_rim(seekers, jobs, options)
    found = gm.ReverseMatcher(seekers, asked(options)).shortfall(jobs)
    expected = plain.shortfall(seekers, jobs, twin(options), for_jobs=True)
    mirrored = away(seekers, jobs)
    sides = {"one": "job", "other": "seeker"}
    assert_shortfall(
        found, expected, lambda one, other: mirrored(other, one), slack_m=SLACK_M, **sides
    )


@FEW
@given(*CITIES)
def test_one_seeker_is_answered_as_in_a_frame(seekers, jobs, options):
    matcher = gm.Matcher(jobs, asked(options))
    among = matcher.prepare(seekers)
    rows = rows_of(matcher.match(seekers))
    for seeker in seekers:
        answer = matcher.match_one(seeker["id"], among=among)
        own = [row for row in rows if row["seeker_id"] == seeker["id"]]
        assert answer.reason == own[0]["reason"]
        names = ("job_id", "rank", "distance_m", "basis", "certainty", "score", "straight_m")
        names = (*names, "seeker_snap_m", "job_snap_m")
        assert [[getattr(one, name) for name in names] for one in answer.matches] == [
            [row[name] for name in names] for row in own if row["reason"] is None
        ]


@FEW
@given(*CITIES)
def test_an_explanation_says_of_each_pair_what_the_plain_twin_says(seekers, jobs, options):
    assume_no_rim(seekers, jobs, options)
    assume(seekers)
    matcher = gm.Matcher(jobs, asked(options))
    for job in jobs:
        told = matcher.explain(seekers[0], job["id"])
        wanted = plain.judge(seekers[0], job, twin(options))
        assert told.is_match == wanted["matches"]
        for name in ("straight_m", "seeker_snap_m", "job_snap_m"):
            both_located = wanted["beside"]["straight_m"] is not None
            expected = wanted["beside"][name] if both_located else None
            given_ = getattr(told, name)
            assert (given_ is None) == (expected is None), name
            assert given_ is None or given_ == same_metres(expected, on_foot=True)
        assert (told.distance_m is None) == (wanted["distance_m"] is None)
        assert told.stands_in_way == tuple(wanted["stands_in_way"])
        is_apart = told.straight_m is not None and told.distance_m is None
        assert (told.no_way is not None) == is_apart
        assert (told.score is None) == (told.distance_m is None) == (told.certainty is None)


@FEW
@given(*CITIES)
def test_whoever_is_matched_on_foot_is_matched_in_a_straight_line(seekers, jobs, options):
    options = options | {"limit": None}
    on_foot = rows_of(gm.match(seekers, jobs, asked(options)))
    straight = rows_of(gm.match(seekers, jobs, asked(options | {"basis": "geodesic"})))
    assert pairs_of(on_foot) <= pairs_of(straight)
    for row in on_foot:
        if row["reason"] is None:
            assert row["distance_m"] >= row["straight_m"] - 1e-6


@FEW
@given(*CITIES)
def test_both_directions_find_the_same_pairs_as_far_apart(seekers, jobs, options):
    options = options | {"limit": None}
    found = [
        {(row["seeker_id"], row["job_id"]): [row[name] for name in sorted(row) if name in SAID]
         for row in rows_of(rows) if row["reason"] is None}
        for rows in (gm.match(seekers, jobs, asked(options)),
                     gm.match_jobs(jobs, seekers, asked(options)))
    ]  # fmt: skip
    assert found[0] == found[1]


SAID = ("distance_m", "straight_m", "seeker_snap_m", "job_snap_m", "certainty")
