"""Which edges cross water."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo_match.walking.graph.crossings import crossed_by, first_of_each
from geo_match.walking.graph.graph import Obstacle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.builder.edges import Edges
    from geo_match.walking.source.ways import ObstacleLines

_AT_ONCE: Final = 64
"""Segments of a shore that are looked at together: a lake's whole shore is near too much."""


def over_water(edges: Edges, obstacles: ObstacleLines) -> NDArray[np.bool_]:
    """Return which edges cross a shore or a river's line, as `crossed_by` says it, (m,).

    An edge that begins or ends on the shore does not cross it there.
    """
    crosses = np.zeros(len(edges.start), dtype=np.bool_)
    shores = _shores(obstacles)
    if not len(shores):
        return crosses
    points = np.column_stack([edges.point_lon, edges.point_lat])
    of_point = np.repeat(np.arange(len(edges.start)), np.diff(edges.points))
    lines = shapely.linestrings(points, indices=of_point)
    edge, shore = shapely.STRtree(shores).query(lines, predicate="intersects")
    order = np.argsort(edge, kind="stable")
    cuts = np.flatnonzero(np.diff(edge[order])) + 1
    for near in np.split(order, cuts) if len(order) else []:
        one = int(edge[near[0]])
        line = points[edges.points[one] : edges.points[one + 1]]
        crosses[one] = bool(crossed_by(line, _segments(shores[shore[near]])))
    return crosses


def _shores(obstacles: ObstacleLines) -> NDArray[np.object_]:
    """Return the lines of water in short parts, each beginning where the one before ends."""
    begin, end = obstacles.offsets[:-1], obstacles.offsets[1:]
    lines = np.flatnonzero((obstacles.kind == Obstacle.WATER) & (end - begin > 1))
    if not len(lines):
        return np.empty(0, dtype=np.object_)
    n_parts = -(-(end - begin - 1) // _AT_ONCE)[lines]
    of = np.repeat(lines, n_parts)
    k = np.arange(len(of)) - np.repeat(np.cumsum(n_parts) - n_parts, n_parts)
    low = begin[of] + k * _AT_ONCE
    high = np.minimum(low + _AT_ONCE + 1, end[of])
    part = np.repeat(np.arange(len(of)), high - low)
    at = np.arange(len(part)) - np.repeat(np.cumsum(high - low) - (high - low) - low, high - low)
    shores = shapely.linestrings(np.column_stack([obstacles.lon, obstacles.lat])[at], indices=part)
    return np.asarray(shores, dtype=np.object_)


def _segments(shores: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return the segments of lines that have a length, (b, 4), each once."""
    points, of = shapely.get_coordinates(shores, return_index=True)
    is_one = (of[1:] == of[:-1]) & (points[1:] != points[:-1]).any(axis=1)
    segments = np.hstack([points[:-1][is_one], points[1:][is_one]])
    return segments[first_of_each(segments)]
