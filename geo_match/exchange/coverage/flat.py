"""Coverage as cells to read: frames without lists, outlines and noise, and the table as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.exchange.coverage_columns.columns import find_column
from geo_match.exchange.rows import BLOCK_ROWS, Rows
from geo_match.exchange.text import write_csv as write_csv_rows

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TypeVar

    from geo_match.exchange.coverage.content import Content

    _Frame = TypeVar("_Frame", bound=pd.DataFrame)

_GEOMETRY: Final = "geometry"
_BETWEEN: Final = "; "
_MILLIMETRES: Final = 3


def without_lists(frame: _Frame) -> _Frame:
    """Return a frame whose lists, such as codes of communities, are texts with "; " between."""
    lists = [
        name
        for name in frame.columns
        if name != _GEOMETRY
        and frame[name].dtype == np.object_
        and frame[name].map(lambda value: isinstance(value, list | tuple | np.ndarray)).any()
    ]
    joined = {
        name: frame[name].map(
            lambda value: (
                _BETWEEN.join(map(str, value))
                if isinstance(value, list | tuple | np.ndarray)
                else value
            )
        )
        for name in lists
    }
    return frame.assign(**joined) if lists else frame


def without_noise(frame: _Frame) -> _Frame:
    """Return a frame without digits that mean nothing: 0.3, and not 0.30000000000000004.

    Metres are told to the millimetre, other figures of coverage to twelve digits that count, which
    no share, sum or quotient of people and places is exact beyond. What is not coverage's, such as
    a column of the people, stays as it is.
    """
    beside = set(map(str, frame.columns))
    floats = [
        (name, known)
        for name in frame.columns
        if pd.api.types.is_float_dtype(frame[name].dtype)
        and (known := find_column(str(name), beside)) is not None
    ]
    rounded = {
        name: frame[name].round(_MILLIMETRES)
        if known.form == "metres"
        else frame[name].map(_to_twelve_digits, na_action="ignore").astype(frame[name].dtype)
        for name, known in floats
    }
    return frame.assign(**rounded) if floats else frame


def _to_twelve_digits(value: float) -> float:
    return float(f"{value:.12g}")


def to_read(frame: _Frame) -> _Frame:
    """Return a frame for a format that people read: lists as texts, no noise."""
    return without_noise(without_lists(frame))


def without_outlines(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame as a table of cells: no outlines, lists as texts, no noise."""
    return pd.DataFrame(to_read(frame).drop(columns=_GEOMETRY, errors="ignore"))


def write_csv(path: Path, content: Content) -> None:
    """Write the first table as CSV in UTF-8 with a byte order mark, without outlines.

    The headers are the columns' names. A null is an empty cell; text that a spreadsheet would run
    gets an apostrophe before it.
    """
    frame = without_outlines(content.tables[content.first])
    texts = [_texts(frame[name]) for name in frame.columns]
    schema = pa.schema([(str(name), pa.string()) for name in frame.columns])
    table = pa.Table.from_arrays(texts, schema=schema)
    rows = Rows(schema, table.to_batches(max_chunksize=BLOCK_ROWS), n_rows=len(frame))
    write_csv_rows(path, rows, for_people=True)


def _texts(column: pd.Series) -> pa.Array:
    """Return values as they stand in cells: with as few digits as give the same number back."""
    values = pa.array(column, from_pandas=True)
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    return pc.fill_null(values.cast(pa.string()), "")
