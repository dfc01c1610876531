"""The ground of areas beyond the radius of all of some places: of places alone, and of nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo_match._validate import as_radius, as_real
from geo_match.coverage.gap_areas.discs import MOST_LAT, drawn_ground, polygons
from geo_match.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry


def ground_beyond(
    areas: NDArray[np.object_],
    *,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    radius_m: float,
    tolerance_m: float = 10.0,
) -> NDArray[np.object_]:
    """Return what of each area is beyond the radius of all places, as polygons to draw.

    Nobody's home is looked at, lived in or not: where `gap_areas` draws the inhabited ground, which
    tells where people live, this may be shown to anybody to whom the places may be.

    Parameters
    ----------
    areas
        Polygons in degrees, (k,), none across 180° of longitude; None where there is none.
    lon, lat
        Degrees WGS-84, (m,).
    radius_m
        Metres, inclusive, 0 to 200 km.
    tolerance_m
        Metres, above 0: what is drawn is more than `radius_m` - `tolerance_m` from each place, and
        all is drawn that is more than `radius_m` from each.

    Returns
    -------
    numpy.ndarray
        Objects, (k,): a MultiPolygon each; None where nothing is left, or there is no area.

    Raises
    ------
    ArgumentError, RadiusError
        If an argument breaks its rule, or a place is beyond 84° of latitude, where circles cannot
        be drawn in degrees.

    Examples
    --------
    >>> import numpy as np
    >>> import shapely
    >>> town = np.array([shapely.box(117.35, 32.90, 117.40, 32.95)], dtype=object)
    >>> here = {"lon": np.array([117.35]), "lat": np.array([32.925])}
    >>> left = ground_beyond(town, **here, radius_m=3000)[0]
    >>> [bool(shapely.contains_xy(left, lon, 32.925)) for lon in (117.36, 117.39)]
    [False, True]
    """
    radius, tolerance = float(as_radius(radius_m, 1)[0]), as_real(tolerance_m)
    if not tolerance > 0:
        raise ArgumentError("tolerance_m", "be a number of metres above 0", repr(tolerance_m))
    if (np.abs(lat) > MOST_LAT).any():
        rule = f"have no place beyond {MOST_LAT:g}° of latitude"
        raise ArgumentError("lat", rule, "some that are")
    circles = np.empty(0, dtype=object)
    if radius > tolerance:
        x, y = np.unique(np.column_stack((lon, lat)), axis=0).reshape(-1, 2).T
        circles = polygons(drawn_ground(x, y, radius_m=radius, slack_m=tolerance))
    tree = shapely.STRtree(circles)
    left = np.full(len(areas), None, dtype=object)
    for at, area in enumerate(areas):
        if area is not None:
            left[at] = _without(area, circles[tree.query(area, "intersects")])
    return left


def _without(area: BaseGeometry, circles: NDArray[np.object_]) -> shapely.MultiPolygon | None:
    """Return an area less circles; None where nothing is left."""
    rest = area
    if len(circles):
        # Of a ground as large as the city only what is around the area counts.
        near = polygons(shapely.union_all(shapely.clip_by_rect(circles, *shapely.bounds(area))))
        rest = shapely.difference(area, shapely.MultiPolygon(near.tolist()))
    parts = polygons(rest)
    return shapely.MultiPolygon(parts.tolist()) if len(parts) else None
