"""A graph, and places, as the kernels read them, and working memory for who searches it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match.walking.graph.arrays import floats, integers, longs
from geo_match.walking.kernels import lanes as in_lanes
from geo_match.walking.kernels.lanes import LANES, Lanes
from geo_match.walking.kernels.search import SHIFT, UNREACHED, Labels, Sources, Ways
from geo_match.walking.snapping.snap import streets_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from geo_match.walking.graph.graph import Graph
    from geo_match.walking.graph.opening import Opening
    from geo_match.walking.snapping.snap import Snaps, Streets

_FIRST_ENTRIES = 1_024


class Ground(NamedTuple):
    """A graph, and the vertices that were opened on its edges.

    Parameters
    ----------
    graph
        The streets.
    openings
        Vertices on edges, as `Opening` says.
    ways
        Both as the kernels read them.
    streets
        The graph as those read it that lead places to streets.
    spare, spare_lanes
        Working memory that no call has at present.
    """

    graph: Graph
    openings: tuple[Opening, ...]
    ways: Ways
    streets: Streets
    spare: list[Labels]
    spare_lanes: list[Lanes]


def ground_of(graph: Graph, openings: Sequence[Opening] = ()) -> Ground:
    """Return a graph and its openings as the kernels read them, without copying the graph."""
    opened = np.array([tuple(one) for one in openings], dtype=np.int32).reshape(-1, 4)
    return Ground(
        graph,
        tuple(openings),
        Ways(
            longs(graph.offsets),
            integers(graph.half),
            integers(graph.start),
            integers(graph.end),
            integers(opened),
            floats(graph.lon[opened[:, 1]]),
            floats(graph.lat[opened[:, 1]]),
        ),
        streets_of(graph),
        [],
        [],
    )


def sources_of(snaps: Snaps) -> Sources:
    """Return snapped places as the kernels read them, to search from."""
    return Sources(
        integers(snaps.edge),
        integers(snaps.to_start_mm),
        integers(snaps.to_end_mm),
        integers(snaps.snap_mm),
        floats(snaps.lon),
        floats(snaps.lat),
        floats(snaps.place_lon),
        floats(snaps.place_lat),
    )


@contextmanager
def lend_labels(ground: Ground, limit_mm: int) -> Iterator[Labels]:
    """Lend working memory for searches up to a limit.

    A call has it alone, whatever the thread: it is taken from the list, and put back clean, so that
    a single question does not wait until as much as there are vertices is allocated and cleared.
    """
    n = len(ground.graph.lon)
    n_buckets = (limit_mm >> SHIFT) + 1
    try:
        labels = ground.spare.pop()
    except IndexError:
        state = np.empty((n, 2), dtype=np.int32)
        state[:, 0], state[:, 1] = UNREACHED, -1
        labels = Labels(
            state,
            np.empty(n, dtype=np.int32),
            np.empty(0, dtype=np.int32),
            np.empty((_FIRST_ENTRIES, 2), dtype=np.int32),
            np.empty((2 + len(ground.openings), 2), dtype=np.int64),
        )
    if len(labels.head) < n_buckets:
        labels = labels._replace(head=np.full(n_buckets, -1, dtype=np.int32))
    yield labels
    ground.spare.append(labels)  # not after an error, which may leave it unclean


@contextmanager
def lend_lanes(ground: Ground, limit_mm: int) -> Iterator[Lanes]:
    """Lend working memory for searches in lanes, as `lend_labels`."""
    n = len(ground.graph.lon)
    n_buckets = (limit_mm >> in_lanes.SHIFT) + 1
    try:
        lanes = ground.spare_lanes.pop()
    except IndexError:
        lanes = Lanes(
            np.full((n, LANES), in_lanes.FAR, dtype=np.int32),
            np.full(n, in_lanes.NEVER, dtype=np.int32),
            np.empty(n, dtype=np.int32),
            np.empty(0, dtype=np.int32),
            np.empty((_FIRST_ENTRIES, 2), dtype=np.int32),
        )
    if len(lanes.head) < n_buckets:
        lanes = lanes._replace(head=np.full(n_buckets, -1, dtype=np.int32))
    yield lanes
    ground.spare_lanes.append(lanes)


__all__ = ["Ground", "ground_of", "lend_labels", "lend_lanes", "sources_of"]
