"""Months of the calendar, against a count of days that shares no arithmetic with them."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.policy.payments import months

DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2029, 12, 31))


def day(text):
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2024-01-01", "2024-06-30"),
        ("2023-08-31", "2024-02-28"),  # 29 February 2024 stands for 31 February
        ("2022-08-31", "2023-02-27"),  # as 28 February does in other years
        ("2024-02-29", "2024-08-28"),
        ("2023-09-01", "2024-02-29"),
        ("2022-09-01", "2023-02-28"),
        ("2024-07-15", "2025-01-14"),  # over the year's end
        ("2024-12-31", "2025-06-29"),
    ],
)
def test_half_a_year_is_full_to_the_day(first, last):
    first, last = day(first), day(last)
    just_under, just_over = last - dt.timedelta(1), last + dt.timedelta(1)
    assert months.full_on(first, 6) == last
    told = [months.lasts_months(first, one, 6) for one in (just_under, last, just_over)]
    assert told == [False, True, True]
    assert [months.whole_months(first, one) for one in (just_under, last, just_over)] == [5, 6, 6]


@given(DAYS, st.integers(0, 40))
def test_a_day_months_later_is_pandas_own(first, n):
    assert months.add_months(first, n) == (pd.Timestamp(first) + pd.DateOffset(months=n)).date()


@given(DAYS, st.integers(-40, 900))
def test_whole_months_are_the_most_that_a_span_lasts(first, days):
    last = first + dt.timedelta(days)
    n = months.whole_months(first, last)
    assert n == max(
        (one for one in range(1, 40) if months.lasts_months(first, last, one)), default=0
    )


@given(DAYS, DAYS)
def test_within_a_year_is_symmetrical_and_less_than_twelve_months(one, other):
    told = months.within_a_year(one, other)
    assert told == months.within_a_year(other, one)
    first, last = sorted((one, other))
    assert told == (pd.Timestamp(last) < pd.Timestamp(first) + pd.DateOffset(years=1))


@given(st.sets(st.integers(0, 15)))
def test_the_longest_run_is_the_latest_of_all_that_are_longest(known):
    runs = [tuple(range(a, b)) for a in range(16) for b in range(a + 1, 17)]
    whole = [run for run in runs if known.issuperset(run)]
    assert months.longest_run(known) == max(whole, key=lambda run: (len(run), run), default=())
    assert months.windows(known, 3) == sorted(run for run in whole if len(run) == 3)


@given(DAYS)
def test_a_month_begins_and_ends_as_the_calendar_says(one):
    month = months.month_of(one)
    period = pd.Period(one, freq="M")
    assert months.first_day(month) == period.start_time.date()
    assert months.last_day(month) == period.end_time.date()
    assert months.month_text(month) == str(period)
