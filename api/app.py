"""The application: settings in, routes out. `uvicorn --factory api.app:create_app` runs it.

uvicorn's access log writes each query, and with it the place that somebody asked about; and what a
proxy says of who asks, it believes of one on the same machine. Run it with `--no-access-log` and
`--no-proxy-headers`, as `python -m api` does.
"""

from __future__ import annotations

from contextlib import ExitStack, asynccontextmanager
from threading import BoundedSemaphore, Event
from typing import TYPE_CHECKING

from anyio import to_thread
from fastapi import Depends, FastAPI

import geo_match
from api import problems
from api.access.credentials import cookie_name
from api.access.gate import Gate
from api.access.routes import router as access_router
from api.audit import Audit
from api.bands.routes import router as bands_router
from api.bands.served import open_seekers
from api.coverage.routes import router as coverage_router
from api.coverage.served import open_coverages
from api.description import TAGS, DescribedApi
from api.docs.routes import router as docs_router
from api.features.routes import router as features_router
from api.features.served import Features
from api.feed.routes import router as feed_router
from api.feed.taking import MOST_SNAPSHOTS
from api.feed.watch import Watch
from api.guards.bodies import ShortBodies
from api.guards.buckets import Buckets
from api.guards.crowd import Crowd
from api.guards.deadline import Deadline
from api.guards.forwarded import ForwardedGuard
from api.guards.head import HeadLikeGet
from api.guards.hosts import HostGuard
from api.guards.json_bodies import JsonBodies
from api.guards.limits import Limits
from api.guards.requests import Requests
from api.guards.safe_headers import SafeHeaders
from api.guards.urls import SoundUrls
from api.jobs.opening import open_jobs
from api.jobs.routes import AT_HAND as JOBS_AT_HAND
from api.jobs.routes import router as jobs_router
from api.jobs.streets import Streets
from api.matches.matchers import Matchers
from api.matches.routes import router as matches_router
from api.operation.in_step import InStep
from api.operation.measuring import Measuring
from api.operation.metrics import Metrics
from api.operation.routes import router as operation_router
from api.pages.built import BuiltPage
from api.pages.ground import read_ground
from api.pages.routes import router as pages_router
from api.quick import AtHand
from api.records.importers import Importers
from api.records.routes import AT_HAND as RECORDS_AT_HAND
from api.records.routes import router as records_router
from api.settings import PREFIX, Settings, from_environment
from api.shared_place import SharedPlace
from geo_match.errors import GeoMatchError
from geo_match.store import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp


class _Application(DescribedApi):
    """The API with its headers on whatever it answers, and all of it measured."""

    def build_middleware_stack(self) -> ASGIApp:
        """Return the middleware, and in front of all what adds the headers.

        What nobody foresaw is answered before any middleware that is added.
        """
        headed = SafeHeaders(super().build_middleware_stack())
        return Measuring(Requests(headed), self.state.metrics)


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
        store = None if settings.store is None else opened.enter_context(Store.open(settings.store))
        # One pulse for all who keep what they read: each connection counts for itself.
        gate = Gate.open(settings.store, is_https=settings.https, pulse=jobs.pulse)
        opened.callback(gate.close)
        place = opened.enter_context(SharedPlace.open())
        metrics = Metrics(place, store)
        step = InStep(jobs, store, metrics)
        opened.callback(step.close)
        buckets = _limits_of(settings, place)
        if buckets is not None:
            opened.callback(buckets.close)
        app = _make(settings, buckets)
        app.state.jobs, app.state.gate, app.state.streets = jobs, gate, streets
        app.state.store, app.state.settings = store, settings
        app.state.audit = None if settings.store is None else Audit(settings.store)
        if app.state.audit is not None:
            opened.callback(app.state.audit.close)
        network = None if streets is None else streets.network
        matchers = None if store is None else Matchers(store, network)
        if matchers is not None:
            opened.callback(matchers.close)
        app.state.matchers = matchers
        app.state.place, app.state.stopping = place, Event()
        app.state.metrics, app.state.in_step = metrics, step
        app.state.coverages = None if store is None else open_coverages(store, settings)
        app.state.seekers = None if store is None else open_seekers(store, settings)
        app.state.features = Features()
        app.state.page, app.state.ground = BuiltPage.read(), read_ground(settings.ground)
        app.state.watch = None if store is None else Watch(store, app.state.stopping)
        app.state.snapshots = BoundedSemaphore(MOST_SNAPSHOTS)
        app.state.importers = Importers(place)
        opened.callback(app.state.importers.close)
        app.state.opened = opened.pop_all()
    return app


def _limits_of(settings: Settings, place: SharedPlace) -> Buckets | None:
    """Open what all workers count requests by; None where these are not limited."""
    if settings.limit_per_s is None:
        return None
    path = place.path / "limits"
    return Buckets(path, per_s=settings.limit_per_s, burst=settings.limit_burst)


def _make(settings: Settings, buckets: Buckets | None) -> FastAPI:
    """Make the application without anything to answer from."""
    app = _Application(
        title="geo_match",
        version=geo_match.__version__,
        summary="Jobs within a radius of a place, exactly: by geodesics on the WGS-84 ellipsoid, "
        "or on foot.",
        description="What is answered is described here, and tried out at `/docs`. Distances are "
        "metres on the WGS-84 ellipsoid, coordinates degrees of WGS-84, longitude first.",
        license_info={"name": "MIT", "identifier": "MIT"},
        servers=[{"url": "/", "description": "The server that this description comes from."}],
        openapi_tags=list(TAGS),
        generate_unique_id_function=lambda route: route.name,
        docs_url=None,  # these load their scripts from the internet: `api.docs` has its own
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(problems.refuse_repeated)],
        responses=problems.RESPONSES,
        lifespan=_closing,
    )
    for router in (  # each request is held against them in this order
        jobs_router,
        records_router,
        matches_router,
        coverage_router,
        feed_router,
        access_router,
        bands_router,
        docs_router,
        features_router,
        operation_router,
        pages_router,
    ):
        app.include_router(router)
    app.add_middleware(Deadline, most_s=settings.request_s)
    app.add_middleware(JsonBodies)
    app.add_middleware(Crowd, most=settings.most_requests)
    app.add_middleware(
        ShortBodies,
        import_most_bytes=settings.import_most_bytes,
        patience_s=settings.patience_s,
        is_forwarded=settings.forwarded,
    )
    app.add_middleware(AtHand, answers={**JOBS_AT_HAND, **RECORDS_AT_HAND})
    app.add_middleware(SoundUrls)
    app.add_middleware(ForwardedGuard, are_expected=settings.forwarded)
    app.add_middleware(HostGuard, allowed=settings.allowed_hosts)
    if buckets is not None:
        app.add_middleware(
            Limits,
            buckets=buckets,
            is_forwarded=settings.forwarded,
            cookie=cookie_name(is_https=settings.https),
        )
    app.add_middleware(HeadLikeGet)  # added last, so in front of all
    problems.install(app)
    return app


@asynccontextmanager
async def _closing(app: FastAPI) -> AsyncIterator[None]:
    """Keep in step with the store while the server runs, and let go of it at the end."""
    with app.state.opened:
        if app.state.matchers is not None:  # before it listens: the first answer is as fast as any
            await to_thread.run_sync(app.state.matchers.warm)
        if app.state.coverages is not None:
            app.state.coverages.begin()
        async with app.state.in_step.following():
            yield


def _create_from_environment() -> FastAPI:
    settings = from_environment()
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
