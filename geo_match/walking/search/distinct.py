"""Rows that are equal, as one: people of a home, jobs at a site are searched for once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geo_match.index.counts import starts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Positions = NDArray[np.int64]


def distinct(*columns: NDArray[Any]) -> tuple[Positions, Positions]:
    """Find the distinct rows of columns, each (n,), without NaN.

    Returns
    -------
    first
        Position of the first of each kind, (d,), the kinds in ascending order of their values.
    kind
        Of each row the kind, (n,).
    """
    n = len(columns[0])
    order = np.lexsort(columns[::-1])
    begins = np.zeros(n, dtype=np.bool_)
    begins[:1] = True
    for column in columns:
        ordered = column[order]
        begins[1:] |= ordered[1:] != ordered[:-1]
    kind = np.empty(n, dtype=np.int64)
    kind[order] = np.cumsum(begins) - 1
    return order[begins], kind


def members_of(kind: Positions, n_kinds: int) -> tuple[Positions, Positions]:
    """Return the rows of each kind in ascending order: offsets (n_kinds + 1,), rows (n,)."""
    return starts(np.bincount(kind, minlength=n_kinds)), np.argsort(kind, kind="stable")


def add_up(weights: NDArray[np.int64], kind: Positions, n_kinds: int) -> NDArray[np.int64]:
    """Return the exact sums of integer weights, (n, c), of the rows of each kind: (n_kinds, c)."""
    total = np.zeros((n_kinds, weights.shape[1]), dtype=np.int64)
    if len(kind):
        offsets, rows = members_of(kind, n_kinds)
        some = np.flatnonzero(np.diff(offsets))
        total[some] = np.add.reduceat(weights[rows], offsets[some], axis=0)
    return total


__all__ = ["add_up", "distinct", "members_of"]
