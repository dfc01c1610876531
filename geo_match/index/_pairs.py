"""The loops that name points one by one: all pairs with distances, and the doubtful points."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from geo_match._jit import kernel
from geo_match.geodesy import MEAN_RADIUS_M
from geo_match.index._runs import find_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.index._kernels import Circles, Scratch
    from geo_match.index._layout import Layout

_PER_DIAMETER_SQUARED = 1.0 / (2.0 * MEAN_RADIUS_M) ** 2
_SORT_BY_INSERTION = 24
_DIGIT_BITS = 11


@kernel
def squared_chord_to_distance(squared: float) -> float:
    """Return 2R·asin(c/2R) for c² to 200 km: the next term of the series is below 1 nm there."""
    chord = math.sqrt(squared)
    q = squared * _PER_DIAMETER_SQUARED
    return chord * (1.0 + q * (1.0 / 6.0 + q * (3.0 / 40.0 + q * (15.0 / 336.0))))


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
        # One by one: of slices Numba compiles, for seconds, what it would say of other shapes.
        for i in range(n):
            key[start + i], value[start + i] = key_aside[i], value_aside[i]


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
