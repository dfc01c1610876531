"""The twin's ages, held to the published tables."""

from __future__ import annotations

import datetime as dt

import pytest

from geo_match.matching.plain import ages


@pytest.mark.parametrize(
    ("born", "line", "retires"),
    [
        # Rows of the tables that the decision of 13 September 2024 came with.
        ((1964, 12), ages.MAN, (2024, 12)),
        ((1965, 1), ages.MAN, (2025, 2)),
        ((1965, 4), ages.MAN, (2025, 5)),
        ((1965, 5), ages.MAN, (2025, 7)),
        ((1976, 8), ages.MAN, (2039, 7)),
        ((1976, 9), ages.MAN, (2039, 9)),
        ((1990, 12), ages.MAN, (2053, 12)),
        ((1969, 12), ages.WOMAN_55, (2024, 12)),
        ((1970, 1), ages.WOMAN_55, (2025, 2)),
        ((1981, 8), ages.WOMAN_55, (2039, 7)),
        ((1981, 9), ages.WOMAN_55, (2039, 9)),
        ((1974, 12), ages.WOMAN_50, (2024, 12)),
        ((1975, 1), ages.WOMAN_50, (2025, 2)),
        ((1975, 3), ages.WOMAN_50, (2025, 5)),
        ((1984, 10), ages.WOMAN_50, (2039, 9)),
        ((1984, 11), ages.WOMAN_50, (2039, 11)),
    ],
)
def test_retirement_comes_in_the_month_that_the_published_tables_say(born, line, retires):
    day = ages.retires_on(dt.date(*born, 15), line)
    assert day == dt.date(*retires, 15)


def test_a_birthday_of_29_february_completes_a_year_on_1_march_of_other_years():
    born = dt.date(2004, 2, 29)
    assert ages.completed_years(born, dt.date(2025, 2, 28)) == 20
    assert ages.completed_years(born, dt.date(2025, 3, 1)) == 21
    assert ages.completed_years(born, dt.date(2024, 2, 29)) == 20
