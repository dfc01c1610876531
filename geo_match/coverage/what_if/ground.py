"""What no change of the supply changes: the people, where they are, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from geo_match.coverage.answers.levels import rows_by
from geo_match.coverage.measures.basis import index_of
from geo_match.coverage.measures.competition import availability
from geo_match.index.counts import starts

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo_match.coverage.answers.report import CoverageReport
    from geo_match.coverage.answers.rows import Rows
    from geo_match.coverage.given.communities import Communities
    from geo_match.coverage.given.people import People
    from geo_match.coverage.given.supply import Supply
    from geo_match.coverage.measures.basis import Index
    from geo_match.coverage.measures.competition import Availability
    from geo_match.coverage.measures.decay import Decay
    from geo_match.walking.network import Network

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
class Located:
    """The people who have a place, on one basis.

    Parameters
    ----------
    lon, lat, weight
        Of the located in their order, (l,).
    network
        The streets, on foot; None for the straight line.
    index
        Of them, on that basis.
    """

    lon: Floats
    lat: Floats
    weight: Numbers
    network: Network | None
    index: Index

    def on(self, network: Network | None) -> Located:
        """Return the same people on another basis."""
        index = index_of(self.lon, self.lat, network, is_part=True)  # their report was made
        return replace(self, network=network, index=index)

    def demand(self, lon: Floats, lat: Floats, radius_m: float) -> Numbers:
        """Return the weights of all people within the radius of places, (m,); exact if whole."""
        return self._weighed(lon=lon, lat=lat, radius_m=radius_m)

    def availability(self, supply: Supply, decay: Decay, radius_m: float) -> Availability:
        """Return what of a supply falls to each of them."""
        return availability(
            self.lon,
            self.lat,
            self.weight,
            supply.lon,
            supply.lat,
            supply.amount,
            radius_m=radius_m,
            decay=decay,
            network=self.network,
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

    @cached_property
    def _weighed(self) -> Callable[..., Numbers]:
        """The question of `demand`, with the weights put in order once."""
        return partial(self.index.sum_within, weights=self.index.prepare(self.weight))


@dataclass(frozen=True, eq=False)
class Ground:
    """The people of a report and their communities.

    Parameters
    ----------
    report
        What is left of it is what no change changes.
    located
        int64, (l,): who has a place, ascending.
    straight
        The located, by straight lines.
    """

    report: CoverageReport
    located: Integers
    straight: Located
    _rows: dict[str, Rows] = field(default_factory=dict)
    _members: dict[str, tuple[Integers, Integers]] = field(default_factory=dict)
    _on_foot: list[Located] = field(default_factory=list)

    @classmethod
    def of(cls, report: CoverageReport) -> Ground:
        """Return the ground of a report."""
        who = report.who
        at = np.flatnonzero(who.located)
        lon, lat = who.lon[at], who.lat[at]
        return cls(report, at, Located(lon, lat, who.weight[at], None, index_of(lon, lat)))

    def on(self, network: Network | None) -> Located:
        """Return the located on a basis; of the networks the last one asked for is kept."""
        if network is None:
            return self.straight
        if not self._on_foot or self._on_foot[0].network is not network:
            self._on_foot[:] = [self.straight.on(network)]
        return self._on_foot[0]

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

    def members(self, first: str, which: Integers) -> tuple[Integers, Integers]:
        """Return the located people of some of the rows that `rows(first)` has.

        Parameters
        ----------
        which
            int64, (w,): the rows.

        Returns
        -------
        who
            int64, (t,): the positions of these people.
        of
            int64, (t,): the position of each one's row in `which`.
        """
        if first not in self._members:
            rows = self.rows(first)
            row = rows.of[self.located]
            # Short keys are sorted by their digits, in linear time.
            small = row.astype(np.int16) if len(rows.kind) <= np.iinfo(np.int16).max else row
            begins = starts(np.bincount(row, minlength=len(rows.kind)))
            self._members[first] = self.located[np.argsort(small, kind="stable")], begins
        order, begins = self._members[first]
        parts = [order[begins[row] : begins[row + 1]] for row in which.tolist()]
        of = np.repeat(np.arange(len(which)), [len(part) for part in parts])
        return np.concatenate([np.empty(0, dtype=np.int64), *parts]), of


def as_text(values: NDArray[np.object_]) -> pd.Series:
    """Return texts, None for null, as a column whose type is the same for any of them, or none."""
    return pd.Series(values, dtype="str")
