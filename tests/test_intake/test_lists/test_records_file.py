"""An office's lists become records: every labelled defect is found, and no good row is lost."""

from __future__ import annotations

import csv
import datetime as dt
import json
import struct
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from geo_match.datums import from_wgs84, to_wgs84
from geo_match.demo import facts
from geo_match.demo.office.defects import DEFECTS
from geo_match.errors import ArgumentError, ColumnError, DatumError, FileError
from geo_match.intake.area import Area
from geo_match.intake.lists.records_file import read_records
from geo_match.intake.values import Context, type_of
from geo_match.records import RECORDS
from geo_match.records.fields import Kind

DATA = Path(__file__).resolve().parents[3] / "data"
TODAY = dt.date(2025, 12, 31)
BENGBU = Area(116.7, 32.6, 118.1, 33.6)
LISTS = {
    "社区.csv": "communities",
    "家庭.csv": "households",
    "求职人员.csv": "seekers",
    "经营实体.csv": "employers",
    "工作地点.csv": "sites",
    "招聘信息_高德.csv": "jobs",
    "招聘信息_百度.csv": "jobs",
    "招聘信息_大厅.csv": "jobs",
    "服务网点.csv": "stations",
}
CARD = "11010519491231002X"


@cache
def context() -> Context:
    renumbered = facts.renumbered()
    codes = pq.read_table(DATA / "communities.parquet", columns=["code"]).column("code")
    return Context(
        renumbered=dict(zip(renumbered["old_code"], renumbered["new_code"], strict=True)),
        communities=frozenset(codes.to_pylist()),
        today=TODAY,
    )


@cache
def office(file):
    kind = LISTS[file]
    return read_records(DATA / "office" / file, kind, context=context())


@cache
def labels(file):
    defects = pd.read_csv(DATA / "office" / "defects.csv", dtype=str, keep_default_na=False)
    return defects[defects["file"] == file]


