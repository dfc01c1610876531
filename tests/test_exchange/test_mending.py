"""The loop: a list is read, some rows are rejected, mended in the file of them, and read again."""

from __future__ import annotations

import csv
import io
import json

import geopandas as gpd
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo_match.errors import FileError
from geo_match.exchange import write_mending
from geo_match.exchange.rows import Rows
from geo_match.exchange.text import write_csv
from geo_match.exchange.xlsx import write_xlsx
from geo_match.intake import Rejection, read_places
from geo_match.intake.readers.files import read_table
from geo_match.intake.readers.table import MENDING_COLUMNS

SUFFIXES = ["csv", "xlsx", "ndjson", "jsonl", "geojson", "gpkg", "parquet"]
SHAPES = ["geojson", "gpkg", "parquet"]
IDS = ["甲", "乙", "丙", "丁"]
NOTES = ["=1+1", "'x", "-3", "two\nlines"]
LON = [117.36, 117.38, 117.40, 117.42]
LAT = [32.93, 999.0, 32.95, None]  # the second and the fourth are wrong
MENDED = {"乙": 32.94, "丁": 32.96}


def frame(ids=IDS, lat=LAT, notes=NOTES):
    points = [None if y is None else shapely.Point(x, y) for x, y in zip(LON, lat, strict=True)]
    return gpd.GeoDataFrame({"编号": ids, "备注": notes}, geometry=points, crs=4326)


def save(path):
    """Write the list in the format of its suffix, with a writer that is not ours."""
    records = [
        {"编号": one, "经度": x, "纬度": y, "备注": note}
        for one, x, y, note in zip(IDS, LON, LAT, NOTES, strict=True)
    ]
    match path.suffix:
        case ".csv":
            with path.open("w", encoding="gb18030", newline="") as stream:
                writer = csv.DictWriter(stream, records[0])
                writer.writeheader()
                writer.writerows(records)
        case ".xlsx":
            workbook = openpyxl.Workbook()
            workbook.active.append(list(records[0]))
            for record in records:
                workbook.active.append(list(record.values()))
                workbook.active.cell(workbook.active.max_row, 4).data_type = "s"
            workbook.save(path)
        case ".ndjson" | ".jsonl":
            path.write_text("".join(json.dumps(record) + "\n" for record in records))
        case ".parquet":
            frame().to_parquet(path)
        case ".geojson":
            frame().to_file(path, driver="GeoJSON")
        case _:
            frame().to_file(path)
    return path


def mend(path):
    """Correct the wrong cells as a person would, with a program that is not ours."""
    match path.suffix:
        case ".csv":
            with path.open(encoding="gb18030", newline="") as stream:
                records = list(csv.DictReader(stream))
            for record in records:
                record["纬度"] = MENDED[record["编号"]]
            with path.open("w", encoding="gb18030", newline="") as stream:
                writer = csv.DictWriter(stream, records[0])
                writer.writeheader()
                writer.writerows(records)
        case ".xlsx":
            workbook = openpyxl.load_workbook(path)
            for row in workbook.active.iter_rows(min_row=2):
                row[2].value = MENDED[row[0].value]
            workbook.save(path)
        case ".ndjson" | ".jsonl":
            records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
            for record in records:
                record["纬度"] = MENDED[record["编号"]]
            path.write_text("".join(json.dumps(record) + "\n" for record in records))
        case suffix:
            data = gpd.read_parquet(path) if suffix == ".parquet" else gpd.read_file(path)
            lon = [LON[IDS.index(one)] for one in data["编号"]]
            lat = [MENDED[one] for one in data["编号"]]
            data = data.set_geometry(gpd.points_from_xy(lon, lat), crs=4326)
            path.unlink()
            if suffix == ".parquet":
                data.to_parquet(path)
            else:
                data.to_file(path, driver="GeoJSON" if suffix == ".geojson" else None)


