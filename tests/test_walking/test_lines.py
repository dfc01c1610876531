"""Lines of another map become ways: where they meet, what their columns mean, what is refused."""

from __future__ import annotations

import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo_match.errors import ArgumentError, CoordinateError, DatumError, FileError
from geo_match.walking import Kind, Obstacle
from geo_match.walking.source.lines import read_lines

LON, LAT = 117.36, 32.93


def place(x, y):
    return LON + x * 0.001, LAT + y * 0.001


def frame(*lines, crs=4326, **columns):
    shapes = [
        line
        if line is None or isinstance(line, shapely.Geometry)
        else shapely.LineString([place(*p) for p in line])
        for line in lines
    ]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)


def read(lines, obstacles=None, *, ferries=False):
    return read_lines(lines, obstacles, ferries=ferries)


def points(ways):
    return [
        ways.point[a:b].tolist() for a, b in zip(ways.offsets[:-1], ways.offsets[1:], strict=True)
    ]


ACROSS, UP = [(0, 1), (1, 1), (2, 1)], [(1, 0), (1, 1), (1, 2)]


def test_lines_meet_in_points_that_both_have_and_not_where_they_merely_cross():
    meeting = points(read(frame(ACROSS, UP)).ways)
    assert meeting[0][1] == meeting[1][1]
    crossing = points(read(frame([(0, 1), (2, 1)], [(1, 0), (1, 2)])).ways)
    assert not set(crossing[0]) & set(crossing[1])


@pytest.mark.parametrize(
    ("one", "other", "levels", "meet"),
    [
        (ACROSS, UP, [0, 0], True),
        (ACROSS, UP, [1, 0], False),
        (ACROSS, UP, [1, 1], True),
        (ACROSS[:2], UP[:2], [1, 0], True),  # both end there
        (ACROSS[:2], UP, [0, 0], True),
        (ACROSS[:2], UP, [1, 0], False),  # ends on what passes below
    ],
)
def test_levels_matter_but_where_both_end(one, other, levels, meet):
    first, second = points(read(frame(one, other, level=levels)).ways)
    assert bool(set(first) & set(second)) is meet


def test_what_passes_meets_an_end_of_its_level_which_meets_all_ends():
    lines = frame(ACROSS, [(1, 0), (1, 1)], [(1, 1), (1, 2)], UP, level=[0, 0, 1, 1])
    first, second, third, fourth = points(read(lines).ways)
    assert first[1] == second[1] == third[0] == fourth[1]


@given(
    st.lists(st.lists(st.integers(0, 2), min_size=2, max_size=4), min_size=1, max_size=6), st.data()
)
def test_points_meet_as_a_plain_reading_of_the_rule_has_it(rows, data):
    lines = [[(x, 0) for x in row] for row in rows]
    levels = [data.draw(st.integers(0, 1)) for _ in lines]
    at = [
        (row[k], level, k in {0, len(row) - 1})
        for row, level in zip(rows, levels, strict=True)
        for k in range(len(row))
    ]
    group = list(range(len(at)))
    for _ in at:
        for i, (x, level, ends) in enumerate(at):
            for j, (other_x, other_level, other_ends) in enumerate(at):
                if x == other_x and (level == other_level or (ends and other_ends)):
                    group[i] = group[j] = min(group[i], group[j])
    found = read(frame(*lines, level=levels)).ways
    same = found.point[:, None] == found.point[None, :]
    assert same.tolist() == [[a == b for b in group] for a in group]
    assert np.allclose(found.lon[found.point], [LON + x * 0.001 for x, _, _ in at], atol=1e-12)


def test_ends_that_are_a_centimetre_apart_are_the_same_spot():
    near = frame([(0, 0), (1, 0)], [(1 + 0.99e-4, 0), (2, 0)])
    ways = read(near).ways
    first, second = points(ways)
    assert first[1] == second[0]
    assert ways.lon[first[1]] == place(1, 0)[0]  # the least stands for both
    far = frame([(0, 0), (1, 0)], [(1 + 1.5e-4, 0), (2, 0)])
    first, second = points(read(far).ways)
    assert first[1] != second[0]


def test_a_line_that_was_drawn_too_finely_is_not_one_spot():
    fine = [(k * 0.6e-4, 0) for k in range(101)]  # 6 mm apart
    ways = read(frame(fine, [(0, 0), (0, 1)], [fine[-1], (1, 1)])).ways
    line, south, north = points(ways)
    at = ways.lon[line]
    assert (np.diff(at) >= 0).all()
    assert np.abs(at - [place(x, 0)[0] for x, _ in fine]).max() <= 1.001e-7
    assert np.diff(np.unique(at)).max() <= 2.001e-7
    assert (line[0], line[-1]) == (south[0], north[0])
    back = read(frame(fine[::-1])).ways
    assert back.lon[back.point][::-1].tolist() == at.tolist()


