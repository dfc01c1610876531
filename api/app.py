"""The application: settings in, routes out. `uvicorn --factory api.app:create_app` runs it.

uvicorn's access log writes each query, and with it the place that somebody asked about; and what a
proxy says of who asks, it believes of one on the same machine. Run it with `--no-access-log` and
`--no-proxy-headers`, as `python -m api` does.
"""

from __future__ import annotations

from contextlib import ExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, FastAPI
from pydantic import ValidationError

import geo_match
from api import problems
from api.access.gate import Gate
from api.access.routes import router as access_router
from api.description import DescribedApi
from api.guards.bodies import ShortBodies
from api.guards.forwarded import ForwardedGuard
from api.guards.head import HeadLikeGet
from api.guards.hosts import HostGuard
from api.guards.keys_in_urls import KeysInUrls
from api.guards.safe_headers import SafeHeaders
from api.jobs.opening import open_jobs
from api.jobs.routes import router as jobs_router
from api.jobs.streets import Streets
from api.operation.routes import router as operation_router
from api.settings import PREFIX, Settings, unknown_variables
from geo_match.errors import GeoMatchError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp


class _Application(DescribedApi):
    """The API with its headers on whatever it answers."""

    def build_middleware_stack(self) -> ASGIApp:
        """Return the middleware, and in front of all what adds the headers.

        What nobody foresaw is answered before any middleware that is added.
        """
        return SafeHeaders(super().build_middleware_stack())


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
    with ExitStack() as opened:  # if anything fails, what was opened before is closed
        jobs = open_jobs(settings)
        opened.callback(jobs.close)
        gate = Gate.open(settings.store, is_https=settings.https)
        opened.callback(gate.close)
        app = _make(settings)
        app.state.jobs, app.state.gate, app.state.streets = jobs, gate, streets
        app.state.opened = opened.pop_all()
    return app


def _make(settings: Settings) -> FastAPI:
    """Make the application without anything to answer from."""
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
    every = APIRouter(
        dependencies=[Depends(problems.refuse_repeated)], responses=problems.RESPONSES
    )
    for router in (access_router, jobs_router, operation_router):
        every.include_router(router)
    app.include_router(every)
    app.add_middleware(KeysInUrls)
    app.add_middleware(ShortBodies)
    app.add_middleware(ForwardedGuard, are_expected=settings.forwarded)
    app.add_middleware(HostGuard, allowed=settings.allowed_hosts)
    app.add_middleware(HeadLikeGet)  # added last, so in front of all
    problems.install(app)
    return app


@asynccontextmanager
async def _closing(app: FastAPI) -> AsyncIterator[None]:
    """Let go of the store when the server ends."""
    with app.state.opened:
        yield


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
