"""The menu names the ends of months, those of the calendar's first and last among them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.coverage.menu import is_month_end, last_month_end
from api.coverage.query import PointQuery, off_menu

TODAY = dt.date(2026, 2, 10)
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@given(st.dates())
def test_a_month_ends_on_the_last_of_its_days(day):
    is_leap = day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
    length = 29 if is_leap and day.month == 2 else LENGTHS[day.month - 1]
    assert is_month_end(day) == (day.day == length)


@given(st.dates(min_value=dt.date(1, 2, 1)))
def test_the_last_month_end_is_the_latest_before_the_month(today):
    last = last_month_end(today)
    assert is_month_end(last)
    assert 0 < (today - last).days <= 31


@pytest.mark.parametrize(
    ("day", "is_on_it"),
    [
        (dt.date.min, False),
        (dt.date(1, 1, 31), True),
        (dt.date(2026, 1, 31), True),
        (dt.date(2026, 1, 30), False),
        (dt.date(2026, 2, 28), False),  # not over
        (dt.date.max, False),
    ],
)
def test_a_day_is_on_the_menu_where_it_ends_a_month_that_is_over(day, is_on_it):
    assert off_menu(PointQuery(on=day), TODAY) == ([] if is_on_it else ["on"])
