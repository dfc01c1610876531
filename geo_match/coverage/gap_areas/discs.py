"""The ground that lies within so many metres of any of some places, drawn as polygons.

Two ideas keep it fast and right.

**Drawn from within.** A disc is drawn as a polygon whose n vertices lie on the geodesic circle and
whose edges are straight in degrees. An edge of length L leaves the arc of a circle of radius r by
its sagitta, L²/8r, and the geodesic between its ends by at most L²/8 · 1.089 tan φ/R: a line
straight in degrees has the geodesic curvature tan φ/R · cos ψ (1 + sin² ψ), ψ its angle from east,
and that factor is 1.089 at most. Up to `MOST_LAT` for the places asked about, and 200 km from them
to a place and again to its circle, r tan φ/R is below 0.78. So no edge bends as strongly as the
circle, all of them lie inside it, and none deeper than (1 + 1.089·0.78) L²/8r < L²/4r. With
L ≤ 2πr/n that is at most `slack_m` for n ≥ π √(r/slack_m).

**Only discs at the border are drawn.** Let r' = r - `slack_m`. The rim of the disc of radius r'
around p is inside that around another place at the distance d, by the law of cosines, wherever its
bearing from p differs from that place's by less than arccos(d/2r'). A disc whose whole rim is
inside others so is hidden: the border of the union U' of all discs of radius r' has no point on
it, and is made of rims of discs that are not hidden. Their polygons hold these rims. What those
polygons leave free is therefore wholly in U' or wholly outside, face by face, and one point of
each face tells which. (The law is that of the plane. For d up to 1.8r' and r' up to 200 km the
earth's curvature moves the bearing by less than 0.05°; 0.2° are given away.)
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from pyproj import Geod

from geo_match.geodesy import FLATTENING, SEMI_MAJOR_M, lonlat_to_ecef
from geo_match.index import PointIndex

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

MOST_LAT: Final = 84.0
"""Degrees north and south up to which the bound on the edges was shown."""
_GEOD: Final = Geod(a=SEMI_MAJOR_M, f=FLATTENING)
_LEAST_QUARTER: Final = 4
_HALF_TURN: Final = 180.0
_TURN: Final = 360.0
_SECTORS: Final = 40
"""Of 9° each, a bit each: the half turn that a disc may hide, shifted by all, is below 63 bits."""
_ALL: Final = (1 << _SECTORS) - 1
_NEAR: Final = 1.8
_GIVEN_AWAY: Final = 0.2
_LEAST_AWAY_M: Final = 1e-3
"""Bearings of places nearer than that are lost in rounding: they hide nothing."""
_NEIGHBOURS: Final = 16
_AT_ONCE: Final = 50_000


def drawn_ground(lon: Floats, lat: Floats, *, radius_m: float, slack_m: float) -> BaseGeometry:
    """Return the ground within a radius of any place, as polygons drawn from within.

    Parameters
    ----------
    lon, lat
        Degrees WGS-84, (n,), the places all different. Longitudes may go beyond ±180°, where those
        of one whole go on; a place may be there in two such frames.
    radius_m
        Metres, above `slack_m`.
    slack_m
        Metres, above 0.

    Returns
    -------
    shapely.Polygon, MultiPolygon or GeometryCollection
        In the longitudes of the places; empty without places. It holds all that is at most
        `radius_m` - `slack_m` from a place, and nothing that is more than `radius_m` from all.
    """
    if not len(lon):
        return shapely.MultiPolygon()
    index = PointIndex(lon=wrapped(lon), lat=lat)
    inner_m = radius_m - slack_m
    hidden = _hidden(index, lon, lat, inner_m)
    union = shapely.disjoint_subset_union_all(_discs(lon[~hidden], lat[~hidden], radius_m, slack_m))
    if not hidden.any():
        return union

    def is_held(faces: NDArray[np.object_]) -> Flags:
        lon, lat = shapely.get_coordinates(shapely.point_on_surface(faces)).T
        return index.count_within(lon=wrapped(lon), lat=lat, radius_m=inner_m) > 0

    return shapely.MultiPolygon(_filled(polygons(union), is_held).tolist())


def _filled(
    parts: NDArray[np.object_], is_held: Callable[[NDArray[np.object_]], Flags]
) -> NDArray[np.object_]:
    """Return polygons that do not overlap without those of their free faces that are held."""
    rings, of = shapely.get_rings(parts, return_index=True)
    is_hole = np.append(np.zeros(1, dtype=np.bool_), of[1:] == of[:-1])
    holes, owner = _shells(rings[is_hole]), of[is_hole]
    # Most holes are one face. Those with islands in them are cut out of the whole.
    island, hole = shapely.STRtree(holes).query(shapely.point_on_surface(parts), "within")
    nested = np.zeros(len(parts), dtype=np.bool_)
    nested[island] = nested[owner[hole]] = True
    keep = ~nested[of]
    asked = np.flatnonzero(is_hole & keep)
    keep[asked[is_held(_shells(rings[asked]))]] = False
    _, place = np.unique(of[keep], return_inverse=True)
    simple = parts[:0]
    if keep.any():
        simple = np.asarray(shapely.polygons(rings[keep], indices=place), dtype=object)
    if not nested.any():
        return simple
    whole = shapely.union_all(_shells(shapely.get_exterior_ring(parts[nested])))
    faces = polygons(shapely.difference(whole, shapely.MultiPolygon(parts[nested].tolist())))
    free = shapely.union_all(faces[~is_held(faces)])
    return np.concatenate((simple, polygons(shapely.difference(whole, free))))


def _shells(rings: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return rings, (n,), as polygons without holes."""
    return np.asarray(shapely.polygons(rings), dtype=np.object_)


