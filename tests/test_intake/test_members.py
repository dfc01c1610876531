"""Lists of members in a store: beside the households, again, mended, and after an erasure."""

from __future__ import annotations

import csv

import pyarrow as pa
import pytest
from office_lists import became

from geo_match.exchange.mending import write_mending
from geo_match.intake.importing import import_file

HEADERS = ["家庭编号", "成员序号", "姓名", "出生年份", "就业状态"]
ROWS = [
    ["H1", "1", "甲", "1980", "单位就业"],
    ["H2", "1", "丙", "1950", "退休"],
    ["H1", "2", "乙", "1982", "登记失业"],
]
H1 = [
    {"birth_year": 1980, "status": "employed"},
    {"birth_year": 1982, "status": "registered_unemployed"},
]
H2 = [{"birth_year": 1950, "status": "retired"}]


@pytest.fixture
def members(tmp_path):
    """Return what writes a list of members."""

    def write(*rows, name="家庭成员.csv"):
        path = tmp_path / name
        with path.open("w", encoding="gb18030", newline="") as stream:
            csv.writer(stream).writerows([HEADERS, *rows])
        return path

    return write


@pytest.fixture
def homes(store):
    """Return a store with two households."""
    records = {
        "id": ["H1", "H2"],
        "address": ["解放路1号", "解放路2号"],
        "member_count": [2, 1],
        "version": [4, None],
    }
    store.apply("households", pa.table(records), source="家庭.csv")
    return store


def kept(store):
    return {one["id"]: one for one in store.read("households").to_pylist()}


def test_members_go_to_their_households_and_all_else_stays(homes, members):
    before = kept(homes)
    report = import_file(members(*ROWS), "households", homes)
    assert became(report) == (3, 0, 0, 0, 0)
    assert (report.located, report.warnings) == ({}, ("not used: 姓名", *report.warnings[1:]))
    after = kept(homes)
    assert after == {"H1": before["H1"] | {"members": H1}, "H2": before["H2"] | {"members": H2}}
    at = homes.cursor()
    again = import_file(members(*ROWS), "households", homes)
    assert became(again) == (0, 3, 0, 0, 0)
    assert homes.cursor() == at


def test_the_list_of_households_takes_no_members_away(homes, members, tmp_path):
    import_file(members(*ROWS), "households", homes)
    path = tmp_path / "家庭.csv"
    path.write_text("家庭编号,地址,人口数,版本\nH1,解放路3号,2,5\n", encoding="utf-8")
    import_file(path, "households", homes)
    assert kept(homes)["H1"]["members"] == H1
    assert kept(homes)["H1"]["address"] == "解放路3号"


def test_a_household_that_the_store_does_not_have_is_told(homes, members):
    report = import_file(members(["H9", "1", "丁", "1990", ""]), "households", homes)
    (told,) = [one for one in report.warnings if "does not have" in one]
    assert told == "家庭编号 names a household that the store does not have: 1 record (H9)"


def test_a_household_at_fault_is_mended_and_returned_whole(homes, members, tmp_path):
    path = members([*ROWS[0][:3], "80年", ROWS[0][4]], *ROWS[1:])
    report = import_file(path, "households", homes)
    assert became(report) == (1, 0, 0, 0, 2)
    assert kept(homes)["H1"]["members"] is None
    mend = tmp_path / "家庭成员.mend.csv"
    file = report.file
    assert write_mending(mend, file.table, file.rejections, file.notes, language="zh") == 2
    text = mend.read_text(encoding="gb18030")
    assert "须与同一家庭的其他成员一并导入" in text
    mend.write_text(text.replace("80年", "1980"), encoding="gb18030")
    assert became(import_file(mend, "households", homes)) == (2, 0, 0, 0, 0)
    assert {name: one["members"] for name, one in kept(homes).items()} == {"H1": H1, "H2": H2}


def test_an_older_list_and_a_contradiction_keep_whole_households_out(homes, tmp_path):
    def dated(day, status):
        path = tmp_path / f"{day}-{status}.csv"
        rows = [f"H1,1980,{status},{day}", f"H1,1982,,{day}", f"H2,1950,退休,{day}"]
        path.write_text("\n".join(["家庭编号,出生年份,就业状态,更新时间", *rows]), encoding="utf-8")
        return import_file(path, "households", homes)

    homes.put("households", pa.table({"id": ["H1"], "version": [None]}), fields=["version"])
    assert became(dated("2025-03-02", "失业")) == (3, 0, 0, 0, 0)
    assert became(dated("2025-03-01", "退休")) == (0, 0, 3, 0, 0)
    report = dated("2025-03-02", "退休")
    assert became(report) == (0, 1, 0, 0, 2)
    assert {one.row for one in report.file.rejections} == {1, 2}


def test_of_two_versions_in_one_list_the_newest_goes_in(homes, tmp_path):
    path = tmp_path / "家庭成员.csv"
    rows = [
        *("H1,1,1980,失业,5", "H1,2,1982,,5", "H2,1,1950,退休,1"),
        *("H1,1,1980,单位就业,6", "H1,2,1982,失业,6", "H1,2,1982,失业,6"),
    ]
    path.write_text(
        "\n".join(["家庭编号,成员序号,出生年份,就业状态,版本", *rows]), encoding="utf-8"
    )
    report = import_file(path, "households", homes)
    assert became(report) == (3, 0, 2, 1, 0)
    assert report.read == sum(became(report))
    assert report.older_than_row.rows == (1, 2)
    assert report.older_than_row.ids == ("H1", "H1")
    h1 = kept(homes)["H1"]
    assert [one["birth_year"] for one in h1["members"]] == [1980, 1982]
    assert (h1["members"][0]["status"], h1["version"]) == ("employed", 6)
    assert became(import_file(path, "households", homes)) == (0, 3, 2, 1, 0)


def test_who_is_erased_is_no_member_any_more_now_or_before(homes, members):
    import_file(members(*ROWS), "households", homes)
    seekers = {"id": ["S1"], "household": ["H1"], "birth_year": [1982], "name": ["乙"]}
    homes.put("seekers", pa.table(seekers | {"status": ["registered_unemployed"]}))
    then = homes.cursor()
    homes.erase("seekers", "S1", reason="request 1")
    assert kept(homes)["H1"]["members"] == H1[:1]
    (before,) = [
        one for one in homes.read("households", as_of=then).to_pylist() if one["id"] == "H1"
    ]
    assert before["members"] is None
    homes.erase("households", "H2", reason="request 2")
    report = import_file(members(ROWS[1], ["H2", "2", "戊", "1951", ""]), "households", homes)
    assert became(report) == (0, 0, 0, 0, 2)
    assert "H2" not in kept(homes)
