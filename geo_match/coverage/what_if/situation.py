"""How things stand before a change or after it: the supply, and what each person has of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match.coverage.answers.figures import Groups
from geo_match.coverage.answers.reasons import REASONS, reasons
from geo_match.coverage.measures.decay import Binary

if TYPE_CHECKING:
    from geo_match.coverage.given.supply import Supply, SupplyRows
    from geo_match.coverage.options import CoverageOptions
    from geo_match.coverage.what_if.ground import Ground, Integers, Numbers


class Counts(NamedTuple):
    """Sums of weights of rows of people, (g,) each.

    Parameters
    ----------
    people, located, reached, below
        As in `CoverageReport.by`.
    reasons
        Of `below`, (g, len(REASONS)).
    """

    people: Numbers
    located: Numbers
    reached: Numbers
    below: Numbers
    reasons: Numbers


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
    """

    rows: SupplyRows
    supply: Supply
    options: CoverageOptions
    in_reach: Integers
    measure: Numbers
    reason: Integers
    demand: Integers | None
    _counts: dict[str, Counts] = field(default_factory=dict)

    def counts(self, ground: Ground, first: str) -> Counts:
        """Return the sums of the rows by a level or column; added up once for each."""
        if first not in self._counts:
            rows = ground.rows(first)
            groups = Groups(rows.of, len(rows.kind), ground.who.weight)
            located = ground.who.located
            reached = located & (self.in_reach >= self.options.at_least)
            self._counts[first] = Counts(
                people=groups.total(),
                located=groups.total(located),
                reached=groups.total(reached),
                below=groups.total(self.reason >= 0),
                reasons=groups.totals(self.reason, len(REASONS)),
            )
        return self._counts[first]


def keeps_demand(options: CoverageOptions, ground: Ground) -> bool:
    """Return whether the demand of each place is kept: then only those near a change are recounted.

    What falls to a person is a sum over the places in the circle of supply by demand, and a demand
    is of the people alone: a change of places leaves all others' as they were. It is done for a
    binary decay, which needs no distances, and whole weights, whose sums are exact.
    """
    return isinstance(options.competition, Binary) and ground.who.weight.dtype.kind == "i"


def reasons_of(
    ground: Ground, who: Integers, in_reach: Integers, measure: Numbers, options: CoverageOptions
) -> Integers:
    """Return the reason of each of some located people, (t,), as `reasons` does.

    Parameters
    ----------
    who
        Their positions, (t,).
    in_reach, measure
        What they have, (t,).
    """
    return reasons(
        located=np.ones(len(who), dtype=np.bool_),
        coarse=ground.who.accuracy_m[who] > options.coarse_or_default_m,
        in_reach=in_reach,
        measure=measure,
        standard=options.standard_or_default,
        shared=options.competition is not None,
    )
