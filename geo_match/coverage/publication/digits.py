"""Shares of printed figures, with as many digits as these bear out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST, _MOST = 2, 6
"""Digits behind the point: whole per cents, however few the people are."""
_WHOLE: Final = 1.0


def shares(part: pd.Series, whole: pd.Series, most_error: int) -> pd.Series:
    """Divide figures by figures, as `share_of` does.

    Parameters
    ----------
    part, whole
        (n,) figures, null where they are kept back.
    most_error
        How far each may be from its count, at least 1.

    Returns
    -------
    Series
        Float64, null where a figure is, and where the whole is 0.
    """
    found = share_of(_floats(part), _floats(whole), most_error)
    return pd.Series(pd.array(found, dtype="Float64"), index=part.index)


def _floats(figures: pd.Series) -> NDArray[np.float64]:
    values = figures.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(values, dtype=np.float64)


def share_of(
    part: NDArray[np.float64], whole: NDArray[np.float64], most_error: int
) -> NDArray[np.float64]:
    """Divide figures by figures, to the first digit that their error makes uncertain.

    A share of w people whose figures are off by e is itself off by about e / w. Further digits tell
    nothing. Part and whole are rounded apart: a share is 1 at most. Yet it is not rounded to 0 or
    to 1 where its figures are not 0, or not alike.

    Parameters
    ----------
    part, whole
        (n,) figures; NaN where there is none.
    most_error
        As in `shares`.

    Returns
    -------
    ndarray of float64, (n,)
        NaN where a figure is, and where the whole is 0.

    Examples
    --------
    >>> share_of(np.array([70.0, 1800.0]), np.array([75.0, 1805.0]), 5).tolist()
    [0.93, 0.997]
    """
    there = whole > 0
    safe = np.where(there, whole, 1.0)
    digits = np.clip(np.ceil(np.log10(safe / most_error)), _LEAST, _MOST)
    scale = 10.0**digits
    exact = np.minimum(part / safe, _WHOLE)
    steps = np.rint(exact * scale)
    steps = np.where((exact > 0) & (steps < 1), 1.0, steps)
    steps = np.where((exact < _WHOLE) & (steps > scale - 1), scale - 1, steps)
    return np.where(there, steps / scale, np.nan)
