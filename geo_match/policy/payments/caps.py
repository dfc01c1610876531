"""Caps by person and year: which cases take the places that there are, for certain or perhaps.

Cases are looked at in the order of their days, then of their ids. One whose other conditions hold
takes a place where there is one; of one of which that is unknown it is unknown, too, and so may be
what comes after it. Every way in which it may have gone is followed, so that a case keeps the cap
for certain if it does in all ways, and breaks it if it does in none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from geo_match.policy.payments.months import add_months
from geo_match.rules import FAIL, OUTCOMES, PASS, UNKNOWN

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

Mode = Literal["calendar", "rolling", "once"]
_Taken = tuple[tuple["dt.date", str], ...]
_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Slot:
    """A case that asks for a place.

    Parameters
    ----------
    id
        Of the case.
    on
        Its day; None if not known.
    outcome
        Of its other conditions.
    """

    id: str
    on: dt.date | None
    outcome: int


@dataclass(frozen=True, slots=True)
class CapState:
    """How a case stands to a cap.

    Parameters
    ----------
    limit
        Payments a person.
    mode
        A "calendar" year, any "rolling" twelve months, or "once".
    across_operators
        Whether those of all operators count together.
    outcome
        Whether there is a place for it.
    taken
        Ids of the cases and claims that have places beside it, for certain.
    perhaps
        Ids of those that may have.
    """

    limit: int
    mode: Mode
    across_operators: bool
    outcome: int
    taken: tuple[str, ...]
    perhaps: tuple[str, ...]

    def __str__(self) -> str:
        """Say it shortly."""
        whose = "all operators" if self.across_operators else "one operator"
        return (
            f"{OUTCOMES[self.outcome]}: {self.limit} per person, {self.mode}, {whose}; "
            f"taken {len(self.taken)}, perhaps {len(self.perhaps)}"
        )


def cap_states(
    slots: Iterable[Slot],
    claimed: Sequence[tuple[dt.date, str]],
    *,
    limit: int,
    mode: Mode,
    across_operators: bool = True,
) -> dict[str, CapState]:
    """Return how the cases of one person stand to a cap, by id.

    Parameters
    ----------
    slots
        The cases, in any order.
    claimed
        Day and id of claims that were made already and not returned: they have their places,
        whenever they are, unless a slot bears the id.
    limit
        Places.
    mode
        In what time.
    across_operators
        As the answer states it.
    """
    every = list(slots)
    dated = sorted(((one.on, one) for one in every if one.on), key=lambda two: (two[0], two[1].id))
    undated = [one for one in every if one.on is None]
    ways: set[_Taken] = {()}
    found: dict[str, CapState] = {}

    def state(outcome: int, taken: set[str], perhaps: set[str]) -> CapState:
        texts = tuple(sorted(taken)), tuple(sorted(perhaps - taken))
        return CapState(limit, mode, across_operators, outcome, *texts)

    for on, one in dated:
        ways = {tuple(two for two in way if _near(two[0], on, mode)) for way in ways}
        fixed = tuple(two for two in claimed if two[1] != one.id and _near(two[0], on, mode))
        # A case without a day may be on any: on the same day it is in every year of this one.
        others = [two.id for two in undated if two.outcome != FAIL]
        phantoms = tuple((on, id_) for id_ in others)
        after: set[_Taken] = set()
        kept: set[bool] = set()
        for way in ways:
            fits = _fits((*way, *fixed), on, limit, mode)
            surely = fits and _fits((*way, *fixed, *phantoms), on, limit, mode)
            kept |= {fits, surely}
            if fits and one.outcome != FAIL and one.id not in {id_ for _, id_ in claimed}:
                after.add((*way, (on, one.id)))
            if not surely or one.outcome != PASS or one.id in {id_ for _, id_ in claimed}:
                after.add(way)
        outcome = UNKNOWN if len(kept) > 1 else PASS if kept == {True} else FAIL
        names = [{id_ for _, id_ in way} for way in ways]
        here = {id_ for _, id_ in fixed}
        surely_taken = here | set.intersection(*names)
        found[one.id] = state(outcome, surely_taken, set.union(here, *names, others))
        ways = after
    for one in undated:
        found[one.id] = state(UNKNOWN, set(), {two.id for two in every if two is not one})
    return found


def _fits(taken: Iterable[tuple[dt.date, str]], on: dt.date, limit: int, mode: Mode) -> bool:
    """Return whether one more has a place on a day: whether no year that has it has too many."""
    days = sorted(day for day, _ in taken)
    if mode == "once":
        return len(days) < limit
    if mode == "calendar":
        return sum(day.year == on.year for day in days) < limit
    # Too many are in one year where the last of limit + 1 in a row comes less than a year after the
    # first; only those matter that have this one among them.
    at = sum(day <= on for day in days)
    days.insert(at, on)
    starts = range(max(at - limit, 0), min(at, len(days) - 1 - limit) + 1)
    return all(days[one + limit] >= add_months(days[one], _YEAR) for one in starts)


def _near(day: dt.date, on: dt.date, mode: Mode) -> bool:
    """Return whether a day can share a year with another one, or with one after that."""
    if mode == "once":
        return True
    if mode == "calendar":
        return day.year == on.year
    first, last = sorted((day, on))
    return last < add_months(first, _YEAR)
