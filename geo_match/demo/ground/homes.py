"""Where in its community a home stands: among blocks in town, in hamlets in the country.

The areas say how many people a community has; this draws where in it they live, cell by cell, and
places any number of homes accordingly, each inside its community's area.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo_match.demo._random import stream
from geo_match.demo.ground._grid import CELL, Grid, to_plane
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo_match.demo.ground.land import Land

_TOWN_PER_CELL: Final = 12.0
"""People a cell (0.0104 km²) from which a community is built up: about 1,150 a km²."""
_BLOCKS: Final = 0.7
"""Shape of the gamma factor on each cell in town: many nearly empty, a few with towers."""
_HAMLET_PEOPLE: Final = 450
_HAMLETS: Final = (2, 8)
_HAMLET_M: Final = (90.0, 190.0)
_DECIMALS: Final = 6
_ROUNDS: Final = 60
_INWARD: Final = 2e-6
"""Homes keep 0.2 m from their area's border: the net's mesh moved that by up to 0.1 m."""


@dataclass(frozen=True, slots=True, eq=False)
class Homes:
    """Where people live, by cells of a thousandth of a degree; arrays are read-only.

    Parameters
    ----------
    grid
        The raster's cells.
    cell
        Positions in the flat grid of the cells that have their middle in an area, by community
        and along Hilbert's curve, shape (c,).
    offsets
        Community i's cells are `cell[offsets[i]:offsets[i + 1]]`, shape (n + 1,).
    people
        Expected people in each of these cells, shape (c,); a community's add up to its
        population up to rounding.
    on_border
        Whether a cell may reach into another area or the river, shape (c,).
    areas
        The communities' polygons, drawn in by 0.2 m, shape (n,).
    """

    grid: Grid
    cell: NDArray[np.int64]
    offsets: NDArray[np.int64]
    people: NDArray[np.float64]
    on_border: NDArray[np.bool_]
    areas: NDArray[np.object_]

    def place(
        self,
        community: NDArray[np.int64],
        generator: np.random.Generator,
        *,
        among: NDArray[np.float64] | None = None,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Place homes, each inside its community's area.

        Parameters
        ----------
        community
            Row of each home's community among the areas, shape (m,).
        generator
            What the places are drawn from.
        among
            Which of its community's people each home is, from 0 to below 1 along the cells, shape
            (m,): it fixes the cell. Even steps spread a few homes as evenly as all of them. Drawn
            if None.

        Returns
        -------
        lon, lat
            Degrees, WGS-84, of 6 decimals, each shape (m,).

        Raises
        ------
        ArgumentError
            If a row is none of the areas'.
        """
        community = np.asarray(community, dtype=np.int64)
        n = len(self.areas)
        if community.size and not 0 <= int(community.min()) <= int(community.max()) < n:
            raise ArgumentError(
                "community",
                f"be rows of the areas, 0 to {n - 1}",
                f"values from {community.min()} to {community.max()}",
            )
        running = np.concatenate([[0.0], np.cumsum(self.people)])
        low, high = running[self.offsets[community]], running[self.offsets[community + 1]]
        lon, lat = np.empty(len(community)), np.empty(len(community))
        left = np.arange(len(community))
        for _ in range(_ROUNDS):
            share = generator.random(len(left)) if among is None else among[left]
            mark = low[left] + share * (high[left] - low[left])
            at = np.searchsorted(running, mark, side="right") - 1
            # Rounding in the sum may step over a community's end by one cell.
            at = np.clip(at, self.offsets[community[left]], self.offsets[community[left] + 1] - 1)
            x, y = self.grid.centres(self.cell[at])
            jitter = (generator.random((2, len(left))) - 0.5) * CELL
            lon[left] = np.round(x + jitter[0], _DECIMALS)
            lat[left] = np.round(y + jitter[1], _DECIMALS)
            doubtful = np.flatnonzero(self.on_border[at])
            home = left[doubtful]
            inside = shapely.contains_xy(self.areas[community[home]], lon[home], lat[home])
            left = home[~inside]
            if not len(left):
                return lon, lat
        # Whoever found no place in all rounds gets the middle of a cell, which lies inside.
        lon[left], lat[left] = self.grid.centres(self.cell[at[doubtful[~inside]]])
        return lon, lat


def draw_homes(land: Land, areas: gpd.GeoDataFrame) -> Homes:
    """Draw where in each community people live.

    Parameters
    ----------
    land
        What `draw_land` drew.
    areas
        What `draw_areas` drew on it.
    """
    polygons = areas.geometry.to_numpy()
    label = land.grid.label(polygons)
    flat = label.ravel()
    cells = np.flatnonzero(flat >= 0)
    cells = cells[np.lexsort((land.grid.along_curve(cells), flat[cells]))]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(flat[cells], minlength=len(areas)))])
    expected = land.people.ravel()[cells]
    x, y = to_plane(*land.grid.centres(cells))
    people = np.empty(len(cells))
    for code, population, start, end in zip(
        areas["code"], areas["population"], offsets[:-1], offsets[1:], strict=True
    ):
        here = slice(start, end)
        share = _settle(
            x[here], y[here], expected[here], int(population), stream(land.seed, "homes", code)
        )
        people[here] = share * (population / share.sum())
    inner = shapely.buffer(polygons, -_INWARD, join_style="mitre")
    shapely.prepare(inner)
    homes = Homes(land.grid, cells, offsets, people, _reaches_out(label).ravel()[cells], inner)
    for array in (homes.cell, homes.offsets, homes.people, homes.on_border):
        array.setflags(write=False)
    return homes


def _settle(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    expected: NDArray[np.float64],
    population: int,
    generator: np.random.Generator,
) -> NDArray[np.float64]:
    """Return each cell's share of a community's people, not yet scaled, shape (cells,)."""
    if population >= _TOWN_PER_CELL * len(x):
        return expected * generator.gamma(_BLOCKS, size=len(x))
    hamlets = int(np.clip(population // _HAMLET_PEOPLE, *_HAMLETS))
    at = generator.choice(len(x), hamlets, p=expected / expected.sum())
    size = generator.uniform(*_HAMLET_M, hamlets)
    # As many people as ground: the bells' heights are alike.
    away2 = (x[:, None] - x[at]) ** 2 + (y[:, None] - y[at]) ** 2
    return np.asarray(np.exp(-away2 / (2.0 * size**2)).sum(axis=1))


def _reaches_out(label: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which cells have a neighbour, corners included, of another label."""
    around = np.pad(label, 1, constant_values=-1)
    rows, columns = label.shape
    return np.asarray(
        np.any(
            [around[i : i + rows, j : j + columns] != label for i in range(3) for j in range(3)],
            axis=0,
        )
    )
