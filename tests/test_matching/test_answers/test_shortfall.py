"""What stands in the way, held to the plain twin and to cases by hand."""

from __future__ import annotations

import math

import numpy as np
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
from geo_match.matching.plain.conditions import distance_m

CITIES = (strategies.seekers(), strategies.jobs(), strategies.options())
FEW = settings(max_examples=max(settings().max_examples // 4, 1))
"""Where what is asked was held to the twin by another test, too."""
HERE = equator(0.0)[0]


def told(seekers, jobs, options, **more):
    return gm.Matcher(jobs, asked(options)).shortfall(seekers, **more)


def at(metres):
    return equator(metres)[1]


def assert_as_the_twin(seekers, jobs, options, ladder_m=LADDER_M):
    found = told(seekers, jobs, options, ladder_m=ladder_m)
    expected = plain.shortfall(seekers, jobs, twin(options), ladder_m=ladder_m)
    known = {one["id"]: one for one in seekers}, {one["id"]: one for one in jobs}
    assert_shortfall(found, expected, lambda one, other: distance_m(known[0][one], known[1][other]))


@given(*CITIES)
def test_shortfall_is_what_the_plain_twin_finds(seekers, jobs, options):
    assert_as_the_twin(seekers, jobs, options)


@FEW
@given(*CITIES, st.lists(st.sampled_from([1.0, 500.0, 1500, 3000.0, 6000.0, 2e5]), unique=True))
def test_any_ladder_counts_as_the_plain_twin_does(seekers, jobs, options, ladder_m):
    assert_as_the_twin(seekers, jobs, options, ladder_m)


@FEW
@given(*CITIES)
def test_totals_are_what_the_plain_twin_finds(seekers, jobs, options):
    found = told(seekers, jobs, options)
    assert_totals(found, plain.totals(seekers, jobs, twin(options)))


@FEW
@given(*CITIES)
def test_counts_add_up_and_agree_with_the_matches(seekers, jobs, options):
    found = told(seekers, jobs, options)
    reasons = ["matched", "no_location", "none_in_circle", "none_eligible"]
    if not options["former_too"]:
        reasons.append("not_registered")
    assert sum(found.counts[name] for name in reasons) == found.counts["seekers"] == len(seekers)
    every = rows_of(gm.match(seekers, jobs, asked(options | {"limit": None})))
    for row in rows_of(found.seekers):
        own = [one for one in every if one["seeker_id"] == row["seeker_id"]]
        matches = [one for one in own if one["reason"] is None]
        assert row["reason"] == own[0]["reason"]
        assert row["matches"] == len(matches) <= row["in_circle"]
        ladder = [row[f"eligible_within_{rung:g}_m"] for rung in LADDER_M]
        assert ladder == sorted(ladder)
    assert (found.conditions.alone <= found.conditions.some_job).all()
    assert (found.conditions.some_job <= found.counts["none_eligible"]).all()


PAYS_LESS = {"wage_low_cny": 2000.0, "wage_high_cny": 2500.0}


def test_those_who_fail_on_wage_alone_are_counted():
    seekers = [
        SEEKER | HERE | {"id": "工资", "wage_floor_cny": 9000},
        SEEKER | HERE | {"id": "工资和班次", "wage_floor_cny": 9000, "shift": "night"},
        SEEKER | HERE | {"id": "班次", "shift": "night"},
        SEEKER | HERE | {"id": "有"},
        SEEKER | {"id": "无处", "lon": None, "lat": None},
        SEEKER | at(-50_000.0) | {"id": "无岗"},
    ]
    jobs = [JOB | at(100.0) | {"id": "1"}, JOB | at(50.0) | {"id": "2"}]
    found = told(seekers, jobs, {})
    assert found.counts == {
        "seekers": 6,
        "matched": 1,
        "no_location": 1,
        "none_in_circle": 1,
        "none_eligible": 3,
        "not_registered": 0,
        "jobs_without_place": 0,
    }
    stands = found.conditions.set_index("condition")
    assert stands.index.tolist() == list(CONDITIONS[1:])
    assert stands.loc["wage"].tolist() == [1, 1]
    assert stands.loc["shift"].tolist() == [1, 1]
    assert stands.drop(["wage", "shift"]).to_numpy().sum() == 0
    assert rows_of(found.near_misses)[0] == {
        "seeker_id": "工资",
        "condition": "wage",
        "jobs": 2,
        "nearest_job_id": "2",
        "nearest_distance_m": same_metres(50.0),
    }


def test_near_misses_are_counted_by_condition_and_the_nearest_named():
    jobs = [
        JOB | at(900.0) | PAYS_LESS | {"id": "薪-远"},
        JOB | at(300.0) | PAYS_LESS | {"id": "薪-乙"},
        JOB | at(300.0) | PAYS_LESS | {"id": "薪-丙"},
        JOB | at(200.0) | {"id": "班", "shift": "night"},
        JOB | at(100.0) | PAYS_LESS | {"id": "两种", "shift": "night"},
        JOB | at(3000.1) | {"id": "距离-近"},
        JOB | at(5999.9) | {"id": "距离-远"},
        JOB | at(6000.1) | {"id": "太远"},
        JOB | {"id": "无处", "lon": None, "lat": None},
    ]
    found = told([SEEKER | HERE], jobs, {})
    assert [
        (row["condition"], row["jobs"], row["nearest_job_id"]) for row in rows_of(found.near_misses)
    ] == [("distance", 2, "距离-近"), ("wage", 3, "薪-丙"), ("shift", 1, "班")]
    (row,) = rows_of(found.seekers)
    assert (row["matches"], row["in_circle"], row["reason"]) == (0, 5, "none_eligible")
    assert row["first_eligible_job_id"] == "距离-近"
    assert row["first_eligible_distance_m"] == same_metres(3000.1)
    assert [row[f"eligible_within_{rung:g}_m"] for rung in LADDER_M] == [0, 0, 0, 0, 1, 3]
    assert found.counts["jobs_without_place"] == 1


@pytest.mark.parametrize("metres", [40_000.0, 199_000.0, 201_000.0, 1_000_000.0, 15_000_000.0])
def test_the_first_eligible_job_is_found_at_any_distance(metres):
    jobs = [
        JOB | at(-metres) | {"id": "首"},
        JOB | at(-metres) | {"id": "首-后"},
        JOB | at(-metres - 500.0) | {"id": "远"},
        JOB | at(10_000.5) | {"id": "近而不合", "shift": "night"},
    ]
    found = told([SEEKER | HERE], jobs, {})
    (row,) = rows_of(found.seekers)
    assert row["first_eligible_job_id"] == "首"
    expected = distance_m(SEEKER | HERE, jobs[0])
    assert row["first_eligible_distance_m"] == same_metres(expected)
    assert row["reason"] == "none_in_circle"
    assert len(found.near_misses) == 0


def test_the_first_eligible_job_may_stand_in_any_pool():
    # A job of the seeker's own kind, and one that fits everybody, are in pools of their own.
    kinds = ({"occupation": SEEKER["occupation"]}, {"occupation": None})
    for own, open_ in ((300_000.0, 250_000.0), (250_000.0, 300_000.0), (250_000.0, 4_000.0)):
        jobs = [
            JOB | at(metres) | kind | {"id": id_}
            for metres, kind, id_ in zip((own, open_), kinds, ("己", "任"), strict=True)
        ]
        (row,) = rows_of(told([SEEKER | HERE], jobs, {}).seekers)
        assert row["first_eligible_job_id"] == ("己" if own < open_ else "任")
        assert row["first_eligible_distance_m"] == same_metres(
            distance_m(SEEKER | HERE, jobs[0 if own < open_ else 1])
        )


def test_without_an_eligible_job_there_is_no_first():
    found = told([SEEKER], [JOB | {"shift": "night"}], {})
    (row,) = rows_of(found.seekers)
    assert row["first_eligible_job_id"] is None
    assert row["first_eligible_distance_m"] is None


def test_unknown_that_counts_as_a_failure_is_a_near_miss():
    job = JOB | {"shift": None}
    assert rows_of(told([SEEKER], [job], {}).near_misses) == []
    (row,) = rows_of(told([SEEKER], [job], {"unknown_fails": ("shift",)}).near_misses)
    assert (row["condition"], row["jobs"]) == ("shift", 1)


def test_what_is_not_asked_is_not_in_the_way():
    found = told([SEEKER], [JOB | {"shift": "night"}], {"conditions": ("wage", "open")})
    assert found.conditions.condition.tolist() == ["open", "wage"]
    assert found.counts["matched"] == 1
    alone = told([SEEKER], [JOB | {"shift": "night"}], {"conditions": ()})
    assert len(alone.conditions) == 0


def test_a_limit_does_not_count():
    jobs = [JOB | {"id": f"{i}"} for i in range(30)]
    assert told([SEEKER], jobs, {"limit": 1}).seekers.matches.tolist() == [30]


@pytest.mark.parametrize(
    ("seekers", "jobs"), [([], []), ([], [JOB]), ([SEEKER], []), ([SEEKER], None)]
)
def test_nobody_and_nothing(seekers, jobs):
    jobs = [JOB | {"lon": None, "lat": None}] if jobs is None else jobs
    found = told(seekers, jobs, {})
    full = told([SEEKER | HERE], [JOB | at(10.0) | {"shift": "night"}], {})
    assert len(found.seekers) == len(seekers) == found.counts["none_in_circle"]
    assert len(found.near_misses) == 0
    assert found.conditions.condition.tolist() == list(CONDITIONS[1:])
    for name in ("seekers", "near_misses", "conditions"):
        dtypes = [list(map(str, getattr(one, name).dtypes)) for one in (found, full)]
        assert dtypes[0] == dtypes[1], name


@pytest.mark.parametrize(
    "wrong", [0.0, -1.0, 200_000.1, math.inf, math.nan, 10**400, True, None, "500", [500.0]]
)
def test_a_ladder_holds_numbers_of_metres(wrong):
    with pytest.raises(ArgumentError, match=r"`ladder_m` must hold numbers of metres above 0"):
        told([SEEKER], [JOB], {}, ladder_m=(500.0, wrong))


def test_a_ladder_holds_each_radius_once():
    with pytest.raises(ArgumentError, match=r"`ladder_m` must hold each radius once, got \(1000"):
        told([SEEKER], [JOB], {}, ladder_m=(1000.0, 500.0, 1000))
    with pytest.raises(ArgumentError, match=r"got \(1000\.0, 1000\.0000000000001\)\. Columns name"):
        told([SEEKER], [JOB], {}, ladder_m=(1000.0, 1000.0000000000001))


@pytest.mark.parametrize("wrong", [5, None, np.array(500.0)])
def test_a_ladder_is_a_row_of_radii(wrong):
    with pytest.raises(ArgumentError, match=r"`ladder_m` must hold numbers of metres above 0"):
        told([SEEKER], [JOB], {}, ladder_m=wrong)


@pytest.mark.parametrize("kind", [np.int64, np.float32, np.float64])
def test_a_ladder_may_be_an_array(kind):
    found = told([SEEKER], [JOB], {}, ladder_m=np.array([1000, 2000], kind)).seekers
    assert list(found.columns)[-2:] == ["eligible_within_1000_m", "eligible_within_2000_m"]


def test_a_near_miss_by_distance_is_within_200_km_as_the_plain_twin_says():
    people = [SEEKER | HERE | {"radius_m": 150_000.0}]
    jobs = [JOB | at(metres) | {"id": str(metres)} for metres in (199_000.0, 201_000.0, 250_000.0)]
    assert_as_the_twin(people, jobs, {})
    (row,) = rows_of(told(people, jobs, {}).near_misses)
    assert (row["condition"], row["jobs"]) == ("distance", 1)


def test_a_ladder_may_be_empty_and_in_any_order():
    columns = told([SEEKER], [JOB], {}, ladder_m=()).seekers.columns
    assert not [name for name in columns if name.startswith("eligible_within")]
    found = told([SEEKER], [JOB], {}, ladder_m=(200_000, 0.5, 1000.0)).seekers
    assert list(found.columns)[-3:] == [
        f"eligible_within_{rung}_m" for rung in ("200000", "0.5", "1000")
    ]
    assert found.iloc[0, -3:].tolist() == [1, 0, 1]
