"""Days on which nobody in an urban household works, from the spells of its members.

Members outside the ledger have kept the status that they have; members of the ledger have spells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from geo_match.demo.history._days import NEVER, to_days
from geo_match.demo.history._whereabouts import household_rows, member_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.history.lives import Lives
    from geo_match.demo.people import People

_WORKS: Final = ("employed", "flexible")
_JOBLESS: Final = ("registered_unemployed", "unemployed")
_LONG_AGO: Final = 0
"""1970: earlier than any spell here."""


class IdleUntil(NamedTuple):
    """Days on which zero employment of a household ended, each array of shape (d,).

    Parameters
    ----------
    household
        Its row.
    on
        The day.
    since
        The first day from which nobody had worked.
    person
        The id of the member through whom it ended.
    reason
        Why their registration was closed; None for a hire.
    traineeship
        Whether it is a hire into a traineeship, which ends nothing.
    """

    household: NDArray[np.int64]
    on: NDArray[np.int64]
    since: NDArray[np.int64]
    person: NDArray[np.object_]
    reason: NDArray[np.object_]
    traineeship: NDArray[np.bool_]


class IdleHouseholds:
    """Who works when in each household, read once from the spells.

    Parameters
    ----------
    people
        The city's people, or a share of them.
    lives
        What `draw_lives` drew for them.
    """

    def __init__(self, people: People, lives: Lives) -> None:
        spells = lives.spells
        self._people, self._lives = people, lives
        self._household = household_rows(people, spells["person"])
        self._works = spells["status"].isin(_WORKS).to_numpy()
        self._seeks = spells["status"].isin(_JOBLESS).to_numpy()
        self._start, self._end = to_days(spells["start"]), to_days(spells["end"])
        member = member_rows(people, spells["person"], self._household)
        urban = (people.households["hukou"] == "urban").to_numpy()
        self._steady = _has_steady(people, member)
        self._may = urban & ~self._steady

    def working_until(self) -> NDArray[np.int64]:
        """Return the last day on which a ledger person of each household worked, or 0, (h,)."""
        last = np.full(len(self._may), _LONG_AGO, dtype=np.int64)
        np.maximum.at(last, self._household[self._works], self._end[self._works])
        return last

    def had_worker(self, household: NDArray[np.int64], on: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say in which households, each once, somebody of working age worked on its day, (n,)."""
        day = np.full(len(self._may), NEVER, dtype=np.int64)
        day[household] = on
        then = day[self._household]
        works = self._works & (self._start <= then) & (then <= self._end)
        had = self._steady.copy()
        had[self._household[works]] = True
        return had[household]

    def list_hires(self) -> IdleUntil:
        """List the hires of jobless members into households where nobody worked the day before."""
        hires = self._lives.employments
        trainee = (hires["form"] == "traineeship").to_numpy()
        events = pd.DataFrame(
            {"person": hires["person"], "on": to_days(hires["hired_on"]), "traineeship": trainee}
        )
        return self._keep_idle(events.assign(reason=None))

    def list_endings(self, reasons: list[str]) -> IdleUntil:
        """List the registrations closed for some reasons in households where nobody worked."""
        looking = self._lives.registrations
        closed = looking[looking["close_reason"].isin(reasons)]
        events = pd.DataFrame(
            {
                "person": closed["person"],
                "on": to_days(closed["closed_on"]),
                "reason": closed["close_reason"].astype("str"),
            }
        )
        return self._keep_idle(events.assign(traineeship=False))

    def _keep_idle(self, events: pd.DataFrame) -> IdleUntil:
        """Keep those of urban households where nobody worked the day before, and one sought."""
        events = events.assign(household=household_rows(self._people, events["person"]))
        events = events[self._may[events["household"]]]
        # Two members hired on one day end one case.
        events = events.sort_values(["household", "on"], kind="stable")
        events = events.drop_duplicates(["household", "on"]).reset_index(drop=True)
        theirs = pd.DataFrame({"household": self._household, "spell": np.arange(len(self._works))})
        pairs = events[["household"]].reset_index(names="event").merge(theirs, on="household")
        event, spell = pairs["event"].to_numpy(), pairs["spell"].to_numpy()
        start, end, works = self._start[spell], self._end[spell], self._works[spell]
        on = events["on"].to_numpy()
        eve = on[event] - 1
        covers = (start <= eve) & (eve <= end)
        busy = np.bincount(event[covers & works], minlength=len(on)) > 0
        sought = np.bincount(event[covers & self._seeks[spell]], minlength=len(on)) > 0
        # Before its members' first spells nothing is known of a household.
        since = np.full(len(on), NEVER, dtype=np.int64)
        np.minimum.at(since, event, start)
        past = works & (end < eve)
        np.maximum.at(since, event[past], end[past] + 1)
        keep = ~busy & sought & (since < on)
        kept = events[keep]
        return IdleUntil(
            household=kept["household"].to_numpy(),
            on=on[keep],
            since=since[keep],
            person=kept["person"].to_numpy(dtype=object),
            reason=kept["reason"].to_numpy(dtype=object),
            traineeship=kept["traineeship"].to_numpy(dtype=np.bool_),
        )


def _has_steady(people: People, ledger: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which households have a member of working age, outside the ledger, who works, (h,)."""
    members = people.members
    works = members["working_age"].to_numpy() & members["status"].isin(_WORKS).to_numpy()
    works[ledger] = False
    has: NDArray[np.bool_] = np.zeros(len(people.households), dtype=np.bool_)
    has[members["household"].to_numpy()[works]] = True
    return has
