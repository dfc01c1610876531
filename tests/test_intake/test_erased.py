"""An old list brings nobody back who was erased, and says so; unless it is said that it may."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office_lists import became, kept, write

from geo_match.intake.chinese import in_chinese
from geo_match.intake.importing import import_file, judge_file, take_in
from geo_match.store import ErasedIdError, Store

HEADER = "求职编号,版本,姓名"


def filled(store, tmp_path):
    path = write(tmp_path / "a.csv", HEADER, [["A", "1", "王"], ["B", "1", "李"], ["C", "1", "赵"]])
    import_file(path, "seekers", store)
    return path


def test_an_old_list_brings_nobody_back(store, tmp_path):
    path = filled(store, tmp_path)
    store.erase("seekers", "B", reason="R-1")
    foreseen = import_file(path, "seekers", store, dry_run=True)
    report = import_file(path, "seekers", store)
    assert became(report) == became(foreseen) == (0, 2, 0, 0, 1)
    assert report.read == 3
    (one,) = report.file.rejections
    assert (one.row, one.field, one.value) == (2, "求职编号", "***")
    assert one.rule == "must be of nobody who was erased from the store"
    assert "--erased-too" in one.remedy
    assert report.warnings[0] == (
        "persons or households who were erased are not taken in again with an old list: "
        "1 row (row 2)"
    )
    assert foreseen.warnings[0] == report.warnings[0]
    assert [row["id"] for row in kept(store)] == ["A", "C"]
    assert store.count("seekers") == 2


def test_whoever_has_come_back_is_taken_when_that_is_said(store, tmp_path):
    path = filled(store, tmp_path)
    store.erase("seekers", "B", reason="R-1")
    report = import_file(path, "seekers", store, erased_too=True)
    assert became(report) == (1, 2, 0, 0, 0)
    assert report.warnings[0] == (
        "persons or households who were erased are taken in again, as --erased-too says: "
        "1 row (row 2)"
    )
    assert [row["id"] for row in kept(store)] == ["A", "B", "C"]
    # From now on nothing is special about that record.
    report = import_file(path, "seekers", store)
    assert became(report) == (0, 3, 0, 0, 0)
    assert not [one for one in report.warnings if "erased" in one]


def test_the_first_rows_are_named_of_many(store, tmp_path):
    rows = [[f"P{at}", "1", "王"] for at in range(8)]
    path = write(tmp_path / "a.csv", HEADER, [*rows[:1], [], *rows[1:]])
    for at in range(1, 8):
        store.erase("seekers", f"P{at}", reason="R-1")
    report = import_file(path, "seekers", store)
    assert became(report) == (1, 0, 0, 0, 7)
    assert report.warnings[0].endswith("old list: 7 rows (rows 3, 4, 5, 6, 7, …)")
    assert in_chinese(report.warnings[0]) == (
        "名单中有已依要求删除的人员或家庭，不再入库：7行（第3, 4, 5, 6, 7, …行数据）"
    )
    assert [one.row for one in report.file.rejections] == list(range(3, 10))


@pytest.mark.parametrize(
    ("kind", "header", "row"),
    [
        ("spells", "记录编号,人员编号,就业状态,开始日期", ["S9", "B", "失业", "2024-01-01"]),
        ("services", "服务编号,人员编号,服务日期,服务类型", ["F9", "B", "2024-01-01", "走访"]),
    ],
)
def test_what_the_erased_did_is_kept_out_too(store, tmp_path, kind, header, row):
    filled(store, tmp_path)
    store.erase("seekers", "B", reason="R-1")
    other = [f"{row[0]}b", "A", *row[2:]]
    report = import_file(write(tmp_path / "b.csv", header, [row, other]), kind, store)
    assert became(report) == (1, 0, 0, 0, 1)
    (one,) = report.file.rejections
    assert (one.row, one.field, one.value) == (1, "人员编号", "***")


def test_a_household_that_was_erased_stays_away(store, tmp_path):
    path = write(tmp_path / "h.csv", "家庭编号,户主姓名", [["H1", "王"], ["H2", "李"]])
    import_file(path, "households", store)
    store.erase("households", "H1", reason="R-1")
    assert became(import_file(path, "households", store)) == (0, 1, 0, 0, 1)
    jobs = write(tmp_path / "j.csv", "招聘编号,岗位名称", [["H1", "电工"]])
    assert became(import_file(jobs, "jobs", store)) == (1, 0, 0, 0, 0)  # an id of another kind


def test_rows_with_other_faults_keep_theirs_in_order(store, tmp_path):
    store.erase("seekers", "B", reason="R-1")
    rows = [
        ["A", "x", "王"],
        ["B", "1", "李"],
        ["B", "1", "李"],
        ["C", "y", "赵"],
        ["D", "1", "钱"],
    ]
    report = import_file(write(tmp_path / "a.csv", HEADER, rows), "seekers", store)
    assert became(report) == (1, 0, 0, 1, 3)
    assert [one.row for one in report.file.rejections] == [1, 2, 4]
    assert report.file.row.tolist() == [5]


def test_who_is_erased_after_the_list_was_judged_is_not_written(store, tmp_path):
    path = write(tmp_path / "a.csv", HEADER, [["A", "1", "王"], ["B", "1", "李"]])
    judged = judge_file(path, "seekers", store)
    store.erase("seekers", "B", reason="R-1")
    with pytest.raises(ErasedIdError, match="1 such at positions 1"):
        take_in(judged, store)
    assert kept(store) == []
    assert became(import_file(path, "seekers", store)) == (1, 0, 0, 0, 1)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(
    listed=st.lists(st.sampled_from("ABCDEF"), min_size=1, unique=True),
    erased=st.sets(st.sampled_from("ABCDEF")),
    back=st.sets(st.sampled_from("ABCDEF")),
)
def test_each_row_is_taken_or_told(tmp_path_factory, listed, erased, back):
    folder = tmp_path_factory.mktemp("lists")
    path = write(folder / "a.csv", HEADER, [[one, "1", "王"] for one in listed])
    with Store.open(folder / "store.db") as opened:
        for one in sorted(erased):
            opened.erase("seekers", one, reason="R-1")
        for one in sorted(back):
            again = write(folder / "b.csv", HEADER, [[one, "1", "王"]])
            import_file(again, "seekers", opened, erased_too=True)
        report = import_file(path, "seekers", opened)
        gone = [at for at, one in enumerate(listed, 1) if one in erased - back]
        assert [one.row for one in report.file.rejections] == gone
        assert report.read == sum(became(report)) == len(listed)
        assert {row["id"] for row in kept(opened)} == set(listed) - (erased - back) | back
