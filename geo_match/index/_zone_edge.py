"""How far a point is from an area's edge, on the ellipsoid.

An edge is a straight line in degrees. It is cut into pieces of at most 100 m, whose chords through
the earth leave it by at most 100²/8R = 0.2 mm; the nearest chord and the nearest place on it are
found in space, and the geodesic to the place on the edge is Karney's. Along a piece the scale of
a degree changes by 1e-5·tan(latitude) at most, so that the place on the edge is off by at most
0.2 mm along it below 75° of latitude, which lengthens the distance by no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

from geo_match.geodesy import karney, lonlat_to_ecef

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import MultiPolygon, Polygon

_PIECE_M: Final = 100.0
_DEGREE_M: Final = 111_700.0  # no degree of either axis is longer on the ellipsoid
_TOGETHER: Final = 1_000_000


class Edge(NamedTuple):
    """An area's edge in pieces.

    Parameters
    ----------
    lon, lat
        Starts, degrees, shape (m,).
    d_lon, d_lat
        From start to end, degrees, shape (m,).
    start, along
        The chords, metres in space, each shape (3, m).
    length2
        Squares of the chords, shape (m,); 1 where a chord has no length.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    d_lon: NDArray[np.float64]
    d_lat: NDArray[np.float64]
    start: NDArray[np.float64]
    along: NDArray[np.float64]
    length2: NDArray[np.float64]


def cut(area: Polygon | MultiPolygon | None) -> Edge:
    """Return the edge of a checked area, holes included, in pieces; no piece of None."""
    rings = shapely.get_rings(shapely.get_parts(area))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    step = np.diff(xy, axis=0)
    inner = ring[1:] == ring[:-1]
    start, step = xy[:-1][inner], step[inner]
    pieces = np.ceil(np.hypot(step[:, 0], step[:, 1]) * (_DEGREE_M / _PIECE_M)).astype(np.int64)
    pieces = np.maximum(pieces, 1)
    edge = np.repeat(np.arange(len(pieces)), pieces)
    piece = np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    d = step[edge] / pieces[edge, None]
    at = start[edge] + piece[:, None] * d
    to = at + d
    here = np.stack(lonlat_to_ecef(at[:, 0], at[:, 1]))
    along = np.stack(lonlat_to_ecef(to[:, 0], to[:, 1])) - here
    length2 = np.square(along).sum(axis=0)
    return Edge(
        *(at[:, 0], at[:, 1], d[:, 0], d[:, 1]),
        here,
        along,
        np.where(length2 > 0.0, length2, 1.0),
    )


def distances(
    edge: Edge, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the geodesic distance of checked points to the nearest place on the edge, metres."""
    nearest = np.empty(len(lon), dtype=np.int64)
    share = np.empty(len(lon))
    space = np.stack(lonlat_to_ecef(lon, lat))
    together = max(1, _TOGETHER // len(edge.lon))
    for first in range(0, len(lon), together):
        here = slice(first, first + together)
        away = space[:, here, None] - edge.start[:, None, :]
        t = np.einsum("ijk,ik->jk", away, edge.along) / edge.length2
        np.clip(t, 0.0, 1.0, out=t)
        away -= t * edge.along[:, None, :]
        best = np.einsum("ijk,ijk->jk", away, away).argmin(axis=1)
        nearest[here] = best
        share[here] = t[np.arange(len(best)), best]
    return karney(
        lon,
        lat,
        edge.lon[nearest] + share * edge.d_lon[nearest],
        edge.lat[nearest] + share * edge.d_lat[nearest],
    )
