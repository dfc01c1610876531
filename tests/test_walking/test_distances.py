from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_walking.grounds import graph_of, lonlat
from test_walking.grounds_drawn import World, worlds

from geo_match.errors import ArgumentError, RadiusError
from geo_match.walking.answers.distances import distance
from geo_match.walking.index.walking_index import WalkingIndex
from geo_match.walking.snapping.snap import Snaps, snap

SQUARE = [
    [(0.0, 0.0), (100.0, 0.0)],
    [(100.0, 0.0), (100.0, 100.0)],
    [(0.0, 0.0), (0.0, 100.0)],
    [(0.0, 100.0), (100.0, 100.0)],
]
ISLAND = [(3_000.0, 0.0), (3_100.0, 0.0)]


def snapped(graph, *places) -> Snaps:
    return snap(graph, *np.array([lonlat(*place) for place in places]).T)


@given(worlds(), st.sampled_from([None, 0.0, 150.0, 600.0]))
def test_distances_are_those_of_the_index_whichever_place_is_first(world: World, most):
    n = len(world.lon)
    snaps = snap(world.graph, world.lon, world.lat)
    one, other = (axis.ravel() for axis in np.meshgrid(np.arange(n), np.arange(n)))
    found = distance(world.graph, snaps.take(one), snaps.take(other), max_distance_m=most)
    back = distance(world.graph, snaps.take(other), snaps.take(one), max_distance_m=most)
    assert np.array_equal(found.distance_m, back.distance_m, equal_nan=True)
    index = WalkingIndex(world.graph, lon=world.lon, lat=world.lat)
    radius = 200_000.0 if most is None else most
    pairs = index.within(lon=world.lon, lat=world.lat, radius_m=radius)
    table = np.full((n, n), np.nan)
    table[pairs.query, pairs.point] = pairs.distance_m
    assert np.array_equal(found.distance_m, table[one, other], equal_nan=True)
    assert np.array_equal(found.is_reached, ~np.isnan(found.distance_m))


@given(worlds())
def test_what_is_not_reached_has_its_reason(world: World):
    snaps = snap(world.graph, world.lon, world.lat)
    turned = snaps.take(np.arange(len(snaps))[::-1])
    found = distance(world.graph, snaps, turned, max_distance_m=90.0)
    for i, reason in enumerate(found.reason):
        if snaps.edge[i] < 0 or turned.edge[i] < 0:
            assert reason == (snaps.reasons[i] or turned.reasons[i])
            continue
        component = [world.graph.component[world.graph.start[s.edge[i]]] for s in (snaps, turned)]
        if component[0] != component[1]:
            assert reason == "disconnected"
        else:
            assert reason in {"", "beyond"}


def test_each_reason_by_hand():
    graph = graph_of([*SQUARE, ISLAND], [(40.0, 20.0, 60.0, 20.0)])
    home = snapped(graph, (0.0, 50.0))
    others = snapped(graph, (100.0, 50.0), (3_050.0, 0.0), (0.0, 900.0), (100.0, 10.0))
    found = distance(graph, home, others, max_distance_m=190.0)
    assert found.reason.tolist() == ["beyond", "disconnected", "too_far", ""]
    assert found.distance_m[3] == pytest.approx(160.0, abs=0.2)
    assert np.isnan(found.distance_m[:3]).all()
    assert np.isnan(found.snap2_m[2])
    assert found.snap1_m.tolist() == [found.snap1_m[0]] * 4


def test_a_long_detour_is_found_though_the_places_are_near():
    # Along a wall of 6 km, there and back.
    road = [(0.0, 0.0), *[(float(x), 0.0) for x in range(500, 6_001, 500)]]
    back = [(6_000.0, 0.0), *[(float(x), 40.0) for x in range(5_500, -1, -500)]]
    graph = graph_of([road, back], [(-900.0, 20.0, 5_900.0, 20.0)])
    places = snapped(graph, (0.0, 0.0)), snapped(graph, (0.0, 40.0))
    assert distance(graph, *places).distance_m[0] == pytest.approx(12_000.0, rel=0.01)
    assert distance(graph, *places, max_distance_m=11_000.0).reason.tolist() == ["beyond"]


def test_bounds_are_inclusive():
    graph = graph_of(SQUARE)
    one, other = snapped(graph, (5.0, 0.0)), snapped(graph, (100.0, 70.0))
    metres = float(distance(graph, one, other).distance_m[0])
    assert distance(graph, one, other, max_distance_m=metres).distance_m[0] == metres
    less = np.nextafter(metres, 0.0)
    assert distance(graph, one, other, max_distance_m=less).reason.tolist() == ["beyond"]


def test_nobody_is_no_distance_apart():
    graph = graph_of(SQUARE)
    nobody = snap(graph, [], [])
    assert len(distance(graph, nobody, nobody)) == 0
    assert len(distance(graph, snapped(graph, (0.0, 0.0)), nobody)) == 0


def test_lengths_that_differ_and_bad_bounds_are_refused():
    graph = graph_of(SQUARE)
    places = snapped(graph, (0.0, 0.0), (9.0, 0.0), (50.0, 2.0))
    with pytest.raises(ArgumentError, match="snaps2"):
        distance(graph, places, places.take([0, 1]))
    with pytest.raises(RadiusError, match="max_distance_m"):
        distance(graph, places, places, max_distance_m=-1.0)
