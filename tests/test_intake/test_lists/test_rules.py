"""What the fields of one record must be to each other."""

from __future__ import annotations


def said(findings):
    return [(one.row, one.field, one.value) for one in findings]


def test_fields_that_contradict_each_other_reject_a_row_and_equal_ones_do_not(read):
    text = (
        "记录编号,人员编号,就业状态,开始日期,结束日期\n"
        "P1,S1,就业,2025-03-01,2025-03-01\nP2,S1,就业,2025-03-02,2025-03-01\n"
    )
    found = read(text, "spells")
    assert found.row.tolist() == [1]
    assert said(found.rejections) == [(2, "开始日期, 结束日期", "2025-03-02, 2025-03-01")]
    text = "招聘编号,岗位名称,最低薪资,最高薪资,薪资单位\nJ1,甲,3000,3000,月\nJ2,甲,3001,3000,月\n"
    found = read(text, "jobs")
    assert found.row.tolist() == [1]
    assert found.records.column("wage_unit").to_pylist() == ["month"]
