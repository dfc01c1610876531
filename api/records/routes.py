"""`/v1/{kind}/{id}`, `/v1/{kind}` and `/v1/{kind}:import`, for each kind of records."""

# No postponed annotations here: each kind has functions of its own, whose parameters are typed by
# what stands around them.
import json
from functools import partial
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

import orjson
from fastapi import APIRouter, Header, Path, Query, Request, Response
from pydantic import TypeAdapter
from starlette.requests import ClientDisconnect

from api.access.admission import requires
from api.access.caller import Caller
from api.audit import ServedAudit
from api.guards.bodies import announced_bytes
from api.min_cursor import RESPONSES as OF_CURSORS
from api.min_cursor import caught_up
from api.quick import Answer, is_let_in_at_hand, let_in, query_of, quick_route, quick_write_route
from api.records import reading, writing
from api.records.conditions import Conditional, Conditions, is_known, tag
from api.records.importers import LONGEST_LISTS, MOST_LISTS, ServedImporters
from api.records.importing import MEDIA_TYPES as LISTS
from api.records.importing import import_list, spool, suffix_of
from api.records.kinds import KINDS, Kind
from api.records.query import (
    ImportQuery,
    PageQuery,
    PlacedPageQuery,
    PutQuery,
    ReadQuery,
    RemoveQuery,
    page_after,
)
from api.records.refusals import CONDITIONS, CONFLICTS, MEDIA_TYPES, NOT_FOUND, UNDER_WAY
from api.records.schemas import (
    CURSOR_HEADER,
    HEADERS,
    HEADERS_OF_ONE,
    PAGES,
    Imported,
    Removed,
    Written,
)
from api.records.strictly import strictly
from api.records.surroundings import ServedSurroundings, surroundings_of
from api.stored import ServedStore
from api.timing import engine_time

router: Final = APIRouter(tags=["records"])
AT_HAND: Final[dict[str, Answer]] = {}
"""What is answered at once, by the template of its path."""

_JSON: Final = "application/json"
_LONGEST_ID: Final = 64
_LONGEST_TAGS: Final = 400
_CONDITIONS: Final = frozenset({"if-match", "if-none-match"})
_OF_PERSONS: Final = (
    "Each read is noted in the audit before it is answered. The role community reads and writes "
    "those of its own area alone; of others it is told that there is none. Who writes the id of "
    "one is refused (403, or a rejected row), which tells that it is another's: the refusal is "
    "noted in the audit, and of a list how many rows came, in a dry run, too."
)
RecordId = Annotated[
    str,
    Path(min_length=1, max_length=_LONGEST_ID, description="The owner's id.", examples=["E00017"]),
]


