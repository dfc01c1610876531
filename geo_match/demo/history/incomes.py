"""Monthly incomes stated by people in flexible work: stable and not, over, at and below a minimum.

Months run from the first whole one. Some are missing, some known without their amount.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from geo_match.demo._random import marks, normal_marks
from geo_match.demo._runs import within_runs
from geo_match.demo.history._columns import numbers
from geo_match.demo.history._days import midnights, until_now
from geo_match.demo.history.hires import PART_TIME, SELF_EMPLOYED
from geo_match.demo.people.columns import texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.history.hires import Hires


class Minimum(NamedTuple):
    """Monthly minimum wages, in force from a month to the next such line.

    Parameters
    ----------
    since
        The first month.
    tiers_cny
        From the highest to the lowest, CNY.
    invented
        Whether no source is known.
    """

    since: np.datetime64
    tiers_cny: tuple[int, int, int, int]
    invented: bool


MINIMUMS: Final = (
    # What held before March 2023 is not known: a tenth less, invented.
    Minimum(np.datetime64("2022-01", "M"), (1_854, 1_737, 1_683, 1_602), invented=True),
    # Anhui's, from 2023-03-01.
    Minimum(np.datetime64("2023-03", "M"), (2_060, 1_930, 1_870, 1_780), invented=False),
)
"""By month, ascending. Which tier holds where in Bengbu is not known: `_TIER` invents it, and who
earns a minimum exactly earns that of their district and month."""
_TIER: Final = {
    "340302": 1,
    "340303": 1,
    "340304": 1,
    "340311": 2,
    "340321": 3,
    "340322": 3,
    "340323": 3,
}
SOURCES: Final = ("platform_statement", "self_declared", "bank")
_SOURCE_UP_TO: Final = np.array(
    [
        [0.10, 0.75],  # part_time
        [0.08, 0.80],  # temporary
        [0.72, 0.92],  # gig
        [0.15, 0.65],  # self_employed
    ]
)
_STATED: Final = 0.70
"""Flexible workers whose incomes are known for some month."""
_MOST_MONTHS: Final = 12
_FEW_UP_TO: Final = np.array([0.05, 0.11, 0.20, 0.32, 0.46, 0.60, 0.70, 0.78, 0.84, 0.90, 0.95])
"""Running shares of 1 to 11 months stated."""
_MEDIAN_CNY: Final = np.array([2_150, 3_100, 4_300, 3_900])
_BETWEEN: Final = 0.24
_STABLE, _UNSTABLE = 0.06, 0.45
"""Spread of the months of one person."""
_UNSTABLE_RATE: Final = 0.14
_AT_MINIMUM: Final = 0.06
_BELOW: Final = 0.10
_BELOW_AT: Final = 0.82
_SKIPS: Final = 0.16
_SKIPPED: Final = 0.20
"""Of the months of those who skip any."""
_UNSTATED: Final = 0.04
_STEP_CNY: Final = 10


def draw_incomes(
    hires: Hires, id_: NDArray[np.object_], district: NDArray[np.object_], *, seed: int
) -> pd.DataFrame:
    """Draw the table `incomes`, by employment and month.

    Parameters
    ----------
    hires
        The hires since 2022.
    id_
        Id of each employment, shape (e,).
    district
        The person's, six digits, shape (e,).
    seed
        At least 0.
    """

    def of_hire(name: str) -> NDArray[np.float64]:
        return marks(hires.key, seed, "history", "income", name)

    flexible = (hires.form >= PART_TIME) & (hires.form <= SELF_EMPLOYED)
    first = (hires.hired_on - 1).astype("datetime64[M]") + 1
    # The last whole month of work.
    last = (until_now(hires.left_on) + 1).astype("datetime64[M]")
    whole = np.clip((last - first).astype(int), 0, _MOST_MONTHS)
    stated = 1 + np.searchsorted(_FEW_UP_TO, of_hire("months"), side="right")
    stated = np.where(hires.booked, _MOST_MONTHS, stated)
    is_stated = np.where(hires.serial, hires.booked, of_hire("stated") < _STATED)
    count = np.where(flexible & is_stated, np.minimum(whole, stated), 0)
    row = np.repeat(np.arange(len(count)), count)
    nth = within_runs(count)
    month = first[row] + nth.astype("timedelta64[M]")
    # Hires differ by ten spells a person at most, so that their months' keys are their own.
    key = hires.key[row] * np.uint64(_MOST_MONTHS) + nth.astype(np.uint64)

    def of_month(name: str) -> NDArray[np.float64]:
        return marks(key, seed, "history", "income", "month", name)

    booked = hires.booked[row]
    kept = (of_hire("skips")[row] >= _SKIPS) | (of_month("skips") >= _SKIPPED) | booked
    income = _draw_income(hires, _minimum_of(district[row], month), row, key, seed)
    source_up_to = _SOURCE_UP_TO[np.clip(hires.form - PART_TIME, 0, len(_SOURCE_UP_TO) - 1)]
    source = (of_hire("source")[:, None] >= source_up_to).sum(axis=1)
    known = (of_month("known") >= _UNSTATED) | booked
    return pd.DataFrame(
        {
            "employment": pd.array(id_[row[kept]], dtype="str"),
            "month": midnights(month[kept]),
            "income_cny": numbers(income[kept], known[kept], np.int32),
            "source": texts(source[row[kept]], SOURCES),
        }
    )


def _minimum_of(district: NDArray[np.object_], month: NDArray[np.datetime64]) -> NDArray[np.int64]:
    """Return the minimum wage in force in each district and month, CNY, (m,)."""
    codes, names = pd.factorize(district)
    tier = np.array([_TIER[name] for name in names], dtype=np.int64)
    line = np.searchsorted(np.array([m.since for m in MINIMUMS]), month, side="right") - 1
    return np.asarray(np.array([m.tiers_cny for m in MINIMUMS])[line, tier[codes]])


def _draw_income(
    hires: Hires,
    minimum: NDArray[np.int64],
    row: NDArray[np.int64],
    key: NDArray[np.uint64],
    seed: int,
) -> NDArray[np.float64]:
    """Return the income of each month, CNY, in tens but where it is the month's minimum."""
    kind = marks(hires.key, seed, "history", "income", "kind")
    kind = np.where(hires.booked, 1.0, kind)
    unstable = marks(hires.key, seed, "history", "income", "unstable") < _UNSTABLE_RATE
    unstable &= ~hires.booked
    median = _MEDIAN_CNY[np.clip(hires.form - PART_TIME, 0, len(_MEDIAN_CNY) - 1)]
    between = np.clip(normal_marks(hires.key, seed, "history", "income", "person"), -2.5, 2.5)
    usual = np.where(
        (kind < _AT_MINIMUM + _BELOW)[row],
        minimum * _BELOW_AT,
        (median * np.exp(_BETWEEN * between))[row],
    )
    within = np.clip(normal_marks(key, seed, "history", "income", "month", "amount"), -2.5, 2.5)
    varied = usual * np.exp(np.where(unstable, _UNSTABLE, _STABLE)[row] * within)
    tens = np.maximum(np.round(varied / _STEP_CNY), 1.0) * _STEP_CNY
    return np.where((kind < _AT_MINIMUM)[row], minimum, tens)
