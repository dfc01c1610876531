"""Coordinates of any CRS on WGS 84 or CGCS2000 as longitudes and latitudes, without a datum shift.

Only the projection is undone, within the CRS's own datum; PROJ never gets to choose a datum
transformation. For Xian 1980, Beijing 1954 and New Beijing it would take one of regional guesses
tens of metres apart, so these are refused, and every other datum with them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo_match.errors import DatumError
from geo_match.intake.area import Area

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DEGREE = math.pi / 180.0
_RIM = 1.0  # an area of use is stated to the degree or so


def crs_to_lonlat(
    x: NDArray[np.float64], y: NDArray[np.float64], crs: object, *, source: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the longitudes and latitudes of coordinates in a CRS.

    Parameters
    ----------
    x, y
        Coordinates, x to the east whatever axis order the CRS declares, shape (n,).
    crs
        Anything that pyproj takes for a CRS; None where it is not known.
    source
        What the coordinates belong to, for messages.

    Returns
    -------
    lon, lat
        Degrees in the datum of the CRS, shape (n,); not finite where the CRS has no such point.

    Raises
    ------
    DatumError
        If the CRS is not known, or not geographic or projected on WGS 84 or CGCS2000.
    """
    horizontal, base = _checked(crs, source)
    if not horizontal.is_derived:
        return x, y
    return _to_base(horizontal, base, x, y)


def look_exchanged(
    x: NDArray[np.float64], y: NDArray[np.float64], crs: object, *, source: str
) -> NDArray[np.bool_]:
    """Return which points lie where the projection is not meant to be used, but not so exchanged.

    Chinese surveyors write x for the northing, so files with the two exchanged are common.

    Parameters
    ----------
    x, y, crs, source
        As in `crs_to_lonlat`.

    Returns
    -------
    numpy.ndarray
        bool, shape (n,); false throughout where PROJ knows no area of use, or nothing is
        projected.

    Raises
    ------
    DatumError
        As `crs_to_lonlat`.
    """
    horizontal, base = _checked(crs, source)
    area = horizontal.area_of_use
    if not horizontal.is_projected or area is None:
        return np.zeros(len(x), dtype=np.bool_)
    here, there = (
        Area(area.west - _RIM, area.south - _RIM, area.east + _RIM, area.north + _RIM).holds(
            *_to_base(horizontal, base, *axes)
        )
        for axes in ((x, y), (y, x))
    )
    return ~here & there


def no_web_map(crs: object, *, source: str) -> str | None:
    """Return the name of a CRS that is not one in which web maps are saved, else None.

    What a web map shows in GCJ-02 or BD-09 is commonly saved as if it were WGS 84, in degrees or
    in Web Mercator. Any other CRS is a surveyor's, and hardly a mistake.

    Parameters
    ----------
    crs, source
        As in `crs_to_lonlat`.

    Raises
    ------
    DatumError
        As `crs_to_lonlat`.
    """
    horizontal, base = _checked(crs, source)
    operation = horizontal.coordinate_operation
    if "1984" in str(base.datum) and (operation is None or "Pseudo" in operation.method_name):
        return None
    return str(horizontal.name)


def _to_base(
    projected: CRS, base: CRS, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    lon, lat = Transformer.from_crs(projected, base, always_xy=True).transform(x, y)
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def _checked(crs: object, source: str) -> tuple[CRS, CRS]:
    """Return a CRS without heights, and the geographic CRS that it projects (or itself)."""
    argument = f"CRS of {source}"
    rule = "be geographic or projected, on WGS 84 or CGCS2000"
    if crs is None:
        raise DatumError(
            argument,
            rule,
            "none",
            "Assign the CRS that the coordinates are in; it cannot be told from the numbers.",
        )
    try:
        given = CRS.from_user_input(crs)
    except CRSError as error:
        raise DatumError(argument, rule, f"something that PROJ does not know ({error})") from error
    horizontal = _horizontal(given)
    # A rotated pole is geographic and yet derived from the degrees that are wanted.
    base = horizontal.source_crs if horizontal.is_derived else horizontal.geodetic_crs
    datum = "unknown" if base is None or base.datum is None else base.datum.name
    if base is None or not base.is_geographic or not _is_known(datum):
        raise DatumError(
            argument,
            rule,
            f"{given.name!r} (datum: {datum})",
            "Have the data's provider convert it to CGCS2000 (EPSG:4490): the parameters of Xian "
            "1980 and Beijing 1954 are regional and not public. Other datums: convert to WGS 84 "
            "with a transformation of your choice.",
        )
    if not _is_greenwich_degrees(base):
        raise DatumError(
            argument, "count degrees from Greenwich", repr(given.name), "Convert it to EPSG:4326."
        )
    return horizontal, base


def _horizontal(crs: CRS) -> CRS:
    """Return the CRS without heights, and without the datum shift that some files bind to it."""
    if crs.is_bound and crs.source_crs is not None:
        return _horizontal(crs.source_crs)
    if crs.is_compound:
        return _horizontal(crs.sub_crs_list[0])
    return crs


def _is_known(datum: str) -> bool:
    """Return whether a datum is WGS 84, one of its realisations, or CGCS2000 ("China 2000")."""
    return datum == "China 2000" or datum.startswith("World Geodetic System 1984")


def _is_greenwich_degrees(base: CRS) -> bool:
    meridian = base.prime_meridian
    return (
        meridian is not None
        and meridian.longitude == 0.0
        and all(
            math.isclose(axis.unit_conversion_factor, _DEGREE)
            for axis in base.axis_info
            if axis.direction in {"north", "east"}
        )
    )
