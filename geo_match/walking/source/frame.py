"""A frame of lines or areas: from a file or as given, its parts as points, its columns checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely

from geo_match._validate import as_numbers, check_lonlat, is_number
from geo_match.crs import crs_to_lonlat
from geo_match.errors import ArgumentError, CoordinateError, FileError

if TYPE_CHECKING:
    from collections.abc import Collection

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo_match.walking.source.subject import Subject

_LINES: Final = ("LineString", "LinearRing", "MultiLineString")
_AREAS: Final = ("Polygon", "MultiPolygon")
_TYPES: Final = np.array(
    [
        *("Point", "LineString", "LinearRing", "Polygon"),
        *("MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"),
    ]
)
"""By shapely's numbers of types."""


class Shapes(NamedTuple):
    """The lines of a frame.

    Parameters
    ----------
    offsets
        int64, (l + 1,): the points of line i are those from `offsets[i]` to `offsets[i + 1]`.
    lon, lat
        Degrees, (k,).
    row
        int64, (l,): the row of the frame that the line is of.
    """

    offsets: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    row: NDArray[np.int64]


def read_frame(given: object, subject: Subject) -> gpd.GeoDataFrame:
    """Return a frame as it was given, or what a file holds.

    Raises
    ------
    ArgumentError
        If it is neither a GeoDataFrame nor a path.
    FileError
        If the file is none, has another suffix than .parquet, .geoparquet and .gpkg, or holds
        several layers or no geometry.
    """
    import geopandas as gpd  # noqa: PLC0415 - slow, and a saved network needs none

    if isinstance(given, gpd.GeoDataFrame):
        return given
    if not isinstance(given, str | Path):
        raise ArgumentError(
            subject.name,
            "be a GeoDataFrame, or the path of a GeoParquet or GeoPackage file",
            type(given).__name__,
        )
    path = Path(given)
    if not path.is_file():
        raise FileError(given, "be a file", "a folder" if path.is_dir() else "nothing there")
    suffix = path.suffix.lower()
    if suffix not in {".parquet", ".geoparquet", ".gpkg"}:
        raise FileError(
            given,
            "end in .parquet, .geoparquet or .gpkg, or for OpenStreetMap in .osm.pbf, .osm or "
            ".osm.gz",
            repr(suffix),
            "Convert it, for instance with ogr2ogr or geopandas.",
        )
    try:
        if suffix != ".gpkg":
            return gpd.read_parquet(path)
        import pyogrio  # noqa: PLC0415 - as geopandas

        layers = [name for name, kind in pyogrio.list_layers(path) if kind is not None]
        if len(layers) == 1:
            return gpd.read_file(path, layer=layers[0])
    except (OSError, ValueError, RuntimeError, KeyError, TypeError) as error:
        form = "GeoPackage" if suffix == ".gpkg" else "GeoParquet"
        first = str(error).partition("\n")[0]
        raise FileError(
            given, f"be a whole {form} file", f"one that cannot be read ({first})"
        ) from error
    raise FileError(
        given,
        "have one layer with geometries",
        ", ".join(map(repr, layers)) or "none",
        "Read the one with geopandas, and give the frame.",
    )


def shapes_of(frame: gpd.GeoDataFrame, subject: Subject, *, areas: bool = False) -> Shapes:
    """Return the lines of a frame, and with `areas` the outlines of its areas, in WGS-84.

    Rows without a geometry have no line.

    Raises
    ------
    ArgumentError or FileError
        If a row holds something else.
    DatumError
        If its CRS is not known, or not on WGS 84 or CGCS2000.
    CoordinateError
        If a point is none on earth.
    """
    try:
        geometry = frame.geometry
    except AttributeError as error:
        raise subject.error("have a column of geometries", "none that is active") from error
    shapes = np.asarray(geometry.array, dtype=object)
    row = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    shapes = shapely.force_2d(shapes[row])
    kinds = _TYPES[shapely.get_type_id(shapes)]
    allowed = _LINES + _AREAS if areas else _LINES
    bad = np.flatnonzero(~np.isin(kinds, allowed))
    if len(bad):
        raise subject.error(
            "hold lines or areas alone" if areas else "hold lines alone",
            f"{len(bad):,} of {len(kinds):,} that are not (row {row[bad[0]]}: {kinds[bad[0]]})",
            "Leave these out, or give their outlines as lines.",
        )
    outlined = np.isin(kinds, _AREAS)
    shapes[outlined] = shapely.boundary(shapes[outlined])
    parts, of = shapely.get_parts(shapes, return_index=True)
    points, line = shapely.get_coordinates(parts, return_index=True)
    lon, lat = crs_to_lonlat(points[:, 0], points[:, 1], geometry.crs, source=subject.name)
    try:
        check_lonlat(lon, lat, lon_name=f"lon of {subject.name}", lat_name=f"lat of {subject.name}")
    except CoordinateError as error:
        error.remedy = error.remedy.replace(
            "Leave out or mend these places; a place without coordinates has no distance.",
            "Are the coordinates in this CRS?",
        )
        raise
    counts = np.bincount(line, minlength=len(parts))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Shapes(offsets, np.ascontiguousarray(lon), np.ascontiguousarray(lat), row[of])


