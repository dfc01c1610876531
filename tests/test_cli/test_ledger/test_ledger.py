"""The commands of `ledger`, as a community worker goes through a morning with them."""

from __future__ import annotations

import csv
import datetime as dt
import shutil

import openpyxl
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from geo_match.cli.ledger.command import ledger
from geo_match.store import AuditLog, Store

ON = "2025-12-31"
PEOPLE = [f"S{one}" for one in range(1, 6)]
DAY = pa.date32()


def days(*texts):
    return pa.array([None if one is None else dt.date.fromisoformat(one) for one in texts], DAY)


def seeker_table():
    n = len(PEOPLE)
    return pa.table(
        {
            "id": PEOPLE,
            "name": ["示例甲"] * n,
            "phone": ["13800000012"] * n,
            "address": [f"示例小区{one}号楼101室" for one in (10, 2, 1, 3, 4)],
            "community": ["340302001001"] * n,
            "lon": [117.38] * n,
            "lat": [32.93] * n,
            "birth_year": pa.array([1990] * n, pa.int64()),
            "groups": [["veteran"]] * n,
            "status": ["registered_unemployed"] * n,
            "accepts": [["ordinary"]] * n,
        }
    )


@pytest.fixture
def store(one_store, tmp_path):
    """Give a copy of the store, to be written to."""
    return shutil.copy(one_store, tmp_path / "s.db")


@pytest.fixture(scope="module")
def one_store(tmp_path_factory):
    path = tmp_path_factory.mktemp("ledger") / "s.db"
    n = len(PEOPLE)
    with Store.open(path) as opened:
        opened.put("seekers", seeker_table())
        opened.put(
            "spells",
            pa.table(
                {
                    "id": [f"SP{one}" for one in PEOPLE],
                    "person": PEOPLE,
                    "status": ["registered_unemployed"] * n,
                    "start": days(*["2025-03-01"] * n),
                    "verified_by": ["visit"] * n,
                    "verified_on": days(*["2025-03-02"] * n),
                }
            ),
        )
        opened.put(
            "services",
            pa.table(
                {
                    "id": [f"V{one}" for one in PEOPLE],
                    "person": PEOPLE,
                    "on": days(
                        "2025-06-01", "2025-11-01", "2025-11-20", "2025-07-05", "2025-12-30"
                    ),
                    "kind": ["phone"] * n,
                    "result": ["willing"] * n,
                    "next_contact_on": days(None, "2025-12-30", "2025-12-31", None, None),
                }
            ),
        )
        opened.put(
            "employers", pa.table({"id": ["E1"], "name": ["示例单位"], "licence": ["verified"]})
        )
        opened.put(
            "jobs",
            pa.table(
                {
                    "id": ["J1"],
                    "title": ["保洁员"],
                    "employer_id": ["E1"],
                    "job_type": ["ordinary"],
                    "lon": [117.381],
                    "lat": [32.93],
                    "wage_low_cny": pa.array([2100.0]),
                    "wage_high_cny": pa.array([2600.0]),
                    "wage_unit": ["month"],
                    "opened_on": days("2025-12-01"),
                }
            ),
        )
    return path


def run(*arguments):
    return CliRunner().invoke(ledger, [str(one) for one in arguments])


def asked(command, store, *more, language="zh"):
    who = ("--who", "社区-07", "--purpose", "走访", "--on", ON, "--language", language)
    return run(command, "--store", store, *who, *more)


def rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def fill(sheet, target, results):
    book = openpyxl.load_workbook(sheet)
    page = book.worksheets[0]
    place = {cell.value: cell.column for cell in page[1]}
    for row in page.iter_rows(min_row=2):
        person = row[place["求职编号"] - 1].value
        for header, value in results.get(person, {}).items():
            row[place[header] - 1].value = value
    book.save(target)


