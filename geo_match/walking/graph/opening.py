"""A new vertex on an old edge: where a street that is thought of begins."""

from __future__ import annotations

from typing import NamedTuple


class Opening(NamedTuple):
    """A vertex that lies on an edge, though the edge still runs from its start to its end.

    Old edges keep their numbers, and so old snaps hold. A place on the edge reaches the vertex
    along it: max(|Δ to_start|, |Δ to_end|) + 1 mm, or 0 where the vertex's longitude and latitude
    are exactly those of the place's point on the edge.

    Parameters
    ----------
    edge
        The old edge.
    vertex
        The vertex on it.
    to_start_mm, to_end_mm
        From the vertex along the edge to its two ends, as in `Snaps`; both above 0, for a street
        that begins at an end of the edge begins at its old vertex.
    """

    edge: int
    vertex: int
    to_start_mm: int
    to_end_mm: int


__all__ = ["Opening"]
