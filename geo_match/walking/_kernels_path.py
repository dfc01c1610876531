"""The loops behind a path, an isochrone and a cause: one search, and lines cut and crossed.

The search is for one place at a time, to the end of what it can reach if need be; the many
bounded ones of `WalkingIndex` have kernels of their own.
"""

from __future__ import annotations

import math
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match._jit import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.graph import Bits, Floats, Grid, Integers

    Longs = NDArray[np.int64]

UNREACHED: Final = np.iinfo(np.int64).max
_SLACK: Final = 1e-6
"""In cells: by far more than rounding moves a line, so that no cell that it passes is left out."""


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
                share = (high - here) / (there - here)
                place[at, 0] = point_lon[p] + share * (point_lon[p + 1] - point_lon[p])
                place[at, 1] = point_lat[p] + share * (point_lat[p + 1] - point_lat[p])
                break
            if low < there < high:
                place[at, 0], place[at, 1] = point_lon[p + 1], point_lat[p + 1]
                at += step
    return place, offsets


@kernel
def _side(lon1: float, lat1: float, lon2: float, lat2: float, lon: float, lat: float) -> bool:
    """Return whether a place is to the left of a line; on it counts as left.

    So a line through a corner of a bank crosses one of the two segments that meet there, or both
    or neither where it only touches: never one.
    """
    return (lon2 - lon1) * (lat - lat1) - (lat2 - lat1) * (lon - lon1) >= 0.0


@kernel
def _crosses(lon1: float, lat1: float, lon2: float, lat2: float, obstacle: Floats, i: int) -> bool:
    """Return whether a straight line crosses an obstacle's segment."""
    a_lon, a_lat, b_lon, b_lat = obstacle[i, 0], obstacle[i, 1], obstacle[i, 2], obstacle[i, 3]
    return (
        _side(lon1, lat1, lon2, lat2, a_lon, a_lat) != _side(lon1, lat1, lon2, lat2, b_lon, b_lat)
    ) and (
        _side(a_lon, a_lat, b_lon, b_lat, lon1, lat1)
        != _side(a_lon, a_lat, b_lon, b_lat, lon2, lat2)
    )


@kernel
def _rows(grid: Grid, lat1: float, lat2: float) -> tuple[int, int]:
    """Return the first row that a line passes, and the one after its last."""
    low = (min(lat1, lat2) - grid.south) / grid.cell_lat - _SLACK
    high = (max(lat1, lat2) - grid.south) / grid.cell_lat + _SLACK
    # Bounded as floats: a place far from the grid has a row that no integer holds.
    first = math.floor(min(max(low, 0.0), float(grid.n_rows)))
    end = math.floor(min(max(high, -1.0), grid.n_rows - 1.0)) + 1
    return first, end


@kernel
def _columns(
    grid: Grid, lon1: float, lat1: float, lon2: float, lat2: float, row: int
) -> tuple[int, int]:
    """Return the first column that a line passes in a row, and the one after its last."""
    begin, end = 0.0, 1.0  # of the line: what of it is in the row
    if lat1 != lat2:
        at_south = (grid.south + (row - _SLACK) * grid.cell_lat - lat1) / (lat2 - lat1)
        at_north = (grid.south + (row + 1.0 + _SLACK) * grid.cell_lat - lat1) / (lat2 - lat1)
        begin = min(max(min(at_south, at_north), 0.0), 1.0)
        end = min(max(at_south, at_north, 0.0), 1.0)
    a, b = lon1 + begin * (lon2 - lon1), lon1 + end * (lon2 - lon1)
    low = (min(a, b) - grid.west) / grid.cell_lon - _SLACK
    high = (max(a, b) - grid.west) / grid.cell_lon + _SLACK
    first = math.floor(min(max(low, 0.0), float(grid.n_columns)))
    last = math.floor(min(max(high, -1.0), grid.n_columns - 1.0))
    return first, last + 1


@kernel
def crossed(
    obstacle: Floats, obstacle_kind: Bits, grid: Grid, kinds: int, line: Floats
) -> tuple[Longs, Longs]:
    """Return which segments of a line cross which obstacles of the kinds, in no order, repeated.

    Parameters
    ----------
    obstacle, obstacle_kind, grid
        Of the graph.
    kinds
        Bits of `Obstacle`.
    line
        (k, 4): lon, lat, lon, lat of segments.

    Returns
    -------
    segment, obstacle
        (h,): positions.
    """
    segments = [np.int64(0) for _ in range(0)]
    obstacles = [np.int64(0) for _ in range(0)]
    for s in range(len(line) if len(obstacle) else 0):
        lon1, lat1, lon2, lat2 = line[s, 0], line[s, 1], line[s, 2], line[s, 3]
        row, end_row = _rows(grid, lat1, lat2)
        for r in range(row, end_row):
            column, end_column = _columns(grid, lon1, lat1, lon2, lat2, r)
            for cell in range(r * grid.n_columns + column, r * grid.n_columns + end_column):
                for g in range(grid.offsets[cell], grid.offsets[cell + 1]):
                    i = grid.segment[g]
                    if obstacle_kind[i] & kinds and _crosses(lon1, lat1, lon2, lat2, obstacle, i):
                        segments.append(np.int64(s))
                        obstacles.append(np.int64(i))
    found = np.empty((2, len(segments)), dtype=np.int64)
    for h in range(len(segments)):
        found[0, h], found[1, h] = segments[h], obstacles[h]
    return found[0], found[1]


@kernel
def cross_any(
    obstacle: Floats,
    obstacle_kind: Bits,
    grid: Grid,
    kinds: int,
    lon1: Floats,
    lat1: Floats,
    lon2: Floats,
    lat2: Floats,
) -> NDArray[np.bool_]:
    """Return whether each straight line, (k,), crosses any obstacle of the kinds.

    One that only touches a corner may count as crossing, or not.
    """
    found = np.zeros(len(lon1), dtype=np.bool_)
    for s in range(len(lon1) if len(obstacle) else 0):
        row, end_row = _rows(grid, lat1[s], lat2[s])
        for r in range(row, end_row):
            column, end_column = _columns(grid, lon1[s], lat1[s], lon2[s], lat2[s], r)
            begin = grid.offsets[r * grid.n_columns + column]  # cells of a row are neighbours
            for g in range(begin, grid.offsets[r * grid.n_columns + end_column]):
                i = grid.segment[g]
                if obstacle_kind[i] & kinds and _crosses(
                    lon1[s], lat1[s], lon2[s], lat2[s], obstacle, i
                ):
                    found[s] = True
                    break
            if found[s]:
                break
    return found


__all__ = ["UNREACHED", "cross_any", "crossed", "cut", "search", "walk_back"]
