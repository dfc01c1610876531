"""Pay by the month: 21.75 days and 174 hours, or those of the hours a week."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.errors import ArgumentError
from geo_match.taxonomy import (
    DAYS_PER_MONTH,
    FULL_WEEK_HOURS,
    HOURS_PER_MONTH,
    WAGE_SOURCE,
    are_months_known,
    is_month_known,
    wage_to_month,
    wages_to_month,
)

units = st.sampled_from(["month", "day", "hour"])
weeks = st.one_of(st.none(), st.sampled_from([0.0, 20.0, 40.0, 168.0]), st.floats(0, 168))


def test_days_and_hours_are_those_of_the_notice():
    days = Fraction(365 - 104, 12)
    assert days == DAYS_PER_MONTH
    assert days * 8 == HOURS_PER_MONTH
    assert WAGE_SOURCE == "劳社部发〔2008〕3号"


@pytest.mark.parametrize(
    ("cny", "unit", "month"),
    [(3000, "month", 3000), (120, "day", 2610), (18, "hour", 3132), (0, "day", 0), (0, "month", 0)],
)
def test_wages_of_postings(cny, unit, month):
    assert wage_to_month(cny, unit) == month


@given(st.integers(0, 10**6), units)
def test_whole_wages_are_converted_exactly(cny, unit):
    factor = {"month": Fraction(1), "day": Fraction(87, 4), "hour": Fraction(174)}[unit]
    assert Fraction(wage_to_month(cny, unit)) == cny * factor


@pytest.mark.parametrize(
    ("cny", "hours", "month"),
    [
        (43, 20, 3741),  # half a week, so 87 of 174 hours
        (36, 20, 3132),
        (18, 24, 1879.2),
        (20, 10, 870),
        (17.6, 37.5, 2871),  # of which the product in floating point is a bit more
        (20, 0, 0),
        (20, 39.5, 3436.5),
        (20, 40, 3480),
        (20, 40.5, 3480),
        (20, 60, 3480),
        (20, 168, 3480),
        (20, None, 3480),
        (20, float("nan"), 3480),
    ],
)
def test_a_wage_by_the_hour_counts_the_hours_a_week_up_to_a_full_one(cny, hours, month):
    assert wage_to_month(cny, "hour", hours) == month
    week = None if hours is None else [hours]
    assert wages_to_month([cny], np.array(["hour"], dtype=object), week).tolist() == [month]


def test_a_week_of_forty_hours_is_that_of_the_days_of_the_notice():
    assert FULL_WEEK_HOURS == 5 * 8
    below = np.nextafter(FULL_WEEK_HOURS, 0.0)
    assert wage_to_month(33.3, "hour", below) == pytest.approx(33.3 * HOURS_PER_MONTH, abs=1e-6)
    assert wage_to_month(33.3, "hour", FULL_WEEK_HOURS) == 33.3 * HOURS_PER_MONTH


@given(st.integers(0, 10**5), st.integers(0, 400))
def test_what_some_hours_pay_is_whole_where_it_is_so_by_fractions(fen, tenths):
    month = Fraction(fen, 100) * 174 * Fraction(tenths, 10) / 40
    paid = wage_to_month(fen / 100, "hour", tenths / 10)
    assert paid == pytest.approx(float(month), rel=1e-12, abs=1e-6)
    for floor in (int(month), int(month) + 1):
        assert (paid >= floor) == (month >= floor)


@given(st.floats(0, 1e6), st.floats(0, 168), st.floats(0, 168))
def test_more_hours_a_week_never_pay_less(cny, some, more):
    less, most = (wage_to_month(cny, "hour", hours) for hours in sorted((some, more)))
    assert less <= most + 1e-6


@given(st.floats(0, 1e6), st.sampled_from(["month", "day"]), st.floats(0, 168))
def test_hours_a_week_say_nothing_of_a_months_or_a_days_wage(cny, unit, hours):
    assert wage_to_month(cny, unit, hours) == wage_to_month(cny, unit)


@given(st.lists(st.tuples(st.floats(0, 1e6), st.one_of(units, st.none()), weeks), max_size=8))
def test_a_column_is_converted_as_its_wages_are(stated):
    cny = np.array([wage for wage, _, _ in stated])
    unit = np.array([unit for _, unit, _ in stated], dtype=object)
    hours = np.array([np.nan if hours is None else hours for _, _, hours in stated])
    for week in (hours, None):
        expected = [
            np.nan if unit is None else wage_to_month(wage, unit, None if week is None else one)
            for wage, unit, one in stated
        ]
        np.testing.assert_array_equal(wages_to_month(cny, unit, week), expected)


@pytest.mark.parametrize(
    ("unit", "hours", "kind", "known"),
    [
        ("hour", None, "flexible", False),
        ("hour", float("nan"), "flexible", False),
        ("hour", 0.0, "flexible", True),
        ("hour", 24.0, "flexible", True),
        ("hour", None, "ordinary", True),
        ("hour", None, None, True),
        ("day", None, "flexible", True),
        ("month", None, "flexible", True),
        (None, None, "flexible", True),
    ],
)
def test_a_month_of_flexible_work_by_the_hour_is_known_by_its_hours_alone(unit, hours, kind, known):
    assert is_month_known(unit, hours, kind) is known
    units, kinds = (np.array([one], dtype=object) for one in (unit, kind))
    week = np.array([np.nan if hours is None else hours])
    assert are_months_known(units, week, kinds).tolist() == [known]


def test_what_is_not_stated_stays_so():
    unit = np.array(["day", None, np.nan], dtype=object)
    assert np.isnan(wages_to_month([np.nan, 3.0, 4.0], unit)).all()


def test_other_units_are_refused():
    with pytest.raises(ArgumentError, match="`unit` must be one of month, day, hour, got 'year'"):
        wage_to_month(1, "year")
    with pytest.raises(ArgumentError, match="got 'week', 'year'"):
        wages_to_month([1, 2, 3], np.array(["year", "week", "day"], dtype=object))
