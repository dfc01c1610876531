"""Measure walks beside scipy's Dijkstra, on one drawn city, with one question and one answer.

`make bench` runs it; it writes `walking.md` beside it and into README, each figure with its target;
`--try` is a smaller run that only prints. Sites are the sources, and what comes out is how many
sites each seeker can walk to. Sides take turns, and ratios are taken round by round, per source:
scipy is asked a random sample of the sites, with whatever number at a time suits it best, and its
counts must be ours. The peer does no more than it must: the graph, and who hangs on which crossing,
are made ready for it; we are asked from coordinates, so that leading all seekers to their streets
is in our time. What one core does is measured in its own seconds, so that others on the machine do
not count.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import json
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import scipy
from matching import OPTIONS, Figure, draw, spent, use_cores
from matching import Size as Rows
from quoting import keep
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from walking_city import BLOCK_M, street_city, to_lonlat

import geo_match as gm
from geo_match.walking import Network, NetworkInfo
from geo_match.walking.index.walking_index import WalkingIndex
from geo_match.walking.kernels.reach import END, FAR_END, FAR_START, FIRST, START
from geo_match.walking.search.ground import ground_of
from geo_match.walking.search.hang import hang
from geo_match.walking.snapping.snap import snap

if TYPE_CHECKING:
    from geo_match.walking.graph.graph import Graph

RADIUS_M = 3_000.0
LIMIT_MM = 3_000_000
LEAST, WANTED, ALL_S, MEMORY_GB, ONE_MS, MATCH_MS = 3.0, 6.0, 60.0, 2.0, 1.0, 5.0
"""The targets."""
CHUNKS = (1, 4, 8, 16, 32)
RUN = 16


class Size(NamedTuple):
    """How much is measured: crossings a side, rows, sources scipy is asked, rounds, questions."""

    side: int = 302
    sites: int = 12_000
    seekers: int = 150_000
    sample: int = 400
    rounds: int = 5
    single: int = 200


TRY = Size(sites=3_000, seekers=40_000, sample=64, rounds=1, single=40)


def places(size: Size, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw n places in forty towns of the city."""
    towns, rng = np.random.default_rng(7), np.random.default_rng(seed)
    half = (size.side / 2 - 2) * BLOCK_M
    centre = towns.normal(0.0, half / 3, (40, 2))
    metres = centre[rng.integers(0, 40, n)] + rng.normal(0.0, half / 8, (n, 2))
    return to_lonlat(np.clip(metres, -half, half) + rng.uniform(-40.0, 40.0, (n, 2)))


