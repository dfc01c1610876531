"""`/v1/coverage`, `/v1/gaps` and `/v1/what-if`: who is reached, who is not, and what would change.

Without a scope of its own all of it was published of the last month-end, from the fixed menu.
"""

from __future__ import annotations

import datetime as dt
from hashlib import blake2b
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Path, Query, Request, Response

from api.access.admission import admit, requires
from api.access.caller import Caller
from api.audit import ServedAudit
from api.coverage.faults import refused, refused_ids
from api.coverage.gaps import below_first, exact_gaps, published_gaps
from api.coverage.headline import headline_of
from api.coverage.menu import LEVELS, MENU_TEXT, RADII_M, radii_of
from api.coverage.query import (
    AreaQuery,
    CoverageQuery,
    GapsQuery,
    PointQuery,
    WhatIfRequest,
    off_menu,
)
from api.coverage.rows import exact_row, exact_rows, published_row
from api.coverage.schemas import (
    AreaAnswer,
    ChangeRow,
    CoverageAnswer,
    GapsAnswer,
    HeadlineAnswer,
    Menu,
    Row,
    WhatIfAnswer,
)
from api.coverage.served import Coverages, ServedCoverages, not_there
from api.coverage.town import Point
from api.jobs.served import ServedJobs
from api.parameters import NoQuery
from api.problems import Problem, ProblemError
from api.timing import engine_time
from geo_match.errors import ArgumentError
from geo_match.matching import FrameError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydantic import BaseModel

    from api.access.scopes import Scope
    from api.coverage.exact import Found
    from api.coverage.release import Release
    from geo_match.coverage import CoverageReport
    from geo_match.coverage.what_if.change import Change

_T = TypeVar("_T")

router: Final = APIRouter(tags=["coverage"])

_GROUP_OF_A_REPORT: Final = "more"  # what the library calls it
_GEOJSON: Final = "application/geo+json"
_JSON: Final = "application/json"
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "The caller has it already, by `If-None-Match`."},
    404: {
        "model": Problem,
        "description": "The server serves a file, or the store has nothing to tell of, or not that "
        "area, level or month-end.",
    },
}


@router.get("/v1/coverage", summary="Who is reached and who is not, by areas", responses=_RESPONSES)
def get_coverage(
    query: Annotated[CoverageQuery, Query()],
    request: Request,
    caller: Annotated[Caller, requires("coverage:read")],
    coverages: ServedCoverages,
    audit: ServedAudit,
) -> CoverageAnswer:
    """People with enough work or a station within the radius, in each area, and those without.

    Published figures (`figures=published`) come from a fixed menu, which the answer tells: fewer
    than 10 are kept back, others rounded, and all that is on the menu is protected together. They
    are cut once a month and do not follow single writes. Anything else is exact, needs the scope
    `coverage:exact`, and is noted in the audit.
    """
    if _is_published(query, coverages, caller, query.group):
        release = coverages.release(query.on)
        key = ("coverage", query.model_dump_json())
        return _published(  # type: ignore[return-value]  # as that model's JSON
            request, coverages, release, key, lambda: _coverage_of(query, release)
        )
    found = _exact(query, request, coverages)
    with engine_time(request):
        rows = _grouped(found.report, query)
    answer = CoverageAnswer(
        **_told_exactly(query, coverages, found),
        query=query,
        total=len(rows),
        city=exact_row(found.report.totals()),
        rows=rows,
    )
    _note(audit, caller, "coverage:exact", "coverage", found)
    return _tagged(request, answer)  # type: ignore[return-value]  # as above


@router.get(
    "/v1/coverage/headline", summary="A few numbers of the whole city", responses=_RESPONSES
)
def get_headline(
    _: Annotated[NoQuery, Query()],
    request: Request,
    caller: Annotated[Caller, requires("coverage:read")],  # noqa: ARG001 - it lets nobody else in
    coverages: ServedCoverages,
) -> HeadlineAnswer:
    """Totals of the whole city for the top of a page: published, rounded and kept back alike."""
    answer = headline_of(coverages.release(None))
    return _tagged(request, answer)  # type: ignore[return-value]  # as that model's JSON


