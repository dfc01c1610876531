"""Frames into files: CSV, NDJSON, Parquet; and XLSX, with Chinese headers before the names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from geo_match.cli.households.headers import CHINESE
from geo_match.exchange import TABLE_SUFFIXES, check_target, write_tables
from geo_match.exchange.rows import BLOCK_ROWS, Rows
from geo_match.exchange.target import naming, replacing
from geo_match.exchange.xlsx import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

WORKBOOK: Final = ".xlsx"
SUFFIXES: Final = (*TABLE_SUFFIXES, WORKBOOK)
"""Suffixes of files that a list is written to."""
_SHEET: Final = "名单"


def check_paths(paths: Iterable[Path | None], inputs: Iterable[Path | None]) -> None:
    """Check that files can be written, and that none is one that is read.

    Raises
    ------
    FileError
        If something stands in the way.
    """
    given = [one for one in inputs if one is not None]
    for path in paths:
        if path is not None:
            check_target(path, inputs=given)


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame; the file appears when it is complete.

    Parameters
    ----------
    frame
        Its days become texts such as 2025-03-01 in a workbook, where all is text.
    path
        Its suffix is one of `SUFFIXES`.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    table = _table(frame)
    if path.suffix.lower() != WORKBOOK:
        write_tables([table], path)
        return
    names = [f"{CHINESE[name]} {name}" for name in table.column_names]
    texts = [pa.array(_texts(frame[name]), pa.string()) for name in frame.columns]
    whole = pa.table(dict(zip(names, texts, strict=True)))
    rows = Rows(whole.schema, whole.to_batches(max_chunksize=BLOCK_ROWS), len(whole))
    with replacing(path) as (temporary,), naming(path):
        write_xlsx(temporary, rows, title=_SHEET)


def _table(frame: pd.DataFrame) -> pa.Table:
    """Return a frame as a table: days as days, categories and texts as text."""
    columns = {}
    for name in frame.columns:
        values = frame[name]
        if pd.api.types.is_datetime64_dtype(values.dtype):
            columns[name] = pa.array(values.to_numpy("M8[D]"), pa.date32(), from_pandas=True)
        elif isinstance(values.dtype, pd.CategoricalDtype) or not _is_number(values):
            columns[name] = pa.array(values.astype(object), pa.string(), from_pandas=True)
        else:
            columns[name] = pa.array(values, from_pandas=True)
    return pa.table(columns)


def _is_number(values: pd.Series) -> bool:
    return bool(
        pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_bool_dtype(values.dtype)
    )


def _texts(values: pd.Series) -> list[str]:
    """Return values as a workbook shows them; null is an empty cell."""
    if pd.api.types.is_datetime64_dtype(values.dtype):
        return ["" if pd.isna(one) else f"{one:%Y-%m-%d}" for one in values]
    if pd.api.types.is_bool_dtype(values.dtype):
        return ["是" if one else "否" for one in values]
    return ["" if pd.isna(one) else _text(one) for one in values]


def _text(one: object) -> str:
    return (
        f"{one:.3f}".rstrip("0").rstrip(".") if isinstance(one, float | np.floating) else str(one)
    )
