"""Where the records of a list are: columns or shapes, and the datum of each row."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest

from geo_match.datums import from_wgs84, to_wgs84
from geo_match.errors import DatumError
from geo_match.intake.area import Area
from geo_match.intake.lists.records_file import read_records
from geo_match.intake.values import Context

TODAY = dt.date(2025, 12, 31)
BENGBU = Area(116.7, 32.6, 118.1, 33.6)


def said(findings):
    return [(one.row, one.field, one.value) for one in findings]


def test_places_become_wgs84_by_the_datum_of_their_row(read):
    lon, lat = 117.36, 32.92
    lines = ["家庭编号,经度,纬度,坐标系"]
    for number, (word, datum) in enumerate(
        [("GPS", "wgs84"), ("高德", "gcj02"), ("百度", "bd09"), ("2000国家大地坐标系", "cgcs2000")]
    ):
        x, y = from_wgs84(lon=lon, lat=lat, datum=datum)
        lines.append(f"H{number},{float(x)!r},{float(y)!r},{word}")
    found = read("\n".join(lines)).records
    np.testing.assert_allclose(found.column("lon").to_numpy(), lon, atol=1e-8)
    np.testing.assert_allclose(found.column("lat").to_numpy(), lat, atol=1e-8)
    assert found.column("datum").to_pylist() == ["wgs84", "gcj02", "bd09", "cgcs2000"]
    assert found.column("located_by").to_pylist() == ["given"] * 4


def test_a_list_without_any_datum_is_refused_as_a_whole_and_one_given_serves_all_rows(read):
    text = "家庭编号,经度,纬度\nH1,117.365432,32.923456\nH2,,\n"
    with pytest.raises(DatumError, match="be given for a list whose coordinates do not say theirs"):
        read(text)
    found = read(text, datum="bd09")
    assert found.records.column("datum").to_pylist() == ["bd09", None]
    assert found.records.column("located_by").to_pylist() == ["given", "none"]
    with pytest.raises(DatumError, match="xian1980"):
        read(text, datum="xian1980")


def test_a_row_without_a_datum_among_others_with_one_is_rejected_unless_one_is_given(read):
    text = "家庭编号,经度,纬度,坐标系\nH1,117.365432,32.923456,高德\nH2,117.365432,32.923456,\n"
    found = read(text)
    assert said(found.rejections) == [(2, "坐标系", "")]
    assert read(text, datum="bd09").records.column("datum").to_pylist() == [
        "gcj02",
        "bd09",
    ]


def test_zero_zero_and_nothing_are_unlocated_and_half_a_place_is_rejected(read):
    text = "家庭编号,经度,纬度,坐标系\nH1,0,0.0,高德\nH2,,,\nH3,117.36,,高德\nH4,,32.9,高德\n"
    found = read(text)
    assert found.row.tolist() == [1, 2]
    assert found.records.column("lon").null_count == 2
    assert found.records.column("datum").null_count == 2
    assert said(found.rejections) == [(3, "纬度", ""), (4, "经度", "")]
    assert [one.row for one in found.notes if "located" in one.rule or "(0, 0)" in one.rule] == [
        1,
        2,
    ]


def test_exchanged_axes_are_seen_by_their_range_or_by_the_service_area(read):
    text = (
        "家庭编号,经度,纬度,坐标系\nH1,32.923456,117.365432,GPS\nH2,43.825,87.617,GPS\n"
        "H3,87.617123,43.825123,GPS\n"
    )
    found = read(text)
    assert [one.row for one in found.rejections] == [1]  # 87° is a latitude, too
    area = Area(87.0, 43.0, 88.0, 44.0)
    found = read(text, context=Context(service_area=area, today=TODAY))
    assert [one.row for one in found.rejections] == [1, 2]
    assert all("exchanged" in one.remedy for one in found.rejections)


def test_a_place_outside_the_service_area_is_kept_with_a_note_edges_counting_as_inside(read):
    text = (
        "家庭编号,经度,纬度,坐标系\nH1,118.781234,32.061234,GPS\nH2,116.7,32.6,GPS\n"
        "H3,117.365432,32.923456,GPS\n"
    )
    found = read(text, context=Context(service_area=BENGBU, today=TODAY))
    assert found.row.tolist() == [1, 2, 3]
    assert [one.row for one in found.notes if "service area" in one.rule] == [1]


def test_few_decimals_are_noted_and_their_doubt_becomes_the_accuracy(read):
    text = (
        "家庭编号,经度,纬度,坐标系,定位精度(米)\nH1,117.36,32.92,GPS,\nH2,117.36,32.92,GPS,50\n"
        "H3,117.363,32.92,GPS,\n"
    )
    found = read(text)
    accuracy = found.records.column("location_accuracy_m").to_pylist()
    # Half a hundredth of a degree each way: 468 m east at this latitude, 557 m north.
    assert accuracy[0] == pytest.approx(np.hypot(468, 557), rel=0.01)
    assert accuracy[1:] == [50.0, None]
    assert [one.row for one in found.notes] == [1, 2]


def test_shapes_say_where_records_are_and_by_their_crs_in_which_datum(tmp_path):
    features = [
        {"type": "Feature", "properties": {"id": f"H{at}"}, "geometry": geometry}
        for at, geometry in enumerate(
            [
                {"type": "Point", "coordinates": [117.36, 32.92]},
                None,
                {"type": "LineString", "coordinates": [[117, 32], [118, 33]]},
                {"type": "Point", "coordinates": [0, 0]},
            ]
        )
    ]
    path = tmp_path / "homes.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    found = read_records(path, "households")
    assert found.row.tolist() == [1, 2, 4]
    assert said(found.rejections) == [(3, "geometry", "LineString")]
    assert found.records.column("lon").to_pylist() == [117.36, None, None]
    assert found.records.column("datum").to_pylist() == ["wgs84", None, None]
    assert found.columns["lon"] == "geometry"
    moved = read_records(path, "households", datum="gcj02").records.column("lon")[0].as_py()
    assert moved == pytest.approx(117.36 - 0.0058, abs=3e-4)


def test_a_column_says_the_datum_of_shapes_and_the_datum_given_serves_the_rest(tmp_path):
    features = [
        {
            "type": "Feature",
            "properties": {"家庭编号": f"H{at}", "坐标系": datum},
            "geometry": {"type": "Point", "coordinates": [117.36, 32.92]},
        }
        for at, datum in enumerate(["GCJ-02", None, "WGS84", "火星文"])
    ]
    path = tmp_path / "homes.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    lon, lat = to_wgs84(lon=117.36, lat=32.92, datum="gcj02")
    for given_datum, second in ((None, "wgs84"), ("gcj02", "gcj02")):
        found = read_records(path, "households", datum=given_datum)
        assert found.records.column("datum").to_pylist() == ["gcj02", second, "wgs84"]
        assert found.records.column("lon")[0].as_py() == pytest.approx(float(lon), abs=1e-12)
        assert found.records.column("lat")[0].as_py() == pytest.approx(float(lat), abs=1e-12)
        assert found.records.column("lon")[2].as_py() == 117.36
        assert [(one.row, one.field) for one in found.rejections] == [(4, "坐标系")]
