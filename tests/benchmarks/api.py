"""Measure the API under load, beside a bare route, PostGIS and Redis.

`make bench` runs it; it writes `api.md` beside it and into README, each figure with its target;
`--try` is a smaller run that only prints, `--soak 10` loads it for ten minutes instead. The server,
whoever loads it and whoever writes beside it share one machine. Requests come at random moments,
300 a second, whether or not others were answered; latencies count from when each was due. The bare
route is a FastAPI application of one line, asked at the same rate before and after.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime as dt
import itertools
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from api_city import (
    COMMAND,
    WORKERS,
    key_of,
    make,
    nothing_served,
    publish,
    resident_mb,
    served,
    settle,
)
from api_load import Answer, Request, Target, drain, drive, quantile, request
from api_peers import CLIENTS, NEAREST, RADIUS_M, REDIS, by_clients, postgis, redis
from quoting import keep

from geo_match.cli.priority import giving_way
from geo_match.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RATE = 300.0
STEADY, BUSY, LAG_S = 5.0, 15.0, 1.0
PEERS = {"PostGIS": 10.0, "Redis `GEOSEARCH`": 3.0}
"""The targets."""
MOVED_EVERY_S = 10.0
FLAT, SOAKED_IN_S = 1.1, 60.0
"""By how much the memory may have grown at the end of a long run."""


class Size(NamedTuple):
    """How much is measured: rows, and seconds of each part."""

    seekers: int = 200_000
    jobs: int = 60_000
    sites: int = 12_000
    steady_s: float = 60.0
    busy_s: float = 30.0
    nothing_s: float = 20.0
    turn_s: float = 4.0
    turns: int = 3


TRY = Size(2_000, 3_000, 600, 6.0, 4.0, 3.0, 1.0, 1)


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


class Mix:
    """The requests of a day: mostly jobs around a home.

    Parameters
    ----------
    homes, sites
        Where people ask from, and where sites are, degrees, (n, 2).
    key
        Opens all that is asked.
    """

    def __init__(self, homes: np.ndarray, sites: np.ndarray, n_jobs: int, key: str) -> None:
        self._homes = homes.tolist()
        self._sites = sites.tolist()
        self._n_jobs = n_jobs
        self.key = key
        self._version = itertools.count(1)

    def near(self, chance: np.random.Generator, limit: int = NEAREST) -> str:
        """Return the question of what is around a home."""
        lon, lat = self._homes[chance.integers(len(self._homes))]
        return f"/v1/jobs?lon={lon:.6f}&lat={lat:.6f}&radius_m={RADIUS_M}&limit={limit}"

    def __call__(self, chance: np.random.Generator) -> Request:
        """Draw a request."""
        of = chance.random()
        if of < 0.7:
            return request("nearest", self.near(chance), key=self.key)
        if of < 0.8:
            return request("count", self.near(chance, 0), key=self.key)
        if of < 0.9:
            job = chance.integers(self._n_jobs)
            return request("read", f"/v1/jobs/J9{job:05d}", key=self.key)
        if of < 0.98:
            return self.upsert(chance)
        return request("coverage", "/v1/coverage?by=district", key=self.key)

    def upsert(self, chance: np.random.Generator) -> Request:
        """Move a site by some metres."""
        number = int(chance.integers(len(self._sites)))
        lon, lat = self._sites[number]
        name = f"W9{number:05d}"
        body = {
            "id": name,
            "name": f"示例路{number}号",
            "lon": round(lon + chance.uniform(-1e-4, 1e-4), 7),
            "lat": round(lat + chance.uniform(-1e-4, 1e-4), 7),
            "datum": "wgs84",
            "version": time.time_ns() // 1_000,
        }
        return request(
            "upsert", f"/v1/sites/{name}", method="PUT", key=self.key,
            body=json.dumps(body, ensure_ascii=False).encode(),
        )  # fmt: skip


def p99(answers: Sequence[Answer], kind: str | None = None) -> float:
    """Return the 99th percentile, milliseconds."""
    return quantile(answers, 0.99, kind) * 1e3


def failed(answers: Sequence[Answer]) -> int:
    """Count what was not answered as it should."""
    return sum(one.status not in {200, 201} for one in answers)


async def _nothing(port: int, seconds: float) -> list[Answer]:
    target = Target("127.0.0.1", port)
    answers = await drive(
        target, lambda _: request("nothing", "/"), per_second=RATE, seconds=seconds
    )
    target.close()
    return answers


async def _loaded(port: int, mix: Mix, seconds: float, seed: int) -> list[Answer]:
    target = Target("127.0.0.1", port)
    answers = await drive(target, mix, per_second=RATE, seconds=seconds, seed=seed)
    target.close()
    return answers


async def _lags(port: int, mix: Mix, seconds: float) -> list[float]:
    """Write once a second; return how long after the acknowledgement an answer has it."""
    target, chance, lags = Target("127.0.0.1", port), np.random.default_rng(3), []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        _, body = await target.ask(mix.upsert(chance).sent)
        begun = time.perf_counter()
        cursor = json.loads(body)["cursor"]
        asked = request("", f"{mix.near(chance, 0)}&min_cursor={cursor}", key=mix.key)
        status, _ = await target.ask(asked.sent)  # it waits until it has what was written
        lags.append(time.perf_counter() - begun if status == 200 else np.inf)
        await asyncio.sleep(1.0)
    target.close()
    return lags


async def both(port: int, mix: Mix, seconds: float, seed: int) -> tuple[list[Answer], list[float]]:
    """Load the server, and measure beside how long its answers lag behind what is written."""
    loaded, lags = await asyncio.gather(
        _loaded(port, mix, seconds, seed), _lags(port, mix, seconds)
    )
    return loaded, lags


@contextlib.contextmanager
def beside(command: Sequence[object], *, again: bool = True) -> Iterator[None]:
    """Let another process run meanwhile, begun anew whenever it ends."""
    over = threading.Event()

    def run() -> None:
        while not over.is_set():
            with subprocess.Popen(  # noqa: S603 - our own commands
                [str(one) for one in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as process:
                while process.poll() is None and not over.wait(0.05):
                    pass
                process.kill()
            if not again:
                return

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def move_jobs(path: str) -> None:
    """Take in a list of 1,000 moved jobs every ten seconds until killed: the index is rebuilt.

    It gives way as the command does that imports lists.
    """
    chance = np.random.default_rng(11)
    with giving_way(), Store.open(path) as store:
        jobs = store.read("jobs")
        names = [name for name in jobs.schema.names if name not in {"version", "updated_at"}]
        while True:
            begun = time.perf_counter()
            some = jobs.select(names).take(chance.choice(jobs.num_rows, 1_000, replace=False))
            for name in ("lon", "lat"):
                at = some.schema.get_field_index(name)
                by = some.column(name).to_numpy() + chance.normal(0.0, 1e-4, some.num_rows)
                some = some.set_column(at, name, [by])
            store.apply("jobs", some, source="moved.csv")
            time.sleep(max(0.0, MOVED_EVERY_S - (time.perf_counter() - begun)))


def latencies(size: Size, store: Path, mix: Mix, folder: Path) -> Iterator[Figure]:
    """Load the server steadily, beside rebuilds, and beside an import."""
    with nothing_served() as bare, served(store) as (port, process):
        publish(port, mix.key)
        settle(process)
        asyncio.run(_loaded(port, mix, 5.0, 9))  # what is compiled and cached at first is
        before = asyncio.run(_nothing(bare, size.nothing_s))
        steady, lags = asyncio.run(both(port, mix, size.steady_s, 1))
        early_mb = resident_mb(process)
        with beside([sys.executable, __file__, "--move-jobs", store]):
            moved, more = asyncio.run(both(port, mix, size.busy_s, 2))
        lags += more
        listed = [COMMAND, "import", "seekers", folder / "seekers.parquet", "--store", store]
        with beside([*listed, "--accept-suspicions"]):
            imported, more = asyncio.run(both(port, mix, size.busy_s, 3))
        lags += more
        again = asyncio.run(_loaded(port, mix, size.steady_s, 4))
        after = asyncio.run(_nothing(bare, size.nothing_s))
        late_mb = resident_mb(process)
    bare_ms = p99([*before, *after])
    yield Figure("A bare route, 99th percentile", f"{bare_ms:.1f} ms")
    for what, answers, most in (
        ("The mix, steadily", [*steady, *again], STEADY),
        (
            f"The mix beside 1,000 moved jobs listed every {MOVED_EVERY_S:g} s, the index rebuilt",
            moved,
            BUSY,
        ),
        ("The mix beside an import", imported, BUSY),
    ):
        ratio = p99(answers) / bare_ms
        kinds = ", ".join(
            f"{kind} {p99(answers, kind):.1f}"
            for kind in ("nearest", "count", "read", "upsert", "coverage")
        )
        yield Figure(
            f"{what}, 99th percentile",
            f"{p99(answers):.1f} ms: {ratio:.1f}× the bare route ({kinds} ms)",
            f"within {most:g}×",
            ratio <= most,
        )
    bad = sum(map(failed, (steady, again, moved, imported)))
    n = sum(map(len, (steady, again, moved, imported)))
    yield Figure("Requests not answered as they should be", f"{bad} of {n:,}", "none", bad == 0)
    lag = sorted(lags)[int(0.99 * (len(lags) - 1))]
    yield Figure(
        "From an acknowledged write to an answer that has it, 99th percentile",
        f"{lag:.2f} s ({len(lags)} writes)",
        f"within {LAG_S:g} s",
        lag <= LAG_S,
    )
    yield memory(early_mb, late_mb)


def memory(early_mb: float, late_mb: float) -> Figure:
    """Compare the server's memory before and after."""
    return Figure(
        "Memory of the server, before and after",
        f"{early_mb:.0f} MB, {late_mb:.0f} MB",
        f"within {FLAT:g}×",
        late_mb <= early_mb * FLAT,
    )


