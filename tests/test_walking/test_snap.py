from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from test_walking.grounds import GEOD, Line, graph_of, lonlat, mm_between
from test_walking.grounds_drawn import World, worlds

from geo_match.errors import ArgumentError, CoordinateError, RadiusError
from geo_match.walking.graph.graph import Kind
from geo_match.walking.plain import plain_snap
from geo_match.walking.snapping.snap import REASONS, as_limit_mm, snap

STREET = [(0.0, 0.0), (200.0, 0.0), (200.0, 300.0)]


def at(graph, x, y, **options):
    return snap(graph, *lonlat(x, y), **options)


def test_a_place_is_led_to_the_nearest_point_of_a_street():
    found = at(graph_of([STREET]), 120.0, 40.0)
    assert found.edge.tolist() == [0]
    assert found.segment.tolist() == [0]
    assert found.lon[0] == pytest.approx(lonlat(120.0, 0.0)[0], abs=1e-9)
    assert found.snap_mm[0] == mm_between(lonlat(120.0, 40.0), (found.lon[0], found.lat[0]))
    assert found.snap_m[0] == pytest.approx(40.0, abs=0.05)
    assert found.reasons.tolist() == [""]


def test_ways_along_the_edge_are_whole_segments_and_a_geodesic_rounded_up():
    found = at(graph_of([STREET]), 220.0, 100.0)
    spot = (found.lon[0], found.lat[0])
    first = mm_between(lonlat(0.0, 0.0), lonlat(200.0, 0.0))
    assert found.segment.tolist() == [1]
    assert found.to_start_mm.tolist() == [first + mm_between(lonlat(200.0, 0.0), spot)]
    assert found.to_end_mm.tolist() == [mm_between(spot, lonlat(200.0, 300.0))]


def test_a_place_beyond_the_end_is_led_to_the_end_itself():
    graph = graph_of([STREET])
    found = at(graph, -30.0, -40.0)
    assert (found.lon[0], found.lat[0]) == lonlat(0.0, 0.0)
    assert (found.to_start_mm[0], found.to_end_mm[0]) == (0, graph.length_mm[0])


def test_of_streets_equally_near_the_lower_is_taken():
    corner = (0.0, 0.0)
    away = [(0.0, -90.0)], [(-90.0, 0.0)], [(0.0, -50.0), (9.0, -50.0)]
    graph = graph_of([[corner, *points] for points in away])
    found = at(graph, 20.0, 30.0)
    assert (found.lon[0], found.lat[0]) == lonlat(*corner)
    vertex = np.flatnonzero((graph.lon == found.lon[0]) & (graph.lat == found.lat[0]))[0]
    touching = np.flatnonzero((graph.start == vertex) | (graph.end == vertex))
    assert len(touching) == 3
    assert found.edge[0] == touching.min()


def test_bridges_tunnels_and_ferries_are_not_led_to():
    for kind in (Kind.BRIDGE, Kind.TUNNEL, Kind.FERRY):
        graph = graph_of([Line(((0.0, 0.0), (100.0, 0.0)), kind), [(100.0, 0.0), (100.0, 90.0)]])
        assert at(graph, 50.0, 5.0).lon[0] == lonlat(100.0, 0.0)[0]


def test_no_place_is_led_across_an_obstacle():
    near, far = [(0.0, 0.0), (100.0, 0.0)], [(0.0, 100.0), (100.0, 100.0)]
    river = [(-50.0, 20.0, 150.0, 20.0)]
    found = at(graph_of([near, far], river), 50.0, 30.0)
    assert found.snap_m[0] == pytest.approx(70.0, abs=0.05)
    assert at(graph_of([near, far]), 50.0, 30.0).snap_m[0] == pytest.approx(30.0, abs=0.05)


def test_a_place_that_sees_no_street_is_told_to_be_blocked():
    graph = graph_of([[(0.0, 0.0), (100.0, 0.0)]], [(-500.0, 20.0, 500.0, 20.0)])
    found = at(graph, 50.0, 30.0)
    assert found.reasons.tolist() == ["blocked"]
    assert found.edge.tolist() == [-1]
    assert np.isnan(found.snap_m[0])
    assert np.isnan(found.lon[0])


def test_a_hidden_street_is_the_reason_though_one_in_sight_lies_just_beyond():
    near, beyond = [(0.0, -99.0), (100.0, -99.0)], [(0.0, 300.1), (100.0, 300.1)]
    graph = graph_of([near, beyond], [(-500.0, -20.0, 500.0, -20.0)])
    assert at(graph, 50.0, 0.0).reasons.tolist() == ["blocked"]
    assert at(graph, 50.0, 0.0, max_snap_m=301.0).reasons.tolist() == [""]


def test_no_line_slips_through_a_corner_between_two_obstacles():
    bent = [(0.0, 20.0, 50.0, 20.0), (50.0, 20.0, 100.0, 25.0)]
    graph = graph_of([[(0.0, 0.0), (100.0, 0.0)]], bent)
    assert at(graph, 50.0, 40.0, max_snap_m=40.5).reasons.tolist() == ["blocked"]


