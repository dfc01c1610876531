"""The parts of a score: by hand, and that nobody's protected attributes move them."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_matching import strategies
from test_matching.answers import rows_of
from test_matching.cases import JOB, ON, SEEKER

import geo_match as gm
from geo_match.matching.criteria.conditions import EDUCATION_LEVELS
from geo_match.matching.criteria.score import (
    N_PARTS,
    closeness_of,
    education_of,
    job_worth,
    score_of,
    seeker_worth,
    wage_of,
)
from geo_match.matching.given.columns import SEEKERS
from geo_match.matching.given.frames import jobs_table, seekers_table
from geo_match.matching.options import PARTS

NAN = math.nan


def test_there_is_a_number_for_each_part():
    assert len(PARTS) == N_PARTS


@pytest.mark.parametrize(
    ("metres", "half", "part"),
    [(0.0, 1000.0, 1.0), (1000.0, 1000.0, 0.5), (3000.0, 1000.0, 0.125), (500.0, 250.0, 0.25)],
)
def test_closeness_falls_to_a_half_at_its_distance(metres, half, part):
    assert closeness_of(metres, half) == pytest.approx(part, rel=1e-14)


@given(st.floats(0.0, 2e5), st.floats(5e-324, 1e300))
def test_closeness_is_a_share_whatever_the_distance(metres, half):
    part = closeness_of(metres, half)
    assert 0.0 <= part <= 1.0
    assert closeness_of(0.0, half) == 1.0


@pytest.mark.parametrize(
    ("pay", "floor", "part"),
    [
        (3000.0, 3000.0, 0.0),
        (4500.0, 3000.0, 0.5),
        (6000.0, 3000.0, 1.0),
        (9000.0, 3000.0, 1.0),
        (2000.0, 3000.0, 0.0),
        (NAN, 3000.0, 0.0),
        (3000.0, NAN, 0.0),
        (3000.0, 0.0, 0.0),
        (0.0, 0.0, 0.0),
    ],
)
def test_pay_counts_from_the_floor_to_twice_of_it(pay, floor, part):
    assert wage_of(pay, floor) == part


def test_education_counts_by_the_levels_between():
    for level in range(1, 7):
        assert education_of(float(level), 0.0) == education_of(NAN, 0.0) == 0.5
        assert education_of(NAN, float(level)) == 0.0
        for demanded in range(1, 7):
            expected = 1.0 - abs(level - demanded) / 5.0
            assert education_of(float(level), float(demanded)) == expected


def test_the_parts_are_added_in_their_order():
    share = np.array([0.1, 0.25, 0.2, 0.05, 0.15, 0.35])
    parts = (0.3, 1.0, 0.7, 0.5, 0.25, 1.0)
    expected = 0.0
    for each, part in zip(share.tolist(), parts, strict=True):
        expected += each * part
    assert score_of(share, *parts) == expected


def test_what_a_job_is_worth_to_a_score():
    options = gm.MatchOptions(on=ON, half_life_days=10.0)
    ten_days_ago = ON - dt.timedelta(10)
    unpaid = dict.fromkeys(("wage_low_cny", "wage_high_cny"))
    jobs = [
        JOB | {"id": "1", "updated_at": ten_days_ago, "education_min": None},
        JOB | unpaid | {"id": "2", "updated_at": None, "opened_on": ten_days_ago},
        JOB | {"id": "3", "wage_low_cny": None, "updated_at": ON + dt.timedelta(3)},
        JOB | {"id": "4", "wage_high_cny": None, "updated_at": None, "opened_on": None},
        JOB | {"id": "5", "wage_low_cny": 20.0, "wage_high_cny": 30.0, "wage_unit": "hour"},
    ]
    short = {"id": "6", "hours_per_week": 20.0, "job_type": "flexible"}
    jobs += [jobs[-1] | short, jobs[-1] | short | {"id": "7", "hours_per_week": None}]
    pay, level, freshness = job_worth(jobs_table(jobs), options)
    assert pay == pytest.approx([3600.0, NAN, 4000.0, 3200.0, 4350.0, 2175.0, NAN], nan_ok=True)
    assert level.tolist() == [0.0, *[3.0] * 6]
    assert freshness == pytest.approx([0.5, 0.5, 1.0, 0.0, *[2.0**-0.6] * 3])


def test_what_a_seeker_is_worth_to_a_score():
    groups = [(), None, ("veteran",), (), None, ("graduate", "veteran")]
    difficulties = ["none", None, None, "disabled", "older", "none"]
    seekers = [
        SEEKER | {"id": f"{i}", "groups": group, "difficulty": difficulty}
        for i, (group, difficulty) in enumerate(zip(groups, difficulties, strict=True))
    ]
    seekers[0] |= {"wage_floor_cny": None, "education": None}
    floor, level, priority = seeker_worth(seekers_table(seekers), gm.MatchOptions(on=ON))
    assert np.isnan(floor[0])
    assert np.isnan(level[0])
    assert set(floor[1:]) == {3000.0}
    assert set(level[1:]) == {float(EDUCATION_LEVELS["college"])}
    assert priority.tolist() == [0.0, 0.0, 1.0, 1.0, 1.0, 1.0]


def test_the_oldest_posting_is_worth_nothing_and_no_warning():
    options = gm.MatchOptions(on=ON, half_life_days=5e-324)
    *_, freshness = job_worth(jobs_table([JOB | {"updated_at": dt.date(1990, 1, 1)}]), options)
    assert freshness.tolist() == [0.0]


PROTECTED = st.fixed_dictionaries(
    {
        "sex": st.sampled_from(["male", "female", None]),
        "birth_year": st.sampled_from([None, 1950, 1975, 1990, 2005, 2015]),
        "hukou": st.sampled_from([None, "城镇", "农村"]),
        "registered_residence": st.sampled_from([None, "340302", "110101"]),
    }
)


@settings(max_examples=max(settings().max_examples // 4, 1))  # each asks four times
@given(strategies.seekers(), strategies.jobs(), strategies.options(), st.data())
def test_no_part_knows_a_sex_a_year_of_birth_or_a_registered_residence(
    seekers, jobs, options, data
):
    # Whether they may match is another question: nothing is asked but the distance.
    options |= {"conditions": (), "limit": None}
    weights = gm.Weights(**options.pop("weights", {}))
    asked = gm.MatchOptions(**options, weights=weights)
    others = [one | data.draw(PROTECTED) for one in seekers]
    assert rows_of(gm.match(others, jobs, asked)) == rows_of(gm.match(seekers, jobs, asked))
    back = rows_of(gm.match_jobs(jobs, seekers, asked))
    assert rows_of(gm.match_jobs(jobs, others, asked)) == back


def test_where_somebody_is_registered_is_never_read():
    assert not [name for name in SEEKERS.names if "hukou" in name or "resid" in name]
