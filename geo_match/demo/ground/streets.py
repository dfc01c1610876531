"""The drawn streets: a network to walk on, with few bridges, that exists nowhere.

No street of it is real. A lattice that is fine where people live gives streets, lanes and paths;
main roads join the middles of towns; a road follows each bank of the river, and four bridges
cross it, one of them closed to people on foot. All lines are put on one net of a microdegree's
mesh, so that lines meet only in vertices that they share and end in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely

from geo_match.demo import facts
from geo_match.demo._random import stream
from geo_match.demo.ground._grid import DEGREE_M, to_plane
from geo_match.demo.ground._lattice import STEP_M, Lattice, draw_lattice

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.ground.homes import Homes
    from geo_match.demo.ground.land import Land

NOTE: Final = "Drawn, not surveyed: no street, bridge or name in this network is real."
"""What every face that shows the streets says of them."""

KINDS: Final = ("bridge", "main", "street", "lane", "path")
"""From the most to the least important: where lines fall together, the first gives the kind."""


class _Bridge(NamedTuple):
    lon: float
    name: str
    walkable: bool


_BRIDGES: Final = (
    _Bridge(117.300, "示例西桥", walkable=True),
    _Bridge(117.350, "示例中桥", walkable=True),
    # Closed to walkers in the very middle, so that to open it is a question worth asking.
    _Bridge(117.388, "示例快速桥", walkable=False),
    _Bridge(117.432, "示例东桥", walkable=True),
)
_BANK_M: Final = 60.0
"""From the water to the road along it; nothing but bridges comes closer."""
_BANK_STEP_M: Final = 15.0
"""How far the bank road may cut a bend of the bank."""
_BRIDGE_REACH_M: Final = 700.0
"""Half of the line from which a bridge is cut: more than the river's width and its bank."""
_BANK_NAME: Final = "示例滨河路"
_THINNED: Final = {"street": 0.10, "lane": 0.20, "path": 0.25}
"""Share of the lattice's lines that are left out, but for those that hold it together."""
_BEND: Final = 0.05
_ROAD_STEP_M: Final = 200.0
_ONTO_ROAD_M: Final = 0.3 * STEP_M
_LONG_ROAD_M: Final = 4_000.0
_FIRST: Final = "春秋云松竹梅兰桂枫柳荷杏晨星月霞虹泉石溪"
_SECOND: Final = "和安宁康乐兴盛荣明华光辉祥瑞泰丰茂清雅谊"
_MESH: Final = 1e-6
_SAME: Final = 2e-6
"""How far the mesh may have moved the middle of a line: 1.5 of it, rounded up."""


@dataclass(frozen=True, slots=True, eq=False)
class Streets:
    """A drawn street network.

    Parameters
    ----------
    seed
        What it was drawn from.
    lines
        WGS-84, a straight line of two vertices a row: `id` (0, 1, …), `kind` (one of `KINDS`),
        `name` (of bridges, main roads and the roads along the river, else None), `walkable`,
        `bridge`, `level` (1 for bridges, 0 for all else) and `drawn` (True in each row: a file
        says so too). Lines share no point but common ends, none is there twice, and all of
        them hang together, also without those that are not walkable. Both ends have 6 decimals.
    note
        What every face that shows it says of it.
    """

    seed: int
    lines: gpd.GeoDataFrame
    note: str = NOTE


class _Sources(NamedTuple):
    """Lines before they are put on the net, with what they will be called.

    `segments` has shape (n,), degrees; `kind` positions in `KINDS`; `name` positions among the
    names, −1 for none.
    """

    segments: NDArray[np.object_]
    kind: NDArray[np.int64]
    name: NDArray[np.int64]


def draw_streets(land: Land, homes: Homes) -> Streets:
    """Draw the streets of a demonstration city.

    They follow where people live, not how many homes are drawn from it, so that they are the
    same for a city of any scale.

    Parameters
    ----------
    land
        What `draw_land` drew; the streets come from its seed.
    homes
        What `draw_homes` drew on it.

    Notes
    -----
    The river's course is known, and drawn, in the urban reach alone: beyond its ends there is
    no water to cross, and paths lead around them.
    """
    river = shapely.transform(land.river, lambda degrees: degrees * DEGREE_M)
    bank = shapely.simplify(shapely.buffer(river, _BANK_M + _BANK_STEP_M), _BANK_STEP_M)
    bridges = _cut_bridges(bank)
    roads = _draw_roads(land, bank, bridges)
    names = [bridge.name for bridge in _BRIDGES] + [_BANK_NAME, *_name_roads(land.seed, roads)]
    sources = _gather(land, draw_lattice(land, homes), bank, bridges, roads)
    lines, kind, name = _weave(sources, facts.districts().geometry.union_all())
    walkable = np.array([bridge.walkable for bridge in _BRIDGES])
    bridge = kind == KINDS.index("bridge")
    frame = gpd.GeoDataFrame(
        {
            "id": np.arange(len(lines), dtype=np.int64),
            "kind": np.array(KINDS, dtype=object)[kind],
            "name": np.array([*names, None], dtype=object)[name],
            "walkable": ~bridge | walkable[np.where(bridge, name, 0)],
            "bridge": bridge,
            "level": bridge.astype(np.int8),
            "drawn": np.ones(len(lines), dtype=bool),
        },
        geometry=lines,
        crs=facts.WGS84,
    )
    return Streets(land.seed, frame)


