"""Days: ages and contracts by the calendar, leap days included, and numbers that stand for days."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geo_match.demo.history._days import (
    add_months,
    age_on,
    first_of_july,
    first_of_october,
    first_of_quarter,
    to_dates,
    to_days,
)


@pytest.mark.parametrize(
    ("on", "months", "expected"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2022-08-31", 6, "2023-02-28"),
        ("2023-12-31", 2, "2024-02-29"),
        ("2024-01-01", 6, "2024-07-01"),
        ("2024-01-15", 0, "2024-01-15"),
    ],
)
def test_months_are_added_by_the_calendar(on, months, expected):
    later = add_months(np.array([on], dtype="datetime64[D]"), np.array([months]))
    assert later.tolist() == [np.datetime64(expected).item()]


@pytest.mark.parametrize(
    ("on", "age"), [("2022-06-30", 21), ("2022-07-01", 22), ("2022-12-31", 22), ("2023-01-01", 22)]
)
def test_everybody_is_a_year_older_from_july(on, age):
    assert age_on(np.array([2000]), np.array([on], dtype="datetime64[D]")).tolist() == [age]


def test_first_days_are_those_of_the_calendar():
    on = np.array(["2024-02-29", "2023-12-31", "2024-10-01"], dtype="datetime64[D]")
    expected = np.array(["2024-01-01", "2023-10-01", "2024-10-01"], dtype="datetime64[D]")
    assert np.array_equal(first_of_quarter(on), expected)
    assert first_of_october(on[:1]).tolist() == [np.datetime64("2024-10-01").item()]
    assert first_of_july(np.array([1969])).tolist() == [np.datetime64("1969-07-01").item()]


def test_days_and_dates_turn_into_each_other():
    dates = pd.Series(pd.to_datetime(["2024-02-29", None, "1970-01-01"])).astype("datetime64[s]")
    days = to_days(dates, missing=-7)
    assert days.tolist() == [19_782, -7, 0]
    pd.testing.assert_series_equal(pd.Series(to_dates(days, dates.notna().to_numpy())), dates)
