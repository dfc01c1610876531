"""Jobs to be read aloud: the best few that somebody can reach, with distance and pay."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd
import pyarrow as pa

from geo_match.matching import Matcher
from geo_match.matching.given.from_store import JOB_FIELDS, cursor_of
from geo_match.policy.due.words import NO_JOB, job_words
from geo_match.policy.ledger._columns import as_frame

if TYPE_CHECKING:
    import datetime as dt

    from geo_match.policy.due.options import DueOptions
    from geo_match.store import Cursor, Store

JOBS: Final = (
    *("person", "rank", "job_id", "title", "employer", "distance_m", "basis"),
    *("wage_low_cny", "wage_high_cny", "wage_unit", "zh", "en"),
)


class Openings(NamedTuple):
    """Jobs and their employers.

    Parameters
    ----------
    jobs
        A frame as `geo_match.Matcher` takes it, with `title`.
    employers
        Their `id`, `licence` and `name`; None where the jobs have `employer_licence` and, if it is
        known, `employer`.
    """

    jobs: object
    employers: object = None


def read_openings(
    store: Store, *, on: dt.date, as_of: dt.datetime | Cursor | int | None = None
) -> Openings:
    """Read the jobs of a store that are open on a day, with their employers.

    Raises
    ------
    HorizonError, CursorError, EpochError, ArgumentError
        As `Store.read`.
    """
    jobs = store.read("jobs", fields=[*JOB_FIELDS, "title"], as_of=as_of, on=on)
    fields = ("id", "licence", "name")
    return Openings(jobs, store.read("employers", fields=fields, as_of=cursor_of(jobs)))


def jobs_aloud(seekers: pd.DataFrame, openings: Openings, options: DueOptions) -> pd.DataFrame:
    """Return the jobs that are read aloud to some seekers.

    Parameters
    ----------
    seekers
        As `geo_match.Matcher` takes them.
    openings
        The jobs.
    options
        How many each gets, and how they are chosen.

    Returns
    -------
    pandas.DataFrame
        A row a person and job, in the order of the persons and by rank: `person`, `rank`,
        `job_id`, `title`, `employer`, `distance_m`, `basis`, the pay as the job states it, and
        what is read aloud, `zh` and `en`. Somebody without any has one row with rank 0, and why.

    Raises
    ------
    FrameError, DatumError, ArgumentError
        As `geo_match.Matcher`.
    """
    if not options.n_jobs or not len(seekers):
        return pd.DataFrame(columns=list(JOBS))
    asked = dataclasses.replace(options.matching, on=options.on, limit=options.n_jobs)
    jobs = openings.jobs
    matcher = Matcher(jobs, asked, employers=openings.employers)
    found = matcher.match(pa.Table.from_pandas(seekers, preserve_index=False))
    about = _about(openings)
    rows = []
    for match in found.to_dict("records"):
        person, job_id = match["seeker_id"], match["job_id"]
        if not isinstance(job_id, str):
            zh, en = NO_JOB[str(match["reason"])]
            rows.append({"person": person, "rank": 0, "zh": zh, "en": en})
            continue
        job = about.loc[job_id].to_dict() | {one: match[one] for one in ("distance_m", "basis")}
        said = {str(name): None if pd.isna(value) else value for name, value in job.items()}
        zh, en = job_words(said)
        row = {"person": person, "rank": match["rank"], "job_id": job_id, "zh": zh, "en": en}
        rows.append(row | said)
    return pd.DataFrame(rows).reindex(columns=list(JOBS))


def _about(openings: Openings) -> pd.DataFrame:
    """Return what is said of each job, by id."""
    jobs = as_frame(openings.jobs, "openings.jobs", ("id",))
    names = ["title", "employer", "wage_low_cny", "wage_high_cny", "wage_unit"]
    if openings.employers is not None:
        employers = as_frame(openings.employers, "openings.employers", ("id",))
        called = employers.set_index("id").get("name")
        if called is not None and "employer_id" in jobs.columns:
            jobs = jobs.assign(employer=jobs["employer_id"].map(called))
    return jobs.set_index("id").reindex(columns=names)
