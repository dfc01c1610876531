"""The table of those who looked for work since 2022 and no longer do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo_match.demo._random import marks, normal_marks
from geo_match.demo.history._columns import UNKNOWN, days, texts
from geo_match.demo.history.registrations import REASONS
from geo_match.demo.people.seekers import OCCUPATIONS, SHIFTS, Asker, Chance, wish
from geo_match.demo.people.working_life import DIFFICULTY, EDUCATION, REFERENCE_DATE, STATUS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.history.ledger import Ledger
    from geo_match.demo.history.registrations import Registrations
    from geo_match.demo.history.spells import Spells
    from geo_match.demo.people import People

_GROUPS: Final = ("graduate", "migrant_worker", "veteran", "retired_fisherman")
_EDUCATION_UNKNOWN, _DIFFICULTY_UNKNOWN = 0.03, 0.05
_OLD_FILE: Final = 0.30
"""Women between the two ages of retirement whose education is not in the file: without it nobody
knows which is theirs."""
_BETWEEN_AGES: Final = (50, 55)
_MARKS: Final = 9


def frame_former_seekers(
    people: People,
    ledger: Ledger,
    spells: Spells,
    registrations: Registrations,
    id_: NDArray[np.object_],
    *,
    seed: int,
) -> gpd.GeoDataFrame:
    """Return the table `former_seekers`: columns as of `People.seekers`, and how the search ended.

    Parameters
    ----------
    people
        Everybody.
    ledger, spells, registrations
        The persons, their spells and their episodes of looking.
    id_
        Id of each person of the ledger, shape (p,).
    seed
        At least 0.
    """
    rows = np.flatnonzero(~ledger.seeks)
    former = ledger.take(rows)
    # Episodes stand by person and day: the last one wins.
    episode = np.empty(len(ledger), dtype=np.int64)
    episode[registrations.person] = np.arange(len(registrations.person))
    episode = episode[rows]

    def mark(name: str) -> NDArray[np.float64]:
        return marks(former.key, seed, "history", "former", name)

    age = REFERENCE_DATE.year - former.birth_year
    wishes = wish(
        Asker(
            age=age.astype(np.int16),
            woman=former.woman,
            education=former.education.astype(np.int8),
            status=spells.status[registrations.spell[episode]].astype(np.int8),
            difficult=former.difficulty > 0,
            graduate=former.graduate,
        ),
        Chance(
            np.stack([mark(f"wish {i}") for i in range(_MARKS)]),
            normal_marks(former.key, seed, "history", "former", "wage"),
            mark("asked"),
        ),
    )
    members = people.members.iloc[former.member]
    home = people.households.iloc[members["household"].to_numpy()]
    accepts = {
        f"accepts_{name}": pd.arrays.BooleanArray(getattr(wishes, name), ~wishes.asked)
        for name in ("ordinary", "flexible", "public_welfare", "traineeship")
    }
    between = former.woman & (age >= _BETWEEN_AGES[0]) & (age <= _BETWEEN_AGES[1])
    lacks = mark("education") < np.where(between, _OLD_FILE, _EDUCATION_UNKNOWN)
    education = np.where(lacks, UNKNOWN, former.education)
    difficulty = np.where(mark("difficulty") < _DIFFICULTY_UNKNOWN, UNKNOWN, former.difficulty)
    frame = pd.DataFrame(
        {
            "id": pd.array(id_[rows], dtype="str"),
            "household": home["id"].array,
            "community": home["community"].array,
            "birth_year": members["birth_year"].to_numpy(),
            "sex": members["sex"].array,
            "education": texts(education, EDUCATION),
            "status": texts(former.status, STATUS),
            "occupation": texts(wishes.occupation, [o.code for o in OCCUPATIONS]),
            "wage_floor_cny": pd.Series(wishes.wage_floor_cny).astype("Int32"),
            "shift": texts(wishes.shift, SHIFTS),
            **accepts,
            **{group: members[group].to_numpy() for group in _GROUPS},
            "difficulty": texts(difficulty, DIFFICULTY),
            "closed_on": days(registrations.closed_on[episode]),
            "close_reason": texts(registrations.reason[episode], REASONS),
        }
    )
    return gpd.GeoDataFrame(frame, geometry=home.geometry.array, crs=people.households.crs)