@router.get(
    "/v1/coverage/{code}", summary="Who is reached and who is not in one area", responses=_RESPONSES
)
def get_area_coverage(
    code: Annotated[
        str,
        Path(
            max_length=64,
            description="Of a community, street, district or city, or an H3 cell.",
            examples=["340302001001"],
        ),
    ],
    query: Annotated[AreaQuery, Query()],
    *,
    request: Request,
    caller: Annotated[Caller, requires("coverage:read")],
    coverages: ServedCoverages,
    audit: ServedAudit,
) -> AreaAnswer:
    """One row of `/v1/coverage`, with the reasons why people are below the standard."""
    if _is_published(query, coverages, caller):
        release = coverages.release(query.on)
        levels = [query.by] if query.by else LEVELS
        record = next(
            (
                row
                for level in levels
                if query.radius_m in radii_of(level)
                for row in release.rows.get(level, ())
                if row.get("code") == code
            ),
            None,
        )
        if record is None:
            raise not_there("What was published has no area of that code.")
        answer = AreaAnswer(
            **_told_of(release),
            query=query,
            row=published_row(record, query.radius_m),
        )
        return _tagged(request, answer)  # type: ignore[return-value]  # as that model's JSON
    found = _exact(query, request, coverages)
    there = {*found.report.communities.levels, "h3"}
    levels = [query.by] if query.by else [level for level in LEVELS if level in there]
    with engine_time(request):
        rows = (row for level in levels for row in exact_rows(found.report, level))
        row = next((one for one in rows if one.code == code), None)
    # That there is no area is exact knowledge, too: of a cell, that nobody lives there.
    _note(audit, caller, "coverage:exact", "coverage", found)
    if row is None:
        raise not_there("There is no area of that code.")
    exactly = AreaAnswer(**_told_exactly(query, coverages, found), query=query, row=row)
    return _tagged(request, exactly)  # type: ignore[return-value]  # as above


@router.get(
    "/v1/gaps",
    summary="Ground beyond the radius of everything, and communities with people below the "
    "standard",
    response_model=GapsAnswer,
    responses={
        200: {"content": {_GEOJSON: {"schema": {"$ref": "#/components/schemas/GapsAnswer"}}}},
        **_RESPONSES,
    },
)
def get_gaps(
    query: Annotated[GapsQuery, Query()],
    request: Request,
    caller: Annotated[Caller, requires("coverage:read")],
    coverages: ServedCoverages,
    audit: ServedAudit,
) -> Response:
    """Gap areas (服务盲区) as GeoJSON, drawing aids with their tolerance.

    Published they are of places alone: the ground of each community beyond the radius of all
    vacancies, lived in or not. Exact ones are drawn around homes with nothing in reach, need the
    scope `coverage:exact`, and are noted in the audit.
    """
    if _is_published(query, coverages, caller):
        release = coverages.release(query.on)
        key = ("gaps", query.model_dump_json())
        return _published(
            request,
            coverages,
            release,
            key,
            lambda: _gaps_of(query, release),
            media_type=_GEOJSON,
        )
    found = _exact(query, request, coverages)
    with engine_time(request):
        features = exact_gaps(found.report)
        rows, kept_back = below_first(list(exact_rows(found.report, "community")))
    answer = GapsAnswer(
        **_told_exactly(query, coverages, found), features=features, rows=rows, kept_back=kept_back
    )
    _note(audit, caller, "coverage:exact", "gaps", found)
    return _tagged(request, answer, media_type=_GEOJSON)


