"""What if there were a street: a graph with one more edge, on which all old edges keep their place.

Nobody's way grows: the old edges stay, and whoever was led to one of them still is. The new street
and the halves of the edges that it begins from are not snapped to, so that it steals nobody's snap.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo_match.errors import ArgumentError
from geo_match.geodesy import karney
from geo_match.walking.change.growing import Edge, Growing
from geo_match.walking.graph.graph import Kind, Obstacle
from geo_match.walking.graph.views import barred
from geo_match.walking.kernels.crossing import cross_any
from geo_match.walking.kernels.search import FARTHEST_MM
from geo_match.walking.search.legs import spot_of
from geo_match.walking.snapping.place import as_place
from geo_match.walking.snapping.snap import DEFAULT_MAX_SNAP_M, rounded_up, snap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo_match.walking.graph.graph import Graph
    from geo_match.walking.graph.opening import Opening

_MOST_M: Final = 1_000.0
"""The longest segment of a graph."""
_HALF_GLOBE: Final = 180.0
"""Degrees of longitude."""


class Opened(NamedTuple):
    """An opened network's parts.

    Parameters
    ----------
    graph
        With the new vertices and edges behind the old ones.
    names
        With the new street's.
    openings
        The old ones and the new ones: where new vertices lie on old edges.
    """

    graph: Graph
    names: tuple[str, ...]
    openings: tuple[Opening, ...]


def open_street(
    graph: Graph,
    names: Sequence[str],
    *,
    lon1: float,
    lat1: float,
    lon2: float,
    lat2: float,
    name: str = "",
    max_snap_m: float = DEFAULT_MAX_SNAP_M,
    openings: Sequence[Opening] = (),
) -> Opened:
    """Return the graph as it were with a street between two places, straight, walked both ways.

    Each place is led to the nearest street as any place is; the new street goes from there to the
    place, to the other place, and on to the street there. Where that crosses water it is a bridge.

    Parameters
    ----------
    names
        Of the graph's streets.
    lon1, lat1, lon2, lat2
        Degrees, WGS-84.
    name
        Of the new street; may be empty.
    max_snap_m
        How far a place may be from the streets, metres.
    openings
        Of the graph, where it was opened before.

    Raises
    ------
    CoordinateError
        If a place is none on earth.
    ArgumentError
        If an argument is not one number, a place cannot be led to a street, both are led to the
        same point of one, or they are on two sides of the meridian of 180 degrees, or farther
        apart than any walk is followed, 2,147 km.
    """
    places = [as_place(lon1, lat1, "1"), as_place(lon2, lat2, "2")]
    lon, lat = np.array(places).T.copy()
    snaps = snap(graph, lon, lat, max_snap_m=max_snap_m)
    for position, reason in enumerate(snaps.reasons):
        if reason:
            argument = f"lon{position + 1}, lat{position + 1}"
            raise ArgumentError(
                argument,
                f"be at most {max_snap_m:g} m from a street, with no water or railway between",
                f"{places[position]} ({reason})",
                "Begin the street nearer to one that is there.",
            )
    if abs(lon[0] - lon[1]) > _HALF_GLOBE:
        rule = "be on one side of the meridian of 180 degrees"
        raise ArgumentError("lon1, lon2", rule, f"{lon[0]:g} and {lon[1]:g}")
    growing = Growing(graph, openings)
    spots = [spot_of(snaps, 0), spot_of(snaps, 1)]
    vertices = [growing.open(spot) for spot in spots]
    if vertices[0] == vertices[1]:
        remedy = "Give it two ends that are apart."
        raise ArgumentError("lon2, lat2", "be led to another point", repr(spots[1][-2:]), remedy)
    named = (*names, name) if name else tuple(names)
    line = np.array([spots[0][-2:], *places, spots[1][-2:]])
    if vertices[0] > vertices[1]:
        vertices, line = vertices[::-1], line[::-1]
    street = _street(graph, vertices, line, len(names) if name else -1)
    if street.mm[-1] > FARTHEST_MM:
        rule = f"be at most {FARTHEST_MM / 1e6:,.0f} km from the other end"
        remedy = "Are longitude and latitude in degrees, and of the right place?"
        raise ArgumentError("lon2, lat2", rule, f"{street.mm[-1] / 1e6:,.0f} km", remedy)
    growing.edges.append(street)
    return Opened(growing.finish(), named, tuple(growing.openings))


def _street(graph: Graph, vertices: Sequence[int], line: NDArray[np.float64], name: int) -> Edge:
    """Return the new street's edge along a line, cut where its segments are too long."""
    line = line[np.append(True, (line[1:] != line[:-1]).any(axis=1))]
    length_m = karney(*line[:-1].T.copy(), *line[1:].T.copy())
    parts = [
        np.linspace(a, b, math.ceil(metres / _MOST_M) + 1)[:-1]
        for a, b, metres in zip(line[:-1], line[1:], length_m, strict=True)
    ]
    line = np.vstack([*parts, line[-1:]])
    lon1, lat1, lon2, lat2 = np.hstack([line[:-1], line[1:]]).T.copy()
    mm = rounded_up(lon1, lat1, lon2, lat2)
    over = cross_any(*barred(graph), int(Obstacle.WATER), lon1, lat1, lon2, lat2).any()
    kind = int(Kind.BRIDGE | Kind.OVER_WATER) if over else 0
    along = np.concatenate([[0], np.cumsum(np.maximum(mm, 1))])
    return Edge(vertices[0], vertices[1], line, along, kind, name)


__all__ = ["Opened", "open_street"]
