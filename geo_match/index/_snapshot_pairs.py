"""Pairs put together: what is left of a base's, and what a delta adds; and the nearest of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo_match._validate import MAX_RADIUS_M
from geo_match.geodesy import (
    chord_bounds,
    lonlat_to_ecef,
)
from geo_match.index import _answers as answers
from geo_match.index._kernels import Circles
from geo_match.index._layout import build
from geo_match.spatial import Pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo_match.index._live_view import View

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]

_HALF_TURN = 180.0
_LOOSE, _LOOSE_M = 3e-6, 1e-5
"""Room for the errors of two reported distances, each below 1 µm or a millionth (`PointIndex`)."""


def starts(count: Integers | Booleans) -> Integers:
    """Return the sum of all counts before each, and of all: (n + 1,)."""
    before = np.zeros(len(count) + 1, dtype=np.int64)
    np.cumsum(count, out=before[1:])
    return before


def cut(count: Integers, most: int) -> Iterator[slice]:
    """Cut counts into runs that add up to `most` at most, or have one entry."""
    before = starts(count)
    start = 0
    while start < len(count):
        stop = int(np.searchsorted(before, before[start] + most, side="right")) - 1
        stop = max(stop, start + 1)
        yield slice(start, stop)
        start = stop


def only(pairs: Pairs, kept: Booleans) -> Pairs:
    """Return the pairs that are kept, of the same queries."""
    where = np.flatnonzero(kept)
    if len(where) == len(pairs):
        return pairs
    offsets = np.searchsorted(where, pairs.offsets).astype(np.int64)  # so many are kept before
    return Pairs(offsets, pairs.point[where], pairs.distance_m[where], pairs.first_query)


def joined(first: Pairs, second: Pairs) -> Pairs:
    """Return the pairs of the same queries: of each query those of `first`, then the others."""
    offsets = first.offsets + second.offsets
    n = len(first) + len(second)
    at_second = np.arange(len(second)) + np.repeat(first.offsets[1:], np.diff(second.offsets))
    is_first = np.ones(n, dtype=np.bool_)
    is_first[at_second] = False
    point = np.empty(n, dtype=np.int64)
    distance = np.empty(n)
    point[is_first], point[at_second] = first.point, second.point
    distance[is_first], distance[at_second] = first.distance_m, second.distance_m
    return Pairs(offsets, point, distance)


def nearest_by_both(view: View, lon: Floats, lat: Floats, k: int, max_distance_m: float) -> Pairs:
    """Return the k nearest points of checked queries, where chords do not tell their order.

    They are asked of candidates alone: the k nearest of the base which are there, and the added
    points not surely beyond the last of these; they hold the k nearest of both.
    """
    base, delta = view.base, view.delta
    wide = float(_loosely(np.array(max_distance_m)))
    of_base, reach = _nearest_there(view, (lon, lat), k, wide, max_distance_m)
    if (reach > MAX_RADIUS_M).any():  # no circle is as large: all are asked
        of_added = np.arange(delta.n_added)
    else:
        of_added = np.unique(answers.collect(delta.layout, _asked(lon, lat, reach)).point)
        of_added = of_added[delta.is_added(of_added)]
    chosen = np.concatenate((of_base, len(base) + of_added))
    among = build(
        np.concatenate((base.points.lon[of_base], delta.added.lon[of_added])),
        np.concatenate((base.points.lat[of_base], delta.added.lat[of_added])),
    )
    found = answers.nearest(among, lon, lat, k, max_distance_m)
    return Pairs(found.offsets, chosen[found.point], found.distance_m)


def _nearest_there(
    view: View, origins: tuple[Floats, Floats], k: int, wide: float, max_distance_m: float
) -> tuple[Integers, Floats]:
    """Return the k nearest of the base that are there, of all queries together, and how far.

    Returns
    -------
    positions
        Ascending, each once.
    reach
        A bound on the distance of each query's k-th, metres; `wide` where there are fewer.
    """
    lon, lat = origins
    reach = np.full(len(lon), wide)
    rows, asked = np.arange(len(lon)), k
    chosen = []
    while True:
        found = answers.nearest(view.base.layout, lon[rows], lat[rows], asked, max_distance_m)
        kept = only(found, view.is_there(found.point))
        chosen.append(kept.point)
        enough = np.diff(kept.offsets) >= k
        reach[rows[enough]] = _loosely(kept.distance_m[kept.offsets[:-1][enough] + k - 1])
        # Fewer than asked for means that there are no more to be found.
        rows = rows[~enough & (np.diff(found.offsets) == asked)]
        if len(rows) == 0:
            return np.unique(np.concatenate(chosen)), reach
        asked *= 2


def _loosely(distance_m: Floats) -> Floats:
    """Return what no distance exceeds that is as short as a reported one."""
    return distance_m * (1.0 + _LOOSE) + _LOOSE_M


def _asked(lon: Floats, lat: Floats, radius_m: Floats) -> answers.Asked:
    """Return circles whose places and radii need no check, in the user's order."""
    lon = np.where(lon == -_HALF_TURN, _HALF_TURN, lon)  # as the points are stored
    circles = Circles(lon, lat, *lonlat_to_ecef(lon, lat), *chord_bounds(radius_m))
    return answers.Asked(circles, radius_m, np.arange(len(radius_m)), 0.0)
