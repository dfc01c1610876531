"""Counts that stand in a row: where what each counts begins, and how to cut them into parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


def starts(count: NDArray[np.int64] | NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return where what each counts begins, and where the last ends: int64, (n + 1,)."""
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(count, dtype=np.int64)))


def slices(count: NDArray[np.int64], most: int) -> Iterator[slice]:
    """Cut a row of counts into runs that add up to `most` at most, or have one entry."""
    total = starts(count)
    start = 0
    while start < len(count):
        stop = int(np.searchsorted(total, total[start] + most, side="right")) - 1
        stop = max(stop, start + 1)
        yield slice(start, stop)
        start = stop


__all__ = ["slices", "starts"]
