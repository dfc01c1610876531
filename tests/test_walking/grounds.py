"""Graphs from hand-drawn lines, made in plain Python: what the tests of the search walk on."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from pyproj import Geod

from geo_match.walking.graph.graph import Graph, Grid, Kind

GEOD = Geod(ellps="WGS84")
LON0, LAT0 = 117.36, 32.93


class Line(NamedTuple):
    """A street through points, metres east and north of a place near enough for a drawing."""

    points: tuple[tuple[float, float], ...]
    kind: int = 0
    is_snapped: bool | None = None
    """None: what its kind says."""


def lonlat(x: float, y: float) -> tuple[float, float]:
    """Place metres east and north of the origin on the ellipsoid, as a drawing may."""
    return LON0 + x / 93_550.0, LAT0 + y / 110_915.0


def mm_between(one: tuple[float, float], other: tuple[float, float]) -> int:
    """Return the geodesic between two places in mm, rounded up but for rounding errors."""
    if one == other:
        return 0
    return math.ceil(GEOD.inv(*one, *other)[2] * 1000.0 - 1e-6)


def _grid(segments: list[tuple[int, tuple, tuple]], cell_m: float) -> Grid:
    """List segments, named by numbers, by cells of equal degrees."""
    if not segments:
        return Grid(0.0, 0.0, 1.0, 1.0, 0, 0, np.zeros(1, np.int64), np.empty(0, np.int32))
    lons = [end[0] for _, *ends in segments for end in ends]
    lats = [end[1] for _, *ends in segments for end in ends]
    west, south = min(lons), min(lats)
    width, height = cell_m / 93_550.0, cell_m / 110_915.0
    n_columns = math.floor((max(lons) - west) / width) + 1
    n_rows = math.floor((max(lats) - south) / height) + 1
    cells = defaultdict(list)
    for name, a, b in segments:
        columns = sorted(math.floor((end[0] - west) / width) for end in (a, b))
        rows = sorted(math.floor((end[1] - south) / height) for end in (a, b))
        for row in range(rows[0], rows[1] + 1):
            for column in range(columns[0], columns[1] + 1):
                cells[row * n_columns + column].append(name)
    listed = [sorted(cells[cell]) for cell in range(n_columns * n_rows)]
    offsets = np.cumsum([0, *map(len, listed)], dtype=np.int64)
    segment = np.array([one for cell in listed for one in cell], dtype=np.int32)
    return Grid(west, south, width, height, n_columns, n_rows, offsets, segment)


def _components(n: int, edges: list[tuple[int, int]], lengths: list[int]) -> list[int]:
    neighbours = defaultdict(list)
    for (start, end), length in zip(edges, lengths, strict=True):
        neighbours[start].append((end, length))
        neighbours[end].append((start, length))
    of, total = [-1] * n, []
    for first in range(n):
        if of[first] >= 0:
            continue
        number, waiting, length = len(total), [first], 0
        of[first] = number
        while waiting:
            for other, more in neighbours[waiting.pop()]:
                length += more
                if of[other] < 0:
                    of[other] = number
                    waiting.append(other)
        total.append(length)
    rank = {
        number: at for at, number in enumerate(sorted(range(len(total)), key=lambda i: -total[i]))
    }
    return [rank[number] for number in of]


def graph_of(
    lines: list[Line | list[tuple[float, float]]],
    obstacles: list[tuple[float, float, float, float]] = (),
    *,
    cell_m: float = 100.0,
) -> Graph:
    """Make a graph of lines, joined where their ends, or points of several, are equal.

    Obstacles are water, from (x, y) to (x, y) in metres.
    """
    drawn = [line if isinstance(line, Line) else Line(tuple(line)) for line in lines]
    met = Counter(point for line in drawn for point in set(line.points))
    ends = {line.points[at] for line in drawn for at in (0, -1)}
    ends |= {point for point, times in met.items() if times > 1}
    # West to east, then south to north: those near one another have near numbers.
    vertices = sorted(ends)
    number = {point: at for at, point in enumerate(vertices)}
    pieces = []
    for line in drawn:
        piece = [line.points[0]]
        for point in line.points[1:]:
            piece.append(point)
            if point in number:
                way = piece if number[piece[0]] <= number[piece[-1]] else piece[::-1]
                pieces.append((way, line))
                piece = [point]
    pieces.sort(key=lambda piece: (number[piece[0][0]], number[piece[0][-1]]))
    points, point_lonlat, point_mm, length, street = [0], [], [], [], []
    for way, line in pieces:
        places = [lonlat(*point) for point in way]
        mm = [0]
        for one, other in pairwise(places):
            mm.append(mm[-1] + mm_between(one, other))
        not_snapped = line.kind & (Kind.BRIDGE | Kind.TUNNEL | Kind.FERRY)
        is_snapped = not not_snapped if line.is_snapped is None else line.is_snapped
        if is_snapped:
            first = len(point_lonlat)
            street += [(first + at, places[at], places[at + 1]) for at in range(len(places) - 1)]
        point_lonlat += places
        point_mm += mm
        points.append(len(point_lonlat))
        length.append(mm[-1])
    edges = [(number[way[0]], number[way[-1]]) for way, _ in pieces]
    halves = defaultdict(list)
    for edge, (start, end) in enumerate(edges):
        halves[start].append((end, length[edge], edge))
        halves[end].append((start, length[edge], edge))
    half = [row for vertex in range(len(vertices)) for row in halves[vertex]]
    places = np.array([lonlat(*point) for point in vertices]).reshape(-1, 2)
    shapes = np.array(point_lonlat).reshape(-1, 2)
    banks = [(at, lonlat(*one[:2]), lonlat(*one[2:])) for at, one in enumerate(obstacles)]
    int32 = lambda values: np.array(values, dtype=np.int32)  # noqa: E731 - so short a name
    not_kept = Kind.BRIDGE | Kind.TUNNEL | Kind.FERRY
    return Graph(
        lon=places[:, 0].copy(),
        lat=places[:, 1].copy(),
        component=int32(_components(len(vertices), edges, length)),
        start=int32([start for start, _ in edges]),
        end=int32([end for _, end in edges]),
        length_mm=int32(length),
        kind=np.array([line.kind for _, line in pieces], dtype=np.uint8),
        name=np.full(len(edges), -1, dtype=np.int32),
        is_snapped=np.array(
            [
                not line.kind & not_kept if line.is_snapped is None else line.is_snapped
                for _, line in pieces
            ],
            dtype=np.bool_,
        ),
        points=np.array(points, dtype=np.int64),
        point_lon=shapes[:, 0].copy(),
        point_lat=shapes[:, 1].copy(),
        point_mm=int32(point_mm),
        offsets=np.cumsum([0, *(len(halves[v]) for v in range(len(vertices)))], dtype=np.int64),
        half=int32(half).reshape(-1, 3),
        streets=_grid(street, cell_m),
        obstacle=np.array([[*a, *b] for _, a, b in banks]).reshape(-1, 4),
        obstacle_kind=np.ones(len(banks), dtype=np.uint8),
        obstacles=_grid(banks, cell_m),
    )
