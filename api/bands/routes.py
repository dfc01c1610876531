"""`/v1/jobs/{id}/seekers`: how many seekers are near the site of a job, in bands of distance."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request

from api.access.admission import requires
from api.access.caller import Caller
from api.audit import ServedAudit
from api.bands.cells import BAND_ENDS_M, cell_of
from api.bands.schemas import Band, SeekerBands
from api.bands.served import ServedSeekers, ServedStoredJobs
from api.bands.sites import site_of
from api.coverage.served import Coverages
from api.parameters import NoQuery
from api.problems import Problem
from api.stored import ServedStore
from api.timing import engine_time

router: Final = APIRouter(tags=["jobs"])
_SCOPE: Final = "seekers:bands"
_RESPONSES: Final[dict[int | str, dict[str, Any]]] = {
    404: {
        "model": Problem,
        "description": "No such job is served; or a file is served, or nothing is published.",
    },
    409: {
        "model": Problem,
        "description": "An operator has not seen the job's site where it is, or it moved too "
        "often.",
    },
}


@router.get(
    "/v1/jobs/{id}/seekers",
    summary="How many seekers are near the verified site of a job, in bands of distance",
    responses=_RESPONSES,
)
def get_seekers_near(
    request: Request,
    caller: Annotated[Caller, requires(_SCOPE)],
    id_: Annotated[
        str,
        Path(alias="id", max_length=64, description="Of a job.", examples=["J00001-001"]),
    ],
    _: Annotated[NoQuery, Query()],
    *,
    jobs: ServedStoredJobs,
    store: ServedStore,
    seekers: ServedSeekers,
    audit: ServedAudit,
) -> SeekerBands:
    """Add up published figures by bands to 3 km around the site's cell; no radius is taken.

    Figures are those of fixed H3 cells at the last month-end, cut once: none below 10 is told, the
    others are rounded with noise of their own. The site of the job must have been seen by an
    operator where it is (`verified` in its record): moving it withdraws that until it is said
    anew, and so does it that the store's past is forgotten. One that moved more than twice in a
    year is not told of. Since nothing is told beyond the table of cells, a key may ask about any
    job that is served: it names no employer.
    """
    with engine_time(request):
        site = site_of(id_, jobs, store, dt.datetime.now(dt.UTC).replace(tzinfo=None))
        noted = audit.noted(caller, purpose="招聘地点附近求职者分档", scope=_SCOPE)
        cells = Coverages.told(lambda: seekers.last(noted))
        cell = cell_of(site.lon, site.lat)
        told = cells.bands(cell)
    return SeekerBands(
        job_id=id_,
        site_id=site.id,
        on=cells.on,
        cell=cell,
        min_count=cells.min_count,
        round_to=cells.round_to,
        bands=[
            Band(over_m=over, to_m=end, seekers=count)
            for over, end, count in zip((None, *BAND_ENDS_M), BAND_ENDS_M, told, strict=False)
        ],
    )
