"""What hangs within reach of a place, one by one, and the nearest: loops behind the search."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match._jit import kernel
from geo_match.walking.kernels.search import (
    UNREACHED,
    along,
    find_seeds,
    forget,
    search,
    to_opened,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.kernels.search import Floats, Integers, Labels, Sources, Ways, Whole

EDGE, START, END, FIRST, STOP, FAR_START, FAR_END = 0, 1, 2, 3, 4, 5, 6
"""The columns of `Hung.edges`."""
_DIGIT_BITS = 11


class Hung(NamedTuple):
    """Places on a graph of n vertices, in s slots on k occupied edges.

    Slots are ordered by the first vertex of their edge, then by the edge, then by place; occupied
    edges likewise. What leads to a place has the place's snap in it.

    Parameters
    ----------
    own
        int64, (n + 1,): vertex v owns the occupied edges `own[v]` to `own[v + 1]`.
    led_offsets, led
        int64, (n + 1,), and int32: the occupied edges that end at v without beginning there.
    need_mm
        int32, (n,): a label so much below the limit says that every place on the edges that the
        vertex owns is within it, and that the owners of the edges that end here are.
    edges
        int32, (k, 7): the edge, its two vertices, its slots, and how far the farthest of its
        places is from the one and from the other vertex.
    place
        int32, (s,): which place the slot holds.
    from_start_mm, from_end_mm, snap_mm
        int32, (s,): from the edge's ends to the place; the part of these beyond the street.
    lon, lat, place_lon, place_lat
        Degrees, (s,), as in `Snaps`.
    """

    own: NDArray[np.int64]
    led_offsets: NDArray[np.int64]
    led: Integers
    need_mm: Integers
    edges: Integers
    place: Integers
    from_start_mm: Integers
    from_end_mm: Integers
    snap_mm: Integers
    lon: Floats
    lat: Floats
    place_lon: Floats
    place_lat: Floats


class Members(NamedTuple):
    """Which points stand at each place: `point[offsets[p]:offsets[p + 1]]`, int64 and int32."""

    offsets: NDArray[np.int64]
    point: Integers


@kernel
def occupied(ways: Ways, hung: Hung, edge: Whole) -> Whole:
    """Return the number of an edge among the occupied ones, or −1."""
    owner = ways.start[edge]
    for row in range(hung.own[owner], hung.own[owner + 1]):
        if hung.edges[row, EDGE] == edge:
            return np.int64(row)
    return np.int64(-1)


@kernel
def by_ends(labels: Integers, lane: int, hung: Hung, row: Whole, slot: Whole) -> Whole:
    """Return how far the place in a slot is by way of its edge's ends, mm.

    Parameters
    ----------
    labels, lane
        (n, ·), and in which column of it the labels are.
    """
    by_start = np.int64(labels[hung.edges[row, START], lane]) + hung.from_start_mm[slot]
    by_end = np.int64(labels[hung.edges[row, END], lane]) + hung.from_end_mm[slot]
    return np.int64(min(by_start, by_end))


@kernel
def beside_ends(
    ways: Ways,
    labels: Integers,
    lane: int,
    hung: Hung,
    sources: Sources,
    source: Whole,
    edge: Whole,
    slot: Whole,
) -> Whole:
    """Return how far the place in a slot is along its edge: from a source, or an opened vertex."""
    lon, lat, snap = hung.lon[slot], hung.lat[slot], np.int64(hung.snap_mm[slot])
    to_start, to_end = hung.from_start_mm[slot] - snap, hung.from_end_mm[slot] - snap
    least = np.int64(2) * UNREACHED
    if sources.edge[source] == edge:
        if (
            sources.place_lon[source] == hung.place_lon[slot]
            and sources.place_lat[source] == hung.place_lat[slot]
        ):
            return np.int64(0)
        way = along(
            sources.lon[source],
            sources.lat[source],
            sources.to_start_mm[source],
            sources.to_end_mm[source],
            lon,
            lat,
            to_start,
            to_end,
        )
        least = sources.snap_mm[source] + snap + way
    for one in range(len(ways.opened)):
        if ways.opened[one, 0] == edge:
            reached = np.int64(labels[ways.opened[one, 1], lane])
            way = to_opened(ways, one, lon, lat, to_start, to_end)
            least = min(least, reached + snap + way)
    return least


@kernel
def special(ways: Ways, own_edge: Whole, at: int) -> Whole:
    """Return the edge that is looked at by itself as number `at`, or −1 if it was already.

    They are the source's own edge, number 0, and those with opened vertices.
    """
    if at == 0:
        return np.int64(own_edge)
    edge = ways.opened[at - 1, 0]
    if edge == own_edge:
        return np.int64(-1)
    for earlier in range(at - 1):
        if ways.opened[earlier, 0] == edge:
            return np.int64(-1)
    return np.int64(edge)


@kernel
def sort_by_high(
    keys: NDArray[np.int64], aside: NDArray[np.int64], start: int, stop: Whole, bits: int
) -> None:
    """Sort keys by so many bits above the lower 32: a radix sort from the least digit on."""
    passes = max(1, (bits + _DIGIT_BITS - 1) // _DIGIT_BITS)
    digit_bits = (bits + passes - 1) // passes
    mask = (1 << digit_bits) - 1
    next_place = np.empty(1 << digit_bits, dtype=np.int64)
    for turn in range(passes):
        shift = 32 + turn * digit_bits
        next_place[:] = 0
        for at in range(start, stop):
            next_place[(keys[at] >> shift) & mask] += 1
        before = np.int64(0)
        for digit in range(len(next_place)):
            here = next_place[digit]
            next_place[digit] = before
            before += here
        for at in range(start, stop):
            digit = (keys[at] >> shift) & mask
            aside[next_place[digit]] = keys[at]
            next_place[digit] += 1
        for at in range(stop - start):
            keys[start + at] = aside[at]


@kernel
def _put(
    hung: Hung,
    members: Members,
    slot: Whole,
    mm: Whole,
    by_distance: bool,  # noqa: FBT001 - a compiled loop has no keywords
    keys: NDArray[np.int64],
    filled: int,
) -> int:
    """Write the points at a slot's place as keys; return where the next goes, −1 for no room."""
    place = hung.place[slot]
    first, stop = members.offsets[place], members.offsets[place + 1]
    if filled + stop - first > len(keys):
        return -1
    for at in range(first, stop):
        point = np.int64(members.point[at])
        keys[filled] = (mm << 32) | point if by_distance else (point << 32) | mm
        filled += 1
    return filled


