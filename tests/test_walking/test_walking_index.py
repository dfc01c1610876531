from __future__ import annotations

import inspect
import re
import threading
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from test_walking.grounds import Line, graph_of, lonlat
from test_walking.grounds_drawn import World, worlds

from geo_match.errors import ArgumentError, CoordinateError, RadiusError, WeightError
from geo_match.geodesy import geodesic_distance
from geo_match.walking.graph.opening import Opening
from geo_match.walking.index import pairs as pairs_room
from geo_match.walking.index import sums as sums_room
from geo_match.walking.index.walking_index import WalkingIndex
from geo_match.walking.plain import PlainWalkingIndex
from geo_match.walking.snapping.snap import snap

SQUARE = [
    [(0.0, 0.0), (100.0, 0.0)],
    [(100.0, 0.0), (100.0, 100.0)],
    [(0.0, 0.0), (0.0, 100.0)],
    [(0.0, 100.0), (100.0, 100.0)],
]


def degrees(*places):
    return dict(zip(("lon", "lat"), np.array([lonlat(*place) for place in places]).T, strict=True))


def split(world: World) -> tuple[WalkingIndex, PlainWalkingIndex, dict]:
    """Index the places, and give all of them, and others between, as queries."""
    places = {"lon": world.lon, "lat": world.lat}
    asked = {key: np.concatenate((axis, (axis + axis[::-1]) / 2)) for key, axis in places.items()}
    return WalkingIndex(world.graph, **places), PlainWalkingIndex(world.graph, **places), asked


def by_scipy(world: World, index: WalkingIndex, asked: dict) -> np.ndarray:
    """Return all distances in mm by scipy, on the graph with the places as vertices."""
    graph, points = world.graph, index.snaps
    queries = snap(graph, asked["lon"], asked["lat"])
    n, size = len(graph.lon), len(graph.lon) + len(points) + len(queries)
    lengths = np.full((size, size), np.inf)

    def join(a, b, mm):
        lengths[a, b] = lengths[b, a] = min(lengths[a, b], mm)

    for a, b, mm in zip(graph.start, graph.end, graph.length_mm, strict=True):
        join(a, b, float(mm))
    rows = [(n + i, points, i) for i in range(len(points))]
    rows += [(n + len(points) + i, queries, i) for i in range(len(queries))]
    rows = [row for row in rows if row[1].edge[row[2]] >= 0]
    for at, snaps, i in rows:
        join(at, graph.start[snaps.edge[i]], float(snaps.snap_mm[i] + snaps.to_start_mm[i]))
        join(at, graph.end[snaps.edge[i]], float(snaps.snap_mm[i] + snaps.to_end_mm[i]))
    direct = np.full((len(queries), len(points)), np.inf)
    for q in np.flatnonzero(queries.edge >= 0):
        for p in np.flatnonzero(points.edge == queries.edge[q]):
            along = 0
            if (points.lon[p], points.lat[p]) != (queries.lon[q], queries.lat[q]):
                along = 1 + max(
                    abs(int(points.to_start_mm[p]) - int(queries.to_start_mm[q])),
                    abs(int(points.to_end_mm[p]) - int(queries.to_end_mm[q])),
                )
            direct[q, p] = along + points.snap_mm[p] + queries.snap_mm[q]
            if (points.place_lon[p], points.place_lat[p]) == (asked["lon"][q], asked["lat"][q]):
                direct[q, p] = 0
    np.fill_diagonal(lengths, np.inf)
    # Scipy takes 0 for no edge, so a thousandth of a millimetre stands for it; rounding mends it.
    lengths[lengths == 0.0] = 1e-3
    linked = np.isfinite(lengths)
    matrix = csr_array((lengths[linked], np.nonzero(linked)), shape=lengths.shape)
    # Places are ends, not crossings: those of the others are not walked through, since a snap
    # counts twice on the way through one.
    found = dijkstra(matrix, indices=n + len(points) + np.arange(len(queries)))
    return np.minimum(np.rint(found[:, n : n + len(points)]), direct)


@given(worlds())
def test_all_answers_are_those_of_the_plain_twin(world: World):
    index, twin, asked = split(world)
    for radius in (0.0, 55.5, 240.0, 10_000.0):
        circle = {**asked, "radius_m": radius}
        _compare_but_for_rounding(index.within(**circle), twin, asked, radius)


