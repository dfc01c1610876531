"""Days in the lists: three forms that can be read, and labels on what cannot."""

from __future__ import annotations

import calendar
import re

import numpy as np
import pytest

from geo_match.demo.office.days import REFERENCE_DAY, write_days

COLUMNS = {
    "家庭.csv": ["更新时间"],
    "求职人员.csv": ["更新时间"],
    "经营实体.csv": ["核验日期", "入驻日期", "更新时间"],
    "工作地点.csv": ["更新时间"],
    "服务网点.csv": ["启用日期", "停用日期", "更新时间"],
    "招聘信息_高德.csv": ["发布日期", "更新时间"],
    "招聘信息_百度.csv": ["发布日期", "更新时间"],
    "招聘信息_大厅.csv": ["发布日期", "更新时间"],
}
PLAIN = re.compile(r"^(\d{4})(?:-(\d\d)-(\d\d)|/(\d\d?)/(\d\d?)|年(\d\d?)月(\d\d?)日)$")
EITHER = re.compile(r"^(\d\d)/(\d\d)/(\d{4})$")
CELLS = [(file, column) for file, columns in COLUMNS.items() for column in columns]


def read(text):
    """Return a day as it is in the calendar, or why it is none."""
    if EITHER.match(text):
        return "ambiguous_date"
    found = PLAIN.match(text)
    year, month, day = (int(part) for part in found.groups() if part) if found else (0, 0, 0)
    if not (found and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return "bad_date"
    ordinal = np.datetime64(f"{year}-{month:02}-{day:02}", "D").astype(int)
    return "future_date" if ordinal > REFERENCE_DAY else ordinal


@pytest.mark.parametrize(("file", "column"), CELLS)
def test_only_labelled_days_cannot_be_read(office, labelled, file, column):
    written = office.lists[file][column]
    wide = written.str.contains("[０-９]", regex=True)
    assert set(np.flatnonzero(wide)) == labelled(file, "full_width_digits", column=column)
    found = {name: set() for name in ("bad_date", "ambiguous_date", "future_date")}
    for row, text in enumerate(written):
        day = read(text) if text else None
        if isinstance(day, str) and not wide.iloc[row]:
            found[day].add(row)
    for defect, rows in found.items():
        assert rows == labelled(file, defect, column=column)


def test_days_have_three_forms_in_every_large_list(office):
    for file, column in CELLS:
        written = office.lists[file][column]
        if (written != "").sum() > 1_000:
            for mark in ("-", "/", "年"):
                assert written.str.contains(mark).mean() > 0.05, (file, column)


def test_an_ambiguous_day_is_another_one_when_it_is_read_the_other_way(office):
    labels = office.defects[office.defects["defect"] == "ambiguous_date"]
    for value, truth in zip(labels["value"], labels["truth"], strict=True):
        first, second, year = (int(part) for part in EITHER.match(value).groups())
        true_year, month, day = (int(part) for part in PLAIN.match(truth).groups() if part)
        assert first != second
        assert max(first, second) <= 12
        assert true_year == year
        assert {first, second} == {month, day}


def test_missing_days_are_written_empty():
    day = np.array(["2025-03-01", "NaT", "1999-12-31"], dtype="datetime64[D]").astype(np.int64)
    written = write_days(day, np.array([2, 0, 1])).to_pylist()
    assert written == ["2025年3月1日", "", "1999/12/31"]
    assert write_days(day[1:2], np.array([1])).to_pylist() == [""]
