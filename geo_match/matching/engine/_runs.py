"""Runs of positions that follow one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def runs(first: NDArray[np.int64], n: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return `n[i]` numbers from `first[i]` on, for each i."""
    end = np.cumsum(n)
    return np.repeat(first - (end - n), n) + np.arange(int(end[-1]) if len(end) else 0)
