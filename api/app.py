"""The application: settings in, routes out. `uvicorn --factory api.app:create_app` runs it.

uvicorn's access log writes each query, and with it the place that somebody asked about: run it
with `--no-access-log`, as `python -m api` does.
"""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query, Request
from pydantic import ValidationError

import geo_match
from api import problems
from api.head import HeadLikeGet
from api.hosts import HostGuard
from api.jobs import JobIndex, read_jobs
from api.parameters import JobsQuery, NoQuery
from api.schemas import Health, Jobs, Readiness
from api.settings import PREFIX, Settings, unknown_variables
from api.stored_jobs import StoredJobs
from api.streets import Streets, no_streets
from geo_match.errors import FileError, GeoMatchError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from api.schemas import StoredJobsState
    from geo_match.intake import Rejection

_LOG = logging.getLogger(__name__)
_SHOWN_REJECTIONS = 20

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    421: {"model": problems.Problem, "description": "The host is not one of this server's names."},
    422: {"model": problems.Problem, "description": "A parameter is missing, faulty or unknown."},
    500: {"model": problems.Problem, "description": "The server failed; the fault is logged."},
    503: {"model": problems.Problem, "description": "The store cannot be read at the moment."},
}

router = APIRouter(dependencies=[Depends(problems.refuse_repeated)], responses=_PROBLEMS)


def _jobs_of(request: Request) -> JobIndex | StoredJobs:
    jobs: JobIndex | StoredJobs = request.app.state.jobs
    return jobs


def _streets_of(request: Request) -> Streets | None:
    streets: Streets | None = request.app.state.streets
    return streets


@router.get("/v1/jobs", summary="Jobs within a radius of a place, nearest first", tags=["jobs"])
def get_jobs(
    query: Annotated[JobsQuery, Query()],
    jobs: Annotated[JobIndex | StoredJobs, Depends(_jobs_of)],
    streets: Annotated[Streets | None, Depends(_streets_of)],
) -> Jobs:
    """Every job whose site is at most `radius_m` from the place, on the WGS-84 ellipsoid.

    All are counted, the nearest `limit` are listed; equal distances keep the order of the file,
    or, in a store, that of the ids. With `basis=walking` the distance is the shortest way along
    streets; a place that no street leads to has nothing in reach, and the answer says why.
    """
    if query.basis == "geodesic":
        return jobs.within(query)
    if streets is None:
        raise no_streets()
    return jobs.within_walk(query, streets)


@router.get("/healthz", summary="That the server answers, and on what", tags=["operation"])
def get_health(
    _: Annotated[NoQuery, Query()],
    jobs: Annotated[JobIndex | StoredJobs, Depends(_jobs_of)],
    streets: Annotated[Streets | None, Depends(_streets_of)],
) -> Health:
    """Answers once the file or the store is read; says how many of its jobs are served."""
    return Health(
        status="ok",
        version=geo_match.__version__,
        sites=jobs.file,
        store=jobs.stored,
        network=None if streets is None else streets.state,
    )


@router.get("/readyz", summary="That the index is in step with the store", tags=["operation"])
def get_readiness(
    _: Annotated[NoQuery, Query()], jobs: Annotated[JobIndex | StoredJobs, Depends(_jobs_of)]
) -> Readiness:
    """Answers once everything that the store has now is taken in; a file always is."""
    return Readiness(status="ready", cursor=jobs.catch_up())


class _Application(FastAPI):
    """FastAPI whose OpenAPI says of every problem that it is `application/problem+json`."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI description; it is made once."""
        if self.openapi_schema is None:
            for path in super().openapi()["paths"].values():
                for operation in path.values():
                    for status in _PROBLEMS:
                        content = operation["responses"][str(status)]["content"]
                        content[problems.MEDIA_TYPE] = content.pop("application/json")
        return super().openapi()


def create_app(settings: Settings | None = None) -> FastAPI:
    """Make the application; the store or the file of sites is read before this returns.

    Parameters
    ----------
    settings
        None reads them from the environment, as `api.settings` lists; what is wrong with them
        then ends the process with one message, since a server has nobody to catch it.

    Raises
    ------
    GeoMatchError
        If the settings are given, and the store, the file or the network cannot be read as they
        say, or none of the file's rows can be used.
    SystemExit
        If the settings come from the environment, for the same, and for a bad setting.
    """
    if settings is None:
        return _create_from_environment()
    streets = None if settings.network is None else Streets.open(settings.network)
    jobs = _jobs(settings)
    app = _Application(
        title="geo_match",
        version=geo_match.__version__,
        summary="Jobs within a radius of a place, exactly: by geodesics on the WGS-84 ellipsoid, "
        "or on foot.",
        generate_unique_id_function=lambda route: route.name,
        docs_url=None,  # these pages load their scripts from the internet
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_closing,
    )
    app.state.jobs, app.state.streets = jobs, streets
    app.include_router(router)
    app.add_middleware(HostGuard, allowed=settings.allowed_hosts)
    app.add_middleware(HeadLikeGet)  # added last, so in front of all
    problems.install(app)
    return app


