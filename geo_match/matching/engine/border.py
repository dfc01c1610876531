"""How far an area's border is from places beyond the reach of any circle: `Border`.

`AreaOrigins` measures to 200 km. What lies farther is asked for rarely, one place at a time: the
border is halved again and again, and of the pieces only those stay that may hold its nearest place.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
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
_PIECES: Final = 32
"""A closer bound of the border's distance looks at so many pieces of it."""
_MOST_PER_DEGREE_M: Final = float(np.radians(SEMI_MAJOR_M**2 / SEMI_MINOR_M))
"""No degree is longer: a²/b is the ellipsoid's greatest radius of curvature."""


class Border:
    """The border of an area, whose edges are straight in degrees.

    Parameters
    ----------
    area
        A valid polygon or multipolygon, degrees.

    Attributes
    ----------
    span_m
        No place of the area is farther from its first vertex, metres.
    """

    def __init__(self, area: shapely.Geometry) -> None:
        rings = shapely.get_rings(shapely.get_parts(area)).tolist()
        every = [shapely.get_coordinates(ring) for ring in rings]
        self._start = np.concatenate([ring[:-1] for ring in every])
        self._step = np.concatenate([np.diff(ring, axis=0) for ring in every])
        self._length_m = _MOST_PER_DEGREE_M * np.hypot(*self._step.T)
        self.span_m = self._span(slice(None))

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

    def at_most_m(self, lon: _Floats, lat: _Floats) -> _Floats:
        """Return how far the area is from some places, (m,), at most, metres: its first vertex.

        It is nearer than that by no more than `span_m`.
        """
        return _away(np.stack([lon, lat], axis=1), *self._start[0])

    def at_least_m(self, lon: _Floats, lat: _Floats) -> _Floats:
        """Return how far the area is from some places, (m,), at least, metres."""
        places = np.stack([lon, lat], axis=1)
        # Pieces of edges that follow one another: nothing of one is farther from its first vertex
        # than its span, so none is nearer to a place than that vertex less the span.
        least = np.full(len(places), np.inf)
        for vertex, span_m in self._pieces:
            np.minimum(least, _away(places, *vertex) - span_m, out=least)
        # What lies in the area is 0 m away, wherever the border is; it is within the whole's span.
        is_far = self.at_most_m(lon, lat) > self.span_m
        return np.where(is_far, np.maximum(least, 0.0), 0.0)

    @cached_property
    def _pieces(self) -> list[tuple[_Floats, float]]:
        """The first vertex of each piece of the border, and its span, metres."""
        n = len(self._start)
        ends = np.linspace(0, n, min(_PIECES, n) + 1).astype(np.int64).tolist()
        return [(self._start[a], self._span(slice(a, b))) for a, b in pairwise(ends)]

    def _span(self, edges: slice) -> float:
        """Return what nothing of some edges is farther away than from the first vertex, metres."""
        first = self._start[edges][0]
        return float((_away(self._start[edges], *first) + self._length_m[edges]).max())


def _away(places: _Floats, lon: float, lat: float) -> _Floats:
    """Return the distance of each of some places, (m, 2), from one, metres."""
    m = len(places)
    return karney(places[:, 0], places[:, 1], np.full(m, lon), np.full(m, lat))


__all__ = ["Border"]
