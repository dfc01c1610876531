"""Numbers as a reader wants them: rounded, yet never so that some looks like none or all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

NONE: Final = "—"
"""There is no such figure: a share of nobody, a distance where nothing was found."""
KEPT_BACK: Final = "…"
"""There is one, and it is kept back."""
_LEAST, _WHOLE = 0.001, 1.0


def is_missing(value: object) -> bool:
    """Return whether a cell has no value."""
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def floats(column: pd.Series) -> NDArray[np.float64]:
    """Return a column of numbers, (n,); NaN for what is missing."""
    values = column.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.asarray(values, dtype=np.float64)


def amount(value: float) -> str:
    """Return a count or an amount: whole if it is, else with one digit behind the point."""
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.1f}" if abs(value) >= 1 else f"{value:.3g}"


def share(value: float) -> str:
    """Return a share in per cent; what is above 0 or below 1 does not look like it.

    Examples
    --------
    >>> share(0.5), share(1.0), share(0.99999), share(0.00001)
    ('50.0%', '100%', '>99.9%', '<0.1%')
    """
    if value in {0.0, _WHOLE} or not 0.0 < value < _WHOLE:
        return f"{value:.0%}"
    if value < _LEAST:
        return "<0.1%"
    if _WHOLE - _LEAST < value < _WHOLE:
        return ">99.9%"
    return f"{value:.1%}"


def rough_share(value: float) -> str:
    """Return a share in per cent, with a digit behind the point only where it has one.

    Examples
    --------
    >>> rough_share(0.93), rough_share(0.997), rough_share(1.0)
    ('93%', '99.7%', '100%')
    """
    return f"{value:.0%}" if round(value, 2) == value else share(value)


def metres(value: float) -> str:
    """Return a distance in whole metres."""
    return f"{value:,.0f}"


FORMS: Final[Mapping[str, Callable[[float], str]]] = {
    "count": amount,
    "number": amount,
    "share": share,
    "metres": metres,
}
"""How the numbers of the data dictionary's forms are written."""
