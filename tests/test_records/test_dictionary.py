"""The data dictionary: every field of every record, in both languages, as a table."""

from __future__ import annotations

import re

import pytest

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
    assert "≥ 0" in chapter("households")
