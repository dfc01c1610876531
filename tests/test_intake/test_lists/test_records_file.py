"""An office's lists become records: every labelled defect is found, and no good row is lost."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo_match.demo import facts
from geo_match.demo.office.defects import DEFECTS
from geo_match.errors import ArgumentError, ColumnError
from geo_match.intake.area import Area
from geo_match.intake.lists.records_file import read_records
from geo_match.intake.values import Context
from geo_match.records import RECORDS
from geo_match.records.arrow import type_of

DATA = Path(__file__).resolve().parents[3] / "data"
TODAY = dt.date(2025, 12, 31)
BENGBU = Area(116.7, 32.6, 118.1, 33.6)
LISTS = {
    "社区.csv": "communities",
    "家庭.csv": "households",
    "求职人员.csv": "seekers",
    "经营实体.csv": "employers",
    "工作地点.csv": "sites",
    "招聘信息_高德.csv": "jobs",
    "招聘信息_百度.csv": "jobs",
    "招聘信息_大厅.csv": "jobs",
    "服务网点.csv": "stations",
}
CARD = "11010519491231002X"


@cache
def context() -> Context:
    renumbered = facts.renumbered()
    codes = pq.read_table(DATA / "communities.parquet", columns=["code"]).column("code")
    return Context(
        renumbered=dict(zip(renumbered["old_code"], renumbered["new_code"], strict=True)),
        communities=frozenset(codes.to_pylist()),
        today=TODAY,
    )


@cache
def office(file):
    kind = LISTS[file]
    return read_records(DATA / "office" / file, kind, context=context())


@cache
def labels(file):
    defects = pd.read_csv(DATA / "office" / "defects.csv", dtype=str, keep_default_na=False)
    return defects[defects["file"] == file]


# What each defect must be found as: in which findings, and by which words of its rule. Those that
# only the communities' areas, or their names, can show are found where places are located.
REJECTED, NOTED = "rejections", "notes"
ELSEWHERE = {"wrong_community", "wrong_datum_declared", "out_of_area", "repeated_name"}
BY_ROW = {"duplicate_row": "duplicates", "stale_version": "stale"}
EXPECTED = {
    "missing_coordinates": (NOTED, "for it to be located"),
    "zero_coordinates": (NOTED, "(0, 0)"),
    "swapped_axes": (REJECTED, "latitude"),
    "truncated_coordinates": (NOTED, "decimals"),
    "datum_missing": (REJECTED, "where there are coordinates"),
    "renumbered_code": (NOTED, "renumbered"),
    "unknown_code": (REJECTED, "none has it"),
    "duplicate_id": (REJECTED, "must differ"),
    "bad_date": (REJECTED, "calendar"),
    "ambiguous_date": (REJECTED, "either way round"),
    "bad_credit_code": (REJECTED, "check character"),
    "unknown_occupation": (NOTED, "GB/T 6565"),
    "negative_wage": (REJECTED, "below 0"),
    "reversed_wage": (REJECTED, "lower wage before"),
    "wage_text": (NOTED, "leaves it open"),
    "vacancies_text": (NOTED, "a word says only"),
    "formula_text": (NOTED, "formula"),
    "full_width_digits": (NOTED, "half-width"),
    "stray_blank": (NOTED, "white space"),
}


def expected(defect, column):
    if defect == "future_date":
        return (REJECTED if column == "更新时间" else NOTED), "after today"
    return EXPECTED[defect]


def test_every_kind_of_defect_is_either_expected_here_or_shown_by_areas():
    assert set(DEFECTS) == {*EXPECTED, *BY_ROW, *ELSEWHERE, "future_date"}


@pytest.mark.parametrize("file", LISTS)
def test_every_labelled_defect_of_an_office_is_found_in_its_row_and_column(file):
    found = office(file)
    by_row = {REJECTED: {}, NOTED: {}}
    for name, rows in by_row.items():
        for one in getattr(found, name):
            rows.setdefault(one.row, []).append(one)
    rejected = set(by_row[REJECTED])
    for label in labels(file).itertuples():
        row = int(label.row)
        if label.defect in ELSEWHERE:
            continue
        if label.defect in BY_ROW:
            # A copy of a faulty row has the same faults, and is rejected like that.
            assert row in getattr(found, BY_ROW[label.defect]) or row in rejected, label
            continue
        where, words = expected(label.defect, label.column)
        assert any(
            one.field == label.column and words in one.rule for one in by_row[where].get(row, [])
        ), label


@pytest.mark.parametrize("file", LISTS)
def test_no_row_of_an_office_is_lost_without_a_labelled_reason(file):
    found = office(file)
    reasons = {}
    for label in labels(file).itertuples():
        if label.defect not in ELSEWHERE:
            reasons.setdefault(int(label.row), set()).add((label.defect, label.column))
    for row in found.rejections.row.tolist():
        assert any(
            expected(defect, column)[0] == REJECTED
            for defect, column in reasons.get(row, ())
            if defect not in BY_ROW
        ), row
    for name, defect in (("duplicates", "duplicate_row"), ("stale", "stale_version")):
        for row in getattr(found, name).tolist():
            assert defect in {one for one, _ in reasons[row]}
    lost = {*found.rejections.row.tolist(), *found.duplicates.tolist(), *found.stale.tolist()}
    assert sorted({*found.row.tolist(), *lost}) == list(range(1, found.n_read + 1))
    assert len(found.row) + len(lost) == found.n_read


@pytest.mark.parametrize("file", LISTS)
def test_what_was_repaired_is_what_the_labels_say_should_stand_there(file):
    found = office(file)
    fields = {header: name for name, header in found.columns.items()}
    position = {row: at for at, row in enumerate(found.row.tolist())}
    repaired = {"renumbered_code", "stray_blank"}
    n = 0
    for label in labels(file).itertuples():
        if label.defect in repaired and int(label.row) in position and label.column in fields:
            value = found.records.column(fields[label.column])[position[int(label.row)]].as_py()
            assert value == label.truth
            n += 1
    assert n > 0


@pytest.mark.parametrize("kind", [kind for kind in RECORDS if kind not in {"spells", "services"}])
def test_the_clean_files_of_the_demonstration_city_lose_no_row(kind):
    path = DATA / f"{kind}.parquet"
    found = read_records(path, kind, context=context())
    assert list(found.rejections) == []
    assert len(found.row) == found.n_read == pq.read_metadata(path).num_rows
    for name, spec in RECORDS[kind].specs().items():
        assert found.records.schema.field(name).type == type_of(spec.about.kind)
    if kind not in {"employers", "communities"}:
        assert found.records.column("lon").null_count == 0
    if kind == "communities":
        assert found.records.column("area").null_count == 0


def test_columns_that_are_not_used_are_named(read):
    found = read("家庭编号,颜色,原行号,规则\nH1,红,3,must\n")
    assert "not used: 颜色" in found.warnings
    assert found.unused == ("颜色",)
    assert dict(found.columns) == {"id": "家庭编号"}


@pytest.mark.parametrize(
    ("header", "told"),
    [("地址", 1), ("社区代码", 1), ("社区名称", 1), ("户主姓名", 0), ("人口数", 0)],
)
def test_a_list_without_coordinates_says_so_once_where_it_speaks_of_places(read, header, told):
    found = read(f"家庭编号,{header}\nH1,\nH2,\n")
    assert list(found.notes) == []
    assert sum("there are no coordinates" in one for one in found.warnings) == told


def test_an_unknown_kind_is_refused_with_those_that_there_are(read):
    with pytest.raises(ArgumentError, match="be one of households, seekers"):
        read("编号\n1\n", "people")


def test_a_list_without_a_required_column_is_refused_with_a_mapping_proposed(read):
    with pytest.raises(ColumnError, match=r"none for title \(岗位名称\)") as error:
        read("招聘编号,活儿\nJ1,焊工\n", "jobs")
    assert "[columns]" in error.value.remedy
    assert '"活儿" = ""' in error.value.remedy


def test_a_list_of_nothing_but_broken_rows_has_no_record(read):
    found = read("家庭编号,人口数\nH1\nH2,3,4\n")
    assert found.n_read == found.n_rejected == 2
    assert found.records.num_rows == 0


def test_findings_are_a_sequence_by_row(read):
    found = read("家庭编号,人口数\nH1,x\nH2 ,3\nH3,0\nH4\n").rejections
    assert [one.row for one in found] == found.row.tolist() == [1, 3, 4]
    assert found[0] == found[:1][0]
    assert found[-1].field == "(whole row)"
    assert found == tuple(found)
    assert sum(found.counts().values()) == len(found) == 3


def test_typed_columns_are_read_like_their_text(tmp_path):
    moments = [dt.datetime(2025, 3, 1, 8), None]  # noqa: DTZ001 - days here have no zone
    pq.write_table(
        pa.table(
            {
                "家庭编号": pa.array([1, 2]),
                "人口数": pa.array([3.0, None]),
                "是否零就业家庭": pa.array([True, None]),
                "更新时间": pa.array(moments, type=pa.timestamp("us", tz="UTC")),
                "members": pa.array([[{"birth_year": 1990, "status": "employed"}], None]),
            }
        ),
        tmp_path / "typed.parquet",
    )
    found = read_records(tmp_path / "typed.parquet", "households", context=Context(today=TODAY))
    assert list(found.rejections) == []
    first = found.records.to_pylist()[0]
    assert (first["id"], first["member_count"], first["zero_employment"]) == ("1", 3, True)
    assert first["updated_at"] == dt.datetime(2025, 3, 1, 16)  # noqa: DTZ001 - Beijing's clock
    assert first["members"] == [{"birth_year": 1990, "status": "employed"}]


def test_a_broken_row_counts_once_however_much_is_wrong_with_it(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["家庭编号", "人口数", "社区代码", "劳动年龄人数"])
    book.active.append(["A1", 2, "340302001001", 1])
    book.active.append(["A2", "#REF!", "340302001001", "#N/A"])
    for cell in ("B3", "D3"):
        book.active[cell].data_type = "e"
    book.save(tmp_path / "a.xlsx")
    read = read_records(tmp_path / "a.xlsx", "households")
    assert (read.n_read, read.n_rejected, read.row.tolist()) == (2, 1, [1])
    assert [fault.field for fault in read.rejections] == ["人口数", "劳动年龄人数"]
