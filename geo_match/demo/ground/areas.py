"""The drawn areas of communities: each street's lie together, and small where people live densely.

A district is divided among its streets, and each street among its communities, by power diagrams
over points that stand for equally many people. All borders are then put on one net of a
microdegree's mesh, so that neighbours share theirs vertex by vertex, and each face of the net is
given to one community. The areas cover all dry land.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from geo_match.demo import facts
from geo_match.demo._random import stream
from geo_match.demo.ground._grid import CELL, DEGREE_M, to_plane
from geo_match.demo.ground._power import PowerDiagram, divide, spread_sites

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from geo_match.demo.ground.land import Land

_POINTS: Final = 160
"""Points a community on average that stand for its people while borders are sought."""
_EVERY: Final = 3
"""Streets are sought with every third point: they are large, and the points lie in rows."""
_MESH: Final = 1e-6
_MARGIN_M: Final = 10_000.0
_WORKS: Final = 2.5
"""Ground that a park or farm takes per resident, against a community's: most of it is for work."""


def draw_areas(land: Land) -> gpd.GeoDataFrame:
    """Draw an area for each community.

    Parameters
    ----------
    land
        What `draw_land` drew; the areas come from its seed.

    Returns
    -------
    geopandas.GeoDataFrame
        WGS-84: the columns of `facts.communities` in its order, `population` (people, int64) and
        `geometry`: valid polygons that share their borders, each inside its district to a
        microdegree and out of the river; together all dry land.
    """
    communities = facts.communities()
    cells: list[list[tuple[float, float]]] = [[] for _ in range(len(communities))]
    finders = []
    for row, code in enumerate(land.ground["code"]):
        here = np.flatnonzero(communities["lies_in"] == code)
        finders.append(_divide_district(land, row, communities.iloc[here], here, cells))
    areas = communities.assign(population=land.population)
    return gpd.GeoDataFrame(areas, geometry=_weave(land, cells, finders), crs=facts.WGS84)


