"""Where a row stands in its file: what a spreadsheet and an editor number it."""

from __future__ import annotations

import csv
import io

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.intake.readers.files import read_table

cells = st.text('甲\n\r", ', max_size=4).map(lambda text: text.replace("\r", "\r\n"))


def rows_of(table):
    return sorted({*table.row.tolist(), *(fault.row for fault in table.faults)})


def oracle(text, n_columns):
    """Return for each record that is not blank the line on which it begins, by `csv` alone."""
    records = csv.reader(io.StringIO(text, newline=""))
    next(records)
    begins, found = records.line_num + 1, {}
    for number, record in enumerate(records, start=1):
        ragged = len(record) != n_columns
        if any(cell.strip() for cell in record) or (ragged and len(record) > 1):
            found[number] = begins
        begins = records.line_num + 1
    return found


@given(
    header=st.sampled_from(["编号", "编\n号"]),
    rows=st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=8),
    end=st.sampled_from(["\n", "\r\n"]),
    closed=st.booleans(),
)
def test_a_row_of_a_csv_stands_where_its_first_line_does(
    tmp_path_factory, header, rows, end, closed
):
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator=end)
    writer.writerows([[header, "备注", "乙"], *rows, ["末", "", ""]])
    text = stream.getvalue()
    path = tmp_path_factory.mktemp("lists") / "list.csv"
    path.write_bytes((text if closed else text.removesuffix(end)).encode())
    table = read_table(path)
    expected = oracle(text, 3)
    assert {row: table.line_of(row) for row in rows_of(table)} == expected


def test_a_file_of_carriage_returns_has_a_line_a_row(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes("编号,备注\rA,甲\rB,乙\r".encode())
    table = read_table(path)
    assert [table.line_of(row) for row in table.row.tolist()] == [2, 3]


def test_a_row_of_a_sheet_has_the_sheets_own_number(tmp_path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for number, text in ((1, "编号"), (2, "A"), (5, "B\nC"), (9, "D")):
        sheet.cell(number, 1, text)
    path = tmp_path / "list.xlsx"
    workbook.save(path)
    table = read_table(path)
    assert [table.line_of(row) for row in table.row.tolist()] == [2, 5, 9]


def test_an_object_of_ndjson_stands_on_its_line(tmp_path):
    path = tmp_path / "list.ndjson"
    path.write_text('{"id": "A"}\n\n{"id": "B"}\n', encoding="utf-8")
    table = read_table(path)
    lines = path.read_text(encoding="utf-8").split("\n")
    assert ['"A"' in lines[table.line_of(1) - 1], '"B"' in lines[table.line_of(3) - 1]] == [
        True
    ] * 2


def test_a_feature_has_no_line(tmp_path):
    path = tmp_path / "list.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": "A"},'
        ' "geometry": {"type": "Point", "coordinates": [117.3, 32.9]}}]}',
        encoding="utf-8",
    )
    assert read_table(path).line_of(1) is None


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_lines_are_plain_numbers(tmp_path, name):
    path = tmp_path / name
    if name.endswith("csv"):
        path.write_text('编号,备注\nA,"甲\n乙"\nB,丙\n', encoding="utf-8")
    else:
        workbook = openpyxl.Workbook()
        for row in (["编号", "备注"], ["A", "甲\n乙"], ["B", "丙"]):
            workbook.active.append(row)
        workbook.save(path)
    table = read_table(path)
    assert [type(table.line_of(row)) for row in np.asarray(table.row).tolist()] == [int, int]
    assert table.line_of(2) == (4 if name.endswith("csv") else 3)
