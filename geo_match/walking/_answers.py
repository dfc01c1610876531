"""Between `WalkingIndex` and the kernels: who searches, and what their answers are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match._validate import as_lonlat, as_radius
from geo_match.index.counts import slices, starts
from geo_match.spatial import Pairs
from geo_match.walking import _kernels_lists as lists
from geo_match.walking import _kernels_reach as kernels
from geo_match.walking import _kernels_totals as totals
from geo_match.walking._arrays import integers, longs
from geo_match.walking._distinct import add_up, distinct, members_of
from geo_match.walking._kernels_search import FARTHEST_MM
from geo_match.walking.reach_points import found_for, hang, lend_labels, lend_lanes, sources_of
from geo_match.walking.snap import as_limit_mm, snap_checked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from geo_match.walking._kernels_reach import Hung, Members
    from geo_match.walking.reach_points import Ground
    from geo_match.walking.snap import Snaps

    Longs = NDArray[np.int64]
    Floats = NDArray[np.float64]

_BLOCK_FIRST, _BLOCK_MOST = 512, 65_536
"""So many queries are asked at once: first, and at most when few pairs are known to come."""
_AT_ONCE = 8_000_000
"""So many pairs are held while they are handed out in blocks, 8 bytes each."""
_FOR_LANES = 512
"""So many places, or more, are searched for eight at a time: of few, each is far from the next."""
_ROOM = 65_536
_MM = 2**32 - 1
"""Distances are the lower 32 bits of a key, or its upper ones."""
_FIRST_LIMIT_MM = 500_000
"""The nearest are looked for within 500 m first."""


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


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of an index's points, ready to be summed.

    Parameters
    ----------
    by_place
        int64, (d, c): of all points at each place.
    by_vertex, by_edge, by_slot
        int64, (·, c): the same where the places hang, as `totals.gather` reads them.
    """

    by_place: Longs
    by_vertex: Longs
    by_edge: Longs
    by_slot: Longs


def places_of(ground: Ground, lon: Floats, lat: Floats, max_snap_m: float) -> Places:
    """Snap the distinct places of checked points, and hang them."""
    first, of_point = distinct(lon, lat)
    snaps = snap_checked(ground.graph, ground.streets, lon[first], lat[first], max_snap_m)
    offsets, rows = members_of(of_point, len(first))
    members = kernels.Members(longs(offsets), integers(rows))
    return Places(snaps, of_point, members, hang(ground, snaps))


def asked(
    ground: Ground, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike, max_snap_m: float
) -> Asked:
    """Check the arguments of a query, and lead its distinct places to the streets."""
    checked_lon, checked_lat = as_lonlat(lon, lat)
    radius = as_radius(radius_m, len(checked_lon))
    return _asked(ground, checked_lon, checked_lat, as_limit_mm(radius), max_snap_m)


def _asked(ground: Ground, lon: Floats, lat: Floats, limit_mm: Longs, max_snap_m: float) -> Asked:
    if len(lon) == 1:
        first, of_query = np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
    else:
        first, of_query = distinct(lon, lat, limit_mm)
    snaps = snap_checked(ground.graph, ground.streets, lon[first], lat[first], max_snap_m)
    return Asked(snaps, limit_mm[first], of_query)


def _in_order(ground: Ground, snaps: Snaps) -> Longs:
    """Return the snapped places in the order of their edges' vertices: memory stays warm."""
    snapped = np.flatnonzero(snaps.edge >= 0)
    if len(snapped) <= 1:
        return snapped
    return snapped[np.argsort(ground.ways.start[snaps.edge[snapped]], kind="stable")]


def _hung_weights(hung: Hung, by_place: Longs) -> tuple[Longs, Longs, Longs]:
    """Add up weights of places, (d, c), for each vertex that owns edges, each edge and slot."""
    by_slot = by_place[hung.place]
    before = np.zeros((len(by_slot) + 1, by_slot.shape[1]), dtype=np.int64)
    np.cumsum(by_slot, axis=0, out=before[1:])
    by_edge = before[hung.edges[:, kernels.STOP]] - before[hung.edges[:, kernels.FIRST]]
    ends = np.append(hung.edges[:, kernels.FIRST], len(by_slot))
    by_vertex = before[ends[hung.own[1:]]] - before[ends[hung.own[:-1]]]
    return by_vertex, by_edge, by_slot


def weigh(places: Places, weights: Longs) -> Weights:
    """Prepare integer weights of points, (m, c)."""
    by_place = add_up(weights, places.of_point, len(places.snaps))
    return Weights(by_place, *_hung_weights(places.hung, by_place))


