"""The plain twin of the search on foot: dictionaries, a heap, every segment and every obstacle.

Slow on purpose and short enough to be believed: the tests hold every fast path against it. It
shares no code with the fast ones but the checks of their arguments.
"""

from __future__ import annotations

import heapq
import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from pyproj import Geod

from geo_match._validate import as_lonlat, as_radius
from geo_match.spatial import Pairs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike

    from geo_match.walking.graph.graph import Graph
    from geo_match.walking.graph.opening import Opening

    Point = tuple[float, float]

_GEOD = Geod(ellps="WGS84")
_SAME_M, _UNSEEN_M = 1e-6, 0.05


class PlainSnap(NamedTuple):
    """Where one place meets the streets; `edge` is −1 for none, and `reason` then says why."""

    edge: int = -1
    segment: int = -1
    to_start_mm: int = -1
    to_end_mm: int = -1
    snap_mm: int = -1
    lon: float = math.nan
    lat: float = math.nan
    reason: str = ""


def _ceil_mm(lon1: float, lat1: float, lon2: float, lat2: float) -> int:
    return math.ceil(float(_GEOD.inv(lon1, lat1, lon2, lat2)[2]) * 1e3 - 1e-6)


def _plane(lat: float) -> tuple[float, float]:
    """Return the metres of a degree of longitude and latitude, by the geodesics of a small one."""
    step = 1e-3
    east = _GEOD.inv(0.0, lat, step, lat)[2] / step
    north = _GEOD.inv(0.0, lat - step / 2, 0.0, lat + step / 2)[2] / step
    return east, north


def _left_of(a: Point, b: Point, at: Point) -> float:
    (ax, ay), (bx, by), (x, y) = a, b, at
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax)


def _is_seen(lines: list[tuple[Point, Point]], x: float, y: float) -> bool:
    """Return whether no line is between a place and (x, y), metres from it."""
    length = math.hypot(x, y)
    if length <= 2 * _UNSEEN_M:
        return True
    cut = _UNSEEN_M / length
    p, q = (x * cut, y * cut), (x * (1 - cut), y * (1 - cut))
    return not any(
        (_left_of(p, q, a) > 0) != (_left_of(p, q, b) > 0)
        and _left_of(a, b, p) * _left_of(a, b, q) < 0
        for a, b in lines
    )


def plain_snap(graph: Graph, lon: float, lat: float, *, max_snap_m: float = 300.0) -> PlainSnap:
    """Lead a place to the nearest street that it sees, looking at every segment."""
    east, north = _plane(lat)

    def local(at_lon: float, at_lat: float) -> tuple[float, float]:
        return (at_lon - lon) * east, (at_lat - lat) * north

    lines = [(local(a, b), local(c, d)) for a, b, c, d in graph.obstacle.tolist()]

    near = []
    for edge in np.flatnonzero(graph.is_snapped).tolist():
        for one in range(int(graph.points[edge]), int(graph.points[edge + 1]) - 1):
            ax, ay = local(float(graph.point_lon[one]), float(graph.point_lat[one]))
            bx, by = local(float(graph.point_lon[one + 1]), float(graph.point_lat[one + 1]))
            length = math.hypot(bx - ax, by - ay)
            t = min(max(-(ax * (bx - ax) + ay * (by - ay)) / length**2, 0.0), 1.0)
            if t * length <= _SAME_M:
                t = 0.0
            if (1.0 - t) * length <= _SAME_M:
                t = 1.0
            x, y = ax + t * (bx - ax), ay + t * (by - ay)
            near.append((math.hypot(x, y), one, edge, t, x, y))
    near = [one for one in near if one[0] <= max_snap_m]
    seen = [one for one in near if _is_seen(lines, one[4], one[5])]
    if not seen:
        return PlainSnap(reason="blocked" if near else "too_far")
    least = min(one[0] for one in seen)
    _, segment, edge, t, _, _ = min(
        (one for one in seen if one[0] <= least + _SAME_M), key=lambda one: one[1]
    )
    ends = [
        (float(graph.point_lon[at]), float(graph.point_lat[at])) for at in (segment, segment + 1)
    ]
    spot = ends[0][0] + t * (ends[1][0] - ends[0][0]), ends[0][1] + t * (ends[1][1] - ends[0][1])
    spot = ends[int(t)] if t in {0.0, 1.0} else spot
    whole = int(graph.length_mm[edge])
    to_start = int(graph.point_mm[segment]) + _ceil_mm(*ends[0], *spot)
    to_end = whole - int(graph.point_mm[segment + 1]) + _ceil_mm(*spot, *ends[1])
    to_end = max(to_end, whole - to_start)
    return PlainSnap(edge, segment, to_start, to_end, _ceil_mm(lon, lat, *spot), *spot)


