"""Coverage with its outlines: GeoParquet, GeoPackage, GeoJSON; each says whether it is internal."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from geo_match.coverage.release import RELEASE
from geo_match.errors import FileError
from geo_match.exchange.coverage.flat import to_read, without_lists
from geo_match.exchange.coverage_columns.columns import known_columns

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from geo_match.exchange.coverage.content import Content

METADATA: Final = "geo_match"
"""Key of the file's metadata in Parquet: a JSON object with `release`, `date` and what was asked.
In a GeoPackage the file and each layer have the same, one entry each."""
_GEOMETRY: Final = "geometry"
_COLUMNS: Final = "columns"
_GDAL_ERRORS: Final = (DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError)
_POINT, _OUTLINE = "Point", "MultiPolygon"


def write_parquet(path: Path, content: Content) -> None:
    """Write the first table as GeoParquet; one without a geometry as Parquet."""
    frame = without_lists(content.tables[content.first])
    stream = io.BytesIO()
    frame.to_parquet(stream, index=False)
    table = pq.read_table(stream)
    told = json.dumps(about(content), ensure_ascii=False)
    metadata = {**table.schema.metadata, METADATA: told, RELEASE: content.release}
    pq.write_table(table.replace_schema_metadata(metadata), path, compression="zstd")


def write_geopackage(path: Path, content: Content, target: Path) -> None:
    """Write a layer a table, the gap areas, the places, the plan, and a table of the columns.

    Raises
    ------
    FileError
        If GDAL cannot write it, such as for a column that the format keeps for itself.
    """
    told = {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for name, value in about(content).items()
    }
    layers = {name: to_read(frame) for name, frame in content.layers().items()}
    layers[_COLUMNS] = dictionary(layers.values()).assign(**{RELEASE: content.release})
    try:
        for name, frame in layers.items():
            _write_layer(path, name, frame, told)
    except (RuntimeError, ValueError, *_GDAL_ERRORS) as error:
        reason = str(error).replace(str(path), str(target))
        raise FileError(target, "be written by GDAL", f"its error: {reason}") from error


def write_geojson(path: Path, content: Content) -> None:
    """Write the first table as a FeatureCollection, which has `release` beside its features."""
    frame = to_read(content.tables[content.first])
    if not isinstance(frame, gpd.GeoDataFrame):
        frame = gpd.GeoDataFrame(frame, geometry=[None] * len(frame), crs=4326)
    shapes = frame.geometry.orient_polygons()  # outer rings turn left, as RFC 7946 wants them
    collection = json.loads(frame.set_geometry(shapes).to_json(na="null", drop_id=True))
    collection.pop("crs", None)  # RFC 7946: it is always WGS 84
    told: dict[str, Any] = {"type": collection.pop("type"), **about(content), **collection}
    with path.open("w", encoding="utf-8") as stream:
        json.dump(told, stream, ensure_ascii=False, allow_nan=False)
        stream.write("\n")


def about(content: Content) -> dict[str, Any]:
    """Return what a file says of itself: its release, its date and what was asked."""
    said: dict[str, Any] = {RELEASE: content.release, "date": content.date}
    return {**said, "asked": dict(content.asked)}


def dictionary(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Return what the dictionary says of the columns of frames, a row a column that it knows."""
    rows = [
        (one.name, one.chinese, one.unit, one.chinese_unit, one.meaning, one.chinese_meaning)
        for one in known_columns(frames)
    ]
    columns = ["column", "chinese", "unit", "chinese_unit", "meaning", "chinese_meaning"]
    return pd.DataFrame(rows, columns=columns)


def _write_layer(path: Path, name: str, frame: pd.DataFrame, told: dict[str, str]) -> None:
    is_shaped = isinstance(frame, gpd.GeoDataFrame) and (
        frame.geometry.notna().any() or not len(frame)
    )
    metadata = {"dataset_metadata": told, "layer_metadata": told}
    if not is_shaped:
        frame = pd.DataFrame(frame.drop(columns=_GEOMETRY, errors="ignore"))
        pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG", **metadata)
        return
    kinds = set(frame.geometry.dropna().geom_type)
    kind = _POINT if kinds == {_POINT} else _OUTLINE
    pyogrio.write_dataframe(
        frame,
        path,
        layer=name,
        driver="GPKG",
        geometry_type=kind,
        promote_to_multi=kind == _OUTLINE,
        **metadata,
    )
