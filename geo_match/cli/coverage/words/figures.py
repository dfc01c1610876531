"""How figures are told, in English and in Chinese."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from geo_match.coverage.publication.digits import share_of
from geo_match.exchange.report_page.numbers import rough_share, share

_KEPT_BACK: Final = "…"


def communities_word(n: int) -> str:
    """Return a number of communities."""
    return f"{n:,} {'community' if n == 1 else 'communities'}"


def number(value: Any) -> str:  # noqa: ANN401 - a number or null of any make
    """Return a figure as it is told; of one that is not there that it is kept back."""
    return _KEPT_BACK if value is None or pd.isna(value) else f"{value:,.15g}"


def most_changed_line(n: int, figure: tuple[str, str], many: str, *, language: str) -> str:
    """Return what stands above the rows that change most.

    Parameters
    ----------
    n
        How many communities change; 0 where only who lives outside all of them does.
    figure
        What changes, in English and in Chinese.
    many
        The people, in Chinese.
    language
        `zh` or `en`.
    """
    english, chinese = figure
    if language == "zh":
        if not n:
            return f"  只有不在任何社区的{many}，{chinese}数有变化："
        return f"  {n:,}个社区{chinese}的{many}数有变化，变化最大的是："
    if not n:
        return f"  more or fewer {english} outside all communities only:"
    return f"  more or fewer {english} in {communities_word(n)}, the most in"


def share_text(part: Any, whole: Any, most_error: int) -> str:  # noqa: ANN401 - as in `number`
    """Return which share of a whole a part is, with no more digits than the two bear out.

    Parameters
    ----------
    part, whole
        Counts; null where they are kept back.
    most_error
        How far each may be from what it is of; 0 where they are exact.

    Returns
    -------
    str
        Empty where there is no share.
    """
    if pd.isna(part) or pd.isna(whole) or not whole:
        return ""
    above, below = float(part), float(whole)
    if not most_error:
        return share(min(1.0, above / below))
    return rough_share(float(share_of(np.array([above]), np.array([below]), most_error)[0]))
