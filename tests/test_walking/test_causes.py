"""Why who is near is far on foot, beside what shapely says of the same lines."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from test_walking.drawn_towns import towns
from test_walking.grounds import graph_of, lonlat

from geo_match.walking.answers.causes import Cause, find_causes
from geo_match.walking.answers.distances import distance
from geo_match.walking.snapping.snap import snap


def causes_of(graph, people, places):
    """Return the cause of every pair of a person and a place, (n, m), and of their snaps."""
    snaps = [snap(graph, *np.array(ends).T.copy()) for ends in (people, places)]
    person, place = np.divmod(np.arange(len(people) * len(places)), len(places))
    found = find_causes(graph, *snaps, person=person, place=place)
    assert found.dtype == np.int8
    return found.reshape(len(people), len(places)), snaps


def plain_cause(graph, line, edges):
    """Say the same without grid or loop."""
    if min(edges) < 0:
        return Cause.SNAP_FAILED
    one, other = (int(graph.start[edge]) for edge in edges)
    if graph.component[one] != graph.component[other]:
        return Cause.DISCONNECTED
    water = [
        shapely.LineString([segment[:2], segment[2:]])
        for segment, kind in zip(graph.obstacle, graph.obstacle_kind, strict=True)
        if kind == 1
    ]
    return Cause.RIVER if any(line.crosses(bank) for bank in water) else Cause.DETOUR


@given(town=towns(n_places=8, banks=6))
def test_causes_match_plain_geometry(town):
    # Every other obstacle is a railway.
    kind = 1 + np.arange(len(town.graph.obstacle), dtype=np.uint8) % 2
    graph = town.graph._replace(obstacle_kind=kind)
    people, places = town.places[:5], town.places[5:]
    found, snaps = causes_of(graph, people, places)
    for i, person in enumerate(people):
        for j, place in enumerate(places):
            line = shapely.LineString([person, place])
            edges = (int(snaps[0].edge[i]), int(snaps[1].edge[j]))
            assert found[i, j] == plain_cause(graph, line, edges)


@given(town=towns(n_places=6, banks=3))
def test_whoever_has_no_way_has_one_of_two_causes_and_whoever_has_one_of_the_others(town):
    found, (people, places) = causes_of(town.graph, town.places[:3], town.places[3:])
    person, place = np.divmod(np.arange(9), 3)
    reached = distance(town.graph, people.take(person), places.take(place)).reason == ""
    assert np.isin(found.ravel()[reached], [Cause.RIVER, Cause.DETOUR]).all()
    assert np.isin(found.ravel()[~reached], [Cause.SNAP_FAILED, Cause.DISCONNECTED]).all()


def test_a_line_through_a_corner_of_a_bank_crosses_it():
    street = [(0, 0), (400, 0)]
    corner = (200.0, 100.0)
    over = [(0, 100, *corner), (*corner, 400, 100)]
    roof = [(0, 50, *corner), (*corner, 400, 50)]
    person, place = lonlat(200, 10), lonlat(200, 190)
    for banks in (over, roof):
        graph = graph_of([street, [(0, 200), (0, 0)], [(0, 200), (400, 200)]], banks)
        assert causes_of(graph, [person], [place])[0] == Cause.RIVER


def test_places_far_outside_what_there_is_of_obstacles_are_asked_too():
    street = [(-9_000, 0), (9_000, 0)]
    graph = graph_of([street], [(0, -300, 0, 300)])
    west, east, north = lonlat(-8_900, 20), lonlat(8_900, 20), lonlat(8_900, 290)
    found, _ = causes_of(graph, [west, east], [east, north])
    assert found.tolist() == [[Cause.RIVER, Cause.RIVER], [Cause.DETOUR, Cause.DETOUR]]


def test_each_cause_has_its_word():
    assert [cause.word for cause in Cause] == ["snap_failed", "disconnected", "river", "detour"]


def test_without_obstacles_it_is_a_detour():
    graph = graph_of([[(0, 0), (400, 0)]])
    assert causes_of(graph, [lonlat(0, 10)], [lonlat(400, 10)])[0] == Cause.DETOUR


def test_no_pairs_have_no_causes():
    graph = graph_of([[(0, 0), (400, 0)]])
    snaps = snap(graph, *lonlat(0, 10))
    none = np.empty(0, dtype=np.int64)
    assert len(find_causes(graph, snaps, snaps, person=none, place=none)) == 0
