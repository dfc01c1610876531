"""The search on foot: how far vertices are from a place, up to a limit, in whole millimetres.

Vertices wait in buckets by distance (Dial 1969), each some metres wide. Within a bucket their order
is not kept: one whose label falls after it was looked at is looked at again. When a bucket is
empty, the labels in it are final, since no street has a length below 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match._jit import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int32]
    Whole = int | np.signedinteger

UNREACHED = 2**31 - 1
FARTHEST_MM = UNREACHED - 1
"""No walk is longer: distances are int32, 2,147 km."""
SHIFT = 14
"""A bucket is 2¹⁴ mm wide, about 16 m: shorter than most streets, so that few are walked twice."""


class Ways(NamedTuple):
    """What the kernels read of a graph, read-only.

    Parameters
    ----------
    offsets, half, start, end
        As in `Graph`.
    opened
        int32, (o, 4): of vertices on old edges: edge, vertex, to_start_mm, to_end_mm.
    opened_lon, opened_lat
        Where these are, degrees, (o,).
    """

    offsets: NDArray[np.int64]
    half: Integers
    start: Integers
    end: Integers
    opened: Integers
    opened_lon: Floats
    opened_lat: Floats


class Sources(NamedTuple):
    """Places to search from, all snapped, each array (q,); as in `Snaps`."""

    edge: Integers
    to_start_mm: Integers
    to_end_mm: Integers
    snap_mm: Integers
    lon: Floats
    lat: Floats
    place_lon: Floats
    place_lat: Floats


class Labels(NamedTuple):
    """Working memory of one call, for n vertices; never shared between calls.

    Parameters
    ----------
    state
        int32, (n, 2): of each vertex the label, `UNREACHED` between searches, and the label that
        it had when it was last looked at, −1 between searches.
    touched
        int32, (n,): the vertices with a label.
    head
        int32, (b,): the last entry put into each bucket, −1 for none.
    entries
        int32, (e, 2): a vertex, and the next entry of the bucket.
    seeds
        int64, (2 + o, 2): vertices that a place reaches along its edge, and how far they are.
    """

    state: Integers
    touched: Integers
    head: Integers
    entries: Integers
    seeds: NDArray[np.int64]


@kernel
def along(
    lon: float,
    lat: float,
    to_start_mm: int,
    to_end_mm: int,
    other_lon: float,
    other_lat: float,
    other_to_start_mm: int,
    other_to_end_mm: int,
) -> int:
    """Return the way along an edge between two points on it, mm; never less than it truly is.

    Each way to an end is rounded up, so a difference is less than 1 mm below the true one.
    """
    if lon == other_lon and lat == other_lat:
        return 0
    return max(abs(to_start_mm - other_to_start_mm), abs(to_end_mm - other_to_end_mm)) + 1


@kernel
def to_opened(ways: Ways, at: int, lon: float, lat: float, to_start_mm: int, to_end_mm: int) -> int:
    """Return the way from a point on an edge to an opened vertex on it, mm."""
    return along(
        lon,
        lat,
        to_start_mm,
        to_end_mm,
        ways.opened_lon[at],
        ways.opened_lat[at],
        ways.opened[at, 2],
        ways.opened[at, 3],
    )


@kernel
def find_seeds(ways: Ways, sources: Sources, at: int, seeds: NDArray[np.int64]) -> int:
    """Write the vertices that a place reaches along its edge, and return how many."""
    edge = sources.edge[at]
    snap = np.int64(sources.snap_mm[at])
    seeds[0, 0], seeds[0, 1] = ways.start[edge], snap + sources.to_start_mm[at]
    seeds[1, 0], seeds[1, 1] = ways.end[edge], snap + sources.to_end_mm[at]
    n_seeds = 2
    for one in range(len(ways.opened)):
        if ways.opened[one, 0] == edge:
            seeds[n_seeds, 0] = ways.opened[one, 1]
            seeds[n_seeds, 1] = snap + to_opened(
                ways,
                one,
                sources.lon[at],
                sources.lat[at],
                sources.to_start_mm[at],
                sources.to_end_mm[at],
            )
            n_seeds += 1
    return n_seeds


@kernel
def longer(entries: Integers) -> Integers:
    """Return the entries with room for twice as many."""
    more = np.empty((2 * len(entries), 2), dtype=np.int32)
    more[: len(entries)] = entries
    return more


@kernel
def take(head: Integers, entries: Integers, free: Whole, bucket: Whole) -> tuple[Whole, Whole]:
    """Take a vertex out of a bucket that has one, and return it, and its entry, which is free now.

    Few entries serve so, and stay in the first cache.
    """
    entry = np.int64(head[bucket])
    vertex = np.int64(entries[entry, 0])
    head[bucket] = entries[entry, 1]
    entries[entry, 1] = free
    return vertex, entry


@kernel
def put(
    head: Integers, entries: Integers, free: Whole, used: Whole, bucket: Whole, vertex: Whole
) -> tuple[Whole, Whole]:
    """Put a vertex into a bucket; return the next free entry, −1 for none, and how many are used.

    There must be room: a free entry, or one that was never used.
    """
    if free >= 0:
        entry, free = np.int64(free), np.int64(entries[free, 1])
    else:
        entry, used = np.int64(used), np.int64(used + 1)
    entries[entry, 0], entries[entry, 1] = vertex, head[bucket]
    head[bucket] = entry
    return free, used


@kernel
def search(
    ways: Ways, labels: Labels, entries: Integers, n_seeds: int, limit_mm: int
) -> tuple[int, bool, Integers]:
    """Label every vertex that is at most so far from the seeds with how far it is.

    Parameters
    ----------
    labels
        As `forget` leaves them, with the seeds written.
    entries
        Of `labels`, or what an earlier search returned in their place.
    limit_mm
        At most `FARTHEST_MM`, and below the number of buckets times their width.

    Returns
    -------
    n_touched
        How many vertices have a label; `labels.touched` begins with them.
    is_cut
        Whether a street was left aside that leads beyond the limit: if none was, the whole
        component has labels.
    entries
        To be given to the next search.
    """
    offsets, half = ways.offsets, ways.half
    state, touched, head, seeds = labels.state, labels.touched, labels.head, labels.seeds
    n_touched, waiting = 0, 0
    free: Whole = np.int64(-1)
    used: Whole = np.int64(0)
    is_cut = False
    bucket = limit_mm >> SHIFT
    for seed in range(n_seeds):
        vertex, reached = seeds[seed, 0], seeds[seed, 1]
        if reached > limit_mm:
            is_cut = True
            continue
        if reached >= state[vertex, 0]:
            continue
        if state[vertex, 0] == UNREACHED:
            touched[n_touched] = vertex
            n_touched += 1
        state[vertex, 0] = reached
        if used == len(entries):
            entries = longer(entries)
        free, used = put(head, entries, free, used, reached >> SHIFT, vertex)
        bucket = min(bucket, reached >> SHIFT)
        waiting += 1
    while waiting:
        if head[bucket] < 0:
            bucket += 1
            continue
        vertex, free = take(head, entries, free, bucket)
        waiting -= 1
        here = np.int64(state[vertex, 0])
        if here >> SHIFT != bucket or state[vertex, 1] == here:
            continue  # it was nearer, and has been looked at; or twice in this bucket
        state[vertex, 1] = here
        for at in range(offsets[vertex], offsets[vertex + 1]):
            reached = here + half[at, 1]
            if reached > limit_mm:
                is_cut = True
                continue
            other = half[at, 0]
            before = np.int64(state[other, 0])
            if reached >= before:
                continue
            state[other, 0] = reached
            if before == UNREACHED:
                touched[n_touched] = other
                n_touched += 1
            elif before >> SHIFT == reached >> SHIFT and state[other, 1] != before:
                continue  # it waits in this bucket already
            if free < 0 and used == len(entries):
                entries = longer(entries)
            free, used = put(head, entries, free, used, reached >> SHIFT, np.int64(other))
            waiting += 1
    return n_touched, is_cut, entries


@kernel
def forget(labels: Labels, n_touched: int) -> None:
    """Make labels as they were before a search."""
    for at in range(n_touched):
        labels.state[labels.touched[at], 0] = UNREACHED
        labels.state[labels.touched[at], 1] = -1