def booleans(
    frame: gpd.GeoDataFrame, name: str, subject: Subject, *, or_else: bool
) -> NDArray[np.bool_]:
    """Return a column of true and false, (n,); `or_else` where it has null, or is not there.

    Raises
    ------
    ArgumentError or FileError
        If it holds something else.
    """
    if name not in frame.columns:
        return np.full(len(frame), or_else)
    values = _column(frame, name, subject)
    given = values.notna().to_numpy()
    found = values[given].to_numpy(dtype=object)
    bad = [] if values.dtype == np.bool_ else [one for one in found if not _is_boolean(one)]
    if bad:
        rule = f"have true or false in its column {name}"
        raise subject.error(
            rule,
            f"{len(bad):,} that are neither (such as {bad[0]!r})",
            "Empty means " + ("true." if or_else else "false."),
        )
    result = np.full(len(frame), or_else)
    result[given] = found.astype(np.bool_)
    return result


def whole_numbers(frame: gpd.GeoDataFrame, name: str, subject: Subject) -> NDArray[np.int64]:
    """Return a column of whole numbers, (n,); 0 where it has null, or is not there.

    Raises
    ------
    ArgumentError or FileError
        If it holds something else.
    """
    if name not in frame.columns:
        return np.zeros(len(frame), dtype=np.int64)
    values = _column(frame, name, subject)
    rule = f"have whole numbers in its column {name}"
    try:
        numbers = as_numbers(values, name)
    except ArgumentError as error:
        raise subject.error(rule, error.found) from error
    numbers = np.where(values.isna().to_numpy(), 0.0, numbers)
    bad = ~(np.abs(numbers) < 2**31) | (numbers != np.round(numbers))
    if bad.any():
        raise subject.error(rule, f"{bad.sum():,} that are not (such as {numbers[bad][0]:g})")
    return numbers.astype(np.int64)


def words(
    frame: gpd.GeoDataFrame, name: str, subject: Subject, *, one_of: Collection[str] | None = None
) -> NDArray[np.object_]:
    """Return a column of text, (n,); '' where it has null, or is not there.

    Raises
    ------
    ArgumentError or FileError
        If it holds something else, or a word that is none of those allowed.
    """
    if name not in frame.columns:
        return np.full(len(frame), "", dtype=object)
    values = _column(frame, name, subject)
    values = values.astype(object)  # a categorical one takes no other word, not even ''
    texts = values.where(values.notna(), "").to_numpy(dtype=object)
    bad = [text for text in texts if not isinstance(text, str)]
    if bad:
        rule = f"have text in its column {name}"
        raise subject.error(rule, repr(bad[0]))
    if one_of is not None and (other := sorted(set(texts) - {"", *one_of})):
        rule = f"have one of {', '.join(one_of)} in its column {name}"
        raise subject.error(rule, repr(other[0]))
    return np.array([text.strip() for text in texts], dtype=object)


def _column(frame: gpd.GeoDataFrame, name: str, subject: Subject) -> Any:  # noqa: ANN401 - a Series
    values = frame[name]
    if values.ndim != 1:
        rule = f"have one column {name}"
        raise subject.error(rule, f"{values.shape[1]} of them")
    return values


def _is_boolean(value: object) -> bool:
    return isinstance(value, bool | np.bool_) or (is_number(value) and value in {0, 1})
