"""Measure coverage beside geopandas and DuckDB, and what a report takes as the city grows.

`make bench` runs it; it writes `coverage.md` beside it and into README, each figure with its
target; `--try` is a smaller run that only prints. (It is not called `coverage.py`, which other
packages would import in place of the one of that name.) Households, jobs and sites are drawn from
the demonstration city, each moved a little; its communities are taken as they are. Sides take
turns, and ratios are taken round by round, per household: the peers are asked a random sample,
whose answers must be ours but for sites within 3 m of the circle, since the plane of UTM is up to
0.04 % off. What one core does is measured in its own seconds, so that others on the machine do
not count. `coverage_peers` says how the peers are asked.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from coverage_peers import Peers
from matching import DATA, Figure, spent, use_cores
from quoting import keep

import geo_match as gm
from geo_match.coverage import Binary, CoverageOptions, Exponential
from geo_match.coverage.given.people import read_people
from geo_match.coverage.given.supply import read_supply
from geo_match.coverage.measures.reach import in_reach
from geo_match.coverage.what_if.what_if import WhatIf

RADIUS_M, RIM_M = 3_000.0, 3.0
FASTER, FASTER_DUCK, REPORT_S, CHANGE_MS, MEMORY_GB = 300.0, 80.0, 5.0, 50.0, 2.0
"""The targets."""
LINEAR = 1.25
"""Up to so much more may a household of the largest city cost than one of the smallest."""
SHARED = CoverageOptions(competition=Binary())
DECAYING = CoverageOptions(competition=Exponential.halving(1_000.0))
STATIONS = CoverageOptions(count="places")


class Size(NamedTuple):
    """How much is measured: rows, households whom peers are asked, rounds, single changes."""

    households: int = 1_250_000
    jobs: int = 60_000
    sites: int = 12_000
    sample: int = 5_000
    rounds: int = 5
    changes: int = 40
    growth: tuple[int, ...] = (300_000, 1_000_000, 3_000_000)


TRY = Size(households=50_000, sample=500, rounds=1, changes=10, growth=(20_000, 50_000, 100_000))


def near(kind: str, n: int, spread: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw places near those of the demonstration city, (n, 2), and of which row each is."""
    rng = np.random.default_rng(seed)
    places = shapely.get_coordinates(gpd.read_parquet(DATA / f"{kind}.parquet").geometry.to_numpy())
    drawn = rng.integers(0, len(places), n)
    return places[drawn] + rng.normal(0.0, spread, (n, 2)), drawn


def households(n: int) -> pd.DataFrame:
    """Draw households; one in fifty has no place, and only its record to go by."""
    places, drawn = near("households", n, 0.001, seed=1)
    places[::50] = np.nan
    recorded = gpd.read_parquet(DATA / "households.parquet")["community"].to_numpy()[drawn]
    ids = [f"H{number:07d}" for number in range(n)]
    return pd.DataFrame(
        {"id": ids, "lon": places[:, 0], "lat": places[:, 1], "community": recorded}
    )


def supply(size: Size) -> pd.DataFrame:
    """Draw jobs at sites."""
    rng = np.random.default_rng(2)
    sites, _ = near("sites", size.sites, 0.002, seed=3)
    at = sites[rng.integers(0, size.sites, size.jobs)]
    vacancies = rng.integers(1, 20, size.jobs)
    ids = [f"J{number:05d}" for number in range(size.jobs)]
    return pd.DataFrame({"id": ids, "lon": at[:, 0], "lat": at[:, 1], "vacancies": vacancies})


def report(
    people: pd.DataFrame,
    jobs: pd.DataFrame,
    communities: gpd.GeoDataFrame,
    options: CoverageOptions | None = None,
) -> gpd.GeoDataFrame:
    """Return the whole report by community, from frames to frame."""
    return gm.Coverage(jobs, communities, options).of(people).by("community")


def vacancies_in_reach(people: pd.DataFrame, places: object) -> np.ndarray:
    """Answer the peers' question, from a frame that is checked first, (located,)."""
    who = read_people(people)
    return in_reach(who.lon[who.located], who.lat[who.located], places, RADIUS_M)


