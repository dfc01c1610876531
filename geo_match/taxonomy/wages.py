"""Pay by the month, whatever it was stated by.

劳社部发〔2008〕3号 (3 January 2008), 关于职工全年月平均工作时间和工资折算问题的通知: a month counts
(365 - 104) / 12 = 21.75 days that are paid for, and 8 hours a day, so 174 hours. It says how a
full-time employee's monthly pay is divided; the other way round it says what a full month at that
rate would pay, not what somebody earns who works less.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

DAYS_PER_MONTH: Final = 21.75
HOURS_PER_MONTH: Final = 174.0
WAGE_SOURCE: Final = "劳社部发〔2008〕3号"
_PER_MONTH: Final = {"month": 1.0, "day": DAYS_PER_MONTH, "hour": HOURS_PER_MONTH}


def wage_to_month(cny: float, unit: str) -> float:
    """Return a wage for a full month.

    Parameters
    ----------
    cny
        The wage, CNY a `unit`.
    unit
        "month", "day" or "hour".

    Returns
    -------
    float
        CNY a month: the same, or times 21.75 days or 174 hours; not rounded.

    Raises
    ------
    ArgumentError
        If the unit is another.

    Examples
    --------
    >>> wage_to_month(120, "day"), wage_to_month(20, "hour")
    (2610.0, 3480.0)
    """
    if unit not in _PER_MONTH:
        raise ArgumentError("unit", f"be one of {', '.join(_PER_MONTH)}", repr(unit))
    return float(cny) * _PER_MONTH[unit]


def wages_to_month(cny: ArrayLike, unit: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return wages for a full month, each as `wage_to_month` does.

    Parameters
    ----------
    cny
        Wages, CNY a `unit`, shape (n,); NaN where not stated.
    unit
        "month", "day" or "hour" each, shape (n,); None or NaN where not stated.

    Returns
    -------
    numpy.ndarray
        CNY a month, shape (n,); NaN where the wage or its unit is not stated.

    Raises
    ------
    ArgumentError
        If a unit is another.
    """
    stated = np.array([isinstance(one, str) for one in unit], np.bool_)
    unknown = {one for one in unit[stated] if one not in _PER_MONTH}
    if unknown:
        rule = f"be one of {', '.join(_PER_MONTH)}"
        raise ArgumentError("unit", rule, ", ".join(sorted(map(repr, unknown))))
    factor = np.array([_PER_MONTH.get(one, np.nan) for one in unit], np.float64)
    return np.asarray(cny, np.float64) * factor
