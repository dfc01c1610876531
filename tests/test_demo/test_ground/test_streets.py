"""The drawn streets: one sound network, few bridges, fine where people live, and repeatable."""

from __future__ import annotations

import hashlib
import heapq
import subprocess
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pytest
import shapely
from matplotlib.figure import Figure

from geo_match import geodesic_distance
from geo_match.demo import facts
from geo_match.demo.ground._lattice import _connect
from geo_match.demo.ground.streets import KINDS, _components, draw_streets

BUILD = Path(__file__).parents[3] / "build"
CLOSED = "示例快速桥"


@pytest.fixture(scope="module")
def streets(land, homes):
    return draw_streets(land, homes)


@pytest.fixture(scope="module")
def lines(streets):
    return streets.lines


@pytest.fixture(scope="module")
def ends(lines):
    """Vertices as pairs of whole microdegrees, (n, 2, 2)."""
    return np.rint(shapely.get_coordinates(lines.geometry).reshape(-1, 2, 2) * 1e6).astype(int)


@pytest.fixture(scope="module")
def length_m(lines):
    (lon1, lat1), (lon2, lat2) = (
        shapely.get_coordinates(lines.geometry).reshape(-1, 2, 2).transpose(1, 2, 0)
    )
    return np.asarray(geodesic_distance(lon1=lon1, lat1=lat1, lon2=lon2, lat2=lat2))


def largest_share(ends, length_m, which):
    """Share of the length in the largest part, by union-find over vertices."""
    parent = {}

    def root(vertex):
        while parent.setdefault(vertex, vertex) != vertex:
            parent[vertex] = parent[parent[vertex]]
            vertex = parent[vertex]
        return vertex

    pairs = [(tuple(a), tuple(b)) for a, b in ends[which].tolist()]
    for a, b in pairs:
        parent[root(a)] = root(b)
    size = defaultdict(float)
    for (a, _), metres in zip(pairs, length_m[which], strict=True):
        size[root(a)] += metres
    return max(size.values()) / sum(size.values())


def digest(lines):
    whole = hashlib.sha256(b"".join(lines.geometry.to_wkb()))
    whole.update(lines.drop(columns="geometry").to_csv().encode())
    return whole.hexdigest()


def test_the_columns_say_what_they_are_said_to_say(streets, lines):
    assert "Drawn" in streets.note
    assert lines.crs == "EPSG:4326"
    assert np.array_equal(lines["id"], np.arange(len(lines)))
    assert set(lines["kind"]) == set(KINDS)
    assert lines["drawn"].all()
    assert np.array_equal(lines["bridge"], lines["kind"] == "bridge")
    assert np.array_equal(lines["level"], lines["bridge"].astype(int))
    assert lines.loc[~lines["walkable"], "name"].tolist() == [CLOSED]
    named = lines["name"].notna()
    assert lines.loc[named, "name"].str.startswith("示例").all()
    assert named[lines["kind"].isin(["main", "bridge"])].all()
    assert not named[lines["kind"].isin(["lane", "path"])].any()


def test_the_network_has_the_size_of_a_citys(lines):
    assert 100_000 <= len(lines) <= 200_000


def test_every_line_has_two_different_ends_and_is_there_once(lines, ends):
    assert (lines.geometry.geom_type == "LineString").all()
    assert (shapely.get_num_points(lines.geometry) == 2).all()
    assert (ends[:, 0] != ends[:, 1]).any(axis=1).all()
    undirected = {frozenset(map(tuple, pair)) for pair in ends.tolist()}
    assert len(undirected) == len(lines)


def test_ends_that_meet_are_the_same_floats(lines, ends):
    xy = shapely.get_coordinates(lines.geometry)
    assert len(np.unique(xy, axis=0)) == len(np.unique(ends.reshape(-1, 2), axis=0))
    assert np.array_equal(xy, np.round(xy, 6))


def test_lines_meet_nowhere_but_in_common_ends(lines):
    shapes = lines.geometry.to_numpy()
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    a, b = a[a < b], b[a < b]
    assert shapely.touches(shapes[a], shapes[b]).all()
    common = shapely.intersection(shapely.boundary(shapes[a]), shapely.boundary(shapes[b]))
    assert (shapely.get_type_id(common) == 0).all()
    assert not shapely.is_empty(common).any()


def test_four_bridges_cross_the_river_and_nothing_else_touches_it(land, lines):
    wet = shapely.intersects(lines.geometry.to_numpy(), land.river)
    assert np.array_equal(wet, lines["bridge"])
    assert wet.sum() == 4
    crossings = shapely.intersection(lines.geometry[wet].to_numpy(), land.river)
    assert (shapely.get_type_id(crossings) == 1).all()
    width_m = shapely.length(crossings) * 110_000
    assert (width_m > 250).all()
    assert not shapely.intersects(land.river, shapely.get_point(lines.geometry[wet], 0)).any()
    assert not shapely.intersects(land.river, shapely.get_point(lines.geometry[wet], -1)).any()


