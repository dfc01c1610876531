"""Which household and member a person of the ledger is, and where they lived on a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.demo import facts
from geo_match.demo.history._days import NEVER, to_days

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.demo.people import People

_DAYS: Final = np.int64(NEVER)
"""A household's row times this, plus a day, sorts by both."""


def household_rows(people: People, person: pd.Series) -> NDArray[np.int64]:
    """Return the row of each person's household, shape (n,); S340302001001-00023-1 is a person."""
    ids = pd.Index(people.households["id"])
    return np.asarray(ids.get_indexer("H" + person.str.slice(1, -2)), dtype=np.int64)


def member_rows(
    people: People, person: pd.Series, household: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the row of each person among the members, shape (n,), given their household's."""
    # Members of a household stand together, in the order of their numbers from 1.
    first = np.searchsorted(people.members["household"].to_numpy(), household)
    return np.asarray(first + person.str.slice(-1).astype(np.int64).to_numpy() - 1)


def districts_of(communities: pd.Series) -> NDArray[np.object_]:
    """Return the district on whose ground each community lies, six digits or None, shape (n,)."""
    known = facts.communities().set_index("code")["lies_in"]
    communities = communities.astype("category")
    lies_in = known.reindex(communities.cat.categories).to_numpy(dtype=object)
    found: NDArray[np.object_] = np.append(lies_in, [None])[communities.cat.codes.to_numpy()]
    found[pd.isna(found)] = None
    return found


def operators_of(districts: NDArray[np.object_], operators: pd.DataFrame) -> NDArray[np.object_]:
    """Return the operator that serves each district, None where there is none, shape (n,)."""
    serving = operators[operators["role"] == "operator"]
    of = {
        district: operator
        for operator, served in zip(serving["id"], serving["districts"], strict=True)
        for district in served.split(";")
    }
    codes, names = pd.factorize(districts)
    found: NDArray[np.object_] = np.array([of.get(name) for name in names] + [None], dtype=object)
    return found[codes]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where households live now, and after these where some lived before.

    Parameters
    ----------
    lon, lat
        Degrees, WGS-84, shape (households + moves,).
    district
        Six digits, or None, of the same shape.
    moved
        For each move its household's row times 2²⁰ plus its day, ascending, shape (moves,).
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    district: NDArray[np.object_]
    moved: NDArray[np.int64]

    @classmethod
    def of(cls, people: People, moves: pd.DataFrame) -> Places:
        """List the places of these people's households.

        Parameters
        ----------
        people
            Who lives there now.
        moves
            `Lives.moves` of them.
        """
        households = people.households
        at = pd.Index(households["id"]).get_indexer(moves["household"])
        moved = at * _DAYS + to_days(moves["moved_on"])
        order = np.argsort(moved, kind="stable")
        before = moves.iloc[order]
        points = households.geometry
        district = districts_of(households["community"]), districts_of(before["from_community"])
        return cls(
            np.concatenate([points.x.to_numpy(), before["from_lon"].to_numpy()]),
            np.concatenate([points.y.to_numpy(), before["from_lat"].to_numpy()]),
            np.concatenate(district),
            moved[order],
        )

    def find(self, household: NDArray[np.int64], on: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the place of each household on a day, its old one before the day of its move."""
        move = np.searchsorted(self.moved, household * _DAYS + on, side="right")
        after = np.append(self.moved, -1)[move]
        homes = len(self.lon) - len(self.moved)
        return np.where(after // _DAYS == household, homes + move, household)