def test_a_worker_goes_through_a_morning(store, tmp_path):
    """Out as a workbook, filled in, taken in twice: the list gets shorter once."""
    sheet, filled = tmp_path / "待办.xlsx", tmp_path / "已填.xlsx"
    made = asked("due", store, "--out", sheet)
    assert made.exit_code == 0, made.output
    assert "在册5人，待办4人，其中逾期2人" in made.output
    page = openpyxl.load_workbook(sheet).worksheets[0]
    head, *lines = page.iter_rows(values_only=True)
    walked = [dict(zip(head, line, strict=True)) for line in lines]
    assert [(one["逾期"], one["楼栋"], one["求职编号"]) for one in walked] == [
        ("是", "2", "S2"),
        ("是", "10", "S1"),
        (None, "1", "S3"),
        (None, "3", "S4"),
    ]
    assert walked[0]["推荐岗位（读给对方）1"] == "保洁员，示例单位，直线90米，2,100–2,600元/月"
    phone = {"服务方式": "电话"}
    fill(
        sheet,
        filled,
        {
            "S1": phone | {"服务结果": "有意愿", "下次联系日期": dt.date(2026, 1, 20)},
            "S2": phone | {"服务结果": "未接通", "下次联系日期": dt.date(2026, 1, 3)},
            "S3": phone,
        },
    )
    taken = run("take", filled, "--store", store)
    assert taken.exit_code == 3
    assert "4行，办理2行，未办1行，有误1行" in taken.output
    assert "第3行，服务结果（空白）：须从下拉框选择服务结果" in taken.output
    assert "采纳2行" in taken.output
    again = run("take", filled, "--store", store)
    assert "采纳0行，未变2行" in again.output
    left = asked("due", store, "--out", tmp_path / "left.csv")
    assert "待办2人，其中逾期0人" in left.output
    assert [one["person"] for one in rows(tmp_path / "left.csv")] == ["S3", "S4"]
    with Store.open(store) as opened:
        assert opened.count("services") == len(PEOPLE) + 2


def test_each_read_is_noted_before_it_is_told(store, tmp_path):
    asked("due", store, "--out", tmp_path / "due.csv")
    with AuditLog.open(store) as log:
        (entry,) = log.read().select(["who", "purpose", "count"]).to_pylist()
    assert entry == {"who": "社区-07", "purpose": "走访", "count": 5}


def test_a_table_has_the_same_lines_and_the_jobs_beside_them(store, tmp_path):
    out = tmp_path / "due.csv"
    made = asked(
        "due", store, "--out", out, "--interval", "veteran=300", "--jobs", 1, language="en"
    )
    assert made.exit_code == 0, made.output
    line = rows(out)[0]
    assert (line["person"], line["phone"], line["days_left"]) == ("S2", "138******12", "-1")
    assert line["job_to_read_1"].startswith("保洁员, 示例单位, 90 m in a straight line")
    assert "no source says how often" not in made.output


@pytest.fixture
def homes(store):
    """Give the store with a household of two of its seekers, and one of a third."""
    with Store.open(store) as opened:
        opened.put(
            "seekers",
            pa.table({"id": ["S3", "S4", "S5"], "household": ["H4", "H4", "H5"]}),
            fields=["id", "household"],
        )
    return store


def clocked(store, out, *more):
    """Return who is due by a household's clock, and the days left."""
    told = asked("due", store, "--out", out, "--reason", "household_clock", *more)
    assert told.exit_code == 0, told.output
    return {one["person"]: one["days_left"] for one in rows(out)}


@pytest.mark.parametrize(
    ("headers", "yes", "no"),
    [
        ("household,due_on,open", "true", "false"),
        ("家庭编号,最后期限,未结", "是", "否"),
        ("家庭编号 household,最后期限 due_on,未结 open", "是", "否"),
    ],
)
def test_households_to_be_helped_are_read_from_a_file_cleared_ones_left_out(
    homes, tmp_path, headers, yes, no
):
    clocks, out = tmp_path / "clocks.csv", tmp_path / "due.csv"
    lines = f"H5,2026-01-04,{yes}\nH4,2025/11/30,{no}\nH6,,{yes}\n"
    clocks.write_text(f"{headers}\n{lines}", encoding="utf-8")
    assert clocked(homes, out, "--clocks", clocks) == {"S5": "4"}
    without = [line.rpartition(",")[0] for line in f"{headers}\n{lines}".splitlines()]
    clocks.write_text("\n".join(without), encoding="utf-8")
    assert clocked(homes, out, "--clocks", clocks) == {"S5": "4", "S3": "-31", "S4": "-31"}


def test_a_case_that_does_not_say_whether_it_is_open_is_refused(homes, tmp_path):
    clocks = tmp_path / "clocks.csv"
    clocks.write_text("household,due_on,open\nH5,2026-01-04,\n", encoding="utf-8")
    told = asked("due", homes, "--out", tmp_path / "due.csv", "--clocks", clocks)
    assert "must say of each case whether it is open" in str(told.exception)


