"""Rows that are matched together: those around points, and those around communities' areas."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from geo_match.matching import LADDER_M, Around, FrameError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd

    from geo_match.matching import Answer, Prepared
    from geo_match.matching.live.live_matcher import MatcherAt

AROUND: Final = "around"
"""The column of a row that names the community whose area is asked from."""
OF_PUBLIC_JOBS: Final = ("open", "vacancies", "employer")
"""The conditions that a job must keep to be shown to everybody."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """What stands in the way of somebody.

    Parameters
    ----------
    in_circle
        Jobs in the circle, whatever they are.
    public_in_circle
        Those of them that everybody may see.
    public_straight
        Those that everybody may see in the circle of straight lines, whatever the walk there; the
        same where nobody walks, or the caller sees all.
    near_misses
        Condition, jobs, the nearest one's id and its distance, metres.
    first
        Id of the nearest eligible job, and its distance, metres; None where there is none.
    within
        How many eligible jobs lie within each radius of the ladder.
    """

    in_circle: int
    public_in_circle: int
    public_straight: int
    near_misses: list[tuple[str, int, str, float]]
    first: tuple[str, float] | None
    within: list[tuple[float, int]]


@dataclass
class Group:
    """Rows of one kind of origin.

    Parameters
    ----------
    at
        What they ask.
    areas
        Well-known texts by the names that the rows' column `AROUND` has; None for points.
    straight
        The same by straight lines, where `at` asks for walks and the caller does not see all.
    rows
        Of the frame that is matched, each with an `id` of its own.
    """

    at: MatcherAt
    areas: Mapping[str, str] | None
    straight: MatcherAt | None = None
    rows: list[dict[str, Any]] = field(default_factory=list)
    _ready: Prepared | None = None

    def leave_faulty(self) -> dict[str, FrameError]:
        """Leave out the rows that cannot be matched; return what is wrong with them, by id.

        What comes from a body or a store was checked before: mostly there is none.
        """
        if not self.rows:
            return {}
        try:
            self._ready = self._prepared(self.rows)
        except FrameError:
            pass
        else:
            return {}
        faulty: dict[str, FrameError] = {}
        for row in self.rows:
            try:
                self._prepared([row])
            except FrameError as error:
                faulty[row["id"]] = error
        self.rows = [row for row in self.rows if row["id"] not in faulty]
        self._ready = self._prepared(self.rows)
        return faulty

    def answers(self, *, explained: bool) -> list[Answer]:
        """Return the answer of each row, in their order, once the faulty ones are left out.

        Raises
        ------
        ArgumentError
            If the options break a rule, such as one that has no entry on the day.
        """
        if self._ready is None:
            return []
        return [
            self.at.match_one(row["id"], among=self._ready, explained=explained)
            for row in self.rows
        ]

    def lacking(self, ids: Collection[str]) -> dict[str, Lacking]:
        """Return what stands in the way of the rows of some ids, by id."""
        rows = [row for row in self.rows if row["id"] in ids]
        if not rows:
            return {}
        told = self.at.shortfall(self._prepared(rows))
        public = self._public(self.at, rows)
        straight = public if self.straight is None else self._public(self.straight, rows)
        return {
            row["seeker_id"]: Lacking(
                int(row["in_circle"]),
                public[row["seeker_id"]],
                straight[row["seeker_id"]],
                _misses(told.near_misses, row["seeker_id"]),
                _first(row),
                [(rung, int(row[f"eligible_within_{rung:.15g}_m"])) for rung in LADDER_M],
            )
            for row in told.seekers.to_dict("records")
        }

    def _public(self, at: MatcherAt, rows: list[dict[str, Any]]) -> dict[str, int]:
        """Return how many jobs that everybody may see the rows' circles hold, by id."""
        everybody = at.asking(
            dataclasses.replace(at.options, conditions=OF_PUBLIC_JOBS, unknown_fails=())
        )
        counted = everybody.shortfall(rows, around=self._around(), ladder_m=()).seekers
        return dict(zip(counted["seeker_id"], counted["matches"].tolist(), strict=True))

    def _prepared(self, rows: list[dict[str, Any]]) -> Prepared:
        return self.at.prepare(rows, around=self._around())

    def _around(self) -> Around | None:
        if self.areas is None:
            return None
        frame = [{"code": name, "area": area} for name, area in self.areas.items()]
        return Around(frame, by=AROUND)


def _misses(frame: pd.DataFrame, seeker_id: str) -> list[tuple[str, int, str, float]]:
    mine = frame[frame["seeker_id"] == seeker_id]
    columns = ("condition", "jobs", "nearest_job_id", "nearest_distance_m")
    return list(zip(*(mine[name].tolist() for name in columns), strict=True))


def _first(row: Mapping[Any, Any]) -> tuple[str, float] | None:
    name = row["first_eligible_job_id"]
    return (name, float(row["first_eligible_distance_m"])) if isinstance(name, str) else None
