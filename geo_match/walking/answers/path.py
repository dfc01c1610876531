"""The shortest way between two places: its line, its length, and where it crosses water."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely

from geo_match._validate import as_real
from geo_match.errors import ArgumentError
from geo_match.walking.answers.crossing import water_crossings
from geo_match.walking.answers.distances import BEYOND, DISCONNECTED
from geo_match.walking.graph.graph import Kind
from geo_match.walking.graph.views import drawn, walked
from geo_match.walking.kernels.path import cut, search, walk_back
from geo_match.walking.kernels.search import FARTHEST_MM
from geo_match.walking.search.legs import along_mm, as_seeds, legs_of, spot_of
from geo_match.walking.snapping.place import as_place
from geo_match.walking.snapping.snap import DEFAULT_MAX_SNAP_M, snap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo_match.walking.answers.crossing import Crossing
    from geo_match.walking.graph.graph import Graph
    from geo_match.walking.graph.opening import Opening
    from geo_match.walking.search.legs import Spot

DEFAULT_SPEED_M_S: Final = 1.2
"""A grown person's usual pace on the flat, 4.3 km/h; who is old, or carries, is slower."""


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """The shortest way on foot from one place to another, or why there is none.

    Parameters
    ----------
    distance_m
        Metres, those from the places to the streets included; the same as `Network.distance`
        says. NaN where there is no way.
    time_s
        Seconds at `speed_m_s`, on a ferry too; NaN where there is no way.
    speed_m_s
        Metres a second, as it was asked.
    line
        Longitude and latitude, from place to place; None where there is no way.
    snap1_m, snap2_m
        Metres from each place to the streets; NaN where it could not be led to one.
    edges
        Numbers of the edges, in walking order; empty where there is no way, and where both
        places are led to the same point.
    crossings
        Where it crosses water, in walking order.
    touches_border
        Whether an edge of it ends where the extract does: beyond, there may be a shorter way.
    reason
        Why there is no way, as in `Distances`; empty where there is one.
    """

    distance_m: float
    time_s: float
    speed_m_s: float
    line: shapely.LineString | None
    snap1_m: float
    snap2_m: float
    edges: tuple[int, ...]
    crossings: tuple[Crossing, ...]
    touches_border: bool
    reason: str

    def geojson(self) -> dict[str, Any]:
        """Return a feature after RFC 7946; what has no value is null in it."""
        geometry = None
        if self.line is not None:
            coordinates = shapely.get_coordinates(self.line).tolist()
            geometry = {"type": "LineString", "coordinates": coordinates}
        return {
            "type": "Feature",
            "geometry": geometry,
            "properties": {
                "distance_m": _or_none(self.distance_m),
                "time_s": _or_none(self.time_s),
                "speed_m_s": self.speed_m_s,
                "snap1_m": _or_none(self.snap1_m),
                "snap2_m": _or_none(self.snap2_m),
                "crossings": [crossing._asdict() for crossing in self.crossings],
                "touches_border": self.touches_border,
                "reason": self.reason or None,
            },
        }


class _Pieces(NamedTuple):
    """A way as pieces of edges in walking order, and its length from spot to spot."""

    pieces: list[tuple[int, int, int]]
    """The edge, how far along it the piece begins, and how far it ends, mm."""
    mm: int


