"""The loops of `Snapshot`: one call asks a base and what a delta changes of it.

A question of one origin takes a few microseconds of work, and each call of a kernel as many again
to begin and to come back for the interpreter's lock, which another thread may hold by then. So a
snapshot asks by one call where an index does, or by fewer.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from geo_match._jit import kernel
from geo_match.geodesy import ROUNDING_M
from geo_match.index._kernels import Circles, count_within, sum_within
from geo_match.index._nearest import PER_DIAMETER_SQUARED, longest_as_near, nearest_there
from geo_match.index._pairs import collect_within
from geo_match.index._runs import find_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.index._kernels import Scratch
    from geo_match.index._layout import Layout

_ULPS = 1.0 + 1e-14
"""More than a square root and its square lose."""


@kernel
def _add_changes(
    delta: Layout,
    circles: Circles,
    scratch: Scratch,
    sign: NDArray[np.int64],
    before: NDArray[np.int64],
    count: NDArray[np.int64],
    doubtful: NDArray[np.int64],
) -> None:
    """Add to each count the signs of what is surely in its circle, each circle for itself.

    So few points lie at a rim that to gather them for neighbours takes longer than to measure them.
    """
    runs = scratch.runs
    for query in range(len(count)):
        x, y, z = circles.x[query], circles.y[query], circles.z[query]
        inside_squared = circles.inside[query] * abs(circles.inside[query])  # negative: none sure
        outside_squared = circles.outside[query] * circles.outside[query]
        n_runs = find_runs(
            delta.lon,
            delta.bucket_slot,
            delta.band,
            delta.band_start,
            circles.lon[query],
            circles.lat[query],
            math.sqrt(x * x + y * y),
            z,
            circles.inside[query],
            circles.outside[query],
            runs,
            scratch.widths,
        )
        change, sure, possible = 0, 0, 0
        for run in range(n_runs):
            change += before[runs[run, 2]] - before[runs[run, 1]]
            for side in range(0, 4, 2):
                for slot in range(runs[run, side], runs[run, side + 1]):
                    squared = (
                        (delta.x[slot] - x) ** 2
                        + (delta.y[slot] - y) ** 2
                        + (delta.z[slot] - z) ** 2
                    )
                    is_sure = squared <= inside_squared
                    change += sign[slot] * is_sure
                    sure += is_sure
                    possible += squared <= outside_squared
        count[query] += change
        doubtful[query] = possible - sure


@kernel
def count_both(
    base: Layout,
    delta: Layout,
    sign: NDArray[np.int64],
    before: NDArray[np.int64],
    circles: Circles,
    scratch: Scratch,
    together: float,
    count: NDArray[np.int64],
    doubtful: NDArray[np.int64],
) -> None:
    """Count what is surely in each circle: the base's points, and what the delta changes of that.

    Parameters
    ----------
    sign, before
        By slot of the delta: 1 of the added, −1 of the gone, (m,); and their sums before each.
    doubtful
        int64, (2, n): how many points of the base, and of the delta, the geodesic must decide.
    """
    count_within(base, circles, scratch, together, count, doubtful[0])
    _add_changes(delta, circles, scratch, sign, before, count, doubtful[1])


@kernel
def collect_both(
    base: Layout,
    delta: Layout,
    gone: NDArray[np.uint8],
    delta_gone: NDArray[np.uint8],
    circles: Circles,
    scratch: Scratch,
    radius_m: NDArray[np.float64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], int]:
    """Return the pairs of each circle: those left of the base by position, then the added ones.

    Parameters
    ----------
    gone, delta_gone
        A bit a position in the base, and in the delta, as `nearest_there` takes them: set of
        points to leave out.

    Returns
    -------
    offsets, point, distance_m
        As in `Pairs`, the delta's positions after the base's; a distance NaN says that the
        geodesic decides.
    n_doubtful
        How many distances may be NaN at most.
    """
    n = len(radius_m)
    base_at, n_doubtful_base = _room(base, circles, scratch, n)
    delta_at, n_doubtful_delta = _room(delta, circles, scratch, n)
    of_delta = delta_at[n]
    near = np.empty(of_delta, dtype=np.int64)
    near_m = np.empty(of_delta)
    collect_within(delta, circles, scratch, radius_m, delta_at, near, near_m)
    # The base's pairs are collected so far behind their places that those are never ahead of what
    # is still to be read: before a pair of the base stand at most all of the delta.
    for query in range(n + 1):
        base_at[query] += of_delta
    point = np.empty(base_at[n], dtype=np.int64)
    distance_m = np.empty(base_at[n])
    collect_within(base, circles, scratch, radius_m, base_at, point, distance_m)
    offsets = np.zeros(n + 1, dtype=np.int64)
    filled = 0
    for query in range(n):
        for i in range(base_at[query], base_at[query + 1]):
            if not (gone[point[i] >> 3] >> (point[i] & 7)) & 1:
                point[filled], distance_m[filled] = point[i], distance_m[i]
                filled += 1
        for i in range(delta_at[query], delta_at[query + 1]):
            if not (delta_gone[near[i] >> 3] >> (near[i] & 7)) & 1:
                point[filled], distance_m[filled] = len(base.x) + near[i], near_m[i]
                filled += 1
        offsets[query + 1] = filled
    return offsets, point[:filled], distance_m[:filled], n_doubtful_base + n_doubtful_delta


@kernel
def _room(
    layout: Layout, circles: Circles, scratch: Scratch, n: int
) -> tuple[NDArray[np.int64], int]:
    """Return where the pairs of each circle begin, doubtful ones with them; and how many are."""
    starts = np.zeros(n + 1, dtype=np.int64)
    doubtful = np.empty(n, dtype=np.int64)
    count_within(layout, circles, scratch, 0.0, starts[1:], doubtful)
    n_doubtful = 0
    for query in range(n):
        n_doubtful += doubtful[query]
        starts[query + 1] += starts[query] + doubtful[query]
    return starts, n_doubtful


@kernel
def nearest_both(
    base: Layout,
    delta: Layout,
    gone: NDArray[np.uint8],
    delta_gone: NDArray[np.uint8],
    lonlat: tuple[NDArray[np.float64], NDArray[np.float64]],
    delta_lonlat: tuple[NDArray[np.float64], NDArray[np.float64]],
    circles: Circles,
    k: int,
    home: NDArray[np.int64],
    point: NDArray[np.int64],
    distance_m: NDArray[np.float64],
    n_found: NDArray[np.int64],
    in_doubt: NDArray[np.bool_],
) -> None:
    """Write the k nearest of what is left of the base and of the added points, by distance.

    Of the delta only those are looked for that are no farther than the last of the base, by all
    that a chord tells.

    Parameters
    ----------
    gone, delta_gone
        As in `collect_both`.
    lonlat, delta_lonlat
        Degrees, by position.
    home, point, distance_m, n_found, in_doubt
        As in `nearest_there`.
    """
    n = len(home)
    last_squared = np.empty(n)
    nearest_there(base, gone, circles, k, home, point, distance_m, n_found, last_squared, in_doubt)
    reach = circles.outside.copy()
    for query in range(n):
        if n_found[home[query]] == k:
            as_near = math.sqrt(longest_as_near(last_squared[home[query]])) * _ULPS
            reach[query] = min(reach[query], as_near)
    near = np.empty((n, k), dtype=np.int64)
    near_m = np.empty((n, k))
    n_near = np.empty(n, dtype=np.int64)
    near_in_doubt = np.empty(n, dtype=np.bool_)
    closer = Circles(
        circles.lon, circles.lat, circles.x, circles.y, circles.z, circles.inside, reach
    )
    nearest_there(
        delta,
        delta_gone,
        closer,
        k,
        home,
        near,
        near_m,
        n_near,
        last_squared,
        near_in_doubt,
    )
    both = np.empty(2 * k, dtype=np.int64)
    both_m = np.empty(2 * k)
    for row in range(n):
        if n_near[row] == 0:
            continue
        for i in range(n_near[row]):
            near[row, i] += len(base.x)
        size = _merge(
            point[row, : n_found[row]],
            distance_m[row, : n_found[row]],
            near[row, : n_near[row]],
            near_m[row, : n_near[row]],
            both,
            both_m,
        )
        n_found[row] = min(size, k)
        point[row, : n_found[row]] = both[: n_found[row]]
        distance_m[row, : n_found[row]] = both_m[: n_found[row]]
        in_doubt[row] |= near_in_doubt[row]
        # Of equal distances a chord cannot tell which is less; the first pair beyond the k-th
        # that is not of its place tells whether another might be meant.
        for i in range(size - 1):
            if both_m[i + 1] > _furthest_as_near(both_m[i]):
                if i + 1 >= k:
                    break
            elif not _same_place(lonlat, delta_lonlat, both[i], both[i + 1]):
                in_doubt[row] = True


@kernel
def around_both(
    base: Layout,
    delta: Layout,
    gone: NDArray[np.uint8],
    delta_gone: NDArray[np.uint8],
    circle: Circles,
    scratch: Scratch,
    radius_m: NDArray[np.float64],
    k: int,
    by_slot: NDArray[np.int64],
    before: NDArray[np.int64],
    delta_by_slot: NDArray[np.int64],
    delta_before: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], int]:
    """Return the sums of a circle's weights, and its k nearest points with all as far as those.

    The k nearest of what is left of the base bound how far the k nearest of all can be: whoever is
    farther than they, by all that a chord tells, is none of these.

    Parameters
    ----------
    gone, delta_gone
        As in `collect_both`.
    circle, radius_m
        One circle, and its radius.
    k
        At least 0; of 0 nothing is listed.
    by_slot, before, delta_by_slot, delta_before
        One to three weights a point, as in `sum_within`.

    Returns
    -------
    total
        int64, (3,): the sums, the last of them again where there are fewer.
    point, distance_m
        By position, as in `collect_both`; at least the k nearest, and whoever is as near.
    n_doubtful
        Points that the geodesic must decide: with any, neither sums nor points count.
    """
    last = len(by_slot) - 1
    columns = (0, min(1, last), min(2, last))
    total = np.zeros((1, 3), dtype=np.int64)
    of_delta = np.zeros((1, 3), dtype=np.int64)
    doubtful = np.zeros((2, 1), dtype=np.int64)
    sum_within(base, circle, scratch, 0.0, by_slot, before, columns, total, doubtful[0])
    sum_within(
        delta, circle, scratch, 0.0, delta_by_slot, delta_before, columns, of_delta, doubtful[1]
    )
    in_doubt = doubtful[0, 0] + doubtful[1, 0]
    if in_doubt or k == 0:
        return total[0] + of_delta[0], np.empty(0, dtype=np.int64), np.empty(0), in_doubt
    point = np.empty((1, k), dtype=np.int64)
    distance_m = np.empty((1, k))
    n_found = np.empty(1, dtype=np.int64)
    last_squared = np.empty(1)
    unsure = np.empty(1, dtype=np.bool_)
    home = np.zeros(1, dtype=np.int64)
    nearest_there(base, gone, circle, k, home, point, distance_m, n_found, last_squared, unsure)
    inside, outside = circle.inside, circle.outside
    if n_found[0] == k:
        as_near = math.sqrt(longest_as_near(last_squared[0])) * _ULPS
        if as_near < inside[0]:  # else the rim of the circle itself bounds them
            inside = np.full(1, as_near)
            outside = inside
    closer = Circles(circle.lon, circle.lat, circle.x, circle.y, circle.z, inside, outside)
    _, near, near_m, n_doubtful = collect_both(
        base, delta, gone, delta_gone, closer, scratch, radius_m
    )
    return total[0] + of_delta[0], near, near_m, n_doubtful


@kernel
def _merge(
    first: NDArray[np.int64],
    first_m: NDArray[np.float64],
    second: NDArray[np.int64],
    second_m: NDArray[np.float64],
    both: NDArray[np.int64],
    both_m: NDArray[np.float64],
) -> int:
    """Merge two rows that ascend by distance; of equal ones the first row's stand before."""
    i, j = 0, 0
    while i + j < len(first) + len(second):
        if j == len(second) or (i < len(first) and first_m[i] <= second_m[j]):
            both[i + j], both_m[i + j] = first[i], first_m[i]
            i += 1
        else:
            both[i + j], both_m[i + j] = second[j], second_m[j]
            j += 1
    return i + j


