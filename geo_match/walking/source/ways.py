"""What a source of streets gives to the builder: lines that share points, and obstacles."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Ways(NamedTuple):
    """Lines that are walked; they meet where they share a point, and nowhere else.

    Two points may have the same coordinates: a bridge and what it leads over do not meet.

    Parameters
    ----------
    offsets
        int64, (w + 1,): the points of way i are `point[offsets[i]:offsets[i + 1]]`.
    point
        int64, (k,): positions in `lon` and `lat`.
    lon, lat
        Degrees, (n,), finite.
    kind
        uint8 bits of `Kind.BRIDGE`, `TUNNEL` and `FERRY`, (w,).
    name
        int32, (w,): position among the names; -1 for none.
    clipped
        bool, (w, 2): whether its first and its last point are where the extract ends.
    """

    offsets: NDArray[np.int64]
    point: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    kind: NDArray[np.uint8]
    name: NDArray[np.int32]
    clipped: NDArray[np.bool_]


class ObstacleLines(NamedTuple):
    """Lines that nobody crosses but on an edge.

    Parameters
    ----------
    offsets
        int64, (o + 1,): the points of line i are those from `offsets[i]` to `offsets[i + 1]`.
    lon, lat
        Degrees, (q,), finite.
    kind
        uint8 of `Obstacle`, (o,).
    """

    offsets: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    kind: NDArray[np.uint8]


class Read(NamedTuple):
    """All that was read of a source.

    Parameters
    ----------
    ways, obstacles
        What it has.
    names
        Names of ways, each once.
    n_ways
        How many ways or lines it has that are walked.
    n_one_point
        How many of these are left out, for they have no two points.
    n_missing
        How many of their points are not in the source, each time that a way names one.
    n_blocked
        How many points nobody passes, such as locked gates: the ways end there.
    n_shapeless
        How many ways are left out, and are none of `n_ways`, for they have no geometry.
    """

    ways: Ways
    obstacles: ObstacleLines
    names: tuple[str, ...]
    n_ways: int
    n_one_point: int
    n_missing: int
    n_blocked: int
    n_shapeless: int = 0


__all__ = ["ObstacleLines", "Read", "Ways"]