def test_no_line_leaves_the_city(lines):
    outline = facts.districts().geometry.union_all().buffer(1e-9)
    shapely.prepare(outline)
    assert shapely.covers(outline, lines.geometry.to_numpy()).all()


def test_all_lines_hang_together_also_on_foot(lines, ends, length_m):
    assert largest_share(ends, length_m, np.ones(len(lines), dtype=bool)) == 1.0
    assert largest_share(ends, length_m, lines["walkable"].to_numpy()) == 1.0


def test_each_bank_hangs_together_without_the_bridges(lines, ends, length_m):
    middle = shapely.get_coordinates(shapely.centroid(lines.geometry.to_numpy()))
    huai = shapely.get_coordinates(facts.huai())
    reach = (middle[:, 0] > 117.27) & (middle[:, 0] < 117.51) & ~lines["bridge"].to_numpy()
    north = middle[:, 1] > np.interp(middle[:, 0], *huai.T)
    for bank in (north, ~north):
        city = bank & reach & (np.abs(middle[:, 1] - 32.965) < 0.06)
        assert city.sum() > 1_500
        assert largest_share(ends, length_m, city) > 0.98
    assert largest_share(ends, length_m, ~lines["bridge"].to_numpy()) > 0.98


def test_streets_are_close_downtown_and_wider_outwards(lines, length_m):
    middle = shapely.get_coordinates(shapely.centroid(lines.geometry.to_numpy()))
    away = geodesic_distance(lon1=middle[:, 0], lat1=middle[:, 1], lon2=117.375, lat2=32.925)
    lattice = lines["kind"].isin(["street", "lane", "path"]).to_numpy() & lines["name"].isna()
    downtown = lattice & (away < 2_500)
    assert 150 < np.median(length_m[downtown]) < 250
    assert (lines["kind"][downtown] == "street").mean() > 0.95
    # Metres of street a km²: two sets of parallels, 180 m apart, would give 11,100.
    density = [
        length_m[(away >= low) & (away < high)].sum() / (np.pi * (high**2 - low**2) / 1e6)
        for low, high in ((0, 2_500), (8_000, 12_000), (16_000, 22_000))
    ]
    assert density[0] > 8_000
    assert density[0] > density[1] > density[2] > 1_500


def test_nearly_everybody_lives_near_a_street(homes, lines):
    community = np.repeat(np.arange(len(homes.areas)), 8)
    lon, lat = homes.place(community, np.random.default_rng(3))
    tree = shapely.STRtree(lines.geometry.to_numpy())
    _, gap = tree.query_nearest(shapely.points(lon, lat), return_distance=True, all_matches=False)
    assert np.quantile(gap * 110_000, 0.95) < 250
    assert (gap * 110_000).max() < 1_500


def test_a_main_road_leads_to_every_town(land, lines):
    main = lines.geometry[lines["kind"] == "main"].union_all()
    towns = shapely.points(land.towns["lon"], land.towns["lat"])
    assert (shapely.distance(main, towns) * 110_000 < 250).mean() > 0.95


class Walk:
    """Shortest ways from place to place, by Dijkstra's search over lines one may walk."""

    def __init__(self, lines, ends, length_m):
        self.ways = defaultdict(list)
        on_foot = lines["walkable"].to_numpy()
        for (a, b), metres in zip(ends[on_foot].tolist(), length_m[on_foot], strict=True):
            self.ways[tuple(a)].append((tuple(b), metres))
            self.ways[tuple(b)].append((tuple(a), metres))
        self.vertices = np.array(list(self.ways))

    def nearest(self, lon, lat):
        gap = np.hypot(*((self.vertices - np.array([lon, lat]) * 1e6) * (0.84, 1.0)).T)
        return tuple(self.vertices[gap.argmin()].tolist())

    def metres(self, start, goal):
        best, heap = {}, [(0.0, start)]
        while heap:
            walked, here = heapq.heappop(heap)
            if here in best:
                continue
            best[here] = walked
            if here == goal:
                return walked
            for there, metres in self.ways[here]:
                if there not in best:
                    heapq.heappush(heap, (walked + metres, there))
        return np.inf

    def compare(self, one, other):
        """Return metres as the crow flies between the two places' vertices, and on foot."""
        a, b = self.nearest(*one), self.nearest(*other)
        crow = geodesic_distance(lon1=a[0] / 1e6, lat1=a[1] / 1e6, lon2=b[0] / 1e6, lat2=b[1] / 1e6)
        return float(crow), self.metres(a, b)


