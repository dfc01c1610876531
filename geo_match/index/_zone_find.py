"""Which area holds each of many points: one pass over the areas, on points sorted into cells.

Asking for every point which areas are near costs more than the answer. So the points are sorted
by the cells of a grid, and each area, in the order of the codes, looks at the points in the cells
of its bounding box that no earlier area took.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FEWEST_CELLS: Final = 8
_MOST_CELLS: Final = 1_024
"""A side of the grid: a million cells take 8 MB, and a cell is smaller than an area in town."""


def find_first(
    areas: NDArray[np.object_],
    bounds: NDArray[np.float64],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Return the position of the first area that covers each point, border included; −1 for none.

    Parameters
    ----------
    areas
        Prepared, shape (k,).
    bounds
        Their west, south, east, north, degrees, shape (k, 4).
    lon, lat
        Checked degrees, shape (n,).

    Returns
    -------
    numpy.ndarray
        int64, shape (n,).
    """
    found = np.full(len(lon), -1, dtype=np.int64)
    if not len(areas):
        return found
    west, south = bounds[:, :2].min(axis=0)
    east, north = bounds[:, 2:].max(axis=0)
    near = np.flatnonzero((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))
    if not len(near):
        return found
    side = int(np.clip(np.sqrt(len(near)), _FEWEST_CELLS, _MOST_CELLS))

    def as_cell(steps: NDArray[np.float64]) -> NDArray[np.int64]:
        return np.asarray(np.minimum(steps, side - 1.0), dtype=np.int64)

    # The same rounded, monotone formula places points and bounds: a point within an area's
    # bounds is never in a cell outside those of the bounds.
    def column(x: NDArray[np.float64]) -> NDArray[np.int64]:
        return as_cell((x - west) * (side / (east - west)))

    def row(y: NDArray[np.float64]) -> NDArray[np.int64]:
        return as_cell((y - south) * (side / (north - south)))

    cell = row(lat[near]) * side + column(lon[near])
    # Sorting numbers that hold cell and position is stable, and six times as fast as `argsort`;
    # they are below 2**20 cells times as many points as memory holds.
    order = np.sort(cell * len(near) + np.arange(len(near))) % len(near)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=side * side))])
    near = near[order]
    x, y = lon[near], lat[near]
    taken = np.full(len(near), -1, dtype=np.int64)
    first_column, last_column = column(bounds[:, 0]), column(bounds[:, 2])
    first_row, last_row = row(bounds[:, 1]), row(bounds[:, 3])
    for position, area in enumerate(areas):
        rows = np.arange(first_row[position], last_row[position] + 1) * side
        starts = offsets[rows + first_column[position]]
        ends = offsets[rows + last_column[position] + 1]
        held = starts < ends
        spans = [np.arange(start, end) for start, end in zip(starts[held], ends[held], strict=True)]
        if not spans:
            continue
        at = np.concatenate(spans)
        at = at[taken[at] < 0]
        box = bounds[position]
        px, py = x[at], y[at]
        at = at[(px >= box[0]) & (px <= box[2]) & (py >= box[1]) & (py <= box[3])]
        taken[at[shapely.intersects_xy(area, x[at], y[at])]] = position
    found[near] = taken
    return found
