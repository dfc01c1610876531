"""Every answer in the town of `river_town`, worked out by hand."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
import shapely
from pyproj import Geod
from test_walking.river_town import (
    NEW,
    NORTH,
    OLD,
    SOUTH,
    TUNNEL,
    at,
    between,
    lonlat,
    obstacles,
    streets,
    walk_mm,
)

from geo_match.errors import ArgumentError
from geo_match.walking import Network
from geo_match.walking.answers.causes import Cause, find_causes

ALL = ("Old Bridge", "New Bridge", "Tunnel", "Ferry")
HOME, JOB = (-200, -150), (-200, 250)
FAR_BANK = [(-800, SOUTH), (OLD, SOUTH), (OLD, NORTH), (-1000, NORTH)]
"""From South Street's middle over Old Bridge into North Street."""
WAYS = {
    "over Old Bridge, 3 km for 400 m": (
        ("Old Bridge", "New Bridge", "Tunnel"),
        [HOME, (-200, SOUTH), *FAR_BANK, (-200, NORTH), JOB],
        [("Old Bridge", "bridge", OLD)],
    ),
    "by ferry, where ferries count": (
        ALL,
        [HOME, (-200, SOUTH), (0, SOUTH), (0, NORTH), (-200, NORTH), JOB],
        [("Ferry", "ferry", 0)],
    ),
    "over New Bridge, 100 m away, and not through the tunnel, 200 m away": (
        ALL,
        [
            (1600, -150),
            (1600, SOUTH),
            (NEW, SOUTH),
            (NEW, NORTH),
            (1620, NORTH),
            (1620, 260),
        ],
        [("New Bridge", "bridge", NEW)],
    ),
    "through the tunnel, where there is no New Bridge": (
        ("Old Bridge", "Tunnel"),
        [
            (1600, -150),
            (1600, SOUTH),
            (TUNNEL, SOUTH),
            (TUNNEL, NORTH),
            (1620, NORTH),
            (1620, 260),
        ],
        [("Tunnel", "tunnel", TUNNEL)],
    ),
    "out of a dead end, over a brook where no bridge is told of": (
        ALL,
        [(-820, -480), (-800, -480), (-800, SOUTH), (-400, SOUTH), (-400, -130)],
        [("Blind Lane", "at grade", -800)],
    ),
    "around by Rail Row, since the nearer street is across the railway": (
        ALL,
        [(-200, 410), (-200, 680), (-500, 680), (-1000, 680), (-1000, NORTH), (-200, NORTH), JOB],
        [],
    ),
    "all along Winding Lane": (
        ALL,
        [
            (1000, -140),
            (1000, -150),
            (1000, -600),
            (800, -600),
            (800, SOUTH),
            (1000, SOUTH),
            (1000, -90),
        ],
        [],
    ),
}
NO_WAYS = {
    "no street leads to the yard": ((-1650, -650), HOME, "disconnected"),
    "no street is near": ((0, -900), HOME, "too_far"),
    "the only street that is near is across the river": ((2500, -20), HOME, "blocked"),
    "the only street that is near is 100 m long in all": ((2550, -750), HOME, "too_far"),
}


@cache
def town(*across):
    return Network.from_lines(streets(*across), obstacles(), ferries=True)


def distance_mm(network, one, other):
    distances = network.distance(**between(one, other))
    assert distances.reason.tolist() == [""]
    return round(float(distances.distance_m[0]) * 1000.0)


def along_mm(one, other, start, end):
    """Return the way between two places of one segment: what its ends say, and 1 mm."""
    to_start = abs(walk_mm(start, one) - walk_mm(start, other))
    to_end = abs(walk_mm(end, one) - walk_mm(end, other))
    return max(to_start, to_end) + 1


@pytest.mark.parametrize("way", WAYS)
def test_every_way_has_the_length_that_was_worked_out(way):
    across, places, _ = WAYS[way]
    network = town(*across)
    assert distance_mm(network, places[0], places[-1]) == walk_mm(*places)
    assert distance_mm(network, places[-1], places[0]) == walk_mm(*places)


@pytest.mark.parametrize("way", WAYS)
def test_every_path_goes_where_it_must(way):
    across, places, crossings = WAYS[way]
    path = town(*across).path(**between(places[0], places[-1]))
    assert path.distance_m == walk_mm(*places) / 1000.0
    assert path.time_s == path.distance_m / 1.2
    assert path.snap1_m == walk_mm(*places[:2]) / 1000.0
    assert path.snap2_m == walk_mm(*places[-2:]) / 1000.0
    expected = shapely.LineString([at(*place) for place in places])
    assert shapely.hausdorff_distance(path.line, expected) < 1e-7  # 1 cm
    told = [(crossing.name, crossing.kind) for crossing in path.crossings]
    assert told == [(name, kind) for name, kind, _ in crossings]
    for crossing, (_, kind, x) in zip(path.crossings, crossings, strict=True):
        y = -300 if kind == "at grade" else 50
        assert (crossing.lon, crossing.lat) == pytest.approx(at(x, y), abs=1e-9)
    assert not path.touches_border
    assert path.reason == ""


