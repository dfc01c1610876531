"""The data dictionary: every field of every record, in both languages, as a table."""

from __future__ import annotations

import re

import pytest

from geo_match.errors import ArgumentError
from geo_match.records import RECORDS
from geo_match.records.dictionary import data_dictionary

TEXT = data_dictionary()


def chapter(kind):
    return next(part for part in TEXT.split("\n## ") if part.startswith(f"`{kind}`"))


def cells(line):
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


@pytest.mark.parametrize("kind", RECORDS)
def test_every_field_has_its_row(kind):
    lines = [line for line in chapter(kind).splitlines() if line.startswith("|")]
    head, rule, *rows = map(cells, lines)
    assert {len(row) for row in (head, rule, *rows)} == {7}
    specs = RECORDS[kind].specs()
    assert [row[0] for row in rows] == [f"`{name}`" for name in specs]
    for row, spec in zip(rows, specs.values(), strict=True):
        assert row[1] == spec.about.chinese
        assert row[3] == ("yes 是" if spec.required else "no 否")
        assert row[5] == spec.meaning
        for header in spec.about.headers.split():
            assert header in row[6]
        for choice, words in (spec.about.choices or {}).items():
            assert f"`{choice}`" in row[4]
            assert all(word in row[4] for word in words.split())


def test_kinds_stand_in_their_order_with_their_chinese_names():
    found = re.findall(r"^## `(\w+)` · (.+)$", TEXT, re.MULTILINE)
    assert found == [(kind, model.chinese) for kind, model in RECORDS.items()]


def test_bounds_defaults_flags_and_composites_are_told():
    assert "| 1900 – 2100 |" in chapter("seekers")
    assert "by default 默认 `GB/T 6565-2009`" in chapter("jobs")
    assert "accepts_ordinary (是/否)" in chapter("seekers")
    assert "- 年龄要求、年龄 → `age_min`, `age_max`" in chapter("jobs")
    assert "- 求职半径(公里)、求职半径(千米)、求职半径(km)、radius_km → `radius_m`" in chapter(
        "seekers"
    )
    assert "≥ 0" in chapter("households")


def test_a_list_of_members_is_told_with_its_headers():
    assert "- `household`: 家庭编号、户编号、household_id" in chapter("households")
    assert "- `birth_year`: 出生年份、出生年、出生年月、出生日期、birth_date" in chapter(
        "households"
    )
    assert "- `relation`: 与户主关系、与户主的关系、relationship" in chapter("households")
    assert "家庭成员名册" not in chapter("seekers")


def row_of(kind, field):
    (line,) = (one for one in chapter(kind).splitlines() if one.startswith(f"| `{field}` |"))
    return cells(line)


def test_units_lengths_and_forms_are_told():
    assert row_of("seekers", "radius_m")[4] == "metres 米; 0 – 200000"
    assert row_of("seekers", "certificates")[2:5:2] == [
        "list of texts 文本列表",
        (
            "separated by 、 , ; / + or line breaks 以 、，；/ + 或换行分隔; "
            "each at most 2000 characters 每项至多 2000 字"
        ),
    ]
    assert row_of("sites", "location_accuracy_m")[4] == "metres 米; 0 – 200000"
    assert row_of("jobs", "wage_low_cny")[4].startswith("CNY 元")
    assert row_of("jobs", "site_id")[4] == "at most 64 characters 至多 64 字"
    assert row_of("jobs", "remark")[4] == "at most 2000 characters 至多 2000 字"
    assert row_of("jobs", "community")[4] == "12 digits 12 位数字"
    assert row_of("services", "on")[4] == "as in 2025-03-01"
    assert row_of("services", "kind")[4].startswith("`visit` 走访、入户走访; `phone`")


@pytest.mark.parametrize("kind", RECORDS)
def test_a_kinds_own_chapter_is_that_of_the_whole(kind):
    assert data_dictionary(kind).strip() == f"## {chapter(kind)}".strip()


def test_a_chapter_of_an_unknown_kind_is_refused():
    with pytest.raises(ArgumentError, match=r"`kind` must be one of households, .*got 'homes'"):
        data_dictionary("homes")
