"""The points within reach of many places, one by one with distances: eight places at a time.

What hangs on a street that any of the places reaches is looked at once for all of them, and put in
order once. Each place then picks its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from geo_match._jit import kernel
from geo_match.walking.kernels.lanes import (
    FAR,
    LANES,
    NEVER,
    forget_lanes,
    row_of,
    search_lanes,
    splat,
)
from geo_match.walking.kernels.reach import (
    END,
    FIRST,
    START,
    STOP,
    beside_ends,
    by_ends,
    occupied,
    sort_by_high,
    special,
)
from geo_match.walking.kernels.search import find_seeds

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo_match.walking.kernels.lanes import Lanes
    from geo_match.walking.kernels.reach import Hung, Members
    from geo_match.walking.kernels.search import Integers, Sources, Ways, Whole

    Longs = NDArray[np.int64]


def _measure(
    _typing: Any,  # noqa: ANN401 - llvmlite has no types
    labels: Any,  # noqa: ANN401 - the same
    _start: Any,  # noqa: ANN401 - the same
    _end: Any,  # noqa: ANN401 - the same
    _from_start: Any,  # noqa: ANN401 - the same
    _from_end: Any,  # noqa: ANN401 - the same
    limits: Any,  # noqa: ANN401 - the same
    lengths: Any,  # noqa: ANN401 - the same
    _to: Any,  # noqa: ANN401 - the same
) -> Any:  # noqa: ANN401 - the same
    """Build `measure`."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ANN401 - the same
        array, start, end, from_start, from_end, limit, told, to = arguments
        kinds = signature.args
        by_start, by_end = (
            builder.add(
                builder.load(row_of(context, builder, kinds[0], array, vertex), align=4),
                splat(builder, more),
            )
            for vertex, more in ((start, from_start), (end, from_end))
        )
        length = builder.select(builder.icmp_signed("<", by_start, by_end), by_start, by_end)
        builder.store(length, row_of(context, builder, kinds[6], told, to), align=4)
        zero = ir.Constant(start.type, 0)
        most = builder.load(row_of(context, builder, kinds[5], limit, zero), align=4)
        within = builder.icmp_signed("<=", length, most)
        return builder.zext(builder.bitcast(within, ir.IntType(LANES)), ir.IntType(64))

    long, whole = types.int64, types.int32
    return long(labels, long, long, whole, whole, limits, lengths, long), build


measure = cast("Callable[..., int]", intrinsic(_measure))
"""Write how far a place is by way of its edge's ends, in all lanes, and say where that is within.

measure(labels, start, end, from_start_mm, from_end_mm, limits_mm, lengths_mm, to) writes row `to`
of the lengths and returns a bit a lane. The two ways are below `FAR`, so that no sum leaves int32.
"""


@kernel
def _put_row(members: Members, place: Whole, row: Whole, rows: Longs, n_rows: Whole) -> Whole:
    """Write the points of a place, each with the row of its lengths."""
    for at in range(members.offsets[place], members.offsets[place + 1]):
        rows[n_rows] = (np.int64(members.point[at]) << 32) | row
        n_rows += 1
    return n_rows


