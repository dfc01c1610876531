"""Measure matching beside DuckDB's spatial extension, with the same conditions and the same answer.

`make bench` runs it; it writes `matching.md` beside it and into README, each figure with its
target; `--try` is a smaller run that only prints. Sites, jobs, homes and seekers are drawn from the
demonstration city, each moved a little. Sides take turns over the same seekers, and ratios are
taken round by round. What one core does is measured in its own seconds, so that others on the
machine do not count; DuckDB is asked a random sample, whose answer must be ours.
`matching_duckdb` says how DuckDB is asked.
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
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from matching_duckdb import DAY, PEERS, Duck, certificates
from quoting import keep

import geo_match as gm

if TYPE_CHECKING:
    from collections.abc import Callable

DATA = Path(__file__).parents[2] / "data"
OPTIONS = gm.MatchOptions(on=DAY)
FASTER, WANTED, TWO_CORES_S, MEMORY_GB, ONE_MS = 12.0, 30.0, 3.0, 2.0, 1.0
"""The targets."""
RIM_M, TIE = 1e-3, 1e-9
"""Pairs so near to the radius, and scores so near to each other, may be judged either way."""


class Size(NamedTuple):
    """How much is measured: rows, seekers whom DuckDB is asked, rounds, single questions."""

    seekers: int = 150_000
    jobs: int = 60_000
    sites: int = 12_000
    sample: int = 4_000
    rounds: int = 5
    single: int = 200


TRY = Size(sample=1_000, rounds=1, single=40)


class Figure(NamedTuple):
    """A line of the table: what was measured, how it came out, and whether that is as it must be.

    `is_met` is None where there is no target.
    """

    what: str
    measured: str
    target: str = ""
    is_met: bool | None = None

    def __str__(self) -> str:
        """Write it as a row."""
        said = {True: "met", False: "**not met**", None: ""}[self.is_met]
        return f"| {self.what} | {self.measured} | {self.target} | {said} |"


def draw(size: Size) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw seekers and jobs from the demonstration city: near its homes, and at sites near its own.

    It knows no most hours, certificates held or years of graduation: they are drawn here, so that
    every condition has work to do.
    """
    rng = np.random.default_rng(5)
    city = {one: gpd.read_parquet(DATA / f"{one}.parquet") for one in
            ("seekers", "jobs", "sites", "households")}  # fmt: skip

    def rows(kind: str, n: int) -> pd.DataFrame:
        drawn = rng.integers(0, len(city[kind]), n)
        return pd.DataFrame(city[kind].drop(columns="geometry")).iloc[drawn].reset_index(drop=True)

    def places(kind: str, n: int, spread: float) -> np.ndarray:
        drawn = rng.integers(0, len(city[kind]), n)
        at = shapely.get_coordinates(city[kind].geometry.to_numpy())[drawn]
        return at + rng.normal(0.0, spread, (n, 2))

    sites = places("sites", size.sites, 0.002)
    jobs = rows("jobs", size.jobs)
    jobs["id"] = [f"J{number:05d}" for number in range(size.jobs)]
    jobs["lon"], jobs["lat"] = sites[rng.integers(0, size.sites, size.jobs)].T
    seekers = rows("seekers", size.seekers)
    seekers["id"] = [f"S{number:06d}" for number in range(size.seekers)]
    seekers["lon"], seekers["lat"] = places("households", size.seekers, 0.001).T
    most = pd.Series(rng.choice([40, 44, 48, 56], size.seekers)).astype("Int16")
    seekers["hours_max_per_week"] = most.mask(rng.random(size.seekers) < 0.7)
    names = np.array(certificates(jobs))
    has = rng.random((size.seekers, len(names))) < 0.1
    seekers["certificates"] = [names[one].tolist() for one in has]
    graduated = (seekers["birth_year"] + 22).astype("Int16")
    seekers["graduation_year"] = graduated.mask(~seekers["graduate"])
    return seekers, jobs


def use_cores(n: int) -> None:
    """Keep this process, and what it starts, to so many cores where the system can."""
    pa.set_cpu_count(n)
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(ALL_CORES)[:n]
        for task in Path("/proc/self/task").iterdir():
            with suppress(ProcessLookupError):  # of a thread that has just ended
                os.sched_setaffinity(int(task.name), cores)