@given(worlds(), st.lists(st.sampled_from([0.0, 80.0, 250.0, 10_000.0]), min_size=1))
def test_places_searched_for_eight_at_a_time_have_the_pairs_of_one_at_a_time(world: World, radii):
    index, _, asked = split(world)
    ends = snap(world.graph, world.lon, world.lat).take([0])
    here = Opening(int(ends.edge[0]), 0, int(ends.to_start_mm[0]), int(ends.to_end_mm[0]))

    class Network:
        graph, openings = world.graph, (here,) if ends.is_snapped[0] else ()

    opened = WalkingIndex(Network(), lon=world.lon, lat=world.lat)
    asked["radius_m"] = np.resize(radii, len(asked["lon"]))
    for one in (index, opened):
        singly = one.within(**asked)
        with patch.object(pairs_room, "_FOR_LANES", 1), patch.object(pairs_room, "_ROOM", 3):
            assert one.within(**asked) == singly
            blocks = list(one.iter_within(**asked, max_pairs=5))
        assert [pair for block in blocks for pair in block.point.tolist()] == singly.point.tolist()


def _compare_but_for_rounding(pairs, twin, asked, radius):
    """Hold pairs against the twin's distances, which may differ by some mm of rounding."""
    table = [[np.inf if mm is None else mm for mm in row] for row in twin.distances_mm(**asked)]
    table = np.array(table, dtype=np.float64).reshape(pairs.n_queries, len(twin))
    mm = np.rint(pairs.distance_m * 1000.0)
    assert (np.abs(table[pairs.query, pairs.point] - mm) <= 4).all()
    inside = np.zeros(table.shape, dtype=np.bool_)
    inside[pairs.query, pairs.point] = True
    assert inside[table + 4 <= radius * 1000].all()
    assert not inside[table - 4 > radius * 1000].any()


@given(worlds())
def test_distances_are_those_of_scipy_to_the_millimetre(world: World):
    index, _, asked = split(world)
    exact = by_scipy(world, index, asked)
    pairs = index.within(**asked, radius_m=100_000.0)
    table = np.full(exact.shape, np.inf)
    table[pairs.query, pairs.point] = np.rint(pairs.distance_m * 1000.0)
    assert np.array_equal(table, exact)
    for radius in (0.0, 70.0, 333.0):
        pairs = index.within(**asked, radius_m=radius)
        inside = exact <= radius * 1000.0
        assert np.array_equal(np.stack((pairs.query, pairs.point)), np.stack(np.nonzero(inside)))


@given(worlds(), st.lists(st.floats(0.0, 500.0), min_size=40, max_size=40))
def test_counts_and_sums_are_those_of_the_pairs_from_either_side(world: World, radii):
    index, _, asked = split(world)
    n, m = len(asked["lon"]), len(index)
    radius = np.resize(radii, n)
    pairs = index.within(**asked, radius_m=radius)
    whole, parts = np.arange(3 * m).reshape(m, 3) - m, np.sin(np.arange(float(m)))
    inside = np.zeros((n, m), dtype=np.int64)
    inside[pairs.query, pairs.point] = 1
    circle = {**asked, "radius_m": radius}
    is_any = snap(world.graph, asked["lon"], asked["lat"]).is_snapped.any()
    with pytest.MonkeyPatch.context() as patch:
        for from_points in (bool(is_any), False):
            patch.setattr(sums_room, "_from_points", lambda *_, side=from_points: side)
            assert np.array_equal(index.count_within(**circle), inside.sum(axis=1))
            assert np.array_equal(index.sum_within(**circle, weights=whole), inside @ whole)
            sums = index.sum_within(**circle, weights=parts)
            assert sums == pytest.approx(inside @ parts, abs=1e-12)
            assert np.array_equal(index.count_reaching(**circle), inside.sum(axis=0))
            tenth = np.arange(n) * 10
            assert np.array_equal(index.sum_reaching(**circle, weights=tenth), tenth @ inside)
            floats = index.sum_reaching(**circle, weights=tenth / 7)
            assert floats == pytest.approx((tenth / 7) @ inside, abs=1e-9)


