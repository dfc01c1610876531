"""One community as `ZoneIndex` keeps it, and all of them as one question sees them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from geo_match._validate import as_lonlat
from geo_match.errors import ArgumentError
from geo_match.geodesy import karney
from geo_match.index._zone_area import checked_areas
from geo_match.index._zone_edge import Edge, cut
from geo_match.index._zone_find import find_first
from geo_match.index.point_index import PointIndex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from shapely import MultiPolygon, Polygon


@dataclass(frozen=True, eq=False)
class Zone:
    """A community; immutable, so that a question may keep it while the index changes.

    Parameters
    ----------
    number
        Its key in the tree of boxes.
    code, district
        As given; an empty district is unknown.
    area
        Checked and prepared; None for a community of which only a point is known.
    given
        Its point as given, degrees, or None.
    """

    number: int
    code: str
    district: str
    area: Polygon | MultiPolygon | None
    given: tuple[float, float] | None

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the area, degrees."""
        west, south, east, north = shapely.bounds(self.area).tolist()
        return west, south, east, north

    @cached_property
    def point(self) -> tuple[float, float]:
        """Longitude and latitude that stand for the community."""
        if self.given is not None:
            return self.given
        # The circle is sought where a degree is as long both ways, near enough.
        squeeze = np.cos(np.radians((self.bounds[1] + self.bounds[3]) / 2.0))
        scaled = shapely.transform(self.area, lambda xy: xy * [squeeze, 1.0])
        middle = shapely.get_coordinates(shapely.centroid(shapely.minimum_bounding_circle(scaled)))[
            0
        ]
        lon, lat = float(middle[0] / squeeze), float(middle[1])
        if not shapely.intersects_xy(self.area, lon, lat):
            lon, lat = shapely.get_coordinates(shapely.point_on_surface(self.area))[0].tolist()
        return lon, lat

    @cached_property
    def reach_m(self) -> float:
        """Metres from the point to the farthest of the area; it is a vertex, as in the plane."""
        x, y = shapely.get_coordinates(self.area).T.copy()
        lon, lat = self.point
        return float(karney(np.full(len(x), lon), np.full(len(x), lat), x, y).max())

    @cached_property
    def edge(self) -> Edge:
        """The area's edge in pieces."""
        return cut(self.area)


