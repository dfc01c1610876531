"""The borders of areas as straight chords through the earth, with balls around them.

The bound
---------
A border is drawn from vertex to vertex by straight lines in degrees: r(t) is the place in space
whose longitude and latitude are linear in t, 0 ≤ t ≤ 1. Let α and β be the edge's differences in
latitude and longitude, radians, M the meridian's radius of curvature and p the distance from the
axis. Then

    |r''| ≤ α²·|(p, z)''| + 2·|αβ|·|p'| + β²·p ≤ K·(α² + 2·|αβ|·|sin φ| + β²·cos φ),

with derivatives by the latitude φ. For p' = −M·sin φ; |(p, z)''| = √(M² + M'²), where M is at
most a²/b = 6,399,594 m, at the pole, and |M'| at most 0.0101·M; and p ≤ (a²/b)·cos φ. K = 6.4e6 m
is more than each of the three. A curve leaves its chord, at the same t, by at most max|r''|/8. So
an edge cut into n equal parts is off by 1/n² of that: n is chosen to make it `DEVIATION_M`, at
any latitude, poles included, where the degrees of longitude have no length and need no part.

What holds for each t holds for the least: the chords' least distance from a point in space is
within `DEVIATION_M` of the border's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

from geo_match.geodesy import lonlat_to_ecef
from geo_match.index._zone_area import AreaError
from geo_match.index.counts import starts

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEVIATION_M: Final = 1e-4
"""How far a chord may leave the border: chords of up to 71 m; the finer, the more of them."""
MAX_CHORDS: Final = 2_000_000
"""Chords of one area: 140,000 km of border, in 112 MB."""

_CURVATURE_RADIUS_M: Final = 6.4e6
_IN_GROUP: Final = 16
"""Chords that share a ball: near enough the root of their number in most areas."""
_BALL_SLACK_M: Final = 1e-6
"""Far above the rounding of a centre and of a distance from it, some nanometres."""


class Balls(NamedTuple):
    """Balls in space, each array (n,), metres."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]
    radius: NDArray[np.float64]

    def take(self, rows: NDArray[np.int64]) -> Balls:
        """Return these balls, in this order."""
        return Balls(*(array[rows] for array in self))


class Borders(NamedTuple):
    """The borders of k areas, holes included: c chords, one area after another, in g groups.

    Parameters
    ----------
    x, y, z
        Where the chords start, earth-centred metres, (c,).
    dx, dy, dz
        From start to end, metres, (c,).
    per_length2
        One over the square of the length, (c,); 0 where a chord has no length.
    chord_of_group
        int64, (g + 1,): the first chord of each group.
    group_of_area
        int64, (k + 1,): the first group of each area.
    groups
        A ball around the chords of each group, (g,).
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]
    dx: NDArray[np.float64]
    dy: NDArray[np.float64]
    dz: NDArray[np.float64]
    per_length2: NDArray[np.float64]
    chord_of_group: NDArray[np.int64]
    group_of_area: NDArray[np.int64]
    groups: Balls


def cut_borders(areas: NDArray[np.object_]) -> tuple[Borders, Balls]:
    """Return the borders of checked areas, and a ball around the whole border of each.

    Raises
    ------
    AreaError
        If a border needs more than `MAX_CHORDS` chords; it names the positions.
    """
    polygons, area_of_polygon = shapely.get_parts(areas, return_index=True)
    rings, polygon_of_ring = shapely.get_rings(polygons, return_index=True)
    lonlat, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[1:] == ring[:-1]
    start = lonlat[:-1][joined]
    step = np.diff(lonlat, axis=0)[joined]
    area = area_of_polygon[polygon_of_ring[ring[:-1][joined]]]
    needed = _parts(start[:, 1], step)
    chords = np.bincount(area, weights=needed, minlength=len(areas)).astype(np.float64)
    _check_lengths(chords)
    parts = needed.astype(np.int64)
    edge = np.repeat(np.arange(len(parts)), parts)
    part = np.arange(len(edge)) - np.repeat(np.cumsum(parts) - parts, parts)
    step = step[edge] / parts[edge, None]
    begin = start[edge] + part[:, None] * step
    end = begin + step
    here = np.stack(lonlat_to_ecef(begin[:, 0], begin[:, 1]))
    there = np.stack(lonlat_to_ecef(end[:, 0], end[:, 1]))
    along = there - here
    length2 = np.square(along).sum(axis=0)
    per_length2 = np.divide(1.0, length2, out=np.zeros_like(length2), where=length2 > 0.0)

    chord_of_area = starts(chords.astype(np.int64))
    groups = -(-np.diff(chord_of_area) // _IN_GROUP)
    group_of_area = starts(groups)
    number = np.arange(group_of_area[-1]) - np.repeat(group_of_area[:-1], groups)
    chord_of_group = np.repeat(chord_of_area[:-1], groups) + number * _IN_GROUP
    borders = Borders(
        *(here[0], here[1], here[2]),
        *(along[0], along[1], along[2]),
        per_length2,
        np.append(chord_of_group, len(edge)),
        group_of_area,
        _balls(here, there, chord_of_group),
    )
    return borders, _balls(here, there, chord_of_area[:-1])


def _parts(lat: NDArray[np.float64], step: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return into how many parts edges from these latitudes are cut, whole floats of at least 1."""
    south = np.radians(np.minimum(lat, lat + step[:, 1]))
    north = np.radians(np.maximum(lat, lat + step[:, 1]))
    farthest = np.maximum(np.abs(south), np.abs(north))
    nearest = np.maximum(np.maximum(south, -north), 0.0)  # 0 where the edge meets the equator
    beta, alpha = np.abs(np.radians(step)).T
    bend = alpha**2 + 2.0 * alpha * beta * np.sin(farthest) + beta**2 * np.cos(nearest)
    parts = np.sqrt(_CURVATURE_RADIUS_M * bend / (8.0 * DEVIATION_M))
    return np.asarray(np.maximum(np.ceil(parts), 1.0))


def _check_lengths(chords: NDArray[np.float64]) -> None:
    far = np.flatnonzero(chords > MAX_CHORDS)
    if len(far):
        raise AreaError(
            "area",
            f"have a border of at most {MAX_CHORDS:,} chords, about 140,000 km",
            f"{len(far):,} of {len(chords):,} that do not "
            f"(position {far[0]}: {chords[far[0]]:,.0f} chords)",
            "Look for edges that run to and fro around the earth, or simplify the outline.",
        )


def _balls(
    here: NDArray[np.float64], there: NDArray[np.float64], first: NDArray[np.int64]
) -> Balls:
    """Return a ball around each run of chords: its ends lie in it, so all of a chord does."""
    if not len(first):
        return Balls(*np.empty((4, 0)))
    least = np.minimum.reduceat(np.minimum(here, there), first, axis=1)
    most = np.maximum.reduceat(np.maximum(here, there), first, axis=1)
    centre = (least + most) / 2.0
    around = np.repeat(centre, np.diff(np.append(first, here.shape[1])), axis=1)
    away2 = np.maximum(np.square(here - around).sum(axis=0), np.square(there - around).sum(axis=0))
    radius = np.sqrt(np.maximum.reduceat(away2, first)) + _BALL_SLACK_M
    return Balls(centre[0], centre[1], centre[2], radius)
