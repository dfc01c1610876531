"""Sums over the points that queries reach, or over the queries that reach points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo_match.walking.index.places import in_order
from geo_match.walking.kernels import totals
from geo_match.walking.kernels.reach import FIRST, START, STOP
from geo_match.walking.search.distinct import add_up
from geo_match.walking.search.ground import lend_lanes, sources_of
from geo_match.walking.search.hang import found_for, hang

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.index.places import Asked, Places
    from geo_match.walking.kernels.reach import Hung
    from geo_match.walking.search.ground import Ground
    from geo_match.walking.snapping.snap import Snaps

    Longs = NDArray[np.int64]


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


def _hung_weights(hung: Hung, by_place: Longs) -> tuple[Longs, Longs, Longs]:
    """Add up weights of places, (d, c), for each vertex that owns edges, each edge and slot."""
    by_slot = by_place[hung.place]
    before = np.zeros((len(by_slot) + 1, by_slot.shape[1]), dtype=np.int64)
    np.cumsum(by_slot, axis=0, out=before[1:])
    by_edge = before[hung.edges[:, STOP]] - before[hung.edges[:, FIRST]]
    ends = np.append(hung.edges[:, FIRST], len(by_slot))
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
    order = in_order(ground, snaps)
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
    order = in_order(ground, snaps)
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
    n_slots = hung.edges[:, STOP] - hung.edges[:, FIRST]
    edge = np.repeat(np.arange(len(hung.edges)), n_slots)
    by_slot += by_edge[edge] + by_vertex[hung.edges[edge, START]]
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


__all__ = ["Weights", "sum_reaching", "sum_within", "weigh"]