def soaked(store: Path, mix: Mix, minutes: float) -> Iterator[Figure]:
    """Load the server for long, and see whether its memory stays."""
    with served(store) as (port, process):
        publish(port, mix.key)
        settle(process)
        asyncio.run(_loaded(port, mix, SOAKED_IN_S, 9))
        early_mb = resident_mb(process)
        answers = asyncio.run(_loaded(port, mix, minutes * 60.0, 1))
        late_mb = resident_mb(process)
    bad = failed(answers)
    yield Figure("Requests not answered", f"{bad} of {len(answers):,}", "none", bad == 0)
    yield memory(early_mb, late_mb)


def throughputs(
    size: Size, store: Path, mix: Mix, places: dict[str, np.ndarray]
) -> Iterator[Figure]:
    """Ask all for the exact total and the nearest within 3 km, by turns."""
    rng = np.random.default_rng(17)
    homes = places["seekers"]
    asked = homes[rng.integers(0, len(homes), 500)].tolist()
    requests = [
        request(
            "nearest",
            f"/v1/jobs?lon={lon:.6f}&lat={lat:.6f}&radius_m={RADIUS_M}&limit={NEAREST}",
            key=mix.key,
        )
        for lon, lat in asked
    ]

    async def drained(port: int) -> float:
        target = Target("127.0.0.1", port)
        n, spent = await drain(target, requests, clients=CLIENTS, seconds=size.turn_s)
        target.close()
        return n / spent

    makers = {"PostGIS": postgis} | ({"Redis `GEOSEARCH`": redis} if REDIS else {})
    rates: dict[str, list[float]] = {name: [] for name in ("ours", *makers)}
    with contextlib.ExitStack() as stack:
        port, _ = stack.enter_context(served(store))
        clients = {
            name: stack.enter_context(made(places["jobs"], asked)) for name, made in makers.items()
        }
        asyncio.run(drained(port))
        for _ in range(size.turns):
            rates["ours"].append(asyncio.run(drained(port)))
            for name, client in clients.items():
                rates[name].append(by_clients(client, size.turn_s))
    yield Figure(
        f"Exact total and nearest {NEAREST} within 3 km, over HTTP, {CLIENTS} clients",
        f"{statistics.median(rates['ours']):,.0f} a second",
    )
    for name, least in PEERS.items():
        if name not in makers:
            yield Figure(f"The same of {name}", "not measured: it is not there", f"{least:g}×")
            continue
        ratio = statistics.median(
            own / other for own, other in zip(rates["ours"], rates[name], strict=True)
        )
        yield Figure(
            f"The same of {name}",
            f"{statistics.median(rates[name]):,.0f} a second: ours {ratio:.1f}×",
            f"{least:g}×",
            ratio >= least,
        )


