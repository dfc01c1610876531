"""Cases of zero-employment households as they stand on a day: the stage, the clock, the limit.

A case is open from the day on which it begins to the one on which it ends, which is not included;
one of which nobody knows when it began is open until it ends. The clock runs from the verification,
or from the application where that is asked; the limit is a dated rule, and its last day is
included. A suspicion alone starts no clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd

from geo_match.errors import ArgumentError
from geo_match.policy.households.cases import known_on, read_cases, was_found_wrong
from geo_match.policy.households.clearing import judge_clearing
from geo_match.policy.households.explain_case import explain_case
from geo_match.policy.households.frames import check_day, from_days, to_days
from geo_match.policy.households.rules import CLEARING_LIMIT, ClearingLimit
from geo_match.policy.households.suspected import words
from geo_match.policy.months import add_months_each
from geo_match.rules.dated import Dated
from geo_match.rules.outcome import FAIL, PASS, UNKNOWN, all_of

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from geo_match.policy.conditions import Condition

CLOCKS: Final = ("verified", "applied")
"""From which day the clock may run."""
STAGES: Final = (
    "suspected",
    "applied",
    "verified",
    "helped",
    "wrongly_cleared",
    "cleared",
    "ended_otherwise",
    "not_confirmed",
)
"""How far a case has come. A wrongly cleared one is open still, whatever is written of it."""
CLOCK_STATES: Final = (
    "not_started",
    "running",
    "overdue",
    "in_time",
    "late",
    "stopped",
    "no_limit",
    "contradictory",
)
"""What the clock says: the two of cleared cases are `in_time` and `late`, and a case that ended
otherwise has `stopped` it. `no_limit`: no rule is known for the day on which it started.
`contradictory`: the days are out of order, none is known on which it begins, or it is said to be
cleared and no day of that is known."""
_SPOILING: Final = ("out_of_order", "no_day", "no_day_of_clearing")
"""Faults with which nobody can say whether a case was in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOptions:
    """By what cases are judged.

    Parameters
    ----------
    clock_from
        From which day the clock runs: "verified", the community's verification; or "applied".
    limit
        How long a household may wait, by the day on which the clock starts.

    Raises
    ------
    ArgumentError
        If one of them is something else.
    """

    clock_from: Literal["verified", "applied"] = "verified"
    limit: Dated[ClearingLimit] = field(default=CLEARING_LIMIT)

    def __post_init__(self) -> None:
        """Check them."""
        if self.clock_from not in CLOCKS:
            rule = f"be one of {', '.join(CLOCKS)}"
            raise ArgumentError("clock_from", rule, repr(self.clock_from))
        limit: object = self.limit
        if not isinstance(limit, Dated):
            rule = "be a dated rule of `ClearingLimit`"
            raise ArgumentError("limit", rule, type(limit).__name__)


@dataclass(frozen=True, slots=True, eq=False)
class CaseReport:
    """Cases on a day.

    Parameters
    ----------
    on
        The day.
    options
        By what they were judged.
    cases
        A row a case that had begun, or of which nobody knows when, by household and beginning:
        `case`, `household`, `stage` (of `STAGES`), `open`, the days of the case as known on the
        day, `begun_on`, `ended_on` (null while open), `days_open`, `clock` (of `CLOCK_STATES`),
        `clock_from_on`, `due_on`, its last day (null where the days contradict each other),
        `days_left` (of open ones; below 0 by how many days it is overdue), `cleared_by`,
        `closed_reason`, `recurrence` (how many cases the household had before, those found wrong
        left out), and as pass, fail or unknown `cleared`, `in_time` (it ended within the limit by a
        hire; unknown while the clock runs), `cleared_in_time` (both) and `helped_in_time`;
        `ended_by`, the hire that ended it where not the one noted did; `faults`.
    """

    on: dt.date
    options: CaseOptions
    cases: pd.DataFrame
    _clearing: pd.DataFrame

    @property
    def open(self) -> pd.DataFrame:
        """Cases that are open on the day, those first whose limit is nearest or longest over.

        Cases without a due day follow, those longest open first.
        """
        rows = self.cases[self.cases["open"]]
        order = ["due_on", "begun_on", "household"]
        return rows.sort_values(order, kind="stable", na_position="last").reset_index(drop=True)

    @property
    def summary(self) -> dict[str, int]:
        """How many there are: `cases`, `open`, those open by stage and clock, ended ones by how.

        `recurrences` counts cases of households that had one before, `households_again` such
        households. The cases without faults are `sound`.
        """
        told, open_ = self.cases, self.cases["open"]
        counts = {"cases": len(told), "open": int(open_.sum())}
        for stage in STAGES[:5]:
            counts[f"open_{stage}"] = int((open_ & (told["stage"] == stage)).sum())
        for state in ("not_started", "running", "overdue"):
            counts[state] = int((open_ & (told["clock"] == state)).sum())
        for stage in STAGES[5:]:
            counts[stage] = int((told["stage"] == stage).sum())
        for state in ("in_time", "late"):
            counts[f"cleared_{state}"] = int((told["clock"] == state).sum())
        again = told["recurrence"] > 0
        counts["recurrences"] = int(again.sum())
        counts["households_again"] = int(told["household"][again].nunique())
        counts["sound"] = int((told["faults"] == "").sum())
        return counts

    def explain(self, case: str) -> tuple[Condition, ...]:
        """Return what is known of a case, condition by condition, with the records it rests on.

        Raises
        ------
        ArgumentError
            If there is no such case.
        """
        at = np.flatnonzero(self.cases["case"].to_numpy() == case)
        if not len(at):
            raise ArgumentError("case", "be one of the cases that had begun", repr(case))
        row, how = self.cases.iloc[at[0]], self._clearing.iloc[at[0]]
        return explain_case(row, how, self.options.clock_from)