def _gathered(
    ground: Ground, hung: Hung, snaps: Snaps, limit_mm: Longs, weights: tuple[Longs, Longs, Longs]
) -> Longs:
    """Return for each place the sum of what hangs within its limit, (d, c)."""
    order = _in_order(ground, snaps)
    total = np.zeros((len(snaps), weights[2].shape[1]), dtype=np.int64)
    if len(order) and len(hung.place):
        found = np.zeros((len(order), total.shape[1]), dtype=np.int64)
        limits = limit_mm[order]
        with lend_lanes(ground, int(limits.max())) as lanes:
            totals.gather(
                ground.ways,
                lanes,
                hung,
                sources_of(snaps.take(order)),
                limits,
                found_for(ground, hung),
                *weights,
                found,
            )
        total[order] = found
    return total


def _scattered(ground: Ground, hung: Hung, snaps: Snaps, limit_mm: Longs, weights: Longs) -> Longs:
    """Return for each slot the sum of the weights of the places that reach it, (s, c)."""
    order = _in_order(ground, snaps)
    by_vertex, by_edge, by_slot = (
        np.zeros((size, weights.shape[1]), dtype=np.int64)
        for size in (len(ground.graph.lon), len(hung.edges), len(hung.place))
    )
    if not len(order) or not len(hung.place):
        return by_slot
    limits = limit_mm[order]
    with lend_lanes(ground, int(limits.max())) as lanes:
        totals.scatter(
            ground.ways,
            lanes,
            hung,
            sources_of(snaps.take(order)),
            limits,
            found_for(ground, hung),
            weights[order],
            by_vertex,
            by_edge,
            by_slot,
        )
    n_slots = hung.edges[:, kernels.STOP] - hung.edges[:, kernels.FIRST]
    edge = np.repeat(np.arange(len(hung.edges)), n_slots)
    by_slot += by_edge[edge] + by_vertex[hung.edges[edge, kernels.START]]
    return by_slot


def _by_place(hung: Hung, n_places: int, by_slot: Longs) -> Longs:
    """Return what was found by slot for each place, 0 for those that hang nowhere."""
    total = np.zeros((n_places, by_slot.shape[1]), dtype=np.int64)
    total[hung.place] = by_slot
    return total


def _from_points(places: Places, queries: Asked) -> bool:
    """Return whether it is less work to search from the points: by the ground that is covered."""
    limit = queries.limit_mm[queries.snaps.edge >= 0].astype(np.float64)
    n_points = np.count_nonzero(places.snaps.edge >= 0)
    return bool(len(limit) and n_points * limit.max() ** 2 < (limit**2).sum())


def _hang_queries(ground: Ground, places: Places, queries: Asked) -> tuple[Hung, Longs]:
    """Hang the queries, and return the one limit at which the points search for them.

    A query with a smaller limit hangs by so much farther away.
    """
    most = queries.limit_mm[queries.snaps.edge >= 0].max()
    return (
        hang(ground, queries.snaps, most - queries.limit_mm),
        np.full(len(places.snaps), most, dtype=np.int64),
    )


def sum_within(ground: Ground, places: Places, queries: Asked, weights: Weights) -> Longs:
    """Return the sums of the points' weights within the limit of each query, (n, c)."""
    if _from_points(places, queries):
        hung, limit = _hang_queries(ground, places, queries)
        by_slot = _scattered(ground, hung, places.snaps, limit, weights.by_place)
        total = _by_place(hung, len(queries.snaps), by_slot)
    else:
        hung_weights = (weights.by_vertex, weights.by_edge, weights.by_slot)
        total = _gathered(ground, places.hung, queries.snaps, queries.limit_mm, hung_weights)
    return total[queries.of_query]


def sum_reaching(ground: Ground, places: Places, queries: Asked, weights: Longs) -> Longs:
    """Return for each point the sums of the weights, (n, c), of queries that reach it: (m, c)."""
    of_asked = add_up(weights, queries.of_query, len(queries.snaps))
    if _from_points(places, queries):
        hung, limit = _hang_queries(ground, places, queries)
        hung_weights = _hung_weights(hung, of_asked)
        total = _gathered(ground, hung, places.snaps, limit, hung_weights)
    else:
        by_slot = _scattered(ground, places.hung, queries.snaps, queries.limit_mm, of_asked)
        total = _by_place(places.hung, len(places.snaps), by_slot)
    return total[places.of_point]


def _collect(ground: Ground, places: Places, queries: Asked, room: int) -> tuple[Longs, Longs]:
    """Return the pairs of the distinct places of queries: where each one's begin and end, and keys.

    Parameters
    ----------
    room
        So many pairs are expected; there may be any number.

    Returns
    -------
    rows
        int64, (d, 2).
    keys
        As `kernels.collect` writes them.
    """
    order = _in_order(ground, queries.snaps)
    rows = np.zeros((len(queries.snaps), 2), dtype=np.int64)
    if not len(order) or not len(places.hung.place):
        return rows, np.empty(0, dtype=np.int64)
    is_all = len(order) == len(rows) == 1
    sources = sources_of(queries.snaps if is_all else queries.snaps.take(order))
    limits = queries.limit_mm[order]
    parts, before, done = [], 0, 0
    while done < len(order):
        # One point's room is left over, since eight places' loop looks one ahead.
        keys = np.empty(min(room, len(places.of_point) * len(order)) + 1, dtype=np.int64)
        offsets = np.zeros(len(order) + 1, dtype=np.int64)
        given = places.hung, places.members, sources, limits, done, offsets, keys
        if len(order) < _FOR_LANES:
            with lend_labels(ground, int(limits.max())) as labels:
                stop = kernels.collect(ground.ways, labels, *given)
        else:
            with lend_lanes(ground, int(limits.max())) as lanes:
                stop = lists.collect_lanes(ground.ways, lanes, *given)
        rows[order[done:stop], 0] = before + offsets[done:stop]
        rows[order[done:stop], 1] = before + offsets[done + 1 : stop + 1]
        parts.append(keys[: offsets[stop]])
        before, done = before + offsets[stop], stop
        room *= 2
    return rows, parts[0] if len(parts) == 1 else np.concatenate(parts)


