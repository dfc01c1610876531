"""`/healthz`, `/readyz`, `/metrics`: what a supervisor, a balancer of load or Prometheus asks."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

import geo_match
from api.access.admission import IsKnown, requires
from api.access.caller import Caller
from api.jobs.served import ServedJobs, ServedStreets
from api.operation.asked import TheMetrics, TheStep
from api.operation.in_step import BehindError
from api.operation.readers import admit_reader
from api.operation.refusals import behind
from api.operation.schemas import Health, Readiness
from api.parameters import NoQuery
from api.problems import Problem

router: Final = APIRouter(tags=["operation"])

PATIENCE_S: Final = 2.0
"""How long `/readyz` waits for the index."""
_METRICS: Final = "text/plain; version=1.0.0; charset=utf-8"
_BEHIND: Final[dict[int | str, dict[str, Any]]] = {
    HTTPStatus.SERVICE_UNAVAILABLE: {
        "model": Problem,
        "description": "The index is behind the store, or the store cannot be read.",
        "headers": {
            "Retry-After": {
                "description": "Seconds after which to ask again, where it is behind.",
                "schema": {"type": "string", "examples": ["1"]},
            }
        },
    }
}
_FIGURES: Final[dict[int | str, dict[str, Any]]] = {
    HTTPStatus.OK: {
        "description": "The figures of all workers.",
        "content": {
            "text/plain": {
                "schema": {"type": "string"},
                "example": "# HELP geo_match_workers Workers that answer.\n"
                "# TYPE geo_match_workers gauge\n"
                "geo_match_workers 2.0\n",
            }
        },
    }
}


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


@router.get(
    "/readyz", summary="That the index of jobs is in step with the store", responses=_BEHIND
)
async def get_readiness(
    _: Annotated[NoQuery, Query()], step: TheStep, *, is_known: IsKnown
) -> Readiness:
    """Answers once everything that the store has now is in the index of jobs; a file always is.

    That is waited for, two seconds at most; then the answer is 503. By how many changes the index
    is behind is told to whom `/v1/jobs` would answer. Of what matches nothing is said: it follows
    the store by itself, and `min_cursor` of `/v1/matches` waits for it.
    """
    try:
        cursor = await step.reach(PATIENCE_S)
    except BehindError as error:
        raise behind(error.changes if is_known else None) from None
    return Readiness(status="ready", cursor=cursor if is_known else None)


@router.get(
    "/metrics",
    summary="Figures of all workers, for Prometheus",
    responses=_FIGURES,
    response_class=Response,
)
def get_metrics(
    _: Annotated[NoQuery, Query()],
    request: Request,
    caller: Annotated[Caller, requires("metrics:read")],
    metrics: TheMetrics,
) -> Response:
    """Tells requests by route, method and status, their time and the engine's, and of the index.

    Nothing in them is about anybody, and no name in them was made of what somebody sent. They are
    for who has the scope `metrics:read`; a server of a file has no keys, and tells them to peers
    on its own machine.
    """
    admit_reader(request, caller)
    return Response(metrics.text(), media_type=_METRICS)
