"""Measure a live index under 1,000 updates a second beside the static index of the same points.

`make bench` runs it; it writes `live.md` beside it, which README may quote. One thread asks, the
static index and the live one by turns of a fifth of a second. During the live one's turns another
applies what came in, every 20 ms, as a follower of the store does. Ratios are taken turn by turn.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
import statistics
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from quoting import keep

import geo_match as gm
from geo_match.index import PointChange, Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

N_POINTS, PER_SECOND, RADIUS_M = 100_000, 1_000, 3_000.0
EVERY_S, TURN_S, TURNS = 0.02, 0.2, 20
N_CAUGHT_UP = 200_000
SLOWER = 1.5
"""The target: how much slower than the static index the live one may be beside updates."""
Index = gm.PointIndex | Snapshot


class Question(NamedTuple):
    """A question, asked of an index over and over, and how many origins it has."""

    name: str
    ask: Callable[[Index, object], object]
    n: int


def places(n: int, seed: int) -> np.ndarray:
    """Draw places of a city, degrees, (n, 2)."""
    rng = np.random.default_rng(seed)
    centres = np.random.default_rng(7).normal((117.38, 32.93), 0.08, (60, 2))
    return centres[rng.integers(0, 60, n)] + rng.normal(0.0, 0.015, (n, 2))


def changes(seed: int) -> Iterator[PointChange]:
    """Yield moves, newcomers and removals without end, as many that come as go."""
    rng = np.random.default_rng(seed)
    for start in itertools.count(1, 1_000):
        at = places(1_000, start)
        which = rng.integers(0, N_POINTS, 1_000)
        for i, (lon, lat) in enumerate(at.tolist()):
            seq = start + i
            if seq % 10 == 0:
                yield PointChange(seq, f"new{seq}", lon, lat, (1,))
            elif seq % 10 == 5:
                yield PointChange(seq, f"new{seq - 105}", None, None)
            else:
                yield PointChange(seq, f"p{which[i]}", lon, lat, (2,))


class Follower(threading.Thread):
    """Applies so many changes a second, and notes how late each was shown."""

    def __init__(self, live: gm.LiveIndex, source: Iterator[PointChange]) -> None:
        super().__init__()
        self.live, self.source = live, source
        self.over = threading.Event()
        self.may_run = threading.Event()
        self.lag_s: list[float] = []

    def run(self) -> None:
        start, done = time.perf_counter(), 0
        while not self.over.wait(EVERY_S):
            if not self.may_run.is_set():  # no time passes for the updates while it rests
                self.may_run.wait()
                start = time.perf_counter() - done / PER_SECOND
            due = int((time.perf_counter() - start) * PER_SECOND)
            self.live.apply(list(itertools.islice(self.source, due - done)))
            shown = time.perf_counter() - start
            self.lag_s += [shown - change / PER_SECOND for change in range(done, due)]
            done = due


def questions() -> list[Question]:
    """Return what is asked: one circle, as a request does, and a thousand, as a page does."""
    at = places(1_000, seed=2)
    one, many = at[0], at.T
    circle = {"lon": one[0], "lat": one[1], "radius_m": RADIUS_M}
    circles = {"lon": many[0], "lat": many[1], "radius_m": RADIUS_M}
    near = {"lon": many[0], "lat": many[1], "k": 10}
    return [
        Question("`count_within`, one origin", lambda i, _: i.count_within(**circle), 1),
        Question("`count_within`, 1,000 origins", lambda i, _: i.count_within(**circles), 1_000),
        Question(
            "`sum_within`, 1,000 origins", lambda i, w: i.sum_within(**circles, weights=w), 1_000
        ),
        Question("`within`, one origin", lambda i, _: i.within(**circle), 1),
        Question(
            "`nearest` 10, one origin", lambda i, _: i.nearest(lon=one[0], lat=one[1], k=10), 1
        ),
        Question("`nearest` 10, 1,000 origins", lambda i, _: i.nearest(**near), 1_000),
    ]


def asked_for(turn_s: float, ask: Callable[[], object]) -> float:
    """Return how often a second something can be asked."""
    n, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < turn_s:
        ask()
        n += 1
    return n / spent


def beside_updates(static: gm.PointIndex, live: gm.LiveIndex, weights: np.ndarray) -> list[str]:
    """Ask both by turns while the live one is followed; return the rows of the table."""
    rows = []
    prepared = static.prepare(weights)
    follower = Follower(live, changes(seed=3))
    follower.start()

    def ask_live(question: Question) -> object:
        snapshot = live.snapshot()
        return question.ask(snapshot, snapshot.prepare() if "sum" in question.name else None)

    for question in questions():
        question.ask(static, prepared)
        ask_live(question)
        turns = []
        for _ in range(TURNS):
            alone = asked_for(TURN_S, lambda: question.ask(static, prepared))  # noqa: B023 - asked at once
            follower.may_run.set()
            beside = asked_for(TURN_S, lambda: ask_live(question))  # noqa: B023 - the same
            follower.may_run.clear()
            turns.append((alone, beside))
        alone, beside = (statistics.median(turn) * question.n for turn in zip(*turns, strict=True))
        ratio = statistics.median(a / b for a, b in turns)
        met = "met" if ratio <= SLOWER else "**not met**"
        rows.append(
            f"| {question.name} | {alone:,.0f} | {beside:,.0f} | {ratio:.2f}× |"
            f" within {SLOWER:g}×: {met} |"
        )
    follower.over.set()
    follower.may_run.set()
    follower.join()
    lag = np.quantile(follower.lag_s, (0.5, 0.99)) * 1e3
    told = (
        f"{len(follower.lag_s):,} updates, shown after {lag[0]:.0f} ms (median) and {lag[1]:.0f} ms"
        f" (99th percentile); {live.n_rebuilds} rebuilds meanwhile."
    )
    return [*rows, "", told]


def catching_up(live: gm.LiveIndex) -> str:
    """Apply a long queue in batches of 500; tell how many a second."""
    after = live.cursor
    late = [
        PointChange(after + 1 + i, f"p{i % N_POINTS}", lon, lat, (1,))
        for i, (lon, lat) in enumerate(places(N_CAUGHT_UP, seed=4).tolist())
    ]
    start = time.perf_counter()
    for first in range(0, len(late), 500):
        live.apply(late[first : first + 500])
    rate = len(late) / (time.perf_counter() - start)
    return f"Catching up with {N_CAUGHT_UP:,} changes: {rate:,.0f} a second."


def main() -> None:
    """Measure, print the table and put it where README quotes it."""
    at = places(N_POINTS, seed=1)
    weights = np.random.default_rng(5).integers(1, 40, N_POINTS)
    static = gm.PointIndex(lon=at[:, 0], lat=at[:, 1])
    names = [f"p{i}" for i in range(N_POINTS)]
    with gm.LiveIndex(ids=names, lon=at[:, 0], lat=at[:, 1], weights=weights) as live:
        table = beside_updates(static, live, weights)
        caught_up = catching_up(live)
    today = dt.datetime.now(tz=dt.UTC)
    measured = (
        f"Measured on {today:%Y-%m-%d}: {os.cpu_count()} cores, shared; {N_POINTS:,} points,"
        f" {PER_SECOND:,} updates a second applied every {EVERY_S * 1e3:.0f} ms."
    )
    lines = [
        measured,
        "",
        "| origins a second | static | live, beside updates | static is faster by | target |",
        "|---|---:|---:|---:|---|",
        *table,
        "",
        caught_up,
    ]
    keep("live", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
