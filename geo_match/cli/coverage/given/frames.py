"""What `coverage` is made of beside the records of a store: those of lists, and of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.cli.licences import licensed
from geo_match.coverage.given import from_store
from geo_match.coverage.given.from_store import OF_JOBS, OF_PEOPLE, PLACE, Jobs, counted_jobs
from geo_match.matching.given.frames import jobs_table
from geo_match.records.holding import fields_of_days
from geo_match.store.reading.past import holding

if TYPE_CHECKING:
    import datetime as dt

    from geo_match.intake.lists.records_file import RecordsFile

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


def people_fields(kind: str, *, eligible: bool, plan: bool) -> tuple[str, ...]:
    """Return the fields of people that are read: no more than what is asked of them.

    Parameters
    ----------
    kind
        "households" or "seekers".
    eligible, plan
        Whether they are matched, and whether a service plan is made of them.
    """
    names = from_store.people_fields(kind, eligible=eligible)
    return tuple(dict.fromkeys((*names, *_PLAN_FIELDS[kind]))) if plan else names


def plan_fields(kind: str) -> tuple[str, ...]:
    """Return the fields of a kind of records that a service plan is made of."""
    if kind == "jobs":
        return OF_JOBS
    where = OF_PEOPLE if kind in {"households", "seekers"} else PLACE
    return (*where, *_PLAN_FIELDS[kind])


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
    return counted_jobs(records, jobs, verified=verified)


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
