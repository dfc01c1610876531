"""Pay by the month, whatever it was stated by.

劳社部发〔2008〕3号 (3 January 2008), 关于职工全年月平均工作时间和工资折算问题的通知: a month counts
(365 - 104) / 12 = 21.75 days that are paid for, and 8 hours a day, so 174 hours. It says how a
full-time employee's monthly pay is divided; the other way round it says what a full month at that
rate would pay, not what somebody earns who works less.

So a wage by the hour counts the hours a week that a posting states: so much of the 174 as they are
of the 40 of a full week (国务院令第174号). Hours over these count as 40: they are overtime, paid
at 150 % or more (劳动法第四十四条), or made up for, and the wage stated does not say which. Where
no hours are stated, it is a full month; but not of flexible work (灵活就业), of which a full month
is only the most: what it pays is then not known. A wage by the day stays one for 21.75 days, as
hours a week do not say how many days.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

DAYS_PER_MONTH: Final = 21.75
HOURS_PER_MONTH: Final = 174.0
FULL_WEEK_HOURS: Final = 40.0
WAGE_SOURCE: Final = "劳社部发〔2008〕3号"
_PER_MONTH: Final = {"month": 1.0, "day": DAYS_PER_MONTH, "hour": HOURS_PER_MONTH}
_FLEXIBLE: Final = "flexible"
_PARTS_OF_A_CNY: Final = 1e6
"""Pay for some of the hours is rounded to a millionth, so that 17.6 an hour for 37.5 hours are the
2,871 a month that they are, and no last bit decides whether a floor of whole CNY is reached."""


def wage_to_month(cny: float, unit: str, hours_per_week: float | None = None) -> float:
    """Return a wage for a month: a full one, or by the hour one of so many hours a week.

    Parameters
    ----------
    cny
        The wage, CNY a `unit`.
    unit
        "month", "day" or "hour".
    hours_per_week
        The hours a week, from 0 on; None or NaN for those of a full week. They count by the hour
        alone, and 40 of them at most.

    Returns
    -------
    float
        CNY a month: the same, or times 21.75 days or 174 hours, not rounded; for fewer than 40
        hours a week times 174 · hours / 40, rounded to a millionth.

    Raises
    ------
    ArgumentError
        If the unit is another.

    Examples
    --------
    >>> wage_to_month(120, "day"), wage_to_month(20, "hour")
    (2610.0, 3480.0)
    >>> wage_to_month(20, "hour", 20), wage_to_month(20, "hour", 60)
    (1740.0, 3480.0)
    """
    if unit not in _PER_MONTH:
        raise ArgumentError("unit", f"be one of {', '.join(_PER_MONTH)}", repr(unit))
    # NaN is not below it either.
    if unit == "hour" and hours_per_week is not None and hours_per_week < FULL_WEEK_HOURS:
        paid = float(cny) * (hours_per_week * HOURS_PER_MONTH) / FULL_WEEK_HOURS
        return round(paid * _PARTS_OF_A_CNY) / _PARTS_OF_A_CNY
    return float(cny) * _PER_MONTH[unit]


def wages_to_month(
    cny: ArrayLike, unit: NDArray[np.object_], hours_per_week: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Return wages for a month, each as `wage_to_month` does.

    Parameters
    ----------
    cny
        Wages, CNY a `unit`, shape (n,); NaN where not stated.
    unit
        "month", "day" or "hour" each, shape (n,); None or NaN where not stated.
    hours_per_week
        The hours a week, shape (n,); NaN where not stated. None if none are.

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
    amount = np.asarray(cny, np.float64)
    month = amount * factor
    if hours_per_week is not None:
        hours = np.asarray(hours_per_week, np.float64)
        part = (hours < FULL_WEEK_HOURS) & (unit == "hour")
        paid = amount[part] * (hours[part] * HOURS_PER_MONTH) / FULL_WEEK_HOURS
        month[part] = np.rint(paid * _PARTS_OF_A_CNY) / _PARTS_OF_A_CNY
    return month


def is_month_known(unit: str | None, hours_per_week: float | None, job_type: str | None) -> bool:
    """Return whether what a job states is what it pays a month, not only the most that it may.

    Parameters
    ----------
    unit
        What its wage is for; None where not stated.
    hours_per_week
        Its hours a week; None or NaN where not stated.
    job_type
        Its kind; None where not stated.

    Returns
    -------
    bool
        False for flexible work by the hour whose hours are not stated: `wage_to_month` gives the
        pay of a full month, and it may be any less.

    Examples
    --------
    >>> is_month_known("hour", None, "flexible"), is_month_known("hour", None, "ordinary")
    (False, True)
    """
    has_hours = hours_per_week is not None and not math.isnan(hours_per_week)
    return has_hours or unit != "hour" or job_type != _FLEXIBLE


def are_months_known(
    unit: NDArray[np.object_], hours_per_week: ArrayLike, job_type: NDArray[np.object_]
) -> NDArray[np.bool_]:
    """Return what `is_month_known` does of many jobs, shape (n,), as its columns are.

    Parameters
    ----------
    unit, job_type
        Texts, shape (n,); None where not stated.
    hours_per_week
        Shape (n,); NaN where not stated.
    """
    has_hours = ~np.isnan(np.asarray(hours_per_week, np.float64))
    known: NDArray[np.bool_] = has_hours | (unit != "hour") | (job_type != _FLEXIBLE)
    return known
