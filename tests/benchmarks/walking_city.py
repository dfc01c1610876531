"""A drawn city of streets to walk on, large enough to measure with: `street_city`."""

from __future__ import annotations

import numpy as np
from pyproj import Geod

from geo_match.walking.graph.graph import Graph, Grid, Kind

LON0, LAT0 = 117.38, 32.93
BLOCK_M = 80.0
CELL_M = 100.0
_BRIDGES_EVERY = 12
_PER_DEGREE = np.array([93_550.0, 110_915.0])


def to_lonlat(metres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Place metres east and north of the centre on the ellipsoid, near enough for a drawn city."""
    return LON0 + metres[:, 0] / _PER_DEGREE[0], LAT0 + metres[:, 1] / _PER_DEGREE[1]


def _morton(cells: np.ndarray) -> np.ndarray:
    """Return numbers that are near for cells, (n, 2), that are."""
    spread = np.zeros(len(cells), dtype=np.int64)
    for bit in range(16):
        for axis in range(2):
            spread |= ((cells[:, axis] >> bit) & 1) << (2 * bit + axis)
    return spread


def _ceil_mm(lon: np.ndarray, lat: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    metres = Geod(ellps="WGS84").inv(lon[start], lat[start], lon[end], lat[end])[2]
    return np.ceil(metres * 1e3 - 1e-6).astype(np.int32)


def _grid(frame: tuple[float, float, float, float], a: np.ndarray, b: np.ndarray,
          names: np.ndarray) -> Grid:  # fmt: skip
    """List segments from a to b, degrees (s, 2), by the cells that their boxes touch."""
    west, south, width, height = frame
    size = np.array([width, height])
    low = np.floor((np.minimum(a, b) - [west, south]) / size).astype(np.int64)
    high = np.floor((np.maximum(a, b) - [west, south]) / size).astype(np.int64)
    n_columns, n_rows = (high.max(axis=0) + 1).tolist()
    across = high - low + 1
    times = across.prod(axis=1)
    which = np.repeat(np.arange(len(a)), times)
    at = np.arange(len(which)) - np.repeat(np.cumsum(times) - times, times)
    column = low[which, 0] + at % across[which, 0]
    row = low[which, 1] + at // across[which, 0]
    cell = row * n_columns + column
    order = np.lexsort((names[which], cell))
    offsets = np.searchsorted(cell[order], np.arange(n_columns * n_rows + 1))
    segment = names[which][order].astype(np.int32)
    return Grid(west, south, width, height, n_columns, n_rows, offsets, segment)


def street_city(n_side: int, seed: int = 1) -> tuple[Graph, np.ndarray]:
    """Draw n_side² crossings, moved a little, with streets, some diagonals, and a river.

    Returns
    -------
    graph
        With bridges over the river, the river's line an obstacle.
    crossings
        Metres from the centre, (n, 2).
    """
    rng = np.random.default_rng(seed)
    column, row = (axis.ravel() for axis in np.meshgrid(np.arange(n_side), np.arange(n_side)))
    order = np.argsort(_morton(np.stack((column, row), axis=1)))
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(len(order))
    column, row = column[order], row[order]
    middle = (n_side - 1) / 2
    metres = (np.stack((column, row), axis=1) - middle) * BLOCK_M
    metres += rng.uniform(-0.3, 0.3, metres.shape) * BLOCK_M
    lon, lat = to_lonlat(metres)
    pairs, bridges = [], []
    river = n_side // 2
    for right, up, share in ((1, 0, 0.95), (0, 1, 0.95), (1, 1, 0.15), (1, -1, 0.15)):
        fits = (column + right < n_side) & (row + up < n_side) & (row + up >= 0)
        drawn = np.flatnonzero(fits & (rng.random(len(column)) < share))
        other = number[(row[drawn] + up) * n_side + column[drawn] + right]
        crosses = (row[drawn] < river) != (row[drawn] + up < river)
        is_bridge = crosses & (right == 0) & (column[drawn] % _BRIDGES_EVERY == 0)
        kept = ~crosses | is_bridge
        pairs.append(np.sort(np.stack((drawn, other), axis=1)[kept], axis=1))
        bridges.append(is_bridge[kept])
    pair, is_bridge = np.concatenate(pairs), np.concatenate(bridges)
    order = np.lexsort((pair[:, 1], pair[:, 0]))
    start, end = pair[order].T.astype(np.int32)
    is_bridge = is_bridge[order]
    length = _ceil_mm(lon, lat, start, end)
    m, n = len(start), len(lon)
    tail, head = np.concatenate((start, end)), np.concatenate((end, start))
    edge = np.tile(np.arange(m, dtype=np.int32), 2)
    order = np.argsort(tail, kind="stable")
    half = np.stack((head, length[edge], edge), axis=1)[order].astype(np.int32)
    offsets = np.searchsorted(tail[order], np.arange(n + 1))
    point_lon = np.stack((lon[start], lon[end]), axis=1).ravel()
    point_lat = np.stack((lat[start], lat[end]), axis=1).ravel()
    width, height = (CELL_M / _PER_DEGREE).tolist()
    frame = (float(lon.min()), float(lat.min()), width, height)
    ends = np.stack((lon[start], lat[start]), 1), np.stack((lon[end], lat[end]), 1)
    snapped = np.flatnonzero(~is_bridge)
    line = np.stack(to_lonlat(
        np.stack((np.linspace(metres[:, 0].min(), metres[:, 0].max(), 400),
                  np.full(400, (river - 0.5 - middle) * BLOCK_M)), axis=1)), axis=1)  # fmt: skip
    graph = Graph(
        lon, lat, np.zeros(n, np.int32), start, end, length,
        np.where(is_bridge, Kind.BRIDGE | Kind.OVER_WATER, 0).astype(np.uint8),
        np.full(m, -1, np.int32), ~is_bridge, np.arange(0, 2 * m + 1, 2),
        point_lon, point_lat, np.stack((np.zeros(m, np.int32), length), axis=1).ravel(),
        offsets, half,
        _grid(frame, ends[0][snapped], ends[1][snapped], 2 * snapped),
        np.concatenate((line[:-1], line[1:]), axis=1), np.ones(399, np.uint8),
        _grid(frame, line[:-1], line[1:], np.arange(399)),
    )  # fmt: skip
    return graph, metres
