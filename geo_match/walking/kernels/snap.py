"""The loops that lead places to streets: the nearest point that is seen, and its ways in mm."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match._jit import kernel
from geo_match.geodesy import (
    ECCENTRICITY_SQUARED,
    LEAST_CURVATURE_RADIUS_M,
    ROUNDING_M,
    SEMI_MAJOR_M,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.graph.graph import Floats, Integers

SAME_M = 1e-6
"""Nearer than this, two points are one, and two streets equally near."""
UNSEEN_M = 0.05
"""So much of each end of the line to a street may lie across an obstacle."""
NOT_ROUNDED_MM = 1e-6
"""So little above a whole millimetre is a rounding error, and not rounded up."""
_LONGEST_CHORD_M = 2_000.0
"""Up to here the next term of the series for 2ρ·asin(c/2ρ) is below 1e-13 m."""
_PLANE = 1e-3
"""The local plane is off by less than this part of a distance, beside what meridians converge."""
_DEGREE = math.pi / 180.0


class Cells(NamedTuple):
    """A `Grid` as the kernels read it.

    Parameters
    ----------
    frame
        float64, (4,): west, south, width and height of a cell.
    shape
        int64, (2,): columns and rows.
    offsets, segment
        As in `Grid`.
    """

    frame: Floats
    shape: NDArray[np.int64]
    offsets: NDArray[np.int64]
    segment: Integers


@kernel
def _is_seen(
    cells: Cells,
    lines: Floats,
    lon: float,
    lat: float,
    scale_x: float,
    scale_y: float,
    x: float,
    y: float,
) -> bool:
    """Return whether no obstacle properly crosses the line from a place to (x, y), metres from it.

    A corner of an obstacle counts as being to the one side of the line if it is on it, so that no
    line slips through between two segments.
    """
    length = math.sqrt(x * x + y * y)
    if len(cells.segment) == 0 or length <= 2.0 * UNSEEN_M:
        return True
    cut = UNSEEN_M / length
    from_x, from_y, to_x, to_y = cut * x, cut * y, (1.0 - cut) * x, (1.0 - cut) * y
    west, south, width, height = cells.frame
    n_columns, n_rows = cells.shape
    end_lon, end_lat = lon + x / scale_x, lat + y / scale_y
    first_column = max(math.floor((min(lon, end_lon) - west) / width), 0)
    last_column = min(math.floor((max(lon, end_lon) - west) / width), n_columns - 1)
    first_row = max(math.floor((min(lat, end_lat) - south) / height), 0)
    last_row = min(math.floor((max(lat, end_lat) - south) / height), n_rows - 1)
    for row in range(first_row, last_row + 1):
        for column in range(first_column, last_column + 1):
            cell = row * n_columns + column
            for at in range(cells.offsets[cell], cells.offsets[cell + 1]):
                segment = cells.segment[at]
                ax = (lines[segment, 0] - lon) * scale_x
                ay = (lines[segment, 1] - lat) * scale_y
                bx = (lines[segment, 2] - lon) * scale_x
                by = (lines[segment, 3] - lat) * scale_y
                a_left = x * (ay - from_y) - y * (ax - from_x) > 0.0
                b_left = x * (by - from_y) - y * (bx - from_x) > 0.0
                if a_left == b_left:
                    continue
                begins = (bx - ax) * (from_y - ay) - (by - ay) * (from_x - ax)
                ends = (bx - ax) * (to_y - ay) - (by - ay) * (to_x - ax)
                if (begins > 0.0 and ends < 0.0) or (begins < 0.0 and ends > 0.0):
                    return False
    return True


@kernel
def scales(lat: float) -> tuple[float, float]:
    """Return the metres of a degree of longitude and of latitude, on the ellipsoid."""
    sine = math.sin(lat * _DEGREE)
    w = 1.0 - ECCENTRICITY_SQUARED * sine * sine
    prime_vertical = SEMI_MAJOR_M / math.sqrt(w)
    meridian = prime_vertical * (1.0 - ECCENTRICITY_SQUARED) / w
    return prime_vertical * math.cos(lat * _DEGREE) * _DEGREE, meridian * _DEGREE


@kernel
def find_nearest(
    streets: Cells,
    point_lon: Floats,
    point_lat: Floats,
    obstacles: Cells,
    lines: Floats,
    lon: Floats,
    lat: Floats,
    most_m: float,
    segment: Integers,
    spot_lon: Floats,
    spot_lat: Floats,
    is_blocked: NDArray[np.bool_],
) -> None:
    """Write the nearest point of a street that each place sees, in the place's local plane.

    Cells are looked through in rings around the place's own. What is in none of the first k rings
    is outside their rectangle, and so no nearer than the nearest side of it.

    Parameters
    ----------
    point_lon, point_lat
        Degrees: a segment goes from its point to the next.
    lines
        The obstacles, degrees, (b, 4).
    most_m
        No street farther away is looked for, but for one that the plane may have moved away.
    segment
        The street's segment, −1 for none; of equally near ones the lowest.
    is_blocked
        Whether a street so near is hidden: why there is none, where none is found.
    """
    west, south, width, height = streets.frame
    n_columns, n_rows = streets.shape
    for query in range(len(lon)):
        segment[query] = -1
        spot_lon[query], spot_lat[query] = np.nan, np.nan
        is_blocked[query] = False
        here_lon, here_lat = lon[query], lat[query]
        scale_x, scale_y = scales(here_lat)
        column = math.floor((here_lon - west) / width)
        row = math.floor((here_lat - south) / height)
        # Meridians converge by tan(lat)/R a metre: half of it over the distance, on average.
        converge = most_m * abs(math.tan(here_lat * _DEGREE)) / LEAST_CURVATURE_RADIUS_M
        best = most_m * (1.0 + _PLANE + min(converge, 1.0))
        is_hidden = False
        ring = 0
        # The rings that lie outside the grid are passed over at once.
        ring = max(ring, -column, column - n_columns + 1, -row, row - n_rows + 1)
        if ring:
            away_x = max(west - here_lon, here_lon - west - n_columns * width, 0.0) * scale_x
            away_y = max(south - here_lat, here_lat - south - n_rows * height, 0.0) * scale_y
            if max(away_x, away_y) > best:
                continue
        while True:
            for at_row in range(max(row - ring, 0), min(row + ring, n_rows - 1) + 1):
                first, step = column - ring, 2 * ring
                if abs(at_row - row) == ring:
                    first, step = max(first, 0), 1
                for at_column in range(first, min(column + ring, n_columns - 1) + 1, step):
                    if at_column < 0:
                        continue
                    cell = at_row * n_columns + at_column
                    for at in range(streets.offsets[cell], streets.offsets[cell + 1]):
                        one = streets.segment[at]
                        ax = (point_lon[one] - here_lon) * scale_x
                        ay = (point_lat[one] - here_lat) * scale_y
                        dx = (point_lon[one + 1] - here_lon) * scale_x - ax
                        dy = (point_lat[one + 1] - here_lat) * scale_y - ay
                        length2 = dx * dx + dy * dy
                        t = min(max(-(ax * dx + ay * dy) / length2, 0.0), 1.0)
                        x, y = ax + t * dx, ay + t * dy
                        away2 = x * x + y * y
                        if away2 > (best + SAME_M) ** 2 or one == segment[query]:
                            continue
                        away = math.sqrt(away2)
                        if segment[query] >= 0 and away > best - SAME_M and one > segment[query]:
                            continue
                        if not _is_seen(
                            obstacles, lines, here_lon, here_lat, scale_x, scale_y, x, y
                        ):
                            is_hidden |= away <= most_m
                            continue
                        best = min(best, away)
                        segment[query] = one
                        length = math.sqrt(length2)
                        if t * length <= SAME_M:
                            spot_lon[query] = point_lon[one]
                            spot_lat[query] = point_lat[one]
                        elif (1.0 - t) * length <= SAME_M:
                            spot_lon[query] = point_lon[one + 1]
                            spot_lat[query] = point_lat[one + 1]
                        else:
                            spot_lon[query] = here_lon + x / scale_x
                            spot_lat[query] = here_lat + y / scale_y
            side_x = scale_x * min(
                here_lon - west - (column - ring) * width,
                west + (column + ring + 1) * width - here_lon,
            )
            side_y = scale_y * min(
                here_lat - south - (row - ring) * height,
                south + (row + ring + 1) * height - here_lat,
            )
            if min(side_x, side_y) > best + 2.0 * SAME_M:
                break
            if (
                column - ring <= 0
                and row - ring <= 0
                and column + ring >= n_columns - 1
                and row + ring >= n_rows - 1
            ):
                break
            ring += 1
        is_blocked[query] = is_hidden


@kernel
def _space(lon: float, lat: float) -> tuple[float, float, float]:
    """Return earth-centred metres of a place on the ellipsoid, as `geodesy.lonlat_to_ecef`."""
    phi, lam = lat * _DEGREE, lon * _DEGREE
    sine = math.sin(phi)
    prime_vertical = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY_SQUARED * sine * sine)
    from_axis = prime_vertical * math.cos(phi)
    return (
        from_axis * math.cos(lam),
        from_axis * math.sin(lam),
        prime_vertical * (1.0 - ECCENTRICITY_SQUARED) * sine,
    )


@kernel
def round_up(
    lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats, length_mm: NDArray[np.int64]
) -> None:
    """Write geodesic lengths in mm, rounded up; −1 where a chord does not decide.

    `geodesy` has the proof of both bounds. They are 1 µm apart at 1 km, so that they round to the
    same millimetre but once in a thousand times.
    """
    for at in range(len(lon1)):
        if lon1[at] == lon2[at] and lat1[at] == lat2[at]:
            length_mm[at] = 0
            continue
        x1, y1, z1 = _space(lon1[at], lat1[at])
        x2, y2, z2 = _space(lon2[at], lat2[at])
        chord2 = (x1 - x2) ** 2 + (y1 - y2) ** 2 + (z1 - z2) ** 2
        chord = math.sqrt(chord2)
        length_mm[at] = -1
        if chord < _LONGEST_CHORD_M:
            bend = chord * chord2 / (24.0 * LEAST_CURVATURE_RADIUS_M**2)
            least = math.ceil((chord - ROUNDING_M) * 1e3 - NOT_ROUNDED_MM)
            most = math.ceil((chord + bend + ROUNDING_M) * 1e3 - NOT_ROUNDED_MM)
            if least == most:
                length_mm[at] = least


__all__ = ["Cells", "find_nearest", "round_up", "scales"]
