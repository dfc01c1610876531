"""What `coverage` is made of: the records of lists or of a store as frames of the library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.cli.coverage.asking.parsers import group_fields
from geo_match.cli.licences import licensed
from geo_match.matching.given.columns import JOBS as JOB_COLUMNS
from geo_match.matching.given.columns import LICENCE
from geo_match.matching.given.columns import SEEKERS as SEEKER_COLUMNS
from geo_match.matching.given.frames import jobs_table
from geo_match.matching.given.from_store import JOB_FIELDS
from geo_match.records import RECORDS
from geo_match.records.holding import fields_of_days
from geo_match.store.reading.past import holding

if TYPE_CHECKING:
    import datetime as dt

    from geo_match.intake.lists.records_file import RecordsFile

PLACE: Final = ("id", "lon", "lat")
OF_JOBS: Final = (*JOB_FIELDS, "community")
OF_COMMUNITIES: Final = ("id", "name", "area", "street_name", "district_name")
_OF_PEOPLE: Final = (*PLACE, "community", "location_accuracy_m")
_PLAN_FIELDS: Final = {
    "households": ("members", "member_count"),
    "seekers": (
        "occupation",
        "occupation_version",
        "status",
        "difficulty",
        "groups",
        *sorted(fields_of_days("seekers")),
    ),
    "sites": ("community",),
    "stations": ("community", "opened_on", "closed_on"),
}
"""What a service plan is made of, beside the places."""
_VERIFIED: Final = "verified"


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


def people_fields(kind: str, *, eligible: bool, plan: bool) -> tuple[str, ...]:
    """Return the fields of people that are read: no more than what is asked of them.

    Parameters
    ----------
    kind
        "households" or "seekers".
    eligible, plan
        Whether they are matched, and whether a service plan is made of them.
    """
    names = [*_OF_PEOPLE, *group_fields(kind), *sorted(fields_of_days(kind))]
    if eligible:
        names += SEEKER_COLUMNS.names
    if plan:
        names += _PLAN_FIELDS[kind]
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


def plan_fields(kind: str) -> tuple[str, ...]:
    """Return the fields of a kind of records that a service plan is made of."""
    if kind == "jobs":
        return OF_JOBS
    where = _OF_PEOPLE if kind in {"households", "seekers"} else PLACE
    return (*where, *_PLAN_FIELDS[kind])


def people_frame(records: pa.Table, kind: str, *, eligible: bool) -> pa.Table:
    """Return people with their place, their community, their groups and, if asked, what is matched.

    Lists of groups are columns of true and false, one a group, by which people may be told.
    """
    wanted = people_fields(kind, eligible=eligible, plan=False)
    days = fields_of_days(kind)
    table = records.select([n for n in wanted if n in records.column_names and n not in days])
    for field, flags in getattr(RECORDS[kind], "flags", {}).items():
        if field not in records.column_names:
            continue
        listed = records.column(field)
        for value, flag in flags.items():
            table = table.append_column(flag, _has(listed, value))
    return table.replace_schema_metadata(None)


def jobs_of_list(
    file: RecordsFile, employers: RecordsFile | None, *, verified: bool, on: dt.date
) -> Jobs:
    """Return the jobs of a list that are open on a day.

    Parameters
    ----------
    employers
        Their list; None if the jobs say themselves whose licence is verified.
    verified
        Whether those of other employers are left out.

    Raises
    ------
    FileError
        If nothing says which employers are verified, and that is asked.
    """
    records = holding("jobs", licensed(file, employers, verified=verified), on)
    jobs = jobs_table(records, employers=None if employers is None else employers.records)
    return _jobs(records, jobs, verified=verified)


def jobs_of_store(jobs: pa.Table, employers: pa.Table, *, verified: bool) -> Jobs:
    """Return the jobs of a store, with the licences of its employers.

    Parameters
    ----------
    jobs
        With `OF_JOBS`.
    employers
        Their `id` and `licence`.
    verified
        As in `jobs_of_list`.
    """
    return _jobs(jobs, jobs_table(jobs, employers=employers), verified=verified)


def _jobs(records: pa.Table, jobs: pa.Table, *, verified: bool) -> Jobs:
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


def members_of(households: pa.Table) -> tuple[pa.Table, int]:
    """Return the members of households as a service plan counts them.

    Parameters
    ----------
    households
        With `id`, `members` and `member_count`.

    Returns
    -------
    people
        `household`, `birth_year` and `weight`: a row a member who is listed, and a row for those of
        a household who are not, of unknown age, as many as it says that it has.
    unknown
        How many households state neither; nobody is counted of them.
    """
    ids = households.column("id").combine_chunks()
    members = households.column("members").combine_chunks()
    listed = np.asarray(pc.fill_null(pc.list_value_length(members), 0), dtype=np.int64)
    stated = np.asarray(pc.fill_null(households.column("member_count"), 0), dtype=np.int64)
    more = np.maximum(stated - listed, 0)
    others = np.flatnonzero(more)
    whose = pc.list_parent_indices(members)
    born = pc.struct_field(pc.list_flatten(members), "birth_year").cast(pa.int64())
    people = pa.table(
        {
            "household": pa.concat_arrays([ids.take(whose), ids.take(pa.array(others))]),
            "birth_year": pa.concat_arrays([born, pa.nulls(len(others), pa.int64())]),
            "weight": np.concatenate((np.ones(len(born), dtype=np.int64), more[others])),
        }
    )
    return people, int((listed + more == 0).sum())


def _has(lists: pa.ChunkedArray, value: str) -> pa.Array:
    """Return whether each list has a value; null where there is no list."""
    return pa.array(
        [None if one is None else value in one for one in lists.to_pylist()], pa.bool_()
    )