def main() -> None:
    """Measure, and keep the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--try", action="store_true", dest="is_try")
    parser.add_argument("--soak", type=float, help="load it for so many minutes instead")
    parser.add_argument("--move-jobs")
    given = parser.parse_args()
    if given.move_jobs is not None:
        move_jobs(given.move_jobs)
        return
    size = TRY if given.is_try else Size()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store, places = make(folder, seekers=size.seekers, jobs=size.jobs, sites=size.sites)
        mix = Mix(places["seekers"], places["sites"], size.jobs, key_of(store, "operator"))
        if given.soak is not None:
            figures = [*soaked(store, mix, given.soak)]
        else:
            figures = [*throughputs(size, store, mix, places), *latencies(size, store, mix, folder)]
    today = dt.datetime.now(tz=dt.UTC)
    about = (
        f"Measured on {today:%Y-%m-%d}: {os.cpu_count()} cores, shared by server, clients and "
        f"writers; {WORKERS} workers of the server; Python {platform.python_version()}; "
        f"{size.seekers:,} seekers, {size.jobs:,} jobs at {size.sites:,} sites. The mix: "
        f"{RATE:g} requests a second, 70 % the nearest jobs, 10 % their number, "
        "10 % a record, 8 % a site written, 2 % coverage."
    )
    lines = [about, "", "| | measured | target | |", "|---|---|---|---|", *map(str, figures)]
    text = "\n".join(lines)
    if given.is_try or given.soak is not None:
        sys.stdout.write(text + "\n")
    else:
        keep("api", text + "\n")
    if given.soak is not None and not all(figure.is_met for figure in figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
