"""The services around a hire: what brought it about, and who says so.

An operator that claims to have organised a hire mostly has a record of its own service before it.
For some claims the record came only after the hire, is another operator's, does not say whose it
is, or is not there: such a claim must not be paid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.demo._random import marks
from geo_match.demo.history._days import REFERENCE_DAY, to_days
from geo_match.demo.history.contacts import (
    GUIDANCE,
    HIRED,
    INTRODUCTION,
    RECOMMENDATION,
    Contacts,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

SHOWN, AFTER, MISSING, ANOTHERS, UNNAMED = range(5)
"""What a person's records say of the claims: service before the hire, only after it, none, by
another operator, by an operator not noted."""
_PROOF_UP_TO: Final = np.cumsum([0.70, 0.08, 0.09, 0.07])
_UNCLAIMED: Final = 0.25
"""Of hires that nobody claims, how many a service had led to."""
_KIND_UP_TO: Final = np.array([0.45, 0.75])
_KIND: Final = np.array([INTRODUCTION, RECOMMENDATION, GUIDANCE], dtype=np.int8)
_BEFORE: Final = 25.0
_LATER: Final = (2.0, 40.0)


def draw_proof(key: NDArray[np.uint64], seed: int) -> NDArray[np.int64]:
    """Draw what a person's records say of the claims about them, `SHOWN` to `UNNAMED`, (n,).

    One answer a person: a record missing at one hire is not made up by the next.
    """
    return np.searchsorted(_PROOF_UP_TO, marks(key, seed, "proof"), side="right")


def draw_introductions(
    employments: pd.DataFrame,
    key: NDArray[np.uint64],
    proof: NDArray[np.int64],
    *,
    since: int,
    seed: int,
) -> Contacts:
    """Draw the service that led to each hire, or came just after it.

    Parameters
    ----------
    employments
        `Lives.employments`.
    key
        The person's number for each, shape (e,).
    proof
        What `draw_proof` drew of the person, shape (e,).
    since
        The day of the first services.
    seed
        At least 0.

    Returns
    -------
    Contacts
        By employment; `row` is the employment's, at most one each. All before the hire but those
        of claims whose proof is `AFTER`.
    """
    hired = to_days(employments["hired_on"])
    # Two hires of a person begin on different days, and a day is below 2**16 until 2149.
    each = (key << np.uint64(16)) | hired.astype(np.uint64)
    claimed = employments["claimed_by"].notna().to_numpy()
    mark = marks(each, seed, "delay")
    low, high = _LATER
    after = claimed & (proof == AFTER)
    on = np.where(after, hired + low + mark * (high - low), hired - 1.0 - mark * _BEFORE)
    on = np.floor(on).astype(np.int64)
    led = marks(each, seed, "led") < _UNCLAIMED
    made = np.where(claimed, proof != MISSING, led)
    kind = _KIND[np.searchsorted(_KIND_UP_TO, marks(each, seed, "kind"), side="right")]
    result = np.full(len(on), HIRED, dtype=np.int8)
    drawn = Contacts(np.arange(len(on)), each, on, kind, result)
    return drawn.keep(made & (on >= since) & (on <= REFERENCE_DAY))
