"""GeoParquet 1.1: a row group a block."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from geo_match.exchange.points import to_geometry, with_geometry

if TYPE_CHECKING:
    from pathlib import Path

    from geo_match.exchange.rows import Rows

_NAME = "geometry"
_GEO = {
    "version": "1.1.0",
    "primary_column": _NAME,
    # Without `crs` the coordinates are OGC:CRS84, longitude before latitude on WGS-84.
    "columns": {_NAME: {"encoding": "WKB", "geometry_types": ["Point"]}},
}


def write_geoparquet(path: Path, rows: Rows) -> None:
    """Write GeoParquet, with points in WKB."""
    schema = with_geometry(rows.schema, _NAME).with_metadata({"geo": json.dumps(_GEO)})
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for block in rows.blocks:
            writer.write_batch(to_geometry(block, schema))
