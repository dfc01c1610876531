"""The twin's conditions, held to cases worked out by hand."""

from __future__ import annotations

import itertools

import pytest
from test_matching.cases import CASES, CONDITIONS
from test_matching.plain_pairs import judged, named

from geo_match.matching import plain
from geo_match.matching.plain.conditions import may_pay_less, pay_a_month
from geo_match.taxonomy import is_month_known, wage_to_month


@named(CASES)
def test_each_condition_comes_out_as_worked_out_by_hand(case):
    found = judged(case)
    assert found["outcomes"] == case.outcomes
    assert found["matches"] == case.matches


def test_cases_have_different_names_and_show_each_condition_in_each_outcome_it_has():
    assert len({case.name for case in CASES}) == len(CASES)
    shown = {(name, outcome) for case in CASES for name, outcome in case.outcomes.items()}
    all_of_them = set(itertools.product(CONDITIONS, ("pass", "fail", "unknown")))
    assert all_of_them - shown == {("open", "unknown"), ("employer", "unknown")}
    assert tuple(plain.CONDITIONS) == CONDITIONS


@pytest.mark.parametrize("hours", [None, 0.0, 20.0, 37.5, 40.0, 40.5])
@pytest.mark.parametrize("unit", ["month", "day", "hour"])
def test_pay_is_for_a_month_as_the_taxonomy_says(unit, hours):
    pay = {"wage_low_cny": 33.3, "wage_high_cny": 123.0, "wage_unit": unit}
    expected = tuple(wage_to_month(cny, unit, hours) for cny in (33.3, 123.0))
    assert pay_a_month(pay | {"hours_per_week": hours}) == expected


@pytest.mark.parametrize("job_type", ["flexible", "ordinary", None])
@pytest.mark.parametrize("hours", [None, 0.0, 20.0])
@pytest.mark.parametrize("unit", ["month", "day", "hour", None])
def test_a_month_may_pay_less_where_the_taxonomy_says_it_is_not_known(unit, hours, job_type):
    job = {"wage_unit": unit, "hours_per_week": hours, "job_type": job_type}
    assert may_pay_less(job) is not is_month_known(unit, hours, job_type)
