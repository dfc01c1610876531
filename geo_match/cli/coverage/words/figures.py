"""How figures are told, in English and in Chinese."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

_KEPT_BACK: Final = "…"


def communities_word(n: int) -> str:
    """Return a number of communities."""
    return f"{n:,} {'community' if n == 1 else 'communities'}"


def number(value: Any) -> str:  # noqa: ANN401 - a number or null of any make
    """Return a figure as it is told; of one that is not there that it is kept back."""
    return _KEPT_BACK if value is None or pd.isna(value) else f"{value:,.15g}"
