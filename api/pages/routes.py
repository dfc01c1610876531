"""`/`: the page with the map, the files that it loads, what is set for it, and its ground.

They stand beside the API, not in its description, and ask nobody who they are: what the page shows
beyond that, it asks of the API as anybody else.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from api.pages.built import BuiltFile
from api.pages.page import UNBUILT, policy_of, told_to_page
from api.pages.served import TheGround, ThePage, TheSettings
from api.parameters import NoQuery
from api.problems import Problem, ProblemError

router: Final = APIRouter(include_in_schema=False)

_NEVER_CHANGES: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_POLICY: Final = "Content-Security-Policy"
_GEOJSON: Final = "application/geo+json"


@router.get("/")
def get_page(
    _: Annotated[NoQuery, Query()], page: ThePage, settings: TheSettings, request: Request
) -> Response:
    """Return the page."""
    if page is None:
        return HTMLResponse(UNBUILT, HTTPStatus.SERVICE_UNAVAILABLE)
    return _sent(page.index, request, {_POLICY: policy_of(settings)})


@router.get("/assets/{name}")
def get_page_asset(
    name: str,
    _: Annotated[NoQuery, Query()],
    page: ThePage,
    settings: TheSettings,
    request: Request,
) -> Response:
    """Return a file that the page loads.

    Raises
    ------
    ProblemError
        If this build has none of that name.
    """
    file = None if page is None else page.assets.get(name)
    if file is None:
        raise _absent("file of that name")
    return _sent(file, request, {_POLICY: policy_of(settings), **_NEVER_CHANGES})


@router.get("/licenses.txt")
def get_page_licences(_: Annotated[NoQuery, Query()], page: ThePage, request: Request) -> Response:
    """Return the licences of what is bundled into the page.

    Raises
    ------
    ProblemError
        If it was not built.
    """
    if page is None:
        raise _absent("page")
    return _sent(page.licences, request, {})


@router.get("/ground.geojson")
def get_ground(_: Annotated[NoQuery, Query()], ground: TheGround) -> Response:
    """Return the outlines that the page draws under the map."""
    return Response(ground, media_type=_GEOJSON)


@router.get("/page.json")
def get_page_settings(_: Annotated[NoQuery, Query()], settings: TheSettings) -> Response:
    """Return what the operator has set for the page: the map's approval, and a basemap."""
    return JSONResponse(told_to_page(settings))


def _sent(file: BuiltFile, request: Request, headers: dict[str, str]) -> Response:
    """Return a file as an answer, packed for who takes that."""
    told = {**headers, "Vary": "Accept-Encoding"}
    if file.packed is not None and _takes_gzip(request.headers.getlist("accept-encoding")):
        told["Content-Encoding"] = "gzip"
        return Response(file.packed, headers=told, media_type=file.media_type)
    return Response(file.whole, headers=told, media_type=file.media_type)


def _takes_gzip(told: list[str]) -> bool:
    """Return whether `Accept-Encoding` names gzip, as every browser does, and does not refuse it.

    Who names it by `*` alone is sent the whole file, which nobody refuses.
    """
    codings = (one.strip().partition(";") for value in told for one in value.split(","))
    return any(
        name.strip().lower() == "gzip" and weight.replace(" ", "").rstrip("0") not in {"q=", "q=0."}
        for name, _, weight in codings
    )


def _absent(what: str) -> ProblemError:
    status = HTTPStatus.NOT_FOUND
    return ProblemError(
        Problem(
            type="about:blank",
            title=status.phrase,
            status=status,
            detail=f"This build of the page has no {what}. Load `/` anew: a later build may have "
            "taken its place.",
        )
    )
