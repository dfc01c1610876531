"""GeoPackage, written by GDAL from a stream of Arrow blocks."""

from __future__ import annotations

import errno
import shutil
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
# SQLite undoes a transaction by itself only where the disk is full or fails; GDAL reports no more
# than that there was nothing left to undo.
_OF_THE_DISK = ("disk is full", "disk I/O error", "no transaction is active")
_LEAST_FREE_BYTES = 1 << 20
_GDAL_ERRORS = (DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError)


def write_geopackage(path: Path, rows: Rows, *, target: Path) -> None:
    """Write one layer of points in EPSG:4326; with a spatial index if their number is known.

    A stream of unknown length may be too long for the memory that building the index takes; QGIS
    and GDAL can add it to the finished file. GDAL also leaves it out where the disk has room for
    the rows alone.

    Parameters
    ----------
    path
        Where to write.
    rows
        What to write.
    target
        What the file will be called: it gives the layer its name, and stands in messages.

    Raises
    ------
    OSError
        If the disk is full or fails.
    FileError
        If GDAL cannot write it for another reason.
    """
    schema = with_geometry(rows.schema, _NAME)
    stream = _Stream(rows, schema)
    try:
        pyogrio.write_arrow(
            pa.RecordBatchReader.from_batches(schema, stream.blocks()),
            path,
            driver="GPKG",
            layer=target.stem,
            geometry_name=_NAME,
            geometry_type="Point",
            crs="EPSG:4326",
            # GDAL holds the whole index in memory while it writes: 30 bytes a row and more.
            SPATIAL_INDEX="NO" if rows.n_rows is None else "YES",
        )
    except (RuntimeError, *_GDAL_ERRORS) as error:
        if stream.failure is not None:
            raise stream.failure from None
        reason = str(error).replace(str(path), str(target))
        free = shutil.disk_usage(path.parent).free
        if free < _LEAST_FREE_BYTES or any(mark in reason for mark in _OF_THE_DISK):
            raise OSError(errno.ENOSPC, reason) from error
        raise FileError(target, "be written by GDAL", f"its error: {reason}") from error


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
