"""Which jobs are within a distance of an origin, whatever the distance is measured by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from api.parameters import MAX_RADIUS_M
from geo_match.geodesy import geodesic_distance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from api.jobs.origins import Area, Around
    from api.jobs.postings import Posting
    from api.jobs.schemas import OnFoot, PlaceOnFoot
    from api.jobs.shown import InCircle, Shown
    from api.jobs.streets import Streets

_DOUBTFUL_M: Final = 1e-5
_DOUBTFUL_SHARE: Final = 1e-6
"""Distances that are told are as near as that to the exact ones, and nearer: 1 µm to 4 km."""


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """The jobs within a distance of an origin, in no order.

    Parameters
    ----------
    jobs
        n of them.
    distance_m
        Of each, float64, (n,); never above the radius.
    on_foot
        What is said of each walk; None for straight lines.
    place
        How the origin meets the streets; None for straight lines.
    """

    jobs: list[Posting]
    distance_m: NDArray[np.float64]
    on_foot: list[OnFoot] | None = None
    place: PlaceOnFoot | None = None


def reach(shown: Shown, origin: Around, radius_m: float, streets: Streets | None) -> Reached:
    """Return the jobs at most a radius from an origin: on foot if there are streets."""
    if origin.area is not None:
        return _from_area(shown, origin.area, radius_m)
    jobs, distance_m = shown.circle(**origin.centre._asdict(), radius_m=radius_m)
    if streets is None:
        return Reached(jobs, distance_m)
    lon, lat = _places(jobs)
    walks = streets.walk(origin.centre, radius_m, lon, lat)
    return Reached(
        [jobs[at] for at in walks.at.tolist()], walks.distance_m, walks.on_foot, walks.place
    )


def settle(origin: Around, found: Reached, ends: Sequence[float]) -> NDArray[np.float64]:
    """Return the distances of straight lines, exact where one is within a hair of an end.

    So it is in a ring up to the end exactly if it is in the circle of that radius. The distance to
    an area's edge is what it is told to be.
    """
    if origin.area is not None or not found.jobs:
        return found.distance_m
    off = np.abs(found.distance_m[:, None] - np.array(ends)).min(axis=1)
    doubtful = np.flatnonzero(off <= np.maximum(_DOUBTFUL_M, found.distance_m * _DOUBTFUL_SHARE))
    if not len(doubtful):
        return found.distance_m
    lon, lat = _places([found.jobs[at] for at in doubtful.tolist()])
    settled = found.distance_m.copy()
    settled[doubtful] = geodesic_distance(
        lon1=origin.centre.lon, lat1=origin.centre.lat, lon2=lon, lat2=lat
    )
    return settled


def _from_area(shown: Shown, area: Area, radius_m: float) -> Reached:
    around: InCircle | None = None
    if radius_m + area.far_m <= MAX_RADIUS_M:
        around = shown.circle(**area.centre._asdict(), radius_m=radius_m + area.far_m)
    jobs = shown.everywhere() if around is None else around.jobs
    lon, lat = _places(jobs)
    at, distance_m = area.distance_m(lon, lat, radius_m)
    return Reached([jobs[one] for one in at.tolist()], distance_m)


def _places(jobs: Sequence[Posting]) -> NDArray[np.float64]:
    """Return lon and lat of jobs, float64, (2, n)."""
    return np.array([job.where for job in jobs], dtype=np.float64).reshape(-1, 2).T
