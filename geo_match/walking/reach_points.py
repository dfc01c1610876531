"""Where places hang on a graph: `hang`; and a graph, and places, as the kernels read them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match.index.counts import starts
from geo_match.walking import _kernels_lanes as in_lanes
from geo_match.walking._arrays import floats, integers, longs
from geo_match.walking._kernels_lanes import LANES, Lanes
from geo_match.walking._kernels_reach import Hung
from geo_match.walking._kernels_search import SHIFT, UNREACHED, Labels, Sources, Ways
from geo_match.walking._kernels_totals import Found
from geo_match.walking.snap import streets_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from geo_match.walking.graph import Graph
    from geo_match.walking.opening import Opening
    from geo_match.walking.snap import Snaps, Streets

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


def hang(ground: Ground, snaps: Snaps, slack_mm: NDArray[np.int64] | None = None) -> Hung:
    """Hang places on the edges that they are led to.

    Parameters
    ----------
    ground
        The graph that the places are snapped to.
    snaps
        Of the places; those that meet no street hang nowhere.
    slack_mm
        (n,): added to each place's snap, so that one limit serves places with limits of their
        own; 0 by default.

    Returns
    -------
    Hung
        What the kernels read; `place` is the position in `snaps`.
    """
    graph = ground.graph
    n = len(graph.lon)
    place = np.flatnonzero(snaps.edge >= 0)
    edge = snaps.edge[place]
    order = np.lexsort((place, edge, graph.start[edge]))
    place, edge = place[order], edge[order]
    snap_mm = snaps.snap_mm[place].astype(np.int64)
    if slack_mm is not None:
        snap_mm += slack_mm[place]
    from_start, from_end = snap_mm + snaps.to_start_mm[place], snap_mm + snaps.to_end_mm[place]
    first = np.flatnonzero(np.diff(edge, prepend=-1))
    stop = np.append(first[1:], len(edge)) if len(first) else first
    occupied = edge[first]
    start, end = graph.start[occupied], graph.end[occupied]
    far_start, far_end = (
        np.maximum.reduceat(way, first) if len(first) else first for way in (from_start, from_end)
    )
    table = np.stack((occupied, start, end, first, stop, far_start, far_end), axis=1)
    led = np.flatnonzero(start != end)
    led = led[np.argsort(end[led], kind="stable")]
    need = np.full(n, -1, dtype=np.int64)
    np.maximum.at(need, start, far_start)
    np.maximum.at(need, end[led], graph.length_mm[occupied[led]].astype(np.int64))
    return Hung(
        longs(starts(np.bincount(start, minlength=n))),
        longs(starts(np.bincount(end[led], minlength=n))),
        integers(led),
        _as_int32(need),
        _as_int32(table),
        integers(place),
        _as_int32(from_start),
        _as_int32(from_end),
        _as_int32(snap_mm),
        *(floats(getattr(snaps, name)[place]) for name in ("lon", "lat", "place_lon", "place_lat")),
    )


def _as_int32(mm: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return lengths as int32: what is beyond every walk stays so."""
    return integers(np.minimum(mm, UNREACHED))


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


def found_for(ground: Ground, hung: Hung) -> Found:
    """Allocate what a kernel writes the places in reach to.

    An edge is found from its two ends at most; a slot besides along its edge, once a lane.
    """
    sizes = (len(ground.graph.lon), 2 * len(hung.edges), (2 + LANES) * len(hung.place))
    return Found(*(np.empty((size, 2), dtype=np.int32) for size in sizes))


__all__ = ["Ground", "found_for", "ground_of", "hang", "lend_labels", "lend_lanes", "sources_of"]
