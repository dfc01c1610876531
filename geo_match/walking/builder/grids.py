"""A grid over segments: which of them may be near a place."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.walking.graph.graph import Grid

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CELL_M: Final = 120.0
"""The side of a cell of a dense network: a place is led 300 m at most, so it looks at few."""
_CELLS_A_SEGMENT: Final = 4
_LEAST_CELLS: Final = 1024
_DEGREE_M: Final = 111_195.0
_PAD: Final = 1e-9
"""Degrees around the outermost points, so that none lies on the rim."""


def grid_of(box: NDArray[np.float64], number: NDArray[np.int64]) -> Grid:
    """Return a grid over segments.

    Parameters
    ----------
    box
        Degrees, (n, 4): the west, south, east and north end of each segment.
    number
        (n,), ascending: what the grid calls each.
    """
    if not len(box):
        return Grid(0.0, 0.0, 1.0, 1.0, 1, 1, np.zeros(2, np.int64), np.zeros(0, np.int32))
    west, south = box[:, 0].min() - _PAD, box[:, 1].min() - _PAD
    width, height = box[:, 2].max() + _PAD - west, box[:, 3].max() + _PAD - south
    shrink = max(math.cos(math.radians(south + height / 2.0)), 0.01)
    side_m = max(
        _CELL_M,
        _DEGREE_M
        * math.sqrt(width * shrink * height / (_CELLS_A_SEGMENT * len(box) + _LEAST_CELLS)),
        _DEGREE_M * max(width * shrink, height) / (_CELLS_A_SEGMENT * len(box) + _LEAST_CELLS),
    )
    cell_lat = side_m / _DEGREE_M
    cell_lon = cell_lat / shrink
    n_columns, n_rows = math.floor(width / cell_lon) + 1, math.floor(height / cell_lat) + 1

    def steps(axis: int, low: float, cell: float, n: int) -> NDArray[np.int64]:
        return np.clip(np.floor((box[:, axis] - low) / cell).astype(np.int64), 0, n - 1)

    left, right = (steps(axis, west, cell_lon, n_columns) for axis in (0, 2))
    bottom, top = (steps(axis, south, cell_lat, n_rows) for axis in (1, 3))
    across = right - left + 1
    n_cells = across * (top - bottom + 1)
    of = np.repeat(np.arange(len(box)), n_cells)
    k = np.arange(len(of)) - np.repeat(np.cumsum(n_cells) - n_cells, n_cells)
    cell = (bottom[of] + k // across[of]) * n_columns + left[of] + k % across[of]
    order = np.argsort(cell, kind="stable")
    counts = np.bincount(cell, minlength=n_columns * n_rows)
    return Grid(
        float(west),
        float(south),
        cell_lon,
        cell_lat,
        n_columns,
        n_rows,
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        number[of[order]].astype(np.int32),
    )
