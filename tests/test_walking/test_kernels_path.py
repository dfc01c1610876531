"""The loops behind a path, beside scipy's search and shapely's lines."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from shapely.ops import substring
from test_walking.drawn_towns import towns
from test_walking.grounds import graph_of

from geo_match.walking.graph.views import barred, drawn, walked
from geo_match.walking.kernels.crossing import cross_any, met
from geo_match.walking.kernels.path import UNREACHED, cut, search, walk_back

NONE = np.empty((0, 2), dtype=np.int64)


def far_mm(graph, seeds):
    """Return how far each vertex is from a place, by scipy, with the place as one more vertex."""
    n = len(graph.lon)
    start = np.append(graph.start, [n] * len(seeds))
    end = np.append(graph.end, [vertex for vertex, _ in seeds])
    length = np.append(graph.length_mm, [mm for _, mm in seeds]).astype(float)
    order = np.lexsort((-length, end, start))  # of two between the same vertices the shortest
    matrix = np.full((n + 1, n + 1), np.inf)
    for i in order:
        if start[i] != end[i]:
            matrix[start[i], end[i]] = min(matrix[start[i], end[i]], length[i])
            matrix[end[i], start[i]] = matrix[start[i], end[i]]
    rows, columns = np.nonzero(np.isfinite(matrix))
    links = coo_array((matrix[rows, columns], (rows, columns)), shape=(n + 1, n + 1)).tocsr()
    return dijkstra(links, indices=n)[:n]


@st.composite
def asked(draw):
    graph = draw(towns(n_places=0)).graph
    vertex = st.integers(0, len(graph.lon) - 1)
    seeds = draw(st.lists(st.tuples(vertex, st.integers(1, 50_000)), min_size=1, max_size=3))
    targets = draw(st.lists(st.tuples(vertex, st.integers(0, 50_000)), min_size=1, max_size=2))
    return graph, seeds, targets


@given(asked=asked(), limit=st.integers(0, 900_000))
def test_the_search_is_scipys_up_to_its_limit(asked, limit):
    graph, seeds, _ = asked
    expected = far_mm(graph, seeds)
    found = search(*walked(graph), np.array(seeds), NONE, limit)
    near = expected <= limit
    assert np.array_equal(found[near], expected[near])
    assert (found[~near] > limit).all()


@given(asked=asked())
def test_the_search_for_a_place_finds_the_least_way_and_the_way_back_adds_up_to_it(asked):
    graph, seeds, targets = asked
    seeds, targets = np.array(seeds), np.array(targets)
    far = far_mm(graph, seeds.tolist())
    expected = min(far[vertex] + mm for vertex, mm in targets)
    found = search(*walked(graph), seeds, targets, 10**9)
    if not np.isfinite(expected):
        assert (found[targets[:, 0]] == UNREACHED).all()
        return
    ways = [found[vertex] + mm for vertex, mm in targets if found[vertex] != UNREACHED]
    assert min(ways) == expected
    best = next(v for v, mm in targets if found[v] != UNREACHED and found[v] + mm == expected)
    steps, seed = walk_back(*walked(graph), seeds, found, best)
    at, mm = seeds[seed]
    for edge, entered, left in steps:
        assert entered == at
        assert {int(graph.start[edge]), int(graph.end[edge])} == {int(entered), int(left)}
        at, mm = left, mm + graph.length_mm[edge]
    assert (at, mm) == (best, found[best])


def test_a_way_of_many_steps_is_walked_back_whole():
    corners = [(10 * i, 0) for i in range(300)]
    graph = graph_of([[one, other] for one, other in pairwise(corners)])
    seeds = np.array([[0, 5]])
    found = search(*walked(graph), seeds, NONE, 10**9)
    steps, seed = walk_back(*walked(graph), seeds, found, 299)
    assert (steps[:, 0].tolist(), seed) == (list(range(299)), 0)


@given(
    bends=st.lists(st.tuples(st.integers(1, 90), st.integers(-50, 50)), min_size=1, max_size=5),
    shares=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_a_piece_of_an_edge_is_shapelys_substring(bends, shares):
    x, points = 0, [(0, 0)]
    for right, up in bends:
        x += right
        points.append((x, up))
    graph = graph_of([points])
    length = int(graph.length_mm[0])
    begin, end = (round(share * length) for share in shares)
    one = np.zeros(1, dtype=np.int64)
    place, offsets = cut(*drawn(graph), one, np.array([begin]), np.array([end]))
    assert offsets.tolist() == [0, len(place)]
    mm = graph.point_mm.astype(float)
    for axis, values in enumerate((graph.point_lon, graph.point_lat)):
        # As a line whose length is what the edge is measured by, one coordinate at a time.
        measured = shapely.LineString(np.column_stack([mm, np.zeros_like(mm)]))
        at = shapely.get_coordinates(substring(measured, begin, end))[:, 0]
        expected = np.interp(at if begin != end else [begin, end], mm, values)
        assert np.abs(place[:, axis] - expected).max() < 1e-12


@given(
    town=towns(n_places=0, banks=8),
    line=st.lists(st.tuples(*[st.integers(-900, 1_400)] * 4), min_size=1, max_size=4),
)
def test_lines_cross_and_meet_what_shapely_says_they_do(town, line):
    graph = town.graph
    kind = 1 + np.arange(len(graph.obstacle), dtype=np.uint8) % 2
    graph = graph._replace(obstacle_kind=kind)
    line = np.array(line, dtype=float) / ([93_550, 110_915] * 2) + ([117.36, 32.93] * 2)
    banks = [shapely.LineString([row[:2], row[2:]]) for row in graph.obstacle]
    lines = [shapely.LineString([row[:2], row[2:]]) for row in line]
    pairs = [(i, j, one, bank) for i, one in enumerate(lines) for j, bank in enumerate(banks)]
    pairs = [pair for pair in pairs if kind[pair[1]] == 1]
    expected = {(i, j) for i, j, one, bank in pairs if one.crosses(bank)}
    touched = {(i, j) for i, j, one, bank in pairs if one.intersects(bank)}
    segment, obstacle = met(*barred(graph), 1, line)
    found = set(zip(segment.tolist(), obstacle.tolist(), strict=True))
    assert expected <= touched <= found
    for i, j in found - touched:  # in one line, and apart
        assert shapely.union(lines[i], banks[j]).minimum_rotated_rectangle.area < 1e-12
    found = cross_any(*barred(graph), 1, *line.T.copy())
    assert np.flatnonzero(found).tolist() == sorted({i for i, _ in expected})
