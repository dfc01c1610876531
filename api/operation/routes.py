"""`/healthz` and `/readyz`: what a supervisor or a balancer of load asks."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query

import geo_match
from api.access.admission import IsKnown
from api.jobs.served import ServedJobs, ServedStreets
from api.operation.schemas import Health, Readiness
from api.parameters import NoQuery

router: Final = APIRouter(tags=["operation"])


@router.get("/healthz", summary="That the server answers, and on what")
def get_health(
    _: Annotated[NoQuery, Query()],
    jobs: ServedJobs,
    streets: ServedStreets,
    *,
    is_known: IsKnown,
) -> Health:
    """Answers once the file or the store is read.

    How many of its jobs are served, and on which streets, is told to whom `/v1/jobs` would answer:
    with a key or a session, or to anybody where none is needed.
    """
    if not is_known:
        return Health(
            status="ok", version=geo_match.__version__, sites=None, store=None, network=None
        )
    return Health(
        status="ok",
        version=geo_match.__version__,
        sites=jobs.file,
        store=jobs.stored,
        network=None if streets is None else streets.state,
    )


@router.get("/readyz", summary="That the index is in step with the store")
def get_readiness(
    _: Annotated[NoQuery, Query()], jobs: ServedJobs, *, is_known: IsKnown
) -> Readiness:
    """Answers once everything that the store has now is taken in; a file always is."""
    cursor = jobs.catch_up()
    return Readiness(status="ready", cursor=cursor if is_known else None)
