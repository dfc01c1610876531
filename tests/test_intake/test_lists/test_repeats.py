"""Rows of one list that speak of the same thing: copies, older versions, clashes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.intake.lists.records_file import read_records


def said(findings):
    return [(one.row, one.field, one.value) for one in findings]


def test_the_newest_version_is_the_record_and_the_others_are_copies_stale_or_rejected(read):
    text = (
        "家庭编号,户主姓名,版本,更新时间\n"
        "H1,,1,2025-03-01\n"  # stale: a version below
        "H1,乙,2,2025-01-01\n"  # the record: versions count before times
        "H1,乙,2,2025-01-01\n"  # a copy
        "H1,,2,2025-01-01\n"  # another record's id
        "H1,乙,,2025-04-01\n"  # without a version: older
        "H2,甲,,2025-03-01\n"  # the record
        "H2,甲,,2025-02-28\n"  # stale
        "H3,甲,,\n"
        "H3,乙,,\n"
    )
    found = read(text)
    assert found.row.tolist() == [2, 6, 8]
    assert found.duplicates.tolist() == [3]
    assert found.stale.tolist() == [1, 5, 7]
    assert said(found.rejections) == [(4, "家庭编号", "H1"), (9, "家庭编号", "H3")]
    assert found.n_rejected == 2


@pytest.mark.parametrize(
    ("kind", "header"),
    [
        ("households", "家庭编号,更新时间,户主姓名"),
        ("seekers", "求职编号,更新时间,姓名"),
        ("seekers", "求职编号,更新时间,出生年份"),
        ("employers", "单位编号,更新时间,单位名称"),
        ("jobs", "招聘编号,更新时间,岗位名称,经营主体编号"),
    ],
)
def test_an_older_row_of_another_name_is_another_record_and_neither_is_believed(
    tmp_path, kind, header
):
    one, other = ("1980", "1990") if "出生" in header else ("甲店", "乙店")
    more = ",E1" if kind == "jobs" else ""
    rows = [f"A,2025-03-01,{one}", f"A,2025-03-02,{other}", f"A,2025-03-02,{other}"]
    path = tmp_path / "list.csv"
    text = "".join(f"{row}{more}\n" for row in rows)
    path.write_text(f"{header}\n{text}", encoding="utf-8")
    found = read_records(path, kind)
    assert found.row.tolist() == found.stale.tolist() == []
    assert found.duplicates.tolist() == [3]
    assert [(one.row, one.value) for one in found.rejections] == [(1, "A"), (2, "A")]
    assert {one.rule for one in found.rejections} == {"must differ from the ids of other records"}
    assert "names or birth years" in found.rejections[0].remedy


def test_a_newest_row_at_fault_says_whose_the_id_is_and_an_older_one_does_not(read):
    head = "家庭编号,户主姓名,人口数,更新时间\n"
    found = read(f"{head}H1,甲,999,2025-03-01\nH1,乙,3,2025-02-01\n")
    assert found.stale.tolist() == found.row.tolist() == []
    assert [one.row for one in found.rejections] == [1, 2]
    found = read(f"{head}H1,丙,999,2025-01-01\nH1,甲,3,2025-03-01\nH1,甲,2,2025-02-01\n")
    assert (found.row.tolist(), found.stale.tolist()) == ([2], [3])


def test_a_company_that_changed_its_name_is_one_by_its_credit_code(tmp_path):
    path = tmp_path / "list.csv"
    header = "单位编号,更新时间,单位名称,统一社会信用代码\n"
    old, new = "E1,2025-03-01,甲店（筹）", "E1,2025-03-02,甲店"
    code = "91110000600037341L"
    path.write_text(f"{header}{old},{code}\n{new},{code}\n", encoding="utf-8")
    found = read_records(path, "employers")
    assert (found.row.tolist(), found.stale.tolist()) == ([2], [1])
    path.write_text(f"{header}{old},\n{new},{code}\n", encoding="utf-8")
    assert [one.row for one in read_records(path, "employers").rejections] == [1, 2]


days = st.sampled_from(["", "2025-03-01", "2025-03-02", "2025-13-01"])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["H1", "H2"]),
            st.sampled_from(["", "甲", "乙"]),
            days,
            st.sampled_from(["1", "2", "999"]),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_every_row_becomes_one_thing_and_no_stale_one_has_another_name(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("lists") / "list.csv"
    text = "".join(",".join(row) + "\n" for row in rows)
    path.write_text(f"家庭编号,户主姓名,更新时间,人口数\n{text}", encoding="utf-8")
    found = read_records(path, "households")
    rejected = {one.row for one in found.rejections}
    became = [*found.row.tolist(), *found.duplicates.tolist(), *found.stale.tolist(), *rejected]
    assert sorted(became) == list(range(1, len(rows) + 1))
    kept = {rows[at - 1][0]: rows[at - 1][1] for at in found.row.tolist()}
    for at in found.stale.tolist():
        number, name, *_ = rows[at - 1]
        assert not name or kept.get(number, name) in {"", name}


def test_a_copy_may_differ_in_what_is_not_used_and_in_how_it_is_written(read):
    found = read("序号,家庭编号,更新时间\n1,H1,2025-03-01\n2,H1 ,2025年3月1日\n")
    assert found.row.tolist() == [1]
    assert found.duplicates.tolist() == [2]


def test_an_older_version_does_not_become_true_by_a_fault_of_the_newer_one(read):
    text = "家庭编号,人口数,更新时间\nH1,999,2025-03-01\nH1,3,2025-02-01\n"
    found = read(text)
    assert found.row.tolist() == []
    assert found.stale.tolist() == [2]
    assert [one.row for one in found.rejections] == [1]


def test_a_version_whose_time_is_at_fault_decides_nothing(read):
    text = "家庭编号,人口数,更新时间\nH1,4,2026-03-01\nH1,3,2025-02-01\n"
    found = read(text)
    assert found.row.tolist() == [2]
    assert [one.row for one in found.rejections] == [1]


def test_a_rejected_row_makes_no_good_row_its_copy_and_takes_no_id_from_it(read):
    found = read("家庭编号,户主姓名,人口数\n1,甲,999\n1,甲,\n2,乙,x\n2,丙,\n")
    assert found.row.tolist() == [2, 4]
    assert found.duplicates.tolist() == []
    assert found.stale.tolist() == []
    assert [one.row for one in found.rejections] == [1, 3]
