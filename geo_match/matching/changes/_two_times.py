"""Seekers and jobs of a store at two places in its feed: those that differ, and those near them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.matching.given.columns import SEEKERS
from geo_match.matching.given.frames import jobs_table, seekers_table
from geo_match.matching.given.from_store import JOB_FIELDS, OWNER
from geo_match.store.reading.between import Between, Near
from geo_match.store.reading.sound import without_broken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo_match.matching.options import MatchOptions
    from geo_match.store import Cursor, Store

_NO_PART_IN_MATCHES: Final = frozenset({"location_accuracy_m", "updated_at"})
"""What says how a match ranks, or how certain it is, and not whether it is one."""
_MOST_CIRCLES: Final = 64
"""Up to so many circles the others are looked for in them; for more all are read."""


@dataclass(frozen=True, eq=False)
class TwoTimes:
    """One side at two times.

    Parameters
    ----------
    same
        Those whose matched fields are the same at both; where few differ, only those near them.
    before, after
        The others, as they were and as they are: those that were not there, or are no more, are in
        one of the two alone.
    """

    same: pa.Table
    before: pa.Table
    after: pa.Table

    def at(self, *, after: bool) -> pa.Table:
        """Return all at one of the two times."""
        return pa.concat_tables([self.same, self.after if after else self.before])


@dataclass(frozen=True, eq=False)
class Jobs(TwoTimes):
    """Jobs at two times, each table with the licences of its time.

    Parameters
    ----------
    before_anew, after_of_old
        Those that differ as they were, with today's licences; and as they are, with the former.
    are_licences_same
        Whether no licence differs.
    """

    before_anew: pa.Table
    after_of_old: pa.Table
    are_licences_same: bool


class Look(NamedTuple):
    """A store at two places in its feed.

    Parameters
    ----------
    since, until
        The places.
    seekers, jobs
        The two sides.
    missing
        How many seekers were there at one of them and have been erased since.
    n_persons
        How many different seekers were read.
    """

    since: Cursor
    until: Cursor
    seekers: TwoTimes
    jobs: Jobs
    missing: int
    n_persons: int

    def __len__(self) -> int:
        """Return of how many persons it tells: what an audit counts."""
        return self.n_persons


def look(
    store: Store,
    options: MatchOptions,
    *,
    since: Cursor | int,
    until: Cursor | int | None,
    with_all: bool,
) -> Look:
    """Read both sides at two places in the feed, all as of one moment.

    Parameters
    ----------
    options
        Of whose radius a seeker is who states none.
    since, until
        The places; None for where the feed ends.
    with_all
        Whether all that did not change are read too, not only what the others may reach.

    Raises
    ------
    HorizonError, CursorError, EpochError, ArgumentError
        As `Between`.
    """
    with store.database.reading() as connection:
        between = Between(connection, store.name, since=since, until=until)
        touched = between.changed("seekers", SEEKERS.names)
        was, now = (
            seekers_table(without_broken("seekers", one)) for one in (touched.before, touched.after)
        )
        alike, seekers_before, seekers_after = _parted(was, now)
        jobs, licences, owners = _changed_jobs(between)
        about_jobs = [jobs.before, jobs.after]
        about_seekers = [seekers_before, seekers_after]
        others = between.others(
            "seekers", SEEKERS.names, near=None if with_all else _circles(about_jobs, options)
        )
        others = without_broken("seekers", others)
        other_jobs = between.others(
            "jobs", JOB_FIELDS, near=None if with_all else _circles(about_seekers, options)
        )
        other_jobs = without_broken("jobs", other_jobs)
    of_same = pc.invert(pc.is_in(other_jobs.column("employer_id"), pa.array(owners, pa.string())))
    same = jobs_table(other_jobs.filter(of_same), employers=licences)
    return Look(
        between.since,
        between.until,
        TwoTimes(pa.concat_tables([seekers_table(others), alike]), seekers_before, seekers_after),
        dataclasses.replace(jobs, same=pa.concat_tables([same, jobs.same])),
        touched.missing,
        len(others) + len(pc.unique(pa.concat_tables([was, now]).column("id"))),
    )


def _circles(tables: Sequence[pa.Table], options: MatchOptions) -> list[Near] | None:
    """Return the circles around rows; None where they are too many to be looked at one by one."""
    told = set()
    for table in tables:
        radii = np.full(len(table), float(options.radius_m))
        if "radius_m" in table.column_names:
            radii = pc.fill_null(table.column("radius_m"), float(options.radius_m)).to_numpy()
        places = (table.column(name).to_pylist() for name in ("lon", "lat"))
        told |= {
            Near(lon, lat, float(radius_m))
            for lon, lat, radius_m in zip(*places, radii.tolist(), strict=True)
            if lon is not None
        }
    return sorted(told) if len(told) <= _MOST_CIRCLES else None


def _parted(was: pa.Table, now: pa.Table) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Return the rows of two tables that are alike in both, as they are, and those that are not."""
    names = [name for name in was.column_names if name not in _NO_PART_IN_MATCHES]
    place = pc.index_in(was.column("id"), value_set=now.column("id"))
    in_both = np.flatnonzero(~np.asarray(pc.is_null(place)))
    there = np.asarray(pc.fill_null(place, -1))[in_both]
    rows = was.select(names).take(pa.array(in_both)).to_pylist()
    others = now.select(names).take(pa.array(there)).to_pylist()
    is_alike = np.array([one == other for one, other in zip(rows, others, strict=True)], np.bool_)
    left_was, left_now = np.ones(len(was), np.bool_), np.ones(len(now), np.bool_)
    left_was[in_both[is_alike]] = left_now[there[is_alike]] = False
    return now.filter(pa.array(~left_now)), was.filter(pa.array(left_was)), now.filter(left_now)


def _changed_jobs(between: Between) -> tuple[Jobs, pa.Table, list[str]]:
    """Return the jobs that differ, be it by their employer's licence alone.

    Of the others those are among them that were touched, or whose employer was. Also returned are
    today's licences, and whose differ.
    """
    touched = between.changed("jobs", JOB_FIELDS)
    employers = between.changed("employers", ["id", "licence"])
    _, was, now = _parted(employers.before, employers.after)
    owners = sorted({*was.column("id").to_pylist(), *now.column("id").to_pylist()})
    owned = between.others("jobs", JOB_FIELDS, of=(OWNER, owners))
    others = between.others("employers", ["id", "licence"])
    raw_before, raw_after = (
        without_broken("jobs", pa.concat_tables([one, owned]))
        for one in (touched.before, touched.after)
    )
    licences_before, licences_after = (
        without_broken("employers", pa.concat_tables([others, one]))
        for one in (employers.before, employers.after)
    )
    alike, before, after = _parted(
        jobs_table(raw_before, employers=licences_before),
        jobs_table(raw_after, employers=licences_after),
    )
    jobs = Jobs(
        alike,
        before,
        after,
        _some(raw_before, before, licences_after),
        _some(raw_after, after, licences_before),
        not owners,
    )
    return jobs, licences_after, owners


def _some(raw: pa.Table, wanted: pa.Table, licences: pa.Table) -> pa.Table:
    """Return the rows of some ids, with other licences."""
    place = pc.index_in(wanted.column("id"), value_set=raw.column("id"))
    return jobs_table(raw.take(place), employers=licences)