def _add_one(kind: Kind) -> None:
    """Add what reads one record."""

    def get_one(
        id: RecordId,  # noqa: A002 - what it is called in the path
        query: Annotated[ReadQuery, Query()],
        request: Request,
        *,
        caller: Annotated[Caller, requires(kind.read_scope)],
        store: ServedStore,
        audit: ServedAudit,
        if_none_match: Annotated[
            str | None,
            Header(
                max_length=_LONGEST_TAGS,
                description="Tags that the caller has.",
                examples=['"0f3a5c7e9b1d2f4a6c8e0b2d4f6a8c0e-118363"'],
            ),
        ] = None,
    ) -> Response:
        with engine_time(request):
            one = reading.read_one(kind, id, query, caller=caller, store=store, audit=audit)
        headers = {CURSOR_HEADER: str(one.cursor)}
        if query.as_of is None:  # of the past an erasure may take something, and leave the number
            headers["ETag"] = tag(one)
            if is_known(if_none_match, tag(one)):
                return Response(status_code=304, headers=headers)
        return Response(orjson.dumps(one.record), media_type=_JSON, headers=headers)

    def answer(request: Request) -> Response | None:
        """Answer at once, where all that is asked is in order."""
        state, query = request.app.state, query_of(request, ReadQuery)
        id_, tags = request.path_params["id"], request.headers.get("if-none-match")
        is_long = len(id_) > _LONGEST_ID or len(tags or "") > _LONGEST_TAGS
        if state.store is None or query is None or is_long:
            return None
        caller = let_in(request, kind.read_scope)  # last, since it asks the store
        if caller is None:
            return None
        return get_one(
            id_,
            query,
            request,
            caller=caller,
            store=state.store,
            audit=state.audit,
            if_none_match=tags,
        )

    def answer_at_hand(request: Request) -> Response | None:
        """Answer, where a row of a file is all that is to be read, and nothing to be noted."""
        state = request.app.state
        pulse = state.jobs.pulse()
        if pulse is None or request.scope["query_string"] or not state.store.is_at_hand:
            return None
        return answer(request) if is_let_in_at_hand(request, kind.read_scope, pulse) else None

    if not kind.speaks_of_persons:
        AT_HAND[f"/v1/{kind.name}/{{id}}"] = answer_at_hand

    router.add_api_route(
        f"/v1/{kind.name}/{{id}}",
        get_one,
        methods=["GET"],
        name=f"get_{kind.singular}",
        summary=f"One of the {kind.name}",
        description=f"The record as the store has it, or had it. {_about(kind)}",
        dependencies=[requires(kind.read_scope), caught_up()],
        response_class=Response,
        responses={
            200: {"model": kind.model, "headers": HEADERS_OF_ONE, "description": "The record."},
            304: {"description": "It is as `If-None-Match` says."},
            **NOT_FOUND,
            **OF_CURSORS,
        },
        route_class_override=quick_route(answer),
    )


def _add_pages(kind: Kind) -> None:
    """Add what reads records page by page."""
    model = PlacedPageQuery if kind.lies_somewhere else PageQuery

    @router.get(
        kind.pages_path,
        name=f"list_{kind.name}",
        summary=f"The {kind.name}, a page at a time",
        description="In the order of their ids. Whoever goes on by `next` sees each record once "
        f"that is there all the while, whatever is written meanwhile. {_about(kind)}",
        dependencies=[requires(kind.read_scope), caught_up()],
        response_class=Response,
        responses={
            200: {
                "model": PAGES[kind.name],
                "headers": HEADERS
                | {
                    "Link": {
                        "description": "The next page, if there is one.",
                        "schema": {
                            "type": "string",
                            "examples": [f'<{kind.pages_path}?after=UDAwMTIz>; rel="next"'],
                        },
                    }
                },
                "description": "The page.",
            },
            **NOT_FOUND,
            **OF_CURSORS,
        },
    )
    def get_page(
        query: Annotated[model, Query()],  # type: ignore[valid-type] # one of two
        request: Request,
        caller: Annotated[Caller, requires(kind.read_scope)],
        store: ServedStore,
        audit: ServedAudit,
    ) -> Response:
        with engine_time(request):
            page = reading.read_page(kind, query, caller=caller, store=store, audit=audit)
        records = page.records.to_pylist()
        headers, following = {CURSOR_HEADER: str(page.cursor)}, None
        if not page.is_last:
            given: Any = query
            asked = given.model_dump(mode="json", exclude_unset=True, exclude={"min_cursor"})
            asked["after"] = page_after(records[-1]["id"])
            following = f"{kind.pages_path}?{urlencode(asked, quote_via=quote)}"
            headers["Link"] = f'<{following}>; rel="next"'
        told = {
            "total": page.total,
            "next": following,
            "cursor": str(page.cursor),
            "records": records,
        }
        return Response(orjson.dumps(told), media_type=_JSON, headers=headers)


