"""What the loops find of centres: what is eligible, how near, and what fails one condition."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match._validate import MAX_RADIUS_M, as_real
from geo_match.errors import ArgumentError
from geo_match.matching.engine.choose import count_rows
from geo_match.matching.engine.engine import Engine, doubt_m, in_runs, measured_anew
from geo_match.matching.engine.fall_short import (
    Nearest,
    count_eligible,
    count_failing,
    is_near_bound,
    keep_eligible,
    note,
)
from geo_match.matching.engine.judge import is_barred
from geo_match.matching.engine.pools import Share, chooser
from geo_match.matching.options import JUDGED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from geo_match.matching.engine.choose import Reached
    from geo_match.matching.engine.judge import Judging
    from geo_match.matching.engine.pools import Pool
    from geo_match.matching.engine.side import Side

ALL, INSIDE, BESIDE = range(3)
"""Kinds of eligible rows: all, those in the circle, and those beside it up to twice its radius."""


class Found(NamedTuple):
    """What the loops found of n centres.

    Parameters
    ----------
    rungs, within
        The radii, (k,), and how many eligible rows lie within each, int64, (n, k).
    eligible
        The nearest of all eligible rows, of those in the circle, and of those beside it.
    missed
        The nearest of those that fail exactly one condition, by its place.
    in_circle
        int64, (n,): rows.
    asked_m
        float64, (n,): to what radius every pool was asked for eligible rows, metres; inf where
        none was.
    """

    rungs: NDArray[np.float64]
    within: NDArray[np.int64]
    eligible: Nearest
    missed: Nearest
    in_circle: NDArray[np.int64]
    asked_m: NDArray[np.float64]

    @property
    def lacking(self) -> NDArray[np.int64]:
        """The centres whose first eligible row may not be found yet, ascending.

        Pools of different radii are asked to different ones: what a wide pool holds beyond that of
        a narrow one may hide a nearer row of the narrow one.
        """
        return np.flatnonzero(self.eligible.distance_m[:, ALL] > self.asked_m)

    def note_first(self, lacking: NDArray[np.int64], first: Nearest) -> None:
        """Take over what `find_first` found of those who lacked it."""
        self.eligible.row[lacking, ALL] = first.row[lacking, 0]
        self.eligible.distance_m[lacking, ALL] = first.distance_m[lacking, 0]


def find(engine: Engine, centres: Side, rungs: NDArray[np.float64]) -> Found:
    """Find the rows of which something is to be said.

    Parameters
    ----------
    rungs
        As `checked_ladder` gives them.
    """
    found = find_reached(engine, centres, rungs)
    lacking = found.lacking
    found.note_first(lacking, find_first(engine, centres, lacking))
    return found


def find_reached(engine: Engine, centres: Side, rungs: NDArray[np.float64]) -> Found:
    """Find what `find` does, but for the first eligible row of those who are `lacking` it."""
    n = len(centres)
    found = Found(
        rungs,
        np.zeros((n, len(rungs)), dtype=np.int64),
        Nearest.new(n, 3),
        Nearest.new(n, len(JUDGED)),
        np.zeros(n, dtype=np.int64),
        np.full(n, np.inf),
    )
    if n and len(engine.side):
        tables, by = engine.by(centres)
        rows = centres.rows
        barred = is_barred(by, rows.failed, rows.unknown)
        able = np.flatnonzero(centres.is_located & ~barred)
        left = _left(by)
        for share in engine.pools.shares(centres, able, tables, by):
            in_order = Share(in_runs(share.centres, centres), share.pool)
            _find_eligible(engine, centres, in_order, left, found)
        _find_failing(engine, centres, by, found)
    return found


def find_first(engine: Engine, centres: Side, lacking: NDArray[np.int64]) -> Nearest:
    """Find the nearest eligible row of some centres, wherever it may be.

    Parameters
    ----------
    lacking
        int64, (m,): their rows, as `Found.lacking` gives them.

    Returns
    -------
    Nearest
        Of one kind, of all the centres, (n, 1); the others have none.
    """
    found = Nearest.new(len(centres), 1)
    if len(lacking) and len(engine.side):
        tables, by = engine.by(centres)
        for share in engine.pools.shares(centres, lacking, tables, by):
            in_order = Share(in_runs(share.centres, centres), share.pool)
            _find_first(engine, centres, in_order, _left(by), found)
    return found


def _left(by: Judging) -> Judging:
    """Leave out the condition by which pools are made: who is in one has passed it."""
    return by._replace(sequence=by.sequence[by.sequence != chooser(by)])


def checked_ladder(ladder_m: Iterable[object]) -> NDArray[np.float64]:
    """Return radii as an array, in their order.

    Raises
    ------
    ArgumentError
        If they are no row of radii, one is no number above 0 and up to 200 km, or two have the
        same name.
    """
    rule = f"hold numbers of metres above 0 and up to {MAX_RADIUS_M:,.0f}"
    try:
        radii = list(ladder_m)
    except TypeError:  # also an array without a dimension, which looks as if it could be iterated
        raise ArgumentError("ladder_m", rule, repr(ladder_m)) from None
    rungs = np.array([as_real(one) for one in radii], dtype=np.float64)
    for one, rung in zip(radii, rungs.tolist(), strict=True):
        if not 0.0 < rung <= MAX_RADIUS_M:
            raise ArgumentError("ladder_m", rule, repr(one))
    names = [column_of(rung) for rung in rungs.tolist()]
    if len(set(names)) < len(names):
        told = repr(tuple(rungs.tolist()))
        remedy = "Columns name them to 15 digits."
        raise ArgumentError("ladder_m", "hold each radius once", told, remedy)
    return rungs


def column_of(rung: float) -> str:
    """Name the column of a radius."""
    return f"eligible_within_{rung:.15g}_m"


def _find_eligible(engine: Engine, centres: Side, share: Share, by: Judging, found: Found) -> None:
    """Ask a pool within twice the radius and the ladder."""
    pool = share.pool
    of_centres = centres.rows.radius_m[share.centres]
    own = np.minimum(of_centres, np.inf if pool.radius_m is None else pool.radius_m)
    reach = np.minimum(np.maximum(2.0 * own, found.rungs.max(initial=0.0)), MAX_RADIUS_M)
    found.asked_m[share.centres] = np.minimum(found.asked_m[share.centres], reach)
    for about in engine.reached(centres, share, reach):
        reached = _at_bounds(pool, centres, about, found.rungs)
        n = np.empty(len(reached.centre), dtype=np.int64)
        count_rows(reached, n)
        slot, pair = np.empty((2, int(n.max(initial=0))), dtype=np.int64)
        count_eligible(
            by,
            centres.rows,
            pool.rows,
            engine.side.rows.order,
            reached,
            found.rungs,
            found.within,
            found.eligible,
            slot,
            pair,
        )


def _at_bounds(pool: Pool, centres: Side, reached: Reached, rungs: NDArray[np.float64]) -> Reached:
    """Measure anew what lies so near a bound that its distance does not decide."""
    doubt = doubt_m(reached.distance_m)
    near = np.empty(len(doubt), dtype=np.bool_)
    is_near_bound(reached, centres.rows, pool.rows, doubt, near)
    for rung in rungs:
        near |= np.abs(reached.distance_m - rung) <= doubt
    return measured_anew(pool, centres, reached, np.flatnonzero(near))


def _find_first(
    engine: Engine,
    centres: Side,
    share: Share,
    by: Judging,
    found: Nearest,
) -> None:
    """Note the nearest eligible row of a pool, wherever it may be."""
    pool, order = share.pool, engine.side.rows.order
    slot = np.empty(len(pool.row), dtype=np.int64)
    place = np.repeat(np.arange(len(pool.lon)), np.diff(pool.start))
    origin, from_one = -1, None
    for centre in share.centres.tolist():
        kept = slot[: keep_eligible(by, centres.rows, centre, pool.rows, slot)]
        if not len(kept):
            continue
        # Centres of one origin follow one another: what it is away from a place is asked once.
        if from_one is None or centres.origin[centre] != origin:
            origin = int(centres.origin[centre])
            from_one = centres.reach.from_one(origin, pool)
        near, distance_m = from_one.nearest(place[kept])
        rows = pool.row[kept[near]]
        first = np.lexsort((order[rows], distance_m))[0]
        if np.isfinite(distance_m[first]):  # there is a way to one of them
            note(found, centre, 0, rows[first], distance_m[first], order)


def _find_failing(engine: Engine, centres: Side, by: Judging, found: Found) -> None:
    """Ask all rows in the circles which one condition they fail."""
    placed = in_runs(np.flatnonzero(centres.is_there), centres)
    for pool in engine.pools.by_radius:
        share = Share(placed, pool)
        for reached in engine.reached(centres, share):
            n = np.empty(len(reached.centre), dtype=np.int64)
            count_rows(reached, n)
            count_failing(
                by,
                centres.rows,
                pool.rows,
                engine.side.rows.order,
                reached,
                found.in_circle,
                found.missed,
                int(n.max(initial=0)),
            )


__all__ = [
    "ALL",
    "BESIDE",
    "INSIDE",
    "Found",
    "checked_ladder",
    "column_of",
    "find",
    "find_first",
    "find_reached",
]
