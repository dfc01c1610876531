"""Rejected rows taken once more from the file that they stand in, so that nothing of them is lost.

A table has the points of a file only, and its nested members as text; the file has shapes, types
and members that are not known here.
"""

from __future__ import annotations

import errno
import json
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from geo_match.errors import FileError
from geo_match.intake.readers.geojson import Document, is_feature
from geo_match.intake.readers.ndjson import ndjson_lines, ndjson_object

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from geo_match.exchange._reasons import Reasons
    from geo_match.intake.readers.json_columns import Json
    from geo_match.intake.readers.table import Table

AS_TEXT = "原文"
"""Member that holds a line or feature that is none, as it stands."""

_GDAL_ERRORS = (DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError)


def mend_ndjson(path: Path, table: Table, reasons: Reasons) -> None:
    """Write the rejected lines, each with our six members."""
    left = set(reasons.row)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for number, text in ndjson_lines(table.path):
            if number not in left:
                continue
            left.remove(number)
            try:
                members = ndjson_object(text)
            except ValueError:
                members = {AS_TEXT: text.strip()}
            stream.write(_json(_with_reasons(members, number, reasons)) + "\n")
    _check_all_found(table, left)


def mend_geojson(path: Path, table: Table, reasons: Reasons) -> None:
    """Write a collection of the rejected features, each with our six properties."""
    document = Document(table.path, table.path.read_text(encoding="utf-8-sig"))
    left = set(reasons.row)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write('{"type":"FeatureCollection","features":[\n')
        separator = ""
        for number, value in enumerate(document.features(), start=1):
            if number not in left:
                continue
            left.remove(number)
            feature = value if is_feature(value) else _no_feature(value)
            properties = _with_reasons(feature.get("properties") or {}, number, reasons)
            stream.write(separator + _json({**feature, "properties": properties}))
            separator = ",\n"
        crs = document.members.get("crs")
        stream.write("\n]" + (f',"crs":{_json(crs)}' if crs is not None else "") + "}\n")
    _check_all_found(table, left)


def mend_geopackage(path: Path, table: Table, reasons: Reasons) -> None:
    """Write the rejected rows of the only layer with their shapes and keys.

    Raises
    ------
    OSError
        If GDAL cannot write the file.
    """
    try:
        layers = pyogrio.list_layers(table.path).tolist()
        layer = next(name for name, kind in layers if kind is not None)
        meta, columns = pyogrio.read_arrow(table.path, layer=layer, return_fids=True)
    except (StopIteration, *_GDAL_ERRORS) as error:
        raise _changed(table, f"no layer that can be read ({error})") from error
    try:
        pyogrio.write_arrow(
            _chosen(columns, table, reasons),
            path,
            driver="GPKG",
            layer=layer,
            geometry_name=meta["geometry_name"] or "wkb_geometry",
            geometry_type=meta["geometry_type"],
            crs=meta["crs"],
        )
    except (RuntimeError, *_GDAL_ERRORS) as error:
        raise OSError(errno.EIO, str(error)) from error


def mend_geoparquet(path: Path, table: Table, reasons: Reasons) -> None:
    """Write the rejected rows with their shapes, and what the file says of these."""
    try:
        with pq.ParquetFile(table.path) as file:
            columns = file.read()
            geo = (file.metadata.metadata or {}).get(b"geo")
    except pa.ArrowException as error:
        raise _changed(table, f"no Parquet ({error})") from error
    chosen = _chosen(columns, table, reasons)
    pq.write_table(chosen.replace_schema_metadata({b"geo": geo} if geo else None), path)


def _chosen(columns: pa.Table, table: Table, reasons: Reasons) -> pa.Table:
    """Return the rejected rows of a file whose rows count from 1, and our six columns."""
    if columns.num_rows != table.n_read:
        raise _changed(table, f"{columns.num_rows:,} rows")
    position = np.array(reasons.row, dtype=np.int64) - 1
    rows = columns.take(pa.array(position))
    numbers = reasons.row
    if reasons.first_row_column is not None:
        before = rows.column(reasons.first_row_column).to_pylist()
        numbers = [
            first if isinstance(first, int) else row
            for first, row in zip(before, numbers, strict=True)
        ]
    rows = rows.drop_columns(list(reasons.passed_over))
    for at, name in enumerate(reasons.reason_columns):
        rows = rows.append_column(name, pa.array(reasons.column(at), type=pa.string()))
    return rows.append_column(reasons.row_column, pa.array(numbers, type=pa.int64()))


def _with_reasons(members: Mapping[str, Json], number: int, reasons: Reasons) -> dict[str, Json]:
    before = reasons.first_row_column
    first = None if before is None else members.get(before)
    kept = {name: value for name, value in members.items() if name not in reasons.passed_over}
    kept |= dict(zip(reasons.reason_columns, reasons.texts[number], strict=True))
    return {**kept, reasons.row_column: first if type(first) is int else number}


def _no_feature(value: Json) -> dict[str, Json]:
    return {"type": "Feature", "geometry": None, "properties": {AS_TEXT: _json(value)}}


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _check_all_found(table: Table, left: set[int]) -> None:
    if left:
        raise _changed(table, f"no row {min(left):,}")


def _changed(table: Table, found: str) -> FileError:
    return FileError(
        table.path,
        "be the file that was read before",
        f"{found}: it has changed meanwhile",
        "Read it again.",
    )
