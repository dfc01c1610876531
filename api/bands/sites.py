"""The site of a job, if an operator has seen it where it is."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple

from api.problems import Problem, ProblemError, shown
from geo_match.store.reading.standing import standing_of

if TYPE_CHECKING:
    from api.jobs.of_store import StoredJobs
    from geo_match.store import Store

MOST_MOVES: Final = 2
"""How often a site may have moved in a year, and be asked about."""
YEAR: Final = dt.timedelta(days=365)
_URN: Final = "urn:geo-match:problem:"


class SeenSite(NamedTuple):
    """A site that an operator has seen at its place, degrees, WGS-84."""

    id: str
    lon: float
    lat: float


def site_of(job_id: str, jobs: StoredJobs, store: Store, now: dt.datetime) -> SeenSite:
    """Return the site of a job that is served.

    Parameters
    ----------
    now
        UTC, without a zone.

    Raises
    ------
    ProblemError
        If no such job is served, or its site is not verified, or moved too often.
    StoreError
        If the store cannot be read.
    """
    view = jobs.now()
    if not view.is_served(job_id):
        raise _problem(
            HTTPStatus.NOT_FOUND,
            "no-such-job",
            "No such job",
            f"No job '{shown(job_id)}' is served: it is not there, not open, or withheld.",
        )
    site_id = view.jobs[job_id].site_id
    standing = None if site_id is None else standing_of(store.life("sites", site_id))
    if site_id is None or standing is None or standing.place is None or not standing.is_verified:
        raise _problem(
            HTTPStatus.CONFLICT,
            "site-not-verified",
            "Site not verified",
            "An operator has not seen the site of this job where it is. Its record says so by "
            "`verified`; a move withdraws that, and so does it that the store's past is forgotten, "
            "until it is said anew: false, then true.",
        )
    if sum(now - moved < YEAR for moved in standing.moves) > MOST_MOVES:
        raise _problem(
            HTTPStatus.CONFLICT,
            "site-moved-often",
            "Site moved too often",
            f"The site of this job was moved more than {MOST_MOVES} times in a year.",
        )
    return SeenSite(site_id, *standing.place)


def _problem(status: HTTPStatus, kind: str, title: str, detail: str) -> ProblemError:
    return ProblemError(Problem(type=_URN + kind, title=title, status=status, detail=detail))
