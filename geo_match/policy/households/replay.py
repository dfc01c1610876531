"""Cases on each day of a span, counted at once: open, running, overdue, begun and ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo_match.errors import ArgumentError
from geo_match.policy.households.frames import check_day, to_days
from geo_match.policy.households.report import judge_cases

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from geo_match.policy.households.report import CaseOptions

_DAY = np.timedelta64(1, "D")


def replay_cases(
    cases: object,
    *,
    first: dt.date,
    last: dt.date,
    employments: object = None,
    persons: object = None,
    options: CaseOptions | None = None,
) -> pd.DataFrame:
    """Count cases on each day of a span, as `judge_cases` would on each of them.

    Parameters
    ----------
    cases, employments, persons, options
        As in `judge_cases`.
    first, last
        The span, both included.

    Returns
    -------
    pandas.DataFrame
        A row a day: `on`; cases `open`, and of these with a clock `running` and `overdue`; and on
        the day itself `begun`, `cleared` (ended by a hire) and `ended_otherwise`, those found wrong
        among them.

    Raises
    ------
    ArgumentError
        If the span ends before it begins, or as `judge_cases`.
    """
    check_day(first, "first")
    if check_day(last, "last") < first:
        raise ArgumentError("last", f"not lie before {first}, the first day", str(last))
    told = judge_cases(
        cases, on=last, employments=employments, persons=persons, options=options
    ).cases
    days = np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + _DAY)
    told = told[told["begun_on"].notna()]
    far = days[-1] + _DAY
    begun = to_days(told["begun_on"])
    end = np.where(np.isnat(to_days(told["ended_on"])), far, to_days(told["ended_on"]))
    has_clock = ~told["clock"].isin(["not_started", "no_limit", "contradictory"]).to_numpy()
    since, due = to_days(told["clock_from_on"])[has_clock], to_days(told["due_on"])[has_clock]
    is_over = end < far
    cleared = is_over & (told["stage"] == "cleared").to_numpy()
    return pd.DataFrame(
        {
            "on": days.astype("M8[s]"),
            "open": _covering(begun, end, days),
            "running": _covering(since, np.minimum(due + _DAY, end[has_clock]), days),
            "overdue": _covering(due + _DAY, end[has_clock], days),
            "begun": _falling(begun, days),
            "cleared": _falling(end[cleared], days),
            "ended_otherwise": _falling(end[is_over & ~cleared], days),
        }
    )


def _covering(
    start: NDArray[np.datetime64], end: NDArray[np.datetime64], days: NDArray[np.datetime64]
) -> NDArray[np.int64]:
    """Return how many spans, the end not included, cover each day; an empty span covers none."""
    real = start < end
    n = len(days)
    change = np.zeros(n + 1, dtype=np.int64)
    for at, sign in ((start[real], 1), (end[real], -1)):
        place = np.clip((at - days[0]).astype(np.int64), 0, n)
        np.add.at(change, place, sign)
    return np.cumsum(change[:n])


def _falling(at: NDArray[np.datetime64], days: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Return how many fall on each day."""
    place = (at - days[0]).astype(np.int64)
    inside = (place >= 0) & (place < len(days))
    return np.bincount(place[inside], minlength=len(days))
