"""The drawn land: a river with a width, towns with middles, and how densely people live where.

Only the outlines, the river's line and the census are known. Density is a raster of expected
people a cell: each district's census is shared out among its built-up area, which falls off from
a few middles, its smaller towns, and the open country, with smooth noise over all of it. Where in
its community a home stands is drawn later and finer, by `geo_match.demo.ground.homes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

from geo_match.demo import facts
from geo_match.demo._random import stream
from geo_match.demo.ground._grid import DEGREE_M, Grid, smooth_noise, to_plane
from geo_match.demo.ground._power import spread_sites
from geo_match.demo.ground.population import draw_population

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray


class Middle(NamedTuple):
    """A place from which the density of a built-up area falls, to 1/e within `fall_m`."""

    lon: float
    lat: float
    weight: float
    fall_m: float


_CITY: Final = (
    Middle(117.380, 32.937, 1.00, 2_000.0),  # downtown, south of the river
    Middle(117.335, 32.926, 0.65, 1_700.0),
    Middle(117.358, 32.893, 0.50, 1_900.0),
    Middle(117.432, 32.928, 0.35, 1_900.0),
    Middle(117.310, 32.896, 0.30, 1_500.0),
    Middle(117.362, 32.978, 0.55, 1_700.0),  # the north bank
)
_MIDDLES: Final = {
    "340321": (Middle(117.200, 32.970, 1.0, 1_500.0),),
    "340322": (Middle(117.880, 33.140, 1.0, 1_200.0),),
    "340323": (Middle(117.320, 33.320, 1.0, 1_200.0),),
}
"""Roughly where the built-up areas are; the four urban districts share one city."""

_RIVER_WIDTH_M: Final = (300.0, 500.0)
_RIVER_STEP_M: Final = 150.0
_BEND_M: Final = 3_000.0
_TOWN_M: Final = 420.0
"""Standard deviation of a town of `_TOWN_PEOPLE`; the area grows with the people."""
_TOWN_PEOPLE: Final = 5_000.0
_MARKET: Final = 0.06
"""Share of a country town's other people who live in its market street."""
_URBANISED: Final = 0.4
"""Share of the villages' people in the four urban districts whom the built-up area has reached."""
_ROUGH: Final = ((0.012, 0.25), (0.035, 0.20))
"""Wavelength, degrees, and strength of the noise over the density's logarithm."""


@dataclass(frozen=True, slots=True, eq=False)
class Land:
    """The ground on which a demonstration city stands; arrays are read-only.

    Parameters
    ----------
    seed
        What it was drawn from.
    river
        The Huai's water in the urban reach, WGS-84.
    ground
        `code`, `name`, `population_2020` and the dry land of each district, WGS-84.
    towns
        `street_code`, `street_name`, `lies_in`, `urban` (most of its communities are 居委会),
        `population`, `lon`, `lat`: the middle of each street and town.
    population
        People of each community, int64, in the order of `facts.communities`.
    grid
        The raster's cells.
    district
        For each cell the row in `ground` of its middle, −1 in the river and outside,
        shape (rows, columns).
    people
        Expected people in each cell, shape (rows, columns); a district's cells add up to its
        census up to rounding, those in the river and outside have none.
    """

    seed: int
    river: shapely.Geometry
    ground: gpd.GeoDataFrame
    towns: pd.DataFrame
    population: NDArray[np.int64]
    grid: Grid
    district: NDArray[np.int64]
    people: NDArray[np.float64]


def draw_land(seed: int) -> Land:
    """Draw the land of a demonstration city.

    Parameters
    ----------
    seed
        At least 0. The same seed gives the same land; the facts are the same for every seed.

    Raises
    ------
    ArgumentError
        If the seed is no whole number of at least 0.

    Examples
    --------
    >>> from geo_match.demo.ground.land import draw_land
    >>> land = draw_land(1)
    >>> round(float(land.people.sum()))
    3296408
    """
    population = draw_population(seed)
    river = _draw_river(seed)
    ground = facts.districts()
    ground.geometry = shapely.difference(ground.geometry.to_numpy(), river)
    grid = Grid.over(*ground.total_bounds)
    district = grid.label(ground.geometry.to_numpy())
    towns = _list_towns(population)
    noise = sum(
        strength * smooth_noise(grid, wavelength, stream(seed, "noise", str(wavelength)))
        for wavelength, strength in _ROUGH
    )
    rough = np.exp(noise).ravel()
    people = np.zeros(district.size)
    middles = np.empty((len(towns), 2))
    for row, (code, census) in enumerate(
        zip(ground["code"], ground["population_2020"], strict=True)
    ):
        cells = np.flatnonzero(district == row)
        here = np.flatnonzero(towns["lies_in"] == code)
        drawn = _District(seed, code, grid, cells=cells, rough=rough[cells], towns=towns.iloc[here])
        middles[here] = drawn.middles
        people[cells] = drawn.density * (census / drawn.density.sum())
    towns["lon"], towns["lat"] = middles.T
    raster = people.reshape(district.shape)
    for array in (population, district, raster):
        array.setflags(write=False)
    return Land(seed, river, ground, towns, population, grid, district, raster)


