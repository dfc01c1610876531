"""Who is in the ledger (台账): all who look for a job, and all who did since 2022 and have stopped.

Nobody is chosen by their place in a list: each member's own number decides, so that a share of the
city has the same people in its ledger as the whole.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.demo._random import marks
from geo_match.demo.history._days import LAST_DAY, first_of_july, years_of
from geo_match.demo.history._whereabouts import districts_of
from geo_match.demo.people.working_age import FROM_AGE, MEN, WOMEN_50, WOMEN_55, is_working_age
from geo_match.demo.people.working_life import COLLEGE, DIFFICULTY, FINISHED_AT
from geo_match.demo.vocabulary import REFERENCE_DATE, STATUS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from geo_match.demo.people import People

_RATE: Final = {
    "employed": 0.068,
    "flexible": 0.085,
    "unemployed": 0.30,
    "studying": 0.06,
    "retired": 0.07,
    "incapable": 0.09,
    "not_seeking": 0.07,
}
"""Share of those who look for no job now that did so since 2022, by their present status."""
_YOUNG_BELOW, _SENIOR_FROM = 30, 50
_FINISHED_BY: Final = np.datetime64("2025-07-01")
"""Who left school later can hardly have looked and found already."""
_RETIRED_FROM: Final = np.datetime64("2022-04-01")
_AGAIN_AFTER: Final = 1
"""Years after school from which studying counts as taken up again after a search for work."""
_DIFFICULT: Final = ((2, 0.14), (3, 0.025), (4, 0.04), (5, 0.03))
"""Kinds of employment difficulty, and their shares among those who looked and no longer do."""
_OLDER: Final = 1
_OLDER_RATE: Final = 0.55
_OLDER_FROM: Final = np.array([50, 40])
"""Age from which men and women count as older when jobless."""
_FIRST_BORN: Final = 1900


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """The persons of the ledger in the order of the members, each array of shape (p,).

    Parameters
    ----------
    member
        Their rows among the members, ascending.
    key
        A number for each, the same in every share of the city.
    seeks
        Whether they look for a job on the reference date.
    birth_year, woman
        As the members have them.
    education, status
        Positions in `EDUCATION` and `STATUS`, on the reference date.
    difficulty
        Position in `DIFFICULTY`: the kind that they had while they last looked. A household's
        zero employment is never one of those who no longer look: its case tells.
    graduate
        Whether of the graduates.
    sixteen
        Their sixteenth birthday, datetime64[D]; only years are kept, so everybody's is 1 July.
    free
        The first day on which they no longer went to school, never before `sixteen`.
    retires
        The first day on which they are no longer of working age.
    lon, lat
        Their present home, degrees, WGS-84.
    district
        The district on whose ground it stands, six digits.
    """

    member: NDArray[np.int64]
    key: NDArray[np.uint64]
    seeks: NDArray[np.bool_]
    birth_year: NDArray[np.int64]
    woman: NDArray[np.bool_]
    education: NDArray[np.int64]
    status: NDArray[np.int64]
    difficulty: NDArray[np.int64]
    graduate: NDArray[np.bool_]
    sixteen: NDArray[np.datetime64]
    free: NDArray[np.datetime64]
    retires: NDArray[np.datetime64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    district: NDArray[np.object_]

    def __len__(self) -> int:
        """Return the number of persons."""
        return len(self.member)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Ledger:
        """Return the persons of some rows, in their order."""
        return Ledger(*(getattr(self, field.name)[rows] for field in fields(self)))


def draw_ledger(people: People, *, seed: int) -> Ledger:
    """Draw who is in the ledger: all who look for a job, and about nine for ten of them who did.

    Parameters
    ----------
    people
        Everybody.
    seed
        At least 0.
    """
    members = people.members
    member_key = people.member_key()
    seeks = np.zeros(len(members), dtype=np.bool_)
    seeks[people.seeker_row()] = True
    born = members["birth_year"].to_numpy(np.int64)
    rate = np.array([_RATE.get(name, 0.0) for name in STATUS])
    status = _codes(members["status"])
    age = REFERENCE_DATE.year - born
    often = rate[status] * np.where(age < _YOUNG_BELOW, 1.35, np.where(age < _SENIOR_FROM, 1, 0.8))
    chosen = seeks | (marks(member_key, seed, "history", "former") < often)
    rows = np.flatnonzero(chosen)
    ledger = _describe(people, rows, member_key[rows], seeks[rows], seed)
    of_age = members["working_age"].to_numpy()[rows]
    return ledger.take(ledger.seeks | _may_have_looked(ledger, of_age))


def _describe(
    people: People,
    rows: NDArray[np.int64],
    key: NDArray[np.uint64],
    seeks: NDArray[np.bool_],
    seed: int,
) -> Ledger:
    members = people.members.iloc[rows]
    home = members["household"].to_numpy(np.int64)
    born = members["birth_year"].to_numpy(np.int64)
    woman = (members["sex"] == "female").to_numpy()
    education = _codes(members["education"])
    sixteen = first_of_july(born + FROM_AGE)
    line = np.where(woman, np.where(education >= COLLEGE, WOMEN_55, WOMEN_50), MEN)
    points = people.households.geometry.array[home]
    difficulty = _codes(members["difficulty"])
    age = REFERENCE_DATE.year - born
    return Ledger(
        member=rows,
        key=key,
        seeks=seeks,
        birth_year=born,
        woman=woman,
        education=education,
        status=_codes(members["status"]),
        difficulty=np.where(seeks, difficulty, _draw_difficulty(key, age, woman, seed)),
        graduate=members["graduate"].to_numpy(),
        sixteen=sixteen,
        free=np.maximum(sixteen, first_of_july(born + FINISHED_AT[education])),
        retires=_RETIRES[line, np.maximum(born - _FIRST_BORN, 0)],
        lon=points.x,
        lat=points.y,
        district=districts_of(people.households["community"].iloc[home]),
    )


def _may_have_looked(ledger: Ledger, of_age: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say who can have looked for a job since 2022 and have stopped since."""
    status = ledger.status
    free_for = REFERENCE_DATE.year - years_of(ledger.free)
    just_retired = (ledger.retires > _RETIRED_FROM) & (ledger.retires <= LAST_DAY)
    again = free_for >= _AGAIN_AFTER
    can = np.where(status == STATUS.index("retired"), just_retired, of_age)
    can &= np.where(status == STATUS.index("studying"), again, ledger.free <= _FINISHED_BY)
    return np.asarray(can)


