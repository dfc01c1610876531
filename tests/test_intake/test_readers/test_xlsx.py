"""XLSX as openpyxl and LibreOffice write it: every cell is the text that a CSV would have."""

from __future__ import annotations

import csv
import datetime as dt
import subprocess

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904, to_excel
from system_parts import LIBREOFFICE, libreoffice_program

from geo_match.errors import ColumnError, FileError
from geo_match.intake import read_places
from geo_match.intake.readers import xlsx
from geo_match.intake.readers.files import read_table

KIND = "Text - txt - csv (StarCalc)"
HEADER = ["编号", "经度", "纬度"]


def book(tmp_path, rows, name="list.xlsx", change=lambda _: None):
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    change(workbook)
    path = tmp_path / name
    workbook.save(path)
    return path


def column(table, name):
    return table.columns.column(name).to_pylist()


def test_places_are_read_from_a_workbook(tmp_path):
    read = read_places(book(tmp_path, [HEADER, ["甲", 117.36, 32.93], [7, "117.4", 33]]))
    assert read.places.id.tolist() == ["甲", "7"]
    assert read.places.lon.tolist() == [117.36, 117.4]
    assert (read.n_read, read.rejections, read.warnings) == (2, (), ())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (-0.5, "-0.5"),
        (117.3599999999, "117.3599999999"),
        (340302001001, "340302001001"),
        (999_999_999_999_999, "999999999999999"),
        ("007", "007"),
        (True, "TRUE"),
        (False, "FALSE"),
        (dt.date(2025, 3, 1), "2025-03-01"),
        (dt.datetime(2025, 3, 1, 8, 30), "2025-03-01T08:30:00"),  # noqa: DTZ001 - days here have no zone
        (dt.date(1900, 1, 1), "1900-01-01"),
        (dt.date(1900, 2, 28), "1900-02-28"),
        (dt.date(1900, 3, 1), "1900-03-01"),
        (dt.date(9999, 12, 31), "9999-12-31"),
        (dt.time(8, 30), "08:30:00"),
        (dt.timedelta(hours=36, minutes=5), "36:05:00"),
        (" 岗位\n二 ", " 岗位\n二 "),
        ("'t is", "'t is"),
        ("_x0041_ &lt;", "A &lt;"),  # as Excel itself reads it
    ],
)
def test_a_cell_is_the_text_that_a_person_sees(tmp_path, value, text):
    table = read_table(book(tmp_path, [["a", "b"], [value, "x"]]))
    assert column(table, "a") == [text]
    assert table.faults == ()


@given(
    days=st.lists(st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(9999, 12, 31)), min_size=1),  # noqa: DTZ001 - days here have no zone
    mac=st.booleans(),
)
def test_every_day_comes_back_from_its_number(tmp_path_factory, days, mac):
    days = [max(day.replace(microsecond=0), dt.datetime(1904, 1, 2)) for day in days]  # noqa: DTZ001 - days here have no zone

    def change(workbook):
        workbook.epoch = CALENDAR_MAC_1904 if mac else workbook.epoch

    path = tmp_path_factory.mktemp("days")
    rows = [["a", "b"], *([to_excel(day, CALENDAR_MAC_1904) if mac else day, 1] for day in days)]
    workbook = openpyxl.Workbook()
    change(workbook)
    for row in rows:
        workbook.active.append(row)
    for cell in workbook.active["A"][1:]:
        cell.number_format = "yyyy/m/d h:mm"
    workbook.save(path / "days.xlsx")
    expected = [day.isoformat().removesuffix("T00:00:00") for day in days]
    assert column(read_table(path / "days.xlsx"), "a") == expected


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ('yyyy"年"m"月"d"日"', "2025-03-01"),
        ("[$-804]yyyy-mm-dd;@", "2025-03-01"),
        ("[Red]0.0", "45717"),
        ('0"d"', "45717"),
        (r"0\m", "45717"),
        ("General", "45717"),
        ('#,##0"元/月"', "45717"),
    ],
)
def test_only_formats_of_days_make_days(tmp_path, code, text):
    def change(workbook):
        workbook.active["A2"].number_format = code

    path = book(tmp_path, [["a", "b"], [45717, 1]], change=change)
    assert column(read_table(path), "a") == [text]


VALUE = st.one_of(
    st.none(),
    st.integers(-(10**14), 10**14),
    st.floats(-1e14, 1e14).map(lambda value: float(f"{value:.12g}")),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=6).filter(
        lambda text: (
            not text.startswith(("=", "'"))
            and "_x" not in text
            and not set(text) & {"\ufffe", "\uffff"}
        )
    ),
)


