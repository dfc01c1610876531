"""The streets that can be walked to from a place: for drawing, not for counting."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from geo_match._validate import as_radius
from geo_match.walking.graph.graph import Kind
from geo_match.walking.graph.views import drawn, walked
from geo_match.walking.kernels.path import UNREACHED, cut, search
from geo_match.walking.search.legs import as_seeds, legs_of, spot_of
from geo_match.walking.snapping.place import as_place
from geo_match.walking.snapping.snap import DEFAULT_MAX_SNAP_M, as_limit_mm, snap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo_match.walking.graph.graph import Graph
    from geo_match.walking.graph.opening import Opening
    from geo_match.walking.search.legs import Spot

    Longs = NDArray[np.int64]

_WORDS = np.array(["", "radius", "border"], dtype=object)
_INSIDE, _RADIUS, _BORDER = range(len(_WORDS))


@dataclass(frozen=True, slots=True, eq=False)
class Isochrone:
    """Streets within a walk of a place, cut where the walk ends.

    It is for drawing. Who is within reach is counted by `WalkingIndex`: a home is not on a street,
    and its own way to the street counts. So there is no area around the lines either: it would
    cover the far bank of a river, and yards that nobody gets into.

    Parameters
    ----------
    lines
        A row for each piece of a street, each drawn as it is walked away from the place, WGS-84;
        `distance_from_m` and `distance_to_m`, metres from the place at its two ends; `name` of
        the street, missing where it has none; `edge`, its number; `ends_at`: `radius` where it is
        cut since the walk ends, `border` where the extract ends, and empty where others go on,
        where two walks meet or the street ends. A street that another was opened from is there
        twice.
    radius_m
        Metres, as it was asked.
    snap_m
        Metres from the place to the streets, which count; NaN where it could not be led to one.
    reason
        Why the place was not led to a street, as in `Snaps`; empty where it was.
    """

    lines: gpd.GeoDataFrame
    radius_m: float
    snap_m: float
    reason: str

    def geojson(self) -> dict[str, Any]:
        """Return a collection of features after RFC 7946, a piece of a street each."""
        told = self.lines.drop(columns="geometry").astype(object)
        rows = told.where(told.notna(), None).to_dict("records")
        features = [
            {
                "type": "Feature",
                "geometry": shapely.geometry.mapping(line),
                "properties": row,
            }
            for line, row in zip(self.lines.geometry, rows, strict=True)
        ]
        return {"type": "FeatureCollection", "features": features}


class _Stretch(NamedTuple):
    """Stretches of edges between two marks whose distances are known, each array (k,), mm."""

    edge: Longs
    at1: Longs
    far1: Longs
    at2: Longs
    far2: Longs


class _Pieces(NamedTuple):
    """What of them is reached, from a mark to where it ends along the edge, mm."""

    edge: Longs
    begin: Longs
    end: Longs
    far: Longs
    ends_at: Longs


def find_isochrone(
    graph: Graph,
    names: Sequence[str],
    *,
    lon: float,
    lat: float,
    radius_m: float,
    max_snap_m: float = DEFAULT_MAX_SNAP_M,
    openings: Sequence[Opening] = (),
) -> Isochrone:
    """Return the streets within a walk of a place.

    Parameters
    ----------
    names
        Of the graph's streets.
    lon, lat
        Degrees, WGS-84.
    radius_m
        The walk's length, metres, the way from the place to the street included.
    max_snap_m
        How far the place may be from the streets, metres.
    openings
        Of an opened network.

    Raises
    ------
    CoordinateError
        If the place is none on earth.
    RadiusError
        If the radius is negative, not finite or too large.
    ArgumentError
        If an argument is not one number.
    """
    lon, lat = as_place(lon, lat)
    radius = float(as_radius(radius_m, 1)[0])
    snaps = snap(graph, np.array([lon]), np.array([lat]), max_snap_m=max_snap_m)
    snap_m, reason = float(snaps.snap_m[0]), str(snaps.reasons[0])
    if reason:
        none = np.empty(0, dtype=np.int64)
        return Isochrone(
            _frame(graph, names, _Pieces(none, none, none, none, none)), radius, snap_m, reason
        )
    spot = spot_of(snaps, 0)
    limit = int(as_limit_mm(np.array([radius]))[0])
    seeds = as_seeds(legs_of(graph, spot, openings), spot.snap_mm)
    far = search(*walked(graph), seeds, np.empty((0, 2), dtype=np.int64), limit)
    far[far > limit] = UNREACHED
    pieces = _reached(graph, _stretches(graph, far, spot, openings, limit), limit)
    return Isochrone(_frame(graph, names, pieces), radius, snap_m, "")


def _stretches(
    graph: Graph, far: Longs, spot: Spot, openings: Sequence[Opening], limit: int
) -> _Stretch:
    """Return the edges with an end in reach; those cut up that have a mark between their ends."""
    marked = {spot.edge, *(opening.edge for opening in openings)}
    is_near = (far[graph.start] != UNREACHED) | (far[graph.end] != UNREACHED)
    is_near[list(marked)] = False
    whole = np.flatnonzero(is_near)
    length = graph.length_mm[whole].astype(np.int64)
    rows = np.column_stack(
        [whole, np.zeros_like(whole), far[graph.start[whole]], length, far[graph.end[whole]]]
    )
    parts = []
    for edge in sorted(marked):
        marks = [(0, far[graph.start[edge]]), (graph.length_mm[edge], far[graph.end[edge]])]
        marks += [(one.to_start_mm, far[one.vertex]) for one in openings if one.edge == edge]
        if edge == spot.edge and spot.snap_mm <= limit:
            marks.append((spot.to_start_mm, spot.snap_mm))
        marks.sort()
        parts += [(edge, *one, *other) for one, other in _pairs(marks)]
    rows = np.vstack([rows, np.array(parts, dtype=np.int64).reshape(-1, 5)])
    return _Stretch(*rows.T.copy())


def _pairs(marks: list[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield the neighbours among marks that are apart and of which one is reached."""
    for one, other in pairwise(marks):
        if one[0] < other[0] and min(one[1], other[1]) < UNREACHED:
            yield one, other


