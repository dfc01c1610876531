"""Invented persons: whom a row's counts can count, and the rows that such a person is in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geo_match.coverage.publication.count_table import with_frame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo_match.coverage.publication.cells import Cells
    from geo_match.coverage.publication.count_table import CountTable

_MOST_KINDS: Final = 64
_MOST_LABELS: Final = 40


def kinds_of(table: CountTable) -> list[frozenset[str]]:
    """Give the kinds of person that a row can count: the columns that each one is in.

    A person is in a total just when in one of its parts. Of a table with more than 64 kinds none
    is given.
    """
    known: list[dict[str, bool]] = [{}]
    for name in table.columns:
        known = [
            {**one, name: is_in}
            for one in known
            for is_in in (False, True)
            if _may_be(table, {**one, name: is_in})
        ]
        if len(known) > _MOST_KINDS:
            return []
    found = [frozenset(name for name, is_in in one.items() if is_in) for one in known]
    return [one for one in found if one]


def _may_be(table: CountTable, person: dict[str, bool]) -> bool:
    for split in table.splits:
        parts = split.parts if split.rest is None else (*split.parts, split.rest)
        is_in = [person[part] for part in parts if part in person]
        if sum(is_in) > 1:
            return False
        total = person.get(split.total)
        if total is False and any(is_in):
            return False
        if total and len(is_in) == len(parts) and not any(is_in):
            return False
    return True


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Rows at all dates as places in a tree: everything that moves with a node of it.

    Parameters
    ----------
    node
        int64, (places,): the node of its level that each row stands at.
    cells
        int64, (dates, places): the first cell of each row.
    columns
        The names of the row's cells, in order.
    turned
        Whether whoever comes to the node leaves these rows.
    """

    node: NDArray[np.int64]
    cells: NDArray[np.int64]
    columns: tuple[str, ...]
    turned: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Levels of nodes, each adding up to one of the next level, and the rows at each level.

    Parameters
    ----------
    above
        For each level but the last, int64: the node of the next level to which each belongs.
    sizes
        The number of nodes of each level.
    places
        For each level, the rows that stand at its nodes.
    """

    above: list[NDArray[np.int64]]
    sizes: list[int]
    places: list[list[Places]]

    @property
    def dates(self) -> int:
        """How many dates all rows have; 1 where it is not the same number."""
        found = {len(one.cells) for level in self.places for one in level}
        return found.pop() if len(found) == 1 else 1

    def at(self, date: int) -> Tree:
        """Give the tree of one date's rows."""
        places = [
            [replace(one, cells=one.cells[date : date + 1]) for one in level]
            for level in self.places
        ]
        return replace(self, places=places)


class Trees:
    """The trees that can be found in the tables that go out together.

    The longest chain of tables (community, street, ..., all) is the trunk. A person in one of its
    lowest rows is in one row, too, of every table that parts these rows: of all people by sex, of
    streets by sex and of communities by sex, say. Where only people of one sex move, each of those
    rows moves with a row of the trunk, and so there is a tree for each value. Where people go from
    one value to the next, the trunk stays as it is: there is a tree for each two. Tables that stay
    (overlaps of communities with cells) hang below the trunk, with so few of their rows at a time
    that each cell has one: there is a tree for each place that a row can have in its cell's.
    """

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._rows = {
            table.name: _Rows(table, int(start))
            for table, start in zip(cells.tables, cells.starts, strict=False)
        }
        self._trunk = self._longest()
        lowest = self._rows[self._trunk[0]].table if self._trunk else None
        self.kinds = kinds_of(lowest) if lowest is not None else []

    def _longest(self) -> list[str]:
        best: list[str] = []
        for name in self._rows:
            chain = [name]
            while len(into := self._rows[chain[-1]].table.into) == 1:
                above = next(iter(into))
                if above in chain:
                    break
                chain.append(above)
            if not self._rows[chain[-1]].table.into and len(chain) > len(best):
                best = chain
        return best

    def all(self) -> Iterator[Tree]:
        """Give the trees, one after the other; none where the tables are not like that."""
        if not self.kinds:
            return
        trunk = [self._rows[name] for name in self._trunk]
        above = [part.into(whole) for part, whole in pairwise(trunk)]
        sizes = [rows.count for rows in trunk]
        base = [[rows.places()] for rows in trunk]
        parting, below = self._sides()
        labels = [_labels(side) for side in parting]
        for run in range(max([1, *(len(one) for one in labels)])):
            for turn in range(self._turns(below)):
                places = [list(level) for level in base]
                for side, values in zip(parting, labels, strict=True):
                    value = values[run % len(values)] if values else ""
                    for level, rows, into in side:
                        at = np.flatnonzero(rows.label == value)
                        places[level].append(rows.places(at, into[at]))
                yield self._hung(Tree(above, sizes, places), below, turn)
        for side, values in zip(parting, labels, strict=True):
            for one, other in pairwise(values):
                yield Tree(above, sizes, _from_one_to_other(side, (one, other), len(trunk)))

    def _sides(self) -> tuple[list[list[_Side]], list[str]]:
        """Find the tables that part the trunk's rows, by the columns that part them."""
        parting: dict[tuple[str, ...], list[_Side]] = {}
        below: list[str] = []
        for name, rows in self._rows.items():
            if name in self._trunk:
                continue
            if not rows.table.goes_out and self._trunk[0] in rows.table.into:
                below.append(name)
                continue
            level = next((i for i, one in enumerate(self._trunk) if one in rows.table.into), None)
            if level is None:
                continue
            whole = self._rows[self._trunk[level]]
            columns = rows.parted_by(whole)
            rows.label = np.array(rows.table_once.keys(columns), dtype=object)
            parting.setdefault(columns, []).append((level, rows, rows.into(whole)))
        covered = {name for one in below for name in self._rows[one].table.into}
        sides = [
            [side for side in group if side[1].table.name not in covered]
            for group in parting.values()
        ]
        return [group for group in sides if group], below

    def _turns(self, below: list[str]) -> int:
        return max([1, *(self._rows[name].most_in_one(self._other(name)) for name in below)])

    def _other(self, name: str) -> _Rows:
        rows = self._rows[name]
        return self._rows[next(one for one in rows.table.into if one != self._trunk[0])]

    def _hung(self, tree: Tree, below: list[str], turn: int) -> Tree:
        """Hang the rows that stay below the trunk: in each cell the one whose turn it is."""
        if len(below) != 1:
            return tree
        rows, other = self._rows[below[0]], self._other(below[0])
        cell, whole = rows.into(other), rows.into(self._rows[self._trunk[0]])
        fit = np.flatnonzero((cell >= 0) & (whole >= 0))
        count = np.bincount(cell[fit], minlength=other.count)
        at = fit[rows.number_in(cell[fit]) == turn % count[cell[fit]]]
        node = np.arange(at.size)
        hung = [rows.places(at, node), other.places(cell[at], node)]
        into = whole[at]
        above, sizes = [into, *tree.above], [at.size, *tree.sizes]
        return Tree(above, sizes, [hung, *tree.places])


