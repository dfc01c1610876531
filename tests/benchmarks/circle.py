"""Measure the exact circle beside what a user would pick instead; README quotes the table.

Run by `make bench`. Every figure is the median of five rounds in which all candidates take turns,
so that the machine's moods fall on all alike; ratios are taken round by round. Slow candidates are
asked a random sample of the queries, whose size the table states. One thread each.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import duckdb_extension_spatial
import geopandas as gpd
import numpy as np
import pandas as pd
import scipy
import shapely
from quoting import keep
from scipy.spatial import cKDTree
from sklearn.neighbors import BallTree, KDTree

import geo_match as gm

ROUNDS = 5
RADIUS_M = 3000.0
N_SITES, N_ORIGINS, N_HOUSEHOLDS, N_STATIONS, N_WITHIN, K = (
    100_000,
    200_000,
    1_200_000,
    500,
    2_000,
    10,
)
LON0, LAT0 = 117.38, 32.93
EARTH_RADIUS_M = 6_371_008.8

Ask = Callable[[np.ndarray], object]
"""Asks the queries at these rows, and returns the answer."""


@dataclass
class Candidate:
    """Something that answers a question, and how many of the queries it is asked."""

    name: str
    ask: Ask
    sample: int


def city(n: int, seed: int) -> np.ndarray:
    """Draw n points in metres around the centre: towns of unequal size, the same for every seed."""
    towns = np.random.default_rng(7)
    centre = towns.normal(0.0, 9_000.0, (60, 2))
    share = towns.dirichlet(np.full(60, 0.8))
    spread = towns.uniform(500.0, 3_000.0, 60)
    rng = np.random.default_rng(seed)
    town = rng.choice(60, n, p=share)
    return centre[town] + rng.normal(size=(n, 2)) * spread[town, None]


def to_lonlat(metres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Place metres east and north of the centre on the ellipsoid, near enough for a drawn city."""
    return LON0 + metres[:, 0] / 93_550.0, LAT0 + metres[:, 1] / 110_915.0


