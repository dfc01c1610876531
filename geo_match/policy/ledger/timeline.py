"""Everybody's employment status on every day: one status a day, whatever the spells say.

Spells may overlap. Then the one counts that began last; of several that began on one day a verified
one before one that is not, then by its source (platform export, employer, survey, the person), by
the day of its verification, by its end, the open one last of all, and by its id. So the status on
a day is a function of the spells, and the order of their arrival does not matter. That they
overlap is told as a fault (`geo_match.policy.ledger.faults`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from geo_match.errors import ArgumentError
from geo_match.policy.ledger import _columns
from geo_match.policy.ledger.spells import CHECKS, SOURCES, STATUSES, Spells

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """What everybody was on every day; built once from spells, and then only asked.

    Its stretches do not overlap: each is a run of days on which one spell counts.

    Parameters
    ----------
    spells
        What it was built from.
    person
        Place of each stretch's person among `spells.people`, int64, (s,), ascending.
    first, last
        Its first and last day, days since 1970, int64, (s,); ascending within a person.
    spell
        The row of the spell that counts, int64, (s,).
    """

    spells: Spells
    person: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    spell: NDArray[np.int64]

    @classmethod
    def of(cls, spells: object) -> Self:
        """Build it from spells.

        Parameters
        ----------
        spells
            `Spells`, or a frame as `Spells.of` takes it. Of a spell that ends before it begins, or
            that names no person, status or first day, no day counts: it is a fault.

        Raises
        ------
        ArgumentError
            As `Spells.of`.

        Examples
        --------
        >>> import datetime as dt
        >>> import pandas as pd
        >>> rows = [("S1", "unemployed", "2025-01-01"), ("S1", "employed", "2025-03-01")]
        >>> frame = pd.DataFrame(rows, columns=["person", "status", "start"])
        >>> told = Timeline.of(frame)
        >>> [told.at(["S1"], one)[0] for one in (dt.date(2025, 2, 28), dt.date(2025, 3, 1))]
        ['unemployed', 'employed']
        """
        read = spells if isinstance(spells, Spells) else Spells.of(spells)
        order = read.in_order()
        person, first, last = read.person[order], read.start[order], read.end[order]
        tangled = np.isin(person, np.unique(person[overlapping(person, first, last)]))
        parts: list[tuple[NDArray[np.int64], ...]] = [
            (person[~tangled], first[~tangled], last[~tangled], order[~tangled])
        ]
        parts += [_untangled(*part) for part in _by_person(person, first, last, order, tangled)]
        joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
        by_day = np.lexsort((joined[1], joined[0]))
        return cls(read, *(column[by_day] for column in joined))

    def at(self, person: ArrayLike | Sequence[str], on: dt.date | ArrayLike) -> NDArray[Any]:
        """Return the status of some persons, each on a day.

        Parameters
        ----------
        person
            Ids, (n,).
        on
            One day, or a day for each, (n,).

        Returns
        -------
        numpy.ndarray
            Words of `STATUSES`, object, (n,); None where nothing is said of the day, or a day is
            null.

        Raises
        ------
        ArgumentError
            If the two are not of one length, or one is no day.
        """
        ids = np.asarray(person, dtype=object)
        row = _at(self.spell, self._place(ids, _numbers(on, len(ids))))
        status = np.array([*STATUSES, None], dtype=object)
        told: NDArray[Any] = status[_at(self.spells.status, row)]  # the last, None, for -1
        return told

    def on(self, day: dt.date, *, people: ArrayLike | Sequence[str] | None = None) -> pd.DataFrame:
        """Return what everybody is on a day.

        Parameters
        ----------
        day
            The day.
        people
            Ids of those who are asked about, (n,), in whose order the answer is; None for all who
            have a spell.

        Returns
        -------
        pandas.DataFrame
            A row a person: `person`, `status`, `since` and `until` (the spell's own days; until is
            null while it lasts), `run_since` (the first day of all those in a row with this
            status, over several spells), `spell` (its id), `source`, `verified_by`,
            `verified_on`. All but the person is null where no spell speaks of the day.

        Raises
        ------
        ArgumentError
            If it is no day.
        """
        ids = self.spells.people if people is None else np.asarray(people, dtype=object)
        place = self._place(ids, np.full(len(ids), _columns.number_of(day)))
        row, none = _at(self.spell, place), place < 0
        spells = self.spells
        return pd.DataFrame(
            {
                "person": ids,
                "status": _words(STATUSES, np.where(none, -1, _at(spells.status, row))),
                "since": _columns.as_days(_at(spells.start, row, _columns.NO_DAY)),
                "until": _columns.as_days(_at(spells.end, row, _columns.NO_DAY)),
                "run_since": _columns.as_days(_at(self._run_first(), place, _columns.NO_DAY)),
                "spell": _at(spells.id, row, None),
                "source": _words(SOURCES, np.where(none, -1, _at(spells.source, row))),
                "verified_by": _words(CHECKS, np.where(none, -1, _at(spells.verified_by, row))),
                "verified_on": _columns.as_days(_at(spells.verified_on, row, _columns.NO_DAY)),
            }
        )

    def daily(self, first: dt.date, last: dt.date) -> pd.DataFrame:
        """Return how many people have each status on each day of a period, all worked out at once.

        Parameters
        ----------
        first, last
            Its days, both inclusive.

        Returns
        -------
        pandas.DataFrame
            A row a day, the index; a column a status, counts.

        Raises
        ------
        ArgumentError
            If one is no day, or the last lies before the first.
        """
        begin, end = _columns.number_of(first, "first"), _columns.number_of(last, "last")
        if end < begin:
            raise ArgumentError("last", f"not lie before {first}", str(last))
        change = np.zeros((end - begin + 2, len(STATUSES)), dtype=np.int64)
        inside = (self.first <= end) & (self.last >= begin)
        status = self.spells.status[self.spell[inside]]
        np.add.at(change, (np.maximum(self.first[inside], begin) - begin, status), 1)
        np.add.at(change, (np.minimum(self.last[inside], end) - begin + 1, status), -1)
        days = pd.date_range(first, last, name="day")
        return pd.DataFrame(change[:-1].cumsum(axis=0), index=days, columns=list(STATUSES))

    def stretches(self) -> pd.DataFrame:
        """Return its stretches: `person`, `status`, `first`, `last` (null: goes on), `spell`."""
        return pd.DataFrame(
            {
                "person": self.spells.people[self.person],
                "status": _words(STATUSES, self.spells.status[self.spell]),
                "first": _columns.as_days(self.first),
                "last": _columns.as_days(self.last),
                "spell": self.spells.id[self.spell],
            }
        )

    def _place(self, ids: NDArray[Any], day: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where each person's stretch of the day is, (n,); -1 for none."""
        person = _columns.places(self.spells.people, ids)
        if not len(self.person):
            return np.full(len(ids), -1, dtype=np.int64)
        begins = self.person * _columns.SPAN + self.first
        place = np.searchsorted(begins, person * _columns.SPAN + day, side="right") - 1
        found = np.maximum(place, 0)
        counts = (place >= 0) & (self.person[found] == person) & (day <= self.last[found])
        return np.where(counts, place, -1)

    def _run_first(self) -> NDArray[np.int64]:
        """Return the first day of the run of one status that each stretch is in, (s,)."""
        status = self.spells.status[self.spell]
        goes_on = (
            (self.person[1:] == self.person[:-1])
            & (status[1:] == status[:-1])
            & (self.first[1:] == self.last[:-1] + 1)
        )
        begins = np.concatenate(([True], ~goes_on))[: len(self.person)]
        return self.first[np.maximum.accumulate(np.where(begins, np.arange(len(begins)), 0))]


