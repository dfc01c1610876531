"""Streets and obstacles as lines of another map: GeoParquet, GeoPackage or a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from geo_match.walking.graph.graph import Kind, Obstacle
from geo_match.walking.source.frame import (
    Shapes,
    booleans,
    read_frame,
    shapes_of,
    whole_numbers,
    words,
)
from geo_match.walking.source.subject import Subject
from geo_match.walking.source.ways import ObstacleLines, Read, Ways

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

_SAME_DEG: Final = 1e-7
"""1 cm: a point so near another is the same spot, as the decimals of many maps have it."""
_NOISE_DEG: Final = 1e-12
_OBSTACLES: Final = {"": Obstacle.WATER, "water": Obstacle.WATER, "way": Obstacle.WAY}


def read_lines(
    lines: gpd.GeoDataFrame | str | Path,
    obstacles: gpd.GeoDataFrame | str | Path | None,
    *,
    ferries: bool,
) -> Read:
    """Read streets from lines, and obstacles from lines or areas.

    Lines meet where their ends are the same spot, and where any points of theirs are and their
    levels are equal; not where they merely cross.

    Parameters
    ----------
    lines
        A GeoDataFrame, or a GeoParquet or GeoPackage file. Columns that count, where they are
        there: `walkable` (false: not a way on foot), `bridge`, `tunnel`, `ferry` (true or false),
        `level` (a whole number: above 0 is a bridge, below 0 a tunnel), `name`.
    obstacles
        The same of lines, or of areas, whose outlines count. Column: `obstacle`, `water` or
        `way`; water where it is empty, or not there.
    ferries
        Whether lines that are ferries count.

    Raises
    ------
    ArgumentError, FileError
        If one of them cannot be read, or holds something else, or no way.
    DatumError
        If a CRS is not known, or not on WGS 84 or CGCS2000.
    CoordinateError
        If a point is none on earth.
    """
    subject = Subject.of(lines, "lines")
    frame = read_frame(lines, subject)
    shapes = shapes_of(frame, subject)
    is_ferry = booleans(frame, "ferry", subject, or_else=False)
    is_walked = booleans(frame, "walkable", subject, or_else=True) & (ferries | ~is_ferry)
    level = whole_numbers(frame, "level", subject)
    is_tunnel = booleans(frame, "tunnel", subject, or_else=False) | (level < 0)
    is_bridge = (booleans(frame, "bridge", subject, or_else=False) | (level > 0)) & ~is_tunnel
    kind = is_bridge * Kind.BRIDGE | is_tunnel * Kind.TUNNEL | is_ferry * Kind.FERRY
    names, name = np.unique(
        np.where(is_walked, words(frame, "name", subject), ""), return_inverse=True
    )
    no_name = int(len(names) > 0 and names[0] == "")
    shapes = _only(shapes, is_walked[shapes.row])
    if not len(shapes.row):
        raise subject.error(
            "have a line that is walked",
            f"none of {len(frame):,}" if len(frame) else "no row",
            "See its column walkable." if "walkable" in frame.columns and len(frame) else "",
        )
    n_ways = len(np.unique(shapes.row))
    point, lon, lat = _meet(shapes, level[shapes.row])
    ways = Ways(
        shapes.offsets,
        point,
        lon,
        lat,
        kind[shapes.row].astype(np.uint8),
        (name[shapes.row] - no_name).astype(np.int32),
        np.zeros((len(shapes.row), 2), dtype=np.bool_),
    )
    return Read(
        ways,
        _obstacles(obstacles),
        tuple(map(str, names[no_name:])),
        n_ways=n_ways,
        n_one_point=0,
        n_missing=0,
        n_blocked=0,
        n_shapeless=int(is_walked.sum()) - n_ways,
    )


def _obstacles(given: gpd.GeoDataFrame | str | Path | None) -> ObstacleLines:
    if given is None:
        nothing = np.zeros(0)
        return ObstacleLines(np.zeros(1, np.int64), nothing, nothing, np.zeros(0, np.uint8))
    subject = Subject.of(given, "obstacles")
    frame = read_frame(given, subject)
    shapes = shapes_of(frame, subject, areas=True)
    said = words(frame, "obstacle", subject, one_of=("water", "way"))
    kinds = np.array([_OBSTACLES[word] for word in said], dtype=np.uint8)
    return ObstacleLines(shapes.offsets, shapes.lon, shapes.lat, kinds[shapes.row])


def _only(shapes: Shapes, chosen: NDArray[np.bool_]) -> Shapes:
    sizes = np.diff(shapes.offsets)
    at = np.repeat(chosen, sizes)
    offsets = np.concatenate([[0], np.cumsum(sizes[chosen])]).astype(np.int64)
    return Shapes(offsets, shapes.lon[at], shapes.lat[at], shapes.row[chosen])


def _meet(
    shapes: Shapes, level: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the point of each of the lines' points, and where each point is, (n,)."""
    places = np.column_stack([shapes.lon, shapes.lat])
    exact, of = np.unique(places, axis=0, return_inverse=True)
    is_end = np.zeros(len(places), dtype=np.bool_)
    is_end[shapes.offsets[:-1]] = True
    is_end[shapes.offsets[1:] - 1] = True
    ends = np.zeros(len(exact), dtype=np.bool_)
    ends[of[is_end]] = True
    spot = _spots(exact, ends)[of]
    levels, rank = np.unique(level, return_inverse=True)
    floor = spot * len(levels) + np.repeat(rank, np.diff(shapes.offsets))
    # All floors of a spot at which a line ends are one; the others are each its own.
    ended = np.unique(floor[is_end])
    joined = np.isin(floor, ended)
    key = np.where(joined, spot * len(levels), spot * len(levels) + floor % len(levels))
    # A floor's own number must not be that of the joined ones: these get the even ones.
    _, first, point = np.unique(2 * key + ~joined, return_index=True, return_inverse=True)
    # The least place of a spot stands for it, whichever line comes first.
    order = np.lexsort((of, spot))
    least = np.full(spot.max() + 1, -1, dtype=np.int64)
    least[spot[order][::-1]] = of[order][::-1]
    where = exact[least[spot[first]]]
    return (
        point.astype(np.int64),
        np.ascontiguousarray(where[:, 0]),
        np.ascontiguousarray(where[:, 1]),
    )


