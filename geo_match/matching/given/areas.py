"""Areas that circles are drawn around, as a frame has them: polygons of any CRS, or text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import shapely

from geo_match.crs import crs_to_lonlat
from geo_match.index import area_faults
from geo_match.matching.given import values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.matching.given.faults import Faults
    from geo_match.matching.given.frame import Given

    _Shapes = NDArray[np.object_]

_POLYGONS: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_TEXT: Final = "area"
_PLAIN: Final = re.compile(r"(?:MULTI)?POLYGON\s*\([-+0-9.eE,\s()]+\)", re.IGNORECASE)
"""All that may reach the parser of a stranger's text: nested collections can crash it."""


def areas(given: Given, faults: Faults) -> _Shapes | None:
    """Return the area of each row, (n,), degrees; None for a row without, and if no row has one.

    It is the frame's geometry, or else a column `area` of well-known text in degrees, as a store
    keeps a community's. A geometry in a projected CRS is moved vertex by vertex: its edges are then
    straight in degrees, which in town leaves the middle of an edge of 1 km about 1 cm off.

    Raises
    ------
    DatumError
        If the geometry's CRS is not known, or not geographic or projected on WGS 84 or CGCS2000.
    """
    if given.geometry is not None:
        name, found = str(given.geometry.name), _of_geometry(given.geometry, faults)
    else:
        name, found = _TEXT, _of_text(given, faults)
    if found is None:
        return None
    here = np.flatnonzero(~shapely.is_missing(found))
    told = area_faults(found[here])
    for rule in dict.fromkeys(fault.rule for fault in told if fault is not None):
        wrong = {
            int(at): fault
            for at, fault in zip(here, told, strict=True)
            if fault is not None and fault.rule == rule
        }
        bad = np.zeros(len(found), dtype=np.bool_)
        bad[list(wrong)] = True
        remedy = next(iter(wrong.values())).remedy
        faults.rows(name, rule, bad, lambda at, wrong=wrong: wrong[at].found, remedy)  # type: ignore[misc]  # mypy takes no lambda with a default
    return found


def _of_geometry(geometry: Any, faults: Faults) -> _Shapes | None:  # noqa: ANN401 - a GeoSeries
    shapes = np.array(geometry.array, dtype=object)
    is_there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    is_area = np.isin(shapely.get_type_id(shapes), _POLYGONS) & is_there
    if not is_area.any():
        return None
    faults.rows(
        str(geometry.name),
        "hold areas alone, or points alone",
        is_there & ~is_area,
        lambda at: shapes[at].geom_type,
        "Ask from areas and from points one after the other.",
    )
    found = np.full(len(shapes), None, dtype=object)
    flat = shapely.force_2d(shapes[is_area])
    x, y = shapely.get_coordinates(flat).T.copy()
    lonlat = crs_to_lonlat(x, y, geometry.crs, source=faults.frame)
    found[is_area] = shapely.set_coordinates(flat, np.column_stack(lonlat))
    return found


def _of_text(given: Given, faults: Faults) -> _Shapes | None:
    column = given.column(_TEXT) if given.has(_TEXT) else None
    # A number by this name is a size, and no business of ours.
    if column is None or not (
        pa.types.is_string(column.type)
        or pa.types.is_large_string(column.type)
        or pa.types.is_string_view(column.type)
    ):
        return None
    kept = values.texts(column, _TEXT, faults, read=_checked)
    if kept.null_count == len(kept):
        return None
    return np.array(shapely.from_wkt(kept.to_pylist()), dtype=object)


def _checked(text: str) -> str:
    """Return well-known text of a polygon or several; raises ValueError for any other."""
    if _PLAIN.fullmatch(text) is None:
        raise ValueError
    try:
        shapely.from_wkt(text)
    except shapely.errors.GEOSException:
        raise ValueError from None
    return text
