"""Cases on each day of a span, counted at once: open, running, overdue, begun and ended.

Each day is counted by what was known on it. So a case is looked at once for every day on which more
of it became known; between two of these nothing but the clock and a later hire changes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo_match.errors import ArgumentError
from geo_match.policy.households.cases import read_cases, versions
from geo_match.policy.households.frames import check_day, to_days
from geo_match.policy.households.report import CaseOptions, judge_known

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

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
        A row a day: `on`; cases `open`, and of these with a clock `running` and `overdue`; and
        what happened by that day's knowledge: `begun`; `cleared`, ended by a hire (told on the day
        of the clearing, if a member had been hired before it), and `ended_otherwise`, those found
        wrong among them; `reopened`, ended ones that are open again, since a clearing was noted
        later that clears nothing. So the open ones of a day are those of the day before, with
        those begun and reopened, without those that ended.

    Raises
    ------
    ArgumentError
        If the span ends before it begins, or as `judge_cases`.
    """
    check_day(first, "first")
    if check_day(last, "last") < first:
        raise ArgumentError("last", f"not lie before {first}, the first day", str(last))
    asked = CaseOptions() if options is None else options
    days = np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + _DAY)
    known = versions(read_cases(cases))
    known = known[~(known["known_from"] > days[-1].astype("M8[s]"))].reset_index(drop=True)
    told = judge_known(
        known, on=last, employments=employments, persons=persons, options=asked
    ).cases
    since, until, is_first = _spans(told, days)
    ended = to_days(told["ended_on"])
    end = np.clip(np.where(np.isnat(ended), until, ended), since, until)
    is_over = end < until
    was_open = np.concatenate(([False], (end == until)[:-1])) & ~is_first
    has_clock = ~told["clock"].isin(["not_started", "no_limit", "contradictory"]).to_numpy()
    clock_from = np.maximum(since, to_days(told["clock_from_on"]))[has_clock]
    due = to_days(told["due_on"])[has_clock]
    # A version that is over from its first day on has ended only if it was open until then.
    ends = is_over & (is_first | was_open | (end > since))
    cleared = (told["stage"] == "cleared").to_numpy()
    return pd.DataFrame(
        {
            "on": days.astype("M8[s]"),
            "open": _covering(since, end, days),
            "running": _covering(clock_from, np.minimum(due + _DAY, end[has_clock]), days),
            "overdue": _covering(np.maximum(due + _DAY, since[has_clock]), end[has_clock], days),
            "begun": _falling(since[is_first & told["begun_on"].notna().to_numpy()], days),
            "reopened": _falling(since[~is_first & ~was_open & (end > since)], days),
            "cleared": _falling(end[ends & cleared], days),
            "ended_otherwise": _falling(end[ends & ~cleared], days),
        }
    )


def _spans(
    told: pd.DataFrame, days: NDArray[np.datetime64]
) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64], NDArray[np.bool_]]:
    """Return from when to when each version is what is known of its case, and which are first.

    The end is not included. What was known ever since begins with year 1, and what is known still
    ends on the day after the span.
    """
    case = told["number"].to_numpy()
    is_first = np.concatenate(([True], case[1:] != case[:-1]))[: len(case)]
    since = to_days(told["known_from"])
    since = np.where(np.isnat(since), np.datetime64("0001-01-01", "D"), since)
    after = days[-1] + _DAY
    until = np.append(since[1:], after)[: len(case)]
    until[np.append(is_first[1:], True)[: len(case)]] = after
    return since, until, is_first


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