@pytest.mark.parametrize("way", WAYS)
def test_every_path_is_walked_back_on_the_same_edges(way):
    across, places, crossings = WAYS[way]
    path = town(*across).path(**between(places[0], places[-1]))
    back = town(*across).path(**between(places[-1], places[0]))
    assert back.distance_m == path.distance_m
    assert back.edges == path.edges[::-1]
    assert (back.snap1_m, back.snap2_m) == (path.snap2_m, path.snap1_m)
    assert [crossing.name for crossing in back.crossings] == [name for name, *_ in crossings[::-1]]
    assert back.line.equals_exact(path.line.reverse(), 0.0)


def test_on_one_street_the_way_is_along_it_and_1_mm():
    other = (-300, -150)
    way = along_mm((-200, SOUTH), (-300, SOUTH), (-800, SOUTH), (0, SOUTH))
    length = walk_mm(HOME, (-200, SOUTH)) + way + walk_mm((-300, SOUTH), other)
    assert distance_mm(town(*ALL), HOME, other) == length
    path = town(*ALL).path(**between(HOME, other))
    assert path.distance_m == length / 1000.0
    assert len(path.edges) == 1


@pytest.mark.parametrize("case", NO_WAYS)
def test_where_there_is_no_way_its_reason_is_told_and_no_number(case):
    one, other, reason = NO_WAYS[case]
    for places in ((one, other), (other, one)):
        distances = town(*ALL).distance(**between(*places))
        assert distances.reason.tolist() == [reason]
        assert np.isnan(distances.distance_m).all()
        path = town(*ALL).path(**between(*places))
        assert path.reason == reason
        assert path.line is None
        assert math.isnan(path.distance_m)
        assert math.isnan(path.time_s)
        assert (path.edges, path.crossings) == ((), ())


def test_both_reasons_for_being_far_on_foot_and_near_in_a_line_are_told_apart():
    homes = [HOME, (-820, -480), (1000, -140), (-200, 410), (-1650, -650), (0, -900), (2500, -20)]
    jobs = [JOB, (-700, 230), (1000, -90), (-200, 230), (-1300, -130), (-200, -130), (2000, 250)]
    causes = [
        Cause.RIVER,
        Cause.RIVER,
        Cause.DETOUR,
        Cause.DETOUR,  # a railway is no river
        Cause.DISCONNECTED,
        Cause.SNAP_FAILED,
        Cause.SNAP_FAILED,
    ]
    network = town("Old Bridge", "New Bridge", "Tunnel")
    lon, lat = np.array([at(*home) for home in homes]).T
    people = network.snap(lon=lon, lat=lat)
    lon, lat = np.array([at(*job) for job in jobs]).T
    places = network.snap(lon=lon, lat=lat)
    pair = np.arange(len(homes))
    found = find_causes(network.graph, people, places, person=pair, place=pair)
    assert found.tolist() == causes
    for home, job in zip(homes, jobs, strict=True):
        straight = Geod(ellps="WGS84").inv(*at(*home), *at(*job))[2]
        foot = network.distance(**between(home, job)).distance_m[0]
        assert straight < 1_200
        assert not foot < 1_200


def test_a_bridge_that_opened_is_walked_where_it_is_shorter():
    network = town("Old Bridge", "New Bridge", "Tunnel")
    opened = network.opened(**between((-300, -90), (-300, 190)), name="Thought Bridge")
    near = along_mm((-200, SOUTH), (-300, SOUTH), (-800, SOUTH), (0, SOUTH))
    far = along_mm((-200, NORTH), (-300, NORTH), (-1000, NORTH), (0, NORTH))
    bridge = walk_mm((-300, SOUTH), (-300, -90), (-300, 190), (-300, NORTH))
    length = walk_mm(HOME, (-200, SOUTH)) + near + bridge + far + walk_mm((-200, NORTH), JOB)
    assert distance_mm(opened, HOME, JOB) == length
    path = opened.path(**between(HOME, JOB))
    assert path.distance_m == length / 1000.0
    assert [tuple(crossing)[2:] for crossing in path.crossings] == [("Thought Bridge", "bridge")]
    _, places, _ = WAYS["over New Bridge, 100 m away, and not through the tunnel, 200 m away"]
    assert distance_mm(opened, places[0], places[-1]) == walk_mm(*places)
    # The network that it was made of is as it was.
    assert distance_mm(network, HOME, JOB) == walk_mm(*WAYS["over Old Bridge, 3 km for 400 m"][1])


