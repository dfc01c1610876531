"""A case's conditions in words: applied for, verified, cleared by whom, and within the limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from geo_match.policy.conditions import Condition
from geo_match.rules.outcome import FAIL, OUTCOMES, PASS, UNKNOWN

if TYPE_CHECKING:
    from typing import Literal


def explain_case(
    case: pd.Series, how: pd.Series, clock_from: Literal["verified", "applied"]
) -> tuple[Condition, ...]:
    """Return the conditions of one case.

    Parameters
    ----------
    case
        Its row of `CaseReport.cases`.
    how
        Its row of what `judge_clearing` returns.
    clock_from
        From which day the clock runs.
    """
    ids = (case["case"],)
    told = [
        _step(case, "applied", "applied for", "已申请", "application 申请表"),
        _step(case, "verified", "verified by the community", "社区已核实", "verification 核实记录"),
    ]
    if how["recorded"] == PASS:
        told += [_by_member(case, how), _by_employment(case, how)]
    else:
        zh = "没有清零记录。"
        told.append(Condition("clearing_recorded", FAIL, ids, "No clearing is noted.", zh))
    return (*told, _in_time(case, clock_from))


def _step(case: pd.Series, name: str, en: str, zh: str, record: str) -> Condition:
    ids = (case["case"],)
    on = case[f"{name}_on"]
    if pd.notna(on):
        day = f"{on:%Y-%m-%d}"
        return Condition(name, PASS, ids, f"It was {en} on {day}.", f"{zh}：{day}。")
    if case["open"]:
        return Condition(name, UNKNOWN, ids, f"It is not {en} yet.", f"尚无：{zh}。", record)
    return Condition(name, FAIL, ids, f"It was never {en}.", f"始终没有：{zh}。")


def _by_member(case: pd.Series, how: pd.Series) -> Condition:
    ids = (case["case"],)
    who, outcome = case["cleared_by"] or "nobody", int(how["by_member"])
    en, zh = {
        PASS: (f"{who} is a member of the household.", f"{who}是该家庭成员。"),
        FAIL: (f"{who} is a member of another household.", f"{who}是另一家庭的成员。"),
        UNKNOWN: (
            f"That {who} is a member of this household alone is not shown.",
            f"没有记录证明{who}只属于该家庭。",
        ),
    }[outcome]
    missing = "the household of the person 就业人员的家庭归属" if outcome == UNKNOWN else ""
    return Condition("by_member", outcome, ids, en, zh, missing)


def _by_employment(case: pd.Series, how: pd.Series) -> Condition:
    evidence = (case["case"], *how["evidence"])
    who, day = case["cleared_by"] or "nobody", f"{case['cleared_on']:%Y-%m-%d}"
    outcome = int(how["by_employment"])
    en, zh = {
        PASS: (f"{who} was hired on {day}.", f"{who}于{day}就业。"),
        FAIL: (
            f"What {who} began on {day} is a traineeship, which is no employment.",
            f"{who}于{day}参加的是就业见习，见习不属于就业。",
        ),
        UNKNOWN: (
            f"No record shows that {who} was hired on {day}.",
            f"没有记录证明{who}于{day}就业。",
        ),
    }[outcome]
    missing = f"employment record of {who} on {day} 就业记录" if outcome == UNKNOWN else ""
    return Condition("by_employment", outcome, evidence, en, zh, missing)


def _in_time(case: pd.Series, clock_from: Literal["verified", "applied"]) -> Condition:
    evidence = (case["case"],)
    outcome = OUTCOMES.index(case["in_time"])
    due = "" if pd.isna(case["due_on"]) else f"{case['due_on']:%Y-%m-%d}"
    state = case["clock"]
    if state == "not_started":
        what = {"verified": ("verified", "核实"), "applied": ("applied for", "申请")}[clock_from]
        en, zh = (
            f"No limit runs before it is {what[0]}.",
            f"{what[1]}之前不计时限。",
        )
    elif state == "no_limit":
        en, zh = "No limit is known for that day.", "该日期没有已知的时限规定。"
    elif state == "contradictory":
        en, zh = "Its days contradict each other.", "案件日期互相矛盾。"
        if pd.isna(case["begun_on"]):
            en, zh = "No day is known on which it begins.", "没有任何起始日期。"
        elif "no_day_of_clearing" in case["faults"].split(","):
            en, zh = "It is said to be cleared, and no day is known.", "已称清零，但无清零日期。"
    elif outcome == PASS:
        en, zh = f"It was cleared by {due}, the last day.", f"在最后期限{due}之前清零。"
    elif outcome == UNKNOWN:
        en, zh = f"It is open, and due by {due}.", f"尚未清零，期限为{due}。"
    elif state == "stopped":
        en, zh = "It ended without a hire.", "未经就业而终止。"
    else:
        en, zh = f"It was not cleared by {due}, the last day.", f"截至最后期限{due}未清零。"
    missing = "clearing by a hire within the limit 期限内的就业记录" if outcome == UNKNOWN else ""
    return Condition("in_time", outcome, evidence, en, zh, missing)
