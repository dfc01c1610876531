"""The loops of `PointIndex`; `plain.py` is their twin, and the tests hold the two together.

Each asks `_runs.find_runs` which slots a circle holds, takes the sure ones whole and measures the
others by a chord; those in the ring where no chord decides are counted as doubtful, for
`_answers.py` to ask the geodesic.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match._jit import kernel
from geo_match.geodesy import ECCENTRICITY_SQUARED, MEAN_RADIUS_M, SEMI_MAJOR_M
from geo_match.index._runs import find_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.index._layout import Layout

_PER_DIAMETER_SQUARED = 1.0 / (2.0 * MEAN_RADIUS_M) ** 2
_SORT_BY_INSERTION = 24
_DIGIT_BITS = 11
_AT_ONCE = 2_048
"""So many points of a rim are measured at once: their places fit the processor's first cache."""
_SAME_SIDE_DEG = 1.0
"""Queries of a group are no farther apart in longitude: their mean lies between them."""


class Circles(NamedTuple):
    """What the kernels read of the queries, each array (n,).

    Parameters
    ----------
    lon, lat
        Degrees.
    x, y, z
        Earth-centred metres.
    inside, outside
        Chords, metres, as `geodesy.chord_bounds` returns them.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]
    inside: NDArray[np.float64]
    outside: NDArray[np.float64]


class Scratch(NamedTuple):
    """Working memory of one call, for b bands; never shared between calls.

    Parameters
    ----------
    runs
        int64, (2·b, 4). Of a row (s, t, u, v) the slots s…t and u…v must be measured singly, and
        t…u are surely inside.
    widths
        float64, (2, b).
    """

    runs: NDArray[np.int64]
    widths: NDArray[np.float64]


@kernel
def squared_chord_to_distance(squared: float) -> float:
    """Return 2R·asin(c/2R) for c² to 200 km: the next term of the series is below 1 nm there."""
    chord = math.sqrt(squared)
    q = squared * _PER_DIAMETER_SQUARED
    return chord * (1.0 + q * (1.0 / 6.0 + q * (3.0 / 40.0 + q * (15.0 / 336.0))))


@kernel
def _end_of_group(circles: Circles, first: int, together: float) -> int:
    """Return the end of the queries from `first` on that share its radius and stand near it."""
    lon, x, y, z, outside = circles.lon, circles.x, circles.y, circles.z, circles.outside
    reach = together * outside[first]  # of its own: large circles beside it must not widen its rim
    end = first + 1
    while (
        end < len(lon)
        and outside[end] == outside[first]
        and abs(lon[end] - lon[first]) < _SAME_SIDE_DEG
        and (x[end] - x[first]) ** 2 + (y[end] - y[first]) ** 2 + (z[end] - z[first]) ** 2
        <= reach * reach
    ):
        end += 1
    return end


@kernel
def _runs_of_group(layout: Layout, circles: Circles, first: int, end: int, scratch: Scratch) -> int:
    """Find the runs that serve the circles of a group alike, and return their number.

    By the triangle inequality a point whose chord to the centre is at most `inside` − δ is inside
    each of the circles, and one beyond `outside` + δ is in none, where δ is the longest chord from
    the centre to a query.
    """
    centre_lon, centre_lat = 0.0, 0.0
    for query in range(first, end):
        centre_lon += circles.lon[query] / (end - first)
        centre_lat += circles.lat[query] / (end - first)
    sin_lat = math.sin(math.radians(centre_lat))
    prime_vertical = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat)
    p = prime_vertical * math.cos(math.radians(centre_lat))
    z = prime_vertical * (1.0 - ECCENTRICITY_SQUARED) * sin_lat
    x = p * math.cos(math.radians(centre_lon))
    y = p * math.sin(math.radians(centre_lon))
    squared = 0.0
    for query in range(first, end):
        squared = max(
            squared,
            (circles.x[query] - x) ** 2 + (circles.y[query] - y) ** 2 + (circles.z[query] - z) ** 2,
        )
    delta = math.sqrt(squared)
    return find_runs(
        layout.lon,
        layout.bucket_slot,
        layout.band,
        layout.band_start,
        centre_lon,
        centre_lat,
        p,
        z,
        circles.inside[first] - delta,
        circles.outside[first] + delta,
        scratch.runs,
        scratch.widths,
    )


@kernel
def _fill(
    layout: Layout,
    runs: NDArray[np.int64],
    n_runs: int,
    cursor: NDArray[np.int64],
    pieces: NDArray[np.int64],
    places: NDArray[np.float64],
) -> tuple[int, int]:
    """Copy where the next slots that must be measured are; return how many pieces and places.

    Parameters
    ----------
    cursor
        The run, the side (0 or 2) and the slots taken of it; moved on.
    pieces
        int64, (_AT_ONCE, 2): the slots (start, stop) of each piece that is copied.
    places
        float64, (3, _AT_ONCE): x, y, z, metres.
    """
    slot_x, slot_y, slot_z = layout.x, layout.y, layout.z
    xs, ys, zs = places[0], places[1], places[2]
    filled = 0
    n_pieces = 0
    while cursor[0] < n_runs and filled < len(xs):
        start = runs[cursor[0], cursor[1]] + cursor[2]
        rest = runs[cursor[0], cursor[1] + 1] - start
        take = min(rest, len(xs) - filled)
        if take > 0:
            end = filled + take
            from_x = slot_x[start : start + take]
            from_y = slot_y[start : start + take]
            from_z = slot_z[start : start + take]
            to_x, to_y, to_z = xs[filled:end], ys[filled:end], zs[filled:end]
            for i in range(len(from_x)):  # a loop: assigning slices would check them for overlap
                to_x[i], to_y[i], to_z[i] = from_x[i], from_y[i], from_z[i]
            pieces[n_pieces, 0] = start
            pieces[n_pieces, 1] = start + take
            n_pieces += 1
            filled += take
        if take < rest:
            cursor[2] += take
            break
        cursor[2] = 0
        cursor[1] = 2 - cursor[1]
        if cursor[1] == 0:
            cursor[0] += 1
    return n_pieces, filled


@kernel
def _fill_weights(
    by_slot: NDArray[np.int64],
    columns: tuple[int, int, int],
    pieces: NDArray[np.int64],
    n_pieces: int,
    weights: NDArray[np.int64],
) -> None:
    """Copy three columns of weights of the pieces."""
    from_a, from_b, from_c = by_slot[columns[0]], by_slot[columns[1]], by_slot[columns[2]]
    to_a, to_b, to_c = weights[0], weights[1], weights[2]
    filled = 0
    for piece in range(n_pieces):
        for slot in range(pieces[piece, 0], pieces[piece, 1]):
            to_a[filled], to_b[filled], to_c[filled] = from_a[slot], from_b[slot], from_c[slot]
            filled += 1


@kernel
def _count_rim(
    places: NDArray[np.float64],
    n_places: int,
    circles: Circles,
    first: int,
    end: int,
    count: NDArray[np.int64],
    doubtful: NDArray[np.int64],
) -> None:
    """Add to each circle of a group the places surely inside, and the doubtful ones."""
    xs, ys, zs = places[0, :n_places], places[1, :n_places], places[2, :n_places]
    for query in range(first, end):
        x, y, z = circles.x[query], circles.y[query], circles.z[query]
        inside_squared = circles.inside[query] * abs(circles.inside[query])  # negative: none sure
        outside_squared = circles.outside[query] * circles.outside[query]
        sure = 0
        possible = 0
        for i in range(len(xs)):
            squared = (xs[i] - x) ** 2 + (ys[i] - y) ** 2 + (zs[i] - z) ** 2
            sure += squared <= inside_squared
            possible += squared <= outside_squared
        count[query] += sure
        doubtful[query] += possible - sure


@kernel
def _sum_rim(
    places: NDArray[np.float64],
    weights: NDArray[np.int64],
    n_places: int,
    circles: Circles,
    first: int,
    end: int,
    total: NDArray[np.int64],
    doubtful: NDArray[np.int64],
) -> None:
    """Do as `_count_rim`, with three weights a place in place of 1."""
    xs, ys, zs = places[0, :n_places], places[1, :n_places], places[2, :n_places]
    weights_a, weights_b, weights_c = (
        weights[0, :n_places],
        weights[1, :n_places],
        weights[2, :n_places],
    )
    for query in range(first, end):
        x, y, z = circles.x[query], circles.y[query], circles.z[query]
        inside_squared = circles.inside[query] * abs(circles.inside[query])
        outside_squared = circles.outside[query] * circles.outside[query]
        a, b, c, sure, possible = 0, 0, 0, 0, 0
        for i in range(len(xs)):
            squared = (xs[i] - x) ** 2 + (ys[i] - y) ** 2 + (zs[i] - z) ** 2
            mask = np.int64(-1) if squared <= inside_squared else np.int64(0)
            a += weights_a[i] & mask  # faster than a choice: all bits or none
            b += weights_b[i] & mask
            c += weights_c[i] & mask
            sure += squared <= inside_squared
            possible += squared <= outside_squared
        total[query, 0] += a
        total[query, 1] += b
        total[query, 2] += c
        doubtful[query] += possible - sure


@kernel
def count_within(
    layout: Layout,
    circles: Circles,
    scratch: Scratch,
    together: float,
    count: NDArray[np.int64],
    doubtful: NDArray[np.int64],
) -> int:
    """Write how many points are surely in each circle, and how many the geodesic must decide.

    Neighbours in the order of the queries that are nearer than `together` times their common
    radius share the finding of runs, and the points of the rim, which then lie side by side in a
    small buffer.

    Returns
    -------
    int
        How many times a point was measured singly.
    """
    runs = scratch.runs
    pieces = np.empty((_AT_ONCE, 2), dtype=np.int64)
    places = np.empty((3, _AT_ONCE))
    cursor = np.empty(3, dtype=np.int64)
    measured = 0
    first = 0
    while first < len(count):
        end = _end_of_group(circles, first, together)
        n_runs = _runs_of_group(layout, circles, first, end, scratch)
        whole = 0
        for run in range(n_runs):
            whole += runs[run, 2] - runs[run, 1]
        count[first:end] = whole
        doubtful[first:end] = 0
        cursor[:] = 0
        _, filled = _fill(layout, runs, n_runs, cursor, pieces, places)
        while filled:
            measured += filled * (end - first)
            _count_rim(places, filled, circles, first, end, count, doubtful)
            _, filled = _fill(layout, runs, n_runs, cursor, pieces, places)
        first = end
    return measured


@kernel
def list_doubtful(
    layout: Layout,
    circles: Circles,
    scratch: Scratch,
    queries: NDArray[np.int64],
    slots: NDArray[np.int64],
) -> None:
    """Write the slots that the geodesic must decide for these queries, one query after another."""
    found = 0
    for query in queries:
        x, y, z = circles.x[query], circles.y[query], circles.z[query]
        inside, outside = circles.inside[query], circles.outside[query]
        n_runs = find_runs(
            layout.lon,
            layout.bucket_slot,
            layout.band,
            layout.band_start,
            circles.lon[query],
            circles.lat[query],
            math.sqrt(x * x + y * y),
            z,
            inside,
            outside,
            scratch.runs,
            scratch.widths,
        )
        for run in range(n_runs):
            for side in range(0, 4, 2):
                for slot in range(scratch.runs[run, side], scratch.runs[run, side + 1]):
                    squared = (
                        (layout.x[slot] - x) ** 2
                        + (layout.y[slot] - y) ** 2
                        + (layout.z[slot] - z) ** 2
                    )
                    if inside * abs(inside) < squared <= outside * outside:
                        slots[found] = slot
                        found += 1


@kernel
def sum_within(
    layout: Layout,
    circles: Circles,
    scratch: Scratch,
    together: float,
    by_slot: NDArray[np.int64],
    before: NDArray[np.int64],
    columns: tuple[int, int, int],
    total: NDArray[np.int64],
    doubtful: NDArray[np.int64],
) -> None:
    """Write the sums of three integer weights surely in each circle, (n, 3).

    Three at a time, since the work is in finding and measuring the points, not in adding.
    Neighbours share it as in `count_within`.

    Parameters
    ----------
    by_slot
        int64, (k, m): the weights in the order of the slots.
    before
        int64, (k, m + 1): the sums of the weights of all slots before each.
    columns
        Which three rows of them are asked for; one may be named more than once.
    """
    runs = scratch.runs
    pieces = np.empty((_AT_ONCE, 2), dtype=np.int64)
    places = np.empty((3, _AT_ONCE))
    weights = np.empty((3, _AT_ONCE), dtype=np.int64)
    cursor = np.empty(3, dtype=np.int64)
    first = 0
    while first < len(doubtful):
        end = _end_of_group(circles, first, together)
        n_runs = _runs_of_group(layout, circles, first, end, scratch)
        doubtful[first:end] = 0
        for column in range(3):
            row = before[columns[column]]
            whole = 0
            for run in range(n_runs):
                whole += row[runs[run, 2]] - row[runs[run, 1]]
            total[first:end, column] = whole
        cursor[:] = 0
        n_pieces, filled = _fill(layout, runs, n_runs, cursor, pieces, places)
        while filled:
            _fill_weights(by_slot, columns, pieces, n_pieces, weights)
            _sum_rim(places, weights, filled, circles, first, end, total, doubtful)
            n_pieces, filled = _fill(layout, runs, n_runs, cursor, pieces, places)
        first = end


@kernel
def count_reaching(
    layout: Layout,
    circles: Circles,
    scratch: Scratch,
    change: NDArray[np.int64],
    single: NDArray[np.int64],
    doubtful: NDArray[np.int64],
) -> None:
    """Count for each slot the circles that surely hold it, as changes along the order.

    Parameters
    ----------
    change
        int64, (m + 1,): +1 is added where a run of sure slots begins, −1 where it ends.
    single
        int64, (m,): 1 is added for each circle whose rim the slot was measured at and is inside.
    """
    slot_x, slot_y, slot_z, slot_lon = layout.x, layout.y, layout.z, layout.lon
    bucket_slot, band, band_start = layout.bucket_slot, layout.band, layout.band_start
    lon, lat = circles.lon, circles.lat
    query_x, query_y, query_z = circles.x, circles.y, circles.z
    inside, outside = circles.inside, circles.outside
    runs, widths = scratch.runs, scratch.widths
    for query in range(len(lon)):
        x, y, z = query_x[query], query_y[query], query_z[query]
        inside_squared = inside[query] * abs(inside[query])
        outside_squared = outside[query] * outside[query]
        n_runs = find_runs(
            slot_lon,
            bucket_slot,
            band,
            band_start,
            lon[query],
            lat[query],
            math.sqrt(x * x + y * y),
            z,
            inside[query],
            outside[query],
            runs,
            widths,
        )
        sure = 0
        possible = 0
        for run in range(n_runs):
            change[runs[run, 1]] += 1
            change[runs[run, 2]] -= 1
            for side in range(0, 4, 2):
                start, stop = runs[run, side], runs[run, side + 1]
                xs, ys, zs = slot_x[start:stop], slot_y[start:stop], slot_z[start:stop]
                singles = single[start:stop]
                for i in range(len(xs)):
                    squared = (xs[i] - x) ** 2 + (ys[i] - y) ** 2 + (zs[i] - z) ** 2
                    within = squared <= inside_squared
                    singles[i] += within
                    sure += within
                    possible += squared <= outside_squared
        doubtful[query] = possible - sure


@kernel
def add_changes(
    change: NDArray[np.int64],
    single: NDArray[np.int64],
    position: NDArray[np.int32],
    reaching: NDArray[np.int64],
) -> None:
    """Write by position what `count_reaching` gathered by slot."""
    running = 0
    for slot in range(len(position)):
        running += change[slot]
        reaching[position[slot]] = running + single[slot]


@kernel
def _sort_by_key(
    key: NDArray[np.int64],
    value: NDArray[np.float64],
    key_aside: NDArray[np.int64],
    value_aside: NDArray[np.float64],
    start: int,
    stop: int,
    bits: int,
) -> None:
    """Sort key[start:stop], distinct numbers of so many bits, and the values with them.

    A least-significant-digit radix sort; the `aside` arrays have at least stop − start places.
    """
    n = stop - start
    if n <= _SORT_BY_INSERTION:
        for i in range(start + 1, stop):
            k, v = key[i], value[i]
            j = i - 1
            while j >= start and key[j] > k:
                key[j + 1], value[j + 1] = key[j], value[j]
                j -= 1
            key[j + 1], value[j + 1] = k, v
        return
    passes = max(1, (bits + _DIGIT_BITS - 1) // _DIGIT_BITS)
    digit_bits = (bits + passes - 1) // passes
    mask = (1 << digit_bits) - 1
    next_place = np.empty(1 << digit_bits, dtype=np.int64)
    for turn in range(passes):
        shift = turn * digit_bits
        next_place[:] = 0
        for i in range(start, stop):
            next_place[(key[i] >> shift) & mask] += 1
        before = 0
        for digit in range(len(next_place)):
            here = next_place[digit]
            next_place[digit] = before
            before += here
        for i in range(start, stop):
            digit = (key[i] >> shift) & mask
            place = next_place[digit]
            next_place[digit] = place + 1
            key_aside[place], value_aside[place] = key[i], value[i]
        key[start:stop] = key_aside[:n]
        value[start:stop] = value_aside[:n]


@kernel
def collect_within(
    layout: Layout,
    circles: Circles,
    scratch: Scratch,
    radius_m: NDArray[np.float64],
    offsets: NDArray[np.int64],
    point: NDArray[np.int64],
    distance_m: NDArray[np.float64],
) -> None:
    """Write the pairs of each circle by position; a distance NaN says that the geodesic decides."""
    slot_x, slot_y, slot_z, slot_lon = layout.x, layout.y, layout.z, layout.lon
    bucket_slot, band, band_start = layout.bucket_slot, layout.band, layout.band_start
    position = layout.position
    runs, widths = scratch.runs, scratch.widths
    most = 0
    for query in range(len(radius_m)):
        most = max(most, offsets[query + 1] - offsets[query])
    key_aside = np.empty(most, dtype=np.int64)
    value_aside = np.empty(most, dtype=np.float64)
    bits = 1
    while len(slot_x) >> bits:
        bits += 1
    for query in range(len(radius_m)):
        if offsets[query + 1] == offsets[query]:
            continue
        x, y, z = circles.x[query], circles.y[query], circles.z[query]
        inside, outside = circles.inside[query], circles.outside[query]
        inside_squared = inside * abs(inside)
        outside_squared = outside * outside
        radius = radius_m[query]
        n_runs = find_runs(
            slot_lon,
            bucket_slot,
            band,
            band_start,
            circles.lon[query],
            circles.lat[query],
            math.sqrt(x * x + y * y),
            z,
            inside,
            outside,
            runs,
            widths,
        )
        filled = offsets[query]
        for run in range(n_runs):
            start, stop = runs[run, 1], runs[run, 2]
            xs, ys, zs = slot_x[start:stop], slot_y[start:stop], slot_z[start:stop]
            rows = position[start:stop]
            points = point[filled : filled + stop - start]
            distances = distance_m[filled : filled + stop - start]
            for i in range(len(xs)):
                points[i] = rows[i]
                squared = (xs[i] - x) ** 2 + (ys[i] - y) ** 2 + (zs[i] - z) ** 2
                distances[i] = min(squared_chord_to_distance(squared), radius)
            filled += stop - start
            for side in range(0, 4, 2):
                for slot in range(runs[run, side], runs[run, side + 1]):
                    squared = (
                        (slot_x[slot] - x) ** 2 + (slot_y[slot] - y) ** 2 + (slot_z[slot] - z) ** 2
                    )
                    if squared <= outside_squared:
                        point[filled] = position[slot]
                        distance_m[filled] = (
                            min(squared_chord_to_distance(squared), radius)
                            if squared <= inside_squared
                            else np.nan
                        )
                        filled += 1
        _sort_by_key(
            point, distance_m, key_aside, value_aside, offsets[query], offsets[query + 1], bits
        )
