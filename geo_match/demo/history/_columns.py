"""Columns of the history's tables: whole numbers that may be unknown, texts put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNKNOWN: Final = -1
"""The position of no text: it becomes missing, as in pandas."""
NOTHING: Final[NDArray[np.object_]] = np.array(None, dtype=object)
"""None, where numpy wants an array; it becomes missing too."""


def numbers(
    values: NDArray[Any], known: NDArray[np.bool_], dtype: type[np.integer]
) -> pd.arrays.IntegerArray:
    """Return whole numbers of a type, missing where not known."""
    return pd.arrays.IntegerArray(np.where(known, values, 0).astype(dtype), ~known)


def join(*parts: str | NDArray[Any]) -> NDArray[np.object_]:
    """Return texts put together from constants and arrays of texts, objects of shape (n,)."""
    joined: Any = parts[0]
    for part in parts[1:]:
        joined = joined + part
    return np.asarray(joined, dtype=object)


def numerals(values: NDArray[np.integer]) -> NDArray[np.object_]:
    """Return small whole numbers from 0 as text."""
    upto = int(values.max(initial=0)) + 1
    return np.asarray(np.array([str(value) for value in range(upto)], dtype=object)[values])
