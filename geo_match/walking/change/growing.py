"""A graph that grows: new vertices on old edges, and new edges behind the old ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match.walking.graph.graph import Kind
from geo_match.walking.graph.opening import Opening
from geo_match.walking.search.legs import along_mm
from geo_match.walking.snapping.snap import rounded_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo_match.walking.graph.graph import Graph
    from geo_match.walking.search.legs import Spot


class Edge(NamedTuple):
    """A new edge, its places in the order of its direction."""

    start: int
    end: int
    place: NDArray[np.float64]
    """(c, 2), longitude and latitude."""
    mm: NDArray[np.int64]
    """(c,), how far along it each is."""
    kind: int
    name: int


class Growing:
    """New vertices and edges of a graph, until they are put behind the old ones.

    Parameters
    ----------
    graph
        The streets that are there.
    openings
        Of the graph, where it was opened before; `self.openings` has the new ones, too.
    """

    def __init__(self, graph: Graph, openings: Sequence[Opening]) -> None:
        self.graph = graph
        self.openings = list(openings)
        self.edges: list[Edge] = []
        """In the order in which they will be numbered; the last may join two components."""
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
            Edge(
                other,
                vertex,
                np.vstack([[place], np.column_stack([lon, lat]), [spot[-2:]]]),
                np.concatenate([[0], along, [length_mm]]),
                self._kind(edge, at_mm),
                int(graph.name[edge]),
            )
        )

    def _kind(self, edge: int, at_mm: int) -> int:
        """Return the kind of an edge's part that begins so far along it, at a vertex.

        Only at an end of the whole edge may the extract end, too.
        """
        whole = Kind(int(self.graph.kind[edge]))
        is_clipped = (at_mm == 0 and Kind.CLIPPED_START in whole) or (
            at_mm == self.graph.length_mm[edge] and Kind.CLIPPED_END in whole
        )
        return int(whole & ~Kind.CLIPPED | (Kind.CLIPPED_START if is_clipped else 0))

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


__all__ = ["Edge", "Growing"]
