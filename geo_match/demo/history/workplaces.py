"""Where people were hired: at sites mostly near their home, and by which of their postings.

A hire looks at a few sites among those that have found people by postings of its type, near home
or, for a tenth of all, anywhere. The first that has a posting of the type open on the day, for the
person's age and education, takes them by it. No posting finds more people than its site says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pandas as pd

from geo_match.demo._random import marks
from geo_match.demo._runs import number_in_order
from geo_match.demo.history._columns import UNKNOWN
from geo_match.demo.history._days import NEVER, to_days
from geo_match.demo.people.working_life import EDUCATION
from geo_match.demo.vocabulary import JOB_TYPES
from geo_match.index import PointIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.work import Work

    _Days: TypeAlias = NDArray[np.datetime64]

_NEAREST: Final = 40
"""Sites near home among which one is chosen."""
_ANYWHERE: Final = 0.10
_TRIES: Final = 10
"""Sites that a hire looks at."""
_BACK: Final = 10
"""Postings of a site looked at, the youngest first."""
_UNPOSTED: Final = 0.05
"""Hires that came without a posting though there may have been one."""
_UNVERIFIED: Final = 0.1
"""How often a site is chosen whose employer's licence was never verified, to one that was."""
_AT_ONCE: Final = 20_000
"""Hires chosen for together: their nearest sites take some 20 MB."""
_DAYS: Final = np.int64(NEVER)
"""A site's row times this, plus a day, sorts by both."""


@dataclass(frozen=True, slots=True, eq=False)
class Hired:
    """Who was hired and when, as far as it decides where, each array of shape (n,).

    Parameters
    ----------
    key
        A number for each, the same in every share of the city.
    type_
        Position in `JOB_TYPES`, −1 for none: no site then.
    on
        The first day of work, datetime64[D].
    lon, lat
        The person's home, degrees, WGS-84.
    age
        On that day, years.
    education
        Position in `EDUCATION`.
    """

    key: NDArray[np.uint64]
    type_: NDArray[np.int64]
    on: _Days
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    age: NDArray[np.int64]
    education: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Postings:
    """The postings of one type, by site and opening day, each array of shape (j,).

    Parameters
    ----------
    row
        Row among all postings.
    sorts_by
        Site's row and opening day in one number, ascending.
    closed
        The day on which each closed, `NEVER` if it has not.
    age_min, age_max, education
        Whom each asks for; no demand admits all.
    """

    row: NDArray[np.int64]
    sorts_by: NDArray[np.int64]
    closed: NDArray[np.int64]
    age_min: NDArray[np.int64]
    age_max: NDArray[np.int64]
    education: NDArray[np.int64]


