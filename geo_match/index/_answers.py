"""Between the public methods and the kernels: which points are doubtful, and what decides them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match._validate import MAX_RADIUS_M, as_lonlat, as_radius
from geo_match.geodesy import (
    LEAST_CURVATURE_RADIUS_M,
    ROUNDING_M,
    chord_bounds,
    karney,
    lonlat_to_ecef,
)
from geo_match.index import _kernels as kernels
from geo_match.index import _pairs as pairs
from geo_match.index._nearest import nearest as nearest_kernel
from geo_match.index.counts import slices, starts
from geo_match.spatial import Pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from geo_match.index._layout import Layout
    from geo_match.index._weights import PreparedWeights

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

_QUERIES_AT_ONCE = 65_536
_WORTH_SORTING = 256
COUNT_TOGETHER, SUM_TOGETHER = 0.05, 0.09
"""Queries nearer than this part of the radius share work. The farther, the more points each query
measures singly and the fewer runs are found: counting is flat from 0.05 to 0.1, and stays low so
that the work is the rim's; a sum gathers weights for each group, and gains more."""
_WARM_CELL_M = 500.0
"""Queries for the nearest are taken cell by cell, so that they find memory warm; any size near
that of a few bands serves."""
_DEG_M = 111_320.0
_SHRINK = 1e-3
"""Cells are no wider in longitude than a thousand times a cell at the equator, at poles too."""
_HALF_TURN, _QUARTER_TURN = 180.0, 90.0
_DECIDED_AT_ONCE = 2_000_000
"""So many doubtful points are measured at once, or those of one query where it has more."""


class Asked(NamedTuple):
    """Checked queries, in the order in which they are answered.

    Parameters
    ----------
    circles
        What the kernels read of them.
    radius_m
        Metres, (n,).
    home
        int64, (n,): the row of the answer that belongs to each.
    together
        How far apart, as a part of their radius, queries may stand to share work.
    """

    circles: kernels.Circles
    radius_m: Floats
    home: Integers
    together: float


def asked(lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike, *, together: float = 0.0) -> Asked:
    """Check the arguments of a query, and put neighbours side by side where they share work."""
    checked_lon, checked_lat = as_lonlat(lon, lat)
    radius = as_radius(radius_m, len(checked_lon))
    home = np.arange(len(radius))
    if len(radius) < _WORTH_SORTING:
        together = 0.0
    if not together:
        # The caller may write to these arrays before the last block of pairs is asked for.
        checked_lon, checked_lat, radius = checked_lon.copy(), checked_lat.copy(), radius.copy()
    else:
        cell_m = float(radius.mean()) * together / np.sqrt(2.0)
        home = _near_each_other(checked_lon, checked_lat, max(cell_m, 1.0))
        checked_lon, checked_lat, radius = checked_lon[home], checked_lat[home], radius[home]
    inside, outside = chord_bounds(radius)
    return Asked(_circles(checked_lon, checked_lat, inside, outside), radius, home, together)


def asked_one(lon: float, lat: float, radius_m: float) -> Asked:
    """Do as `asked`, of one place: where it is as most are, without the checks of arrays.

    Raises
    ------
    ArgumentError, CoordinateError, RadiusError
        If it is no place, or the radius none.
    """
    is_plain = type(lon) is type(lat) is type(radius_m) is float
    if not (is_plain and abs(lon) <= _HALF_TURN and abs(lat) <= _QUARTER_TURN):
        return asked(lon, lat, radius_m)  # which tells what is wrong
    if not 0.0 <= radius_m <= MAX_RADIUS_M:
        return asked(lon, lat, radius_m)
    radius = np.array([radius_m])
    circles = _circles(np.array([lon]), np.array([lat]), *chord_bounds(radius))
    return Asked(circles, radius, np.zeros(1, dtype=np.int64), 0.0)


def _circles(lon: Floats, lat: Floats, inside: Floats, outside: Floats) -> kernels.Circles:
    lon = np.where(lon == -_HALF_TURN, _HALF_TURN, lon)  # as the points are stored
    return kernels.Circles(lon, lat, *lonlat_to_ecef(lon, lat), inside, outside)


