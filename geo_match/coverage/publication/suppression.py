"""Which cells are kept back: the small ones, and as many others as it takes to hide them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.coverage.publication.bounds import Program, Seen, Shown, binding, spread_bounds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.publication.cells import Cells

_AT_ONCE: Final = 25
"""So many narrow cells that linear programming finds are mended before it is asked again."""


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
    say what it was. Then, where the equations bound a gap too closely, a figure of such an
    equation goes too, until bounds spread equation by equation find no narrow gap and after
    them linear programming, which sees more, finds none either. It ends: with no figure at all
    nothing is bounded. The first columns of a table are kept longest.

    Returns
    -------
    ndarray of bool, (n,)
        False for what is never printed and for what everybody knows to be 0, too.
    """
    shown = cells.printed & ~cells.structural & (counts >= min_count)
    shown &= ~_at_any_date(cells, cells.printed & ~cells.structural & ~shown)
    links = _Links(cells)
    seen = Seen(cells.size)  # with less shown, what fitted the figures still does
    while True:
        known = Shown(cells, shown, figures, min_count, step, noise)
        lower, upper = spread_bounds(known)
        narrow = np.flatnonzero(known.kept_back & ~known.safe(lower, upper))
        if narrow.size == 0:
            found = Program(known).intervals(most_narrow=_AT_ONCE, seen=seen)
            narrow = np.flatnonzero(~found.safe)
            if narrow.size == 0:
                return shown
        hidden = links.to_hide(narrow, shown, counts, binding(cells, lower, upper))
        if hidden.size == 0:  # what no figure bounds is bounded by the sums alone: all know it
            return shown
        gone = np.zeros(cells.size, dtype=np.bool_)
        gone[hidden] = True
        shown &= ~_at_any_date(cells, gone)


def _at_any_date(cells: Cells, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Choose the same cells at all other dates too."""
    count = int(cells.same.max(initial=-1)) + 1
    return np.bincount(cells.same, chosen, minlength=count)[cells.same] > 0


class _Links:
    """Who shares an equation with whom."""

    def __init__(self, cells: Cells) -> None:
        self._column = np.concatenate(
            [np.tile(np.arange(len(table.columns)), len(table.frame)) for table in cells.tables]
        )
        self._of_equation = np.split(
            cells.cell, np.searchsorted(cells.equation, np.arange(1, cells.equations))
        )
        self._order = np.argsort(cells.cell, kind="stable")
        self._cuts = np.searchsorted(cells.cell[self._order], np.arange(1, cells.size))
        self._of_cell = np.split(cells.equation[self._order], self._cuts)

    def to_hide(
        self,
        narrow: NDArray[np.int64],
        shown: NDArray[np.bool_],
        counts: NDArray[np.int64],
        binds: NDArray[np.bool_],
    ) -> NDArray[np.int64]:
        """Choose for each narrow cell a figure beside it.

        One figure an equation and call: what it frees is seen before another is given up.
        """
        bound = np.split(binds[self._order], self._cuts)
        hidden: list[int] = []
        busy: set[int] = set()
        for cell in narrow:
            equations = self._of_cell[cell]
            if busy.intersection(equations.tolist()):
                continue
            best = self._nearest_shown(int(cell), shown, counts, bound)
            if best is None:
                best = self._nearest_shown(int(cell), shown, counts, None)
            if best is None:
                continue
            hidden.append(best)
            busy.update(equations.tolist(), self._of_cell[best].tolist())
        return np.array(hidden, dtype=np.int64)

    def _nearest_shown(
        self,
        cell: int,
        shown: NDArray[np.bool_],
        counts: NDArray[np.int64],
        bound: list[NDArray[np.bool_]] | None,
    ) -> int | None:
        """Look in the equations that bind the cell (all if `bound` is None), then in the next.

        What binds a cell through cells that are kept back themselves is what binds those.
        """
        reached: set[int] = set()
        ring = {cell}
        done = {cell}
        while ring:
            near = {
                int(one)
                for member in ring
                for one in (
                    self._of_cell[member] if bound is None else self._of_cell[member][bound[member]]
                )
            } - reached
            if not near:
                return None
            reached |= near
            beside = np.unique(np.concatenate([self._of_equation[one] for one in near]))
            figures = beside[shown[beside]]
            if figures.size:
                order = np.lexsort((counts[figures], -self._column[figures]))
                return int(figures[order[0]])
            ring = set(beside.tolist()) - done
            done |= ring
        return None
