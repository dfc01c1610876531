"""Measure a store and its replica: start, feed, lag, queries beside updates, upserts.

`make bench` runs it with 100,000 households; `--city` adds the opening of a store of 1,200,000
and their jobs. It writes `store.md` beside it and into README, each figure with its target;
`--try` is a small run that only prints. Who writes is a process of its own, as in service. Updates
come without a pause while the replica is asked. The static index is asked before and after them,
when nobody writes, in the same process: it has the machine to itself.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
from quoting import keep

import geo_match as gm
from geo_match.store import Store
from geo_match.store.replica import replica

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from geo_match.index import Snapshot
    from geo_match.store.reading.feed import Cursor

    Ask = Callable[[gm.PointIndex | Snapshot], object]

PER_SECOND, BATCH, RADIUS_M, TURN_S = 1_000, 20, 3_000.0, 0.25
HOUSEHOLDS_PER_JOB, JOBS_PER_SITE = 60, 2
LAG_S, SLOWER, CITY_S, UPSERT_S, FEED = 1.0, 1.5, 10.0, 0.05, 100_000
"""The targets: lag and upserts are 99th percentiles, seconds; `FEED` is in changes a second."""


class Size(NamedTuple):
    """How much is measured.

    Parameters
    ----------
    households, imported
        Those of the store, and of the list that is imported meanwhile.
    city
        Those of the city store.
    turns
        Of each question, each `TURN_S` long.
    upserts
        Single records that are put.
    opened
        How often a store is opened.
    """

    households: int = 100_000
    imported: int = 100_000
    city: int = 1_200_000
    turns: int = 12
    upserts: int = 400
    opened: int = 3


TRY = Size(3_000, 20_000, 6_000, 2, 40, 1)


class Figure(NamedTuple):
    """A line of the table: what was measured, how it came out, and whether that is as it must be.

    `is_met` is None where it was not measured.
    """

    what: str
    measured: str
    target: str
    is_met: bool | None

    def __str__(self) -> str:
        """Write it as a row."""
        said = {True: "met", False: "**not met**", None: ""}[self.is_met]
        return f"| {self.what} | {self.measured} | {self.target} | {said} |"


def places(n: int, rng: np.random.Generator) -> np.ndarray:
    """Draw places of a city, degrees, (n, 2)."""
    centres = np.random.default_rng(7).normal((117.38, 32.93), 0.08, (60, 2))
    return centres[rng.integers(0, 60, n)] + rng.normal(0.0, 0.015, (n, 2))


def households(n: int, seed: int, first: int = 0) -> pa.Table:
    """Draw households of a city."""
    rng = np.random.default_rng(seed)
    at = places(n, rng)
    members = rng.integers(1, 7, n)
    return pa.table(
        {
            "id": [f"H{number:07d}" for number in range(first, first + n)],
            "address": [f"解放路{number}号" for number in rng.integers(1, 2_000, n)],
            "lon": at[:, 0],
            "lat": at[:, 1],
            "located_by": ["given"] * n,
            "member_count": members,
            "working_age_count": rng.integers(0, members + 1),
        }
    )


def work(n: int, seed: int) -> tuple[pa.Table, pa.Table]:
    """Draw sites and their jobs, of a city of so many households."""
    rng = np.random.default_rng(seed)
    n_jobs = n // HOUSEHOLDS_PER_JOB
    at = places(n_jobs // JOBS_PER_SITE, rng)
    of = rng.integers(0, len(at), n_jobs)
    sites = {"id": [f"W{number}" for number in range(len(at))], "lon": at[:, 0], "lat": at[:, 1]}
    jobs = {
        "id": [f"J{number}" for number in range(n_jobs)],
        "title": ["收银员"] * n_jobs,
        "occupation_version": ["2022"] * n_jobs,
        "site_id": [f"W{number}" for number in of],
        "lon": at[of, 0],
        "lat": at[of, 1],
        "vacancies": rng.integers(1, 9, n_jobs),
    }
    given = {"located_by": ["given"]}
    return (
        pa.table(sites | {"located_by": given["located_by"] * len(at), "name": sites["id"]}),
        pa.table(jobs | {"located_by": given["located_by"] * n_jobs}),
    )


def write_updates(path: str, n: int, seconds: float) -> None:
    """Move 1,000 households a second without a pause; at the end print each commit's moment."""
    rng = np.random.default_rng(11)
    told = []
    with Store.open(path) as store:
        store.put("households", households(BATCH, 12))
        sys.stdout.write("begun\n")
        sys.stdout.flush()
        start = time.perf_counter()
        while (spent := time.perf_counter() - start) < seconds:
            time.sleep(max(0.0, len(told) * BATCH / PER_SECOND - spent))
            moved = households(BATCH, int(rng.integers(1 << 30)), int(rng.integers(n - BATCH)))
            _, cursor = store.put("households", moved)
            told.append(f"{cursor.seq} {time.time()}")
        told.append(f"{len(told) * BATCH} {spent}")
    sys.stdout.write("\n".join(told))