@kernel
def _list_found(
    ways: Ways,
    labels: Labels,
    n_touched: int,
    hung: Hung,
    members: Members,
    sources: Sources,
    source: Whole,
    limit_mm: Whole,
    by_distance: bool,  # noqa: FBT001 - the same
    keys: NDArray[np.int64],
    filled: int,
) -> int:
    """Write the points within the limit after a search; return as `_put`."""
    state, edges = labels.state, hung.edges
    own_edge = sources.edge[source]
    n_opened = len(ways.opened)
    for at in range(n_touched):
        vertex = labels.touched[at]
        first_owned, n_owned = hung.own[vertex], hung.own[vertex + 1] - hung.own[vertex]
        first_led, n_led = (
            hung.led_offsets[vertex],
            hung.led_offsets[vertex + 1] - hung.led_offsets[vertex],
        )
        for turn in range(n_owned + n_led):
            if turn < n_owned:
                row = first_owned + turn
            else:
                row = np.int64(hung.led[first_led + turn - n_owned])
                if state[edges[row, START], 0] != UNREACHED:
                    continue  # its owner looks at it
            is_special = edges[row, EDGE] == own_edge
            for one in range(n_opened):
                is_special |= ways.opened[one, 0] == edges[row, EDGE]
            if is_special:
                continue
            for slot in range(edges[row, FIRST], edges[row, STOP]):
                mm = by_ends(state, 0, hung, row, slot)
                if mm <= limit_mm:
                    filled = _put(hung, members, slot, mm, by_distance, keys, filled)
                    if filled < 0:
                        return -1
    for at in range(1 + n_opened):
        edge = special(ways, own_edge, at)
        row = occupied(ways, hung, edge) if edge >= 0 else -1
        if row < 0:
            continue
        for slot in range(edges[row, FIRST], edges[row, STOP]):
            mm = by_ends(state, 0, hung, row, slot)
            mm = min(mm, beside_ends(ways, state, 0, hung, sources, source, edge, slot))
            if mm <= limit_mm:
                filled = _put(hung, members, slot, mm, by_distance, keys, filled)
                if filled < 0:
                    return -1
    return filled