def _near_each_other(lon: Floats, lat: Floats, cell_m: float) -> Integers:
    """Return an order in which the places of a cell, and the cells of a row, follow one another."""
    cell = cell_m / _DEG_M
    row = np.floor((lat + 90.0) / cell).astype(np.int64)
    shrink = np.cos(np.radians(row * cell - 90.0))
    column = np.floor((lon + 180.0) * np.maximum(shrink, _SHRINK) / cell).astype(np.int64)
    return _order(row * (int(360.0 / cell) + 2) + column)


def _order(cell: Integers) -> Integers:
    """Return the order of cells, at least 0: places of one cell stay in their order.

    Numpy sorts integers several times as fast as it finds their order, so each carries its place.
    """
    n = len(cell)
    if n == 0 or int(cell.max()) >= np.iinfo(np.int64).max // n:
        return np.argsort(cell, kind="stable")
    carried = cell * n + np.arange(n)
    carried.sort()
    return carried % n


def _part(circles: kernels.Circles, part: slice | Integers) -> kernels.Circles:
    return kernels.Circles(*(array[part] for array in circles))


def _scratch(layout: Layout) -> kernels.Scratch:
    n_bands = layout.band.shape[1]
    return kernels.Scratch(
        runs=np.empty((2 * n_bands, 4), dtype=np.int64), widths=np.empty((2, n_bands))
    )


def doubtful_pairs(
    layout: Layout, circles: kernels.Circles, doubtful: Integers
) -> Iterator[tuple[Integers, Integers, Floats]]:
    """Yield (query, slot, geodesic distance in metres) of the points that a chord cannot decide."""
    asked = np.flatnonzero(doubtful)
    for part in slices(doubtful[asked], _DECIDED_AT_ONCE):
        query = np.repeat(asked[part], doubtful[asked[part]])
        slot = np.empty(len(query), dtype=np.int64)
        pairs.list_doubtful(layout, circles, _scratch(layout), asked[part], slot)
        lon, lat = layout.lon[slot], layout.lat[slot]
        distance = np.zeros(len(query))
        apart = (lon != circles.lon[query]) | (lat != circles.lat[query])
        distance[apart] = karney(
            circles.lon[query[apart]], circles.lat[query[apart]], lon[apart], lat[apart]
        )
        yield query, slot, distance


def count(layout: Layout, queries: Asked) -> tuple[Integers, int]:
    """Return the number of points in each circle, and how often a point was measured singly."""
    circles, radius, home, together = queries
    inside = np.empty(len(radius), dtype=np.int64)
    doubtful = np.empty(len(radius), dtype=np.int64)
    measured = kernels.count_within(layout, circles, _scratch(layout), together, inside, doubtful)
    for query, _, distance in doubtful_pairs(layout, circles, doubtful):
        np.add.at(inside, query[distance <= radius[query]], 1)
    result = np.empty_like(inside)
    result[home] = inside
    return result, measured


def add_up(layout: Layout, queries: Asked, weights: PreparedWeights) -> Integers:
    """Return the sums of the rows of prepared weights in each circle: (n, k)."""
    circles, radius, home, together = queries
    n_columns = len(weights.by_slot)
    total = np.empty((len(radius), n_columns), dtype=np.int64)
    three = np.empty((len(radius), 3), dtype=np.int64)
    doubtful = np.zeros(len(radius), dtype=np.int64)
    for first in range(0, n_columns, 3):
        columns = tuple(min(first + i, n_columns - 1) for i in range(3))
        kernels.sum_within(
            layout,
            circles,
            _scratch(layout),
            together,
            weights.by_slot,
            weights.before,
            (columns[0], columns[1], columns[2]),
            three,
            doubtful,
        )
        total[:, first : first + 3] = three[:, : n_columns - first]
    for query, slot, distance in doubtful_pairs(layout, circles, doubtful):
        kept = distance <= radius[query]
        np.add.at(total, query[kept], weights.by_slot[:, slot[kept]].T)
    result = np.empty_like(total)
    result[home] = total
    return result


def count_reaching(layout: Layout, queries: Asked) -> Integers:
    """Return for each point, by position, how many circles hold it."""
    return sum_reaching(layout, queries, np.ones(len(queries.radius_m), dtype=np.int64))