def write(folder, text, name="list.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(folder, text, kind="households", **options):
    options.setdefault("context", Context(today=TODAY))
    return read_records(write(folder, text), kind, **options)


def said(findings):
    return [(one.row, one.field, one.value) for one in findings]


# What each defect must be found as: in which findings, and by which words of its rule. Those that
# only the communities' areas, or their names, can show are found where places are located.
REJECTED, NOTED = "rejections", "notes"
ELSEWHERE = {"wrong_community", "wrong_datum_declared", "out_of_area", "repeated_name"}
BY_ROW = {"duplicate_row": "duplicates", "stale_version": "stale"}
EXPECTED = {
    "missing_coordinates": (NOTED, "for it to be located"),
    "zero_coordinates": (NOTED, "(0, 0)"),
    "swapped_axes": (REJECTED, "latitude"),
    "truncated_coordinates": (NOTED, "decimals"),
    "datum_missing": (REJECTED, "where there are coordinates"),
    "renumbered_code": (NOTED, "renumbered"),
    "unknown_code": (REJECTED, "none has it"),
    "duplicate_id": (REJECTED, "must differ"),
    "bad_date": (REJECTED, "calendar"),
    "ambiguous_date": (REJECTED, "either way round"),
    "bad_credit_code": (REJECTED, "check character"),
    "unknown_occupation": (NOTED, "GB/T 6565"),
    "negative_wage": (REJECTED, "below 0"),
    "reversed_wage": (REJECTED, "lower wage before"),
    "wage_text": (NOTED, "leaves it open"),
    "vacancies_text": (NOTED, "a word says only"),
    "formula_text": (NOTED, "formula"),
    "full_width_digits": (NOTED, "half-width"),
    "stray_blank": (NOTED, "white space"),
}


def expected(defect, column):
    if defect == "future_date":
        return (REJECTED if column == "更新时间" else NOTED), "after today"
    return EXPECTED[defect]


def test_every_kind_of_defect_is_either_expected_here_or_shown_by_areas():
    assert set(DEFECTS) == {*EXPECTED, *BY_ROW, *ELSEWHERE, "future_date"}


@pytest.mark.parametrize("file", LISTS)
def test_every_labelled_defect_of_an_office_is_found_in_its_row_and_column(file):
    found = office(file)
    by_row = {REJECTED: {}, NOTED: {}}
    for name, rows in by_row.items():
        for one in getattr(found, name):
            rows.setdefault(one.row, []).append(one)
    rejected = set(by_row[REJECTED])
    for label in labels(file).itertuples():
        row = int(label.row)
        if label.defect in ELSEWHERE:
            continue
        if label.defect in BY_ROW:
            # A copy of a faulty row has the same faults, and is rejected like that.
            assert row in getattr(found, BY_ROW[label.defect]) or row in rejected, label
            continue
        where, words = expected(label.defect, label.column)
        assert any(
            one.field == label.column and words in one.rule for one in by_row[where].get(row, [])
        ), label


@pytest.mark.parametrize("file", LISTS)
def test_no_row_of_an_office_is_lost_without_a_labelled_reason(file):
    found = office(file)
    reasons = {}
    for label in labels(file).itertuples():
        if label.defect not in ELSEWHERE:
            reasons.setdefault(int(label.row), set()).add((label.defect, label.column))
    for row in found.rejections.row.tolist():
        assert any(
            expected(defect, column)[0] == REJECTED
            for defect, column in reasons.get(row, ())
            if defect not in BY_ROW
        ), row
    for name, defect in (("duplicates", "duplicate_row"), ("stale", "stale_version")):
        for row in getattr(found, name).tolist():
            assert defect in {one for one, _ in reasons[row]}
    lost = {*found.rejections.row.tolist(), *found.duplicates.tolist(), *found.stale.tolist()}
    assert sorted({*found.row.tolist(), *lost}) == list(range(1, found.n_read + 1))
    assert len(found.row) + len(lost) == found.n_read


@pytest.mark.parametrize("file", LISTS)
def test_what_was_repaired_is_what_the_labels_say_should_stand_there(file):
    found = office(file)
    fields = {header: name for name, header in found.columns.items()}
    position = {row: at for at, row in enumerate(found.row.tolist())}
    repaired = {"renumbered_code", "stray_blank"}
    n = 0
    for label in labels(file).itertuples():
        if label.defect in repaired and int(label.row) in position and label.column in fields:
            value = found.records.column(fields[label.column])[position[int(label.row)]].as_py()
            assert value == label.truth
            n += 1
    assert n > 0


@pytest.mark.parametrize("kind", [kind for kind in RECORDS if kind not in {"spells", "services"}])
def test_the_clean_files_of_the_demonstration_city_lose_no_row(kind):
    path = DATA / f"{kind}.parquet"
    found = read_records(path, kind, context=context())
    assert list(found.rejections) == []
    assert len(found.row) == found.n_read == pq.read_metadata(path).num_rows
    for name, spec in RECORDS[kind].specs().items():
        assert found.records.schema.field(name).type == type_of(spec.about.kind)
    if kind not in {"employers", "communities"}:
        assert found.records.column("lon").null_count == 0
    if kind == "communities":
        assert found.records.column("area").null_count == 0


# One row, judged by the model alone ---------------------------------------------------------------


def texts_of(spec):
    """Give what may stand in a field, valid or not, as the model takes it."""
    kind = spec.about.kind
    if kind in {Kind.WHOLE, Kind.NUMBER}:
        least = 0 if spec.least is None else int(spec.least)
        most = 1_000 if spec.most is None else int(spec.most)
        whole = st.sampled_from([least - 1, least, least + 1, most, most + 1])
        return whole | st.sampled_from([least + 0.5, most + 0.5])
    dates = st.dates(dt.date(1901, 1, 1), TODAY)
    return {
        Kind.TEXT: st.sampled_from(["某某", 'a,b\n"c', "x" * 2_000, "x" * 2_001, f"见{CARD}。"]),
        Kind.REFERENCE: st.sampled_from(["H1", "x" * 64, "x" * 65, CARD]),
        Kind.FLAG: st.booleans(),
        Kind.DAY: dates | st.sampled_from(["2025-02-30", "2025-13-01"]),
        Kind.MOMENT: st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2025, 12, 31)).map(  # noqa: DTZ001 - days here have no zone
            lambda one: one.replace(microsecond=0)
        ),
        Kind.COMMUNITY: st.sampled_from(["340302001001", "34030200100", "990302001001"]),
        Kind.CREDIT_CODE: st.sampled_from(["91110000600037341L", "91110000600037341K", "9111"]),
        Kind.OCCUPATION: st.sampled_from(["401", "4-01-01", "普工", "x" * 65, CARD]),
        Kind.INDUSTRY: st.sampled_from(["F52", "f5211", "Z99"]),
        Kind.PHONE: st.sampled_from(["13805521234", "+86 138 0552 1234", "1380552"]),
        Kind.LON: st.sampled_from([-180.0, 117.36, 180.0, 180.5]),
        Kind.LAT: st.sampled_from([-90.0, 32.9, 90.0, 90.5]),
        Kind.MEMBERS: st.just(None),
        Kind.AREA: st.just(None),
    }.get(
        kind,
        st.sampled_from([*(spec.about.choices or {"primary": ""}), "nonsense"]),
    )


