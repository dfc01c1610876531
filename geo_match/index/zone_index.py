"""The community of a point: `ZoneIndex`, whose areas may change while it is asked.

Two ways lead to the same answer. For a few points a tree of bounding boxes (rtree, which takes
single changes) gives the candidates. For many, one pass over the areas in the order of their codes
looks at the points in their boxes. Either way the area itself decides, by GEOS's exact orientation
test, so that a point is on a border, inside or outside, never "about" there.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
import shapely
from rtree.index import Index

from geo_match._validate import as_lonlat, as_max_distance, as_numbers
from geo_match.errors import ArgumentError
from geo_match.index._zone import Zone, Zones, as_code, group, make_zones
from geo_match.index._zone_area import as_geometries
from geo_match.index._zone_facts import ZoneFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike, NDArray

_FEW = 512
"""Up to so many points the tree is quicker than the pass over all areas."""


class ZoneIndex(ZoneFacts):
    """Areas of communities, answering which one holds a point.

    **The rule of the border.** An area holds its border. Where several areas cover a point, on a
    shared border or where they overlap, the point belongs to the one with the least code (as text
    compares). So a point belongs to exactly one, whatever order the areas came in.

    **Changes.** `set` and `remove` may be called while other threads ask. A question sees the
    areas as they were before a change or after it, never between: a few points read the tree of
    boxes under a lock, which a change takes too; many points work on a copy of the list of areas
    (the areas themselves never change), made under the lock once a change. So a change never
    waits for a long question.

    Parameters
    ----------
    codes
        Texts that differ, k of them; none may be empty.
    areas
        Valid polygons or multipolygons, degrees WGS-84, longitude first, k of them; copied.
        None for a community of which only a point is known.
    districts
        The district of each; None or empty where unknown.
    points
        The point that stands for each, degrees WGS-84, (k, 2), longitude first; a row of NaN, or
        leaving `points` out, takes one from the area. Needed where there is no area.

    Raises
    ------
    ArgumentError
        If the lengths differ, a code is empty or repeated, or neither area nor point is given.
    AreaError
        If areas are invalid, empty, no polygons, not finite, out of range, or of more than
        200,000 vertices: it names their codes.
    CoordinateError
        If a point is not a place on earth.

    Notes
    -----
    Borders are straight lines in degrees, as maps in degrees draw them. An area must not cross the
    antimeridian, and −180 and 180 are two places here. Where neighbours do not share their
    vertices, slivers between them belong to none.

    Examples
    --------
    >>> from shapely import box
    >>> import geo_match as gm
    >>> zones = gm.ZoneIndex(["b", "a"], [box(117, 32, 118, 33), box(118, 32, 119, 33)])
    >>> zones.find(lon=[117.5, 118.0, 120.0], lat=[32.5, 32.5, 32.5])
    array(['b', 'a', ''], dtype=object)
    """

    def __init__(
        self,
        codes: Iterable[str],
        areas: Iterable[object],
        *,
        districts: Iterable[str | None] | None = None,
        points: ArrayLike | None = None,
    ) -> None:
        names = [as_code(code) for code in codes]
        shapes = as_geometries(areas)
        of = [None] * len(names) if districts is None else list(districts)
        places = np.full((len(names), 2), np.nan)
        if points is not None:
            places = as_numbers(points, "points").reshape(-1, 2)
        for argument, n in (
            ("areas", len(shapes)),
            ("districts", len(of)),
            ("points", len(places)),
        ):
            if n != len(names):
                raise ArgumentError(argument, f"have one a code ({len(names):,})", f"{n:,}")
        if len(set(names)) < len(names):
            repeated = sorted({code for code in names if names.count(code) > 1})
            raise ArgumentError(
                "codes",
                "differ",
                f"{len(repeated):,} that are repeated, such as {repeated[0]!r}",
                "Join the areas of one community into one multipolygon.",
            )
        zones = make_zones(names, shapes, of, places, first=0)
        self._lock = Lock()
        self._next = len(zones)
        self._by_code = {zone.code: zone for zone in zones}
        self._by_number = {zone.number: zone for zone in zones}
        boxes = [(zone.number, zone.bounds, None) for zone in zones if zone.area is not None]
        self._tree = Index(iter(boxes)) if boxes else Index()
        self._seen: Zones | None = None

    def __repr__(self) -> str:
        """Name the index by its size."""
        return f"ZoneIndex({len(self):,} communities)"

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of all communities, in order."""
        return tuple(self._now().by_code)

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east and north of all areas, degrees; None without any."""
        return self._now().bounds

    def set(
        self,
        code: str,
        area: object,
        district: str | None = None,
        *,
        point: tuple[float, float] | None = None,
    ) -> None:
        """Add a community, or replace all that is known of it.

        Parameters
        ----------
        code, area, district, point
            As in the class, for one community; `point` is longitude and latitude, degrees.

        Raises
        ------
        ArgumentError, AreaError, CoordinateError
            As in the class; the index is then as it was before.
        """
        name = as_code(code)
        places = np.full((1, 2), np.nan)
        if point is not None:
            places = as_numbers(point, "point").reshape(-1, 2)
        shapes = as_geometries([area])
        zone = make_zones([name], shapes, [district], places, first=-1)[0]
        with self._lock:
            self._take_out(self._by_code.get(name))
            zone = Zone(self._next, zone.code, zone.district, zone.area, zone.given)
            self._next += 1
            self._by_code[name] = self._by_number[zone.number] = zone
            if zone.area is not None:
                self._tree.insert(zone.number, zone.bounds)
            self._seen = None

    def remove(self, code: str) -> None:
        """Take a community out.

        Raises
        ------
        ArgumentError
            If it is not there.
        """
        with self._lock:
            self._take_out(self._known(code))
            del self._by_code[code]
            self._seen = None

    def find(self, *, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.object_]:
        """Return the code of the community whose area holds each point.

        Parameters
        ----------
        lon, lat
            Degrees, WGS-84, a number or shape (n,).

        Returns
        -------
        numpy.ndarray
            Objects of str, shape (n,); empty where no area holds the point. On a border that
            several share, and where areas overlap, the least code.

        Raises
        ------
        ArgumentError, CoordinateError
            If an argument breaks its rule; points without a place must be left out.
        """
        x, y = as_lonlat(lon, lat)
        if len(x) > _FEW:
            return self._now().find(x, y)
        places = list(zip(x.tolist(), y.tolist(), strict=True))
        with self._lock:
            near = [
                [self._by_number[number] for number in self._tree.intersection((x, y, x, y))]
                for x, y in places
            ]
        found = np.full(len(places), "", dtype=object)
        for position, (zones, (at_x, at_y)) in enumerate(zip(near, places, strict=True)):
            covering = (z.code for z in zones if shapely.intersects_xy(z.area, at_x, at_y))
            found[position] = min(covering, default="")
        return found

    def positions(self, *, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int64]:
        """Return what `find` finds as places in `codes`, which takes many points less time.

        Parameters
        ----------
        lon, lat
            Degrees, WGS-84, a number or shape (n,).

        Returns
        -------
        numpy.ndarray
            int64, shape (n,); −1 where no area holds the point. A later change of the index moves
            the places.

        Raises
        ------
        ArgumentError, CoordinateError
            If an argument breaks its rule; points without a place must be left out.
        """
        return self._now().positions(*as_lonlat(lon, lat))

    def find_or_nearest(
        self,
        *,
        lon: ArrayLike,
        lat: ArrayLike,
        district: str | Sequence[str | None] | NDArray[np.object_] | None = None,
        max_distance_m: float | None = None,
    ) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
        """Return the community that holds each point, else the nearest one in its district, marked.

        Nearest is the community whose point (`point_of`) has the least geodesic distance; of
        equals the least code.

        Parameters
        ----------
        lon, lat
            Degrees, WGS-84, a number or shape (n,).
        district
            The district of all points or of each, as given for the communities; where it is None
            or empty, communities of all districts count.
        max_distance_m
            Metres, inclusive: a community point farther away is not taken. None sets no bound.

        Returns
        -------
        codes
            Objects of str, shape (n,); empty where no area holds the point and its district has
            no community, or none near enough.
        fallback
            Which codes come from the nearest point and not from an area, bool, shape (n,).

        Raises
        ------
        ArgumentError, CoordinateError, RadiusError
            If an argument breaks its rule.
        """
        x, y = as_lonlat(lon, lat)
        as_max_distance(max_distance_m)
        if district is None or isinstance(district, str):
            districts = np.full(len(x), district or "", dtype=object)
        else:
            districts = np.array([one or "" for one in district], dtype=object)
        if len(districts) != len(x):
            raise ArgumentError(
                "district", f"be one text or one a point ({len(x)})", str(len(districts))
            )
        zones = self._now()
        codes = zones.find(x, y)
        outside = np.flatnonzero(codes == "")
        for name, members in group(districts[outside]):
            here = outside[members]
            codes[here] = zones.nearest(x[here], y[here], name, max_distance_m)
        fallback = np.zeros(len(x), dtype=np.bool_)
        fallback[outside] = codes[outside] != ""
        return codes, fallback

    def holds(
        self, codes: Sequence[str] | NDArray[np.object_], *, lon: ArrayLike, lat: ArrayLike
    ) -> NDArray[np.bool_]:
        """Return whether each point lies in the area of its code, border included.

        Parameters
        ----------
        codes
            One a point, shape (n,).
        lon, lat
            Degrees, WGS-84, shape (n,).

        Returns
        -------
        numpy.ndarray
            bool, shape (n,); false where the code is unknown or has no area.

        Raises
        ------
        ArgumentError, CoordinateError
            If an argument breaks its rule.
        """
        x, y = as_lonlat(lon, lat)
        names = np.asarray(codes, dtype=object)
        if names.shape != x.shape:
            raise ArgumentError("codes", f"have one a point ({len(x)})", f"shape {names.shape}")
        by_code = self._now().by_code
        held = np.zeros(len(x), dtype=np.bool_)
        for code, here in group(names):
            zone = by_code.get(code)
            if zone is not None and zone.area is not None:
                held[here] = shapely.intersects_xy(zone.area, x[here], y[here])
        return held

    def overlaps(self, *, least_share: float = 1e-6) -> list[tuple[str, str, float]]:
        """Return the pairs of communities whose areas share ground.

        Parameters
        ----------
        least_share
            Pairs that share less are left out: rounding makes slivers along every border.

        Returns
        -------
        list
            (code, code, share) in the order of the codes, the lesser code first; the share is of
            the smaller area, both measured in square degrees: 1 where one lies in the other.

        Raises
        ------
        ArgumentError
            If the share is not above 0 and at most 1.
        """
        if not 0.0 < least_share <= 1.0:
            raise ArgumentError("least_share", "be above 0 and at most 1", repr(least_share))
        return self._now().overlaps(least_share)

    def _now(self) -> Zones:
        """Return the communities as they are now; one object until the next change."""
        with self._lock:
            if self._seen is None:
                self._seen = Zones(list(self._by_code.values()))
            return self._seen

    def _take_out(self, zone: Zone | None) -> None:
        """Take a community that is about to be replaced or removed out of the tree."""
        if zone is None:
            return
        del self._by_number[zone.number]
        if zone.area is not None:
            self._tree.delete(zone.number, zone.bounds)
