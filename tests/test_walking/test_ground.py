"""Where places hang, and what a search writes to, beside plain Python."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from test_walking.grounds import graph_of, lonlat
from test_walking.grounds_drawn import World, worlds

from geo_match.walking.index.walking_index import WalkingIndex
from geo_match.walking.kernels.reach import END, FAR_END, FAR_START, FIRST, START, STOP
from geo_match.walking.search.ground import ground_of, lend_labels, lend_lanes
from geo_match.walking.search.hang import hang
from geo_match.walking.snapping.snap import snap


@given(worlds())
def test_every_snapped_place_hangs_once_on_its_edge(world: World) -> None:
    graph = world.graph
    snaps = snap(graph, world.lon, world.lat)
    slack = np.arange(len(snaps), dtype=np.int64)
    hung = hang(ground_of(graph), snaps, slack)
    assert sorted(hung.place.tolist()) == np.flatnonzero(snaps.is_snapped).tolist()
    for vertex in range(len(graph.lon)):
        owned = hung.edges[hung.own[vertex] : hung.own[vertex + 1]]
        assert (owned[:, START] == vertex).all()
        led = hung.edges[hung.led[hung.led_offsets[vertex] : hung.led_offsets[vertex + 1]]]
        assert (led[:, END] == vertex).all()
        assert (led[:, START] != vertex).all()
    assert hung.own[-1] == len(hung.edges)
    for edge, start, end, first, stop, far_start, far_end in hung.edges.tolist():
        assert (start, end) == (graph.start[edge], graph.end[edge])
        places = hung.place[first:stop].tolist()
        assert places == np.flatnonzero(snaps.edge == edge).tolist()
        beside = [int(snaps.snap_mm[one] + slack[one]) for one in places]
        assert hung.snap_mm[first:stop].tolist() == beside
        by_start = [
            more + int(snaps.to_start_mm[one]) for more, one in zip(beside, places, strict=True)
        ]
        by_end = [
            more + int(snaps.to_end_mm[one]) for more, one in zip(beside, places, strict=True)
        ]
        assert hung.from_start_mm[first:stop].tolist() == by_start
        assert hung.from_end_mm[first:stop].tolist() == by_end
        assert (far_start, far_end) == (max(by_start), max(by_end))
        assert hung.need_mm[start] >= far_start
    assert [FIRST, STOP, FAR_START, FAR_END] == [3, 4, 5, 6]


def test_what_was_lent_comes_back_clean_and_is_lent_again() -> None:
    ground = ground_of(graph_of([[(0.0, 0.0), (100.0, 0.0)]]))
    with lend_labels(ground, 1_000) as labels, lend_labels(ground, 1_000) as other:
        assert labels.state is not other.state
    with lend_labels(ground, 10_000_000) as again:
        assert again.state is other.state or again.state is labels.state
        assert len(again.head) > len(labels.head)
        assert (again.head == -1).all()
    with lend_lanes(ground, 1_000) as lanes:
        pass
    with lend_lanes(ground, 1_000) as again_lanes:
        assert again_lanes is lanes


def test_what_a_failed_call_has_written_to_is_not_lent_again() -> None:
    ground = ground_of(graph_of([[(0.0, 0.0), (100.0, 0.0)]]))
    with pytest.raises(KeyError, match="unclean"), lend_labels(ground, 1_000) as labels:
        raise KeyError("unclean")
    with lend_labels(ground, 1_000) as other:
        assert other is not labels


def test_more_crossings_may_wait_than_there_was_room_for_at_first() -> None:
    n = 2_500
    ends = [(100 * math.cos(at / n * 6), 100 * math.sin(at / n * 6)) for at in range(n)]
    graph = graph_of([[(0.0, 0.0), end] for end in ends])
    lon, lat = np.array([lonlat(*end) for end in ends]).T
    index = WalkingIndex(graph, lon=lon, lat=lat)
    here = dict(zip(("lon", "lat"), lonlat(0.0, 0.0), strict=True))
    expected = np.sort(graph.length_mm)
    for _ in range(2):  # what has grown serves again
        found = index.within(**here, radius_m=150.0)
        assert np.sort(np.rint(found.distance_m * 1e3)).tolist() == expected.tolist()
        assert index.count_within(**here, radius_m=150.0).tolist() == [n]
        assert len(index.nearest(**here, k=n)) == n
    asked = {"lon": lon, "lat": lat, "radius_m": 150.0}
    assert index.count_within(**asked).tolist() == [1] * n
    assert index.within(**asked).point.tolist() == list(range(n))