def _cut_bridges(bank: shapely.Geometry) -> NDArray[np.float64]:
    """Return the bridges' ends on the bank roads, square to the river, (b, 2, 2) metres."""
    x, y = to_plane(*shapely.get_coordinates(facts.huai()).T)
    line = shapely.LineString(np.column_stack([x, y]))
    ends = np.empty((len(_BRIDGES), 2, 2))
    for i, bridge in enumerate(_BRIDGES):
        east = bridge.lon * DEGREE_M[0]
        at = shapely.line_locate_point(line, shapely.Point(east, np.interp(east, x, y)))
        middle, before, after = (
            shapely.get_coordinates(shapely.line_interpolate_point(line, at + d))[0]
            for d in (0.0, -_BRIDGE_REACH_M, _BRIDGE_REACH_M)
        )
        across = (after - before)[::-1] * (-1.0, 1.0) / np.hypot(*(after - before))
        reach = np.outer((-_BRIDGE_REACH_M, _BRIDGE_REACH_M), across) + middle
        ends[i] = shapely.get_coordinates(shapely.intersection(shapely.LineString(reach), bank))
    return ends


def _draw_roads(
    land: Land, bank: shapely.Geometry, bridges: NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    """Draw the main roads: between neighbouring towns, and from bridges to the nearest on land.

    Two places are neighbours if no third is nearer to both: few roads, and all towns joined.
    """
    towns = np.column_stack(to_plane(land.towns["lon"].to_numpy(), land.towns["lat"].to_numpy()))
    heads = bridges.reshape(-1, 2)
    places = np.concatenate([towns, heads])
    gap = np.hypot(*(places[:, None] - places).transpose(2, 0, 1))
    nearer = np.maximum(gap[:, None, :], gap[None, :, :]).min(axis=2) < gap
    start, end = np.nonzero(np.triu(~nearer, 1))
    pairs = list(zip(start.tolist(), end.tolist(), strict=True))
    wet = shapely.buffer(bank, -1.0)
    shapely.prepare(wet)
    for head in range(len(towns), len(places)):
        straight = _straight(np.stack([np.broadcast_to(places[head], towns.shape), towns], axis=1))
        away = np.where(shapely.intersects(wet, straight), np.inf, gap[head, : len(towns)])
        pairs.append((int(np.argmin(away)), head))
    generator = stream(land.seed, "streets", "roads")
    roads = []
    for a, b in sorted(set(pairs)):
        road = _bend(places[a], places[b], generator.uniform(-_BEND, _BEND))
        if not shapely.intersects(wet, shapely.LineString(road)):
            roads.append(road)
    return roads


def _straight(ends: NDArray[np.float64]) -> NDArray[np.object_]:
    """Return a line between each two ends, (n, 2, 2)."""
    return np.asarray(shapely.linestrings(ends), dtype=object)


def _bend(start: NDArray[np.float64], end: NDArray[np.float64], bend: float) -> NDArray[np.float64]:
    """Return points along a road that swings out once to either side, (n, 2)."""
    way = end - start
    n = max(2, int(np.hypot(*way) / _ROAD_STEP_M) + 1)
    share = np.linspace(0.0, 1.0, n)[:, None]
    aside = way[::-1] * (-1.0, 1.0)
    return np.asarray(start + share * way + bend * np.sin(2.0 * np.pi * share) * aside)


def _name_roads(seed: int, roads: list[NDArray[np.float64]]) -> list[str]:
    """Name each road, all differently: 大道 if it is long, else 路."""
    order = stream(seed, "streets", "names").permutation(len(_FIRST) * len(_SECOND))
    names = []
    for road, pick in zip(roads, order[: len(roads)], strict=True):
        first, second = divmod(int(pick), len(_SECOND))
        long = np.hypot(*(road[-1] - road[0])) > _LONG_ROAD_M
        names.append(f"示例{_FIRST[first]}{_SECOND[second]}{'大道' if long else '路'}")
    return names


def _gather(
    land: Land,
    lattice: Lattice,
    bank: shapely.Geometry,
    bridges: NDArray[np.float64],
    roads: list[NDArray[np.float64]],
) -> _Sources:
    """Gather all lines: bridges, bank roads, main roads, and the lattice clear of the water."""
    road_lines = [np.stack([road[:-1], road[1:]], axis=1) for road in roads]
    road_segments = np.concatenate(road_lines)
    road_name = np.repeat(np.arange(len(roads)), [len(line) for line in road_lines])
    ring = shapely.get_coordinates(bank)
    ring_segments = np.stack([ring[:-1], ring[1:]], axis=1)
    kind = np.where(
        lattice.steps > 2,  # noqa: PLR2004 - the coarsest squares, where nobody lives
        KINDS.index("path"),
        np.where(lattice.town, KINDS.index("street"), KINDS.index("lane")),
    )
    points, on_road = _move_onto(lattice.points, _straight(road_segments))
    kept = _thin(lattice, kind, stream(land.seed, "streets", "thin"))
    # A line of the lattice with both ends on a road would run beside it: the road replaces it.
    kept &= ~on_road[lattice.ends].all(axis=1)
    segments = _straight(points[lattice.ends[kept]])
    shapely.prepare(bank)
    near = shapely.intersects(bank, segments)
    dry, part = shapely.get_parts(shapely.difference(segments[near], bank), return_index=True)
    lattice_kind = kind[kept]
    groups = [
        (_straight(bridges), "bridge", np.arange(len(bridges))),
        (_straight(ring_segments), "street", np.full(len(ring_segments), len(bridges))),
        (_straight(road_segments), "main", road_name + len(bridges) + 1),
    ]
    named = sum(len(group[0]) for group in groups)
    kinds = [np.full(len(lines), KINDS.index(what)) for lines, what, _ in groups]
    rest = [segments[~near], dry]
    metres = np.concatenate([*(group[0] for group in groups), *rest])
    return _Sources(
        shapely.transform(metres, lambda plane: plane / DEGREE_M),
        np.concatenate([*kinds, lattice_kind[~near], lattice_kind[near][part]]),
        np.concatenate([*(group[2] for group in groups), np.full(len(metres) - named, -1)]),
    )


def _move_onto(
    points: NDArray[np.float64], roads: NDArray[np.object_]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Move points that are close to a road onto it, and say which: no slivers beside roads."""
    tree = shapely.STRtree(roads)
    point, road = tree.query_nearest(
        shapely.points(points), max_distance=_ONTO_ROAD_M, all_matches=False
    )
    foot = shapely.line_interpolate_point(
        roads[road], shapely.line_locate_point(roads[road], shapely.points(points[point]))
    )
    moved = points.copy()
    moved[point] = shapely.get_coordinates(foot)
    on_road = np.zeros(len(points), dtype=bool)
    on_road[point] = True
    return moved, on_road


def _thin(
    lattice: Lattice, kind: NDArray[np.int64], generator: np.random.Generator
) -> NDArray[np.bool_]:
    """Say which lines of the lattice stay: a random share goes, but no part is cut off."""
    share = np.array([_THINNED.get(what, 0.0) for what in KINDS])
    kept = generator.random(len(kind)) >= share[kind]
    part = _components(lattice.ends[kept], len(lattice.points))
    start, end = lattice.ends.T
    return np.asarray(kept | (part[start] != part[end]))


def _components(ends: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Return for each of n vertices the least vertex that lines lead to, shape (n,)."""
    label = np.arange(n)
    while True:
        low = label[ends].min(axis=1)
        high = label[ends].max(axis=1)
        differ = low < high
        if not differ.any():
            return label
        # A root takes the least label across its lines; then all look up to their root's root.
        np.minimum.at(label, high[differ], low[differ])
        while not np.array_equal(label, label[label]):
            label = label[label]


def _weave(
    sources: _Sources, outline: shapely.Geometry
) -> tuple[NDArray[np.object_], NDArray[np.int64], NDArray[np.int64]]:
    """Put all lines on one net and keep what hangs together inside the city.

    Returns
    -------
    lines, kind, name
        The net's lines, each west to east, in the order of their vertices; kind and name as in
        `_Sources`.
    """
    net = shapely.get_parts(shapely.union_all(sources.segments, grid_size=_MESH))
    shapely.prepare(outline)
    net = net[shapely.covers(outline, net)]
    xy, line = shapely.get_coordinates(net, return_index=True)
    # A line that the mesh bent by a vertex is two lines.
    same = line[1:] == line[:-1]
    xy = np.round(xy, 6)
    ends = np.stack([xy[:-1], xy[1:]], axis=1)[same]
    back = (ends[:, 0, 0] > ends[:, 1, 0]) | (
        (ends[:, 0, 0] == ends[:, 1, 0]) & (ends[:, 0, 1] > ends[:, 1, 1])
    )
    ends[back] = ends[back][:, ::-1]
    ends = np.unique(ends.reshape(-1, 4), axis=0).reshape(-1, 2, 2)
    lines = _straight(ends)
    middle = shapely.points(ends.mean(axis=1))
    of, source = shapely.STRtree(sources.segments).query(
        middle, predicate="dwithin", distance=_SAME
    )
    order = np.lexsort((source, sources.kind[source], of))
    first = order[np.unique(of[order], return_index=True)[1]]
    kind, name = sources.kind[source[first]], sources.name[source[first]]
    vertices, vertex = np.unique(ends.reshape(-1, 2), axis=0, return_inverse=True)
    joined = vertex.reshape(-1, 2)
    closed = [i for i, bridge in enumerate(_BRIDGES) if not bridge.walkable]
    on_foot = ~((kind == KINDS.index("bridge")) & np.isin(name, closed))
    part = _components(joined[on_foot], len(vertices))
    main = np.bincount(part[joined[on_foot, 0]]).argmax()
    kept = (part[joined] == main).all(axis=1)
    return lines[kept], kind[kept], name[kept]
