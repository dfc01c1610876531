"""What members of households have learnt, whether they work, and to which groups they belong.

Age comes first; education follows from the year of birth and the 户口, study from age and
education, work from all of these. Rates are invented to be plausible, none is a statistic.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.demo.people.households import HEAD, SPOUSE, Members
from geo_match.demo.people.working_age import FROM_AGE, MEN, WOMEN_50, WOMEN_55, is_working_age
from geo_match.demo.vocabulary import (
    EMPLOYED,
    FLEXIBLE,
    INCAPABLE,
    NOT_SEEKING,
    REFERENCE_DATE,
    REGISTERED,
    RETIRED,
    STUDYING,
    UNDER_AGE,
    UNEMPLOYED,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

EDUCATION: Final = ("primary", "junior", "senior", "vocational", "college", "bachelor", "master")
"""Highest education finished; `primary` is primary school or less."""
_PRIMARY, _JUNIOR, _SENIOR, _VOCATIONAL, COLLEGE, _BACHELOR, _MASTER = range(7)
FINISHED_AT: Final = np.array([13, 16, 19, 19, 22, 23, 26])
"""Age at which each is finished."""
_BEFORE: Final = np.array([_PRIMARY, _PRIMARY, _JUNIOR, _JUNIOR, _SENIOR, _SENIOR, _BACHELOR])
"""What a person has who still studies for each of them."""

_COHORTS: Final = np.array([30, 40, 50, 60, 70])
_FINAL: Final = np.array(
    [
        [  # urban 户口: under 30, 40, 50, 60, 70, and older
            [0.01, 0.08, 0.12, 0.14, 0.30, 0.30, 0.05],
            [0.01, 0.15, 0.15, 0.15, 0.28, 0.23, 0.03],
            [0.03, 0.27, 0.19, 0.15, 0.22, 0.13, 0.01],
            [0.08, 0.37, 0.23, 0.12, 0.14, 0.055, 0.005],
            [0.20, 0.42, 0.22, 0.07, 0.06, 0.029, 0.001],
            [0.48, 0.32, 0.11, 0.04, 0.03, 0.02, 0.0],
        ],
        [  # rural 户口
            [0.02, 0.29, 0.17, 0.20, 0.20, 0.11, 0.01],
            [0.06, 0.48, 0.14, 0.14, 0.12, 0.057, 0.003],
            [0.17, 0.58, 0.12, 0.07, 0.045, 0.014, 0.001],
            [0.36, 0.50, 0.09, 0.03, 0.015, 0.005, 0.0],
            [0.60, 0.32, 0.06, 0.015, 0.004, 0.001, 0.0],
            [0.84, 0.13, 0.02, 0.008, 0.001, 0.001, 0.0],
        ],
    ]
)
_FINAL_UP_TO: Final = np.cumsum(_FINAL, axis=2)

DIFFICULTY: Final = (
    "none",
    "older",
    "long_term_unemployed",
    "disabled",
    "minimum_living",
    "land_loss",
    "zero_employment",
)
"""Kinds of employment difficulty; of several that apply the last is kept."""
ZERO_EMPLOYMENT: Final = len(DIFFICULTY) - 1

_JOBLESS: Final = np.array([0.075, 0.070, 0.060, 0.048, 0.038, 0.034, 0.022])
"""Unemployed among those who work or want to, by education; the young a half more."""
_ON_OWN_ACCOUNT: Final = np.array([0.46, 0.38, 0.27, 0.22, 0.15, 0.10, 0.06])
"""In flexible employment among those who work, by education."""
_REGISTERS: Final = 0.56
"""Of the unemployed."""
_YOUNG_BELOW, _MOTHER_BELOW, _SENIOR_FROM = 25, 42, 50
_SERVED_FROM, _FISHED_FROM = 20, 35
_FISHERMEN: Final = 0.002
_GRADUATE_YEARS: Final = 5
_HARD_TOGETHER: Final = 0.18
"""Unemployment runs in a household: if the head has no work, so many others lose theirs."""


@dataclass(frozen=True, slots=True, eq=False)
class WorkingLife:
    """What is drawn of each member, in their order, each of shape (m,).

    Parameters
    ----------
    education, status, difficulty
        Positions in `EDUCATION`, `STATUS`, `DIFFICULTY`, the last kind left to
        `find_zero_employment`.
    working_age
        Whether of working age on the reference date.
    graduate, migrant_worker, veteran, retired_fisherman
        The notice's groups: 高校毕业生 within five years, 农民工, 退役军人, 长江禁捕退捕渔民.
    """

    education: NDArray[np.int8]
    status: NDArray[np.int8]
    difficulty: NDArray[np.int8]
    working_age: NDArray[np.bool_]
    graduate: NDArray[np.bool_]
    migrant_worker: NDArray[np.bool_]
    veteran: NDArray[np.bool_]
    retired_fisherman: NDArray[np.bool_]


def birth_year(age: NDArray[np.integer]) -> NDArray[np.int16]:
    """Return the year of birth of people who reach an age in the reference year, (n,)."""
    return np.asarray(REFERENCE_DATE.year - age, dtype=np.int16)


def draw_working_life(
    members: Members, urban_hukou: NDArray[np.bool_], generator: np.random.Generator
) -> WorkingLife:
    """Draw education, status and groups of members.

    Parameters
    ----------
    members
        Who they are.
    urban_hukou
        Whether a member's 户口 is urban, shape (m,).
    generator
        What they are drawn from.
    """
    age, woman = members.age, members.woman
    education, studying = _draw_education(age, urban_hukou, generator)
    line = np.where(woman, np.where(education >= COLLEGE, WOMEN_55, WOMEN_50), MEN)
    of_age = is_working_age(birth_year(age), line, REFERENCE_DATE)
    status = _draw_status(members, of_age, education, studying, generator)
    difficulty = _draw_difficulty(members, urban_hukou, status, of_age, generator)
    rural = ~urban_hukou & of_age & (status <= UNEMPLOYED)
    mark = generator.random((3, len(age)))
    since = age - FINISHED_AT[education]
    return WorkingLife(
        education=education.astype(np.int8),
        status=status.astype(np.int8),
        difficulty=difficulty.astype(np.int8),
        working_age=of_age,
        graduate=of_age
        & (education >= COLLEGE)
        & (since <= _GRADUATE_YEARS)
        & (status != STUDYING),
        migrant_worker=rural & (mark[0] < np.where(age < _SENIOR_FROM, 0.62, 0.40)),
        veteran=(age >= _SERVED_FROM) & (mark[1] < np.where(woman, 0.0015, 0.034)),
        retired_fisherman=rural & (age >= _FISHED_FROM) & (mark[2] < _FISHERMEN),
    )


def find_zero_employment(
    members: Members,
    life: WorkingLife,
    urban_hukou: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Say which households are suspected of zero employment on the reference date.

    Urban, with a member of working age who is unemployed, and none of working age who works;
    members who study, cannot work or do not seek are not unemployed and do not count.

    Parameters
    ----------
    members, life
        Their members.
    urban_hukou
        Whether a household's 户口 is urban, shape (h,).

    Returns
    -------
    numpy.ndarray
        Shape (h,).
    """
    at, n = members.household, len(urban_hukou)
    works = life.working_age & (life.status <= FLEXIBLE)
    seeks = life.working_age & ((life.status == REGISTERED) | (life.status == UNEMPLOYED))
    return np.asarray(
        urban_hukou
        & (np.bincount(at, weights=seeks, minlength=n) > 0)
        & (np.bincount(at, weights=works, minlength=n) == 0)
    )


