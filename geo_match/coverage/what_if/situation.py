"""How things stand before a change or after it: the supply, and what each person has of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match.coverage.answers.figures import Groups
from geo_match.coverage.answers.reasons import REASONS, reasons
from geo_match.coverage.measures.decay import Binary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.given.supply import Supply, SupplyRows
    from geo_match.coverage.options import CoverageOptions
    from geo_match.coverage.what_if.ground import Floats, Ground, Integers, Numbers


class Have(NamedTuple):
    """What some people have, (t,) each: as in `Situation`."""

    in_reach: Integers
    measure: Numbers
    straight: Integers | None


class Counts(NamedTuple):
    """Sums of weights of rows of people, (g,) each.

    Parameters
    ----------
    people, located, reached, below
        As in `CoverageReport.by`.
    reasons
        Of `below`, (g, len(REASONS)).
    lost_on_foot
        Reached straight, and not on foot; 0 where all is straight.
    """

    people: Numbers
    located: Numbers
    reached: Numbers
    below: Numbers
    reasons: Numbers
    lost_on_foot: Numbers


@dataclass(frozen=True, eq=False)
class Situation:
    """A supply, what was asked, and what was found of each person.

    Parameters
    ----------
    rows
        Of the supply.
    supply
        Gathered from them.
    options
        What is asked.
    in_reach, measure, reason
        As in `Outcome`, (n,) each; without competition the first two are one array.
    demand
        int64, (m,): how many people reach each place of the supply; None unless
        `keeps_demand`.
    straight
        int64, (n,): on foot, what is in the straight circle; else None.
    distance_m
        As in `Outcome`; None where it was not looked for.
    """

    rows: SupplyRows
    supply: Supply
    options: CoverageOptions
    in_reach: Integers
    measure: Numbers
    reason: Integers
    demand: Integers | None
    straight: Integers | None = None
    distance_m: Floats | None = None
    _counts: dict[str, Counts] = field(default_factory=dict)

    def counts(self, ground: Ground, first: str) -> Counts:
        """Return the sums of the rows by a level or column; added up once for each."""
        if first not in self._counts:
            rows = ground.rows(first)
            groups = Groups(rows.of, len(rows.kind), ground.who.weight)
            located = ground.who.located
            enough = self.options.at_least
            reached = located & (self.in_reach >= enough)
            lost = is_lost(self.straight, self.in_reach, enough)
            self._counts[first] = Counts(
                people=groups.total(),
                located=groups.total(located),
                reached=groups.total(reached),
                below=groups.total(self.reason >= 0),
                reasons=groups.totals(self.reason, len(REASONS)),
                lost_on_foot=groups.total(lost),
            )
        return self._counts[first]


def is_lost(straight: Integers | None, in_reach: Integers, enough: int) -> NDArray[np.bool_]:
    """Return who has enough straight and not on foot, (n,); nobody where all is straight."""
    if straight is None:
        return np.zeros(len(in_reach), dtype=np.bool_)
    return np.asarray((straight >= enough) & (in_reach < enough))


def keeps_demand(options: CoverageOptions, ground: Ground) -> bool:
    """Return whether the demand of each place is kept: then only those near a change are recounted.

    What falls to a person is a sum over the places in the circle of supply by demand, and a demand
    is of the people alone: a change of places leaves all others' as they were. It is done for a
    binary decay, which needs no distances, and whole weights, whose sums are exact.
    """
    return isinstance(options.competition, Binary) and ground.who.weight.dtype.kind == "i"


def reasons_of(ground: Ground, who: Integers, options: CoverageOptions, have: Have) -> Integers:
    """Return the reason of each of some located people, (t,), as `reasons` does.

    Parameters
    ----------
    who
        Their positions, (t,).
    have
        What they have.
    """
    return reasons(
        located=np.ones(len(who), dtype=np.bool_),
        coarse=ground.who.accuracy_m[who] > options.coarse_or_default_m,
        in_reach=have.in_reach,
        measure=have.measure,
        standard=options.standard_or_default,
        shared=options.competition is not None,
        straight=have.straight,
    )
