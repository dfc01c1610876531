"""How large an area is on the ellipsoid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from pyproj import Geod

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WGS84: Final = Geod(ellps="WGS84")
_M2_PER_KM2: Final = 1e6


def area_km2(areas: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return the area of polygons on the ellipsoid of WGS-84.

    Sides are geodesics between the corners (Karney 2013, "Algorithms for geodesics", section 6).
    A side that is straight in degrees bows away from its geodesic: one of 1 km along a parallel, up
    to 45° of latitude, by less than 2 cm, and 14 m² of area, which grows as the cube of its length.

    Parameters
    ----------
    areas
        Polygons or multipolygons in degrees, (n,); None where there is none. Holes count off.

    Returns
    -------
    numpy.ndarray
        float64, km², (n,); NaN where there is no area.

    Examples
    --------
    >>> area_km2(np.array([shapely.box(117.0, 32.0, 117.01, 32.01), None])).round(4)
    array([1.0477,    nan])
    """
    found = np.full(len(areas), np.nan)
    # A ring's area has the sign of its turn: shells must turn one way, and holes the other.
    turned = shapely.orient_polygons(areas)
    for at in np.flatnonzero(~shapely.is_missing(areas)).tolist():
        found[at] = abs(_WGS84.geometry_area_perimeter(turned[at])[0]) / _M2_PER_KM2
    return found
