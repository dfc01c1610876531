"""What each seeker has and what stands in the way: near-misses, the first eligible job, totals.

A job is *eligible* for a seeker if nothing but the distance keeps it from being a match. It is a
*near-miss* by the one condition that does: inside the circle by any other than the distance, and
by the distance where it lies outside the circle and within twice its radius, and 200 km.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa

from geo_match._validate import MAX_RADIUS_M
from geo_match.errors import ArgumentError
from geo_match.geodesy import karney
from geo_match.matching import _result as result
from geo_match.matching._choose import count_rows
from geo_match.matching._engine import Engine, doubt_m, measured_anew
from geo_match.matching._fall_short import (
    Nearest,
    count_eligible,
    count_failing,
    keep_eligible,
)
from geo_match.matching._judge import is_barred
from geo_match.matching._pools import Share, chooser
from geo_match.matching.options import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from geo_match.matching._choose import Reached
    from geo_match.matching._judge import Judging
    from geo_match.matching._pools import Pool
    from geo_match.matching._side import Side, Tables

LADDER_M: Final = (500.0, 1_000.0, 2_000.0, 3_000.0, 5_000.0, 10_000.0)
"""Radii for which eligible jobs are counted, metres, unless others are asked for."""
_ALL, _INSIDE, _BESIDE = range(3)
_DISTANCE: Final = CONDITIONS.index("distance")
_MATCHED, _NO_LOCATION, _NONE_IN_CIRCLE, _NONE_ELIGIBLE = range(-1, len(result.REASONS))


@dataclass(frozen=True, eq=False)
class Shortfall:
    """What a batch of seekers has, and what stands in the way.

    Parameters
    ----------
    seekers
        A row a seeker, in their order: `seeker_id`; `matches`, counted without limit; jobs
        `in_circle`, whatever they are; `reason`, null where there is a match;
        `first_eligible_job_id` and `first_eligible_distance_m`, at any distance, null without one;
        a column `eligible_within_…_m` for each radius of the ladder.
    near_misses
        A row a seeker and condition of which there is one, in their orders: `seeker_id`,
        `condition`, the `jobs` that fail exactly this, counted, `nearest_job_id` and
        `nearest_distance_m`.
    conditions
        A row a condition but the distance: of the seekers without a match, for how many it alone
        keeps at least one job in the circle from them (`some_job`), and for how many no other
        condition does so (`alone`). Near-misses by the distance do not count in either: who has
        one beside those of a single condition is among the `alone` of that.
    counts
        `seekers`; of them `matched`, `no_location`, `none_in_circle` and `none_eligible`, which add
        up; `jobs_without_place`.
    """

    seekers: pd.DataFrame
    near_misses: pd.DataFrame
    conditions: pd.DataFrame
    counts: dict[str, int]


class Found(NamedTuple):
    """What the loops found of n seekers.

    Parameters
    ----------
    rungs, within
        The radii, (k,), and how many eligible jobs lie within each, int64, (n, k).
    eligible
        The nearest of all eligible jobs, of those in the circle, and of those beside it.
    missed
        The nearest of those that fail exactly one condition, by its place.
    in_circle
        int64, (n,): jobs.
    """

    rungs: NDArray[np.float64]
    within: NDArray[np.int64]
    eligible: Nearest
    missed: Nearest
    in_circle: NDArray[np.int64]


def fall_short(engine: Engine, seekers: Side, ladder_m: Sequence[float]) -> Shortfall:
    """Tell what seekers have, and what stands in the way.

    Parameters
    ----------
    ladder_m
        Radii, inclusive, metres, above 0 and up to 200 km.
    """
    return say(engine, seekers, find(engine, seekers, checked_ladder(ladder_m)))


def find(engine: Engine, seekers: Side, rungs: NDArray[np.float64]) -> Found:
    """Find the jobs of which something is to be said.

    Parameters
    ----------
    rungs
        As `checked_ladder` gives them.
    """
    n = len(seekers)
    found = Found(
        rungs,
        np.zeros((n, len(rungs)), dtype=np.int64),
        Nearest.new(n, 3),
        Nearest.new(n, len(CONDITIONS)),
        np.zeros(n, dtype=np.int64),
    )
    if n and len(engine.side):
        tables, by = engine.by(seekers)
        _find_eligible(engine, seekers, tables, by, found)
        _find_failing(engine, seekers, by, found)
    return found


def say(engine: Engine, seekers: Side, found: Found) -> Shortfall:
    """Say what was found of seekers, in frames."""
    for mine, other in zip(found.missed, found.eligible, strict=True):
        mine[:, _DISTANCE] = other[:, _BESIDE]
    reason = np.where(found.in_circle == 0, _NONE_IN_CIRCLE, _NONE_ELIGIBLE)
    reason[~seekers.is_located] = _NO_LOCATION
    reason[found.eligible.n[:, _INSIDE] > 0] = _MATCHED
    conditions, counts = _totals(engine, found, reason)
    return Shortfall(
        result.to_pandas(_by_seeker(engine, seekers, found, reason)),
        result.to_pandas(_near_misses(engine, seekers, found)),
        result.to_pandas(conditions),
        counts,
    )


def checked_ladder(ladder_m: Sequence[float]) -> NDArray[np.float64]:
    """Return radii as an array, in their order.

    Raises
    ------
    ArgumentError
        If one is no number above 0 and up to 200 km, or is there twice.
    """
    for one in ladder_m:
        is_number = isinstance(one, int | float) and not isinstance(one, bool)
        if not is_number or not 0.0 < one <= MAX_RADIUS_M:
            rule = f"hold numbers of metres above 0 and up to {MAX_RADIUS_M:,.0f}"
            raise ArgumentError("ladder_m", rule, repr(one))
    if len(set(ladder_m)) < len(ladder_m):
        raise ArgumentError("ladder_m", "hold each radius once", repr(tuple(ladder_m)))
    return np.array(ladder_m, dtype=np.float64)


def _find_eligible(
    engine: Engine,
    seekers: Side,
    tables: Tables,
    by: Judging,
    found: Found,
) -> None:
    """Ask the pools: within twice the radius and the ladder, then wherever it may be."""
    rows, order = seekers.rows, engine.side.rows.order
    able = np.flatnonzero(seekers.is_located & ~is_barred(by, rows.failed, rows.unknown))
    left = by._replace(sequence=by.sequence[by.sequence != chooser(by)])
    farthest = np.maximum(2.0 * seekers.radius_m, found.rungs.max(initial=0.0))
    for share in engine.pools.shares(seekers, able, tables, by):
        pool = share.pool
        reach = np.minimum(farthest[share.centres], MAX_RADIUS_M)
        for about in engine.reached(seekers, share, reach):
            reached = _at_bounds(pool, seekers, about, found.rungs)
            in_circle = np.empty(len(reached.centre), dtype=np.int64)
            count_rows(reached, in_circle)
            slot, pair = np.empty((2, int(in_circle.max(initial=0))), dtype=np.int64)
            count_eligible(
                left,
                rows,
                pool.rows,
                order,
                reached,
                seekers.radius_m,
                found.rungs,
                found.within,
                found.eligible,
                slot,
                pair,
            )
        slot = np.empty(len(pool.row), dtype=np.int64)
        for centre in share.centres[found.eligible.n[share.centres, _ALL] == 0].tolist():
            kept = pool.row[slot[: keep_eligible(left, rows, centre, pool.rows, slot)]]
            if len(kept):
                _note_first(engine.side, seekers, centre, kept, found.eligible)


def _at_bounds(pool: Pool, seekers: Side, reached: Reached, rungs: NDArray[np.float64]) -> Reached:
    """Measure anew what lies so near a bound that its distance does not decide."""
    radius = np.repeat(seekers.radius_m[reached.centre], np.diff(reached.offsets))
    doubt = doubt_m(reached.distance_m)
    near = np.zeros(len(radius), dtype=np.bool_)
    for bound in (radius, 2.0 * radius, *rungs):
        near |= np.abs(reached.distance_m - bound) <= doubt
    return measured_anew(pool, seekers, reached, np.flatnonzero(near))


def _note_first(
    jobs: Side, seekers: Side, centre: int, kept: NDArray[np.int64], eligible: Nearest
) -> None:
    """Note the nearest of some jobs that lie far away."""
    distance_m = karney(
        np.full(len(kept), seekers.lon[centre]),
        np.full(len(kept), seekers.lat[centre]),
        jobs.lon[kept],
        jobs.lat[kept],
    )
    first = np.lexsort((jobs.rows.order[kept], distance_m))[0]
    eligible.row[centre, _ALL] = kept[first]
    eligible.distance_m[centre, _ALL] = distance_m[first]
    eligible.n[centre, _ALL] = len(kept)


def _find_failing(engine: Engine, seekers: Side, by: Judging, found: Found) -> None:
    """Ask all jobs in the circles which one condition they fail."""
    everything = engine.pools.everything
    share = Share(np.flatnonzero(seekers.is_located), everything)
    if not len(everything.row):
        return
    for reached in engine.reached(seekers, share):
        n = np.empty(len(reached.centre), dtype=np.int64)
        count_rows(reached, n)
        count_failing(
            by,
            seekers.rows,
            everything.rows,
            engine.side.rows.order,
            reached,
            found.in_circle,
            found.missed,
            int(n.max(initial=0)),
        )


def _by_seeker(engine: Engine, seekers: Side, found: Found, reason: NDArray[np.int64]) -> pa.Table:
    first = found.eligible.row[:, _ALL]
    metres = pa.array(found.eligible.distance_m[:, _ALL], mask=first < 0)
    return pa.table(
        {
            "seeker_id": seekers.ids,
            "matches": found.eligible.n[:, _INSIDE],
            "in_circle": found.in_circle,
            "reason": result.words(reason.astype(np.int32), result.REASONS),
            "first_eligible_job_id": engine.side.ids.take(pa.array(first, mask=first < 0)),
            "first_eligible_distance_m": metres,
        }
        | {
            f"eligible_within_{rung:.15g}_m": found.within[:, i]
            for i, rung in enumerate(found.rungs)
        }
    )


def _near_misses(engine: Engine, seekers: Side, found: Found) -> pa.Table:
    asked = np.array([CONDITIONS.index(name) for name in engine.side.options.asked])
    who, place = np.nonzero(found.missed.n[:, asked])
    kind = asked[place]
    return pa.table(
        {
            "seeker_id": seekers.ids.take(pa.array(who)),
            "condition": result.words(kind.astype(np.int32), CONDITIONS),
            "jobs": found.missed.n[who, kind],
            "nearest_job_id": engine.side.ids.take(pa.array(found.missed.row[who, kind])),
            "nearest_distance_m": found.missed.distance_m[who, kind],
        }
    )


def _totals(
    engine: Engine, found: Found, reason: NDArray[np.int64]
) -> tuple[pa.Table, dict[str, int]]:
    names = [name for name in engine.side.options.asked if name != "distance"]
    places = [CONDITIONS.index(name) for name in names]
    stands = found.missed.n[reason != _MATCHED][:, places] > 0
    is_one = stands.sum(axis=1) == 1
    conditions = pa.table(
        {
            "condition": pa.array(names, pa.string()),
            "some_job": stands.sum(axis=0),
            "alone": (stands & is_one[:, None]).sum(axis=0),
        }
    )
    counts = {"seekers": len(reason), "matched": int((reason == _MATCHED).sum())}
    counts |= {name: int((reason == i).sum()) for i, name in enumerate(result.REASONS)}
    return conditions, counts | {"jobs_without_place": int((~engine.side.is_located).sum())}


__all__ = ["LADDER_M", "Found", "Shortfall", "checked_ladder", "fall_short", "find", "say"]
