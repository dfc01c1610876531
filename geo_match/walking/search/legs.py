"""From a place's point on its edge to the vertices that a way can go on from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from geo_match.walking.graph.graph import Graph
    from geo_match.walking.graph.opening import Opening
    from geo_match.walking.snapping.snap import Snaps


class Spot(NamedTuple):
    """The point on an edge that a place was led to, of which there is one.

    Parameters
    ----------
    edge
        Of the graph.
    to_start_mm, to_end_mm, snap_mm
        As in `Snaps`.
    lon, lat
        Degrees.
    """

    edge: int
    to_start_mm: int
    to_end_mm: int
    snap_mm: int
    lon: float
    lat: float


class Leg(NamedTuple):
    """The part of an edge between a spot on it and a vertex.

    Parameters
    ----------
    vertex
        Of the graph.
    mm
        How long it is.
    at_mm
        How far along the edge the vertex is.
    """

    vertex: int
    mm: int
    at_mm: int


def spot_of(snaps: Snaps, position: int) -> Spot:
    """Return where a snapped place was led to."""
    return Spot(
        int(snaps.edge[position]),
        int(snaps.to_start_mm[position]),
        int(snaps.to_end_mm[position]),
        int(snaps.snap_mm[position]),
        float(snaps.lon[position]),
        float(snaps.lat[position]),
    )


def along_mm(to_start_1: int, to_end_1: int, to_start_2: int, to_end_2: int) -> int:
    """Return the way along an edge between two spots on it that are not the same.

    Each of the two differences may be 1 mm short, since lengths are rounded up.
    """
    return max(abs(to_start_1 - to_start_2), abs(to_end_1 - to_end_2)) + 1


def legs_of(graph: Graph, spot: Spot, openings: Iterable[Opening]) -> list[Leg]:
    """Return the ways along the spot's edge to its start, its end and the vertices opened on it."""
    edge = spot.edge
    legs = [
        Leg(int(graph.start[edge]), spot.to_start_mm, 0),
        Leg(int(graph.end[edge]), spot.to_end_mm, int(graph.length_mm[edge])),
    ]
    for opening in openings:
        if opening.edge != edge:
            continue
        is_there = (graph.lon[opening.vertex], graph.lat[opening.vertex]) == (spot.lon, spot.lat)
        mm = along_mm(spot.to_start_mm, spot.to_end_mm, opening.to_start_mm, opening.to_end_mm)
        legs.append(Leg(opening.vertex, 0 if is_there else mm, opening.to_start_mm))
    return legs


def as_seeds(legs: Iterable[Leg], more_mm: int = 0) -> NDArray[np.int64]:
    """Return the vertices of legs and how far they are, as the search wants them, (k, 2)."""
    return np.array([(leg.vertex, leg.mm + more_mm) for leg in legs], dtype=np.int64)


__all__ = ["Leg", "Spot", "along_mm", "as_seeds", "legs_of", "spot_of"]
