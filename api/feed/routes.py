"""`/v1/snapshot` and `/v1/changes`: what a system needs to keep a copy in step."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import problems
from api.access.admission import TheGate, admit, requires
from api.access.caller import Caller
from api.access.credentials import KEY, SESSION
from api.audit import Audit, ServedAudit
from api.feed.entity_tag import entity_tag, is_known
from api.feed.file_response import FileResponse
from api.feed.following import PERSONS_SCOPE, Following
from api.feed.query import ChangesQuery, SnapshotQuery
from api.feed.schemas import CHANGES_ANSWER, MEDIA_TYPE, SNAPSHOT_ANSWER, SNAPSHOT_UNCHANGED
from api.feed.taking import TakenSnapshot, take_snapshot
from api.feed.watch import Watch
from api.guards.crowd import most_waiting
from api.guards.refusals import server_crowded
from api.problems import ProblemError
from api.stored import ServedStore
from api.timing import engine_time
from geo_match.store import Store
from geo_match.store.schema.images import PERSONS

if TYPE_CHECKING:
    from threading import BoundedSemaphore

router: Final = APIRouter(tags=["feed"])

_CURSOR: Final = "Geo-Match-Cursor"
_PURPOSE: Final = "全量同步"
_RETRY_AFTER_S: Final = "5"


@router.get(
    "/v1/changes",
    summary="What has changed since a place in the feed",
    response_class=Response,
    responses={200: CHANGES_ANSWER, **problems.RESPONSES_TO_CURSORS},
)
async def get_changes(
    query: Annotated[ChangesQuery, Query()],
    request: Request,
    caller: Annotated[Caller, requires("feed:read")],
    store: ServedStore,
    audit: ServedAudit,
    *,
    gate: TheGate,
) -> Response:
    """Tells every change once, in the order of the commits, a line of JSON each.

    Go on with `after` as the header `Geo-Match-Cursor` says, whether or not there was a line. An
    answer ends after `limit` lines, after 4 MiB, or after 200,000 changes of whatever kind, so it
    may be short, or without a line, though there is more. With `wait_s` an answer that has nothing
    to tell is held back until there is something. A quarter of the requests that a worker answers
    at a time may wait so (128, where nothing is set); who would wait beside them is told to come
    again (503). What is there already is told at once, however many wait.

    What is public is told whole as it was after the change; of what is gone, why, and what it was
    and where. Of persons no more is told than the key of a record that was put, removed or erased,
    and no reason: with the scope persons:read it is read by `/v1/{kind}/{key}?by=key`. Without
    feed:persons such changes are left out. The cursor passes over them all the same, so that a
    number that is missing is another kind's, and nothing is lost. Each answer that names persons is
    audited.
    """
    kinds = _kinds(query, caller)
    watch: Watch = request.app.state.watch
    following = Following(
        request=request,
        store=store,
        audit=audit,
        watch=watch,
        gate=gate,
        caller=caller,
        key=await KEY(request),
        session=await SESSION(request),
        kinds=kinds,
        limit=query.limit,
        most_waiting=most_waiting(request.app.state.settings.most_requests),
    )
    page = await following.changes(query.after, wait_s=query.wait_s)
    if page is None:
        return Response(status_code=HTTPStatus.NO_CONTENT)  # which nobody reads
    again = query.model_dump(exclude_unset=True) | {"after": page.cursor}
    link = f'</v1/changes?{urlencode(again, safe=",")}>; rel="next"'
    headers = {_CURSOR: str(page.cursor), "Link": link, **_kept_nowhere(kinds)}
    return Response(page.body, media_type=MEDIA_TYPE, headers=headers)


@router.get(
    "/v1/snapshot",
    summary="All records as of one moment",
    response_class=Response,
    responses={200: SNAPSHOT_ANSWER, 304: SNAPSHOT_UNCHANGED},
)
async def get_snapshot(
    query: Annotated[SnapshotQuery, Query()],
    request: Request,
    caller: Annotated[Caller, requires("feed:read")],
    store: ServedStore,
    audit: ServedAudit,
) -> Response:
    """Tells all records of one moment, a line of JSON each, between a first and a last line.

    Applying the changes after its cursor to it (`GET /v1/changes`) gives the records as they are
    then. The last line says `complete`: without it the answer was cut off, and is of no use.

    What is public is told whole, ordered by id; of persons the keys alone, and only with the scope
    feed:persons, which is audited.

    A worker takes and sends four at a time; who asks for a fifth is told to come again (503).
    """
    kinds = _kinds(query, caller)
    if known := request.headers.get("if-none-match"):
        cursor = await run_in_threadpool(store.cursor)
        tag = entity_tag(cursor, kinds)
        if is_known(tag, known):
            headers = {_CURSOR: str(cursor), "ETag": tag, **_kept_nowhere(kinds)}
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    places: BoundedSemaphore = request.app.state.snapshots
    if not places.acquire(blocking=False):
        raise ProblemError(server_crowded(), {"Retry-After": _RETRY_AFTER_S})
    try:
        taken = await run_in_threadpool(_take, request, store, audit, caller, kinds)
    except BaseException:
        places.release()
        raise
    headers = {
        _CURSOR: str(taken.cursor),
        "ETag": entity_tag(taken.cursor, kinds),
        **_kept_nowhere(kinds),
    }
    return FileResponse(
        taken.file,
        taken.n_bytes,
        media_type=MEDIA_TYPE,
        headers=headers,
        ended=places.release,  # it counts until it is read, too
    )


def _take(
    request: Request, store: Store, audit: Audit, caller: Caller, kinds: tuple[str, ...]
) -> TakenSnapshot:
    """Take a snapshot, and note it before anything of it leaves if persons are in it."""
    with engine_time(request):
        taken = take_snapshot(store, kinds)
    if PERSONS.isdisjoint(kinds):
        return taken
    try:
        noted = audit.noted(caller, purpose=_PURPOSE, scope=PERSONS_SCOPE)
        noted(lambda: range(taken.n_persons))
    except BaseException:
        taken.file.close()
        raise
    return taken


def _kinds(query: SnapshotQuery, caller: Caller) -> tuple[str, ...]:
    """Return the kinds that a caller is told of.

    Raises
    ------
    ProblemError
        If they name one of persons, and may not.
    """
    kinds = query.chosen(with_persons=PERSONS_SCOPE in caller.scopes)
    if not PERSONS.isdisjoint(kinds):
        admit(caller, PERSONS_SCOPE)
    return kinds


def _kept_nowhere(kinds: tuple[str, ...]) -> dict[str, Any]:
    """Return what forbids caches to keep an answer that names persons."""
    return {} if PERSONS.isdisjoint(kinds) else {"Cache-Control": "no-store"}
