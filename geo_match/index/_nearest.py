"""The loop of `PointIndex.nearest`: bands outward from the query, each band outward from its longitude."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from geo_match._jit import kernel
from geo_match.geodesy import LEAST_CURVATURE_RADIUS_M, ROUNDING_M
from geo_match.index._kernels import SLACK_M, bracket, entry_of, first_from, widest_turn
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

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.index._kernels import Circles
    from geo_match.index._layout import Layout

_RHO_M = LEAST_CURVATURE_RADIUS_M
_FAR_CHORD_M = 200_000.0
"""Beyond this a chord says too little about the order of distances: the geodesic is asked."""


@kernel
def _before(squared: float, row: int, other_squared: float, other_row: int) -> bool:
    """Tell whether a point comes before another: by chord, then by position."""
    return squared < other_squared or (squared == other_squared and row < other_row)


@kernel
def _sift_down(
    squared: NDArray[np.float64], slot: NDArray[np.int64], row: NDArray[np.int32], size: int
) -> None:
    """Mend a heap, last point on top, whose top alone may be out of place."""
    parent = 0
    while True:
        child = 2 * parent + 1
        if child >= size:
            return
        if child + 1 < size and _before(
            squared[child], row[slot[child]], squared[child + 1], row[slot[child + 1]]
        ):
            child += 1
        if not _before(squared[parent], row[slot[parent]], squared[child], row[slot[child]]):
            return
        squared[parent], squared[child] = squared[child], squared[parent]
        slot[parent], slot[child] = slot[child], slot[parent]
        parent = child


@kernel
def _sift_up(
    squared: NDArray[np.float64], slot: NDArray[np.int64], row: NDArray[np.int32], size: int
) -> None:
    """Mend a heap, last point on top, whose last entry alone may be out of place."""
    child = size - 1
    while child > 0:
        parent = (child - 1) >> 1
        if not _before(squared[parent], row[slot[parent]], squared[child], row[slot[child]]):
            return
        squared[parent], squared[child] = squared[child], squared[parent]
        slot[parent], slot[child] = slot[child], slot[parent]
        child = parent


@kernel
def _furthest_same_distance(chord: float) -> float:
    """Return a chord that no point as near as this one, by geodesic, exceeds: 2ρ·asin(c/2ρ)."""
    if chord >= 2.0 * _RHO_M:
        return np.inf
    return 2.0 * _RHO_M * math.asin(0.5 * chord / _RHO_M) + 2.0 * ROUNDING_M


@kernel
def _is_in_doubt(
    squared: NDArray[np.float64],
    slot: NDArray[np.int64],
    slot_lon: NDArray[np.float64],
    slot_lat: NDArray[np.float64],
    k: int,
    inside: float,
) -> bool:
    """Tell whether chords, in ascending order, leave the order of the geodesics open.

    They do where two neighbours at different places are so close that the bound of `geodesy`
    cannot tell them apart, where one is beyond `_FAR_CHORD_M`, or in the ring of the greatest
    distance asked for.
    """
    for i in range(min(k, len(squared))):
        chord = math.sqrt(squared[i])
        if chord > _FAR_CHORD_M or chord > inside:
            return True
        if i + 1 == len(squared):
            break
        a, b = slot[i], slot[i + 1]
        same_place = slot_lon[a] == slot_lon[b] and slot_lat[a] == slot_lat[b]
        if not same_place and math.sqrt(squared[i + 1]) <= _furthest_same_distance(chord):
            return True
    return False


@kernel
def nearest(
    layout: Layout,
    circles: Circles,
    k: int,
    found_slot: NDArray[np.int64],
    found_squared: NDArray[np.float64],
    n_found: NDArray[np.int64],
    in_doubt: NDArray[np.bool_],
) -> int:
    """Write the k points of least chord, ascending, that no bound puts outside the circle.

    Parameters
    ----------
    found_slot, found_squared
        (n, k + 1): slots, and squared chords in square metres. One point more than asked for is
        found, so that a tie at the end is seen.
    n_found
        int64, (n,): how many of them there are, at most k + 1.
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
    n_bands = band.shape[1]
    wanted = k + 1
    measured = 0
    for query in range(len(circles.lon)):
        lon, lat = circles.lon[query], circles.lat[query]
        x, y, z = circles.x[query], circles.y[query], circles.z[query]
        p = math.sqrt(x * x + y * y)
        per_p = 1.0 / max(p, 1e-9)
        outside = circles.outside[query]
        limit = outside * outside
        squared, slot = found_squared[query], found_slot[query]
        size = 0
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
            slack = 2.0 * SLACK_M * math.sqrt(limit) if limit < np.inf else 0.0
            if near == np.inf or near > limit + slack:
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
            span = widest_turn(limit + slack - near, per_least) if limit < np.inf else 180.0
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
                if size < wanted:
                    squared[size] = here_squared
                    slot[size] = here_slot
                    size += 1
                    _sift_up(squared, slot, row, size)
                elif _before(here_squared, row[here_slot], squared[0], row[slot[0]]):
                    squared[0] = here_squared
                    slot[0] = here_slot
                    _sift_down(squared, slot, row, size)
                else:
                    continue
                if size == wanted:
                    limit = squared[0]
                    slack = 2.0 * SLACK_M * math.sqrt(limit) + SLACK_M * SLACK_M
                    span = widest_turn(max(limit + slack - near, 0.0), per_least)
        n_found[query] = size
        for last in range(size - 1, 0, -1):  # the heap's end: its top is the last point each time
            squared[0], squared[last] = squared[last], squared[0]
            slot[0], slot[last] = slot[last], slot[0]
            _sift_down(squared, slot, row, last)
        in_doubt[query] = _is_in_doubt(
            squared[:size], slot[:size], slot_lon, slot_lat, k, circles.inside[query]
        )
    return measured
