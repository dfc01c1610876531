"""Columns of text, made all at once from columns of values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

Text: TypeAlias = Any
"""An arrow array of large strings without nulls, shape (n,); pyarrow ships no types."""

TEXT: Final = pa.large_string()
_MICRO: Final = 1_000_000


def as_text(values: pd.Series, *, missing: str = "") -> Text:
    """Return text or whole numbers as text.

    Parameters
    ----------
    values
        Text, or numbers without a fraction, shape (n,).
    missing
        What is written for null.
    """
    array = pc.cast(pa.array(values, from_pandas=True), TEXT)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return pc.fill_null(array, missing)


def as_words(values: pd.Series, words: Mapping[str, str], *, missing: str = "") -> Text:
    """Return each name's word.

    Parameters
    ----------
    values
        Names, shape (n,).
    words
        The word of every name that occurs.
    missing
        What is written for null.
    """
    named = values.astype("category").cat
    table = [words.get(name, name) for name in named.categories]
    return pick([*table, missing], named.codes.to_numpy())


def pick(table: list[str], at: NDArray[np.integer]) -> Text:
    """Return texts of a table by their positions, (n,); −1 is the last one."""
    at = np.where(at < 0, len(table) - 1, at)
    return pa.array(table, type=TEXT).take(pa.array(at))


def as_degrees(values: NDArray[np.float64]) -> Text:
    """Return positive degrees with six decimals, as a database writes them, (n,)."""
    micro = np.round(values * _MICRO).astype(np.int64)
    whole = pc.cast(pa.array(micro // _MICRO), TEXT)
    # A leading one keeps the zeros behind the point.
    decimals = pc.cast(pa.array(micro % _MICRO + _MICRO), TEXT)
    return join(whole, ".", pc.utf8_slice_codeunits(decimals, 1))


def join(*parts: Text) -> Text:
    """Return texts joined row by row; a plain string stands in every row."""
    parts = tuple(pa.scalar(part, TEXT) if isinstance(part, str) else part for part in parts)
    return pc.binary_join_element_wise(*parts, pa.scalar("", TEXT))


def listed(column: Text, rows: NDArray[np.integer]) -> list[str]:
    """Return the texts of some rows."""
    return list(column.take(pa.array(rows)).to_pylist())
