"""Measure a store and its replica: start, feed, lag, queries beside updates, upserts.

`make bench` runs it with 100,000 households; `--households 1200000` is the city. It writes
`store.md` beside it, which README may quote. Writers are processes of their own, as in service.
The writer of updates writes in every second half-second of the clock; in the others the static
index is asked, so that the machine's moods fall on both alike.
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
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from quoting import keep

import geo_match as gm
from geo_match.store import Store
from geo_match.store.replica import replica

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo_match.store.reading.feed import Cursor

N_HOUSEHOLDS, PER_SECOND, RADIUS_M = 100_000, 1_000, 3_000.0
BATCH, TURN_S, TURNS = 20, 0.5, 12
N_UPSERTS, N_IMPORTED = 400, 100_000
TURN_NS = int(TURN_S * 1e9)


def households(n: int, seed: int, first: int = 0) -> pa.Table:
    """Draw households of a city."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(7).normal((117.38, 32.93), 0.08, (60, 2))
    at = centres[rng.integers(0, 60, n)] + rng.normal(0.0, 0.015, (n, 2))
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


def is_writing_turn() -> bool:
    """Tell whether this half-second of the clock is one of updates."""
    return time.time_ns() // TURN_NS % 2 == 0


def write_updates(path: str, n: int, seconds: float) -> None:
    """Move 1,000 households a second in the turns of updates; print each commit and its moment."""
    rng = np.random.default_rng(11)
    until = time.monotonic() + seconds
    with Store.open(path) as store:
        while time.monotonic() < until:
            if not is_writing_turn():
                time.sleep(0.001)
                continue
            start = time.perf_counter()
            moved = households(BATCH, int(rng.integers(1 << 30)), int(rng.integers(n - BATCH)))
            _, cursor = store.put("households", moved)
            sys.stdout.write(f"{cursor.seq} {time.time()}\n")
            time.sleep(max(0.0, BATCH / PER_SECOND - (time.perf_counter() - start)))


def write_import(path: str) -> None:
    """Import a list again and again until killed, each time with other places."""
    with Store.open(path) as store:
        for seed in range(1_000):
            store.apply("households", households(N_IMPORTED, seed), source="benchmark")


def first_answer(path: str) -> None:
    """Open the store, bring its points in, and ask one question."""
    with Store.open(path) as store, replica.Replica(store) as points:
        snapshot = points.snapshot()["households"]
        sys.stdout.write(str(snapshot.count_within(lon=117.38, lat=32.93, radius_m=RADIUS_M)))


def start(*arguments: object) -> subprocess.Popen[str]:
    """Start this file as another process."""
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, __file__, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )


def opened_in(path: Path) -> float:
    """Return the seconds from starting a process to its first answer."""
    spent = []
    for _ in range(3):
        begun = time.perf_counter()
        start("first-answer", path).communicate()
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


def asked_for(ask: Callable[[], object], *, writing: bool) -> float:
    """Return how often a second something can be asked in the next turn of this sort."""
    while is_writing_turn() is not writing:
        time.sleep(0.001)
    n, begun = 0, time.perf_counter()
    while is_writing_turn() is writing:
        ask()
        n += 1
    return n / (time.perf_counter() - begun)


