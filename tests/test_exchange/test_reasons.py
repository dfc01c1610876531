"""What a file to be mended says of its rows: in which columns, and in which language."""

from __future__ import annotations

import json

import geopandas as gpd
import openpyxl
import pytest
import shapely

from geo_match.exchange import write_mending
from geo_match.intake import Rejection
from geo_match.intake.readers.files import read_table
from geo_match.intake.readers.table import MENDING_COLUMNS, columns_of_ours


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "ndjson", "geojson", "gpkg", "parquet"])
def test_a_list_keeps_its_own_columns_that_are_called_as_ours(tmp_path, suffix):
    path = tmp_path / f"list.{suffix}"
    own = {"编号": ["a", "b"], "规则": ["r1", "r2"], "提示": ["h1", "h2"]}
    match suffix:
        case "csv":
            path.write_text("编号,规则,提示\na,r1,h1\nb,r2,h2\n", encoding="utf-8")
        case "xlsx":
            workbook = openpyxl.Workbook()
            for row in (list(own), *zip(*own.values(), strict=True)):
                workbook.active.append(row)
            workbook.save(path)
        case "ndjson":
            records = [dict(zip(own, one, strict=True)) for one in zip(*own.values(), strict=True)]
            path.write_text("".join(json.dumps(one) + "\n" for one in records))
        case _:
            data = gpd.GeoDataFrame(own, geometry=[shapely.Point(1, 2)] * 2, crs=4326)
            data.to_parquet(path) if suffix == "parquet" else data.to_file(path)
    fault, note = (
        Rejection(2, "编号", "b", "must x", "X."),
        Rejection(2, "规则", "", "must n", "N."),
    )
    first = tmp_path / f"first.{suffix}"
    assert columns_of_ours(read_table(path).columns.column_names) == ()
    write_mending(first, read_table(path), [fault], [note])
    second = tmp_path / f"second.{suffix}"
    again = read_table(first)
    assert columns_of_ours(again.columns.column_names) == tuple(
        f"{name}（导入）" for name in MENDING_COLUMNS
    )
    write_mending(second, again, [Rejection(1, "编号", "b", "must y", "Y.")])
    for file, rule, said in ((first, "must x", "规则: must n. N."), (second, "must y", "")):
        (record,) = read_table(file).columns.to_pylist()
        assert (record["规则"], record["提示"]) == ("r2", "h2")
        assert (record["规则（导入）"], record["提示（导入）"]) == (rule, said)
        assert str(record["原行号（导入）"]) == "2"
        assert not {"错误值", "原行号"} & set(record)


def test_columns_called_as_ours_are_ours_only_beside_the_rows_numbers():
    assert columns_of_ours(["编号", "规则", "错误值"]) == ()
    assert columns_of_ours(["编号", *MENDING_COLUMNS]) == MENDING_COLUMNS
    assert columns_of_ours(["规则", "原行号"]) == ("规则", "原行号")


def test_reasons_are_told_in_chinese_and_unknown_ones_as_they_are(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("编号,纬度,备注\na,1,x\nb,999, x\n", encoding="utf-8")
    faults = [
        Rejection(2, "纬度", "999", "must be at most 90", "Look the figure up again."),
        Rejection(2, "geometry", "", "must be odd", "Make it odd."),
    ]
    notes = [
        Rejection(2, "备注", "x", "must have no white space around its text", "It was removed.")
    ]
    mending = tmp_path / "m.csv"
    write_mending(mending, read_table(path), faults, notes, language="zh")
    (record,) = read_table(mending).columns.select(MENDING_COLUMNS).to_pylist()
    assert record == {
        "错误字段": "纬度；几何图形",
        "错误值": "999；",
        "规则": "不得大于90；must be odd",
        "处理建议": "请重新核对该数字。；Make it odd.",
        "提示": "备注：文字前后不应有空格。已自动去除。",
        "原行号": "2",
    }
