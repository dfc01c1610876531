"""China's clock, UTC+8 without summer time: its day is the one that lists and people mean."""

from __future__ import annotations

import datetime as dt
from typing import Final

CHINA: Final = dt.timezone(dt.timedelta(hours=8))
"""The zone; one offset all year since 1991, before which no record is dated by the hour."""


def day_in_china(moment: dt.datetime) -> dt.date:
    """Return the day that it is in China at a moment.

    Parameters
    ----------
    moment
        With a zone, or UTC without one, as a store's clock gives it.

    Examples
    --------
    >>> day_in_china(dt.datetime(2025, 3, 1, 16))
    datetime.date(2025, 3, 2)
    """
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)
    return aware.astimezone(CHINA).date()