def judge_cases(
    cases: object,
    *,
    on: dt.date,
    employments: object = None,
    persons: object = None,
    options: CaseOptions | None = None,
) -> CaseReport:
    """Tell how cases stand on a day.

    Parameters
    ----------
    cases
        As `geo_match.policy.households.cases.read_cases` takes them.
    on
        The day: what happened later is not looked at.
    employments, persons
        As `geo_match.policy.households.clearing.judge_clearing` takes them.
    options
        By what to judge.

    Returns
    -------
    CaseReport
        Every case that had begun, and those of which nobody knows when they did.

    Raises
    ------
    ArgumentError
        If a frame lacks a column or has values of another kind.
    """
    check_day(on, "on")
    asked = CaseOptions() if options is None else options
    if not isinstance(asked, CaseOptions):
        raise ArgumentError("options", "be `CaseOptions` or None", type(options).__name__)
    then = known_on(read_cases(cases), on)
    return judge_known(then, on=on, employments=employments, persons=persons, options=asked)


def judge_known(
    then: pd.DataFrame, *, on: dt.date, employments: object, persons: object, options: CaseOptions
) -> CaseReport:
    """Tell how cases stand on a day, of which is given what was known then.

    Parameters
    ----------
    then
        As `geo_match.policy.households.cases.known_on` returns it.
    on, employments, persons, options
        As `judge_cases` takes them.
    """
    how = judge_clearing(then, on=on, employments=employments, persons=persons)
    day = np.datetime64(on, "D")
    begun, ended = to_days(then["begun_on"]), to_days(how["ended_on"])
    is_open = np.isnat(ended)
    last = np.where(np.isnat(ended), day, ended)
    since = to_days(then[f"{options.clock_from}_on"])
    due, has_rule = _due(since, options.limit)
    spoilt = then["faults"].str.contains("|".join(_SPOILING)).to_numpy(dtype=np.bool_)
    due[spoilt] = np.datetime64("NaT")
    cleared = how["cleared"].to_numpy()
    clearing_counts = (how["recorded"].to_numpy() == PASS) & (cleared != FAIL)
    by_hire = clearing_counts | how["ended_by"].notna().to_numpy()
    in_time = _in_time(by_hire, ended, due, day, open_=is_open)
    helped = _helped(to_days(then["helped_on"]), due, last, open_=is_open)
    stage = _stages(then, how, is_open)
    told = then.assign(
        stage=pd.Categorical(stage, categories=list(STAGES)),
        open=is_open,
        ended_on=how["ended_on"],
        days_open=_days(last - begun),
        clock=pd.Categorical(
            _clock(since, due, ended, day, by_hire=by_hire, has_rule=has_rule, spoilt=spoilt),
            categories=list(CLOCK_STATES),
        ),
        clock_from_on=from_days(since),
        due_on=from_days(due),
        days_left=_days(np.where(is_open, due - day, np.timedelta64("NaT", "D"))),
        recurrence=_recurrences(then),
        cleared=words(cleared),
        in_time=words(in_time),
        cleared_in_time=words(all_of(_whether(cleared, is_open), in_time)),
        helped_in_time=words(helped),
        ended_by=how["ended_by"],
    )
    return CaseReport(on, options, told, how)