def _add_put(kind: Kind) -> None:
    """Add what writes one record."""
    body_of: TypeAdapter[Any] = TypeAdapter(strictly(kind.model))

    def put_one(
        id: RecordId,  # noqa: A002 - what it is called in the path
        body: strictly(kind.model),  # type: ignore[valid-type] # made while the program runs
        query: Annotated[PutQuery, Query()],
        *,
        request: Request,
        response: Response,
        caller: Annotated[Caller, requires(kind.write_scope)],
        store: ServedStore,
        surroundings: ServedSurroundings,
        audit: ServedAudit,
        conditions: Conditional,
    ) -> Written:
        record: Any = body
        with engine_time(request):
            done = writing.put(
                kind,
                id,
                record.model_dump(mode="json"),
                query,
                conditions=conditions,
                caller=caller,
                store=store,
                surroundings=surroundings,
                audit=audit,
            )
        response.status_code = 201 if done.told.outcome == "created" else 200
        response.headers["ETag"] = done.tag
        response.headers[CURSOR_HEADER] = done.told.cursor
        return done.told

    def answer(request: Request, body: bytes) -> Response | None:
        """Write at once, where all that is asked is in order."""
        state, query = request.app.state, query_of(request, PutQuery)
        id_ = request.path_params["id"]
        is_plain = len(id_) <= _LONGEST_ID and not (_CONDITIONS & set(request.headers))
        if state.store is None or query is None or not is_plain:
            return None
        try:
            record = body_of.validate_python(json.loads(body))
        except (ValueError, RecursionError):  # pydantic's is one, too
            return None
        caller = let_in(request, kind.write_scope)  # last, since it asks the store
        if caller is None:
            return None
        response = Response(media_type=_JSON)
        told = put_one(
            id_,
            record,
            query,
            request=request,
            response=response,
            caller=caller,
            store=state.store,
            surroundings=surroundings_of(request, state.store),
            audit=state.audit,
            conditions=Conditions(None, is_new=False),
        )
        response.body = told.model_dump_json().encode()
        response.headers["Content-Length"] = str(len(response.body))
        return response

    router.add_api_route(
        f"/v1/{kind.name}/{{id}}",
        put_one,
        methods=["PUT"],
        name=f"put_{kind.singular}",
        summary=f"Write one of the {kind.name}",
        description="The body is the whole record, as it is read: what it leaves out is null "
        "afterwards, but for `version` and `updated_at`, which stay. It is judged like a row of a "
        "list that is imported. Sent again it changes nothing. A record with a lower `version`, or "
        "an earlier `updated_at`, than the kept one is refused, and so is one that is as new and "
        "says otherwise; without either, the later one counts. Coordinates are WGS-84, or of the "
        "`datum` in the query; a place that was looked up is looked up anew. "
        f"{_about(kind)}",
        response_model=Written,
        responses={
            200: {"description": "Changed or unchanged.", "headers": HEADERS_OF_ONE},
            201: {"description": "Created.", "model": Written, "headers": HEADERS_OF_ONE},
            **NOT_FOUND,
            **CONFLICTS,
            **CONDITIONS,
        },
        route_class_override=quick_write_route(answer),
    )


def _add_delete(kind: Kind) -> None:
    """Add what removes one record."""
    erasure = (
        " With `reason=erasure` and the number of the `request` the person is erased, or the "
        "household: all that tells of them, now and in the past, and the id is barred. It cannot "
        "be undone; the store's file is written anew for it."
        if kind.can_be_erased
        else ""
    )

    @router.delete(
        f"/v1/{kind.name}/{{id}}",
        name=f"delete_{kind.singular}",
        summary=f"Remove one of the {kind.name}",
        description=f"Its past keeps it.{erasure} {_about(kind)}",
        response_model=Removed,
        responses={
            200: {"description": "It is gone.", "headers": HEADERS},
            **NOT_FOUND,
            **CONDITIONS,
        },
    )
    def delete_one(
        id: RecordId,  # noqa: A002 - what it is called in the path
        query: Annotated[RemoveQuery, Query()],
        *,
        request: Request,
        response: Response,
        caller: Annotated[Caller, requires(kind.write_scope)],
        store: ServedStore,
        conditions: Conditional,
    ) -> Removed:
        with engine_time(request):
            done = writing.remove(
                kind, id, query, conditions=conditions, caller=caller, store=store
            )
        response.headers[CURSOR_HEADER] = done.cursor
        return done


