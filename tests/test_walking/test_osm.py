"""Extracts of OpenStreetMap become ways: small ones, written here."""

from __future__ import annotations

import bz2
import gzip
import re
import sys
from collections import Counter

import osmium
import pytest
from test_walking.plain_build import check_graph

from geo_match.errors import FileError
from geo_match.walking import Kind, Network, Obstacle, WalkingProfile
from geo_match.walking.source.osm import read_osm

NET = {
    10 * row + column: (117.36 + column * 0.001, 32.93 + row * 0.001)
    for row in range(6)
    for column in range(6)
}
"""Nodes by row and column."""


def xml(ways, *, nodes=None, gates=None, relations=(), bounds=None):
    """Write ways, (refs, tags), as an extract."""
    lines = ['<?xml version="1.0"?>', '<osm version="0.6">']
    if bounds:
        keys = ("minlon", "minlat", "maxlon", "maxlat")
        lines.append(
            "<bounds " + " ".join(f'{k}="{v}"' for k, v in zip(keys, bounds, strict=True)) + "/>"
        )
    for ref, (lon, lat) in sorted((NET if nodes is None else nodes).items()):
        tags = (gates or {}).get(ref, "")
        lines.append(f'<node id="{ref + 1}" lon="{lon:.7f}" lat="{lat:.7f}">{tagged(tags)}</node>')
    for number, (refs, tags) in enumerate(ways, 1):
        nds = "".join(f'<nd ref="{ref + 1}"/>' for ref in refs)
        lines.append(f'<way id="{number}">{nds}{tagged(tags)}</way>')
    for number, (members, tags) in enumerate(relations, 1):
        inside = "".join(f'<member type="way" ref="{ref}" role="{role}"/>' for ref, role in members)
        lines.append(f'<relation id="{number}">{inside}{tagged(tags)}</relation>')
    return "\n".join([*lines, "</osm>"])


def tagged(text):
    return "".join('<tag k="{}" v="{}"/>'.format(*pair.split("=")) for pair in text.split())


@pytest.fixture
def read(tmp_path):
    def call(ways, profile=None, **more):
        path = tmp_path / "a.osm"
        path.write_text(xml(ways, **more), encoding="utf-8")
        return read_osm(path, profile or WalkingProfile())

    return call


def runs(found):
    """Return the places of each run of ways as row and column, and whether its ends are clipped."""
    ways = found.ways
    by_place = {place: ref for ref, place in NET.items()}
    made = []
    for number, (a, b) in enumerate(zip(ways.offsets[:-1], ways.offsets[1:], strict=True)):
        line = [by_place[round(ways.lon[p], 7), round(ways.lat[p], 7)] for p in ways.point[a:b]]
        made.append((line, *ways.clipped[number].tolist()))
    return made


STREET = "highway=residential"


def test_ways_that_are_walked_are_read_with_kind_and_name(read):
    found = read(
        [
            ([0, 1, 2], f"{STREET} name=东路"),
            ([2, 12], f"{STREET} bridge=yes name=大桥"),
            ([2, 3], "highway=motorway"),
            ([12, 13], f"{STREET} name=东路"),
            ([13, 14], "building=yes"),
            ([13, 23], STREET),
        ]
    )
    assert [line for line, *_ in runs(found)] == [[0, 1, 2], [2, 12], [12, 13], [13, 23]]
    assert found.ways.kind.tolist() == [0, Kind.BRIDGE, 0, 0]
    assert found.names == ("东路", "大桥")
    assert found.ways.name.tolist() == [0, 1, 0, -1]
    assert (found.n_ways, found.n_missing, found.n_blocked) == (4, 0, 0)
    assert found.ways.point[2] == found.ways.point[3]  # they meet in the node
    assert len(set(found.ways.point.tolist())) == len(found.ways.lon) == 6


def test_a_square_is_walked_along_its_outline(read):
    found = read([([0, 1, 11, 10, 0], "highway=pedestrian area=yes")])
    assert runs(found) == [([0, 1, 11, 10, 0], False, False)]


