"""Cells that are one and the same count, whatever the people are: they share their figure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo_match.coverage.publication.cells import names_without_date

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.coverage.publication.cells import Cells


def with_twins(cells: Cells) -> Cells:
    """Mark cells that a sum makes equal, because all its other parts are known to be 0.

    Where everybody has a place, located people are all people; where a street has one community,
    its figures are the community's. Two figures with noise of their own would tell more of such a
    count than one, and bind what is left of it more closely than the figure itself does.

    The twin of a cell is the one of its class that goes out, with the first column, and then with
    the first name, so that the order in which tables are given changes no figure.
    """
    open_ = ~cells.structural[cells.cell]
    many = np.bincount(cells.equation[open_], minlength=cells.equations)
    pair = open_ & (many[cells.equation] == 2)  # noqa: PLR2004 - a total and its one part
    one, other = cells.cell[pair & (cells.sign > 0)], cells.cell[pair & (cells.sign < 0)]
    of = joined(one, other, cells.size)
    column = np.concatenate(
        [np.zeros(0, np.int64)]
        + [np.tile(np.arange(len(table.columns)), len(table.frame)) for table in cells.tables]
    )
    names = np.array(names_without_date(cells.tables), dtype=object)
    _, name = np.unique(names.astype(str), return_inverse=True)
    order = np.lexsort((name, column, ~cells.printed, of))
    first = np.full(cells.size, -1, dtype=np.int64)
    # Written backwards, so that the first of each class stays.
    first[of[order[::-1]]] = order[::-1]
    return replace(cells, twin=first[of])


def joined(one: NDArray[np.int64], other: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Give one number to all cells that are joined, pair by pair, directly or by way of others."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - slow; only a publication needs it
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - the same

    edges = coo_array((np.ones(one.size), (one, other)), shape=(size, size))
    _, of = connected_components(edges, directed=False)
    return np.asarray(of, dtype=np.int64)
