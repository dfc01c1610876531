"""Totals, notes under a list and repeated headers are no records; no record is taken for one."""

from __future__ import annotations

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.intake.lists.records_file import read_records

HEADERS = ["序号", "家庭编号", "户主姓名", "人口数", "街道", "地址", "社区名称"]
GOOD = ["1", "H1", "张甲", "3", "东风街道", "胜利路1号", "东风社区"]
TOTAL = "must be a record, not a total"
NOTE = "must be a record, not a note under the list"
AGAIN = "must be a record, not the headers once more"


def read(folder, *rows, name="list.csv", headers=HEADERS):
    path = folder / name
    lines = [headers, GOOD[: len(headers)], *rows]
    if path.suffix == ".csv":
        text = "\n".join(",".join(row) for row in lines) + "\n"
        path.write_text(text, encoding="utf-8")
    else:
        workbook = openpyxl.Workbook()
        for row in lines:
            workbook.active.append(row)
        workbook.save(path)
    return read_records(path, "households")


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
@pytest.mark.parametrize(
    ("row", "field"),
    [
        (["", "合计", "", "120", "", "", ""], "家庭编号"),
        (["合计", "", "", "120", "", "", ""], "序号"),
        (["", "合 计：", "", "120人", "", "", ""], "家庭编号"),
        (["", "", "总计", "1200", "", "—", ""], "户主姓名"),
        (["", "共计120户", "", "", "", "", ""], "家庭编号"),
        (["", "东风街道小计", "", "36.0", "", "", ""], "家庭编号"),
        (["", "", "小计", "36", "东风街道", "", "东风社区"], "户主姓名"),
        (["2", "", "本页合计", "36", "", "", ""], "户主姓名"),
        (["", "Total", "", "36", "", "", ""], "家庭编号"),
        (["", "/", "累计", "36", "", "", ""], "户主姓名"),
        (["合计", "4户", "", "12", "", "", ""], "序号"),
        (["总 计", "4", "", "12", "东风街道", "", ""], "序号"),
        (["", "共6户", "", "", "", "", ""], "家庭编号"),
        (["共6户，12人", "", "", "", "", "", ""], "序号"),
    ],
)
def test_a_total_is_rejected_as_what_it_is_and_for_nothing_else(tmp_path, row, field, name):
    found = read(tmp_path, row, name=name)
    assert [(one.row, one.field, one.rule) for one in found.rejections] == [(2, field, TOTAL)]
    assert (found.n_read, found.row.tolist(), found.n_rejected) == (2, [1], 1)
    assert "Remove the row" in found.rejections[0].remedy


@pytest.mark.parametrize(
    "row",
    [
        ["制表人：王乙", "", "", "", "", "", ""],
        ["", "制表人：王乙", "", "审核人：李丙", "", "填表日期：2025年1月1日", ""],
        ["", "制表人：", "王乙", "审核人：", "李丙", "", ""],
        ["", "填报单位（盖章）：东风社区", "", "", "", "", ""],
        ["", "注：本表一式两份。", "", "", "", "", ""],
        ["", "注1、人口数含户主", "", "", "", "", ""],
        ["", "说明: 数据截至12月", "", "", "", "", ""],
        ["", "以上数据由街道提供", "", "", "", "", ""],
        ["", "（以下空白）", "", "", "", "", ""],
        ["", "以下空白", "—", "", "", "", ""],
        ["——以下空白——", "", "", "", "", "", ""],
    ],
)
def test_a_note_under_a_list_is_rejected_as_what_it_is(tmp_path, row):
    found = read(tmp_path, row)
    assert [(one.row, one.rule) for one in found.rejections] == [(2, NOTE)]
    assert (found.n_read, found.row.tolist()) == (2, [1])


def test_headers_once_more_among_the_rows_are_no_record(tmp_path):
    found = read(tmp_path, HEADERS)
    assert [(one.row, one.rule) for one in found.rejections] == [(2, AGAIN)]


