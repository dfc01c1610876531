"""Days: as whole numbers, on which arithmetic is quick, by the calendar, and as frames' dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from geo_match.demo.vocabulary import REFERENCE_DATE

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd
    from numpy.typing import NDArray

    Days: TypeAlias = NDArray[np.datetime64]

FIRST_DAY: Final = np.datetime64("2022-01-01")
"""Histories are complete from here, the start of the programme's survey, …"""
LAST_DAY: Final = np.datetime64(REFERENCE_DATE)
"""… to here, the day on which every present status holds."""
NEVER: Final = 2**20
"""Later than any day here, and small enough to add to."""
MONTH: Final = 30
"""Days; only where the records of a month are drawn, never where a rule counts one."""
_HALF_A_YEAR: Final = np.timedelta64(6, "M")
_OCTOBER: Final = np.timedelta64(9, "M")
_QUARTER_MONTHS: Final = 3
_EPOCH_YEAR: Final = 1970


def day_of(date: dt.date) -> int:
    """Return the number of a date's day, counted from 1970-01-01."""
    return int(np.datetime64(date, "D").astype(np.int64))


REFERENCE_DAY: Final = day_of(REFERENCE_DATE)


def to_days(dates: pd.Series, *, missing: int = NEVER) -> NDArray[np.int64]:
    """Return the days of dates, (n,), with a day in place of those that are missing."""
    days = dates.to_numpy("datetime64[D]")
    return np.asarray(np.where(np.isnat(days), missing, days.astype(np.int64)), dtype=np.int64)


def to_dates(days: NDArray[np.integer], known: NDArray[np.bool_] | None = None) -> Days:
    """Return the dates of days, (n,), missing where not known; all are known if None."""
    dates = midnights(np.asarray(days, dtype=np.int64).astype("datetime64[D]"))
    if known is not None:
        dates[~known] = np.datetime64("NaT")
    return dates


def midnights(days: Days) -> Days:
    """Return days or months as the frames have them: midnights, to the second, NaT kept."""
    return days.astype("datetime64[D]").astype("datetime64[s]")


def until_now(days: Days) -> Days:
    """Return days, the reference date where they are missing."""
    return np.where(np.isnat(days), LAST_DAY, days)


def years_of(on: Days) -> NDArray[np.int64]:
    """Return the years of days."""
    return np.asarray(on.astype("datetime64[Y]").astype(np.int64) + _EPOCH_YEAR)


def age_on(birth_year: NDArray[np.int64], on: Days) -> NDArray[np.int64]:
    """Return the age of people on days, years; everybody's birthday is 1 July."""
    year = on.astype("datetime64[Y]")
    second_half = on.astype("datetime64[M]") - year.astype("datetime64[M]") >= _HALF_A_YEAR
    return years_of(on) - birth_year - np.where(second_half, 0, 1)


def add_months(on: Days, months: NDArray[np.int64]) -> Days:
    """Return the days so many months later, the month's last where it has no such day."""
    first = on.astype("datetime64[M]")
    month = first + months
    day = on - first.astype("datetime64[D]")
    last = (month + 1).astype("datetime64[D]") - 1
    return np.asarray(np.minimum(month.astype("datetime64[D]") + day, last))


def first_of_july(year: NDArray[np.int64]) -> Days:
    """Return 1 July of years."""
    january = (year - _EPOCH_YEAR).astype("datetime64[Y]").astype("datetime64[M]")
    return np.asarray((january + _HALF_A_YEAR).astype("datetime64[D]"))


def first_of_october(on: Days) -> Days:
    """Return 1 October of the years of days."""
    january = on.astype("datetime64[Y]").astype("datetime64[M]")
    return np.asarray((january + _OCTOBER).astype("datetime64[D]"))


def first_of_quarter(on: Days) -> Days:
    """Return the first days of the quarters of days."""
    month = on.astype("datetime64[M]").astype(np.int64)
    first = month - month % _QUARTER_MONTHS
    return np.asarray(first.astype("datetime64[M]").astype("datetime64[D]"))
