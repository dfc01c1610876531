"""How far places are apart on foot, pair by pair: `distance`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from geo_match._validate import as_max_distance
from geo_match.errors import ArgumentError
from geo_match.geodesy import karney
from geo_match.index.counts import starts
from geo_match.walking.kernels.pairs import measure
from geo_match.walking.kernels.search import FARTHEST_MM
from geo_match.walking.search.distinct import distinct
from geo_match.walking.search.ground import ground_of, lend_labels, sources_of
from geo_match.walking.snapping.snap import REASONS, as_limit_mm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from geo_match.walking.graph.graph import Graph
    from geo_match.walking.graph.opening import Opening
    from geo_match.walking.search.ground import Ground
    from geo_match.walking.snapping.snap import Snaps

    Longs = NDArray[np.int64]
    Floats = NDArray[np.float64]

DISCONNECTED, BEYOND = "disconnected", "beyond"
_DETOUR, _MORE_MM = 1.5, 200_000
"""A way is looked for up to so many times the straight distance and 200 m more, then to twice."""


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """How far n pairs of places are apart on foot; read-only arrays, (n,).

    Parameters
    ----------
    distance_m
        Metres, both snaps in it; NaN where one cannot be reached from the other.
    reason
        Why not: a word of `snap.REASONS` if a place meets no street (the first place's, if
        neither does), `disconnected` if no street joins the two, `beyond` if they are farther
        apart than was asked for; empty where it can.
    snap1_m, snap2_m
        How far the places are from their streets, metres; NaN for none.
    """

    distance_m: Floats
    reason: NDArray[np.str_]
    snap1_m: Floats
    snap2_m: Floats

    def __post_init__(self) -> None:
        """Make the arrays read-only."""
        for field in fields(self):
            getattr(self, field.name).setflags(write=False)

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.distance_m)

    @property
    def is_reached(self) -> NDArray[np.bool_]:
        """Whether one place of each pair can be reached from the other, (n,)."""
        return np.asarray(self.reason == "")


def distance(
    graph: Graph,
    snaps1: Snaps,
    snaps2: Snaps,
    *,
    max_distance_m: float | None = None,
    openings: Sequence[Opening] = (),
) -> Distances:
    """Return how far places are apart on foot, the first from the first, and so on.

    Equal firsts, or equal seconds if these are fewer, share one search.

    Parameters
    ----------
    graph, openings
        The streets, and the vertices that were opened on them.
    snaps1, snaps2
        Of the places, (n,); one of them may have a single place, for all of the other.
    max_distance_m
        Metres, inclusive: nothing farther apart is looked for. None sets no bound but that of all
        walks, 2,147 km.

    Returns
    -------
    Distances
        The same whichever of the two places is named first.

    Raises
    ------
    ArgumentError
        If the two are not of one length, and neither is 1.
    RadiusError
        If `max_distance_m` is not one number of at least 0.
    """
    if len(snaps1) != len(snaps2) and 1 not in {len(snaps1), len(snaps2)}:
        raise ArgumentError(
            "snaps2", f"have as many places as snaps1 ({len(snaps1)})", str(len(snaps2))
        )
    n = len(snaps2) if len(snaps1) == 1 else len(snaps1)
    one = np.broadcast_to(np.arange(len(snaps1)), (n,))
    other = np.broadcast_to(np.arange(len(snaps2)), (n,))
    bound = int(min(as_limit_mm(np.array([as_max_distance(max_distance_m)]))[0], FARTHEST_MM))
    missing = np.where(snaps1.reason[one], snaps1.reason[one], snaps2.reason[other])
    reason = np.array([*REASONS, DISCONNECTED, BEYOND])[missing]
    asked = np.flatnonzero(missing == 0)
    component1 = graph.component[graph.start[snaps1.edge[one[asked]]]]
    component2 = graph.component[graph.start[snaps2.edge[other[asked]]]]
    reason[asked[component1 != component2]] = DISCONNECTED
    asked = asked[component1 == component2]
    length_mm = np.full(n, -1, dtype=np.int64)
    if len(asked):
        ground = ground_of(graph, openings)
        length_mm[asked] = _lengths(
            ground, snaps1.take(one[asked]), snaps2.take(other[asked]), bound
        )
        reason[asked[length_mm[asked] < 0]] = BEYOND
    return Distances(
        np.where(length_mm >= 0, length_mm / 1000.0, np.nan),
        reason,
        snaps1.snap_m[one],
        snaps2.snap_m[other],
    )


def _lengths(ground: Ground, snaps1: Snaps, snaps2: Snaps, bound_mm: int) -> Longs:
    """Return the lengths in mm of ways between snapped places that are connected, −1 beyond."""
    first, kind = distinct(snaps1.place_lon, snaps1.place_lat, snaps1.edge)
    first2, kind2 = distinct(snaps2.place_lon, snaps2.place_lat, snaps2.edge)
    if len(first2) < len(first):
        first, kind, snaps1, snaps2 = first2, kind2, snaps2, snaps1
    straight = karney(snaps1.place_lon, snaps1.place_lat, snaps2.place_lon, snaps2.place_lat)
    limit = np.minimum((straight * (_DETOUR * 1e3)).astype(np.int64) + _MORE_MM, bound_mm)
    length = np.full(len(kind), -1, dtype=np.int64)
    left = np.arange(len(kind))
    while len(left):
        left = left[np.argsort(kind[left], kind="stable")]
        kinds, count = np.unique(kind[left], return_counts=True)
        offsets = starts(count)
        limits = np.maximum.reduceat(limit[left], offsets[:-1])
        found = np.empty(len(left), dtype=np.int64)
        with lend_labels(ground, int(limits.max())) as labels:
            measure(
                ground.ways,
                labels,
                sources_of(snaps1.take(first[kinds])),
                limits,
                offsets,
                sources_of(snaps2.take(left)),
                np.empty_like(labels.seeds),
                found,
            )
        length[left] = found
        searched = np.repeat(limits, count)
        limit[left] = np.minimum(2 * searched, bound_mm)
        left = left[(found < 0) & (searched < bound_mm)]
    return length


__all__ = ["BEYOND", "DISCONNECTED", "Distances", "distance"]