def _pairs(rows: Longs, keys: Longs, of_query: Longs, first_query: int) -> Pairs:
    """Return the pairs of queries from those of their places."""
    count = rows[of_query, 1] - rows[of_query, 0]
    offsets = starts(count)
    if len(of_query) == 1:
        chosen = keys[slice(*rows[of_query[0]])]
    else:
        at = np.arange(offsets[-1]) + np.repeat(rows[of_query, 0] - offsets[:-1], count)
        chosen = keys[at]
    return Pairs(offsets, chosen >> 32, (chosen & _MM) / 1000.0, first_query=first_query)


def blocks(
    ground: Ground,
    places: Places,
    lonlat_limit: tuple[Floats, Floats, Longs],
    max_snap_m: float,
    max_pairs: int,
) -> Iterator[Pairs]:
    """Yield the pairs in blocks of whole queries, in the user's order."""
    lon, lat, limit_mm = lonlat_limit
    start, size, room = 0, _BLOCK_FIRST, _ROOM
    while start < len(lon):
        part = slice(start, start + size)
        queries = _asked(ground, lon[part], lat[part], limit_mm[part], max_snap_m)
        rows, keys = _collect(ground, places, queries, room)
        count = (rows[:, 1] - rows[:, 0])[queries.of_query]
        for some in slices(count, max_pairs):
            yield _pairs(rows, keys, queries.of_query[some], start + some.start)
        start += len(count)
        each = max(int(count.sum()) / len(count), 1.0)
        # Many are searched for at once, since the nearer they are the more ways they share.
        size = int(min(max(_AT_ONCE / each, 1), 4 * size, _BLOCK_MOST))
        room = max(int(1.2 * each * size), _ROOM)


def joined(parts: list[Pairs]) -> Pairs:
    """Return the pairs of blocks as one."""
    if len(parts) == 1:
        return parts[0]
    counts = [np.diff(part.offsets) for part in parts]
    return Pairs(
        starts(np.concatenate([np.empty(0, dtype=np.int64), *counts])),
        np.concatenate([np.empty(0, dtype=np.int64), *(part.point for part in parts)]),
        np.concatenate([np.empty(0), *(part.distance_m for part in parts)]),
    )


def nearest(ground: Ground, places: Places, queries: Asked, k: int, max_distance_m: float) -> Pairs:
    """Return the k nearest points of each query, up to a distance that may be infinite."""
    limit = int(min(as_limit_mm(np.array([max_distance_m]))[0], FARTHEST_MM))
    k = min(k, max(len(places.of_point), 1))
    order = _in_order(ground, queries.snaps)
    n_found = np.zeros(len(queries.snaps), dtype=np.int64)
    keys = np.zeros((len(queries.snaps), k), dtype=np.int64)
    if len(order) and len(places.hung.place):
        found = np.empty(len(order), dtype=np.int64)
        chosen = np.empty((len(order), k), dtype=np.int64)
        with lend_labels(ground, limit) as labels:
            kernels.nearest(
                ground.ways,
                labels,
                places.hung,
                places.members,
                sources_of(queries.snaps.take(order)),
                k,
                _FIRST_LIMIT_MM,
                limit,
                found,
                chosen,
            )
        n_found[order], keys[order] = found, chosen
    count = n_found[queries.of_query]
    listed = keys[queries.of_query][np.arange(k) < count[:, None]]
    return Pairs(starts(count), listed & _MM, (listed >> 32) / 1000.0)


def asked_nearest(ground: Ground, lon: ArrayLike, lat: ArrayLike, max_snap_m: float) -> Asked:
    """Check the places of a question without a radius, and lead them to the streets."""
    checked_lon, checked_lat = as_lonlat(lon, lat)
    no_limit = np.zeros(len(checked_lon), dtype=np.int64)
    return _asked(ground, checked_lon, checked_lat, no_limit, max_snap_m)


__all__ = [
    "Asked",
    "Places",
    "Weights",
    "asked",
    "asked_nearest",
    "blocks",
    "joined",
    "nearest",
    "places_of",
    "sum_reaching",
    "sum_within",
    "weigh",
]
