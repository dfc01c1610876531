"""What is asked of a community: its survey, its recognition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.policy.conditions import Condition
from geo_match.rules import FAIL, PASS, UNKNOWN

if TYPE_CHECKING:
    import datetime as dt

    from geo_match.policy.payments.case import Case

_LEVELS: Final = {"province": "省级", "city": "市级"}
_KINDS: Final = {"street": "街道（乡镇）", "community": "社区"}


def survey_done(case: Case) -> Condition:
    """Tell whether the survey was done; until it is due it may still be."""
    day = None if case.survey is None else case.survey.done_on
    return _by_due(case, "survey_done", day, "done", "完成调查")


def survey_entered(case: Case) -> Condition:
    """Tell whether the survey was entered; until it is due it may still be."""
    day = None if case.survey is None else case.survey.entered_on
    return _by_due(case, "survey_entered", day, "entered", "录入系统")


def _by_due(case: Case, name: str, day: dt.date | None, en: str, zh: str) -> Condition:
    if _in_conflict(case):
        return _conflict(case, name)
    if day is not None:
        return Condition(name, PASS, (case.id,), f"It was {en} on {day}.", f"{day} {zh}。")
    due = None if case.survey is None else case.survey.due_on
    if due is None or case.known.as_of <= due:
        text = f"It is not {en} yet; it is due on {due or 'a day not known'}."
        missing = f"the day on which it was {en} {zh}日期"
        return Condition(
            name, UNKNOWN, (case.id,), text, f"尚未{zh}，期限 {due or '不明'}。", missing
        )
    return Condition(name, FAIL, (case.id,), f"It was not {en} by {due}.", f"至 {due} 未{zh}。")


def survey_timely(case: Case) -> Condition:
    """Tell whether the survey was in time: done or entered by its day, or both if that is open."""
    name = "survey_timely"
    if _in_conflict(case):
        return _conflict(case, name)
    survey, by = case.survey, case.options.survey_timely_by
    due = None if survey is None else survey.due_on
    if survey is None or due is None:
        en, zh = "The day on which it is due is not known.", "完成期限不明。"
        return Condition(name, UNKNOWN, (case.id,), en, zh, "the day on which it is due 完成期限")
    days = {"done_on": survey.done_on, "entered_on": survey.entered_on}
    told = {one: _in_time(case, day, due) for one, day in days.items()}
    outcomes = {told[by]} if by is not None else set(told.values())
    done, entered = (str(day or "no day yet") for day in days.values())
    en = f"It was due on {due}, done on {done} and entered on {entered}."
    zh = f"期限 {due}，完成 {survey.done_on or '无'}，录入 {survey.entered_on or '无'}。"
    if outcomes in ({PASS}, {FAIL}):
        return Condition(name, min(outcomes), (case.id,), en, zh)
    if UNKNOWN in outcomes:
        missing = "the day on which it is done and entered 完成和录入日期"
        return Condition(name, UNKNOWN, (case.id,), en, zh, missing)
    missing = "an answer on survey_timely_by 及时性按完成还是按录入认定"
    return Condition(name, UNKNOWN, (case.id,), en, zh, missing)


def _in_time(case: Case, day: dt.date | None, due: dt.date) -> int:
    """Return whether a day is one in time; until it is due it may still be."""
    if day is None:
        return UNKNOWN if case.known.as_of <= due else FAIL
    return PASS if day <= due else FAIL


def survey_complete(case: Case) -> Condition:
    """Tell whether the survey is complete, as far as anybody looked."""
    flag = None if case.survey is None else case.survey.complete
    return _looked_at(case, "survey_complete", flag, "complete", "完整")


def survey_true(case: Case) -> Condition:
    """Tell whether the survey is true, as far as anybody looked."""
    flag = None if case.survey is None else case.survey.true_checked
    return _looked_at(case, "survey_true", flag, "true", "真实")


def _looked_at(case: Case, name: str, flag: bool | None, en: str, zh: str) -> Condition:  # noqa: FBT001 - private, and what it tells of
    if _in_conflict(case):
        return _conflict(case, name)
    if flag is None:
        text = f"Nobody has checked whether it is {en}."
        missing = f"a check of whether it is {en} {zh}性核查"
        return Condition(name, UNKNOWN, (case.id,), text, f"尚未核查是否{zh}。", missing)
    found, zh_found = (f"was found {en}", zh) if flag else (f"was found not {en}", f"不{zh}")
    outcome = PASS if flag else FAIL
    return Condition(name, outcome, (case.id,), f"It {found}.", f"经核查{zh_found}。")


def _in_conflict(case: Case) -> bool:
    return case.survey is not None and case.survey.conflicts


def _conflict(case: Case, name: str) -> Condition:
    en, zh = "Records of the survey differ.", "调查记录互相矛盾。"
    return Condition(name, UNKNOWN, (case.id,), en, zh, "a corrected record 更正后的记录")


def recognised_by_authority(case: Case) -> Condition:
    """Tell whether the province or the city recognised it: what is computed is no recognition."""
    name, level = (
        "recognised_by_authority",
        None if case.recognition is None else case.recognition.level,
    )
    if level is None:
        en, zh = "Who recognised it is not known.", "认定机关不明。"
        return Condition(name, UNKNOWN, (case.id,), en, zh, "who recognised it 认定机关")
    if level in _LEVELS:
        en, zh = f"Recognised by the {level}.", f"{_LEVELS[level]}认定。"
        return Condition(name, PASS, (case.id,), en, zh)
    en, zh = f"{level} is neither province nor city.", f"{level} 不是省、市认定。"
    return Condition(name, FAIL, (case.id,), en, zh)


def recognised_kind(case: Case) -> Condition:
    """Tell whether what was recognised is a street, a town or a community."""
    name, kind = "recognised_kind", None if case.recognition is None else case.recognition.kind
    if kind is None:
        en, zh = "What was recognised is not known.", "认定对象不明。"
        return Condition(name, UNKNOWN, (case.id,), en, zh, "what was recognised 认定对象")
    if kind in _KINDS:
        return Condition(name, PASS, (case.id,), f"It is a {kind}.", f"认定对象为{_KINDS[kind]}。")
    en, zh = f"{kind} is neither street nor community.", f"{kind} 不是街道（乡镇）或社区。"
    return Condition(name, FAIL, (case.id,), en, zh)


def recognition_document(case: Case) -> Condition:
    """Tell whether the document of the recognition is at hand."""
    name, found = "recognition_document", case.recognition
    if found is None or found.document is None or found.conflicts:
        en, zh = "The document is not at hand.", "没有认定文件。"
        return Condition(name, UNKNOWN, (case.id,), en, zh, "the recognition document 认定文件")
    en, zh = f"It is {found.document}.", f"认定文件：{found.document}。"
    # One document may recognise several: each is evidence of its own.
    return Condition(name, PASS, (f"{found.document}/{found.code}",), en, zh)


def paid_once_per_recognition(case: Case) -> Condition:
    """Tell whether it is a recognition of its own: another one is paid again, the same one not."""
    name = "paid_once_per_recognition"
    if case.earlier:
        en = "The same recognition, by its document, comes before it."
        return Condition(name, FAIL, case.earlier, en, "同一认定文件已有在先记录。")
    return Condition(name, PASS, (), "It comes once.", "该认定只出现一次。")