@given(worlds())
def test_a_way_and_its_reverse_are_equally_long_and_no_shorter_than_the_geodesic(world: World):
    index, _, asked = split(world)
    other = WalkingIndex(world.graph, **asked)
    there = index.within(**asked, radius_m=100_000.0)
    back = other.within(lon=world.lon, lat=world.lat, radius_m=100_000.0)
    table = {(q, p): d for q, p, d in zip(there.query, there.point, there.distance_m, strict=True)}
    turned = {(p, q): d for q, p, d in zip(back.query, back.point, back.distance_m, strict=True)}
    assert table == turned
    straight = geodesic_distance(
        lon1=asked["lon"][there.query],
        lat1=asked["lat"][there.query],
        lon2=world.lon[there.point],
        lat2=world.lat[there.point],
    )
    assert (there.distance_m >= straight - 1e-6).all()


@given(worlds(), st.integers(1, 5))
def test_the_nearest_are_the_first_of_all_by_distance_then_position(world: World, k):
    index, _, asked = split(world)
    pairs = index.within(**asked, radius_m=100_000.0)
    for most in (None, 120.0):
        found = index.nearest(**asked, k=k, max_distance_m=most)
        for query in range(pairs.n_queries):
            row = slice(*pairs.offsets[query : query + 2])
            listed = sorted(zip(pairs.distance_m[row], pairs.point[row], strict=True))
            listed = [one for one in listed if most is None or one[0] <= most][:k]
            mine = slice(*found.offsets[query : query + 2])
            assert list(zip(found.distance_m[mine], found.point[mine], strict=True)) == listed


@given(worlds(), st.integers(1, 7))
def test_blocks_are_whole_queries_and_together_all_pairs(world: World, max_pairs):
    index, _, asked = split(world)
    whole = index.within(**asked, radius_m=250.0)
    blocks = list(index.iter_within(**asked, radius_m=250.0, max_pairs=max_pairs))
    assert pairs_room.joined(blocks) == whole
    assert [block.first_query for block in blocks] == np.cumsum(
        [0, *(block.n_queries for block in blocks)]
    ).tolist()[:-1]
    assert all(len(block) <= max_pairs or block.n_queries == 1 for block in blocks)


@given(worlds(), st.data())
def test_an_added_street_never_lengthens_a_way_if_snaps_are_held(world: World, data):
    ends = data.draw(st.tuples(*[st.integers(0, len(world.lines) - 1)] * 2), label="lines")
    new = Line((world.lines[ends[0]].points[0], world.lines[ends[1]].points[-1]), is_snapped=False)
    if new.points[0] == new.points[1]:
        return
    before, after = world.graph, graph_of([*world.lines, new], world.obstacles)
    index, more = (WalkingIndex(graph, lon=world.lon, lat=world.lat) for graph in (before, after))
    assert np.array_equal(index.snaps.lon, more.snaps.lon, equal_nan=True)
    asked = {"lon": world.lon, "lat": world.lat, "radius_m": 100_000.0}
    old, now = index.within(**asked), more.within(**asked)
    newer = {(q, p): d for q, p, d in zip(now.query, now.point, now.distance_m, strict=True)}
    for q, p, d in zip(old.query, old.point, old.distance_m, strict=True):
        assert newer[q, p] <= d


def test_bounds_are_inclusive_to_the_millimetre():
    index = WalkingIndex(graph_of(SQUARE), **degrees((30.0, 5.0)))
    asked = degrees((100.0, 70.0))
    found = index.within(**asked, radius_m=1_000.0)
    metres = float(found.distance_m[0])
    assert metres == pytest.approx(5.0 + 70.0 + 70.0, abs=0.1)
    assert index.count_within(**asked, radius_m=metres).tolist() == [1]
    assert index.count_within(**asked, radius_m=np.nextafter(metres, 0.0)).tolist() == [0]


def test_places_with_equal_coordinates_are_nothing_apart_and_others_by_both_snaps():
    index = WalkingIndex(graph_of(SQUARE), **degrees((50.0, -20.0), (50.0, 20.0)))
    found = index.within(**degrees((50.0, -20.0)), radius_m=100.0)
    assert found.point.tolist() == [0, 1]
    assert found.distance_m[0] == 0.0
    assert found.distance_m[1] == pytest.approx(40.0, abs=0.05)


def test_the_way_round_is_taken_where_it_is_shorter_than_along_the_street():
    # A horseshoe whose ends are joined by a short street.
    horseshoe = [(0.0, 0.0), (0.0, 500.0), (20.0, 500.0), (20.0, 0.0)]
    graph = graph_of([horseshoe, [(0.0, 0.0), (20.0, 0.0)]])
    index = WalkingIndex(graph, **degrees((-1.0, 10.0)))
    found = index.within(**degrees((21.0, 10.0)), radius_m=2_000.0)
    assert found.distance_m[0] == pytest.approx(1 + 10 + 20 + 10 + 1, abs=0.1)


