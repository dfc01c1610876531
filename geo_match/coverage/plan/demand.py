"""Demand by occupation: who wants which, and how much of it there is for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo_match.coverage.answers.figures import Groups, by_value, ordered
from geo_match.coverage.measures.competition import availability
from geo_match.coverage.measures.decay import Binary
from geo_match.coverage.plan.nearby import near_any, sum_by
from geo_match.index import PointIndex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo_match.coverage.answers.figures import Numbers
    from geo_match.coverage.given.people import People
    from geo_match.coverage.plan.seekers import Seekers
    from geo_match.coverage.plan.supply import Jobs

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

CELLS: Final = (
    "seekers",
    "seekers_located",
    "vacancies",
    "in_reach_mean",
    "in_reach_median",
    "vacancies_in_reach",
    "available",
    "shortfall",
    "surplus",
)
"""The figures of a row by occupation, in their order."""
_DECIMALS: Final = 6
"""A shortfall below half a millionth of a person is what sums of floats lose, and none."""


class Own(NamedTuple):
    """What of the occupation that each seeker wants there is for the seeker, (n,) each.

    `in_reach` is int64, A_i = Σ_j S_j [d_ij ≤ radius]; `per_head` is a_i = Σ_j R_j [d_ij ≤ radius]
    with R_j = S_j / Σ_k P_k [d_kj ≤ radius]: i and k want this occupation, j are its jobs. Both are
    0 of who is not located or wants nothing that is known, which is never shown.
    """

    in_reach: Integers
    per_head: Floats


@dataclass(frozen=True, eq=False)
class Demand:
    """Seekers and jobs, parted by the group of their occupation.

    Parameters
    ----------
    seekers, jobs
        None where not given.
    radius_m
        Metres, inclusive.
    """

    seekers: Seekers | None
    jobs: Jobs | None
    radius_m: float

    @cached_property
    def groups(self) -> tuple[str | None, ...]:
        """The groups that seekers want or jobs are of, g, in order; None last where not known."""
        found = {
            one
            for side in (self.seekers, self.jobs)
            if side is not None
            for one in side.occupation.tolist()
        }
        known: list[str | None] = sorted(one for one in found if one is not None)
        return (*known, *([None] if None in found else []))

    @property
    def n_known(self) -> int:
        """How many of the groups are one: all but None."""
        return len(self.groups) - (None in self.groups)

    def place(self, occupation: NDArray[np.object_]) -> Integers:
        """Return the position of each occupation's group in `groups`, int64, (n,)."""
        at = {one: position for position, one in enumerate(self.groups)}
        return np.array([at[one] for one in occupation.tolist()], dtype=np.int64)

    @cached_property
    def own(self) -> Own | None:
        """What there is for each seeker; None where seekers or jobs are not given."""
        if self.seekers is None or self.jobs is None:
            return None
        who, where = self.seekers.who, self.jobs.where
        found = Own(np.zeros(len(who.ids), dtype=np.int64), np.zeros(len(who.ids)))
        for people, jobs, index in self._parts:
            lon, lat, amount = who.lon[people], who.lat[people], self.jobs.vacancies[jobs]
            found.in_reach[people] = index.sum_within(
                lon=lon, lat=lat, radius_m=self.radius_m, weights=amount
            )
            found.per_head[people] = availability(
                lon,
                lat,
                who.weight[people],
                where.lon[jobs],
                where.lat[jobs],
                amount,
                radius_m=self.radius_m,
                decay=Binary(),
            ).per_person
        return found

    def cells(
        self, of_seekers: Integers | None, of_jobs: Integers | None, n_rows: int
    ) -> Mapping[str, Numbers | None]:
        """Return the figures of each row by each group, (n_rows, g); None where not given.

        Parameters
        ----------
        of_seekers, of_jobs
            int64: the row of each; None where not given.
        n_rows
            How many.
        """
        found: dict[str, Numbers | None] = dict.fromkeys(CELLS)
        size = n_rows * len(self.groups)
        if self.jobs is not None and of_jobs is not None:
            cell = of_jobs * len(self.groups) + self.place(self.jobs.occupation)
            found["vacancies"] = Groups(cell, size, self.jobs.vacancies).total()
        if self.seekers is not None and of_seekers is not None:
            cell = of_seekers * len(self.groups) + self.place(self.seekers.occupation)
            cells = Groups(cell, size, self.seekers.who.weight)
            found["seekers"] = cells.total()
            found["seekers_located"] = cells.total(self.seekers.who.located)
            if self.own is not None:
                found |= self._supplied(cells, self.seekers.who, self.own)
        return {
            name: None if values is None else values.reshape(n_rows, len(self.groups))
            for name, values in found.items()
        }

    def _supplied(self, cells: Groups, who: People, own: Own) -> dict[str, Numbers]:
        """Return what there is for the seekers of each cell, (cells.number,) each."""
        is_known = cells.of % len(self.groups) < self.n_known
        some = np.flatnonzero(who.located & is_known)
        values = ordered(cells, own.in_reach, some[by_value(own.in_reach[some])])
        near = np.zeros(cells.number, dtype=np.int64)
        for people, jobs, index in self._parts:
            row = np.full(len(who.ids), -1, dtype=np.int64)
            row[people] = cells.of[people]
            amount = self.jobs.vacancies[jobs] if self.jobs is not None else jobs
            near += near_any(who, row, cells.number, index, amount=amount, radius_m=self.radius_m)
        weight, head = who.weight[some], own.per_head[some]
        sums = {
            "available": head,
            "shortfall": np.maximum(1.0 - head, 0.0),
            "surplus": np.maximum(head - 1.0, 0.0),
        }
        # Of what is not known there is no supply.
        nothing = np.arange(cells.number) % len(self.groups) >= self.n_known
        told = {
            name: np.where(nothing, np.nan, sum_by(cells.of[some], weight * value, cells.number))
            for name, value in sums.items()
        }
        return {
            "in_reach_mean": values.mean(),
            "in_reach_median": values.quantile(0.5),
            "vacancies_in_reach": near,
            **told,
        }

    @cached_property
    def _parts(self) -> list[tuple[Integers, Integers, PointIndex]]:
        """Of each group that is known and has both: the located seekers, the jobs, their index."""
        if self.seekers is None or self.jobs is None:
            return []
        who, where = self.seekers.who, self.jobs.where
        wanted, offered = self.place(self.seekers.occupation), self.place(self.jobs.occupation)
        parts = []
        for group in range(self.n_known):
            people = np.flatnonzero(who.located & (wanted == group))
            jobs = np.flatnonzero(where.located & (offered == group))
            if len(people) and len(jobs):
                parts.append((people, jobs, PointIndex(lon=where.lon[jobs], lat=where.lat[jobs])))
        return parts


def most_short(shortfall: Floats, most: int) -> Integers:
    """Return the groups of each row whose supply falls most short, the worst first.

    Parameters
    ----------
    shortfall
        float64, (n_rows, g), people, at least 0; NaN of what is not known.
    most
        How many.

    Returns
    -------
    numpy.ndarray
        int64, (n_rows, most): columns of `shortfall`; −1 where no more has one above 0. Equal to
        a millionth of a person, the first column comes first.
    """
    rounded = np.nan_to_num(np.round(shortfall, _DECIMALS), nan=0.0)
    order = np.argsort(-rounded, axis=1, kind="stable")[:, :most]
    short = np.take_along_axis(rounded, order, axis=1) > 0.0
    found = np.full((len(shortfall), most), -1, dtype=np.int64)
    found[:, : order.shape[1]] = np.where(short, order, -1)
    return found
