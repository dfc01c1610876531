"""Which cells are kept back: the small ones, and as many others as it takes to hide them."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.coverage.publication.bounds import Shown, binding, spread_bounds
from geo_match.coverage.publication.program import Seen
from geo_match.coverage.publication.witnesses import Witnesses

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.publication.cells import Cells

_SPARING: Final = 25
"""Turns in which first columns are spared: it keeps totals, and takes long where gaps are many."""


def choose_shown(
    cells: Cells,
    counts: NDArray[np.int64],
    figures: NDArray[np.int64],
    *,
    min_count: int,
    step: int,
    noise: int,
) -> NDArray[np.bool_]:
    """Say which cells are shown, so that the audit finds every other one safe.

    Small cells go first: all below `min_count`, 0 among them (else a gap would say "somebody"). A
    cell kept back at one date is kept back at all of them: else its count at the other dates would
    say what it was. Then a figure near each gap that is bounded too closely, or not shown to be
    safe, goes too: first by bounds spread equation by equation; then by `Witnesses`, which find
    two points that fit all figures for each gap that they call safe, `min_count` apart in it. A
    gap that they find no such points for may be safe all the same; it is treated as if it were
    not, so that more is kept back, never less. It ends: with no figure at all nothing is bounded.
    The first columns of a table are kept longest.

    Returns
    -------
    ndarray of bool, (n,)
        False for what is never printed and for what everybody knows to be 0, too.
    """
    shown = cells.printed & ~cells.structural & (counts >= min_count)
    shown &= ~_at_any_date(cells, cells.printed & ~cells.structural & ~shown)
    links = _Links(cells)
    witnesses = Witnesses(cells)
    seen = Seen(cells.size)  # with less shown, what fitted the figures still does
    seen.add(counts.astype(np.float64))
    for turn in count():
        known = Shown(cells, shown, figures, min_count, step, noise)
        lower, upper = spread_bounds(known)
        narrow = links.topmost(np.flatnonzero(known.kept_back & ~known.safe(lower, upper)))
        if narrow.size == 0:
            narrow = witnesses.narrow(known, counts, seen, links.topmost)
            if narrow.size == 0:
                break
        hidden = links.to_hide(
            narrow, shown, counts, binding(cells, lower, upper), sparing=turn < _SPARING
        )
        if hidden.size == 0:
            # No figure is tied to these by any sum: they have no upper bound, as what the sums
            # alone hold at 0 is known to be 0, and the rest of what they tie can be multiplied.
            break
        gone = np.zeros(cells.size, dtype=np.bool_)
        gone[hidden] = True
        shown &= ~_at_any_date(cells, gone)
    return shown


def _at_any_date(cells: Cells, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Choose the same cells at all other dates too."""
    size = int(cells.same.max(initial=-1)) + 1
    return np.bincount(cells.same, chosen, minlength=size)[cells.same] > 0


class _Links:
    """Who shares an equation with whom."""

    def __init__(self, cells: Cells) -> None:
        self._column = np.concatenate(
            [np.tile(np.arange(len(table.columns)), len(table.frame)) for table in cells.tables]
        )
        self._is_later = self._column > 0
        self._of_equation = np.split(
            cells.cell, np.searchsorted(cells.equation, np.arange(1, cells.equations))
        )
        self._order = np.argsort(cells.cell, kind="stable")
        self._cuts = np.searchsorted(cells.cell[self._order], np.arange(1, cells.size))
        self._of_cell = np.split(cells.equation[self._order], self._cuts)
        total = cells.total[cells.equation]
        across = (cells.sign < 0) & (cells.row[total] != cells.row[cells.cell])
        self._part, self._whole = cells.cell[across], total[across]
        self._within = np.ones(cells.equations, dtype=np.bool_)
        self._within[cells.equation[across]] = False
        self._above: dict[int, list[int]] = {}
        for part, whole in zip(self._part.tolist(), self._whole.tolist(), strict=True):
            self._above.setdefault(part, []).append(whole)

    def topmost(self, narrow: NDArray[np.int64]) -> NDArray[np.int64]:
        """Leave out cells of which the sum over rows is among them: it is mended first."""
        among = np.zeros(self._column.size, dtype=np.bool_)
        among[narrow] = True
        low = self._part[among[self._whole]]
        among[low] = False
        return np.flatnonzero(among)

    def to_hide(
        self,
        narrow: NDArray[np.int64],
        shown: NDArray[np.bool_],
        counts: NDArray[np.int64],
        binds: NDArray[np.bool_],
        *,
        sparing: bool,
    ) -> NDArray[np.int64]:
        """Choose for each narrow cell a figure beside it.

        While `sparing`, first columns only where sums over rows bind, or nothing else is left.

        One figure an equation and call: what it frees is seen before another is given up.
        """
        bound = np.split(binds[self._order], self._cuts)
        hidden: list[int] = []
        busy: set[int] = set()
        for cell in narrow:
            equations = self._of_cell[cell]
            if busy.intersection(equations.tolist()):
                continue
            later = shown & self._is_later if sparing else shown
            best = self._upwards(int(cell), (shown, later), counts, bound)
            for some in (later, shown):
                best = self._nearest(int(cell), some, counts) if best is None else best
            if best is None:
                continue
            hidden.append(best)
            busy.update(equations.tolist(), self._of_cell[best].tolist())
        return np.array(hidden, dtype=np.int64)

    def _upwards(
        self,
        cell: int,
        figures: tuple[NDArray[np.bool_], NDArray[np.bool_]],
        counts: NDArray[np.int64],
        bound: list[NDArray[np.bool_]],
    ) -> int | None:
        """Look in the equations that bind the cell, then in its row, then in the rows above.

        What bounds a sum of rows bounds each of its parts. `figures` are those to choose from in
        binding sums over rows, and in all others.
        """
        line, done = [cell], {cell}
        over_rows, others = figures
        while line:
            for member in line:
                equations = self._of_cell[member]
                within = self._within[equations]
                binds = bound[member]
                for some, chosen in (
                    (equations[binds & ~within], over_rows),
                    (equations[binds & within], others),
                    (equations[within], others),
                ):
                    best = self._least(some, chosen, counts)
                    if best is not None:
                        return best
            line = [one for member in line for one in self._above.get(member, ())]
            line = [one for one in dict.fromkeys(line) if one not in done]
            done.update(line)
        return None

    def _nearest(
        self, cell: int, shown: NDArray[np.bool_], counts: NDArray[np.int64]
    ) -> int | None:
        """Look in the equations of the cell, then in those of all cells beside it, and so on."""
        reached: set[int] = set()
        ring = {cell}
        done = {cell}
        while ring:
            near = {int(one) for member in ring for one in self._of_cell[member]} - reached
            if not near:
                return None
            reached |= near
            best = self._least(np.array(sorted(near)), shown, counts)
            if best is not None:
                return best
            beside = np.unique(np.concatenate([self._of_equation[one] for one in near]))
            ring = set(beside.tolist()) - done
            done |= ring
        return None

    def _least(
        self, equations: NDArray[np.int64], shown: NDArray[np.bool_], counts: NDArray[np.int64]
    ) -> int | None:
        """Give the figure of these equations in the last column, of those the least count."""
        if equations.size == 0:
            return None
        beside = np.unique(np.concatenate([self._of_equation[one] for one in equations]))
        figures = beside[shown[beside]]
        if figures.size == 0:
            return None
        order = np.lexsort((counts[figures], -self._column[figures]))
        return int(figures[order[0]])
