"""`geo-match network` as a user meets it: what it says, its exit statuses, and what it leaves."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo_match.cli import main
from geo_match.walking import Network

OSM = """<osm version="0.6">
<node id="1" lon="117.36" lat="32.93"/><node id="2" lon="117.37" lat="32.93"/>
<node id="3" lon="117.37" lat="32.931"><tag k="barrier" v="gate"/><tag k="foot" v="no"/></node>
<node id="4" lon="117.372" lat="32.931"/>
<way id="1"><nd ref="1"/><nd ref="2"/><nd ref="2"/><tag k="highway" v="primary"/></way>
<way id="2"><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="9"/><tag k="highway" v="path"/></way>
<way id="3"><nd ref="2"/><nd ref="1"/><tag k="highway" v="path"/></way>
<way id="4"><nd ref="4"/><tag k="highway" v="path"/></way>
<way id="5"><nd ref="1"/><nd ref="4"/><tag k="route" v="ferry"/></way>
</osm>
"""


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run the command in a folder of its own; give status, messages and output."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments):
        with pytest.raises(SystemExit, match=r"\d") as stop:
            main(["network", *arguments])
        output = capsys.readouterr()
        return stop.value.code, output.err, output.out

    return call


def lines(*ends):
    shapes = [
        shapely.LineString([(117.36 + x / 100, 32.93 + y / 100) for x, y in one]) for one in ends
    ]
    return gpd.GeoDataFrame(geometry=shapes, crs=4326)


def test_an_extract_is_built_and_told_of_with_its_faults(run):
    Path("a.osm").write_text(OSM, encoding="utf-8")
    status, err, out = run("build", "a.osm", "--out", "a.net")
    told = """\
a.osm: 4 ways on foot
  2 edges between 4 vertices, 1.2 km
  components: 2; too short for places to be led to: 1, 0.2 km
  segments of water, railways and motorways, crossed on edges alone: 0
  ends where the extract ends, not the street: 1
  points that ways name and the file does not have: 1
  ways left out because they have no two points: 1
  segments of no length left out: 1
  stretches left out because they are there twice: 1
  closed gates and the like, where streets end: 1
  © OpenStreetMap contributors, ODbL 1.0
"""
    assert (status, err, out) == (0, f"{told}written to a.net\n", "")
    assert run("info", "a.net") == (0, "", told)
    assert sorted(one.name for one in Path().iterdir()) == ["a.net", "a.osm"]


def test_ferries_are_ways_if_asked(run):
    Path("a.osm").write_text(OSM, encoding="utf-8")
    assert "a.osm: 5 ways on foot\n" in run("build", "a.osm", "--out", "a.net", "--ferries")[1]
    streets = lines([(0, 0), (1, 0)], [(1, 0), (1, 1)])
    streets["ferry"] = [False, True]
    streets.to_parquet("s.parquet")
    assert "s.parquet: 2 ways" in run("build", "s.parquet", "--out", "a.net", "--ferries")[1]
    assert "s.parquet: 1 ways" in run("build", "s.parquet", "--out", "a.net")[1]


def test_lines_are_built_with_their_obstacles(run):
    lines([(0, 0), (1, 0)], [(1, 0), (1, 1)]).to_file("s.gpkg")
    lines([(0, 0.5), (2, 0.5), (3, 1)]).to_parquet("river.parquet")
    status, err, _ = run("build", "s.gpkg", "--obstacles", "river.parquet", "--out", "a.net")
    assert status == 0
    assert "crossed on edges alone: 4\n" in err
    assert Network.open("a.net").info.edges == 1


def test_lines_without_a_shape_are_told_of_and_are_no_ways(run):
    made = lines([(0, 0), (1, 0)], [(1, 0), (1, 1)])
    nothing = gpd.GeoDataFrame(geometry=[None, shapely.LineString()], crs=4326)
    frame = gpd.GeoDataFrame(geometry=[*made.geometry, *nothing.geometry], crs=4326)
    frame["walkable"] = [True, True, True, True]
    not_walked = gpd.GeoDataFrame({"walkable": [False]}, geometry=[None], crs=4326)
    gpd.GeoDataFrame(pd.concat([frame, not_walked]), crs=4326).to_parquet("a.parquet")
    status, err, _ = run("build", "a.parquet", "--out", "a.net")
    assert status == 0
    assert err.splitlines()[0] == "a.parquet: 2 ways on foot"
    assert "  ways left out because they have no geometry: 2" in err.splitlines()
    assert Network.open("a.net").info.shapeless_ways == 2


def test_what_is_refused_leaves_no_file(run):
    Path("a.osm").write_text(OSM[:300], encoding="utf-8")
    status, err, out = run("build", "a.osm", "--out", "a.net")
    assert (status, out) == (1, "")
    assert err.startswith("geo-match: `a.osm` must be a whole file in OpenStreetMap's XML, got one")
    Path("a.osm").write_text(OSM, encoding="utf-8")
    status, err, _ = run("build", "a.osm", "--out", "a.net", "--max-nodes", "5")
    assert status == 1
    assert "have at most 5 nodes, got 7 and more. Cut out the area that is asked about" in err
    assert run("build", "a.osm", "--out", "a.osm")[0] == 1
    assert run("build", "a.osm", "--out", "none/a.net")[0] == 1
    assert [one.name for one in Path().iterdir()] == ["a.osm"]
    assert Path("a.osm").read_text(encoding="utf-8") == OSM


def test_options_that_mean_nothing_with_a_file_are_refused(run):
    Path("a.osm").write_text(OSM, encoding="utf-8")
    lines([(0, 0), (1, 0)]).to_parquet("s.parquet")
    status, err, _ = run("build", "a.osm", "--obstacles", "s.parquet", "--out", "a.net")
    assert status == 2
    assert "means nothing with an extract of OpenStreetMap" in err
    status, err, _ = run("build", "s.parquet", "--max-nodes", "9", "--out", "a.net")
    assert status == 2
    assert "means nothing with lines" in err


def test_info_refuses_what_is_no_network(run):
    Path("a.net").write_text("hello", encoding="utf-8")
    status, err, out = run("info", "a.net")
    assert (status, out) == (1, "")
    assert "`a.net` must be a network that was saved" in err


def test_help_says_what_is_read(run):
    assert "read by osmium" in run("build", "--help")[2]
    assert "build" in run("--help")[2]
