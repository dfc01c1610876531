"""How far an area's border is from places beyond the reach of any circle: `Border`.

`AreaOrigins` measures to 200 km. What lies farther is asked for rarely, one place at a time: the
border is halved again and again, and of the pieces only those stay that may hold its nearest place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo_match.geodesy import SEMI_MAJOR_M, SEMI_MINOR_M, karney

if TYPE_CHECKING:
    from numpy.typing import NDArray

    _Floats = NDArray[np.float64]

_FINE_M: Final = 10.0
"""Pieces up to so long are not halved: the nearest place in one, 200 km away or more and no end of
an edge, is nearer than its measured middle by at most 5² / (2 · 200,000) m, about 0.1 mm."""
_MOST_PER_DEGREE_M: Final = float(np.radians(SEMI_MAJOR_M**2 / SEMI_MINOR_M))
"""No degree is longer: a²/b is the ellipsoid's greatest radius of curvature."""


class Border:
    """The border of an area, whose edges are straight in degrees.

    Parameters
    ----------
    area
        A valid polygon or multipolygon, degrees.
    """

    def __init__(self, area: shapely.Geometry) -> None:
        rings = shapely.get_rings(shapely.get_parts(area)).tolist()
        every = [shapely.get_coordinates(ring) for ring in rings]
        self._start = np.concatenate([ring[:-1] for ring in every])
        self._step = np.concatenate([np.diff(ring, axis=0) for ring in every])
        self._length_m = _MOST_PER_DEGREE_M * np.hypot(*self._step.T)

    def distance_m(self, lon: float, lat: float) -> float:
        """Return the geodesic distance to a place outside, metres."""
        start, step, length_m = self._start, self._step, self._length_m
        least = float(_away(start, lon, lat).min())
        while len(start):
            middle = start + step / 2.0
            away = _away(middle, lon, lat)
            least = min(least, float(away.min()))
            # Nothing of a piece is farther from its middle than half its length.
            kept = (away - length_m / 2.0 <= least) & (length_m > _FINE_M)
            start = np.concatenate([start[kept], middle[kept]])
            step = np.tile(step[kept] / 2.0, (2, 1))
            length_m = np.tile(length_m[kept] / 2.0, 2)
        return least

    def may_be_nearest(self, lon: _Floats, lat: _Floats) -> NDArray[np.int64]:
        """Return which of some places, (m,), may be the nearest: all others are farther than it."""
        # With one vertex c and no place of the area farther from it than `span_m`, the distance of
        # a place lies between that to c less the span, and that to c.
        first = self._start[0]
        span_m = float((_away(self._start, *first) + self._length_m).max())
        away = _away(np.stack([lon, lat], axis=1), *first)
        return np.flatnonzero(away - span_m <= away.min(initial=np.inf))


def _away(places: _Floats, lon: float, lat: float) -> _Floats:
    """Return the distance of each of some places, (m, 2), from one, metres."""
    m = len(places)
    return karney(places[:, 0], places[:, 1], np.full(m, lon), np.full(m, lat))


__all__ = ["Border"]
