"""What seekers can do and want comes in from a list in each format, and is mended in it."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo_match.exchange import write_mending
from geo_match.intake.lists.records_file import read_records
from geo_match.intake.readers.files import read_table

FIELDS = ["certificates", "graduation_year", "hours_max_per_week", "radius_m"]
CHINESE = ["持有证书", "毕业年份", "每周最多工时", "求职半径（米）"]
KNOWN = [["电工证", "健康证"], 2024, 24.5, 1500.0]
NONE = [[], None, None, None]


def read(path):
    found = read_records(path, "seekers", datum="wgs84")
    return found, {one["id"]: [one[name] for name in FIELDS] for one in found.records.to_pylist()}


@pytest.mark.parametrize("headers", [FIELDS, CHINESE, ["职业资格证书", "毕业年", *CHINESE[2:]]])
def test_a_table_of_text_gives_all_four_by_their_headers(tmp_path, headers):
    path = tmp_path / "list.csv"
    lines = ["编号,姓名,{},{},{},{}".format(*headers)]
    lines += ["甲,示例甲,电工证；健康证,2024年,24.5小时,1500米", "乙,示例乙,无,,,", "丙,示例丙,,,,"]
    path.write_text("\n".join(lines), encoding="utf-8")
    found, rows = read(path)
    assert rows == {"甲": KNOWN, "乙": NONE, "丙": [None] * 4}
    assert (found.n_rejected, {one.field for one in found.notes}) == (0, set(headers[1:]))


@pytest.mark.parametrize("suffix", ["ndjson", "parquet"])
def test_typed_values_give_all_four(tmp_path, suffix):
    path = tmp_path / f"list.{suffix}"
    values = {"甲": KNOWN, "乙": NONE, "丙": [None] * 4}
    rows = [{"id": one} | dict(zip(FIELDS, row, strict=True)) for one, row in values.items()]
    if suffix == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert read(path)[1] == values


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("graduation_year", 1949, "must be between 1,950 and 2,100"),
        ("hours_max_per_week", 168.5, "must be between 0 and 168"),
        ("radius_m", "3公里", "must be a number"),
        ("radius_m", 200_001, "must be between 0 and 200,000"),
        ("certificates", ["证" * 2_001], "must have at most 2,000 characters"),
    ],
)
def test_a_wrong_value_is_rejected_with_its_rule_and_mended_where_it_stands(
    tmp_path, field, value, said
):
    path, mending = tmp_path / "list.ndjson", tmp_path / "list.mend.ndjson"
    row = {"id": "甲"} | dict(zip(FIELDS, KNOWN, strict=True))
    path.write_text(json.dumps(row | {field: value}), encoding="utf-8")
    found, _ = read(path)
    assert [(one.field, one.rule) for one in found.rejections] == [(field, said)]
    assert write_mending(mending, read_table(path), tuple(found.rejections)) == 1
    asked = json.loads(mending.read_text("utf-8"))
    assert {name: asked[name] for name in row} == row | {field: value}
    mending.write_text(json.dumps(asked | {field: row[field]}), encoding="utf-8")
    assert read(mending)[1] == {"甲": KNOWN}


def test_a_radius_without_its_unit_is_left_to_be_said(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("编号,求职半径\n甲,3\n", encoding="utf-8")
    found, rows = read(path)
    assert rows == {"甲": [None] * 4}
    assert any("求职半径" in one for one in found.warnings)
