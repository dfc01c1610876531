"""Working age in China by the day: until which birthday, before and since the reform of 2025.

Source: the decision of the Standing Committee of the National People's Congress of 13 September
2024 on raising the statutory retirement age by steps (关于实施渐进式延迟法定退休年龄的决定),
in force since 1 January 2025. Work is allowed from 16 (Labour Law, art. 15).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray


class RetirementLine(NamedTuple):
    """The retirement age of one group of people, months.

    Parameters
    ----------
    before
        Age before the reform.
    per_step
        Who reaches that age this many months later retires one month later.
    most
        The delay never exceeds this.
    """

    before: int
    per_step: int
    most: int


LINES: Final = (
    RetirementLine(before=60 * 12, per_step=4, most=36),  # men
    RetirementLine(before=55 * 12, per_step=4, most=36),  # women in posts with 55
    RetirementLine(before=50 * 12, per_step=2, most=60),  # other women
)
MEN: Final = 0
WOMEN_55: Final = 1
WOMEN_50: Final = 2
REFORM: Final = 2025 * 12
"""January 2025, in months since the year 0."""
FROM_AGE: Final = 16
_BIRTH_MONTH: Final = 6
"""Only birth years are kept: everybody counts as born in the middle of theirs, in July."""


def is_working_age(
    birth_year: NDArray[np.integer], line: NDArray[np.integer], on: dt.date
) -> NDArray[np.bool_]:
    """Say who is of working age on a day: 16, and not yet of retirement age.

    Parameters
    ----------
    birth_year
        Shape (n,).
    line
        Which of `LINES` applies: `MEN`, `WOMEN_55` or `WOMEN_50`, shape (n,).
    on
        The day; only its month counts.

    Returns
    -------
    numpy.ndarray
        Shape (n,).
    """
    born = np.asarray(birth_year, dtype=np.int64) * 12 + _BIRTH_MONTH
    before, per_step, most = np.array(LINES, dtype=np.int64)[line].T
    reaches = born + before
    # Reaching the old age in the reform's first month already delays by one month.
    delay = np.clip(-((REFORM - 1 - reaches) // per_step), 0, most)
    now = on.year * 12 + on.month - 1
    return np.asarray((now >= born + FROM_AGE * 12) & (now < reaches + delay))
