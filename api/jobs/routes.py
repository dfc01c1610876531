"""`/v1/jobs`: which jobs are around a place."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query

from api.access.admission import requires
from api.jobs.query import JobsQuery
from api.jobs.schemas import Jobs
from api.jobs.served import ServedJobs, ServedStreets
from api.jobs.streets import no_streets

router: Final = APIRouter(tags=["jobs"])


@router.get(
    "/v1/jobs",
    summary="Jobs within a radius of a place, nearest first",
    dependencies=[requires("jobs:read")],
)
def get_jobs(
    query: Annotated[JobsQuery, Query()], jobs: ServedJobs, streets: ServedStreets
) -> Jobs:
    """Every job whose site is at most `radius_m` from the place, on the WGS-84 ellipsoid.

    All are counted, the nearest `limit` are listed; equal distances keep the order of the file,
    or, in a store, that of the ids. With `basis=walking` the distance is the shortest way along
    streets; a place that no street leads to has nothing in reach, and the answer says why.
    """
    if query.basis == "geodesic":
        return jobs.within(query)
    if streets is None:
        raise no_streets()
    return jobs.within_walk(query, streets)
