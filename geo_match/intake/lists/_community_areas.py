"""The areas of a list of communities: polygons of its shapes, as WGS-84 well-known text.

Readers keep points only. The file is read once more for its polygons, which must be plain ones:
the first bytes of a shape say so before any parser sees the rest, since nested collections can
crash it.
"""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely

from geo_match.crs import crs_to_lonlat
from geo_match.datums import Datum, to_wgs84
from geo_match.intake.area import MAX_LAT, MAX_LON
from geo_match.intake.lists._places import AREA
from geo_match.intake.values.areas import (
    EXCHANGE,
    HOW,
    MOST_VERTICES,
    ON_EARTH,
    TOO_MANY,
    kept_area,
    look_exchanged,
)
from geo_match.intake.values.cells import Message, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo_match.intake.lists._judgement import Judgement
    from geo_match.intake.readers.json_columns import Json
    from geo_match.intake.readers.table import Geometry, Table

_POLYGON, _MULTI_POLYGON = 3, 6
_HEADER, _COUNT, _FLOAT = 5, 4, 8
_XY, _ZM = 2, 3
_EWKB_Z, _EWKB_M, _EWKB_SRID = 0x80000000, 0x40000000, 0x20000000
_NOWHERE: Final = 1e9
"""Degrees that `area_faults` refuses, unlike NaN, which GEOS may not bear."""
_GEOMETRY: Final = "geometry"
_NOTHING: Final = ("null", "Point EMPTY")


def read_areas(
    table: Table, geometry: Geometry, *, datum: Datum, judgement: Judgement
) -> pa.ChunkedArray:
    """Return the area of each record of a file that has shapes; null for a point or nothing.

    Parameters
    ----------
    table
        The file as read.
    geometry
        Its shapes.
    datum
        Of their coordinates.
    judgement
        Receives the shapes that are no areas; of those that are not there a note.

    Raises
    ------
    DatumError
        If the CRS is not on WGS 84 or CGCS2000.
    """
    shapes, judged = _read_shapes(table, np.isin(geometry.instead, ("Polygon", "MultiPolygon")))
    at = np.array(sorted(shapes), dtype=np.int64)
    areas = np.array([shapes[one] for one in at.tolist()], dtype=object)
    texts: list[str | None] = [None] * len(geometry.instead)
    for one, area in zip(at.tolist(), _moved(areas, geometry.crs, datum, table), strict=True):
        try:
            if look_exchanged(shapes[one]):
                raise RefusedError(ON_EARTH, EXCHANGE)  # noqa: TRY301 - told as the others are
            texts[one] = kept_area(area)
        except RefusedError as error:
            judged.setdefault(error.message, []).append(one)
    for message, rows in judged.items():
        bad = np.zeros(len(texts), dtype=np.bool_)
        bad[rows] = True
        judgement.reject(
            bad, _GEOMETRY, message.rule, message.remedy, lambda one: str(geometry.instead[one])
        )
    judgement.note(
        np.isin(geometry.instead, _NOTHING),
        _GEOMETRY,
        "must hold the outline of a community for people to be found in it by their place",
        "It was kept; who has no place still belongs to it by the record.",
        lambda _: "",
    )
    known = ("Polygon", "MultiPolygon", "", *_NOTHING)
    judgement.reject(
        ~np.isin(geometry.instead, known),
        _GEOMETRY,
        "must be a polygon, several, or a point",
        HOW,
        lambda one: str(geometry.instead[one]),
    )
    return pa.chunked_array([pa.array(texts, type=pa.string())])


def without_areas(geometry: Geometry) -> Geometry:
    """Return shapes for their points alone: what is none was judged as an area, or as no shape."""
    return replace(geometry, instead=np.where(geometry.instead == "", "", AREA).astype(object))


def _shapes(table: Table) -> Iterator[Json]:
    """Yield the shapes of a file in the order of its rows: well-known binary, or GeoJSON's."""
    suffix = table.path.suffix.lower()
    if suffix in {".parquet", ".geoparquet"}:
        with pq.ParquetFile(table.path) as file:
            name = json.loads((file.metadata.metadata or {})[b"geo"])["primary_column"]
            column = file.read(columns=[name]).column(name)
        kind = column.type
        if isinstance(kind, pa.BaseExtensionType):
            column = column.cast(kind.storage_type)
        yield from column.to_pylist()
    elif suffix == ".gpkg":
        layer = next(name for name, kind in pyogrio.list_layers(table.path) if kind is not None)
        meta, columns = pyogrio.read_arrow(table.path, layer=layer, columns=[])
        yield from columns.column(meta["geometry_name"] or "wkb_geometry").to_pylist()
    else:
        document = json.loads(table.path.read_text(encoding="utf-8-sig"))
        features = document.get("features", [document])
        for number in table.row.tolist():
            yield features[number - 1].get("geometry")


