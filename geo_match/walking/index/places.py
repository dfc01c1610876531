"""The places of an index, and of what it is asked: distinct, and led to streets once each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match._validate import as_lonlat, as_radius
from geo_match.walking.graph.arrays import integers, longs
from geo_match.walking.kernels.reach import Members
from geo_match.walking.search.distinct import distinct, members_of
from geo_match.walking.search.hang import hang
from geo_match.walking.snapping.snap import as_limit_mm, snap_checked

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from geo_match.walking.kernels.reach import Hung
    from geo_match.walking.search.ground import Ground
    from geo_match.walking.snapping.snap import Snaps

    Longs = NDArray[np.int64]
    Floats = NDArray[np.float64]


class Places(NamedTuple):
    """The distinct places of an index's m points.

    Parameters
    ----------
    snaps
        Of the places, (d,).
    of_point
        int64, (m,): each point's place.
    members
        The points of each place, as the kernels read them.
    hung
        Where the places hang.
    """

    snaps: Snaps
    of_point: Longs
    members: Members
    hung: Hung


class Asked(NamedTuple):
    """Checked queries, n of them, at d distinct places with limits.

    Parameters
    ----------
    snaps
        Of the places, (d,).
    limit_mm
        int64, (d,).
    of_query
        int64, (n,): each query's place.
    """

    snaps: Snaps
    limit_mm: Longs
    of_query: Longs


def places_of(ground: Ground, lon: Floats, lat: Floats, max_snap_m: float) -> Places:
    """Snap the distinct places of checked points, and hang them."""
    first, of_point = distinct(lon, lat)
    snaps = snap_checked(ground.graph, ground.streets, lon[first], lat[first], max_snap_m)
    offsets, rows = members_of(of_point, len(first))
    members = Members(longs(offsets), integers(rows))
    return Places(snaps, of_point, members, hang(ground, snaps))


def asked(
    ground: Ground, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike, max_snap_m: float
) -> Asked:
    """Check the arguments of a query, and lead its distinct places to the streets."""
    checked_lon, checked_lat = as_lonlat(lon, lat)
    radius = as_radius(radius_m, len(checked_lon))
    return asked_checked(ground, checked_lon, checked_lat, as_limit_mm(radius), max_snap_m)


def asked_nearest(ground: Ground, lon: ArrayLike, lat: ArrayLike, max_snap_m: float) -> Asked:
    """Check the places of a question without a radius, and lead them to the streets."""
    checked_lon, checked_lat = as_lonlat(lon, lat)
    no_limit = np.zeros(len(checked_lon), dtype=np.int64)
    return asked_checked(ground, checked_lon, checked_lat, no_limit, max_snap_m)


def asked_checked(
    ground: Ground, lon: Floats, lat: Floats, limit_mm: Longs, max_snap_m: float
) -> Asked:
    """Lead the distinct places of checked queries to the streets."""
    if len(lon) == 1:
        first, of_query = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    else:
        first, of_query = distinct(lon, lat, limit_mm)
    snaps = snap_checked(ground.graph, ground.streets, lon[first], lat[first], max_snap_m)
    return Asked(snaps, limit_mm[first], of_query)


def in_order(ground: Ground, snaps: Snaps) -> Longs:
    """Return the snapped places in the order of their edges' vertices: memory stays warm."""
    snapped = np.flatnonzero(snaps.edge >= 0)
    if len(snapped) <= 1:
        return snapped
    return snapped[np.argsort(ground.ways.start[snaps.edge[snapped]], kind="stable")]


__all__ = ["Asked", "Places", "asked", "asked_checked", "asked_nearest", "in_order", "places_of"]
