"""What coverage is made of, from records as a store has them: people, jobs, places, communities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from geo_match.matching.given.columns import JOBS as JOB_COLUMNS
from geo_match.matching.given.columns import LICENCE
from geo_match.matching.given.columns import SEEKERS as SEEKER_COLUMNS
from geo_match.matching.given.frames import jobs_table
from geo_match.matching.given.from_store import JOB_FIELDS
from geo_match.records import RECORDS
from geo_match.records.fields import Kind
from geo_match.records.holding import fields_of_days
from geo_match.store.reading.past import holding

if TYPE_CHECKING:
    import datetime as dt

PLACE: Final = ("id", "lon", "lat")
OF_JOBS: Final = (*JOB_FIELDS, "community")
OF_COMMUNITIES: Final = ("id", "name", "area", "street_name", "district_name")
OF_PEOPLE: Final = (*PLACE, "community", "location_accuracy_m")
_VERIFIED: Final = "verified"
_FEW_VALUES: Final = frozenset({Kind.CHOICE, Kind.FLAG, Kind.EDUCATION})


class People(NamedTuple):
    """People who are told of, and how many are not.

    Parameters
    ----------
    table
        Their records.
    not_registered
        How many seekers were left out since they are not registered on the day.
    """

    table: pa.Table
    not_registered: int


@dataclass(frozen=True, slots=True)
class Jobs:
    """Jobs that count, and how many do not.

    Parameters
    ----------
    table
        As `geo_match.Matcher` takes them, `vacancies` those that are left, and `community`.
    not_verified
        How many were left out since their employers are not known to be verified; None where that
        was not asked.
    """

    table: pa.Table
    not_verified: int | None


def group_fields(kind: str) -> tuple[str, ...]:
    """Return the fields of a kind of people by which they may be told: those of few values."""
    specs = RECORDS[kind].specs()
    return tuple(name for name, one in specs.items() if one.about.kind in _FEW_VALUES)


def group_names(kind: str) -> tuple[str, ...]:
    """Return what a kind of people may be parted by: such fields, and flags such as `veteran`."""
    flags = getattr(RECORDS[kind], "flags", {})
    return (*group_fields(kind), *(one for each in flags.values() for one in each.values()))


def people_fields(kind: str, *, eligible: bool) -> tuple[str, ...]:
    """Return the fields of people that are read: no more than what is asked of them.

    Parameters
    ----------
    kind
        "households" or "seekers".
    eligible
        Whether they are matched.
    """
    names = [*OF_PEOPLE, *group_fields(kind), *sorted(fields_of_days(kind))]
    if eligible:
        names += SEEKER_COLUMNS.names
    return tuple(dict.fromkeys(names))


def people_on(records: pa.Table, kind: str, on: dt.date) -> People:
    """Return those of some people who are told of on a day: of seekers those registered.

    Parameters
    ----------
    records
        With `people_fields`.
    """
    found = holding(kind, records, on)
    return People(found, len(records) - len(found))


def people_frame(records: pa.Table, kind: str, *, eligible: bool) -> pa.Table:
    """Return people with their place, their community, their groups and, if asked, what is matched.

    Lists of groups are columns of true and false, one a group, by which people may be told.
    """
    days = fields_of_days(kind)
    wanted = [name for name in people_fields(kind, eligible=eligible) if name not in days]
    table = records.select([name for name in wanted if name in records.column_names])
    for field, flags in getattr(RECORDS[kind], "flags", {}).items():
        if field not in records.column_names:
            continue
        listed = records.column(field)
        for value, flag in flags.items():
            table = table.append_column(flag, _has(listed, value))
    return table.replace_schema_metadata(None)


def jobs_of_store(jobs: pa.Table, employers: pa.Table, *, verified: bool) -> Jobs:
    """Return the jobs of a store, with the licences of its employers.

    Parameters
    ----------
    jobs
        With `OF_JOBS`.
    employers
        Their `id` and `licence`.
    verified
        Whether those of other employers than verified ones are left out.
    """
    return counted_jobs(jobs, jobs_table(jobs, employers=employers), verified=verified)


def counted_jobs(records: pa.Table, jobs: pa.Table, *, verified: bool) -> Jobs:
    """Return jobs with the vacancies that are left of them.

    Parameters
    ----------
    records
        With their `community`.
    jobs
        The same as `geo_match.Matcher` takes them.
    verified
        As in `jobs_of_store`.
    """
    left = pc.subtract(jobs.column("vacancies"), pc.fill_null(jobs.column("filled"), 0))
    # Null stays null, which counts for one; more found than sought are none left.
    left = pc.max_element_wise(left, 0, skip_nulls=False)
    # What is left is sought, and nothing of that is filled: whoever counts it, counts the same.
    columns = {
        **{name: jobs.column(name) for name in JOB_COLUMNS.names},
        "vacancies": left,
        "filled": pa.nulls(len(jobs), pa.int64()),
        "community": records.column("community"),
    }
    table = pa.table(columns)
    if not verified:
        return Jobs(table.drop_columns([LICENCE]), None)
    is_verified = pc.fill_null(pc.equal(table.column(LICENCE), _VERIFIED), False)  # noqa: FBT003 - Arrow's
    found = table.filter(is_verified)
    return Jobs(found, len(table) - len(found))


def supply_of_jobs(jobs: pa.Table, *, eligible: bool, count: str) -> pa.Table:
    """Return jobs as they can be reached; where they are counted, those with something left."""
    if count == "places":
        # One that does not say how many it seeks, seeks somebody.
        some = pc.fill_null(pc.greater(jobs.column("vacancies"), 0), True)  # noqa: FBT003 - Arrow's
        jobs = jobs.filter(some)
    return jobs if eligible else jobs.select([*PLACE, "vacancies"])


def supply_of_places(records: pa.Table) -> pa.Table:
    """Return stations or sites as they can be reached."""
    return records.select(list(PLACE)).replace_schema_metadata(None)


def communities_frame(records: pa.Table) -> pa.Table:
    """Return communities, whose id is their code."""
    return pa.table({"code" if n == "id" else n: records.column(n) for n in OF_COMMUNITIES})


def _has(lists: pa.ChunkedArray, value: str) -> pa.Array:
    """Return whether each list has a value; null where there is no list."""
    return pa.array(
        [None if one is None else value in one for one in lists.to_pylist()], pa.bool_()
    )
