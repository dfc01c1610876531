"""How queries that stand together share work: one search for a group, one buffer for its rim."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from geo_match._jit import kernel
from geo_match.geodesy import ECCENTRICITY_SQUARED, SEMI_MAJOR_M
from geo_match.index._runs import find_runs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from geo_match.index._kernels import Circles, Scratch
    from geo_match.index._layout import Layout

_SAME_SIDE_DEG = 1.0
"""Queries of a group are no farther apart in longitude: their mean lies between them."""


@kernel
def end_of_group(circles: Circles, first: int, together: float) -> int:
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
def runs_of_group(layout: Layout, circles: Circles, first: int, end: int, scratch: Scratch) -> int:
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
def fill(
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
        int64, (n, 2): the slots (start, stop) of each piece that is copied.
    places
        float64, (3, n): x, y, z, metres.
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
