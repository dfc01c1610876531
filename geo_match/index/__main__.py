"""`python -m geo_match.index`: compile the kernels once, so that no first question waits for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from geo_match.index import LiveIndex, PointChange, PointIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def compile_kernels() -> None:
    """Ask a small index every question; the machine code stays in a cache beside the package."""
    index = PointIndex(lon=[117.36, 117.38, 117.50], lat=[32.93, 32.94, 32.90])
    with LiveIndex(ids=["a", "b"], lon=[117.36, 117.38], lat=[32.93, 32.94]) as live:
        live.apply([PointChange(1, "a", 117.37, 32.93)])
        snapshot = live.snapshot()
    circle = {"lon": 117.37, "lat": 32.93, "radius_m": 3000.0}
    questions: dict[str, Callable[[], object]] = {
        "count_within": lambda: index.count_within(**circle),
        # A point exactly on the rim, so that the list of doubtful points is compiled too.
        "radius 0": lambda: index.count_within(lon=117.36, lat=32.93 + 1e-14, radius_m=0.0),
        "sum_within": lambda: index.sum_within(**circle, weights=[1, 2, 3]),
        "within": lambda: index.within(**circle),
        "nearest": lambda: index.nearest(lon=117.37, lat=32.93),
        "count_reaching": lambda: index.count_reaching(**circle),
        "count_within beside changes": lambda: snapshot.count_within(**circle),
        "within beside changes": lambda: snapshot.within(**circle),
        "around": lambda: snapshot.around(
            **circle, k=1, weights=snapshot.prepare(np.ones(snapshot.n_positions, dtype=np.int64))
        ),
        "nearest beside changes": lambda: snapshot.nearest(lon=117.37, lat=32.93),
    }
    ask_all(questions)


def ask_all(questions: Mapping[str, Callable[[], object]]) -> None:
    """Ask questions for the sake of the kernels behind them, and show how far it is."""
    columns = (
        TextColumn("Compiling kernels"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=len(questions))
        for number, (name, ask) in enumerate(questions.items(), start=1):
            progress.update(task, description=name)
            if not console.is_terminal:
                console.print(f"Compiling kernels {number}/{len(questions)}: {name}")
            ask()
            progress.advance(task)


if __name__ == "__main__":
    compile_kernels()
