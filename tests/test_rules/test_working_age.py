"""Working age: held to every birthday of a year, and to points of the published tables."""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo_match.errors import ArgumentError
from geo_match.rules import (
    FAIL,
    PASS,
    UNKNOWN,
    WORKING_AGE,
    NotInForceError,
    age_span,
    possible_ages,
    working_age,
)

SEXES = ("male", "female", None)
DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2045, 12, 31))


# The oracle: the rule in words, a birthday at a time, by nothing of the library's.


LAST_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def months_after(born, years, months):
    """Return the day some months after a birthday, the month's last if it has no such day."""
    year, month = born.year + years, born.month + months
    while month > 12:
        year, month = year + 1, month - 12
    last = 29 if month == 2 and year % 4 == 0 and year != 2100 else LAST_DAYS[month - 1]
    return dt.date(year, month, min(born.day, last))


def delay(born, first_year, step, most):
    """Count the months of delay: one for every `step` months of birth, begun."""
    months = 12 * (born.year - first_year) + born.month
    return 0 if months <= 0 else min(-(-months // step), most)


def retires(born, case, on):
    if on < dt.date(2025, 1, 1):
        return months_after(born, {"man": 60, "woman55": 55, "woman50": 50}[case], 0)
    if case == "man":
        return months_after(born, 60, delay(born, 1965, 4, 36))
    if case == "woman55":
        return months_after(born, 55, delay(born, 1970, 4, 36))
    return months_after(born, 50, delay(born, 1975, 2, 60))


def is_of_age(born, years, on):
    return (on.year - born.year, on.month, on.day) >= (years, born.month, born.day)


@cache
def birthdays(year):
    leap = year % 4 == 0 and year not in {1900, 2100}
    return [
        dt.date(year, month, day)
        for month, last in enumerate(LAST_DAYS, 1)
        for day in range(1, last + (month == 2 and leap) + 1)
    ]


CASES = {
    "male": ["man"],
    "female": ["woman55", "woman50"],
    None: ["man", "woman55", "woman50"],
}


def by_every_birthday(year, sex, on):
    told = {
        is_of_age(born, 16, on) and on < retires(born, case, on)
        for born in birthdays(year)
        for case in CASES[sex]
    }
    return UNKNOWN if len(told) == 2 else PASS if True in told else FAIL


# Where a year's outcome changes: at 16, and about the ages of retirement of each kind.
YEARS_BEFORE = [15, 16, 17, *range(49, 65)]


@settings(max_examples=12)
@example(on=dt.date(2024, 12, 31))
@example(on=dt.date(2025, 1, 1))
@example(on=dt.date(2024, 2, 29))
@example(on=dt.date(2028, 2, 29))
@given(on=DAYS)
def test_working_age_is_that_of_every_birthday_and_every_case(on):
    born = [on.year - age for age in YEARS_BEFORE]
    for sex in SEXES:
        expected = [by_every_birthday(year, sex, on) for year in born]
        assert working_age(born, [sex] * len(born), on).tolist() == expected


@settings(max_examples=40)
@given(st.integers(1, 12), st.integers(2025, 2041), st.sampled_from(SEXES), st.booleans())
def test_working_age_changes_on_the_days_on_which_months_begin_and_end(month, year, sex, ends):
    first = dt.date(year, month, 1)
    on = first - dt.timedelta(days=1) if ends else first
    born = [on.year - age for age in (16, 50, 53, 55, 58, 60, 63)]
    expected = [by_every_birthday(one, sex, on) for one in born]
    assert working_age(born, [sex] * len(born), on).tolist() == expected


@pytest.mark.parametrize(
    ("case", "born", "age", "on"),
    [
        ("man", (1964, 12), (60, 0), (2024, 12)),
        ("man", (1965, 1), (60, 1), (2025, 2)),
        ("man", (1965, 4), (60, 1), (2025, 5)),
        ("man", (1965, 5), (60, 2), (2025, 7)),
        ("man", (1976, 8), (62, 11), (2039, 7)),
        ("man", (1976, 9), (63, 0), (2039, 9)),
        ("man", (1990, 1), (63, 0), (2053, 1)),
        ("woman55", (1970, 1), (55, 1), (2025, 2)),
        ("woman55", (1981, 8), (57, 11), (2039, 7)),
        ("woman55", (1981, 9), (58, 0), (2039, 9)),
        ("woman50", (1975, 1), (50, 1), (2025, 2)),
        ("woman50", (1975, 2), (50, 1), (2025, 3)),
        ("woman50", (1975, 3), (50, 2), (2025, 5)),
        ("woman50", (1984, 10), (54, 11), (2039, 9)),
        ("woman50", (1984, 11), (55, 0), (2039, 11)),
    ],
)
def test_retirement_is_in_the_month_of_the_published_tables(case, born, age, on):
    rule = WORKING_AGE.on(dt.date(2025, 1, 1)).value
    women = {one.age: one for one in rule.women}
    retirement = {"man": rule.men, "woman50": women[50], "woman55": women[55]}[case]
    years, months = age
    assert retirement.months(*born) == years * 12 + months
    assert retirement.day(dt.date(*born, 15)) == dt.date(*on, 15)
    assert retires(dt.date(*born, 15), case, dt.date(2025, 1, 1)) == dt.date(*on, 15)


def test_a_month_without_the_day_of_birth_ends_with_the_day_of_retirement():
    men = WORKING_AGE.on(dt.date(2025, 1, 1)).value.men
    assert men.day(dt.date(1965, 1, 31)) == dt.date(2025, 2, 28)
    assert men.day(dt.date(1966, 11, 30)) == dt.date(2027, 5, 30)
    assert men.day(dt.date(1980, 2, 29)) == dt.date(2043, 2, 28)


@pytest.mark.parametrize(
    ("born", "sex", "on", "outcome"),
    [
        (2009, "male", dt.date(2024, 12, 31), FAIL),
        (2009, "male", dt.date(2025, 1, 1), UNKNOWN),
        (2009, "male", dt.date(2025, 12, 30), UNKNOWN),
        (2009, "male", dt.date(2025, 12, 31), PASS),
        (1964, "male", dt.date(2023, 12, 31), PASS),
        (1964, "male", dt.date(2024, 1, 1), UNKNOWN),
        (1964, "male", dt.date(2024, 12, 30), UNKNOWN),
        (1964, "male", dt.date(2024, 12, 31), FAIL),
        (1965, "male", dt.date(2025, 1, 31), PASS),
        (1965, "male", dt.date(2025, 2, 1), UNKNOWN),
        (1965, "male", dt.date(2026, 3, 31), FAIL),
        (1970, "female", dt.date(2025, 6, 1), UNKNOWN),
        (1970, None, dt.date(2025, 6, 1), UNKNOWN),
        (1980, "female", dt.date(2025, 6, 1), PASS),
        (1960, "female", dt.date(2025, 6, 1), FAIL),
        (1960, None, dt.date(2025, 6, 1), FAIL),
        (1966, None, dt.date(2025, 6, 1), UNKNOWN),
    ],
)
def test_working_age_at_under_and_over_its_bounds(born, sex, on, outcome):
    assert working_age([born], [sex], on).tolist() == [outcome]


def test_a_year_of_birth_that_is_not_known_is_unknown_in_every_kind_of_column():
    on = dt.date(2025, 6, 1)
    expected = [UNKNOWN, PASS, PASS]
    years, sexes = [None, 1990, 1990], ["male", None, "female"]
    for year, sex in (
        (years, sexes),
        (np.array([np.nan, 1990, 1990]), np.array(sexes, dtype=object)),
        (pd.Series(years, dtype="Int32"), pd.Series(sexes, dtype="string")),
        (pd.Series(years, dtype="Int32"), pd.Series(sexes, dtype="category")),
        (pa.chunked_array([years], pa.int64()), pa.chunked_array([sexes], pa.string())),
    ):
        told = working_age(year, sex, on)
        assert (told.tolist(), told.dtype) == (expected, np.int8)
    nothing = pa.chunked_array([pa.nulls(2)])
    assert working_age(nothing, nothing, on).tolist() == [UNKNOWN] * 2
    assert working_age([], [], on).tolist() == []


@given(st.lists(st.tuples(st.none() | st.integers(1900, 2100), st.sampled_from(SEXES))), DAYS)
def test_people_are_judged_each_by_themselves(people, on):
    years, sexes = [year for year, _ in people], [sex for _, sex in people]
    alone = [int(working_age([year], [sex], on)[0]) for year, sex in people]
    assert working_age(years, sexes, on).tolist() == alone


@pytest.mark.parametrize(
    ("years", "sexes", "said"),
    [
        ([1899], ["male"], r"`birth_year` must be whole years from 1900 to 2100, got 1 of 1"),
        ([1980.5], ["male"], r"`birth_year` must be whole years"),
        (["1980"], ["male"], r"`birth_year` must be real numbers"),
        ([[1980]], ["male"], r"`birth_year` must be one-dimensional, got shape \(1, 1\)"),
        ([1980], ["男"], r"`sex` must be 'male', 'female' or null, got '男'"),
        ([1980, 1981], ["male"], r"`sex` must have as many values as `birth_year` \(2\), got 1"),
    ],
)
def test_what_is_no_year_and_no_sex_is_refused(years, sexes, said):
    with pytest.raises(ArgumentError, match=said):
        working_age(years, sexes, dt.date(2025, 6, 1))


def test_a_day_before_the_first_rule_is_refused_by_the_rules_name():
    with pytest.raises(NotInForceError, match="working_age has an entry, got 1978-06-01"):
        working_age([1950], ["male"], dt.date(1978, 6, 1))


@given(st.integers(1900, 2100), DAYS)
def test_possible_ages_are_those_of_all_birthdays(year, on):
    ages = {
        on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        for born in birthdays(year)
    }
    assert possible_ages(year, on) == tuple(sorted(ages))
    least, most = age_span([year, None], on)
    assert (least[0], most[0]) == (min(ages), max(ages))
    assert (least[1], most[1]) == (-np.inf, np.inf)
