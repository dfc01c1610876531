"""What the jobs are asked around, found: a point, or the area of a community."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from api.jobs.schemas import Origin
from api.jobs.streets import Centre
from geo_match.errors import ArgumentError
from geo_match.index.area_distance import AreaOrigins

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from api.jobs.query import JobsQuery
    from api.jobs.shown import Shown

_A_M, _B_M = 6_378_137.0, 6_356_752.314_245
_MOST_CURVATURE_RADIUS_M: Final = _A_M**2 / _B_M
"""The largest radius of curvature of the ellipsoid: that at the poles."""
_KEPT: Final = 256
_NAMED: Final = 10
"""Codes that a problem names."""


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """The area of a community, ready to be asked around.

    Parameters
    ----------
    edges
        Its borders.
    centre
        The middle of its box.
    far_m
        No place of it is farther from there, metres.
    """

    edges: AreaOrigins
    centre: Centre
    far_m: float

    def distance_m(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64], radius_m: float
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return which of some places are within a radius of its edge or inside, and how far."""
        pairs = self.edges.within(lon=lon, lat=lat, radius_m=radius_m)
        return pairs.point, pairs.distance_m


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """What the jobs are asked around.

    Parameters
    ----------
    told
        What the answer says of it.
    centre
        The point; of an area its middle.
    area
        None for a point.
    """

    told: Origin
    centre: Centre
    area: Area | None = None


def origin_of(query: JobsQuery, shown: Shown) -> Around:
    """Return what a request asks around.

    Raises
    ------
    ArgumentError
        If there is no such community or station, or nobody knows where it is, or a walk is asked
        for from the edge of an area.
    """
    if query.community is not None:
        return _of_community(query, query.community, shown)
    if query.station is not None:
        return _of_station(query, query.station, shown)
    if query.lon is None or query.lat is None:  # which the query's own check has excluded
        raise ArgumentError("lon", "be given with lat", "None")
    return _of_point(query, Centre(query.lon, query.lat))


def _of_point(query: JobsQuery, centre: Centre) -> Around:
    return Around(
        Origin(kind="point", id=None, name=None, **centre._asdict(), basis=query.basis), centre
    )


def _of_station(query: JobsQuery, name: str, shown: Shown) -> Around:
    station = shown.stations.get(name)
    if station is None:
        raise ArgumentError("station", "be the id of a station that the store has", name)
    if station.place is None:
        raise ArgumentError("station", "be a station whose place the store has", name)
    centre = Centre(*station.place)
    told = Origin(kind="station", id=name, name=station.name, **centre._asdict(), basis=query.basis)
    return Around(told, centre)


def _of_community(query: JobsQuery, code: str, shown: Shown) -> Around:
    known = shown.communities
    name = code if code in known else now_called(code, shown)
    if name is None:
        raise ArgumentError("community", "be the code of a community that the store has", code)
    community = known[name]
    if community.area is None:
        raise ArgumentError("community", "be a community whose area the store has", code)
    if query.basis == "walking":
        raise ArgumentError(
            "basis",
            "be geodesic around a community: no walk begins at the edge of an area",
            query.basis,
            "Ask around a point or a station.",
        )
    area = _area_of(community.area)
    told = Origin(
        kind="community", id=name, name=community.name, lon=None, lat=None, basis="area_edge"
    )
    return Around(told, area.centre, area)


def now_called(code: str, shown: Shown) -> str | None:
    """Return the code that a community has instead of one that it had before.

    Raises
    ------
    ArgumentError
        If several had it, as where one was split: which one is meant would be guessed.
    """
    names = [name for name, one in shown.communities.items() if one.previous_code == code]
    if len(names) > 1:
        rule = "be the code of one community, which it was before a change: several had it"
        raise ArgumentError("community", rule, code, f"Ask for one of {_listed(names)}.")
    return names[0] if names else None


def _listed(names: list[str]) -> str:
    more = ", …" if len(names) > _NAMED else ""
    return ", ".join(sorted(names)[:_NAMED]) + more


@lru_cache(maxsize=_KEPT)
def _area_of(wkt: str) -> Area:
    """Return an area; those that were asked for last are kept."""
    shape = shapely.from_wkt(wkt)
    west, south, east, north = shapely.bounds(shape).tolist()
    # From the middle of its box every place of it is reached along a meridian, then a parallel: no
    # radius of a meridian's curvature is above a²/b, nor that of a parallel above a²/b · cos φ,
    # which is greatest at the box's latitude nearest to the equator. A geodesic is no longer.
    nearest = 0.0 if south <= 0 <= north else min(abs(south), abs(north))
    half = (north - south) / 2 + (east - west) / 2 * math.cos(math.radians(nearest))
    far_m = math.radians(half) * _MOST_CURVATURE_RADIUS_M
    return Area(AreaOrigins([shape]), Centre((west + east) / 2, (south + north) / 2), far_m)
