"""Pairs put together: what is left of a base's, and what a delta adds; and the nearest of both."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from geo_match._validate import MAX_RADIUS_M
from geo_match.geodesy import (
    LEAST_CURVATURE_RADIUS_M,
    SEMI_MAJOR_M,
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

    from geo_match.index._layout import Layout
    from geo_match.index._live_view import View

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]

_HALF_TURN, _WHOLE_TURN = 180.0, 360.0
_WIDER = 1.0 + 1e-9
"""Room for rounding: `_loosely` leaves 10 µm at least, 1e-10 degrees, where degrees have 6e-14."""
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


def joined(first: Pairs, second: Pairs, first_query: int = 0) -> Pairs:
    """Return the pairs of the same queries: of each query those of `first`, then the others."""
    offsets = first.offsets + second.offsets
    if first.n_queries == 1:  # the usual question of a request, spared the work of many
        return Pairs(
            offsets,
            np.concatenate((first.point, second.point)),
            np.concatenate((first.distance_m, second.distance_m)),
            first_query=first_query,
        )
    n = len(first) + len(second)
    at_second = np.arange(len(second)) + np.repeat(first.offsets[1:], np.diff(second.offsets))
    is_first = np.ones(n, dtype=np.bool_)
    is_first[at_second] = False
    point = np.empty(n, dtype=np.int64)
    distance = np.empty(n)
    point[is_first], point[at_second] = first.point, second.point
    distance[is_first], distance[at_second] = first.distance_m, second.distance_m
    return Pairs(offsets, point, distance, first_query=first_query)


def nearest_of_both(
    view: View, query_lon: Floats, query_lat: Floats, k: int, max_distance_m: float
) -> Pairs:
    """Return the k nearest points of checked queries among those that a snapshot has.

    A query keeps the answer of the base where all changes, points added or gone, are surely
    beyond the last point of that answer: what is farther can neither enter nor leave. The other
    queries are asked again of their candidates alone: the k nearest of the base which are there,
    and the added points not surely beyond the last of these; they hold the k nearest of both.
    """
    base, delta = view.base, view.delta
    found = answers.nearest(base.layout, query_lon, query_lat, k, max_distance_m)
    if len(query_lon) == 1 and len(found) == k:  # the usual question, most often answered here
        furthest = float(found.distance_m[-1]) * (1.0 + _LOOSE) + _LOOSE_M
        if not _may_reach(delta.layout, float(query_lon[0]), float(query_lat[0]), furthest):
            return found
    wide = _loosely(np.array(max_distance_m))
    n_found = np.diff(found.offsets)
    full = n_found == k
    last = np.full(len(query_lon), wide)
    last[full] = _loosely(found.distance_m[found.offsets[1:][full] - 1])
    touched = last > MAX_RADIUS_M  # no circle is as large: these are asked again unseen
    near = np.flatnonzero(~touched)
    queries = _asked(query_lon[near], query_lat[near], last[near])
    touched[near] = answers.count(delta.layout, queries)[0] > 0
    if not touched.any():
        return found
    lon, lat = query_lon[touched], query_lat[touched]
    is_touched = np.repeat(touched, n_found)
    first = Pairs(starts(n_found[touched]), found.point[is_touched], found.distance_m[is_touched])
    of_base, reach = _nearest_there(view, (lon, lat), k, float(wide), first)
    if (reach > MAX_RADIUS_M).any():
        of_added = np.arange(delta.n_added)
    else:
        of_added = np.unique(answers.collect(delta.layout, _asked(lon, lat, reach)).point)
        of_added = of_added[delta.is_added(of_added)]
    chosen = np.concatenate((of_base, len(base) + of_added))
    among = build(
        np.concatenate((base.points.lon[of_base], delta.added.lon[of_added])),
        np.concatenate((base.points.lat[of_base], delta.added.lat[of_added])),
    )
    again = answers.nearest(among, lon, lat, k, max_distance_m)
    count = np.zeros(len(query_lon), dtype=np.int64)
    count[touched] = np.diff(again.offsets)
    rest = only(found, ~is_touched)
    return joined(rest, Pairs(starts(count), chosen[again.point], again.distance_m))


def without(pairs: Pairs, gone: Integers) -> Pairs:
    """Return the pairs of one query, ascending by point, without some points that it has."""
    if len(gone) == 0:
        return pairs
    kept = np.ones(len(pairs), dtype=np.bool_)
    kept[np.searchsorted(pairs.point, gone)] = False
    offsets = np.array([0, len(pairs) - len(gone)], dtype=np.int64)
    return Pairs(offsets, pairs.point[kept], pairs.distance_m[kept], pairs.first_query)


def _may_reach(layout: Layout, lon: float, lat: float, reach_m: float) -> bool:
    """Tell whether any point may lie within a distance of a place; False is sure.

    A path between two latitudes crosses all between them, and moves M(φ)·dφ along the meridian as
    it does, M ≥ a(1 − e²): so it is no shorter than a(1 − e²)·Δφ. And the place is p·sin(Δλ) from
    the half plane of a meridian Δλ < 90° away, p ≥ a·cos(φ) from the axis, and p from those farther
    round: no chord, and no path, to a point there is shorter.
    """
    most = math.degrees(reach_m / LEAST_CURVATURE_RADIUS_M) * _WIDER
    near = np.abs(layout.lat - lat) <= most
    sine = reach_m / (SEMI_MAJOR_M * math.cos(math.radians(lat)))
    if sine < 1.0:
        turn = np.abs(layout.lon - lon)
        turn = np.minimum(turn, _WHOLE_TURN - turn)
        near &= turn <= math.degrees(math.asin(sine)) * _WIDER
    return bool(near.any())


def _nearest_there(
    view: View, origins: tuple[Floats, Floats], k: int, max_distance_m: float, found: Pairs
) -> tuple[Integers, Floats]:
    """Return the k nearest of the base that are there, of all queries together, and how far.

    Parameters
    ----------
    found
        The k nearest of the base of each query, gone ones included.

    Returns
    -------
    positions
        Ascending, each once.
    reach
        A bound on the distance of each query's k-th, metres; `max_distance_m` where there are
        fewer.
    """
    lon, lat = origins
    reach = np.full(len(lon), max_distance_m)
    rows, asked = np.arange(len(lon)), k
    chosen = []
    while True:
        kept = only(found, view.is_there(found.point))
        chosen.append(kept.point)
        enough = np.diff(kept.offsets) >= k
        reach[rows[enough]] = _loosely(kept.distance_m[kept.offsets[:-1][enough] + k - 1])
        # Fewer than asked for means that there are no more to be found.
        rows = rows[~enough & (np.diff(found.offsets) == asked)]
        if len(rows) == 0:
            return np.unique(np.concatenate(chosen)), reach
        asked *= 2
        found = answers.nearest(view.base.layout, lon[rows], lat[rows], asked, max_distance_m)


def _loosely(distance_m: Floats) -> Floats:
    """Return what no distance exceeds that is as short as a reported one."""
    return distance_m * (1.0 + _LOOSE) + _LOOSE_M


def _asked(lon: Floats, lat: Floats, radius_m: Floats) -> answers.Asked:
    """Return circles whose places and radii need no check, in the user's order."""
    lon = np.where(lon == -_HALF_TURN, _HALF_TURN, lon)  # as the points are stored
    circles = Circles(lon, lat, *lonlat_to_ecef(lon, lat), *chord_bounds(radius_m))
    return answers.Asked(circles, radius_m, np.arange(len(radius_m)), 0.0)
