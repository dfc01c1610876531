"""What if there were a street: a graph with one more edge, on which all old edges keep their place.

Nobody's way grows: the old edges stay, and whoever was led to one of them still is. The new street
and the halves of the edges that it begins from are not snapped to, so that it steals nobody's snap.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo_match.errors import ArgumentError
from geo_match.geodesy import karney
from geo_match.walking._kernels_path import cross_any
from geo_match.walking._kernels_search import FARTHEST_MM
from geo_match.walking._legs import Spot, along_mm, spot_of
from geo_match.walking._place import as_place
from geo_match.walking._views import barred
from geo_match.walking.graph import Kind, Obstacle
from geo_match.walking.opening import Opening
from geo_match.walking.snap import DEFAULT_MAX_SNAP_M, rounded_up, snap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo_match.walking.graph import Graph

_MOST_M: Final = 1_000.0
"""The longest segment of a graph."""
_HALF_GLOBE: Final = 180.0
"""Degrees of longitude."""


class Opened(NamedTuple):
    """An opened network's parts.

    Parameters
    ----------
    graph
        With the new vertices and edges behind the old ones.
    names
        With the new street's.
    openings
        The old ones and the new ones: where new vertices lie on old edges.
    """

    graph: Graph
    names: tuple[str, ...]
    openings: tuple[Opening, ...]


class _Edge(NamedTuple):
    """A new edge, its places in the order of its direction."""

    start: int
    end: int
    place: NDArray[np.float64]
    """(c, 2), longitude and latitude."""
    mm: NDArray[np.int64]
    """(c,), how far along it each is."""
    kind: int
    name: int


def open_street(
    graph: Graph,
    names: Sequence[str],
    *,
    lon1: float,
    lat1: float,
    lon2: float,
    lat2: float,
    name: str = "",
    max_snap_m: float = DEFAULT_MAX_SNAP_M,
    openings: Sequence[Opening] = (),
) -> Opened:
    """Return the graph as it were with a street between two places, straight, walked both ways.

    Each place is led to the nearest street as any place is; the new street goes from there to the
    place, to the other place, and on to the street there. Where that crosses water it is a bridge.

    Parameters
    ----------
    names
        Of the graph's streets.
    lon1, lat1, lon2, lat2
        Degrees, WGS-84.
    name
        Of the new street; may be empty.
    max_snap_m
        How far a place may be from the streets, metres.
    openings
        Of the graph, where it was opened before.

    Raises
    ------
    CoordinateError
        If a place is none on earth.
    ArgumentError
        If an argument is not one number, a place cannot be led to a street, both are led to the
        same point of one, or they are on two sides of the meridian of 180 degrees, or farther
        apart than any walk is followed, 2,147 km.
    """
    places = [as_place(lon1, lat1, "1"), as_place(lon2, lat2, "2")]
    lon, lat = np.array(places).T.copy()
    snaps = snap(graph, lon, lat, max_snap_m=max_snap_m)
    for position, reason in enumerate(snaps.reasons):
        if reason:
            argument = f"lon{position + 1}, lat{position + 1}"
            raise ArgumentError(
                argument,
                f"be at most {max_snap_m:g} m from a street, with no water or railway between",
                f"{places[position]} ({reason})",
                "Begin the street nearer to one that is there.",
            )
    if abs(lon[0] - lon[1]) > _HALF_GLOBE:
        rule = "be on one side of the meridian of 180 degrees"
        raise ArgumentError("lon1, lon2", rule, f"{lon[0]:g} and {lon[1]:g}")
    growing = _Growing(graph, openings)
    spots = [spot_of(snaps, 0), spot_of(snaps, 1)]
    vertices = [growing.open(spot) for spot in spots]
    if vertices[0] == vertices[1]:
        remedy = "Give it two ends that are apart."
        raise ArgumentError("lon2, lat2", "be led to another point", repr(spots[1][-2:]), remedy)
    named = (*names, name) if name else tuple(names)
    line = np.array([spots[0][-2:], *places, spots[1][-2:]])
    if vertices[0] > vertices[1]:
        vertices, line = vertices[::-1], line[::-1]
    street = _street(graph, vertices, line, len(names) if name else -1)
    if street.mm[-1] > FARTHEST_MM:
        rule = f"be at most {FARTHEST_MM / 1e6:,.0f} km from the other end"
        remedy = "Are longitude and latitude in degrees, and of the right place?"
        raise ArgumentError("lon2, lat2", rule, f"{street.mm[-1] / 1e6:,.0f} km", remedy)
    growing.edges.append(street)
    return Opened(growing.finish(), named, tuple(growing.openings))


class _Growing:
    """New vertices and edges of a graph, until they are put behind the old ones."""

    def __init__(self, graph: Graph, openings: Sequence[Opening]) -> None:
        self.graph = graph
        self.openings = list(openings)
        self.edges: list[_Edge] = []
        self._vertices: list[tuple[float, float, int]] = []
        """Longitude, latitude, and a vertex of the same component."""

    def open(self, spot: Spot) -> int:
        """Return the vertex at a spot, a new one if there is none: the edge's halves lead to it."""
        graph, edge = self.graph, spot.edge
        if spot.to_start_mm == 0:
            return int(graph.start[edge])
        if spot.to_end_mm == 0:
            return int(graph.end[edge])
        others = [opening for opening in self.openings if opening.edge == edge]
        for other in others:
            if self._place(other.vertex) == spot[-2:]:
                return other.vertex
        vertex = len(graph.lon) + len(self._vertices)
        start, end = int(graph.start[edge]), int(graph.end[edge])
        self._vertices.append((*spot[-2:], start))
        to_start, to_end = spot.to_start_mm, spot.to_end_mm
        length = int(graph.length_mm[edge])
        self._part(spot, vertex, (start, 0, self._place(start)), to_start)
        self._part(spot, vertex, (end, length, self._place(end)), to_end)
        for other in others:
            mm = along_mm(to_start, to_end, other.to_start_mm, other.to_end_mm)
            self._part(
                spot, vertex, (other.vertex, other.to_start_mm, self._place(other.vertex)), mm
            )
        self.openings.append(Opening(edge, vertex, to_start, to_end))
        return vertex

    def _place(self, vertex: int) -> tuple[float, float]:
        """Return the longitude and latitude of an old or a new vertex."""
        graph = self.graph
        if vertex < len(graph.lon):
            return float(graph.lon[vertex]), float(graph.lat[vertex])
        lon, lat, _ = self._vertices[vertex - len(graph.lon)]
        return lon, lat

    def _part(
        self, spot: Spot, vertex: int, begin: tuple[int, int, tuple[float, float]], length_mm: int
    ) -> None:
        """Add a copy of an edge's part from a vertex on it to the new one, as an edge."""
        graph, edge = self.graph, spot.edge
        other, at_mm, place = begin
        points = slice(graph.points[edge], graph.points[edge + 1])
        mm = graph.point_mm[points].astype(np.int64)
        low, high = sorted((at_mm, spot.to_start_mm))
        between = np.flatnonzero((mm > low) & (mm < high))
        if at_mm > spot.to_start_mm:
            between = between[::-1]
        lon, lat = graph.point_lon[points][between], graph.point_lat[points][between]
        along = np.abs(mm[between] - at_mm)
        if len(along) and 0 < at_mm < mm[-1]:
            # From a vertex within a segment: its part of that, too, is rounded up.
            first = np.array([[*place, lon[0], lat[0]]]).T.copy()
            along += rounded_up(*first) - along[0]
        # The last segment, to the spot, has what is left of the way as the spot's lengths say it.
        self.edges.append(
            _Edge(
                other,
                vertex,
                np.vstack([[place], np.column_stack([lon, lat]), [spot[-2:]]]),
                np.concatenate([[0], along, [length_mm]]),
                int(graph.kind[edge]),
                int(graph.name[edge]),
            )
        )

    def finish(self) -> Graph:
        """Return the graph with what is new in it."""
        graph, new = self.graph, self.edges
        n, m = len(graph.lon), len(graph.start)
        start = np.append(graph.start, [edge.start for edge in new]).astype(np.int32)
        end = np.append(graph.end, [edge.end for edge in new]).astype(np.int32)
        length = np.append(graph.length_mm, [edge.mm[-1] for edge in new]).astype(np.int32)
        number = np.arange(m, m + len(new))
        half = np.vstack(
            [
                graph.half,
                np.column_stack([end[m:], length[m:], number]),
                np.column_stack([start[m:], length[m:], number]),
            ]
        ).astype(np.int32)
        # What is at a vertex stays there in its order, and the new is behind it.
        owner = np.concatenate(
            [np.repeat(np.arange(n), np.diff(graph.offsets)), start[m:], end[m:]]
        )
        order = np.argsort(owner, kind="stable")
        degree = np.bincount(owner, minlength=n + len(self._vertices))
        like = np.array([like for _, _, like in self._vertices], dtype=np.int64)
        places = np.vstack([edge.place for edge in new])
        n_places = [len(edge.place) for edge in new]
        return graph._replace(
            lon=np.append(graph.lon, [lon for lon, _, _ in self._vertices]),
            lat=np.append(graph.lat, [lat for _, lat, _ in self._vertices]),
            component=_joined(
                np.append(graph.component, graph.component[like]), start, end, length
            ),
            start=start,
            end=end,
            length_mm=length,
            kind=np.append(graph.kind, [edge.kind for edge in new]).astype(np.uint8),
            name=np.append(graph.name, [edge.name for edge in new]).astype(np.int32),
            is_snapped=np.append(graph.is_snapped, np.zeros(len(new), dtype=np.bool_)),
            points=np.append(graph.points, graph.points[-1] + np.cumsum(n_places)),
            point_lon=np.append(graph.point_lon, places[:, 0]),
            point_lat=np.append(graph.point_lat, places[:, 1]),
            point_mm=np.concatenate([graph.point_mm, *(edge.mm for edge in new)]).astype(np.int32),
            offsets=np.concatenate([[0], np.cumsum(degree)]).astype(np.int64),
            half=np.ascontiguousarray(half[order]),
        )