def _draw_education(
    age: NDArray[np.int16], urban: NDArray[np.bool_], generator: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return what each has finished, (m,), and who still studies, (m,)."""
    cohort = np.searchsorted(_COHORTS, age, side="right")
    up_to = _FINAL_UP_TO[np.where(urban, 0, 1), cohort]
    final = (generator.random(len(age))[:, None] >= up_to[:, :-1]).sum(axis=1)
    studying = age < FINISHED_AT[final]
    attained = np.where(studying, _BEFORE[final], final)
    # A child who will go to university has not finished school yet.
    attained = np.where(studying & (age < FINISHED_AT[attained]), _BEFORE[attained], attained)
    attained = np.where(age < FINISHED_AT[_JUNIOR], _PRIMARY, attained)
    return attained, studying


def _draw_status(
    members: Members,
    of_age: NDArray[np.bool_],
    education: NDArray[np.int64],
    studying: NDArray[np.bool_],
    generator: np.random.Generator,
) -> NDArray[np.int64]:
    age, woman = members.age, members.woman
    mark = generator.random((5, len(age)))
    jobless_rate = _JOBLESS[education] * np.where(age < _YOUNG_BELOW, 1.5, 1.0)
    jobless = mark[0] < jobless_rate
    head_jobless = np.zeros(len(age), dtype=bool)
    # The head is the first of each household.
    start = np.flatnonzero(members.role == HEAD)
    head_jobless[start] = jobless[start]
    head_jobless = head_jobless[start[members.household]] & (members.role != HEAD)
    jobless |= head_jobless & (mark[4] < _HARD_TOGETHER)
    worker = np.where(mark[1] < _ON_OWN_ACCOUNT[education], FLEXIBLE, EMPLOYED)
    unemployed = np.where(mark[1] < _REGISTERS, REGISTERED, UNEMPLOYED)
    status = np.where(jobless, unemployed, worker)
    mother = woman & (age < _MOTHER_BELOW) & np.isin(members.role, (HEAD, SPOUSE))
    at_home = np.where(mother, 0.15, np.where(age >= _SENIOR_FROM, 0.13, 0.06))
    status = np.where(mark[2] < at_home, NOT_SEEKING, status)
    status = np.where(mark[3] < 0.008 + 0.0006 * np.maximum(age - 20, 0), INCAPABLE, status)
    status = np.where(studying, STUDYING, status)
    old = np.where(mark[2] < np.clip(0.30 - 0.016 * (age - 55), 0.0, 0.30), worker, RETIRED)
    over = age >= FROM_AGE
    return np.where(of_age, status, np.where(over, old, UNDER_AGE))


def _draw_difficulty(
    members: Members,
    urban: NDArray[np.bool_],
    status: NDArray[np.int64],
    of_age: NDArray[np.bool_],
    generator: np.random.Generator,
) -> NDArray[np.int64]:
    age = members.age
    jobless = of_age & ((status == REGISTERED) | (status == UNEMPLOYED))
    mark = generator.random((5, len(age)))
    difficulty = np.zeros(len(age), dtype=np.int64)
    older = age >= np.where(members.woman, 40, 50)
    for kind, rate in (
        (1, np.where(older, 0.8, 0.0)),
        (2, 0.22),
        (3, 0.035),
        (4, 0.05),
        (5, np.where(urban, 0.015, 0.05)),
    ):
        difficulty = np.where(jobless & (mark[kind - 1] < rate), kind, difficulty)
    return difficulty
