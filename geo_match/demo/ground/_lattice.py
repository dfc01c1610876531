"""A street lattice that is fine where people live: squares halved twice, bent and shaken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.demo._random import stream
from geo_match.demo.ground._grid import DEGREE_M, to_plane

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.ground.homes import Homes
    from geo_match.demo.ground.land import Land

STEP_M: Final = 180.0
"""Side of the finest squares; the others have twice and four times as much."""
_COARSE: Final = 4
_WAVES: Final = 5
_WAVE_M: Final = (9_000.0, 24_000.0)
_SWAY_M: Final = 220.0
_INVERSE_ROUNDS: Final = 8
"""The sway changes by less than 0.8 m a metre, in practice 0.4, so that each round more than
halves what is left of at most `_WAVES * _SWAY_M`; a few metres do not matter here."""
_JITTER: Final = 0.16
_SPLIT: Final = (90.0, 60.0)
"""People in a square of four steps, and of two, from which it is halved."""
_TOWN: Final = 120.0
"""People in a square of two steps, 0.13 km², from which its lines are streets and not lanes."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """Points on the drawing plane and the lines between them; no two lines cross.

    Parameters
    ----------
    points
        Metres on the drawing plane, shape (v, 2).
    ends
        Positions of the points that each line joins, shape (e, 2).
    steps
        Length of each line in steps: 1, 2 or 4, shape (e,).
    town
        Whether a line lies where people live densely, shape (e,).
    """

    points: NDArray[np.float64]
    ends: NDArray[np.int64]
    steps: NDArray[np.int64]
    town: NDArray[np.bool_]


class _Sway:
    """A few long waves that bend the plane, so that streets do not all run north and east."""

    def __init__(self, generator: np.random.Generator) -> None:
        turn = generator.uniform(0.0, 2.0 * np.pi, (3, _WAVES))
        length = generator.uniform(*_WAVE_M, _WAVES)
        self._wave = 2.0 * np.pi / length * np.array([np.cos(turn[0]), np.sin(turn[0])])
        self._push = _SWAY_M * np.array([np.cos(turn[1]), np.sin(turn[1])])
        self._phase = turn[2]

    def __call__(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.sin(points @ self._wave + self._phase) @ self._push.T)

    def undo(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what lies at the points after the bending, (n, 2)."""
        before = points.copy()
        for _ in range(_INVERSE_ROUNDS):
            before = points - self(before)
        return before


def draw_lattice(land: Land, homes: Homes) -> Lattice:
    """Draw the lattice over a city's bounding box.

    Parameters
    ----------
    land
        What `draw_land` drew.
    homes
        What `draw_homes` drew on it: squares are halved where these are.
    """
    generator = stream(land.seed, "streets", "lattice")
    grid = land.grid
    sway = _Sway(generator)
    west, south = grid.west * DEGREE_M[0], grid.south * DEGREE_M[1]
    origin = np.array([west, south]) - _WAVES * _SWAY_M
    extent = np.array(to_plane(*(np.array([n]) * 0.001 for n in (grid.columns, grid.rows)))).ravel()
    coarse = np.ceil((extent + 2 * _WAVES * _SWAY_M) / (_COARSE * STEP_M)).astype(np.int64)
    columns, rows = (coarse * _COARSE).tolist()
    cells = np.column_stack(to_plane(*grid.centres(homes.cell)))
    at = ((sway.undo(cells) - origin) / STEP_M).astype(np.int64)
    people = np.zeros((rows, columns))
    np.add.at(people, (at[:, 1], at[:, 0]), homes.people)
    by_four, by_two = _sums(people, _COARSE), _sums(people, 2)
    size = np.where(by_four < _SPLIT[0], _COARSE, np.where(by_two < _SPLIT[1], 2, 1))
    nodes, ends, steps, beside = _connect(size)
    flat_town = (by_two >= _TOWN).ravel()
    shake = STEP_M * _JITTER * generator.uniform(-1.0, 1.0, ((rows + 1) * (columns + 1), 2))
    points = np.column_stack(np.divmod(nodes, columns + 1)[::-1]) * STEP_M + origin
    points = points + shake[nodes]
    return Lattice(points + sway(points), ends, steps, flat_town[beside])


def _sums(values: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    """Return for each cell the sum over the square of `side` cells in which it lies."""
    rows, columns = values.shape
    blocks = values.reshape(rows // side, side, columns // side, side).sum(axis=(1, 3))
    return np.asarray(blocks.repeat(side, axis=0).repeat(side, axis=1))


def _connect(
    size: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the corners of the squares and the sides between neighbouring ones.

    Parameters
    ----------
    size
        Side of the square in which each cell lies, shape (rows, columns).

    Returns
    -------
    nodes
        Positions of corners among the (rows + 1) * (columns + 1) corners of cells.
    ends
        For each side the positions of its ends among the nodes, shape (e, 2).
    steps
        Its length in cells.
    beside
        Position of a cell beside it.
    """
    rows, columns = size.shape
    row, column = np.indices((rows + 1, columns + 1))
    corner = np.zeros((rows + 1, columns + 1), dtype=bool)
    side = np.zeros((2, rows + 1, columns + 1), dtype=bool)  # eastward, northward
    padded = np.pad(size, 1, mode="edge")
    for i in (0, 1):
        for j in (0, 1):
            around = padded[i : i + rows + 1, j : j + columns + 1]
            corner |= (row % around == 0) & (column % around == 0)
    for i in (0, 1):
        side[0] |= row % padded[i : i + rows + 1, 1:] == 0
        side[1] |= column % padded[1:, i : i + columns + 1] == 0
    nodes = np.flatnonzero(corner)
    number = np.cumsum(corner.ravel()) - 1
    ends, steps, beside = [], [], []
    for along, marked in enumerate(side):
        # Corners in the order of the lines: each joins the next on its line if a side starts there.
        order = nodes if along == 0 else nodes[np.lexsort((row.flat[nodes], column.flat[nodes]))]
        line, place = (row, column) if along == 0 else (column, row)
        here, there = order[:-1], order[1:]
        joined = (line.flat[here] == line.flat[there]) & marked.flat[here]
        here, there = here[joined], there[joined]
        ends.append(np.column_stack([number[here], number[there]]))
        steps.append(place.flat[there] - place.flat[here])
        r, c = np.minimum(row.flat[here], rows - 1), np.minimum(column.flat[here], columns - 1)
        beside.append(r * columns + c)
    return nodes, np.concatenate(ends), np.concatenate(steps), np.concatenate(beside)