def overlapping(
    person: NDArray[np.int64], first: NDArray[np.int64], last: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return which spells begin before one of the same person that began earlier has ended, (n,).

    Parameters
    ----------
    person, first, last
        In the order of `Spells.in_order`.
    """
    return first <= before(person, last)[0]


def before(
    person: NDArray[np.int64], last: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, for each spell, the latest end of those of the same person that stand before it.

    Returns
    -------
    end, place
        The day, `NO_DAY` for the first of a person; and where that spell stands.
    """
    n = len(person)
    if not n:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    # One running maximum for all: each person's days lie above all of the person before.
    reached = person * _columns.SPAN + last
    highest = np.maximum.accumulate(reached)
    is_new = np.concatenate(([True], reached[1:] > highest[:-1]))
    place = np.maximum.accumulate(np.where(is_new, np.arange(n), 0))
    end, where = np.full(n, _columns.NO_DAY, dtype=np.int64), np.zeros(n, dtype=np.int64)
    same = person[1:] == person[:-1]
    end[1:][same], where[1:][same] = last[place[:-1]][same], place[:-1][same]
    return end, where


def _by_person(
    person: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    order: NDArray[np.int64],
    among: NDArray[np.bool_],
) -> list[tuple[NDArray[np.int64], ...]]:
    """Return the columns of each person among some rows."""
    columns = [one[among] for one in (person, first, last, order)]
    edges = np.flatnonzero(np.diff(columns[0])) + 1
    return list(zip(*(np.split(one, edges) for one in columns), strict=True)) if among.any() else []


def _untangled(
    person: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    order: NDArray[np.int64],
) -> tuple[NDArray[np.int64], ...]:
    """Return the stretches of one person whose spells overlap.

    The spells are walked in their order, in which each counts before all that stand before it. So
    those that have begun lie on a pile whose top counts, and when it ends, the next one below that
    has not ended yet counts again.
    """
    found: list[tuple[int, int, int]] = []
    pile: list[int] = []

    def count_until(day: int, at: int) -> None:
        while pile and at < day:
            top = pile[-1]
            end = min(int(last[top]), day - 1)
            if end >= at:
                found.append((top, at, end))
                at = end + 1
            if last[top] >= day:
                return
            pile.pop()

    at = int(first[0])
    for place, begin in enumerate(first.tolist()):
        count_until(begin, at)
        pile.append(place)
        at = begin
    count_until(_columns.FOREVER + 1, at)
    rows = np.array(found, dtype=np.int64).reshape(-1, 3)
    return np.full(len(rows), person[0]), rows[:, 1], rows[:, 2], order[rows[:, 0]]


def _numbers(on: dt.date | ArrayLike, n: int) -> NDArray[np.int64]:
    """Return days as numbers, (n,)."""
    import datetime as dt  # noqa: PLC0415 - else only types need it

    if isinstance(on, dt.date):
        return np.full(n, _columns.number_of(on), dtype=np.int64)
    frame = pd.DataFrame({"on": pd.Series(on).to_numpy()})
    if len(frame) != n:
        raise ArgumentError(
            "on", f"be one day, or have as many as there are persons ({n})", f"{len(frame)}"
        )
    return _columns.days(frame, "on", "persons")


def _at(values: NDArray[Any], row: NDArray[np.int64], missing: object = -1) -> NDArray[Any]:
    """Return the values of some rows, and what stands for a row that is none (-1)."""
    if not len(values):
        return np.full(len(row), missing, dtype=values.dtype)
    found: NDArray[Any] = values[row].copy()
    found[row < 0] = missing
    return found


def _words(among: Sequence[str], code: NDArray[Any]) -> NDArray[Any]:
    """Return words by their places, None for -1, object, (n,)."""
    told: NDArray[Any] = np.array([*among, None], dtype=object)[code]
    return told
