"""What a network was made of, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NetworkInfo:
    """Figures about a network and about what it was read of.

    Parameters
    ----------
    source
        Name of the file, or "lines" for a frame.
    ways
        How many ways or lines are walked.
    vertices, edges
        Of the graph.
    length_km
        Of all edges.
    components
        Parts between which there is no way.
    components_skipped, skipped_km
        How many of these are too short for places to be led to them, and their length.
    obstacles
        Segments of water, railways and motorways that no place is led across.
    clipped_ends
        Ends of edges where the extract ends, and not the street.
    missing_points
        Points that ways name and the extract does not have.
    one_point_ways
        Ways left out because they have no two points apart.
    zero_length_segments
        Segments of no length that were left out.
    repeated_stretches
        Stretches left out because the same is there already.
    blocked_points
        Gates and the like through which nobody passes; the streets end there.
    attribution
        Whom to name beside what is made of it; empty where that is not known.
    shapeless_ways
        Lines left out, and not among `ways`, because they have no geometry, or an empty one.
    """

    source: str
    ways: int
    vertices: int
    edges: int
    length_km: float
    components: int
    components_skipped: int
    skipped_km: float
    obstacles: int
    clipped_ends: int
    missing_points: int
    one_point_ways: int
    zero_length_segments: int
    repeated_stretches: int
    blocked_points: int
    attribution: str
    shapeless_ways: int = 0  # a network that was saved before has not counted them


__all__ = ["NetworkInfo"]
