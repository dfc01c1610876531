"""What the published figures say of the cells that are not: bounds by each sum alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.publication.cells import Cells

TOLERANCE: Final = 1e-6
"""Of a solver, in people."""
_SWEEPS: Final = 40


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What a reader of the publication knows.

    Parameters
    ----------
    cells
        The cells and their sums.
    shown
        (n,) which cells have a figure.
    figure
        (n,) the figures; of no meaning where not shown.
    min_count
        No count below it is shown.
    step
        Figures are multiples of this.
    noise
        The most that is added to a count or taken from it before it is rounded by lot.
    """

    cells: Cells
    shown: NDArray[np.bool_]
    figure: NDArray[np.int64]
    min_count: int
    step: int
    noise: int

    @property
    def kept_back(self) -> NDArray[np.bool_]:
        """Which cells nobody is told: neither shown nor known to be 0."""
        return ~self.shown & ~self.cells.structural

    @property
    def tied(self) -> NDArray[np.bool_]:
        """Which shown cells share their noise with another date's; of twins, one."""
        cells = self.cells
        one = self.shown & (cells.twin == np.arange(cells.size))
        again = np.bincount(cells.lot[one], minlength=cells.size) > 1
        return np.asarray(one & again[cells.lot])

    def alone(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Bound each cell by its own figure."""
        lower, upper = np.zeros(self.cells.size), np.full(self.cells.size, np.inf)
        spread = self.step - 1 + self.noise
        lower[self.shown] = np.maximum(self.min_count, self.figure[self.shown] - spread)
        upper[self.shown] = self.figure[self.shown] + spread
        upper[self.cells.structural] = 0
        return lower, upper

    @property
    def large(self) -> NDArray[np.bool_]:
        """Which cells are not printed at all, and `min_count` at least by single sums."""
        lower, _ = spread_bounds(self)
        return ~self.cells.printed & (lower >= self.min_count - TOLERANCE)

    def safe(self, lower: NDArray[np.float64], upper: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Say which intervals tell too little to harm.

        A printed gap must be `min_count` wide. What is not printed at all (a rest) may also be
        known well if it is `min_count` at least: it is as large as what is shown.
        """
        wide = upper - lower >= self.min_count - TOLERANCE
        large = ~self.cells.printed & (lower >= self.min_count - TOLERANCE)
        return wide | large


def spread_bounds(shown: Shown) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Tighten the bounds of all cells equation by equation, again and again.

    The intervals hold what linear programming finds, and may be wider: a cell too narrow here is
    too narrow there, and not the other way round.
    """
    cells = shown.cells
    lower, upper = shown.alone()
    for _ in range(_SWEEPS):
        floor, ceiling = implied(cells, lower, upper)
        new_lower, new_upper = lower.copy(), upper.copy()
        np.maximum.at(new_lower, cells.cell, floor)
        np.minimum.at(new_upper, cells.cell, ceiling)
        if np.array_equal(new_lower, lower) and np.array_equal(new_upper, upper):
            break
        lower, upper = new_lower, new_upper
    return lower, upper


def implied(
    cells: Cells, lower: NDArray[np.float64], upper: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bound each entry's cell by the other cells of its equation: from below, from above."""
    up, cell = cells.sign > 0, cells.cell
    # Bounds of each term sign·x; a sum has a bound where no other term lacks one.
    least = np.where(up, lower[cell], -upper[cell])
    most = np.where(up, upper[cell], -lower[cell])
    floor = -_others(cells.equation, most, cells.equations)
    ceiling = -_others(cells.equation, least, cells.equations)
    return np.where(up, floor, -ceiling), np.where(up, ceiling, -floor)


def _others(
    equation: NDArray[np.int64], terms: NDArray[np.float64], equations: int
) -> NDArray[np.float64]:
    """Give the sum of the other terms of each entry's equation, infinite where one of them is.

    All infinite terms are so in the same direction: counts have no upper bound, or a finite one.
    """
    infinite = np.isinf(terms)
    finite = np.where(infinite, 0.0, terms)
    sums = np.bincount(equation, finite, minlength=equations)
    many = np.bincount(equation, infinite, minlength=equations)
    end = terms[infinite][0] if infinite.any() else np.inf
    return np.where(many[equation] - infinite > 0, end, sums[equation] - finite)