def test_of_ends_in_a_row_those_are_one_that_are_near_the_first():
    row = [(k * 0.9e-4, 0) for k in range(3)]
    ways = read(frame(*[[end, (0, 1 + k)] for k, end in enumerate(row)])).ways
    first, second, third = (line[0] for line in points(ways))
    assert first == second != third


def test_columns_say_what_a_line_is():
    lines = frame(
        *[[(0, k), (1, k)] for k in range(7)],
        walkable=[True, None, False, True, True, True, True],
        bridge=[False, True, False, False, None, False, True],
        tunnel=[False, False, False, True, False, False, False],
        level=[0, 0, 0, 0, 2, -1, -1],
        name=["a", None, "x", "", " b ", "a", "c"],
    )
    found = read(lines)
    assert found.n_ways == 6
    assert found.ways.kind.tolist() == [0, 1, 2, 1, 2, 2]
    assert found.names == ("a", "b", "c")
    assert found.ways.name.tolist() == [0, -1, -1, 1, 0, 2]
    assert not found.ways.clipped.any()


def test_columns_may_be_numbers_and_have_gaps():
    lines = frame(
        *[[(0, k), (1, k)] for k in range(3)], bridge=[1, 0, None], level=[None, 0.0, 1.0]
    )
    assert read(lines).ways.kind.tolist() == [Kind.BRIDGE, 0, Kind.BRIDGE]


def test_text_may_be_of_categories_and_have_gaps():
    lines = frame([(0, 0), (1, 0)], [(1, 0), (2, 0)], name=pd.Categorical(["Huai Road", None]))
    found = read(lines)
    assert found.names == ("Huai Road",)
    assert found.ways.name.tolist() == [0, -1]


def test_ferries_are_ways_only_if_asked():
    lines = frame([(0, 0), (1, 0)], [(1, 0), (1, 5)], ferry=[False, True])
    assert read(lines).ways.kind.tolist() == [0]
    assert read(lines, ferries=True).ways.kind.tolist() == [0, Kind.FERRY]


def test_multilines_heights_and_empty_rows_are_taken_as_they_are():
    lines = frame(
        shapely.MultiLineString([[place(0, 0), place(1, 0)], [place(1, 0), place(2, 0)]]),
        shapely.LineString([(*place(2, 0), 5.0), (*place(3, 0), 6.0)]),
        None,
        shapely.LineString(),
        name=["a", "b", "c", "d"],
    )
    ways = read(lines).ways
    assert points(ways) == [[0, 1], [1, 2], [2, 3]]
    assert ways.name.tolist() == [0, 0, 1]


def test_obstacles_are_lines_or_the_outlines_of_areas():
    hole = shapely.Polygon(
        [place(*p) for p in ((0, 0), (4, 0), (4, 4), (0, 4))],
        [[place(*p) for p in ((1, 1), (2, 1), (2, 2))]],
    )
    found = read(
        frame(ACROSS),
        frame(hole, [(0, 9), (9, 9)], [(0, 8), (9, 8)], obstacle=["water", "way", None]),
    ).obstacles
    assert np.diff(found.offsets).tolist() == [5, 4, 2, 2]
    assert found.kind.tolist() == [Obstacle.WATER, Obstacle.WATER, Obstacle.WAY, Obstacle.WATER]
    assert read(frame(ACROSS)).obstacles.offsets.tolist() == [0]
    assert read(frame(ACROSS), frame(ACROSS)).obstacles.kind.tolist() == [Obstacle.WATER]


@pytest.mark.parametrize("epsg", [4490, 32650, 4527, 3857])
def test_any_crs_on_wgs84_or_cgcs2000_is_taken(epsg):
    lines = frame(ACROSS, UP)
    ways = read(lines.to_crs(epsg)).ways
    at = np.column_stack([ways.lon[ways.point], ways.lat[ways.point]])
    assert np.abs(at - shapely.get_coordinates(lines.geometry)).max() < 1e-8
    assert ways.point[1] == ways.point[4]
    assert len(set(ways.point.tolist())) == 5


