"""Which edges cross water."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from geo_match.walking.graph import Obstacle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.builder.edges import Edges
    from geo_match.walking.ways import ObstacleLines

_AT_ONCE: Final = 64
"""Segments of a shore that are looked at together: a lake's whole shore is near too much."""


def over_water(edges: Edges, obstacles: ObstacleLines) -> NDArray[np.bool_]:
    """Return which edges cross a shore or a river's line, also in a point that both have, (m,).

    An edge that begins or ends on the shore does not cross it there.
    """
    crosses = np.zeros(len(edges.start), dtype=np.bool_)
    shores = _shores(obstacles)
    if not len(shores):
        return crosses
    points = np.column_stack([edges.point_lon, edges.point_lat])
    edge = np.repeat(np.arange(len(edges.start)), np.diff(edges.points))
    lines = shapely.linestrings(points, indices=edge)
    crosses[shapely.STRtree(shores).query(lines, predicate="crosses")[0]] = True
    return crosses


def _shores(obstacles: ObstacleLines) -> NDArray[np.object_]:
    """Return the lines of water in short parts, each with a segment of the next one.

    So each of a line's points, but for its ends, is within one of its parts.
    """
    begin, end = obstacles.offsets[:-1], obstacles.offsets[1:]
    lines = np.flatnonzero((obstacles.kind == Obstacle.WATER) & (end - begin > 1))
    n_parts = -(-(end - begin - 2) // _AT_ONCE)[lines]
    n_parts = np.maximum(n_parts, 1)
    of = np.repeat(lines, n_parts)
    k = np.arange(len(of)) - np.repeat(np.cumsum(n_parts) - n_parts, n_parts)
    low = begin[of] + k * _AT_ONCE
    high = np.minimum(low + _AT_ONCE + 2, end[of])
    part = np.repeat(np.arange(len(of)), high - low)
    at = np.arange(len(part)) - np.repeat(np.cumsum(high - low) - (high - low) - low, high - low)
    if not len(of):
        return np.empty(0, dtype=np.object_)
    shores = shapely.linestrings(np.column_stack([obstacles.lon, obstacles.lat])[at], indices=part)
    return np.asarray(shores, dtype=np.object_)
