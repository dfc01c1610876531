"""What a request about jobs is answered from: opened once, when the application is made."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.jobs.of_file import JobIndex
from api.jobs.of_store import StoredJobs
from api.jobs.streets import Streets
from api.stored import store_of
from geo_match.store import Cursor


def _jobs_of(request: Request) -> JobIndex | StoredJobs:
    jobs: JobIndex | StoredJobs = request.app.state.jobs
    return jobs


async def _jobs(request: Request) -> JobIndex | StoredJobs:
    return _jobs_of(request)


async def _streets_of(request: Request) -> Streets | None:
    streets: Streets | None = request.app.state.streets
    return streets


def seen(request: Request) -> Cursor:
    """Return the place in the feed that the jobs of the application have come to, brought up to it.

    Raises
    ------
    ProblemError
        If it serves a file, which has no feed.
    StoreError
        If the store cannot be read.
    """
    store_of(request)
    return Cursor.parse(_jobs_of(request).now().cursor or "")


ServedJobs = Annotated[JobIndex | StoredJobs, Depends(_jobs)]
"""The jobs of the application that a request came to."""
ServedStreets = Annotated[Streets | None, Depends(_streets_of)]
"""Its streets; None if it has none."""
