"""Ages of people of whom only the year of birth is known: every day of it is tried.

Retirement follows the decision of the Standing Committee of the National People's Congress of 13
September 2024 (关于实施渐进式延迟法定退休年龄的决定), in force since 1 January 2025.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from functools import lru_cache
from typing import Final

from geo_match.matching.plain.outcomes import among

_LEAST_AGE: Final = 16
_REFORM_YEAR: Final = 2025
MAN: Final = (60, 4, 36)
WOMAN_55: Final = (55, 4, 36)
WOMAN_50: Final = (50, 2, 60)
"""Age before the reform, years; one month later for each so many months of birth; at most so many
months later."""
_CASES: Final = {
    "male": (MAN,),
    "female": (WOMAN_50, WOMAN_55),
    None: (MAN, WOMAN_50, WOMAN_55),
}
"""Whether a woman's post has 50 or 55 is not recorded."""


def birthdays(year: int) -> list[dt.date]:
    """Return every day of a year."""
    first = dt.date(year, 1, 1)
    return [first + dt.timedelta(days) for days in range(366 if _is_leap(year) else 365)]


def completed_years(born: dt.date, on: dt.date) -> int:
    """Return somebody's age on a day; the birthday itself completes a year."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def retires_on(born: dt.date, line: tuple[int, int, int]) -> dt.date:
    """Return the day on which somebody reaches the retirement age.

    Parameters
    ----------
    born
        The day of birth.
    line
        Age before the reform, months of birth for a month of delay, most months of delay.

    Returns
    -------
    datetime.date
        The day of the month of the birth, or the month's last where it has no such day.
    """
    years, step, most = line
    # Who reached the old age before 2025 was born before this month, and is not delayed. Asked
    # about a day before 2025 nobody who is delayed had reached the old age, so that one rule
    # serves all days.
    since = (born.year - (_REFORM_YEAR - years)) * 12 + born.month - 1
    delay = 0 if since < 0 else min(since // step + 1, most)
    months = born.month - 1 + delay
    year, month = born.year + years + months // 12, months % 12 + 1
    return dt.date(year, month, min(born.day, monthrange(year, month)[1]))


@lru_cache(maxsize=4096)
def working_age(birth_year: int, sex: str | None, on: dt.date) -> str:
    """Return whether somebody is of working age on a day: 16, and not yet of retirement age."""
    return among(
        completed_years(born, on) >= _LEAST_AGE and on < retires_on(born, line)
        for born in birthdays(birth_year)
        for line in _CASES[sex]
    )


@lru_cache(maxsize=4096)
def possible_ages(birth_year: int, on: dt.date) -> tuple[int, ...]:
    """Return the ages that somebody may have on a day, years, ascending."""
    return tuple(sorted({completed_years(born, on) for born in birthdays(birth_year)}))


def _is_leap(year: int) -> bool:
    return monthrange(year, 2)[1] == 29  # noqa: PLR2004 - days of a leap year's February
