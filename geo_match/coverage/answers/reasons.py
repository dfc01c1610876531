"""Why a person is below the standard: one reason, the first that applies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

REASONS: Final = (
    "no_location",
    "coarse_location",
    "none_in_circle",
    "none_on_foot",
    "none_eligible",
    "over_subscribed",
    "too_few",
)
"""The reasons in the order in which they are asked.

`no_location`: nothing says where the person is. `coarse_location`: the place is known too
inaccurately to decide a circle by. `none_in_circle`: nothing is within the radius, straight.
`none_on_foot`: there is something, but nothing that is not farther on foot, where that is asked.
`none_eligible`: there is something, but nothing for which the person is eligible, where that is
asked.
`over_subscribed`: there is something, but what falls to the person beside all others who reach it
is below the standard. `too_few`: there is something, but less than the standard.
"""


_PART: Final = 1e-9
"""Of the standard: far more than sums of shares lose, far less than anybody could miss."""


def least_enough(standard: float, *, shared: bool) -> float:
    """Return from what on a measure is at the standard.

    Shares of a vacancy are sums of floats: 49 times a 49th may be a little less than 1. What lacks
    less than 1e-9 of the standard is not below it.
    """
    return standard * (1.0 - _PART) if shared else standard


def reasons(
    *,
    located: NDArray[np.bool_],
    coarse: NDArray[np.bool_],
    in_reach: NDArray[np.int64],
    measure: NDArray[np.int64] | NDArray[np.float64],
    standard: float,
    shared: bool,
    eligible: NDArray[np.int64] | None = None,
    straight: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Return the reason of each person.

    Parameters
    ----------
    located, coarse
        Who has a place, and whose is known too inaccurately, (n,).
    in_reach
        What is in reach, straight or on foot, (n,); looked at of the located only.
    measure
        What is compared with the standard, (n,); the same.
    standard
        z, at least 0.
    shared
        Whether `measure` is what falls to the person in competition, and not `in_reach`.
    eligible
        What of it the person is eligible for, (n,); the same. None where that is not asked.
    straight
        What is in the straight circle where `in_reach` is on foot, (n,); the same. Else None.

    Returns
    -------
    numpy.ndarray
        int64, (n,): the place in `REASONS`; −1 for who is at the standard or above it.
    """
    conditions = {
        "no_location": ~located,
        "at the standard": measure >= least_enough(standard, shared=shared),
        "coarse_location": coarse,
        "none_in_circle": (in_reach if straight is None else straight) == 0,
    }
    if straight is not None:
        conditions["none_on_foot"] = in_reach == 0
    if eligible is not None:
        conditions["none_eligible"] = eligible == 0
    codes = [REASONS.index(one) if one in REASONS else -1 for one in conditions]
    rest = REASONS.index("over_subscribed" if shared else "too_few")
    return np.select(list(conditions.values()), codes, rest).astype(np.int64)