@st.composite
def rows_of(draw, kind):
    """Give rows of values by field, each with an id of its own unless that is at fault."""
    specs = RECORDS[kind].specs()
    rows = []
    for number in range(draw(st.integers(1, 12))):
        row = {}
        for name, spec in specs.items():
            if name == "id":
                own = f"34030200{number:04}" if kind == "communities" else f"X{number}"
                bad = [CARD, "x" * 65, ""]
                row[name] = draw(st.sampled_from([own] * 7 + bad)) or None
            elif spec.required or draw(st.integers(0, 9)) < 3:
                row[name] = None if draw(st.integers(0, 9)) == 0 else draw(texts_of(spec))
        if "datum" in specs and (row.get("lon") is not None or row.get("lat") is not None):
            row["datum"] = "wgs84"  # that it must be said is asked of lists alone
        rows.append({name: value for name, value in row.items() if value is not None})
    return rows


def accepted_by_model(kind, row):
    try:
        RECORDS[kind].model_validate(row)
    except ValidationError:
        return False
    return True


def as_cell(value):
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


@pytest.mark.parametrize("kind", RECORDS)
@settings(max_examples=25)
@given(data=st.data())
def test_a_row_is_accepted_exactly_if_its_model_accepts_its_values(kind, data):
    rows = data.draw(rows_of(kind))
    specs = RECORDS[kind].specs()
    for row in rows:
        for name, value in row.items():
            # A field of several choices has a list; its text is their words by 、.
            if specs[name].about.kind == Kind.CHOICES:
                row[name] = [value]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["number", *specs])
            for number, row in enumerate(rows):
                cells = [row.get(name, "") for name in specs]
                cells = ["、".join(cell) if isinstance(cell, list) else cell for cell in cells]
                writer.writerow([number, *map(as_cell, cells)])
        found = read_records(path, kind, datum="wgs84", context=Context(today=TODAY))
    # Of equal ids the newest counts; only faulty ones repeat here, and those are rejected.
    expected_rows = [at for at, row in enumerate(rows, 1) if accepted_by_model(kind, row)]
    assert found.row.tolist() == expected_rows
    assert len(found.row) + found.n_rejected == found.n_read == len(rows)
    for record in found.records.drop_columns(["row"]).to_pylist():
        known = {name: value for name, value in record.items() if value is not None}
        model = RECORDS[kind].model_validate(known)
        for name, value in known.items():
            assert getattr(model, name) == (tuple(value) if isinstance(value, list) else value)


WILD = st.text(
    st.sampled_from(
        "0123456789０９-/.年月日元天小时千以上岁不限面议是否无、,; \t\u3000H男女GPS高德x"
    ),
    max_size=12,
)


