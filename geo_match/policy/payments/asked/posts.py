"""What is asked of a public-welfare post: who led to it, its development, how long it lasts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from geo_match.policy.conditions import Condition
from geo_match.policy.payments import months
from geo_match.rules import FAIL, PASS, UNKNOWN, WORKING_AGE, NotInForceError

if TYPE_CHECKING:
    from geo_match.policy.payments.case import Case

_POST: Final = "public_welfare_post"


def post_led_by_operator(case: Case) -> Condition:
    """Tell whether an operator led the entity to create the post."""
    name, post = "post_led_by_operator", case.post
    missing = "who led the entity to it 引导开发岗位的运营机构"
    if post is not None and post.led_by is not None:
        en, zh = f"{post.led_by} led to it.", f"由 {post.led_by} 引导开发。"
        return Condition(name, PASS, (case.id,), en, zh)
    serving = None if post is None or post.division is None else _serving(case, post.division)
    if serving is not None and not serving:
        en, zh = "No operator serves the division.", "该区域没有运营机构。"
        return Condition(name, FAIL, (case.id,), en, zh)
    en, zh = "Nobody noted who led to it.", "引导机构没有记录。"
    return Condition(name, UNKNOWN, (case.id,), en, zh, missing)


def _serving(case: Case, division: str) -> tuple[str, ...] | None:
    """Return the operators that serve a division; None if they are not known."""
    if "agencies" not in case.known.given:
        return None
    return tuple(
        one.id
        for one in case.known.agencies
        if one.role == "operator" and division in (one.districts or "").split(";")
    )


def post_developed(case: Case) -> Condition:
    """Tell whether there is a record of the post's development (岗位开发)."""
    name, day = "post_developed", None if case.post is None else case.post.developed_on
    if day is None:
        en, zh = "No record of its development is at hand.", "没有岗位开发记录。"
        return Condition(
            name, UNKNOWN, (case.id,), en, zh, "the post's development record 岗位开发记录"
        )
    return Condition(name, PASS, (case.id,), f"Developed on {day}.", f"{day} 开发。")


def post_term(case: Case) -> Condition:
    """Tell whether the post is held no longer than it may be."""
    name, post = "post_term", case.post
    if post is None or post.holder is None or post.held_from is None:
        en, zh = "The first day on the post is not known.", "到岗日期不明。"
        return Condition(name, UNKNOWN, (case.id,), en, zh, "the first day on the post 到岗日期")
    years, until = case.rule.bounds["post_years"], post.held_to or case.known.as_of
    if until <= months.full_on(post.held_from, years * months.YEAR):
        en = f"Held from {post.held_from} to {until}, no longer than {years} years."
        zh = f"{post.held_from} 至 {until}，不超过 {years} 年。"
        return Condition(name, PASS, (case.id,), en, zh)
    near = case.rule.bounds["years_before_retirement"]
    outcome = _near_retirement(case, post.held_from, near)
    en = f"Held from {post.held_from} to {until}, longer than {years} years, "
    zh = f"{post.held_from} 至 {until}，超过 {years} 年，"
    if outcome == UNKNOWN:
        en, zh = f"{en}and how near retirement was is not known.", f"{zh}到岗时距退休年限不明。"
        return Condition(
            name, UNKNOWN, (case.id,), en, zh, "birthday, sex and post 出生日期、性别与岗位类别"
        )
    word, zh_word = ("less", "不足") if outcome == PASS else ("not less", "不少于")
    en, zh = (
        f"{en}{word} than {near} years before retirement.",
        f"{zh}到岗时距退休{zh_word} {near} 年。",
    )
    return Condition(name, outcome, (case.id,), en, zh)


def _near_retirement(case: Case, day: dt.date, years: int) -> int:
    """Return whether retirement is less than so many years after a day, by that day's rule.

    不足五年: who has five full years until then is not near it.
    The first and the last birthday of the year of birth bound all others, and each category of
    women is a case.
    """
    person = case.holder
    if person is None or person.birth_year is None or person.sex not in ("male", "female"):
        return UNKNOWN
    try:
        rule = WORKING_AGE.on(day).value
    except NotInForceError:
        return UNKNOWN
    limit, born = months.add_months(day, years * months.YEAR), int(person.birth_year)
    cases = (rule.men,) if person.sex == "male" else rule.women
    birthdays = (dt.date(born, 1, 1), dt.date(born, 12, 31))
    told = {one.day(birthday) < limit for one in cases for birthday in birthdays}
    return UNKNOWN if len(told) > 1 else PASS if told.pop() else FAIL


def public_welfare_post(case: Case) -> Condition:
    """Tell whether the work is a public-welfare post, where that is asked for."""
    name, hire = "public_welfare_post", case.hire
    needed = case.options.assistance_needs_public_welfare_post
    evidence = case.work_id
    if hire is not None and hire.form == _POST:
        return Condition(name, PASS, evidence, "It is a public-welfare post.", "为公益性岗位。")
    if needed is False:
        en, zh = "It need not be a public-welfare post.", "按所选口径，不要求为公益性岗位。"
        return Condition(name, PASS, (), en, zh)
    missing = "an answer on assistance_needs_public_welfare_post"
    if hire is None or hire.form is None:
        en, zh = "The form of employment is not known.", "就业形式不明。"
        return Condition(name, UNKNOWN, evidence, en, zh, "the form of employment 就业形式")
    if needed is None:
        en = f"The hire is by {hire.form}, and whether it must be a public-welfare post is open."
        zh = f"就业形式为 {hire.form}，是否须为公益性岗位未定。"
        return Condition(name, UNKNOWN, evidence, en, zh, missing)
    en, zh = f"The hire is by {hire.form}.", f"就业形式为 {hire.form}，不是公益性岗位。"
    return Condition(name, FAIL, evidence, en, zh)