def _draw_difficulty(
    key: NDArray[np.uint64], age: NDArray[np.int64], woman: NDArray[np.bool_], seed: int
) -> NDArray[np.int64]:
    """Draw the employment difficulty that people had while they looked."""
    # Most of those who are older now were so when they looked.
    older = age >= _OLDER_FROM[woman.astype(np.int64)] + 2
    drawn = marks(key, seed, "history", "difficulty", DIFFICULTY[_OLDER]) < _OLDER_RATE
    difficulty = np.where(older & drawn, _OLDER, 0)
    for kind, rate in _DIFFICULT:
        mark = marks(key, seed, "history", "difficulty", DIFFICULTY[kind])
        difficulty = np.where(mark < rate, kind, difficulty)
    return difficulty


def _codes(column: pd.Series) -> NDArray[np.int64]:
    return column.cat.codes.to_numpy().astype(np.int64)


def _tabulate_retirement() -> NDArray[np.datetime64]:
    """Return the first day past working age, by line and by years since 1900, datetime64[D].

    Months are tried one by one, for the steps of the reform stand in `is_working_age` alone. Who
    is past it before 2021 retired on the first day tried, and who is not by 2026 later than all.
    """
    years = np.arange(_FIRST_BORN, REFERENCE_DATE.year + 1)
    lines = np.repeat([MEN, WOMEN_55, WOMEN_50], len(years))
    born = np.tile(years, 3)
    first = np.full(len(born), np.datetime64("2100-01-01"))
    for month in range(12 * (REFERENCE_DATE.year + 1) - 1, 12 * 2021 - 1, -1):
        on = dt.date(month // 12, month % 12 + 1, 1)
        past = ~is_working_age(born, lines, on) & (born + FROM_AGE < on.year)
        first[past] = np.datetime64(on)
    return first.reshape(3, len(years))


_RETIRES: Final = _tabulate_retirement()
