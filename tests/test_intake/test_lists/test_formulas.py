"""Formulas that were never worked out keep a row out only where its column is used."""

from __future__ import annotations

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from geo_match.intake.lists.records_file import read_records

HEADERS = ["序号", "家庭编号", "人口数", "合计栏"]


def read(folder, rows, *, merged=()):
    workbook = openpyxl.Workbook()
    for row in (HEADERS, *rows):
        workbook.active.append(row)
    for cells in merged:
        workbook.active.merge_cells(cells)
    path = folder / "list.xlsx"
    workbook.save(path)
    return read_records(path, "households")


def test_formulas_in_unused_columns_are_passed_over_with_one_warning(tmp_path):
    rows = [["=ROW()-1", "H1", 3, "=C2"], [2, "H2", 4, None], ["=ROW()-1", "H3", "=1+1", None]]
    found = read(tmp_path, rows)
    assert found.row.tolist() == [1, 2]
    assert found.records["id"].to_pylist() == ["H1", "H2"]
    faults = [(one.row, one.field) for one in found.rejections]
    assert faults == [(3, "序号"), (3, "人口数")]
    told = [one for one in found.warnings if "formulas" in one]
    told_once = "formulas that were never worked out were passed over, since their columns are not "
    assert told == [f"{told_once}used: 序号, 合计栏"]


def test_a_row_of_such_formulas_alone_is_blank_and_a_total_is_told_as_one(tmp_path):
    rows = [["=ROW()-1", "H1", 3], ["=ROW()-1", None, None], ["=ROW()-1", "合计", 3]]
    found = read(tmp_path, rows)
    assert (found.n_read, found.row.tolist()) == (2, [1])
    assert [(one.row, one.rule) for one in found.rejections] == [
        (3, "must be a record, not a total")
    ]


def test_a_merged_cell_beside_such_a_formula_rejects_its_row_still(tmp_path):
    found = read(tmp_path, [["=ROW()-1", "H1", 3], ["=ROW()-1", "H2", 3]], merged=["C2:C3"])
    assert found.row.tolist() == []
    assert {one.row for one in found.rejections} == {1, 2}


cells = st.sampled_from([None, "=1+1", "H1", "H2", 3])


@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=6))
def test_a_row_is_kept_out_for_formulas_in_used_columns_alone(tmp_path_factory, rows):
    found = read(tmp_path_factory.mktemp("lists"), [("x", "H0", 1), *rows])
    rejected = {one.row for one in found.rejections}
    became = [*found.row.tolist(), *found.duplicates.tolist(), *found.stale.tolist(), *rejected]
    filled = [
        at
        for at, row in enumerate(rows, 2)
        if any(one is not None and (place or one != "=1+1") for place, one in enumerate(row))
    ]
    assert sorted(became) == [1, *filled]
    assert all(at in rejected for at, row in enumerate(rows, 2) if "=1+1" in row[1:])
