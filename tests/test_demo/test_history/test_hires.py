"""Days of hires: ages and contracts by the calendar, leap days included."""

from __future__ import annotations

import numpy as np
import pytest

from geo_match.demo.history.hires import add_months, age_on


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