@pytest.mark.parametrize("kind", ["households", "seekers", "jobs", "stations", "spells"])
@settings(max_examples=25)
@given(data=st.data())
def test_whatever_stands_in_a_list_no_record_comes_of_it_that_its_model_refuses(kind, data):
    specs = RECORDS[kind].specs()
    names = [*specs, *(["薪资", "年龄要求"] if kind == "jobs" else [])]
    if kind == "jobs":
        names = [one for one in names if not one.startswith(("wage_", "age_"))]
    rows = data.draw(
        st.lists(st.lists(WILD, min_size=len(names), max_size=len(names)), min_size=1, max_size=8)
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([names, *rows])
        try:
            found = read_records(path, kind, datum="gcj02", context=Context(today=TODAY))
        except FileError:  # nothing but blanks
            return
    for record in found.records.drop_columns(["row"]).to_pylist():
        RECORDS[kind].model_validate({k: v for k, v in record.items() if v is not None})
    rejected = set(found.rejections.row.tolist())
    became = [*found.row.tolist(), *found.duplicates.tolist(), *found.stale.tolist(), *rejected]
    assert len(became) == len(set(became)) == found.n_read


# Places -------------------------------------------------------------------------------------------


def test_places_become_wgs84_by_the_datum_of_their_row(tmp_path):
    lon, lat = 117.36, 32.92
    lines = ["家庭编号,经度,纬度,坐标系"]
    for number, (word, datum) in enumerate(
        [("GPS", "wgs84"), ("高德", "gcj02"), ("百度", "bd09"), ("2000国家大地坐标系", "cgcs2000")]
    ):
        x, y = from_wgs84(lon=lon, lat=lat, datum=datum)
        lines.append(f"H{number},{float(x)!r},{float(y)!r},{word}")
    found = read(tmp_path, "\n".join(lines)).records
    np.testing.assert_allclose(found.column("lon").to_numpy(), lon, atol=1e-8)
    np.testing.assert_allclose(found.column("lat").to_numpy(), lat, atol=1e-8)
    assert found.column("datum").to_pylist() == ["wgs84", "gcj02", "bd09", "cgcs2000"]
    assert found.column("located_by").to_pylist() == ["given"] * 4


def test_a_list_without_any_datum_is_refused_as_a_whole_and_one_given_serves_all_rows(tmp_path):
    text = "家庭编号,经度,纬度\nH1,117.365432,32.923456\nH2,,\n"
    with pytest.raises(DatumError, match="be given for a list whose coordinates do not say theirs"):
        read(tmp_path, text)
    found = read(tmp_path, text, datum="bd09")
    assert found.records.column("datum").to_pylist() == ["bd09", None]
    assert found.records.column("located_by").to_pylist() == ["given", "none"]
    with pytest.raises(DatumError, match="xian1980"):
        read(tmp_path, text, datum="xian1980")


def test_a_row_without_a_datum_among_others_with_one_is_rejected_unless_one_is_given(tmp_path):
    text = "家庭编号,经度,纬度,坐标系\nH1,117.365432,32.923456,高德\nH2,117.365432,32.923456,\n"
    found = read(tmp_path, text)
    assert said(found.rejections) == [(2, "坐标系", "")]
    assert read(tmp_path, text, datum="bd09").records.column("datum").to_pylist() == [
        "gcj02",
        "bd09",
    ]


def test_zero_zero_and_nothing_are_unlocated_and_half_a_place_is_rejected(tmp_path):
    text = "家庭编号,经度,纬度,坐标系\nH1,0,0.0,高德\nH2,,,\nH3,117.36,,高德\nH4,,32.9,高德\n"
    found = read(tmp_path, text)
    assert found.row.tolist() == [1, 2]
    assert found.records.column("lon").null_count == 2
    assert found.records.column("datum").null_count == 2
    assert said(found.rejections) == [(3, "纬度", ""), (4, "经度", "")]
    assert [one.row for one in found.notes if "located" in one.rule or "(0, 0)" in one.rule] == [
        1,
        2,
    ]


def test_exchanged_axes_are_seen_by_their_range_or_by_the_service_area(tmp_path):
    text = (
        "家庭编号,经度,纬度,坐标系\nH1,32.923456,117.365432,GPS\nH2,43.825,87.617,GPS\n"
        "H3,87.617123,43.825123,GPS\n"
    )
    found = read(tmp_path, text)
    assert [one.row for one in found.rejections] == [1]  # 87° is a latitude, too
    area = Area(87.0, 43.0, 88.0, 44.0)
    found = read(tmp_path, text, context=Context(service_area=area, today=TODAY))
    assert [one.row for one in found.rejections] == [1, 2]
    assert all("exchanged" in one.remedy for one in found.rejections)


def test_a_place_outside_the_service_area_is_kept_with_a_note_edges_counting_as_inside(tmp_path):
    text = (
        "家庭编号,经度,纬度,坐标系\nH1,118.781234,32.061234,GPS\nH2,116.7,32.6,GPS\n"
        "H3,117.365432,32.923456,GPS\n"
    )
    found = read(tmp_path, text, context=Context(service_area=BENGBU, today=TODAY))
    assert found.row.tolist() == [1, 2, 3]
    assert [one.row for one in found.notes if "service area" in one.rule] == [1]


def test_few_decimals_are_noted_and_their_doubt_becomes_the_accuracy(tmp_path):
    text = (
        "家庭编号,经度,纬度,坐标系,定位精度(米)\nH1,117.36,32.92,GPS,\nH2,117.36,32.92,GPS,50\n"
        "H3,117.363,32.92,GPS,\n"
    )
    found = read(tmp_path, text)
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


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_areas_as_text_become_wgs84_and_need_a_datum(tmp_path, suffix):
    area = "POLYGON ((117 32, 118 32, 118 33, 117 32))"
    rows = pd.DataFrame(
        {"社区代码": ["340302001001", "340302001002"], "社区名称": ["甲", "乙"], "area": [area, ""]}
    )
    path = tmp_path / f"list.{suffix}"
    if suffix == "csv":
        rows.to_csv(path, index=False)
    else:
        rows.to_excel(path, index=False)
    with pytest.raises(DatumError, match="`datum` must be given"):
        read_records(path, "communities")
    kept = read_records(path, "communities", datum="wgs84").records.column("area")
    assert kept.to_pylist() == [area, None]
    moved = read_records(path, "communities", datum="bd09").records.column("area")[0].as_py()
    corners = shapely.get_coordinates(shapely.from_wkt(area)).T
    expected = np.column_stack(to_wgs84(lon=corners[0], lat=corners[1], datum="bd09"))
    assert np.allclose(
        shapely.get_coordinates(shapely.from_wkt(moved)), expected, rtol=0.0, atol=1e-8
    )


def test_areas_of_communities_are_kept_and_what_is_no_area_is_rejected(tmp_path):
    square = [[[117, 32], [118, 32], [118, 33], [117, 32]]]
    bow_tie = [[[117, 32], [118, 33], [118, 32], [117, 33], [117, 32]]]
    shapes = [
        {"type": "Polygon", "coordinates": square},
        {"type": "Polygon", "coordinates": bow_tie},
        {"type": "Point", "coordinates": [117.5, 32.5]},
        {"type": "LineString", "coordinates": square[0]},
    ]
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"34030200100{at}", "name": "甲"},
            "geometry": shape,
        }
        for at, shape in enumerate(shapes)
    ]
    path = tmp_path / "communities.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    found = read_records(path, "communities")
    assert found.row.tolist() == [1, 3]
    assert found.records.column("area")[0].as_py() == ("POLYGON ((117 32, 118 32, 118 33, 117 32))")
    assert found.records.column("lon").to_pylist() == [None, 117.5]
    assert [one.row for one in found.rejections] == [2, 4]


