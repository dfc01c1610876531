"""Measure an import of a million households beside what a user would write in pandas.

Run by `python tests/benchmarks/imports.py`. Both sides are whole processes that read the same CSV
and end with its rows in a SQLite file; they take turns, so that the machine's moods fall on both
alike, and ratios are taken round by round. `geo-match import` checks every cell, converts the
coordinates, compares each place with its community's area and each record with what the store has,
and its commit is on the disk; `read_csv` and `to_sql` do none of that.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import sqlalchemy
from quoting import keep

from geo_match.datums import from_wgs84
from geo_match.store.database.driver import sqlite_module

ROUNDS = 5
N_HOUSEHOLDS = 1_000_000
DATA = Path(__file__).parents[2] / "data"
LOOK_S = 0.02
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20
COMMAND = Path(sys.executable).with_name("geo-match")
PANDAS = """
import sqlite3, sys
import pandas as pd
frame = pd.read_csv(sys.argv[1], dtype={"社区代码": str})
with sqlite3.connect(sys.argv[2]) as connection:
    frame.to_sql("households", connection, index=False)
connection.close()
"""


@dataclass
class Side:
    """Something that takes the file in, and what it took: seconds and peak MB of each round.

    The memory is that of the process and of those that it starts, together.
    """

    name: str
    seconds: list[float] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)

    def run(self, arguments: list[object]) -> None:
        """Run a process to its end, and note what it took."""
        start = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own commands
            [str(one) for one in arguments], stderr=subprocess.DEVNULL
        )
        peak_mb = 0.0
        while True:
            peak_mb = max(peak_mb, resident_mb(process.pid))
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            time.sleep(LOOK_S)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, process.args)
        self.seconds.append(time.perf_counter() - start)
        self.peak_mb.append(max(peak_mb, usage.ru_maxrss / 1024))


def resident_mb(number: int) -> float:
    """Return the memory that a process and its children have now; what they share counts twice."""
    try:
        pages = int(Path(f"/proc/{number}/statm").read_text().split()[1])
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
    except (OSError, IndexError):  # it has ended, or this system tells no such thing
        return 0.0
    return pages * PAGE_MB + sum(resident_mb(int(child)) for child in children)


def write_communities(path: Path) -> None:
    """Write the communities of the demonstration city with their areas."""
    communities = gpd.read_parquet(DATA / "communities.parquet")
    communities = communities[communities["included"]]
    communities[["code", "name", "district_name", "geometry"]].to_file(path, driver="GPKG")


def write_households(path: Path) -> None:
    """Write an office's list: households of the demonstration city, repeated under other ids."""
    rng = np.random.default_rng(5)
    homes = gpd.read_parquet(DATA / "households.parquet")
    drawn = homes.iloc[rng.integers(0, len(homes), N_HOUSEHOLDS)].reset_index(drop=True)
    lon, lat = shapely.get_coordinates(drawn.geometry.to_numpy()).T
    lon, lat = from_wgs84(lon=lon, lat=lat, datum="gcj02")
    members = rng.integers(1, 7, N_HOUSEHOLDS)
    pd.DataFrame(
        {
            "家庭编号": [f"H{number:07d}" for number in rng.permutation(N_HOUSEHOLDS)],
            "户主姓名": rng.choice(["王某", "李某", "张某", "刘某", "陈某"], N_HOUSEHOLDS),
            "地址": [f"解放路{number}号" for number in rng.integers(1, 2_000, N_HOUSEHOLDS)],
            "社区代码": drawn["community"].astype(str),
            "户口性质": rng.choice(["城镇", "农村"], N_HOUSEHOLDS),
            "人口数": members,
            "劳动年龄人数": rng.integers(0, members + 1),
            "是否零就业家庭": rng.choice(["是", "否"], N_HOUSEHOLDS, p=[0.02, 0.98]),
            "经度": np.round(lon, 6),
            "纬度": np.round(lat, 6),
            "更新时间": rng.choice(["2025-03-01", "2025-04-12", "2025-06-30"], N_HOUSEHOLDS),
        }
    ).to_csv(path, index=False)


def race(folder: Path) -> list[Side]:
    """Let the sides take turns over the same file, and once more over a store that has it all."""
    households, communities = folder / "households.csv", folder / "communities.gpkg"
    write_households(households)
    write_communities(communities)
    ours, again, pandas = (
        Side("**geo_match** `import`, into a store with the communities"),
        Side("**geo_match** `import` of the same file again: all unchanged"),
        Side("pandas `read_csv` + `to_sql`"),
    )
    for number in range(ROUNDS):
        sys.stderr.write(f"round {number + 1} of {ROUNDS} …\n")
        store, plain = folder / f"{number}.store.db", folder / f"{number}.pandas.db"
        Side("").run([COMMAND, "import", "communities", communities, "--store", store])
        taken = [COMMAND, "import", "households", households, "--store", store, "--datum", "gcj02"]
        ours.run(taken)
        pandas.run([sys.executable, "-c", PANDAS, households, plain])
        again.run(taken)
        for path in (store, plain):
            with closing(sqlite3.connect(path)) as connection:
                (n,) = connection.execute("SELECT count(*) FROM households").fetchone()
                if n != N_HOUSEHOLDS:
                    message = f"{path} has {n} households"
                    raise RuntimeError(message)
            path.unlink()
    return [ours, again, pandas]


def table(sides: list[Side]) -> list[str]:
    """Write the table, ratios to the last side round by round."""
    peer = sides[-1]
    lines = [
        f"**Importing a CSV of {N_HOUSEHOLDS:,} households, 11 columns**",
        "",
        "| | seconds | rows a second | times pandas | peak memory |",
        "|---|---:|---:|---:|---:|",
    ]
    for side in sides:
        spent = statistics.median(side.seconds)
        ratio = statistics.median(
            own / other for own, other in zip(side.seconds, peer.seconds, strict=True)
        )
        shown = "" if side is peer else f"{ratio:.1f}×"
        lines.append(
            f"| {side.name} | {spent:.1f} | {N_HOUSEHOLDS / spent:,.0f} | {shown} "
            f"| {max(side.peak_mb):,.0f} MB |"
        )
    return [*lines, ""]


def machine() -> str:
    """Name the processor and the versions, for whoever reads the table later."""
    info = Path("/proc/cpuinfo")
    model = platform.processor() or platform.machine()
    if info.exists():
        named = re.search(r"model name\s*:\s*(.+)", info.read_text())
        model = named.group(1) if named else model
    return (
        f"Measured on {dt.datetime.now(dt.UTC).date()}: {model}, {os.cpu_count()} cores,"
        f" Python {platform.python_version()}, SQLite {sqlite_module().sqlite_version},"
        f" pandas {pd.__version__}, SQLAlchemy {sqlalchemy.__version__}."
        f" Medians by turns, {ROUNDS} in all; memory is the greatest of all rounds, of a"
        " process and those that it starts."
    )


def main() -> None:
    """Run everything, and write the table."""
    with tempfile.TemporaryDirectory() as folder:
        sides = race(Path(folder))
    keep("imports", "\n".join([machine(), "", *table(sides)]))


if __name__ == "__main__":
    main()
