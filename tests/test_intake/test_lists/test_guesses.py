"""What an unknown column may be is said with its reason, and nothing is read by it."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.intake.lists.mapping import propose
from geo_match.intake.readers.files import read_table
from geo_match.records import RECORDS


def listed(folder, headers, *rows):
    path = folder / "list.csv"
    lines = [headers, *rows]
    path.write_text("\n".join(",".join(row) for row in lines) + "\n", encoding="utf-8")
    return read_table(path)


@pytest.mark.parametrize(
    ("kind", "header", "cells", "guessed"),
    [
        ("households", "户号", ["A-1", "A-2"], '"户号" = "id"'),
        ("seekers", "户号", ["A-1", "A-2"], '"户号" = "household"'),
        ("households", "几口人", ["3", "4人"], '"几口人" = "member_count"'),
        ("households", "所属", ["340302001001", "340302001002"], '"所属" = "community"'),
        ("communities", "区划", ["340302001001"], '"区划" = "id"'),
        ("households", "GPS_X", ["117.3612", "117.3623"], '"GPS_X" = "lon"'),
        ("households", "GPS_X", ["32.9312", "32.9323"], '"GPS_X" = "lat"'),
        ("households", "GPS_Y", ["32.9312", "32.9323"], '"GPS_Y" = "lat"'),
        ("sites", "经度坐标", ["117.3612"], '"经度坐标" = "lon"'),
        ("sites", "x", ["32.9312"], '"x" = "lat"'),
        ("seekers", "联络", ["13805521234", "0552-3012345"], '"联络" = "phone"'),
        ("employers", "代号", ["91110000600037341L"], '"代号" = "credit_code"'),
        ("jobs", "登出", ["2025-03-01", "2025年3月2日"], '"登出" = "opened_on"'),
        ("jobs", "登出", ["20250301"], '"登出" = "closed_on"'),
        ("jobs", "待遇", ["3000-4500元/月", "18元/小时"], 'call the column "薪资"'),
        ("seekers", "想要", ["3000元/月"], '"想要" = "wage_floor_cny"'),
    ],
)
def test_a_column_is_guessed_by_its_header_and_its_cells(tmp_path, kind, header, cells, guessed):
    text = propose(listed(tmp_path, [header, "甲"], *([cell, ""] for cell in cells)), kind)
    (line,) = [line for line in text.splitlines() if guessed in line]
    assert line.startswith("#")
    assert f"{len(cells)} of {len(cells)} cells" in text
    assert tomllib.loads(text)["columns"][header] == ""


@pytest.mark.parametrize(
    ("kind", "header", "cells"),
    [
        ("households", "数值", ["117.3612", "117.3623"]),  # nothing says that it is a place
        ("households", "GPS_X", ["501234.12", "501235.34"]),  # metres
        ("households", "几口人", ["三口", "四口"]),
        ("jobs", "户号", ["A-1"]),  # postings have no household
        ("households", "所属", ["34030200100", "340302001002", "甲"]),
        ("households", "空", ["", ""]),
    ],
)
def test_what_nothing_speaks_for_is_not_guessed(tmp_path, kind, header, cells):
    text = propose(listed(tmp_path, [header, "甲"], *([cell, "乙"] for cell in cells)), kind)
    assert "perhaps" not in text


def test_a_field_that_has_its_column_is_not_guessed_again(tmp_path):
    table = listed(
        tmp_path, ["家庭编号", "户号", "经度", "坐标X"], ["H1", "1", "117.4", "117.3612"]
    )
    assert "perhaps" not in propose(table, "households")


def test_id_card_numbers_are_to_be_left_out_and_are_not_shown(tmp_path):
    table = listed(tmp_path, ["户号", "证件"], ["A-1", "11010519491231002X"])
    text = propose(table, "households")
    assert "leave it out: 1 of 1 cells are ID-card numbers" in text
    assert "1949" not in text


cells = st.sampled_from(
    ["", "117.3612", "32.9312", "340302001001", "13805521234", "2025-03-01", "3", "18元/小时", "甲"]
)
headers = ["户号", "几口人", "GPS_X", "GPS_Y", "电话号", "登出", "待遇"]


@given(
    kind=st.sampled_from(sorted(RECORDS)),
    rows=st.lists(st.lists(cells, min_size=7, max_size=7).filter(any), min_size=1, max_size=5),
)
def test_no_guess_is_ever_applied_and_no_cell_shown(tmp_path_factory, kind, rows):
    table = listed(tmp_path_factory.mktemp("lists"), headers, *rows)
    text = propose(table, kind)
    assert tomllib.loads(text)["columns"] == dict.fromkeys(headers, "")
    assert all(shown not in text for shown in ("117.3612", "340302001001", "13805521234"))