def test_the_last_five_centimetres_may_lie_across_the_bank():
    quay = [[(0.0, 0.0), (100.0, 0.0)]]
    for bank, reason in ((0.04, ""), (0.06, "blocked")):
        graph = graph_of(quay, [(-500.0, bank, 500.0, bank)])
        assert at(graph, 50.0, 30.0).reasons.tolist() == [reason]


def test_the_bound_is_inclusive_and_a_farther_place_is_told_so():
    graph = graph_of([STREET])
    most = float(at(graph, 100.0, -80.0).snap_m[0])
    assert at(graph, 100.0, -80.0, max_snap_m=most).edge.tolist() == [0]
    found = at(graph, 100.0, -80.0, max_snap_m=most - 0.001)
    assert found.reasons.tolist() == ["too_far"]


def test_a_network_far_from_the_places_reaches_none_of_them():
    found = snap(graph_of([STREET]), [0.0, 180.0, -180.0, 117.0], [0.0, 90.0, -90.0, 33.9])
    assert found.reasons.tolist() == ["too_far"] * 4


def test_a_graph_without_streets_leads_nowhere():
    graph = graph_of([Line(((0.0, 0.0), (100.0, 0.0)), Kind.BRIDGE)])
    assert at(graph, 1.0, 1.0).reasons.tolist() == ["too_far"]


def test_cells_of_any_size_lead_to_the_same_streets():
    lines = [STREET, [(0.0, 0.0), (-70.0, 220.0)], [(40.0, 400.0), (300.0, 390.0)]]
    places = np.array([lonlat(x, y) for x in range(-400, 700, 90) for y in range(-400, 700, 70)])
    found = [
        snap(graph_of(lines, [(90.0, -5.0, 60.0, 500.0)], cell_m=cell), *places.T)
        for cell in (13.0, 100.0, 5_000.0)
    ]
    for other in found[1:]:
        for name in ("edge", "segment", "to_start_mm", "to_end_mm", "snap_mm", "reason"):
            assert np.array_equal(getattr(found[0], name), getattr(other, name)), name


@given(worlds())
def test_the_plain_twin_leads_to_the_same_points(world: World):
    found = snap(world.graph, world.lon, world.lat)
    for i, (lon, lat) in enumerate(zip(world.lon.tolist(), world.lat.tolist(), strict=True)):
        twin = plain_snap(world.graph, lon, lat)
        assert REASONS[found.reason[i]] == twin.reason
        assert found.edge[i] == twin.edge
        assert found.segment[i] == twin.segment
        if twin.edge >= 0:
            # The twin's plane is made otherwise, so that its points differ by some nanometres.
            assert found.lon[i] == pytest.approx(twin.lon, abs=1e-12)
            assert found.lat[i] == pytest.approx(twin.lat, abs=1e-12)
            for name in ("to_start_mm", "to_end_mm", "snap_mm"):
                assert abs(getattr(found, name)[i] - getattr(twin, name)) <= 1, name


@given(worlds())
def test_the_two_ways_are_the_edge_or_up_to_two_millimetres_more(world: World):
    found = snap(world.graph, world.lon, world.lat)
    found = found.take(found.is_snapped)
    more = found.to_start_mm + found.to_end_mm - world.graph.length_mm[found.edge]
    assert ((more >= 0) & (more <= 2)).all()
    metres = GEOD.inv(found.place_lon, found.place_lat, found.lon, found.lat)[2]
    assert (found.snap_mm == np.ceil(metres * 1e3 - 1e-6)).all()


def test_limits_are_the_most_whole_millimetres_within_a_radius():
    rng = np.random.default_rng(4)
    whole = rng.integers(0, 200_000_000, 20_000)
    metres = whole / 1000.0
    assert np.array_equal(as_limit_mm(metres), whole)
    assert np.array_equal(as_limit_mm(np.nextafter(metres, -1.0))[whole > 0], whole[whole > 0] - 1)
    assert np.array_equal(as_limit_mm(np.nextafter(metres, np.inf)), whole)
    assert as_limit_mm(np.array([np.inf]))[0] == 10**12


def test_arrays_are_read_only_and_the_places_own():
    lon, lat = np.array([117.36]), np.array([32.93])
    found = snap(graph_of([STREET]), lon, lat)
    lon[0] = 0.0
    assert found.place_lon[0] == 117.36
    with pytest.raises(ValueError, match="read-only"):
        found.edge[0] = 3


@pytest.mark.parametrize("most", [-1.0, np.nan, np.inf, 10_001.0, True, "300"])
def test_a_bound_that_is_none_is_refused(most):
    with pytest.raises(RadiusError, match="max_snap_m"):
        at(graph_of([STREET]), 0.0, 0.0, max_snap_m=most)


def test_what_is_no_place_is_refused():
    graph = graph_of([STREET])
    with pytest.raises(CoordinateError, match="lat"):
        snap(graph, [117.0], [np.nan])
    with pytest.raises(ArgumentError, match="lon"):
        snap(graph, ["117"], [32.0])