def _from_one_to_other(
    side: list[_Side], values: tuple[str, str], levels: int
) -> list[list[Places]]:
    """Give the rows, by levels, where people come to one value of those they left the other."""
    places: list[list[Places]] = [[] for _ in range(levels)]
    for level, rows, into in side:
        for value, turned in zip(values, (False, True), strict=True):
            at = np.flatnonzero(rows.label == value)
            places[level].append(replace(rows.places(at, into[at]), turned=turned))
    return places


def _labels(side: list[_Side]) -> list[str]:
    """Give the values that a table is parted by; few, the commonest rows' first."""
    values = pd.unique(np.concatenate([rows.label for _, rows, _ in side]))
    return list(values[:_MOST_LABELS])


class _Rows:
    """A table's rows that stand at all dates, one for all of these."""

    def __init__(self, table: CountTable, start: int) -> None:
        self.table = table
        by = tuple(name for name in table.by if name != table.date)
        keys = table.keys(by)
        width = len(table.columns)
        first = start + np.arange(len(table.frame), dtype=np.int64) * width
        if table.date is None or not len(table.frame):
            once, self._first = np.arange(len(table.frame)), first[None, :]
        else:
            dates = table.keys((table.date,))
            of_date = [np.flatnonzero(dates == one) for one in pd.unique(np.asarray(dates))]
            index = [pd.Index(keys[rows]) for rows in of_date]
            common = index[0]
            for one in index[1:]:
                common = common[common.isin(one)]
            found = [
                rows[one.get_indexer(common)] for rows, one in zip(of_date, index, strict=True)
            ]
            once, self._first = found[0], np.array([first[rows] for rows in found])
        self.table_once = with_frame(table, table.frame.iloc[once])
        self.keys = pd.Index(np.asarray(keys)[once], dtype=object)
        self.label = np.full(len(once), "", dtype=object)
        self._by = by

    @property
    def count(self) -> int:
        return len(self.keys)

    def places(
        self, at: NDArray[np.int64] | None = None, node: NDArray[np.int64] | None = None
    ) -> Places:
        at = np.arange(self.count) if at is None else at
        node = np.arange(self.count) if node is None else node
        return Places(node, self._first[:, at], self.table.columns)

    def into(self, whole: _Rows) -> NDArray[np.int64]:
        """Give the row of a coarser table that each adds up to; -1 for none at all dates."""
        columns = dict(zip(whole.table.by, self.table.into[whole.table.name], strict=True))
        keys = self.table_once.keys(columns[name] for name in whole._by)
        return np.asarray(whole.keys.get_indexer(keys), dtype=np.int64)

    def parted_by(self, whole: _Rows) -> tuple[str, ...]:
        held = set(self.table.into[whole.table.name])
        return tuple(name for name in self._by if name not in held)

    def number_in(self, group: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.asarray(pd.Series(group).groupby(group).cumcount(), dtype=np.int64)

    def most_in_one(self, whole: _Rows) -> int:
        group = self.into(whole)
        return int(np.bincount(group[group >= 0], minlength=1).max(initial=1))


_Side = tuple[int, _Rows, "NDArray[np.int64]"]
