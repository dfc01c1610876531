"""How a circle meets a band: which slots it surely holds, and which must be measured.

For a query at distance p₁ from the axis and a point at distance p, Δλ apart in longitude and D
apart in the meridian plane (as if both stood on one meridian), the chord between them is exactly

    c² = D² + 4·p·p₁·sin²(Δλ/2).

D grows with the difference in latitude (along a meridian its square changes by twice the radius
of curvature times the integral of that radius times the cosine of an angle below 90°). So in a
band D lies between its values at the near and the far edge (from 0 where the query stands inside)
and p between two known values: from c ≤ C follows a Δλ beyond which no point of the band is
inside, and, with sin x ≤ x, one up to which all are. Only the points between are measured singly.
Both are computed for a C moved by `SLACK_M` to the safe side, which covers all rounding on the
way: at most 10 nm in every place involved.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from geo_match._jit import kernel
from geo_match.geodesy import LEAST_CURVATURE_RADIUS_M
from geo_match.index._layout import (
    BUCKETS_PER_DEGREE,
    NORTH,
    NORTH_P,
    NORTH_Z,
    PER_LEAST_P,
    PER_MOST_P,
    SOUTH,
    SOUTH_P,
    SOUTH_Z,
    WEST,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SLACK_M = 1e-6
_RHO_M = LEAST_CURVATURE_RADIUS_M
_DEGREES = 180.0 / math.pi
_HALF_TURN = 180.0
_NEARLY_HALF_TURN = 179.9
_WHOLE_CIRCLE = 2.0
"""2·sin(Δλ/2) at Δλ = 180°: a ratio beyond it is met by every longitude."""
_SMALL = 0.05
"""2·asin(r/2) = r + r³/24 + 3r⁵/640 + … stays below r·(1 + 0.0418·r²) for r up to here."""
_BUCKET_WALK = 6
"""A bucket with more points than this is halved until it has not."""


@kernel
def widest_turn(chord_squared: float, per_p: float) -> float:
    """Return a Δλ, degrees, beyond which 4·p·p₁·sin²(Δλ/2) > `chord_squared`.

    `per_p` is 1/(p·p₁), `chord_squared` not negative.
    """
    squared = chord_squared * per_p  # (2·sin(Δλ/2))²
    ratio = math.sqrt(squared)
    if ratio < _SMALL:
        return ratio * (1.0 + 0.0418 * squared) * _DEGREES
    if ratio < _WHOLE_CIRCLE:
        return 2.0 * math.asin(0.5 * ratio) * (1.0 + 1e-12) * _DEGREES
    return _HALF_TURN


@kernel
def _surest_turn(chord_squared: float, per_p: float) -> float:
    """Return a Δλ, degrees, up to which 4·p·p₁·sin²(Δλ/2) ≤ `chord_squared`."""
    ratio = math.sqrt(chord_squared * per_p)
    return ratio * _DEGREES if ratio < _WHOLE_CIRCLE else _HALF_TURN


@kernel
def _measure_bands(
    band: NDArray[np.float64],
    first: int,
    end: int,
    lat: float,
    p: float,
    z: float,
    inside: float,
    outside: float,
    widths: NDArray[np.float64],
) -> None:
    """Write how many degrees from the query a band's points may, and surely do, lie inside.

    Widest 0 says that the band lies outside altogether, surest 0 that no point is sure.
    """
    per_p = 1.0 / max(p, 1e-9)
    outside_squared = outside * outside
    inside_squared = inside * inside if inside > 0.0 else -1.0
    south, north = band[SOUTH, first:end], band[NORTH, first:end]
    south_p, south_z = band[SOUTH_P, first:end], band[SOUTH_Z, first:end]
    north_p, north_z = band[NORTH_P, first:end], band[NORTH_Z, first:end]
    per_least_p, per_most_p = band[PER_LEAST_P, first:end], band[PER_MOST_P, first:end]
    widest, surest = widths[0], widths[1]
    # p is least at the end nearest to a pole, so the ends of the range bound all ratios within.
    narrowest = max(per_least_p[0], per_least_p[end - first - 1])
    if outside_squared * per_p * narrowest < _SMALL**2:
        # As `widest_turn` does below that bound, and without a branch: four bands at a time.
        for i in range(end - first):
            to_south = (south_p[i] - p) ** 2 + (south_z[i] - z) ** 2
            to_north = (north_p[i] - p) ** 2 + (north_z[i] - z) ** 2
            near = min(to_south, to_north)
            near = 0.0 if south[i] <= lat and lat <= north[i] else near  # noqa: PLR1716 - Numba chains comparisons by a branch
            far = max(to_south, to_north)
            ratio = math.sqrt(max(outside_squared - near, 0.0) * (per_p * per_least_p[i]))
            widest[i] = ratio * (1.0 + 0.0418 * ratio * ratio) * _DEGREES
            surest[i] = (
                math.sqrt(max(inside_squared - far, 0.0) * (per_p * per_most_p[i])) * _DEGREES
            )
    else:
        for i in range(end - first):
            to_south = (south_p[i] - p) ** 2 + (south_z[i] - z) ** 2
            to_north = (north_p[i] - p) ** 2 + (north_z[i] - z) ** 2
            near = 0.0 if south[i] <= lat <= north[i] else min(to_south, to_north)
            far = max(to_south, to_north)
            widest[i] = widest_turn(max(outside_squared - near, 0.0), per_p * per_least_p[i])
            surest[i] = _surest_turn(max(inside_squared - far, 0.0), per_p * per_most_p[i])


@kernel
def entry_of(lon: float, west: float, per_degree: float, buckets: float) -> int:
    """Return which entry of a band's bucket table a longitude falls on: 0 to buckets + 1."""
    column = min((lon - west) * per_degree, buckets)
    return int(column) + 1 if column >= 0.0 else 0


