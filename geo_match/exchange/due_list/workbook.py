"""A due list as a workbook: one sheet to work through, and one that says how."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geo_match.exchange.due_list.columns import SheetColumn, sheet_columns, words_of
from geo_match.exchange.target import check_suffix_among, naming, replacing
from geo_match.exchange.xlsx import text_cell
from geo_match.policy.due.words import REASON_NAMES
from geo_match.policy.ledger.groups import CHINESE
from geo_match.records.people import Seeker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geo_match.policy.due import DueList

SHEET: Final = {"zh": "待办名单", "en": "due list"}
ABOUT: Final = {"zh": "说明", "en": "about"}
_SUFFIX: Final = ".xlsx"
_GREY, _YELLOW, _RED = "F2F2F2", "FFF8DC", "C00000"
_DAY_FORMAT: Final = "yyyy-mm-dd"
_STATUS: Final = {
    value: said.split()[0] for value, said in (Seeker.specs()["status"].about.choices or {}).items()
}
_DAYS: Final = frozenset({"due_on", "contact_on", "on", "next_contact_on"})
_NUMBERS: Final = frozenset({"days_left", "attempts"})
_HOW: Final = {
    "zh": (
        "黄色各列由工作人员填写；其余各列请勿改动。",
        "服务方式、服务结果从下拉框选择；没有做的行留空即可。",
        "未接通、空号不算联系上：未填下次联系日期的，原约定日期不变，仍列入名单。",
        "填好后保存，用 geo-match ledger take 导入；同一张表导入两次不会重复。",
    ),
    "en": (
        "Fill in the yellow columns; leave the others as they are.",
        "Choose kind and result from their lists; leave the rows of which nothing was done empty.",
        "no_answer and wrong_number are no contact: without a next day the agreed one stays.",
        "Save it, and take it in with geo-match ledger take; twice does no harm.",
    ),
}


def write_due_list(
    path: str | Path,
    due: DueList,
    *,
    language: str = "zh",
    station_id: str | None = None,
    operator_id: str | None = None,
) -> int:
    """Write a due list as a workbook; it appears when it is complete.

    Parameters
    ----------
    path
        An `.xlsx` file; one that stood there is replaced.
    due
        The list.
    language
        `zh` or `en`: of headers and words. Both are read back.
    station_id, operator_id
        Who works through it: written beside each line, to be recorded with the service.

    Returns
    -------
    int
        Number of persons.

    Raises
    ------
    FileError
        If the suffix is another, a text is longer than a cell can hold, or the file cannot be
        written.
    """
    check_suffix_among(path, (_SUFFIX,))
    target = Path(path)
    with replacing(target) as (temporary,), naming(target):
        _write(
            temporary, due, target, language, {"station_id": station_id, "operator_id": operator_id}
        )
    return len(due)


def _write(
    path: Path, due: DueList, target: Path, language: str, fixed: Mapping[str, str | None]
) -> None:
    from openpyxl import Workbook  # type: ignore[import-untyped] # noqa: PLC0415 - takes a while

    workbook = Workbook(write_only=True)
    columns = sheet_columns(due.options.n_jobs, with_doors=due.options.unmasked)
    sheet = workbook.create_sheet(SHEET[language])
    about = workbook.create_sheet(ABOUT[language])
    try:
        _write_rows(sheet, columns, due, target=target, language=language, fixed=fixed)
        for line in _about(due, language):
            about.append([text_cell(about, line, target)])
        about.column_dimensions["A"].width = 100
        workbook.save(path)
    except BaseException:
        for one in workbook.worksheets:
            one.close()  # else its generator is left to complain of it
        raise


def _write_rows(
    sheet: Any,  # noqa: ANN401 - openpyxl has no types
    columns: tuple[SheetColumn, ...],
    due: DueList,
    *,
    target: Path,
    language: str,
    fixed: Mapping[str, str | None],
) -> None:
    from openpyxl.styles import (  # type: ignore[import-untyped] # noqa: PLC0415 - as above
        Alignment,
        Font,
        PatternFill,
    )
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped] # noqa: PLC0415 - too

    letters = [get_column_letter(at) for at in range(1, len(columns) + 1)]
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.auto_filter.ref = f"A1:{letters[-1]}{len(due) + 1}"
    heads = []
    for letter, column in zip(letters, columns, strict=True):
        sheet.column_dimensions[letter].width = column.width
        head = text_cell(sheet, column.header(language), target)
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor=_YELLOW if column.is_filled else _GREY)
        head.alignment = Alignment(wrap_text=True, vertical="top")
        heads.append(head)
    _add_choices(sheet, columns, letters, len(due), language)
    sheet.append(heads)
    red, wrapped = Font(color=_RED), Alignment(wrap_text=True, vertical="top")
    for row in _rows(due, language, fixed):
        cells = []
        for column in columns:
            cell = _cell(sheet, row.get(column.name), column.name, target)
            if column.name == "overdue" and row["overdue"]:
                cell.font = red
            if column.is_filled:
                cell.fill = PatternFill("solid", fgColor=_YELLOW)
            cell.alignment = wrapped
            cells.append(cell)
        sheet.append(cells)


def _add_choices(
    sheet: Any,  # noqa: ANN401 - as above
    columns: tuple[SheetColumn, ...],
    letters: list[str],
    n: int,
    language: str,
) -> None:
    """Let Excel offer the words of the columns of choices."""
    from openpyxl.worksheet.datavalidation import (  # type: ignore[import-untyped] # noqa: PLC0415 - as above
        DataValidation,
    )

    for letter, column in zip(letters, columns, strict=True):
        if not column.is_filled or not (words := words_of(column.name)):
            continue
        offered = words.values() if language == "zh" else words
        choices = DataValidation(
            type="list", formula1=f'"{",".join(offered)}"', allow_blank=True, showErrorMessage=True
        )
        choices.add(f"{letter}2:{letter}{max(n, 1) + 1}")
        sheet.data_validations.append(choices)


def _rows(
    due: DueList, language: str, fixed: Mapping[str, str | None]
) -> Iterator[dict[str, object]]:
    """Yield the lines of the sheet."""
    zh = language == "zh"
    aloud: dict[str, list[str]] = {}
    if len(due.jobs):
        for person, said in zip(due.jobs["person"], due.jobs[language], strict=True):
            aloud.setdefault(person, []).append(said)
    results = words_of("result")
    for one in due.people.to_dict("records"):
        row: dict[str, object] = {
            str(name): None if pd.isna(value) else value for name, value in one.items()
        }
        row["overdue"] = ("是" if zh else "yes") if one["overdue"] else None
        row["community_shown"] = row["community_name"] or row["community"]
        row["status_shown"] = _STATUS.get(str(row["status"])) if zh else row["status"]
        names = str(row["groups"] or "").split(",")
        row["groups_shown"] = "、".join(CHINESE.get(g, g) for g in names) if zh else row["groups"]
        row["why"] = row["why_zh" if zh else "why_en"]
        said = row["contact_result"]
        row["contact_result_shown"] = results.get(str(said)) if zh else said
        row |= {f"job_to_read_{n}": job for n, job in enumerate(aloud.get(one["person"], ()), 1)}
        # The last contact's columns are not those of the service that is to be filled in.
        row |= {"on": due.options.on, "next_contact_on": None, "id": row["service_id"]}
        yield row | dict(fixed)


def _cell(sheet: Any, value: object, name: str, target: Path) -> Any:  # noqa: ANN401 - as above
    from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped] # noqa: PLC0415 - as above

    if name in _DAYS:
        day = None if value is None else pd.Timestamp(str(value)).to_pydatetime()
        cell = WriteOnlyCell(sheet, day)
        cell.number_format = _DAY_FORMAT
        return cell
    if name in _NUMBERS:
        return WriteOnlyCell(sheet, None if value is None else int(str(value)))
    if value is None or value == "":
        return WriteOnlyCell(sheet, None)
    return text_cell(sheet, str(value), target)


def _about(due: DueList, language: str) -> Iterator[str]:
    """Yield the lines of the sheet that says what the list is."""
    place = 0 if language == "zh" else 1
    options = due.options
    n, overdue = len(due), int(due.people["overdue"].sum())
    yield (
        f"待办名单，{options.on}：在册{due.n_registered}人，待办{n}人，其中逾期{overdue}人。"
        if place == 0
        else f"Due list of {options.on}: {due.n_registered} registered, {n} due, {overdue} overdue."
    )
    yield from _HOW[language]
    yield ("事由：" if place == 0 else "Reasons: ") + "、".join(
        REASON_NAMES[one][place] for one in options.asked
    )
    for group, days in options.interval_days.items():
        yield (
            f"联系间隔（本单位设定）：{CHINESE[group]}每{days}天"
            if place == 0
            else f"Contact interval, set by the office: {group} every {days} days"
        )
    for words in due.not_asked:
        yield words[place]
    yield (
        f"满6个月未联系的，提前{options.limit_notice_days}天列入。"
        if place == 0
        else f"The limit of months without contact is told {options.limit_notice_days} days ahead."
    )
    yield (
        "含姓名、电话和门牌全文，请按个人信息保护要求保管。"
        if options.unmasked and place == 0
        else "Names, phone numbers and doors are whole: keep it as personal data is kept."
        if options.unmasked
        else "姓名、电话已遮蔽，不含单元和房号。"
        if place == 0
        else "Names and phone numbers are masked; units and rooms are left out."
    )
