"""Points out of well-known binary, all rows at once, without a geometry parser.

A shape from a stranger's file never reaches GEOS: deeply nested collections crash it, and only
points are wanted. A shape's first five bytes say what it is; a point's sixteen bytes more are its
coordinates. ISO and extended (EWKB) type codes are understood, Z and M passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NAMES = {
    1: "Point",
    2: "LineString",
    3: "Polygon",
    4: "MultiPoint",
    5: "MultiLineString",
    6: "MultiPolygon",
    7: "GeometryCollection",
}
_POINT, _MULTI_POINT = 1, 4
_HEADER = 5  # one byte for the byte order, four for the type
_COUNT = 4
_XY = 16
_EWKB_SRID = 0x20000000
_EWKB_FLAGS = 0xE0000000


def points_from_wkb(
    column: pa.ChunkedArray,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.object_]]:
    """Return the points of a column of shapes.

    A multi-point of exactly one point counts as that point.

    Parameters
    ----------
    column
        Binary or large binary, n values.

    Returns
    -------
    x, y
        float64, shape (n,); NaN where there is no point.
    instead
        What stands in its place, objects of str, shape (n,): `null`, `Point EMPTY`, the shape's
        type, or `broken shape`; empty where there is a point.
    """
    parts = [_points(chunk) for chunk in column.chunks]
    if not parts:
        return np.empty(0), np.empty(0), np.empty(0, dtype=object)
    xy = np.concatenate([part[0] for part in parts])
    return xy[:, 0].copy(), xy[:, 1].copy(), np.concatenate([part[1] for part in parts])


def _points(chunk: pa.Array) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """Return x and y, shape (n, 2), and what stands instead of a point, of one chunk."""
    if isinstance(chunk, pa.ExtensionArray):
        chunk = chunk.storage
    chunk = chunk.cast(pa.large_binary())
    n = len(chunk)
    xy = np.full((n, 2), np.nan)
    instead = np.full(n, "broken shape", dtype=object)
    if n == 0:
        return xy, instead
    _, offset_buffer, data_buffer = chunk.buffers()
    offsets = np.frombuffer(offset_buffer, dtype=np.int64)[chunk.offset : chunk.offset + n + 1]
    data = np.frombuffer(data_buffer or b"", dtype=np.uint8)
    end = offsets[1:]

    row = np.flatnonzero(end - offsets[:-1] >= _HEADER)
    little, kind, body = _headers(data, offsets[row])
    for code in np.unique(kind).tolist():
        instead[row[kind == code]] = _NAMES.get(code, "unknown shape")

    # A multi-point of one point: go on to that point, which has a header of its own.
    multi = np.flatnonzero((kind == _MULTI_POINT) & (end[row] - body >= _COUNT + _HEADER))
    count = _unsigned(_gather(data, body[multi], _COUNT), little[multi])
    single = multi[count == 1]
    little[single], kind[single], body[single] = _headers(data, body[single] + _COUNT)

    whole = (kind == _POINT) & (end[row] - body >= _XY)
    row, little, body = row[whole], little[whole], body[whole]
    raw = _gather(data, body, _XY)
    xy[row] = np.where(little[:, None], raw.view("<f8"), raw.view(">f8"))
    instead[row] = np.where(np.isnan(xy[row]).all(axis=1), "Point EMPTY", "")
    instead[(instead == "Point")] = "broken shape"  # one that ends before its coordinates
    if chunk.null_count:
        instead[chunk.is_null().to_numpy(zero_copy_only=False)] = "null"
    return xy, instead


def _headers(
    data: NDArray[np.uint8], start: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:
    """Return whether each shape is little-endian, its type without dimensions, its body's start."""
    header = _gather(data, start, _HEADER)
    little = header[:, 0] == 1
    code = _unsigned(np.ascontiguousarray(header[:, 1:]), little)
    body = start + _HEADER + np.where(code & _EWKB_SRID, 4, 0)
    return little, (code & ~_EWKB_FLAGS) % 1000, body


def _unsigned(raw: NDArray[np.uint8], little: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return four bytes a row as a number, each row in its own byte order."""
    return np.where(little, raw.view("<u4")[:, 0], raw.view(">u4")[:, 0]).astype(np.int64)


def _gather(data: NDArray[np.uint8], start: NDArray[np.int64], width: int) -> NDArray[np.uint8]:
    """Return the bytes from each start on, shape (n, width)."""
    return np.ascontiguousarray(data[start[:, None] + np.arange(width)])