def _due(
    since: NDArray[np.datetime64], limit: Dated[ClearingLimit]
) -> tuple[NDArray[np.datetime64], NDArray[np.bool_]]:
    """Return the last day of the limit of each clock, and which have one by a rule, (n,)."""
    due = np.full(len(since), np.datetime64("NaT", "D"))
    has_rule = np.zeros(len(since), dtype=np.bool_)
    far = np.datetime64("9999-12-31")
    for entry in limit.entries:
        until = far if entry.valid_until is None else np.datetime64(entry.valid_until, "D")
        inside = (np.datetime64(entry.valid_from, "D") <= since) & (since < until)
        due[inside] = add_months_each(since[inside], entry.value.months)
        has_rule |= inside
    return due, has_rule


def _in_time(
    by_hire: NDArray[np.bool_],
    ended: NDArray[np.datetime64],
    due: NDArray[np.datetime64],
    day: np.datetime64,
    *,
    open_: NDArray[np.bool_],
) -> NDArray[np.int8]:
    told = np.where(by_hire & (ended <= due), PASS, FAIL)
    told[open_ & (day <= due)] = UNKNOWN
    told[np.isnat(due)] = UNKNOWN
    return told.astype(np.int8)


def _helped(
    helped: NDArray[np.datetime64],
    due: NDArray[np.datetime64],
    last: NDArray[np.datetime64],
    *,
    open_: NDArray[np.bool_],
) -> NDArray[np.int8]:
    told = np.where(helped <= due, PASS, FAIL)
    # A case that is not over, nor its limit, may be helped yet.
    told[np.isnat(helped) & open_ & (last <= due)] = UNKNOWN
    told[np.isnat(due)] = UNKNOWN
    return told.astype(np.int8)


def _whether(cleared: NDArray[np.int8], open_: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Return whether each was cleared in the end: of open ones nobody knows."""
    return np.where(open_, UNKNOWN, cleared).astype(np.int8)


def _clock(
    since: NDArray[np.datetime64],
    due: NDArray[np.datetime64],
    ended: NDArray[np.datetime64],
    day: np.datetime64,
    *,
    by_hire: NDArray[np.bool_],
    has_rule: NDArray[np.bool_],
    spoilt: NDArray[np.bool_],
) -> NDArray[np.object_]:
    is_open = np.isnat(ended)
    ended_well = ~is_open & by_hire
    told = np.full(len(since), "stopped", dtype=object)
    told[is_open & (day <= due)] = "running"
    told[is_open & (day > due)] = "overdue"
    told[ended_well & (ended <= due)] = "in_time"
    told[ended_well & (ended > due)] = "late"
    told[~has_rule] = "no_limit"
    told[np.isnat(since)] = "not_started"
    told[spoilt] = "contradictory"
    return told


def _stages(
    cases: pd.DataFrame, how: pd.DataFrame, is_open: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """Return how far each case has come."""
    told = np.full(len(cases), "suspected", dtype=object)
    for name in ("applied", "verified", "helped"):
        told[cases[f"{name}_on"].notna().to_numpy()] = name
    recorded = how["recorded"].to_numpy() == PASS
    fails = recorded & (how["cleared"].to_numpy() == FAIL)
    told[fails] = "wrongly_cleared"
    told[~is_open] = "ended_otherwise"
    told[~is_open & ((recorded & ~fails) | how["ended_by"].notna().to_numpy())] = "cleared"
    told[~is_open & was_found_wrong(cases)] = "not_confirmed"
    return told


def _recurrences(cases: pd.DataFrame) -> NDArray[np.int64]:
    """Return how many true cases the household of each had before it."""
    counts = (~was_found_wrong(cases)).astype(np.int64)
    earlier = pd.Series(counts).groupby(cases["household"].to_numpy()).cumsum() - counts
    return earlier.to_numpy(dtype=np.int64)


def _days(spans: NDArray[np.timedelta64]) -> pd.arrays.IntegerArray:
    """Return spans as whole days, null where there is none."""
    lost = np.isnat(spans)
    whole = np.where(lost, np.timedelta64(0, "D"), spans).astype("m8[D]").astype(np.int64)
    return pd.arrays.IntegerArray(whole, lost)
