"""Days some months later: one and many, against pandas, which shares no arithmetic with them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_match.policy.months import add_months, add_months_each

DAYS = st.dates(dt.date(1970, 1, 1), dt.date(2100, 12, 31))
N = st.integers(-60, 60)


@pytest.mark.parametrize(
    ("day", "n", "later"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-12-31", 2, "2025-02-28"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-01-15", -1, "2023-12-15"),
        ("2024-05-31", 0, "2024-05-31"),
    ],
)
def test_the_last_day_stands_for_a_number_that_the_month_does_not_have(day, n, later):
    assert add_months(dt.date.fromisoformat(day), n) == dt.date.fromisoformat(later)
    assert add_months_each(np.array([day], dtype="M8[D]"), n) == np.array([later], dtype="M8[D]")


@settings(max_examples=50)
@given(st.lists(DAYS, max_size=5), N)
def test_many_days_later_are_each_pandas_own(days, n):
    expected = [(pd.Timestamp(day) + pd.DateOffset(months=n)).date() for day in days]
    assert [add_months(day, n) for day in days] == expected
    assert add_months_each(np.array(days, dtype="M8[D]"), n).tolist() == expected


def test_no_day_stays_none():
    later = add_months_each(np.array(["NaT", "2024-01-31"], dtype="M8[D]"), 1)
    assert np.isnat(later[0])
    assert later[1] == np.datetime64("2024-02-29")


def test_a_day_after_the_last_year_is_refused():
    with pytest.raises(ValueError, match="year"):
        add_months(dt.date(9999, 12, 1), 1)
