"""What each one has and what stands in the way: near-misses, the first eligible one, totals.

A job is *eligible* for a seeker if nothing but the distance keeps it from being a match. It is a
*near-miss* by the one condition that does: inside the circle by any other than the distance, and
by the distance where it lies outside the circle and within twice its radius, and 200 km. It is the
same with seekers for a job; the circle and its radius are the seeker's in both directions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa

from geo_match._display import Table, card
from geo_match.matching.answers import result
from geo_match.matching.answers.found import ALL, BESIDE, INSIDE, checked_ladder, column_of, find
from geo_match.matching.options import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from geo_match.matching.answers.found import Found
    from geo_match.matching.engine.engine import Engine
    from geo_match.matching.engine.side import Side

LADDER_M: Final = (500.0, 1_000.0, 2_000.0, 3_000.0, 5_000.0, 10_000.0)
"""Radii for which eligible jobs are counted, metres, unless others are asked for."""
_DISTANCE: Final = CONDITIONS.index("distance")


@dataclass(frozen=True, eq=False)
class Shortfall:
    """What a batch of seekers has, and what stands in the way.

    Parameters
    ----------
    seekers
        A row a seeker, in their order: `seeker_id`, and `origin_id` where the circles are around
        origins; `matches`, counted without limit; jobs `in_circle`, whatever they are; `reason`, as
        in a frame of matches, null where there is a match;
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
        `seekers`; of them `matched`, `no_location`, `none_in_circle`, `none_eligible`, unless
        former seekers are asked for `not_registered`, and where the circles are around origins
        `no_origin`, which add up; `jobs_without_place`. On foot
        `not_on_network` and `none_on_foot` are among them, and there is `jobs_not_on_network`:
        jobs that have a place, to which no street leads.

    Notes
    -----
    On foot a distance is that on foot, a circle all that is in reach so, and what cannot be
    reached is neither a near-miss nor a first eligible job.
    """

    seekers: pd.DataFrame
    near_misses: pd.DataFrame
    conditions: pd.DataFrame
    counts: dict[str, int]

    def _repr_html_(self) -> str:
        """Show the totals, in a notebook."""
        return _html("seekers", self.conditions, self.counts)


@dataclass(frozen=True, eq=False)
class ReverseShortfall:
    """What a batch of jobs has, and what stands in the way: the mirror of `Shortfall`.

    Parameters
    ----------
    jobs
        A row a job, in their order: `job_id`; `matches`, counted without limit; seekers
        `in_circle`: those whose circle it is in, whoever they are; `reason`, null where there is a
        match; `first_eligible_seeker_id` and `first_eligible_distance_m`, at any distance, null
        without one; a column `eligible_within_…_m` for each radius of the ladder, which is drawn
        around the job.
    near_misses
        A row a job and condition of which there is one, in their orders: `job_id`, `condition`,
        the `seekers` who fail exactly this, counted, `nearest_seeker_id` and `nearest_distance_m`.
        By the distance it is those whose circle does not hold the job, but would at twice its
        radius, up to 200 km.
    conditions
        A row a condition but the distance: of the jobs without a match, for how many it alone
        keeps at least one seeker whose circle they are in from them (`some_seeker`), and for how
        many no other condition does so (`alone`).
    counts
        `jobs`; of them `matched`, `no_location`, `none_in_circle` and `none_eligible`, which add
        up; `seekers_without_place`, and unless former seekers are asked for
        `seekers_not_registered`, who are in no other number. On foot as in `Shortfall`.
    """

    jobs: pd.DataFrame
    near_misses: pd.DataFrame
    conditions: pd.DataFrame
    counts: dict[str, int]

    def _repr_html_(self) -> str:
        """Show the totals, in a notebook."""
        return _html("jobs", self.conditions, self.counts)


def fall_short(engine: Engine, seekers: Side, ladder_m: Sequence[float]) -> Shortfall:
    """Tell what seekers have, and what stands in the way.

    Parameters
    ----------
    engine
        Of the jobs.
    ladder_m
        Radii, inclusive, metres, above 0 and up to 200 km.
    """
    return say(engine, seekers, find(engine, seekers, checked_ladder(ladder_m)))


def jobs_fall_short(engine: Engine, jobs: Side, ladder_m: Sequence[float]) -> ReverseShortfall:
    """Tell what jobs have, and what stands in the way; the engine is of the seekers."""
    return ReverseShortfall(*_said(engine, jobs, find(engine, jobs, checked_ladder(ladder_m))))


def say(engine: Engine, seekers: Side, found: Found) -> Shortfall:
    """Say what was found of seekers, in frames."""
    return Shortfall(*_said(engine, seekers, found))


def _said(
    engine: Engine, centres: Side, found: Found
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, dict[str, int]]:
    """Say what was found, in the frames and counts of `Shortfall`."""
    for mine, other in zip(found.missed, found.eligible, strict=True):
        mine[:, _DISTANCE] = other[:, BESIDE]
    is_matched = found.eligible.n[:, INSIDE] > 0
    reason = result.reasons_of(engine, centres, found.in_circle)
    reason[is_matched] = -1
    names = _Names.of(engine)
    return (
        result.to_pandas(_by_centre(engine, centres, found, reason, names)),
        result.to_pandas(_near_misses(engine, centres, found, names)),
        result.to_pandas(_conditions(centres, found, is_matched, names)),
        _counts(engine, centres, reason, names),
    )


class _Names(NamedTuple):
    """What one of the centres is called, and one of the rows."""

    one: str
    other: str

    @classmethod
    def of(cls, engine: Engine) -> _Names:
        return cls("job", "seeker") if engine.ranks_seekers else cls("seeker", "job")


def _by_centre(
    engine: Engine, centres: Side, found: Found, reason: NDArray[np.int32], names: _Names
) -> pa.Table:
    first = found.eligible.row[:, ALL]
    metres = pa.array(found.eligible.distance_m[:, ALL], mask=first < 0)
    return pa.table(
        {f"{names.one}_id": centres.ids}
        | ({} if centres.circles is None else {"origin_id": centres.circles.name})
        | {
            "matches": found.eligible.n[:, INSIDE],
            "in_circle": found.in_circle,
            "reason": result.words(reason, result.EVERY_REASON),
            f"first_eligible_{names.other}_id": engine.side.ids.take(
                pa.array(first, mask=first < 0)
            ),
            "first_eligible_distance_m": metres,
        }
        | {column_of(rung): found.within[:, i] for i, rung in enumerate(found.rungs.tolist())}
    )


def _near_misses(engine: Engine, centres: Side, found: Found, names: _Names) -> pa.Table:
    asked = np.array([CONDITIONS.index(name) for name in centres.options.asked])
    who, place = np.nonzero(found.missed.n[:, asked])
    kind = asked[place]
    return pa.table(
        {
            f"{names.one}_id": centres.ids.take(pa.array(who)),
            "condition": result.words(kind.astype(np.int32), CONDITIONS),
            f"{names.other}s": found.missed.n[who, kind],
            f"nearest_{names.other}_id": engine.side.ids.take(
                pa.array(found.missed.row[who, kind])
            ),
            "nearest_distance_m": found.missed.distance_m[who, kind],
        }
    )


def _conditions(
    centres: Side, found: Found, is_matched: NDArray[np.bool_], names: _Names
) -> pa.Table:
    asked = [name for name in centres.options.asked if name != "distance"]
    places = [CONDITIONS.index(name) for name in asked]
    stands = found.missed.n[~is_matched][:, places] > 0
    is_one = stands.sum(axis=1) == 1
    return pa.table(
        {
            "condition": pa.array(asked, pa.string()),
            f"some_{names.other}": stands.sum(axis=0),
            "alone": (stands & is_one[:, None]).sum(axis=0),
        }
    )


def _counts(
    engine: Engine, centres: Side, reason: NDArray[np.int32], names: _Names
) -> dict[str, int]:
    every = result.EVERY_REASON
    of_reason = np.bincount(reason[reason >= 0], minlength=len(every)).tolist()
    side = engine.side
    there = np.flatnonzero(side.is_there)
    counts = {
        f"{names.one}s": len(reason),
        "matched": int((reason < 0).sum()),
        **{name: of_reason[every.index(name)] for name in result.reasons_told(centres)},
        f"{names.other}s_without_place": int(side.is_registered.sum()) - len(there),
    }
    if engine.ranks_seekers and not side.options.former_too:
        counts[f"{names.other}s_not_registered"] = int((~side.is_registered).sum())
    if side.on_foot is not None:
        is_led = np.isfinite(side.on_foot.snap_m(there))
        counts[f"{names.other}s_not_on_network"] = int((~is_led).sum())
    return counts


def _html(of: str, conditions: pd.DataFrame, counts: dict[str, int]) -> str:
    """Return counts, and the conditions that keep anybody from a match, as HTML."""
    told = [(name.replace("_", " "), f"{number:,}") for name, number in counts.items()]
    stands = conditions[conditions.iloc[:, 1] > 0]
    rows = [(name, f"{some:,}", f"{alone:,}") for name, some, alone in stands.to_numpy().tolist()]
    heads = [name.replace("_", " ") for name in conditions.columns]
    return card(
        f"What {of} have, and what stands in the way", Table(("", of), told), Table(heads, rows)
    )


__all__ = ["LADDER_M", "ReverseShortfall", "Shortfall", "fall_short", "jobs_fall_short", "say"]
