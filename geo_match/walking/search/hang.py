"""Places hung on the edges that they are led to: `hang`; and where found ones are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo_match.index.counts import starts
from geo_match.walking.graph.arrays import floats, integers, longs
from geo_match.walking.kernels.lanes import LANES
from geo_match.walking.kernels.reach import Hung
from geo_match.walking.kernels.search import UNREACHED
from geo_match.walking.kernels.totals import Found

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.search.ground import Ground
    from geo_match.walking.snapping.snap import Snaps


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


def found_for(ground: Ground, hung: Hung) -> Found:
    """Allocate what a kernel writes the places in reach to.

    An edge is found from its two ends at most; a slot besides along its edge, once a lane.
    """
    sizes = (len(ground.graph.lon), 2 * len(hung.edges), (2 + LANES) * len(hung.place))
    return Found(*(np.empty((size, 2), dtype=np.int32) for size in sizes))


__all__ = ["found_for", "hang"]
