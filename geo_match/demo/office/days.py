"""Days as offices write them: in three forms, and now and then no day at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.demo.office._text import Text, listed, pick
from geo_match.demo.vocabulary import REFERENCE_DATE

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from geo_match.demo.office.draft import Draft

REFERENCE_DAY: Final = int(np.datetime64(REFERENCE_DATE, "D").astype(np.int64))
_UNKNOWN: Final = np.iinfo(np.int64).min
"""What numpy makes of a missing day."""
_FORMS: Final = ("{0}-{1:02}-{2:02}", "{0}/{1}/{2}", "{0}年{1}月{2}日")
_FORMS_UP_TO: Final = (0.7, 0.85)
_UPDATED_WITHIN: Final = 700
"""Lists are kept up: most versions are young, none is older than this many days."""
_AHEAD: Final = 400
_NO_DAYS: Final = (
    *("2025-02-30", "2025-13-05", "2025/6/31", "2025年11月31日"),
    *("2025-00-10", "2023/2/29", "2025-9-0", "2025年4月31日"),
)
_LAST_MONTH: Final = 12


def as_days(values: pd.Series) -> NDArray[np.int64]:
    """Return days since 1970; what is missing becomes a day that `write_days` leaves empty."""
    return np.asarray(values.to_numpy().astype("datetime64[D]").astype(np.int64))


def draw_updates(draft: Draft) -> NDArray[np.int64]:
    """Draw when each row was last brought up to date, days since 1970, (n,)."""
    age = _UPDATED_WITHIN * draft.marks("updated") ** 2
    return np.asarray(REFERENCE_DAY - age.astype(np.int64))


def put_days(draft: Draft, column: str, day: NDArray[np.int64]) -> None:
    """Add a column of days, each row in one of the forms."""
    form = np.searchsorted(_FORMS_UP_TO, draft.marks("form", column), side="right")
    draft.put(column, write_days(day, form))


def write_days(day: NDArray[np.int64], form: NDArray[np.int64]) -> Text:
    """Return days as text.

    Parameters
    ----------
    day
        Days since 1970, shape (n,); missing ones become empty.
    form
        Positions in the forms: 2025-03-01, 2025/3/1, 2025年3月1日, shape (n,).
    """
    known = day != _UNKNOWN
    first, last = (int(day[known].min()), int(day[known].max())) if known.any() else (0, 0)
    days = [np.datetime64(number, "D").item() for number in range(first, last + 1)]
    table = [form.format(day.year, day.month, day.day) for form in _FORMS for day in days]
    at = np.where(known, form * len(days) + np.where(known, day, first) - first, -1)
    return pick([*table, ""], at)


def write_iso(day: NDArray[np.int64]) -> list[str]:
    """Return days as 2025-03-01."""
    return listed(write_days(day, np.zeros(len(day), dtype=np.int64)), np.arange(len(day)))


def spoil_days(draft: Draft, column: str, day: NDArray[np.int64], *, future: bool = True) -> None:
    """Write days that cannot be, that can be read in two ways, or that have not come yet.

    Parameters
    ----------
    draft
        The list.
    column
        Which, as `put_days` wrote it.
    day
        Its days, shape (n,).
    future
        Whether a day in it may be said to come.
    """
    known = day != _UNKNOWN
    rows = draft.choose("bad_date", column, among=known)
    which = (draft.marks("no day", column)[rows] * len(_NO_DAYS)).astype(np.int64)
    draft.spoil("bad_date", rows, {column: [_NO_DAYS[k] for k in which]})

    dates = np.where(known, day, 0).astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    day_of_month = (dates - month).astype(np.int64) + 1
    month_of_year = month.astype(np.int64) % _LAST_MONTH + 1
    either = known & (day_of_month <= _LAST_MONTH) & (day_of_month != month_of_year)
    rows = draft.choose("ambiguous_date", column, among=either)
    day_first = draft.marks("day first", column)[rows] < 0.5  # noqa: PLR2004 - half of them
    written = [
        f"{d:02}/{m:02}/{y}" if first else f"{m:02}/{d:02}/{y}"
        for y, m, d, first in zip(
            month[rows].astype("datetime64[Y]").astype(np.int64) + 1970,
            month_of_year[rows],
            day_of_month[rows],
            day_first,
            strict=True,
        )
    ]
    draft.spoil("ambiguous_date", rows, {column: written})
    if future:
        rows = draft.choose("future_date", column, among=known)
        ahead = 1 + (draft.marks("ahead", column)[rows] * _AHEAD).astype(np.int64)
        draft.spoil("future_date", rows, {column: write_iso(REFERENCE_DAY + ahead)})