def own(attributes):
    return attributes.drop(
        columns=[name for name in (*MENDING_COLUMNS, "fid") if name in attributes]
    )


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_rejected_mended_and_read_again_is_the_list(tmp_path, suffix):
    path = save(tmp_path / f"list.{suffix}")
    read = read_places(path)
    assert {one.row for one in read.rejections} == {2, 4}
    mending = tmp_path / f"list.mend.{suffix}"
    assert write_mending(mending, read_table(path), read.rejections) == 2

    # As it stands it is wrong in the same way.
    again = read_places(mending) if suffix != "parquet" else None
    if again is not None:
        assert len(again.places) == 0
        assert [(one.field, one.rule) for one in again.rejections] == [
            (one.field, one.rule) for one in read.rejections
        ]
    mend(mending)
    mended = read_places(mending)
    assert mended.rejections == ()
    assert mended.places.id.tolist() == ["乙", "丁"]
    assert mended.places.lon.tolist() == [LON[1], LON[3]]
    assert mended.places.lat.tolist() == [32.94, 32.96]
    assert list(own(mended.places.attributes)) == list(own(read.places.attributes)) == ["备注"]
    assert mended.places.attributes["备注"].tolist() == [NOTES[1], NOTES[3]]
    assert mended.places.attributes["原行号"].astype(str).tolist() == ["2", "4"]
    assert len(read.places) + len(mended.places) == len(IDS)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_row_says_all_its_faults_and_keeps_its_first_number(tmp_path, suffix):
    path = save(tmp_path / f"list.{suffix}")
    faults = [
        Rejection(4, "纬度", "=1", "must a", "Do a."),
        Rejection(4, "经度", "", "must b", "Do b."),
        Rejection(2, "备注", "", "must c", "Do c."),
    ]
    notes = [Rejection(4, "备注", "x", "must d", "Done."), Rejection(1, "备注", "x", "must e", "")]
    first = tmp_path / f"first.{suffix}"
    assert write_mending(first, read_table(path), faults, notes) == 2
    table = read_table(first)
    assert table.columns.select(MENDING_COLUMNS[:-1]).to_pylist() == [
        {"错误字段": "备注", "错误值": "", "规则": "must c", "处理建议": "Do c.", "提示": ""},
        {
            "错误字段": "纬度；经度",
            "错误值": "=1；",
            "规则": "must a；must b",
            "处理建议": "Do a.；Do b.",
            "提示": "备注: must d. Done.",
        },
    ]
    second = tmp_path / f"second.{suffix}"
    write_mending(second, table, [Rejection(2, "经度", "", "must f", "Do f.")])
    last = read_table(second).columns
    assert last.select(MENDING_COLUMNS[:-1]).to_pylist() == [
        {"错误字段": "经度", "错误值": "", "规则": "must f", "处理建议": "Do f.", "提示": ""}
    ]
    assert [str(number) for number in last.column("原行号").to_pylist()] == ["4"]
    assert last.column_names.count("原行号") == 1


@pytest.mark.parametrize("suffix", SHAPES)
def test_areas_and_types_stay_what_they_are(tmp_path, suffix):
    path = tmp_path / f"areas.{suffix}"
    data = gpd.GeoDataFrame(
        {"编号": ["a", "b"], "n": [1, 2]},
        geometry=[shapely.box(0, 0, 1, 1), shapely.box(5, 5, 7, 7)],
        crs=4490,
    )
    data.to_parquet(path) if suffix == "parquet" else data.to_file(path)
    table = read_table(path)
    mending = tmp_path / f"areas.mend.{suffix}"
    write_mending(mending, table, [Rejection(2, "n", "2", "must x", "Do x.")])
    back = gpd.read_parquet(mending) if suffix == "parquet" else gpd.read_file(mending)
    assert back.geometry.tolist() == [shapely.box(5, 5, 7, 7)]
    assert back["n"].tolist() == [2]
    assert back["n"].dtype.kind == "i"
    assert back.crs.to_epsg() == 4490
    assert read_table(mending).geometry.crs == table.geometry.crs


def test_the_keys_of_a_geopackage_and_its_layer_stay(tmp_path):
    path = save(tmp_path / "list.gpkg")
    mending = tmp_path / "m.gpkg"
    write_mending(mending, read_table(path), [Rejection(3, "x", "", "must x", "")])
    assert read_table(mending).columns.column("fid").to_pylist() == [3]
    assert pyogrio.list_layers(mending).tolist() == [["list", "Point"]]