def geoparquet(path, shapes):
    about = {"encoding": "WKB", "geometry_types": []}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": about}}
    codes = [f"34030200100{at}" for at in range(len(shapes))]
    table = pa.table({"code": codes, "name": codes, "geometry": pa.array(shapes, pa.binary())})
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    return path


def test_shapes_nested_to_any_depth_never_reach_a_parser(tmp_path):
    square = shapely.Polygon([(117, 32), (118, 32), (118, 33)])
    collection = struct.pack("<BII", 1, 7, 1)
    shapes = [
        square.wkb,
        shapely.to_wkb(shapely.MultiPolygon([square, shapely.affinity.translate(square, 1)])),
        shapely.to_wkb(shapely.force_3d(square)),
        shapely.to_wkb(shapely.set_srid(square, 4326), include_srid=True, byte_order=0),
        struct.pack("<BII", 1, 6, 1) + collection * 200_000,
        square.wkb[:-4],
        struct.pack("<BIII", 1, 3, 1, 2**32 - 1),
    ]
    found = read_records(geoparquet(tmp_path / "areas.parquet", shapes), "communities")
    assert found.row.tolist() == [1, 2, 3, 4]
    assert [one.rule for one in found.rejections] == ["must be a polygon, or several"] * 3


# Rows that repeat others --------------------------------------------------------------------------


