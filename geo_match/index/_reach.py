"""The loops of `AreaOrigins`: which points may be near an area, and how far its border is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geo_match._jit import kernel
from geo_match.index._pairs import squared_chord_to_distance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.index._borders import Balls, Borders

_SLACK_M = 1e-6
"""Far above the rounding of a chord, some nanometres; the distance itself decides the rim."""


class Places(NamedTuple):
    """Points in ascending order of latitude, each array (m,).

    Parameters
    ----------
    x, y, z
        Earth-centred metres.
    lon, lat
        Degrees.
    position
        int64: the user's row of each.
    slot
        int64: where each of the user's rows lies in this order.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    z: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    position: NDArray[np.int64]
    slot: NDArray[np.int64]


@kernel
def find_near(
    places: Places,
    balls: Balls,
    boxes: NDArray[np.float64],
    window: NDArray[np.int64],
    radius_m: NDArray[np.float64],
    count: NDArray[np.int64],
    near: NDArray[np.int64],
) -> None:
    """Count the points that may be within the radius of each area, and name them.

    A point in the area is in its box. Any other within the radius r has a place on the border no
    farther than r along the surface, so no farther in space; the border lies in the ball, so the
    point lies in the ball made larger by r. Space has no poles and no antimeridian.

    Parameters
    ----------
    balls, boxes
        Of the areas that ask: around their borders, (n,), and west, south, east, north, degrees,
        (n, 4).
    window
        int64, (n, 2): the places near enough by latitude, from first to before last.
    count
        (n,); written.
    near
        Positions, one query after another, written where it has room: without any, all is
        only counted.
    """
    writing = len(near) > 0
    filled = 0
    for query in range(len(radius_m)):
        x, y, z = balls.x[query], balls.y[query], balls.z[query]
        reach2 = (balls.radius[query] + radius_m[query] + _SLACK_M) ** 2
        west, south, east, north = boxes[query]
        first = filled
        for slot in range(window[query, 0], window[query, 1]):
            away2 = (
                (places.x[slot] - x) ** 2 + (places.y[slot] - y) ** 2 + (places.z[slot] - z) ** 2
            )
            if away2 <= reach2 or (
                west <= places.lon[slot] <= east and south <= places.lat[slot] <= north
            ):
                if writing:
                    near[filled] = places.position[slot]
                filled += 1
        count[query] = filled - first


@kernel
def _nearest_of_group(
    borders: Borders, group: int, x: float, y: float, z: float, best2: float
) -> float:
    """Return the squared distance to the nearest chord of a group, or `best2` if that is less."""
    for chord in range(borders.chord_of_group[group], borders.chord_of_group[group + 1]):
        ax, ay, az = x - borders.x[chord], y - borders.y[chord], z - borders.z[chord]
        dx, dy, dz = borders.dx[chord], borders.dy[chord], borders.dz[chord]
        t = min(max((ax * dx + ay * dy + az * dz) * borders.per_length2[chord], 0.0), 1.0)
        best2 = min(best2, (ax - t * dx) ** 2 + (ay - t * dy) ** 2 + (az - t * dz) ** 2)
    return best2


@kernel
def measure(
    borders: Borders,
    places: Places,
    area: NDArray[np.int64],
    offsets: NDArray[np.int64],
    candidates: NDArray[np.int64],
    radius_m: NDArray[np.float64],
    inside: NDArray[np.bool_],
    distance_m: NDArray[np.float64],
) -> None:
    """Write how far each area's candidates are from it; infinite beyond the radius.

    No place in a ball of radius q around c is nearer to a point p than |p − c| − q. A group whose
    ball is farther than the best so far, at first the radius, is passed over.

    Parameters
    ----------
    area
        int64, (n,): which area each query asks from.
    offsets
        int64, (n + 1,): the candidates of each query.
    candidates, inside
        Slots, and whether the area holds them.
    """
    groups = borders.groups
    most = 0
    for asking in area:
        most = max(most, borders.group_of_area[asking + 1] - borders.group_of_area[asking])
    least = np.empty(most)
    for query in range(len(area)):
        first = borders.group_of_area[area[query]]
        n_groups = borders.group_of_area[area[query] + 1] - first
        radius = radius_m[query]
        farthest = radius + _SLACK_M
        for i in range(offsets[query], offsets[query + 1]):
            if inside[i]:
                distance_m[i] = 0.0
                continue
            x, y, z = places.x[candidates[i]], places.y[candidates[i]], places.z[candidates[i]]
            nearest = 0
            for at in range(n_groups):
                away2 = (
                    (x - groups.x[first + at]) ** 2
                    + (y - groups.y[first + at]) ** 2
                    + (z - groups.z[first + at]) ** 2
                )
                least[at] = math.sqrt(away2) - groups.radius[first + at]
                if least[at] < least[nearest]:
                    nearest = at
            best2 = farthest * farthest
            best = farthest
            if least[nearest] <= best:
                best2 = _nearest_of_group(borders, first + nearest, x, y, z, best2)
                best = math.sqrt(best2)
                for at in range(n_groups):
                    if at != nearest and least[at] <= best:
                        best2 = _nearest_of_group(borders, first + at, x, y, z, best2)
                        best = math.sqrt(best2)
            distance = squared_chord_to_distance(best2)
            distance_m[i] = distance if distance <= radius else np.inf