def _read_shapes(
    table: Table, wanted: NDArray[np.bool_]
) -> tuple[dict[int, shapely.Geometry], dict[Message, list[int]]]:
    """Return the polygons of a file by position, and what is wrong with those that are none."""
    shapes: dict[int, shapely.Geometry] = {}
    refused: dict[Message, list[int]] = {}
    if not wanted.any():
        return shapes, refused
    for at, shape in enumerate(_shapes(table)):
        if wanted[at]:
            try:
                shapes[at] = shapely.force_2d(_area(shape))
            except RefusedError as error:
                refused.setdefault(error.message, []).append(at)
    return shapes, refused


def _moved(
    areas: NDArray[np.object_], crs: object, datum: Datum, table: Table
) -> NDArray[np.object_]:
    """Return areas as WGS-84; a vertex that is nowhere on earth stays so."""
    xy = shapely.get_coordinates(areas)
    x, y = np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
    lon, lat = (one.copy() for one in crs_to_lonlat(x, y, crs, source=str(table.path)))
    earthly = (np.abs(lon) <= MAX_LON) & (np.abs(lat) <= MAX_LAT)  # false for NaN
    lon[earthly], lat[earthly] = to_wgs84(lon=lon[earthly], lat=lat[earthly], datum=datum)
    lon[~earthly] = lat[~earthly] = _NOWHERE
    return np.asarray(shapely.set_coordinates(areas, np.column_stack([lon, lat])), dtype=object)


def _area(shape: Json) -> shapely.Geometry:
    refused = RefusedError("must be a polygon, or several", HOW)
    try:
        if isinstance(shape, bytes):
            if not _is_plain(shape):
                raise refused
            if len(shape) > MOST_VERTICES * _XY * _FLOAT * 2:  # even with Z and M: before parsing
                raise _too_many()
            return shapely.from_wkb(shape)
        if _vertices(shape.get("coordinates")) > MOST_VERTICES:
            raise _too_many()
        return shapely.from_geojson(
            json.dumps({"type": shape["type"], "coordinates": shape["coordinates"]})
        )
    except (shapely.errors.GEOSException, struct.error, KeyError, AttributeError):
        raise refused from None


def _vertices(coordinates: Json) -> int:
    if not isinstance(coordinates, list) or not coordinates:
        return 0
    if not isinstance(coordinates[0], list):
        return 1
    return sum(_vertices(one) for one in coordinates)


def _too_many() -> RefusedError:
    return RefusedError(TOO_MANY, "Simplify it.")


def _is_plain(shape: bytes) -> bool:
    """Return whether well-known binary is a polygon, or several, and nothing is nested deeper.

    What a parser meets inside several polygons it may follow to any depth: so every part's own
    header is looked at here, without recursion.

    Raises
    ------
    struct.error
        If the bytes end too early.
    """
    kind, at, _ = _part(shape, 0)
    if kind == _POLYGON:
        return _end_of_polygon(shape, 0) == len(shape)
    if kind != _MULTI_POLYGON:
        return False
    (n,) = struct.unpack_from(f"{_order(shape, 0)}I", shape, at)
    at += _COUNT
    for _ in range(n):
        if _part(shape, at)[0] != _POLYGON:
            return False
        at = _end_of_polygon(shape, at)
    return at == len(shape)


def _order(shape: bytes, at: int) -> str:
    return "<" if shape[at : at + 1] == b"\x01" else ">"


def _part(shape: bytes, at: int) -> tuple[int, int, int]:
    """Return the type of the part that begins at a place, where its content begins, its axes."""
    (code,) = struct.unpack_from(f"{_order(shape, at)}I", shape, at + 1)
    dimensions = (code & 0xFFFF) // 1_000  # ISO: 1 with Z, 2 with M, 3 with both
    axes = _XY + (0, 1, 1, 2)[min(dimensions, _ZM)]
    axes += bool(code & _EWKB_Z) + bool(code & _EWKB_M)
    begin = at + _HEADER + (_COUNT if code & _EWKB_SRID else 0)
    return (code & 0xFFFF) % 1_000, begin, axes


def _end_of_polygon(shape: bytes, at: int) -> int:
    order = _order(shape, at)
    _, at, axes = _part(shape, at)
    (n_rings,) = struct.unpack_from(f"{order}I", shape, at)
    at += _COUNT
    for _ in range(n_rings):
        (n_points,) = struct.unpack_from(f"{order}I", shape, at)
        at += _COUNT + n_points * axes * _FLOAT
    return at