class _Finder:
    """Says whose a point of one district is: first the street, then its community.

    Parameters
    ----------
    streets
        The district's streets.
    communities
        For each street its communities, and their positions among all.
    """

    def __init__(
        self, streets: PowerDiagram, communities: list[tuple[PowerDiagram, NDArray[np.int64]]]
    ) -> None:
        self._streets = streets
        self._communities = communities

    def find(self, points: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return positions of communities for points on the plane, (p, 2) metres."""
        street = self._streets.find(points)
        found = np.empty(len(points), dtype=np.int64)
        for position in np.unique(street):
            diagram, members = self._communities[position]
            mine = street == position
            found[mine] = members[diagram.find(points[mine])]
        return found


def _divide_district(
    land: Land,
    row: int,
    communities: pd.DataFrame,
    positions: NDArray[np.int64],
    cells: list[list[tuple[float, float]]],
) -> _Finder:
    """Divide one district, write its communities' convex cells, and return who finds them."""
    code = str(land.ground["code"].iloc[row])
    points, density = _crowd(land, row, _POINTS * len(communities))
    towns = land.towns[land.towns["lies_in"] == code]
    middles = np.column_stack(to_plane(towns["lon"].to_numpy(), towns["lat"].to_numpy()))
    ground = land.population * np.where(facts.communities()["kind"] == "其他", _WORKS, 1.0)
    members_of = [
        positions[(communities["street_code"] == street).to_numpy()]
        for street in towns["street_code"]
    ]
    shares = np.array([ground[members].sum() for members in members_of])
    streets = divide(points[::_EVERY], middles, shares)
    owner = streets.find(points)
    low, high = points.min(axis=0) - _MARGIN_M, points.max(axis=0) + _MARGIN_M
    box = [(low[0], low[1]), (high[0], low[1]), (high[0], high[1]), (low[0], high[1])]
    parts = []
    resident = (facts.communities()["kind"] == "居委会").to_numpy()
    for street, (street_code, members) in enumerate(
        zip(towns["street_code"], members_of, strict=True)
    ):
        mine = owner == street
        generator = stream(land.seed, "areas", street_code)
        diagram = _divide_street(
            points[mine], density[mine], resident[members], ground[members], generator
        )
        around = streets.cell(street, box)
        for site, member in enumerate(members):
            cells[member] = diagram.cell(site, around)
        parts.append((diagram, members))
    return _Finder(streets, parts)


def _crowd(land: Land, row: int, n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return points of a district that stand for equally many people each, and density there.

    They are taken at equal steps of the running sum of people, cell by cell, so that they follow
    density more evenly than independent draws would.
    """
    cells = np.flatnonzero(land.district == row)
    people = land.people.ravel()[cells]
    generator = stream(land.seed, "crowd", str(land.ground["code"].iloc[row]))
    running = np.cumsum(people)
    marks = (np.arange(n) + generator.random(n)) * (running[-1] / n)
    at = np.minimum(np.searchsorted(running, marks, side="right"), len(cells) - 1)
    lon, lat = land.grid.centres(cells[at])
    jitter = (generator.random((2, n)) - 0.5) * CELL
    return np.column_stack(to_plane(lon + jitter[0], lat + jitter[1])), people[at]


def _divide_street(
    points: NDArray[np.float64],
    density: NDArray[np.float64],
    resident: NDArray[np.bool_],
    shares: NDArray[np.float64],
    generator: np.random.Generator,
) -> PowerDiagram:
    """Divide a street's points among its communities: 居委会 start where it is dense."""
    in_town = np.zeros(len(points), dtype=bool)
    n_dense = round(shares[resident].sum() / shares.sum() * len(points))
    in_town[np.argsort(-density, kind="stable")[:n_dense]] = True
    sites = np.empty((len(shares), 2))
    for which, where in ((resident, in_town), (~resident, ~in_town)):
        sites[which] = spread_sites(points[where], int(which.sum()), generator)
    return divide(points, sites, shares)


def _weave(
    land: Land, cells: list[list[tuple[float, float]]], finders: list[_Finder]
) -> NDArray[np.object_]:
    """Return the communities' polygons: all borders on one net, and each face given to one."""
    ground = land.ground.geometry.to_numpy()
    communities = facts.communities()
    district = land.ground.index.get_indexer(
        communities["lies_in"].map(dict(zip(land.ground["code"], land.ground.index, strict=True)))
    )
    borders = [
        shapely.LinearRing([(x / DEGREE_M[0], y / DEGREE_M[1]) for x, y in cell]) for cell in cells
    ]
    inside = shapely.intersection(borders, ground[district])
    net = shapely.union_all([*inside, *shapely.boundary(ground)], grid_size=_MESH)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(net)))
    middles = shapely.point_on_surface(faces)
    face, row = shapely.STRtree(ground).query(middles, predicate="within")
    faces, middles = faces[face], middles[face]
    owner = np.empty(len(faces), dtype=np.int64)
    plane = np.column_stack(to_plane(shapely.get_x(middles), shapely.get_y(middles)))
    for position, finder in enumerate(finders):
        mine = row == position
        owner[mine] = finder.find(plane[mine])
    owner = _give_away_fragments(faces, row, owner)
    order = np.argsort(owner, kind="stable")
    groups = np.split(faces[order], np.flatnonzero(np.diff(owner[order])) + 1)
    return np.array([shapely.coverage_union_all(group) for group in groups], dtype=object)


def _give_away_fragments(
    faces: NDArray[np.object_], row: NDArray[np.int64], owner: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Give each face but a community's largest to the neighbour it has the longest border with.

    A convex cell falls apart where the district's outline or the river cuts through it; a
    fragment that touches no other community of its district stays with its own.
    """
    owner = owner.copy()
    size = shapely.area(faces)
    largest_first = np.lexsort((-size, owner))
    main = np.zeros(len(faces), dtype=bool)
    main[largest_first[np.unique(owner[largest_first], return_index=True)[1]]] = True
    left, right = shapely.STRtree(faces).query(faces, predicate="intersects")
    keep = (left != right) & (row[left] == row[right]) & ~main[left]
    left, right = left[keep], right[keep]
    shared = shapely.length(
        shapely.intersection(shapely.boundary(faces[left]), shapely.boundary(faces[right]))
    )
    left, right, shared = (values[shared > 0.0] for values in (left, right, shared))
    settled = main.copy()
    while True:
        # Fragments that touch settled ground join it, then those behind them.
        open_pairs = np.flatnonzero(~settled[left] & settled[right])
        if not len(open_pairs):
            return owner
        best = open_pairs[np.lexsort((right[open_pairs], -shared[open_pairs], left[open_pairs]))]
        fragment, first = np.unique(left[best], return_index=True)
        owner[fragment] = owner[right[best[first]]]
        settled[fragment] = True
