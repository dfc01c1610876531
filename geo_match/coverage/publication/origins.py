"""Which figures hold the bounds of a cell: one of them must go for the cell to be freer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo_match.coverage.publication.bounds import TOLERANCE, implied

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.publication.bounds import Shown


class Origins:
    """The figures from which `spread_bounds` came to its bounds, cell by cell.

    Parameters
    ----------
    known
        What a reader knows.
    bounds
        (n,) each: what `spread_bounds` gave for it.
    entries
        For each cell, positions of its entries in the equations; for each equation, of all of its
        entries.
    """

    def __init__(
        self,
        known: Shown,
        bounds: tuple[NDArray[np.float64], NDArray[np.float64]],
        entries: tuple[list[NDArray[np.int64]], list[NDArray[np.int64]]],
    ) -> None:
        lower, upper = bounds
        cells = known.cells
        own_lower, own_upper = known.alone()
        floor, ceiling = implied(cells, lower, upper)
        # Of what no figure bounds there is nothing to say: counts are 0 at least.
        low = (floor > 0) & (floor >= lower[cells.cell] - TOLERANCE)
        high = np.isfinite(ceiling) & (ceiling <= upper[cells.cell] + TOLERANCE)
        self._holds = (low, high)
        self._own = (own_lower >= lower - TOLERANCE, own_upper <= upper + TOLERANCE)
        self._cells, self._shown = cells, known.shown
        self._of_cell, self._of_equation = entries

    def of(self, cell: int) -> list[int]:
        """Give positions of the figures that hold either bound of a cell, in the order met."""
        ahead = [(cell, 0), (cell, 1)]
        met = set(ahead)
        found: dict[int, None] = {}
        while ahead:
            one, side = ahead.pop()
            if self._own[side][one]:
                if self._shown[one]:
                    found[one] = None
                continue
            for entry in self._of_cell[one]:
                if self._holds[side][entry]:
                    for beside in self._beside(int(entry), side):
                        if beside not in met:
                            met.add(beside)
                            ahead.append(beside)
        return list(found)

    def _beside(self, entry: int, side: int) -> list[tuple[int, int]]:
        """Give the other cells of an equation, and which of their bounds make this one's."""
        cells = self._cells
        others = self._of_equation[cells.equation[entry]]
        others = others[others != entry]
        # What stands on the other side of the equation bounds from the same side.
        turned = cells.sign[others] == cells.sign[entry]
        sides = np.where(turned, 1 - side, side)
        return list(zip(cells.cell[others].tolist(), sides.tolist(), strict=True))
