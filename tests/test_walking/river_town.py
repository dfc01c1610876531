"""A town drawn by hand on a river, small enough that every way in it is known beforehand.

Metres east (x) and north (y) of the middle; about as they are on the ground. North is up:

    y = 680            Rail Row  ——————————————
    y = 400      ════════════════ railway ════════════════
    y = 200      —————————————— North Street ——————————————————
    y = 100      ~~~~ bank     |          :       |      ¦
    y =  50      ~~~~ river    | Old      : Ferry | New  ¦ Tunnel
    y =   0      ~~~~ bank     | Bridge   :       | B.   ¦
    y = -100     —————————————— South Street ——————————————————
                             |                 |  |
                       ~~~~~~+~~ brook         |__| Winding Lane
                             | Blind Lane
    y = -700  □ Yard, which no street leads to

What is straight along x or y in these metres is straight in longitude and latitude as well.
"""

from __future__ import annotations

import math
from itertools import pairwise

import geopandas as gpd
from pyproj import Geod
from shapely import LineString, Polygon

_LON, _LAT = 117.3, 32.9
_EAST, _NORTH = 93_640.0, 110_910.0
"""Metres of a degree here, about."""
_GEOD = Geod(ellps="WGS84")

SOUTH, NORTH = -100, 200
OLD, NEW, TUNNEL = -1500, 1500, 1800

_STREETS = {
    "South Street": [(x, SOUTH) for x in (-2000, OLD, -800, 0, 800, NEW, TUNNEL, 2000)],
    "North Street": [(x, NORTH) for x in (-2000, OLD, -1000, 0, 800, NEW, TUNNEL, 2600)],
    "Station Road": [(-1000, NORTH), (-1000, 680)],
    "Rail Row": [(-1000, 680), (-500, 680), (0, 680)],
    "Blind Lane": [(-800, SOUTH), (-800, -500)],
    "Winding Lane": [(800, SOUTH), (800, -600), (1000, -600), (1000, -150)],
    "Yard": [(-1800, -700), (-1500, -700), (-1500, -1000), (-1800, -1000), (-1800, -700)],
    "Hut": [(2500, -700), (2600, -700)],
}
_ACROSS = {
    "Old Bridge": ([(OLD, SOUTH), (OLD, NORTH)], "bridge"),
    "New Bridge": ([(NEW, SOUTH), (NEW, NORTH)], "bridge"),
    "Tunnel": ([(TUNNEL, SOUTH), (TUNNEL, NORTH)], "tunnel"),
    "Ferry": ([(0, SOUTH), (0, NORTH)], "ferry"),
}
_RIVER = [(-3000, 0), (3000, 0), (3000, 100), (-3000, 100)]
_MIDDLE = [(-3000, 50), (3000, 50)]
_BROOK = [(-900, -300), (-700, -300)]
_RAILWAY = [(-2500, 400), (2500, 400)]


def at(x, y):
    """Return the longitude and latitude of a place in the town."""
    return _LON + x / _EAST, _LAT + y / _NORTH


def lonlat(place, end=""):
    """Return a place as keywords: `lon` and `lat`, or `lon1` and `lat1`."""
    lon, lat = at(*place)
    return {f"lon{end}": lon, f"lat{end}": lat}


def between(one, other):
    """Return two places as keywords."""
    return lonlat(one, "1") | lonlat(other, "2")


def walk_mm(*places):
    """Return the length of straight stretches one after the other, each rounded up, mm."""
    return sum(
        math.ceil(_GEOD.inv(*at(*one), *at(*other))[2] * 1000.0) for one, other in pairwise(places)
    )


def streets(*across):
    """Give the town's streets with these ways across the river, as a frame."""
    rows = [{"name": name, "geometry": _line(places)} for name, places in _STREETS.items()]
    for name in across:
        places, what = _ACROSS[name]
        rows.append({"name": name, what: True, "geometry": _line(places)})
    frame = gpd.GeoDataFrame(rows, crs="EPSG:4326")
    for what in ("bridge", "tunnel", "ferry"):
        if what in frame.columns:
            frame[what] = frame[what] == True  # noqa: E712 - missing is not
    return frame


def obstacles():
    """Give its river, brook and railway."""
    return gpd.GeoDataFrame(
        {"obstacle": ["water", "water", "water", "way"]},
        geometry=[Polygon([at(*p) for p in _RIVER]), *map(_line, (_MIDDLE, _BROOK, _RAILWAY))],
        crs="EPSG:4326",
    )


def _line(places):
    return LineString([at(*place) for place in places])