def test_what_is_led_nowhere_reaches_nothing_and_itself_neither():
    places = degrees((50.0, 0.0), (9_000.0, 0.0))
    index = WalkingIndex(graph_of(SQUARE), **places)
    assert index.count_within(**places, radius_m=100_000.0).tolist() == [1, 0]
    assert index.count_reaching(**places, radius_m=100_000.0).tolist() == [1, 0]
    assert np.diff(index.nearest(**places, k=2).offsets).tolist() == [1, 0]
    assert index.snaps.reasons.tolist() == ["", "too_far"]


def test_other_components_are_not_reached():
    island = [(3_000.0, 0.0), (3_100.0, 0.0)]
    index = WalkingIndex(graph_of([*SQUARE, island]), **degrees((50.0, 0.0), (3_050.0, 0.0)))
    asked = degrees((0.0, 50.0))
    assert index.within(**asked, radius_m=100_000.0).point.tolist() == [0]
    assert index.nearest(**asked, k=2).point.tolist() == [0]


def test_the_nearest_is_found_however_far():
    road = [(float(x), 3.0 * (x % 4_000 == 0)) for x in range(0, 40_001, 500)]
    index = WalkingIndex(graph_of([road]), **degrees((40_000.0, 10.0)))
    found = index.nearest(**degrees((0.0, 10.0)))
    assert found.distance_m[0] == pytest.approx(40_000.0, rel=1e-3)


def test_an_index_without_points_and_questions_without_places_have_empty_answers():
    graph, nobody = graph_of(SQUARE), {"lon": [], "lat": []}
    empty = WalkingIndex(graph, **nobody)
    index = WalkingIndex(graph, **degrees((0.0, 0.0)))
    assert (len(empty), len(index)) == (0, 1)
    for one, asked, n in ((empty, degrees((1.0, 1.0)), 1), (index, nobody, 0), (empty, nobody, 0)):
        assert len(one.within(**asked, radius_m=10.0)) == 0
        assert one.within(**asked, radius_m=10.0).n_queries == n
        assert one.count_within(**asked, radius_m=10.0).tolist() == [0] * n
        weights = np.ones((len(one), 2))
        assert one.sum_within(**asked, radius_m=10.0, weights=weights).shape == (n, 2)
        assert one.count_reaching(**asked, radius_m=10.0).tolist() == [0] * len(one)
        assert one.nearest(**asked, k=3).n_queries == n


def test_prepared_weights_serve_many_calls_of_their_own_index_alone():
    graph, places = graph_of(SQUARE), degrees((0.0, 0.0), (90.0, 100.0))
    index = WalkingIndex(graph, **places)
    prepared = index.prepare([0.25, 0.5])
    asked = {**degrees((0.0, 1.0)), "radius_m": 1_000.0}
    assert index.sum_within(**asked, weights=prepared).tolist() == [0.75]
    with pytest.raises(ArgumentError, match="another one"):
        WalkingIndex(graph, **places).sum_within(**asked, weights=prepared)


def test_threads_may_ask_one_index_at_once():
    rng = np.random.default_rng(3)
    index = WalkingIndex(graph_of(SQUARE), **degrees(*rng.uniform(-20.0, 120.0, (60, 2))))
    asked = degrees(*rng.uniform(-20.0, 120.0, (200, 2)))
    alone = index.within(**asked, radius_m=150.0)
    answered = []

    def ask():
        answered.extend(index.within(**asked, radius_m=150.0) == alone for _ in range(10))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answered == [True] * 40


