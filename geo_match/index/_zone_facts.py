"""What is known of each community of a `ZoneIndex`: its area, its district and its point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo_match._validate import as_lonlat
from geo_match.errors import ArgumentError
from geo_match.index._zone_edge import distances

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray
    from shapely import MultiPolygon, Polygon

    from geo_match.index._zone import Zone


class ZoneFacts:
    """Communities by their codes; what has them keeps `_by_code`, whose zones never change."""

    _by_code: dict[str, Zone]

    def __len__(self) -> int:
        """Return the number of communities, those with a point only included."""
        return len(self._by_code)

    def __contains__(self, code: object) -> bool:
        """Return whether a community is known."""
        return code in self._by_code

    def area(self, code: str) -> Polygon | MultiPolygon | None:
        """Return a community's area, degrees, or None where only its point is known.

        Raises
        ------
        ArgumentError
            If the community is not there.
        """
        return self._known(code).area

    def district(self, code: str) -> str:
        """Return a community's district, empty where unknown.

        Raises
        ------
        ArgumentError
            If the community is not there.
        """
        return self._known(code).district

    def point_of(self, code: str) -> tuple[float, float]:
        """Return the point that stands for a community: longitude and latitude, degrees.

        It is the one given; else the centre of the smallest circle around the area, if the area
        holds that; else a point on its surface. Without a given one it lies in the area.

        Raises
        ------
        ArgumentError
            If the community is not there.
        """
        return self._known(code).point

    def reach_m(self, code: str) -> float:
        """Return the geodesic distance from `point_of` to the farthest place of the area, metres.

        It is how well the place of something is known of which only the community is known. Where
        the point is the centre of the smallest circle around the area, this is its radius.

        Raises
        ------
        ArgumentError
            If the community is not there, or has no area.
        """
        return self._drawn(code).reach_m

    def distance_m(self, code: str, *, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
        """Return the geodesic distance of points to a community's area, metres; 0 inside.

        The cost grows with the points times the length of the area's edge in hundreds of metres.

        Parameters
        ----------
        code
            Of a community with an area.
        lon, lat
            Degrees, WGS-84, a number or shape (n,).

        Returns
        -------
        numpy.ndarray
            float64, shape (n,); within 1 mm to 20 km, 5 mm to 50 km, and 0.2 m to 200 km, below
            75° of latitude. It is never less than the true distance by more than rounding.

        Raises
        ------
        ArgumentError
            If the community is not there, or has no area.
        CoordinateError
            If a value is not a place on earth.
        """
        zone = self._drawn(code)
        x, y = as_lonlat(lon, lat)
        away = np.zeros(len(x))
        outside = np.flatnonzero(np.logical_not(shapely.intersects_xy(zone.area, x, y)))
        if len(outside):
            away[outside] = distances(zone.edge, x[outside], y[outside])
        return away

    def _known(self, code: str) -> Zone:
        zone = self._by_code.get(code)
        if zone is None:
            raise ArgumentError("code", "be one of the index's", repr(code))
        return zone

    def _drawn(self, code: str) -> Zone:
        zone = self._known(code)
        if zone.area is None:
            raise ArgumentError(
                "code", "have an area", f"{code!r}, of which only a point is known", "Set its area."
            )
        return zone
