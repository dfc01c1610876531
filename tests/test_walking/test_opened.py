"""An opened street leaves all that was as it was, and is walked only where that is shorter."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyproj import Geod
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from test_walking.drawn_towns import STEP, towns
from test_walking.grounds import LON0, Line, graph_of, lonlat

from geo_match.errors import ArgumentError
from geo_match.walking.answers.distances import distance
from geo_match.walking.answers.path import find_path
from geo_match.walking.change.opened import open_street
from geo_match.walking.graph.graph import Kind
from geo_match.walking.snapping.snap import snap

GEOD = Geod(ellps="WGS84")
METRES = st.integers(-40, STEP * 4)
STREETS = st.lists(st.tuples(METRES, METRES, METRES, METRES), min_size=1, max_size=3)
"""Each from (x, y) to (x, y)."""


def opened_by(graph, street, names=(), openings=(), **options):
    (lon1, lat1), (lon2, lat2) = lonlat(*street[:2]), lonlat(*street[2:])
    ends = {"lon1": lon1, "lat1": lat1, "lon2": lon2, "lat2": lat2}
    return open_street(graph, names, **ends, openings=openings, **options)


def all_opened(graph, streets):
    """Open streets one after the other, but for those that have no place to begin or end."""
    names, openings = (), ()
    for street in streets:
        try:
            graph, names, openings = opened_by(graph, street, names, openings)
        except ArgumentError:
            continue
    return graph, openings


def distances_mm(graph, snaps, openings=()):
    """Return how far places are from one another, (n, n), mm; infinite where no street leads."""
    n = len(snaps)
    one, other = np.divmod(np.arange(n * n), n)
    found = distance(graph, snaps.take(one), snaps.take(other), openings=openings)
    return np.where(found.reason == "", found.distance_m * 1000.0, np.inf).reshape(n, n)


def snaps_of(graph, places):
    return snap(graph, *np.array(places).T.copy())


def check(graph):
    """Hold a graph to all that `Graph` promises."""
    n, m = len(graph.lon), len(graph.start)
    assert (graph.start <= graph.end).all()
    assert (graph.length_mm > 0).all()
    halves = [[] for _ in range(n)]
    for edge in range(m):
        start, end, length = graph.start[edge], graph.end[edge], graph.length_mm[edge]
        halves[start].append((end, length, edge))
        halves[end].append((start, length, edge))
        first, last = graph.points[edge], graph.points[edge + 1] - 1
        assert last > first
        mm = graph.point_mm[first : last + 1]
        assert (mm[0], mm[-1]) == (0, length)
        assert (np.diff(mm) > 0).all()
        lon, lat = graph.point_lon[first : last + 1], graph.point_lat[first : last + 1]
        ends = [(graph.lon[vertex], graph.lat[vertex]) for vertex in (start, end)]
        assert [(lon[0], lat[0]), (lon[-1], lat[-1])] == ends
        geodesic = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2] * 1000.0
        assert (geodesic <= 1e6 + 1e-6).all()
        # Parts of edges are measured from whole millimetres, and may have 2 more.
        assert np.diff(mm) == pytest.approx(np.ceil(geodesic - 1e-6), abs=2)
        assert (np.diff(mm) >= geodesic - 1e-3).all(), (np.diff(mm), geodesic)
    for vertex in range(n):
        rows = graph.half[graph.offsets[vertex] : graph.offsets[vertex + 1]].tolist()
        assert sorted(map(tuple, rows)) == sorted(halves[vertex])
    assert len(graph.half) == graph.offsets[-1] == 2 * m
    links = coo_array((np.ones(m), (graph.start, graph.end)), shape=(n, n))
    n_components, of = connected_components(links, directed=False)
    pairs = set(zip(of.tolist(), graph.component.tolist(), strict=True))
    assert len(pairs) == n_components == graph.component.max() + 1
    total = np.bincount(graph.component[graph.start], weights=graph.length_mm)
    assert (np.diff(total) <= 0).all()
    kept = ("lon", "lat", "point_lon", "point_lat")
    assert all(getattr(graph, name).dtype == np.float64 for name in kept)
    int32 = ("component", "start", "end", "length_mm", "name", "point_mm", "half")
    assert all(getattr(graph, name).dtype == np.int32 for name in int32)
    assert (graph.points.dtype, graph.offsets.dtype) == (np.int64, np.int64)
    assert (graph.kind.dtype, graph.is_snapped.dtype) == (np.uint8, np.bool_)


@given(town=towns(n_places=0), streets=STREETS)
def test_the_graph_is_whole_and_begins_with_the_old_one(town, streets):
    old = town.graph
    new, openings = all_opened(old, streets)
    check(new)
    n, m = len(old.lon), len(old.start)
    for name in ("lon", "lat"):
        assert np.array_equal(getattr(new, name)[:n], getattr(old, name))
    for name in ("start", "end", "length_mm", "kind", "name", "is_snapped"):
        assert np.array_equal(getattr(new, name)[:m], getattr(old, name))
    assert np.array_equal(new.points[: m + 1], old.points)
    assert np.array_equal(new.point_mm[: old.points[-1]], old.point_mm)
    assert new.streets is old.streets
    assert not new.is_snapped[m:].any()
    for opening in openings:
        assert opening.vertex >= n
        assert 0 < opening.to_start_mm <= old.length_mm[opening.edge]
        assert 0 < opening.to_end_mm <= old.length_mm[opening.edge]


@given(town=towns(n_places=6), streets=STREETS)
def test_all_snaps_stay_and_no_way_grows(town, streets):
    old = town.graph
    new, openings = all_opened(old, streets)
    snaps, same = snaps_of(old, town.places), snaps_of(new, town.places)
    for name in ("edge", "segment", "to_start_mm", "to_end_mm", "snap_mm", "reason"):
        assert np.array_equal(getattr(snaps, name), getattr(same, name))
    before, after = distances_mm(old, snaps), distances_mm(new, same, openings)
    assert (after <= before).all()
    assert np.array_equal(after, after.T)


@given(town=towns(n_places=6), street=STREETS.map(lambda streets: streets[0]))
def test_a_way_is_the_old_one_or_the_least_over_the_new_street(town, street):
    old = town.graph
    new, openings = all_opened(old, [street])
    assume(len(new.start) > len(old.start))
    ends = snaps_of(old, [lonlat(*street[:2]), lonlat(*street[2:])])
    spots = snaps_of(old, list(zip(ends.lon, ends.lat, strict=True)))
    assume((spots.edge == ends.edge).all())  # else the spot is where two streets cross
    snaps = snaps_of(old, town.places)
    before = distances_mm(old, snaps)
    everyone = snaps_of(old, [*town.places, *zip(ends.lon, ends.lat, strict=True)])
    to_ends = distances_mm(old, everyone)[:-2, -2:]
    length = int(new.length_mm[-1])
    over = np.minimum(
        to_ends[:, None, 0] + length + to_ends[None, :, 1],
        to_ends[:, None, 1] + length + to_ends[None, :, 0],
    )
    np.fill_diagonal(over, np.inf)  # a place is where it is
    after = distances_mm(new, snaps, openings)
    expected = np.minimum(before, over)
    assert after[np.isfinite(after)] == pytest.approx(expected[np.isfinite(after)], abs=6)
    assert np.array_equal(np.isfinite(after), np.isfinite(expected))


@given(town=towns(), streets=STREETS)
def test_a_path_on_it_is_as_long_as_the_distance_and_runs_through(town, streets):
    graph, openings = all_opened(town.graph, streets)
    (lon1, lat1), (lon2, lat2) = town.places
    names = [""] * 3
    path = find_path(graph, names, lon1=lon1, lat1=lat1, lon2=lon2, lat2=lat2, openings=openings)
    back = find_path(graph, names, lon1=lon2, lat1=lat2, lon2=lon1, lat2=lat1, openings=openings)
    snaps = [snap(graph, *place) for place in town.places]
    expected = distance(graph, *snaps, openings=openings)
    assert path.reason == expected.reason[0]
    assert path.distance_m == pytest.approx(expected.distance_m[0], abs=0.0, nan_ok=True)
    assert back.distance_m == pytest.approx(path.distance_m, abs=0.0, nan_ok=True)
    assert back.edges == path.edges[::-1]
    if path.line is not None:
        lon, lat = np.array(path.line.coords).T
        drawn_m = GEOD.line_length(lon, lat)
        assert path.distance_m - 0.001 * (len(lon) + 8) <= drawn_m <= path.distance_m + 0.004


CROSS = [[(0, 0), (400, 0)], [(0, 300), (400, 300)]]
RIVER = [(-100, 150, 500, 150)]


def test_it_is_a_bridge_where_it_crosses_water_and_a_street_elsewhere():
    over = opened_by(graph_of(CROSS, RIVER), (100, 10, 120, 290)).graph
    assert over.kind[-1] == Kind.BRIDGE | Kind.OVER_WATER
    dry = opened_by(graph_of(CROSS), (100, 10, 120, 290)).graph
    assert dry.kind[-1] == 0
    railway = graph_of(CROSS, RIVER)._replace(obstacle_kind=np.array([2], dtype=np.uint8))
    assert opened_by(railway, (100, 10, 120, 290)).graph.kind[-1] == 0


def test_its_length_is_from_street_to_street_through_both_places():
    graph = opened_by(graph_of(CROSS), (100, 10, 120, 290)).graph
    places = [lonlat(*place) for place in ((100, 0), (100, 10), (120, 290), (120, 300))]
    lengths = [GEOD.inv(*one, *other)[2] for one, other in pairwise(places)]
    assert graph.length_mm[-1] == sum(math.ceil(length * 1000.0) for length in lengths)


def test_of_a_clipped_street_only_the_half_with_that_end_is_clipped():
    for kind, x in ((Kind.CLIPPED_START, 0), (Kind.CLIPPED_END, 400)):
        lines = [Line(((0, 0), (400, 0)), kind=kind), Line(((0, 300), (400, 300)))]
        graph = opened_by(graph_of(lines), (100, 10, 120, 290)).graph
        new = np.arange(2, len(graph.start))
        clipped = new[graph.kind[new] & Kind.CLIPPED > 0]
        assert graph.kind[clipped].tolist() == [Kind.CLIPPED_START]
        start = graph.start[clipped[0]]
        assert (graph.lon[start], graph.lat[start]) == lonlat(x, 0)


def test_it_joins_two_components_and_they_are_numbered_anew():
    apart = graph_of([*CROSS, [(0, 600), (500, 600)]])
    assert len(set(apart.component.tolist())) == 3
    opened = opened_by(apart, (100, 10, 120, 290))
    check(opened.graph)
    assert opened.graph.component.max() == 1
    (lon1, lat1), (lon2, lat2) = lonlat(0, 0), lonlat(0, 300)
    ends = {"lon1": lon1, "lat1": lat1, "lon2": lon2, "lat2": lat2}
    assert find_path(apart, (), **ends).reason == "disconnected"
    assert find_path(opened.graph, (), **ends, openings=opened.openings).reason == ""


def test_its_name_is_put_behind_the_others():
    opened = opened_by(graph_of(CROSS), (100, 10, 120, 290), ("解放路",), name="淮河大桥")
    assert opened.names == ("解放路", "淮河大桥")
    assert opened.graph.name[-1] == 1
    unnamed = opened_by(graph_of(CROSS), (100, 10, 120, 290), ("解放路",))
    assert unnamed.names == ("解放路",)
    assert unnamed.graph.name[-1] == -1


def test_at_the_end_of_a_street_no_new_vertex_is_needed():
    old = graph_of(CROSS)
    opened = opened_by(old, (-10, 0, -10, 300))
    check(opened.graph)
    assert opened.openings == ()
    assert len(opened.graph.lon) == len(old.lon)
    assert len(opened.graph.start) == len(old.start) + 1


def test_where_one_was_opened_already_no_second_vertex_is_made():
    once = opened_by(graph_of(CROSS), (100, 10, 100, 290))
    twice = opened_by(once.graph, (100, 20, 300, 290), once.names, once.openings)
    check(twice.graph)
    assert len(twice.openings) == 3
    assert twice.openings[:2] == once.openings


def test_two_that_begin_on_one_street_are_as_far_apart_as_places_there():
    once = opened_by(graph_of(CROSS), (100, 10, 100, 290))
    twice = opened_by(once.graph, (140, 10, 300, 290), once.names, once.openings)
    check(twice.graph)
    one, other = (opening.vertex for opening in (twice.openings[0], twice.openings[2]))
    between = {(int(a), int(b)) for a, b in zip(twice.graph.start, twice.graph.end, strict=True)}
    assert (one, other) in between
    spots = [(twice.graph.lon[vertex], twice.graph.lat[vertex]) for vertex in (one, other)]
    edge = next(
        edge
        for edge in range(len(twice.graph.start))
        if (twice.graph.start[edge], twice.graph.end[edge]) == (one, other)
    )
    apart = distances_mm(graph_of(CROSS), snaps_of(graph_of(CROSS), spots))[0, 1]
    assert twice.graph.length_mm[edge] == pytest.approx(apart, abs=2)


def test_a_street_bent_back_on_itself_is_joined_at_both_its_ends():
    # One edge from a vertex to itself, and one opened across it.
    ring = [(0, 0), (300, 0), (300, 300), (0, 300), (0, 0)]
    old = graph_of([ring])
    assert len(old.start) == 1
    opened = opened_by(old, (150, 10, 150, 290))
    check(opened.graph)
    assert len(opened.openings) == 2
    (lon1, lat1), (lon2, lat2) = lonlat(160, -5), lonlat(160, 305)
    path = find_path(
        opened.graph, (), lon1=lon1, lat1=lat1, lon2=lon2, lat2=lat2, openings=opened.openings
    )
    assert path.distance_m == pytest.approx(5 + 10 + 300 + 10 + 5, abs=0.5)


def test_a_long_one_is_cut_into_segments_of_1_km_at_most():
    long = [[(0, 0), (400, 0)], [(0, 3_500), (400, 3_500)]]
    opened = opened_by(graph_of(long), (100, 10, 120, 3_490))
    check(opened.graph)
    assert opened.graph.points[-1] - opened.graph.points[-2] == 7  # 3,480 m in four, and two snaps


def test_it_never_begins_on_a_bridge_or_across_a_river():
    bridge = graph_of([Line(((0, 0), (100, 0))), Line(((100, 0), (400, 0)), kind=Kind.BRIDGE)])
    with pytest.raises(ArgumentError, match=r"`lon2, lat2` must be at most 300 m from a street"):
        opened_by(bridge, (50, 10, 600, 10))
    with pytest.raises(ArgumentError, match=r"`lon1, lat1` must .* got .*\(blocked\)"):
        opened_by(graph_of(CROSS[:1], RIVER), (100, 160, 200, 10))


def test_its_two_ends_are_led_to_two_points():
    with pytest.raises(ArgumentError, match=r"`lon2, lat2` must be led to another point, got \("):
        opened_by(graph_of(CROSS), (100, 10, 100, -10))


def test_one_longer_than_any_walk_is_refused():
    far = 3_000_000
    towns = graph_of([[(0, 0), (400, 0)], [(0, far), (400, far)]], cell_m=50_000.0)
    with pytest.raises(
        ArgumentError, match=r"`lon2, lat2` must be at most 2,147 km from .* got 3,007 km"
    ):
        opened_by(towns, (100, 10, 120, far - 10))


def test_one_across_the_antimeridian_is_refused():
    east, west = (180.0 - LON0) * 93_550.0, (-180.0 - LON0) * 93_550.0
    towns = graph_of(
        [[(east - 900, 0), (east - 500, 0)], [(west + 500, 0), (west + 900, 0)]], cell_m=500_000.0
    )
    with pytest.raises(ArgumentError, match=r"`lon1, lon2` must be on one side of the meridian"):
        opened_by(towns, (east - 600, 10, west + 600, 10))
