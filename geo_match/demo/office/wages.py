"""Wages as postings state them: 3000-4500元/月, 120元/天, 18元/小时, 面议."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from geo_match.demo.office._text import TEXT, Text, as_words
from geo_match.demo.office.words import WAGE_UNIT
from geo_match.demo.vocabulary import OPEN_WAGE

if TYPE_CHECKING:
    import pandas as pd

    from geo_match.demo.office.draft import Draft

WAGE: Final = "薪资"


def put_wages(draft: Draft, jobs: pd.DataFrame) -> None:
    """Add the column of wages."""
    draft.put(WAGE, state_wages(jobs["wage_low_cny"], jobs["wage_high_cny"], jobs["wage_unit"]))


def state_wages(low: pd.Series, high: pd.Series, unit: pd.Series) -> Text:
    """Return wages as text: both ends, one if there is no other, or a word if there is none."""
    units = as_words(unit, WAGE_UNIT).to_pylist()
    texts = [
        OPEN_WAGE if np.isnan(least) and np.isnan(most) else _range(least, most) + per
        for least, most, per in zip(
            low.to_numpy(np.float64, na_value=np.nan),
            high.to_numpy(np.float64, na_value=np.nan),
            units,
            strict=True,
        )
    ]
    return pa.array(texts, type=TEXT)


def _range(least: float, most: float) -> str:
    ends = [f"{end:.0f}" for end in dict.fromkeys((least, most)) if not np.isnan(end)]
    return "-".join(ends)


def spoil_wages(draft: Draft, jobs: pd.DataFrame) -> None:
    """Write wages below zero, the higher before the lower, and none.

    Parameters
    ----------
    draft
        The list, with the column of `put_wages`.
    jobs
        Its postings.
    """
    stated = jobs["wage_low_cny"].notna().to_numpy()
    rows = draft.choose("negative_wage", WAGE, among=stated)
    draft.spoil("negative_wage", rows, {WAGE: [f"-{text}" for text in draft.clean(WAGE, rows)]})
    wide = (jobs["wage_low_cny"] < jobs["wage_high_cny"]).fillna(value=False).to_numpy(bool)
    rows = draft.choose("reversed_wage", WAGE, among=stated & wide)
    chosen = jobs.iloc[rows]
    reverse = state_wages(chosen["wage_high_cny"], chosen["wage_low_cny"], chosen["wage_unit"])
    draft.spoil("reversed_wage", rows, {WAGE: reverse.to_pylist()})
    rows = draft.choose("wage_text", WAGE, among=stated)
    draft.spoil("wage_text", rows, {WAGE: [OPEN_WAGE] * len(rows)})
