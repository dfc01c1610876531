"""Columns of records as arrays, whether they are there or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray


def floats(records: pa.Table, name: str) -> NDArray[np.float64]:
    """Return a copy of a column as floats, NaN for null; all NaN where it is missing."""
    if name not in records.column_names:
        return np.full(records.num_rows, np.nan)
    return np.array(records.column(name).cast(pa.float64()).to_numpy(), dtype=np.float64)


def texts(records: pa.Table, name: str) -> NDArray[np.object_]:
    """Return a column as text, empty for null; all empty where it is missing."""
    found = np.full(records.num_rows, "", dtype=object)
    if name in records.column_names:
        found[:] = records.column(name).cast(pa.string()).fill_null("").to_pylist()
    return found


def replaced(records: pa.Table, name: str, values: pa.Array) -> pa.Table:
    """Return the records with a column replaced where it stands, or added at the end."""
    at = records.schema.get_field_index(name)
    if at < 0:
        return records.append_column(name, values)
    return records.set_column(at, name, values)
