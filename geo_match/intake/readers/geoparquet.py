"""GeoParquet 1.x, and plain Parquet with columns of longitudes and latitudes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geo_match import codes
from geo_match.errors import ColumnError, FileError
from geo_match.intake.readers.table import Geometry, Table
from geo_match.intake.readers.wkb import points_from_wkb

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def read_geoparquet(path: Path) -> Table:
    """Read a Parquet file; with `geo` metadata its primary geometry gives the points.

    Raises
    ------
    FileError
        If the file is no Parquet, or its `geo` metadata is broken or of an unknown encoding.
    ColumnError
        If column names are repeated.
    """
    try:
        with pq.ParquetFile(path) as file:
            columns = file.read()
            # Of the file, not of the schema: some writers add it only when they close the file.
            metadata = (file.metadata.metadata or {}).get(b"geo")
    except pa.ArrowException as error:
        raise FileError(path, "be a readable Parquet file", f"an error: {error}") from error
    repeated = sorted(
        {name for name in columns.column_names if columns.column_names.count(name) > 1}
    )
    if repeated:
        raise ColumnError(
            path,
            "have column names that differ",
            f"repeated {', '.join(map(codes.mask_id_cards, repeated))}",
        )
    row = np.arange(1, columns.num_rows + 1, dtype=np.int64)
    if metadata is None:
        return Table(path, row, columns)
    try:
        geo = json.loads(metadata)
        primary = geo["primary_column"]
        about = geo["columns"][primary]
        encoding = about["encoding"]
        # A missing CRS means this one; a null means that nobody knows.
        crs = about.get("crs", "OGC:CRS84")
        shape = columns.column(primary)
        bbox = {path_[0] for path_ in about.get("covering", {}).get("bbox", {}).values()}
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise FileError(
            path, "carry sound GeoParquet metadata", f"a `geo` entry that is broken ({error!r})"
        ) from error
    x, y, instead = _points(path, shape, encoding)
    dropped = [primary, *(name for name in bbox if name in columns.column_names)]
    return Table(path, row, columns.drop_columns(dropped), Geometry(x, y, instead, crs))


def _points(
    path: Path, shape: pa.ChunkedArray, encoding: object
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.object_]]:
    kind = shape.type.storage_type if isinstance(shape.type, pa.BaseExtensionType) else shape.type
    if encoding == "WKB" and (pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
        return points_from_wkb(shape)
    if encoding == "point" and pa.types.is_struct(kind):
        null = pc.is_null(shape).to_numpy()
        x, y = (
            pc.struct_field(shape, axis).cast(pa.float64()).to_numpy().copy() for axis in ("x", "y")
        )
        empty = np.isnan(x) & np.isnan(y)
        instead = np.where(null, "null", np.where(empty, "Point EMPTY", "")).astype(object)
        return x, y, instead
    raise FileError(
        path,
        "encode its geometry as WKB or as points",
        f"encoding {encoding!r} in a column of {kind}",
        "Save it anew as GeoParquet with WKB.",
    )