def write_import(path: str, n: int) -> None:
    """Import a list again and again until killed, each time with other places."""
    with Store.open(path) as store:
        for seed in range(1_000):
            store.apply(
                "households", households(n, seed), source="benchmark", watch=None if seed else tell
            )


def tell(_: int) -> None:
    """Say that the import has begun."""
    sys.stdout.write("begun\n")
    sys.stdout.flush()


def first_answer(path: str) -> None:
    """Open the store, bring its points in, and ask one question of households and of sites."""
    with Store.open(path) as store, replica.Replica(store) as points:
        for kind in ("households", "sites"):
            snapshot = points.snapshot()[kind]
            n = snapshot.count_within(lon=117.38, lat=32.93, radius_m=RADIUS_M)
            sys.stdout.write(f"{n}\n")


def start(*arguments: object) -> subprocess.Popen[str]:
    """Start this file as another process."""
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, __file__, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )


def opened_in(path: Path, rounds: int) -> float:
    """Return the seconds from starting a process to its first answer."""
    spent = []
    for _ in range(rounds):
        begun = time.perf_counter()
        with start("first-answer", path) as process:
            process.communicate()
        if process.returncode:
            sys.exit("The process that was to answer failed.")
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent)


def feed_rate(store: Store) -> float:
    """Return the changes a second at which the feed is read."""
    n = min(store.head().seq, 200_000)
    spent = []
    for _ in range(3):
        begun = time.perf_counter()
        for _ in store.changes(most=n):
            pass
        spent.append(time.perf_counter() - begun)
    return n / statistics.median(spent)


class Watched(replica.Replica):
    """A replica that notes when each place in the feed was shown."""

    def _show(self, cursor: Cursor) -> None:
        super()._show(cursor)
        self.__dict__.setdefault("shown_at", []).append((cursor.seq, time.time()))


def questions() -> dict[str, Ask]:
    """Return what is asked, each with one origin or a thousand."""
    lon, lat = places(1_000, np.random.default_rng(99)).T
    one = {"lon": lon[0], "lat": lat[0]}
    many = {"lon": lon, "lat": lat}
    return {
        "`count_within`, one origin": lambda i: i.count_within(**one, radius_m=RADIUS_M),
        "`within`, one origin": lambda i: i.within(**one, radius_m=RADIUS_M),
        "`nearest` 10, one origin": lambda i: i.nearest(**one, k=10),
        "`count_within`, 1,000 origins": lambda i: i.count_within(**many, radius_m=RADIUS_M),
        "`nearest` 10, 1,000 origins": lambda i: i.nearest(**many, k=10),
    }


def asked_for(ask: Ask, of: Callable[[], gm.PointIndex | Snapshot]) -> float:
    """Return how often a second something can be asked, in one turn."""
    n, begun = 0, time.perf_counter()
    while (spent := time.perf_counter() - begun) < TURN_S:
        ask(of())
        n += 1
    return n / spent


def all_asked(of: Callable[[], gm.PointIndex | Snapshot], rounds: int) -> dict[str, list[float]]:
    """Ask all questions by turns; return how often a second each was answered, by turn."""
    asked = questions()
    rates: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(rounds):
        for name, ask in asked.items():
            rates[name].append(asked_for(ask, of))
    return rates


