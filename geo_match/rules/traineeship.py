"""Traineeships (就业见习): for graduates who have found no work yet, and for young unemployed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo_match.rules._columns import MISSING, as_codes, as_years, has_member, same_length
from geo_match.rules.dated import Dated, Entry
from geo_match.rules.outcome import UNKNOWN, all_of, any_of, holds
from geo_match.rules.working_age import age_span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

_JOBLESS: Final = ("registered_unemployed", "unemployed")
_GRADUATE: Final = "graduate"


@dataclass(frozen=True, slots=True)
class Traineeship:
    """For whom traineeships are at a time.

    Parameters
    ----------
    years_since_graduation
        A graduate's last day is so many years after graduation, inclusive.
    age_min, age_max
        Of the young unemployed, years, both inclusive.
    months_min, months_max
        How long one may last; noted, decided on by nobody here.
    """

    years_since_graduation: int
    age_min: int
    age_max: int
    months_min: int
    months_max: int


TRAINEESHIP: Final = Dated(
    "traineeship",
    (
        Entry(
            Traineeship(2, 16, 24, 3, 12),
            dt.date(2019, 1, 1),
            None,
            "三年百万青年见习计划，自2019年1月1日起，后由国家就业见习通知延续：离校2年内未就业高校"
            "毕业生、16–24岁失业青年，3–12个月 [M]",
        ),
    ),
)
"""What held before 2019 is not known here."""


def traineeship(
    *,
    status: ArrayLike | Sequence[str | None],
    groups: Any,  # noqa: ANN401 - lists of texts, or an Arrow column of them, which has no type
    graduation_year: ArrayLike,
    birth_year: ArrayLike,
    on: dt.date,
) -> NDArray[np.int8]:
    """Tell for whom traineeships are on a day, by the rule of that day.

    Parameters
    ----------
    status
        Employment status, (n,); null where not known.
    groups
        Lists of key groups, (n,); null where not known.
    graduation_year, birth_year
        Years, (n,); NaN or null where not known.
    on
        The day.

    Returns
    -------
    numpy.ndarray
        Outcomes, int8, (n,): whether somebody is jobless, and either a graduate of recent years or
        young. Of a graduate no more than the year is known, so that 2 years ago may be too long
        ago: unknown.

    Raises
    ------
    ArgumentError
        If a year is no whole number from 1900 to 2100, or the columns are not of one length.
    NotInForceError
        If no rule is known for the day.
    """
    rule = TRAINEESHIP.on(on).value
    state = as_codes(status, _JOBLESS)
    graduate, told = has_member(groups, _GRADUATE)
    year = as_years(graduation_year, "graduation_year")
    youngest, oldest = age_span(birth_year, on)
    same_length(status=state, groups=told, graduation_year=year, birth_year=oldest)
    jobless = _unless(state == MISSING, state < len(_JOBLESS))
    ago = on.year - year
    limit = rule.years_since_graduation
    # In the last calendar year the day of graduation decides, which nobody recorded.
    in_time = holds(ago < limit, ago <= limit)
    in_time[np.isnan(year)] = UNKNOWN
    recent = all_of(_unless(~told, graduate), in_time)
    young = holds(
        (youngest >= rule.age_min) & (oldest <= rule.age_max),
        (oldest >= rule.age_min) & (youngest <= rule.age_max),
    )
    return all_of(jobless, any_of(recent, young))


def _unless(missing: NDArray[np.bool_], true: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Return pass where something is true and fail where not, but unknown where it is missing."""
    return holds(true & ~missing, true | missing)
