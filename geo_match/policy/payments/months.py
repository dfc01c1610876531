"""Months as the payments count them: of the calendar, to the day, over leap days and year ends.

A span of n months begins on its first day and is full on the eve of the day of the same number n
months later; the last day of a month stands for a number that the month does not have (as in
民法典第二百零二条 [M]). So a contract from 1 January to 30 June is one of six months, to 29 June it
is not; and one from 31 August is full on 27 February, in a leap year on the 28th.

A month of insurance or income is one of the calendar: a whole number, the months since year 0.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from geo_match.policy.months import YEAR, add_months

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "YEAR",
    "add_months",
    "first_day",
    "full_on",
    "last_day",
    "lasts_months",
    "longest_run",
    "month_of",
    "month_text",
    "whole_months",
    "windows",
    "within_a_year",
]
_DAY: Final = dt.timedelta(days=1)


def full_on(first: dt.date, n: int) -> dt.date:
    """Return the last day of a span of n months that begins on a day.

    Examples
    --------
    >>> full_on(dt.date(2024, 1, 1), 6)
    datetime.date(2024, 6, 30)
    """
    return add_months(first, n) - _DAY


def lasts_months(first: dt.date, last: dt.date, n: int) -> bool:
    """Return whether a span of days, both inclusive, is one of n months or more."""
    return last >= full_on(first, n)


def whole_months(first: dt.date, last: dt.date) -> int:
    """Return how many whole months a span of days has, both inclusive; 0 if it ends before."""
    guess = max((last.year - first.year) * YEAR + last.month - first.month + 1, 0)
    while guess and not lasts_months(first, last, guess):
        guess -= 1
    return guess


def month_of(day: dt.date) -> int:
    """Return the month of a day, counted since year 0."""
    return day.year * YEAR + day.month - 1


def first_day(month: int) -> dt.date:
    """Return the first day of a month that is counted since year 0."""
    return dt.date(month // YEAR, month % YEAR + 1, 1)


def last_day(month: int) -> dt.date:
    """Return the last day of a month that is counted since year 0."""
    return first_day(month + 1) - _DAY


def month_text(month: int) -> str:
    """Return a month as it is written, such as 2024-02."""
    return f"{first_day(month):%Y-%m}"


def longest_run(months: Iterable[int]) -> tuple[int, ...]:
    """Return the longest run of months that follow each other; the latest of several.

    Examples
    --------
    >>> longest_run([24289, 24287, 24288, 24291])
    (24287, 24288, 24289)
    """
    best: tuple[int, ...] = ()
    run: list[int] = []
    for one in sorted(set(months)):
        if run and one != run[-1] + 1:
            run = []
        run.append(one)
        if len(run) >= len(best):
            best = tuple(run)
    return best


def windows(months: Iterable[int], n: int) -> list[tuple[int, ...]]:
    """Return every n months in a row that are all among months, in their order."""
    known = set(months)
    spans = (tuple(range(one, one + n)) for one in sorted(known))
    return [one for one in spans if known.issuperset(one)]


def within_a_year(one: dt.date, other: dt.date) -> bool:
    """Return whether less than a year lies between two days, whichever is first.

    Examples
    --------
    >>> within_a_year(dt.date(2024, 3, 1), dt.date(2025, 2, 28))
    True
    >>> within_a_year(dt.date(2024, 3, 1), dt.date(2025, 3, 1))
    False
    """
    first, last = sorted((one, other))
    return last < add_months(first, YEAR)