@pytest.mark.parametrize(
    "row",
    [
        ["2", "H2", "合计", "", "", "", ""],
        ["合计", "H2", "", "3", "", "", ""],
        ["合计", "4", "张丁", "3", "", "", ""],
        ["共6户", "H2", "", "3", "", "", ""],
        ["2", "以下村-1", "", "3", "", "", ""],
        ["2", "共和路3", "张丁", "3", "", "", ""],
        ["2", "H2", "合计", "3", "", "", ""],
        ["2", "合计", "张丁", "3", "", "胜利路2号", ""],
        ["2", "合计划-1", "", "3", "", "", ""],
        ["2", "H2", "总计", "3", "东风街道", "制表人：巷2号", "说明：村"],
        ["2", "说明:1", "张丁", "3", "", "", ""],
        ["2", "gypsum", "", "3", "", "", ""],
        ["制表人：", "H2", "", "", "", "", ""],
        ["2", "家庭编号", "张丁", "3", "", "", ""],
        ["2", "表中路-12", "", "3", "", "", ""],
    ],
)
def test_a_record_is_kept_whatever_its_name_or_id(tmp_path, row):
    found = read(tmp_path, row)
    assert list(found.rejections) == []
    assert found.row.tolist() == [1, 2]


def test_a_shop_called_total_with_an_id_and_a_name_stays(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(
        "序号,单位编号,单位名称,岗位数\n1,E1,合计便利店,\n合计,7,合计,3\n合计,8家,,3\n",
        encoding="utf-8",
    )
    found = read_records(path, "employers")
    assert found.row.tolist() == [1, 2]
    assert [(one.row, one.rule) for one in found.rejections] == [(3, TOTAL)]


def test_a_place_makes_a_record_of_a_row_called_total(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("编号,经度,纬度\n合计,117.36,32.93\n总计,,\n", encoding="utf-8")
    found = read_records(path, "households", datum="wgs84")
    assert found.row.tolist() == [1]
    assert [(one.row, one.rule) for one in found.rejections] == [(2, TOTAL)]


def test_a_total_over_merged_cells_is_told_as_a_total(tmp_path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in (HEADERS, GOOD, ["合计", "", "", "=SUM(D2:D2)"]):
        sheet.append(row)
    sheet.merge_cells("A3:C3")
    path = tmp_path / "list.xlsx"
    workbook.save(path)
    found = read_records(path, "households")
    assert [(one.row, one.value, one.rule) for one in found.rejections] == [(2, "合计", TOTAL)]


@pytest.mark.parametrize(("line", "rule"), [("制表人：王乙", NOTE), ("合计,,120", TOTAL)])
def test_a_line_of_too_few_cells_under_a_list_is_told_as_what_it_is(tmp_path, line, rule):
    found = read(tmp_path, [line])
    assert [(one.row, one.rule) for one in found.rejections] == [(2, rule)]
    assert found.n_read == 2


def test_what_was_to_be_mended_is_no_part_of_a_total(tmp_path):
    headers = [*HEADERS, "错误字段", "错误值", "规则", "处理建议", "原行号"]
    row = ["", "合计", "", "120", "", "", "", "家庭编号", "合计", TOTAL, "Remove the row", "7"]
    found = read(tmp_path, row, headers=headers[:7])
    assert found.n_read == 2
    path = tmp_path / "mended.csv"
    path.write_text(",".join(headers) + "\n" + ",".join(row) + "\n", encoding="utf-8")
    found = read_records(path, "households")
    assert [one.rule for one in found.rejections] == [TOTAL]


words = st.sampled_from(
    ["", "合计", "小计：", "120", "张三", "注：", "制表人：甲", "家庭编号", "H9", "—"]
)


@given(rows=st.lists(st.lists(words, min_size=7, max_size=7), max_size=6))
def test_every_row_is_still_counted_once(tmp_path_factory, rows):
    found = read(tmp_path_factory.mktemp("lists"), *rows)
    blank = sum(not any(row) for row in rows)
    rejected = {one.row for one in found.rejections}
    assert found.n_read == 1 + len(rows) - blank
    became = [*found.row.tolist(), *found.duplicates.tolist(), *found.stale.tolist(), *rejected]
    assert sorted(became) == sorted(set(became))
    assert len(became) == found.n_read
    for number, row in enumerate(rows, start=2):
        # With an id that is neither a word for a total nor a label, a row is never taken for one.
        if row[1] in {"张三", "H9"} and any(row):
            rules = {one.rule for one in found.rejections if one.row == number}
            assert rules.isdisjoint({TOTAL, NOTE, AGAIN})
