"""Ground drawn on paper: degrees to whole units of a canvas, outlines and points to SVG paths.

x is longitude times the cosine of the middle latitude, y is latitude (plate carrée, true to scale
along that latitude). Over a city it is off by less than a line's width; nothing is decided by it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from geo_match.geodesy import geodesic_distance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Objects = NDArray[np.object_]

WIDTH: Final = 10_000
"""Units of a canvas from west to east; on A4 one is a fiftieth of a millimetre."""
TOLERANCE: Final = 10.0
"""Units by which outlines are simplified: less than a line is thick."""
_MARGIN: Final = 0.03
_MOST_HEIGHT: Final = 1.35
_LEAST_HEIGHT: Final = 0.4
_LEAST_SPAN: Final = 0.002
_LEAST_COS: Final = 0.01
_TURN, _HALF_TURN = 360.0, 180.0
_DOT: Final = 12


@dataclass(frozen=True, slots=True)
class Canvas:
    """A part of the ground, and how large it is drawn.

    Parameters
    ----------
    west, north
        Degrees of its corner.
    per_degree
        Units for a degree of latitude.
    cos
        Of the middle latitude.
    height
        Units from north to south.
    turned
        Whether longitudes count from 0 to 360, since the ground lies across 180°.
    """

    west: float
    north: float
    per_degree: float
    cos: float
    height: int
    turned: bool

    @classmethod
    def around(cls, areas: Objects) -> Canvas:
        """Return a canvas that holds all of some areas, degrees, one at least, with a margin."""
        bounds = shapely.bounds(areas)
        turned = bool(np.ptp(bounds[:, [0, 2]]) > _HALF_TURN)
        if turned:
            bounds = shapely.bounds(_turned(areas))
        west, south = bounds[:, 0].min(), bounds[:, 1].min()
        east, north = bounds[:, 2].max(), bounds[:, 3].max()
        cos = max(math.cos(math.radians((south + north) / 2.0)), _LEAST_COS)
        wide, high = max((east - west) * cos, _LEAST_SPAN), max(north - south, _LEAST_SPAN)
        # The longer side decides: a tall city gets ground at its sides.
        across = max(wide, high / _MOST_HEIGHT) * (1.0 + 2.0 * _MARGIN)
        down = max(high * (1.0 + 2.0 * _MARGIN), across * _LEAST_HEIGHT)
        per_degree = WIDTH / across
        middle = (float(west + east) / 2.0, float(south + north) / 2.0)
        return cls(
            west=middle[0] - across / cos / 2.0,
            north=middle[1] + down / 2.0,
            per_degree=per_degree,
            cos=cos,
            height=round(down * per_degree),
            turned=turned,
        )

    @property
    def latitude(self) -> float:
        """Degrees: the latitude along which it is true to scale."""
        return self.north - self.height / self.per_degree / 2.0

    @property
    def metres_per_unit(self) -> float:
        """Metres that a unit spans from west to east, in the middle."""
        lat = np.array([self.latitude])
        # A hundredth of the width: what is told of it holds for wide canvases too.
        step = WIDTH / 100.0 / self.per_degree / self.cos
        start = np.array([0.0])
        found = geodesic_distance(lon1=start, lat1=lat, lon2=start + step, lat2=lat)
        return float(found[0]) / (WIDTH / 100.0)

    @property
    def tolerance_m(self) -> float:
        """Metres by which outlines are simplified."""
        return TOLERANCE * self.metres_per_unit

    def draw(self, areas: Objects) -> Objects:
        """Return areas in units, simplified, and cut at the canvas; what is beyond is empty."""
        shapes = _turned(areas) if self.turned else areas
        drawn = shapely.transform(shapes, self._units)
        drawn = shapely.simplify(drawn, TOLERANCE, preserve_topology=True)
        return np.asarray(self._cut(drawn), dtype=object)

    def lines(self, segments: NDArray[np.float64]) -> str:
        """Return the path of straight lines, those that share an end joined; beyond it none.

        Parameters
        ----------
        segments
            Degrees, (n, 4): longitude and latitude of both ends.
        """
        corners = np.reshape(segments, (-1, 2))
        if self.turned:
            corners = np.column_stack((np.mod(corners[:, 0], _TURN), corners[:, 1]))
        # Joined by their ends as they were given: in whole units others might meet.
        apart: Any = shapely.linestrings(self._units(corners).reshape(-1, 2, 2))
        joined = shapely.line_merge(shapely.multilinestrings(apart))
        drawn = shapely.simplify(joined, TOLERANCE, preserve_topology=False)
        parts = shapely.get_parts(self._cut(drawn))
        return "".join(_line(one) for one in parts if isinstance(one, shapely.LineString))

    def dots(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> str:
        """Return the path of points, each a line of no length; those that fall together once."""
        if self.turned:
            lon = np.mod(lon, _TURN)
        places = self._units(np.column_stack((lon, lat)))
        inside = (
            (places[:, 0] >= 0)
            & (places[:, 0] <= WIDTH)
            & (places[:, 1] >= 0)
            & (places[:, 1] <= self.height)
        )
        # On a grid as fine as a dot: thousands at one address are drawn once.
        places = np.unique(np.round(places[inside] / _DOT).astype(np.int64) * _DOT, axis=0)
        return "".join(f"M{x} {y}h0" for x, y in places.tolist())

    def place(self, lon: float, lat: float) -> tuple[int, int]:
        """Return a point in whole units."""
        if self.turned:
            lon %= _TURN
        x, y = self._units(np.array([[lon, lat]]))[0]
        return round(float(x)), round(float(y))

    def _cut(self, drawn: Any) -> Any:  # noqa: ANN401 - a shape, or an array of them
        """Return shapes in units without what is beyond the canvas."""
        edge = 60.0  # a border that is cut runs out of sight
        return shapely.clip_by_rect(drawn, -edge, -edge, WIDTH + edge, self.height + edge)

    def _units(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        x = (places[:, 0] - self.west) * self.cos * self.per_degree
        y = (self.north - places[:, 1]) * self.per_degree
        return np.column_stack((x, y))


def path(shape: BaseGeometry | None) -> str:
    """Return a drawn shape's rings as a path of whole units; what is no polygon has none."""
    return "".join(_ring(ring) for polygon in _polygons(shape) for ring in _rings(polygon))