@pytest.mark.parametrize("suffix", [".parquet", ".geoparquet", ".gpkg"])
def test_files_are_read_as_their_frame(tmp_path, suffix):
    lines = frame(ACROSS, UP, name=["a", "b"], bridge=[True, False])
    path = tmp_path / f"streets{suffix}"
    (lines.to_file if suffix == ".gpkg" else lines.to_parquet)(path)
    for given_path in (path, str(path)):
        found = read(given_path, given_path)
        assert points(found.ways) == points(read(lines).ways)
        assert found.names == ("a", "b")
        assert found.ways.kind.tolist() == [1, 0]
        assert np.diff(found.obstacles.offsets).tolist() == [3, 3]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (
            frame(shapely.Point(0, 0), ACROSS),
            "`lines` must hold lines alone, got 1 of 2 that are not (row 0: Point)",
        ),
        (frame(ACROSS, shapely.box(0, 0, 1, 1)), "(row 1: Polygon)"),
        (
            frame(ACROSS, bridge=["yes"]),
            "have true or false in its column bridge, got 1 that are neither (such as 'yes')",
        ),
        (frame(ACROSS, walkable=[2]), "in its column walkable"),
        (frame(ACROSS, level=["1"]), "have whole numbers in its column level"),
        (frame(ACROSS, level=[0.5]), "got 1 that are not (such as 0.5)"),
        (frame(ACROSS, name=[5]), "have text in its column name, got 5"),
        (
            frame(ACROSS, walkable=[False]),
            "have a line that is walked, got none of 1. See its column walkable.",
        ),
        (frame(), "have a line that is walked, got no row"),
        (frame(None), "have a line that is walked, got none of 1"),
        (
            pd.DataFrame({"a": [1]}),
            "be a GeoDataFrame, or the path of a GeoParquet or GeoPackage file, got DataFrame",
        ),
        (gpd.GeoDataFrame({"a": [1]}), "have a column of geometries"),
        ([ACROSS], "got list"),
    ],
)
def test_frames_that_hold_something_else_are_refused(lines, found):
    with pytest.raises(ArgumentError, match=re.escape(found)):
        read(lines)


def test_an_obstacle_of_another_word_is_refused():
    with pytest.raises(
        ArgumentError, match="`obstacles` must have one of water, way in its column"
    ):
        read(frame(ACROSS), frame(ACROSS, obstacle=["wall"]))
    with pytest.raises(ArgumentError, match="`obstacles` must hold lines or areas alone"):
        read(frame(ACROSS), frame(shapely.Point(1, 1)))


def test_two_columns_of_a_name_are_refused():
    twice = pd.concat([frame(ACROSS, level=[0]), pd.DataFrame({"level": [1]})], axis=1)
    with pytest.raises(ArgumentError, match="have one column level, got 2 of them"):
        read(twice)


@pytest.mark.parametrize(
    ("crs", "found"),
    [
        (None, "got none"),
        (4214, "Beijing 1954"),
        (4610, "Xian 1980"),
        (4326 + 1, "NAD|datum|WGS 84"),
    ],
)
def test_a_crs_on_another_datum_is_refused(crs, found):
    if crs == 4327:  # WGS 84 with heights, geographic: taken
        assert read(frame(ACROSS, crs=crs)).n_ways == 1
        return
    with pytest.raises(DatumError, match=found):
        read(frame(ACROSS, crs=crs))


def test_swapped_axes_are_refused_with_the_remedy():
    swapped = shapely.transform(
        shapely.LineString([place(*p) for p in ACROSS]), lambda xy: xy[:, ::-1]
    )
    with pytest.raises(CoordinateError, match="`lon of lines` and `lat of lines` look swapped"):
        read(frame(swapped))


def test_coordinates_that_are_none_on_earth_are_refused():
    with pytest.raises(CoordinateError, match=r"Are the coordinates in this CRS\?"):
        read(frame(shapely.LineString([(500_000, 3_600_000), (500_100, 3_600_000)])))


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.shp", b"", "end in .parquet, .geoparquet or .gpkg, or for OpenStreetMap in"),
        ("a.parquet", b"", "be a whole GeoParquet file, got one that cannot be read"),
        ("a.parquet", b"PAR1 something", "be a whole GeoParquet file"),
        ("a.gpkg", b"SQLite format 3\0 cut off", "be a whole GeoPackage file"),
        ("a.gpkg", b"", "be a whole GeoPackage file"),
    ],
)
def test_broken_files_are_refused(tmp_path, name, content, found):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileError, match=re.escape(found)):
        read(tmp_path / name)


def test_files_that_are_not_there_or_have_two_layers_are_refused(tmp_path):
    with pytest.raises(FileError, match="be a file, got nothing there"):
        read(tmp_path / "none.parquet")
    with pytest.raises(FileError, match="be a file, got a folder"):
        read(tmp_path)
    path = tmp_path / "two.gpkg"
    frame(ACROSS).to_file(path, layer="a")
    frame(ACROSS).to_file(path, layer="b")
    with pytest.raises(FileError, match="have one layer with geometries, got 'a', 'b'"):
        read(path)
    whole = tmp_path / "whole.parquet"
    frame(ACROSS).to_parquet(whole)
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(whole.read_bytes()[:-20])
    with pytest.raises(FileError, match="be a whole GeoParquet file"):
        read(cut)
    plain = tmp_path / "plain.parquet"
    pd.DataFrame({"a": [1]}).to_parquet(plain)
    with pytest.raises(FileError, match="be a whole GeoParquet file"):
        read(plain)
