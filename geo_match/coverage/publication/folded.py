"""Rows that no figure tells of, folded: of those that are alike under one sum, one stands for all.

Most communities of a list may have nobody, or few. Their rows have no figure, and their sums are
those of their neighbours, so that the linear programs need not hold each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from numpy.typing import NDArray

    from geo_match.coverage.publication.bounds import Shown
    from geo_match.coverage.publication.cells import Cells

_NOBODY: Final = -1
"""Stands for what is not alike anything, as one of its rows has a figure."""


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """Which cells stand for others.

    Any point that fits stays one when all that an alike row has, with the rows below it, is moved
    to the row that stands for it: no figure tells of either, both are bounded by 0 alone, their
    sums are the same, and they go to the same total. So a program may hold the others at 0: what it
    finds of a cell that stands for others each of these can have, while that cell has 0.

    Parameters
    ----------
    of
        (n,) position of the cell that stands for each; its own for most.
    """

    of: NDArray[np.int64]

    @classmethod
    def none(cls, size: int) -> Folded:
        """Return what folds nothing."""
        return cls(np.arange(size))

    @classmethod
    def by(cls, known: Shown) -> Folded:
        """Fold all rows that can be.

        Those are the rows without a figure in themselves and in all rows below, which are part of
        no other sum.
        """
        cells = known.cells
        rows = _Rows(cells, np.bincount(cells.row, known.shown) > 0)
        first = np.flatnonzero(np.diff(cells.row, prepend=-1))
        place = np.arange(cells.size) - first[cells.row]
        return cls(np.asarray(first[rows.stand_ins()[cells.row]] + place, dtype=np.int64))

    @property
    def kept(self) -> NDArray[np.int64]:
        """Positions of the cells that stand for themselves, and some for others."""
        return np.flatnonzero(self.of == np.arange(self.of.size))

    @property
    def many(self) -> NDArray[np.bool_]:
        """(n,) which cells are alike others: each can be 0, as the others can have all."""
        return np.asarray(np.bincount(self.of, minlength=self.of.size)[self.of] > 1)


class _Rows:
    """Rows, what they add up to, and which are alike."""

    def __init__(self, cells: Cells, told: NDArray[np.bool_]) -> None:
        row = cells.row
        part = cells.sign < 0
        edges = np.column_stack([row[cells.cell], row[cells.total[cells.equation]]])[part]
        edges = np.unique(edges[edges[:, 0] != edges[:, 1]], axis=0)
        self._wholes: list[list[int]] = [[] for _ in range(told.size)]
        self._parts: list[list[int]] = [[] for _ in range(told.size)]
        for one, whole in edges.tolist():
            self._wholes[one].append(whole)
            self._parts[whole].append(one)
        self._upwards = self._in_order()
        sizes = [len(table.frame) for table in cells.tables]
        self._table = np.repeat(np.arange(len(sizes)), sizes).tolist()
        starts = np.flatnonzero(np.diff(row, prepend=-1, append=told.size))
        self._zeros = [
            cells.structural[one:end].tobytes() for one, end in pairwise(starts.tolist())
        ]
        self._form = self._forms(told.tolist())

    def stand_ins(self) -> NDArray[np.int64]:
        """Give for each row the one that stands for it, often itself."""
        of = list(range(len(self._wholes)))
        chosen: dict[Hashable, int] = {}
        for row in reversed(self._upwards):  # what a row is part of has its turn before
            form, wholes = self._form[row], self._wholes[row]
            if form == _NOBODY or not wholes:
                continue
            # The rows below one that is folded go where those like them go.
            above = tuple(of[whole] for whole in wholes)
            of[row] = chosen.setdefault((form, above), row)
        return np.array(of, dtype=np.int64)

    def _forms(self, told: list[bool]) -> list[int]:
        """Give a number of its form to each row: its table, known zeros, and forms of its parts."""
        form = [_NOBODY] * len(told)
        numbers: dict[Hashable, int] = {}
        for row in self._upwards:
            below = self._parts[row]
            parts = frozenset(form[one] for one in below)
            if told[row] or _NOBODY in parts or any(len(self._wholes[one]) > 1 for one in below):
                continue
            key = (self._table[row], self._zeros[row], parts)
            form[row] = numbers.setdefault(key, len(numbers))
        return form

    def _in_order(self) -> list[int]:
        """Give all rows, each after those that are parts of it."""
        left = [len(parts) for parts in self._parts]
        ahead = [row for row, parts in enumerate(left) if not parts]
        for row in ahead:  # it grows as it goes
            ahead.extend(self._freed(row, left))
        return ahead

    def _freed(self, row: int, left: list[int]) -> Iterable[int]:
        for whole in self._wholes[row]:
            left[whole] -= 1
            if not left[whole]:
                yield whole
