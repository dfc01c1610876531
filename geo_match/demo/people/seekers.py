"""What jobseekers want, in keeping with who they are: occupation, wage floor, kind of job, shift.

Occupations are middle groups of GB/T 6565-2009. Wages are invented, monthly, CNY.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pandas as pd

from geo_match.demo.people.columns import texts
from geo_match.demo.people.working_life import COLLEGE, WorkingLife
from geo_match.demo.vocabulary import FLEXIBLE, JOB_TYPES, REGISTERED, STUDYING, UNEMPLOYED

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


class Occupation(NamedTuple):
    """A middle group of occupations that people here look for.

    Parameters
    ----------
    code
        Of GB/T 6565-2009, three digits; the first is the major group.
    wage
        What people ask for in it on average, CNY a month.
    low, middle, high
        How often it is sought with junior school or less, with senior or vocational school, and
        with college or more.
    women
        How many times as often women seek it as men.
    """

    code: str
    wage: float
    low: float
    middle: float
    high: float
    women: float


OCCUPATIONS: Final = (
    Occupation("105", 7_600, 0.2, 0.8, 3.0, 0.7),
    Occupation("202", 6_300, 0.0, 1.5, 11.0, 0.4),
    Occupation("203", 4_900, 0.2, 0.6, 1.5, 0.7),
    Occupation("205", 5_700, 0.0, 2.5, 8.0, 3.0),
    Occupation("206", 5_200, 0.1, 3.0, 13.0, 1.8),
    Occupation("207", 5_900, 0.0, 0.8, 5.0, 1.3),
    Occupation("208", 6_000, 0.0, 0.1, 1.8, 1.1),
    Occupation("209", 5_300, 0.0, 1.0, 11.0, 2.6),
    Occupation("210", 5_000, 0.1, 0.5, 1.5, 1.1),
    Occupation("301", 4_400, 0.4, 5.0, 14.0, 1.7),
    Occupation("302", 3_100, 7.0, 5.0, 1.0, 0.1),
    Occupation("303", 4_500, 1.5, 2.5, 1.5, 0.5),
    Occupation("305", 5_000, 0.1, 1.5, 4.0, 1.0),
    Occupation("308", 3_500, 3.0, 3.0, 1.5, 1.1),
    Occupation("401", 4_200, 10.0, 14.0, 9.0, 1.6),
    Occupation("402", 4_100, 5.0, 5.0, 1.5, 0.6),
    Occupation("403", 3_900, 10.0, 6.0, 0.8, 1.3),
    Occupation("404", 3_700, 4.0, 4.5, 1.2, 1.5),
    Occupation("405", 4_700, 3.0, 4.0, 1.2, 0.3),
    Occupation("406", 3_500, 2.0, 1.5, 0.3, 2.5),
    Occupation("407", 3_700, 12.0, 6.0, 1.2, 1.8),
    Occupation("501", 3_300, 5.0, 1.0, 0.2, 0.9),
    Occupation("503", 3_600, 1.5, 0.5, 0.1, 0.7),
    Occupation("504", 3_700, 0.6, 0.2, 0.0, 0.3),
    Occupation("604", 5_000, 4.0, 7.0, 1.8, 0.3),
    Occupation("605", 4_900, 4.0, 6.0, 1.2, 0.7),
    Occupation("606", 4_900, 1.5, 4.0, 1.0, 0.1),
    Occupation("607", 4_900, 1.0, 2.5, 1.0, 0.1),
    Occupation("608", 4_900, 4.0, 7.0, 2.5, 1.0),
    Occupation("610", 4_100, 3.0, 1.5, 0.1, 3.0),
    Occupation("611", 4_100, 4.0, 1.5, 0.1, 3.5),
    Occupation("612", 3_900, 4.0, 2.5, 0.4, 1.2),
    Occupation("618", 4_600, 2.0, 2.0, 0.4, 0.4),
    Occupation("623", 5_400, 9.0, 3.0, 0.6, 0.1),
    Occupation("624", 5_300, 4.0, 4.0, 0.5, 0.1),
    Occupation("800", 3_300, 1.0, 0.5, 0.3, 1.0),
)

SHIFTS: Final = ("day", "evening", "night", "any")

_WAGES: Final = np.array([occupation.wage for occupation in OCCUPATIONS])
_MIDDLE: Final = np.array([0, 0, 1, 1, 2, 2, 2])
"""Which weights hold for each education: low, middle or high."""


def _cumulate() -> NDArray[np.float64]:
    """Return running shares of occupations, shape (3 educations, 2 sexes, occupations)."""
    often = np.array([[o.low, o.middle, o.high] for o in OCCUPATIONS]).T
    women = np.array([o.women for o in OCCUPATIONS])
    weight = often[:, None, :] * np.stack([np.ones_like(women), women])
    return np.asarray(np.cumsum(weight, axis=2) / weight.sum(axis=2, keepdims=True))


_UP_TO: Final = _cumulate()
_LEARNT: Final = np.array([0.90, 0.95, 1.00, 1.04, 1.10, 1.27, 1.55])
"""How education raises the wage asked for within an occupation."""
_SPREAD: Final = 0.16
_LEAST_WAGE: Final = 1_500
_STEP_WAGE: Final = 100
_LOOKING: Final = np.array([0.025, 0.075, 0.92, 0.70, 0.17, 0.0, 0.0, 0.0, 0.0])
"""Share of each status, of working age, that looks for a job."""
_LEAVES_SCHOOL: Final = 18
_YOUNG_UNTIL: Final = 24
_SENIOR_FROM: Final = 45
_FLEXIBLE_AGAIN, _FLEXIBLE_SENIOR, _FLEXIBLE_OTHER = 0.70, 0.42, 0.28
"""Who takes flexible work: who has such work, and of the others those over 45 and those not."""
_URGENT: Final = 0.90
"""How much less the unemployed ask for."""
_SHIFTS_UP_TO: Final = np.array([0.62, 0.70, 0.74])
_TAKES_ORDINARY, _TAKES_WELFARE, _TAKES_TRAINEESHIP = 0.90, 0.75, 0.55
_UNKNOWN_OCCUPATION, _UNKNOWN_WAGE, _UNKNOWN_SHIFT, _UNKNOWN_JOB_TYPES = 0.04, 0.09, 0.06, 0.03


_MARKS: Final = (
    "occupation",
    "wage known",
    "occupation known",
    "shift",
    "shift known",
    "flexible",
    "traineeship",
    "ordinary",
    "public_welfare",
)
"""What uniform marks decide, in the order in which a generator draws them."""


@dataclass(frozen=True, slots=True, eq=False)
class Wishes:
    """What seekers want, each array of shape (s,).

    Parameters
    ----------
    occupation, shift
        Positions in `OCCUPATIONS` and `SHIFTS`; −1 where unknown.
    wage_floor_cny
        CNY a month, in hundreds; NaN where unknown.
    ordinary, flexible, public_welfare, traineeship
        Kinds of job accepted.
    asked
        Whether the kinds of job accepted are known.
    """

    occupation: NDArray[np.int8]
    shift: NDArray[np.int8]
    wage_floor_cny: NDArray[np.float64]
    ordinary: NDArray[np.bool_]
    flexible: NDArray[np.bool_]
    public_welfare: NDArray[np.bool_]
    traineeship: NDArray[np.bool_]
    asked: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Asker:
    """Who looks for a job, as far as it decides what they want, each array of shape (s,).

    Parameters
    ----------
    age
        The age that they reach in the reference year.
    woman
        Whether a woman.
    education, status
        Positions in `EDUCATION` and `STATUS`.
    difficult, graduate
        Whether a person with employment difficulty, and whether of the graduates.
    """

    age: NDArray[np.int16]
    woman: NDArray[np.bool_]
    education: NDArray[np.int8]
    status: NDArray[np.int8]
    difficult: NDArray[np.bool_]
    graduate: NDArray[np.bool_]


def choose_seekers(
    life: WorkingLife, age: NDArray[np.int16], generator: np.random.Generator
) -> NDArray[np.int64]:
    """Return the positions of the members who look for a job, ascending, (s,).

    Of those who study only the older do: they finish soon.
    """
    rate = _LOOKING[life.status] * life.working_age
    rate[(life.status == STUDYING) & (age < _LEAVES_SCHOOL)] = 0.0
    return np.flatnonzero(generator.random(len(rate)) < rate)


def draw_wishes(
    age: NDArray[np.int16],
    woman: NDArray[np.bool_],
    life: WorkingLife,
    seekers: NDArray[np.int64],
    generator: np.random.Generator,
) -> Wishes:
    """Draw what seekers want.

    Parameters
    ----------
    age, woman, life
        Of all members, shape (m,).
    seekers
        Their positions among the members, shape (s,).
    generator
        What it is drawn from.
    """
    n = len(seekers)
    mark = dict(zip(_MARKS, generator.random((len(_MARKS), n)), strict=True))
    spread = generator.standard_normal(n)
    mark["asked"] = generator.random(n)
    return wish(
        Asker(
            age=age[seekers],
            woman=woman[seekers],
            education=life.education[seekers],
            status=life.status[seekers],
            difficult=life.difficulty[seekers] > 0,
            graduate=life.graduate[seekers],
        ),
        mark.__getitem__,
        spread,
    )


def wish(
    asker: Asker, mark: Callable[[str], NDArray[np.float64]], spread: NDArray[np.float64]
) -> Wishes:
    """Return what people want who look for a job, in keeping with who they are.

    Parameters
    ----------
    asker
        Who they are.
    mark
        Gives uniform numbers from 0 to below 1 by what they decide, shape (s,).
    spread
        Standard normal, shape (s,): by how much more than others they ask for.
    """
    age, education, status = asker.age, asker.education, asker.status
    up_to = _UP_TO[_MIDDLE[education], asker.woman.astype(np.int64)]
    occupation = (mark("occupation")[:, None] >= up_to[:, :-1]).sum(axis=1)
    wage = _ask_wage(asker, occupation, spread)
    wage[mark("wage known") < _UNKNOWN_WAGE] = np.nan
    shift = np.searchsorted(_SHIFTS_UP_TO, mark("shift"), side="right")
    shift[mark("shift known") < _UNKNOWN_SHIFT] = -1
    tied = np.where(age > _SENIOR_FROM, _FLEXIBLE_SENIOR, _FLEXIBLE_OTHER)
    flexible = mark("flexible") < np.where(status == FLEXIBLE, _FLEXIBLE_AGAIN, tied)
    young = age <= _YOUNG_UNTIL
    trainee = (mark("traineeship") < _TAKES_TRAINEESHIP) & (young | asker.graduate)
    # Whoever would take nothing else takes an ordinary job.
    ordinary = (mark("ordinary") < _TAKES_ORDINARY) | ~flexible
    unknown = mark("occupation known") < _UNKNOWN_OCCUPATION
    return Wishes(
        occupation=np.where(unknown, -1, occupation).astype(np.int8),
        shift=shift.astype(np.int8),
        wage_floor_cny=wage,
        ordinary=ordinary,
        flexible=flexible,
        public_welfare=asker.difficult & (mark("public_welfare") < _TAKES_WELFARE),
        traineeship=trainee & (status != FLEXIBLE) & (education >= COLLEGE - 1),
        asked=mark("asked") >= _UNKNOWN_JOB_TYPES,
    )


def _ask_wage(
    asker: Asker, occupation: NDArray[np.int64], spread: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the least wage that each accepts, CNY a month, in hundreds, (s,)."""
    age, status = asker.age, asker.status
    # Experience raises what people ask for until forty, less work lowers it near the end.
    experience = 1.0 + 0.010 * np.minimum(age - 22, 18) - 0.007 * np.maximum(age - 45, 0)
    varied = np.exp(_SPREAD * np.clip(spread, -2.5, 2.5))
    urgent = np.where((status == REGISTERED) | (status == UNEMPLOYED), _URGENT, 1.0)
    wage = _WAGES[occupation] * _LEARNT[asker.education] * experience * varied * urgent
    return np.asarray(np.maximum(np.round(wage / _STEP_WAGE) * _STEP_WAGE, _LEAST_WAGE))


def list_wishes(wishes: Wishes) -> dict[str, Any]:
    """Return the columns of what seekers want, as the frames have them."""
    return {
        "occupation": texts(wishes.occupation, [o.code for o in OCCUPATIONS]),
        "wage_floor_cny": pd.Series(wishes.wage_floor_cny).astype("Int32"),
        "shift": texts(wishes.shift, SHIFTS),
        **{
            f"accepts_{name}": pd.arrays.BooleanArray(getattr(wishes, name), ~wishes.asked)
            for name in JOB_TYPES
        },
    }