def test_ways_are_cut_where_nodes_are_missing_and_clipped_there(read):
    nodes = {ref: place for ref, place in NET.items() if ref not in {2, 13}}
    found = read([([0, 1, 2, 3, 4], STREET), ([13, 12, 11], STREET), ([2, 3], STREET)], nodes=nodes)
    assert runs(found) == [
        ([0, 1], False, True),
        ([3, 4], True, False),
        ([12, 11], True, False),
        ([3], True, False),
    ]
    assert (found.n_ways, found.n_missing) == (3, 3)


def test_ways_are_followed_to_the_first_node_beyond_the_border(read):
    bounds = (117.3595, 32.9295, 117.3625, 32.9325)  # columns and rows 0 to 2
    found = read(
        [
            ([0, 1, 2, 3, 4], STREET),
            ([4, 3, 2], STREET),
            ([24, 34, 35], STREET),
            ([1, 2, 3], STREET),
            ([2, 3, 13, 12], STREET),
            ([10, 11], STREET),
        ],
        bounds=bounds,
    )
    assert runs(found) == [
        ([0, 1, 2, 3], False, True),
        ([3, 2], True, False),
        ([1, 2, 3], False, True),
        ([2, 3, 13, 12], False, False),
        ([10, 11], False, False),
    ]


def test_closed_gates_end_ways_on_either_side(read):
    found = read(
        [([0, 1, 2], STREET), ([11, 1], STREET), ([2, 12, 22], STREET), ([22, 23], STREET)],
        gates={1: "barrier=gate access=private", 12: "barrier=gate", 22: "barrier=gate foot=no"},
    )
    assert [line for line, *_ in runs(found)] == [[0, 1], [1, 2], [11, 1], [2, 12, 22], [22, 23]]
    counts = Counter(found.ways.point.tolist())
    gate = [found.ways.point[at] for at in (1, 2, 5)]
    assert len(set(gate)) == 3
    assert all(counts[one] == 1 for one in gate)
    assert found.ways.point[8] != found.ways.point[9]
    assert found.n_blocked == 2
    assert not found.ways.clipped.any()


def test_a_closed_gate_in_a_ring_opens_it(read):
    found = read([([0, 1, 11, 10, 0], STREET)], gates={11: "barrier=gate foot=no"})
    assert [line for line, *_ in runs(found)] == [[0, 1, 11], [11, 10, 0]]
    assert found.ways.point[0] == found.ways.point[5]
    assert found.ways.point[2] != found.ways.point[3]


def test_ferries_are_read_only_if_asked(read):
    ways = [([0, 1], STREET), ([1, 11], "route=ferry")]
    assert read(ways).n_ways == 1
    assert read(ways, WalkingProfile(ferries=True)).ways.kind.tolist() == [0, Kind.FERRY]


def test_water_rails_and_motorways_are_obstacles_with_shores_of_relations(read):
    found = read(
        [
            ([0, 1], STREET),
            ([20, 21, 31, 30, 20], "natural=water"),
            ([40, 41], "waterway=river"),
            ([42, 43], "railway=rail"),
            ([44, 45], "highway=motorway"),
            ([50, 51, 52], ""),
            ([52, 50], ""),
            ([53, 54], "waterway=stream"),
            ([54, 55, 45], "building=yes"),
            ([34, 35], "natural=coastline"),
        ],
        relations=[
            (
                [(6, "outer"), (7, "inner"), (2, "outer"), (99, "outer")],
                "type=multipolygon natural=water",
            ),
            ([(9, "outer")], "type=multipolygon building=yes natural=wood"),
        ],
    )
    obstacles = found.obstacles
    by_place = {place: ref for ref, place in NET.items()}
    lines = [
        (
            [by_place[round(obstacles.lon[k], 7), round(obstacles.lat[k], 7)] for k in range(a, b)],
            Obstacle(int(kind)),
        )
        for a, b, kind in zip(
            obstacles.offsets[:-1], obstacles.offsets[1:], obstacles.kind, strict=True
        )
    ]
    assert lines == [
        ([20, 21, 31, 30, 20], Obstacle.WATER),
        ([40, 41], Obstacle.WATER),
        ([42, 43], Obstacle.WAY),
        ([44, 45], Obstacle.WAY),
        ([34, 35], Obstacle.WATER),
        ([50, 51, 52], Obstacle.WATER),
        ([52, 50], Obstacle.WATER),
    ]


