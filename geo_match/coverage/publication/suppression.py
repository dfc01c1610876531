"""Which cells are kept back: the small ones, and as many others as it takes to hide them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo_match.coverage.publication.bounds import Shown, spread_bounds
from geo_match.coverage.publication.origins import Origins
from geo_match.coverage.publication.program import Seen
from geo_match.coverage.publication.twins import joined
from geo_match.coverage.publication.witnesses import Witnesses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo_match.coverage.publication.cells import Cells
    from geo_match.coverage.publication.count_table import CountTable


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
    say what it was. So are its twins. Then, for each gap that is bounded too closely, or not shown
    to be safe, one of the figures that bound it goes too: in the lowest table, there in the last
    column, there the least; a total only where nothing below it bounds the gap. Gaps are found
    first by bounds spread equation by equation; then by `Witnesses`, which find two points that
    fit all figures for each gap that they call safe, `min_count` apart in it. A gap that they find
    no such points for may be safe all the same; it is treated as if it were not, so that more is
    kept back, never less. It ends: with no figure at all nothing is bounded.

    Returns
    -------
    ndarray of bool, (n,)
        False for what is never printed and for what everybody knows to be 0, too.
    """
    alike = _alike(cells)
    open_ = cells.printed & ~cells.structural
    shown = open_ & (counts >= min_count)
    shown &= ~_any_alike(alike, open_ & ~shown)
    links = _Links(cells)
    witnesses = Witnesses(cells)
    point = counts.astype(np.float64)
    seen = Seen(cells.size)  # with less shown, what fitted the figures still does
    seen.add(point)
    while True:
        known = Shown(cells, shown, figures, min_count, step, noise)
        bounds = spread_bounds(known)
        narrow = witnesses.topmost(np.flatnonzero(known.kept_back & ~known.safe(*bounds)))
        causes = {cell: np.array([cell]) for cell in narrow.tolist()}
        if not causes:
            causes = witnesses.narrow(known, point, seen)
        if not causes:
            return shown
        gone = np.zeros(cells.size, dtype=np.bool_)
        gone[links.to_hide(causes, Origins(known, bounds, links.entries), shown, counts)] = True
        shown &= ~_any_alike(alike, gone)


def _alike(cells: Cells) -> NDArray[np.int64]:
    """Give one number to all cells that are kept back together: at all dates, and with twins."""
    _, first = np.unique(cells.same, return_index=True)
    every = np.arange(cells.size)
    same = first[cells.same] if cells.size else every
    return joined(np.concatenate([every, every]), np.concatenate([same, cells.twin]), cells.size)


def _any_alike(alike: NDArray[np.int64], chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Choose all that are alike some chosen cell."""
    return np.bincount(alike, chosen, minlength=alike.size)[alike] > 0


def _heights(tables: Sequence[CountTable]) -> NDArray[np.int64]:
    """Give how many tables stand below each, one below the other."""
    number = {table.name: i for i, table in enumerate(tables)}
    height = np.zeros(len(tables), dtype=np.int64)
    for _ in tables:
        for i, table in enumerate(tables):
            for name in table.into:
                height[number[name]] = max(height[number[name]], height[i] + 1)
    return height


class _Links:
    """Who shares an equation with whom, and what is given up before what."""

    def __init__(self, cells: Cells) -> None:
        of_cell, of_equation = (
            _split(cells.cell, cells.size),
            _split(cells.equation, cells.equations),
        )
        self.entries = (of_cell, of_equation)
        self._cell, self._equation = cells.cell, cells.equation
        sizes = [(len(table.frame), len(table.columns)) for table in cells.tables]
        none = np.zeros(0, np.int64)
        self._column = np.concatenate([none, *(np.tile(np.arange(w), n) for n, w in sizes)])
        self._height = np.repeat(_heights(cells.tables), [n * w for n, w in sizes])

    def to_hide(
        self,
        causes: dict[int, NDArray[np.int64]],
        origins: Origins,
        shown: NDArray[np.bool_],
        counts: NDArray[np.int64],
    ) -> list[int]:
        """Choose for each narrow cell one figure that bounds it, if none is chosen yet.

        What it frees is seen before another is given up. Where the cause is not known, it is a
        figure beside the cell.
        """
        hidden: dict[int, None] = {}
        for cell, held_by in causes.items():
            figures = list(dict.fromkeys(f for one in held_by.tolist() for f in origins.of(one)))
            if not figures:
                figures = self._nearest(cell, shown)
            if hidden.keys().isdisjoint(figures):
                hidden[self._least(figures, counts)] = None
        return list(hidden)

    def _nearest(self, cell: int, shown: NDArray[np.bool_]) -> list[int]:
        """Look in the equations of the cell, then in those of all cells beside it, and so on.

        There is a figure: what no sum joins with one is no narrow cell (`Witnesses.unsettled`).
        """
        of_cell, of_equation = self.entries
        reached: set[int] = set()
        done = {cell}
        ring = [cell]
        while True:
            entries = np.concatenate([of_cell[one] for one in ring])
            near = [one for one in np.unique(self._equation[entries]) if one not in reached]
            reached.update(near)
            beside = np.unique(self._cell[np.concatenate([of_equation[one] for one in near])])
            if shown[beside].any():
                return list(beside[shown[beside]].tolist())
            ring = [one for one in beside.tolist() if one not in done]
            done.update(ring)

    def _least(self, figures: Sequence[int], counts: NDArray[np.int64]) -> int:
        """Give the figure of the lowest table, there of the last column, there the least count."""
        return min(
            figures,
            key=lambda one: (self._height[one], -self._column[one], counts[one], one),
        )


def _split(of: NDArray[np.int64], size: int) -> list[NDArray[np.int64]]:
    """Give for each number below `size` the positions at which it stands."""
    order = np.argsort(of, kind="stable")
    return np.split(order, np.searchsorted(of[order], np.arange(1, size)))
