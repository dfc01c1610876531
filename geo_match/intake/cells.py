"""Values of a column as numbers or as ids, all at once, without guessing.

A number in text is written with a decimal point and nothing else: a comma could be a decimal sign
or separate thousands, so it is no number here. White space around a value is passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_WHOLE = r"^[+-]?[0-9]+$"
_EXACT_FLOAT = 2.0**53


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column as numbers.

    Parameters
    ----------
    value
        float64, shape (n,); NaN where there is no number.
    missing
        Where the cell is null, NaN or blank, bool, shape (n,).
    wrong
        Where something stands that is no number, bool, shape (n,).
    """

    value: NDArray[np.float64]
    missing: NDArray[np.bool_]
    wrong: NDArray[np.bool_]


def as_numbers(column: pa.ChunkedArray) -> Numbers:
    """Return a column of any type as numbers; booleans, dates and the like are none."""
    kind = column.type
    if pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        value = _floats(pc.cast(column, pa.float64(), safe=False))
        return Numbers(value, np.isnan(value), np.zeros(len(value), dtype=np.bool_))
    text = as_text(column)
    missing = _flags(pc.equal(text, ""))
    if not _is_text(kind):
        return Numbers(np.full(len(text), np.nan), missing, ~missing)
    fits = pc.match_substring_regex(text, _NUMBER)
    digits = pc.utf8_ltrim(pc.if_else(fits, text, None), "+")
    try:
        value = _floats(pc.cast(digits, pa.float64()))
    except pa.ArrowInvalid:  # 1e999 and the like, which Python reads as infinite
        value = np.array([np.nan if one is None else float(one) for one in digits.to_pylist()])
    return Numbers(value, missing, ~missing & ~_flags(fits))


def as_weights(column: pa.ChunkedArray) -> NDArray[np.int64] | NDArray[np.float64]:
    """Return a column that holds a number in every cell: int64 if all are whole, else float64."""
    if _is_text(column.type):
        text = as_text(column)
        if pc.all(pc.match_substring_regex(text, _WHOLE)).as_py() is not False:
            try:
                whole = pc.cast(pc.utf8_ltrim(text, "+"), pa.int64())
            except pa.ArrowInvalid:  # more digits than int64 holds
                return as_numbers(column).value
            return np.asarray(whole.to_numpy(), dtype=np.int64)
    elif pa.types.is_integer(column.type) and not pa.types.is_uint64(column.type):
        return np.asarray(pc.cast(column, pa.int64()).to_numpy(), dtype=np.int64)
    return as_numbers(column).value


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column as text without white space around it; null becomes empty.

    Whole floats lose their `.0`: a column of whole numbers becomes one of floats as soon as a
    value is missing from it.
    """
    if isinstance(column.type, pa.BaseExtensionType):
        column = column.cast(column.type.storage_type)
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_floating(kind):
        value = _floats(pc.cast(column, pa.float64()))
        whole = np.isnan(value) | ((value == np.floor(value)) & (np.abs(value) < _EXACT_FLOAT))
        if whole.all():
            mask = np.isnan(value)
            column = pa.chunked_array(
                [pa.array(np.where(mask, 0, value).astype(np.int64), mask=mask)]
            )
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        values = [None if value is None else str(value) for value in column.to_pylist()]
        column = pa.chunked_array([pa.array(values, type=pa.string())])
    text = pc.cast(column, pa.string())
    return pc.utf8_trim_whitespace(pc.fill_null(text, ""))


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _floats(column: pa.ChunkedArray) -> NDArray[np.float64]:
    return np.asarray(column.to_numpy(), dtype=np.float64)


def _flags(column: pa.ChunkedArray) -> NDArray[np.bool_]:
    return np.asarray(column.to_numpy(), dtype=np.bool_)