def compare(theirs: np.ndarray, homes: pd.DataFrame, jobs: pd.DataFrame) -> None:
    """Stop unless what peers found lies between our circles 3 m narrower and 3 m wider."""
    narrow, wide = (
        gm.Coverage(jobs, [], CoverageOptions(radius_m=RADIUS_M + more)).of(homes)
        .people["in_reach"].to_numpy(dtype=np.int64) for more in (-RIM_M, RIM_M)
    )  # fmt: skip
    wrong = np.flatnonzero((theirs < narrow) | (theirs > wide))
    if len(wrong):
        sys.exit(f"The answers differ for {len(wrong)} of {len(homes)} households.")


def race(
    people: pd.DataFrame, jobs: pd.DataFrame, communities: gpd.GeoDataFrame, size: Size
) -> list[Figure]:
    """Let the sides take turns at the vacancies in reach, and ours at the whole report besides."""
    rng = np.random.default_rng(11)
    sites = jobs.groupby(["lon", "lat"], as_index=False)["vacancies"].sum()
    peers = Peers(sites, RADIUS_M)
    ways = {"geopandas `sjoin(dwithin)` and `groupby`": (peers.by_geopandas, FASTER),
            "DuckDB, spatial join": (peers.by_duckdb, FASTER_DUCK)}  # fmt: skip
    times = {name: [] for name in ("same", "plain", "shared", *ways)}
    places = read_supply(jobs, count="vacancies")
    located = people.dropna(subset=["lon"])
    for _ in range(size.rounds):
        times["same"].append(spent(lambda: vacancies_in_reach(people, places)))
        times["plain"].append(spent(lambda: report(people, jobs, communities)))
        times["shared"].append(spent(lambda: report(people, jobs, communities, SHARED)))
        homes = located.iloc[np.sort(rng.choice(len(located), size.sample, replace=False))]
        peers.take(homes)
        for name, (way, _) in ways.items():
            times[name].append(spent(way) / size.sample * size.households)
            compare(way(), homes, jobs)
    seconds = {name: statistics.median(each) for name, each in times.items()}
    lines = [
        Figure("The vacancies in reach of each household, one core", f"{seconds['same']:.2f} s"),
        Figure("The whole report by community, one core", f"{seconds['plain']:.2f} s"),
        Figure("The same with binary competition", f"{seconds['shared']:.2f} s",
               f"under {REPORT_S:g} s", seconds["shared"] < REPORT_S),
    ]  # fmt: skip
    for name, (_, target) in ways.items():
        own, whole = (
            statistics.median(a / b for a, b in zip(times[name], times[side], strict=True))
            for side in ("same", "plain")
        )
        told = f"{seconds[name]:,.0f} s: {own:.0f}× ours, {whole:.0f}× our whole report"
        lines.append(
            Figure(f"{name}: the same question", told, f"at least {target:g}×", own >= target)
        )
    return lines


def changes(
    people: pd.DataFrame, jobs: pd.DataFrame, communities: gpd.GeoDataFrame, size: Size
) -> list[Figure]:
    """Ask what one more station would change, and one more site among which people compete."""
    places, _ = near("sites", size.changes + 1, 0.005, seed=7)
    stations = gpd.read_parquet(DATA / "stations.parquet")[["id", "geometry"]]
    lines = []
    for name, offer, options, target in (
        ("A station more, what changes by community, median", stations, STATIONS, CHANGE_MS),
        ("A site more, with binary competition, median", jobs, SHARED, None),
    ):
        what_if = WhatIf(gm.Coverage(offer, communities, options).of(people))
        times = []
        for number, (lon, lat) in enumerate(places.tolist()):
            row = [{"id": f"new {number}", "lon": lon, "lat": lat, "vacancies": 10}]
            times.append(spent(lambda w=what_if, row=row: w.change(add=row).by("community")))
        ms = statistics.median(times[1:]) * 1e3  # the first one makes ready
        worst = max(times[1:]) * 1e3
        told = f"{ms:.1f} ms (at most {worst:.0f})"
        lines.append(
            Figure(name, told, f"under {target:g} ms", ms < target)
            if target else Figure(name, told)
        )  # fmt: skip
    return lines


