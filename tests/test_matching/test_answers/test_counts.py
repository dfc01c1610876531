"""How many jobs and vacancies each seeker has, held to the plain twin and to cases by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from test_matching import strategies
from test_matching.answers import asked, rows_of, twin
from test_matching.cases import JOB, SEEKER
from test_matching.pairs import equator

import geo_match as gm
from geo_match.errors import ArgumentError
from geo_match.matching.plain.counts import counts

CITIES = (strategies.seekers(), strategies.jobs(), strategies.options())
HERE = equator(0.0)[0]
NIGHT, UNVERIFIED = {"shift": "night"}, {"employer_licence": "unverified"}


def at(metres):
    return equator(metres)[1]


def told(seekers, jobs, options):
    return rows_of(gm.Matcher(jobs, asked(options)).count(seekers))


@given(*CITIES)
def test_counts_are_what_the_plain_twin_finds(seekers, jobs, options):
    assert told(seekers, jobs, options) == counts(seekers, jobs, twin(options))


@given(*CITIES)
def test_matches_are_as_many_as_are_found_without_a_limit(seekers, jobs, options):
    every = rows_of(gm.match(seekers, jobs, asked(options | {"limit": None})))
    for row in told(seekers, jobs, options):
        own = [one for one in every if one["seeker_id"] == row["seeker_id"]]
        assert row["matches"] == sum(one["reason"] is None for one in own)
        assert row["reason"] == own[0]["reason"]


def test_vacancies_are_those_left_at_the_matches():
    jobs = [
        JOB | at(100.0) | {"id": "五", "vacancies": 5, "filled": 2},
        JOB | at(200.0) | {"id": "满", "vacancies": 2, "filled": 2},
        JOB | at(300.0) | {"id": "不明", "vacancies": None, "filled": 4},
        JOB | at(400.0) | {"id": "夜", "vacancies": 9, "filled": None} | NIGHT,
        JOB | at(3001.0) | {"id": "远", "vacancies": 7, "filled": None},
    ]
    (row,) = told([SEEKER | HERE | {"id": "人"}], jobs, {})
    assert (row["in_circle"], row["matches"], row["vacancies"]) == (4, 2, 3 + 1)
    assert (row["reason"], row["condition"]) == (None, None)
    options = {"unknown_fails": ["vacancies"]}
    (row,) = told([SEEKER | HERE | {"id": "人"}], jobs, options)
    assert (row["matches"], row["vacancies"]) == (1, 3)


@pytest.mark.parametrize(
    ("jobs", "condition"),
    [
        ([NIGHT], "shift"),
        ([NIGHT, NIGHT, UNVERIFIED], "shift"),
        ([NIGHT, UNVERIFIED], "employer"),  # as many: the first in their order
        ([NIGHT | UNVERIFIED, NIGHT | UNVERIFIED, NIGHT], "shift"),
        ([NIGHT | UNVERIFIED], "several"),
    ],
)
def test_the_condition_is_the_one_that_alone_keeps_the_most_jobs(jobs, condition):
    jobs = [JOB | at(100.0) | {"id": str(n)} | one for n, one in enumerate(jobs)]
    jobs.append(JOB | at(3001.0) | {"id": "远"} | UNVERIFIED)  # outside: not counted
    (row,) = told([SEEKER | HERE | {"id": "人"}], jobs, {})
    assert (row["reason"], row["condition"]) == ("none_eligible", condition)


def test_who_has_no_place_or_nothing_in_the_circle_is_kept_by_no_condition():
    seekers = [
        SEEKER | {"id": "无处", "lon": None, "lat": None},
        SEEKER | at(-50_000.0) | {"id": "无岗"},
    ]
    rows = told(seekers, [JOB | at(100.0) | {"id": "1"}], {})
    assert [row["reason"] for row in rows] == ["no_location", "none_in_circle"]
    assert [row["condition"] for row in rows] == [None, None]
    assert told(seekers, [], {})[1]["reason"] == "none_in_circle"
    assert told([], [JOB | at(100.0) | {"id": "1"}], {}) == []


def test_circles_may_be_around_origins_and_seekers_prepared():
    jobs = gm.Matcher([JOB | at(0.0) | {"id": "1", "vacancies": 4, "filled": 1}], asked({}))
    seekers = [
        SEEKER | {"id": "a", "lon": None, "lat": None, "household_id": "H"},
        SEEKER | {"id": "b", "lon": None, "lat": None, "household_id": None},
    ]
    around = gm.Around([HERE | {"id": "H"}], by="household_id")
    rows = rows_of(jobs.count(seekers, around=around))
    assert [row["origin_id"] for row in rows] == ["H", None]
    assert [(row["matches"], row["vacancies"]) for row in rows] == [(1, 3), (0, 0)]
    assert [row["reason"] for row in rows] == [None, "no_origin"]
    ready = jobs.prepare(seekers, around=around)
    pd.testing.assert_frame_equal(jobs.count(ready), jobs.count(seekers, around=around))
    with pytest.raises(ArgumentError, match="`seekers` must be prepared with the options of this"):
        gm.Matcher([], asked({"radius_m": 1.0})).count(ready)


def test_counting_judges_each_pair_once_and_those_without_a_match_once_more():
    jobs = [JOB | at(100.0) | {"id": "1"}, JOB | at(200.0) | {"id": "2"} | NIGHT]
    matcher = gm.Matcher(jobs, asked({"conditions": ["shift"]}))
    matcher.count(SEEKER | HERE | {"id": "日"})
    assert matcher.n_judged == 1  # the pool holds what its shift leaves
    matcher.count(SEEKER | HERE | {"id": "晚", "shift": "evening"})
    assert matcher.n_judged == 1 + 2
