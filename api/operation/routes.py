"""`/healthz` and `/readyz`: what a supervisor or a balancer of load asks."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query

import geo_match
from api.jobs.served import ServedJobs, ServedStreets
from api.operation.schemas import Health, Readiness
from api.parameters import NoQuery

router: Final = APIRouter(tags=["operation"])


@router.get("/healthz", summary="That the server answers, and on what")
def get_health(_: Annotated[NoQuery, Query()], jobs: ServedJobs, streets: ServedStreets) -> Health:
    """Answers once the file or the store is read; says how many of its jobs are served."""
    return Health(
        status="ok",
        version=geo_match.__version__,
        sites=jobs.file,
        store=jobs.stored,
        network=None if streets is None else streets.state,
    )


@router.get("/readyz", summary="That the index is in step with the store")
def get_readiness(_: Annotated[NoQuery, Query()], jobs: ServedJobs) -> Readiness:
    """Answers once everything that the store has now is taken in; a file always is."""
    return Readiness(status="ready", cursor=jobs.catch_up())
