"""Which counts the sums alone hold at 0, whatever the people are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.coverage.publication.blocks import Blocks
from geo_match.coverage.publication.program import solved

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.publication.cells import Cells

_SIZE: Final = 600
"""Cells of a block."""


def with_implied_zeros(cells: Cells) -> Cells:
    """Mark as known to be 0 what the sums alone leave no other value, whatever the counts are.

    A part of a known 0 is 0, for one, and a sum of such. What can be otherwise is so in some point
    that fits the sums: first such points are looked for in blocks of rows, all else being 0; the
    few cells that are still open are left to one program over all rows.
    """
    if not cells.structural.any() and not cells.equations:
        return cells
    zero = _spread(cells)
    free = np.zeros(cells.size, dtype=np.bool_)
    for part in Blocks(cells).cut(_SIZE):
        if not (free | zero)[part].all():
            free[part[_positive(cells, zero, part)]] = True
    if not (free | zero).all():
        everything = np.arange(cells.size)
        free[_positive(cells, zero, everything)] = True
    return replace(cells, structural=~free)


def _spread(cells: Cells) -> NDArray[np.bool_]:
    """Spread known zeros from totals to parts, and from all parts to their total."""
    zero = cells.structural.copy()
    total, is_part = cells.total, cells.sign < 0
    while True:
        found = zero.copy()
        found[cells.cell[is_part & zero[total[cells.equation]]]] = True
        open_ = is_part & ~found[cells.cell]
        found[total[np.bincount(cells.equation[open_], minlength=cells.equations) == 0]] = True
        if np.array_equal(found, zero):
            return zero
        zero = found


def _positive(cells: Cells, zero: NDArray[np.bool_], part: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which cells of a part can be above 0 when all others are 0.

    Points that fit the sums alone stay so when added and multiplied; one program that maximises
    Σ min(x, 1) is therefore positive wherever any is.
    """
    from scipy.sparse import csr_array, eye_array, hstack  # noqa: PLC0415 - slow; rarely needed

    n = part.size
    at = cells.entries_of(part)
    rows, row = np.unique(cells.equation[at], return_inverse=True)
    column = np.searchsorted(part, cells.cell[at])
    sums = csr_array((cells.sign[at].astype(np.float64), (row, column)), shape=(rows.size, n))
    bounds = np.zeros((2 * n, 2))
    bounds[:n, 1] = np.where(zero[part], 0.0, np.inf)
    bounds[n:, 1] = 1.0
    above = hstack([-1.0 * eye_array(n), eye_array(n)])
    cost = np.repeat([0.0, -1.0], n)
    sums = hstack([sums, csr_array((rows.size, n))])
    point = solved(cost, above, np.zeros(n), sums, bounds).x
    return np.asarray(point[n:] > 0.5)  # noqa: PLR2004 - 0 or 1
