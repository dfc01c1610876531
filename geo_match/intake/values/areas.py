"""Areas of communities as text: a polygon or several, in well-known text.

Text from a stranger reaches the geometry parser only if it looks like one plain polygon or
several: nested collections, which can crash it, do not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import shapely

from geo_match.datums import to_wgs84
from geo_match.index._zone_area import MAX_VERTICES
from geo_match.intake.area import MAX_LAT, MAX_LON
from geo_match.intake.values.cells import Column, Parsed, RefusedError, parse_unique

if TYPE_CHECKING:
    from geo_match.datums import Datum
    from geo_match.intake.values.cells import Note
    from geo_match.intake.values.context import Context
    from geo_match.records import FieldSpec

MOST_VERTICES: Final = MAX_VERTICES
TOO_MANY: Final = f"must have at most {MOST_VERTICES:,} vertices"
_DECIMALS: Final = 8
_PLAIN: Final = re.compile(r"(?:MULTI)?POLYGON\s*\([-+0-9.eE,\s()]+\)", re.IGNORECASE)
_VALID: Final = "must be an area without crossings, and not empty"
_HOW: Final = "Draw it as one closed ring, without crossings, or several (in QGIS: Fix geometries)."


def parse_area(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse areas written as POLYGON ((…)) or MULTIPOLYGON (((…))), degrees of any datum."""
    del spec, context
    return parse_unique(column, pa.string(), _read_area)


def move_areas(column: Column, datum: Datum) -> Parsed:
    """Return areas that `parse_area` gave, in degrees of a datum, as WGS-84."""
    if datum == "wgs84":
        return Parsed(column)

    def move(text: str, note: Note) -> str:
        del note
        area = shapely.force_2d(shapely.from_wkt(text))
        lon, lat = shapely.get_coordinates(area).T.copy()
        moved = shapely.set_coordinates(
            area, np.column_stack(to_wgs84(lon=lon, lat=lat, datum=datum))
        )
        check_area(moved)
        return str(shapely.to_wkt(moved, rounding_precision=_DECIMALS))

    return parse_unique(column, pa.string(), move)


def _read_area(text: str, note: Note) -> str:
    del note
    if text.count(",") >= MOST_VERTICES:  # one fewer than vertices
        raise RefusedError(TOO_MANY, "Simplify it.")
    if _PLAIN.fullmatch(text) is None:
        raise RefusedError("must be a polygon or several, as well-known text", _HOW)
    try:
        area = shapely.from_wkt(text)
    except shapely.errors.GEOSException:
        raise RefusedError("must be a polygon or several, as well-known text", _HOW) from None
    check_area(area)
    return text


def check_area(area: shapely.Geometry) -> None:
    """Check that a polygon is one that holds places, in degrees.

    Raises
    ------
    RefusedError
        If it is empty, invalid, or beyond the degrees of the earth.
    """
    if shapely.is_empty(area):
        raise RefusedError(_VALID, _HOW)
    # Bounds first: a vertex that is nowhere makes any area invalid.
    west, south, east, north = shapely.bounds(area).tolist()
    if max(-west, east) > MAX_LON or max(-south, north) > MAX_LAT:
        raise RefusedError("must lie on earth, in degrees", "Are its coordinates metres?")
    if not shapely.is_valid(area):
        raise RefusedError(_VALID, _HOW)
