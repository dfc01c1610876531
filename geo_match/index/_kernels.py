"""The loops of `PointIndex` that count; `plain.py` is their twin, and the tests hold them together.

Each asks `_runs.find_runs` which slots a circle holds, takes the sure ones whole and measures the
others by a chord; those in the ring where no chord decides are counted as doubtful, for
`_answers.py` to ask the geodesic. `_pairs.py` and `_nearest.py` hold the loops that name points.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match._jit import kernel
from geo_match.index._groups import end_of_group, fill, runs_of_group
from geo_match.index._runs import find_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.index._layout import Layout

_AT_ONCE = 2_048
"""So many points of a rim are measured at once: their places fit the processor's first cache."""


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
def _sum_rim_once(
    places: NDArray[np.float64],
    weights: NDArray[np.int64],
    n_places: int,
    circles: Circles,
    first: int,
    end: int,
    total: NDArray[np.int64],
    doubtful: NDArray[np.int64],
) -> None:
    """Do as `_sum_rim`, with the first of the weights alone, which takes two thirds of the time."""
    xs, ys, zs = places[0, :n_places], places[1, :n_places], places[2, :n_places]
    weights_a = weights[0, :n_places]
    for query in range(first, end):
        x, y, z = circles.x[query], circles.y[query], circles.z[query]
        inside_squared = circles.inside[query] * abs(circles.inside[query])
        outside_squared = circles.outside[query] * circles.outside[query]
        a, sure, possible = 0, 0, 0
        for i in range(len(xs)):
            squared = (xs[i] - x) ** 2 + (ys[i] - y) ** 2 + (zs[i] - z) ** 2
            a += weights_a[i] & (np.int64(-1) if squared <= inside_squared else np.int64(0))
            sure += squared <= inside_squared
            possible += squared <= outside_squared
        total[query, 0] += a
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
        end = end_of_group(circles, first, together)
        n_runs = runs_of_group(layout, circles, first, end, scratch)
        whole = 0
        for run in range(n_runs):
            whole += runs[run, 2] - runs[run, 1]
        count[first:end] = whole
        doubtful[first:end] = 0
        cursor[:] = 0
        _, filled = fill(layout, runs, n_runs, cursor, pieces, places)
        while filled:
            measured += filled * (end - first)
            _count_rim(places, filled, circles, first, end, count, doubtful)
            _, filled = fill(layout, runs, n_runs, cursor, pieces, places)
        first = end
    return measured


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

    Three at a time, since the work is in finding and measuring the points, not in adding; of one
    that is named three times only the first is written. Neighbours share it as in `count_within`.

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
    n_columns = 1 if columns[0] == columns[1] == columns[2] else 3
    first = 0
    while first < len(doubtful):
        end = end_of_group(circles, first, together)
        n_runs = runs_of_group(layout, circles, first, end, scratch)
        doubtful[first:end] = 0
        for column in range(n_columns):
            row = before[columns[column]]
            whole = 0
            for run in range(n_runs):
                whole += row[runs[run, 2]] - row[runs[run, 1]]
            total[first:end, column] = whole
        cursor[:] = 0
        n_pieces, filled = fill(layout, runs, n_runs, cursor, pieces, places)
        while filled:
            _fill_weights(by_slot, columns, pieces, n_pieces, weights)
            if n_columns == 1:
                _sum_rim_once(places, weights, filled, circles, first, end, total, doubtful)
            else:
                _sum_rim(places, weights, filled, circles, first, end, total, doubtful)
            n_pieces, filled = fill(layout, runs, n_runs, cursor, pieces, places)
        first = end


@kernel
def sum_reaching(
    layout: Layout,
    circles: Circles,
    scratch: Scratch,
    weights: NDArray[np.int64],
    change: NDArray[np.int64],
    single: NDArray[np.int64],
    doubtful: NDArray[np.int64],
) -> None:
    """Add up for each slot the circles that surely hold it, as changes along the order.

    Parameters
    ----------
    weights
        int64, (n,): what each circle counts for.
    change
        int64, (m + 1,): a circle's weight is added where a run of sure slots begins, and taken off
        where it ends.
    single
        int64, (m,): added to for each circle whose rim the slot was measured at and is inside.
    """
    slot_x, slot_y, slot_z, slot_lon = layout.x, layout.y, layout.z, layout.lon
    bucket_slot, band, band_start = layout.bucket_slot, layout.band, layout.band_start
    lon, lat = circles.lon, circles.lat
    query_x, query_y, query_z = circles.x, circles.y, circles.z
    inside, outside = circles.inside, circles.outside
    runs, widths = scratch.runs, scratch.widths
    for query in range(len(lon)):
        x, y, z = query_x[query], query_y[query], query_z[query]
        weight = weights[query]
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
            change[runs[run, 1]] += weight
            change[runs[run, 2]] -= weight
            for side in range(0, 4, 2):
                start, stop = runs[run, side], runs[run, side + 1]
                xs, ys, zs = slot_x[start:stop], slot_y[start:stop], slot_z[start:stop]
                singles = single[start:stop]
                for i in range(len(xs)):
                    squared = (xs[i] - x) ** 2 + (ys[i] - y) ** 2 + (zs[i] - z) ** 2
                    within = squared <= inside_squared
                    mask = np.int64(-1) if within else np.int64(0)
                    singles[i] += weight & mask  # as in `_sum_rim`
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
    """Write by position what `sum_reaching` gathered by slot."""
    running = 0
    for slot in range(len(position)):
        running += change[slot]
        reaching[position[slot]] = running + single[slot]
