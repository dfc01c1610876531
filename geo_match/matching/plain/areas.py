"""How far a place is from an area: along geodesics to ever finer parts of its edges."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from pyproj import Geod

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon

_GEOD: Final = Geod(ellps="WGS84")
_PARTS: Final = 16
_ROUNDS: Final = 10
"""Each leaves an eighth of an edge: ten leave a micrometre of a kilometre."""


@lru_cache(maxsize=4096)
def area_distance_m(area: Polygon | MultiPolygon, lon: float, lat: float) -> float:
    """Return how far a place is from an area, metres: 0 in it and on its border.

    Every edge, a straight line in degrees, is cut into parts, and the two beside the nearest cut
    are cut again. That finds the nearest place of an edge on which the distance falls and then
    rises, as it does on those of towns.

    Parameters
    ----------
    area
        Valid, in degrees.
    lon, lat
        Of the place, degrees.
    """
    if shapely.intersects_xy(area, lon, lat):
        return 0.0
    every_ring = shapely.get_rings(shapely.get_parts(area)).tolist()
    rings = [shapely.get_coordinates(ring) for ring in every_ring]
    start = np.concatenate([ring[:-1] for ring in rings])
    step = np.concatenate([np.diff(ring, axis=0) for ring in rings])
    low, high = np.zeros(len(start)), np.ones(len(start))
    nearest = np.full(len(start), np.inf)
    for _ in range(_ROUNDS):
        along = np.linspace(low, high, _PARTS + 1, axis=1)
        x, y = (start[:, [axis]] + along * step[:, [axis]] for axis in (0, 1))
        metres = _GEOD.inv(np.full(x.shape, lon), np.full(x.shape, lat), x, y)[2]
        at = metres.argmin(axis=1)
        edge = np.arange(len(start))
        nearest = metres[edge, at]
        low = along[edge, np.maximum(at - 1, 0)]
        high = along[edge, np.minimum(at + 1, _PARTS)]
    return float(nearest.min())