def beside_updates(store: Store, path: Path, size: Size) -> Iterator[Figure]:
    """Ask the static index, then the replica beside updates, then the static index again."""
    table = store.read("households", fields=["lon", "lat"])
    static = gm.PointIndex(lon=table.column("lon").to_numpy(), lat=table.column("lat").to_numpy())
    half = max(1, size.turns // 2)
    with Watched(store, ["households"]) as points:
        alone = all_asked(lambda: static, half)
        seconds = len(alone) * size.turns * TURN_S + 1.0
        arguments = ("--households", size.households, "--seconds", seconds)
        with start("updates", path, *arguments) as writer:
            writer.stdout.readline()
            beside = all_asked(lambda: points.snapshot()["households"], size.turns)
            told = writer.communicate()[0].split()
        n, spent = int(told[-2]), float(told[-1])
        seq, committed = np.array(told[:-2:2], np.int64), np.array(told[1:-2:2], float)
        points.wait_for(int(seq[-1]), timeout_s=60.0)
        again = all_asked(lambda: static, half)
        shown_seq, shown = (np.array(side) for side in zip(*points.shown_at, strict=True))
        n_rebuilds = points.live["households"].n_rebuilds
    rate = n / spent
    lag = shown[np.searchsorted(shown_seq, seq)] - committed
    yield Figure(
        "Updates written and followed",
        f"{rate:,.0f} a second for {spent:.0f} s, {n_rebuilds} rebuilds",
        f"{PER_SECOND:,} a second",
        round(rate, -1) >= PER_SECOND,
    )
    yield Figure(
        "Lag of the replica behind them, 99th percentile",
        f"{np.quantile(lag, 0.99):.3f} s (median {np.median(lag):.3f} s)",
        f"under {LAG_S:g} s",
        bool(np.quantile(lag, 0.99) < LAG_S),
    )
    for name, rates in beside.items():
        static_rate = statistics.median([*alone[name], *again[name]])
        live_rate = statistics.median(rates)
        yield Figure(
            f"{name}: beside the updates",
            f"{live_rate:,.0f} a second; static {static_rate:,.0f}: {static_rate / live_rate:.2f}×",
            f"within {SLOWER:g}×",
            static_rate / live_rate <= SLOWER,
        )


def upserts_beside_import(store: Store, path: Path, size: Size) -> Figure:
    """Put single records while another process imports."""
    spent = []
    with start("import", path, "--households", size.imported) as importer:
        try:
            importer.stdout.readline()
            for number in range(size.upserts):
                one = households(1, number, 10_000_000 + number)
                begun = time.perf_counter()
                store.put("households", one)
                spent.append(time.perf_counter() - begun)
                time.sleep(0.02)
        finally:
            importer.kill()
    most = float(np.quantile(spent, 0.99))
    half, longest = np.median(spent) * 1e3, max(spent) * 1e3
    return Figure(
        "A record put beside a running import, 99th percentile",
        f"{most * 1e3:.0f} ms (median {half:.0f} ms, longest {longest:.0f} ms)",
        f"under {UPSERT_S * 1e3:.0f} ms",
        most < UPSERT_S,
    )


def make(path: Path, n: int) -> Store:
    """Make a store of so many households with sites and jobs; return it open."""
    store = Store.open(path)
    sites, jobs = work(n, 3)
    for kind, records in (("households", households(n, 1)), ("sites", sites), ("jobs", jobs)):
        store.apply(kind, records, source="benchmark")
    return store


def city_opened(folder: Path, size: Size, *, is_asked: bool) -> Figure:
    """Open the city store; say how it is measured if it is not asked for."""
    n_jobs = size.city // HOUSEHOLDS_PER_JOB
    what = f"Store of {size.city:,} households and {n_jobs:,} jobs: process to first answer"
    if not is_asked:
        return Figure(what, "not measured: `store.py --city`", f"under {CITY_S:g} s", None)
    path = folder / "city.db"
    make(path, size.city).close()
    spent = opened_in(path, size.opened)
    return Figure(what, f"{spent:.1f} s", f"under {CITY_S:g} s", spent < CITY_S)


def measure(size: Size, folder: Path, *, city: bool) -> str:
    """Measure all on new stores in a folder; return the text."""
    path = folder / "bench.db"
    with make(path, size.households) as store:
        rate = feed_rate(store)
        figures = [
            city_opened(folder, size, is_asked=city),
            Figure(
                "Reading the feed", f"{rate:,.0f} changes a second", f"over {FEED:,}", rate > FEED
            ),
            *beside_updates(store, path, size),
            upserts_beside_import(store, path, size),
        ]
    today = dt.datetime.now(dt.UTC).date()
    said = (
        f"Measured on {today}: {os.cpu_count()} cores, shared; SQLite, {size.households:,}"
        f" households, files in the system's cache; updates in transactions of {BATCH}. Static: the"
        " index of the same points that never changes, while nobody writes."
    )
    head = [said, "", "| | measured | target | |", "|---|---|---|---|"]
    return "\n".join([*head, *map(str, figures), ""])


def main() -> None:
    """Measure, or be one of the processes beside."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", default="measure")
    parser.add_argument("path", nargs="?")
    parser.add_argument("--households", type=int, default=Size().households)
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--city", action="store_true", help="also open the city store")
    parser.add_argument("--try", action="store_true", dest="small", help="small, only printed")
    asked = parser.parse_args()
    match asked.what:
        case "updates":
            write_updates(asked.path, asked.households, asked.seconds)
        case "import":
            write_import(asked.path, asked.households)
        case "first-answer":
            first_answer(asked.path)
        case _:
            size = TRY if asked.small else Size(households=asked.households)
            with tempfile.TemporaryDirectory() as folder:
                text = measure(size, Path(folder), city=asked.city)
            if asked.small:
                sys.stdout.write(text)
            else:
                keep("store", text)


if __name__ == "__main__":
    main()
