"""Working age: from 16 until the statutory age of retirement, which rises in steps from 2025 on.

A record knows no more than the year of birth, so that every birthday of it may be the one. An age
is reached at the beginning of the birthday, and retirement so many whole months after it, on the
day of the month of birth or on the last day of a month that has no such day.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.errors import ArgumentError
from geo_match.rules._columns import MISSING, as_codes, as_years, same_length
from geo_match.rules.dated import Dated, Entry
from geo_match.rules.outcome import FAIL, PASS, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

_YEAR: Final = 12
_SEXES: Final = ("male", "female")


@dataclass(frozen=True, slots=True)
class Retirement:
    """At which age some people retire, by their month of birth.

    Parameters
    ----------
    age
        Years, for those born before `born_from`.
    born_from
        Year and month from which on it is later; None if it is for nobody.
    months_of_birth
        For every so many months of birth, begun, it is a month later.
    most
        Years, the latest; the same as `age` where nothing is later.
    """

    age: int
    born_from: tuple[int, int] | None = None
    months_of_birth: int = 1
    most: int | None = None

    def months(self, year: int, month: int) -> int:
        """Return the age, in months, of those born in a month."""
        if self.born_from is None:
            return self.age * _YEAR
        since = (year - self.born_from[0]) * _YEAR + month - self.born_from[1]
        later = max(since // self.months_of_birth + 1, 0)
        most = self.age if self.most is None else self.most
        return min(self.age * _YEAR + later, most * _YEAR)

    def day(self, birthday: dt.date) -> dt.date:
        """Return the first day on which somebody has reached it."""
        months = self.months(birthday.year, birthday.month)
        years, month = divmod(birthday.month - 1 + months, _YEAR)
        year = birthday.year + years
        last = calendar.monthrange(year, month + 1)[1]
        return dt.date(year, month + 1, min(birthday.day, last))


@dataclass(frozen=True, slots=True)
class WorkingAge:
    """What working age is at a time.

    Parameters
    ----------
    least
        Years, completed.
    men
        When they retire.
    women
        When women do, by each category that there is: workers, and cadres and technical staff.
    """

    least: int
    men: Retirement
    women: tuple[Retirement, ...]


WORKING_AGE: Final = Dated(
    "working_age",
    (
        Entry(
            WorkingAge(16, Retirement(60), (Retirement(50), Retirement(55))),
            dt.date(1978, 6, 2),
            dt.date(2025, 1, 1),
            "国发〔1978〕104号：男60周岁，女干部55周岁，女工人50周岁 [M]",
        ),
        Entry(
            WorkingAge(
                16,
                Retirement(60, (1965, 1), 4, 63),
                (Retirement(50, (1975, 1), 2, 55), Retirement(55, (1970, 1), 4, 58)),
            ),
            dt.date(2025, 1, 1),
            None,
            "全国人大常委会关于实施渐进式延迟法定退休年龄的决定，2024年9月13日 [M]",
        ),
    ),
)
"""From 16 (劳动法第十五条 [M]) until retirement."""


def possible_ages(birth_year: int, on: dt.date) -> tuple[int, ...]:
    """Return the ages, whole years, that somebody born in a year may have on a day.

    Returns
    -------
    tuple of int
        Two, the lower first; one on 31 December, when every birthday has been. Negative for who
        may not have been born yet.

    Examples
    --------
    >>> possible_ages(2000, dt.date(2025, 6, 1))
    (24, 25)
    """
    age = on.year - birth_year
    return (age,) if _is_last_day(on) else (age - 1, age)


def age_span(birth_year: ArrayLike, on: dt.date) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the least and the greatest age, whole years, that people may have on a day.

    Parameters
    ----------
    birth_year
        Years, (n,); NaN or null where not known.
    on
        The day.

    Returns
    -------
    least, most
        float64, (n,); minus and plus infinity where the year is not known.

    Raises
    ------
    ArgumentError
        If a year is no whole number from 1900 to 2100.
    """
    most = on.year - as_years(birth_year, "birth_year")
    least = most - (not _is_last_day(on))
    return np.nan_to_num(least, nan=-np.inf), np.nan_to_num(most, nan=np.inf)


def working_age(
    birth_year: ArrayLike, sex: ArrayLike | Sequence[str | None], on: dt.date
) -> NDArray[np.int8]:
    """Tell who is of working age on a day, by the rule of that day.

    Parameters
    ----------
    birth_year
        Years, (n,); NaN or null where not known.
    sex
        "male" or "female", (n,); null where not known.
    on
        The day.

    Returns
    -------
    numpy.ndarray
        Outcomes, int8, (n,): pass where it holds for every birthday of the year and every case
        that may be, fail where it holds for none, else unknown. The cases of a woman are all
        categories, those of somebody whose sex is not known are those of men as well. Where the
        year is not known: unknown.

    Raises
    ------
    ArgumentError
        If a year is no whole number from 1900 to 2100, a sex is another word, or the two are not
        of one length.
    NotInForceError
        If no rule is known for the day.
    """
    rule = WORKING_AGE.on(on).value
    year = as_years(birth_year, "birth_year")
    code = as_codes(sex, _SEXES)
    same_length(birth_year=year, sex=code)
    if (code == len(_SEXES)).any():
        wrong = np.asarray(sex, dtype=object)[code == len(_SEXES)][0]
        raise ArgumentError("sex", "be 'male', 'female' or null", repr(wrong))
    cases = ((rule.men,), rule.women, (rule.men, *rule.women))
    unsaid = len(_SEXES)
    # Few years of birth occur: each is judged once a sex, and looked up from there.
    different, place = np.unique(year, return_inverse=True)
    table = np.full((len(different), len(cases)), UNKNOWN, dtype=np.int8)
    for at, born in enumerate(different):
        if not np.isnan(born):
            table[at] = [_outcome(rule.least, one, int(born), on) for one in cases]
    return table[place, np.where(code == MISSING, unsaid, code)]


def _outcome(least: int, cases: tuple[Retirement, ...], born: int, on: dt.date) -> int:
    """Return the outcome of all birthdays of a year and several cases."""
    told = [_holds(least, one, born, on) for one in cases]
    if all(every for every, _ in told):
        return PASS
    return UNKNOWN if any(some for _, some in told) else FAIL


def _holds(least: int, retirement: Retirement, born: int, on: dt.date) -> tuple[bool, bool]:
    """Return whether somebody is of working age for all birthdays of a year, and for any.

    A later birthday never comes of age, nor retires, before an earlier one: later months of birth
    have no smaller delay. So the first and the last birthday bound all others, and since nobody
    retires before coming of age, somebody is of working age for one birthday at least unless even
    the first is too young or even the last has retired.
    """
    first, last = dt.date(born, 1, 1), dt.date(born, _YEAR, 31)
    of_age_first, of_age_last = (one.replace(year=born + least) for one in (first, last))
    every = of_age_last <= on < retirement.day(first)
    return every, of_age_first <= on < retirement.day(last)


def _is_last_day(on: dt.date) -> bool:
    return (on.month, on.day) == (_YEAR, 31)
