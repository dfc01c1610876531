"""Spells of employment status as arrays: whose, which status, from when to when, by what source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self, get_args

import numpy as np
import pandas as pd

from geo_match.policy.ledger import _columns
from geo_match.records.types import Status

if TYPE_CHECKING:
    from numpy.typing import NDArray

STATUSES: Final[tuple[str, ...]] = get_args(Status)
"""Employment statuses, as `geo_match.records` names them."""
SOURCES: Final = ("self", "survey", "employer", "platform_export")
"""Where spells come from; of two that begin on one day the later one in this list counts."""
CHECKS: Final = ("phone_check", "visit", "cross_match")
"""How spells are verified."""
_NEEDED: Final = ("person", "status", "start")


@dataclass(frozen=True, slots=True, eq=False)
class Spells:
    """Spells as arrays of one length, in the order of the frame they were read from.

    Parameters
    ----------
    id
        Their ids, texts, (n,); None where a spell has none.
    people
        Ids of all persons that have a spell, sorted, (p,).
    person
        Place of each spell's person among `people`, int64, (n,); -1 where it names none.
    status
        Place among `STATUSES`, int8, (n,); -1 where not known.
    start, end
        First and last day, days since 1970, int64, (n,). A start that is not known is `NO_DAY`; a
        spell that lasts ends on `FOREVER`.
    source
        Place among `SOURCES`, int8, (n,); -1 where not known.
    verified_by
        Place among `CHECKS`, int8, (n,); -1 where not verified.
    verified_on
        Day of that, (n,); `NO_DAY` where not known.
    """

    id: NDArray[Any]
    people: NDArray[Any]
    person: NDArray[np.int64]
    status: NDArray[np.int8]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    source: NDArray[np.int8]
    verified_by: NDArray[np.int8]
    verified_on: NDArray[np.int64]

    @classmethod
    def of(cls, spells: object) -> Self:
        """Read spells.

        Parameters
        ----------
        spells
            A DataFrame or Arrow table, a row a spell: `person`, `status`, `start`, and where they
            are known `id`, `end` (the last day, inclusive; null while it lasts), `source`,
            `verified_by`, `verified_on`. Null is unknown.

        Raises
        ------
        ArgumentError
            If a column that is needed is missing, or a word or day is none.
        """
        frame = _columns.as_frame(spells, "spells", _NEEDED)
        person, people = _coded(_columns.objects(frame, "person"))
        end = _columns.days(frame, "end", "spells")
        return cls(
            id=_columns.objects(frame, "id"),
            people=people,
            person=person,
            status=_columns.words(frame, "status", STATUSES, "spells"),
            start=_columns.days(frame, "start", "spells"),
            end=np.where(end == _columns.NO_DAY, _columns.FOREVER, end),
            source=_columns.words(frame, "source", SOURCES, "spells"),
            verified_by=_columns.words(frame, "verified_by", CHECKS, "spells"),
            verified_on=_columns.days(frame, "verified_on", "spells"),
        )

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.person)

    @property
    def usable(self) -> NDArray[np.bool_]:
        """Which say who was what on which days, bool, (n,); the others are faults."""
        known = (self.person >= 0) & (self.status >= 0) & (self.start != _columns.NO_DAY)
        return np.asarray(known & (self.end >= self.start), dtype=np.bool_)

    def in_order(self) -> NDArray[np.int64]:
        """Return the usable ones by person, and of a person so that a later one counts before.

        The order is one of the spells' own content, never of their arrival: first the day on which
        a spell begins, since what began later was said of a later time; then whether it is
        verified, its source, the day of its verification, its end, its status, and its id.
        """
        at = np.flatnonzero(self.usable)
        keys = (
            self.status[at],
            self.end[at],
            self.verified_on[at],
            self.source[at],
            self.verified_by[at] >= 0,
            self.start[at],
            self.person[at],
        )
        order = np.lexsort(keys)
        alike = np.all([key[order[1:]] == key[order[:-1]] for key in keys], axis=0)
        if alike.any():  # texts are slow to rank, and seldom asked
            order = np.lexsort((_columns.ranks(self.id[at]), *keys))
        return at[order]


def _coded(ids: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return the place of each id among the sorted different ones, -1 where missing, and these."""
    code, different = pd.factorize(ids)
    order = np.argsort(np.asarray(different, dtype=object)) if len(different) else np.empty(0, int)
    place = np.empty(len(different) + 1, dtype=np.int64)
    place[order] = np.arange(len(different))
    place[-1] = -1  # where pandas' code of what is missing, -1, points
    return place[code], np.asarray(different, dtype=object)[order]
