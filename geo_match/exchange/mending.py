"""The rejected rows of a list in the list's own format, to be mended there and read in again.

Each row stands as it was, with four more columns that say what is wrong, one of notes, which ask
for nothing (`REASON_COLUMNS`), and one that keeps its number in the list it first came from
(`ROW_COLUMN`). Reading passes over the six: the cells are corrected, and the file goes in as it
is. A list that has a column of such a name itself keeps it: then ours are called 规则（导入） and
so on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from geo_match.errors import FileError
from geo_match.exchange._mending_sources import (
    mend_geojson,
    mend_geopackage,
    mend_geoparquet,
    mend_ndjson,
)
from geo_match.exchange._reasons import Reasons
from geo_match.exchange.rows import BLOCK_ROWS, Rows
from geo_match.exchange.target import already_there
from geo_match.exchange.text import write_csv
from geo_match.exchange.xlsx import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geo_match.intake.chinese import Language
    from geo_match.intake.faults import Rejection
    from geo_match.intake.readers.table import Table

_SHEET = "待改正"


def write_mending(
    path: Path,
    table: Table,
    rejections: Sequence[Rejection],
    notes: Sequence[Rejection] = (),
    *,
    language: Language = "en",
) -> int:
    """Write the rejected rows of a file in its own format, with what is wrong with each.

    CSV keeps its encoding (UTF-8 gets the byte order mark that Excel needs), and like XLSX has
    every cell as text. NDJSON, GeoJSON, GeoPackage and GeoParquet are read once more, so that
    shapes, types and nested members stay what they are; a line or feature that is none stands as
    text in the member 原文. A CSV record with surplus cells has them in its last column, with the
    commas that parted them.

    Parameters
    ----------
    path
        Where to write; no file may stand there, since someone may have worked on it.
    table
        The file as read.
    rejections
        Its faults; several of one row are joined by `；`.
    notes
        Other remarks; those on rejected rows stand in a column of their own.
    language
        In which the faults and notes are told.

    Returns
    -------
    int
        Number of rows written. If no row was rejected it is 0, and there is no file.

    Raises
    ------
    FileError
        If something stands at `path`, its suffix is not the table's, or the table's file is not
        what it was when it was read. If anything fails, no part of the file stays.
    OSError
        If the disk refuses it.
    """
    suffix = table.path.suffix.lower()
    if path.suffix.lower() != suffix:
        raise FileError(
            path,
            f"end in {suffix}, as the list does",
            repr(path.suffix) if path.suffix else "no suffix",
            "Rows are mended in the format that they came in.",
        )
    if path.exists():
        raise already_there(path)
    reasons = Reasons.of(rejections, notes, table=table, language=language)
    if not reasons.row:
        return 0
    try:
        _write(path, suffix, table, reasons)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return len(reasons.row)


def _write(path: Path, suffix: str, table: Table, reasons: Reasons) -> None:
    match suffix:
        case ".csv":
            write_csv(path, _rows(table, reasons), for_people=True, encoding=table.encoding)
        case ".xlsx":
            write_xlsx(path, _rows(table, reasons), title=_SHEET)
        case ".ndjson" | ".jsonl":
            mend_ndjson(path, table, reasons)
        case ".geojson" | ".json":
            mend_geojson(path, table, reasons)
        case ".gpkg":
            mend_geopackage(path, table, reasons)
        case _:
            mend_geoparquet(path, table, reasons)


def _rows(table: Table, reasons: Reasons) -> Rows:
    """Return the rejected rows of a table of text, and our six columns behind its own."""
    names = table.columns.column_names
    own = [name for name in names if name not in reasons.passed_over]
    broken = [number for number in reasons.row if number in table.broken]
    whole = np.isin(table.row, reasons.row)
    cells = pa.table(
        _under_headers([table.broken[number] for number in broken], names, own),
        schema=pa.schema([(name, pa.string()) for name in names]),
    )
    # A table without columns has forgotten its rows, but then there is no record to mend either.
    rows = pa.concat_tables([table.columns.filter(pa.array(whole)), cells])
    number = np.concatenate([table.row[whole], np.array(broken, dtype=np.int64)])
    if sorted(number.tolist()) != reasons.row:
        missing = sorted(set(reasons.row) - set(number.tolist()))
        raise FileError(table.path, "hold the rows rejected", f"no row {missing[0]:,}")
    rows = rows.take(pa.array(np.argsort(number, kind="stable")))
    before = reasons.first_row_column
    first = rows.column(before).to_pylist() if before else [""] * len(reasons.row)
    columns = {name: rows.column(name) for name in own}
    columns |= {
        name: pa.array(reasons.column(at)) for at, name in enumerate(reasons.reason_columns)
    }
    columns[reasons.row_column] = pa.array(
        [
            text if text.strip().isdecimal() else str(row)
            for text, row in zip(first, reasons.row, strict=True)
        ]
    )
    result = pa.table(columns)
    return Rows(result.schema, result.to_batches(max_chunksize=BLOCK_ROWS), len(reasons.row))


def _under_headers(
    records: list[tuple[str, ...]], names: list[str], own: list[str]
) -> dict[str, list[str]]:
    """Return the cells of records by header: missing ones empty, surplus ones in the last."""
    columns: dict[str, list[str]] = {name: [] for name in names}
    for cells in records:
        for at, name in enumerate(names):
            columns[name].append(cells[at] if at < len(cells) else "")
        surplus = cells[len(names) :]
        if any(surplus):
            columns[own[-1]][-1] = ",".join([columns[own[-1]][-1], *surplus])
    return columns
