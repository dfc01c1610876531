"""What seekers can do and want comes in from a list in each format, and is mended in it."""

from __future__ import annotations

import datetime as dt
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
        ("graduation_year", 1949, "must be between 1950 and 2100"),
        ("hours_max_per_week", 168.5, "must be between 0 and 168"),
        ("radius_m", "3里", "must be a number of metres"),
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


@pytest.mark.parametrize(
    ("header", "cell", "metres"),
    [
        ("求职半径", "3000", 3000.0),
        ("求职半径", "3", None),
        ("求职半径（公里）", "3", 3000.0),
        ("求职半径(KM)", "2.5km", 2500.0),
        ("求职半径(千米)", "800米", 800.0),
        ("radius_km", "0.05", None),
        ("radius_km", "3000", None),
    ],
)
def test_a_radius_is_in_the_unit_of_its_header_and_never_guessed(tmp_path, header, cell, metres):
    path = tmp_path / "list.csv"
    path.write_text(f"编号,{header}\n甲,{cell}\n", encoding="utf-8")
    found, rows = read(path)
    assert rows == ({} if metres is None else {"甲": [None, None, None, metres]})
    assert [one.field for one in found.rejections] == [header] * (metres is None)


def test_a_radius_in_metres_counts_before_one_in_kilometres(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("编号,求职半径,求职半径(公里)\n甲,2000,3\n", encoding="utf-8")
    found, rows = read(path)
    assert rows == {"甲": [None, None, None, 2000.0]}
    assert any("求职半径(公里)" in one for one in found.warnings)


@pytest.mark.parametrize("certificates", ["证书", "技能证书", "持证情况"])
@pytest.mark.parametrize("hours", ["每周最多工作时长", "每周工时"])
@pytest.mark.parametrize("year", ["毕业时间", "毕业日期"])
def test_other_headers_that_offices_use_are_known(tmp_path, certificates, hours, year):
    path = tmp_path / "list.csv"
    text = f'编号,{certificates},{year},{hours}\n甲,"电工证\n健康证",2024-06-30,24.5\n'
    path.write_text(text, encoding="utf-8")
    assert read(path)[1] == {"甲": [*KNOWN[:3], None]}


def test_a_graduation_before_the_tenth_birthday_has_a_note(tmp_path):
    path = tmp_path / "list.csv"
    rows = "甲,1990,1999\n乙,1990,2000\n丙,,1999\n丁,1990,\n"
    path.write_text("编号,出生年份,毕业年份\n" + rows, encoding="utf-8")
    found, kept = read(path)
    assert len(kept) == 4
    assert [(one.row, one.field) for one in found.notes] == [(1, "出生年份, 毕业年份")]


@pytest.mark.parametrize(
    "headers",
    [
        "registered_on,closed_on,close_reason",
        "求职登记日期,注销日期,注销原因",
        "登记时间,注销时间,登记注销原因",
    ],
)
def test_from_when_to_when_a_registration_holds_comes_in_by_its_headers(tmp_path, headers):
    path = tmp_path / "list.csv"
    rows = ["甲,2025-03-01,2025年6月1日,六个月未联系", "乙,2025-03-01,,", "丙,,,"]
    path.write_text("\n".join([f"求职编号,{headers}", *rows]), encoding="utf-8")
    found = read_records(path, "seekers")
    names = ["registered_on", "closed_on", "close_reason"]
    day = dt.date(2025, 3, 1)
    assert [[one[name] for name in names] for one in found.records.to_pylist()] == [
        [day, dt.date(2025, 6, 1), "no_contact"],
        [day, None, None],
        [None] * 3,
    ]
    assert len(found.notes) == 0


def test_a_registration_that_ends_before_it_begins_is_rejected_and_a_reason_without_a_day_noted(
    tmp_path,
):
    path = tmp_path / "list.csv"
    rows = ["甲,2025-03-02,2025-03-01,", "乙,2025-03-01,2025-03-01,已就业", "丙,2025-03-01,,退休"]
    path.write_text("\n".join(["求职编号,登记日期,注销日期,注销原因", *rows]), encoding="utf-8")
    found = read_records(path, "seekers")
    assert [(one.row, one.field, one.rule) for one in found.rejections] == [
        (1, "登记日期, 注销日期", "must not be closed before it was registered")
    ]
    assert [(one.row, one.field, one.value) for one in found.notes] == [(3, "注销原因", "退休")]
    path.write_text("求职编号,注销原因\n甲,退休\n", encoding="utf-8")
    assert [one.row for one in read_records(path, "seekers").notes] == [1]
