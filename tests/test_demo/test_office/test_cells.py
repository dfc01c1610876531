"""Cells that were touched: every blank, wide digit and leading sign is labelled."""

from __future__ import annotations


def test_white_space_around_a_text_is_labelled(office, labelled):
    for file, cells in office.lists.items():
        for column in cells:
            touched = cells[column] != cells[column].str.strip()
            assert set(cells.index[touched]) == labelled(file, "stray_blank", column=column)


def test_digits_of_double_width_are_labelled(office, labelled):
    for file, cells in office.lists.items():
        for column in cells:
            wide = cells[column].str.contains("[０-９]", regex=True)
            assert set(cells.index[wide]) == labelled(file, "full_width_digits", column=column)


def test_what_a_spreadsheet_takes_for_a_formula_is_labelled(office, labelled):
    for file, cells in office.lists.items():
        for column in cells:
            sign = cells[column].str.contains(r"^\s*[=+\-@]", regex=True)
            found = set(cells.index[sign])
            assert found == labelled(file, "formula_text", "negative_wage", column=column)


def test_no_coordinate_has_blanks_or_wide_digits(office):
    touched = office.defects[office.defects["defect"].isin(["stray_blank", "full_width_digits"])]
    assert not touched["column"].isin(["经度", "纬度", "坐标系"]).any()
