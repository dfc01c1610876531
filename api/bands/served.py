"""What requests about seekers near a site are answered from: made with the application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from api.bands.releases import SeekerReleases
from api.coverage.releases import day_in_china
from api.coverage.served import folder_of, no_releases
from api.jobs.of_store import StoredJobs
from api.stored import ServedStore

if TYPE_CHECKING:
    from api.settings import Settings
    from geo_match.store import Store


def open_seekers(store: Store, settings: Settings) -> SeekerReleases | None:
    """Return what is published of a store's seekers; None if there is no place for it.

    It lies where published coverage lies.
    """
    folder = folder_of(settings)
    return None if folder is None else SeekerReleases(store, folder, today=day_in_china)


async def _seekers_of(request: Request, _: ServedStore) -> SeekerReleases:
    seekers: SeekerReleases | None = request.app.state.seekers
    if seekers is None:
        raise no_releases()
    return seekers


async def _stored_jobs_of(request: Request, _: ServedStore) -> StoredJobs:
    jobs: StoredJobs = request.app.state.jobs
    return jobs


ServedSeekers = Annotated[SeekerReleases, Depends(_seekers_of)]
"""What is published of seekers; a problem for a server of a file, or without a folder for it."""
ServedStoredJobs = Annotated[StoredJobs, Depends(_stored_jobs_of)]
"""The jobs of the store; a problem for a server of a file."""
