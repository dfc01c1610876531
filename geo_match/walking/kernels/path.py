"""The loops behind a path and an isochrone: one search, its way back, and edges cut.

The search is for one place at a time, to the end of what it can reach if need be; the many
bounded ones of `WalkingIndex` have kernels of their own.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match._jit import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.graph.graph import Floats, Integers

    Longs = NDArray[np.int64]

UNREACHED: Final = np.iinfo(np.int64).max


@kernel
def search(offsets: Longs, half: Integers, seeds: Longs, targets: Longs, limit: int) -> Longs:
    """Return how far each vertex is from a place: Dijkstra's search, integers throughout.

    Parameters
    ----------
    offsets, half
        Of the graph.
    seeds
        (k, 2): a vertex, and how far the place is from it.
    targets
        (j, 2), the same of another place: the search ends where no way to it can be shorter.
    limit
        Nothing farther is looked for, mm.

    Returns
    -------
    numpy.ndarray
        (n,), mm. Exact up to the limit, or up to the least way to the other place; beyond it
        there may be `UNREACHED`, or a way that is not the shortest, yet beyond it as well.
    """
    distance = np.full(len(offsets) - 1, UNREACHED)
    heap = [(np.int64(0), np.int64(0)) for _ in range(0)]
    for i in range(len(seeds)):
        vertex, mm = seeds[i, 0], seeds[i, 1]
        if mm <= limit and mm < distance[vertex]:
            distance[vertex] = mm
            heappush(heap, (mm, vertex))
    while heap:
        mm, vertex = heappop(heap)
        if mm > limit:
            break
        if mm > distance[vertex]:  # pushed before a shorter way was found
            continue
        for i in range(len(targets)):
            if targets[i, 0] == vertex:
                limit = min(limit, mm + targets[i, 1])
        for i in range(offsets[vertex], offsets[vertex + 1]):
            neighbour = np.int64(half[i, 0])
            there = mm + half[i, 1]
            if there <= limit and there < distance[neighbour]:
                distance[neighbour] = there
                heappush(heap, (there, neighbour))
    return distance


@kernel
def walk_back(
    offsets: Longs, half: Integers, seeds: Longs, distance: Longs, vertex: int
) -> tuple[Longs, int]:
    """Return the half-edges of the shortest way from a place to a vertex, and where it begins.

    Whatever was on the way when the search went forth, the way is found from the distances alone:
    a neighbour is on it whose distance and edge add up to the vertex's. Of several the lowest edge
    is taken, so that the way does not depend on the order of the search. No edge has the length
    0, so each step comes nearer.

    Parameters
    ----------
    offsets, half, seeds
        As given to `search`.
    distance
        As it returned.
    vertex
        Reached, and no farther than its limit.

    Returns
    -------
    steps
        (s, 3): the edge, the vertex it is entered at and the one it is left at, in walking order.
    seed
        Position of the seed that it begins with.
    """
    steps = np.empty((64, 3), dtype=np.int64)
    n_steps = 0
    while True:
        for seed in range(len(seeds)):
            if seeds[seed, 0] == vertex and seeds[seed, 1] == distance[vertex]:
                return steps[:n_steps][::-1].copy(), seed
        before, edge = -1, -1
        for i in range(offsets[vertex], offsets[vertex + 1]):
            neighbour = half[i, 0]
            if distance[neighbour] == UNREACHED:
                continue
            fits = distance[neighbour] + half[i, 1] == distance[vertex]
            if fits and (edge < 0 or half[i, 2] < edge):
                before, edge = neighbour, half[i, 2]
        if n_steps == len(steps):
            longer = np.empty((2 * n_steps, 3), dtype=np.int64)
            longer[:n_steps] = steps
            steps = longer
        steps[n_steps, 0], steps[n_steps, 1], steps[n_steps, 2] = edge, before, vertex
        n_steps += 1
        vertex = before


@kernel
def cut(
    points: Longs,
    point_lon: Floats,
    point_lat: Floats,
    point_mm: Integers,
    edge: Longs,
    from_mm: Longs,
    to_mm: Longs,
) -> tuple[Floats, Longs]:
    """Return the coordinates of pieces of edges, walked from one place of the edge to another.

    Parameters
    ----------
    points, point_lon, point_lat, point_mm
        Of the graph.
    edge, from_mm, to_mm
        (k,): along the edge; against its direction where `to_mm` is the lesser.

    Returns
    -------
    place
        (c, 2): longitude, latitude.
    offsets
        (k + 1,): piece i is `place[offsets[i]:offsets[i + 1]]`, two points or more.
    """
    offsets = np.zeros(len(edge) + 1, dtype=np.int64)
    for i in range(len(edge)):
        low, high = min(from_mm[i], to_mm[i]), max(from_mm[i], to_mm[i])
        n_between = 0
        for p in range(points[edge[i]], points[edge[i] + 1]):
            n_between += low < point_mm[p] < high
        offsets[i + 1] = offsets[i] + n_between + 2
    place = np.empty((offsets[-1], 2))
    for i in range(len(edge)):
        low, high = min(from_mm[i], to_mm[i]), max(from_mm[i], to_mm[i])
        first, last = points[edge[i]], points[edge[i] + 1] - 1
        at, step = offsets[i], 1
        if to_mm[i] < from_mm[i]:
            at, step = offsets[i + 1] - 1, -1
        begun = False
        for p in range(first, last):
            here, there = point_mm[p], point_mm[p + 1]
            if not begun and (low < there or p == last - 1):
                share = (low - here) / (there - here)
                place[at, 0] = point_lon[p] + share * (point_lon[p + 1] - point_lon[p])
                place[at, 1] = point_lat[p] + share * (point_lat[p + 1] - point_lat[p])
                at += step
                begun = True
            if begun and (high <= there or p == last - 1):
                if high == there:  # the point itself, not what a product rounds it to
                    place[at, 0], place[at, 1] = point_lon[p + 1], point_lat[p + 1]
                    break
                share = (high - here) / (there - here)
                place[at, 0] = point_lon[p] + share * (point_lon[p + 1] - point_lon[p])
                place[at, 1] = point_lat[p] + share * (point_lat[p + 1] - point_lat[p])
                break
            if low < there < high:
                place[at, 0], place[at, 1] = point_lon[p + 1], point_lat[p + 1]
                at += step
    return place, offsets


__all__ = ["UNREACHED", "cut", "search", "walk_back"]
