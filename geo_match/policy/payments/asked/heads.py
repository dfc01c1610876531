"""What is asked of a head of the ¥1 base: served, urban, and of working age when served."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from geo_match.policy.conditions import Condition
from geo_match.policy.payments.asked import refusals
from geo_match.rules import FAIL, PASS, UNKNOWN, NotInForceError, working_age

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo_match.policy.payments import rows as r
    from geo_match.policy.payments.case import Case
    from geo_match.policy.payments.options import PaymentOptions

_BEST: Final = {FAIL: 0, UNKNOWN: 1, PASS: 2}


def served(case: Case) -> Condition:
    """Tell whether a service reached a person who took it, by an operator that is known."""
    name, service = "served", _counted(case)
    ids = tuple(sorted({one.id for one in case.services}))
    if service is not None and _reached(service, case.options) == PASS:
        en = f"{service.operator_id} served on {service.on}."
        zh = f"{service.operator_id} 于 {service.on} 提供服务。"
        return Condition(name, PASS, (service.id,), en, zh)
    if service is not None and _reached(service, case.options) == FAIL:
        en = "Whoever was reached refused the service or had moved away."
        return Condition(name, FAIL, ids, en, "服务被拒绝或本人已搬离，不计入服务人数。")
    if service is None or service.operator_id is None or service.conflicts:
        en, zh = "Nobody noted who served.", "服务机构没有记录。"
        return Condition(name, UNKNOWN, ids, en, zh, "who gave the service 提供服务的机构")
    en = "The service was refused, and whether such a one counts is open."
    zh = "服务被拒绝或本人已搬离，能否认定未定。"
    return Condition(name, UNKNOWN, ids, en, zh, refusals.MISSING)


def urban(case: Case) -> Condition:
    """Tell whether the person is urban (城镇): by 户口, as households have nothing else."""
    name, hukou = "urban", None if case.holder is None else case.holder.hukou
    if hukou is None:
        en, zh = "The household registration is not known.", "户口性质不明。"
        return Condition(name, UNKNOWN, case.holder_id, en, zh, "the kind of hukou 户口性质")
    en, zh = f"The household registration is {hukou}.", f"户口性质：{hukou}。"
    return Condition(name, PASS if hukou == "urban" else FAIL, case.holder_id, en, zh)


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
        return Condition(name, UNKNOWN, case.holder_id, en, zh, missing)
    outcome = _of_age(int(person.birth_year), person.sex, day)
    born = f"{person.birth_year:.0f}"
    en = f"Born in {born}, served on {day}."
    zh = f"{born} 年出生，{day} 接受服务。"
    if outcome == UNKNOWN:
        more = "the birthday, and for women the post 出生日期（女性另需岗位类别）"
        return Condition(name, UNKNOWN, (person.id,), en, zh, more)
    return Condition(name, outcome, (person.id,), en, zh)


def counted(
    services: Iterable[r.ServiceGiven], holder: r.Person | None, options: PaymentOptions
) -> r.ServiceGiven | None:
    """Return the service that a head is counted by: each condition is of one and the same.

    Parameters
    ----------
    services
        Those of the year that may count the head.
    holder
        The person's record; None if there is none.
    options
        How open questions are answered.

    Returns
    -------
    ServiceGiven or None
        The one that most can be said of: that it reached a person who took it, by an operator that
        is known, and that the person was of working age then. Where it is the same of both
        together, the former comes before the latter. Of several the first; None of none.
    """
    born = None if holder is None else holder.birth_year
    sex = None if holder is None else holder.sex

    def rank(one: r.ServiceGiven) -> tuple[int, int, int, dt.date, str]:
        day = one.on or dt.date.max
        age = UNKNOWN if born is None else _of_age(int(born), sex, day)
        reached, of_age = _BEST[_reached(one, options)], _BEST[age]
        return -min(reached, of_age), -reached, -of_age, day, one.id

    return min(services, key=rank, default=None)


def _counted(case: Case) -> r.ServiceGiven | None:
    return counted(case.services, case.holder, case.options)


def _reached(service: r.ServiceGiven, options: PaymentOptions) -> int:
    """Return whether a service reached a person who took it, by an operator that is known."""
    if service.conflicts:
        return UNKNOWN
    counts = refusals.counts(service, options)
    return UNKNOWN if service.operator_id is None and counts != FAIL else counts


@lru_cache(maxsize=65_536)
def _of_age(born: int, sex: str | None, day: dt.date) -> int:
    try:
        return int(working_age([born], [sex], day)[0])
    except NotInForceError:
        return UNKNOWN