def find_path(
    graph: Graph,
    names: Sequence[str],
    *,
    lon1: float,
    lat1: float,
    lon2: float,
    lat2: float,
    max_snap_m: float = DEFAULT_MAX_SNAP_M,
    speed_m_s: float = DEFAULT_SPEED_M_S,
    openings: Sequence[Opening] = (),
) -> Path:
    """Return the shortest way from one place to another.

    Of several that are equally long always the same is returned, and the same for the way back.

    Parameters
    ----------
    names
        Of the graph's streets.
    lon1, lat1, lon2, lat2
        Degrees, WGS-84.
    max_snap_m
        How far a place may be from the streets, metres.
    speed_m_s
        Metres a second.
    openings
        Of an opened network.

    Raises
    ------
    CoordinateError
        If a place is none on earth.
    ArgumentError
        If an argument is not one number, or the speed is not finite and above 0.
    """
    place1 = as_place(lon1, lat1, "1")
    place2 = as_place(lon2, lat2, "2")
    speed = as_real(speed_m_s)
    if not (math.isfinite(speed) and speed > 0.0):
        rule = "be a finite number of metres a second above 0"
        raise ArgumentError("speed_m_s", rule, repr(speed_m_s))
    lon, lat = np.array([place1, place2]).T.copy()
    snaps = snap(graph, lon, lat, max_snap_m=max_snap_m)
    snap1_m, snap2_m = (float(metres) for metres in snaps.snap_m)
    reason = next((str(word) for word in snaps.reasons if word), "")
    if not reason and len(set(graph.component[graph.start[snaps.edge]].tolist())) > 1:
        reason = DISCONNECTED
    blank = Path(math.nan, math.nan, speed, None, snap1_m, snap2_m, (), (), False, reason)  # noqa: FBT003 - a field
    if reason:
        return blank
    if place1 == place2:
        still = shapely.LineString([place1, place2])
        return replace(blank, distance_m=0.0, time_s=0.0, line=still)
    spots = (spot_of(snaps, 0), spot_of(snaps, 1))
    # Always searched from the same of the two, so that the way back is the way; and looked at for
    # water from there, since a bank that is only touched may count as crossed one way alone.
    is_back = (spots[1], place2) < (spots[0], place1)
    first, last = spots[::-1] if is_back else spots
    found = _pieces(graph, first, last, openings)
    if found is None:
        return replace(blank, reason=BEYOND)
    edge, place, offsets = _draw(graph, found, first, last)
    crossings = water_crossings(graph, names, edge, place, offsets) if len(edge) else ()
    if is_back:
        edge, place, crossings = edge[::-1], place[::-1], crossings[::-1]
    whole = np.vstack([[place1], [spots[0][-2:]], place, [spots[1][-2:]], [place2]])
    moved = np.append(True, (whole[1:] != whole[:-1]).any(axis=1))
    distance_m = (spots[0].snap_mm + found.mm + spots[1].snap_mm) / 1000.0
    return replace(
        blank,
        distance_m=distance_m,
        time_s=distance_m / speed,
        line=shapely.LineString(whole[moved]),
        edges=tuple(edge.tolist()),
        crossings=crossings,
        touches_border=bool((graph.kind[edge] & Kind.CLIPPED).any()),
    )


def _pieces(graph: Graph, first: Spot, last: Spot, openings: Sequence[Opening]) -> _Pieces | None:
    """Return the shortest way between two spots of one component; None if it is beyond all."""
    along: _Pieces | None = None
    if first.edge == last.edge:
        if first[-2:] == last[-2:]:
            return _Pieces([], 0)
        mm = along_mm(first.to_start_mm, first.to_end_mm, last.to_start_mm, last.to_end_mm)
        along = _Pieces([(first.edge, first.to_start_mm, last.to_start_mm)], mm)
    legs, last_legs = legs_of(graph, first, openings), legs_of(graph, last, openings)
    seeds = as_seeds(legs)
    limit = FARTHEST_MM - first.snap_mm - last.snap_mm
    limit = min(limit, along.mm) if along else limit
    distance = search(*walked(graph), seeds, as_seeds(last_legs), limit)
    ends = [
        (int(distance[leg.vertex]) + leg.mm, leg)
        for leg in last_legs
        if distance[leg.vertex] <= limit - leg.mm
    ]
    if along and (not ends or along.mm <= min(ends)[0]):
        return along
    if not ends:
        return None
    mm, end = min(ends)
    steps, seed = walk_back(*walked(graph), seeds, distance, end.vertex)
    begin = legs[seed]
    pieces = [(first.edge, first.to_start_mm, begin.at_mm)] if begin.mm else []
    for edge, entered, left in steps.tolist():
        length = int(graph.length_mm[edge])
        # `start` ≤ `end`, and an edge that comes back to its vertex is on no shortest way.
        pieces.append((edge, 0, length) if entered < left else (edge, length, 0))
    if end.mm:
        pieces.append((last.edge, end.at_mm, last.to_start_mm))
    return _Pieces(pieces, mm)


def _draw(
    graph: Graph, found: _Pieces, spot1: Spot, spot2: Spot
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Return the edges of the pieces, their places and the pieces' offsets among these."""
    edge, begin, end = np.array(found.pieces, dtype=np.int64).reshape(-1, 3).T.copy()
    place, offsets = cut(*drawn(graph), edge, begin, end)
    if len(place):  # what was cut by millimetres is up to 1 mm beside the spots
        place[0], place[-1] = spot1[-2:], spot2[-2:]
    return edge, place, offsets


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value


__all__ = ["DEFAULT_SPEED_M_S", "Path", "find_path"]
