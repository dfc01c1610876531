"""Between `Snapshot` and its kernels: what is counted, listed and nearest, doubtful points decided.

A question takes one call of a kernel, which asks the base and the delta. What no chord decides is
rare, and decided here: of counts and lists point by point, of the nearest query by query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo_match.geodesy import karney
from geo_match.index import _answers as answers
from geo_match.index import _kernels_of_both as kernels
from geo_match.index._kernels import Circles, Scratch
from geo_match.index._snapshot_pairs import joined, nearest_by_both, only, starts
from geo_match.spatial import Pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.index._live_view import View
    from geo_match.index._weights import PreparedWeights

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

_QUERIES_AT_ONCE = 65_536
"""Queries whose nearest are looked for by one call: so much working memory is enough for all."""
_PLACES_AT_ONCE = 2_000_000
"""So many places in results are made at once, or those of one query where it has more."""


def count(view: View, queries: answers.Asked) -> Integers:
    """Return the number of points in each circle, int64, (n,)."""
    circles, radius, home, together = queries
    layout, delta = view.base.layout, view.delta
    inside = np.empty(len(radius), dtype=np.int64)
    doubtful = np.empty((2, len(radius)), dtype=np.int64)
    sign, before = delta.sign.by_slot[0], delta.sign.before[0]
    scratch = _scratch(view)
    kernels.count_both(
        layout, delta.layout, sign, before, circles, scratch, together, inside, doubtful
    )
    if doubtful.any():
        for query, _, distance in answers.doubtful_pairs(layout, circles, doubtful[0]):
            np.add.at(inside, query[distance <= radius[query]], 1)
        for query, slot, distance in answers.doubtful_pairs(delta.layout, circles, doubtful[1]):
            kept = distance <= radius[query]
            np.add.at(inside, query[kept], sign[slot[kept]])
    if not together:  # in the user's order
        return inside
    result = np.empty_like(inside)
    result[home] = inside
    return result


def collect(view: View, queries: answers.Asked, first_query: int) -> Pairs:
    """Return every pair of circle and point in it, of queries in the user's order."""
    circles, radius, _, _ = queries
    delta = view.delta
    offsets, point, distance, n_doubtful = kernels.collect_both(
        view.base.layout,
        delta.layout,
        delta.gone_bits,
        delta.own_bits,
        circles,
        _scratch(view),
        radius,
    )
    if not n_doubtful:
        return Pairs(offsets, point, distance, first_query)
    doubtful = np.flatnonzero(np.isnan(distance))
    query = np.searchsorted(offsets, doubtful, side="right") - 1
    lon, lat = _where(view, point[doubtful])
    measured = karney(circles.lon[query], circles.lat[query], lon, lat)
    distance[doubtful] = measured
    kept = np.ones(len(point), dtype=np.bool_)
    kept[doubtful[measured > radius[query]]] = False
    return only(Pairs(offsets, point, distance, first_query), kept)


def nearest(view: View, lon: Floats, lat: Floats, k: int, max_distance_m: float) -> Pairs:
    """Return the k nearest points of checked queries, up to a distance that may be infinite."""
    k = min(k, max(len(view), 1))
    step = max(1, min(_QUERIES_AT_ONCE, _PLACES_AT_ONCE // (k + 1)))
    if len(lon) <= step:
        return _nearest_of_some(view, lon, lat, k, max_distance_m)
    parts = [
        _nearest_of_some(view, lon[at : at + step], lat[at : at + step], k, max_distance_m)
        for at in range(0, len(lon), step)
    ]
    return Pairs(
        starts(np.concatenate([np.diff(part.offsets) for part in parts])),
        np.concatenate([part.point for part in parts]),
        np.concatenate([part.distance_m for part in parts]),
    )


def _nearest_of_some(view: View, lon: Floats, lat: Floats, k: int, max_distance_m: float) -> Pairs:
    base, delta = view.base, view.delta
    circles, order = answers.looked_around(lon, lat, max_distance_m)
    n = len(lon)
    point = np.empty((n, k), dtype=np.int64)
    distance = np.empty((n, k))
    kept = np.empty(n, dtype=np.int64)
    in_doubt = np.empty(n, dtype=np.bool_)
    kernels.nearest_both(
        base.layout,
        delta.layout,
        delta.gone_bits,
        delta.own_bits,
        (base.points.lon, base.points.lat),
        delta.lonlat,
        circles,
        k,
        order,
        point,
        distance,
        kept,
        in_doubt,
    )
    doubtful = np.flatnonzero(in_doubt)
    kept[doubtful] = 0
    sure = Pairs(starts(kept), *answers.found_places(kept, point, distance, max_distance_m))
    if len(doubtful) == 0:
        return sure
    decided = nearest_by_both(view, lon[doubtful], lat[doubtful], k, max_distance_m)
    kept[:] = 0
    kept[doubtful] = np.diff(decided.offsets)
    return joined(sure, Pairs(starts(kept), decided.point, decided.distance_m))


def around(
    view: View,
    query: answers.Asked,
    k: int,
    weights: tuple[PreparedWeights, PreparedWeights],
) -> tuple[Integers, Pairs] | None:
    """Return the sums of one circle, (columns,), and its k nearest with all that are as near.

    None where the geodesic must decide something: `Snapshot.around` asks step by step then.

    Parameters
    ----------
    weights
        Of the base and of the delta, three columns at most.
    """
    delta = view.delta
    of_base, of_delta = weights
    total, point, distance, n_doubtful = kernels.around_both(
        view.base.layout,
        delta.layout,
        delta.gone_bits,
        delta.own_bits,
        query.circles,
        _scratch(view),
        query.radius_m,
        k,
        of_base.by_slot,
        of_base.before,
        of_delta.by_slot,
        of_delta.before,
    )
    if n_doubtful:
        return None
    offsets = np.array([0, len(point)])
    return total[: len(of_base.by_slot)], Pairs(offsets, point, distance)


def _scratch(view: View) -> Scratch:
    """Return working memory that is enough for the base and for the delta."""
    n_bands = max(view.base.layout.band.shape[1], view.delta.layout.band.shape[1])
    return Scratch(runs=np.empty((2 * n_bands, 4), dtype=np.int64), widths=np.empty((2, n_bands)))


def _where(view: View, position: Integers) -> tuple[Floats, Floats]:
    """Return where points stand, degrees."""
    base, delta = view.base.points, view.delta.lonlat
    of_base = position < len(base.lon)
    lon, lat = np.empty(len(position)), np.empty(len(position))
    lon[of_base], lat[of_base] = base.lon[position[of_base]], base.lat[position[of_base]]
    row = position[~of_base] - len(base.lon)  # there may be no delta: points are only gone
    lon[~of_base], lat[~of_base] = delta[0][row], delta[1][row]
    return lon, lat


def some_of(queries: answers.Asked, part: slice) -> answers.Asked:
    """Return some of the queries, in the user's order."""
    radius = queries.radius_m[part]
    circles = Circles(*(array[part] for array in queries.circles))
    return answers.Asked(circles, radius, np.arange(len(radius)), queries.together)
