"""Ways without segments of no length, and without long ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo_match.geodesy import karney

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo_match.walking.source.ways import Ways

MAX_SEGMENT_M: Final = 1000.0

_SAME_DEG: Final = 1e-11
"""1 µm: points of one way so near one another are the same spot."""
_DEGREE_M: Final = 112_000.0
"""More than any degree of a great circle is long."""
_SPLIT_M: Final = 990.0
"""Pieces of equal degrees are not equally long: so many metres leave room for it."""


class Cleaned(NamedTuple):
    """Ways of two points or more, whose segments are between 1 µm and 1 km long.

    Parameters
    ----------
    ways
        These.
    n_zero
        How many segments of no length were left out.
    n_one_point
        How many ways were left out with them, for nothing else was left.
    """

    ways: Ways
    n_zero: int
    n_one_point: int


def clean(ways: Ways) -> Cleaned:
    """Leave out segments of no length, join what they joined, and split segments above 1 km."""
    way = np.repeat(np.arange(len(ways.kind)), np.diff(ways.offsets))
    inside = way[1:] == way[:-1]
    point = _one_point_a_spot(ways, inside)
    is_zero = inside & (point[1:] == point[:-1])
    keep = np.concatenate([[True], ~is_zero]) if len(point) else np.ones(0, np.bool_)
    point, way = point[keep], way[keep]
    n_points = np.bincount(way, minlength=len(ways.kind))
    is_line = n_points >= 2  # noqa: PLR2004 - a line has two points
    of_line = is_line[way]
    cleaned = ways._replace(
        offsets=np.concatenate([[0], np.cumsum(n_points[is_line])]).astype(np.int64),
        point=point[of_line],
        kind=ways.kind[is_line],
        name=ways.name[is_line],
        clipped=ways.clipped[is_line],
    )
    return Cleaned(_split(cleaned), int(is_zero.sum()), int((~is_line).sum()))


def _one_point_a_spot(ways: Ways, inside: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the points of ways, those that a segment of no length joins being one."""
    here, there = ways.point[:-1][inside], ways.point[1:][inside]
    near = (
        (here != there)
        & (np.abs(ways.lon[here] - ways.lon[there]) <= _SAME_DEG)
        & (np.abs(ways.lat[here] - ways.lat[there]) <= _SAME_DEG)
    )
    if not near.any():
        return ways.point
    n = len(ways.lon)
    links = coo_array((np.ones(near.sum(), np.int8), (here[near], there[near])), shape=(n, n))
    n_spots, spot = connected_components(links, directed=False)
    first = np.full(n_spots, n, dtype=np.int64)
    np.minimum.at(first, spot, np.arange(n))
    return np.asarray(first[spot][ways.point])


def _split(ways: Ways) -> Ways:
    """Put points into segments above 1 km, at equal degrees, until none is longer."""
    while (parts := _parts(ways)).max(initial=1) > 1:
        # Behind point i of the ways come parts[i] - 1 new points, on the way to point i + 1.
        first = np.cumsum(parts) - parts
        at = np.repeat(np.arange(len(parts)), parts)
        step = np.arange(len(at)) - first[at]
        share = step / parts[at]
        new = np.flatnonzero(step)
        here = ways.point[at[new]]
        there = ways.point[at[new] + 1]
        point = ways.point[at]
        point[new] = len(ways.lon) + np.arange(len(new))
        added = [
            axis[here] + share[new] * (axis[there] - axis[here]) for axis in (ways.lon, ways.lat)
        ]
        ends = np.append(first, len(at))
        ways = ways._replace(
            offsets=ends[ways.offsets],
            point=point,
            lon=np.concatenate([ways.lon, added[0]]),
            lat=np.concatenate([ways.lat, added[1]]),
        )
    return ways


def _parts(ways: Ways) -> NDArray[np.int64]:
    """Return into how many parts the segment behind each point of the ways is to be split."""
    parts = np.ones(len(ways.point), dtype=np.int64)
    if not len(parts):
        return parts
    begins = np.ones(len(parts), dtype=np.bool_)
    begins[ways.offsets[1:] - 1] = False
    at = np.flatnonzero(begins)
    lon1, lat1 = ways.lon[ways.point[at]], ways.lat[ways.point[at]]
    lon2, lat2 = ways.lon[ways.point[at + 1]], ways.lat[ways.point[at + 1]]
    widest = np.cos(np.radians(np.minimum(np.abs(lat1), np.abs(lat2))))
    widest[np.sign(lat1) != np.sign(lat2)] = 1.0
    far = _DEGREE_M * np.hypot((lon2 - lon1) * widest, lat2 - lat1) > MAX_SEGMENT_M
    metres = karney(lon1[far], lat1[far], lon2[far], lat2[far])
    parts[at[far]] = np.where(metres > MAX_SEGMENT_M, np.ceil(metres / _SPLIT_M), 1)
    return parts
