"""What no change of the supply changes: the people, where they are, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from geo_match.coverage.answers.levels import rows_by
from geo_match.coverage.measures.competition import availability
from geo_match.index import PointIndex

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo_match.coverage.answers.report import CoverageReport
    from geo_match.coverage.answers.rows import Rows
    from geo_match.coverage.given.communities import Communities
    from geo_match.coverage.given.people import People
    from geo_match.coverage.given.supply import Supply
    from geo_match.coverage.measures.competition import Availability
    from geo_match.coverage.measures.decay import Decay

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Numbers = Integers | Floats

_FEW: Final = 8
"""Of up to so many places the people are named; of more, all people are asked in one pass."""


class Touched(NamedTuple):
    """Who is within the radius of a place, and of how much more or less.

    Parameters
    ----------
    at
        int64, (t,): positions among the located, ascending.
    amount
        int64, (t,): the sum over the places around each.
    """

    at: Integers
    amount: Integers


@dataclass(frozen=True, eq=False)
class Ground:
    """The people of a report and their communities.

    Parameters
    ----------
    report
        What is left of it is what no change changes.
    located
        int64, (l,): who has a place, ascending.
    index
        Of the located, in this order.
    """

    report: CoverageReport
    located: Integers
    index: PointIndex
    _rows: dict[str, Rows] = field(default_factory=dict)

    @classmethod
    def of(cls, report: CoverageReport) -> Ground:
        """Return the ground of a report."""
        who = report.who
        located = np.flatnonzero(who.located)
        return cls(report, located, PointIndex(lon=who.lon[located], lat=who.lat[located]))

    @property
    def who(self) -> People:
        """The people."""
        return self.report.who

    @property
    def communities(self) -> Communities:
        """The communities."""
        return self.report.communities

    @property
    def community(self) -> Integers:
        """The position of each person's community, int64, (n,); −1 outside."""
        return self.report.outcome.community

    def demand(self, lon: Floats, lat: Floats, radius_m: float) -> Numbers:
        """Return the weights of all people within the radius of places, (m,); exact if whole."""
        return self._weighed(lon=lon, lat=lat, radius_m=radius_m)

    def availability(self, supply: Supply, decay: Decay, radius_m: float) -> Availability:
        """Return what of a supply falls to each of the located, in their order."""
        return availability(
            self.who.lon[self.located],
            self.who.lat[self.located],
            self.who.weight[self.located],
            supply.lon,
            supply.lat,
            supply.amount,
            radius_m=radius_m,
            decay=decay,
            people_index=self.index,
        )

    def touched(self, lon: Floats, lat: Floats, amount: Integers, radius_m: float) -> Touched:
        """Return who is within the radius of places, and the sum of their amounts around each.

        Parameters
        ----------
        lon, lat
            Degrees WGS-84, (c,), all different.
        amount
            int64, (c,), below 0 or above.
        radius_m
            Metres, inclusive.
        """
        if len(lon) > _FEW:
            near = np.flatnonzero(self.index.count_reaching(lon=lon, lat=lat, radius_m=radius_m))
            total = self.index.sum_reaching(lon=lon, lat=lat, radius_m=radius_m, weights=amount)
            return Touched(near, np.asarray(total[near], dtype=np.int64))
        pairs = self.index.within(lon=lon, lat=lat, radius_m=radius_m)
        if len(lon) == 1:  # each once, and ascending
            return Touched(pairs.point, np.full(len(pairs), amount[0]))
        near, of = np.unique(pairs.point, return_inverse=True)
        total = np.zeros(len(near), dtype=np.int64)
        np.add.at(total, of, amount[pairs.query])
        return Touched(near, total)

    def rows(self, first: str) -> Rows:
        """Return the rows that `CoverageReport.by(first)` has; found once for each `first`.

        Raises
        ------
        ArgumentError
            If there is no such level or column.
        """
        if first not in self._rows:
            self._rows[first] = rows_by(first, self.who, self.communities, self.community)
        return self._rows[first]

    @cached_property
    def _weighed(self) -> Callable[..., Numbers]:
        """The question of `demand`, with the weights put in order once."""
        weights = self.index.prepare(self.who.weight[self.located])
        return partial(self.index.sum_within, weights=weights)


def as_text(values: NDArray[np.object_]) -> pd.Series:
    """Return texts, None for null, as a column whose type is the same for any of them, or none."""
    return pd.Series(values, dtype="str")