class PlainWalkingIndex:
    """A `SpatialIndex` by Dijkstra's algorithm from every query to the end of the graph.

    Parameters
    ----------
    graph, openings
        The streets, and vertices on them.
    lon, lat
        Degrees, WGS-84, shape (m,).
    max_snap_m
        As in `WalkingIndex`.
    """

    def __init__(
        self,
        graph: Graph,
        *,
        lon: ArrayLike,
        lat: ArrayLike,
        max_snap_m: float = 300.0,
        openings: Sequence[Opening] = (),
    ) -> None:
        self._graph, self._max_snap_m, self._openings = graph, max_snap_m, tuple(openings)
        self._places = self._read(lon, lat)

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self._places)

    def _read(self, lon: ArrayLike, lat: ArrayLike) -> list[tuple[float, float, PlainSnap]]:
        checked = (axis.tolist() for axis in as_lonlat(lon, lat))
        return [
            (x, y, plain_snap(self._graph, x, y, max_snap_m=self._max_snap_m))
            for x, y in zip(*checked, strict=True)
        ]

    def _ends(self, place: PlainSnap) -> list[tuple[int, int]]:
        """Return the vertices that a snap leads to along its edge, and how far they are."""
        graph = self._graph
        ends = [
            (int(graph.start[place.edge]), place.to_start_mm),
            (int(graph.end[place.edge]), place.to_end_mm),
        ]
        for opening in self._openings:
            if opening.edge == place.edge:
                at = graph.lon[opening.vertex], graph.lat[opening.vertex]
                along = 0
                if at != (place.lon, place.lat):
                    by_start = abs(opening.to_start_mm - place.to_start_mm)
                    along = max(by_start, abs(opening.to_end_mm - place.to_end_mm)) + 1
                ends.append((opening.vertex, along))
        return ends

    def _search(self, place: PlainSnap) -> dict[int, int]:
        """Return how far every vertex is from where a place meets the streets, mm."""
        graph = self._graph
        found: dict[int, int] = {}
        heap: list[tuple[int, int]] = []
        for vertex, mm in self._ends(place):
            heapq.heappush(heap, (mm, vertex))
        while heap:
            mm, vertex = heapq.heappop(heap)
            if vertex in found:
                continue
            found[vertex] = mm
            for other, length, _ in graph.half[
                graph.offsets[vertex] : graph.offsets[vertex + 1]
            ].tolist():
                if other not in found:
                    heapq.heappush(heap, (mm + length, other))
        return found

    def _mm(
        self,
        one: tuple[float, float, PlainSnap],
        other: tuple[float, float, PlainSnap],
        found: dict[int, int],
    ) -> int | None:
        """Return how far two snapped places are apart, mm; None if they are not connected."""
        a, b = one[2], other[2]
        if one[:2] == other[:2]:
            return 0
        ways = [found[vertex] + mm for vertex, mm in self._ends(b) if vertex in found]
        if a.edge == b.edge:
            if (a.lon, a.lat) == (b.lon, b.lat):
                ways.append(0)
            else:
                by_start = abs(a.to_start_mm - b.to_start_mm)
                ways.append(max(by_start, abs(a.to_end_mm - b.to_end_mm)) + 1)
        return a.snap_mm + b.snap_mm + min(ways) if ways else None

    def distances_mm(self, *, lon: ArrayLike, lat: ArrayLike) -> list[list[int | None]]:
        """Return how far every query is from every point, mm: n rows of m."""
        table = []
        for query in self._read(lon, lat):
            row: list[int | None] = [None] * len(self)
            if query[2].edge >= 0:
                found = self._search(query[2])
                row = [
                    self._mm(query, place, found) if place[2].edge >= 0 else None
                    for place in self._places
                ]
            table.append(row)
        return table

    def _listed(
        self, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike
    ) -> list[list[tuple[int, float]]]:
        table = self.distances_mm(lon=lon, lat=lat)
        radius = as_radius(radius_m, len(table)).tolist()
        return [
            [(at, mm / 1000) for at, mm in enumerate(row) if mm is not None and mm / 1000 <= most]
            for row, most in zip(table, radius, strict=True)
        ]

    def within(self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike) -> Pairs:
        """Return every pair at most the radius apart on foot."""
        return _pairs(self._listed(lon, lat, radius_m))

    def iter_within(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike, max_pairs: int = 1
    ) -> Iterator[Pairs]:
        """Yield all pairs in one block, however many."""
        del max_pairs
        yield self.within(lon=lon, lat=lat, radius_m=radius_m)

    def count_within(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike
    ) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Return the number of points within the radius of each query."""
        return np.diff(self.within(lon=lon, lat=lat, radius_m=radius_m).offsets)

    def sum_within(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike, weights: ArrayLike
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        """Return the sum of integer weights within the radius of each query."""
        table = np.asarray(weights, dtype=np.int64)
        listed = self._listed(lon, lat, radius_m)
        return np.array(
            [table[[at for at, _ in row]].sum(axis=0) for row in listed], dtype=np.int64
        ).reshape(len(listed), *table.shape[1:])

    def nearest(
        self, *, lon: ArrayLike, lat: ArrayLike, k: int = 1, max_distance_m: float | None = None
    ) -> Pairs:
        """Return the k nearest points of each query, by distance, then by position."""
        most = math.inf if max_distance_m is None else max_distance_m
        rows = [
            sorted(
                (mm / 1000, at) for at, mm in enumerate(row) if mm is not None and mm / 1000 <= most
            )[:k]
            for row in self.distances_mm(lon=lon, lat=lat)
        ]
        return _pairs([[(at, metres) for metres, at in row] for row in rows])

    def count_reaching(
        self, *, lon: ArrayLike, lat: ArrayLike, radius_m: ArrayLike
    ) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Return for each point how many of the queries reach it."""
        points = self.within(lon=lon, lat=lat, radius_m=radius_m).point
        return np.bincount(points, minlength=len(self)).astype(np.int64)


def _pairs(listed: list[list[tuple[int, float]]]) -> Pairs:
    return Pairs(
        np.cumsum([0, *map(len, listed)], dtype=np.int64),
        np.array([at for row in listed for at, _ in row], dtype=np.int64),
        np.array([metres for row in listed for _, metres in row], dtype=np.float64),
    )


__all__ = ["PlainSnap", "PlainWalkingIndex", "plain_snap"]
