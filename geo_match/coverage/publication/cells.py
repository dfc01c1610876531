"""All cells of all tables that go out together, numbered, and the equations that tie them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo_match.coverage.publication.count_table import CountTable


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells, numbered table by table and row by row, and the sums that everybody knows.

    Equation e reads Σ `sign` x[`cell`] = 0 over the entries with `equation` == e.

    Parameters
    ----------
    tables
        The tables, checked, one a name.
    starts
        (tables + 1,) number of each table's first cell.
    equation, cell, sign
        (entries,) the equations, by entries; `equation` ascends.
    printed
        (n,) which cells stand in a table that goes out; rests and tables that stay do not.
    structural
        (n,) which cells everybody knows to be 0.
    same
        (n,) number of the cell without its date: equal where only the date differs.
    twin
        (n,) position of the cell that stands for all that are one count with it, whatever the
        people are (`with_twins`); without these its own.
    """

    tables: tuple[CountTable, ...]
    starts: NDArray[np.int64]
    equation: NDArray[np.int64]
    cell: NDArray[np.int64]
    sign: NDArray[np.int64]
    printed: NDArray[np.bool_]
    structural: NDArray[np.bool_]
    same: NDArray[np.int64]
    twin: NDArray[np.int64]

    @property
    def size(self) -> int:
        """The number of cells."""
        return int(self.starts[-1])

    @property
    def equations(self) -> int:
        """The number of equations."""
        return int(self.equation[-1]) + 1 if self.equation.size else 0

    @property
    def lot(self) -> NDArray[np.int64]:
        """(n,) number of the noise of each cell: one for twins, and for a cell at all dates."""
        return self.same[self.twin]

    @property
    def row(self) -> NDArray[np.int64]:
        """(n,) the number of each cell's row, over all tables."""
        counts = [len(table.frame) for table in self.tables]
        width = np.array([len(table.columns) for table in self.tables], dtype=np.int64)
        return np.repeat(np.arange(sum(counts)), np.repeat(width, counts))

    @property
    def total(self) -> NDArray[np.int64]:
        """(equations,) the cell that is the sum of the others."""
        out = np.zeros(self.equations, dtype=np.int64)
        out[self.equation[self.sign > 0]] = self.cell[self.sign > 0]
        return out

    def entries_of(self, part: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give the positions of all entries of some cells, whose positions ascend."""
        chosen = np.zeros(self.size, dtype=np.bool_)
        chosen[part] = True
        return np.flatnonzero(chosen[self.cell])

    def values(self) -> NDArray[np.int64]:
        """Give the true count of every cell.

        Raises
        ------
        ArgumentError
            If the counts contradict a sum that was declared.
        """
        parts = [table.values().ravel() for table in self.tables]
        values = np.concatenate(parts) if parts else np.empty(0, np.int64)
        left = np.zeros(self.equations, dtype=np.int64)
        np.add.at(left, self.equation, self.sign * values[self.cell])
        wrong = np.flatnonzero(left)
        if wrong.size:
            total = self.cell[(self.equation == wrong[0]) & (self.sign == 1)][0]
            found = f"{values[total]} against {values[total] - left[wrong[0]]} in its parts"
            more = f" ({wrong.size} sums are wrong)"
            raise ArgumentError(self.named(int(total)), "be the sum of its rows", found + more)
        return values

    def named(self, cell: int) -> str:
        """Name a cell for a message."""
        number = int(np.searchsorted(self.starts, cell, side="right")) - 1
        table = self.tables[number]
        row, column = divmod(cell - int(self.starts[number]), len(table.columns))
        where = ", ".join(f"{name}={table.frame[name].iloc[row]}" for name in table.by)
        return f"{table.columns[column]} of {table.name}{f' ({where})' if where else ''}"


def cells_of(tables: Sequence[CountTable]) -> Cells:
    """Give a number to each cell of checked tables, and write down their equations.

    Raises
    ------
    ArgumentError
        If a table's rows add up to a table or a row that is not there.
    """
    sizes = [len(table.frame) * len(table.columns) for table in tables]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    number = {table.name: i for i, table in enumerate(tables)}
    equations = _Equations()
    structural = np.concatenate([np.zeros(0, np.bool_), *(t.known_zeros().ravel() for t in tables)])
    for table, start in zip(tables, starts, strict=False):
        grid = start + np.arange(len(table.frame) * len(table.columns)).reshape(
            len(table.frame), len(table.columns)
        )
        _within_rows(equations, table, grid)
        for name, columns in table.into.items():
            if name not in number:
                raise ArgumentError(table.name, "add up to a table that is given", repr(name))
            above = tables[number[name]]
            top = starts[number[name]] + np.arange(sizes[number[name]]).reshape(
                len(above.frame), len(above.columns)
            )
            _between_rows(equations, (table, grid), (above, top), columns, structural)
    equation, cell, sign = equations.joined()
    printed = [
        np.tile(
            np.array([table.goes_out and name in table.counts for name in table.columns]),
            len(table.frame),
        )
        for table in tables
    ]
    return Cells(
        tables=tuple(tables),
        starts=starts,
        equation=equation,
        cell=cell,
        sign=sign,
        printed=np.concatenate([np.zeros(0, np.bool_), *printed]),
        structural=structural,
        same=pd.factorize(np.array(names_without_date(tables), dtype=object))[0].astype(np.int64),
        twin=np.arange(starts[-1], dtype=np.int64),
    )


def names_without_date(tables: Sequence[CountTable]) -> list[str]:
    """Give each cell a name that stays the same in all publications and at all dates."""
    names: list[str] = []
    for table in tables:
        rows = table.keys(name for name in sorted(table.by) if name != table.date)
        names += [
            f"{table.of}\x1e{table.name}\x1e{row}\x1e{column}"
            for row in rows
            for column in table.columns
        ]
    return names


class _Equations:
    """Equations as they are gathered: entries of number, cell and sign."""

    def __init__(self) -> None:
        self._count = 0
        self._entries: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]] = []

    def add(
        self, totals: NDArray[np.int64], parts: NDArray[np.int64], owner: NDArray[np.int64]
    ) -> None:
        """Add an equation a total: `parts[i]` belongs to `totals[owner[i]]`."""
        number = np.concatenate([np.arange(totals.size), owner]) + self._count
        sign = np.repeat(np.array([1, -1], dtype=np.int64), [totals.size, parts.size])
        self._entries.append((number, np.concatenate([totals, parts]), sign))
        self._count += totals.size

    def joined(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Give all entries, by ascending equation."""
        empty = np.empty(0, np.int64)
        columns = [np.concatenate([empty, *column]) for column in zip(*self._entries, strict=True)]
        number, cell, sign = columns or (empty, empty, empty)
        order = np.argsort(number, kind="stable")
        return number[order], cell[order], sign[order]


def _within_rows(equations: _Equations, table: CountTable, grid: NDArray[np.int64]) -> None:
    rows = np.arange(len(grid))
    for split in table.splits:
        names = split.parts if split.rest is None else (*split.parts, split.rest)
        parts = [grid[:, table.columns.index(name)] for name in names]
        total = grid[:, table.columns.index(split.total)]
        equations.add(total, np.concatenate(parts), np.tile(rows, len(parts)))


def _between_rows(
    equations: _Equations,
    below: tuple[CountTable, NDArray[np.int64]],
    above: tuple[CountTable, NDArray[np.int64]],
    columns: tuple[str, ...],
    structural: NDArray[np.bool_],
) -> None:
    table, grid = below
    coarser, top = above
    if len(columns) != len(coarser.by) or any(name not in table.frame for name in columns):
        subject = f"into of {table.name}"
        raise ArgumentError(
            subject,
            f"name a column of its own for each of `by` of `{coarser.name}` {coarser.by}",
            repr(columns),
        )
    keys = table.keys(columns)
    owner = coarser.keys(coarser.by).get_indexer(keys).astype(np.int64)
    if (owner < 0).any():
        lost = keys[owner < 0][0].replace("\x1f", ", ")
        rule = f"add up to rows that `{coarser.name}` has"
        raise ArgumentError(table.name, rule, f"no row there for {lost}")
    used, compact = np.unique(owner, return_inverse=True)
    empty = np.setdiff1d(np.arange(len(top)), used)
    for name in table.columns:
        if name in coarser.columns:
            total = top[:, coarser.columns.index(name)]
            equations.add(total[used], grid[:, table.columns.index(name)], compact)
            # Everybody sees that such a row has no parts, so that it can only be 0.
            equations.add(total[empty], np.empty(0, np.int64), np.empty(0, np.int64))
            structural[total[empty]] = True
