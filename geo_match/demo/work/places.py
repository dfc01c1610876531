"""Where work stands: along streets, in the centre, in parks, in towns and in some villages.

Places follow the drawn streets and where people live. Far from the towns lie hollows without any
work, and on the quiet bank none stands: whoever lives there looks at the jobs across the river.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo_match.demo import facts
from geo_match.demo._random import stream
from geo_match.demo.facts import URBAN_DISTRICTS
from geo_match.demo.ground._grid import CELL, DEGREE_M, to_plane
from geo_match.demo.work.trades import WHERE

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from geo_match.demo.ground import Homes, Land, Streets

_PARKS: Final = (
    (117.300, 32.945, 0.8),  # longitude, latitude, weight of the community that lies there
    (117.262, 32.905, 1.0),
    (117.345, 32.838, 1.0),
    (117.445, 32.905, 0.9),
    (117.325, 32.990, 1.0),
    (117.405, 33.000, 0.6),
    (117.150, 32.950, 1.0),
    (117.905, 33.165, 0.9),
    (117.345, 33.345, 0.9),
)
"""Parks in villages at the built-up areas' edge, beside the development zones (其他)."""
_ZONE_WEIGHT: Final = 0.35
_FARM: Final = "农场|果园"
_PARK_M: Final = 650.0
_TOWN_M: Final = 380.0
_ALONG: Final = {"main": 3.0, "street": 1.0, "lane": 0.25}
"""How much more a metre of a kind of street draws sites."""
_CENTRE_POWER: Final = 2.2
"""The centre is where density is high: sites go by its power."""
_BESIDE_M: Final = (8.0, 28.0)
_QUIET: Final = (117.422, 117.535, 5_200.0)
"""West, east, and depth in metres: north of the river no site stands there. The nearest bridge is
west of it, so that the people at the bank have jobs in sight and none in reach on foot."""
_NO_WORK: Final = 0.30
"""Share of other villages without any site of their own."""
_HOLLOWS: Final = (14, 34)
"""How many there are in the four urban districts, and in the counties."""
_HOLLOW_M: Final = (3_400.0, 5_000.0)
"""Reach of a hollow: the least and the most; it ends short of the next town."""
_TOWN_EDGE_M: Final = 400.0
_DECIMALS: Final = 6
_ROUNDS: Final = 40


