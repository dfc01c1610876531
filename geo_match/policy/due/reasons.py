"""Why persons are due: each reason with the last day on which it is in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from geo_match.errors import ArgumentError
from geo_match.policy.due.words import REASONS, contradiction_words, due_words
from geo_match.policy.ledger import contact_limit, contradictions
from geo_match.policy.ledger.groups import CHINESE
from geo_match.rules import PASS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo_match.policy.due.options import DueOptions

COLUMNS: Final = ("row", "reason", "due_on", "zh", "en")


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """How persons stand on the day, columns of one length and order.

    Parameters
    ----------
    seekers
        `id`, `household`, `status`, `registered_on`, null where not known.
    now
        Of the same persons, as `Timeline.on` gives it.
    contacts
        Of the same persons, as `contacts` gives it.
    groups
        Of the same persons, as `groups_on` gives it.
    """

    seekers: pd.DataFrame
    now: pd.DataFrame
    contacts: pd.DataFrame
    groups: pd.DataFrame

    @property
    def registered(self) -> pd.Series:
        """The day of the registration as a jobseeker, null where not known."""
        if "registered_on" not in self.seekers.columns:
            return pd.Series(pd.NaT, index=self.seekers.index, dtype="datetime64[s]")
        return pd.to_datetime(self.seekers["registered_on"])


def due_reasons(
    standing: Standing, options: DueOptions, *, clocks: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return why persons are due on a day, or so soon after it as the options look ahead.

    A limit counts from what is known: the last contact, the registration, or the first day of the
    unbroken run of being registered as unemployed, whichever is latest. An attempt that reached
    nobody postpones a regular contact to the next day that was noted with it, and never the limit
    of months without contact; without such a day it postpones nothing, also no day agreed before.
    No source says by when a result is to be brought into the ledger: who is due by one has no day.

    Parameters
    ----------
    standing
        The persons.
    options
        What is asked.
    clocks
        Cases of zero-employment households, where they are known: `household`, and `due_on`, the
        last day (null: no day is known); with a column `open` those alone that are, as
        `geo_match.policy.households.judge_cases` has them. Every member who is a seeker is due.

    Returns
    -------
    pandas.DataFrame
        A row a person and reason: `row` (the person's place), `reason`, `due_on` (the last day in
        time; null where there is none), and why, `zh` and `en`.

    Raises
    ------
    ArgumentError
        If the clocks have not the two columns.
    NotInForceError
        If no rule is known for the day.
    """
    given = {
        "six_months": lambda: _months(standing, options),
        "household_clock": lambda: _clocks(standing, clocks),
        "result_contradicts": lambda: _contradicted(standing, options),
        "follow_up": lambda: _follow_up(standing, options),
        "contact_interval": lambda: _interval(standing, options),
        "no_contact_recorded": lambda: _never(standing, options),
        "unverified": lambda: _unverified(standing, options),
    }
    rows = [row for reason in REASONS if reason in options.asked for row in given[reason]()]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table["due_on"] = pd.to_datetime(table["due_on"]).astype("datetime64[s]")
    return table.astype({"row": np.int64})


def _months(standing: Standing, options: DueOptions) -> Iterator[tuple[Any, ...]]:
    """Yield those whose registration as unemployed ends soon, or should have ended."""
    since = _known_since(standing)
    limit = contact_limit(since, options.on)
    told = limit - pd.Timedelta(days=options.limit_notice_days)
    which = _is_registered_unemployed(standing) & (told <= _moment(options.on)).to_numpy()
    for row in np.flatnonzero(which):
        zh, en = due_words("six_months", day=_day(limit[row]), since=_day(since[row]))
        yield row, "six_months", limit[row], zh, en


def _clocks(standing: Standing, clocks: pd.DataFrame | None) -> Iterator[tuple[Any, ...]]:
    """Yield the members of households whose clock runs."""
    if clocks is None:
        return
    if absent := [one for one in ("household", "due_on") if one not in clocks.columns]:
        rule = "have the columns household and due_on"
        raise ArgumentError("clocks", rule, f"none called {', '.join(absent)}")
    if "household" not in standing.seekers.columns:
        return
    running = clocks[clocks["open"].astype(bool)] if "open" in clocks.columns else clocks
    last = pd.to_datetime(running["due_on"]).groupby(running["household"]).min()
    for row, household in enumerate(standing.seekers["household"]):
        if household in last.index:
            day = last[household]
            said = _day(day) if pd.notna(day) else None
            yield row, "household_clock", day, *due_words("household_clock", day=said)