def sum_reaching(layout: Layout, queries: Asked, weights: Integers) -> Integers:
    """Return for each point, by position, the sum of the weights of the circles that hold it.

    Parameters
    ----------
    queries
        In the user's order.
    weights
        int64, (n,), one a circle; their magnitudes add up to less than 2⁶², so that no partial sum
        leaves int64.
    """
    circles, radius, _, _ = queries
    change = np.zeros(len(layout.x) + 1, dtype=np.int64)
    single = np.zeros(len(layout.x), dtype=np.int64)
    doubtful = np.empty(len(radius), dtype=np.int64)
    kernels.sum_reaching(layout, circles, _scratch(layout), weights, change, single, doubtful)
    for query, slot, distance in doubtful_pairs(layout, circles, doubtful):
        kept = distance <= radius[query]
        np.add.at(single, slot[kept], weights[query[kept]])
    reaching = np.empty(len(layout.x), dtype=np.int64)
    kernels.add_changes(change, single, layout.position, reaching)
    return reaching


def _possible(layout: Layout, circles: kernels.Circles) -> Integers:
    """Return how many points each circle may hold: the sure and the doubtful ones."""
    inside = np.empty(len(circles.lon), dtype=np.int64)
    doubtful = np.empty(len(circles.lon), dtype=np.int64)
    kernels.count_within(layout, circles, _scratch(layout), 0.0, inside, doubtful)
    return inside + doubtful


def _fill(
    layout: Layout, circles: kernels.Circles, radius: Floats, possible: Integers, first_query: int
) -> Pairs:
    offsets = starts(possible)
    point = np.empty(offsets[-1], dtype=np.int64)
    distance = np.empty(offsets[-1])
    pairs.collect_within(layout, circles, _scratch(layout), radius, offsets, point, distance)
    doubtful = np.flatnonzero(np.isnan(distance))
    if len(doubtful):
        query = np.searchsorted(offsets, doubtful, side="right") - 1
        slot_of = np.empty(len(layout.x), dtype=np.int64)
        slot_of[layout.position] = np.arange(len(layout.x))
        slot = slot_of[point[doubtful]]
        measured = karney(
            circles.lon[query], circles.lat[query], layout.lon[slot], layout.lat[slot]
        )
        distance[doubtful] = measured
        outside = measured > radius[query]
        kept = np.ones(len(point), dtype=np.bool_)
        kept[doubtful[outside]] = False
        offsets = starts(possible - np.bincount(query[outside], minlength=len(possible)))
        point, distance = point[kept], distance[kept]
    return Pairs(offsets, point, distance, first_query=first_query)


def collect(layout: Layout, queries: Asked) -> Pairs:
    """Return every pair of circle and point in it, of queries in the user's order."""
    circles, radius, _, _ = queries
    return _fill(layout, circles, radius, _possible(layout, circles), 0)


def blocks(layout: Layout, queries: Asked, max_pairs: int) -> Iterator[Pairs]:
    """Yield the pairs in blocks of whole queries, in the user's order."""
    circles, radius, _, _ = queries
    for start in range(0, len(radius), _QUERIES_AT_ONCE):
        some = _part(circles, slice(start, start + _QUERIES_AT_ONCE))
        possible = _possible(layout, some)
        for part in slices(possible, max_pairs):
            yield _fill(
                layout,
                _part(some, part),
                radius[start + part.start : start + part.stop],
                possible[part],
                start + part.start,
            )


