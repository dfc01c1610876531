"""Cases on a day, judged one by one in plain Python: shares no code with what it is compared to."""

from __future__ import annotations

import calendar
from dataclasses import dataclass

STEPS = ("suspected_on", "applied_on", "verified_on", "helped_on", "cleared_on", "closed_on")
FIRST_LIMIT = 2022
"""Year from which on a limit is known."""


@dataclass
class Hires:
    """Who was hired when and how, and who lives where.

    Parameters
    ----------
    forms
        By person and day: the forms of the hires, None for one that is not known.
    homes
        By person: the households that have them.
    """

    forms: dict
    homes: dict

    def __post_init__(self):
        """Gather the true hires of those who live in one household alone."""
        self.true = {}
        for (person, day), forms in self.forms.items():
            homes = self.homes.get(person, ())
            if len(homes) == 1 and any(one not in (None, "traineeship") for one in forms):
                self.true.setdefault(homes[0], []).append(day)


@dataclass
class State:
    """How a case stands on a day; `over_by` is what ended it, `hire` or `other`."""

    is_open: bool
    over_by: str | None
    timed: bool
    in_limit: bool


def state_of(case, hires, on):
    """Return how a case stands on a day by what was known on it; None before it began."""
    begun = min([case[one] for one in STEPS[:3] if case[one]], default=None)
    if begun is not None and begun > on:
        return None
    known = {one: case[one] if case[one] and case[one] <= on else None for one in STEPS}
    reason = case["closed_reason"]
    if case["closed_on"] and not known["closed_on"]:
        reason = None
    cleared, closed = known["cleared_on"], known["closed_on"]
    hire_on = None
    if cleared and was_wrong(case, cleared, hires):
        since = min(known["verified_on"] or begun or cleared, cleared)
        days = [one for one in hires.true.get(case["household"], ()) if since <= one <= on]
        hire_on = min(days, default=None)
        ends = [hire_on, closed if reason not in (None, "cleared") else None]
    else:
        ends = [cleared, closed]
    ended = min((one for one in ends if one), default=None)
    by_hire = ended is not None and ended == hire_on
    if cleared and not was_wrong(case, cleared, hires):
        by_hire = True
    over_by = None if ended is None else "hire" if by_hire else "other"
    if over_by and reason == "not_confirmed":
        over_by = "other"
    days = [known[one] for one in STEPS if known[one]]
    timed = begun is not None and days == sorted(days) and known["verified_on"] is not None
    timed = timed and known["verified_on"].year >= FIRST_LIMIT
    # Nobody can say whether a clearing without a day was in time.
    timed = timed and not (reason == "cleared" and cleared is None)
    in_limit = timed and on <= month_later(known["verified_on"])
    return State(ended is None, over_by, timed, in_limit)


def was_wrong(case, cleared, hires):
    """Return whether what is called a clearing was none: by a stranger, or by a traineeship."""
    person = case["cleared_by"]
    homes = hires.homes.get(person, ())
    if len(homes) == 1 and homes[0] != case["household"]:
        return True
    forms = hires.forms.get((person, cleared), ())
    return bool(forms) and set(forms) == {"traineeship"}


def month_later(day):
    """Return the same day of the next month, or its last."""
    year, month = divmod(day.year * 12 + day.month, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def tally(cases, hires, on, eve):
    """Return the row of a day: how many are open, running and overdue, and what happened on it."""
    row = dict.fromkeys(
        ("open", "running", "overdue", "begun", "reopened", "cleared", "ended_otherwise"), 0
    )
    for case in cases:
        now, before = state_of(case, hires, on), state_of(case, hires, eve)
        if now is None:
            continue
        row["open"] += now.is_open
        row["running"] += now.is_open and now.in_limit
        row["overdue"] += now.is_open and now.timed and not now.in_limit
        row["begun"] += before is None
        row["reopened"] += now.is_open and before is not None and not before.is_open
        if not now.is_open and (before is None or before.is_open):
            row["cleared" if now.over_by == "hire" else "ended_otherwise"] += 1
    return row