def test_obstacles_with_missing_nodes_are_cut_and_not_counted(read):
    nodes = {ref: place for ref, place in NET.items() if ref != 21}
    found = read([([0, 1], STREET), ([20, 21, 22, 23], "waterway=river")], nodes=nodes)
    assert found.n_missing == 0
    assert found.obstacles.lon.tolist() == pytest.approx([117.36, 117.362, 117.363])


@pytest.mark.parametrize("suffix", [".osm.pbf", ".pbf", ".OSM.GZ", ".osm.bz2", ".osm"])
def test_every_form_of_an_extract_gives_the_same_network(tmp_path, suffix):
    text = xml(
        [([0, 1, 2], STREET), ([1, 11, 21], f"{STREET} name=a"), ([10, 11, 12], "waterway=river")]
    )
    plain = tmp_path / "plain.osm"
    plain.write_text(text, encoding="utf-8")
    path = tmp_path / f"a{suffix}"
    if suffix.endswith("pbf"):
        with osmium.SimpleWriter(str(path)) as writer:
            for one in osmium.FileProcessor(str(plain)):
                writer.add(one)
    else:
        packed = {".OSM.GZ": gzip.compress, ".osm.bz2": bz2.compress, ".osm": bytes}[suffix]
        path.write_bytes(packed(text.encode()))
    made = Network.from_osm(path)
    check_graph(made.graph)
    assert made.info.source == f"a{suffix}"
    assert made.info.attribution == "© OpenStreetMap contributors, ODbL 1.0"
    assert (made.info.ways, made.info.edges, made.info.obstacles, made.names) == (2, 3, 2, ("a",))
    assert sorted(made.graph.kind.tolist()) == [0, 0, Kind.OVER_WATER]


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.osm", b"", "be a whole file in OpenStreetMap's XML, got one that is broken or cut off"),
        ("a.osm", b'<osm version="0.6"><node id="1"', "broken or cut off"),
        ("a.osm", b"hello", "broken or cut off"),
        ("a.osm.pbf", b"", "be a whole file in OpenStreetMap's PBF"),
        ("a.osm.pbf", b"hello", "be a whole file in OpenStreetMap's PBF"),
        ("a.osm.gz", b"hello", "be a whole file"),
        (
            "a.osm.gz",
            gzip.compress(mtime=0, data=b'<osm version="0.6"></osm>')[:-4],
            "be a whole file",
        ),
        ("a.osm", b'<osm version="0.6"></osm>', "have ways that are walked, got none"),
        ("a.osm", xml([([0, 1], "building=yes")]).encode(), "have ways that are walked, got none"),
        (
            "a.osm",
            xml([([0, 1], STREET)], nodes={}).encode(),
            "have the nodes of its ways, before them, got none of those of 1 ways",
        ),
        ("a.osm", xml([([0, 0], STREET)]).encode(), "length, got none among 1 ways."),
        (
            "a.osm",
            xml([([0, 55, 70], STREET)], nodes={0: (117.36, 32.93)}).encode(),
            "length, got none among 1 ways; 2 of their points are missing.",
        ),
        (
            "a.osm",
            xml([([0, 1], STREET)], bounds=(10.0, 50.0, 11.0, 51.0)).encode(),
            "have ways in the area that its head says it is of, got none of 1 ways.",
        ),
        (
            "a.osm",
            xml([([0, 1], STREET)], nodes={0: (117.36, 95.0), 1: (117.36, 32.93)}).encode(),
            "got 1 that are not (node 1: lon 117.36, lat 95).",
        ),
        (
            "a.osm",
            xml(
                [([2, 3], STREET), ([0, 1], "natural=coastline")], nodes=NET | {0: (190.0, 2.0)}
            ).encode(),
            "got 1 that are not (node 1: lon 190, lat 2).",
        ),
        (
            "a.osm",
            xml([([0, 1], STREET)]).replace('lat="32.9300000"', 'lat="x"').encode(),
            "be a whole file in OpenStreetMap's XML",
        ),
        (
            "a.osm",
            xml([([0, 1], STREET)]).replace('id="2"', f'id="{10**20}"').encode(),
            "be a whole file in OpenStreetMap's XML",
        ),
        ("a.shp", b"", "end in .pbf, .osm.gz, .osm.bz2, .osm, got '.shp'. Streets of other maps"),
        ("gz", b"", "got ''"),
    ],
)
def test_extracts_that_cannot_be_used_are_refused(tmp_path, name, content, found):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileError, match=re.escape(found)):
        Network.from_osm(tmp_path / name)