class Zones:
    """All communities at one moment, in the order of their codes.

    Parameters
    ----------
    zones
        In any order.
    """

    def __init__(self, zones: list[Zone]) -> None:
        self.zones = sorted(zones, key=lambda zone: zone.code)
        self.by_code = {zone.code: zone for zone in self.zones}
        self._drawn = [at for at, zone in enumerate(self.zones) if zone.area is not None]

    @cached_property
    def _areas(self) -> tuple[NDArray[np.object_], NDArray[np.float64], NDArray[np.object_]]:
        """Areas, bounds and codes, with one empty code more at the end, where −1 finds it."""
        drawn = [self.zones[at] for at in self._drawn]
        areas = np.empty(len(drawn), dtype=object)
        areas[:] = [zone.area for zone in drawn]
        bounds = np.array([zone.bounds for zone in drawn]).reshape(-1, 4)
        return areas, bounds, np.array([*(zone.code for zone in drawn), ""], dtype=object)

    @cached_property
    def _points(self) -> dict[str, tuple[PointIndex, NDArray[np.object_]]]:
        """The points of each district's communities, and of all under "", with their codes."""
        members = {"": self.zones} if self.zones else {}
        for zone in self.zones:
            if zone.district:
                members.setdefault(zone.district, []).append(zone)
        points = {}
        for district, zones in members.items():
            lon, lat = np.array([zone.point for zone in zones]).T
            codes = np.array([zone.code for zone in zones], dtype=object)
            points[district] = PointIndex(lon=lon, lat=lat), codes
        return points

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """The box of all areas, or None without any."""
        bounds = self._areas[1]
        if not len(bounds):
            return None
        west, south = bounds[:, :2].min(axis=0).tolist()
        east, north = bounds[:, 2:].max(axis=0).tolist()
        return west, south, east, north

    def find(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.object_]:
        """Return the least code whose area covers each checked point, empty for none."""
        areas, bounds, codes = self._areas
        return np.asarray(codes[find_first(areas, bounds, lon, lat)], dtype=object)

    def positions(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the place among all communities of what `find` names, −1 for none."""
        areas, bounds, _ = self._areas
        return np.array([*self._drawn, -1], dtype=np.int64)[find_first(areas, bounds, lon, lat)]

    def nearest(
        self,
        lon: NDArray[np.float64],
        lat: NDArray[np.float64],
        district: str,
        max_distance_m: float | None,
    ) -> NDArray[np.object_]:
        """Return the code of the nearest community point of a district, the least code of equals.

        Empty where the district has none, or none near enough; an empty district is all of them.
        """
        codes = np.full(len(lon), "", dtype=object)
        known = self._points.get(district)
        if known is not None and len(lon):
            index, of = known
            pairs = index.nearest(lon=lon, lat=lat, k=1, max_distance_m=max_distance_m)
            codes[pairs.query] = of[pairs.point]
        return codes

    def overlaps(self, least_share: float) -> list[tuple[str, str, float]]:
        """Return the pairs of codes whose areas share ground, and its share of the smaller."""
        areas, _, codes = self._areas
        one, other = shapely.STRtree(areas).query(areas, predicate="intersects")
        one, other = one[one < other], other[one < other]
        size = shapely.area(areas)
        shared = shapely.area(shapely.intersection(areas[one], areas[other]))
        share = np.minimum(shared / np.minimum(size[one], size[other]), 1.0)
        kept = np.flatnonzero(share >= least_share)
        kept = kept[np.lexsort((other[kept], one[kept]))]
        return [(codes[one[k]], codes[other[k]], float(share[k])) for k in kept]


def as_code(code: object) -> str:
    """Return a community's code, any text but an empty one.

    Raises
    ------
    ArgumentError
        If it is none.
    """
    if not isinstance(code, str) or not code:
        raise ArgumentError("codes", "be texts, none of them empty", repr(code))
    return code


def make_zones(
    codes: list[str],
    areas: NDArray[np.object_],
    districts: Sequence[str | None],
    points: NDArray[np.float64],
    *,
    first: int,
) -> list[Zone]:
    """Return checked communities, numbered from `first`.

    Raises
    ------
    ArgumentError, AreaError, CoordinateError
        As `ZoneIndex` says.
    """
    given = np.asarray(np.logical_not(np.isnan(points)).any(axis=1), dtype=np.bool_)
    as_lonlat(points[given, 0], points[given, 1], lon_name="point lon", lat_name="point lat")
    drawn = np.array([area is not None for area in areas], dtype=np.bool_)
    for at in np.flatnonzero(~drawn & ~given).tolist():
        raise ArgumentError(
            "areas",
            "be polygons, or None where a point is given",
            f"neither for {codes[at]!r}",
            "Give its area, or the point that stands for it.",
        )
    shapes = areas.copy()
    shapes[drawn] = checked_areas(
        [code for code, has in zip(codes, drawn, strict=True) if has], areas[drawn]
    )
    return [
        Zone(
            first + at,
            code,
            districts[at] or "",
            shapes[at],
            (float(points[at, 0]), float(points[at, 1])) if given[at] else None,
        )
        for at, code in enumerate(codes)
    ]


def group(codes: NDArray[np.object_]) -> Iterator[tuple[Any, NDArray[np.int64]]]:
    """Yield each code with the positions where it stands."""
    names: dict[object, int] = {}
    number = np.fromiter(
        (names.setdefault(code, len(names)) for code in codes.tolist()), np.int64, len(codes)
    )
    order = np.argsort(number, kind="stable")
    cuts = np.cumsum(np.bincount(number, minlength=len(names)))[:-1]
    yield from zip(names, np.split(order, cuts), strict=True) if names else ()
