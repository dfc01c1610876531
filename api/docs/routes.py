"""`/docs`: the page, and the files that it loads, from this server alone.

They stand beside the API, not in its description: who reads that is there already.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import FileResponse, HTMLResponse, Response

from api.docs.assets import ASSETS
from api.docs.page import PAGE, POLICY, START
from api.parameters import NoQuery

router: Final = APIRouter(include_in_schema=False)

_KEPT: Final = {"Cache-Control": "max-age=86400"}  # they change with the packages, not by the hour


@router.get("/docs")
def get_docs(_: Annotated[NoQuery, Query()]) -> Response:
    """Return the page."""
    return HTMLResponse(PAGE, headers={"Content-Security-Policy": POLICY})


@router.get("/docs/start.js")
def get_start(_: Annotated[NoQuery, Query()]) -> Response:
    """Return the script that shows the description."""
    return Response(START, media_type="text/javascript")


def _serve(name: str, file: Path) -> None:
    @router.get(f"/docs/{name}", name=f"get_{name}")
    def get_asset(_: Annotated[NoQuery, Query()]) -> Response:
        return FileResponse(file, headers=_KEPT)


for _name, _file in ASSETS.items():
    _serve(_name, _file)
