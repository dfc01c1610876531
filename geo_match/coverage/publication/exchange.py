"""Points that fit all figures, found by moving invented persons: they show cells to be safe."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.coverage.publication.noise import least_figure
from geo_match.coverage.publication.persons import Trees

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo_match.coverage.publication.bounds import Shown
    from geo_match.coverage.publication.cells import Cells
    from geo_match.coverage.publication.persons import Places, Tree
    from geo_match.coverage.publication.program import Seen

_MANY: Final = 1e6  # people; more than need be moved, and exact in sums
_SEED: Final = 7


class Exchange:
    """Moves invented persons in and out of the rows, or from one kind to another.

    Parameters
    ----------
    cells
        All cells.
    """

    def __init__(self, cells: Cells) -> None:
        self._column = np.array(
            [name for table in cells.tables for name in table.columns * len(table.frame)],
            dtype=object,
        )
        trees = Trees(cells)
        changes = list(_changes(trees.kinds))
        self._trees: list[tuple[Tree, bool, list[dict[str, int]]]] = []
        for tree in trees.all():
            dates = [tree.at(date) for date in range(tree.dates)] if tree.dates > 1 else []
            for one in (tree, *dates):
                fit = [change for change in changes if _adds_up(cells, one, change)]
                self._trees.append((one, one is tree, fit))

    def widen(
        self,
        known: Shown,
        counts: NDArray[np.float64],
        seen: Seen,
        *,
        asked: NDArray[np.int64] | None = None,
    ) -> None:
        """Move persons in all trees, as far as figures allow, and note the values cells have then.

        Parameters
        ----------
        known
            What a reader knows.
        counts
            (n,) counts that fit the figures: the true ones, say.
        seen
            It gets the values that cells can have: each together with others that fit all figures.
        asked
            Cells; changes that touch no column of theirs are left out. All are tried by default.
        """
        wanted = None if asked is None else set(self._column[asked].tolist())
        alike, apart = _rooms(known, counts)
        for tree, is_whole, fit in self._trees:
            for change in fit:
                if wanted is not None and wanted.isdisjoint(change):
                    continue
                _note(alike if is_whole else apart, tree, seen, change)


def _changes(kinds: list[frozenset[str]]) -> Iterator[dict[str, int]]:
    """Give how counts change when a person comes, or changes kind."""
    for kind in kinds:
        yield dict.fromkeys(kind, 1)
    for one, other in combinations(kinds, 2):
        yield {name: (name in one) - (name in other) for name in one ^ other}


@dataclass(frozen=True, slots=True, eq=False)
class _Room:
    """How much each cell can rise and fall from its count, (n,) each, and the figures still fit."""

    counts: NDArray[np.float64]
    rise: NDArray[np.float64]
    fall: NDArray[np.float64]


def _rooms(known: Shown, counts: NDArray[np.float64]) -> tuple[_Room, _Room]:
    """Give the room of a cell at all dates alike, and that at one date while the others stay."""
    cells, shown, lot = known.cells, known.shown, known.cells.lot
    lower, upper = known.alone()
    rise, fall = upper - counts, counts - lower
    # Some noise u has figure ≤ x + u ≤ figure + step - 1 at all dates.
    is_least = known.figure <= least_figure(known.min_count, known.step)
    lowest = np.where(is_least, -_MANY, known.figure - counts).astype(np.float64)
    highest = (known.figure + known.step - 1 - counts).astype(np.float64)
    size = int(cells.same.max(initial=-1)) + 1
    low, high = np.full(size, -_MANY), np.full(size, _MANY)
    np.maximum.at(low, lot[shown], lowest[shown])
    np.minimum.at(high, lot[shown], highest[shown])
    least, most = -1.0 * known.noise, known.step - 1.0 + known.noise
    # Where all rise alike, u falls by as much.
    rises, falls = np.full(size, _MANY), np.full(size, _MANY)
    np.minimum.at(rises, cells.same, np.minimum(rise, high[lot] - least))
    np.minimum.at(falls, cells.same, np.minimum(fall, most - low[lot]))
    alike = _Room(
        counts,
        np.clip(rises, 0.0, _MANY)[cells.same],
        np.clip(falls, 0.0, _MANY)[cells.same],
    )
    # Where one date's rises, u is whatever fits at the others; twins move with it.
    at = np.flatnonzero(known.tied)
    end = np.full(cells.size, least), np.full(cells.size, most)
    end[0][at] = np.maximum(least, _most_of_others(lot[at], lowest[at]))
    end[1][at] = np.minimum(most, -_most_of_others(lot[at], -highest[at]))
    is_tied = shown & known.tied[cells.twin]
    rise = np.where(is_tied, np.minimum(rise, highest - end[0][cells.twin]), rise)
    fall = np.where(is_tied, np.minimum(fall, end[1][cells.twin] - lowest), fall)
    return alike, _Room(counts, np.clip(rise, 0.0, _MANY), np.clip(fall, 0.0, _MANY))


def _most_of_others(group: NDArray[np.int64], value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give for each the greatest value of the others of its group, which has two at least."""
    order = np.lexsort((value, group))
    is_last = np.diff(group[order], append=-1) != 0
    last = np.flatnonzero(is_last)
    out = np.empty(value.size)
    out[order] = value[order[last]][np.cumsum(is_last) - is_last]
    out[order[last]] = value[order[last - 1]]
    return out


