"""What is asked of a person: a key group, employment difficulty."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from geo_match.policy.conditions import Condition
from geo_match.policy.payments.registrations import UNEMPLOYED
from geo_match.rules import FAIL, PASS, UNKNOWN

if TYPE_CHECKING:
    from geo_match.policy.payments import rows as r
    from geo_match.policy.payments.case import Case

_NAMED: Final = {
    "graduate": "高校毕业生",
    "migrant_worker": "农民工",
    "veteran": "退役军人",
    "retired_fisherman": "长江禁捕退捕渔民",
}
"""Groups that the notice names (二、（六））; it adds "and others"."""
_DIFFICULTY: Final = "difficulty"
_OPEN: Final = {
    _DIFFICULTY: ("difficulty_is_key_group", "就业困难人员"),
    UNEMPLOYED: ("registered_unemployed_is_key_group", "登记失业人员"),
}
PERSONAL: Final = frozenset({"key_group", "employment_difficulty", "urban", "working_age"})
"""Conditions of a person: what they rest on is not used up by a payment."""


def key_group(case: Case) -> Condition:
    """Tell whether the person is of a key group (重点群体) on the day that it is tested."""
    name, day = "key_group", _tested_on(case)
    evidence = case.holder_id
    told = {one: _belongs(case, one, day) for one in (*_NAMED, *_OPEN)}
    for one, zh in _NAMED.items():
        outcome, ids = told[one]
        if outcome == PASS:
            return Condition(name, PASS, ids, f"Of the group {one}{_at(day)}.", f"属于{zh}。")
    doubts: list[tuple[str, str, str]] = []
    for one, (option, zh) in _OPEN.items():
        counts, (outcome, ids) = getattr(case.options, option), told[one]
        if counts is False or outcome == FAIL:
            continue
        if outcome == PASS and counts:
            return Condition(name, PASS, ids, f"Of the group {one}{_at(day)}.", f"属于{zh}。")
        if outcome == PASS:
            en = f"Of {one} alone, and whether that is a key group is open"
            doubts.append((en, f"仅属于{zh}，是否列入重点群体未定", f"an answer on {option}"))
        else:
            doubts.append(
                (f"Whether of {one} is not known", f"是否{zh}不明", f"a record of {one} {zh}")
            )
    unsure = [one for one in _NAMED if told[one][0] == UNKNOWN]
    if unsure:
        zh = "、".join(_NAMED[one] for one in unsure)
        en = f"Whether of {', '.join(unsure)} is not known"
        doubts.append((en, f"是否{zh}不明", f"a record of the group 群体身份记录（{zh}）"))
    if not doubts:
        en, zh = f"Of no key group{_at(day)}.", "不属于任何重点群体。"
        return Condition(name, FAIL, evidence, en, zh)
    en, zh, missing = ("; ".join(texts) for texts in zip(*doubts, strict=True))
    return Condition(name, UNKNOWN, evidence, f"{en}.", f"{zh}。", missing)


def employment_difficulty(case: Case) -> Condition:
    """Tell whether the person has employment difficulty (就业困难人员)."""
    name, day = "employment_difficulty", _tested_on(case)
    if case.post is not None and case.person is None:
        en, zh = "Nobody holds the post.", "岗位无人在岗。"
        return Condition(name, FAIL, (case.id,), en, zh)
    outcome, evidence = _belongs(case, _DIFFICULTY, day)
    if outcome == PASS:
        kind = "" if case.holder is None else f" ({case.holder.difficulty})"
        en, zh = f"Has employment difficulty{kind}.", f"属于就业困难人员{kind}。"
        return Condition(name, PASS, evidence, en, zh)
    if outcome == FAIL:
        en, zh = "Has no employment difficulty.", "不属于就业困难人员。"
        return Condition(name, FAIL, evidence, en, zh)
    en, zh = "Whether there is employment difficulty is not known.", "是否就业困难人员不明。"
    return Condition(name, UNKNOWN, evidence, en, zh, "the recognition 就业困难人员认定")


def _tested_on(case: Case) -> dt.date | None:
    if case.options.group_tested == "as_of":
        return case.known.as_of
    if case.began is None or case.options.group_tested == "hired_on":
        return case.began
    return case.began - dt.timedelta(days=1)


def _belongs(case: Case, group: str, day: dt.date | None) -> tuple[int, tuple[str, ...]]:
    """Return whether the person is of a group on a day, and the records that tell."""
    own = case.known.memberships.get(case.person or "", ())
    dated = [one for one in own if one.group == group]
    if dated:
        return _on_day(dated, day)
    if group == UNEMPLOYED:
        # Where its times are recorded, none is no registration.
        return (FAIL if group in case.known.dated_groups else UNKNOWN), case.holder_id
    if case.holder is None or case.holder.conflicts:
        return UNKNOWN, case.holder_id
    flag = getattr(case.holder, group)
    if flag is None:
        return UNKNOWN, case.holder_id
    return (PASS if flag not in (False, "none") else FAIL), case.holder_id


def _on_day(dated: list[r.Membership], day: dt.date | None) -> tuple[int, tuple[str, ...]]:
    """Return whether a day lies in one of several times; one that cannot be leaves it open."""
    ids = tuple(dict.fromkeys(one.id for one in dated))
    if day is None:
        return UNKNOWN, ids
    sound = [
        one
        for one in dated
        if one.start is not None
        and not one.conflicts
        and not (one.end is not None and one.end < one.start)
    ]
    for one in sound:
        if one.start and one.start <= day and (one.end is None or day <= one.end):
            return PASS, (one.id,)
    return (FAIL if len(sound) == len(dated) else UNKNOWN), ids


def _at(day: dt.date | None) -> str:
    return "" if day is None else f" on {day}"
