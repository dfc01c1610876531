"""One row is judged as its model judges it, and shows nothing that must not be seen."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from geo_match.errors import ColumnError, FileError
from geo_match.intake.lists.records_file import read_records
from geo_match.intake.values import Context
from geo_match.records import RECORDS
from geo_match.records.fields import Kind

TODAY = dt.date(2025, 12, 31)
CARD = "11010519491231002X"


def said(findings):
    return [(one.row, one.field, one.value) for one in findings]


def texts_of(spec):
    """Give what may stand in a field, valid or not, as the model takes it."""
    kind = spec.about.kind
    if kind in {Kind.WHOLE, Kind.NUMBER}:
        least = 0 if spec.least is None else int(spec.least)
        most = 1_000 if spec.most is None else int(spec.most)
        whole = st.sampled_from([least - 1, least, least + 1, most, most + 1])
        # A list alone asks whether 1 m is meant for 1 km, and reads 2019.5 as May of 2019.
        if spec.name == "radius_m":
            return st.sampled_from([least - 1, least, 100, 100.5, most, most + 0.5])
        if spec.name == "graduation_year":
            return whole
        return whole | st.sampled_from([least + 0.5, most + 0.5])
    dates = st.dates(dt.date(1901, 1, 1), TODAY)
    return {
        Kind.TEXT: st.sampled_from(["某某", 'a,b\n"c', "x" * 2_000, "x" * 2_001, f"见{CARD}。"]),
        Kind.TEXTS: st.sampled_from(
            ["电工证", "证" * 2_000, "证" * 2_001, f"见{CARD}。", "3.4E+17"]
        ),
        Kind.REFERENCE: st.sampled_from(["H1", "x" * 64, "x" * 65, CARD]),
        Kind.FLAG: st.booleans(),
        Kind.DAY: dates | st.sampled_from(["2025-02-30", "2025-13-01"]),
        Kind.MOMENT: st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2025, 12, 31)).map(  # noqa: DTZ001 - days here have no zone
            lambda one: one.replace(microsecond=0)
        ),
        Kind.COMMUNITY: st.sampled_from(["340302001001", "34030200100", "990302001001"]),
        Kind.CREDIT_CODE: st.sampled_from(["91110000600037341L", "91110000600037341K", "9111"]),
        Kind.OCCUPATION: st.sampled_from(["401", "4-01-01", "普工", "x" * 65, CARD]),
        Kind.INDUSTRY: st.sampled_from(["F52", "f5211", "Z99"]),
        Kind.PHONE: st.sampled_from(["13805521234", "+86 138 0552 1234", "1380552"]),
        Kind.LON: st.sampled_from([-180.0, 117.36, 180.0, 180.5]),
        Kind.LAT: st.sampled_from([-90.0, 32.9, 90.0, 90.5]),
        Kind.MEMBERS: st.just(None),
        Kind.AREA: st.just(None),
    }.get(
        kind,
        st.sampled_from([*(spec.about.choices or {"primary": ""}), "nonsense"]),
    )


@st.composite
def rows_of(draw, kind):
    """Give rows of values by field, each with an id of its own unless that is at fault."""
    specs = RECORDS[kind].specs()
    rows = []
    for number in range(draw(st.integers(1, 12))):
        row = {}
        for name, spec in specs.items():
            if name == "id":
                own = f"34030200{number:04}" if kind == "communities" else f"X{number}"
                bad = [CARD, "x" * 65, ""]
                row[name] = draw(st.sampled_from([own] * 7 + bad)) or None
            elif spec.required or draw(st.integers(0, 9)) < 3:
                row[name] = None if draw(st.integers(0, 9)) == 0 else draw(texts_of(spec))
        if "datum" in specs and (row.get("lon") is not None or row.get("lat") is not None):
            row["datum"] = "wgs84"  # that it must be said is asked of lists alone
        rows.append({name: value for name, value in row.items() if value is not None})
    return rows


def accepted_by_model(kind, row):
    try:
        RECORDS[kind].model_validate(row)
    except ValidationError:
        return False
    return True


def as_cell(value):
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


@pytest.mark.parametrize("kind", RECORDS)
@settings(max_examples=25)
@given(data=st.data())
def test_a_row_is_accepted_exactly_if_its_model_accepts_its_values(kind, data):
    rows = data.draw(rows_of(kind))
    specs = RECORDS[kind].specs()
    for row in rows:
        for name, value in row.items():
            # A field of several choices or texts has a list; its cell has them by 、.
            if specs[name].about.kind in {Kind.CHOICES, Kind.TEXTS}:
                row[name] = [value]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["number", *specs])
            for number, row in enumerate(rows):
                cells = [row.get(name, "") for name in specs]
                cells = ["、".join(cell) if isinstance(cell, list) else cell for cell in cells]
                writer.writerow([number, *map(as_cell, cells)])
        found = read_records(path, kind, datum="wgs84", context=Context(today=TODAY))
    # Of equal ids the newest counts; only faulty ones repeat here, and those are rejected.
    expected_rows = [at for at, row in enumerate(rows, 1) if accepted_by_model(kind, row)]
    assert found.row.tolist() == expected_rows
    assert len(found.row) + found.n_rejected == found.n_read == len(rows)
    for record in found.records.drop_columns(["row"]).to_pylist():
        known = {name: value for name, value in record.items() if value is not None}
        model = RECORDS[kind].model_validate(known)
        for name, value in known.items():
            assert getattr(model, name) == (tuple(value) if isinstance(value, list) else value)


WILD = st.text(
    st.sampled_from(
        "0123456789０９-/.年月日元天小时千以上岁不限面议是否无、,; \t\u3000H男女GPS高德x"
    ),
    max_size=12,
)


@pytest.mark.parametrize("kind", ["households", "seekers", "jobs", "stations", "spells"])
@settings(max_examples=25)
@given(data=st.data())
def test_whatever_stands_in_a_list_no_record_comes_of_it_that_its_model_refuses(kind, data):
    specs = RECORDS[kind].specs()
    names = [*specs, *(["薪资", "年龄要求"] if kind == "jobs" else [])]
    if kind == "jobs":
        names = [one for one in names if not one.startswith(("wage_", "age_"))]
    rows = data.draw(
        st.lists(st.lists(WILD, min_size=len(names), max_size=len(names)), min_size=1, max_size=8)
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([names, *rows])
        try:
            found = read_records(path, kind, datum="gcj02", context=Context(today=TODAY))
        except FileError:  # nothing but blanks
            return
    for record in found.records.drop_columns(["row"]).to_pylist():
        RECORDS[kind].model_validate({k: v for k, v in record.items() if v is not None})
    rejected = set(found.rejections.row.tolist())
    became = [*found.row.tolist(), *found.duplicates.tolist(), *found.stale.tolist(), *rejected]
    assert len(became) == len(set(became)) == found.n_read


def test_an_id_card_number_rejects_its_row_and_is_never_shown_but_for_its_end(read):
    text = (
        f"家庭编号,户主姓名,备注\n{CARD},甲,\nH2,甲,身份证{CARD}\nH3,甲,无\nH4,甲,{CARD},多一格\n"
    )
    found = read(text)
    assert found.row.tolist() == [3]
    assert [one.row for one in found.rejections] == [1, 2, 4]
    for one in found.rejections:
        shown = f"{one}"
        assert CARD not in shown
        assert CARD[:-4] not in shown
        assert CARD[-4:] in shown


def test_an_id_card_number_in_another_kind_of_column_is_not_shown_either(read):
    found = read(f"求职编号,联系电话\nS1,{CARD}\n", "seekers")
    assert [one.row for one in found.rejections] == [1]
    assert CARD[:-4] not in f"{found.rejections[0]}"


@pytest.mark.parametrize("name", ["list.csv", "list.ndjson"])
def test_no_part_of_an_id_card_number_is_shown_wherever_a_broken_row_is_cut(tmp_path, name):
    head = "家庭编号,备注\nH0,\n" if name == "list.csv" else '{"家庭编号": "H0"}\n'
    for card in (CARD, " ".join(CARD)):
        rows = [f"{'甲' * at},{card},多" for at in range(90)]
        path = tmp_path / name
        path.write_text(head + "\n".join(rows), encoding="utf-8")
        found = read_records(path, "households")
        assert found.n_rejected == len(rows)
        for one in found.rejections:
            assert len(one.value) <= 80
            assert not set(one.value) & set("123456789") - set(CARD[-4:])
            assert CARD[:2] not in one.value


def test_an_id_card_number_in_a_header_is_not_shown(read):
    text = f"家庭编号,身份证{CARD}\nH1, 甲\n"
    found = read(text)
    assert [one for one in found.warnings if "not used: 身份证**************002X" in one]
    assert [one.field for one in found.notes] == ["身份证**************002X"]
    with pytest.raises(ColumnError) as error:
        read(text, "jobs")
    assert CARD[:-4] not in f"{error.value} {error.value.remedy}"
    assert "002X" in error.value.remedy


def test_a_number_that_a_spreadsheet_shortened_is_no_id_and_is_not_shown(read):
    text = "家庭编号\n3.40302E+17\n3.40302199001011E+17\n3.40302199001011E+017\n1E05\n"
    found = read(text)
    assert found.row.tolist() == [4]
    assert [one.value for one in found.rejections] == [
        "*.*****E+17",
        "*.**************E+17",
        "*.**************E+017",
    ]
    assert {one.rule for one in found.rejections} == {
        "must not be a number that a spreadsheet has shortened"
    }


def test_what_must_be_there_and_is_not_rejects_its_row(read):
    found = read("招聘编号,岗位名称\nJ1,\n,焊工\nJ3,焊工\n", "jobs")
    assert found.row.tolist() == [3]
    assert said(found.rejections) == [(1, "岗位名称", ""), (2, "招聘编号", "")]


def test_a_wage_may_have_its_unit_in_a_column_beside_it(read):
    text = "招聘编号,岗位名称,薪资,薪资单位\nJ1,甲,18-28,元/小时\nJ2,甲,3000-4500元/月,\n"
    found = read(text, "jobs").records
    assert found.column("wage_low_cny").to_pylist() == [18.0, 3000.0]
    assert found.column("wage_unit").to_pylist() == ["hour", "month"]


def test_an_old_code_in_a_list_of_communities_becomes_the_new_one_and_is_kept_beside_it(read):
    context = Context(renumbered={"340304100201": "340304101224"}, today=TODAY)
    text = "社区代码,社区名称\n340304100201,甲\n340304101225,乙\n"
    found = read(text, "communities", context=context).records
    assert found.column("id").to_pylist() == ["340304101224", "340304101225"]
    assert found.column("previous_code").to_pylist() == ["340304100201", None]


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("月薪", "month"),
        ("薪资（元/月）", "month"),
        ("日薪", "day"),
        ("日工资", "day"),
        ("时薪", "hour"),
        ("薪资(元/小时)", "hour"),
    ],
)
def test_a_header_says_what_a_wage_is_for(read, header, unit):
    found = read(f"招聘编号,岗位名称,{header}\nJ1,甲,900\n", "jobs")
    assert said(found.rejections) == []
    assert said(found.notes) == []
    assert found.records.column("wage_low_cny").to_pylist() == [900.0]
    assert found.records.column("wage_unit").to_pylist() == [unit]


def test_what_a_spreadsheet_left_of_an_id_card_number_rejects_its_row_and_is_not_shown(read):
    text = (
        "家庭编号,备注\n340302199001011000,\nH2,3.40302199001011E+17\nH3,6.22202E+15\n"
        "H4,证号340302199001011000\nH5,1.2E+5\n"
    )
    found = read(text)
    assert found.row.tolist() == [5]
    assert sorted(one.row for one in found.rejections) == [1, 2, 3, 4]
    assert all("19900101" not in one.value for one in found.rejections)
    assert all("990010" not in one.value for one in found.rejections)