def test_records_that_could_not_be_split_are_there_too(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text('编号,经度,纬度\nA,117\nB,1,2,"x,y",z\nC,117,32\n', encoding="utf-8")
    table = read_table(path)
    mending = tmp_path / "list.mend.csv"
    assert write_mending(mending, table, table.faults) == 2
    assert mending.read_bytes().startswith(b"\xef\xbb\xbf")
    again = read_table(mending)
    assert again.faults == ()
    assert [list(record.values())[:3] for record in again.columns.to_pylist()] == [
        ["A", "117", ""],
        ["B", "1", "2,x,y,z"],
    ]
    assert again.columns.column("错误字段").to_pylist() == ["(whole row)"] * 2


def test_rows_of_a_workbook_without_a_value_or_under_no_header_are_there_too(tmp_path):
    workbook = openpyxl.Workbook()
    for row in (["编号", "b"], ["A", "=1+1"], ["B", 1, "x"], ["C", "#N/A"], ["D", 2]):
        workbook.active.append(row)
    workbook.save(tmp_path / "list.xlsx")
    table = read_table(tmp_path / "list.xlsx")
    assert write_mending(tmp_path / "m.xlsx", table, table.faults) == 3
    again = read_table(tmp_path / "m.xlsx")
    assert again.faults == ()
    assert [list(record.values())[:2] for record in again.columns.to_pylist()] == [
        ["A", "=1+1"],
        ["B", "1,x"],
        ["C", "#N/A"],
    ]


@pytest.mark.parametrize("suffix", ["ndjson", "geojson"])
def test_what_is_no_record_stands_there_as_text(tmp_path, suffix):
    path = tmp_path / f"list.{suffix}"
    good = {"type": "Feature", "id": 7, "geometry": None, "properties": {"a": {"deep": [1]}}}
    path.write_text(
        '{"a":{"deep":[1]}}\n[1,"淮"]\n'
        if suffix == "ndjson"
        else json.dumps({"type": "FeatureCollection", "features": [good, [1, "淮"]]}),
        encoding="utf-8",
    )
    table = read_table(path)
    mending = tmp_path / f"m.{suffix}"
    faults = [Rejection(1, "a", "", "must", ""), *table.faults]
    assert write_mending(mending, table, faults) == 2
    text = mending.read_text(encoding="utf-8")
    if suffix == "ndjson":
        records = [json.loads(line) for line in text.splitlines()]
    else:
        features = json.loads(text)["features"]
        records = [feature["properties"] for feature in features]
        assert features[0]["id"] == 7
    assert records[0]["a"] == {"deep": [1]}
    assert records[1]["原文"] == '[1,"淮"]'
    assert [record["原行号"] for record in records] == [1, 2]
    assert len(read_table(mending).row) == 2


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nothing_is_written_where_nothing_is_wrong_or_something_stands(tmp_path, suffix):
    path = save(tmp_path / f"list.{suffix}")
    table = read_table(path)
    mending = tmp_path / f"m.{suffix}"
    assert write_mending(mending, table, []) == 0
    assert not mending.exists()
    fault = [Rejection(2, "a", "", "must", "")]
    with pytest.raises(FileError, match="Someone may have worked on it"):
        write_mending(path, table, fault)
    with pytest.raises(FileError, match="in the format that they came in"):
        write_mending(tmp_path / "m.txt", table, fault)
    if suffix not in {"csv", "xlsx"}:
        path.write_bytes(path.read_bytes()[:0])
    with pytest.raises(FileError):
        write_mending(mending, table, [Rejection(99, "a", "", "must", "")])
    assert sorted(one.name for one in tmp_path.iterdir()) == [path.name]


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8) | st.text(
    "'=+-@\t\r\n_x00D41;\",", max_size=9
)
LISTS = st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=12)


def rows_of(lists):
    columns = {"编号": [f"n{at}" for at in range(len(lists))]}
    columns |= {"a": [one for one, _ in lists], "b": [two for _, two in lists]}
    table = pa.table(columns)
    return Rows(table.schema, table.to_batches())


@given(lists=LISTS, encoding=st.sampled_from(["utf-8", "gb18030"]), bom=st.booleans())
def test_any_text_survives_csv(tmp_path_factory, lists, encoding, bom):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    write_csv(path, rows_of(lists), for_people=bom, encoding=encoding)
    back = read_table(path).columns
    assert list(zip(*(back.column(name).to_pylist() for name in "ab"), strict=True)) == lists
    text = path.read_bytes().decode("utf-8-sig" if encoding == "utf-8" else encoding)
    for record in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell.startswith(("=", "@", "\t", "\r")) for cell in record)


@given(lists=LISTS)
def test_any_text_survives_xlsx(tmp_path_factory, lists):
    path = tmp_path_factory.mktemp("xlsx") / "t.xlsx"
    write_xlsx(path, rows_of(lists), title="t")
    table = read_table(path)
    assert table.faults == ()
    back = table.columns
    assert list(zip(*(back.column(name).to_pylist() for name in "ab"), strict=True)) == lists
    for record in openpyxl.load_workbook(path).active.iter_rows():
        for cell in record:
            assert cell.data_type in {"s", "n"}  # no formula; an empty cell is `n`
            assert cell.value is None or not cell.value.startswith(("=", "@", "\t", "_x000D_"))


def test_a_text_longer_than_a_cell_is_refused_not_cut(tmp_path):
    rows = rows_of([("x" * 32_767, "")])
    write_xlsx(tmp_path / "t.xlsx", rows, title="t")
    assert len(read_table(tmp_path / "t.xlsx").columns.column("a")[0].as_py()) == 32_767
    with pytest.raises(FileError, match="at most 32,767 characters"):
        write_xlsx(tmp_path / "u.xlsx", rows_of([("x" * 32_768, "")]), title="t")
    assert not (tmp_path / "u.xlsx").exists()


def test_a_parquet_without_shapes_is_mended_as_such(tmp_path):
    path = tmp_path / "list.parquet"
    pq.write_table(pa.table({"编号": ["a", "b"], "n": [1, 2]}), path)
    write_mending(tmp_path / "m.parquet", read_table(path), [Rejection(2, "n", "2", "must", "")])
    assert read_table(tmp_path / "m.parquet").columns.to_pylist() == [
        {
            "编号": "b",
            "n": 2,
            "错误字段": "n",
            "错误值": "2",
            "规则": "must",
            "处理建议": "",
            "提示": "",
            "原行号": 2,
        }
    ]
