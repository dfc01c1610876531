"""The loop of `PointIndex.nearest`: bands outward from the query, and outward in each band."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from geo_match._jit import kernel
from geo_match.geodesy import LEAST_CURVATURE_RADIUS_M, ROUNDING_M
from geo_match.index._layout import (
    BUCKETS_PER_DEGREE,
    NORTH,
    NORTH_P,
    NORTH_Z,
    PER_LEAST_P,
    SOUTH,
    SOUTH_P,
    SOUTH_Z,
    WEST,
)
from geo_match.index._pairs import squared_chord_to_distance
from geo_match.index._runs import bracket, entry_of, first_from, widest_turn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.index._kernels import Circles
    from geo_match.index._layout import Layout

_SLACK = 1.0 + 1e-8
_SLACK_M2 = 1.1e-4
"""(c + 1 µm)² ≤ c²·(1 + 1e-8) + 1.1e-4 m²: room for rounding without a square root."""
PER_DIAMETER_SQUARED = 0.25 / LEAST_CURVATURE_RADIUS_M**2
"""Of the least circle by which the ground curves, 1/m²."""
_FAR_CHORD_M = 200_000.0
"""Beyond this a chord says too little about the order of distances: the geodesic is asked."""


@kernel
def _sort_heap(
    squared: NDArray[np.float64], slot: NDArray[np.int64], row: NDArray[np.int32]
) -> None:
    """Sort a heap with its last point on top into ascending order: by chord, then by position."""
    for last in range(len(squared) - 1, 0, -1):
        moved, moved_slot = squared[last], slot[last]
        squared[last], slot[last] = squared[0], slot[0]
        hole = 0
        while True:
            child = 2 * hole + 1
            if child >= last:
                break
            if child + 1 < last and (
                squared[child] < squared[child + 1]
                or (
                    squared[child] == squared[child + 1] and row[slot[child]] < row[slot[child + 1]]
                )
            ):
                child += 1
            if moved > squared[child] or (
                moved == squared[child] and row[moved_slot] >= row[slot[child]]
            ):
                break
            squared[hole], slot[hole] = squared[child], slot[child]
            hole = child
        squared[hole], slot[hole] = moved, moved_slot


@kernel
def longest_as_near(squared: float) -> float:
    """Return the squared chord that no point exceeds whose geodesic is as short as one's here.

    By the bound of `geodesy` that chord is 2ρ·asin(c/2ρ), and asin(x) < x + 0.16668·x³ for
    x = c/2ρ < 0.016. Beyond `_FAR_CHORD_M` it is no bound, and every query is in doubt.
    """
    chord = math.sqrt(squared)
    grown = chord * (1.0 + 0.16668 * squared * PER_DIAMETER_SQUARED) + 2.0 * ROUNDING_M
    return grown * grown


@kernel
def _is_in_doubt(
    squared: NDArray[np.float64],
    slot: NDArray[np.int64],
    slot_lon: NDArray[np.float64],
    slot_lat: NDArray[np.float64],
    inside: float,
) -> bool:
    """Tell whether chords, in ascending order, leave the order of the geodesics open.

    They do where two neighbours at different places are so close that the bound of `geodesy`
    cannot tell them apart, where one is beyond `_FAR_CHORD_M`, or in the ring of the greatest
    distance asked for.
    """
    for i in range(len(squared)):
        chord = math.sqrt(squared[i])
        if chord > _FAR_CHORD_M or chord > inside:
            return True
        if (
            i + 1 < len(squared)
            and squared[i + 1] <= longest_as_near(squared[i])
            and not _same_place(slot_lon, slot_lat, slot[i], slot[i + 1])
        ):
            return True
    return False


@kernel
def _same_place(
    slot_lon: NDArray[np.float64], slot_lat: NDArray[np.float64], slot: int, other: int
) -> bool:
    return bool(slot_lon[slot] == slot_lon[other] and slot_lat[slot] == slot_lat[other])


@kernel
def nearest_there(
    layout: Layout,
    gone: NDArray[np.uint8],
    circles: Circles,
    k: int,
    home: NDArray[np.int64],
    point: NDArray[np.int64],
    distance_m: NDArray[np.float64],
    n_found: NDArray[np.int64],
    last_squared: NDArray[np.float64],
    in_doubt: NDArray[np.bool_],
) -> int:
    """Write the k points of least chord, ascending, that no bound puts outside the circle.

    Parameters
    ----------
    gone
        uint8: a bit a position, the lowest of a byte first, set of points to pass over; or empty.
        Bits, so that what is looked up for every candidate stays in the first cache.
    home
        int64, (n,): the row of the results that belongs to each circle.
    point, distance_m
        (n, k): positions, and metres from the chord; good where the query is not in doubt.
    n_found
        int64, (n,): how many of them there are.
    last_squared
        (n,): the squared chord of the last of them, square metres; 0 where there is none.
    in_doubt
        bool, (n,): whether the geodesic must decide the order or the membership.

    Returns
    -------
    int
        How many points were measured.
    """
    slot_x, slot_y, slot_z = layout.x, layout.y, layout.z
    slot_lon, slot_lat, row = layout.lon, layout.lat, layout.position
    bucket_slot, band, band_start = layout.bucket_slot, layout.band, layout.band_start
    query_lon, query_lat = circles.lon, circles.lat
    query_x, query_y, query_z = circles.x, circles.y, circles.z
    inside, outside = circles.inside, circles.outside
    n_bands = band.shape[1]
    squared = np.empty(k)
    slot = np.empty(k, dtype=np.int64)
    some_gone = len(gone) > 0
    measured = 0
    for query in range(len(query_lon)):
        lon, lat = query_lon[query], query_lat[query]
        x, y, z = query_x[query], query_y[query], query_z[query]
        p = math.sqrt(x * x + y * y)
        per_p = 1.0 / max(p, 1e-9)
        limit = outside[query] * outside[query]
        size = 0
        doubt = False
        up = first_from(band[NORTH], lat)
        down = up - 1
        while True:
            # The next band is the nearer of the two; D to its near edge grows outward, so the
            # first one beyond the limit ends its direction.
            near_up = np.inf
            near_down = np.inf
            if up < n_bands:
                near_up = (
                    0.0
                    if band[SOUTH, up] <= lat
                    else (band[SOUTH_P, up] - p) ** 2 + (band[SOUTH_Z, up] - z) ** 2
                )
            if down >= 0:
                near_down = (band[NORTH_P, down] - p) ** 2 + (band[NORTH_Z, down] - z) ** 2
            near = min(near_up, near_down)
            if near == np.inf or near > limit * _SLACK + _SLACK_M2:
                break
            if near_up <= near_down:
                here = up
                up += 1
            else:
                here = down
                down -= 1
            first, end = band_start[here, 0], band_start[here + 1, 0]
            buckets = float(band_start[here + 1, 1] - band_start[here, 1] - 3)
            entry = band_start[here, 1] + entry_of(
                lon, band[WEST, here], band[BUCKETS_PER_DEGREE, here], buckets
            )
            east = bracket(slot_lon, bucket_slot, entry, lon, 0)[0]
            west = east - 1
            per_least = per_p * band[PER_LEAST_P, here]
            span = 180.0
            if limit < np.inf:
                span = widest_turn(limit * _SLACK + _SLACK_M2 - near, per_least)
            for _ in range(end - first):
                # Outward in both directions, across ±180 where the band's end is reached.
                east_slot = east if east < end else east - (end - first)
                west_slot = west if west >= first else west + (end - first)
                to_east = slot_lon[east_slot] - lon
                to_east += 360.0 if to_east < 0.0 else 0.0
                to_west = lon - slot_lon[west_slot]
                to_west += 360.0 if to_west < 0.0 else 0.0
                if min(to_east, to_west) > span:
                    break
                if to_east <= to_west:
                    here_slot = east_slot
                    east += 1
                else:
                    here_slot = west_slot
                    west -= 1
                measured += 1
                here_squared = (
                    (slot_x[here_slot] - x) ** 2
                    + (slot_y[here_slot] - y) ** 2
                    + (slot_z[here_slot] - z) ** 2
                )
                if here_squared > limit:
                    continue
                # A heap with the last point on top, in place: a call would cost more than the work.
                here_row = row[here_slot]
                if some_gone and (gone[here_row >> 3] >> (here_row & 7)) & 1:
                    continue
                left_squared, left_slot = np.inf, here_slot
                if size < k:
                    hole = size
                    size += 1
                    while hole > 0:
                        parent = (hole - 1) >> 1
                        if not (
                            squared[parent] < here_squared
                            or (squared[parent] == here_squared and row[slot[parent]] < here_row)
                        ):
                            break
                        squared[hole], slot[hole] = squared[parent], slot[parent]
                        hole = parent
                elif here_squared < squared[0] or (
                    here_squared == squared[0] and here_row < row[slot[0]]
                ):
                    hole = 0
                    left_squared, left_slot = squared[0], slot[0]
                    while True:
                        child = 2 * hole + 1
                        if child >= size:
                            break
                        if child + 1 < size and (
                            squared[child] < squared[child + 1]
                            or (
                                squared[child] == squared[child + 1]
                                and row[slot[child]] < row[slot[child + 1]]
                            )
                        ):
                            child += 1
                        if not (
                            here_squared < squared[child]
                            or (here_squared == squared[child] and here_row < row[slot[child]])
                        ):
                            break
                        squared[hole], slot[hole] = squared[child], slot[child]
                        hole = child
                else:
                    doubt = doubt or not _same_place(slot_lon, slot_lat, here_slot, slot[0])
                    continue
                squared[hole], slot[hole] = here_squared, here_slot
                if size == k:
                    # Whoever leaves, or is passed over, as near as the last point by all that a
                    # chord tells, puts the query in doubt; a copy of the last point does not, and
                    # is compared again when that one leaves.
                    limit = min(longest_as_near(squared[0]), outside[query] * outside[query])
                    span = widest_turn(max(limit * _SLACK + _SLACK_M2 - near, 0.0), per_least)
                    if left_squared <= limit:
                        doubt = doubt or not _same_place(slot_lon, slot_lat, left_slot, slot[0])
        _sort_heap(squared[:size], slot[:size], row)
        out = home[query]
        n_found[out] = size
        last_squared[out] = squared[size - 1] if size else 0.0
        for i in range(size):
            point[out, i] = row[slot[i]]
            distance_m[out, i] = squared_chord_to_distance(squared[i])
        in_doubt[out] = doubt or _is_in_doubt(
            squared[:size], slot[:size], slot_lon, slot_lat, inside[query]
        )
    return measured


@kernel
def nearest(
    layout: Layout,
    circles: Circles,
    k: int,
    home: NDArray[np.int64],
    point: NDArray[np.int64],
    distance_m: NDArray[np.float64],
    n_found: NDArray[np.int64],
    last_squared: NDArray[np.float64],
    in_doubt: NDArray[np.bool_],
) -> int:
    """Do as `nearest_there`, of all points."""
    none_gone = np.empty(0, dtype=np.uint8)
    return nearest_there(
        layout, none_gone, circles, k, home, point, distance_m, n_found, last_squared, in_doubt
    )
