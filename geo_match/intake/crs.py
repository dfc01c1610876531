"""What the CRS of a list says of its coordinates: whether they are exchanged, or of a web map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo_match.crs import known_crs
from geo_match.errors import DatumError
from geo_match.intake.area import Area

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RIM: Final = 1.0  # an area of use is stated to the degree or so


def no_datum() -> DatumError:
    """Return what is raised for a list whose datum nothing says."""
    return DatumError(
        "datum",
        "be given for a list whose coordinates do not say theirs",
        "none",
        "Whoever made the list knows it: wgs84 (GPS), cgcs2000 (surveys), gcj02 (高德, "
        "腾讯) or bd09 (百度). They differ by 0.5 to 1.2 km.",
    )


def look_exchanged(
    x: NDArray[np.float64], y: NDArray[np.float64], crs: object, *, source: str
) -> NDArray[np.bool_]:
    """Return which points lie where the projection is not meant to be used, but not so exchanged.

    Chinese surveyors write x for the northing, so files with the two exchanged are common.

    Parameters
    ----------
    x, y
        As `geo_match.crs.KnownCrs.lonlat` takes them.
    crs, source
        As `geo_match.crs.known_crs` takes them.

    Returns
    -------
    numpy.ndarray
        bool, shape (n,); false throughout where PROJ knows no area of use, or nothing is
        projected.

    Raises
    ------
    DatumError
        As `geo_match.crs.known_crs`.
    """
    known = known_crs(crs, source=source)
    area = known.horizontal.area_of_use
    if not known.horizontal.is_projected or area is None:
        return np.zeros(len(x), dtype=np.bool_)
    here, there = (
        Area(area.west - _RIM, area.south - _RIM, area.east + _RIM, area.north + _RIM).holds(
            *known.lonlat(*axes)
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
        As `geo_match.crs.known_crs` takes them.

    Raises
    ------
    DatumError
        As `geo_match.crs.known_crs`.
    """
    horizontal, base = known_crs(crs, source=source)
    operation = horizontal.coordinate_operation
    if "1984" in str(base.datum) and (operation is None or "Pseudo" in operation.method_name):
        return None
    return str(horizontal.name)
