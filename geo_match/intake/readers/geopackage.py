"""GeoPackage, read by GDAL into Arrow columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from geo_match.codes import mask_id_cards
from geo_match.errors import FileError
from geo_match.intake.readers.table import Geometry, Table
from geo_match.intake.readers.wkb import points_from_wkb

if TYPE_CHECKING:
    from pathlib import Path

_MAGIC = b"SQLite format 3\0"


def read_geopackage(path: Path) -> Table:
    """Read the only spatial layer of a GeoPackage; its row key becomes a column, usually `fid`.

    Raises
    ------
    FileError
        If the file is no GeoPackage, or has no or more than one spatial layer.
    """
    with path.open("rb") as stream:
        if stream.read(len(_MAGIC)) != _MAGIC:
            raise FileError(path, "be a GeoPackage", "something else under that suffix")
    try:
        layers = [name for name, kind in pyogrio.list_layers(path).tolist() if kind is not None]
        if len(layers) != 1:
            raise FileError(
                path,
                "have one layer with geometry",
                f"{len(layers)}{': ' if layers else ''}{', '.join(map(mask_id_cards, layers))}",
                "Save the layer that is meant to a file of its own." if layers else "",
            )
        meta, columns = pyogrio.read_arrow(path, layer=layers[0], return_fids=True)
    except (DataSourceError, DataLayerError) as error:
        raise FileError(path, "be a readable GeoPackage", f"an error of GDAL: {error}") from error
    shape = meta["geometry_name"] or "wkb_geometry"
    x, y, instead = points_from_wkb(columns.column(shape))
    return Table(
        path,
        np.arange(1, columns.num_rows + 1, dtype=np.int64),
        columns.drop_columns([shape]),
        Geometry(x, y, instead, meta["crs"]),
    )
