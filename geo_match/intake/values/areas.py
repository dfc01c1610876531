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
from geo_match.index import area_faults
from geo_match.index._zone_area import MAX_VERTICES
from geo_match.intake.area import MAX_LAT, MAX_LON
from geo_match.intake.values.cells import Column, Parsed, RefusedError, parse_unique

if TYPE_CHECKING:
    from geo_match.datums import Datum
    from geo_match.index import AreaFault
    from geo_match.intake.values.cells import Note
    from geo_match.intake.values.context import Context
    from geo_match.records import FieldSpec

MOST_VERTICES: Final = MAX_VERTICES
TOO_MANY: Final = f"must have at most {MOST_VERTICES:,} vertices"
_DECIMALS: Final = 8
_PLAIN: Final = re.compile(r"(?:MULTI)?POLYGON\s*\([-+0-9.eE,\s()]+\)", re.IGNORECASE)
ON_EARTH: Final = "must lie on earth, in degrees"
EXCHANGE: Final = "Longitude and latitude look exchanged here: write them the other way round."
METRES: Final = "Are its coordinates metres?"
_POLYGONS: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
HOW: Final = "Draw it as one closed ring, without crossings, or several (in QGIS: Fix geometries)."


def parse_area(spec: FieldSpec, column: Column, context: Context) -> Parsed:
    """Parse areas written as POLYGON ((…)) or MULTIPOLYGON (((…))), degrees of any datum."""
    del spec, context
    return parse_unique(column, pa.string(), _read_area)


def move_areas(column: Column, datum: Datum) -> Parsed:
    """Return areas that `parse_area` gave, in degrees of a datum, as they are kept."""

    def move(text: str, note: Note) -> str:
        del note
        area = shapely.from_wkt(text)
        lon, lat = shapely.get_coordinates(area).T.copy()
        return kept_area(
            shapely.set_coordinates(
                shapely.force_2d(area), np.column_stack(to_wgs84(lon=lon, lat=lat, datum=datum))
            )
        )

    return parse_unique(column, pa.string(), move)


def kept_area(area: shapely.Geometry) -> str:
    """Return an area as it is kept: well-known text in two dimensions, 8 decimals.

    Parameters
    ----------
    area
        A polygon or several, degrees WGS-84.

    Raises
    ------
    RefusedError
        If it is none that the index takes. It is judged as it is kept, since rounding may make a
        thin spike cross itself.
    """
    text = str(shapely.to_wkt(area, rounding_precision=_DECIMALS, output_dimension=2))
    (fault,) = area_faults([shapely.from_wkt(text)])
    if fault is not None:
        rule = f"must {fault.rule}"
        raise RefusedError(rule, _remedy(shapely.from_wkt(text), fault))
    return text


def look_exchanged(area: shapely.Geometry) -> bool:
    """Return whether the coordinates of an area are degrees only if latitude comes first."""
    west, south, east, north = shapely.bounds(area).tolist()
    first, second = max(-west, east), max(-south, north)
    return bool(first <= MAX_LAT < second <= MAX_LON)


def _remedy(area: shapely.Geometry, fault: AreaFault) -> str:
    """Return what an office does about an area: it draws, and has no program of its own."""
    if shapely.get_num_coordinates(area) > MOST_VERTICES:
        return "Simplify it."
    xy = shapely.get_coordinates(area)
    if np.isfinite(xy).all() and (np.abs(xy) > (MAX_LON, MAX_LAT)).any():
        return METRES
    return HOW if shapely.get_type_id(area) in _POLYGONS and np.isfinite(xy).all() else fault.remedy


def _read_area(text: str, note: Note) -> str:
    del note
    if text.count(",") >= MOST_VERTICES:  # one fewer than vertices
        raise RefusedError(TOO_MANY, "Simplify it.")
    if _PLAIN.fullmatch(text) is None:
        raise RefusedError("must be a polygon or several, as well-known text", HOW)
    try:
        area = shapely.from_wkt(text)
    except shapely.errors.GEOSException:
        raise RefusedError("must be a polygon or several, as well-known text", HOW) from None
    # Whether its rings cross is judged where it is kept; only what has degrees can be moved.
    if shapely.is_empty(area):
        raise RefusedError("must not be empty", HOW)
    west, south, east, north = shapely.bounds(area).tolist()
    if max(-west, east) > MAX_LON or max(-south, north) > MAX_LAT:
        raise RefusedError(ON_EARTH, EXCHANGE if look_exchanged(area) else METRES)
    return text
