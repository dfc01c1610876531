"""`Network` from the outside: made, told of, asked; on small drawings and on the shipped city."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from test_walking.plain_build import check_grid, segments_of

import geo_match as gm
from geo_match.errors import ArgumentError, RadiusError
from geo_match.walking import Kind, Network
from geo_match.walking.answers.isochrone import Isochrone
from geo_match.walking.answers.path import Path
from geo_match.walking.index.walking_index import WalkingIndex

LON, LAT = 117.36, 32.93


def place(x, y):
    """Place a point x hundreds of metres or so to the east and y to the north."""
    return LON + x * 0.001, LAT + y * 0.001


def frame(lines, **columns):
    shapes = [shapely.LineString([place(*point) for point in line]) for line in lines]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=4326)


@pytest.fixture(scope="module")
def network():
    """Give two banks with a bridge in the east, and a yard that nothing leads to."""
    lines = [
        [(0, 0), (0, 1), (5, 1), (5, 1)],
        [(5, 1), (5, 3)],
        [(5, 3), (0, 3)],
        [(9, 9), (9, 10)],
        [(5, 1), (0, 1)],
    ]
    streets = frame(
        lines, name=["南路", "桥", "北路", None, "南路"], bridge=[False, True, False, False, False]
    )
    return Network.from_lines(streets, frame([[(-9, 2), (9, 2)]]))


def test_a_network_is_public_and_loaded_when_it_is_asked_for(network):
    assert gm.walking.Network is Network
    assert repr(network) == "<Network of lines: 4 edges, 1.4 km>"


def test_info_counts_what_became_of_the_lines(network):
    info = network.info
    assert (info.source, info.ways, info.edges, info.vertices) == ("lines", 5, 4, 6)
    assert (info.components, info.components_skipped, info.obstacles) == (2, 1, 2)  # cut at 0.01°
    assert (info.zero_length_segments, info.repeated_stretches, info.one_point_ways) == (1, 1, 0)
    assert (info.clipped_ends, info.missing_points, info.blocked_points) == (0, 0, 0)
    assert info.length_km == network.graph.length_mm.sum() / 1e6
    assert info.skipped_km == pytest.approx(0.1109, abs=1e-4)
    assert info.attribution == ""


def test_the_methods_lead_to_the_rooms_behind(network):
    south, north = place(1, 1.01), place(1, 2.99)
    ends = {"lon1": south[0], "lat1": south[1], "lon2": north[0], "lat2": north[1]}
    snaps = network.snap(lon=[south[0]], lat=[south[1]])
    assert network.names[network.graph.name[snaps.edge[0]]] == "南路"
    far = network.distance(**ends)
    assert 950 < far.distance_m[0] < 1000
    index = network.index(lon=[north[0]], lat=[north[1]])
    assert isinstance(index, WalkingIndex)
    assert index.count_within(lon=south[0], lat=south[1], radius_m=far.distance_m).tolist() == [1]
    assert index.count_within(
        lon=south[0], lat=south[1], radius_m=far.distance_m - 0.001
    ).tolist() == [0]
    path = network.path(**ends, speed_m_s=2.0)
    assert isinstance(path, Path)
    assert (path.distance_m, path.speed_m_s) == (far.distance_m[0], 2.0)
    assert [(one.name, one.kind) for one in path.crossings] == [("桥", "bridge")]
    assert network.distance(**ends, max_distance_m=900).reason.tolist() == ["beyond"]
    reach = network.isochrone(lon=south[0], lat=south[1], radius_m=50)
    assert isinstance(reach, Isochrone)
    assert set(reach.lines["name"]) == {"南路"}


def test_an_opened_network_is_another_with_a_shorter_way(network):
    south, north = place(1, 1.01), place(1, 2.99)
    ends = {"lon1": south[0], "lat1": south[1], "lon2": north[0], "lat2": north[1]}
    opened = network.opened(**ends, name="新桥")
    assert opened.info == network.info
    assert opened.max_snap_m == network.max_snap_m
    assert "新桥" in opened.names
    assert opened.distance(**ends).distance_m[0] < 230
    assert opened.path(**ends).distance_m == opened.distance(**ends).distance_m[0]
    assert opened.path(**ends).crossings[0].name == "新桥"
    index = opened.index(lon=[north[0]], lat=[north[1]])
    assert (
        index.within(lon=south[0], lat=south[1], radius_m=300).distance_m.tolist()
        == opened.distance(**ends).distance_m.tolist()
    )
    twice = opened.opened(
        **dict(zip(("lon1", "lat1", "lon2", "lat2"), (*place(3, 1), *place(3, 3)), strict=True))
    )
    assert len(twice.openings) > len(opened.openings) > 0


def test_a_place_beyond_the_bound_of_a_network_is_led_nowhere():
    near = Network.from_lines(frame([[(0, 0), (9, 0)]]), max_snap_m=10)
    lon, lat = place(1, 0.2)
    assert near.snap(lon=lon, lat=lat).reasons.tolist() == ["too_far"]
    assert near.distance(lon1=lon, lat1=lat, lon2=LON, lat2=LAT).reason.tolist() == ["too_far"]
    with pytest.raises(RadiusError, match="`max_snap_m` must be one number between 0 and 10,000"):
        Network.from_lines(frame([[(0, 0), (9, 0)]]), max_snap_m=-1)


def test_the_shipped_city_is_a_network_with_three_bridges(shipped_city):
    network = Network.from_lines(shipped_city / "streets.parquet", shipped_city / "river.parquet")
    graph, info = network.graph, network.info
    streets = gpd.read_parquet(shipped_city / "streets.parquet")
    walked = streets[streets["walkable"]]
    assert info.ways == len(walked) == 37_670
    assert info.length_km == pytest.approx(
        walked.geometry.to_crs(32650).length.sum() / 1000, rel=1e-3
    )
    # Drawn lines end where they meet and nowhere else: an edge a line, but for those joined.
    assert np.diff(graph.points).sum() - len(graph.start) == len(walked)
    over = np.flatnonzero(graph.kind)
    assert {network.names[name] for name in graph.name[over]} == {
        "示例西桥",
        "示例中桥",
        "示例东桥",
    }
    assert (graph.kind[over] == Kind.BRIDGE | Kind.OVER_WATER).all()
    assert info.obstacles == len(graph.obstacle) > 500
    ends = [
        (first, (*one, *other))
        for edge, first, one, other in segments_of(graph)
        if graph.is_snapped[edge]
    ]
    check_grid(graph.streets, ends)
    # The fast bridge, closed to walkers, is no edge: the middle of the river is far from streets.
    assert network.snap(lon=117.388, lat=32.9659).reasons.tolist() in (["too_far"], ["blocked"])


def test_a_network_of_another_city_is_refused_by_an_index_of_many_places(network):
    there = {"lon": [7.42, 7.43, 7.43], "lat": [43.73, 43.74, 43.74]}
    found = (
        r"`network` must have streets within 50 km of one of the places, got one of lines, whose "
        r"streets are [89],\d\d\d km from the nearest of 2\. Make it of an extract"
    )
    with pytest.raises(ArgumentError, match=found):
        network.index(**there)
    with pytest.raises(ArgumentError, match=found):
        network.refuse_elsewhere(**there)
    # Some of many are not refused: of all of them it is asked once.
    assert network.index(**there, is_part=True).snaps.reasons.tolist() == ["too_far"] * 3
    near = {"lon": [*there["lon"], LON], "lat": [*there["lat"], LAT]}
    assert network.index(**near).snaps.reasons.tolist() == ["too_far"] * 3 + [""]
    beyond = {"lon": [LON + 0.3, LON + 0.31], "lat": [LAT, LAT]}  # of the next village
    assert network.index(**beyond).snaps.reasons.tolist() == ["too_far"] * 2
    one = {"lon": there["lon"][1:], "lat": there["lat"][1:]}  # a place twice
    assert network.index(**one).snaps.reasons.tolist() == ["too_far"] * 2
    assert len(network.index(lon=[], lat=[])) == 0
    assert network.snap(**there).reasons.tolist() == ["too_far"] * 3


def test_how_far_away_a_network_is_is_told_around_the_globe():
    for lon, found in ((179.0, "122 km from the nearest of 2"), (179.9, None)):
        lines = [shapely.LineString([(lon, 0.0), (lon + 0.001, 0.0)])]
        network = Network.from_lines(gpd.GeoDataFrame(geometry=lines, crs=4326))
        there = {"lon": [-179.9, -179.8], "lat": [0.0, 0.0]}
        if found is None:
            assert len(network.index(**there)) == 2
            continue
        with pytest.raises(ArgumentError, match=found):
            network.index(**there)