def _draw_river(seed: int) -> shapely.Geometry:
    """Draw the river's banks: discs of changing width along its line, and what lies between."""
    x, y = to_plane(*shapely.get_coordinates(facts.huai()).T)
    line = shapely.LineString(np.column_stack([x, y]))
    along = np.linspace(0.0, line.length, int(line.length / _RIVER_STEP_M) + 1)
    bends = np.arange(0.0, line.length + 2.0 * _BEND_M, _BEND_M)
    width = np.interp(along, bends, stream(seed, "river").uniform(*_RIVER_WIDTH_M, len(bends)))
    # The line's own vertices too: a disc every step would cut the corners of a bend.
    corner = shapely.line_locate_point(line, shapely.points(shapely.get_coordinates(line)))
    at = np.unique(np.concatenate([along, corner]))
    discs = shapely.buffer(
        shapely.line_interpolate_point(line, at), np.interp(at, along, width) / 2
    )
    pairs = shapely.multipolygons(np.column_stack([discs[:-1], discs[1:]]))
    banks = shapely.union_all(shapely.convex_hull(pairs))
    degrees = shapely.transform(banks, lambda metres: metres / DEGREE_M)
    return shapely.set_precision(degrees, 1e-6)


def _list_towns(population: NDArray[np.int64]) -> pd.DataFrame:
    """Return the streets and towns with their people, in the order of their codes."""
    communities = facts.communities().assign(population=population)
    communities["resident"] = communities["kind"] == "居委会"
    communities["townspeople"] = communities["population"].where(communities["resident"], 0)
    towns = communities.groupby(["street_code", "street_name", "lies_in"], as_index=False).agg(
        population=("population", "sum"),
        townspeople=("townspeople", "sum"),
        resident=("resident", "mean"),
    )
    towns["urban"] = towns.pop("resident") > 0.5  # noqa: PLR2004 - most of them
    return towns


class _District:
    """The middles of a district's streets and towns, and its density before it is scaled.

    Parameters
    ----------
    cells, rough
        Positions of its cells in the flat grid, and the noise there, shape (n,).
    towns
        Its streets and towns.
    """

    def __init__(
        self,
        seed: int,
        code: str,
        grid: Grid,
        *,
        cells: NDArray[np.int64],
        rough: NDArray[np.float64],
        towns: pd.DataFrame,
    ) -> None:
        generator = stream(seed, "towns", code)
        self._lon, self._lat = grid.centres(cells)
        self._x, self._y = to_plane(self._lon, self._lat)
        built_up = self._built_up(_MIDDLES.get(code, _CITY)) * rough
        open_country = np.where(built_up > 0.15 * built_up.max(), 0.0, 1.0)
        urban = towns["urban"].to_numpy(dtype=bool)
        self.middles = np.empty((len(towns), 2))
        for which, weight in ((urban, built_up), (~urban, open_country)):
            points = generator.choice(
                len(cells), 400 * int(which.sum()), p=weight / weight.sum(), shuffle=False
            )
            places = np.column_stack([self._x[points], self._y[points]])
            sites = spread_sites(places, int(which.sum()), generator)
            self.middles[which] = sites / DEGREE_M
        people = towns["population"].to_numpy(np.float64)
        townspeople = towns["townspeople"].to_numpy(np.float64)
        townspeople = np.where(urban, 0.0, townspeople + _MARKET * (people - townspeople))
        countryside = (np.where(urban, 0.0, people) - townspeople).sum()
        reached = 0.0 if code in _MIDDLES else _URBANISED * countryside
        countryside -= reached
        self.density = ((people[urban].sum() + reached) / built_up.sum()) * built_up
        self.density += (countryside / rough.sum()) * rough
        for (lon, lat), inhabitants in zip(self.middles, townspeople, strict=True):
            if inhabitants > 0.0:
                self.density += inhabitants * self._town(lon, lat, inhabitants)

    def _distance2(self, lon: float, lat: float) -> NDArray[np.float64]:
        x, y = lon * DEGREE_M[0], lat * DEGREE_M[1]
        return np.asarray((self._x - x) ** 2 + (self._y - y) ** 2)

    def _built_up(self, middles: tuple[Middle, ...]) -> NDArray[np.float64]:
        total = np.zeros(len(self._x))
        for lon, lat, weight, fall_m in middles:
            total += weight * np.exp(-np.sqrt(self._distance2(lon, lat)) / fall_m)
        return total

    def _town(self, lon: float, lat: float, people: float) -> NDArray[np.float64]:
        """Return a town's share in each cell: a bell around its middle that adds up to 1."""
        variance = _TOWN_M**2 * people / _TOWN_PEOPLE
        bell = np.exp(-self._distance2(lon, lat) / (2.0 * variance))
        return np.asarray(bell / bell.sum())
