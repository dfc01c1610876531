"""The city that the API is measured on, and its servers: drawn, imported, started."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from geo_match.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).parents[2] / "data"
COMMAND = Path(sys.executable).with_name("geo-match")
SHIPPED = ("communities", "employers", "stations", "households")
PATIENCE_S = 120.0
PUBLISHED_S = 900.0
IDLE = 0.2
"""Of a processor: a server that takes less has nothing to do."""
WORKERS = 2
NOTHING = """
import sys
import fastapi, uvicorn
app = fastapi.FastAPI()
@app.get("/")
def nothing() -> dict[str, bool]:
    return {"ok": True}
uvicorn.run(app, port=int(sys.argv[1]), log_level="error", access_log=False)
"""


def draw(folder: Path, *, seekers: int, jobs: int, sites: int) -> dict[str, np.ndarray]:
    """Write lists of a larger city, drawn from the demonstration's, each place moved a little.

    Returns
    -------
    dict
        Of sites and of homes their degrees, (n, 2); of jobs those of their sites.
    """
    rng = np.random.default_rng(5)
    frames = {
        kind: gpd.read_parquet(DATA / f"{kind}.parquet") for kind in ("seekers", "jobs", "sites")
    }

    def drawn(kind: str, n: int) -> gpd.GeoDataFrame:
        rows = rng.integers(0, len(frames[kind]), n)
        return frames[kind].iloc[rows].reset_index(drop=True)

    def moved(frame: gpd.GeoDataFrame, spread: float) -> np.ndarray:
        at = shapely.get_coordinates(frame.geometry.to_numpy())
        return at + rng.normal(0.0, spread, at.shape)

    some = drawn("sites", sites)
    some["id"] = [f"W9{number:05d}" for number in range(sites)]
    at = {"sites": moved(some, 0.002)}
    offered = drawn("jobs", jobs)
    of = rng.integers(0, sites, jobs)
    offered["id"] = [f"J9{number:05d}" for number in range(jobs)]
    offered["site_id"] = some["id"].to_numpy()[of]
    offered["employer_id"] = some["employer_id"].to_numpy()[of]
    offered["employer"] = some["employer"].to_numpy()[of]
    at["jobs"] = at["sites"][of]
    homes = drawn("seekers", seekers).drop(columns="household")
    homes["id"] = [f"S9{number:06d}" for number in range(seekers)]
    at["seekers"] = moved(homes, 0.001)
    for kind, frame in (("sites", some), ("jobs", offered), ("seekers", homes)):
        # What was said of the row's own place is not true of the new one.
        kept = frame.drop(columns=["community"]).set_geometry(shapely.points(at[kind]), crs=4326)
        kept.to_parquet(folder / f"{kind}.parquet")
    return at


def make(
    folder: Path, *, seekers: int, jobs: int, sites: int
) -> tuple[Path, dict[str, np.ndarray]]:
    """Import such a city; return the store's path, and the places."""
    at = draw(folder, seekers=seekers, jobs=jobs, sites=sites)
    store = folder / "city.db"
    for kind, file in (
        *((kind, DATA / f"{kind}.parquet") for kind in SHIPPED),
        *((kind, folder / f"{kind}.parquet") for kind in ("sites", "jobs", "seekers")),
    ):
        done = subprocess.run(  # noqa: S603 - our own command
            [COMMAND, "import", kind, file, "--store", store, "--accept-suspicions"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode > 1:
            sys.exit(f"{kind} were not imported: {done.stdout}{done.stderr}")
    return store, at


def key_of(store: Path, role: str) -> str:
    """Issue a key."""
    with Store.open(str(store)) as opened:
        return opened.api_keys.issue(role=role, label="benchmark")[1]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def served(store: Path, **settings: object) -> Iterator[tuple[int, int]]:
    """Serve a store; give the port and the id of the process, once it answers."""
    # Whoever loads it is one caller, who is not to be limited.
    settings = {"limit_per_s": "off", "workers": WORKERS, **settings}
    said = {f"GEO_MATCH_{name.upper()}": str(value) for name, value in settings.items()}
    port = free_port()
    with _running(
        [sys.executable, "-m", "api", "--port", str(port)],
        f"http://127.0.0.1:{port}/readyz",
        os.environ | {"GEO_MATCH_STORE": str(store)} | said,
    ) as process:
        settle(process)
        yield port, process


def publish(port: int, key: str) -> None:
    """Wait until coverage is published: it is cut once, at its first asking."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/coverage?by=district",
        headers={"Authorization": f"Bearer {key}"},
    )
    until = time.monotonic() + PUBLISHED_S
    while True:
        try:
            with urllib.request.urlopen(request, timeout=30.0):  # noqa: S310 - our own server
                return
        except urllib.error.HTTPError as error:
            if error.code != HTTPStatus.SERVICE_UNAVAILABLE or time.monotonic() > until:
                sys.exit(f"Coverage is not published: {error.read().decode()}")
            time.sleep(float(error.headers.get("Retry-After", "1")))


@contextlib.contextmanager
def nothing_served() -> Iterator[int]:
    """Serve one bare route that does nothing; give the port."""
    port = free_port()
    with _running(
        [sys.executable, "-c", NOTHING, str(port)], f"http://127.0.0.1:{port}/", dict(os.environ)
    ):
        yield port


@contextlib.contextmanager
def _running(command: list[str], ready: str, environment: dict[str, str]) -> Iterator[int]:
    process = subprocess.Popen(  # noqa: S603 - our own programs
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + PATIENCE_S
        while True:
            with contextlib.suppress(OSError), urllib.request.urlopen(ready, timeout=5.0):  # noqa: S310 - our own server
                break
            if process.poll() is not None or time.monotonic() > until:
                sys.exit(f"{command[1:3]} does not answer.")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30.0)


def settle(process: int) -> None:
    """Wait until a server has nothing to do: all its workers have started."""
    before, at, until = _spent_s(process), time.monotonic(), time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        time.sleep(2.0)
        now, after = time.monotonic(), _spent_s(process)
        if after - before < IDLE * (now - at):
            return
        before, at = after, now
    sys.exit("The server does not come to rest.")


def _spent_s(process: int) -> float:
    """Return the processor seconds of a process and of all that it has started."""
    total = 0.0
    for one in _family(process):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def _family(process: int) -> Iterator[int]:
    """Yield a process and all that it has started."""
    yield process
    for task in Path(f"/proc/{process}/task").iterdir():
        try:
            children = (task / "children").read_text().split()
        except FileNotFoundError:  # the thread has ended
            continue
        for child in children:
            yield from _family(int(child))


def resident_mb(process: int) -> float:
    """Return the memory of a process and of all that it has started, MB."""
    return sum(map(_pages, _family(process))) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _pages(process: int) -> int:
    found = re.findall(r"\d+", Path(f"/proc/{process}/statm").read_text())
    return int(found[1])