class Workplaces:
    """The sites of the city and all their postings since 2022.

    Parameters
    ----------
    work
        Whose `sites`, `jobs` and `closed_jobs` they are.

    Attributes
    ----------
    id
        Id of each posting, shape (j,).
    filled
        How many people each has found, shape (j,).
    """

    def __init__(self, work: Work) -> None:
        names = ["id", "site_id", "job_type", "opened_on", "closed_on", "filled"]
        names += ["age_min", "age_max", "education_min", "employer_licence"]
        jobs = pd.concat([work.closed_jobs[names], work.jobs[names]], ignore_index=True)
        self.id = jobs["id"].to_numpy(dtype=object)
        self.filled = jobs["filled"].to_numpy(np.int64)
        self._lon = work.sites.geometry.x.to_numpy()
        self._lat = work.sites.geometry.y.to_numpy()
        site = pd.Index(work.sites["id"]).get_indexer(jobs["site_id"])
        opened, closed = to_days(jobs["opened_on"]), to_days(jobs["closed_on"])
        education = np.array([EDUCATION.index(name) for name in jobs["education_min"].dropna()])
        least = np.zeros(len(jobs), dtype=np.int64)
        least[jobs["education_min"].notna().to_numpy()] = education
        unverified = (jobs["employer_licence"] == "unverified").to_numpy()
        weight = self.filled * np.where(unverified, _UNVERIFIED, 1.0)
        order = np.lexsort((opened, site))
        self._postings = []
        self._found = []
        for type_ in JOB_TYPES:
            here = order[(jobs["job_type"] == type_).to_numpy()[order] & (self.filled[order] > 0)]
            self._postings.append(
                _Postings(
                    row=here,
                    sorts_by=site[here] * _DAYS + opened[here],
                    closed=closed[here],
                    age_min=_bound(jobs["age_min"], 0)[here],
                    age_max=_bound(jobs["age_max"], 200)[here],
                    education=least[here],
                )
            )
            self._found.append(
                np.bincount(site[here], weights=weight[here], minlength=len(work.sites))
            )

    def choose(self, hired: Hired, *, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Draw the site and the posting of each hire.

        Parameters
        ----------
        hired
            The hires.
        seed
            At least 0.

        Returns
        -------
        site, job
            Row of the site, and of the posting among all, −1 for none, each shape (n,). Sites,
            and postings before those are dropped that would find too many, are the same in every
            share of the city.
        """
        site = np.full(len(hired.key), UNKNOWN)
        job = site.copy()
        for type_ in range(len(JOB_TYPES)):
            rows = np.flatnonzero(hired.type_ == type_)
            for start in range(0, len(rows), _AT_ONCE):
                some = rows[start : start + _AT_ONCE]
                site[some], job[some] = self._choose_of_type(type_, hired, some, seed)
        job[marks(hired.key, seed, "history", "hire", "unposted") < _UNPOSTED] = UNKNOWN
        return site, self._keep_to_filled(job, hired)

    def _choose_of_type(
        self, type_: int, hired: Hired, rows: NDArray[np.int64], seed: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        places = np.flatnonzero(self._found[type_])
        weight = self._found[type_][places]
        index = PointIndex(lon=self._lon[places], lat=self._lat[places])
        k = min(_NEAREST, len(places))
        near = index.nearest(lon=hired.lon[rows], lat=hired.lat[rows], k=k).point.reshape(-1, k)
        near_to = np.cumsum(weight[near], axis=1)
        all_to = np.cumsum(weight)

        def mark(name: str) -> NDArray[np.float64]:
            return marks(hired.key[rows], seed, "history", "hire", name)

        far = mark("far") < _ANYWHERE
        site, job = np.full(len(rows), UNKNOWN), np.full(len(rows), UNKNOWN)
        for turn in range(_TRIES):
            drawn = mark(f"site {turn}")
            pick = (drawn[:, None] * near_to[:, -1:] >= near_to[:, :-1]).sum(axis=1)
            anywhere = np.searchsorted(all_to, drawn * all_to[-1], side="right")
            tried = places[np.where(far, anywhere, near[np.arange(len(rows)), pick])]
            found = self._find_open(type_, hired, rows, tried)
            # The first site stays if none of them has a posting open.
            better = (job == UNKNOWN) & ((found != UNKNOWN) | (turn == 0))
            site[better], job[better] = tried[better], found[better]
        return site, job

    def _find_open(
        self, type_: int, hired: Hired, rows: NDArray[np.int64], site: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the youngest posting at each site, open on the day, that admits the person."""
        postings = self._postings[type_]
        age, education = hired.age[rows], hired.education[rows]
        day = hired.on[rows].astype("datetime64[D]").astype(np.int64)
        last = np.searchsorted(postings.sorts_by, site * _DAYS + day, side="right") - 1
        found = np.full(len(rows), UNKNOWN)
        for back in range(_BACK):
            at = np.maximum(last - back, 0)
            # On the day on which it closes it is open no more.
            good = (postings.sorts_by[at] // _DAYS == site) & (day < postings.closed[at])
            good &= (postings.age_min[at] <= age) & (age <= postings.age_max[at])
            good &= (postings.education[at] <= education) & (last >= back) & (found == UNKNOWN)
            found[good] = postings.row[at[good]]
        return found

    def _keep_to_filled(self, job: NDArray[np.int64], hired: Hired) -> NDArray[np.int64]:
        """Return the postings without those hires that are more than a posting has found."""
        order = np.lexsort((hired.key, hired.on, job))
        ordered = job[order]
        kept = job.copy()
        kept[order[number_in_order(ordered) >= self.filled[ordered]]] = UNKNOWN
        return kept


def _bound(values: pd.Series, otherwise: int) -> NDArray[np.int64]:
    return values.fillna(otherwise).to_numpy(np.int64)
