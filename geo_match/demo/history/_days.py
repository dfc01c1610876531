"""Days as whole numbers, on which arithmetic is quick, and back to the frames' dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.demo.people.working_life import REFERENCE_DATE

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd
    from numpy.typing import NDArray

NEVER: Final = 2**20
"""Later than any day here, and small enough to add to."""
MONTH: Final = 30
"""Days; only where the records of a month are drawn, never where a rule counts one."""


def day_of(date: dt.date) -> int:
    """Return the number of a date's day, counted from 1970-01-01."""
    return int(np.datetime64(date, "D").astype(np.int64))


REFERENCE_DAY: Final = day_of(REFERENCE_DATE)


def to_days(dates: pd.Series, *, missing: int = NEVER) -> NDArray[np.int64]:
    """Return the days of dates, (n,), with a day in place of those that are missing."""
    days = dates.to_numpy("datetime64[D]")
    return np.asarray(np.where(np.isnat(days), missing, days.astype(np.int64)), dtype=np.int64)


def to_dates(
    days: NDArray[np.integer], known: NDArray[np.bool_] | None = None
) -> NDArray[np.datetime64]:
    """Return the dates of days, (n,), missing where not known; all are known if None."""
    dates = np.asarray(days, dtype=np.int64).astype("datetime64[D]").astype("datetime64[s]")
    if known is not None:
        dates[~known] = np.datetime64("NaT")
    return dates