@kernel
def _list_found(
    ways: Ways,
    lanes: Lanes,
    n_touched: int,
    hung: Hung,
    members: Members,
    sources: Sources,
    first: int,
    n_lanes: int,
    limits: Integers,
    is_special: NDArray[np.bool_],
    lengths: Integers,
    rows: Longs,
) -> Whole:
    """Write the points that are within the limit of a lane, and how far they are in each lane.

    Parameters
    ----------
    is_special
        (k,): false for all occupied edges; it is left so.
    lengths
        (s, `LANES`), of slots.
    rows
        A point in the upper, its slot in the lower 32 bits.
    """
    labels, edges = lanes.labels, hung.edges
    row: Whole
    n_rows: Whole = np.int64(0)
    n_special = 1 + len(ways.opened)
    for lane in range(n_lanes):
        for at in range(n_special):
            edge = special(ways, sources.edge[first + lane], at)
            row = occupied(ways, hung, edge) if edge >= 0 else -1
            if row < 0 or is_special[row]:
                continue
            is_special[row] = True
            for slot in range(edges[row, FIRST], edges[row, STOP]):
                is_within = False
                for one in range(n_lanes):
                    mm = min(
                        by_ends(labels, one, hung, row, slot),
                        beside_ends(ways, labels, one, hung, sources, first + one, edge, slot),
                    )
                    is_within |= mm <= limits[one]
                    lengths[slot, one] = min(mm, FAR)
                if is_within:
                    n_rows = _put_row(members, hung.place[slot], slot, rows, n_rows)
    for at in range(n_touched):
        vertex = np.int64(lanes.touched[at])
        n_owned = hung.own[vertex + 1] - hung.own[vertex]
        n_led = hung.led_offsets[vertex + 1] - hung.led_offsets[vertex]
        for turn in range(n_owned + n_led):
            if turn < n_owned:
                row = np.int64(hung.own[vertex] + turn)
            else:
                row = np.int64(hung.led[hung.led_offsets[vertex] + turn - n_owned])
                if lanes.waits[edges[row, START]] != NEVER:
                    continue  # its owner looks at it
            if is_special[row]:
                continue
            start, end = np.int64(edges[row, START]), np.int64(edges[row, END])
            for slot in range(edges[row, FIRST], edges[row, STOP]):
                from_start = np.int32(min(hung.from_start_mm[slot], FAR - 1))
                from_end = np.int32(min(hung.from_end_mm[slot], FAR - 1))
                if measure(
                    labels, start, end, from_start, from_end, limits, lengths, np.int64(slot)
                ):
                    n_rows = _put_row(members, hung.place[slot], slot, rows, n_rows)
    for lane in range(n_lanes):
        for at in range(n_special):
            edge = special(ways, sources.edge[first + lane], at)
            row = occupied(ways, hung, edge) if edge >= 0 else -1
            if row >= 0:
                is_special[row] = False
    return n_rows


@kernel
def collect_lanes(
    ways: Ways,
    lanes: Lanes,
    hung: Hung,
    members: Members,
    sources: Sources,
    limit_mm: Longs,
    first_source: int,
    offsets: Longs,
    keys: Longs,
) -> int:
    """Write the points within the limit of sources; all as of `collect`.

    Returns
    -------
    int
        The first source that was not finished, since the keys might not have had room.
    """
    entries = lanes.entries
    limits = np.empty(LANES, dtype=np.int32)
    own_seeds = np.empty((2 + len(ways.opened), 2), dtype=np.int64)
    seeds = np.empty((LANES * len(own_seeds), 3), dtype=np.int64)
    is_special = np.zeros(len(hung.edges), dtype=np.bool_)
    lengths = np.empty((len(hung.place), LANES), dtype=np.int32)
    rows = np.empty(len(members.point), dtype=np.int64)
    aside = np.empty(len(members.point), dtype=np.int64)
    bits = 1
    while len(members.point) >> bits:
        bits += 1
    for first in range(first_source, len(limit_mm), LANES):
        n_lanes = min(LANES, len(limit_mm) - first)
        most, n_seeds = np.int64(0), 0
        limits[:] = -1
        for lane in range(n_lanes):
            limits[lane] = limit_mm[first + lane]
            most = max(most, limit_mm[first + lane])
            for seed in range(find_seeds(ways, sources, first + lane, own_seeds)):
                seeds[n_seeds, 0], seeds[n_seeds, 1] = own_seeds[seed, 0], lane
                seeds[n_seeds, 2] = own_seeds[seed, 1]
                n_seeds += 1
        n_touched, entries = search_lanes(ways, lanes, entries, seeds, n_seeds, most)
        n_rows = _list_found(
            ways,
            lanes,
            n_touched,
            hung,
            members,
            sources,
            first,
            n_lanes,
            limits,
            is_special,
            lengths,
            rows,
        )
        forget_lanes(lanes, n_touched)
        sort_by_high(rows, aside, 0, n_rows, bits)
        filled = offsets[first]
        for lane in range(n_lanes):
            if filled + n_rows >= len(keys):
                return first
            limit = limits[lane]
            for at in range(n_rows):
                mm = lengths[rows[at] & 0xFFFFFFFF, lane]
                # Written in any case, and kept if it is within: no branch to be guessed.
                keys[filled] = (rows[at] >> 32 << 32) | mm
                filled += mm <= limit
            offsets[first + lane + 1] = filled
    return len(limit_mm)


__all__ = ["collect_lanes"]
