"""The catalogue of policies (政策清单): for whom each is, what it asks, since when, and its source.

Only what a source is known for stands here, and no amount does: none has one. A policy's first day
is that of its source; where the source's day is not known it is the first on which it surely held,
and the source says so.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from geo_match.policy.months import YEAR
from geo_match.policy.payments.rules import IN_FORCE, RULES, Rule
from geo_match.rules.dated import Dated, Entry

HELD: Final = "held_on_the_day"
POST_PAYMENT: Final = "post_insurance_subsidy"
"""The payment that is the subsidy of a post."""
_NO_CLAIMS: Final = "evidence_unused"
"""The one condition of a payment that is asked of claims: a benefit knows none."""
_POST: Final = RULES[POST_PAYMENT]
_BOUNDS: Final = _POST.entries[-1].value.bounds
_PROGRAMME: Final = dt.date(2022, 1, 1)
_LAW: Final = dt.date(2008, 1, 1)
_SINCE_PROGRAMME: Final = "起始日期未见，自本方案起始之年起采用"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a policy asks at a time.

    Parameters
    ----------
    conditions
        Names of those that must all hold, in the order in which they are told.
    cap_months
        For how many months in all one person may have it; None for no cap.
    near_retirement_years
        Who reaches the age of retirement within so many years is not held to the cap; None for
        nobody.
    amount_cny
        What is paid; None where no source says it.
    """

    conditions: tuple[str, ...]
    cap_months: int | None = None
    near_retirement_years: int | None = None
    amount_cny: int | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy.

    Parameters
    ----------
    name
        Stable, in lower case with underscores.
    whom
        Whether it is for a seeker, for an entity (经营实体), or for an entity by each
        public-welfare post that it has.
    en, zh
        What it is called.
    terms
        What it asks, by the day.
    """

    name: str
    whom: Literal["seeker", "entity", "post"]
    en: str
    zh: str
    terms: Dated[Terms]


def _since(
    name: str, terms: Terms, first: dt.date, source: str, last: dt.date | None = None
) -> Dated[Terms]:
    return Dated(name, (Entry(terms, first, last, source),))


def _as_benefit(entry: Entry[Rule]) -> Entry[Terms]:
    """Return what a payment asks as a benefit: held on the day, and all that needs no claim."""
    asked = tuple(one for one in entry.value.all_of if one != _NO_CLAIMS)
    return Entry(Terms((HELD, *asked)), entry.valid_from, entry.valid_until, entry.source)


CATALOGUE: Final = (
    Policy(
        "unemployment_registration",
        "seeker",
        "registration as unemployed",
        "失业登记",
        _since(
            "unemployment_registration",
            Terms(("working_age", "jobless", "seeks_work", "lives_here")),
            dt.date(2021, 1, 1),
            "2020年失业登记规定：劳动年龄内、有劳动能力、有就业要求、处于无业状态的城乡劳动者，可在"
            "户籍地或常住地登记；具体施行日期未见，2021年起必已施行 [H]",
        ),
    ),
    Policy(
        "employment_assistance",
        "seeker",
        "assistance to people with employment difficulty",
        "就业援助",
        _since(
            "employment_assistance",
            Terms(("difficulty", "working_age", "jobless")),
            _LAW,
            "中华人民共和国就业促进法第五十二条，自2008年1月1日起施行：就业困难人员，范围"
            "由省规定 [H]",
        ),
    ),
    Policy(
        "zero_employment_help",
        "seeker",
        "a suitable job for a member of a zero-employment household",
        "零就业家庭就业援助",
        _since(
            "zero_employment_help",
            Terms(("household_confirmed", "working_age")),
            _LAW,
            "中华人民共和国就业促进法第五十六条，自2008年1月1日起施行：确认的零就业家庭至少"
            "一人就业 [H]",
        ),
    ),
    Policy(
        "public_welfare_post",
        "seeker",
        "a public-welfare post, as the last resort",
        "公益性岗位托底安置",
        _since(
            "public_welfare_post",
            Terms(
                ("difficulty", "jobless", "within_cap"),
                _BOUNDS["post_years"] * YEAR,
                _BOUNDS["years_before_retirement"],
            ),
            _PROGRAMME,
            "公益性岗位只安置就业困难人员 [H]；最长三年，距退休不足五年的可延长 [L]；"
            f"{_SINCE_PROGRAMME}",
        ),
    ),
    Policy(
        "traineeship",
        "seeker",
        "a traineeship",
        "就业见习",
        _since(
            "traineeship",
            Terms(("jobless", "recent_graduate_or_young")),
            dt.date(2019, 1, 1),
            "三年百万青年见习计划，自2019年1月1日起，后由国家就业见习通知延续 [M]",
        ),
    ),
    Policy(
        "entry",
        "entity",
        "entry, and publication of vacancies",
        "入驻与岗位发布",
        _since(
            "entry",
            Terms(("licence_verified",)),
            IN_FORCE,
            "蚌人社发〔2022〕5号：验证经营实体合法资质后入驻，发布岗位信息 [H]",
        ),
    ),
    Policy(
        "recruitment_guidance",
        "entity",
        "continuing recruitment guidance",
        "招聘指导",
        _since(
            "recruitment_guidance",
            Terms(("licence_verified", "seeks_people")),
            IN_FORCE,
            "蚌人社发〔2022〕5号：对有用工需求的经营实体持续开展招聘指导 [H]",
        ),
    ),
    Policy(
        "post_and_insurance_subsidy",
        "post",
        "post and social insurance subsidy for a public-welfare post",
        "公益性岗位补贴和社会保险补贴",
        Dated("post_and_insurance_subsidy", tuple(map(_as_benefit, _POST.entries))),
    ),
)
"""All policies; a division with more adds its own, with the same conditions."""