def spread(offsets: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return all positions from `offsets[row]` to `offsets[row + 1]` of each row."""
    first, times = offsets[rows], offsets[rows + 1] - offsets[rows]
    stop = np.cumsum(times)
    return np.repeat(first - stop + times, times) + np.arange(stop[-1] if len(stop) else 0)


class Scipy:
    """Counts by `dijkstra(limit=)`: sites are vertices of the graph, seekers hang on crossings.

    Only the sites that are asked about are in the graph, since each source costs scipy a pass over
    all its vertices. It counts as we do, by whole crossings and streets: where seekers hang is made
    ready by our own `hang`.
    """

    def __init__(self, graph: Graph, sites: tuple, seekers: tuple) -> None:
        snaps, homes = (snap(graph, *at) for at in (sites, seekers))
        n = len(graph.lon)
        at = n + np.arange(len(snaps))
        rows = np.concatenate((np.repeat(np.arange(n), np.diff(graph.offsets)), at, at))
        columns = np.concatenate((graph.half[:, 0], graph.start[snaps.edge], graph.end[snaps.edge]))
        lengths = np.concatenate(
            (
                graph.half[:, 1],
                snaps.snap_mm + snaps.to_start_mm,
                snaps.snap_mm + snaps.to_end_mm,
            )
        )
        self._matrix = csr_array(
            (lengths.astype(np.float64), (rows, columns)), shape=(n + len(at), n + len(at))
        )
        # As `dijkstra` wants them: else each call converts them.
        self._matrix.indices = self._matrix.indices.astype(np.int32)
        self._matrix.indptr = self._matrix.indptr.astype(np.int32)
        self._hung = hung = hang(ground_of(graph), homes)
        self._first, self._need = hung.own[:-1], hung.need_mm.astype(np.float64)
        self._slots = np.append(hung.edges[:, FIRST], len(hung.place))
        self._n_slots = np.diff(self._slots)
        self._n_vertices, self._n_seekers, self._n_sites = n, len(homes), len(snaps)

    def count(self, chunk: int, *, counting: bool = True) -> np.ndarray:
        """Return how many of the sites each seeker reaches by way of a crossing."""
        hung = self._hung
        tables = (self._first, hung.edges, hung.place)
        counts = tuple(np.zeros(len(one), dtype=np.int64) for one in tables)
        sites = self._n_vertices + np.arange(self._n_sites)
        for first in range(0, len(sites), chunk):
            found = dijkstra(self._matrix, indices=sites[first : first + chunk], limit=LIMIT_MM)
            for row in found if counting else ():
                self._count_reached(row, *counts)
        of_vertex, of_edge, of_slot = counts
        of_edge += of_vertex[hung.edges[:, START]]
        count = np.zeros(self._n_seekers, dtype=np.int64)
        count[hung.place] = of_slot + np.repeat(of_edge, self._n_slots)
        return count

    def _count_reached(
        self, row: np.ndarray, of_vertex: np.ndarray, of_edge: np.ndarray, of_slot: np.ndarray
    ) -> None:
        """Add 1 to what a site reaches: crossings with all who live around, streets, seekers.

        Only near the limit is a street, and only where its ends do not decide a seeker looked at.
        """
        hung = self._hung
        reached = np.flatnonzero(row[: self._n_vertices] <= LIMIT_MM)
        is_sure = row[reached] + self._need[reached] <= LIMIT_MM
        of_vertex[reached[is_sure]] += 1
        rim = reached[~is_sure]
        owned = spread(hung.own, rim)
        led = hung.led[spread(hung.led_offsets, rim)]
        led = led[row[hung.edges[led, START]] > LIMIT_MM]
        edges = np.concatenate((owned, led))
        by_start, by_end = row[hung.edges[edges, START]], row[hung.edges[edges, END]]
        is_sure = (by_start + hung.edges[edges, FAR_START] <= LIMIT_MM) | (
            by_end + hung.edges[edges, FAR_END] <= LIMIT_MM
        )
        of_edge[edges[is_sure]] += 1
        unsure = ~is_sure
        times = self._n_slots[edges[unsure]]
        slot = spread(self._slots, edges[unsure])
        is_near = (np.repeat(by_start[unsure], times) + hung.from_start_mm[slot] <= LIMIT_MM) | (
            np.repeat(by_end[unsure], times) + hung.from_end_mm[slot] <= LIMIT_MM
        )
        of_slot[slot[is_near]] += 1

    def best_chunk(self) -> int:
        """Return how many sources at a time suit it best."""
        times = {
            chunk: min(spent(lambda c=chunk: self.count(c)) for _ in range(3)) for chunk in CHUNKS
        }
        return min(times, key=times.get)


def compare(theirs: np.ndarray, ours: np.ndarray) -> None:
    """Stop unless the counts are the same, but for sites on a seeker's own street.

    Scipy walks by way of a crossing alone, and so finds none that ours does not.
    """
    if (theirs > ours).any() or (theirs < ours).mean() > 1e-3:
        sys.exit(f"The answers differ for {np.count_nonzero(theirs != ours)} seekers.")


def race(graph: Graph, size: Size) -> list[Figure]:
    """Let the sides take turns at the sites in reach of each seeker."""
    rng = np.random.default_rng(11)
    sites, seekers = places(size, size.sites, 1), places(size, size.seekers, 2)
    index = WalkingIndex(graph, lon=sites[0], lat=sites[1])
    homes = WalkingIndex(graph, lon=seekers[0], lat=seekers[1])
    asked = {"lon": seekers[0], "lat": seekers[1], "radius_m": RADIUS_M}

    # Some at a time that are neighbours, so that scipy, too, finds the memory of one warm from the
    # last.
    in_order = np.argsort(graph.start[index.snaps.edge], kind="stable")
    runs = in_order[: size.sites // RUN * RUN].reshape(-1, RUN)

    def peer_of(n: int) -> tuple[np.ndarray, Scipy]:
        drawn = runs[rng.choice(len(runs), n // RUN, replace=False)].ravel()
        return drawn, Scipy(graph, tuple(axis[drawn] for axis in sites), seekers)

    chunk = peer_of(min(64, size.sites))[1].best_chunk()
    some = {key: value[:2] if key != "radius_m" else value for key, value in asked.items()}
    index.count_within(**some)  # compile, allocate
    index.count_reaching(**some)
    homes.count_within(lon=sites[0][:2], lat=sites[1][:2], radius_m=RADIUS_M)
    times = {name: [] for name in ("ours", "scipy", "alone", "turned")}
    for _ in range(size.rounds):
        times["ours"].append(spent(lambda: index.count_within(**asked)) / size.sites)
        drawn, peer = peer_of(size.sample)
        times["scipy"].append(spent(lambda p=peer: p.count(chunk)) / size.sample)
        times["alone"].append(spent(lambda p=peer: p.count(chunk, counting=False)) / size.sample)
        part = WalkingIndex(graph, lon=sites[0][drawn], lat=sites[1][drawn])
        compare(peer.count(chunk), part.count_within(**asked))
        # From the seekers' side, as one would who did not look which side is smaller.
        few = rng.choice(size.seekers, size.sample, replace=False)
        turned = {**asked, "lon": seekers[0][few], "lat": seekers[1][few]}
        times["turned"].append(
            spent(lambda t=turned: index.count_within(**t))
            / size.sample
            * size.seekers
            / size.sites
        )
    each = {name: statistics.median(seconds) * 1e6 for name, seconds in times.items()}
    ratio, alone, turned = (
        statistics.median(a / b for a, b in zip(times[name], times["ours"], strict=True))
        for name in ("scipy", "alone", "turned")
    )
    return [
        Figure(
            "Sites in reach of each seeker, one core",
            f"{each['ours'] * size.sites / 1e6:.2f} s, {each['ours']:.0f} µs a site",
        ),
        Figure(
            f"scipy `dijkstra(limit=)`, {chunk} at a time, and counting",
            f"{each['scipy']:.0f} µs a site: {ratio:.1f}×",
            f"at least {LEAST:g}×, wanted {WANTED:g}×",
            ratio >= LEAST,
        ),
        Figure(
            "The same without counting, which answers nothing",
            f"{each['alone']:.0f} µs a site: {alone:.1f}×",
        ),
        Figure("Gained by searching from the sites, not the seekers", f"{turned:.1f}×"),
    ]


def single(graph: Graph, size: Size) -> Figure:
    """Ask for the sites in reach of one seeker."""
    sites, seekers = places(size, size.sites, 1), places(size, size.single + 1, 4)
    index = WalkingIndex(graph, lon=sites[0], lat=sites[1])
    times = [
        spent(lambda x=x, y=y: index.within(lon=x, lat=y, radius_m=RADIUS_M))
        for x, y in zip(*(axis.tolist() for axis in seekers), strict=True)
    ]
    ms = statistics.median(times[1:]) * 1e3
    told = f"{ms:.2f} ms (at most {max(times[1:]) * 1e3:.1f})"
    return Figure("One seeker's sites with distances, median", told, f"under {ONE_MS:g} ms",
                  ms < ONE_MS)  # fmt: skip


def everybody(graph: Graph, size: Size) -> Figure:
    """List everybody's sites with distances, on two cores."""
    sites, seekers = places(size, size.sites, 1), places(size, size.seekers, 2)
    index = WalkingIndex(graph, lon=sites[0], lat=sites[1])
    half = size.seekers // 2

    def pairs(part: slice) -> int:
        blocks = index.iter_within(lon=seekers[0][part], lat=seekers[1][part], radius_m=RADIUS_M)
        return sum(map(len, blocks))

    begun = time.perf_counter()
    with ThreadPoolExecutor(2) as both:
        total = sum(both.map(pairs, (slice(0, half), slice(half, None))))
    seconds = time.perf_counter() - begun
    return Figure(f"Everybody's sites with distances, {total / 1e6:.0f} million pairs, two cores",
                  f"{seconds:.0f} s", f"under {ALL_S:g} s", seconds < ALL_S)  # fmt: skip


def match(graph: Graph, size: Size) -> dict[str, float]:
    """Match on foot, with all conditions: everybody on two cores, then one seeker at a time.

    Seekers and jobs are those of `matching`, five jobs a site, moved into this city.
    """
    seekers, jobs = draw(Rows(size.seekers, 5 * size.sites, size.sites))
    seekers["lon"], seekers["lat"] = places(size, size.seekers, 2)
    at = np.random.default_rng(5).integers(0, size.sites, len(jobs))
    jobs["lon"], jobs["lat"] = (axis[at] for axis in places(size, size.sites, 1))
    info = NetworkInfo("drawn", 0, 0, len(graph.start), 0.0, 1, 0, 0.0, *(0,) * 7, "")
    on_foot = {"basis": "walking", "network": Network(graph, (), info)}
    matcher = gm.Matcher(jobs, dataclasses.replace(OPTIONS, **on_foot, threads=2))
    matcher.match(seekers.iloc[:2_000])  # compile, allocate
    seconds = spent(lambda: matcher.match(seekers), time.perf_counter)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    use_cores(1)
    among = matcher.prepare(seekers)
    drawn = np.random.default_rng(3).choice(size.seekers, size.single + 1, replace=False)
    times = [
        spent(lambda one=one: matcher.match_one(one, among=among))
        for one in seekers["id"].iloc[drawn].tolist()
    ]
    return {"seconds": seconds, "gb": peak, "ms": statistics.median(times[1:]) * 1e3}


def matched(size: Size) -> list[Figure]:
    """Match in a process of its own, whose memory is that of matching alone."""
    command = [sys.executable, __file__, "--match", *(["--try"] if size == TRY else [])]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603 - this file
    told = json.loads(done.stdout)
    return [
        Figure(f"Everybody's jobs on foot: top {OPTIONS.limit}, all conditions, two cores",
               f"{told['seconds']:.0f} s", f"under {ALL_S:g} s", told["seconds"] < ALL_S),
        Figure("Peak memory of the process that does it", f"{told['gb']:.2f} GB",
               f"under {MEMORY_GB:g} GB", told["gb"] < MEMORY_GB),
        Figure("One seeker's matches on foot, median", f"{told['ms']:.1f} ms",
               f"under {MATCH_MS:g} ms", told["ms"] < MATCH_MS),
    ]  # fmt: skip


def opening(graph: Graph) -> Figure:
    """Save the city's network, and open it again and again."""
    info = NetworkInfo("drawn", 0, 0, len(graph.start), 0.0, 1, 0, 0.0, *(0,) * 7, "")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "city.net")
        Network(graph, (), info).save(path)
        times = [spent(lambda: Network.open(path)) for _ in range(11)]
    ms = statistics.median(times[1:]) * 1e3
    return Figure("Opening a saved network, median", f"{ms:.1f} ms")


