"""Where the rows of a frame are: points of any CRS on WGS 84 or CGCS2000, or lon and lat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geo_match.crs import crs_to_lonlat
from geo_match.matching.given.values import numbers

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo_match.matching.given.faults import Faults
    from geo_match.matching.given.frame import Given

    _Axis = NDArray[np.float64]

_MAX_LON, _MAX_LAT = 180.0, 90.0
_POINT: Final = 0  # shapely's number of the type
_TOGETHER: Final = "be given together or not at all"


def places(given: Given, faults: Faults) -> tuple[_Axis, _Axis]:
    """Return the longitude and latitude of each row, degrees, (n,); NaN where it is not located.

    A GeoDataFrame's geometry counts before columns of these names. CGCS2000 is passed through as
    WGS-84 (`geo_match.datums` says why).

    Raises
    ------
    DatumError
        If the geometry's CRS is not known, or not geographic or projected on WGS 84 or CGCS2000.
    """
    if given.geometry is not None:
        return _of_points(given.geometry, faults)
    nowhere = np.full(len(given), np.nan)
    missing = [name for name in ("lon", "lat") if not given.has(name)]
    if missing:
        if given.needs_columns:
            faults.column(
                ", ".join(missing),
                "be there",
                "no such column, and no geometry",
                "Give `lon` and `lat` in degrees, WGS-84, or a GeoDataFrame of points with its "
                "CRS; rows that are not located have null in them.",
            )
        return nowhere, nowhere
    lon, lat = (given.column(name) for name in ("lon", "lat"))
    if lon is None or lat is None:
        return nowhere, nowhere
    x, y = numbers(lon, "lon", faults), numbers(lat, "lat", faults)
    _check(x, y, ("lon", "lat"), lambda at: (lon[at].as_py(), lat[at].as_py()), faults)
    return x, y


def places_if_any(given: Given, faults: Faults) -> tuple[_Axis, _Axis]:
    """Return what `places` does; NaN throughout where nothing says where the rows are."""
    if given.geometry is None and not (given.has("lon") or given.has("lat")):
        return nowhere(given, faults)
    return places(given, faults)


def nowhere(given: Given, _: Faults) -> tuple[_Axis, _Axis]:
    """Return that no row has a point, whatever the frame says."""
    return np.full(len(given), np.nan), np.full(len(given), np.nan)


def _of_points(geometry: Any, faults: Faults) -> tuple[_Axis, _Axis]:  # noqa: ANN401 - a GeoSeries
    name = str(geometry.name)
    shapes = np.asarray(geometry.array, dtype=object)

    def text(at: int) -> str:
        return str(shapely.to_wkt(shapes[at], trim=True, rounding_precision=-1))

    kind = shapely.get_type_id(shapes)
    located = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    faults.rows(
        name,
        "hold points",
        located & (kind != _POINT),
        lambda at: shapes[at].geom_type,
        "Give a point of each, such as `.representative_point()`.",
    )
    located &= kind == _POINT
    x, y = np.full(len(shapes), np.nan), np.full(len(shapes), np.nan)
    points = shapes[located]  # of an empty point GEOS gives no coordinates
    x[located], y[located] = shapely.get_x(points), shapely.get_y(points)
    finite = np.isfinite(x) & np.isfinite(y)
    lon, lat = x.copy(), y.copy()  # one of two that is missing, or is not finite, stays and is seen
    if geometry.crs is not None or finite.any():
        lon[finite], lat[finite] = crs_to_lonlat(
            x[finite], y[finite], geometry.crs, source=faults.frame
        )
    lost = finite & ~(np.isfinite(lon) & np.isfinite(lat))
    faults.rows(name, "be a place in its CRS", lost, text, "Are the coordinates in this CRS?")
    lon[lost] = lat[lost] = np.nan
    _check(lon, lat, (name, name), text, faults)
    return lon, lat


def _check(
    lon: _Axis,
    lat: _Axis,
    names: tuple[str, str],
    value: Callable[[int], object],
    faults: Faults,
) -> None:
    """Take faults of places that are half there or not on earth; NaN in both is no place."""
    half = np.isnan(lon) != np.isnan(lat)
    both = ", ".join(dict.fromkeys(names))
    remedy = "Complete the place, or leave both out."
    faults.rows(both, _TOGETHER, half, value, remedy)
    swap = np.nanmax(np.abs(lon), initial=0.0) <= _MAX_LAT and (
        np.nanmax(np.abs(lat), initial=0.0) <= _MAX_LON
    )
    remedy = "Longitude and latitude look swapped: exchange them." if swap else ""
    for name, axis, values, bound in (
        (names[0], "longitude", lon, _MAX_LON),
        (names[1], "latitude", lat, _MAX_LAT),
    ):
        rule = f"lie between {-bound:g} and {bound:g} degrees of {axis}"
        bad = np.abs(values) > bound  # false for NaN
        faults.rows(name, rule, bad, value, remedy)
