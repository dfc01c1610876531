"""What was found in a list: its faults, or its repairs and doubts, kept by column until asked for.

A slip that runs through a list of a million rows is a million findings. They are held as positions
beside the column that they speak of, and become `Rejection`s one by one as they are read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, overload

import numpy as np

from geo_match.intake.faults import Rejection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule, and the records of a list in which one field breaks it.

    Parameters
    ----------
    rows
        Number of each record of the list, int64, shape (n,); shared by all findings.
    at
        Positions of those meant, int64, shape (k,).
    field, rule, remedy
        As in `Rejection`.
    value
        Gives what stands there, by the position of the record.
    """

    rows: NDArray[np.int64]
    at: NDArray[np.int64]
    field: str
    rule: str
    remedy: str
    value: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one field, rule and remedy, added up.

    Parameters
    ----------
    field, rule, remedy
        As in `Rejection`.
    n_rows
        How many rows they concern.
    rows
        Numbers of the first of these, ascending.
    value
        What stands in the first of them.
    """

    field: str
    rule: str
    remedy: str
    n_rows: int
    rows: tuple[int, ...]
    value: str


class Findings(Sequence[Rejection]):
    """The findings of one list, by row, those of a row as they were found.

    Parameters
    ----------
    found
        By field and rule.
    others
        Single ones, which come before those of the same row.
    """

    def __init__(self, found: Sequence[Finding] = (), others: Sequence[Rejection] = ()) -> None:
        self._found = tuple(found)
        self._others = tuple(others)
        sizes = [len(self._others), *(len(one.at) for one in self._found)]
        self._start = np.concatenate([[0], np.cumsum(sizes)])

    @property
    def row(self) -> NDArray[np.int64]:
        """Number of each one's row, ascending, int64, shape (n,)."""
        return np.sort(self._unsorted())

    def __len__(self) -> int:
        """Return how many there are."""
        return int(self._start[-1])

    @overload
    def __getitem__(self, index: int) -> Rejection: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Rejection, ...]: ...
    def __getitem__(self, index: int | slice) -> Rejection | tuple[Rejection, ...]:
        """Return one of them, or several as a tuple."""
        if isinstance(index, slice):
            return tuple(self._one(int(at)) for at in self._order[index])
        return self._one(int(self._order[index]))

    def __iter__(self) -> Iterator[Rejection]:
        """Go through them by row."""
        return (self._one(at) for at in self._order.tolist())

    def __eq__(self, other: object) -> bool:
        """Say whether another sequence holds the same ones in the same order."""
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(
            one == two for one, two in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment] # compared by content, like a list

    def __repr__(self) -> str:
        """Say how many there are of what."""
        return f"Findings({dict(self.counts())})"

    def counts(self) -> Counter[tuple[str, str]]:
        """Return how many findings there are by field and rule, without reading them."""
        counts = Counter((one.field, one.rule) for one in self._others)
        for one in self._found:
            counts[one.field, one.rule] += len(one.at)
        return counts

    def groups(self, n_shown: int = 3) -> list[Group]:
        """Return the findings by field, rule and remedy, the most frequent first.

        Parameters
        ----------
        n_shown
            How many row numbers each group names at most.
        """
        single: dict[tuple[str, str, str], list[Rejection]] = defaultdict(list)
        for one in self._others:
            single[one.field, one.rule, one.remedy].append(one)
        shared: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
        for found in self._found:
            shared[found.field, found.rule, found.remedy].append(found)
        groups = []
        for key in dict.fromkeys((*single, *shared)):
            parts = [np.array([one.row for one in single[key]], dtype=np.int64)]
            parts += [found.rows[found.at] for found in shared[key]]
            rows = np.unique(np.concatenate(parts))
            first = int(rows[0])
            shown = tuple(rows[:n_shown].tolist())
            groups.append(Group(*key, len(rows), shown, _value(single[key], shared[key], first)))
        return sorted(groups, key=lambda group: (-group.n_rows, group.rows))

    def _unsorted(self) -> NDArray[np.int64]:
        others = np.array([one.row for one in self._others], dtype=np.int64)
        return np.concatenate([others, *(one.rows[one.at] for one in self._found)])

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        return np.argsort(self._unsorted(), kind="stable")

    def _one(self, at: int) -> Rejection:
        group = int(np.searchsorted(self._start, at, side="right")) - 1
        position = at - int(self._start[group])
        if group == 0:
            return self._others[position]
        found = self._found[group - 1]
        return Rejection(
            int(found.rows[found.at[position]]),
            found.field,
            found.value(int(found.at[position])),
            found.rule,
            found.remedy,
        )


def _value(single: Sequence[Rejection], shared: Sequence[Finding], row: int) -> str:
    """Return what stands in a row that one of these findings is about."""
    for one in single:
        if one.row == row:
            return one.value
    for found in shared:
        at = found.at[found.rows[found.at] == row]
        if len(at):
            return found.value(int(at[0]))
    return ""
