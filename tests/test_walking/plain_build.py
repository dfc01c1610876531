"""What a graph must be, written anew without arrays: its rules, and the network it is made of."""

from __future__ import annotations

import heapq
import itertools
import math
from collections import Counter, defaultdict

import numpy as np
from pyproj import Geod

from geo_match.walking.graph.graph import Kind
from geo_match.walking.source.ways import ObstacleLines, Ways

GEOD = Geod(ellps="WGS84")


def ways_of(lines, places, *, kinds=None, names=None, clipped=None):
    """Make ways of lists of points, whose places are listed."""
    sizes = [len(line) for line in lines]
    return Ways(
        np.cumsum([0, *sizes]).astype(np.int64),
        np.array([point for line in lines for point in line], dtype=np.int64),
        np.array([lon for lon, _ in places], dtype=np.float64),
        np.array([lat for _, lat in places], dtype=np.float64),
        np.array(kinds or [0] * len(lines), dtype=np.uint8),
        np.array(names or [-1] * len(lines), dtype=np.int32),
        np.array(clipped or [(False, False)] * len(lines), dtype=np.bool_).reshape(-1, 2),
    )


def obstacles_of(lines=(), kinds=()):
    """Make obstacles of lists of places."""
    return ObstacleLines(
        np.cumsum([0, *(len(line) for line in lines)]).astype(np.int64),
        np.array([lon for line in lines for lon, _ in line], dtype=np.float64),
        np.array([lat for line in lines for _, lat in line], dtype=np.float64),
        np.array(kinds, dtype=np.uint8),
    )


def mm(one, other):
    """Return the geodesic in mm, rounded up."""
    return math.ceil(GEOD.inv(*one, *other)[2] * 1000.0 - 1e-6)


def segments_of(graph):
    """Return the segments of a graph: edge, and the places of both ends."""
    found = []
    for edge, (low, high) in enumerate(zip(graph.points[:-1], graph.points[1:], strict=True)):
        line = list(zip(graph.point_lon[low:high], graph.point_lat[low:high], strict=True))
        found += [(edge, int(low) + k, *ends) for k, ends in enumerate(itertools.pairwise(line))]
    return found


def check_graph(graph):
    """Assert what `Graph` says of itself."""
    n, m = len(graph.lon), len(graph.start)
    assert all(len(array) == m for array in (graph.end, graph.length_mm, graph.kind, graph.name))
    assert (graph.start <= graph.end).all()
    assert set(graph.start.tolist()) | set(graph.end.tolist()) == set(range(n))
    places = list(zip(graph.lon.tolist(), graph.lat.tolist(), strict=True))
    along = defaultdict(list)
    for edge, first, one, other in segments_of(graph):
        length = mm(one, other)
        assert 0 < length <= 1_000_000
        assert graph.point_mm[first + 1] - graph.point_mm[first] == length
        along[edge].append((one, other))
    for edge, segments in along.items():
        assert segments[0][0] == places[graph.start[edge]]
        assert segments[-1][1] == places[graph.end[edge]]
    assert sorted(along) == list(range(m))
    assert graph.point_mm[graph.points[:-1]].tolist() == [0] * m
    assert graph.point_mm[graph.points[1:] - 1].tolist() == graph.length_mm.tolist()
    halves = defaultdict(list)
    for edge in range(m):
        start, end, length = (int(a[edge]) for a in (graph.start, graph.end, graph.length_mm))
        halves[start].append((end, length, edge))
        halves[end].append((start, length, edge))
    for vertex in range(n):
        rows = graph.half[graph.offsets[vertex] : graph.offsets[vertex + 1]]
        assert Counter(map(tuple, rows.tolist())) == Counter(halves[vertex])
    check_components(graph, halves)
    snapped = [
        (first, (*one, *other))
        for edge, first, one, other in segments_of(graph)
        if graph.is_snapped[edge]
    ]
    check_grid(graph.streets, snapped)
    check_grid(graph.obstacles, list(enumerate(map(tuple, graph.obstacle.tolist()))))
    assert graph.half.flags.c_contiguous
    dtypes = {
        name: array.dtype for name, array in graph._asdict().items() if hasattr(array, "dtype")
    }
    for name in ("component", "start", "end", "length_mm", "name", "point_mm", "half"):
        assert dtypes[name] == np.int32
    assert dtypes["points"] == dtypes["offsets"] == graph.streets.offsets.dtype == np.int64
    assert dtypes["kind"] == dtypes["obstacle_kind"] == np.uint8


def check_components(graph, halves):
    """Assert that components are what hangs together, numbered by length."""
    component = graph.component.tolist()
    seen, lengths = {}, []
    for vertex in range(len(component)):
        if vertex in seen:
            continue
        number, waiting, edges = len(lengths), [vertex], {}
        seen[vertex] = number
        while waiting:
            for other, length, edge in halves[waiting.pop()]:
                edges[edge] = length
                if other not in seen:
                    seen[other] = number
                    waiting.append(other)
        lengths.append(sum(edges.values()))
    pairs = {(component[v], number) for v, number in seen.items()}
    assert len(pairs) == len(lengths) == len(set(component))
    ordered = [lengths[number] for _, number in sorted(pairs)]
    assert ordered == sorted(ordered, reverse=True)
    least = 500_000 if max(ordered, default=0) >= 500_000 else 0
    for edge, is_snapped in enumerate(graph.is_snapped.tolist()):
        on_ground = not graph.kind[edge] & (Kind.BRIDGE | Kind.TUNNEL | Kind.FERRY)
        assert is_snapped == (on_ground and ordered[component[graph.start[edge]]] >= least)


def check_grid(grid, segments):
    """Assert that each segment is in each cell that its box touches, and in no other."""
    cells = defaultdict(list)
    for number, (lon1, lat1, lon2, lat2) in segments:
        columns = [math.floor((lon - grid.west) / grid.cell_lon) for lon in sorted((lon1, lon2))]
        rows = [math.floor((lat - grid.south) / grid.cell_lat) for lat in sorted((lat1, lat2))]
        assert 0 <= columns[0] <= columns[1] < grid.n_columns
        assert 0 <= rows[0] <= rows[1] < grid.n_rows
        for row in range(rows[0], rows[1] + 1):
            for column in range(columns[0], columns[1] + 1):
                cells[row * grid.n_columns + column].append(number)
    assert len(grid.offsets) == grid.n_columns * grid.n_rows + 1
    for cell in range(grid.n_columns * grid.n_rows):
        listed = grid.segment[grid.offsets[cell] : grid.offsets[cell + 1]].tolist()
        assert listed == sorted(cells[cell])


def roads_between(lines, places):
    """Return what segments of ways join, by place: the network before any array."""
    roads = defaultdict(dict)
    for line in lines:
        for one, other in itertools.pairwise(line):
            if places[one] != places[other]:
                roads[one][other] = roads[other][one] = mm(*sorted((places[one], places[other])))
    return roads


def walks(roads, start):
    """Return how far each point is from one, in mm."""
    far, waiting = {}, [(0, start)]
    while waiting:
        at, point = heapq.heappop(waiting)
        if point in far:
            continue
        far[point] = at
        for other, length in roads[point].items():
            heapq.heappush(waiting, (at + length, other))
    return far


def roads_of(graph):
    """Return what the edges of a graph join, the shortest where several join the same."""
    roads = defaultdict(dict)
    for start, end, length in zip(graph.start, graph.end, graph.length_mm, strict=True):
        for one, other in ((int(start), int(end)), (int(end), int(start))):
            roads[one][other] = min(int(length), roads[one].get(other, int(length)))
    return roads
