"""An isochrone draws all streets within the walk, and no others."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from test_walking.drawn_towns import towns
from test_walking.grounds import Line, graph_of, lonlat

from geo_match.errors import ArgumentError, CoordinateError, RadiusError
from geo_match.walking.answers.distances import distance
from geo_match.walking.answers.isochrone import find_isochrone
from geo_match.walking.graph.graph import Kind
from geo_match.walking.snapping.snap import snap

RADII = st.integers(0, 700)


def isochrone_of(graph, place, radius_m, names=()):
    return find_isochrone(graph, names, lon=place[0], lat=place[1], radius_m=radius_m)


def far_m(graph, place, others):
    """Return how far places on streets are, metres; infinite where no street leads there."""
    lon, lat = np.array(others).reshape(-1, 2).T.copy()
    found = distance(graph, snap(graph, *place), snap(graph, lon, lat, max_snap_m=1.0))
    return np.where(found.reason == "", found.distance_m, np.inf)


@given(town=towns(n_places=1, banks=0), radius_m=RADII)
def test_its_pieces_are_as_far_as_they_say_at_both_ends(town, radius_m):
    lines = isochrone_of(town.graph, town.places[0], radius_m).lines
    if len(lines) == 0:
        return
    for column, end in (("distance_from_m", 0), ("distance_to_m", -1)):
        ends = [line.coords[end] for line in lines.geometry]
        assert far_m(town.graph, town.places[0], ends) == pytest.approx(lines[column], abs=0.006)
    assert (lines["distance_from_m"] < lines["distance_to_m"]).all()
    assert (lines["distance_to_m"] <= radius_m).all()
    assert (lines.loc[lines["ends_at"] == "radius", "distance_to_m"] == radius_m).all()


@given(town=towns(n_places=1, banks=0), radius_m=RADII, seed=st.integers(0, 2**32 - 1))
def test_what_of_the_streets_is_in_reach_is_drawn_and_nothing_else(town, radius_m, seed):
    graph = town.graph
    rng = np.random.default_rng(seed)
    first = np.setdiff1d(np.arange(len(graph.point_lon) - 1), graph.points[1:-1] - 1)
    first, share = rng.choice(first, 50), rng.random(50)
    points = np.column_stack(
        [
            array[first] + share * (array[first + 1] - array[first])
            for array in (graph.point_lon, graph.point_lat)
        ]
    )
    far = far_m(graph, town.places[0], points)
    drawn = shapely.union_all(isochrone_of(graph, town.places[0], radius_m).lines.geometry)
    apart = shapely.distance(drawn, shapely.points(points))
    is_drawn = apart < 1e-9  # 0.1 mm; NaN where nothing is drawn
    assert is_drawn[far < radius_m - 0.01].all()
    assert not is_drawn[far > radius_m + 0.01].any()


@given(town=towns(n_places=1, banks=0), radius_m=RADII)
def test_a_longer_walk_draws_all_that_a_shorter_does(town, radius_m):
    short, long = (
        shapely.union_all(isochrone_of(town.graph, town.places[0], metres).lines.geometry)
        for metres in (radius_m, radius_m + 50)
    )
    assert shapely.difference(short, shapely.buffer(long, 1e-8)).is_empty


def test_the_way_from_the_place_to_the_street_counts():
    graph = graph_of([[(0, 0), (300, 0)]])
    found = isochrone_of(graph, lonlat(100, 40), 100)
    assert found.lines["distance_from_m"].tolist() == [found.snap_m] * 2
    assert found.lines["distance_to_m"].tolist() == [100.0] * 2
    ends = sorted(line.coords[-1] for line in found.lines.geometry)
    assert ends == pytest.approx(np.array([lonlat(40, 0), lonlat(160, 0)]), abs=2e-6)
    assert len(isochrone_of(graph, lonlat(100, 40), 39.9).lines) == 0


def test_where_two_walks_meet_both_end():
    # A ring of 400 m, of which all is within 200 m.
    graph = graph_of([[(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]])
    found = isochrone_of(graph, lonlat(0, 0), 201)
    assert set(found.lines["ends_at"]) == {""}
    assert found.lines["distance_to_m"].max() == pytest.approx(200, abs=0.2)
    ends = [line.coords[-1] for line in found.lines.geometry]
    assert ends == [pytest.approx(lonlat(100, 100), abs=1e-6)] * 2


def test_it_says_where_the_walk_ends_and_where_the_extract_does():
    lines = [Line(((-500, 0), (0, 0)), kind=Kind.CLIPPED), [(0, 0), (100, 0)], [(0, 0), (0, 900)]]
    found = isochrone_of(graph_of(lines), lonlat(0, 0), 600).lines
    ends = {
        tuple(np.round((np.array(line.coords[-1]) - lonlat(0, 0)) * (93_550, 110_915))): word
        for line, word in zip(found.geometry, found["ends_at"], strict=True)
    }
    assert ends == {(-500, 0): "border", (100, 0): "", (0, 600): "radius"}
    found = isochrone_of(graph_of(lines), lonlat(0, 0), 400).lines
    assert sorted(found["ends_at"]) == ["", "radius", "radius"]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kind.CLIPPED_START, ["border", ""]),
        (Kind.CLIPPED_END, ["", "border"]),
        (Kind.CLIPPED, ["border", "border"]),
        (0, ["", ""]),
    ],
)
def test_the_border_is_at_the_end_that_is_clipped_and_not_at_the_other(kind, words):
    graph = graph_of([Line(((0, 0), (500, 0)), kind=kind)])  # it starts in the west
    found = isochrone_of(graph, lonlat(200, 0), 600).lines
    west = [line.coords[-1][0] for line in found.geometry]
    assert [word for _, word in sorted(zip(west, found["ends_at"], strict=True))] == words


def test_it_names_the_streets():
    graph = graph_of([[(0, 0), (100, 0)], [(100, 0), (100, 100)]])
    named = graph._replace(name=np.array([0, -1], dtype=np.int32))
    found = isochrone_of(named, lonlat(0, 0), 500, ("解放路",))
    assert found.lines["name"].fillna("none").tolist() == ["解放路", "none"]
    names = [feature["properties"]["name"] for feature in found.geojson()["features"]]
    assert names == ["解放路", None]
    assert found.lines["edge"].tolist() == [0, 1]
    assert found.lines.crs.to_epsg() == 4326


def test_as_geojson_it_is_a_feature_for_each_piece():
    graph = graph_of([[(0, 0), (100, 0)], [(100, 0), (100, 100)]])
    found = isochrone_of(graph, lonlat(20, 0), 100)
    collection = json.loads(json.dumps(found.geojson(), allow_nan=False))
    assert collection["type"] == "FeatureCollection"
    assert len(collection["features"]) == len(found.lines) == 3
    for feature, row in zip(collection["features"], found.lines.itertuples(), strict=True):
        assert shapely.geometry.shape(feature["geometry"]).equals_exact(row.geometry, 0.0)
        assert feature["properties"] == {
            "edge": row.edge,
            "name": None,
            "distance_from_m": row.distance_from_m,
            "distance_to_m": row.distance_to_m,
            "ends_at": row.ends_at,
        }


def test_it_is_asked_of_one_place_and_one_radius():
    graph = graph_of([[(0, 0), (100, 0)]])
    with pytest.raises(ArgumentError, match="`lon` must be one number, got 2 of them"):
        isochrone_of(graph, ([117.0, 117.1], [32.0, 32.0]), 100)
    with pytest.raises(CoordinateError, match="`lat` must be finite"):
        isochrone_of(graph, (117.0, math.nan), 100)
    with pytest.raises(RadiusError, match="`radius_m` must be between 0 and"):
        isochrone_of(graph, lonlat(0, 0), -1)
    with pytest.raises(ArgumentError, match="`radius_m` must be one number"):
        isochrone_of(graph, lonlat(0, 0), [100, 200])