class Places:
    """Draws places of each kind, each inside a community's area and off the river.

    Parameters
    ----------
    land, areas, homes, streets
        What was drawn before.
    seed
        What they are drawn from.
    """

    def __init__(
        self, land: Land, areas: gpd.GeoDataFrame, homes: Homes, streets: Streets, *, seed: int
    ) -> None:
        self._seed = seed
        self._areas = areas.geometry.to_numpy()
        self._tree = shapely.STRtree(self._areas)
        self._land, self._homes = land, homes
        self._lines, self._along, self._dense = _weigh_lines(land, streets)
        self._hollows, self._hollow_m = self._find_hollows(areas)
        self._parks, self._park_weight = self._find_parks(areas)
        self._villages, self._village_weight = self._find_villages(areas)

    def draw(
        self, where: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        """Draw a place of each kind.

        Parameters
        ----------
        where
            Positions in `WHERE`, shape (n,).

        Returns
        -------
        lon, lat
            Degrees, WGS-84, of 6 decimals, shape (n,).
        community
            Row of the area that contains it, shape (n,).
        """
        n = len(where)
        lon, lat = np.empty(n), np.empty(n)
        community = np.full(n, -1)
        draws = (
            lambda m, g: self._along_street(m, g, self._along),
            lambda m, g: self._along_street(m, g, self._dense),
            self._in_park,
            self._in_town,
            self._in_village,
        )
        for kind, draw in enumerate(draws):
            generator = stream(self._seed, "places", WHERE[kind])
            left = np.flatnonzero(where == kind)
            for _ in range(_ROUNDS):
                if not len(left):
                    break
                x, y = draw(len(left), generator)
                lon[left], lat[left] = np.round(x, _DECIMALS), np.round(y, _DECIMALS)
                community[left] = self._find(lon[left], lat[left])
                left = left[(community[left] < 0) | self.is_empty(lon[left], lat[left])]
            if len(left):
                message = f"no place found for {len(left)} sites of kind {WHERE[kind]!r}"
                raise RuntimeError(message)
        return lon, lat, community

    def is_empty(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Say which points lie where no site stands: in a hollow or on the quiet bank, (n,)."""
        at = np.column_stack(to_plane(lon, lat))
        away = np.hypot(*(at[:, None] - self._hollows).transpose(2, 0, 1))
        return np.asarray((away < self._hollow_m).any(axis=1) | is_quiet(lon, lat))

    def _find_hollows(
        self, areas: gpd.GeoDataFrame
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the middles of hollows, (h, 2) metres on the plane, and how far each reaches.

        They lie between the towns, so that whoever lives in their middle has nothing near.
        """
        inside = shapely.point_on_surface(self._areas)
        middle = np.column_stack(to_plane(shapely.get_x(inside), shapely.get_y(inside)))
        towns = self._land.towns
        town = np.column_stack(to_plane(towns["lon"].to_numpy(), towns["lat"].to_numpy()))
        gap = np.hypot(*(middle[:, None] - town).transpose(2, 0, 1)).min(axis=1) - _TOWN_EDGE_M
        far = (gap >= _HOLLOW_M[0]) & (areas["kind"] != "其他").to_numpy()
        urban = areas["lies_in"].isin(URBAN_DISTRICTS).to_numpy()
        generator = stream(self._seed, "places", "hollows")
        chosen = np.concatenate(
            [
                _choose_far(gap, far & where, most, generator)
                for where, most in zip((urban, ~urban), _HOLLOWS, strict=True)
            ]
        )
        return middle[chosen], np.minimum(gap[chosen], _HOLLOW_M[1])

    def _find(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the row of the area around each point, −1 in the river and outside, (n,)."""
        found = np.full(len(lon), -1)
        point, area = self._tree.query(shapely.points(lon, lat), predicate="within")
        found[point] = area
        return found

    def _along_street(
        self, n: int, generator: np.random.Generator, weight: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        ends = self._lines[generator.choice(len(self._lines), n, p=weight)]
        share = generator.random((n, 1))
        at = ends[:, 0] * (1.0 - share) + ends[:, 1] * share
        way = (ends[:, 1] - ends[:, 0]) * DEGREE_M
        aside = np.column_stack([-way[:, 1], way[:, 0]]) / np.hypot(*way.T)[:, None]
        off = generator.uniform(*_BESIDE_M, n) * generator.choice((-1.0, 1.0), n)
        lon, lat = (at + off[:, None] * aside / DEGREE_M).T
        return lon, lat

    def _find_parks(
        self, areas: gpd.GeoDataFrame
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the middles of parks, (p, 2), and their shares, (p,)."""
        zone = (areas["kind"] == "其他") & ~areas["name"].str.contains(_FARM)
        inside = shapely.point_on_surface(self._areas[zone.to_numpy()])
        given = np.array(_PARKS)
        middles = np.concatenate([given[:, :2], shapely.get_coordinates(inside)])
        weight = np.concatenate([given[:, 2], np.full(int(zone.sum()), _ZONE_WEIGHT)])
        return middles, weight / weight.sum()

    def _in_park(
        self, n: int, generator: np.random.Generator
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        middle = self._parks[generator.choice(len(self._parks), n, p=self._park_weight)]
        lon, lat = (middle + generator.normal(0.0, _PARK_M, (n, 2)) / DEGREE_M).T
        return lon, lat

    def _in_town(
        self, n: int, generator: np.random.Generator
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        towns = self._land.towns[~self._land.towns["urban"]]
        weight = towns["population"].to_numpy(np.float64) ** 0.7
        pick = generator.choice(len(towns), n, p=weight / weight.sum())
        middle = towns[["lon", "lat"]].to_numpy()[pick]
        lon, lat = (middle + generator.normal(0.0, _TOWN_M, (n, 2)) / DEGREE_M).T
        return lon, lat

    def _find_villages(
        self, areas: gpd.GeoDataFrame
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the villages with work and their shares: some have much, most little."""
        village = np.flatnonzero((areas["kind"] == "村委会").to_numpy())
        generator = stream(self._seed, "places", "villages with work")
        village = village[generator.random(len(village)) >= _NO_WORK]
        people = areas["population"].to_numpy(np.float64)[village]
        weight = people * generator.gamma(1.2, size=len(village))
        return village, weight / weight.sum()

    def _in_village(
        self, n: int, generator: np.random.Generator
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        village = generator.choice(self._villages, n, p=self._village_weight)
        return self._homes.place(village, generator)


def _choose_far(
    gap: NDArray[np.float64],
    among: NDArray[np.bool_],
    most: int,
    generator: np.random.Generator,
) -> NDArray[np.int64]:
    """Choose some of the communities, those far from a town more often."""
    rows = np.flatnonzero(among)
    weight = (gap[rows] - _HOLLOW_M[0] + _TOWN_EDGE_M) ** 2
    n = min(most, len(rows))
    return generator.choice(rows, n, replace=False, p=weight / weight.sum())


def is_quiet(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say which points lie on the quiet bank, where no site stands, (n,)."""
    west, east, deep_m = _QUIET
    river = np.interp(lon, *shapely.get_coordinates(facts.huai()).T)
    north_m = (lat - river) * DEGREE_M[1]
    return np.asarray((lon > west) & (lon < east) & (north_m > 0.0) & (north_m < deep_m))


def _weigh_lines(
    land: Land, streets: Streets
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the lines on which sites may stand, (l, 2, 2), and two shares of each, (l,).

    Sites follow the people around a street, the centre follows the dense places alone.
    """
    lines = streets.lines[streets.lines["kind"].isin([*_ALONG])]
    ends = shapely.get_coordinates(lines.geometry.to_numpy()).reshape(-1, 2, 2)
    middle = ends.mean(axis=1)
    grid = land.grid
    column = ((middle[:, 0] - grid.west) / CELL).astype(np.int64).clip(0, grid.columns - 1)
    row = ((middle[:, 1] - grid.south) / CELL).astype(np.int64).clip(0, grid.rows - 1)
    people = land.people[row, column]
    x, y = to_plane(ends[:, :, 0], ends[:, :, 1])
    metres = np.hypot(x[:, 1] - x[:, 0], y[:, 1] - y[:, 0])
    draws = metres * lines["kind"].map(_ALONG).to_numpy(np.float64)
    along, dense = draws * people, draws * people**_CENTRE_POWER
    return ends, along / along.sum(), dense / dense.sum()
