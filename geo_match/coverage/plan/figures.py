"""The figures of a plan's row: who and what is in it, and what is in its people's circles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.coverage.answers.figures import Groups, by_value, ordered, share_of
from geo_match.coverage.plan.nearby import in_circles, near_any
from geo_match.coverage.plan.seekers import GROUPS
from geo_match.index import PointIndex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo_match.coverage.answers.figures import Numbers
    from geo_match.coverage.given.people import People
    from geo_match.coverage.plan.residents import Residents
    from geo_match.coverage.plan.seekers import Seekers
    from geo_match.coverage.plan.supply import Jobs, Stations

    Integers = NDArray[np.int64]

COUNTS: Final[Mapping[str, tuple[str, ...]]] = {
    "entities": ("entities",),
    "people": ("people",),
    "people_located": ("people",),
    "working_age": ("people",),
    "working_age_unknown": ("people",),
    "seekers": ("seekers",),
    "seekers_located": ("seekers",),
    **{f"seekers_{name}": ("seekers",) for name in GROUPS},
    "seekers_groups_not_stated": ("seekers",),
    "jobs": ("jobs",),
    "vacancies": ("jobs",),
    "stations": ("stations",),
    "seekers_reached": ("seekers", "jobs"),
    "vacancies_in_reach": ("seekers", "jobs"),
    "people_near_station": ("people", "stations"),
    "stations_in_reach": ("people", "stations"),
    "entities_in_reach": ("people", "entities"),
}
"""The figures that are counts, and the frames that each is made of."""
NUMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "entities_per_km2": ("entities",),
    "seekers_reached_share": ("seekers", "jobs"),
    "vacancies_in_reach_median": ("seekers", "jobs"),
    "people_near_station_share": ("people", "stations"),
}
"""The others, and the frames that each is made of."""
STATED: Final = "people_with_year_of_birth"
"""Of how many people the year of birth is stated: what `working_age` rests on, and no figure."""


@dataclass(frozen=True, eq=False)
class Given:
    """What was given; None of what was not.

    Parameters
    ----------
    people, seekers, entities, jobs, stations
        As they were read.
    """

    people: Residents | None
    seekers: Seekers | None
    entities: People | None
    jobs: Jobs | None
    stations: Stations | None

    @cached_property
    def places(self) -> Mapping[str, People]:
        """The places of each frame that was given, by its name."""
        found = {
            "people": None if self.people is None else self.people.who,
            "seekers": None if self.seekers is None else self.seekers.who,
            "entities": self.entities,
            "jobs": None if self.jobs is None else self.jobs.where,
            "stations": None if self.stations is None else self.stations.where,
        }
        return {name: places for name, places in found.items() if places is not None}


class Figures:
    """The figures of any rows, what is in each one's circle being looked up once.

    Parameters
    ----------
    given
        What they are made of.
    radius_m
        Metres, inclusive.
    """

    def __init__(self, given: Given, radius_m: float) -> None:
        self._given = given
        self._radius_m = radius_m

    def of(self, rows: Mapping[str, Integers], n: int) -> dict[str, Numbers]:
        """Return the figures of n rows, (n,) each, of what was given.

        Parameters
        ----------
        rows
            For each frame that was given the row of each of its places, int64, 0 … n − 1.
        n
            How many rows.
        """
        found: dict[str, Numbers] = {}
        for name in ("entities", "jobs", "stations"):
            if name in rows:
                found[name] = np.bincount(rows[name], minlength=n).astype(np.int64)
        self._of_people(rows, n, found)
        self._of_seekers(rows, n, found)
        return found

    def _of_people(self, rows: Mapping[str, Integers], n: int, found: dict[str, Numbers]) -> None:
        people = self._given.people
        if people is None:
            return
        groups = Groups(rows["people"], n, people.who.weight)
        found["people"] = groups.total()
        found["people_located"] = groups.total(people.who.located)
        found["working_age"] = groups.total(people.of_working_age)
        found["working_age_unknown"] = groups.total(people.age_unknown)
        found[STATED] = groups.total(people.is_stated)
        for name in ("entities", "stations"):
            if name in self._index:
                found[f"{name}_in_reach"] = self._near("people", name, rows, n)
        if self._stations_near is not None:
            near = people.who.located & (self._stations_near > 0)
            found["people_near_station"] = groups.total(near)
            found["people_near_station_share"] = share_of(
                found["people_near_station"], found["people_located"]
            )

    def _of_seekers(self, rows: Mapping[str, Integers], n: int, found: dict[str, Numbers]) -> None:
        seekers, jobs = self._given.seekers, self._given.jobs
        if jobs is not None:
            found["vacancies"] = Groups(rows["jobs"], n, jobs.vacancies).total()
        if seekers is None:
            return
        groups = Groups(rows["seekers"], n, seekers.who.weight)
        found["seekers"] = groups.total()
        found["seekers_located"] = located = groups.total(seekers.who.located)
        for name, is_in in seekers.is_in.items():
            found[f"seekers_{name}"] = groups.total(is_in)
        if seekers.not_stated:
            unsaid = np.logical_or.reduce(list(seekers.not_stated.values()))
            found["seekers_groups_not_stated"] = groups.total(unsaid)
        within = self._vacancies_near
        if within is None:
            return
        found["seekers_reached"] = groups.total(seekers.who.located & (within > 0))
        found["seekers_reached_share"] = share_of(found["seekers_reached"], located)
        there = np.flatnonzero(seekers.who.located)
        values = ordered(groups, within, there[by_value(within[there])])
        found["vacancies_in_reach_median"] = values.quantile(0.5)
        found["vacancies_in_reach"] = self._near("seekers", "jobs", rows, n)

    def _near(self, whom: str, what: str, rows: Mapping[str, Integers], n: int) -> Integers:
        index, amount = self._index[what]
        people = self._given.places[whom]
        return near_any(people, rows[whom], n, index, amount=amount, radius_m=self._radius_m)

    @cached_property
    def _index(self) -> Mapping[str, tuple[PointIndex, Integers]]:
        """For each frame of places that was given those that are located, and what each counts."""
        found = {}
        for name in ("entities", "jobs", "stations"):
            where = self._given.places.get(name)
            if where is not None:
                at = where.located
                jobs = self._given.jobs
                of_jobs = name == "jobs" and jobs is not None
                amount = jobs.vacancies if jobs is not None and of_jobs else where.weight
                index = PointIndex(lon=where.lon[at], lat=where.lat[at])
                found[name] = index, amount[at].astype(np.int64)
        return found

    @cached_property
    def _stations_near(self) -> Integers | None:
        """How many stations are in each person's circle."""
        return self._circles("people", "stations")

    @cached_property
    def _vacancies_near(self) -> Integers | None:
        """How many vacancies are in each seeker's circle."""
        return self._circles("seekers", "jobs")

    def _circles(self, whom: str, what: str) -> Integers | None:
        places = self._given.places
        if whom not in places or what not in places:
            return None
        return in_circles(places[whom], *self._index[what], self._radius_m)
