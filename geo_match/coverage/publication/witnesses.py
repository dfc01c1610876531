"""Points that fit all figures, many and cheaply: what shows that a gap is safe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.coverage.publication.blocks import Blocks
from geo_match.coverage.publication.bounds import TOLERANCE
from geo_match.coverage.publication.exchange import widen
from geo_match.coverage.publication.persons import Trees
from geo_match.coverage.publication.program import Program

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo_match.coverage.publication.bounds import Shown
    from geo_match.coverage.publication.cells import Cells
    from geo_match.coverage.publication.program import Seen

_SIZE: Final = 300
"""Cells of a block."""
_TRIES: Final = 3  # blocks in which a cell is asked for: totals stand in many
_MOST_PROGRAMS: Final = 10_000
"""Linear programs of blocks in one publication; a count, so that every machine does the same."""


class Witnesses:
    """Looks for two points that fit all figures, `min_count` apart in a cell, for each gap.

    First all at once, by moving invented persons (`exchange.widen`); then, for what is left, by
    linear programs in which only a block of rows moves. Whatever they find is a proof; that they
    find nothing is none.

    Parameters
    ----------
    cells
        All cells.
    """

    def __init__(self, cells: Cells) -> None:
        self._blocks = Blocks(cells)
        self._trees = Trees(cells)
        self._left = _MOST_PROGRAMS

    def narrow(
        self,
        known: Shown,
        counts: NDArray[np.float64] | NDArray[np.int64],
        seen: Seen,
        topmost: Callable[[NDArray[np.int64]], NDArray[np.int64]],
    ) -> NDArray[np.int64]:
        """Give cells without such points; none if all gaps are safe.

        Parameters
        ----------
        known
            What a reader knows.
        counts
            (n,) values that fit the figures, and with them all points of `seen`.
        seen
            Points that fit a publication of more figures, and so fit this one; more are added.
        topmost
            Chooses those to look at first; the others only when these are all safe.
        """
        point = counts.astype(np.float64)
        widen(known, point, self._trees, seen)
        while True:
            open_ = unsettled(known, seen)
            if open_.size == 0:
                return open_
            first = topmost(open_)
            self._in_blocks(known, point, first, seen)
            left = first[seen.width(first) < known.min_count - TOLERANCE]
            if left.size:
                return left

    def _in_blocks(
        self, known: Shown, point: NDArray[np.float64], open_: NDArray[np.int64], seen: Seen
    ) -> None:
        tries = np.zeros(point.size, dtype=np.int64)
        tries[open_] = _TRIES
        for part in self._blocks.cut(_SIZE):
            asked = part[tries[part] > 0]
            asked = asked[seen.width(asked) < known.min_count - TOLERANCE]
            if asked.size and self._left > 0:
                tries[asked] -= 1
                self._left -= Program(known, part=part, point=point).widen(asked, seen)


def unsettled(known: Shown, seen: Seen) -> NDArray[np.int64]:
    """Give the gaps that the points seen do not show to be safe.

    What is not printed is safe, too, where single sums keep it at `min_count` or more.
    """
    wide = seen.width(np.arange(seen.lower.size)) >= known.min_count - TOLERANCE
    return np.flatnonzero(known.kept_back & ~wide & ~known.large)
