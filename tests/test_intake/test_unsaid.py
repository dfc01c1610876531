"""What a list does not say stays as the store has it."""

from __future__ import annotations

import pyarrow as pa
import pytest
from office_lists import CODES, became, communities, kept, write
from shapely import Point, box

from geo_match.intake.importing import (
    import_file,
)
from geo_match.intake.locating import Gazetteer


def test_a_column_that_a_list_has_not_is_kept_and_an_empty_cell_empties(store, tmp_path):
    import_file(
        write(tmp_path / "a.csv", "求职编号,姓名,联系电话", [["A", "王", "13812345678"]]),
        "seekers",
        store,
    )
    import_file(write(tmp_path / "b.csv", "求职编号,姓名", [["A", ""]]), "seekers", store)
    assert kept(store, fields=["name", "phone"]) == [{"name": None, "phone": "13812345678"}]


def test_a_list_that_says_nothing_of_where_leaves_the_place(store, tmp_path):
    given_place = write(
        tmp_path / "a.csv",
        "求职编号,姓名,经度,纬度,坐标系",
        [["A", "王", "117.31", "32.91", "WGS84"]],
    )
    import_file(given_place, "seekers", store)
    report = import_file(
        write(tmp_path / "b.csv", "求职编号,姓名", [["A", "李"]]), "seekers", store
    )
    assert became(report) == (1, 0, 0, 0, 0)
    fields = ["name", "lon", "lat", "datum", "located_by"]
    assert kept(store, fields=fields) == [
        {"name": "李", "lon": 117.31, "lat": 32.91, "datum": "wgs84", "located_by": "given"}
    ]


@pytest.mark.parametrize("header", ["求职编号,社区代码,姓名", "求职编号,地址,姓名"])
def test_a_list_without_coordinates_keeps_the_places_that_were_given(city, tmp_path, header):
    names = Gazetteer(["幸福小区"], lon=[117.305], lat=[32.905], accuracy_m=[150])
    city.set_gazetteer(names.table)
    where = CODES[1] if "社区代码" in header else "幸福小区3栋"
    surveyed = write(
        tmp_path / "a.csv",
        "求职编号,姓名,社区代码,经度,纬度",
        [["A", "王", CODES[1], "117.33123", "32.91234"], ["B", "王", CODES[1], "", ""]],
    )
    import_file(surveyed, "seekers", city, datum="cgcs2000")
    fields = ["id", "lon", "lat", "datum", "located_by", "location_accuracy_m"]
    before = city.read("seekers", fields=fields).to_pylist()
    assert [row["located_by"] for row in before] == ["given", "community_area"]
    later = write(tmp_path / "b.csv", header, [[one, where, "李"] for one in "ABC"])
    foreseen = import_file(later, "seekers", city, dry_run=True)
    report = import_file(later, "seekers", city)
    how = "community_area" if "社区代码" in header else "gazetteer"
    assert became(report) == became(foreseen) == (3, 0, 0, 0, 0)
    assert report.located == foreseen.located == {"given": 1, how: 2}
    assert not any("less exact" in warning for warning in report.warnings)
    after = city.read("seekers", fields=[*fields, "name"]).to_pylist()
    assert after[0] == before[0] | {"name": "李"}
    assert [row["located_by"] for row in after] == ["given", how, how]


def test_a_place_that_gets_less_exact_is_told(city, tmp_path):
    header = "求职编号,社区代码,经度,纬度"
    exact = write(tmp_path / "a.csv", header, [["A", CODES[0], "117.31", "32.91"]])
    import_file(exact, "seekers", city, datum="wgs84")
    coarse = write(tmp_path / "b.csv", header, [["A", CODES[0], "", ""]])
    report = import_file(coarse, "seekers", city, datum="wgs84")
    assert any("1 record that the store had coordinates for" in one for one in report.warnings)


SHAPES = [box(117.3, 32.9, 117.32, 32.92), Point(117.33, 32.91), None]


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "parquet"])
def test_a_shape_that_is_a_point_leaves_the_area_and_one_that_is_an_area_the_point(
    city, tmp_path, suffix
):
    city.apply(
        "communities",
        pa.table({"id": CODES, "name": ["甲"] * 3, "lon": [117.31] * 3, "lat": [32.9] * 3}),
        source="points",
        fields=["lon", "lat"],
    )
    before = city.read("communities", fields=["id", "lon", "lat", "area"]).to_pylist()
    path = communities(tmp_path / f"a.{suffix}", SHAPES)
    report = import_file(path, "communities", city)
    assert report.rejected == 0
    assert "areas that the store has stay where the list has none: 2 rows" in report.warnings
    after = city.read("communities", fields=["id", "lon", "lat", "area"]).to_pylist()
    assert after == [before[0], before[1] | {"lon": 117.33, "lat": 32.91}, before[2]]
    assert became(import_file(path, "communities", city)) == (0, 3, 0, 0, 0)


def test_a_list_of_points_without_areas_leaves_them_and_an_empty_cell_takes_one_away(
    city, tmp_path
):
    points = write(
        tmp_path / "a.csv",
        "社区代码,社区名称,经度,纬度",
        [[CODES[0], "甲", "117.31", "32.91"], ["340302001004", "丁", "117.37", "32.91"]],
    )
    before = city.read("communities", fields=["area"])
    report = import_file(points, "communities", city, datum="wgs84")
    assert "areas that the store has stay where the list has none: 1 row" in report.warnings
    assert city.read("communities", fields=["area"])[:3] == before
    emptied = write(tmp_path / "b.csv", "社区代码,社区名称,area", [[CODES[0], "甲", ""]])
    report = import_file(emptied, "communities", city)
    assert not any("stay" in one for one in report.warnings)
    assert city.read("communities", fields=["area"]).column("area").null_count == 2


def test_a_community_that_was_renumbered_meanwhile_contradicts_nobody(store, tmp_path):
    old = write(
        tmp_path / "a.csv",
        "求职编号,版本,姓名,社区代码",
        [["A", "1", "王", CODES[0]], ["B", "1", "李", CODES[0]]],
    )
    import_file(old, "seekers", store)
    new = write(tmp_path / "b.csv", "社区代码,社区名称,原代码", [["340302001009", "甲", CODES[0]]])
    import_file(new, "communities", store)
    assert became(import_file(old, "seekers", store)) == (0, 2, 0, 0, 0)
    newer = write(
        tmp_path / "c.csv",
        "求职编号,版本,姓名,社区代码",
        [["A", "2", "王", CODES[0]], ["B", "1", "汪", CODES[0]]],
    )
    assert became(import_file(newer, "seekers", store)) == (1, 0, 0, 0, 1)
    assert kept(store, fields=["id", "community"]) == [
        {"id": "A", "community": "340302001009"},
        {"id": "B", "community": CODES[0]},
    ]