def _jobs(settings: Settings) -> JobIndex | StoredJobs:
    """Read what the settings name, and log what became of it."""
    if settings.store is not None:
        stored = StoredJobs.open(settings.store)
        _log_store(stored.stored)
        return stored
    jobs = read_jobs(settings)
    _log_reading(jobs, settings)
    if not len(jobs):
        raise _nothing_to_serve(jobs, settings)
    return jobs


@asynccontextmanager
async def _closing(app: FastAPI) -> AsyncIterator[None]:
    """Let go of the store when the server ends."""
    yield
    app.state.jobs.close()


def _nothing_to_serve(jobs: JobIndex, settings: Settings) -> FileError:
    """Return what to raise where no row is served; a file without rows was refused before."""
    rule = "have a row that can be used"
    if not jobs.rejections:
        found = f"all {jobs.file.rows_withheld:,} withheld: no licence verified, or all filled"
        remedy = "Verify the employers' licences, and say so in the file."
        return FileError(settings.sites, rule, found, remedy)
    first = jobs.rejections[0]
    withheld = f", {jobs.file.rows_withheld:,} withheld" if jobs.file.rows_withheld else ""
    rejected = f"{jobs.file.rows_rejected:,} rejected"
    found = f"{rejected}{withheld}" if withheld else f"all {rejected}"
    reason = f"(row {first.row}, {first.field}: {first.rule})"
    return FileError(settings.sites, rule, f"{found} {reason}", first.remedy)


def _create_from_environment() -> FastAPI:
    unknown = unknown_variables()
    if unknown:
        names = ", ".join(PREFIX + name.upper() for name in Settings.model_fields)
        message = f"geo_match: {', '.join(unknown)} is no setting; the settings are {names}."
        raise SystemExit(message)
    try:
        settings = Settings()
    except ValidationError as error:
        faults = "; ".join(
            f"{PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg']}, got {fault['input']!r}"
            if fault["loc"]
            else fault["msg"]
            for fault in error.errors()
        )
        message = f"geo_match: {faults}."
        raise SystemExit(message) from None
    try:
        return create_app(settings)
    except (GeoMatchError, OSError) as error:
        given = "".join(
            f" ({PREFIX}{name.upper()}={getattr(settings, name)})"
            for name in Settings.model_fields
            if name in settings.model_fields_set
        )
        message = f"geo_match: {error}{given}"
        raise SystemExit(message) from None


def _sentence(rejection: Rejection) -> str:
    value = repr(rejection.value) if rejection.value else "empty"
    return f"row {rejection.row}, {rejection.field} ({value}): {rejection.rule}. {rejection.remedy}"


def _log_store(state: StoredJobsState) -> None:
    """Say how many of a store's jobs are served; that there is none is a warning."""
    _LOG.log(
        logging.INFO if state.jobs_served else logging.WARNING,
        "%s: %s jobs, %s served, %s withheld (licence not verified, filled, or not open today), "
        "%s without a place.",
        state.store,
        f"{state.jobs:,}",
        f"{state.jobs_served:,}",
        f"{state.jobs_withheld:,}",
        f"{state.jobs_without_place:,}",
    )
    if state.invented:
        _LOG.info("%s: its jobs, employers and addresses are invented.", state.store)


def _log_reading(jobs: JobIndex, settings: Settings) -> None:
    """Say what became of the rows and columns of the file, and what it is suspected of.

    What a person should look at is a warning, which is shown even where nobody set logging up.
    """
    file = jobs.file
    withheld = f"{file.rows_withheld:,} withheld (licence not verified, or filled)"
    _LOG.log(
        logging.WARNING if jobs.rejections else logging.INFO,
        "%s: %s rows read, %s accepted%s, %s rejected.",
        file.file,
        f"{file.rows_read:,}",
        f"{file.rows_accepted:,}",
        f", {withheld}" if file.rows_withheld else "",
        f"{file.rows_rejected:,}",
    )
    if file.invented:
        _LOG.info("%s: its jobs, employers and addresses are invented.", file.file)
    for rejection in jobs.rejections[:_SHOWN_REJECTIONS]:
        _LOG.warning("  %s", _sentence(rejection))
    more = len(jobs.rejections) - _SHOWN_REJECTIONS
    if jobs.rejections and settings.rejected is not None:
        _LOG.warning("  %s faults listed in %s", f"{len(jobs.rejections):,}", settings.rejected)
    elif more > 0:
        _LOG.warning("  … and %s more; %sREJECTED=rejected.csv lists all", f"{more:,}", PREFIX)
    _LOG.log(
        logging.WARNING if jobs.columns.unused else logging.INFO, "%s: %s.", file.file, jobs.columns
    )
    for warning in jobs.warnings:
        _LOG.warning("%s: %s.", file.file, warning)
