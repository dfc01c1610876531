"""Columns that rules read: arrays, lists, columns of pandas or Arrow; missing is null or NaN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo_match._validate import as_numbers, describe_bad
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
MISSING: Final = -1


def as_years(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return years, float64, shape (n,); NaN where missing.

    Raises
    ------
    ArgumentError
        If they are not one-dimensional, or one is no whole number from 1900 to 2100.
    """
    if isinstance(values, (pa.Array, pa.ChunkedArray)) and pa.types.is_null(values.type):
        values = values.cast(pa.float64())
    elif isinstance(values, (list, tuple)):
        values = [np.nan if one is None else one for one in values]
    year = as_numbers(values, name)
    if year.ndim != 1:
        raise ArgumentError(name, "be one-dimensional", f"shape {year.shape}")
    good = np.isnan(year) | ((year >= FIRST_YEAR) & (year <= LAST_YEAR) & (year == np.floor(year)))
    if not good.all():
        raise ArgumentError(
            name, f"be whole years from {FIRST_YEAR} to {LAST_YEAR}", describe_bad(year, ~good)
        )
    return year


def as_codes(values: ArrayLike | Sequence[str | None], words: Sequence[str]) -> NDArray[np.int64]:
    """Return the position of each text among words, int64, (n,): `MISSING` for none at all.

    A text that is none of them has the position after the last.
    """
    code, uniques = pd.factorize(np.asarray(values, dtype=object))
    place = [words.index(one) if one in words else len(words) for one in uniques]
    return np.array([*place, MISSING], dtype=np.int64)[code]  # pandas' -1 takes the last


def has_member(lists: Any, member: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:  # noqa: ANN401 - pyarrow ships no types
    """Return which lists of texts have a member, and which are known, each bool, (n,)."""
    if not isinstance(lists, (pa.Array, pa.ChunkedArray)):
        rows = [None if _is_missing(one) else list(one) for one in lists]
        lists = pa.array(rows, type=pa.list_(pa.string()))
    elif pa.types.is_null(lists.type):
        lists = lists.cast(pa.list_(pa.string()))
    known = np.asarray(pc.is_valid(lists), dtype=np.bool_)
    has = np.zeros(len(known), dtype=np.bool_)
    whose = np.asarray(pc.list_parent_indices(lists), dtype=np.int64)
    is_it = pc.fill_null(pc.equal(pc.list_flatten(lists), member), fill_value=False)
    has[whose[np.asarray(is_it, dtype=np.bool_)]] = True
    return has, known


def same_length(**columns: NDArray[Any]) -> None:
    """Raise ArgumentError if columns are not of one length; the first sets it."""
    (first, least), *others = ((name, len(one)) for name, one in columns.items())
    for name, n in others:
        if n != least:
            raise ArgumentError(name, f"have as many values as `{first}` ({least})", str(n))


def _is_missing(one: object) -> bool:
    return one is None or one is pd.NA or (isinstance(one, float) and np.isnan(one))
