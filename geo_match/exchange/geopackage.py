"""GeoPackage, written by GDAL from a stream of Arrow blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from geo_match.errors import FileError
from geo_match.exchange.points import to_geometry, with_geometry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from geo_match.exchange.rows import Rows

_NAME = "geom"
_GDAL_ERRORS = (DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError)


def write_geopackage(path: Path, rows: Rows, *, layer: str) -> None:
    """Write one layer of points in EPSG:4326; with a spatial index if their number is known.

    A stream of unknown length may be too long for the memory that building the index takes; QGIS
    and GDAL can add it to the finished file.

    Raises
    ------
    FileError
        If GDAL cannot write it.
    """
    schema = with_geometry(rows.schema, _NAME)
    stream = _Stream(rows, schema)
    try:
        pyogrio.write_arrow(
            pa.RecordBatchReader.from_batches(schema, stream.blocks()),
            path,
            driver="GPKG",
            layer=layer,
            geometry_name=_NAME,
            geometry_type="Point",
            crs="EPSG:4326",
            # GDAL holds the whole index in memory while it writes: 30 bytes a row and more.
            SPATIAL_INDEX="NO" if rows.n_rows is None else "YES",
        )
    except (RuntimeError, *_GDAL_ERRORS) as error:
        if stream.failure is not None:
            raise stream.failure from None
        raise FileError(path, "be written by GDAL", f"its error: {error}") from error


class _Stream:
    """The blocks on their way through C, which forgets what went wrong in Python.

    Parameters
    ----------
    rows
        The rows to write.
    schema
        With their geometry.
    """

    def __init__(self, rows: Rows, schema: pa.Schema) -> None:
        self._rows = rows
        self._schema = schema
        self.failure: BaseException | None = None

    def blocks(self) -> Iterator[pa.RecordBatch]:
        """Yield the blocks, and keep what stops them."""
        try:
            for block in self._rows.blocks:
                yield to_geometry(block, self._schema)
        except BaseException as failure:
            self.failure = failure
            raise
