"""The loops behind what stands in the way: eligible rows, and those that fail one condition.

The circle of a pair is its seeker's, who is the centre or the row: jobs have a radius without end,
so it is the smaller of the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match._jit import kernel
from geo_match.matching.criteria.forms import of_bounds, of_keys
from geo_match.matching.engine.choose import gather
from geo_match.matching.engine.judge import mark, sieve
from geo_match.rules.outcome import FAIL, UNKNOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.matching.engine.choose import Reached
    from geo_match.matching.engine.judge import Judging
    from geo_match.matching.engine.side import Rows

_FAIL, _UNKNOWN = int(FAIL), int(UNKNOWN)


class Nearest(NamedTuple):
    """The nearest of some rows for each of n centres, by k kinds.

    Parameters
    ----------
    row
        int64, (n, k): its row; -1 where there is none.
    distance_m
        float64, (n, k): inf where there is none.
    n
        int64, (n, k): how many there are.
    """

    row: NDArray[np.int64]
    distance_m: NDArray[np.float64]
    n: NDArray[np.int64]

    @classmethod
    def new(cls, n: int, k: int) -> Nearest:
        """Return that none was found yet."""
        return cls(np.full((n, k), -1), np.full((n, k), np.inf), np.zeros((n, k), dtype=np.int64))


@kernel
def note(
    nearest: Nearest, centre: int, kind: int, row: int, distance_m: float, order: NDArray[np.int64]
) -> None:
    """Count a row, and keep it if none is nearer; of two as near the one whose id comes first."""
    nearest.n[centre, kind] += 1
    before = nearest.row[centre, kind]
    if distance_m < nearest.distance_m[centre, kind] or (
        distance_m == nearest.distance_m[centre, kind] and order[row] < order[before]
    ):
        nearest.row[centre, kind] = row
        nearest.distance_m[centre, kind] = distance_m


@kernel
def count_eligible(
    by: Judging,
    centres: Rows,
    rows: Rows,
    order: NDArray[np.int64],
    reached: Reached,
    rungs: NDArray[np.float64],
    within: NDArray[np.int64],
    nearest: Nearest,
    slot: NDArray[np.int64],
    pair: NDArray[np.int64],
) -> None:
    """Count the rows that fail nothing but perhaps the distance.

    Parameters
    ----------
    rows
        Of the pool, in its order.
    order
        Of the rows of the side.
    rungs, within
        Radii, (k,), and how many lie within each, (n, k): added to, for the centres reached.
    nearest
        Added to: of all eligible rows, of those in the circle, and of those outside it but within
        twice the seeker's radius; by the rows of the centres' side.
    slot, pair
        Working memory for the rows of one circle.
    """
    for i in range(len(reached.centre)):
        centre = reached.centre[i]
        m = gather(reached, i, slot, pair)
        m = sieve(by, centres, centre, rows, slot, pair, m)
        for k in range(m):
            row, distance_m = reached.row[slot[k]], reached.distance_m[pair[k]]
            radius = min(centres.radius_m[centre], rows.radius_m[slot[k]])
            for rung in range(len(rungs)):
                within[centre, rung] += distance_m <= rungs[rung]
            note(nearest, centre, 0, row, distance_m, order)
            if distance_m <= radius:
                note(nearest, centre, 1, row, distance_m, order)
            elif distance_m <= 2.0 * radius:
                note(nearest, centre, 2, row, distance_m, order)


@kernel
def count_failing(
    by: Judging,
    centres: Rows,
    rows: Rows,
    order: NDArray[np.int64],
    reached: Reached,
    in_circle: NDArray[np.int64],
    missed: Nearest,
    most: int,
) -> None:
    """Count the rows in each circle, and those that fail exactly one condition, by its bit.

    Parameters
    ----------
    in_circle
        (n,), by the rows of the centres' side: added to.
    missed
        By the rows of the centres' side, and by the places of the conditions: added to.
    most
        The most rows that one centre reached.
    """
    centre_of, slot, pair, failed, unknown = (
        np.empty(most, dtype=np.int64),
        np.empty(most, dtype=np.int64),
        np.empty(most, dtype=np.int64),
        np.empty(most, dtype=np.int64),
        np.empty(most, dtype=np.int64),
    )
    for i in range(len(reached.centre)):
        centre = reached.centre[i]
        m = gather(reached, i, slot, pair)
        centre_of[:m] = centre
        if by.ranks_seekers:
            mark(by, rows, slot[:m], centres, centre_of[:m], failed, unknown)
        else:
            mark(by, centres, centre_of[:m], rows, slot[:m], failed, unknown)
        for k in range(m):
            radius = min(centres.radius_m[centre], rows.radius_m[slot[k]])
            if reached.distance_m[pair[k]] > radius:
                continue
            in_circle[centre] += 1
            bits = failed[k]
            if bits == 0 or bits & (bits - 1):  # none, or more than one
                continue
            kind = 0
            while bits > 1:
                bits >>= 1
                kind += 1
            note(missed, centre, kind, reached.row[slot[k]], reached.distance_m[pair[k]], order)


@kernel
def is_near_bound(
    reached: Reached,
    centres: Rows,
    rows: Rows,
    doubt_m: NDArray[np.float64],
    near: NDArray[np.bool_],
) -> None:
    """Write which pairs have a row whose circle ends, or twice its radius, as near as `doubt_m`.

    Parameters
    ----------
    rows
        Of the pool, in its order.
    """
    for i in range(len(reached.centre)):
        of_centre = centres.radius_m[reached.centre[i]]
        for pair in range(reached.offsets[i], reached.offsets[i + 1]):
            place, distance_m = reached.place[pair], reached.distance_m[pair]
            found = False
            for slot in range(reached.start[place], reached.start[place + 1]):
                radius = min(of_centre, rows.radius_m[slot])
                found |= abs(distance_m - radius) <= doubt_m[pair]
                found |= abs(distance_m - 2.0 * radius) <= doubt_m[pair]
            near[pair] = found


@kernel
def keep_eligible(
    by: Judging, centres: Rows, centre: int, rows: Rows, slot: NDArray[np.int64]
) -> int:
    """Write the slots of all eligible rows of a pool; return how many there are."""
    m = len(slot)
    for at in range(m):
        slot[at] = at
    return sieve(by, centres, centre, rows, slot, np.empty_like(slot), m)


@kernel
def add_eligible(
    by: Judging,
    centres: Rows,
    rows: Rows,
    reached: Reached,
    amount: NDArray[np.int64],
    n: NDArray[np.int64],
    total: NDArray[np.int64],
    most: int,
) -> int:
    """Add up the rows in each circle that fail nothing; return how many pairs were judged.

    Parameters
    ----------
    rows
        Of the pool, in its order: jobs, whose circles have no end.
    amount
        Of the rows of the side, at least 0.
    n, total
        How many rows there are, and the sum of their amounts, (c,), by the rows of the centres'
        side: added to.
    most
        The most rows that one centre reached.
    """
    slot, pair = np.empty(most, dtype=np.int64), np.empty(most, dtype=np.int64)
    judged = 0
    for i in range(len(reached.centre)):
        centre = reached.centre[i]
        m = gather(reached, i, slot, pair)
        judged += m
        m = sieve(by, centres, centre, rows, slot, pair, m)
        n[centre] += m
        for k in range(m):
            total[centre] += amount[reached.row[slot[k]]]
    return judged


@kernel
def _start(
    of_centre: int,
    reached: Reached,
    i: int,
    of_row: NDArray[np.int64],
    slot: NDArray[np.int64],
    failed: NDArray[np.int64],
) -> int:
    """Write the rows in one circle that fail at most one condition of one side alone; how many."""
    kept = 0
    for at in range(reached.offsets[i], reached.offsets[i + 1]):
        place = reached.place[at]
        for one in range(reached.start[place], reached.start[place + 1]):
            bits = of_centre | of_row[one]
            slot[kept], failed[kept] = one, bits
            kept += (bits & (bits - 1)) == 0
    return kept


@kernel
def _after(
    outcome: int,
    lenient: bool,
    bit_of: int,
    at: int,
    slot: NDArray[np.int64],
    failed: NDArray[np.int64],
    i: int,
    kept: int,
) -> int:
    """Move row i to the front, unless it fails a second time; return how many are there."""
    # Without branches: no processor guesses who fails.
    fails = (outcome == _FAIL) | ((outcome == _UNKNOWN) & (not lenient))
    before = failed[i]
    slot[kept] = at
    failed[kept] = before | (bit_of * fails)
    kept += (before == 0) | (not fails)
    return kept


@kernel
def _keep_single(
    by: Judging,
    centres: Rows,
    centre: int,
    rows: Rows,
    slot: NDArray[np.int64],
    failed: NDArray[np.int64],
    m: int,
) -> int:
    """Keep those of m rows that fail at most one condition, and write its bit; return how many."""
    n_keyed = len(by.keyed_bit)
    for step in by.sequence:
        kept = 0
        if step < n_keyed:
            width, bit_of = by.width[step], by.keyed_bit[step]
            start, own = by.start[step], centres.key[step, centre]
            codes, lenient = rows.key[step], (by.strict & bit_of) == 0
            for i in range(m):
                at = slot[i]
                outcome = of_keys(by.outcome, start, width, own, codes[at])
                kept = _after(outcome, lenient, bit_of, at, slot, failed, i, kept)
        else:
            place = step - n_keyed
            bit_of = by.bounded_bit[place]
            lenient = (by.strict & bit_of) == 0
            own_low, own_high = centres.low[place, centre], centres.high[place, centre]
            low, high = rows.low[place], rows.high[place]
            for i in range(m):
                at = slot[i]
                if by.job_amount[place]:
                    outcome = of_bounds(low[at], high[at], own_low, own_high)
                else:
                    outcome = of_bounds(own_low, own_high, low[at], high[at])
                kept = _after(outcome, lenient, bit_of, at, slot, failed, i, kept)
        m = kept
    return m


@kernel
def find_barrier(
    by: Judging,
    centres: Rows,
    rows: Rows,
    reached: Reached,
    n_conditions: int,
    barrier: NDArray[np.int64],
) -> int:
    """Write which condition alone keeps the most rows from each centre; return the pairs judged.

    Parameters
    ----------
    centres, rows
        Of seekers; and of the pool of all jobs that have a place, in its order.
    barrier
        (c,), by the rows of the centres' side: the place of the condition that most rows in the
        circle fail and nothing else, the first of those that as many do. Left as it is where each
        row fails several, or none.
    """
    # One more than there are: who is left out is written, too, and then written over.
    slot, failed = np.empty(len(rows.order) + 1, np.int64), np.empty(len(rows.order) + 1, np.int64)
    of_row = (rows.failed | (rows.unknown & by.strict)) & by.asked
    n = np.empty(n_conditions, dtype=np.int64)
    judged = 0
    for i in range(len(reached.centre)):
        centre = reached.centre[i]
        of_centre = (centres.failed[centre] | (centres.unknown[centre] & by.strict)) & by.asked
        for at in range(reached.offsets[i], reached.offsets[i + 1]):
            judged += reached.start[reached.place[at] + 1] - reached.start[reached.place[at]]
        m = _start(of_centre, reached, i, of_row, slot, failed)
        m = _keep_single(by, centres, centre, rows, slot, failed, m)
        n[:] = 0
        for k in range(m):
            bits, kind = failed[k], -1
            while bits:
                bits >>= 1
                kind += 1
            if kind >= 0:
                n[kind] += 1
        found = 0
        for kind in range(n_conditions):
            if n[kind] > n[found]:
                found = kind
        if n[found] > 0:
            barrier[centre] = found
    return judged