def _add_import(kind: Kind) -> None:
    """Add what imports a list."""

    @router.post(
        f"/v1/{kind.name}:import",
        name=f"import_{kind.name}",
        summary=f"Import a list of {kind.name}",
        description="NDJSON, an object a line, or CSV with a header: with the names of the fields, "
        "or those that offices use. Every row is accepted, unchanged, stale, duplicate or "
        "rejected, and these add up to the rows read; good rows are in, whatever becomes of "
        "others. It is taken in small transactions between which others write. With an "
        "`Idempotency-Key` a list that is sent again, since no answer came, say, is answered as "
        "before for a day; one that was cut off goes on where it stopped. Two are taken in at a "
        f"time; while {MOST_LISTS} lists come or wait for their turn, or {LONGEST_LISTS} times as "
        "many bytes as one may have, more are told to come again (503). "
        f"{_about(kind)}",
        response_class=Response,
        responses={
            200: {
                "model": Imported,
                "description": "What became of the rows.",
                "headers": HEADERS
                | {
                    "Idempotency-Replayed": {
                        "description": "`true` where the answer was given before.",
                        "schema": {"type": "string", "enum": ["true"]},
                    }
                },
            },
            **NOT_FOUND,
            **UNDER_WAY,
            **MEDIA_TYPES,
        },
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    one: {"schema": {"type": "string"}, "example": _example(kind, one)}
                    for one in LISTS
                },
            }
        },
    )
    async def post_import(
        request: Request,
        query: Annotated[ImportQuery, Query()],
        *,
        caller: Annotated[Caller, requires(kind.write_scope)],
        store: ServedStore,
        audit: ServedAudit,
        importers: ServedImporters,
        idempotency_key: Annotated[
            str | None,
            Header(
                pattern="^[\x21-\x7e]{1,200}$",
                description="A new one for each list, such as a UUID.",
                examples=["7b0c9a52-2f3e-4e0e-9d53-5d1f3a4b8a01"],
            ),
        ] = None,
    ) -> Response:
        suffix = suffix_of(request.headers.get("content-type"))
        longest = request.app.state.settings.import_most_bytes
        announced = announced_bytes(request.scope)
        with (
            importers.room(announced, longest_bytes=longest) as room,
            importers.folder() as folder,
        ):
            try:
                parts = room.counted(request.stream())
                spooled = await spool(parts, folder / f"list{suffix}")
            except ClientDisconnect:
                return Response(status_code=400)  # which nobody reads
            work = partial(
                import_list,
                kind,
                spooled,
                query,
                idempotency_key=idempotency_key,
                caller=caller,
                store=store,
                audit=audit,
                place=request.app.state.place,
            )
            told = await importers.run(work)
        headers = {CURSOR_HEADER: told.cursor}
        if told.is_repeated:
            headers["Idempotency-Replayed"] = "true"
        return Response(told.report, media_type=_JSON, headers=headers)


def _about(kind: Kind) -> str:
    return _OF_PERSONS if kind.speaks_of_persons else ""


def _example(kind: Kind, media_type: str) -> str:
    """Return a list of two fields: the id, and what else is required."""
    names = [name for name, spec in kind.model.specs().items() if spec.required]
    values = {name: f"{name}-1" for name in names}
    if media_type == "text/csv":
        return ",".join(names) + "\n" + ",".join(values.values()) + "\n"
    return orjson.dumps(values).decode() + "\n"


for _kind in KINDS:
    # Paths of one's own before those with an id in them.
    _add_pages(_kind)
    _add_import(_kind)
    _add_one(_kind)
    _add_put(_kind)
    _add_delete(_kind)
