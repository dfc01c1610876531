"""Which points lie within a radius of areas: `AreaOrigins`.

How it works, in four lines. The points of the right latitudes are held against a ball around each
area; GEOS decides which of those are in the area, border included, and so at distance 0. The
border of each area is kept as short chords through the earth, in groups with a ball each; for a
point outside, the nearest chord of the nearest groups is its distance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from geo_match._validate import as_count, as_lonlat, as_radius, describe_bad
from geo_match.errors import ArgumentError
from geo_match.geodesy import LEAST_CURVATURE_RADIUS_M, lonlat_to_ecef
from geo_match.index import _reach as reach
from geo_match.index._borders import cut_borders
from geo_match.index._zone_area import as_geometries, checked_areas
from geo_match.index.counts import slices, starts
from geo_match.spatial import Pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import ArrayLike, NDArray

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

_MAX_PAIRS = 2_000_000
_AREAS_AT_ONCE = 8_192
_HALF_TURN, _POLE = 180.0, 90.0
_LATITUDE_SLACK_DEG = 1e-9


class _Asked(NamedTuple):
    """A checked question: the points, and which areas ask, with their radii, metres, each (n,)."""

    places: reach.Places
    area: Integers
    radius_m: Floats


class AreaOrigins:
    """Areas that ask which points lie within a radius of them; immutable.

    The distance of an area and a point is 0 where the area holds the point, border included, and
    else the geodesic distance on WGS-84 to the nearest place of the border. Any number of threads
    may ask at once.

    Parameters
    ----------
    areas
        Valid polygons or multipolygons, degrees WGS-84, longitude first, k of them; copied. An
        area is known by its position.

    Raises
    ------
    AreaError
        If areas are missing, invalid, empty, no polygons, not finite, out of range, of more than
        200,000 vertices, or of more than about 140,000 km of border: it names their positions.

    Notes
    -----
    **The error** of a distance is at most 0.12 mm to 10 km, and 0.1 mm plus 1e-6 of the distance
    to 200 km, at any latitude. 0.1 mm is how far a chord leaves the border (`_borders.py`, with
    its proof); the rest is how a chord through the earth is turned into a distance
    (`geodesy.chord_to_distance`, measured). That a point is in the area or on its border is
    exact.

    **The rim.** A pair is one if its `distance_m`, as it stands in the answer, is at most the
    radius. So the border's error decides only where the true distance is that near the radius,
    and it decides alike in every call, whatever other points, areas or radii are asked with it.

    **The map.** Edges are straight lines in degrees, as GeoJSON draws them. An area must not
    cross the antimeridian: cut it there into two parts of a multipolygon. The parts' edges along
    the cut are in the area, and take nothing from a distance. The earth itself is round here:
    −180 and 180 are one place, and so is a pole at any longitude.

    Examples
    --------
    >>> from shapely import box
    >>> from geo_match.index import AreaOrigins
    >>> origins = AreaOrigins([box(117.36, 32.92, 117.38, 32.94), box(117.5, 32.9, 117.6, 33.0)])
    >>> pairs = origins.within(lon=[117.37, 117.39, 117.44], lat=[32.93] * 3, radius_m=3000)
    >>> pairs.query, pairs.point, pairs.distance_m.round(1)
    (array([0, 0]), array([0, 1]), array([  0. , 935.3]))
    """

    def __init__(self, areas: Iterable[object]) -> None:
        given = as_geometries(areas)
        self._areas = checked_areas([f"position {at}" for at in range(len(given))], given)
        self._borders, self._balls = cut_borders(self._areas)
        self._boxes = shapely.bounds(self._areas).reshape(-1, 4)

    def __len__(self) -> int:
        """Return the number of areas."""
        return len(self._areas)

    def __repr__(self) -> str:
        """Name the origins by their number."""
        return f"AreaOrigins({len(self):,} areas)"

    def within(
        self,
        *,
        lon: ArrayLike,
        lat: ArrayLike,
        radius_m: ArrayLike,
        origin: ArrayLike | None = None,
    ) -> Pairs:
        """Return every pair of area and point at most the radius apart.

        Parameters
        ----------
        lon, lat
            Of the points, degrees, WGS-84, a number or shape (m,).
        radius_m
            Metres, inclusive, a number or one for each query; 0 to 200 km.
        origin
            Positions of the areas that ask, integers, shape (n,), in any order and as often as
            wanted: one query each. None lets every area ask once, in order.

        Returns
        -------
        Pairs
            A query is an area; its points stand in ascending order of their positions in `lon`.
            All pairs are in memory at once (16 bytes a pair): `iter_within` streams them.

        Raises
        ------
        ArgumentError, CoordinateError, RadiusError
            If an argument breaks its rule.
        """
        blocks = list(self.iter_within(lon=lon, lat=lat, radius_m=radius_m, origin=origin))
        if len(blocks) == 1:
            return blocks[0]
        counts = [np.empty(0, dtype=np.int64), *(np.diff(block.offsets) for block in blocks)]
        return Pairs(
            starts(np.concatenate(counts)),
            np.concatenate([np.empty(0, dtype=np.int64), *(block.point for block in blocks)]),
            np.concatenate([np.empty(0), *(block.distance_m for block in blocks)]),
        )

    def iter_within(
        self,
        *,
        lon: ArrayLike,
        lat: ArrayLike,
        radius_m: ArrayLike,
        origin: ArrayLike | None = None,
        max_pairs: int = _MAX_PAIRS,
    ) -> Iterator[Pairs]:
        """Yield the pairs of `within` in blocks of whole queries, in the order of the queries.

        Parameters
        ----------
        lon, lat, radius_m, origin
            As in `within`; checked, and copied, before the first block is asked for.
        max_pairs
            A block holds at most so many pairs, unless one query alone has more; most hold fewer,
            for the candidates are counted.

        Yields
        ------
        Pairs
            With `first_query` set; the blocks together have every query once.

        Raises
        ------
        ArgumentError, CoordinateError, RadiusError
            If an argument breaks its rule.
        """
        checked_lon, checked_lat = as_lonlat(lon, lat)
        area = self._as_origin(origin)
        radius = as_radius(radius_m, len(area)).copy()
        most = as_count(max_pairs, "max_pairs", least=1)
        return self._blocks(_Asked(_places(checked_lon, checked_lat), area, radius), most)

    def _as_origin(self, origin: ArrayLike | None) -> Integers:
        """Return checked positions of areas, a copy."""
        if origin is None:
            return np.arange(len(self))
        area = np.asarray(origin)
        if area.ndim != 1 or (area.size and area.dtype.kind not in "iu"):
            raise ArgumentError(
                "origin",
                "be positions of areas, integers of one dimension",
                f"an array of dtype {area.dtype} and shape {area.shape}",
            )
        wrong = (area < 0) | (area >= len(self))
        if wrong.any():
            raise ArgumentError(
                "origin",
                f"be positions of areas, from 0 to below {len(self):,}",
                describe_bad(area, wrong),
            )
        return area.astype(np.int64)

    def _blocks(self, asked: _Asked, max_pairs: int) -> Iterator[Pairs]:
        for first in range(0, len(asked.area), _AREAS_AT_ONCE):
            some = slice(first, first + _AREAS_AT_ONCE)
            count = self._find(asked, some, np.empty(0, dtype=np.int64))
            for cut in slices(count, max_pairs):
                part = slice(first + cut.start, first + cut.stop)
                offsets = starts(count[cut])
                near = np.empty(offsets[-1], dtype=np.int64)
                if len(near):
                    self._find(asked, part, near)
                yield self._measure(asked, part, offsets, near)

    def _find(self, asked: _Asked, part: slice, near: Integers) -> Integers:
        """Return how many points may be within each radius, and write them where there is room."""
        places, area, radius = asked.places, asked.area[part], asked.radius_m[part]
        boxes = self._boxes[area]
        # Along a geodesic the latitude changes by at most ds/M, with M the meridian's radius of
        # curvature, nowhere below b²/a; and the border's latitudes are those of the box.
        off = np.degrees(radius / LEAST_CURVATURE_RADIUS_M) + _LATITUDE_SLACK_DEG
        window = np.stack(
            (
                np.searchsorted(places.lat, boxes[:, 1] - off, side="left"),
                np.searchsorted(places.lat, boxes[:, 3] + off, side="right"),
            ),
            axis=1,
        )
        count = np.empty(len(area), dtype=np.int64)
        reach.find_near(places, self._balls.take(area), boxes, window, radius, count, near)
        return count

    def _measure(self, asked: _Asked, part: slice, offsets: Integers, near: Integers) -> Pairs:
        """Return the pairs of some queries among their candidates, which it puts in order."""
        places, area = asked.places, asked.area[part]
        for start, stop in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True):
            near[start:stop].sort()
        slot = places.slot[near]
        inside = self._held(area, offsets, places.lon[slot], places.lat[slot])
        distance = np.empty(len(near))
        reach.measure(
            *(self._borders, places, area, offsets, slot),
            *(asked.radius_m[part], inside, distance),
        )
        kept = distance < np.inf
        return Pairs(starts(kept)[offsets], near[kept], distance[kept], first_query=part.start)

    def _held(
        self, area: Integers, offsets: Integers, lon: Floats, lat: Floats
    ) -> NDArray[np.bool_]:
        """Return which candidates their area holds, border included."""
        west, south, east, north = np.repeat(self._boxes[area], np.diff(offsets), axis=0).T
        # What is one place on earth is several on the map: each of them may be in the area.
        seam = np.abs(lon) == _HALF_TURN
        ask = (((lon >= west) & (lon <= east)) | seam) & (lat >= south) & (lat <= north)
        held = np.zeros(len(lon), dtype=np.bool_)
        chosen = np.flatnonzero(ask)
        cuts = np.searchsorted(chosen, offsets)
        for query in np.flatnonzero(np.diff(cuts)).tolist():
            here = chosen[cuts[query] : cuts[query + 1]]
            shape, x, y = self._areas[area[query]], lon[here], lat[here]
            held[here] = shapely.intersects_xy(shape, x, y)
            if seam[here].any():
                held[here] |= seam[here] & shapely.intersects_xy(shape, -x, y)
        held |= (lat == _POLE) & (north == _POLE)
        held |= (lat == -_POLE) & (south == -_POLE)
        return held


def _places(lon: Floats, lat: Floats) -> reach.Places:
    order = np.argsort(lat, kind="stable")
    slot = np.empty_like(order)
    slot[order] = np.arange(len(order))
    lon, lat = lon[order], lat[order]
    return reach.Places(*lonlat_to_ecef(lon, lat), lon, lat, order, slot)
