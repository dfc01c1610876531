"""What is asked of a head of the ¥1 base: served, urban, and of working age when served."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from geo_match.policy.conditions import Condition
from geo_match.rules import FAIL, PASS, UNKNOWN, NotInForceError, working_age

if TYPE_CHECKING:
    import datetime as dt

    from geo_match.policy.payments import rows as r
    from geo_match.policy.payments.case import Case

_BEST: Final = {FAIL: 0, UNKNOWN: 1, PASS: 2}


def served(case: Case) -> Condition:
    """Tell whether a service reached the person, by an operator that is known."""
    name, service = "served", _counted(case)
    if service is not None and service.operator_id is not None and not service.conflicts:
        en = f"{service.operator_id} served on {service.on}."
        zh = f"{service.operator_id} 于 {service.on} 提供服务。"
        return Condition(name, PASS, (service.id,), en, zh)
    ids = tuple(sorted({one.id for one in case.services}))
    en, zh = "Nobody noted who served.", "服务机构没有记录。"
    return Condition(name, UNKNOWN, ids, en, zh, "who gave the service 提供服务的机构")


def urban(case: Case) -> Condition:
    """Tell whether the person is urban (城镇): by 户口, as households have nothing else."""
    name, hukou = "urban", None if case.holder is None else case.holder.hukou
    if hukou is None:
        en, zh = "The household registration is not known.", "户口性质不明。"
        return Condition(name, UNKNOWN, _person(case), en, zh, "the kind of hukou 户口性质")
    en, zh = f"The household registration is {hukou}.", f"户口性质：{hukou}。"
    return Condition(name, PASS if hukou == "urban" else FAIL, _person(case), en, zh)


def working_age_when_served(case: Case) -> Condition:
    """Tell whether the person is of working age on a day of service, by that day's rule.

    One service of the year is enough: who turns sixteen between two of them is counted by the
    second.
    """
    name, person, service = "working_age", case.holder, _counted(case)
    day = case.on if service is None else service.on
    if person is None or person.birth_year is None or day is None:
        en, zh = "The age is not known.", "年龄不明。"
        missing = "year of birth and sex 出生年份与性别"
        return Condition(name, UNKNOWN, _person(case), en, zh, missing)
    outcome = _of_age(int(person.birth_year), person.sex, day)
    born = f"{person.birth_year:.0f}"
    en = f"Born in {born}, served on {day}."
    zh = f"{born} 年出生，{day} 接受服务。"
    if outcome == UNKNOWN:
        more = "the birthday, and for women the post 出生日期（女性另需岗位类别）"
        return Condition(name, UNKNOWN, (person.id,), en, zh, more)
    return Condition(name, outcome, (person.id,), en, zh)


def _counted(case: Case) -> r.ServiceGiven | None:
    """Return the service that the head is counted by; None if there is none.

    Of those whose operator is known, if any is, the one on whose day most can be said of the age,
    the first of several: each condition is then of one and the same service.
    """
    named = [one for one in case.services if one.operator_id is not None and not one.conflicts]
    born = None if case.holder is None else case.holder.birth_year

    def rank(one: r.ServiceGiven) -> tuple[int, dt.date, str]:
        day = one.on or case.known.as_of
        if case.holder is None or born is None:
            return 0, day, one.id
        return -_BEST[_of_age(int(born), case.holder.sex, day)], day, one.id

    return min(named or case.services, key=rank, default=None)


def _person(case: Case) -> tuple[str, ...]:
    return () if case.holder is None else (case.holder.id,)


@lru_cache(maxsize=65_536)
def _of_age(born: int, sex: str | None, day: dt.date) -> int:
    try:
        return int(working_age([born], [sex], day)[0])
    except NotInForceError:
        return UNKNOWN
