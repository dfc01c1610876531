"""The loops that choose: of the pairs in the circles, the matches, and the best of them.

Who is asked for is a centre, whoever is chosen for it a row. Rows at one place share the distance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from geo_match._jit import kernel
from geo_match.matching.criteria.score import closeness_of, education_of, score_of, wage_of
from geo_match.matching.engine.judge import Judging, sieve

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geo_match.matching.engine.side import Rows


_ROUNDING: Final = 1e-12
"""More than the rounding of a few sums and products of numbers up to 1."""


class Reached(NamedTuple):
    """The places in the circles of some centres, and the rows at each place.

    Parameters
    ----------
    centre
        int64, (n,): the row of each centre among its side.
    offsets, place, distance_m
        The pairs of centre and place, as `Pairs` has them.
    start, row
        int64: the rows at place p are `row[start[p]:start[p + 1]]` of their side.
    """

    centre: NDArray[np.int64]
    offsets: NDArray[np.int64]
    place: NDArray[np.int64]
    distance_m: NDArray[np.float64]
    start: NDArray[np.int64]
    row: NDArray[np.int64]


class Best(NamedTuple):
    """What is chosen, with room for each centre from `room[i]` to `room[i + 1]`.

    Parameters
    ----------
    room
        int64, (n + 1,).
    n
        int64, (n,): how many are chosen for each centre.
    row, distance_m, score
        The chosen, the best first.
    """

    room: NDArray[np.int64]
    n: NDArray[np.int64]
    row: NDArray[np.int64]
    distance_m: NDArray[np.float64]
    score: NDArray[np.float64]


@kernel
def count_rows(reached: Reached, n: NDArray[np.int64]) -> None:
    """Write how many rows each circle holds."""
    for i in range(len(reached.centre)):
        total = 0
        for pair in range(reached.offsets[i], reached.offsets[i + 1]):
            place = reached.place[pair]
            total += reached.start[place + 1] - reached.start[place]
        n[i] = total


@kernel
def gather(reached: Reached, i: int, slot: NDArray[np.int64], pair: NDArray[np.int64]) -> int:
    """Write the slots of all rows in one circle, and the pair of each; return how many."""
    n = 0
    for at in range(reached.offsets[i], reached.offsets[i + 1]):
        place = reached.place[at]
        for one in range(reached.start[place], reached.start[place + 1]):
            slot[n], pair[n] = one, at
            n += 1
    return n


@kernel
def count_own(reached: Reached, radius_m: NDArray[np.float64], n: NDArray[np.int64]) -> None:
    """Write how many rows with a radius of their own, by their slots, reach each centre."""
    for i in range(len(reached.centre)):
        total = 0
        for pair in range(reached.offsets[i], reached.offsets[i + 1]):
            place = reached.place[pair]
            for slot in range(reached.start[place], reached.start[place + 1]):
                total += reached.distance_m[pair] <= radius_m[slot]
        n[i] = total


@kernel
def is_near_own(
    reached: Reached,
    radius_m: NDArray[np.float64],
    doubt_m: NDArray[np.float64],
    near: NDArray[np.bool_],
) -> None:
    """Write which pairs have a row whose own radius, by slots, is as near as `doubt_m`."""
    for pair in range(len(reached.place)):
        place = reached.place[pair]
        found = False
        for slot in range(reached.start[place], reached.start[place + 1]):
            found |= abs(reached.distance_m[pair] - radius_m[slot]) <= doubt_m[pair]
        near[pair] = found


@kernel
def _is_worse(best: Best, one: int, score: float, order: int, by_order: NDArray[np.int64]) -> bool:
    """Return whether a chosen one ranks behind a score and a place in the order of the ids."""
    if best.score[one] != score:
        return bool(best.score[one] < score)
    return bool(by_order[best.row[one]] > order)


@kernel
def _exchange(best: Best, one: int, other: int) -> None:
    best.row[one], best.row[other] = best.row[other], best.row[one]
    best.distance_m[one], best.distance_m[other] = best.distance_m[other], best.distance_m[one]
    best.score[one], best.score[other] = best.score[other], best.score[one]


@kernel
def _sink(best: Best, first: int, at: int, n: int, by_order: NDArray[np.int64]) -> None:
    """Let one sink in a heap of n that has its worst at the top."""
    while True:
        child = 2 * at + 1
        if child >= n:
            return
        if child + 1 < n and _is_worse(
            best,
            first + child + 1,
            best.score[first + child],
            by_order[best.row[first + child]],
            by_order,
        ):
            child += 1
        if not _is_worse(
            best, first + child, best.score[first + at], by_order[best.row[first + at]], by_order
        ):
            return
        _exchange(best, first + at, first + child)
        at = child


@kernel
def _rise(best: Best, first: int, at: int, by_order: NDArray[np.int64]) -> None:
    """Let one rise in a heap that has its worst at the top."""
    while at > 0:
        parent = (at - 1) // 2
        if not _is_worse(
            best,
            first + at,
            best.score[first + parent],
            by_order[best.row[first + parent]],
            by_order,
        ):
            return
        _exchange(best, first + at, first + parent)
        at = parent


@kernel
def _offer(
    best: Best,
    first: int,
    n: int,
    room: int,
    row: int,
    distance_m: float,
    score: float,
    by_order: NDArray[np.int64],
) -> int:
    """Offer one to the n chosen of a centre; return how many they are then."""
    if n < room:
        best.row[first + n] = row
        best.distance_m[first + n] = distance_m
        best.score[first + n] = score
        _rise(best, first, n, by_order)
        return n + 1
    if _is_worse(best, first, score, by_order[row], by_order):
        best.row[first] = row
        best.distance_m[first] = distance_m
        best.score[first] = score
        _sink(best, first, 0, n, by_order)
    return n


@kernel
def _sort(best: Best, first: int, n: int, by_order: NDArray[np.int64]) -> None:
    """Put the best first: the worst, at the top, goes to the end again and again."""
    for last in range(n - 1, 0, -1):
        _exchange(best, first, first + last)
        _sink(best, first, 0, last, by_order)


@kernel
def choose(
    by: Judging,
    centres: Rows,
    rows: Rows,
    reached: Reached,
    best: Best,
    slot: NDArray[np.int64],
    pair: NDArray[np.int64],
) -> int:
    """Choose the best matches of each centre; return how many pairs were judged.

    Parameters
    ----------
    rows
        Those of the pool, in its order: its slots.
    slot, pair
        Working memory for the rows of one circle.
    """
    by_order, place_of = rows.order, by.occupation
    width, table = by.width[place_of], by.nearness
    codes = rows.key[place_of]
    worth_0, worth_1, worth_2 = rows.worth[0], rows.worth[1], rows.worth[2]
    judged = 0
    for i in range(len(reached.centre)):
        centre = reached.centre[i]
        m, farthest = gather(reached, i, slot, pair), 0.0
        for at in range(reached.offsets[i], reached.offsets[i + 1]):
            farthest = max(farthest, reached.distance_m[at])
        judged += m
        m = sieve(by, centres, centre, rows, slot, pair, m)
        if by.ranks_seekers:
            base, stride = centres.key[place_of, centre], width
        else:
            base, stride = centres.key[place_of, centre] * width, 1
        first, room, n = best.room[i], best.room[i + 1] - best.room[i], 0
        # Closeness is convex in the distance, so it lies below the line from 1 at the centre to
        # what it is at the farthest place. Who would not be chosen at the line is not measured.
        slope = 0.0
        if farthest > 0.0:
            slope = (1.0 - closeness_of(farthest, by.half_distance_m)) / farthest
        for k in range(m):
            s, distance_m = slot[k], reached.distance_m[pair[k]]
            if distance_m > rows.radius_m[s]:
                continue
            near = table[base + stride * codes[s]]
            if by.ranks_seekers:
                wage = wage_of(centres.worth[0, centre], worth_0[s])
                education = education_of(worth_1[s], centres.worth[1, centre])
                freshness, priority = centres.worth[2, centre], worth_2[s]
            else:
                wage = wage_of(worth_0[s], centres.worth[0, centre])
                education = education_of(centres.worth[1, centre], worth_1[s])
                freshness, priority = worth_2[s], centres.worth[2, centre]
            if n == room:
                most = 1.0 - slope * distance_m
                bound = score_of(by.share, most, near, wage, education, freshness, priority)
                if bound + _ROUNDING < best.score[first]:
                    continue
            closeness = closeness_of(distance_m, by.half_distance_m)
            score = score_of(by.share, closeness, near, wage, education, freshness, priority)
            n = _offer(best, first, n, room, s, distance_m, score, by_order)
        _sort(best, first, n, by_order)
        best.n[i] = n
    return judged


@kernel
def part_out(
    by: Judging,
    seekers: Rows,
    seeker: NDArray[np.int64],
    jobs: Rows,
    job: NDArray[np.int64],
    distance_m: NDArray[np.float64],
    parts: NDArray[np.float64],
) -> None:
    """Write the parts of each pair's score times their shares, (6, m)."""
    place = by.occupation
    for i in range(len(seeker)):
        s, j = seeker[i], job[i]
        near = by.nearness[seekers.key[place, s] * by.width[place] + jobs.key[place, j]]
        parts[0, i] = by.share[0] * closeness_of(distance_m[i], by.half_distance_m)
        parts[1, i] = by.share[1] * near
        parts[2, i] = by.share[2] * wage_of(jobs.worth[0, j], seekers.worth[0, s])
        parts[3, i] = by.share[3] * education_of(seekers.worth[1, s], jobs.worth[1, j])
        parts[4, i] = by.share[4] * jobs.worth[2, j]
        parts[5, i] = by.share[5] * seekers.worth[2, s]