@pytest.fixture(scope="module")
def walk(lines, ends, length_m):
    return Walk(lines, ends, length_m)


def test_between_two_bridges_the_way_across_is_long(walk):
    # A quay downtown and the north bank opposite: the bridge between them is closed to walkers.
    crow, foot = walk.compare((117.390, 32.9585), (117.390, 32.9720))
    assert 1_200 < crow < 1_700
    assert foot > 3 * crow


def test_beside_a_bridge_the_way_across_is_short(walk):
    crow, foot = walk.compare((117.350, 32.9435), (117.350, 32.9570))
    assert 1_200 < crow < 1_700
    assert crow <= foot < 1.6 * crow


def test_on_one_bank_the_way_is_that_of_a_street_grid(walk):
    crow, foot = walk.compare((117.360, 32.915), (117.395, 32.930))
    assert crow <= foot < 1.6 * crow


def test_another_seed_draws_other_and_as_sound_streets(land, homes, lines):
    other = draw_streets(replace(land, seed=1), homes).lines
    assert digest(other) != digest(lines)
    assert 100_000 <= len(other) <= 200_000
    assert other["bridge"].sum() == 4
    assert np.array_equal(shapely.intersects(other.geometry, land.river), other["bridge"])


def test_the_same_seed_gives_the_same_bytes_however_many_homes_were_placed(land, lines):
    program = (
        "import hashlib\n"
        "import numpy as np\n"
        "from geo_match.demo.ground import draw_areas, draw_homes, draw_land\n"
        "from geo_match.demo.ground.streets import draw_streets\n"
        f"land = draw_land({land.seed})\n"
        "homes = draw_homes(land, draw_areas(land))\n"
        "homes.place(np.zeros(1_000, dtype=int), np.random.default_rng(0))\n"
        "lines = draw_streets(land, homes).lines\n"
        "whole = hashlib.sha256(b''.join(lines.geometry.to_wkb()))\n"
        "whole.update(lines.drop(columns='geometry').to_csv().encode())\n"
        "print(whole.hexdigest())\n"
    )
    run = subprocess.run(  # noqa: S603 - our own interpreter and a constant program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == digest(lines)


def test_streets_open_as_they_were_after_a_geoparquet_file(lines, tmp_path):
    file = tmp_path / "streets.parquet"
    lines.to_parquet(file)
    back = gpd.read_parquet(file)
    assert digest(back) == digest(lines)


def test_squares_of_two_sizes_share_the_corner_between_them():
    # One square of two steps beside four of one: the corner halfway up its side parts that side.
    size = np.array([[2, 2, 1, 1], [2, 2, 1, 1]])
    nodes, ends, steps, _ = _connect(size)
    assert len(nodes) == 11
    sides = {tuple(sorted(nodes[pair].tolist())) for pair in ends}
    assert {(0, 2), (2, 7), (7, 12), (10, 12), (0, 10)} <= sides
    assert len(sides) == len(ends) == 5 + 10
    assert np.bincount(steps).tolist() == [0, 12, 3]


def test_components_are_named_by_their_least_vertex():
    ends = np.array([[5, 4], [4, 1], [2, 3], [6, 3], [7, 7]])
    assert _components(ends, 9).tolist() == [0, 1, 2, 2, 1, 1, 2, 7, 8]


def test_the_streets_are_drawn_to_be_looked_at(land, lines):
    mpl.use("Agg")
    figure = Figure(figsize=(26, 13), layout="constrained")
    style = {
        "path": ("tan", 0.3),
        "lane": ("darkgrey", 0.3),
        "street": ("dimgrey", 0.4),
        "main": ("darkorange", 1.2),
        "bridge": ("crimson", 2.5),
    }
    windows = ((116.72, 118.08, 32.70, 33.52), (117.27, 117.47, 32.88, 33.01))
    for axes, (west, east, south, north) in zip(figure.subplots(1, 2), windows, strict=True):
        facts.districts().boundary.plot(ax=axes, color="midnightblue", linewidth=0.8)
        axes.fill(*land.river.exterior.xy, color="lightsteelblue")
        for kind, (color, width) in style.items():
            lines[lines["kind"] == kind].plot(ax=axes, color=color, linewidth=width)
        axes.set_xlim(west, east)
        axes.set_ylim(south, north)
        axes.set_aspect(1.19)
        axes.set_axis_off()
        axes.set_title("Streets, main roads and bridges: all drawn, none real")
    BUILD.mkdir(exist_ok=True)
    file = BUILD / "demo_streets.png"
    figure.savefig(file, dpi=80)
    assert file.stat().st_size > 100_000
