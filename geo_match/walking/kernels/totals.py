"""Sums over what hangs within reach of places, or over the places that reach it.

Places hang on occupied edges, each edge owned by its first vertex. Once vertices have labels, most
need one look for all lanes: if the farthest place of each edge that a vertex owns is within the
limit by way of that vertex, all are. Edges and slots are looked at near the limit alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match._jit import kernel
from geo_match.walking.kernels.lanes import (
    ALL_LANES,
    LANES,
    forget_lanes,
    reach,
    search_lanes,
)
from geo_match.walking.kernels.reach import (
    END,
    FAR_END,
    FAR_START,
    FIRST,
    START,
    STOP,
    beside_ends,
    by_ends,
    occupied,
    special,
)
from geo_match.walking.kernels.search import find_seeds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.kernels.lanes import Lanes
    from geo_match.walking.kernels.reach import Hung
    from geo_match.walking.kernels.search import Integers, Sources, Ways, Whole

    Longs = NDArray[np.int64]


class Found(NamedTuple):
    """What is in reach, in which lanes, a bit each: (·, 2), int32.

    Parameters
    ----------
    vertices
        Those with all that they own.
    edges
        Occupied edges with all on them.
    slots
        Single ones.
    """

    vertices: Integers
    edges: Integers
    slots: Integers


@kernel
def _find(
    ways: Ways,
    lanes: Lanes,
    n_touched: int,
    hung: Hung,
    sources: Sources,
    first: int,
    n_lanes: int,
    limits: Integers,
    found: Found,
) -> tuple[int, int, int]:
    """Write what is within each lane's limit after a search, each place once a lane.

    An edge is looked at from its owner in the lanes in which that is reached, and from its other
    end in those in which the owner is not. `Hung.need_mm` says when neither is needed.
    """
    labels = lanes.labels
    edges = hung.edges
    row: Whole
    n_vertices, n_edges, n_slots = 0, 0, 0
    for at in range(n_touched):
        vertex = np.int64(lanes.touched[at])
        whole = reach(labels, vertex, hung.need_mm[vertex], limits)
        if whole:
            found.vertices[n_vertices, 0], found.vertices[n_vertices, 1] = vertex, whole
            n_vertices += 1
            if whole == ALL_LANES:
                continue
        left = reach(labels, vertex, np.int32(0), limits) & ~whole
        if not left:
            continue
        for row in range(hung.own[vertex], hung.own[vertex + 1]):
            end = np.int64(edges[row, END])
            here = reach(labels, vertex, edges[row, FAR_START], limits)
            sure = (here | reach(labels, end, edges[row, FAR_END], limits)) & left
            if sure:
                found.edges[n_edges, 0], found.edges[n_edges, 1] = row, sure
                n_edges += 1
            unsure = left & ~sure
            if not unsure:
                continue
            for slot in range(edges[row, FIRST], edges[row, STOP]):
                here = reach(labels, vertex, hung.from_start_mm[slot], limits)
                inside = (here | reach(labels, end, hung.from_end_mm[slot], limits)) & unsure
                if inside:
                    found.slots[n_slots, 0], found.slots[n_slots, 1] = slot, inside
                    n_slots += 1
        for at_led in range(hung.led_offsets[vertex], hung.led_offsets[vertex + 1]):
            row = np.int64(hung.led[at_led])
            owned = reach(labels, np.int64(edges[row, START]), np.int32(0), limits)
            unowned = left & ~owned
            if not unowned:
                continue
            sure = reach(labels, vertex, edges[row, FAR_END], limits) & unowned
            if sure:
                found.edges[n_edges, 0], found.edges[n_edges, 1] = row, sure
                n_edges += 1
            unsure = unowned & ~sure
            if not unsure:
                continue
            for slot in range(edges[row, FIRST], edges[row, STOP]):
                inside = reach(labels, vertex, hung.from_end_mm[slot], limits) & unsure
                if inside:
                    found.slots[n_slots, 0], found.slots[n_slots, 1] = slot, inside
                    n_slots += 1
    for lane in range(n_lanes):
        source = first + lane
        for at in range(1 + len(ways.opened)):
            edge = special(ways, sources.edge[source], at)
            row = occupied(ways, hung, edge) if edge >= 0 else -1
            if row < 0:
                continue
            for slot in range(edges[row, FIRST], edges[row, STOP]):
                if by_ends(labels, lane, hung, row, slot) > limits[lane] and (
                    beside_ends(ways, labels, lane, hung, sources, source, edge, slot)
                    <= limits[lane]
                ):
                    found.slots[n_slots, 0], found.slots[n_slots, 1] = slot, 1 << lane
                    n_slots += 1
    return n_vertices, n_edges, n_slots


@kernel
def _search(
    ways: Ways,
    lanes: Lanes,
    entries: Integers,
    hung: Hung,
    sources: Sources,
    first: int,
    n_lanes: int,
    limit_mm: Longs,
    limits: Integers,
    own_seeds: Longs,
    seeds: Longs,
    found: Found,
) -> tuple[int, int, int, int, Integers]:
    """Search from the sources that begin with `first`, and find; return how much there is."""
    most, n_seeds = np.int64(0), 0
    limits[:] = -1
    for lane in range(n_lanes):
        limits[lane] = limit_mm[first + lane]
        most = max(most, limit_mm[first + lane])
        for seed in range(find_seeds(ways, sources, first + lane, own_seeds)):
            seeds[n_seeds, 0], seeds[n_seeds, 1] = own_seeds[seed, 0], lane
            seeds[n_seeds, 2] = own_seeds[seed, 1]
            n_seeds += 1
    n_touched, entries = search_lanes(ways, lanes, entries, seeds, n_seeds, most)
    n_vertices, n_edges, n_slots = _find(
        ways, lanes, n_touched, hung, sources, first, n_lanes, limits, found
    )
    return n_touched, n_vertices, n_edges, n_slots, entries


@kernel
def _gather_of(
    rows: Integers, n_rows: int, weights: Longs, column: int, total: Longs, first: int
) -> np.int64:
    """Add to the sources of a batch what the rows weigh; return what is to be added to all."""
    of_all = np.int64(0)
    for at in range(n_rows):
        weight = weights[rows[at, 0], column]
        if rows[at, 1] == ALL_LANES:
            of_all += weight
            continue
        for lane in range(LANES):
            if rows[at, 1] >> lane & 1:
                total[first + lane, column] += weight
    return of_all


@kernel
def gather(
    ways: Ways,
    lanes: Lanes,
    hung: Hung,
    sources: Sources,
    limit_mm: Longs,
    found: Found,
    by_vertex: Longs,
    by_edge: Longs,
    by_slot: Longs,
    total: Longs,
) -> None:
    """Add to each source the sums of what hangs within its limit, (q, c).

    Parameters
    ----------
    by_vertex, by_edge, by_slot
        The weights of all places that a vertex owns, on an occupied edge, in a slot: (·, c).
    """
    entries = lanes.entries
    limits = np.empty(LANES, dtype=np.int32)
    own_seeds = np.empty((2 + len(ways.opened), 2), dtype=np.int64)
    seeds = np.empty((LANES * len(own_seeds), 3), dtype=np.int64)
    for first in range(0, len(limit_mm), LANES):
        n_lanes = min(LANES, len(limit_mm) - first)
        n_touched, n_vertices, n_edges, n_slots, entries = _search(
            ways,
            lanes,
            entries,
            hung,
            sources,
            first,
            n_lanes,
            limit_mm,
            limits,
            own_seeds,
            seeds,
            found,
        )
        for column in range(total.shape[1]):
            of_all = _gather_of(found.vertices, n_vertices, by_vertex, column, total, first)
            of_all += _gather_of(found.edges, n_edges, by_edge, column, total, first)
            of_all += _gather_of(found.slots, n_slots, by_slot, column, total, first)
            for lane in range(n_lanes):
                total[first + lane, column] += of_all
        forget_lanes(lanes, n_touched)


@kernel
def _scatter_of(
    rows: Integers, n_rows: int, weights: Longs, column: int, of_all: Whole, first: int, to: Longs
) -> None:
    """Add to rows the weights of the sources of a batch that reach them."""
    for at in range(n_rows):
        if rows[at, 1] == ALL_LANES:
            to[rows[at, 0], column] += of_all
            continue
        some = np.int64(0)
        for lane in range(LANES):
            if rows[at, 1] >> lane & 1:
                some += weights[first + lane, column]
        to[rows[at, 0], column] += some


@kernel
def scatter(
    ways: Ways,
    lanes: Lanes,
    hung: Hung,
    sources: Sources,
    limit_mm: Longs,
    found: Found,
    weights: Longs,
    by_vertex: Longs,
    by_edge: Longs,
    by_slot: Longs,
) -> None:
    """Add the weights of each source, (q, c), to what hangs within its limit.

    A place's sum is that of the vertex that owns its edge, of its edge and of its slot, together.
    """
    entries = lanes.entries
    limits = np.empty(LANES, dtype=np.int32)
    own_seeds = np.empty((2 + len(ways.opened), 2), dtype=np.int64)
    seeds = np.empty((LANES * len(own_seeds), 3), dtype=np.int64)
    for first in range(0, len(limit_mm), LANES):
        n_lanes = min(LANES, len(limit_mm) - first)
        n_touched, n_vertices, n_edges, n_slots, entries = _search(
            ways,
            lanes,
            entries,
            hung,
            sources,
            first,
            n_lanes,
            limit_mm,
            limits,
            own_seeds,
            seeds,
            found,
        )
        for column in range(weights.shape[1]):
            of_all = np.int64(0)
            for lane in range(n_lanes):
                of_all += weights[first + lane, column]
            _scatter_of(found.vertices, n_vertices, weights, column, of_all, first, by_vertex)
            _scatter_of(found.edges, n_edges, weights, column, of_all, first, by_edge)
            _scatter_of(found.slots, n_slots, weights, column, of_all, first, by_slot)
        forget_lanes(lanes, n_touched)


__all__ = ["Found", "gather", "scatter"]
