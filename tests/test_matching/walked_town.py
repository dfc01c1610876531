"""A town with a river, and how far it is there on foot, told by an oracle of its own.

The oracle knows nothing of the library's walks: it tries every stretch of street for a place, and
walks by Dijkstra's method over crossings. It may differ from whole millimetres that are rounded up
by a few of them, since it rounds nothing.
"""

from __future__ import annotations

import heapq
import math
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import geopandas as gpd
from pyproj import Geod
from shapely import LineString, box

from geo_match.walking import Network

SLACK_M = 0.02
"""What a walk may differ by: each stretch of it is rounded up to a millimetre."""
MAX_SNAP_M = 300.0
_GEOD = Geod(ellps="WGS84")
_LON, _LAT = 117.38, 32.93
_EAST, _NORTH = 93_550.0, 110_915.0
_LEAST_M, _MOST_M = -4_300.0, 4_400.0
_COLUMNS = [_LEAST_M, *(x + 13.0 * math.sin(x) for x in range(-3_900, 4_000, 520)), _MOST_M]
_ROWS = [_LEAST_M, *(y + 17.0 * math.sin(3 * y) for y in range(-3_870, 4_000, 610)), _MOST_M]
_RIVER = (230.0, 270.0)
"""From south to north, metres; no row of streets lies in it."""
_BRIDGES = (2, 13)
"""Columns that cross it."""
_YARD = [(-3_700.0, -3_700.0), (-3_100.0, -3_700.0), (-3_100.0, -3_400.0)]
"""Streets that nothing leads to, long enough for places to be led there."""
_WASTE = (-3_950.0, -2_100.0)
"""Between these, east and north, there are no other streets."""


def lonlat(x, y):
    """Return the degrees of metres east and north of the middle, about."""
    return _LON + x / _EAST, _LAT + y / _NORTH


def _stretches():
    """Yield every stretch of street between two crossings, in metres; and if it is a bridge."""
    for y in _ROWS:
        for one, other in pairwise(_COLUMNS):
            yield (one, y), (other, y), False
    for number, x in enumerate(_COLUMNS):
        for one, other in pairwise(_ROWS):
            crosses = one < _RIVER[0] and other > _RIVER[1]
            if not crosses or number in _BRIDGES:
                yield (x, one), (x, other), crosses
    for one, other in pairwise(_YARD):
        yield one, other, False


def _is_waste(one, other):
    middle = [(a + b) / 2.0 for a, b in zip(one, other, strict=True)]
    is_yard = one in _YARD
    return not is_yard and all(_WASTE[0] < metres < _WASTE[1] for metres in middle)


STREETS = [stretch for stretch in _stretches() if not _is_waste(*stretch[:2])]


@cache
def network():
    """Make the town's network."""
    lines = gpd.GeoDataFrame(
        {"bridge": [is_bridge for _, _, is_bridge in STREETS]},
        geometry=[LineString([lonlat(*one), lonlat(*other)]) for one, other, _ in STREETS],
        crs="EPSG:4326",
    )
    south, north = (_LAT + y / _NORTH for y in _RIVER)
    west, east = (_LON + x / _EAST for x in (-9_000.0, 9_000.0))
    river = gpd.GeoDataFrame(
        {"obstacle": ["water"]}, geometry=[box(west, south, east, north)], crs="EPSG:4326"
    )
    return Network.from_lines(lines, river, max_snap_m=MAX_SNAP_M)


class _Spot(NamedTuple):
    """Where a place meets a street: between which crossings, how far from each, and the snap."""

    ends: tuple[tuple[float, float], tuple[float, float]]
    to_start_m: float
    to_end_m: float
    snap_m: float


class Town:
    """How far it is on foot, as the plain twin asks for it."""

    def distance_m(self, lon1, lat1, lon2, lat2):
        """Return the metres of a walk; None if there is none."""
        one, other = _spot(lon1, lat1), _spot(lon2, lat2)
        if one is None or other is None:
            return None
        if (lon1, lat1) == (lon2, lat2):
            return 0.0
        ways = [
            mine + _from(x).get(y, math.inf) + theirs
            for x, mine in zip(one.ends, (one.to_start_m, one.to_end_m), strict=True)
            for y, theirs in zip(other.ends, (other.to_start_m, other.to_end_m), strict=True)
        ]
        if one.ends == other.ends:
            ways.append(abs(one.to_start_m - other.to_start_m))
        least = min(ways)
        return None if math.isinf(least) else one.snap_m + least + other.snap_m

    def snap_m(self, lon, lat):
        """Return how far a place is from its street; None if none leads to it."""
        spot = _spot(lon, lat)
        return None if spot is None else spot.snap_m


@cache
def _spot(lon, lat):
    """Try every stretch for a place, the nearest first."""
    phi = math.radians(lat)
    e2 = 0.00669437999014
    bend = 1.0 - e2 * math.sin(phi) ** 2
    north = math.radians(6_378_137.0 * (1.0 - e2) / bend**1.5)
    east = math.radians(6_378_137.0 * math.cos(phi) / math.sqrt(bend))
    tried = []
    for one, other, is_bridge in STREETS:
        if is_bridge:
            continue
        a, b = lonlat(*one), lonlat(*other)
        along = ((b[0] - a[0]) * east, (b[1] - a[1]) * north)
        to = ((lon - a[0]) * east, (lat - a[1]) * north)
        length = along[0] ** 2 + along[1] ** 2
        share = (to[0] * along[0] + to[1] * along[1]) / length
        share = min(max(share, 0.0), 1.0)
        away = math.hypot(to[0] - share * along[0], to[1] - share * along[1])
        spot = (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))
        tried.append((away, one, other, a, b, spot))
    for away, one, other, a, b, spot in sorted(tried):
        if away > MAX_SNAP_M + 1.0:
            return None
        snap_m = _metres((lon, lat), spot)
        if snap_m <= MAX_SNAP_M and not _crosses_river(lat, spot[1]):
            return _Spot((one, other), _metres(a, spot), _metres(spot, b), snap_m)
    return None


def _crosses_river(lat, other):
    """Return whether a line between two latitudes crosses a bank, but for its last 5 cm."""
    low, high = sorted(((one - _LAT) * _NORTH) for one in (lat, other))
    return any(low + 0.05 < bank < high - 0.05 for bank in _RIVER)


@cache
def _from(crossing):
    """Return how far all crossings are from one, that is, those that can be reached."""
    known, waiting = {}, [(0.0, crossing)]
    while waiting:
        metres, here = heapq.heappop(waiting)
        if here not in known:
            known[here] = metres
            for there, length in _neighbours()[here]:
                heapq.heappush(waiting, (metres + length, there))
    return known


@cache
def _neighbours():
    found = {}
    for one, other, _ in STREETS:
        length = _metres(lonlat(*one), lonlat(*other))
        found.setdefault(one, []).append((other, length))
        found.setdefault(other, []).append((one, length))
    return found


def _metres(one, other):
    return _GEOD.inv(*one, *other)[2]