ALL_CORES = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()


def spent(run: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Return the seconds that something takes, of the processor's time or of another clock."""
    begun = clock()
    run()
    return clock() - begun


def compare(ours: pd.DataFrame, theirs: pd.DataFrame) -> tuple[int, int]:
    """Return how many pairs were compared, and how many of them only one side has.

    They may differ at the rim and where scores tie, which moves others of the seeker too; else the
    two did not answer one question, and nothing is to be measured.
    """
    both = ours.merge(theirs, how="outer", on=["seeker_id", "job_id"], indicator=True)
    is_same = both["_merge"] == "both"
    apart = (both["score_x"] - both["score_y"]).abs()[is_same].max()
    other = both[~is_same]
    metres = other["distance_m"].fillna(other["metres"])
    score = other["score_x"].fillna(other["score_y"])
    last = other["seeker_id"].map(ours.groupby("seeker_id")["score"].min()).astype(float)
    either_way = ((metres - OPTIONS.radius_m).abs() < RIM_M) | ((score - last).abs() < TIE)
    unexplained = set(other["seeker_id"]) - set(other["seeker_id"][either_way])
    if unexplained or not apart < TIE:
        sys.exit(f"The answers differ for {sorted(unexplained)[:9]}, scores by {apart}.")
    return len(both), len(other)


def race(matcher: gm.Matcher, seekers: pd.DataFrame, jobs: pd.DataFrame, duck: Duck, size: Size):
    """Let the sides take turns; return seconds for all seekers by side, and what was compared."""
    rng = np.random.default_rng(11)
    times = {name: [] for name in ("ours", "unprepared", "two", *PEERS)}
    compared = []
    two = gm.Matcher(jobs, gm.MatchOptions(on=DAY, threads=2))
    for _ in range(size.rounds):
        rows = np.sort(rng.choice(size.seekers, size.sample, replace=False))
        use_cores(1)
        times["ours"].append(spent(lambda: matcher.match(seekers)))
        times["unprepared"].append(spent(lambda: gm.match(seekers, jobs, OPTIONS)))
        ours = matcher.match(seekers.iloc[rows]).dropna(subset=["job_id"])
        duck.take(rows)
        for name, query in PEERS.items():
            seconds = spent(lambda query=query: duck.ask(query))
            times[name].append(seconds / size.sample * size.seekers)
            theirs = duck.ask(query).to_pandas()
            theirs["seeker_id"] = seekers["id"].to_numpy()[theirs.pop("n")]
            compared.append(compare(ours, theirs))
        use_cores(2)
        times["two"].append(spent(lambda: two.match(seekers), time.perf_counter))
    use_cores(1)
    return times, np.sum(compared, axis=0)


def singly(matcher: gm.Matcher, seekers: pd.DataFrame, duck: Duck, size: Size) -> list[Figure]:
    """Ask for one seeker at a time, prepared and as a dict, and DuckDB for the same one."""
    among = matcher.prepare(seekers)
    rows = np.random.default_rng(3).choice(size.seekers, size.single, replace=False)
    lists = [one for one in seekers if one != "certificates"]
    some = []
    for row in rows.tolist():
        stated = seekers.loc[row, lists].dropna().to_dict()
        one = {key: getattr(value, "item", lambda value=value: value)() for key, value in
               stated.items()}  # fmt: skip
        some.append(one | {"certificates": seekers.loc[row, "certificates"]})
    times = {name: [] for name in ("prepared", "dict", *PEERS)}
    answers = {"prepared": [], "dict": []}
    # Who asks for prepared seekers asks for one after the other: what is told of all of them, and
    # the pools of their kinds, are there then.
    ways = {
        "prepared": lambda one: matcher.match_one(one["id"], among=among),
        "dict": matcher.match_one,
    }
    for name, way in ways.items():
        for one in [*some[:1], *some]:
            begun = time.process_time()
            answer = way(one)
            times[name].append(time.process_time() - begun)
            answers[name].append(answer)
        del times[name][0]
    if answers["prepared"] != answers["dict"]:
        sys.exit("The answers differ, prepared and as a dict.")
    for row in rows.tolist():
        duck.take(np.array([row]))
        for name, query in PEERS.items():
            times[name].append(spent(lambda query=query: duck.ask(query)))
    ms = {name: statistics.median(each) * 1e3 for name, each in times.items()}
    met = ms["prepared"] < ONE_MS
    return [
        Figure("One prepared seeker, median", f"{ms['prepared']:.2f} ms", f"under {ONE_MS:g} ms",
               met),
        Figure("One seeker as a dict, median", f"{ms['dict']:.2f} ms"),
        *(Figure(f"{name}: one seeker, median", f"{ms[name]:.0f} ms") for name in PEERS),
    ]  # fmt: skip


def peak_gb(seekers: pd.DataFrame, jobs: pd.DataFrame) -> float:
    """Return what a process that reads both and matches all needs at most, GB."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{name}.parquet") for name in ("seekers", "jobs")]
        for path, frame in zip(paths, (seekers, jobs), strict=True):
            frame.to_parquet(path)
        process = subprocess.Popen([sys.executable, __file__, "--match", *map(str, paths)])  # noqa: S603 - this file
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit("The process whose memory was to be measured failed.")
    return usage.ru_maxrss * 1024 / 1e9


def figures(size: Size) -> list[Figure]:
    """Measure everything."""
    seekers, jobs = draw(size)
    gigabytes = peak_gb(seekers, jobs)
    duck, matcher = Duck(seekers, jobs), gm.Matcher(jobs, OPTIONS)
    use_cores(1)
    matcher.match(seekers.iloc[:100])  # compile, allocate
    times, (n, n_apart) = race(matcher, seekers, jobs, duck, size)
    seconds = {name: statistics.median(each) for name, each in times.items()}
    lines = [
        Figure("All seekers, one core", f"{seconds['ours']:.1f} s"),
        Figure("the same, with making the jobs ready", f"{seconds['unprepared']:.1f} s"),
    ]
    for number, name in enumerate(PEERS):
        ratio = statistics.median(
            peer / own for peer, own in zip(times[name], times["ours"], strict=True)
        )
        target = "" if number else f"at least {FASTER:g}×, wanted {WANTED:g}×"
        met = None if number else ratio >= FASTER
        lines.append(Figure(name, f"{seconds[name]:.0f} s: {ratio:.1f}× ours", target, met))
    met = seconds["two"] < TWO_CORES_S
    return [
        *lines,
        Figure("All, two cores", f"{seconds['two']:.1f} s", f"under {TWO_CORES_S:g} s", met),
        Figure("Peak memory of a process that reads and matches all", f"{gigabytes:.2f} GB",
               f"under {MEMORY_GB:g} GB", gigabytes < MEMORY_GB),
        *singly(matcher, seekers, duck, size),
        Figure("Pairs compared with DuckDB's, by only one side", f"{n:,}, {n_apart:,}"),
    ]  # fmt: skip


def said(size: Size) -> str:
    """Name the machine and what was asked."""
    info = Path("/proc/cpuinfo")
    model = platform.processor() or platform.machine()
    if info.exists():
        named = re.search(r"model name\s*:\s*(.+)", info.read_text())
        model = named.group(1) if named else model
    return (
        f"Measured on {dt.datetime.now(dt.UTC).date()}: {model}, DuckDB {duckdb.__version__};"
        f" {size.seekers:,} seekers, {size.jobs:,} jobs at {size.sites:,} sites, all conditions,"
        f" top {OPTIONS.limit}. Medians of {size.rounds} rounds by turns; seconds of the processor"
        f" where one core is used. DuckDB: tables made ready, one thread, {size.sample:,} seekers a"
        " round, extrapolated."
    )


def main() -> None:
    """Measure, or be the process whose memory is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--match", nargs=2, metavar=("SEEKERS", "JOBS"), help="match two files")
    parser.add_argument("--try", action="store_true", dest="small", help="small, only printed")
    asked = parser.parse_args()
    if asked.match:
        seekers, jobs = map(pd.read_parquet, asked.match)
        gm.match(seekers, jobs, OPTIONS)
        return
    size = TRY if asked.small else Size()
    head = [said(size), "", "| | measured | target | |", "|---|---|---|---|"]
    text = "\n".join([*head, *map(str, figures(size)), ""])
    if asked.small:
        sys.stdout.write(text)
    else:
        keep("matching", text)


if __name__ == "__main__":
    main()
