"""The ground under the map: outlines that no record has, such as a river's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geo_match.crs import crs_to_lonlat
from geo_match.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_GRID_DEG: Final = 1e-6
"""About a decimetre: finer than any outline that is drawn under a map."""
_TOLD: Final = ("code", "name")
_PARQUET: Final = (".parquet", ".geoparquet")


def read_ground(paths: Sequence[Path]) -> bytes:
    """Read files of outlines into one GeoJSON, each a layer that is called as its file.

    Parameters
    ----------
    paths
        GeoParquet, or what GDAL reads. Of their columns `code` and `name` are told, where they
        have them.

    Returns
    -------
    bytes
        A feature collection in WGS-84, in the order of the files and their rows; rows without a
        geometry are left out. Its features have `layer`, `code` and `name`, null for what a file
        does not say. Without files it is empty.

    Raises
    ------
    FileError
        If a file is not there, or has no outlines that can be read.
    DatumError
        If its CRS is not known, or not on WGS 84 or CGCS2000.
    """
    features = [feature for path in paths for feature in _features_of(path)]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def _features_of(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the features of a file."""
    import geopandas as gpd  # noqa: PLC0415 - slow, and not for a server that draws no ground

    if not path.is_file():
        raise FileError(path, "be a file", "a folder" if path.is_dir() else "nothing there")
    try:
        is_parquet = path.suffix.lower() in _PARQUET
        frame = gpd.read_parquet(path) if is_parquet else gpd.read_file(path)
        shapes, crs = frame.geometry.to_numpy(), frame.crs
    except (OSError, ValueError, RuntimeError, AttributeError) as error:
        first = str(error).partition("\n")[0]
        raise FileError(
            path, "be GeoParquet, or what GDAL reads, with outlines", f"its error: {first}"
        ) from error

    def to_lonlat(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(crs_to_lonlat(xy[:, 0], xy[:, 1], crs, source=str(path)))

    there = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    drawn = shapely.set_precision(
        shapely.transform(shapely.force_2d(shapes[there]), to_lonlat), _GRID_DEG
    )
    columns = frame.reindex(columns=_TOLD).iloc[there]
    for geometry, (_, row) in zip(shapely.to_geojson(drawn), columns.iterrows(), strict=True):
        told = {name: str(value) for name, value in row.dropna().items()}
        yield {
            "type": "Feature",
            "geometry": json.loads(geometry),
            "properties": {"layer": path.stem, **dict.fromkeys(_TOLD), **told},
        }