@router.post(
    "/v1/what-if",
    summary="What would change if places were added, moved or closed",
    responses={404: _RESPONSES[404]},
)
def ask_what_if(
    asked: WhatIfRequest,
    request: Request,
    caller: Annotated[Caller, requires("coverage:read")],
    *,
    coverages: ServedCoverages,
    jobs: ServedJobs,
    audit: ServedAudit,
) -> WhatIfAnswer:
    """Tell what would change for the people of each area (选址模拟); nothing is changed.

    Published it is an estimate from the published figure of each area, whose people are taken to
    live evenly over it, and from public places: no number of questions tells more than these. Exact
    figures (`figures=exact`) need the scope `what-if:exact`, and are noted in the audit.
    """
    radii = {one for one in (asked.radius_m, asked.radius_m_after) if one is not None}
    if asked.figures == "published":
        if asked.of != "households" or not radii <= set(RADII_M):
            _admit(caller, "what-if:exact", ["of", "radius_m"])
            raise _off_menu("figures")
        release = coverages.release(None)
        supply = coverages.supply(asked.supply, lambda: _sites_served(jobs))
        with engine_time(request):
            rows, total, left_out = _edited(
                lambda: coverages.suppositions.suppose(release, supply, asked)
            )
        return WhatIfAnswer(
            **_told_of(release),
            query=asked,
            basis="published cells",
            areas_without_figures=left_out,
            total=total,
            rows=rows,
        )
    _admit(caller, "what-if:exact")
    point = Point(asked.of, asked.supply, coverages.today())
    found = coverages.told(
        lambda: coverages.exact.report(point, radius_m=asked.radius_m, what_if=True)
    )
    with engine_time(request):
        change = _edited(lambda: _change(asked, found))
        rows = [_change_row(one) for one in _records(change.by(asked.by))]
        total = _change_row(change.totals())
    answer = WhatIfAnswer(
        **_exact_head(coverages.today(), found),
        query=asked,
        basis="exact",
        areas_without_figures=0,
        total=total,
        rows=rows,
    )
    _note(audit, caller, "what-if:exact", "what-if", found)
    return answer


def _coverage_of(query: CoverageQuery, release: Release) -> CoverageAnswer:
    if query.by not in release.rows:
        there = ", ".join(name for name in release.rows if name in LEVELS)
        detail = f"What was published is not told by {query.by}, but by {there}."
        raise not_there(detail)
    rows = [published_row(one, query.radius_m) for one in release.rows[query.by]]
    return CoverageAnswer(
        **_told_of(release),
        query=query,
        total=len(rows),
        city=published_row(release.everybody, query.radius_m),
        rows=rows,
    )


def _gaps_of(query: GapsQuery, release: Release) -> GapsAnswer:
    told = [published_row(one, query.radius_m) for one in release.rows["community"]]
    rows, kept_back = below_first(told)
    return GapsAnswer(
        **_told_of(release),
        features=published_gaps(release, query.radius_m),
        rows=rows,
        kept_back=kept_back,
    )


def _edited(ask: Callable[[], _T]) -> _T:
    """Return what is asked; what is wrong with the places is told by where they stand."""
    try:
        return ask()
    except FrameError as error:
        raise refused(error) from None
    except ArgumentError as error:
        if error.argument != "close":
            raise
        raise refused_ids(error) from None


def _grouped(report: CoverageReport, query: CoverageQuery) -> list[Row]:
    """Return the rows of a report; a group that is none is told by the name of its parameter."""
    try:
        return list(exact_rows(report, query.by, query.group))
    except ArgumentError as error:
        if error.argument != _GROUP_OF_A_REPORT:
            raise
        raise ArgumentError("group", error.rule, query.group or "", error.remedy) from None


def _sites_served(jobs: ServedJobs) -> set[str]:
    """Return the ids of the sites that have a job that is served."""
    return {job.site_id for job in jobs.now().everywhere() if job.site_id is not None}


def _change(asked: WhatIfRequest, found: Found) -> Change:
    left_out = None if asked.supply == "jobs" else {"vacancies"}
    what_if = found.what_if
    if what_if is None:  # never: it was asked for
        raise TypeError
    return what_if.change(
        add=[one.model_dump(exclude=left_out) for one in asked.add] or None,
        move=[one.model_dump() for one in asked.move] or None,
        close=asked.close,
        radius_m=asked.radius_m_after,
    )


def _records(frame: Any) -> Iterable[dict[str, Any]]:  # noqa: ANN401 - a GeoDataFrame
    names = [name for name in frame.columns if name != "geometry"]
    records: list[dict[str, Any]] = frame[names].to_dict("records")
    return records