def _touched(places: Places, change: dict[str, int]) -> list[tuple[int, int]]:
    turn = -1 if places.turned else 1
    return [(i, turn * change[name]) for i, name in enumerate(places.columns) if change.get(name)]


def _adds_up(cells: Cells, tree: Tree, change: dict[str, int]) -> bool:
    """Whether all sums still hold when any persons move in the tree: tried with such by lot."""
    if any((above < 0).any() for above in tree.above):
        return False
    rng = np.random.default_rng(_SEED)
    moved = np.zeros(cells.size, dtype=np.int64)
    amount: NDArray[np.int64] | None = None
    for level, places in enumerate(tree.places):
        if level and amount is not None:
            amount = _summed(amount, tree.above[level - 1], tree.sizes[level])
        if amount is None and any(_touched(one, change) for one in places):
            amount = rng.integers(1, 1 << 40, tree.sizes[level])
        if amount is None:
            continue
        for one in places:
            for column, sign in _touched(one, change):
                moved[one.cells + column] += sign * amount[one.node]
    left = np.zeros(cells.equations, dtype=np.int64)
    np.add.at(left, cells.equation, cells.sign * moved[cells.cell])
    return not left.any()


def _summed(amount: NDArray[np.int64], above: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    out = np.zeros(size, dtype=np.int64)
    np.add.at(out, above, amount)
    return out


_Flow = list[tuple["NDArray[np.float64]", "NDArray[np.float64]"] | None]


def _flow(room: _Room, tree: Tree, change: dict[str, int]) -> _Flow:
    """Find how far each node can rise and fall, by levels, while others make up for it.

    Within a node: as its own rows allow, and the nodes below together. Outside: what the others
    under the same node take back, and what that node itself can rise, by the same rule. This is
    the greatest flow in a tree, found once upwards and once downwards.
    """
    depth = len(tree.sizes)
    first = next(
        (i for i, level in enumerate(tree.places) if any(_touched(p, change) for p in level)), depth
    )
    own = [_own(room, tree, level, change) for level in range(first, depth)]
    above, sizes = tree.above[first:], tree.sizes[first:]
    inside = own[:1]
    for level in range(1, len(own)):
        rise, fall = (
            np.minimum(part, np.bincount(above[level - 1], below, minlength=sizes[level]))
            for part, below in zip(own[level], inside[-1], strict=True)
        )
        inside.append((rise, fall))
    flow: _Flow = [None] * depth
    outside = (np.full(tree.sizes[-1], _MANY), np.full(tree.sizes[-1], _MANY))
    for level in reversed(range(len(own))):
        rise, fall = (np.minimum(a, b) for a, b in zip(inside[level], outside, strict=True))
        flow[first + level] = (rise, fall)
        if level:
            over = above[level - 1]
            rise, fall = (np.minimum(a, b)[over] for a, b in zip(own[level], outside, strict=True))
            rises, falls = (
                np.bincount(over, part, minlength=sizes[level])[over] - part
                for part in inside[level - 1]
            )
            outside = (rise + falls, fall + rises)
    return flow


def _note(room: _Room, tree: Tree, seen: Seen, change: dict[str, int]) -> None:
    """Note the values that cells have at the two ends of a change."""
    for places, flow in zip(tree.places, _flow(room, tree, change), strict=True):
        if flow is None:
            continue
        rise, fall = flow
        for one in places:
            for column, sign in _touched(one, change):
                most, least = (rise, fall) if sign > 0 else (fall, rise)
                for cells in one.cells:
                    at = cells + column
                    base = room.counts[at]
                    seen.add_range(at, base - least[one.node], base + most[one.node])


def _own(
    room: _Room, tree: Tree, level: int, change: dict[str, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give how far the rows of each node allow it to rise and to fall."""
    rise = np.full(tree.sizes[level], _MANY)
    fall = np.full(tree.sizes[level], _MANY)
    for one in tree.places[level]:
        for column, sign in _touched(one, change):
            at = one.cells[0] + column  # at all dates alike the room is the same
            up, down = (room.rise, room.fall) if sign > 0 else (room.fall, room.rise)
            np.minimum.at(rise, one.node, up[at])
            np.minimum.at(fall, one.node, down[at])
    return rise, fall