def test_two_bridges_on_one_street_are_joined_along_it():
    network = town("Old Bridge")
    opened = network.opened(**between((-300, -90), (-300, 190)), name="One")
    opened = opened.opened(**between((-500, -90), (-300, 180)), name="Slanting")
    home, job = (-500, -110), (-300, 230)
    # `Slanting` ends where `One` does, at the same point of North Street.
    slanting = walk_mm((-500, SOUTH), (-500, -90), (-300, 180), (-300, NORTH))
    snaps = walk_mm(home, (-500, SOUTH)) + walk_mm((-300, NORTH), job)
    assert distance_mm(opened, home, job) == pytest.approx(snaps + slanting, abs=2)
    along = along_mm((-500, SOUTH), (-300, SOUTH), (-800, SOUTH), (800, SOUTH))
    one = walk_mm((-300, SOUTH), (-300, -90), (-300, 190), (-300, NORTH))
    assert slanting < along + one
    path = opened.path(**between(home, job))
    assert [crossing.name for crossing in path.crossings] == ["Slanting"]


def test_an_index_holds_who_is_within_the_walk_to_the_millimetre():
    network = town("Old Bridge", "New Bridge", "Tunnel")
    opened = network.opened(**between((-300, -90), (-300, 190)))
    places = WAYS["over Old Bridge, 3 km for 400 m"][1]
    yard = NO_WAYS["no street leads to the yard"][0]
    lon, lat = np.array([at(*place) for place in (JOB, yard, (-250, -130))]).T
    length_m = walk_mm(*places) / 1000.0
    home = lonlat(HOME)
    index = network.index(lon=lon, lat=lat)
    assert index.within(**home, radius_m=length_m).point.tolist() == [0, 2]
    assert index.within(**home, radius_m=length_m - 0.001).point.tolist() == [2]
    assert index.count_within(**home, radius_m=length_m).tolist() == [2]
    nearest = index.nearest(**home, k=3)
    assert nearest.point.tolist() == [2, 0]
    assert nearest.distance_m[1] == length_m
    after = opened.index(lon=lon, lat=lat)
    assert after.within(**home, radius_m=700).point.tolist() == [0, 2]
    assert after.nearest(**home, k=3).distance_m[1] == distance_mm(opened, HOME, JOB) / 1000.0


def test_a_street_to_the_yard_joins_it_to_the_town():
    network = town(*ALL)
    home = NO_WAYS["no street leads to the yard"][0]
    opened = network.opened(**between((OLD, -690), (OLD, -110)))
    places = [
        home,
        (-1650, -700),
        (OLD, -700),
        (OLD, -690),
        (OLD, -110),
        (OLD, SOUTH),
        (-800, SOUTH),
        (-200, SOUTH),
        HOME,
    ]
    assert distance_mm(opened, home, HOME) == pytest.approx(walk_mm(*places), abs=2)
    pair = np.zeros(1, dtype=np.int64)
    lon, lat = at(*home)
    people = opened.snap(lon=lon, lat=lat)
    lon, lat = at(*HOME)
    jobs = opened.snap(lon=lon, lat=lat)
    assert find_causes(opened.graph, people, jobs, person=pair, place=pair) == [Cause.DETOUR]


def test_a_bridge_needs_a_street_at_both_ends():
    with pytest.raises(ArgumentError, match=r"`lon2, lat2` must be at most 300 m from a street"):
        town(*ALL).opened(**between((-300, -90), (0, -900)))
    with pytest.raises(ArgumentError, match=r"no water or railway between, got .* \(blocked\)"):
        town(*ALL).opened(**between((2500, -20), (-300, 190)))
    with pytest.raises(ArgumentError, match="must be led to another point"):
        town(*ALL).opened(**between((-300, -90), (-300, -90)))


def test_an_isochrone_ends_at_the_water_and_where_the_walk_does():
    found = town("Old Bridge", "New Bridge", "Tunnel").isochrone(**lonlat(HOME), radius_m=1_000)
    assert found.snap_m == walk_mm(HOME, (-200, SOUTH)) / 1000.0
    lines = found.lines
    assert set(lines["name"]) == {"South Street", "Blind Lane"}
    cut = lines[lines["ends_at"] == "radius"]
    ends = [line.coords[-1] for line in cut.geometry]
    left = 1_000 - 50.0 - 600.0  # when South Street meets Blind Lane
    expected = [at(-200 + 950, SOUTH), at(-800 - left, SOUTH), at(-800, SOUTH - left)]
    assert sorted(ends) == pytest.approx(np.array(sorted(expected)), abs=1e-5)
    assert (cut["distance_to_m"] == 1_000.0).all()


def test_an_isochrone_goes_through_a_tunnel_but_over_no_water():
    found = town("Tunnel").isochrone(**lonlat((1700, -150)), radius_m=600)
    assert set(found.lines["name"]) == {"South Street", "Tunnel", "North Street"}
    whole = found.lines.dissolve().geometry[0]
    assert shapely.distance(whole, shapely.Point(at(1810, NORTH))) < 1e-9


def test_an_isochrone_of_who_is_led_to_no_street_is_empty_and_says_why():
    found = town(*ALL).isochrone(**lonlat((0, -900)), radius_m=3_000)
    assert found.reason == "too_far"
    assert math.isnan(found.snap_m)
    assert len(found.lines) == 0
    assert found.geojson() == {"type": "FeatureCollection", "features": []}
