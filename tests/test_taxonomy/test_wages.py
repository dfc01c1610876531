"""Pay by the month: 21.75 days and 174 hours."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.errors import ArgumentError
from geo_match.taxonomy import (
    DAYS_PER_MONTH,
    HOURS_PER_MONTH,
    WAGE_SOURCE,
    wage_to_month,
    wages_to_month,
)

units = st.sampled_from(["month", "day", "hour"])


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


@given(st.lists(st.tuples(st.floats(0, 1e6), st.one_of(units, st.none())), max_size=8))
def test_a_column_is_converted_as_its_wages_are(stated):
    cny = np.array([wage for wage, _ in stated])
    unit = np.array([unit for _, unit in stated], dtype=object)
    expected = [np.nan if unit is None else wage_to_month(wage, unit) for wage, unit in stated]
    np.testing.assert_array_equal(wages_to_month(cny, unit), expected)


def test_what_is_not_stated_stays_so():
    unit = np.array(["day", None, np.nan], dtype=object)
    assert np.isnan(wages_to_month([np.nan, 3.0, 4.0], unit)).all()


def test_other_units_are_refused():
    with pytest.raises(ArgumentError, match="`unit` must be one of month, day, hour, got 'year'"):
        wage_to_month(1, "year")
    with pytest.raises(ArgumentError, match="got 'week', 'year'"):
        wages_to_month([1, 2, 3], np.array(["year", "week", "day"], dtype=object))
