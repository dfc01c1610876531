"""What coverage is made of, read from the store as of one moment: `Town`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from geo_match.coverage import Coverage, CoverageOptions
from geo_match.coverage.given.from_store import (
    OF_COMMUNITIES,
    OF_JOBS,
    PLACE,
    communities_frame,
    jobs_of_store,
    people_fields,
    people_frame,
    people_on,
    supply_of_jobs,
    supply_of_places,
)
from geo_match.intake.invented import is_invented
from geo_match.matching.given.from_store import cursor_of

if TYPE_CHECKING:
    import pyarrow as pa

    from geo_match.coverage import CoverageReport
    from geo_match.store import Cursor, Store


class NothingToTellError(Exception):
    """The store has no people or no communities to tell of."""


@dataclass(frozen=True, slots=True)
class Point:
    """Of whom coverage is, by what, and on which day.

    Parameters
    ----------
    of
        Whose.
    supply
        What is to be reached.
    on
        The day on which that is open, and seekers are registered.
    """

    of: Literal["households", "seekers"]
    supply: Literal["jobs", "stations", "sites"]
    on: dt.date


@dataclass(frozen=True)
class Town:
    """People, a supply and communities, as the library takes them.

    Parameters
    ----------
    point
        What was asked of the store.
    people, supply, communities
        Frames.
    cursor
        As of when they were read.
    invented
        True if any list that they came from is invented, else None.
    has_seekers
        Whether there is any list of seekers.
    """

    point: Point
    people: pa.Table
    supply: pa.Table
    communities: pa.Table
    cursor: Cursor
    invented: bool | None
    has_seekers: bool

    @property
    def is_empty(self) -> bool:
        """Whether there are no people or no communities to tell of."""
        return not len(self.people) or not len(self.communities)

    def report(self, *, radius_m: float, at_least: int = 1) -> CoverageReport:
        """Return who is reached, exactly.

        Raises
        ------
        GeoMatchError
            If the records are not as the library must have them, such as invalid areas.
        """
        options = CoverageOptions(
            radius_m=radius_m,
            at_least=at_least,
            count="vacancies" if self.point.supply == "jobs" else "places",
            max_distance_m=max(radius_m, CoverageOptions().max_distance_m),
        )
        return Coverage(self.supply, self.communities, options).of(self.people)


def read_town(store: Store, point: Point) -> Town:
    """Read all that coverage is made of; no more of people than coverage asks.

    Raises
    ------
    StoreError
        If the store cannot be read.
    """
    communities = store.read("communities", fields=OF_COMMUNITIES)
    cursor = cursor_of(communities)
    fields = people_fields(point.of, eligible=False)
    people = store.read(point.of, fields=fields, as_of=cursor)
    who = people_on(people, point.of, point.on).table
    kinds = [point.of, point.supply, "communities"]
    sources = [source for kind in kinds for source in store.sources(kind)]
    return Town(
        point,
        people_frame(who, point.of, eligible=False),
        read_supply(store, point.supply, point.on, cursor),
        communities_frame(communities),
        cursor,
        True if is_invented(sources) else None,
        # Of the whole list, and of nobody in it: how many there are is not told.
        bool(store.sources("seekers")) or store.has_unlisted("seekers"),
    )


def read_supply(
    store: Store, kind: Literal["jobs", "stations", "sites"], on: dt.date, as_of: Cursor
) -> pa.Table:
    """Read what is to be reached on a day: open jobs of verified employers, stations or sites.

    Raises
    ------
    StoreError
        If the store cannot be read.
    """
    if kind != "jobs":
        return supply_of_places(store.read(kind, fields=PLACE, as_of=as_of, on=on))
    jobs = store.read("jobs", fields=OF_JOBS, as_of=as_of, on=on)
    employers = store.read("employers", fields=("id", "licence"), as_of=as_of)
    counted = jobs_of_store(jobs, employers, verified=True)
    return supply_of_jobs(counted.table, eligible=False, count="vacancies")