def _street(graph: Graph, vertices: Sequence[int], line: NDArray[np.float64], name: int) -> _Edge:
    """Return the new street's edge along a line, cut where its segments are too long."""
    line = line[np.append(True, (line[1:] != line[:-1]).any(axis=1))]
    length_m = karney(*line[:-1].T.copy(), *line[1:].T.copy())
    parts = [
        np.linspace(a, b, math.ceil(metres / _MOST_M) + 1)[:-1]
        for a, b, metres in zip(line[:-1], line[1:], length_m, strict=True)
    ]
    line = np.vstack([*parts, line[-1:]])
    lon1, lat1, lon2, lat2 = np.hstack([line[:-1], line[1:]]).T.copy()
    mm = rounded_up(lon1, lat1, lon2, lat2)
    over = cross_any(*barred(graph), int(Obstacle.WATER), lon1, lat1, lon2, lat2).any()
    kind = int(Kind.BRIDGE | Kind.OVER_WATER) if over else 0
    along = np.concatenate([[0], np.cumsum(np.maximum(mm, 1))])
    return _Edge(vertices[0], vertices[1], line, along, kind, name)


def _joined(
    component: NDArray[np.int32],
    start: NDArray[np.int32],
    end: NDArray[np.int32],
    length: NDArray[np.int32],
) -> NDArray[np.int32]:
    """Return the components' numbers anew, the longest first: the last edge may join two."""
    joined = np.where(component == component[end[-1]], component[start[-1]], component)
    # The number that is nobody's any more has no length, and so comes last.
    total = np.bincount(joined[start], weights=length.astype(np.float64))
    rank = np.empty(len(total), dtype=np.int32)
    rank[np.argsort(-total, kind="stable")] = np.arange(len(total), dtype=np.int32)
    return rank[joined]


__all__ = ["Opened", "open_street"]