def test_an_opened_vertex_is_reached_along_its_edge_and_from_it_all_else():
    # A river without a bridge: then one between the middles of the two banks' streets.
    banks = [[(0.0, 0.0), (400.0, 0.0)], [(0.0, 90.0), (400.0, 90.0)]]
    south, north = degrees((100.0, -3.0), (250.0, 2.0)), degrees((300.0, 95.0))
    graph = graph_of(banks)
    ends = snap(graph, *np.array([lonlat(200.0, 0.0), lonlat(200.0, 90.0)]).T)
    n = len(graph.lon)
    # The two new vertices, the bridge, and the halves of the banks' streets.
    rows = [(n, n + 1, 90_000)]
    for at in range(2):
        edge = ends.edge[at]
        rows.append((graph.start[edge], n + at, ends.to_start_mm[at]))
        rows.append((graph.end[edge], n + at, ends.to_end_mm[at]))
    m = len(graph.start)
    half = np.concatenate(
        [graph.half] + [[(b, mm, m + i), (a, mm, m + i)] for i, (a, b, mm) in enumerate(rows)]
    ).astype(np.int32)
    tail = np.concatenate(
        [np.repeat(np.arange(n), np.diff(graph.offsets))] + [[a, b] for a, b, _ in rows]
    )
    order = np.argsort(tail, kind="stable")
    opened = graph._replace(
        lon=np.append(graph.lon, ends.lon),
        lat=np.append(graph.lat, ends.lat),
        component=np.zeros(n + 2, np.int32),
        start=np.append(graph.start, [row[0] for row in rows]).astype(np.int32),
        end=np.append(graph.end, [row[1] for row in rows]).astype(np.int32),
        length_mm=np.append(graph.length_mm, [row[2] for row in rows]).astype(np.int32),
        half=half[order],
        offsets=np.searchsorted(tail[order], np.arange(n + 3)),
    )
    openings = tuple(
        Opening(int(ends.edge[at]), n + at, int(ends.to_start_mm[at]), int(ends.to_end_mm[at]))
        for at in range(2)
    )

    class Network:
        def __init__(self):
            self.graph, self.openings = opened, openings

    index = WalkingIndex(Network(), **south)
    twin = PlainWalkingIndex(opened, **south, openings=openings)
    found = index.within(**north, radius_m=1_000.0)
    assert found.distance_m == pytest.approx(
        [3 + 100 + 90 + 100 + 5, 2 + 50 + 90 + 100 + 5], abs=0.2
    )
    assert np.rint(found.distance_m * 1e3).tolist() == twin.distances_mm(**north)[0]
    assert index.count_within(**north, radius_m=270.0).tolist() == [1]
    assert index.count_reaching(**north, radius_m=270.0).tolist() == [0, 1]
    assert len(WalkingIndex(graph, **south).within(**north, radius_m=1_000.0)) == 0


@pytest.mark.parametrize(
    ("error", "argument", "given_"),
    [
        (RadiusError, "radius_m", {"radius_m": -1.0}),
        (RadiusError, "radius_m", {"radius_m": 200_001.0}),
        (ArgumentError, "radius_m", {"radius_m": [1.0, 2.0]}),
        (CoordinateError, "lon", {"lon": np.nan}),
        (ArgumentError, "lon", {"lon": "117"}),
    ],
)
def test_bad_questions_are_refused_by_each_method(error, argument, given_):
    index = WalkingIndex(graph_of(SQUARE), **degrees((0.0, 0.0)))
    asked = {"lon": 117.36, "lat": 32.93, "radius_m": 10.0, **given_}
    for ask in (index.within, index.iter_within, index.count_within, index.count_reaching):
        with pytest.raises(error, match=argument):
            ask(**asked)
    with pytest.raises(error, match=argument):
        index.sum_within(**asked, weights=[1])


def test_bad_weights_counts_and_bounds_are_refused():
    index = WalkingIndex(graph_of(SQUARE), **degrees((0.0, 0.0)))
    asked = {"lon": 117.36, "lat": 32.93, "radius_m": 10.0}
    with pytest.raises(WeightError, match="finite"):
        index.sum_within(**asked, weights=[np.inf])
    with pytest.raises(ArgumentError, match="one number a query"):
        index.sum_reaching(**asked, weights=[1, 2])
    with pytest.raises(ArgumentError, match="max_pairs"):
        index.iter_within(**asked, max_pairs=0)
    with pytest.raises(ArgumentError, match="`k`"):
        index.nearest(lon=117.36, lat=32.93, k=0)
    with pytest.raises(RadiusError, match="max_snap_m"):
        WalkingIndex(graph_of(SQUARE), lon=[], lat=[], max_snap_m=-1.0)


def test_it_says_how_large_it_is():
    index = WalkingIndex(graph_of(SQUARE), **degrees((0.0, 0.0), (9.0, 9.0)))
    assert repr(index) == "WalkingIndex(2 points)"
    assert index.nbytes > 2 * 50


def test_each_method_says_what_it_takes_and_raises():
    for name, method in inspect.getmembers(WalkingIndex, inspect.isfunction):
        if not name.startswith("_"):
            told = method.__doc__ or ""
            assert re.search(r"Raises\n|raised are as in|refused for the same", told), name