def figures(graph: Graph, size: Size) -> list[Figure]:
    """Measure everything."""
    use_cores(1)
    lines = [*race(graph, size), single(graph, size)]
    use_cores(2)
    return [*lines, opening(graph), everybody(graph, size), *matched(size)]


def said(graph: Graph, size: Size) -> str:
    """Name the machine and what was asked."""
    info = Path("/proc/cpuinfo")
    model = platform.processor() or platform.machine()
    if info.exists():
        named = re.search(r"model name\s*:\s*(.+)", info.read_text())
        model = named.group(1) if named else model
    return (
        f"Measured on {dt.datetime.now(dt.UTC).date()}: {model}, scipy {scipy.__version__};"
        f" {len(graph.start):,} edges, {size.sites:,} sites, {size.seekers:,} seekers,"
        f" {RADIUS_M / 1e3:g} km on foot. Medians of {size.rounds} rounds by turns; seconds of the"
        f" processor, one core. scipy: everything made ready, {size.sample:,} sites a round."
    )


def main() -> None:
    """Measure, and keep the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--try", action="store_true", dest="small", help="small, only printed")
    parser.add_argument("--match", action="store_true", help="match alone, and print figures")
    given = parser.parse_args()
    size = TRY if given.small else Size()
    graph, _ = street_city(size.side)
    if given.match:
        json.dump(match(graph, size), sys.stdout)
        return
    head = [said(graph, size), "", "| | measured | target | |", "|---|---|---|---|"]
    text = "\n".join([*head, *map(str, figures(graph, size)), ""])
    if size == TRY:
        sys.stdout.write(text)
    else:
        keep("walking", text)


if __name__ == "__main__":
    main()