def test_the_newest_version_is_the_record_and_the_others_are_copies_stale_or_rejected(tmp_path):
    text = (
        "家庭编号,户主姓名,版本,更新时间\n"
        "H1,甲,1,2025-03-01\n"  # stale: a version below
        "H1,乙,2,2025-01-01\n"  # the record: versions count before times
        "H1,乙,2,2025-01-01\n"  # a copy
        "H1,丙,2,2025-01-01\n"  # another record's id
        "H1,丁,,2025-04-01\n"  # without a version: older
        "H2,甲,,2025-03-01\n"  # the record
        "H2,甲,,2025-02-28\n"  # stale
        "H3,甲,,\n"
        "H3,乙,,\n"
    )
    found = read(tmp_path, text)
    assert found.row.tolist() == [2, 6, 8]
    assert found.duplicates.tolist() == [3]
    assert found.stale.tolist() == [1, 5, 7]
    assert said(found.rejections) == [(4, "家庭编号", "H1"), (9, "家庭编号", "H3")]
    assert found.n_rejected == 2


def test_a_copy_may_differ_in_what_is_not_used_and_in_how_it_is_written(tmp_path):
    found = read(tmp_path, "序号,家庭编号,更新时间\n1,H1,2025-03-01\n2,H1 ,2025年3月1日\n")
    assert found.row.tolist() == [1]
    assert found.duplicates.tolist() == [2]


def test_an_older_version_does_not_become_true_by_a_fault_of_the_newer_one(tmp_path):
    text = "家庭编号,人口数,更新时间\nH1,999,2025-03-01\nH1,3,2025-02-01\n"
    found = read(tmp_path, text)
    assert found.row.tolist() == []
    assert found.stale.tolist() == [2]
    assert [one.row for one in found.rejections] == [1]


def test_a_version_whose_time_is_at_fault_decides_nothing(tmp_path):
    text = "家庭编号,人口数,更新时间\nH1,4,2026-03-01\nH1,3,2025-02-01\n"
    found = read(tmp_path, text)
    assert found.row.tolist() == [2]
    assert [one.row for one in found.rejections] == [1]


def test_a_rejected_row_makes_no_good_row_its_copy_and_takes_no_id_from_it(tmp_path):
    found = read(tmp_path, "家庭编号,户主姓名,人口数\n1,甲,999\n1,甲,\n2,乙,x\n2,丙,\n")
    assert found.row.tolist() == [2, 4]
    assert found.duplicates.tolist() == []
    assert found.stale.tolist() == []
    assert [one.row for one in found.rejections] == [1, 3]


# One record's fields, ids and texts ---------------------------------------------------------------


def test_fields_that_contradict_each_other_reject_a_row_and_equal_ones_do_not(tmp_path):
    text = (
        "记录编号,人员编号,就业状态,开始日期,结束日期\n"
        "P1,S1,就业,2025-03-01,2025-03-01\nP2,S1,就业,2025-03-02,2025-03-01\n"
    )
    found = read(tmp_path, text, "spells")
    assert found.row.tolist() == [1]
    assert said(found.rejections) == [(2, "开始日期, 结束日期", "2025-03-02, 2025-03-01")]
    text = "招聘编号,岗位名称,最低薪资,最高薪资,薪资单位\nJ1,甲,3000,3000,月\nJ2,甲,3001,3000,月\n"
    found = read(tmp_path, text, "jobs")
    assert found.row.tolist() == [1]
    assert found.records.column("wage_unit").to_pylist() == ["month"]