@kernel
def collect(
    ways: Ways,
    labels: Labels,
    hung: Hung,
    members: Members,
    sources: Sources,
    limit_mm: NDArray[np.int64],
    first: int,
    offsets: NDArray[np.int64],
    keys: NDArray[np.int64],
) -> int:
    """Write the points within the limit of sources from `first` on, each source's by position.

    Parameters
    ----------
    offsets
        (q + 1,): `offsets[first]` is where to begin; those behind are written.
    keys
        A point's position in the upper, its distance in mm in the lower 32 bits.

    Returns
    -------
    int
        The first source that was not finished, since the keys were full; q if all were.
    """
    entries = labels.entries
    aside = np.empty(len(keys), dtype=np.int64)
    bits = 1
    while len(members.point) >> bits:
        bits += 1
    for source in range(first, len(limit_mm)):
        limit = limit_mm[source]
        n_seeds = find_seeds(ways, sources, source, labels.seeds)
        n_touched, _, entries = search(ways, labels, entries, n_seeds, limit)
        start = offsets[source]
        stop = _list_found(
            ways,
            labels,
            n_touched,
            hung,
            members,
            sources,
            source,
            limit,
            False,  # noqa: FBT003 - the same
            keys,
            start,
        )
        forget(labels, n_touched)
        if stop < 0:
            return source
        sort_by_high(keys, aside, start, stop, bits)
        offsets[source + 1] = stop
    return len(limit_mm)


@kernel
def nearest(
    ways: Ways,
    labels: Labels,
    hung: Hung,
    members: Members,
    sources: Sources,
    k: int,
    first_limit_mm: int,
    last_limit_mm: int,
    n_found: NDArray[np.int64],
    keys: NDArray[np.int64],
) -> None:
    """Write the k nearest points of each source, nearest first: the limit doubles until k are in.

    Parameters
    ----------
    last_limit_mm
        No point farther away is looked for.
    n_found
        (q,); written.
    keys
        (q, k): a point's distance in mm in the upper, its position in the lower 32 bits.
    """
    entries = labels.entries
    room = np.empty(len(members.point), dtype=np.int64)
    for source in range(len(n_found)):
        n_seeds = find_seeds(ways, sources, source, labels.seeds)
        limit = min(np.int64(first_limit_mm) + sources.snap_mm[source], last_limit_mm)
        while True:
            n_touched, is_cut, entries = search(ways, labels, entries, n_seeds, limit)
            found = _list_found(
                ways,
                labels,
                n_touched,
                hung,
                members,
                sources,
                source,
                limit,
                True,  # noqa: FBT003 - the same
                room,
                0,
            )
            forget(labels, n_touched)
            if found >= k or limit == last_limit_mm:
                break
            # Of a component that is searched whole the rest may still hang beyond the limit.
            limit = min(2 * limit, last_limit_mm) if is_cut else last_limit_mm
        chosen = np.sort(room[:found])[:k]
        n_found[source] = len(chosen)
        for at in range(len(chosen)):
            keys[source, at] = chosen[at]


__all__ = [
    "Hung",
    "Members",
    "beside_ends",
    "by_ends",
    "collect",
    "nearest",
    "occupied",
    "sort_by_high",
    "special",
]
