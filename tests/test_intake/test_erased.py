"""An old list brings nobody back who was erased, and says so; unless it is said that it may."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office_lists import became, kept, write
from sqlalchemy import update

from geo_match.intake.chinese import in_chinese
from geo_match.intake.importing import import_file, judge_file, take_in
from geo_match.intake.losses import give_back
from geo_match.store import ErasedIdError, Store
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.tables import BEREFT
from geo_match.store.writing.compare import Applied

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


MEMBERS = "家庭编号,成员序号,出生年份,就业状态"
OF_H1 = [["H1", "1", "1980", "失业"], ["H1", "2", "1982", "退休"], ["H2", "1", "1950", ""]]
GIVEN_NOBODY = (
    "households from which somebody was erased are given nobody by a list that may be older: "
    "1 row (row 1)"
)


@pytest.fixture
def bereft(store, tmp_path):
    """Erase a member of H1, born 1982; return the list of the members as they were."""
    import_file(
        write(tmp_path / "h.csv", "家庭编号,人口数", [["H1", 3], ["H2", 1]]), "households", store
    )
    path = write(tmp_path / "m.csv", MEMBERS, OF_H1)
    import_file(path, "households", store)
    seeker = [["S1", "H1", "1982", "退休"]]
    people = write(tmp_path / "s.csv", "求职编号,家庭编号,出生年份,就业状态", seeker)
    import_file(people, "seekers", store)
    store.erase("seekers", "S1", reason="R-1")
    at_noon = dt.datetime(2025, 3, 1, 4)  # noqa: DTZ001 - UTC, as a store has it; noon in China
    earlier = update(BEREFT).values(erased_at=at_noon)
    store.database.write(lambda connection: connection.execute(earlier))
    assert years(store) == {"H1": [1980], "H2": [1950]}
    return path


def years(store):
    return {
        one["id"]: [member["birth_year"] for member in one["members"] or ()] for one in homes(store)
    }


def homes(store):
    return store.read("households").to_pylist()


def test_an_old_list_of_members_brings_no_year_of_birth_back(store, bereft):
    foreseen = import_file(bereft, "households", store, dry_run=True)
    report = import_file(bereft, "households", store)
    assert became(report) == became(foreseen) == (0, 1, 0, 0, 2)
    assert years(store) == {"H1": [1980], "H2": [1950]}
    first, second = report.file.rejections
    assert (first.row, first.field, first.value) == (1, "家庭编号", "***")
    assert first.rule.startswith("must be newer than an erasure in its household")
    assert "--erased-too" in first.remedy
    assert (second.row, second.rule) == (
        2,
        "must come together with the other members of its household",
    )
    assert report.warnings[0] == foreseen.warnings[0] == GIVEN_NOBODY
    assert in_chinese(report.warnings[0]).endswith("不补入成员或户主姓名：1行（第1行数据）")


def test_members_come_back_when_that_is_said(store, bereft):
    report = import_file(bereft, "households", store, erased_too=True)
    assert became(report) == (2, 1, 0, 0, 0)
    assert "as --erased-too says: 1 row (row 1)" in report.warnings[0]
    assert years(store)["H1"] == [1980, 1982]


@pytest.mark.usefixtures("bereft")
def test_a_list_without_the_erased_goes_in_whatever_it_says_of_the_others(store, tmp_path):
    path = write(tmp_path / "n.csv", MEMBERS, [["H1", "1", "1980", "退休"], OF_H1[2]])
    assert became(import_file(path, "households", store)) == (1, 1, 0, 0, 0)
    assert homes(store)[0]["members"] == [{"birth_year": 1980, "status": "retired"}]


@pytest.mark.parametrize(
    ("moment", "is_taken"),
    [
        *(("2020-01-01", False), ("", False), ("2025-03-01", False)),
        *(("2025-03-01 12:00:00", False), ("2025-03-01 12:00:01", True), ("2025-03-02", True)),
    ],
)
@pytest.mark.usefixtures("bereft")
def test_a_list_is_newer_by_its_moment_alone(store, tmp_path, moment, is_taken):
    rows = [[*row, 9, moment] for row in OF_H1[:2]]
    path = write(tmp_path / "n.csv", f"{MEMBERS},版本,更新时间", rows)
    report = import_file(path, "households", store)
    assert became(report) == ((2, 0, 0, 0, 0) if is_taken else (0, 0, 0, 0, 2))
    assert years(store)["H1"] == ([1980, 1982] if is_taken else [1980])


def test_a_list_of_households_brings_no_name_of_a_head_back(store, tmp_path):
    header = "家庭编号,户主姓名,人口数"
    rows = [["H1", "王一", 3], ["H2", "李二", 1]]
    path = write(tmp_path / "h.csv", header, rows)
    import_file(path, "households", store)
    people = write(tmp_path / "s.csv", "求职编号,家庭编号,姓名", [["S1", "H1", "王一"]])
    import_file(people, "seekers", store)
    store.erase("seekers", "S1", reason="R-1")
    assert became(import_file(path, "households", store)) == (0, 1, 0, 0, 1)
    assert [one["head_name"] for one in homes(store)] == [None, "李二"]
    other = write(tmp_path / "n.csv", header, [["H1", "", 4], ["H2", "李三", 1]])
    assert became(import_file(other, "households", store)) == (2, 0, 0, 0, 0)


def test_what_is_older_than_the_store_stays_stale(store, tmp_path):
    header = f"{MEMBERS},版本"
    first = write(tmp_path / "a.csv", header, [[*row, 1] for row in OF_H1])
    second = write(tmp_path / "b.csv", header, [[*row, 2] for row in OF_H1])
    import_file(second, "households", store)
    people = write(tmp_path / "s.csv", "求职编号,家庭编号,出生年份", [["S1", "H1", "1982"]])
    import_file(people, "seekers", store)
    store.erase("seekers", "S1", reason="R-1")
    assert became(import_file(first, "households", store)) == (0, 0, 3, 0, 0)
    assert became(import_file(second, "households", store)) == (0, 1, 0, 0, 2)
    again = import_file(second, "households", store, erased_too=True)
    assert became(again) == (0, 1, 0, 0, 2)  # as new as the store, and it says otherwise
    again = import_file(second, "households", store, erased_too=True, correct=True)
    assert became(again) == (2, 1, 0, 0, 0)


def test_who_is_erased_after_a_list_of_members_was_judged_is_not_written(store, tmp_path):
    header = f"{MEMBERS},更新时间"
    old, new = (
        write(tmp_path / f"{at}.csv", header, [[*row, at] for row in OF_H1])
        for at in ("2025-04-01", "2025-05-01")
    )
    import_file(old, "households", store)
    people = write(tmp_path / "s.csv", "求职编号,家庭编号,出生年份", [["S1", "H1", "1982"]])
    import_file(people, "seekers", store)
    judged = judge_file(new, "households", store)
    store.erase("seekers", "S1", reason="R-1")
    with pytest.raises(ErasedIdError, match=r"nobody in households.*1 such"):
        take_in(judged, store)
    assert years(store) == {"H1": [1980], "H2": [1950]}
    assert became(import_file(new, "households", store)) == (1, 0, 0, 0, 2)


def test_what_was_forgotten_and_what_was_not_there_yet_brings_nobody_back(store, tmp_path):
    people = [["S1", "H1", "1982"], ["S2", "H3", "1950"]]
    people = write(tmp_path / "s.csv", "求职编号,家庭编号,出生年份", people)
    import_file(people, "seekers", store)
    path = write(tmp_path / "m.csv", MEMBERS, [*OF_H1, ["H3", "1", "1950", ""]])
    homes_alone = write(tmp_path / "h.csv", "家庭编号,人口数", [["H1", 3], ["H2", 1]])
    import_file(homes_alone, "households", store)
    for one in ("S1", "S2"):  # nobody knows of their households' members
        store.erase("seekers", one, reason="R-1")
    import_file(homes_alone, "households", store)
    assert became(import_file(path, "households", store)) == (1, 0, 0, 0, 3)
    assert years(store) == {"H1": [], "H2": [1950]}


@pytest.mark.usefixtures("bereft")
def test_only_households_that_lost_somebody_are_read(store, bereft, monkeypatch):
    file = judge_file(bereft, "households", store, erased_too=True).file
    read = []
    fetch = _statements.fetch_by_ids

    def noted(connection, kind, names, ids, **how):
        read.extend(ids)
        return fetch(connection, kind, names, ids, **how)

    monkeypatch.setattr(store, "read", None)
    monkeypatch.setattr(store, "compare", lambda _, records, **__: Applied.new(len(records)))
    monkeypatch.setattr(_statements, "fetch_by_ids", noted)
    assert give_back(file, store).tolist() == [True, False]
    assert read == ["H1"]


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