def polygons(shape: BaseGeometry) -> NDArray[np.object_]:
    """Return the polygons of a shape, without the points and lines in which others touch it."""
    parts = shapely.get_parts(shape)
    is_area = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    return np.asarray(parts[is_area & ~shapely.is_empty(parts)], dtype=object)


def wrapped(lon: Floats) -> Floats:
    """Return longitudes, degrees, in -180 to 180; those that are there already as they are."""
    beyond = (lon + _HALF_TURN) % _TURN - _HALF_TURN
    return np.where(np.abs(lon) <= _HALF_TURN, lon, beyond)


def _discs(lon: Floats, lat: Floats, radius_m: float, slack_m: float) -> NDArray[np.object_]:
    """Return a polygon for each place, (n,), its vertices on the geodesic circle."""
    quarter = math.ceil(math.pi * math.sqrt(radius_m / slack_m) / 4.0)
    n = 4 * max(_LEAST_QUARTER, quarter)  # a corner due west, by which areas are named
    bearings = np.tile(np.arange(n) * (_TURN / n), len(lon))
    x, y = np.repeat(lon, n), np.repeat(lat, n)
    to_lon, to_lat, _ = _GEOD.fwd(wrapped(x), y, bearings, np.full(len(x), radius_m))
    to_lon = x + ((to_lon - x + _HALF_TURN) % _TURN - _HALF_TURN)  # in the frame of its place
    corners = np.stack((to_lon, to_lat), axis=-1).reshape(len(lon), n, 2)
    return np.asarray(shapely.polygons(corners), dtype=object)


def _hidden(index: PointIndex, lon: Floats, lat: Floats, inner_m: float) -> Flags:
    """Return which discs are surely covered by the insides of others, (n,)."""
    hidden = np.zeros(len(lon), dtype=np.bool_)
    for first in range(0, len(lon), _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        pairs = index.nearest(
            lon=wrapped(lon[part]),
            lat=lat[part],
            k=_NEIGHBOURS + 1,
            max_distance_m=_NEAR * inner_m,
        )
        query, point = pairs.query + first, pairs.point
        same_frame = np.abs(lon[query] - lon[point]) < _HALF_TURN
        counts = same_frame & (pairs.distance_m > _LEAST_AWAY_M)
        query, point = query[counts], point[counts]
        bearing = _bearing(lon[query], lat[query], lon[point], lat[point])
        half = np.degrees(np.arccos(pairs.distance_m[counts] / (2.0 * inner_m))) - _GIVEN_AWAY
        taken = np.zeros(len(lon[part]), dtype=np.int64)
        np.bitwise_or.at(taken, query - first, _sectors(bearing - half, bearing + half))
        hidden[part] = taken == _ALL
    return hidden


def _sectors(start: Floats, end: Floats) -> NDArray[np.int64]:
    """Return the sectors that lie wholly between two bearings, degrees, up to a half turn apart."""
    width = _TURN / _SECTORS
    first = np.ceil(start / width).astype(np.int64)
    number = np.maximum(np.floor(end / width).astype(np.int64) - first, 0)
    run = np.left_shift(np.left_shift(1, number) - 1, first % _SECTORS)
    return np.asarray((run | (run >> _SECTORS)) & _ALL, dtype=np.int64)


def _bearing(lon: Floats, lat: Floats, to_lon: Floats, to_lat: Floats) -> Floats:
    """Return the bearings of places from others, degrees from north by east, 0 to 360."""
    x, y, z = lonlat_to_ecef(lon, lat)
    to_x, to_y, to_z = lonlat_to_ecef(to_lon, to_lat)
    dx, dy, dz = to_x - x, to_y - y, to_z - z
    lam, phi = np.radians(lon), np.radians(lat)
    east = dy * np.cos(lam) - dx * np.sin(lam)
    north = dz * np.cos(phi) - (dx * np.cos(lam) + dy * np.sin(lam)) * np.sin(phi)
    return np.asarray(np.degrees(np.arctan2(east, north)) % _TURN, dtype=np.float64)