def test_an_id_card_number_rejects_its_row_and_is_never_shown_but_for_its_end(tmp_path):
    text = (
        f"家庭编号,户主姓名,备注\n{CARD},甲,\nH2,甲,身份证{CARD}\nH3,甲,无\nH4,甲,{CARD},多一格\n"
    )
    found = read(tmp_path, text)
    assert found.row.tolist() == [3]
    assert [one.row for one in found.rejections] == [1, 2, 4]
    for one in found.rejections:
        shown = f"{one}"
        assert CARD not in shown
        assert CARD[:-4] not in shown
        assert CARD[-4:] in shown


def test_an_id_card_number_in_another_kind_of_column_is_not_shown_either(tmp_path):
    found = read(tmp_path, f"求职编号,联系电话\nS1,{CARD}\n", "seekers")
    assert [one.row for one in found.rejections] == [1]
    assert CARD[:-4] not in f"{found.rejections[0]}"


@pytest.mark.parametrize("name", ["list.csv", "list.ndjson"])
def test_no_part_of_an_id_card_number_is_shown_wherever_a_broken_row_is_cut(tmp_path, name):
    head = "家庭编号,备注\nH0,\n" if name == "list.csv" else '{"家庭编号": "H0"}\n'
    for card in (CARD, " ".join(CARD)):
        rows = [f"{'甲' * at},{card},多" for at in range(90)]
        found = read_records(write(tmp_path, head + "\n".join(rows), name), "households")
        assert found.n_rejected == len(rows)
        for one in found.rejections:
            assert len(one.value) <= 80
            assert not set(one.value) & set("123456789") - set(CARD[-4:])
            assert CARD[:2] not in one.value


def test_an_id_card_number_in_a_header_is_not_shown(tmp_path):
    text = f"家庭编号,身份证{CARD}\nH1, 甲\n"
    found = read(tmp_path, text)
    assert [one for one in found.warnings if "not used: 身份证**************002X" in one]
    assert [one.field for one in found.notes] == ["身份证**************002X"]
    with pytest.raises(ColumnError) as error:
        read(tmp_path, text, "jobs")
    assert CARD[:-4] not in f"{error.value} {error.value.remedy}"
    assert "002X" in error.value.remedy


def test_a_number_that_a_spreadsheet_shortened_is_no_id_and_is_not_shown(tmp_path):
    text = "家庭编号\n3.40302E+17\n3.40302199001011E+17\n1E05\n"
    found = read(tmp_path, text)
    assert found.row.tolist() == [3]
    assert [one.value for one in found.rejections] == ["*.*****E+17", "*.**************E+17"]
    assert {one.rule for one in found.rejections} == {
        "must not be a number that a spreadsheet has shortened"
    }


def test_what_must_be_there_and_is_not_rejects_its_row(tmp_path):
    found = read(tmp_path, "招聘编号,岗位名称\nJ1,\n,焊工\nJ3,焊工\n", "jobs")
    assert found.row.tolist() == [3]
    assert said(found.rejections) == [(1, "岗位名称", ""), (2, "招聘编号", "")]


def test_a_wage_may_have_its_unit_in_a_column_beside_it(tmp_path):
    text = "招聘编号,岗位名称,薪资,薪资单位\nJ1,甲,18-28,元/小时\nJ2,甲,3000-4500元/月,\n"
    found = read(tmp_path, text, "jobs").records
    assert found.column("wage_low_cny").to_pylist() == [18.0, 3000.0]
    assert found.column("wage_unit").to_pylist() == ["hour", "month"]