def _contradicted(standing: Standing, options: DueOptions) -> Iterator[tuple[Any, ...]]:
    """Yield those whose record says something else than the last that was heard of them."""
    recorded = standing.seekers.get("status")
    told = contradictions(standing.contacts, standing.now, options.on, recorded=recorded)
    for row in np.flatnonzero(told["result"].notna().to_numpy()):
        result, day, status = told["result"][row], told["said_on"][row], told["status"][row]
        zh, en = contradiction_words(result, _day(day), status)
        yield row, "result_contradicts", pd.NaT, zh, en


def _follow_up(standing: Standing, options: DueOptions) -> Iterator[tuple[Any, ...]]:
    """Yield those whose agreed day has come."""
    agreed = standing.contacts["next_contact_on"]
    ahead = _moment(options.on) + pd.Timedelta(days=options.horizon_days)
    for row in np.flatnonzero((agreed <= ahead).to_numpy()):
        zh, en = due_words("follow_up", day=_day(agreed[row]))
        yield row, "follow_up", agreed[row], zh, en


def _interval(standing: Standing, options: DueOptions) -> Iterator[tuple[Any, ...]]:
    """Yield those whose group is contacted more often than they were: the shortest interval."""
    since = _known_since(standing)
    ahead = _moment(options.on) + pd.Timedelta(days=options.horizon_days)
    again = standing.contacts["put_off_to"]
    done: NDArray[np.bool_] = np.zeros(len(since), dtype=np.bool_)
    for group, days in sorted(options.interval_days.items(), key=lambda item: item[1]):
        due = (since + pd.Timedelta(days=days)).to_frame("due").assign(again=again).max(axis=1)
        due = due.where(since.notna())  # no interval counts from nothing: that is `_never`'s
        inside = (standing.groups[group] == PASS).to_numpy() & ~done
        done |= inside
        for row in np.flatnonzero(inside & (due <= ahead).to_numpy()):
            zh, en = due_words(
                "contact_interval",
                since=_day(since[row]),
                group=group,
                group_zh=CHINESE[group],
                days=days,
            )
            yield row, "contact_interval", due[row], zh, en


def _never(standing: Standing, options: DueOptions) -> Iterator[tuple[Any, ...]]:
    """Yield those of whom no limit can be counted, unless an attempt put them off to a later day.

    Attempts that reached nobody are no contact: somebody who was only tried is due still.
    """
    ahead = _moment(options.on) + pd.Timedelta(days=options.horizon_days)
    none = _known_since(standing).isna() & ~(standing.contacts["put_off_to"] > ahead)
    for row in np.flatnonzero(none.to_numpy()):
        yield row, "no_contact_recorded", pd.NaT, *due_words("no_contact_recorded")


def _unverified(standing: Standing, options: DueOptions) -> Iterator[tuple[Any, ...]]:
    """Yield those whose present spell nobody has verified."""
    now = standing.now
    which = now["status"].notna() & now["verified_by"].isna()
    due = pd.Series(pd.NaT, index=now.index, dtype="datetime64[s]")
    if options.verify_within_days is not None:
        due = now["since"] + pd.Timedelta(days=options.verify_within_days)
        which &= due <= _moment(options.on) + pd.Timedelta(days=options.horizon_days)
    for row in np.flatnonzero(which.to_numpy()):
        zh, en = due_words("unverified", since=_day(now["since"][row]))
        yield row, "unverified", due[row], zh, en


def _known_since(standing: Standing) -> pd.Series:
    """Return the day from which months without contact count, null where none is known."""
    run = standing.now["run_since"].where(standing.now["status"] == "registered_unemployed")
    days = pd.DataFrame(
        {
            "contact": standing.contacts["contact_on"],
            "registered": standing.registered.to_numpy(),
            "run": run,
        }
    )
    return days.max(axis=1).astype("datetime64[s]")


def _is_registered_unemployed(standing: Standing) -> NDArray[np.bool_]:
    """Return who is registered as unemployed, by the ledger or else by the own record."""
    status = standing.now["status"]
    if "status" in standing.seekers.columns:
        status = status.fillna(standing.seekers["status"].astype(object))
    return np.asarray(status == "registered_unemployed", dtype=np.bool_)


def _moment(day: dt.date) -> pd.Timestamp:
    return pd.Timestamp(day)


def _day(moment: Any) -> str:  # noqa: ANN401 - a cell of a frame
    return f"{moment:%Y-%m-%d}"
