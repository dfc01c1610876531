"""Streets as arrays: what a walk is searched on, and what a place is led to."""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int32]
    Bits = NDArray[np.uint8]
    Bools = NDArray[np.bool_]


class Kind(IntFlag):
    """What an edge is, beside a street."""

    BRIDGE = 1
    TUNNEL = 2
    FERRY = 4
    CLIPPED_START = 8
    """At its start the extract ends, not the street."""
    OVER_WATER = 16
    """It crosses a bank or a river's line: a bridge, a tunnel below, a ford, a ferry."""
    CLIPPED_END = 32
    """At its end the extract ends, not the street."""
    CLIPPED = CLIPPED_START | CLIPPED_END
    """Either of the two, to be asked for with `&`."""


class Obstacle(IntFlag):
    """What nobody crosses but on an edge."""

    WATER = 1
    WAY = 2
    """A railway, a motorway."""


class Grid(NamedTuple):
    """Which segments touch which cells of a grid of equal degrees.

    Cell (row, column) is number row * n_columns + column; its segments are
    `segment[offsets[cell]:offsets[cell + 1]]`, in ascending order. A segment is in each cell that
    its bounding box touches. A place outside the grid has no cell.
    """

    west: float
    south: float
    cell_lon: float
    cell_lat: float
    n_columns: int
    n_rows: int
    offsets: NDArray[np.int64]
    segment: Integers


class Graph(NamedTuple):
    """Streets between n vertices on m edges, each walked both ways, and obstacles beside them.

    An edge is a line of two points or more from its vertex `start` to its vertex `end`, straight
    in longitude and latitude between these; both may be the same vertex, and two edges may join
    the same two. Its points are `point_*[points[e]:points[e + 1]]`, ends included. A segment is
    named by its first point; the last point of an edge begins none. No segment is longer than
    1 km, and none has the length 0. Lengths are integer millimetres on the ellipsoid: a segment's
    is that of its geodesic, rounded up, and an edge's their sum.

    Parameters
    ----------
    lon, lat
        Of vertices, degrees, (n,); those near one another have near numbers.
    component
        (n,): the number of the vertex's component; 0 has the greatest length, and so on.
    start, end
        (m,): vertices; `start` ≤ `end`.
    length_mm
        (m,), above 0.
    kind
        uint8 bits of `Kind`, (m,).
    name
        (m,): position in the network's names; -1 for none.
    is_snapped
        (m,): whether places are led to it: not to bridges, tunnels and ferries, nor to
        components that are too small.
    points
        int64, (m + 1,).
    point_lon, point_lat
        Degrees, (p,).
    point_mm
        (p,): how far along its edge, 0 at the first point, the edge's length at the last.
    offsets
        int64, (n + 1,): the half-edges of vertex v are those from `offsets[v]` to
        `offsets[v + 1]`.
    half
        (2 m, 3): neighbour, length in mm, edge; an edge from a vertex to itself is there twice.
    streets
        The grid of the segments of edges that are snapped, named by their first points.
    obstacle
        Degrees, (b, 4): lon, lat, lon, lat of segments.
    obstacle_kind
        uint8 of `Obstacle`, (b,).
    obstacles
        The grid of these.
    """

    lon: Floats
    lat: Floats
    component: Integers
    start: Integers
    end: Integers
    length_mm: Integers
    kind: Bits
    name: Integers
    is_snapped: Bools
    points: NDArray[np.int64]
    point_lon: Floats
    point_lat: Floats
    point_mm: Integers
    offsets: NDArray[np.int64]
    half: Integers
    streets: Grid
    obstacle: Floats
    obstacle_kind: Bits
    obstacles: Grid


__all__ = ["Graph", "Grid", "Kind", "Obstacle"]
