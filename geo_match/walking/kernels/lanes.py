"""The search on foot from several places at once: a lane each, side by side in a vector.

Places near one another walk the same streets at nearly the same time. A vertex has a label a lane,
and a street is walked in all lanes by a few machine instructions on vectors, which no loop that
Numba is given becomes; so they are written out here as LLVM's. A vertex whose lanes come by
different ways is looked at about twice, for eight places, not eight times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from geo_match._jit import kernel
from geo_match.walking.kernels.search import longer, put, take

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from geo_match.walking.kernels.search import Integers, Ways, Whole

LANES = 8
ALL_LANES = (1 << LANES) - 1
FAR = 2**30
"""The label of a vertex that was not reached; limits are below it, and so no sum leaves int32."""
SHIFT = 17
"""A bucket is 2¹⁷ mm wide, 131 m: of 2¹⁵ to 2¹⁸ mm the one with which vertices wait least often."""
NEVER, DONE = -2, -1
"""A vertex that was never reached; one that waits in no bucket."""

_INT = ir.IntType(32)
VECTOR = ir.VectorType(_INT, LANES)


class Lanes(NamedTuple):
    """Working memory of one call, for n vertices; never shared between calls.

    Parameters
    ----------
    labels
        int32, (n, `LANES`): `FAR` between searches.
    waits
        int32, (n,): the bucket in which a vertex waits, or `NEVER`, as between searches, or `DONE`.
    touched
        int32, (n,): the vertices with a label.
    head, entries
        As in `Labels`.
    """

    labels: Integers
    waits: Integers
    touched: Integers
    head: Integers
    entries: Integers


def splat(builder: Any, number: Any) -> Any:  # noqa: ANN401 - llvmlite has no types
    """Return a vector that has a number in each lane."""
    nothing = ir.Constant(VECTOR, ir.Undefined)
    one = builder.insert_element(nothing, number, ir.Constant(_INT, 0))
    return builder.shuffle_vector(one, nothing, ir.Constant(VECTOR, [0] * LANES))


def row_of(context: Any, builder: Any, kind: Any, array: Any, at: Any) -> Any:  # noqa: ANN401 - the same
    """Return where row `at` of an array of lanes is in memory, as a vector."""
    data = cast("Any", make_array)(kind)(context, builder, array).data
    first = builder.gep(data, [builder.mul(at, ir.Constant(at.type, LANES))])
    return builder.bitcast(first, VECTOR.as_pointer())


def _walk(
    _typing: Any,  # noqa: ANN401 - the same
    labels: Any,  # noqa: ANN401 - the same
    _vertex: Any,  # noqa: ANN401 - the same
    _other: Any,  # noqa: ANN401 - the same
    _length: Any,  # noqa: ANN401 - the same
    _limit: Any,  # noqa: ANN401 - the same
) -> Any:  # noqa: ANN401 - the same
    """Build `walk`."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ANN401 - the same
        array, vertex, other, length, limit = arguments
        kind = signature.args[0]
        there = row_of(context, builder, kind, array, other)
        here = builder.load(row_of(context, builder, kind, array, vertex), align=4)
        before = builder.load(there, align=4)
        reached = builder.add(here, splat(builder, length))
        is_less = builder.and_(
            builder.icmp_signed("<", reached, before),
            builder.icmp_signed("<=", reached, splat(builder, limit)),
        )
        builder.store(builder.select(is_less, reached, before), there, align=4)
        least = cast("Any", cgutils).get_or_insert_function(
            builder.module,
            ir.FunctionType(_INT, [VECTOR]),
            f"llvm.vector.reduce.smin.v{LANES}i32",
        )
        far = ir.Constant(VECTOR, [FAR] * LANES)
        return builder.call(least, [builder.select(is_less, reached, far)])

    return types.int32(labels, types.int64, types.int64, types.int32, types.int32), build