def beside_updates(store: Store, path: Path, n: int) -> tuple[list[str], np.ndarray, str]:
    """Ask the static index and the replica by turns; return rows, lags and what was written."""
    table = store.read("households", fields=["lon", "lat"])
    static = gm.PointIndex(lon=table.column("lon").to_numpy(), lat=table.column("lat").to_numpy())
    origins = households(1_000, 99)
    lon, lat = origins.column("lon").to_numpy(), origins.column("lat").to_numpy()
    questions = {
        "`count_within`, one origin": lambda i: i.count_within(
            lon=lon[0], lat=lat[0], radius_m=RADIUS_M
        ),
        "`within`, one origin": lambda i: i.within(lon=lon[0], lat=lat[0], radius_m=RADIUS_M),
        "`nearest` 10, one origin": lambda i: i.nearest(lon=lon[0], lat=lat[0], k=10),
        "`count_within`, 1,000 origins": lambda i: i.count_within(
            lon=lon, lat=lat, radius_m=RADIUS_M
        ),
        "`nearest` 10, 1,000 origins": lambda i: i.nearest(lon=lon, lat=lat, k=10),
    }
    rows = []
    with Watched(store, ["households"]) as points:
        seconds = len(questions) * TURNS * TURN_S * 2 + 5.0
        writer = start("updates", path, "--households", n, "--seconds", seconds)
        time.sleep(3.0)
        for name, ask in questions.items():
            turns = [
                (
                    asked_for(lambda: ask(static), writing=False),  # noqa: B023 - asked at once
                    asked_for(lambda: ask(points.snapshot()["households"]), writing=True),  # noqa: B023 - the same
                )
                for _ in range(TURNS)
            ]
            alone, beside = (statistics.median(side) for side in zip(*turns, strict=True))
            ratio = statistics.median(a / b for a, b in turns)
            rows.append(f"| {name} | {alone:,.0f} | {beside:,.0f} | {ratio:.2f}× |")
        told = writer.communicate()[0].split()
        seq, committed = np.array(told[::2], dtype=np.int64), np.array(told[1::2], dtype=float)
        points.wait_for(int(seq[-1]), timeout_s=60.0)
        shown_seq, shown = (np.array(side) for side in zip(*points.shown_at, strict=True))
    at = np.searchsorted(shown_seq, seq)
    rate = len(seq) * BATCH / (seconds / 2)
    rebuilds = points.live["households"].n_rebuilds
    return rows, shown[at] - committed, f"{rate:,.0f} updates a second; {rebuilds} rebuilds"


def upserts_beside_import(store: Store, path: Path) -> np.ndarray:
    """Put single records while another process imports; return the seconds of each."""
    importer = start("import", path)
    try:
        time.sleep(5.0)
        spent = []
        for number in range(N_UPSERTS):
            one = households(1, number, 10_000_000 + number)
            begun = time.perf_counter()
            store.put("households", one)
            spent.append(time.perf_counter() - begun)
            time.sleep(0.02)
    finally:
        importer.kill()
        importer.communicate()
    return np.array(spent)


def milliseconds(spent: np.ndarray) -> str:
    """Write the median, the 99th percentile and the longest."""
    half, most, longest = np.quantile(spent, (0.5, 0.99, 1.0)) * 1e3
    return f"{half:.0f} ms (median), {most:.0f} ms (99th percentile), {longest:.0f} ms (longest)"


def measure(n: int, folder: Path) -> str:
    """Measure all on a new store in a folder; return the text."""
    path = folder / "bench.db"
    with Store.open(path) as store:
        store.apply("households", households(n, 1), source="benchmark")
        first_s = opened_in(path)
        rate = feed_rate(store)
        rows, lag, written = beside_updates(store, path, n)
        upserts = upserts_beside_import(store, path)
    today = dt.datetime.now(dt.UTC).date()
    return "\n".join(
        [
            f"Measured on {today}: {os.cpu_count()} cores, shared; SQLite, {n:,} households.",
            "",
            f"- From starting a process to its first answer: {first_s:.1f} s",
            f"- Reading the feed: {rate:,.0f} changes a second",
            f"- Lag of the replica ({written}): {milliseconds(lag)}",
            f"- A record put beside a running import: {milliseconds(upserts)}",
            "",
            "| questions a second | static | replica, beside updates | static is faster by |",
            "|---|---:|---:|---:|",
            *rows,
            "",
        ]
    )


def main() -> None:
    """Measure, or be one of the processes beside."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", default="measure")
    parser.add_argument("path", nargs="?")
    parser.add_argument("--households", type=int, default=N_HOUSEHOLDS)
    parser.add_argument("--seconds", type=float, default=0.0)
    asked = parser.parse_args()
    match asked.what:
        case "updates":
            write_updates(asked.path, asked.households, asked.seconds)
        case "import":
            write_import(asked.path)
        case "first-answer":
            first_answer(asked.path)
        case _:
            with tempfile.TemporaryDirectory() as folder:
                keep("store", measure(asked.households, Path(folder)))


if __name__ == "__main__":
    main()