def test_cases_are_judged_in_the_same_run_by_the_stores_members(homes, tmp_path):
    """H4 was "cleared" by somebody of another household: its members are due still."""
    cases, hires, out = (tmp_path / one for one in ("cases.csv", "hires.csv", "due.csv"))
    cases.write_text(
        "家庭编号,申请日期,核实日期,清零日期,销号日期,就业人员,销号原因\n"
        "H4,2025-11-01,2025-11-20,2025-12-01,2025-12-01,S5,清零\n"
        "H5,2025-11-01,2025-12-10,2025-12-11,2025-12-11,S5,清零\n",
        encoding="utf-8",
    )
    assert clocked(homes, out, "--cases", cases) == {"S3": "-11", "S4": "-11"}
    applied = clocked(homes, out, "--cases", cases, "--clock-from", "applied")
    assert applied == {"S3": "-30", "S4": "-30"}
    hires.write_text(
        "人员编号,就业形式,就业日期\nS5,就业见习,2025-12-11\nS4,labour_contract,2025-11-25\n",
        encoding="utf-8",
    )
    judged = clocked(homes, out, "--cases", cases, "--employments", hires)
    assert judged == {"S5": "10"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--clocks", "a.csv", "--cases", "b.csv"), "must not be given with --cases"),
        (("--employments", "a.csv"), "must not be given without --cases"),
    ],
)
def test_households_come_from_one_list(store, more, said):
    told = asked("due", store, "--out", "due.csv", *more)
    assert told.exit_code == 2
    assert said in " ".join(told.output.replace("│", " ").split())


def test_only_a_community_is_listed_where_it_is_asked_for(store, tmp_path):
    made = asked("due", store, "--out", tmp_path / "due.csv", "--community", "340302001002")
    assert "在册0人，待办0人" in made.output


def test_the_status_of_everybody_is_counted_and_written(store, tmp_path):
    out = tmp_path / "status.csv"
    told = asked("status", store, "--out", out)
    assert told.exit_code == 0
    assert "registered_unemployed\t5" in told.output
    assert rows(out)[0]["run_since"] == "2025-03-01"


def test_one_person_is_told_spell_by_spell_and_another_is_not_known(store):
    told = asked("status", store, "--person", "S1")
    assert "2025-03-01\t\tregistered_unemployed\tSPS1" in told.output
    nobody = asked("status", store, "--person", "S9")
    assert "must hold a spell of this person, got 'S9'" in str(nobody.exception)


def test_faults_are_counted_written_and_in_the_exit_status(store, tmp_path):
    assert asked("faults", store).exit_code == 0
    with Store.open(store) as opened:
        more = {"id": ["X"], "person": ["S1"], "status": ["employed"], "start": days("2025-06-01")}
        opened.put("spells", pa.table(more))
    out = tmp_path / "faults.csv"
    told = asked("faults", store, "--out", out)
    assert told.exit_code == 3
    assert "overlap\t1\t同一人的就业状态记录不得重叠" in told.output
    assert [one["fault"] for one in rows(out)] == ["overlap", "status_differs"]


def test_skills_and_needs_are_counted_by_group(store, tmp_path):
    out = tmp_path / "analysis.csv"
    told = asked("analysis", store, "--out", out, "--group", "veteran", "--least", 2)
    assert "退役军人\t5\t（不详<2）" in told.output  # kept back, whether there is one or nobody
    assert "退役军人\t5\t（不详0）" in asked("analysis", store, "--out", out).output
    asked("analysis", store, "--out", out, "--group", "veteran", "--least", 2)
    people = [one for one in rows(out) if one["measure"] == "people"]
    assert [(one["community"], one["people"]) for one in people] == [
        ("", "5"),
        ("340302001001", "5"),
    ]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--out", "due.txt"), "must end in one of .xlsx"),
        (("--out", "due.csv", "--interval", "veteran"), "must be a group and days"),
        (("--out", "due.csv", "--interval", "poets=3"), "must be one of all, graduate"),
        (("--out", "due.csv", "--interval", "all=3"), "must name a group"),
        (("--out", "due.csv", "--reason", "whim"), "must be one of six_months"),
        (("--out", "due.csv", "--as-of", "2025-12-31"), "must be a moment with a zone"),
    ],
)
def test_a_wrong_option_is_refused_with_its_rule(store, more, said):
    told = asked("due", store, *more)
    assert told.exit_code == 2
    assert said in " ".join(told.output.replace("│", " ").split())


def test_a_sheet_without_its_store_makes_none(tmp_path):
    told = run("take", tmp_path / "due.xlsx", "--store", tmp_path / "none.db")
    assert "must be a store" in str(told.exception)
    assert list(tmp_path.iterdir()) == []