def growth(jobs: pd.DataFrame, communities: gpd.GeoDataFrame, size: Size) -> Figure:
    """Measure the report with competition at several sizes."""
    seconds = []
    for n in size.growth:
        people = households(n)
        times = [spent(lambda p=people: report(p, jobs, communities, SHARED)) for _ in range(2)]
        seconds.append(min(times))
    each = [s / n for s, n in zip(seconds, size.growth, strict=True)]
    sizes = ", ".join(f"{n / 1e6:g}" for n in size.growth)
    told = ", ".join(f"{s:.1f}" for s in seconds)
    share = each[-1] / each[0]
    told = f"{told} s: a household of the last costs {share:.2f}× one of the first"
    name = f"With competition at {sizes} million households"
    return Figure(name, told, f"at most {LINEAR:g}×", share <= LINEAR)


def peak_gb(people: pd.DataFrame, jobs: pd.DataFrame) -> float:
    """Return what a process that reads both and reports with competition needs at most, GB."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{name}.parquet") for name in ("people", "jobs")]
        for path, frame in zip(paths, (people, jobs), strict=True):
            frame.to_parquet(path)
        process = subprocess.Popen([sys.executable, __file__, "--report", *map(str, paths)])  # noqa: S603 - this file
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit("The process whose memory was to be measured failed.")
    return usage.ru_maxrss * 1024 / 1e9


def read_communities() -> gpd.GeoDataFrame:
    """Return the demonstration city's communities."""
    return gpd.read_parquet(DATA / "communities.parquet")


def figures(size: Size) -> list[Figure]:
    """Measure everything."""
    people, jobs, communities = households(size.households), supply(size), read_communities()
    gigabytes = peak_gb(people, jobs)
    use_cores(1)
    for options in (None, SHARED, DECAYING):
        report(people.iloc[:1_000], jobs, communities, options)  # compile, allocate
    lines = race(people, jobs, communities, size)
    decaying = spent(lambda: report(people, jobs, communities, DECAYING))
    return [
        *lines,
        Figure("The report with decaying competition", f"{decaying:.0f} s"),
        *changes(people, jobs, communities, size),
        growth(jobs, communities, size),
        Figure("Peak memory of a process that reads and reports with competition",
               f"{gigabytes:.2f} GB", f"under {MEMORY_GB:g} GB", gigabytes < MEMORY_GB),
    ]  # fmt: skip


def said(size: Size) -> str:
    """Name the machine and what was asked."""
    info = Path("/proc/cpuinfo")
    model = platform.processor() or platform.machine()
    if info.exists():
        named = re.search(r"model name\s*:\s*(.+)", info.read_text())
        model = named.group(1) if named else model
    return (
        f"Measured on {dt.datetime.now(dt.UTC).date()}: {model}, geopandas {gpd.__version__},"
        f" DuckDB {duckdb.__version__}; {size.households:,} households, {size.jobs:,} jobs at"
        f" {size.sites:,} sites, {len(read_communities()):,} communities. Medians of"
        f" {size.rounds} rounds by turns; seconds of the processor, one core. The peers: places in"
        f" UTM and jobs added up to sites made ready, {size.sample:,} households a round,"
        " extrapolated."
    )


def main() -> None:
    """Measure, or be the process whose memory is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--report", nargs=2, metavar=("PEOPLE", "JOBS"), help="of two files")
    parser.add_argument("--try", action="store_true", dest="small", help="small, only printed")
    asked = parser.parse_args()
    if asked.report:
        people, jobs = map(pd.read_parquet, asked.report)
        report(people, jobs, read_communities(), SHARED)
        return
    size = TRY if asked.small else Size()
    head = [said(size), "", "| | measured | target | |", "|---|---|---|---|"]
    text = "\n".join([*head, *map(str, figures(size)), ""])
    if asked.small:
        sys.stdout.write(text)
    else:
        keep("coverage", text)


if __name__ == "__main__":
    main()
