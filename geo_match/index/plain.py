"""The plain twins of `PointIndex` and `AreaOrigins`: no pruning, no kernels.

Slow on purpose and short enough to be believed: the tests hold every fast path against them. They
share no code with the fast ones but the checks of their arguments.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Geod

from geo_match._validate import as_lonlat, as_radius
from geo_match.spatial import Pairs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray


class PlainIndex:
    """A `SpatialIndex` by brute force: n·m geodesics a call.

    Parameters
    ----------
    lon, lat
        Degrees, WGS-84, shape (m,).
    """

    def __init__(self, *, lon: ArrayLike, lat: ArrayLike) -> None:
        self._lon, self._lat = as_lonlat(lon, lat)
        self._geod = Geod(ellps="WGS84")

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self._lon)

    def distances(self, *, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
        """Return the geodesic distance of every query to every point, metres, shape (n, m)."""
        query_lon, query_lat = as_lonlat(lon, lat)
        table = np.empty((len(query_lon), len(self)))
        if table.size:
            for row, (x, y) in enumerate(zip(query_lon, query_lat, strict=True)):
                table[row] = self._geod.inv(
                    np.full(len(self), x), np.full(len(self), y), self._lon, self._lat
                )[2]
        return table

    def _inside(
        self, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike
    ) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        table = self.distances(lon=lon, lat=lat)
        return table <= as_radius(radius_m, len(table))[:, None], table

    def within(self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike) -> Pairs:
        """Return every pair at most the radius apart."""
        inside, table = self._inside(lon, lat, radius_m)
        offsets = np.concatenate(([0], np.cumsum(inside.sum(axis=1)))).astype(np.int64)
        return Pairs(offsets, np.nonzero(inside)[1].astype(np.int64), table[inside])

    def iter_within(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike, max_pairs: int = 1_000_000
    ) -> Iterator[Pairs]:
        """Yield the pairs of `within`, one query at a time whatever `max_pairs` allows."""
        del max_pairs
        query_lon, query_lat = as_lonlat(lon, lat)
        radius = as_radius(radius_m, len(query_lon))
        for row, (x, y, r) in enumerate(zip(query_lon, query_lat, radius, strict=True)):
            one = self.within(lon=x, lat=y, radius_m=r)
            yield Pairs(one.offsets, one.point, one.distance_m, first_query=row)

    def count_within(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike
    ) -> NDArray[np.int64]:
        """Return the number of points within the radius of each query."""
        return np.asarray(self._inside(lon, lat, radius_m)[0].sum(axis=1, dtype=np.int64))

    def sum_within(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike, weights: ArrayLike
    ) -> NDArray[np.int64] | NDArray[np.float64]:
        """Return the sum of the weights within the radius, row by row."""
        values = np.asarray(weights)
        rows = [values[row].sum(axis=0) for row in self._inside(lon, lat, radius_m)[0]]
        kind = np.float64 if values.dtype.kind == "f" else np.int64
        return np.asarray(rows, dtype=kind).reshape((len(rows), *values.shape[1:]))

    def nearest(
        self, *, lon: ArrayLike, lat: ArrayLike, k: int = 1, max_distance_m: float | None = None
    ) -> Pairs:
        """Return the k nearest points by distance, then position."""
        table = self.distances(lon=lon, lat=lat)
        order = np.argsort(table, axis=1, kind="stable")[:, :k]
        distance = np.take_along_axis(table, order, axis=1)
        kept = distance <= (np.inf if max_distance_m is None else max_distance_m)
        offsets = np.concatenate(([0], np.cumsum(kept.sum(axis=1)))).astype(np.int64)
        return Pairs(offsets, order[kept].astype(np.int64), distance[kept])

    def count_reaching(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike
    ) -> NDArray[np.int64]:
        """Return for each indexed point how many of the queries reach it."""
        return np.asarray(self._inside(lon, lat, radius_m)[0].sum(axis=0, dtype=np.int64))


class PlainAreas:
    """An `AreaOrigins` by brute force: a map of each area around each point.

    A map that keeps distances from its centre (azimuthal-equidistant, on the ellipsoid) is drawn
    around the point; the plane's distance from the centre to the area is then the geodesic one.
    The area's edges, straight in degrees, are cut first, for they are curves on that map.

    Parameters
    ----------
    areas
        Valid polygons and multipolygons, degrees, k of them.
    step_m
        The edges' parts have at most this length, metres: a part leaves its curve by about
        step²·tan(latitude)/8R, less than 0.1 µm for 1 m in town.
    """

    def __init__(
        self, areas: Sequence[shapely.Polygon | shapely.MultiPolygon], *, step_m: float = 1.0
    ) -> None:
        self._areas = list(areas)
        self._cut = [shapely.segmentize(area, step_m / 111_700.0) for area in areas]

    def distances(self, *, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
        """Return the distance of every area to every point, metres, shape (k, m)."""
        point_lon, point_lat = as_lonlat(lon, lat)
        table = np.zeros((len(self._areas), len(point_lon)))
        for column, (x, y) in enumerate(zip(point_lon, point_lat, strict=True)):
            for row, area in enumerate(self._areas):
                if not shapely.intersects_xy(area, x, y):
                    table[row, column] = shapely.distance(
                        _map_around(x, y, shapely.boundary(self._cut[row])), shapely.Point(0, 0)
                    )
        return table

    def within(self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike) -> Pairs:
        """Return every pair of area and point at most the radius apart, a query an area."""
        table = self.distances(lon=lon, lat=lat)
        inside = table <= as_radius(radius_m, len(table))[:, None]
        offsets = np.concatenate(([0], np.cumsum(inside.sum(axis=1)))).astype(np.int64)
        return Pairs(offsets, np.nonzero(inside)[1].astype(np.int64), table[inside])


def _map_around(lon: float, lat: float, lines: shapely.Geometry) -> shapely.Geometry:
    """Return lines in degrees as they lie on the map around a place, metres from it."""

    def project(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        # PROJ's own "aeqd" puts all that is within 0.6 mm of its centre onto it.
        from_lon, from_lat = np.full(len(xy), lon), np.full(len(xy), lat)
        azimuth, _, away = Geod(ellps="WGS84").inv(from_lon, from_lat, xy[:, 0], xy[:, 1])
        return np.column_stack(
            (away * np.sin(np.radians(azimuth)), away * np.cos(np.radians(azimuth)))
        )

    return shapely.transform(lines, project)
