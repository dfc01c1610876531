"""The graph of streets that were read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo_match.errors import ArgumentError
from geo_match.walking.builder.clean import clean
from geo_match.walking.builder.components import components_of
from geo_match.walking.builder.edges import edges_of
from geo_match.walking.builder.grids import grid_of
from geo_match.walking.builder.over_water import over_water
from geo_match.walking.builder.pieces import cut, join
from geo_match.walking.graph.crossings import first_of_each
from geo_match.walking.graph.graph import Graph, Kind
from geo_match.walking.source.ways import ObstacleLines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.builder.components import Components
    from geo_match.walking.builder.edges import Edges
    from geo_match.walking.source.ways import Ways

_MOST: Final = 2**31 - 1
_OBSTACLE_DEG: Final = 0.01
"""About 1 km, as streets are cut."""
_HALF_GLOBE: Final = 180.0
"""Degrees: what seems to span more goes the other way round."""


class Built(NamedTuple):
    """A graph and what became of the ways.

    Parameters
    ----------
    graph
        Of all of them.
    n_zero
        Segments of no length that were left out.
    n_one_point
        Ways that had nothing but such.
    n_double
        Stretches that were there more than once, and were left out but for one.
    n_clipped
        Ends of edges where the extract ends.
    component_mm
        int64, (c,): the lengths of components.
    is_skipped
        bool, (c,): whether places are led to none of its edges.
    """

    graph: Graph
    n_zero: int
    n_one_point: int
    n_double: int
    n_clipped: int
    component_mm: NDArray[np.int64]
    is_skipped: NDArray[np.bool_]


def build(ways: Ways, obstacles: ObstacleLines) -> Built:
    """Make a graph of ways.

    A vertex is wherever two ways meet, or one meets itself, or ends. Where just two edges of one
    kind and name meet they are one, unless the extract ends there. Obstacles have a gap where they
    cross the meridian of 180 degrees.

    Raises
    ------
    ArgumentError
        If there are more points, or a longer edge, than 32 bits count; or a segment spans more
        than half the globe, as one across the meridian of 180 degrees seems to.
    """
    _check_span(ways)
    obstacles = _gapped(obstacles)
    cleaned = clean(ways)
    pieces, n_double = cut(cleaned.ways)
    edges = edges_of(cleaned.ways, pieces, join(pieces, len(cleaned.ways.lon)))
    _check_sizes(edges)
    components = components_of(edges)
    kind = edges.kind.copy()
    kind[over_water(edges, obstacles)] |= np.uint8(Kind.OVER_WATER)
    graph = _graph(edges._replace(kind=kind), components, obstacles)
    return Built(
        graph,
        cleaned.n_zero,
        cleaned.n_one_point,
        n_double,
        int(pieces.is_clipped.sum()),
        components.length_mm,
        components.is_skipped,
    )


def _graph(edges: Edges, components: Components, obstacles: ObstacleLines) -> Graph:
    segments, kinds = _segments(obstacles)
    streets = _street_segments(edges, components.is_snapped)
    offsets, half = _halves(edges)
    return Graph(
        lon=edges.lon,
        lat=edges.lat,
        component=components.component.astype(np.int32),
        start=edges.start.astype(np.int32),
        end=edges.end.astype(np.int32),
        length_mm=edges.length_mm.astype(np.int32),
        kind=edges.kind,
        name=edges.name.astype(np.int32),
        is_snapped=components.is_snapped,
        points=edges.points,
        point_lon=edges.point_lon,
        point_lat=edges.point_lat,
        point_mm=edges.point_mm.astype(np.int32),
        offsets=offsets,
        half=half,
        streets=grid_of(
            _boxes(
                edges.point_lon[streets],
                edges.point_lat[streets],
                edges.point_lon[streets + 1],
                edges.point_lat[streets + 1],
            ),
            streets,
        ),
        obstacle=segments,
        obstacle_kind=kinds,
        obstacles=grid_of(_boxes(*segments.T), np.arange(len(segments))),
    )


def _street_segments(edges: Edges, is_snapped: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the first points of the segments of edges that places are led to."""
    counts = is_snapped[np.repeat(np.arange(len(edges.start)), np.diff(edges.points))]
    counts[edges.points[1:] - 1] = False
    return np.flatnonzero(counts)