@given(rows=st.lists(st.lists(VALUE, min_size=3, max_size=3), min_size=1, max_size=8))
def test_cells_are_what_openpyxl_reads(tmp_path_factory, rows):
    path = book(tmp_path_factory.mktemp("any"), [["a", "b", "c"], *rows])
    sheet = openpyxl.load_workbook(path, data_only=True).active
    expected = []
    for record in sheet.iter_rows(min_row=2, values_only=True):
        texts = ["" if cell is None else cell for cell in record]
        texts = [
            str(int(cell)) if isinstance(cell, float) and cell == int(cell) else cell
            for cell in texts
        ]
        if any(str(cell).strip() for cell in texts):
            expected.append([cell if isinstance(cell, str) else repr(cell) for cell in texts])
    if not expected:
        with pytest.raises(FileError, match="headers only"):
            read_table(path)
        return
    table = read_table(path)
    assert [list(record.values()) for record in table.columns.to_pylist()] == expected
    assert table.faults == ()


def test_libreoffices_workbook_says_what_its_csv_says(tmp_path):
    program = libreoffice_program()
    if program is None:
        pytest.skip(f"no {LIBREOFFICE.name}. Remedy: {LIBREOFFICE.remedy}")
    rows = [
        ["编号", "日期", "工资", "公式", "说明"],
        ["007", "2025-03-01", "3500.5", "=1+1", "淮河 &<路>"],
        ["甲", "", "1000.25", '=IF(1>0,"","x")', '引"号"'],
        ["", "", "", "", ""],
        ["乙", "1999-12-31", "-4", '="a"&"b"', "行\n二"],
    ]
    source = tmp_path / "list.csv"
    with source.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    for kind in ("xlsx", "csv"):
        # The filter's tokens: comma, double quote, UTF-8, first line, formats of the columns.
        subprocess.run(  # noqa: S603 - the program found, fixed words and a temporary folder
            [
                program,
                f"-env:UserInstallation=file://{tmp_path}/profile",
                "--headless",
                f"--infilter={KIND}:44,34,76,1,1/2/2/5/3/1/4/1/5/2,0,false,true,false,true",
                "--convert-to",
                "xlsx" if kind == "xlsx" else f"csv:{KIND}:44,34,76",
                "--outdir",
                tmp_path / kind,
                source,
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
    table = read_table(tmp_path / "xlsx" / "list.xlsx")
    with (tmp_path / "csv" / "list.csv").open(encoding="utf-8", newline="") as stream:
        header, *expected = list(csv.reader(stream))
    assert table.columns.column_names == header
    records = [list(record.values()) for record in table.columns.to_pylist()]
    assert records == [record for record in expected if any(record)]
    assert [record[0] for record in records] == ["007", "甲", "乙"]
    assert [record[3] for record in records] == ["2", "", "ab"]
    assert table.row.tolist() == [1, 2, 4]
    assert table.warnings == ("passed over 1 blank row",)


def test_a_formula_that_was_never_worked_out_rejects_its_row(tmp_path):
    table = read_table(book(tmp_path, [["a", "b"], [1, "=1+1"], [2, 3]]))
    (fault,) = table.faults
    assert (fault.row, fault.field, fault.value) == (1, "b", "=1+1")
    assert "never worked out" in fault.rule
    assert table.row.tolist() == [2]
    assert table.broken == {1: ("1", "=1+1")}


@pytest.mark.parametrize(
    ("value", "rule"),
    [("#N/A", "the error of a formula"), (10**15, "15 digits"), (-1e300, "15 digits")],
)
def test_a_cell_without_a_value_to_trust_rejects_its_row(tmp_path, value, rule):
    table = read_table(book(tmp_path, [["a", "b"], [1, value], [2, 3]]))
    (fault,) = table.faults
    assert (fault.row, fault.field) == (1, "b")
    assert rule in fault.rule
    assert table.row.tolist() == [2]


def test_a_cell_beyond_the_headers_rejects_its_row(tmp_path):
    table = read_table(book(tmp_path, [["a", "b"], [1, 2, None, "x"], [3, 4, " "]]))
    (fault,) = table.faults
    assert (fault.row, fault.field, fault.value) == (1, "column 4", "x")
    assert table.broken[1] == ("1", "2", "", "x")
    assert table.row.tolist() == [2]


def test_a_blank_beyond_the_headers_moves_no_cell(tmp_path):
    table = read_table(book(tmp_path, [["a", "b", "c"], [1, None, 3, " "], [4, 5, 6]]))
    rows = table.columns.to_pylist()
    assert rows == [{"a": "1", "b": "", "c": "3"}, {"a": "4", "b": "5", "c": "6"}]
    assert table.faults == ()


def test_merged_headers_are_refused_with_advice(tmp_path):
    path = book(
        tmp_path, [["登记表", None], ["a", "b"]], change=lambda w: w.active.merge_cells("A1:B1")
    )
    with pytest.raises(FileError, match=r"headers merged in A1:B1\. Unmerge it"):
        read_table(path)


def test_rows_with_merged_cells_are_rejected_once_each(tmp_path):
    rows = [["社区", "b"], ["x", 1], [None, 2], ["y", 3], [None, 4], ["z", 5]]

    def change(workbook):
        workbook.active.merge_cells("A2:A3")
        workbook.active.merge_cells("A4:B4")

    table = read_table(book(tmp_path, rows, change=change))
    assert [(fault.row, fault.value) for fault in table.faults] == [
        (1, "A2:A3"),
        (2, "A2:A3"),
        (3, "A4:B4"),
    ]
    assert table.row.tolist() == [4, 5]
    assert table.broken[1] == ("x", "1")


def test_a_title_above_the_headers_is_told_as_such(tmp_path):
    with pytest.raises(FileError, match="only '登记表' above a row of 3 cells"):
        read_table(book(tmp_path, [["登记表"], HEADER, ["A", 1, 2]]))
    with pytest.raises(FileError, match="nothing above row 3"):
        read_table(book(tmp_path, [[], [], HEADER, ["A", 1, 2]]))


def test_the_first_visible_sheet_with_rows_is_read_and_others_are_told(tmp_path):
    def change(workbook):
        for name, rows in {
            "隐藏": [["x"]],
            "隐藏而空": [],
            "名单": [["a", "b"], ["A", 1]],
            "空": [],
            "其他": [["c"], [2]],
        }.items():
            sheet = workbook.create_sheet(name)
            for row in rows:
                sheet.append(row)
        workbook["隐藏"].sheet_state = "hidden"
        workbook["隐藏而空"].sheet_state = "veryHidden"

    table = read_table(book(tmp_path, [["headers", "only"]], change=change))
    assert table.columns.column_names == ["a", "b"]
    assert table.warnings == (
        "read the sheet '名单' only; there are rows in 'Sheet', '其他', '隐藏' (hidden) too",
    )


def test_a_lone_sheet_needs_no_word_and_a_sheets_name_shows_no_id_card_number(tmp_path):
    def change(workbook):
        workbook.create_sheet("11010519491231002X").append(["甲"])
        workbook["11010519491231002X"].sheet_state = "veryHidden"

    rows = [["a", "b"], ["A", 1]]
    assert read_table(book(tmp_path, rows)).warnings == ()
    (warning,) = read_table(book(tmp_path, rows, change=change)).warnings
    assert "'**************002X' (hidden)" in warning


def test_headers_only_repeated_or_missing_are_named(tmp_path):
    with pytest.raises(FileError, match="headers only"):
        read_table(book(tmp_path, [HEADER]))
    with pytest.raises(FileError, match="headers only"):
        read_table(book(tmp_path, []))
    with pytest.raises(ColumnError, match=r"repeated headers: 经度\."):
        read_table(book(tmp_path, [["经度", "经度 "], [1, 2]]))
    with pytest.raises(ColumnError, match=r"repeated headers: \*{14}002X\."):
        read_table(book(tmp_path, [["11010519491231002X"] * 2, [1, 2]]))
    with pytest.raises(FileError, match="never worked out"):
        read_table(book(tmp_path, [["a", "=1+1"], [1, 2]]))
    table = read_table(book(tmp_path, [["a", None, "c"], [1, 2, 3]]))
    assert table.columns.column_names == ["a", "column 2", "c"]


def test_a_hundred_columns_come_whole_out_of_the_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx, "_BLOCK_ROWS", 7)
    names = [f"列{number}" for number in range(100)]
    rows = [[f"{row}-{number}" for number in range(100)] for row in range(30)]
    table = read_table(book(tmp_path, [names, *rows]))
    assert table.columns.column_names == names
    assert [list(record.values()) for record in table.columns.to_pylist()] == rows