def to_ecef(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Return earth-centred metres on WGS-84, (n, 3), as a user of cKDTree would write it."""
    lam, phi = np.radians(lon), np.radians(lat)
    n = 6_378_137.0 / np.sqrt(1.0 - 0.0066943799901413165 * np.sin(phi) ** 2)
    return np.stack(
        (
            n * np.cos(phi) * np.cos(lam),
            n * np.cos(phi) * np.sin(lam),
            n * (1.0 - 0.0066943799901413165) * np.sin(phi),
        ),
        axis=1,
    )


def to_enu(ecef: np.ndarray) -> np.ndarray:
    """Turn earth-centred metres to east, north, up at the centre."""
    lam, phi = np.radians(LON0), np.radians(LAT0)
    turn = np.array(
        [
            [-np.sin(lam), np.cos(lam), 0.0],
            [-np.sin(phi) * np.cos(lam), -np.sin(phi) * np.sin(lam), np.cos(phi)],
            [np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)],
        ]
    )
    return (ecef - to_ecef(np.array([LON0]), np.array([LAT0]))) @ turn.T


def to_plane(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Project to metres in UTM zone 50N."""
    points = gpd.GeoSeries(shapely.points(lon, lat), crs=4326).to_crs(32650)
    return np.stack((points.x.to_numpy(), points.y.to_numpy()), axis=1)


def spaces(lon: np.ndarray, lat: np.ndarray) -> dict[str, np.ndarray]:
    """Return the coordinates in which a tree may be built."""
    ecef = to_ecef(lon, lat)
    return {"ECEF": ecef, "ECEF turned to ENU": to_enu(ecef), "UTM 2-D": to_plane(lon, lat)}


def race(candidates: list[Candidate], n_queries: int) -> dict[str, list[float]]:
    """Return seconds a query of every candidate in every round, taking turns."""
    rng = np.random.default_rng(11)
    seconds: dict[str, list[float]] = {candidate.name: [] for candidate in candidates}
    for candidate in candidates:  # compile, allocate, warm up
        candidate.ask(np.arange(min(100, n_queries)))
    for _ in range(ROUNDS):
        for candidate in candidates:
            size = min(candidate.sample, n_queries)
            rows = (
                np.arange(n_queries)
                if size == n_queries
                else rng.choice(n_queries, size, replace=False)
            )
            start = time.perf_counter()
            candidate.ask(rows)
            seconds[candidate.name].append((time.perf_counter() - start) / size)
    return seconds


def table(
    title: str, seconds: dict[str, list[float]], samples: dict[str, int], ours: str
) -> list[str]:
    """Write one question's table, fastest peer first, with how many times faster `ours` is."""
    lines = [
        f"**{title}**",
        "",
        "| | queries a second | the first is faster by | asked |",
        "|---|---:|---:|---:|",
    ]
    order = sorted(seconds, key=lambda name: (name != ours, statistics.median(seconds[name])))
    for name in order:
        ratio = statistics.median(
            peer / own for peer, own in zip(seconds[name], seconds[ours], strict=True)
        )
        shown = "" if name == ours else f"{ratio:.1f}×"
        rate = 1.0 / statistics.median(seconds[name])
        lines.append(f"| {name} | {rate:,.0f} | {shown} | {samples[name]:,} |")
    return [*lines, ""]


def measure(title: str, candidates: list[Candidate], n_queries: int) -> list[str]:
    """Race the candidates, the first of which is ours, and return the table."""
    sys.stderr.write(f"{title} …\n")
    seconds = race(candidates, n_queries)
    samples = {candidate.name: min(candidate.sample, n_queries) for candidate in candidates}
    return table(title, seconds, samples, candidates[0].name)


def counting(sites: np.ndarray, origins: np.ndarray) -> list[str]:
    """Measure counts, and sums of three integer weights, beside all peers."""
    lon, lat = to_lonlat(sites)
    origin_lon, origin_lat = to_lonlat(origins)
    index = gm.PointIndex(lon=lon, lat=lat)
    weights = np.random.default_rng(3).integers(1, 40, (N_SITES, 3))
    circles = {"radius_m": RADIUS_M}
    at, asked = spaces(lon, lat), spaces(origin_lon, origin_lat)
    candidates = [
        Candidate(
            "**geo_match** `count_within`",
            lambda rows: index.count_within(lon=origin_lon[rows], lat=origin_lat[rows], **circles),
            N_ORIGINS,
        ),
        Candidate(
            "**geo_match** `count_within`, asked fewer origins",
            lambda rows: index.count_within(lon=origin_lon[rows], lat=origin_lat[rows], **circles),
            5_000,
        ),
        Candidate(
            "**geo_match** `sum_within`, 3 integer weights",
            lambda rows: index.sum_within(
                lon=origin_lon[rows], lat=origin_lat[rows], weights=weights, **circles
            ),
            N_ORIGINS,
        ),
    ]
    for name, points in at.items():
        tree = cKDTree(points)
        candidates.append(
            Candidate(
                f"scipy cKDTree, {name}",
                lambda rows, tree=tree, name=name: tree.query_ball_point(
                    asked[name][rows], RADIUS_M, return_length=True
                ),
                N_ORIGINS,
            )
        )
    kd_tree = KDTree(at["ECEF"])
    ball_tree = BallTree(np.radians(np.stack((lat, lon), axis=1)), metric="haversine")
    radians = np.radians(np.stack((origin_lat, origin_lon), axis=1))
    candidates += [
        Candidate(
            "scikit-learn KDTree, ECEF",
            lambda rows: kd_tree.query_radius(asked["ECEF"][rows], RADIUS_M, count_only=True),
            2_000,
        ),
        Candidate(
            "scikit-learn BallTree, haversine",
            lambda rows: ball_tree.query_radius(
                radians[rows], RADIUS_M / EARTH_RADIUS_M, count_only=True
            ),
            1_000,
        ),
        Candidate("DuckDB spatial join, UTM", duckdb_join(at["UTM 2-D"], asked["UTM 2-D"]), 500),
        Candidate("shapely STRtree `dwithin`, UTM", strtree(at["UTM 2-D"], asked["UTM 2-D"]), 100),
        Candidate("geopandas `sjoin(dwithin)`, UTM", sjoin(at["UTM 2-D"], asked["UTM 2-D"]), 100),
    ]
    hits = index.count_within(lon=origin_lon, lat=origin_lat, **circles).mean()
    return measure(
        f"Counting within 3 km: {N_SITES:,} sites, {N_ORIGINS:,} origins, {hits:,.0f} hits each",
        candidates,
        N_ORIGINS,
    )


def duckdb_join(sites: np.ndarray, origins: np.ndarray) -> Ask:
    """Count by DuckDB's spatial join over tables in memory, one thread."""
    folder = Path(duckdb_extension_spatial.__file__).parent / "extensions"
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(f"LOAD '{next(folder.glob('*/spatial.duckdb_extension'))}'")

    def load(name: str, points: np.ndarray) -> None:
        frame = pd.DataFrame({"id": np.arange(len(points)), "x": points[:, 0], "y": points[:, 1]})
        connection.register("frame", frame)
        connection.execute(
            f"CREATE OR REPLACE TABLE {name} AS SELECT id, ST_Point(x, y) AS geometry FROM frame"  # noqa: S608 - our own names
        )

    load("sites", sites)

    def ask(rows: np.ndarray) -> object:
        load("origins", origins[rows])
        return connection.execute(
            "SELECT o.id, count(*) FROM origins o JOIN sites s"
            " ON ST_DWithin(s.geometry, o.geometry, 3000.0) GROUP BY o.id"
        ).fetchnumpy()

    return ask


def strtree(sites: np.ndarray, origins: np.ndarray) -> Ask:
    """Count by shapely's STRtree, which makes the pairs."""
    tree = shapely.STRtree(shapely.points(sites))

    def ask(rows: np.ndarray) -> object:
        pairs = tree.query(shapely.points(origins[rows]), predicate="dwithin", distance=RADIUS_M)
        return np.bincount(pairs[0], minlength=len(rows))

    return ask


def sjoin(sites: np.ndarray, origins: np.ndarray) -> Ask:
    """Count by geopandas, as an analyst would."""
    right = gpd.GeoDataFrame(geometry=shapely.points(sites), crs=32650)

    def ask(rows: np.ndarray) -> object:
        left = gpd.GeoDataFrame(geometry=shapely.points(origins[rows]), crs=32650)
        joined = gpd.sjoin(left, right, predicate="dwithin", distance=RADIUS_M)
        return joined.groupby(level=0).size()

    return ask


def reaching(households: np.ndarray, stations: np.ndarray) -> list[str]:
    """Measure the circle turned round: for each household, the stations that reach it."""
    lon, lat = to_lonlat(households)
    station_lon, station_lat = to_lonlat(stations)
    index = gm.PointIndex(lon=lon, lat=lat)
    asked = spaces(lon, lat)

    def ours(_rows: np.ndarray) -> object:
        return index.count_reaching(lon=station_lon, lat=station_lat, radius_m=RADIUS_M)

    candidates = [Candidate("**geo_match** `count_reaching`", ours, N_HOUSEHOLDS)]
    for name, points in spaces(station_lon, station_lat).items():
        tree = cKDTree(points)
        candidates.append(
            Candidate(
                f"scipy cKDTree of the stations, {name}",
                lambda rows, tree=tree, name=name: tree.query_ball_point(
                    asked[name][rows], RADIUS_M, return_length=True
                ),
                N_HOUSEHOLDS,
            )
        )
    return measure(
        f"Who is reached: {N_STATIONS:,} stations over {N_HOUSEHOLDS:,} households",
        candidates,
        N_HOUSEHOLDS,
    )


def pairs(sites: np.ndarray, origins: np.ndarray) -> list[str]:
    """Measure all pairs with their distances."""
    lon, lat = to_lonlat(sites)
    origin_lon, origin_lat = to_lonlat(origins)
    index = gm.PointIndex(lon=lon, lat=lat)

    def peer(tree: cKDTree, points: np.ndarray, asked: np.ndarray) -> Ask:
        def ask(rows: np.ndarray) -> object:
            found = tree.query_ball_point(asked[rows], RADIUS_M)
            size = np.fromiter(map(len, found), np.int64, len(found))
            point = np.concatenate(found).astype(np.int64)
            apart = points[point] - np.repeat(asked[rows], size, axis=0)
            return size, point, np.sqrt(np.einsum("ij,ij->i", apart, apart))

        return ask

    candidates = [
        Candidate(
            "**geo_match** `within`",
            lambda rows: index.within(
                lon=origin_lon[rows], lat=origin_lat[rows], radius_m=RADIUS_M
            ),
            N_WITHIN,
        )
    ]
    asked = spaces(origin_lon, origin_lat)
    for name, points in spaces(lon, lat).items():
        candidates.append(
            Candidate(
                f"scipy cKDTree `query_ball_point` and vectorised distances, {name}",
                peer(cKDTree(points), points, asked[name]),
                N_WITHIN,
            )
        )
    return measure(
        f"All pairs with distances: {N_SITES:,} sites, {N_WITHIN:,} origins", candidates, N_WITHIN
    )


def nearest(sites: np.ndarray, origins: np.ndarray) -> list[str]:
    """Measure the nearest ten, the origins in no order."""
    lon, lat = to_lonlat(sites)
    origin_lon, origin_lat = to_lonlat(origins)
    index = gm.PointIndex(lon=lon, lat=lat)
    asked = spaces(origin_lon, origin_lat)
    candidates = [
        Candidate(
            f"**geo_match** `nearest`, k = {K}",
            lambda rows: index.nearest(lon=origin_lon[rows], lat=origin_lat[rows], k=K),
            N_ORIGINS,
        )
    ]
    for name, points in spaces(lon, lat).items():
        tree = cKDTree(points)
        candidates.append(
            Candidate(
                f"scipy cKDTree `query`, {name}",
                lambda rows, tree=tree, name=name: tree.query(asked[name][rows], k=K),
                N_ORIGINS,
            )
        )
    return measure(
        f"Nearest {K}: {N_SITES:,} sites, {N_ORIGINS:,} origins in no order",
        candidates,
        N_ORIGINS,
    )


def median_seconds(run: Callable[[], object], times: int = ROUNDS) -> float:
    """Return the median of several runs after a first one."""
    run()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def single_figures(sites: np.ndarray) -> list[str]:
    """Measure what has no peer: one question, building, memory, starting."""
    lon, lat = to_lonlat(sites)
    index = gm.PointIndex(lon=lon, lat=lat)
    one = median_seconds(
        lambda: index.count_within(lon=LON0, lat=LAT0, radius_m=RADIUS_M), times=2_000
    )
    million_lon, million_lat = to_lonlat(city(1_000_000, seed=5))
    build = median_seconds(lambda: gm.PointIndex(lon=million_lon, lat=million_lat))
    million = gm.PointIndex(lon=million_lon, lat=million_lat)

    def started(*arguments: str) -> float:
        return median_seconds(lambda: subprocess.run(arguments, check=True, capture_output=True))  # noqa: S603 - our own commands

    bare = started(sys.executable, "-c", "pass")
    imported = started(sys.executable, "-c", "import geo_match")
    command = Path(sys.executable).with_name("geo-match")
    return [
        "**Single figures**",
        "",
        "| | |",
        "|---|---:|",
        f"| one `count_within` over {N_SITES:,} sites | {one * 1e6:.0f} µs |",
        f"| building 1,000,000 points | {build:.2f} s |",
        f"| memory beyond the input | {million.nbytes / len(million):.1f} bytes a point |",
        f"| `import geo_match`, beyond Python itself | {(imported - bare) * 1e3:.0f} ms |",
        f"| `geo-match --help` | {started(str(command), '--help'):.2f} s |",
        "",
    ]


def machine() -> str:
    """Name the processor and the versions, for whoever reads the table later."""
    info = Path("/proc/cpuinfo")
    model = platform.processor() or platform.machine()
    if info.exists():
        named = re.search(r"model name\s*:\s*(.+)", info.read_text())
        model = named.group(1) if named else model
    return (
        f"Measured on {dt.datetime.now(dt.UTC).date()}: {model}, {os.cpu_count()} cores"
        f" (one used), Python {platform.python_version()}, numpy {np.__version__},"
        f" scipy {scipy.__version__}. Medians of {ROUNDS} rounds by turns."
    )


def main() -> None:
    """Run everything, write the table, and quote it in README."""
    sites, origins = city(N_SITES, seed=1), city(N_ORIGINS, seed=2)
    lines = [
        machine(),
        "",
        *counting(sites, origins),
        *reaching(city(N_HOUSEHOLDS, seed=3), city(N_STATIONS, seed=4)),
        *pairs(sites, origins[:N_WITHIN]),
        *nearest(sites, origins),
        *single_figures(sites),
    ]
    keep("circle", "\n".join(lines))


if __name__ == "__main__":
    main()