def _reach(_typing: Any, labels: Any, _vertex: Any, _more: Any, limits: Any) -> Any:  # noqa: ANN401 - the same
    """Build `reach`."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:  # noqa: ANN401 - the same
        array, vertex, more, limit = arguments
        here = builder.load(row_of(context, builder, signature.args[0], array, vertex), align=4)
        zero = ir.Constant(vertex.type, 0)
        most = builder.load(row_of(context, builder, signature.args[3], limit, zero), align=4)
        is_within = builder.icmp_signed("<=", here, builder.sub(most, splat(builder, more)))
        bits = builder.bitcast(is_within, ir.IntType(LANES))
        return builder.zext(bits, ir.IntType(64))

    return types.int64(labels, types.int64, types.int32, limits), build


walk = cast("Callable[..., int]", intrinsic(_walk))
"""Label a vertex from another by a street, in all lanes where that is shorter and within the limit.

walk(labels, vertex, other, length_mm, limit_mm) returns the least label that is new, or `FAR`.
"""
reach = cast("Callable[..., int]", intrinsic(_reach))
"""Return, a bit a lane, where a vertex's label and so much more are within the lane's limit.

reach(labels, vertex, more_mm, limits_mm): the labels are compared with the difference, which is in
int32 for all that there may be more.
"""


@kernel
def search_lanes(
    ways: Ways,
    lanes: Lanes,
    entries: Integers,
    seeds: NDArray[np.int64],
    n_seeds: int,
    limit_mm: Whole,
) -> tuple[int, Integers]:
    """Label every vertex that is at most so far from the seeds, in each lane, with how far it is.

    Parameters
    ----------
    seeds
        (·, 3): vertex, lane, mm.

    Returns
    -------
    n_touched, entries
        As of `search`.
    """
    offsets, half = ways.offsets, ways.half
    labels, waits, touched, head = lanes.labels, lanes.waits, lanes.touched, lanes.head
    n_touched, waiting = 0, 0
    free: Whole = np.int64(-1)
    used: Whole = np.int64(0)
    limit = np.int32(limit_mm)
    bucket = limit_mm >> SHIFT
    for seed in range(n_seeds):
        vertex, lane, reached = seeds[seed, 0], seeds[seed, 1], seeds[seed, 2]
        if reached > limit_mm or reached >= labels[vertex, lane]:
            continue
        labels[vertex, lane] = reached
        into = reached >> SHIFT
        if waits[vertex] == NEVER:
            touched[n_touched] = vertex
            n_touched += 1
        elif waits[vertex] <= into:
            continue
        waits[vertex] = into
        if used == len(entries):
            entries = longer(entries)
        free, used = put(head, entries, free, used, into, vertex)
        bucket = min(bucket, into)
        waiting += 1
    while waiting:
        if head[bucket] < 0:
            bucket += 1
            continue
        vertex, free = take(head, entries, free, bucket)
        waiting -= 1
        if waits[vertex] != bucket:
            continue  # it was moved to an earlier bucket
        waits[vertex] = DONE
        for at in range(offsets[vertex], offsets[vertex + 1]):
            length = half[at, 1]
            if length > limit:
                continue
            other = np.int64(half[at, 0])
            least = walk(labels, vertex, other, length, limit)
            if least == FAR:
                continue
            into = np.int64(least) >> SHIFT
            if waits[other] == NEVER:
                touched[n_touched] = other
                n_touched += 1
            elif waits[other] != DONE and waits[other] <= into:
                continue
            waits[other] = into
            if free < 0 and used == len(entries):
                entries = longer(entries)
            free, used = put(head, entries, free, used, into, other)
            waiting += 1
    return n_touched, entries


@kernel
def forget_lanes(lanes: Lanes, n_touched: int) -> None:
    """Make labels as they were before a search."""
    for at in range(n_touched):
        vertex = lanes.touched[at]
        lanes.waits[vertex] = NEVER
        for lane in range(LANES):
            lanes.labels[vertex, lane] = FAR


__all__ = [
    "ALL_LANES",
    "DONE",
    "FAR",
    "LANES",
    "NEVER",
    "SHIFT",
    "VECTOR",
    "Lanes",
    "forget_lanes",
    "reach",
    "row_of",
    "search_lanes",
    "splat",
    "walk",
]
