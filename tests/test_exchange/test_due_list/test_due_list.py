"""A due list goes out as a workbook, is filled in, and comes back as service records."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pandas as pd
import pytest

from geo_match.errors import ColumnError, FileError
from geo_match.exchange.due_list import read_filled, write_due_list, write_services
from geo_match.exchange.due_list.columns import FIRST, SERVICE_FIELDS, job_columns
from geo_match.intake.importing import import_file
from geo_match.policy.due import DueOptions, Openings, due_list
from geo_match.records.people import Service
from geo_match.store import Store

ON = dt.date(2025, 12, 31)
TODAY = dt.date(2026, 1, 5)
PEOPLE = ["S1", "S2", "S3", "S4"]


@pytest.fixture(scope="module")
def due():
    seekers = pd.DataFrame(
        {
            "id": PEOPLE,
            "name": ["示例甲", "示例乙", "=1+1", None],
            "phone": "13800000012",
            "address": "示例小区3号楼2单元501室",
            "lon": 117.38,
            "lat": 32.93,
            "groups": [["veteran"]] * 4,
            "status": "flexible",
        }
    )
    spells = pd.DataFrame({"person": PEOPLE, "status": "flexible", "start": "2024-01-01"})
    services = pd.DataFrame(
        {
            "id": [f"V{one}" for one in PEOPLE],
            "person": PEOPLE,
            "on": "2025-11-01",
            "result": "willing",
            "next_contact_on": "2025-12-20",
        }
    )
    job = {"id": ["J1"], "title": ["保洁员"], "employer_licence": ["verified"], "lon": [117.38]}
    jobs = pd.DataFrame(job | {"lat": [32.931], "wage_low_cny": [2000.0], "wage_unit": ["month"]})
    options = DueOptions(on=ON, n_jobs=2)
    return due_list(seekers, spells, services, options, openings=Openings(jobs))


@pytest.fixture(scope="module")
def written(due, tmp_path_factory):
    path = tmp_path_factory.mktemp("due") / "待办.xlsx"
    assert write_due_list(path, due, station_id="ST1", operator_id="OP1") == 4
    return path


def cells(path):
    sheet = openpyxl.load_workbook(path).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def fill(path, target, lines, headers=("服务方式", "服务结果", "下次联系日期", "服务日期")):
    """Write into the lines of a sheet what a worker chooses there: kind, result, next day, day."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    place = {cell.value: cell.column for cell in sheet[1]}
    for row, values in lines.items():
        for header, value in zip(headers, values, strict=False):
            sheet.cell(row + 1, place[header]).value = value
    book.save(target)
    return target


def test_a_line_says_who_where_why_and_what_to_read_and_leaves_the_result_open(written):
    line = cells(written)[0]
    assert (line["求职编号"], line["姓名"], line["联系电话"]) == ("S1", "示**", "138******12")
    assert (line["逾期"], line["剩余天数"], line["小区"], line["楼栋"]) == (
        "是",
        -11,
        "示例小区",
        "3",
    )
    assert line["事由"].startswith("约定2025-12-20再次联系")
    assert (line["最近联系"].date(), line["最近联系结果"]) == (dt.date(2025, 11, 1), "有意愿")
    assert line["推荐岗位（读给对方）1"] == "保洁员，直线110米，2,000元/月"
    assert line["推荐岗位（读给对方）2"] is None
    assert line["服务日期"].date() == ON
    assert [line[one] for one in ("服务方式", "服务结果", "下次联系日期", "备注")] == [None] * 4
    assert (line["服务编号"], line["网点编号"], line["运营机构编号"]) == (
        "S1-D251231-1",
        "ST1",
        "OP1",
    )


def test_what_is_masked_stands_nowhere_in_the_sheet(written):
    assert "房号" not in cells(written)[0]
    assert not any(whole in str(cells(written)) for whole in ("501", "示例甲", "13800000012"))


def test_a_name_that_a_spreadsheet_would_run_stays_a_text(written):
    assert cells(written)[2]["姓名"] == "'=***"


def test_excel_offers_the_words_that_intake_knows(written):
    rules = openpyxl.load_workbook(written).worksheets[0].data_validations.dataValidation
    offered = [one.formula1.strip('"').split(",") for one in rules]
    for field, words in zip(("kind", "result"), offered, strict=True):
        known = Service.specs()[field].about.choices
        assert words == [said.split()[0] for said in known.values()]


def test_the_second_sheet_says_how_and_what_was_not_asked(written):
    about = [
        row[0] for row in openpyxl.load_workbook(written).worksheets[1].iter_rows(values_only=True)
    ]
    assert about[0] == "待办名单，2025-12-31：在册4人，待办4人，其中逾期4人。"
    assert any("没有依据规定多久联系一次" in line for line in about)


