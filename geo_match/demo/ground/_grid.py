"""The grid on which the city is drawn: cells of a thousandth of a degree, and shapes put on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo_match.demo._runs import within_runs
from geo_match.geodesy import ECCENTRICITY_SQUARED, SEMI_MAJOR_M

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CELL = 0.001
"""Side of a cell, degrees: 93 m by 111 m in the city."""

_MIDDLE_LAT = 33.0
_SIN2 = np.sin(np.radians(_MIDDLE_LAT)) ** 2
_W2 = 1.0 - ECCENTRICITY_SQUARED * _SIN2
DEGREE_M = (
    float(np.radians(SEMI_MAJOR_M / np.sqrt(_W2)) * np.sqrt(1.0 - _SIN2)),
    float(np.radians(SEMI_MAJOR_M * (1.0 - ECCENTRICITY_SQUARED) / _W2**1.5)),
)
"""Metres in a degree of longitude and of latitude at 33° N: right within 0.6% in the whole city,
good enough for drawing, and straight lines stay straight; no distance is ever decided with it."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Square cells over a box; rows run north, columns east.

    Parameters
    ----------
    west, south
        Corner of the first cell, degrees.
    rows, columns
        Number of cells.
    """

    west: float
    south: float
    rows: int
    columns: int

    @classmethod
    def over(cls, west: float, south: float, east: float, north: float) -> Grid:
        """Return the grid of whole cells that covers a box, degrees."""
        first_column, first_row = (int(np.floor(round(v / CELL, 6))) for v in (west, south))
        last_column, last_row = (int(np.ceil(round(v / CELL, 6))) for v in (east, north))
        return cls(
            first_column * CELL,
            first_row * CELL,
            last_row - first_row,
            last_column - first_column,
        )

    def centres(self, cells: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return lon and lat of the middles of cells, given as positions in the flat grid, (n,)."""
        row, column = np.divmod(cells, self.columns)
        return self.west + (column + 0.5) * CELL, self.south + (row + 0.5) * CELL

    def along_curve(self, cells: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return each cell's place along Hilbert's curve over the grid, (n,).

        Neighbours on the curve are neighbours on the ground, so that even steps along it are even
        in both directions (Hilbert 1891; each turn of the loop settles one bit of row and column).
        """
        row, column = np.divmod(np.asarray(cells, dtype=np.int64), self.columns)
        bits = int(max(self.rows, self.columns) - 1).bit_length()
        place = np.zeros(len(row), dtype=np.int64)
        for bit in range(bits - 1, -1, -1):
            x, y = column >> bit & 1, row >> bit & 1
            place = place << 2 | (3 * x ^ y)
            turned, mirrored = y == 0, (y == 0) & (x == 1)
            full = (1 << bits) - 1
            row, column = (
                np.where(mirrored, full - row, row),
                np.where(mirrored, full - column, column),
            )
            row, column = np.where(turned, column, row), np.where(turned, row, column)
        return place

    def label(self, shapes: Sequence[shapely.Geometry]) -> NDArray[np.int64]:
        """Say for each cell in which of some disjoint polygons its middle lies.

        A middle on a border belongs to the polygon east of it, or north of a horizontal border,
        so that it belongs to one alone where borders are shared vertex by vertex.

        Returns
        -------
        numpy.ndarray
            Positions among the shapes, −1 outside all, shape (rows, columns).
        """
        edges, owner = _edges(shapes)
        # Crossings of each edge with the lines of middles; half-open, so that a vertex counts once.
        first, last = (
            np.clip(np.ceil((edges[:, i] - self.south) / CELL - 0.5), 0, self.rows) for i in (1, 3)
        )
        counts = (last - first).astype(np.int64)
        edge = np.repeat(np.arange(len(edges)), counts)
        row = first[edge].astype(np.int64) + within_runs(counts)
        lat = self.south + (row + 0.5) * CELL
        x1, y1, x2, y2 = edges[edge].T
        lon = x1 + (lat - y1) / (y2 - y1) * (x2 - x1)
        column = np.clip(np.ceil((lon - self.west) / CELL - 0.5), 0, self.columns).astype(np.int64)
        # Between the first and the second crossing of a row is inside, and so on in pairs.
        order = np.lexsort((lon, row, owner[edge]))
        start, end = order[0::2], order[1::2]
        widths = column[end] - column[start]
        label = np.full(self.rows * self.columns, -1, dtype=np.int64)
        cells = np.repeat(row[start] * self.columns + column[start], widths) + within_runs(widths)
        label[cells] = np.repeat(owner[edge[start]], widths)
        return label.reshape(self.rows, self.columns)


def _edges(shapes: Sequence[shapely.Geometry]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the edges x1, y1, x2, y2, each northward, (n, 4), and whose they are, (n,).

    Horizontal edges are left out: no line of middles crosses them. Each edge runs north, so that
    a border shared by two polygons crosses at the very same float in both.
    """
    parts, part_owner = shapely.get_parts(shapes, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    edges = np.hstack([points[:-1], points[1:]])[same]
    owner = part_owner[ring_part[ring[1:]]][same]
    south = edges[:, 1] > edges[:, 3]
    edges[south] = edges[south][:, [2, 3, 0, 1]]
    sloped = edges[:, 1] != edges[:, 3]
    return edges[sloped], owner[sloped].astype(np.int64)


def to_plane(
    lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return metres east of 0° and north of the equator on the drawing plane."""
    return lon * DEGREE_M[0], lat * DEGREE_M[1]


def smooth_noise(
    grid: Grid, wavelength: float, generator: np.random.Generator
) -> NDArray[np.float64]:
    """Return standard normal noise that changes over a wavelength, degrees, (rows, columns)."""
    step = wavelength / CELL
    shape = (int(grid.rows / step) + 2, int(grid.columns / step) + 2)
    knots = generator.standard_normal(shape)
    row, column = np.arange(grid.rows) / step, np.arange(grid.columns) / step
    i, j = row.astype(np.int64), column.astype(np.int64)
    u, v = _eased(row - i)[:, None], _eased(column - j)[None, :]
    rows = knots[i] * (1.0 - u) + knots[i + 1] * u
    blend = rows[:, j] * (1.0 - v) + rows[:, j + 1] * v
    # Between knots a blend of independent normals varies less: brought back to one everywhere.
    spread = np.sqrt(((1.0 - u) ** 2 + u**2) * ((1.0 - v) ** 2 + v**2))
    return np.asarray(blend / spread)


def _eased(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bend 0…1 so that it starts and ends flat: no creases at the knots."""
    return share * share * (3.0 - 2.0 * share)