def nearest(layout: Layout, lon: Floats, lat: Floats, k: int, max_distance_m: float) -> Pairs:
    """Return the k nearest points of checked queries, up to a distance that may be infinite."""
    k = min(k, max(len(layout.x), 1))
    step = max(1, min(_QUERIES_AT_ONCE, _DECIDED_AT_ONCE // (k + 1)))
    parts = [
        _nearest_of_some(
            layout, lon[start : start + step], lat[start : start + step], k, max_distance_m
        )
        for start in range(0, len(lon), step)
    ]
    return Pairs(
        starts(np.concatenate([np.empty(0, dtype=np.int64), *(part[0] for part in parts)])),
        np.concatenate([np.empty(0, dtype=np.int64), *(part[1] for part in parts)]),
        np.concatenate([np.empty(0), *(part[2] for part in parts)]),
    )


def _nearest_of_some(
    layout: Layout, lon: Floats, lat: Floats, k: int, max_distance_m: float
) -> tuple[Integers, Integers, Floats]:
    """Return the number of points found a query, their positions and distances."""
    n = len(lon)
    circles, order = looked_around(lon, lat, max_distance_m)
    inside, outside = circles.inside, circles.outside  # the same for all
    point = np.empty((n, k), dtype=np.int64)
    distance = np.empty((n, k))
    kept = np.empty(n, dtype=np.int64)
    last_squared = np.empty(n)
    in_doubt = np.empty(n, dtype=np.bool_)
    nearest_kernel(layout, circles, k, order, point, distance, kept, last_squared, in_doubt)
    doubtful = np.flatnonzero(in_doubt)
    if len(doubtful):
        reach = np.where(
            kept[doubtful] < k,
            outside[doubtful],
            np.minimum(_furthest_as_near(np.sqrt(last_squared[doubtful])), outside[doubtful]),
        )
        unsure = _circles(lon[doubtful], lat[doubtful], inside[doubtful], outside[doubtful])
        for row, position, measured in _by_geodesic(layout, unsure, reach):
            query = doubtful[row]
            chosen = position[measured <= max_distance_m][:k]
            kept[query] = len(chosen)
            point[query, : len(chosen)] = chosen
            distance[query, : len(chosen)] = measured[: len(chosen)]
    return kept, *found_places(kept, point, distance, max_distance_m)


def looked_around(
    lon: Floats, lat: Floats, max_distance_m: float
) -> tuple[kernels.Circles, Integers]:
    """Return what a kernel looks for the nearest in, and which query each circle is of."""
    n = len(lon)
    # Beyond πρ (19,903 km; the longest geodesic has 20,004 km) the bound on chords says nothing.
    # Such a query is unbounded for the kernel, in doubt as all far ones, and decided by geodesic.
    bounded = max_distance_m < np.pi * LEAST_CURVATURE_RADIUS_M
    inside, outside = chord_bounds(np.full(n, max_distance_m if bounded else 0.0))
    if not bounded:
        inside[:], outside[:] = np.inf, np.inf
    if n < _WORTH_SORTING:
        return _circles(lon, lat, inside, outside), np.arange(n)
    order = _near_each_other(lon, lat, _WARM_CELL_M)
    return _circles(lon[order], lat[order], inside, outside), order


def found_places(
    kept: Integers, point: Integers, distance_m: Floats, max_distance_m: float
) -> tuple[Integers, Floats]:
    """Return the first so many positions and distances of each row, no distance above a bound."""
    np.minimum(distance_m, max_distance_m, out=distance_m)
    k = point.shape[1]
    if (kept == k).all():
        return point.ravel(), distance_m.ravel()
    chosen = np.arange(k) < kept[:, None]
    return point[chosen], distance_m[chosen]


def _furthest_as_near(chord: Floats) -> Floats:
    """Return the chord that no point exceeds whose geodesic is as short as a point's at `chord`."""
    diameter = 2.0 * LEAST_CURVATURE_RADIUS_M
    with np.errstate(invalid="ignore"):
        return np.where(
            chord < diameter, diameter * np.arcsin(chord / diameter) + 2.0 * ROUNDING_M, np.inf
        )


def _by_geodesic(
    layout: Layout, circles: kernels.Circles, reach: Floats
) -> Iterator[tuple[int, Integers, Floats]]:
    """Yield for each query the positions within a chord, by geodesic, and their distances."""
    wide = circles._replace(inside=np.full(len(reach), -1.0), outside=reach)
    possible = _possible(layout, wide)
    for query, slot, distance in doubtful_pairs(layout, wide, possible):
        position = layout.position[slot].astype(np.int64)
        order = np.lexsort((position, distance, query))
        rows, first = np.unique(query, return_index=True)
        for row, chosen in zip(rows, np.split(order, first[1:]), strict=True):
            yield int(row), position[chosen], distance[chosen]