@kernel
def _furthest_as_near(distance_m: float) -> float:
    """Return what no distance exceeds whose geodesic may be as short as one's reported here.

    `longest_as_near` lets a chord c grow by 0.16668·c³/4ρ² + 2·`ROUNDING_M` at most. A reported
    distance d is at least c, and grows with c by a factor below 1.0002 to 200 km, beyond which
    all is in doubt; 1.01 covers that, and the last term the rounding of both.
    """
    grown = 0.16668 * distance_m * distance_m * distance_m * PER_DIAMETER_SQUARED
    return distance_m + 1.01 * (grown + 2.0 * ROUNDING_M) + 1e-9


@kernel
def _same_place(
    lonlat: tuple[NDArray[np.float64], NDArray[np.float64]],
    delta_lonlat: tuple[NDArray[np.float64], NDArray[np.float64]],
    first: int,
    second: int,
) -> bool:
    """Tell whether two points stand at one place, and so at one distance; −180 is not 180 here."""
    m = len(lonlat[0])
    first_lon = lonlat[0][first] if first < m else delta_lonlat[0][first - m]
    first_lat = lonlat[1][first] if first < m else delta_lonlat[1][first - m]
    second_lon = lonlat[0][second] if second < m else delta_lonlat[0][second - m]
    second_lat = lonlat[1][second] if second < m else delta_lonlat[1][second - m]
    return bool(first_lon == second_lon and first_lat == second_lat)