def test_no_header_that_is_only_read_is_taken_for_a_field_of_a_service():
    read = [one for one in (*FIRST, *job_columns(3)) if one.name not in SERVICE_FIELDS]
    known = {header for spec in Service.specs().values() for header in spec.headers}
    assert not {one.zh for one in read} & known
    assert not {one.name for one in read} & known


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_filled_in_becomes_services_and_the_rest_is_left(due, tmp_path, language):
    path = tmp_path / "due.xlsx"
    write_due_list(path, due, language=language)
    headers = {
        "zh": ("服务方式", "服务结果", "下次联系日期"),
        "en": ("kind", "result", "next_contact_on"),
    }
    words = {"zh": ("电话", "未接通"), "en": ("phone", "no_answer")}[language]
    lines = {1: (*words, dt.date(2026, 1, 3)), 3: (*words, None)}
    filled = read_filled(fill(path, path, lines, headers[language]), today=TODAY)
    assert (filled.n_read, filled.n_left, len(filled.services)) == (4, 2, 2)
    listed = write_services(filled, path)
    with Store.open(tmp_path / "s.db") as store:
        report = import_file(listed, "services", store)
        assert (report.accepted, report.rejected) == (2, 0)
        first, second = store.read("services").to_pylist()
        again = import_file(write_services(filled, path), "services", store)
    assert (again.accepted, again.unchanged) == (0, 2)
    assert (first["id"], first["person"], first["on"]) == ("S1-D251231-1", "S1", ON)
    assert (first["kind"], first["result"]) == ("phone", "no_answer")
    assert first["next_contact_on"] == dt.date(2026, 1, 3)
    assert (second["person"], second["next_contact_on"]) == ("S3", None)


@pytest.mark.parametrize(
    ("line", "field", "rule"),
    [
        (("电话", None, dt.date(2026, 1, 3)), "服务结果", "须从下拉框选择服务结果"),
        (("电话", "有意愿", None, dt.date(2026, 1, 6)), "服务日期", "不得晚于2026-01-05"),
        (("电话", "有意愿", dt.date(2025, 12, 31)), "下次联系日期", "须晚于服务日期2025-12-31"),
        # However a day is written, it is the same day.
        (("电话", "有意愿", None, "2099/1/1"), "服务日期", "不得晚于2026-01-05"),
        (("电话", "有意愿", None, "2026年1月6日"), "服务日期", "不得晚于2026-01-05"),
        (("电话", "有意愿", None, 46028), "服务日期", "不得晚于2026-01-05"),
        (("电话", "有意愿", "2025/12/1"), "下次联系日期", "须晚于服务日期2025-12-31"),
        (("电话", "有意愿", "２０２５.12.31"), "下次联系日期", "须晚于服务日期2025-12-31"),
    ],
)
def test_a_line_with_a_fault_is_told_and_not_taken(written, tmp_path, line, field, rule):
    sheet = fill(written, tmp_path / "filled.xlsx", {2: line})
    filled = read_filled(sheet, today=TODAY)
    (fault,) = filled.faults
    assert (fault.row, fault.field) == (2, field)
    assert rule in fault.zh
    assert fault.en
    assert (len(filled.services), filled.n_left, filled.n_faulty) == (0, 3, 1)


def test_the_last_day_that_may_be_is_today_and_the_next_contact_may_be_tomorrow(written, tmp_path):
    line = ("电话", "有意愿", dt.date(2026, 1, 6), dt.date(2026, 1, 5))
    filled = read_filled(fill(written, tmp_path / "filled.xlsx", {2: line}), today=TODAY)
    assert not filled.faults
    assert len(filled.services) == 1


@pytest.mark.parametrize("result", ["未接通", "空号"])
def test_an_attempt_needs_no_next_day_and_what_was_agreed_before_stays(written, tmp_path, result):
    sheet = fill(written, tmp_path / "filled.xlsx", {1: ("电话", result)})
    filled = read_filled(sheet, today=TODAY)
    assert (len(filled.services), filled.faults) == (1, ())
    before = pd.DataFrame(
        {"id": ["V1"], "person": ["S1"], "on": ["2025-11-01"], "result": ["willing"]}
        | {"next_contact_on": ["2025-12-20"]}
    )
    words = {"未接通": "no_answer", "空号": "wrong_number"}
    taken = before.assign(id="V2", on=ON, result=words[result], next_contact_on=None)
    spells = pd.DataFrame({"person": ["S1"], "status": "flexible", "start": "2024-01-01"})
    again = due_list(
        pd.DataFrame({"id": ["S1"]}),
        spells,
        pd.concat([before, taken]),
        DueOptions(on=TODAY, reasons=["follow_up"]),
    )
    assert again.people["due_on"].dt.date.tolist() == [dt.date(2025, 12, 20)]


def test_a_day_that_cannot_be_read_is_left_to_intake(written, tmp_path):
    lines = {1: ("电话", "有意愿", "改天"), 2: ("电话", "有意愿", "03/04/2026")}
    filled = read_filled(fill(written, tmp_path / "filled.xlsx", lines), today=TODAY)
    assert (len(filled.services), filled.faults) == (2, ())
    with Store.open(tmp_path / "s.db") as store:
        report = import_file(write_services(filled, tmp_path / "a.xlsx"), "services", store)
    assert (report.accepted, report.rejected) == (0, 2)


def test_services_are_written_beside_the_sheet_and_never_over_another_list(written, tmp_path):
    sheet = tmp_path / "a.xlsx"
    one = read_filled(fill(written, sheet, {1: ("电话", "有意愿")}), today=TODAY)
    two = read_filled(fill(written, sheet, {1: ("电话", "拒绝服务")}), today=TODAY)
    names = [write_services(each, sheet).name for each in (one, one, two, two)]
    assert names == ["a.services.csv"] * 2 + ["a.services-2.csv"] * 2


def test_a_file_that_is_no_due_list_is_refused(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("求职编号,服务结果\nS1,有意愿\n", encoding="utf-8")
    with pytest.raises(
        ColumnError, match="must have the columns of a due list, got none called 服务编号"
    ):
        read_filled(path, today=TODAY)


def test_a_due_list_is_a_workbook(due, tmp_path):
    with pytest.raises(FileError, match=r"must end in one of \.xlsx"):
        write_due_list(tmp_path / "due.csv", due)