def _spots(places: NDArray[np.float64], ends: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return numbers of places, (n,); places that are nearly the same have the same.

    Where each of many is near the next, as the points of a line that was drawn too finely, they are
    not all one: some stand for a spot each, and the others are at one that they are near. The ends
    of lines are asked first.
    """
    near = KDTree(places).query_pairs(_SAME_DEG + _NOISE_DEG, p=np.inf, output_type="ndarray")
    n = len(places)
    links = coo_array((np.ones(len(near), np.int8), (near[:, 0], near[:, 1])), shape=(n, n))
    n_spots, spot = connected_components(links, directed=False)
    spot = np.asarray(spot, dtype=np.int64)
    low, high = np.full((n_spots, 2), np.inf), np.full((n_spots, 2), -np.inf)
    np.minimum.at(low, spot, places)
    np.maximum.at(high, spot, places)
    is_wide = ((high - low).max(axis=1) > _SAME_DEG + _NOISE_DEG)[spot]
    if not is_wide.any():
        return spot
    neighbours = (links + links.T).tocsr()
    asked = np.flatnonzero(is_wide)
    is_free = is_wide.copy()
    for one in asked[np.argsort(~ends[asked], kind="stable")].tolist():
        if is_free[one]:
            around = neighbours.indices[neighbours.indptr[one] : neighbours.indptr[one + 1]]
            own = np.append(around[is_free[around]], one)
            is_free[own] = False
            spot[own] = n_spots
            n_spots += 1
    # Numbered anew, since those that were split are nobody's any more.
    return np.asarray(np.unique(spot, return_inverse=True)[1], dtype=np.int64)