def paths(shapes: Iterable[BaseGeometry | None]) -> str:
    """Return the paths of many shapes as one."""
    return "".join(map(path, shapes))


def _polygons(shape: BaseGeometry | None) -> list[shapely.Polygon]:
    if shape is None or shape.is_empty:
        return []
    parts = shapely.get_parts(np.array([shape], dtype=object))
    return [part for part in parts if isinstance(part, shapely.Polygon)]


def _rings(polygon: shapely.Polygon) -> list[shapely.LinearRing]:
    return [polygon.exterior, *polygon.interiors]


def _ring(ring: shapely.LinearRing) -> str:
    """Return a ring; its last corner, which is its first, is what it closes with."""
    return f"{_steps(shapely.get_coordinates(ring)[:-1])}z"


def _line(line: shapely.LineString) -> str:
    """Return a line that stays open."""
    return _steps(shapely.get_coordinates(line))


def _steps(places: NDArray[np.float64]) -> str:
    """Return corners in whole units, each as the step from the one before it."""
    corners = np.round(places).astype(np.int64)
    steps = np.diff(corners, axis=0)
    steps = steps[(steps != 0).any(axis=1)]
    x, y = corners[0].tolist()
    return f"M{x} {y}l{' '.join(f'{dx} {dy}' for dx, dy in steps.tolist()) or '0 0'}"


def _turned(areas: Objects) -> Objects:
    """Return areas with longitudes from 0 to 360, for ground that lies across 180°."""

    def turn(places: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack((np.mod(places[:, 0], _TURN), places[:, 1]))

    return np.asarray(shapely.transform(areas, turn), dtype=object)
