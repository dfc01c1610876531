"""Rows of one list that speak of the same thing: copies, older versions, clashes."""

from __future__ import annotations


def said(findings):
    return [(one.row, one.field, one.value) for one in findings]


def test_the_newest_version_is_the_record_and_the_others_are_copies_stale_or_rejected(read):
    text = (
        "家庭编号,户主姓名,版本,更新时间\n"
        "H1,甲,1,2025-03-01\n"  # stale: a version below
        "H1,乙,2,2025-01-01\n"  # the record: versions count before times
        "H1,乙,2,2025-01-01\n"  # a copy
        "H1,丙,2,2025-01-01\n"  # another record's id
        "H1,丁,,2025-04-01\n"  # without a version: older
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
