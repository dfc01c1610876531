"""`/v1/jobs`: which jobs are around a place."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

import geo_match
from api.access.admission import requires
from api.jobs.answering import find, is_of_index
from api.jobs.forms import MEDIA_TYPES, form_of, written
from api.jobs.query import JobsQuery
from api.jobs.schemas import Jobs
from api.jobs.served import ServedJobs, ServedStreets, seen
from api.min_cursor import RESPONSES as ITS_PROBLEMS
from api.min_cursor import caught_up
from api.problems import Problem
from api.quick import BEHIND, Behind, is_let_in_at_hand, let_in, query_of, quick_route
from api.stored import store_of
from api.timing import engine_time

if TYPE_CHECKING:
    from api.jobs.shown import Shown
    from api.jobs.streets import Streets

_OBJECT: Final = {"schema": {"type": "object"}}
_FEW: Final = 100
_NEXT: Final = {"description": "The next page, rel `next`.", "schema": {"type": "string"}}
_ETAG: Final = {
    "description": "Of this answer; `If-None-Match` asks whether it still holds.",
    "schema": {"type": "string"},
}
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The jobs, in the form that `f` or `Accept` names.",
        "headers": {"ETag": _ETAG, "Link": _NEXT},
        "content": {kind: _OBJECT for form, kind in MEDIA_TYPES.items() if form != "json"},
    },
    304: {"description": "What `If-None-Match` names still holds.", "headers": {"ETag": _ETAG}},
    404: {
        "model": Problem,
        "description": "A community, a station or `min_cursor` where a file is served.",
    },
    406: {"model": Problem, "description": "`Accept` takes none of the forms."},
    **ITS_PROBLEMS,
}


def _answer(request: Request) -> Response | None:
    """Answer at once, where all that is asked is in order."""
    query = query_of(request, JobsQuery)
    if query is None or let_in(request, "jobs:read") is None:  # which asks the store
        return None
    state = request.app.state
    return get_jobs(request, query, state.jobs, state.streets)


def _answer_at_hand(request: Request) -> Response | Behind | None:
    """Answer, where that takes a moment; who waits waits for what was written, or a connection."""
    state = request.app.state
    pulse = state.jobs.pulse()
    if not is_let_in_at_hand(request, "jobs:read", pulse):
        return None
    query = query_of(request, JobsQuery)
    if query is None or query.limit > _FEW or not is_of_index(query):
        return None
    shown = state.jobs.at_hand(pulse)  # which may have to be brought up to date
    if shown is None:
        return None if pulse is None else BEHIND
    return _written(request, query, shown, state.streets)


router: Final = APIRouter(tags=["jobs"], route_class=quick_route(_answer))
AT_HAND: Final = {"/v1/jobs": _answer_at_hand}
"""What is answered at once, by its path."""


@router.get(
    "/v1/jobs",
    summary="Jobs within a radius of a point, a community or a station",
    dependencies=[requires("jobs:read"), caught_up(seen)],
    response_model=Jobs,
    responses=_RESPONSES,
)
def get_jobs(
    request: Request,
    query: Annotated[JobsQuery, Query()],
    jobs: ServedJobs,
    streets: ServedStreets,
) -> Response:
    """Every job whose site is at most `radius_m` from the origin, on the WGS-84 ellipsoid.

    The origin is a point (`lon` and `lat`), a `community` (distances are those to the edge of its
    area, 0 inside) or a `station`: exactly one. All that pass the filters are counted; `limit` of
    them are listed in the order of `sort`, and `next` asks for those after. Totals depend on
    neither. With `basis=walking` the distance is the shortest way along streets; a place that no
    street leads to has nothing in reach, and the answer says why.
    """
    with engine_time(request):
        shown = jobs.now()
    return _written(request, query, shown, streets)


def _written(request: Request, query: JobsQuery, shown: Shown, streets: Streets | None) -> Response:
    """Return the answer in the form that is asked for, or that it is held already."""
    if query.community is not None or query.station is not None:
        store_of(request)  # a problem where a file is served, which has neither
    form = form_of(query.f, request.headers.getlist("accept"))
    with engine_time(request):
        streets_name = "" if streets is None else streets.state.file
        asked = query.model_dump_json(exclude={"min_cursor"})
        tag = _tag(geo_match.__version__, shown.token, streets_name, form, asked)
        headers = {"ETag": tag, "Vary": "Accept"}
        if _is_held(request, tag):
            return Response(status_code=304, headers=headers)
        found = find(query, shown, streets)
    if found.next is not None:
        headers["Link"] = f'<{found.next}>; rel="next"'
    return Response(written(found, form), media_type=MEDIA_TYPES[form], headers=headers)


def _tag(*parts: str) -> str:
    """Return a tag that is another one wherever the answer may be."""
    return f'"{blake2b(repr(parts).encode(), digest_size=16).hexdigest()}"'


def _is_held(request: Request, tag: str) -> bool:
    """Return whether the caller holds the answer with a tag, as `If-None-Match` says."""
    held = ",".join(request.headers.getlist("if-none-match"))
    return any(one.strip().removeprefix("W/") == tag for one in held.split(","))
