"""Points that fit all figures, many and cheaply: what shows that a gap is safe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.coverage.publication.bounds import TOLERANCE
from geo_match.coverage.publication.exchange import Exchange
from geo_match.coverage.publication.folded import Folded
from geo_match.coverage.publication.program import Program
from geo_match.coverage.publication.twins import joined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.publication.bounds import Shown
    from geo_match.coverage.publication.cells import Cells
    from geo_match.coverage.publication.program import Seen

_IDLE: Final = 3
"""Shared programs that settle nothing, before each cell has programs of its own."""
_FEW: Final = 2
"""So many cells have programs of their own at once: shared ones would be no fewer."""
_MOST_WORK: Final = 6_000_000
"""Cells times linear programs in one publication; a count, so that every machine does the same."""


class Witnesses:
    """Looks for two points that fit all figures, `min_count` apart in a cell, for each gap.

    By turns a linear program moves many cells at once, and from the point that it finds invented
    persons are moved (`Exchange`), which carries what one cell can do over to all like it.
    For what is left each cell has programs of its own, which say whether there are such points.

    Parameters
    ----------
    cells
        All cells.
    """

    def __init__(self, cells: Cells) -> None:
        self._exchange = Exchange(cells)
        total = cells.total[cells.equation]
        across = (cells.sign < 0) & (cells.row[total] != cells.row[cells.cell])
        self._part, self._whole = cells.cell[across], total[across]
        self._joined = _joined_by_sums(cells)
        # Twins have one value in every point: what is found of one is found of all of them.
        self._one_of_twins = cells.twin == np.arange(cells.size)
        self._left = _MOST_WORK // max(cells.size, 1)

    def topmost(self, some: NDArray[np.int64]) -> NDArray[np.int64]:
        """Leave out cells of which a sum over rows is among them: it is mended first."""
        among = np.zeros(self._joined.size, dtype=np.bool_)
        among[some] = True
        low = self._part[among[self._whole]]
        among[low] = False
        return np.flatnonzero(among)

    def narrow(
        self, known: Shown, point: NDArray[np.float64], seen: Seen
    ) -> dict[int, NDArray[np.int64]]:
        """Give cells without such points, and the cells whose bounds are the cause; none if none.

        The cause is empty where the work that is allowed ended before it was found.

        Parameters
        ----------
        known
            What a reader knows.
        point
            (n,) values that fit the figures, and with them all points of `seen`.
        seen
            Points that fit a publication of more figures, and so fit this one; more are added.
        """
        self._exchange.widen(known, point, seen)
        open_ = self.unsettled(known, seen)
        if open_.size == 0:
            return {}
        program = Program(known, Folded.by(known))
        seen.share(program.folded)
        large = np.zeros(point.size, dtype=np.bool_)
        while open_.size:
            open_ = self._together(known, program, seen, open_)
            first = self._first(program, open_)
            found: dict[int, NDArray[np.int64]] = {}
            for cell in first.tolist():
                if seen.width(cell) >= known.min_count - TOLERANCE:
                    continue
                if self._left <= 0:
                    found[cell] = np.empty(0, np.int64)
                    continue
                self._left -= 2
                ends = program.ends(cell, seen)
                large[cell] = (
                    not known.cells.printed[cell] and ends.lower >= known.min_count - TOLERANCE
                )
                if not large[cell] and ends.upper - ends.lower < known.min_count - TOLERANCE:
                    found[cell] = ends.held_by
                elif not large[cell]:
                    self._exchange.widen(known, ends.middle, seen, asked=open_)
                    seen.share(program.folded)
            if found:
                return found
            open_ = self.unsettled(known, seen)
            open_ = open_[~large[open_]]
        return {}

    def _together(
        self, known: Shown, program: Program, seen: Seen, open_: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Move many cells at once until that settles none; give the cells that are still open."""
        idle = 0
        while idle < _IDLE and self._left > 0:
            moved = self._first(program, open_)
            if moved.size <= _FEW:
                break
            self._left -= 1
            point = program.move(seen, moved, lot=self._left)
            seen.add(point)
            seen.share(program.folded)
            open_, before = self._narrow_of(known, seen, open_), open_.size
            self._exchange.widen(known, point, seen, asked=open_)
            seen.share(program.folded)
            open_ = self._narrow_of(known, seen, open_)
            idle = idle + 1 if open_.size == before else 0
        return open_

    def _first(self, program: Program, open_: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give the cells that programs ask after: the topmost, one for all that are alike."""
        return self.topmost(np.unique(program.folded.of[open_]))

    @staticmethod
    def _narrow_of(known: Shown, seen: Seen, some: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give those of some cells of which the values seen are not yet far enough apart."""
        return some[seen.width(some) < known.min_count - TOLERANCE]

    def unsettled(self, known: Shown, seen: Seen) -> NDArray[np.int64]:
        """Give the gaps that the points seen do not show to be safe.

        What is not printed is safe, too, where single sums keep it at `min_count` or more. So is a
        gap that no sum joins with any figure, however far: as it is not known to be 0, some counts
        that fit the sums have it above 0, and so have all their multiples. Of twins one is given:
        where that one has a figure, all are `min_count` at least.
        """
        wide = seen.width(np.arange(self._joined.size)) >= known.min_count - TOLERANCE
        held = np.bincount(self._joined, known.shown, minlength=self._joined.size) > 0
        open_ = known.kept_back & ~wide & ~known.large & held[self._joined]
        return np.flatnonzero(open_ & self._one_of_twins)


def _joined_by_sums(cells: Cells) -> NDArray[np.int64]:
    """Give one number to all cells that sums join, directly or by way of others."""
    return joined(cells.total[cells.equation], cells.cell, cells.size)