@kernel
def bracket(
    slot_lon: NDArray[np.float64],
    bucket_slot: NDArray[np.int32],
    entry: int,
    lon: float,
    width: int,
) -> tuple[int, int]:
    """Return slots (low, high) of a band: before low all lie west of `lon`, from high on none do.

    They are one bucket apart, or `width` where that is narrower; 0 makes them equal.
    """
    low = int(bucket_slot[entry])
    high = int(bucket_slot[entry + 1])
    while high - low > width:
        middle = (low + high) >> 1
        if slot_lon[middle] < lon:
            low = middle + 1
        else:
            high = middle
    return low, high


@kernel
def first_from(ascending: NDArray[np.float64], value: float) -> int:
    """Return the first place whose value is at least this one."""
    low = 0
    high = len(ascending)
    while low < high:
        middle = (low + high) >> 1
        if ascending[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def find_runs(
    slot_lon: NDArray[np.float64],
    bucket_slot: NDArray[np.int32],
    band: NDArray[np.float64],
    band_start: NDArray[np.int64],
    lon: float,
    lat: float,
    p: float,
    z: float,
    inside: float,
    outside: float,
    runs: NDArray[np.int64],
    widths: NDArray[np.float64],
) -> int:
    """Write the runs of slots that a circle may hold, as `Scratch` tells, and return how many."""
    n_bands = len(band_start) - 1
    if outside > 0.5 * _RHO_M:  # beyond the reach of the argument above: measure everything
        for i in range(n_bands):
            runs[i, 0] = band_start[i, 0]
            runs[i, 1] = band_start[i + 1, 0]
            runs[i, 2] = band_start[i + 1, 0]
            runs[i, 3] = band_start[i + 1, 0]
        return n_bands
    outside += _SLACK_M
    inside -= _SLACK_M
    # Latitude turns by at most ds/ρ along any path, and s ≤ 2ρ·asin(c/2ρ).
    reach = 2.0 * math.asin(0.5 * outside / _RHO_M) * _DEGREES + 1e-11
    first = first_from(band[NORTH], lat - reach)
    end = first_from(band[SOUTH], lat + reach)
    if first >= end:
        return 0
    _measure_bands(band, first, end, lat, p, z, inside, outside, widths)
    n_runs = 0
    for i in range(end - first):
        widest = widths[0, i]
        surest = widths[1, i]
        if widest == 0.0:
            continue
        if widest > _NEARLY_HALF_TURN:
            runs[n_runs, 0] = band_start[first + i, 0]
            runs[n_runs, 1] = band_start[first + i + (surest < _HALF_TURN), 0]
            runs[n_runs, 2] = band_start[first + i + 1, 0]
            runs[n_runs, 3] = band_start[first + i + 1, 0]
            n_runs += 1
            continue
        west = band[WEST, first + i]
        per_degree = band[BUCKETS_PER_DEGREE, first + i]
        base = band_start[first + i, 1]
        buckets = float(band_start[first + i + 1, 1] - base - 3)
        width = _BUCKET_WALK
        parts = 1
        if lon - widest < -_HALF_TURN or lon + widest > _HALF_TURN:
            # Across the antimeridian: two intervals with exact ends, so that no slot is met twice.
            parts = 2
            width = 0
        centre = lon
        for _ in range(parts):
            edge = centre - widest
            entry = base + entry_of(edge, west, per_degree, buckets)
            start = bracket(slot_lon, bucket_slot, entry, edge, width)[0]
            edge = centre + widest
            entry = base + entry_of(edge, west, per_degree, buckets)
            stop = bracket(slot_lon, bucket_slot, entry, edge, width)[1]
            edge = centre - surest
            entry = base + entry_of(edge, west, per_degree, buckets)
            sure_start = bracket(slot_lon, bucket_slot, entry, edge, width)[1]
            edge = centre + surest
            entry = base + entry_of(edge, west, per_degree, buckets)
            sure_stop = bracket(slot_lon, bucket_slot, entry, edge, width)[0]
            if sure_stop <= sure_start:
                sure_start = stop
                sure_stop = stop
            runs[n_runs, 0] = start
            runs[n_runs, 1] = sure_start
            runs[n_runs, 2] = sure_stop
            runs[n_runs, 3] = stop
            n_runs += 1
            centre = lon + (360.0 if lon < 0.0 else -360.0)
    return n_runs
