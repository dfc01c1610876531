"""The table of those who looked for work since 2022 and no longer do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geo_match.demo._random import marks, normal_marks
from geo_match.demo.history._columns import UNKNOWN
from geo_match.demo.history._days import midnights
from geo_match.demo.history.registrations import REASONS
from geo_match.demo.people.columns import texts
from geo_match.demo.people.seekers import Asker, Wishes, list_wishes, wish
from geo_match.demo.people.working_life import DIFFICULTY, EDUCATION
from geo_match.demo.vocabulary import GROUPS, REFERENCE_DATE, STATUS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.history.ledger import Ledger
    from geo_match.demo.history.registrations import Registrations
    from geo_match.demo.history.spells import Spells
    from geo_match.demo.people import People

_EDUCATION_UNKNOWN, _DIFFICULTY_UNKNOWN = 0.03, 0.05
_OLD_FILE: Final = 0.30
"""Women between the two ages of retirement whose education is not in the file: without it nobody
knows which is theirs."""
_BETWEEN_AGES: Final = (50, 55)


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
    status = spells.status[registrations.spell[episode]]
    members = people.members.iloc[former.member]
    home = people.households.iloc[members["household"].to_numpy()]
    education, difficulty = _draw_known(former, seed)
    frame = pd.DataFrame(
        {
            "id": pd.array(id_[rows], dtype="str"),
            "household": home["id"].array,
            "community": home["community"].array,
            "birth_year": members["birth_year"].to_numpy(),
            "sex": members["sex"].array,
            "education": texts(education, EDUCATION),
            "status": texts(former.status, STATUS),
            **list_wishes(_draw_wishes(former, status, seed)),
            **{group: members[group].to_numpy() for group in GROUPS},
            "difficulty": texts(difficulty, DIFFICULTY),
            "closed_on": midnights(registrations.closed_on[episode]),
            "close_reason": texts(registrations.reason[episode], REASONS),
        }
    )
    return gpd.GeoDataFrame(frame, geometry=home.geometry.array, crs=people.households.crs)


def _draw_wishes(former: Ledger, status: NDArray[np.int64], seed: int) -> Wishes:
    """Draw what they wanted, given what they were while they last looked, (f,)."""
    asker = Asker(
        age=_age(former).astype(np.int16),
        woman=former.woman,
        education=former.education.astype(np.int8),
        status=status.astype(np.int8),
        difficult=former.difficulty > 0,
        graduate=former.graduate,
    )
    wish_of = (seed, "history", "former", "wish")
    return wish(
        asker,
        lambda name: marks(former.key, *wish_of, name),
        normal_marks(former.key, *wish_of, "spread"),
    )


def _draw_known(former: Ledger, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return education and difficulty as far as the file has them, −1 where it has not, (f,)."""

    def mark(name: str) -> NDArray[np.float64]:
        return marks(former.key, seed, "history", "former", name)

    low, high = _BETWEEN_AGES
    between = former.woman & (_age(former) >= low) & (_age(former) <= high)
    lacks = mark("education") < np.where(between, _OLD_FILE, _EDUCATION_UNKNOWN)
    education = np.where(lacks, UNKNOWN, former.education)
    difficulty = np.where(mark("difficulty") < _DIFFICULTY_UNKNOWN, UNKNOWN, former.difficulty)
    return education, difficulty


def _age(former: Ledger) -> NDArray[np.int64]:
    """Return the age that they reach in the reference year, (f,)."""
    return REFERENCE_DATE.year - former.birth_year
