"""Caps by person and year: which cases take the places that there are, for certain or perhaps.

Cases are looked at in the order of their days, then of their ids. One whose other conditions hold
takes a place where there is one; of one of which that is unknown it is unknown, too, and so may be
what comes after it. Every way in which it may have gone is followed, so that a case keeps the cap
for certain if it does in all ways, and breaks it if it does in none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geo_match.policy.months import YEAR, add_months
from geo_match.rules import FAIL, OUTCOMES, PASS, UNKNOWN

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

Mode = Literal["calendar", "rolling", "once"]
_Taken = tuple[tuple["dt.date", str], ...]


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
        Day and case of claims that were made already and not returned: they have their places,
        whenever they are. Where a slot is such a case and its day was corrected since, the place
        stands on both days, as one, until the claim is returned.
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
    has_claim = {id_ for _, id_ in claimed}
    moved = [(on, one.id) for on, one in dated if one.id in has_claim]
    places = tuple(dict.fromkeys([*claimed, *moved]))

    def state(outcome: int, taken: set[str], perhaps: set[str]) -> CapState:
        texts = tuple(sorted(taken)), tuple(sorted(perhaps - taken))
        return CapState(limit, mode, across_operators, outcome, *texts)

    for on, one in dated:
        ways = {tuple(two for two in way if _near(two[0], on, mode)) for way in ways}
        fixed = tuple(two for two in places if two[1] != one.id and _near(two[0], on, mode))
        # A case without a day may be on any: on the same day it is in every year of this one.
        others = [two.id for two in undated if two.outcome != FAIL]
        phantoms = tuple((on, id_) for id_ in others)
        after: set[_Taken] = set()
        kept: set[bool] = set()
        for way in ways:
            fits = _fits((*way, *fixed), on, limit, mode)
            surely = fits and _fits((*way, *fixed, *phantoms), on, limit, mode)
            kept |= {fits, surely}
            if fits and one.outcome != FAIL and one.id not in has_claim:
                after.add((*way, (on, one.id)))
            if not surely or one.outcome != PASS or one.id in has_claim:
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
    """Return whether one more has a place on a day: whether no year that has it has too many.

    A case that has a place on two days of a year has one in it.
    """
    there = list(taken)
    if mode == "once":
        return len({id_ for _, id_ in there}) < limit
    if mode == "calendar":
        return len({id_ for day, id_ in there if day.year == on.year}) < limit
    # Of the twelve months that have the day among them only those need be looked at that begin with
    # a place: any others have the same places or fewer than those that begin with their first.
    firsts = {on, *(day for day, _ in there if day <= on < add_months(day, YEAR))}
    return all(
        len({id_ for day, id_ in there if first <= day < add_months(first, YEAR)}) < limit
        for first in firsts
    )


def _near(day: dt.date, on: dt.date, mode: Mode) -> bool:
    """Return whether a day can share a year with another one, or with one after that."""
    if mode == "once":
        return True
    if mode == "calendar":
        return day.year == on.year
    first, last = sorted((day, on))
    return last < add_months(first, YEAR)
