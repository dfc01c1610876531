"""A path is as long as its distance, the same both ways, and drawn where it goes."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from pyproj import Geod
from test_walking.drawn_towns import towns
from test_walking.grounds import Line, graph_of, lonlat

from geo_match.errors import ArgumentError, CoordinateError
from geo_match.walking.answers.distances import distance
from geo_match.walking.answers.path import find_path
from geo_match.walking.graph.graph import Kind
from geo_match.walking.snapping.snap import snap

GEOD = Geod(ellps="WGS84")


def path_of(graph, one, other, names=(), **options):
    return find_path(
        graph, names, lon1=one[0], lat1=one[1], lon2=other[0], lat2=other[1], **options
    )


def distance_of(graph, one, other):
    return distance(graph, *snaps_of(graph, one, other))


def snaps_of(graph, *places):
    return [snap(graph, lon, lat) for lon, lat in places]


@given(town=towns())
def test_its_length_is_the_distance_and_its_reason_the_distances(town):
    path = path_of(town.graph, *town.places)
    expected = distance_of(town.graph, *town.places)
    assert path.reason == expected.reason[0]
    assert path.distance_m == pytest.approx(expected.distance_m[0], abs=0.0, nan_ok=True)
    assert path.snap1_m == pytest.approx(expected.snap1_m[0], abs=0.0, nan_ok=True)
    assert path.snap2_m == pytest.approx(expected.snap2_m[0], abs=0.0, nan_ok=True)
    assert (path.line is None) == math.isnan(path.distance_m)


@given(town=towns())
def test_walked_back_it_has_the_same_length_and_edges(town):
    path = path_of(town.graph, *town.places)
    back = path_of(town.graph, *town.places[::-1])
    assert back.distance_m == pytest.approx(path.distance_m, abs=0.0, nan_ok=True)
    assert back.edges == path.edges[::-1]
    assert back.crossings == path.crossings[::-1]
    if path.line is not None:
        assert back.line.reverse().equals_exact(path.line, 0.0)


@given(town=towns())
def test_its_line_runs_from_place_to_place_and_is_as_long_as_it_says(town):
    path = path_of(town.graph, *town.places)
    if path.line is None:
        return
    lon, lat = np.array(path.line.coords).T
    assert [(lon[0], lat[0]), (lon[-1], lat[-1])] == town.places
    drawn_m = GEOD.line_length(lon, lat)
    # Each stretch is rounded up, and points on edges are drawn to the millimetre.
    assert path.distance_m - 0.001 * (len(lon) + 4) <= drawn_m <= path.distance_m + 0.002


@given(town=towns())
def test_its_edges_follow_one_another(town):
    path = path_of(town.graph, *town.places)
    graph = town.graph
    ends = [{int(graph.start[edge]), int(graph.end[edge])} for edge in path.edges]
    assert len(set(path.edges)) == len(path.edges) or path.edges[0] == path.edges[-1]
    for one, other in pairwise(ends):
        assert one & other


@given(town=towns(kind=Kind.OVER_WATER, banks=4))
def test_it_crosses_water_where_its_line_meets_a_bank(town):
    path = path_of(town.graph, *town.places)
    if path.line is None or not path.edges:
        assert path.crossings == ()
        return
    spots = [(one.lon[0], one.lat[0]) for one in snaps_of(town.graph, *town.places)]
    drawn = list(path.line.coords)
    streets = shapely.LineString(drawn[spots[0] != drawn[0] : len(drawn) - (spots[1] != drawn[-1])])
    met = [
        place
        for a_lon, a_lat, b_lon, b_lat in town.graph.obstacle
        for place in shapely.get_parts(
            streets.intersection(shapely.LineString([(a_lon, a_lat), (b_lon, b_lat)]))
        )
        if not place.is_empty
    ]
    met.sort(key=streets.project)
    assert [crossing.kind for crossing in path.crossings] == ["at grade"] * len(met)
    found = np.array([(crossing.lon, crossing.lat) for crossing in path.crossings])
    assert found.ravel() == pytest.approx(shapely.get_coordinates(met).ravel(), abs=1e-7)


BRIDGE = Kind.BRIDGE | Kind.OVER_WATER


def one_street(*stretches, obstacles=()):
    """Give a graph of stretches along x, each (until, kind), and the path from end to end."""
    lines, begin = [], 0
    for until, kind in stretches:
        lines.append(Line(((begin, 0), (until, 0)), kind=kind, is_snapped=True))
        begin = until
    graph = graph_of(lines, obstacles)
    return graph, path_of(graph, lonlat(-5, 0), lonlat(begin + 5, 0))


def xs(path):
    return [round((crossing.lon - lonlat(0, 0)[0]) * 93_550.0, 3) for crossing in path.crossings]


def test_two_banks_and_the_line_between_are_one_crossing_of_a_bridge():
    banks = [(x, -50, x, 50) for x in (110, 140, 190)]
    _, path = one_street((100, 0), (200, BRIDGE), (300, 0), obstacles=banks)
    assert xs(path) == [150]
    assert [crossing.kind for crossing in path.crossings] == ["bridge"]


def test_a_bridge_in_two_parts_is_crossed_once_and_two_bridges_twice():
    banks = [(x, -50, x, 50) for x in (110, 190)]
    _, path = one_street((100, 0), (150, BRIDGE), (200, BRIDGE), (300, 0), obstacles=banks)
    assert xs(path) == [150]
    _, path = one_street(
        (100, 0), (130, BRIDGE), (160, 0), (200, BRIDGE), (300, 0), obstacles=banks
    )
    assert xs(path) == [110, 190]


def test_at_grade_each_bank_is_a_crossing():
    banks = [(x, -50, x, 50) for x in (110, 190)]
    _, path = one_street((300, Kind.OVER_WATER), obstacles=banks)
    assert xs(path) == [110, 190]
    assert {crossing.kind for crossing in path.crossings} == {"at grade"}


@pytest.mark.parametrize("side", [1, -1])
def test_a_bridge_that_begins_and_ends_on_the_banks_crosses_them(side):
    banks = [(100, -50 * side, 100, 50 * side), (200, 50 * side, 200, -50 * side)]
    _, path = one_street((100, 0), (200, Kind.BRIDGE), (300, 0), obstacles=banks)
    assert xs(path) == [150]
    assert [crossing.kind for crossing in path.crossings] == ["bridge"]


@pytest.mark.parametrize("side", [1, -1])
def test_a_path_that_touches_a_bank_and_goes_back_does_not_cross_it(side):
    line = Line(((0, 0), (50, 50), (100, 0)), kind=Kind.OVER_WATER)
    for banks in (
        [(0, 50, 100, 50)],  # within a segment of the bank
        [(0, 50, 50, 50), (50, 50, 100, 50)],  # at a corner of it
        [(0, 50, 50, 50), (50, 50, 100, 60)],
    ):
        turned = [one if side == 1 else (*one[2:], *one[:2]) for one in banks]
        graph = graph_of([line], turned)
        assert path_of(graph, lonlat(-5, 0), lonlat(105, 0)).crossings == ()


def test_a_quay_that_shares_its_points_with_the_bank_crosses_nothing():
    for side in (1, -1):
        quay = Line(((0, 20 * side), (50, 0), (100, 0), (150, 20 * side)))
        graph = graph_of([quay], [(-50, 0, 50, 0), (50, 0, 100, 0), (100, 0, 200, 0)])
        path = path_of(graph, lonlat(0, 25 * side), lonlat(150, 25 * side))
        assert path.line is not None
        assert path.crossings == ()


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("is_cut", [False, True])
def test_a_ford_that_goes_along_the_bank_is_crossed_once(turned, side, is_cut):
    ford = [(0, 20 * side), (50, 0), (100, 0), (150, -20 * side)]
    banks = [(-50, 0, 50, 0), (50, 0, 100, 0), (100, 0, 200, 0)]
    banks = [(*one[2:], *one[:2]) if turned else one for one in banks]
    lines = [Line(tuple(ford))]
    if is_cut:  # another street begins on the bank
        lines = [Line(tuple(ford[:2])), Line(tuple(ford[1:])), Line(((50, 0), (50, -90)))]
    path = path_of(graph_of(lines, banks), lonlat(0, 25 * side), lonlat(150, -25 * side))
    assert xs(path) == [50]
    assert [crossing.kind for crossing in path.crossings] == ["at grade"]


@given(
    corners=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=5, max_size=5),
    share=st.floats(0.1, 0.9),
)
def test_along_a_bank_that_it_may_touch_it_crosses_the_same_on_the_way_back(corners, share):
    assume(len(set(corners)) == len(corners))
    banks = [(*one, *other) for one, other in pairwise(corners)]
    points = [corners[0]]
    for (x1, y1), (x2, y2) in pairwise(corners):
        # On the bank but for what rounding moves it, so that it is on the one side or the other.
        points += [(x1 + share * (x2 - x1), y1 + share * (y2 - y1)), (x2, y2)]
    graph = graph_of([Line(tuple(points), kind=Kind.OVER_WATER)], banks)
    ends = [lonlat(*corners[0]), lonlat(*corners[-1])]
    there, back = path_of(graph, *ends), path_of(graph, *ends[::-1])
    assert back.crossings == there.crossings[::-1]


def test_it_names_the_street_on_which_it_crosses():
    graph, _ = one_street((100, 0), (200, BRIDGE), (300, 0), obstacles=[(150, -50, 150, 50)])
    named = graph._replace(name=np.array([-1, 1, -1], dtype=np.int32))
    path = path_of(named, lonlat(-5, 0), lonlat(305, 0), ("解放路", "淮河大桥"))
    assert [crossing.name for crossing in path.crossings] == ["淮河大桥"]


def test_what_an_edge_is_says_how_water_is_crossed():
    for kind, word in ((Kind.BRIDGE, "bridge"), (Kind.TUNNEL, "tunnel"), (Kind.FERRY, "ferry")):
        _, path = one_street((100, 0), (200, kind), (300, 0), obstacles=[(150, -50, 150, 50)])
        assert [crossing.kind for crossing in path.crossings] == [word]


def test_a_railway_is_no_water():
    graph, _ = one_street((300, Kind.OVER_WATER), obstacles=[(150, -50, 150, 50)])
    railway = graph._replace(obstacle_kind=np.array([2], dtype=np.uint8))
    assert path_of(railway, lonlat(-5, 0), lonlat(305, 0)).crossings == ()


def test_it_says_where_the_extract_ends_only_if_it_goes_there():
    graph, path = one_street((100, 0), (200, Kind.CLIPPED), (300, 0))
    assert path.touches_border
    assert not path_of(graph, lonlat(0, 0), lonlat(90, 0)).touches_border


def test_from_a_place_to_itself_it_is_0_and_has_no_edge():
    graph, _ = one_street((300, 0))
    path = path_of(graph, lonlat(50, 20), lonlat(50, 20))
    assert (path.distance_m, path.time_s, path.edges, path.reason) == (0.0, 0.0, (), "")
    assert path.snap1_m == path.snap2_m > 0.0
    assert list(path.line.coords) == [lonlat(50, 20)] * 2


def test_two_places_led_to_one_point_are_their_snaps_apart():
    graph, _ = one_street((300, 0))
    path = path_of(graph, lonlat(0, 20), lonlat(0, -30))
    assert path.distance_m == pytest.approx(path.snap1_m + path.snap2_m, abs=1e-9)
    assert path.edges == ()
    assert len(path.line.coords) == 3


def test_its_time_is_at_the_speed_that_was_asked():
    graph, path = one_street((300, 0))
    assert path.speed_m_s == 1.2
    assert path.time_s == path.distance_m / 1.2
    slow = path_of(graph, lonlat(-5, 0), lonlat(305, 0), speed_m_s=0.8)
    assert slow.time_s == slow.distance_m / 0.8


@pytest.mark.parametrize("speed", [0, -1.0, math.nan, math.inf, True, "1.2", None])
def test_a_speed_is_a_number_above_0(speed):
    graph, _ = one_street((300, 0))
    with pytest.raises(ArgumentError, match="`speed_m_s` must be a finite number"):
        path_of(graph, lonlat(0, 0), lonlat(10, 0), speed_m_s=speed)


def test_it_is_asked_of_one_place_and_another():
    graph, _ = one_street((300, 0))
    with pytest.raises(ArgumentError, match="`lon2` must be one number, got 2 of them"):
        find_path(graph, (), lon1=117.0, lat1=32.0, lon2=[117.0, 117.1], lat2=[32.0, 32.1])
    with pytest.raises(CoordinateError, match="`lat1` must be finite"):
        find_path(graph, (), lon1=117.0, lat1=math.nan, lon2=117.0, lat2=32.0)


def test_as_geojson_it_is_a_feature_with_what_it_says():
    _, path = one_street((100, 0), (200, BRIDGE), (300, 0), obstacles=[(150, -50, 150, 50)])
    feature = json.loads(json.dumps(path.geojson(), allow_nan=False))
    assert feature["type"] == "Feature"
    assert shapely.geometry.shape(feature["geometry"]).equals_exact(path.line, 0.0)
    told = feature["properties"]
    assert told["distance_m"] == path.distance_m
    assert told["reason"] is None
    assert [crossing["kind"] for crossing in told["crossings"]] == ["bridge"]


def test_as_geojson_what_has_no_value_is_null():
    graph = graph_of([[(0, 0), (300, 0)], [(0, 500), (300, 500)]])
    path = path_of(graph, lonlat(0, 10), lonlat(0, 490))
    told = json.loads(json.dumps(path.geojson(), allow_nan=False))
    assert told["geometry"] is None
    assert told["properties"]["distance_m"] is None
    assert told["properties"]["time_s"] is None
    assert told["properties"]["reason"] == "disconnected"


@given(seed=st.integers(0, 3))
def test_of_ways_that_tie_it_takes_the_same_in_any_order_of_search(seed):
    # A square of equal sides: both ways around are equally long.
    corners = [(0, 0), (100, 0), (100, 100), (0, 100)]
    turned = corners[seed:] + corners[:seed]
    sides = [[one, other] for one, other in zip(turned, turned[1:] + turned[:1], strict=True)]
    graph = graph_of(sides)
    path = path_of(graph, lonlat(-3, -3), lonlat(103, 103))
    expected = path_of(
        graph_of([[*side] for side in sides[::-1]]), lonlat(-3, -3), lonlat(103, 103)
    )
    assert path.edges == expected.edges
