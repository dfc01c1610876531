"""Draw the demonstration city at two scales: time and memory of the whole command, as a table.

`make bench` runs it; it writes `city.md` beside it, which README quotes.
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from quoting import keep

SCALES = ("small", "city")


def measure(scale: str) -> tuple[float, float, float]:
    """Return seconds, peak memory and the size of the files, both in gigabytes."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "geo_match", "demo", "--out", f"{folder}/city"]
        start = time.perf_counter()
        subprocess.run([*command, "--scale", scale], check=True, capture_output=True)  # noqa: S603 - our own interpreter
        seconds = time.perf_counter() - start
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    # The largest of all that ended so far: scales are run from small to large.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return seconds, peak / 1e9, size / 1e9


def main() -> None:
    """Measure, print the table and put it where README quotes it."""
    today = dt.datetime.now(tz=dt.UTC)
    lines = [
        f"Measured on {today:%Y-%m-%d}: {os.cpu_count()} cores, shared; whole commands.",
        "",
        "| `geo-match demo` | seconds | peak memory | files |",
        "|---|---:|---:|---:|",
    ]
    for scale in SCALES:
        seconds, peak, size = measure(scale)
        lines.append(f"| `--scale {scale}` | {seconds:.0f} | {peak:.1f} GB | {size * 1e3:.0f} MB |")
    keep("city", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
