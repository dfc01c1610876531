"""The score of a pair: its parts, each in [0, 1], times their shares.

No part reads a sex, a year of birth or a registered residence.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match._jit import kernel
from geo_match.matching.criteria.conditions import education_level, is_pay_known, stated_pay
from geo_match.matching.criteria.forms import numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.matching.options import MatchOptions

N_PARTS: Final = 6
_LN2: Final = math.log(2.0)
_EPOCH: Final = dt.date(1970, 1, 1)
_NO_DEMAND: Final = 0.5
_LEVELS_APART: Final = 5.0
"""The most that two levels of education lie apart."""


def seeker_worth(seekers: pa.Table, _: MatchOptions) -> NDArray[np.float64]:
    """Return what the score reads of seekers: wage floor, education, priority; float64, (3, n).

    A floor or education that is not stated is NaN; priority is 0 or 1.
    """
    floor = numbers(seekers.column("wage_floor_cny"), np.nan)
    level = education_level(seekers.column("education"), np.nan)
    in_group = np.asarray(
        pc.fill_null(pc.greater(pc.list_value_length(seekers.column("groups")), 0), False)
    )
    has_difficulty = np.asarray(
        pc.fill_null(pc.not_equal(seekers.column("difficulty"), "none"), False)
    )
    return np.stack([floor, level, (in_group | has_difficulty).astype(np.float64)])


def job_worth(jobs: pa.Table, options: MatchOptions) -> NDArray[np.float64]:
    """Return what the score reads of jobs: pay, education asked for, freshness; float64, (3, n).

    Pay that is not known is NaN, an education that is not asked for is 0.
    """
    low, high = stated_pay(jobs)
    pay = (np.where(np.isnan(low), high, low) + np.where(np.isnan(high), low, high)) / 2.0
    pay[~is_pay_known(jobs)] = np.nan  # what a full month would pay is no promise
    level = education_level(jobs.column("education_min"), 0.0)
    since = pc.coalesce(jobs.column("updated_at"), jobs.column("opened_on")).cast(pa.int32())
    today = (options.day - _EPOCH).days
    days = np.maximum(today - numbers(since, np.nan), 0.0)
    with np.errstate(over="ignore"):  # so many half-lives that nothing is left
        freshness = np.nan_to_num(np.exp2(-days / options.half_life_days), nan=0.0)
    return np.stack([pay, level, freshness])


@kernel
def closeness_of(distance_m: float, half_distance_m: float) -> float:
    """Return what a distance gives: 1 at the place itself, a half at `half_distance_m`, metres."""
    return math.exp(-_LN2 * (distance_m / half_distance_m))


@kernel
def education_of(level: float, asked: float) -> float:
    """Return what an education gives beside the one that is asked for; 0 asks for none."""
    apart = 1.0 - abs(level - asked) / _LEVELS_APART
    known = apart if apart == apart else 0.0  # noqa: PLR0124 - NaN, for what is not known, is not itself
    return _NO_DEMAND if asked == 0.0 else known


@kernel
def wage_of(pay: float, floor: float) -> float:
    """Return what pay above the floor gives: 0 at the floor, 1 at twice the floor."""
    above = pay / floor - 1.0  # NaN where either is not known
    return min(above, 1.0) if above > 0.0 and floor > 0.0 else 0.0


@kernel
def score_of(
    share: NDArray[np.float64],
    closeness: float,
    near: float,
    wage: float,
    education: float,
    freshness: float,
    priority: float,
) -> float:
    """Return the parts of a score times their shares, added up in their order."""
    return float(
        share[0] * closeness
        + share[1] * near
        + share[2] * wage
        + share[3] * education
        + share[4] * freshness
        + share[5] * priority
    )
