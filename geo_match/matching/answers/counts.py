"""How many jobs and vacancies each seeker has, and by which condition those who have none.

Nothing is ranked and no pair is kept: of each circle only sums leave the loops.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa

from geo_match.matching.answers import result
from geo_match.matching.criteria.forms import numbers
from geo_match.matching.engine.choose import count_rows
from geo_match.matching.engine.engine import in_runs
from geo_match.matching.engine.fall_short import add_eligible, find_barrier
from geo_match.matching.engine.judge import is_barred
from geo_match.matching.engine.pools import Share, chooser
from geo_match.matching.options import CONDITIONS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from geo_match.matching.engine.engine import Engine
    from geo_match.matching.engine.side import Side

SEVERAL: Final = "several"
"""In place of a condition: each job in the circle fails two or more."""
_KEPT_BY: Final = (*CONDITIONS, SEVERAL)
_NOT_STATED: Final = 1
"""Vacancies of a job that does not say how many it has."""


class Counted(NamedTuple):
    """What was counted for n seekers.

    Parameters
    ----------
    in_circle, matches
        int64, (n,): jobs in the circle, whatever they are, and those that are matches.
    vacancies
        int64, (n,): those left at the matches.
    barrier
        int64, (n,): the place, in `CONDITIONS`, of the one that alone keeps the most jobs in the
        circle from who has no match; behind the last where each job fails several; -1 for who has
        a match, or nothing in the circle.
    """

    in_circle: NDArray[np.int64]
    matches: NDArray[np.int64]
    vacancies: NDArray[np.int64]
    barrier: NDArray[np.int64]


def count(engine: Engine, seekers: Side) -> pd.DataFrame:
    """Count what each seeker has: see `geo_match.matching.matcher.Matcher.count`.

    Parameters
    ----------
    engine
        Of the jobs.
    """
    found = counted(engine, seekers)
    reason = result.reasons_of(engine, seekers, found.in_circle)
    reason[found.matches > 0] = -1
    columns = {"seeker_id": seekers.ids}
    if seekers.circles is not None:
        columns["origin_id"] = seekers.circles.name
    columns |= {
        "in_circle": found.in_circle,
        "matches": found.matches,
        "vacancies": found.vacancies,
        "reason": result.words(reason, result.EVERY_REASON),
        "condition": result.words(found.barrier.astype(np.int32), _KEPT_BY),
    }
    return result.to_pandas(pa.table(columns))


def counted(engine: Engine, seekers: Side) -> Counted:
    """Count what each seeker has, as arrays."""
    n = len(seekers)
    none = np.zeros(n, dtype=np.int64)
    found = Counted(none, none.copy(), none.copy(), np.full(n, -1))
    if not n or not len(engine.side):
        return found
    found = found._replace(in_circle=engine.count_in_circle(seekers, np.arange(n)))
    tables, by = engine.by(seekers)
    barred = is_barred(by, seekers.rows.failed, seekers.rows.unknown)
    able = np.flatnonzero(seekers.is_located & ~barred)
    left = vacancies_left(engine.side)
    # Whoever is in a pool has passed the condition by which the pools are made.
    rest = by._replace(sequence=by.sequence[by.sequence != chooser(by)])
    for share in engine.pools.shares(seekers, able, tables, by):
        asked = Share(in_runs(share.centres, seekers), share.pool)
        for reached in engine.reached(seekers, asked):
            n_reached = np.empty(len(reached.centre), dtype=np.int64)
            count_rows(reached, n_reached)
            engine.n_judged += add_eligible(
                rest,
                seekers.rows,
                share.pool.rows,
                reached,
                left,
                found.matches,
                found.vacancies,
                int(n_reached.max(initial=0)),
            )
    without = np.flatnonzero((found.in_circle > 0) & (found.matches == 0))
    found.barrier[without] = len(CONDITIONS)
    every = engine.pools.everything
    for reached in engine.reached(seekers, Share(in_runs(without, seekers), every)):
        engine.n_judged += find_barrier(
            by, seekers.rows, every.rows, reached, len(CONDITIONS), found.barrier
        )
    return found


def vacancies_left(jobs: Side) -> NDArray[np.int64]:
    """Return how many are sought still at each job, int64, (n,): at least 0; 1 if not stated.

    `filled` is 0 where it is not stated, as in the condition `vacancies`.
    """
    sought = numbers(jobs.table.column("vacancies"), np.nan)
    left = np.maximum(sought - numbers(jobs.table.column("filled"), 0.0), 0.0)
    return np.where(np.isnan(sought), _NOT_STATED, left).astype(np.int64)


__all__ = ["SEVERAL", "Counted", "count", "counted", "vacancies_left"]