def _reached(graph: Graph, stretch: _Stretch, limit: int) -> _Pieces:
    """Return what of stretches is reached from their two marks.

    From both marks as far as the limit lets one go; where that is past one another, to where both
    are equally far, to the millimetre.
    """
    edge, at1, far1, at2, far2 = stretch
    length = at2 - at1
    reach1, reach2 = (
        np.where(far == UNREACHED, 0, np.minimum(length, limit - np.where(far > limit, 0, far)))
        for far in (far1, far2)
    )
    is_whole = (far1 != UNREACHED) & (far2 != UNREACHED) & (reach1 + reach2 >= length)
    difference = np.where(is_whole, far2, 0) - np.where(is_whole, far1, 0)
    meet = np.clip((difference + length) // 2, length - reach2, reach1)
    reach1 = np.where(is_whole, meet, reach1)
    reach2 = np.where(is_whole, length - meet, reach2)
    pieces = _Pieces(
        np.concatenate([edge, edge]),
        np.concatenate([at1, at2]),
        np.concatenate([at1 + reach1, at2 - reach2]),
        np.concatenate([far1, far2]),
        np.where(
            np.concatenate([is_whole | (reach1 == length), is_whole | (reach2 == length)]), 0, 1
        ),
    )
    kept = pieces.begin != pieces.end
    pieces = _Pieces(*(array[kept] for array in pieces))
    order = np.lexsort((pieces.end, pieces.begin, pieces.far, pieces.edge))
    pieces = _Pieces(*(array[order] for array in pieces))
    return pieces._replace(ends_at=_ends_at(graph, pieces))


def _ends_at(graph: Graph, pieces: _Pieces) -> Longs:
    """Return where pieces end, those at the extract's border told."""
    is_start = pieces.end == 0
    at_vertex = is_start | (pieces.end == graph.length_mm[pieces.edge])
    vertex = np.where(is_start, graph.start[pieces.edge], graph.end[pieces.edge])
    is_alone = np.diff(graph.offsets)[vertex] == 1
    bit = np.where(is_start, Kind.CLIPPED_START, Kind.CLIPPED_END)
    is_clipped = (graph.kind[pieces.edge] & bit) != 0
    return np.where(at_vertex & is_alone & is_clipped, _BORDER, pieces.ends_at)


def _frame(graph: Graph, names: Sequence[str], pieces: _Pieces) -> gpd.GeoDataFrame:
    """Return pieces as a frame of lines."""
    import geopandas as gpd  # noqa: PLC0415 - a second, which who draws nothing need not wait
    import pandas as pd  # noqa: PLC0415 - as below

    place, offsets = cut(*drawn(graph), pieces.edge, pieces.begin, pieces.end)
    piece = np.repeat(np.arange(len(pieces.edge)), np.diff(offsets))
    positions = graph.name[pieces.edge].tolist()
    return gpd.GeoDataFrame(
        {
            "edge": pieces.edge,
            "name": pd.array([names[i] if i >= 0 else None for i in positions], dtype="str"),
            "distance_from_m": pieces.far / 1000.0,
            "distance_to_m": (pieces.far + np.abs(pieces.end - pieces.begin)) / 1000.0,
            "ends_at": _WORDS[pieces.ends_at],
        },
        geometry=shapely.linestrings(place, indices=piece),
        crs="EPSG:4326",
    )


__all__ = ["Isochrone", "find_isochrone"]
