"""Months of insurance paid for people at work: social insurance (社会保险) or accident insurance.

Some are insured from the first month, some from later, some stop early, some have a gap; whoever
has no row is not known to be insured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import pandas as pd

from geo_match.demo._random import marks
from geo_match.demo.history._days import midnights, until_now
from geo_match.demo.people.columns import texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.history.hires import Hires

    _Months: TypeAlias = NDArray[np.datetime64]

KINDS: Final = ("social", "accident")
_INSURED: Final = np.array(
    [
        # social, accident
        [0.88, 0.10],  # labour_contract
        [0.10, 0.76],  # service_agreement
        [0.14, 0.30],  # part_time
        [0.05, 0.35],  # temporary
        [0.12, 0.42],  # gig
        [0.30, 0.05],  # self_employed, who insure themselves
        [0.95, 0.15],  # public_welfare_post
        [0.02, 0.85],  # traineeship
    ]
)
_FIRST_MONTH_UP_TO: Final = np.array([0.62, 0.92])
"""Paid from the month of the hire, from the next, from the one after that."""
_STOPS: Final = 0.16
_STOPS_WITHIN: Final = 13
"""Who stops early paid for fewer months than this."""
_GAP: Final = 0.08
_GAP_MONTHS: Final = 3
_GAP_AFTER: Final = 2
_VERIFIED_UP_TO: Final = np.array([0.76, 0.81])
"""Verified, found untrue; all others are not yet checked."""
_VERIFIED, _UNCHECKED = 0, 2


def draw_insurance(hires: Hires, id_: NDArray[np.object_], *, seed: int) -> pd.DataFrame:
    """Draw the table `insurance`, by employment, kind and month.

    Parameters
    ----------
    hires
        The hires since 2022.
    id_
        Id of each employment, shape (e,).
    seed
        At least 0.
    """
    tables = []
    for kind, name in enumerate(KINDS):
        row, first, last, verified = _draw_kind(hires, kind, name, seed)
        tables.append((row, np.full(len(row), kind), first, last, verified))
    row, kinds, first, last, verified = (
        np.concatenate(columns) for columns in zip(*tables, strict=True)
    )
    order = np.lexsort((first, kinds, row))
    unchecked = verified[order] == _UNCHECKED
    return pd.DataFrame(
        {
            "employment": pd.array(id_[row[order]], dtype="str"),
            "kind": texts(kinds[order], KINDS),
            "first_month": midnights(first[order]),
            "last_month": midnights(last[order]),
            "verified": pd.arrays.BooleanArray(verified[order] == _VERIFIED, unchecked),
        }
    )


def _draw_kind(
    hires: Hires, kind: int, name: str, seed: int
) -> tuple[NDArray[np.int64], _Months, _Months, NDArray[np.int64]]:
    """Return row of the hire, first and last month, and check of each run of months, (r,)."""

    def mark(of: str) -> NDArray[np.float64]:
        return marks(hires.key, seed, "history", "insurance", name, of)

    begins = hires.hired_on.astype("datetime64[M]")
    first = begins + np.searchsorted(_FIRST_MONTH_UP_TO, mark("first"), side="right")
    last = until_now(hires.left_on).astype("datetime64[M]")
    paid = (mark("stops within") * _STOPS_WITHIN).astype(int)
    last = np.where(mark("stops") < _STOPS, np.minimum(last, first + paid - 1), last)
    insured = (mark("insured") < _INSURED[hires.form, kind]) & (first <= last)
    verified = np.searchsorted(_VERIFIED_UP_TO, mark("verified"), side="right")
    verified = np.where(hires.serial, np.where(hires.booked, _VERIFIED, _UNCHECKED), verified)
    # A gap parts the months in two; there must be a month on either side.
    gap_at = first + _GAP_AFTER + (mark("gap at") * _STOPS_WITHIN).astype(int)
    resumes = gap_at + 1 + (mark("gap months") * _GAP_MONTHS).astype(int)
    parted = insured & (mark("gap") < _GAP) & (resumes <= last)
    whole, after = np.flatnonzero(insured), np.flatnonzero(parted)
    return (
        np.concatenate([whole, after]),
        np.concatenate([first[whole], resumes[after]]),
        np.concatenate([np.where(parted, gap_at - 1, last)[whole], last[after]]),
        np.concatenate([verified[whole], verified[after]]),
    )