def test_an_old_code_in_a_list_of_communities_becomes_the_new_one_and_is_kept_beside_it(tmp_path):
    context = Context(renumbered={"340304100201": "340304101224"}, today=TODAY)
    text = "社区代码,社区名称\n340304100201,甲\n340304101225,乙\n"
    found = read(tmp_path, text, "communities", context=context).records
    assert found.column("id").to_pylist() == ["340304101224", "340304101225"]
    assert found.column("previous_code").to_pylist() == ["340304100201", None]


# The file as a whole ------------------------------------------------------------------------------


def test_columns_that_are_not_used_are_named(tmp_path):
    found = read(tmp_path, "家庭编号,颜色,原行号,规则\nH1,红,3,must\n")
    assert "not used: 颜色" in found.warnings
    assert dict(found.columns) == {"id": "家庭编号"}


def test_a_list_without_coordinates_says_so_once(tmp_path):
    found = read(tmp_path, "家庭编号\nH1\nH2\n")
    assert list(found.notes) == []
    assert any("there are no coordinates" in one for one in found.warnings)


def test_an_unknown_kind_is_refused_with_those_that_there_are(tmp_path):
    with pytest.raises(ArgumentError, match="be one of households, seekers"):
        read(tmp_path, "编号\n1\n", "people")


def test_a_list_without_a_required_column_is_refused_with_a_mapping_proposed(tmp_path):
    with pytest.raises(ColumnError, match=r"none for title \(岗位名称\)") as error:
        read(tmp_path, "招聘编号,活儿\nJ1,焊工\n", "jobs")
    assert "[columns]" in error.value.remedy
    assert '"活儿" = ""' in error.value.remedy


def test_a_list_of_nothing_but_broken_rows_has_no_record(tmp_path):
    found = read(tmp_path, "家庭编号,人口数\nH1\nH2,3,4\n")
    assert found.n_read == found.n_rejected == 2
    assert found.records.num_rows == 0


def test_findings_are_a_sequence_by_row(tmp_path):
    found = read(tmp_path, "家庭编号,人口数\nH1,x\nH2 ,3\nH3,0\nH4\n").rejections
    assert [one.row for one in found] == found.row.tolist() == [1, 3, 4]
    assert found[0] == found[:1][0]
    assert found[-1].field == "(whole row)"
    assert found == tuple(found)
    assert sum(found.counts().values()) == len(found) == 3


def test_typed_columns_are_read_like_their_text(tmp_path):
    moments = [dt.datetime(2025, 3, 1, 8), None]  # noqa: DTZ001 - days here have no zone
    pq.write_table(
        pa.table(
            {
                "家庭编号": pa.array([1, 2]),
                "人口数": pa.array([3.0, None]),
                "是否零就业家庭": pa.array([True, None]),
                "更新时间": pa.array(moments, type=pa.timestamp("us", tz="UTC")),
                "members": pa.array([[{"birth_year": 1990, "status": "employed"}], None]),
            }
        ),
        tmp_path / "typed.parquet",
    )
    found = read_records(tmp_path / "typed.parquet", "households", context=Context(today=TODAY))
    assert list(found.rejections) == []
    first = found.records.to_pylist()[0]
    assert (first["id"], first["member_count"], first["zero_employment"]) == ("1", 3, True)
    assert first["updated_at"] == dt.datetime(2025, 3, 1, 16)  # noqa: DTZ001 - Beijing's clock
    assert first["members"] == [{"birth_year": 1990, "status": "employed"}]


def test_a_broken_row_counts_once_however_much_is_wrong_with_it(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["家庭编号", "人口数", "社区代码", "劳动年龄人数"])
    book.active.append(["A1", 2, "340302001001", 1])
    book.active.append(["A2", "#REF!", "340302001001", "#N/A"])
    for cell in ("B3", "D3"):
        book.active[cell].data_type = "e"
    book.save(tmp_path / "a.xlsx")
    read = read_records(tmp_path / "a.xlsx", "households")
    assert (read.n_read, read.n_rejected, read.row.tolist()) == (2, 1, [1])
    assert [fault.field for fault in read.rejections] == ["人口数", "劳动年龄人数"]
