"""Points for the binary formats: `lon` and `lat` of a block as one column of well-known binary."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

_POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])


def with_geometry(schema: pa.Schema, name: str) -> pa.Schema:
    """Return a schema with a binary geometry in place of `lon` and `lat`."""
    kept = [field for field in schema if field.name not in {"lon", "lat"}]
    return pa.schema([*kept, pa.field(name, pa.binary(), nullable=False)])


def to_geometry(block: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Return a block with its points as little-endian WKB, in the schema of `with_geometry`."""
    points = np.empty(block.num_rows, dtype=_POINT)
    points["order"], points["type"] = 1, 1
    points["x"], points["y"] = block.column("lon").to_numpy(), block.column("lat").to_numpy()
    offsets = np.arange(block.num_rows + 1, dtype=np.int32) * _POINT.itemsize
    wkb = pa.Array.from_buffers(
        pa.binary(), block.num_rows, [None, pa.py_buffer(offsets), pa.py_buffer(points)]
    )
    columns = [block.column(name) for name in schema.names[:-1]]
    return pa.record_batch([*columns, wkb], schema=schema)
