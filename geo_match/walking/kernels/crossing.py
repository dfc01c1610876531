"""The loops behind a crossing and a cause: which straight lines cross which obstacles."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match._jit import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.graph.graph import Bits, Floats, Grid

    Longs = NDArray[np.int64]

_SLACK: Final = 1e-6
"""In cells: by far more than rounding moves a line, so that no cell that it passes is left out."""


@kernel
def _side(lon1: float, lat1: float, lon2: float, lat2: float, lon: float, lat: float) -> float:
    """Return a number above 0 for a place to the left of a line, 0 for one on it.

    The products are those of `graph.crossings`: what is on a line there is on it here.
    """
    return (lon2 - lon1) * (lat - lat1) - (lat2 - lat1) * (lon - lon1)


@kernel
def _sides(
    lon1: float, lat1: float, lon2: float, lat2: float, obstacle: Floats, i: int
) -> tuple[float, float, float, float]:
    """Return the sides of a line of an obstacle's ends, and those of the obstacle of its ends."""
    a_lon, a_lat, b_lon, b_lat = obstacle[i, 0], obstacle[i, 1], obstacle[i, 2], obstacle[i, 3]
    return (
        _side(lon1, lat1, lon2, lat2, a_lon, a_lat),
        _side(lon1, lat1, lon2, lat2, b_lon, b_lat),
        _side(a_lon, a_lat, b_lon, b_lat, lon1, lat1),
        _side(a_lon, a_lat, b_lon, b_lat, lon2, lat2),
    )


@kernel
def _crosses(lon1: float, lat1: float, lon2: float, lat2: float, obstacle: Floats, i: int) -> bool:
    """Return whether a straight line crosses an obstacle's segment; what is on it counts as left.

    So a line through a corner of a bank crosses one of the two segments that meet there, or both
    or neither where it only touches: never one.
    """
    a, b, begin, end = _sides(lon1, lat1, lon2, lat2, obstacle, i)
    return (a >= 0.0) != (b >= 0.0) and (begin >= 0.0) != (end >= 0.0)


@kernel
def _meets(lon1: float, lat1: float, lon2: float, lat2: float, obstacle: Floats, i: int) -> bool:
    """Return whether a line crosses or touches an obstacle's segment, or lies in its line."""
    a, b, begin, end = _sides(lon1, lat1, lon2, lat2, obstacle, i)
    return min(a, b) <= 0.0 <= max(a, b) and min(begin, end) <= 0.0 <= max(begin, end)


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
def met(
    obstacle: Floats, obstacle_kind: Bits, grid: Grid, kinds: int, line: Floats
) -> tuple[Longs, Longs]:
    """Return which segments of a line meet which obstacles of the kinds, in no order, repeated.

    All that are crossed or touched; others, too, which lie in the line of a segment.

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
                    if obstacle_kind[i] & kinds and _meets(lon1, lat1, lon2, lat2, obstacle, i):
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


__all__ = ["cross_any", "met"]