def _change_row(record: dict[str, Any]) -> ChangeRow:
    code, name = (record.get(one) for one in ("code", "name"))
    return ChangeRow(
        kind=record.get("kind", "all"),
        code=code if isinstance(code, str) else None,
        name=name if isinstance(name, str) else None,
        located=record["located"],
        reached_before=record["reached_before"],
        reached_after=record["reached_after"],
        reached_change=record["reached_change"],
    )


def _is_published(
    query: PointQuery, coverages: Coverages, caller: Caller, group: str | None = None
) -> bool:
    """Return whether published figures are asked for; if not, the caller may have exact ones.

    Raises
    ------
    ProblemError
        If they may not; or if they may, and ask for published figures of what is off the menu.
    """
    off = off_menu(query, coverages.today(), group)
    if query.figures == "published" and not off:
        return True
    _admit(caller, "coverage:exact", off)
    if query.figures == "published":
        raise _off_menu(off[0])
    return False


def _admit(caller: Caller, scope: Scope, off: list[str] | None = None) -> None:
    """Let a caller have exact figures; who may not is told what is published."""
    try:
        admit(caller, scope)
    except ProblemError as error:
        what = f" {', '.join(off)} is not on the menu of what is published." if off else ""
        detail = f"{error.problem.detail}{what} {MENU_TEXT}"
        problem = error.problem.model_copy(update={"detail": detail})
        raise ProblemError(problem, error.headers) from None


def _off_menu(name: str) -> ArgumentError:
    remedy = f"{MENU_TEXT} Say figures=exact for anything else."
    return ArgumentError(name, "be on the menu of what is published", "a value that is not", remedy)


def _exact(query: PointQuery, request: Request, coverages: Coverages) -> Found:
    point = Point(query.of, query.supply, query.on or coverages.today())
    with engine_time(request):
        return coverages.told(
            lambda: coverages.exact.report(point, radius_m=query.radius_m, at_least=query.at_least)
        )


def _note(audit: ServedAudit, caller: Caller, scope: Scope, purpose: str, found: Found) -> None:
    """Note that figures of so many people were made for somebody, before they leave."""
    audit.noted(caller, purpose=purpose, scope=scope)(lambda: found.report.who.ids)


def _told_of(release: Release) -> dict[str, Any]:
    return {
        "release": "published",
        "on": release.on,
        "cursor": release.cursor,
        "made_at": release.made_at,
        "invented": release.invented,
        "menu": Menu(
            by=[name for name in release.rows if name in LEVELS],
            radius_m=list(RADII_M),
            on=[release.on],
            min_count=release.min_count,
            round_to=release.round_to,
            most_error=release.most_error,
            distance_step_m=release.distance_step_m,
            reach_step=release.reach_step,
        ),
    }


def _told_exactly(query: PointQuery, coverages: Coverages, found: Found) -> dict[str, Any]:
    return _exact_head(query.on or coverages.today(), found)


def _exact_head(on: dt.date, found: Found) -> dict[str, Any]:
    return {
        "release": "internal",
        "on": on,
        "cursor": found.cursor,
        "made_at": None,
        "invented": found.invented,
        "menu": None,
    }


def _published(
    request: Request,
    coverages: Coverages,
    release: Release,
    key: tuple[str, ...],
    make: Callable[[], BaseModel],
    *,
    media_type: str = _JSON,
) -> Response:
    """Return a published answer, which is the same for all who ask, as bytes that are kept."""
    whole = (*key, release.on, release.made_at, release.cursor)
    with engine_time(request):
        body = coverages.answer(whole, lambda: make().model_dump_json().encode())
    return _sent(request, body, media_type)


def _tagged(request: Request, answer: BaseModel, media_type: str = _JSON) -> Response:
    return _sent(request, answer.model_dump_json().encode(), media_type)


def _sent(request: Request, body: bytes, media_type: str) -> Response:
    """Return an answer with its tag; nothing of it to a caller who has it."""
    tag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
    headers = {"ETag": tag}
    known = request.headers.get("if-none-match", "")
    if tag in {one.strip().removeprefix("W/") for one in known.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
