"""Visits to employers (走访): what for, how many people they seek, and what their licence said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.demo._random import marks
from geo_match.demo._runs import within_runs
from geo_match.demo.history._columns import numbers
from geo_match.demo.history._days import REFERENCE_DAY, day_of, to_dates, to_days
from geo_match.demo.history._whereabouts import districts_of, operators_of
from geo_match.demo.people.columns import texts
from geo_match.demo.vocabulary import LICENCES, START

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.work import Work

PURPOSES: Final = ("survey", "licence_check", "recruitment_guidance", "job_check")
_VERIFIED, _UNVERIFIED, _EXPIRED = range(len(LICENCES))

_VISITED: Final = 0.45
_A_YEAR: Final = (1.0, 4.0)
"""Visits a year to an employer that is visited at all."""
_YEAR: Final = 365.0
_BEFORE_ENTRY: Final = 7
"""Days before an employer's entry from which it may be visited."""
_LATE: Final = 0.4
"""Of the days between two visits, by how many one may be late."""
_MOST: Final = np.uint64(32)
_FIRST_PURPOSE: Final = np.cumsum([0.45, 0.45, 0.05])
_LATER_PURPOSE: Final = np.cumsum([0.20, 0.15, 0.35])
_DEMAND_UNKNOWN: Final = 0.22
_NO_DEMAND: Final = 0.25
_MOST_DEMANDED: Final = 60
_LICENCE_NOT_SEEN: Final = 0.10
_EXPIRES_WITHIN: Final = 400
"""Days before the reference date within which an expired licence was found so."""
_NEXT_NOTED: Final = 0.6


def draw_employer_visits(work: Work, *, seed: int) -> pd.DataFrame:
    """Draw the visits to employers since the programme began, by employer and day.

    Parameters
    ----------
    work
        The whole city's.
    seed
        At least 0.

    Returns
    -------
    pandas.DataFrame
        `employer_id`, `on`, `purpose` (of `PURPOSES`), `vacancies_demanded` (people it seeks; null
        where it did not say), `licence_state` (of `LICENCES`, as seen that day; null where nobody
        looked), `next_visit_on` and `operator_id` (null in a district without one).
    """
    employers = work.employers
    visits = _draw_days(employers, seed)
    row, each = visits.row, visits.key
    purpose = _draw_purposes(visits, seed)
    # A check of licences has always seen the licence.
    skipped = purpose != PURPOSES.index("licence_check")
    skipped &= marks(each, seed, "visits", "seen") < _LICENCE_NOT_SEEN
    seen = _see_licences(employers, row, visits.on, seed)
    planned = visits.on + np.rint(visits.gap).astype(np.int64)
    noted = marks(each, seed, "visits", "next") < _NEXT_NOTED
    return pd.DataFrame(
        {
            "employer_id": employers["id"].array[row],
            "on": to_dates(visits.on),
            "purpose": texts(purpose, PURPOSES),
            "vacancies_demanded": _draw_demand(each, seed),
            "licence_state": texts(np.where(skipped, -1, seen), LICENCES),
            "next_visit_on": to_dates(planned, noted),
            "operator_id": pd.Categorical(_operators(work)[row]),
        }
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Visits:
    """When employers were visited, by employer and day, each array of shape (v,).

    Parameters
    ----------
    row
        Row of the employer.
    number
        Which of its visits, from 0.
    key
        A number for each.
    on
        Its day.
    gap
        Days between two visits to the employer.
    """

    row: NDArray[np.int64]
    number: NDArray[np.int64]
    key: NDArray[np.uint64]
    on: NDArray[np.int64]
    gap: NDArray[np.float64]


def _draw_days(employers: pd.DataFrame, seed: int) -> _Visits:
    """Draw which employers are visited, and when."""
    key = np.arange(len(employers), dtype=np.uint64)
    low, high = _A_YEAR
    gap = _YEAR / (low + (high - low) * marks(key, seed, "visits", "often") ** 2)
    start = np.maximum(to_days(employers["entered_on"]) - _BEFORE_ENTRY, day_of(START))
    first = start + np.floor(gap * marks(key, seed, "visits", "first"))
    visited = marks(key, seed, "visits", "any") < _VISITED
    n = np.where(visited, np.ceil((REFERENCE_DAY - first) / gap), 0.0)
    n = np.clip(n, 0, int(_MOST)).astype(np.int64)
    row = np.repeat(key.astype(np.int64), n)
    number = within_runs(n)
    each = key[row] * _MOST + number.astype(np.uint64)
    late = _LATE * gap[row] * marks(each, seed, "visits", "late")
    on = np.floor(first[row] + gap[row] * number + late).astype(np.int64)
    return _Visits(row, number, each, np.minimum(on, REFERENCE_DAY), gap[row])


def _draw_purposes(visits: _Visits, seed: int) -> NDArray[np.int64]:
    """Return what each visit was for, a position in `PURPOSES`, (v,)."""
    mark = marks(visits.key, seed, "visits", "purpose")
    first, later = (
        np.searchsorted(up_to, mark, side="right") for up_to in (_FIRST_PURPOSE, _LATER_PURPOSE)
    )
    return np.where(visits.number == 0, first, later)


def _draw_demand(each: NDArray[np.uint64], seed: int) -> pd.arrays.IntegerArray:
    """Return how many people each employer said that it seeks, (v,)."""
    mark = marks(each, seed, "visits", "demand")
    # A few seek many: the tail falls with the square.
    demand = np.floor(1.0 / np.sqrt(np.maximum(mark, 1e-9)))
    demand = np.minimum(demand, _MOST_DEMANDED)
    demand[marks(each, seed, "visits", "no_demand") < _NO_DEMAND] = 0.0
    known = marks(each, seed, "visits", "demand_known") >= _DEMAND_UNKNOWN
    return numbers(demand, known, np.int16)


def _see_licences(
    employers: pd.DataFrame, row: NDArray[np.int64], on: NDArray[np.int64], seed: int
) -> NDArray[np.int64]:
    """Return the state of each visited employer's licence on the day, (v,)."""
    now = pd.Categorical(employers["licence"], categories=list(LICENCES)).codes[row]
    ago = marks(row.astype(np.uint64), seed, "visits", "expired")
    expires = REFERENCE_DAY - np.floor(_EXPIRES_WITHIN * ago).astype(np.int64)
    verified = to_days(employers["licence_verified_on"], missing=0)[row]
    seen = np.where((now == _EXPIRED) & (on < expires), _VERIFIED, now)
    return np.where((on < verified) & (now != _EXPIRED), _UNVERIFIED, seen)


def _operators(work: Work) -> NDArray[np.object_]:
    """Return the operator of the district of each employer's first site, None without one."""
    sites = work.sites.drop_duplicates("employer_id")
    of_site = operators_of(districts_of(sites["community"]), work.operators)
    at = pd.Index(sites["employer_id"]).get_indexer(work.employers["id"])
    operators: NDArray[np.object_] = np.append(of_site, [None])[at]
    return operators
