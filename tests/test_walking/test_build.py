"""Ways become a graph: held to a network that is kept in dicts, and to what the graph promises."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_walking.plain_build import (
    GEOD,
    check_graph,
    mm,
    obstacles_of,
    roads_between,
    roads_of,
    walks,
    ways_of,
)

from geo_match.errors import ArgumentError
from geo_match.walking.builder.build import build
from geo_match.walking.builder.lengths import lengths_mm
from geo_match.walking.graph.graph import Kind, Obstacle

PLACES = [(117.36 + 0.001 * (i % 5), 32.93 + 0.001 * (i // 5)) for i in range(25)]
"""A net of 25 points some 100 m apart."""


def built(lines, places=PLACES, obstacles=None, **more):
    return build(ways_of(lines, places, **more), obstacles or obstacles_of())


@st.composite
def towns(draw):
    """Draw lines on the net, some with points twice in a row, and their kinds, names and ends."""
    n = draw(st.integers(1, 8))
    lines = [draw(st.lists(st.integers(0, 24), min_size=1, max_size=7)) for _ in range(n)]
    kinds = [draw(st.sampled_from([0, 0, 1, 2, 4])) for _ in lines]
    names = [draw(st.sampled_from([-1, 0, 1])) for _ in lines]
    clipped = [draw(st.tuples(st.booleans(), st.booleans())) for _ in lines]
    return lines, kinds, names, clipped


@given(towns())
def test_a_graph_is_what_it_promises_and_its_walks_are_those_of_the_ways(town):
    lines, kinds, names, clipped = town
    made = built(lines, kinds=kinds, names=names, clipped=clipped)
    graph = made.graph
    check_graph(graph)
    roads = roads_between(lines, PLACES)
    total = sum(length for near in roads.values() for length in near.values()) // 2
    assert graph.length_mm.sum(dtype=np.int64) == total == made.component_mm.sum()
    point = {place: number for number, place in enumerate(PLACES)}
    vertices = [point[place] for place in zip(graph.lon, graph.lat, strict=True)]
    assert len(set(vertices)) == len(vertices)
    short = roads_of(graph)
    for vertex, start in enumerate(vertices):
        far = walks(roads, start)
        assert walks(short, vertex) == {
            other: far[end] for other, end in enumerate(vertices) if end in far
        }


@given(towns())
def test_no_vertex_lies_between_two_like_edges_unless_the_extract_ends_there(town):
    lines, kinds, names, clipped = town
    graph = built(lines, kinds=kinds, names=names, clipped=clipped).graph
    borders = {
        PLACES[[p for p, _ in itertools.groupby(line)][end]]
        for line, ends in zip(lines, clipped, strict=True)
        if len(set(line)) > 1
        for end, is_clipped in zip((0, -1), ends, strict=True)
        if is_clipped
    }
    base = graph.kind & np.uint8(Kind.BRIDGE | Kind.TUNNEL | Kind.FERRY)
    for vertex in range(len(graph.lon)):
        edges = graph.half[graph.offsets[vertex] : graph.offsets[vertex + 1], 2]
        if len(edges) == 2 and edges[0] != edges[1]:
            alike = len({(int(base[edge]), int(graph.name[edge])) for edge in edges}) == 1
            assert not alike or (graph.lon[vertex], graph.lat[vertex]) in borders


@given(towns(), st.randoms())
def test_the_order_and_direction_of_ways_change_nothing(town, random):
    lines = town[0]
    first = built(lines, kinds=[0] * len(lines)).graph
    order = list(range(len(lines)))
    random.shuffle(order)
    turned = [lines[i] if random.random() < 0.5 else lines[i][::-1] for i in order]
    second = built(turned, kinds=[0] * len(lines)).graph
    assert np.array_equal(first.lon, second.lon)
    assert np.array_equal(first.lat, second.lat)
    assert np.array_equal(first.component, second.component)
    edges = [
        Counter(zip(g.start.tolist(), g.end.tolist(), g.length_mm.tolist(), strict=True))
        for g in (first, second)
    ]
    assert edges[0] == edges[1]


def test_a_chain_of_ways_is_one_edge_and_a_crossing_a_vertex():
    graph = built([[0, 1, 2], [4, 3, 2], [7, 2]]).graph
    assert len(graph.start) == 3
    assert sorted(np.diff(graph.points)) == [2, 3, 3]
    assert len(graph.lon) == 4
    joined = built([[0, 1, 2], [4, 3, 2]]).graph
    assert len(joined.start) == 1
    assert joined.points.tolist() == [0, 5]


@pytest.mark.parametrize("more", [{"kinds": [0, 1]}, {"names": [0, 1]}, {"names": [-1, 0]}])
def test_ways_of_another_kind_or_name_are_edges_of_their_own(more):
    assert len(built([[0, 1], [1, 2]], **more).graph.start) == 2


def test_a_ring_alone_is_one_edge_from_a_vertex_to_itself():
    for ring in ([[0, 1, 6, 5, 0]], [[0, 1, 6], [6, 5, 0]], [[0, 1], [6, 1], [6, 5], [0, 5]]):
        graph = built(ring).graph
        assert len(graph.lon) == 1
        assert (graph.start.tolist(), graph.end.tolist()) == ([0], [0])
        assert graph.half[:, 2].tolist() == [0, 0]
        check_graph(graph)


def test_a_loop_on_a_street_stays_an_edge_of_its_own():
    graph = built([[0, 1], [1, 2, 7, 6, 1]]).graph
    assert sorted(zip(graph.start == graph.end, np.diff(graph.points), strict=True)) == [
        (False, 2),
        (True, 5),
    ]


def test_a_street_that_is_there_twice_is_one():
    made = built([[0, 1, 2], [2, 1, 0], [1, 2]], kinds=[0, 1, 0])
    assert made.n_double == 3
    assert made.graph.kind.tolist() == [0]
    assert made.graph.length_mm.tolist() == [mm(PLACES[0], PLACES[1]) + mm(PLACES[1], PLACES[2])]


def test_two_ways_between_the_same_vertices_are_two_edges():
    graph = built([[0, 1, 2], [0, 5, 6, 7, 2], [2, 3], [0, 10]]).graph
    pairs = Counter(zip(graph.start.tolist(), graph.end.tolist(), strict=True))
    assert 2 in pairs.values()


def test_segments_of_no_length_and_ways_of_one_point_are_left_out_and_counted():
    places = [*PLACES[:3], PLACES[1]]
    made = built([[0, 0, 1], [1, 3, 2], [2], [2, 2], [3, 1]], places)
    assert (made.n_zero, made.n_one_point) == (4, 3)
    assert len(made.graph.start) == 1  # 1 and 3 are the same spot, joined by a way
    check_graph(made.graph)


def test_points_at_the_same_place_that_no_way_joins_do_not_meet():
    crossing = [*PLACES[:15], PLACES[6]]
    graph = built([[5, 6, 7], [1, 15, 11]], crossing).graph
    assert set(graph.component.tolist()) == {0, 1}


def test_a_long_segment_is_split_so_that_none_is_above_1_km():
    places = [(117.0, 32.0), (117.3, 33.1), (117.010703, 32.0)]
    made = built([[0, 1], [0, 2]], places, names=[0, 1])
    check_graph(made.graph)
    far = GEOD.inv(*places[0], *places[1])[2]
    long = int(made.graph.length_mm.argmax())
    assert made.graph.length_mm[long] / 1000 == pytest.approx(far, abs=0.5)
    n_points = np.diff(made.graph.points)
    assert n_points[long] - 1 <= math.ceil(far / 950)
    assert n_points[1 - long] == 3  # 1,011 m
    lon = made.graph.point_lon[made.graph.points[long] : made.graph.points[long + 1]]
    lat = made.graph.point_lat[made.graph.points[long] : made.graph.points[long + 1]]
    assert np.abs((lon - 117.0) * 1.1 - (lat - 32.0) * 0.3).max() < 1e-12


def clipped_places(graph):
    """Return the numbers of the places at which edges are clipped, once an end."""
    ends = ((graph.start, Kind.CLIPPED_START), (graph.end, Kind.CLIPPED_END))
    vertices = [vertex[edge] for vertex, bit in ends for edge in np.flatnonzero(graph.kind & bit)]
    return sorted(PLACES.index((graph.lon[one], graph.lat[one])) for one in vertices)


def test_clipped_ends_are_marked_on_their_edges():
    made = built(
        [[0, 1, 2], [2, 7], [2, 3]], clipped=[(True, False), (False, False), (False, True)]
    )
    assert clipped_places(made.graph) == [0, 3]
    assert (made.graph.kind & Kind.CLIPPED > 0).sum() == made.n_clipped == 2
    both = built([[4, 3], [2, 3]], clipped=[(True, False), (True, False)])
    assert both.graph.kind.tolist() == [Kind.CLIPPED]
    assert clipped_places(both.graph) == [2, 4]


def test_nothing_is_joined_where_the_extract_ends():
    made = built([[0, 1], [1, 2]], clipped=[(False, True), (True, False)])
    assert len(made.graph.start) == 2
    assert clipped_places(made.graph) == [1, 1]
    assert (made.graph.kind & Kind.CLIPPED > 0).all()
    assert len(built([[0, 1], [1, 2]], clipped=[(True, False), (False, False)]).graph.start) == 1


def test_components_under_500_m_are_skipped_unless_all_are():
    yard, street = [[20, 21]], [[0, 1, 2, 3, 4, 9, 14, 19]]
    made = built(yard + street)
    assert made.graph.component[made.graph.start].tolist() in ([0, 1], [1, 0])
    assert made.is_skipped.tolist() == [False, True]
    assert sorted(made.graph.is_snapped.tolist()) == [False, True]
    assert built(yard).graph.is_snapped.tolist() == [True]
    assert built(yard).is_skipped.tolist() == [False]


def test_an_edge_is_over_water_if_it_crosses_a_shore_and_not_if_it_ends_there():
    lon, lat = PLACES[6]
    shore = [(lon, lat - 0.01), (lon, lat), (lon, lat + 0.01)]
    lines = [[5, 7], [11, 10], [10, 5], [0, 1]]  # across; from it; beside; on to it
    water = obstacles_of([shore], [Obstacle.WATER])
    graph = built(lines, obstacles=water).graph
    crossing = [edge for edge in range(len(graph.start)) if graph.kind[edge] & Kind.OVER_WATER]
    assert len(crossing) == 1
    edge = crossing[0]
    ends = {
        PLACES.index((graph.lon[v], graph.lat[v])) for v in (graph.start[edge], graph.end[edge])
    }
    assert 7 in ends
    rails = obstacles_of([shore], [Obstacle.WAY])
    assert not (built(lines, obstacles=rails).graph.kind & Kind.OVER_WATER).any()


def test_a_ford_shares_a_point_with_the_river_and_is_over_water():
    for n in (1, 63, 64, 65, 128, 200):  # whatever the parts that a shore is looked at in
        lon, lat = PLACES[6]
        shore = [(lon, lat - 0.00001 * k) for k in range(n, 0, -1)] + [
            (lon, lat + 0.00001 * k) for k in range(201)
        ]
        graph = built([[5, 6, 7]], obstacles=obstacles_of([shore], [Obstacle.WATER])).graph
        assert graph.kind.tolist() == [Kind.OVER_WATER]


@pytest.mark.parametrize("end", [11, 1])
@pytest.mark.parametrize("shared", [(6, 7), (6, 7, 8)])
def test_a_ford_that_runs_along_the_bank_is_over_water_if_it_leaves_on_the_other_side(shared, end):
    # From the north to the bank, along it, and back, or on to the south.
    last = end + len(shared) - 1
    shore = [PLACES[point] for point in (5, *shared, 9)]
    water = obstacles_of([shore], [Obstacle.WATER])
    graph = built([[11, *shared, last]], obstacles=water).graph
    assert graph.kind.tolist() == [Kind.OVER_WATER if end == 1 else 0]
    within = obstacles_of([[PLACES[5], PLACES[9]]], [Obstacle.WATER])  # with no point of it
    graph = built([[11, *shared, last]], obstacles=within).graph
    assert graph.kind.tolist() == [Kind.OVER_WATER if end == 1 else 0]


def test_where_a_shore_begins_and_ends_or_goes_on_in_another_line_it_is_crossed_as_elsewhere():
    low, middle, high = ((PLACES[6][0], PLACES[6][1] + y) for y in (-0.01, 0.0, 0.01))
    lake = [middle, high, (117.4, 32.94), (117.4, 32.92), low, middle]
    for lines in ([lake], [[low, middle], [middle, high]], [[middle, low], [middle, high]]):
        water = obstacles_of(lines, [Obstacle.WATER] * len(lines))
        assert built([[5, 6, 7]], obstacles=water).graph.kind.tolist() == [Kind.OVER_WATER]


def test_an_edge_that_touches_a_corner_of_the_shore_is_not_over_water():
    lon, lat = PLACES[6]
    shore = [(lon - 0.01, lat - 0.01), (lon, lat), (lon + 0.01, lat - 0.01)]
    water = obstacles_of([shore], [Obstacle.WATER])
    assert built([[5, 6, 7]], obstacles=water).graph.kind.tolist() == [0]
    assert built([[11, 6, 1]], obstacles=water).graph.kind.tolist() == [Kind.OVER_WATER]


def test_a_shore_that_is_there_twice_is_crossed_as_one_is():
    shore = [(PLACES[6][0], PLACES[6][1] + y) for y in (-0.009, 0.0, 0.009)]
    for again in (shore, shore[::-1], shore[1:]):
        water = obstacles_of([shore, again], [Obstacle.WATER] * 2)
        graph = built([[5, 6, 7]], obstacles=water).graph
        assert graph.kind.tolist() == [Kind.OVER_WATER]
        assert graph.obstacle.tolist() == [[*a, *b] for a, b in pairwise(shore)]
    # A wall on the bank is there beside it.
    both = obstacles_of([shore, shore], [Obstacle.WATER, Obstacle.WAY])
    graph = built([[5, 6, 7]], obstacles=both).graph
    assert graph.obstacle_kind.tolist() == [Obstacle.WATER] * 2 + [Obstacle.WAY] * 2


def test_obstacles_are_segments_with_their_kinds():
    lines = [
        [(1.0, 1.0), (1.0, 1.0), (1.009, 1.0), (1.009, 1.009)],
        [(2.0, 2.0)],
        [(0.0, 0.0), (0.01, 0.005)],
    ]
    graph = built([[0, 1]], obstacles=obstacles_of(lines, [1, 1, 2])).graph
    assert graph.obstacle.tolist() == [
        [1.0, 1.0, 1.009, 1.0],
        [1.009, 1.0, 1.009, 1.009],
        [0.0, 0.0, 0.01, 0.005],
    ]
    assert graph.obstacle_kind.tolist() == [1, 1, 2]
    check_graph(graph)


def test_long_obstacles_are_cut_so_that_a_grid_stays_small():
    graph = built([[0, 1]], obstacles=obstacles_of([[(0.0, 0.0), (1.0, 0.5)]], [2])).graph
    assert len(graph.obstacle) == 100
    assert graph.obstacle[0, :2].tolist() == [0.0, 0.0]
    assert graph.obstacle[-1, 2:].tolist() == [1.0, 0.5]
    assert np.array_equal(graph.obstacle[1:, :2], graph.obstacle[:-1, 2:])
    assert np.allclose(graph.obstacle[:, 0], 2.0 * graph.obstacle[:, 1], atol=1e-15)
    assert graph.obstacle_kind.tolist() == [2] * 100
    assert len(graph.obstacles.segment) < 10 * len(graph.obstacle)
    check_graph(graph)


def test_a_whole_number_of_millimetres_is_not_lifted_by_noise():
    rng = np.random.default_rng(7)
    lon1, lat1 = rng.uniform(-180, 180, 500), rng.uniform(-80, 80, 500)
    whole = rng.integers(1, 500_000, 500)
    lon2, lat2, _ = GEOD.fwd(lon1, lat1, rng.uniform(0, 360, 500), whole / 1000.0)
    near = lengths_mm(lon1, lat1, lon2, lat2)
    exact = GEOD.inv(lon1, lat1, lon2, lat2)[2] * 1000.0
    assert (near >= exact - 2e-6).all()
    assert (near < exact + 1).all()
    assert np.array_equal(near, lengths_mm(lon2, lat2, lon1, lat1))


def test_neighbours_on_the_map_are_near_in_memory():
    side = 40
    places = [(117.0 + 0.001 * (i % side), 32.0 + 0.001 * (i // side)) for i in range(side**2)]
    rows = [[r * side + c for c in range(side)] for r in range(side)]
    columns = [[r * side + c for r in range(side)] for c in range(side)]
    graph = built(rows + columns, places).graph
    assert np.median(np.abs(graph.end - graph.start)) <= 4


def test_a_network_across_the_antimeridian_is_refused():
    with pytest.raises(ArgumentError, match="lie on one side of the meridian of 180 degrees"):
        built([[0, 1]], [(179.9, 0.0), (-179.9, 0.0)])


def test_an_obstacle_across_the_antimeridian_is_no_wall_around_the_globe():
    lines = [
        [],
        [(179.99, 1.0), (179.999, 1.0), (-179.999, 1.0), (-179.99, 1.0)],
        [(179.9, 2.0), (-179.9, 2.0)],
        [(0.0, 0.0), (0.01, 0.005)],
    ]
    graph = built([[0, 1]], obstacles=obstacles_of(lines, [1, 1, 1, 2])).graph
    assert graph.obstacle.tolist() == [
        [179.99, 1.0, 179.999, 1.0],
        [-179.999, 1.0, -179.99, 1.0],
        [0.0, 0.0, 0.01, 0.005],
    ]
    assert graph.obstacle_kind.tolist() == [1, 1, 2]
    crossing = built([[0, 1]], [(100.0, 0.9), (100.0, 1.1)], obstacles_of(lines, [1, 1, 1, 2]))
    assert not (crossing.graph.kind & Kind.OVER_WATER).any()


def test_far_outliers_and_a_single_segment_have_a_grid():
    places = [(117.0, 32.0), (117.001, 32.0), (-70.0, -50.0), (-70.0, -50.001), (0.0, 89.99)]
    check_graph(built([[0, 1], [2, 3]], places).graph)
    check_graph(built([[0, 1]], places).graph)
    check_graph(built([[3, 4]], [(0.0, 0.0)] * 3 + [(0.0, 89.98), (0.1, 89.99)]).graph)
