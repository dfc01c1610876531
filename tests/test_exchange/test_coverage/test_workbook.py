"""The workbook as a person opens it: what stands at the top, headers, formats, sheets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from shapely import box

import geo_match as gm
from geo_match.coverage.what_if.what_if import WhatIf
from geo_match.errors import FileError
from geo_match.exchange.coverage import Content, content_of, write_coverage, write_files
from geo_match.exchange.coverage.workbook import _titles

COMMUNITIES = [
    {"code": "340302001001", "name": "东风社区", "area": box(117.3, 32.9, 117.4, 33.0).wkt},
    {"code": "340302001002", "name": "-西", "area": None},
]
PEOPLE = [
    {"id": f"H{n}", "lon": 117.37, "lat": 32.93, "weight": w, "hukou": "urban"}
    for n, w in enumerate([20.5, 11.0])
]


@pytest.fixture
def report():
    """Cover a small town of fractional weights."""
    supply = [{"id": "J1", "lon": 117.38, "lat": 32.92, "vacancies": 2_000}]
    return gm.Coverage(supply, COMMUNITIES, gm.CoverageOptions(at_least=1)).of(PEOPLE)


def book_of(report, path, **options):
    write_coverage(report, path, **options)
    return openpyxl.load_workbook(path)


def test_the_first_sheet_says_what_the_figures_are_and_mean(report, tmp_path):
    book = book_of(report, tmp_path / "o.xlsx", by=("community",), date="2025-12-31")
    sheet = book["说明 about"]
    assert book.sheetnames == ["说明 about", "社区 community"]
    assert sheet["A1"].value == "内部资料 internal"
    assert sheet["A1"].font.bold
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["release", "internal", None, None, None] in rows
    assert ["数据日期 date", "2025-12-31", None, None, None] in rows
    assert ["半径", "3,000米", None, None, None] in rows
    assert ["社区 community", "3", None, None, None] in rows
    described = [row[0] for row in rows[rows.index(_head(rows)) + 1 :]]
    headers = [cell.value for cell in book["社区 community"][1]]
    assert described == [header.split("\n")[1] for header in headers]
    assert book.properties.category == "内部资料 internal"
    assert book["社区 community"].oddHeader.center.text == "内部资料 internal"


def _head(rows):
    return next(row for row in rows if row[0] == "列 column")


def test_a_published_workbook_says_so_at_the_top(tmp_path):
    people = [{**one, "weight": 20} for one in PEOPLE]
    supply = [{"id": "J1", "lon": 117.38, "lat": 32.92}]
    published = gm.publish(gm.Coverage(supply, COMMUNITIES).of(people), key=b"0123456789abcdef")
    book = book_of(published, tmp_path / "o.xlsx")
    texts = [cell.value for row in book["说明 about"].iter_rows() for cell in row]
    assert texts[0] == "可公开 published"
    assert "内部资料 internal" not in texts
    assert "空白：数字已隐去（也可能为0），或没有数据。" in texts
    assert "合计 all" in book.sheetnames


def test_headers_are_chinese_and_english_frozen_and_filtered(report, tmp_path):
    sheet = book_of(report, tmp_path / "o.xlsx")["社区 community"]
    headers = [cell.value for cell in sheet[1]]
    assert headers[:3] == ["类别\nkind", "代码\ncode", "名称\nname"]
    assert "可达占比\nreached_share" in headers
    assert sheet.freeze_panes == "D2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, len(headers)).column_letter}4"


def test_numbers_are_numbers_in_the_format_of_their_kind(report, tmp_path):
    sheet = book_of(report, tmp_path / "o.xlsx")["社区 community"]
    at = {cell.value.split("\n")[1]: cell.column for cell in sheet[1]}
    formats = {name: sheet.cell(2, column).number_format for name, column in at.items()}
    assert formats["code"] == "@"
    assert sheet.cell(2, at["code"]).value == "340302001001"
    assert sheet.cell(3, at["name"]).value == "'-西"
    assert (sheet.cell(2, at["people"]).value, formats["people"]) == (31.5, "#,##0.###")
    assert (sheet.cell(2, at["reached_share"]).value, formats["reached_share"]) == (1, "0.0%")
    assert formats["distance_median_m"] == "#,##0"
    assert formats["gini"] == "0.000"
    assert sheet.cell(2, at["has_area"]).value is True
    assert sheet.cell(3, at["reached_share"]).value is None


def test_a_level_by_a_column_has_its_sheet_and_the_columns_own_header(report, tmp_path):
    book = book_of(report, tmp_path / "o.xlsx", by=("community by hukou",))
    sheet = book["社区 community by hukou"]
    assert [cell.value for cell in sheet[1]][3] == "hukou"
    assert [row[3].value for row in sheet.iter_rows(min_row=2)] == ["urban"] * 3


def test_titles_of_sheets_are_as_excel_wants_them_and_all_different():
    names = ["a/b:c*d?[e]\\f", "x" * 40, "x" * 41, "说明 About", "X" * 31, "'", "community"]
    titles = _titles(names)
    assert list(titles) == names
    assert titles["a/b:c*d?[e]\\f"] == "a_b_c_d__e__f"
    assert titles["x" * 41] == "x" * 29 + " 2"
    assert titles["说明 About"] == "说明 About 2"
    assert titles["'"] == "_"
    assert titles["community"] == "社区 community"
    lowered = {one.casefold() for one in titles.values()}
    assert len(lowered) == len(names)
    assert max(map(len, titles.values())) <= 31


def test_a_text_too_long_for_a_cell_is_named_and_leaves_nothing(tmp_path):
    communities = [{"code": "340302001001", "name": "长" * 40_000, "area": None}]
    report = gm.Coverage([], communities).of([])
    with pytest.raises(FileError, match=r"o\.xlsx` must have texts of at most 32,767"):
        write_coverage(report, tmp_path / "o.xlsx")
    assert list(Path(tmp_path).iterdir()) == []


def test_ranked_places_have_a_chinese_sheet_and_headers_and_degrees_of_six_digits(tmp_path):
    ranked = pd.DataFrame(
        {
            "id": ["N1"],
            "lon": [117.3612345],
            "lat": [32.9],
            "rank": pd.array([1], dtype="Int64"),
            "added": [3],
            "release": ["internal"],
        }
    )
    content = Content(
        release="internal",
        language="zh",
        date="",
        tables={"rank": ranked},
        totals={},
        asked=(),
        gap_areas=None,
        supply=None,
        plan={},
    )
    write_files(content, tmp_path / "o.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx")["备选地点排序 rank"]
    assert [cell.value.split("\n")[0] for cell in sheet[1]] == [
        *("编号", "经度", "纬度", "名次", "依次新增可达", "使用范围"),
    ]
    assert sheet["B2"].number_format == "0.000000"
    assert sheet["B2"].value == 117.3612345


def test_a_change_has_chinese_headers(report, tmp_path):
    change = WhatIf(report).change(close=["J1"])
    content = replace(content_of(report), tables={"community": change.by("community")}, supply=None)
    write_files(content, tmp_path / "o.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "o.xlsx")["社区 community"]
    headers = [cell.value for cell in sheet[1]]
    assert "可达（增减）\nreached_change" in headers
    assert [one for one in headers if "\n" not in one] == []
