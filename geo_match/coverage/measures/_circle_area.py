"""The loop of the edge effect: how much of a circle a polygon covers, in closed form."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from geo_match._jit import kernel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Edges(NamedTuple):
    """The directed edges of polygons on a plane, each array (k,), metres.

    Outlines run counterclockwise and holes clockwise.
    """

    start_x: NDArray[np.float64]
    start_y: NDArray[np.float64]
    end_x: NDArray[np.float64]
    end_y: NDArray[np.float64]


@kernel
def _sector(ax: float, ay: float, bx: float, by: float) -> float:
    """Return the angle at the origin from a to b, −π to π."""
    return math.atan2(ax * by - ay * bx, ax * bx + ay * by)


@kernel
def covered_shares(
    edges: Edges,
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    radius_m: float,
    share: NDArray[np.float64],
) -> None:
    """Write the share of each circle's area that lies in the polygons.

    With the circle's centre as the origin, what a polygon covers of the circle is the sum over its
    edges of what the triangle (origin, start, end) covers of it, with the sign of the triangle's
    turn: what lies beyond the polygon is added by one edge and taken away by another. The part of
    an edge in the circle spans a triangle, and the parts beside it span sectors.

    Parameters
    ----------
    x, y
        Centres, metres, (n,).
    share
        (n,); written, 0 to 1.
    """
    squared = radius_m * radius_m
    for at in range(len(x)):
        doubled = 0.0  # twice the area
        for edge in range(len(edges.start_x)):
            ax, ay = edges.start_x[edge] - x[at], edges.start_y[edge] - y[at]
            bx, by = edges.end_x[edge] - x[at], edges.end_y[edge] - y[at]
            dx, dy = bx - ax, by - ay
            length2 = dx * dx + dy * dy
            if length2 == 0.0:
                continue
            # |a + t·d|² = r² where the edge's line meets the circle.
            half = (ax * dx + ay * dy) / length2
            root2 = half * half - (ax * ax + ay * ay - squared) / length2
            first, last = 1.0, 0.0
            if root2 > 0.0:
                root = math.sqrt(root2)
                first, last = max(-half - root, 0.0), min(-half + root, 1.0)
            if first >= last:
                doubled += squared * _sector(ax, ay, bx, by)
                continue
            px, py = ax + first * dx, ay + first * dy
            qx, qy = ax + last * dx, ay + last * dy
            doubled += px * qy - py * qx
            if first > 0.0:
                doubled += squared * _sector(ax, ay, px, py)
            if last < 1.0:
                doubled += squared * _sector(qx, qy, bx, by)
        share[at] = min(max(doubled / (2.0 * math.pi * squared), 0.0), 1.0)