def _halves(edges: Edges) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the half-edges by the vertex at which they begin, and where each vertex's begin."""
    edge = np.arange(len(edges.start))
    begin = np.concatenate([edges.start, edges.end])
    rows = np.column_stack(
        [
            np.concatenate([edges.end, edges.start]),
            np.tile(edges.length_mm, 2),
            np.tile(edge, 2),
        ]
    )
    order = np.lexsort((rows[:, 2], begin))
    counts = np.bincount(begin, minlength=len(edges.lon))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return offsets, np.ascontiguousarray(rows[order], dtype=np.int32)


def _segments(obstacles: ObstacleLines) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """Return the segments of obstacles, (b, 4), and their kinds; none has no length.

    What two obstacles of one kind share is there once.

    Long ones are cut into equal parts: a grid has a segment in each cell of its box, and the box of
    a long and slanted one is most of the map.
    """
    line = np.repeat(np.arange(len(obstacles.kind)), np.diff(obstacles.offsets))
    lon, lat = obstacles.lon, obstacles.lat
    counts = (line[1:] == line[:-1]) & ((lon[1:] != lon[:-1]) | (lat[1:] != lat[:-1]))
    at = np.flatnonzero(counts)
    begin, end = (np.column_stack([lon[one], lat[one]]) for one in (at, at + 1))
    n_parts = np.ceil(np.abs(end - begin).max(axis=1, initial=0.0) / _OBSTACLE_DEG)
    n_parts = np.maximum(n_parts, 1.0).astype(np.int64)
    of = np.repeat(np.arange(len(at)), n_parts)
    k = np.arange(len(of)) - np.repeat(np.cumsum(n_parts) - n_parts, n_parts)

    def cut(step: NDArray[np.int64]) -> NDArray[np.float64]:
        share = (step / n_parts[of])[:, None]
        # At 1 the other end itself, so that the parts of a line meet.
        return np.where(share < 1.0, begin[of] + share * (end - begin)[of], end[of])

    segments = np.column_stack([cut(k), cut(k + 1)])
    kind = obstacles.kind[line[at[of]]].astype(np.uint8)
    once = first_of_each(segments, kind)
    return np.ascontiguousarray(segments[once]), kind[once]


def _boxes(
    lon1: NDArray[np.float64],
    lat1: NDArray[np.float64],
    lon2: NDArray[np.float64],
    lat2: NDArray[np.float64],
) -> NDArray[np.float64]:
    return np.column_stack(
        [
            np.minimum(lon1, lon2),
            np.minimum(lat1, lat2),
            np.maximum(lon1, lon2),
            np.maximum(lat1, lat2),
        ]
    )


def _gapped(obstacles: ObstacleLines) -> ObstacleLines:
    """Return obstacles without segments across the meridian of 180 degrees.

    In degrees such a one is a wall around the globe, and would hide every street of its latitude.
    """
    line = np.repeat(np.arange(len(obstacles.kind)), np.diff(obstacles.offsets))
    spans = np.abs(np.diff(obstacles.lon))
    cut = np.flatnonzero((line[1:] == line[:-1]) & (spans > _HALF_GLOBE))
    n_parts = 1 + np.bincount(line[cut], minlength=len(obstacles.kind))
    return ObstacleLines(
        np.sort(np.concatenate([obstacles.offsets, cut + 1])),
        obstacles.lon,
        obstacles.lat,
        np.repeat(obstacles.kind, n_parts),
    )


def _check_span(ways: Ways) -> None:
    way = np.repeat(np.arange(len(ways.kind)), np.diff(ways.offsets))
    inside = way[1:] == way[:-1]
    lon = ways.lon[ways.point]
    spans = np.abs(np.diff(lon))[inside]
    if (spans > _HALF_GLOBE).any():
        raise ArgumentError(
            "streets",
            "lie on one side of the meridian of 180 degrees",
            f"a segment that spans {spans.max():g} degrees of longitude",
            "Build a network of each side.",
        )


def _check_sizes(edges: Edges) -> None:
    longest = int(edges.length_mm.max(initial=0))
    if len(edges.point_lon) > _MOST or longest > _MOST:
        raise ArgumentError(
            "streets",
            f"have at most {_MOST:,} points and no edge above {_MOST / 1e6:,.0f} km",
            f"{len(edges.point_lon):,} points, the longest edge {longest / 1e6:,.0f} km",
            "Cut out the area that is asked about.",
        )
