"""Numbers within runs: of things that stand together, which of its run each is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def within_runs(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return 0, 1, … for each run.

    Parameters
    ----------
    counts
        How long each run is, at least 0, shape (r,).

    Returns
    -------
    numpy.ndarray
        Shape (sum of the counts,).

    Examples
    --------
    >>> import numpy as np
    >>> from geo_match.demo._runs import within_runs
    >>> within_runs(np.array([2, 0, 3])).tolist()
    [0, 1, 0, 1, 2]
    """
    starts = np.cumsum(counts) - counts
    return np.arange(int(counts.sum()), dtype=np.int64) - np.repeat(starts, counts)


def number_in_order(values: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return 0, 1, … for each run of equal values; equal ones stand together, shape (n,).

    Examples
    --------
    >>> import numpy as np
    >>> from geo_match.demo._runs import number_in_order
    >>> number_in_order(np.array([7, 7, 3, 9, 9, 9])).tolist()
    [0, 1, 0, 0, 1, 2]
    """
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    first = np.flatnonzero(np.append(True, values[1:] != values[:-1]))
    return within_runs(np.diff(np.append(first, len(values))))
