"""Days some months later, for every rule that counts in months: one day, and many at once.

The day of the same number counts, and the last day of a month stands for a number that the month
does not have (民法典第二百零二条 [M]): 31 August and six months is the last of February.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

YEAR: Final = 12
"""Months."""
_DAY: Final = np.timedelta64(1, "D")
_MONTH: Final = np.timedelta64(1, "M")


def add_months(day: dt.date, n: int) -> dt.date:
    """Return the day of the same number n months later, or the last of a month without it.

    Parameters
    ----------
    day
        A day.
    n
        Whole months; below 0 for earlier.

    Raises
    ------
    ValueError
        If it lies outside the years 1 to 9999.

    Examples
    --------
    >>> add_months(dt.date(2023, 8, 31), 6), add_months(dt.date(2024, 2, 29), 12)
    (datetime.date(2024, 2, 29), datetime.date(2025, 2, 28))
    """
    year, month = divmod(day.year * YEAR + day.month - 1 + n, YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def add_months_each(days: NDArray[np.datetime64], n: int) -> NDArray[np.datetime64]:
    """Return of each of many days what `add_months` does of one.

    Parameters
    ----------
    days
        datetime64[D], (m,); NaT stays.
    n
        Whole months; below 0 for earlier.

    Returns
    -------
    numpy.ndarray
        datetime64[D], (m,).

    Examples
    --------
    >>> add_months_each(np.array(["2024-01-31", "NaT"], dtype="M8[D]"), 1).astype(str).tolist()
    ['2024-02-29', 'NaT']
    """
    month = days.astype("M8[M]")
    there = month + n * _MONTH
    last = (there + _MONTH).astype("M8[D]") - _DAY
    later = there.astype("M8[D]") + (days - month.astype("M8[D]"))
    return np.where(later > last, last, later)
