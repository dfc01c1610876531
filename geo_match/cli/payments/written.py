"""Frames about payments into files: CSV, NDJSON, Parquet, and workbooks of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa

from geo_match.exchange import TABLE_SUFFIXES, write_tables
from geo_match.exchange.rows import Rows
from geo_match.exchange.target import check_suffix_among, check_target, naming, replacing
from geo_match.exchange.xlsx import write_xlsx

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

_XLSX: Final = ".xlsx"
_SUFFIXES: Final = (*TABLE_SUFFIXES, _XLSX)
_DAYS: Final = ("on", "as_of", "rule_valid_from", "since", "check_since", "until")
_AMOUNT: Final = "amount_cny"


def check_out(out: Path | None) -> None:
    """Check that rows can be written there, before the work that makes them.

    Raises
    ------
    FileError
        If its suffix is none that can be written, or something stands in the way.
    """
    if out is not None:
        check_suffix_among(out, _SUFFIXES)
        check_target(out)


def write_rows(frame: pd.DataFrame, out: Path, *, title: str) -> int:
    """Write a frame, and return how many rows it has; the file appears when it is complete.

    Parameters
    ----------
    frame
        Its days and amounts keep their types, but in a workbook, where all is text.
    out
        Where to.
    title
        Of the sheet in a workbook.

    Raises
    ------
    FileError
        If it cannot be written.
    """
    if out.suffix.lower() != _XLSX:
        return write_tables([_arrow(frame)], out)
    texts = frame.astype(object).where(frame.notna(), "").map(_text)
    schema = pa.schema([(str(name), pa.string()) for name in texts.columns])
    batch = pa.RecordBatch.from_pandas(texts, schema=schema, preserve_index=False)
    with replacing(out) as (temporary,), naming(out):
        write_xlsx(temporary, Rows(schema, [batch]), title=title)
    return len(frame)


def _text(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _arrow(frame: pd.DataFrame) -> pa.Table:
    """Return a table whose columns have their types though no row may say so."""
    kinds = {_AMOUNT: pa.float64(), **dict.fromkeys(_DAYS, pa.date32())}
    names = [str(name) for name in frame.columns]
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in names])
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
