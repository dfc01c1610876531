"""Two totals of the whole city that are published beside who is reached: both of one row alone.

They go into the one publication of a month-end, so that they are rounded and kept back by its rule:
households that are suspected of zero employment as a part of all households, and the registered
unemployed as people of their own, of whom nothing else is published. No place is told of either.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from api.coverage.menu import FIRST_M
from api.problems import logged
from geo_match.coverage import CountTable, Coverage, CoverageOptions
from geo_match.coverage.given.from_store import (
    OF_JOBS,
    jobs_of_store,
    people_fields,
    people_frame,
    people_on,
    supply_of_jobs,
)
from geo_match.coverage.publication.count_table import Split
from geo_match.errors import GeoMatchError
from geo_match.matching import MatchOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.coverage.town import Town
    from geo_match.store import Store

ZERO_EMPLOYMENT: Final = "zero_employment_households"
UNEMPLOYED: Final = "registered_unemployed"
WITHOUT_JOB: Final = "registered_unemployed_without_job"
_ALL: Final = "all"
_LOG: Final = logging.getLogger(__name__)


def with_zero_employment(tables: Sequence[CountTable], people: pa.Table) -> tuple[CountTable, ...]:
    """Return the tables, that of all people with how many of them have zero employment.

    Parameters
    ----------
    tables
        Of a report, as `publish` takes them.
    people
        Those that it is of, a household a row.
    """
    marked = people.column("zero_employment") if "zero_employment" in people.column_names else None
    count = 0 if marked is None else pc.sum(pc.cast(marked, pa.int64())).as_py() or 0
    return tuple(
        replace(
            table,
            frame=table.frame.assign(**{ZERO_EMPLOYMENT: count}),
            counts=(*table.counts, ZERO_EMPLOYMENT),
            splits=(*table.splits, Split("people", (ZERO_EMPLOYMENT,), "other_households")),
        )
        if table.name == _ALL
        else table
        for table in tables
    )


def unemployed_table(store: Store, town: Town) -> CountTable | None:
    """Return how many registered unemployed there are, and who has no eligible job in the circle.

    Of those with a place; as the store has it when the town was read.

    Parameters
    ----------
    store
        Of which.
    town
        What else is published.

    Returns
    -------
    CountTable or None
        None where the records of seekers make no matches, which is logged: what else there is to
        publish does not wait for it.
    """
    day, cursor = town.point.on, town.cursor
    try:
        fields = people_fields("seekers", eligible=True)
        seekers = store.read("seekers", fields=fields, as_of=cursor)
        registered = people_on(seekers, "seekers", day).table
        people = people_frame(registered, "seekers", eligible=True)
        status = pc.equal(people.column("status"), UNEMPLOYED)
        people = people.filter(pc.fill_null(status, False))  # noqa: FBT003 - Arrow's
        counts = {UNEMPLOYED: 0, WITHOUT_JOB: 0}
        if len(people):
            jobs = store.read("jobs", fields=OF_JOBS, as_of=cursor, on=day)
            employers = store.read("employers", fields=("id", "licence"), as_of=cursor)
            counted = jobs_of_store(jobs, employers, verified=True)
            supply = supply_of_jobs(counted.table, eligible=True, count="vacancies")
            options = CoverageOptions(radius_m=FIRST_M, eligible=MatchOptions(on=day))
            report = Coverage(supply, town.communities, options).of(people)
            told = report.totals()
            located, reached = int(told["located"]), int(told["reached"])
            counts = {UNEMPLOYED: located, WITHOUT_JOB: located - reached}
    except GeoMatchError as error:
        why = logged(error)
        _LOG.warning("How many registered unemployed have no job is not published: %s", why)
        return None
    return CountTable(
        name=UNEMPLOYED,
        frame=pd.DataFrame({"date": [day.isoformat()], **{k: [v] for k, v in counts.items()}}),
        by=("date",),
        counts=(UNEMPLOYED, WITHOUT_JOB),
        splits=(Split(UNEMPLOYED, (WITHOUT_JOB,), "registered_unemployed_with_job"),),
        date="date",
        of="seekers",
    )
