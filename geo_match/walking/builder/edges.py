"""Edges as arrays: the points of joined pieces one behind the other, vertices in a good order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo_match.walking.builder.lengths import lengths_mm
from geo_match.walking.graph.graph import Kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.builder.pieces import Chains, Pieces
    from geo_match.walking.source.ways import Ways

    _Integers = NDArray[np.int64]
    _Axis = NDArray[np.float64]

_BITS: Final = 24
"""Of each axis in a vertex's place on the curve: 2**-24 of the network's extent."""


class Edges(NamedTuple):
    """Edges between vertices; each field as in `Graph`, though not yet of its type."""

    lon: _Axis
    lat: _Axis
    start: _Integers
    end: _Integers
    length_mm: _Integers
    kind: NDArray[np.uint8]
    name: NDArray[np.int32]
    points: _Integers
    point_lon: _Axis
    point_lat: _Axis
    point_mm: _Integers


def edges_of(ways: Ways, pieces: Pieces, chains: Chains) -> Edges:
    """Return the edges that chains of pieces make; in order of their vertices."""
    vertex = np.unique(chains.start)  # each line is there from either end, so these are all
    vertex = vertex[_along_curve(ways.lon[vertex], ways.lat[vertex])]
    number = np.full(len(ways.lon), -1, dtype=np.int64)
    number[vertex] = np.arange(len(vertex))
    start, end = number[chains.start], number[chains.end]
    # Of a line from both its ends, the one from the lower vertex; of a ring, from the lower half.
    chosen = (start < end) | ((start == end) & (chains.first < (chains.last ^ 1)))
    first, last = chains.first[chosen], chains.last[chosen]
    start, end = start[chosen], end[chosen]
    points, at = _positions(pieces, chains, first)
    point = ways.point[at]
    point_lon, point_lat = ways.lon[point], ways.lat[point]
    length, along = _lengths(points, point_lon, point_lat)
    order = np.lexsort((np.arange(len(first)), length, end, start))
    sizes = np.diff(points)[order]
    sorted_points = np.concatenate([[0], np.cumsum(sizes)])
    moved = np.repeat(points[:-1][order] - sorted_points[:-1], sizes) + np.arange(len(point))
    piece = first[order] >> 1
    # By halves: whether the extract ends where each begins. A line has no such points within.
    clipped = pieces.is_clipped.ravel()
    kind = (
        pieces.kind[piece]
        | np.where(clipped[first[order]], Kind.CLIPPED_START, 0)
        | np.where(clipped[last[order] ^ 1], Kind.CLIPPED_END, 0)
    )
    return Edges(
        ways.lon[vertex],
        ways.lat[vertex],
        start[order],
        end[order],
        length[order],
        kind.astype(np.uint8),
        pieces.name[piece],
        sorted_points.astype(np.int64),
        point_lon[moved],
        point_lat[moved],
        along[moved],
    )


def _positions(pieces: Pieces, chains: Chains, first: _Integers) -> tuple[_Integers, _Integers]:
    """Return where the points of each line begin, and all positions in the ways' points."""
    line_of = np.full(len(chains.head), -1, dtype=np.int64)
    line_of[first] = np.arange(len(first))
    line = line_of[chains.head]
    half = np.flatnonzero(line >= 0)
    half = half[np.lexsort((chains.rank[half], line[half]))]
    line = line[half]
    forward = half & 1 == 0
    begin = np.where(forward, pieces.low[half >> 1], pieces.high[half >> 1])
    step = np.where(forward, 1, -1)
    size = (pieces.high - pieces.low)[half >> 1]
    # Each half brings its points but the last, which the next half begins with, or the line ends.
    n_segments = np.bincount(line, weights=size, minlength=len(first)).astype(np.int64)
    points = np.concatenate([[0], np.cumsum(n_segments + 1)])
    of = np.repeat(np.arange(len(half)), size)
    k = np.arange(len(of)) - np.repeat(np.cumsum(size) - size, size)
    at = np.empty(points[-1], dtype=np.int64)
    at[np.arange(len(of)) + line[of]] = begin[of] + step[of] * k
    final = np.append(np.flatnonzero(np.diff(line)), len(line) - 1) if len(line) else line
    at[points[1:] - 1] = (begin + step * size)[final]
    return points.astype(np.int64), at


def _lengths(points: _Integers, lon: _Axis, lat: _Axis) -> tuple[_Integers, _Integers]:
    """Return the lengths of edges, and how far along its edge each point is, mm."""
    segment = np.zeros(len(lon), dtype=np.int64)
    if len(lon):
        segment[1:] = lengths_mm(lon[:-1], lat[:-1], lon[1:], lat[1:])
        segment[points[:-1]] = 0
    far = np.cumsum(segment)
    along = far - np.repeat(far[points[:-1]], np.diff(points))
    return along[points[1:] - 1], along


def _along_curve(lon: _Axis, lat: _Axis) -> _Integers:
    """Return places in the order of Morton's curve, on which near ones are mostly near."""
    key = _spread(_scaled(lon)) | (_spread(_scaled(lat)) << np.uint64(1))
    return np.lexsort((lat, lon, key))


def _scaled(axis: _Axis) -> NDArray[np.uint64]:
    low = axis.min(initial=np.inf)
    extent = axis.max(initial=-np.inf) - low
    share = (axis - low) / extent if extent > 0.0 else np.zeros(len(axis))
    return np.asarray(share * (2**_BITS - 1)).astype(np.uint64)


def _spread(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the values with a bit 0 before each of their bits."""
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        values = (values | (values << np.uint64(shift))) & np.uint64(mask)
    return values