def test_extracts_that_are_cut_off_are_refused(tmp_path):
    plain = tmp_path / "a.osm"
    plain.write_text(xml([([k, k + 1], STREET) for k in range(0, 50, 10)]), encoding="utf-8")
    whole = tmp_path / "whole.osm.pbf"
    with osmium.SimpleWriter(str(whole)) as writer:
        for one in osmium.FileProcessor(str(plain)):
            writer.add(one)
    path = tmp_path / "cut.osm.pbf"
    for share in (0.1, 0.5, 0.9):
        path.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * share)])
        with pytest.raises(FileError, match="broken or cut off"):
            Network.from_osm(path)


def test_extracts_that_are_not_there_are_refused(tmp_path):
    with pytest.raises(FileError, match="be a file, got nothing there"):
        Network.from_osm(tmp_path / "a.osm.pbf")
    (tmp_path / "b.osm").mkdir()
    with pytest.raises(FileError, match="be a file, got a folder"):
        Network.from_osm(str(tmp_path / "b.osm"))


def test_enormous_extracts_are_refused_with_the_remedy(tmp_path):
    path = tmp_path / "a.osm"
    path.write_text(xml([([0, 1, 2, 3], STREET), ([3, 13], STREET)]), encoding="utf-8")
    assert Network.from_osm(path, max_nodes=20).info.ways == 2
    path.write_text(xml([([0, 1, 2, 3], STREET)] * 10), encoding="utf-8")
    with pytest.raises(FileError, match=r"at most 20 nodes, got 24 and more\. Cut out the area"):
        Network.from_osm(path, max_nodes=20)
    with pytest.raises(FileError, match=r"at most 3 nodes, got 4 and more"):
        Network.from_osm(path, max_nodes=3)


def test_a_large_extract_of_few_streets_is_read(tmp_path, monkeypatch):
    path = tmp_path / "a.osm"
    houses = [([0, 1, 11, 10, 0], "building=yes")] * 30
    path.write_text(xml([([0, 1, 2, 3], STREET), *houses]), encoding="utf-8")
    assert path.stat().st_size > 4 * 400
    assert Network.from_osm(path, max_nodes=4).info.ways == 1
    with monkeypatch.context() as patch:  # counted before a node is kept
        patch.setattr(osmium.FileProcessor, "with_locations", None)
        with pytest.raises(FileError, match="at most 3 nodes, got 4 and more"):
            Network.from_osm(path, max_nodes=3)


def test_without_osmium_the_remedy_is_said(tmp_path, monkeypatch):
    path = tmp_path / "a.osm"
    path.write_text(xml([([0, 1], STREET)]), encoding="utf-8")
    monkeypatch.setitem(sys.modules, "osmium", None)
    with pytest.raises(FileError, match=re.escape("Install it: pip install geo-match[osm]")):
        Network.from_osm(path)
