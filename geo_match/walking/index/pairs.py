"""The pairs of queries and the points that they reach, in blocks; and each one's nearest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo_match.index.counts import slices, starts
from geo_match.spatial import Pairs
from geo_match.walking.index.places import asked_checked, in_order
from geo_match.walking.kernels import lists, reach
from geo_match.walking.kernels.search import FARTHEST_MM
from geo_match.walking.search.ground import lend_labels, lend_lanes, sources_of
from geo_match.walking.snapping.snap import as_limit_mm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from geo_match.walking.index.places import Asked, Places
    from geo_match.walking.search.ground import Ground

    Longs = NDArray[np.int64]
    Floats = NDArray[np.float64]


_BLOCK_FIRST, _BLOCK_MOST = 512, 65_536
"""So many queries are asked at once: first, and at most when few pairs are known to come."""
_AT_ONCE = 8_000_000
"""So many pairs are held while they are handed out in blocks, 8 bytes each."""
_FOR_LANES = 512
"""So many places, or more, are searched for eight at a time: of few, each is far from the next."""
_ROOM = 65_536
_MM = 2**32 - 1
"""Distances are the lower 32 bits of a key, or its upper ones."""
_FIRST_LIMIT_MM = 500_000
"""The nearest are looked for within 500 m first."""


def _collect(ground: Ground, places: Places, queries: Asked, room: int) -> tuple[Longs, Longs]:
    """Return the pairs of the distinct places of queries: where each one's begin and end, and keys.

    Parameters
    ----------
    room
        So many pairs are expected; there may be any number.

    Returns
    -------
    rows
        int64, (d, 2).
    keys
        As `reach.collect` writes them.
    """
    order = in_order(ground, queries.snaps)
    rows = np.zeros((len(queries.snaps), 2), dtype=np.int64)
    if not len(order) or not len(places.hung.place):
        return rows, np.empty(0, dtype=np.int64)
    is_all = len(order) == len(rows) == 1
    sources = sources_of(queries.snaps if is_all else queries.snaps.take(order))
    limits = queries.limit_mm[order]
    parts, before, done = [], 0, 0
    while done < len(order):
        # One point's room is left over, since eight places' loop looks one ahead.
        keys = np.empty(min(room, len(places.of_point) * len(order)) + 1, dtype=np.int64)
        offsets = np.zeros(len(order) + 1, dtype=np.int64)
        given = places.hung, places.members, sources, limits, done, offsets, keys
        if len(order) < _FOR_LANES:
            with lend_labels(ground, int(limits.max())) as labels:
                stop = reach.collect(ground.ways, labels, *given)
        else:
            with lend_lanes(ground, int(limits.max())) as lanes:
                stop = lists.collect_lanes(ground.ways, lanes, *given)
        rows[order[done:stop], 0] = before + offsets[done:stop]
        rows[order[done:stop], 1] = before + offsets[done + 1 : stop + 1]
        parts.append(keys[: offsets[stop]])
        before, done = before + offsets[stop], stop
        room *= 2
    return rows, parts[0] if len(parts) == 1 else np.concatenate(parts)


def _pairs(rows: Longs, keys: Longs, of_query: Longs, first_query: int) -> Pairs:
    """Return the pairs of queries from those of their places."""
    count = rows[of_query, 1] - rows[of_query, 0]
    offsets = starts(count)
    if len(of_query) == 1:
        chosen = keys[slice(*rows[of_query[0]])]
    else:
        at = np.arange(offsets[-1]) + np.repeat(rows[of_query, 0] - offsets[:-1], count)
        chosen = keys[at]
    return Pairs(offsets, chosen >> 32, (chosen & _MM) / 1000.0, first_query=first_query)


def blocks(
    ground: Ground,
    places: Places,
    lonlat_limit: tuple[Floats, Floats, Longs],
    max_snap_m: float,
    max_pairs: int,
) -> Iterator[Pairs]:
    """Yield the pairs in blocks of whole queries, in the user's order."""
    lon, lat, limit_mm = lonlat_limit
    start, size, room = 0, _BLOCK_FIRST, _ROOM
    while start < len(lon):
        part = slice(start, start + size)
        queries = asked_checked(ground, lon[part], lat[part], limit_mm[part], max_snap_m)
        rows, keys = _collect(ground, places, queries, room)
        count = (rows[:, 1] - rows[:, 0])[queries.of_query]
        for some in slices(count, max_pairs):
            yield _pairs(rows, keys, queries.of_query[some], start + some.start)
        start += len(count)
        each = max(int(count.sum()) / len(count), 1.0)
        # Many are searched for at once, since the nearer they are the more ways they share.
        size = int(min(max(_AT_ONCE / each, 1), 4 * size, _BLOCK_MOST))
        room = max(int(1.2 * each * size), _ROOM)


def joined(parts: list[Pairs]) -> Pairs:
    """Return the pairs of blocks as one."""
    if len(parts) == 1:
        return parts[0]
    counts = [np.diff(part.offsets) for part in parts]
    return Pairs(
        starts(np.concatenate([np.empty(0, dtype=np.int64), *counts])),
        np.concatenate([np.empty(0, dtype=np.int64), *(part.point for part in parts)]),
        np.concatenate([np.empty(0), *(part.distance_m for part in parts)]),
    )


def nearest(ground: Ground, places: Places, queries: Asked, k: int, max_distance_m: float) -> Pairs:
    """Return the k nearest points of each query, up to a distance that may be infinite."""
    limit = int(min(as_limit_mm(np.array([max_distance_m]))[0], FARTHEST_MM))
    k = min(k, max(len(places.of_point), 1))
    order = in_order(ground, queries.snaps)
    n_found = np.zeros(len(queries.snaps), dtype=np.int64)
    keys = np.zeros((len(queries.snaps), k), dtype=np.int64)
    if len(order) and len(places.hung.place):
        found = np.empty(len(order), dtype=np.int64)
        chosen = np.empty((len(order), k), dtype=np.int64)
        with lend_labels(ground, limit) as labels:
            reach.nearest(
                ground.ways,
                labels,
                places.hung,
                places.members,
                sources_of(queries.snaps.take(order)),
                k,
                _FIRST_LIMIT_MM,
                limit,
                found,
                chosen,
            )
        n_found[order], keys[order] = found, chosen
    count = n_found[queries.of_query]
    listed = keys[queries.of_query][np.arange(k) < count[:, None]]
    return Pairs(starts(count), listed & _MM, (listed >> 32) / 1000.0)


__all__ = ["blocks", "joined", "nearest"]
