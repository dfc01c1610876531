"""What stands in the way of jobs, held to the plain twin, to cases by hand, and to its mirror."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_matching import strategies
from test_matching.answers import asked, rows_of, same_metres, twin
from test_matching.cases import CONDITIONS, JOB, SEEKER
from test_matching.pairs import equator
from test_matching.shortfalls import assert_shortfall, assert_totals

import geo_match as gm
from geo_match.errors import ArgumentError
from geo_match.matching import LADDER_M, plain
from geo_match.matching.engine import pools
from geo_match.matching.plain.conditions import distance_m

CITIES = (strategies.seekers(), strategies.jobs(), strategies.options())
FEW = settings(max_examples=max(settings().max_examples // 4, 1))
RIMS = [None, 0.0, 500.0, 500.0001, 1500.0, 2999.9999, 3000.0, 6000.0]
HERE = equator(0.0)[1]


def told(seekers, jobs, options, **more):
    return gm.ReverseMatcher(seekers, asked(options)).shortfall(jobs, **more)


def west(metres):
    return equator(-metres)[1]


def assert_as_the_twin(seekers, jobs, options, ladder_m=LADDER_M):
    found = told(seekers, jobs, options, ladder_m=ladder_m)
    expected = plain.shortfall(seekers, jobs, twin(options), ladder_m=ladder_m, for_jobs=True)
    known = {one["id"]: one for one in seekers}, {one["id"]: one for one in jobs}

    def away(job, seeker):
        return distance_m(known[0][seeker], known[1][job])

    assert_shortfall(found, expected, away, one="job", other="seeker")


@given(*CITIES)
def test_shortfall_of_jobs_is_what_the_plain_twin_finds(seekers, jobs, options):
    assert_as_the_twin(seekers, jobs, options)


@FEW
@given(
    *CITIES,
    st.lists(st.sampled_from(RIMS), min_size=6, max_size=6),
    st.integers(1, 9),
    st.lists(st.sampled_from([1.0, 500.0, 3000.0, 10_000.0]), unique=True),
)
def test_radii_and_ladders_of_any_kind_count_as_the_plain_twin_does(  # noqa: PLR0917 - drawn
    seekers, jobs, options, radii, most, ladder_m
):
    people = [one | {"radius_m": radius} for one, radius in zip(seekers, radii, strict=False)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pools, "_MOST_RADII", most)
        assert_as_the_twin(people, jobs, options, ladder_m)


@FEW
@given(*CITIES)
def test_totals_of_jobs_are_what_the_plain_twin_finds(seekers, jobs, options):
    found = told(seekers, jobs, options)
    expected = plain.totals(seekers, jobs, twin(options), for_jobs=True)
    assert_totals(found, expected, other="seeker")


@FEW
@given(*CITIES)
def test_every_job_has_matches_or_a_reason(seekers, jobs, options):
    found = told(seekers, jobs, options)
    reasons = ("matched", "no_location", "none_in_circle", "none_eligible")
    assert sum(found.counts[name] for name in reasons) == found.counts["jobs"] == len(jobs)
    every = rows_of(gm.match_jobs(jobs, seekers, asked(options | {"limit": None})))
    for row in rows_of(found.jobs):
        own = [one for one in every if one["job_id"] == row["job_id"]]
        assert row["reason"] == own[0]["reason"]
        assert row["matches"] == sum(one["reason"] is None for one in own)
        assert (row["matches"] == 0) == (row["reason"] is not None)


@FEW
@given(*CITIES)
def test_both_directions_count_the_same_pairs(seekers, jobs, options):
    there = gm.Matcher(jobs, asked(options)).shortfall(seekers)
    back = told(seekers, jobs, options)
    within = [f"eligible_within_{rung:g}_m" for rung in LADDER_M]
    for name in ("matches", "in_circle", *within):
        assert there.seekers[name].sum() == back.jobs[name].sum(), name
    one, other = (
        told.near_misses.groupby("condition", observed=True)[name].sum().to_dict()
        for told, name in ((there, "jobs"), (back, "seekers"))
    )
    assert one == other


def test_near_misses_are_counted_by_condition_and_the_nearest_named():
    seekers = [
        SEEKER | west(900.0) | {"id": "薪-远", "wage_floor_cny": 9000},
        SEEKER | west(300.0) | {"id": "薪-乙", "wage_floor_cny": 9000},
        SEEKER | west(300.0) | {"id": "薪-丙", "wage_floor_cny": 9000},
        SEEKER | west(200.0) | {"id": "班", "shift": "night"},
        SEEKER | west(100.0) | {"id": "两种", "shift": "night", "wage_floor_cny": 9000},
        SEEKER | west(3000.1) | {"id": "距离-近"},
        SEEKER | west(5999.9) | {"id": "距离-远"},
        SEEKER | west(6000.1) | {"id": "太远"},
        SEEKER | west(900.1) | {"id": "半径-不远", "radius_m": 500.0},
        SEEKER | west(1000.1) | {"id": "半径-太远", "radius_m": 500.0},
        SEEKER | {"id": "无处", "lon": None, "lat": None},
    ]
    found = told(seekers, [JOB | HERE], {})
    assert [
        (row["condition"], row["seekers"], row["nearest_seeker_id"])
        for row in rows_of(found.near_misses)
    ] == [("distance", 3, "半径-不远"), ("wage", 3, "薪-丙"), ("shift", 1, "班")]
    (row,) = rows_of(found.jobs)
    assert (row["matches"], row["in_circle"], row["reason"]) == (0, 5, "none_eligible")
    assert row["first_eligible_seeker_id"] == "半径-不远"
    assert row["first_eligible_distance_m"] == same_metres(900.1)
    assert [row[f"eligible_within_{rung:g}_m"] for rung in LADDER_M] == [0, 1, 2, 2, 3, 5]
    assert found.counts["seekers_without_place"] == 1
    stands = found.conditions.set_index("condition")
    assert stands.index.tolist() == list(CONDITIONS[1:])
    assert stands.loc["wage"].tolist() == stands.loc["shift"].tolist() == [1, 0]


@pytest.mark.parametrize("ladder_m", [(), (500.0,), LADDER_M])
@pytest.mark.parametrize("metres", [4_021.0, 40_000.0, 201_000.0, 15_000_000.0])
def test_the_first_eligible_seeker_is_found_at_any_distance(metres, ladder_m):
    # The wide circle of the last is asked for farther out than the narrow ones before it.
    wide_m = min(metres * 0.6 + 400.0, 200_000.0)
    seekers = [
        SEEKER | west(metres) | {"id": "首", "radius_m": 100.0},
        SEEKER | west(metres) | {"id": "首-后", "radius_m": 1_000.0},
        SEEKER | west(metres + 500.0) | {"id": "远", "radius_m": wide_m},
        SEEKER | west(10_000.5) | {"id": "近而不合", "shift": "night"},
    ]
    (row,) = rows_of(told(seekers, [JOB | HERE], {}, ladder_m=ladder_m).jobs)
    assert row["first_eligible_seeker_id"] == "首"
    expected = distance_m(seekers[0], JOB | HERE)
    assert row["first_eligible_distance_m"] == same_metres(expected)
    assert row["reason"] == "none_in_circle"


def test_a_job_that_fails_alone_is_a_near_miss_of_all_who_would_do():
    found = told([SEEKER], [JOB | {"employer_licence": "expired"}], {})
    (row,) = rows_of(found.near_misses)
    assert (row["condition"], row["seekers"]) == ("employer", 1)
    assert rows_of(found.jobs)[0]["first_eligible_seeker_id"] is None


def test_employers_may_be_given_beside():
    job = {name: value for name, value in JOB.items() if name != "employer_licence"}
    matcher = gm.ReverseMatcher(SEEKER, asked({}))
    for licence, reason in (("verified", None), ("expired", "none_eligible")):
        employers = [{"id": "E1", "licence": licence}]
        found = matcher.shortfall(job | {"employer_id": "E1"}, employers=employers)
        assert rows_of(found.jobs)[0]["reason"] == reason


@pytest.mark.parametrize(("seekers", "jobs"), [([], []), ([], [JOB]), ([SEEKER], [])])
def test_nobody_and_nothing(seekers, jobs):
    found = told(seekers, jobs, {})
    full = told([SEEKER], [JOB | {"shift": "night"}], {})
    assert len(found.jobs) == len(jobs) == found.counts["none_in_circle"]
    assert len(found.near_misses) == 0
    for name in ("jobs", "near_misses", "conditions"):
        dtypes = [list(map(str, getattr(one, name).dtypes)) for one in (found, full)]
        assert dtypes[0] == dtypes[1], name


def test_a_ladder_is_checked_as_for_seekers():
    with pytest.raises(ArgumentError, match="`ladder_m` must hold each radius once"):
        told([SEEKER], [JOB], {}, ladder_m=(500.0, 500.0))
