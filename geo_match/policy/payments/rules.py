"""The payments as data: who gets what for which conditions, up to which cap, by which source."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from geo_match.rules import Dated, Entry

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOTICE: Final = "蚌人社发〔2022〕5号"
IN_FORCE: Final = dt.date(2022, 5, 13)
"""The only day that the notice bears: 2022年5月13日印发 [H]."""
_SURVEYED_FROM: Final = dt.date(2022, 1, 1)


@dataclass(frozen=True, slots=True)
class Rule:
    """A decision table: what must hold, for whom, how often.

    Parameters
    ----------
    payment
        Its name.
    zh
        Its Chinese name.
    version
        Of the table.
    payee, payee_zh
        Who is paid.
    all_of
        Names of conditions that must all hold.
    any_of
        Ways of which one must hold, each with a name and conditions that must all hold; none
        where there is but one way.
    per_person
        Cap, payments a person and year; None without one.
    bounds
        The numbers that its conditions ask for, by name.
    forms
        Forms of employment that make a hire a case of it; empty where cases are not hires, or any
        form is.
    head_cny
        CNY a head, where the notice itself states it.
    """

    payment: str
    zh: str
    version: str
    payee: str
    payee_zh: str
    all_of: tuple[str, ...]
    any_of: tuple[tuple[str, tuple[str, ...]], ...] = ()
    per_person: int | None = None
    bounds: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    forms: tuple[str, ...] = ()
    head_cny: int | None = None


def _rule(first: dt.date, article: str, rule: Rule) -> Dated[Rule]:
    source = f"{_NOTICE}，四、{article} [H]"
    return Dated(f"payments.{rule.payment}", (Entry(rule, first, None, source),))


_REGISTERS: Final = {"registers_within_days": 30}
"""An employer registers a hire within 30 days (就业服务与就业管理规定 第六十二条 [M])."""

RULES: Final[Mapping[str, Dated[Rule]]] = MappingProxyType(
    {
        "survey_registration": _rule(
            _SURVEYED_FROM,
            "（一）人力资源调查登记补助",
            Rule(
                "survey_registration",
                "人力资源调查登记补助",
                "2022-1",
                "grassroots_platform",
                "基层公共就业服务平台",
                (
                    "rule_in_force",
                    "survey_done",
                    "survey_entered",
                    "survey_complete",
                    "survey_true",
                    "survey_timely",
                    "evidence_unused",
                ),
            ),
        ),
        "stable_employment": _rule(
            IN_FORCE,
            "（二）稳定就业服务补助",
            Rule(
                "stable_employment",
                "稳定就业服务补助",
                "2022-1",
                "operator",
                "运营机构",
                (
                    "rule_in_force",
                    "sound_record",
                    "organised_by_operator",
                    "key_group",
                    "on_platform",
                    "evidence_unused",
                ),
                (
                    ("labour_contract", ("labour_contract_long", "social_insurance_long")),
                    ("service_agreement", ("service_agreement_long", "accident_insurance_long")),
                ),
                per_person=1,
                bounds=MappingProxyType(
                    {**_REGISTERS, "contract_months": 6, "insurance_months": 6}
                ),
                forms=("labour_contract", "service_agreement"),
            ),
        ),
        "flexible_employment": _rule(
            IN_FORCE,
            "（三）灵活就业服务补助",
            Rule(
                "flexible_employment",
                "灵活就业服务补助",
                "2022-1",
                "operator",
                "运营机构",
                (
                    "rule_in_force",
                    "sound_record",
                    "organised_by_operator",
                    "key_group",
                    "flexible_form",
                    "consecutive_months",
                    "stable_income",
                    "minimum_income",
                    "minimum_hourly_pay",
                    "on_platform",
                    "evidence_unused",
                ),
                per_person=3,
                # 劳动合同法第六十八条、第七十二条 [H]: 非全日制 is 24 hours a week at most, and is
                # paid the minimum wage an hour.
                bounds=MappingProxyType(
                    {**_REGISTERS, "months_in_a_row": 3, "part_time_hours_per_week": 24}
                ),
                forms=("part_time", "temporary", "gig"),
            ),
        ),
        "post_insurance_subsidy": _rule(
            IN_FORCE,
            "（四）公益性岗位社保补贴和岗位补贴",
            Rule(
                "post_insurance_subsidy",
                "公益性岗位社保补贴和岗位补贴",
                "2022-1",
                "entity",
                "经营实体",
                (
                    "rule_in_force",
                    "sound_record",
                    "post_led_by_operator",
                    "post_developed",
                    "employment_difficulty",
                    "employment_registered",
                    "labour_filed",
                    "organised_by_operator",
                    "post_term",
                    "evidence_unused",
                ),
                # Three years, or until retirement if that is no more than five away [L].
                bounds=MappingProxyType(
                    {**_REGISTERS, "post_years": 3, "years_before_retirement": 5}
                ),
            ),
        ),
        "employment_assistance": _rule(
            IN_FORCE,
            "（四）就业援助服务补助",
            Rule(
                "employment_assistance",
                "就业援助服务补助",
                "2022-1",
                "operator",
                "运营机构",
                (
                    "rule_in_force",
                    "sound_record",
                    "organised_by_operator",
                    "employment_difficulty",
                    "in_work",
                    "public_welfare_post",
                    "evidence_unused",
                ),
            ),
        ),
        "demonstration": _rule(
            IN_FORCE,
            "（五）示范街道社区补贴",
            Rule(
                "demonstration",
                "示范街道社区补贴",
                "2022-1",
                "street_or_community",
                "街道（乡镇）或社区",
                (
                    "rule_in_force",
                    "recognised_by_authority",
                    "recognised_kind",
                    "recognition_document",
                    "paid_once_per_recognition",
                    "evidence_unused",
                ),
            ),
        ),
        "operation": _rule(
            IN_FORCE,
            "（六）运营费用补助",
            Rule(
                "operation",
                "运营费用补助",
                "2022-1",
                "operator",
                "运营机构",
                ("rule_in_force", "served", "urban", "working_age", "evidence_unused"),
                per_person=1,
                head_cny=1,
            ),
        ),
        "supervision": _rule(
            IN_FORCE,
            "（七）购买第三方监理服务",
            Rule(
                "supervision",
                "监理服务费用",
                "2022-1",
                "supervisor",
                "监理机构",
                ("rule_in_force", "served", "urban", "working_age", "evidence_unused"),
                per_person=1,
                head_cny=1,
            ),
        ),
    }
)
"""The decision tables, by payment. The survey was made from January 2022 on (三、（一）)."""

PAYMENTS: Final = tuple(RULES)

MINIMUM_WAGE: Final[Dated[tuple[int, ...]]] = Dated(
    "minimum_wage.anhui",
    (
        Entry(
            (2060, 1930, 1870, 1780),
            dt.date(2023, 3, 1),
            None,
            "安徽省月最低工资标准，自2023年3月1日起，一至四档 [M]",
        ),
    ),
)
"""CNY a month, by tier from the first. What held before, and the tiers of Bengbu's divisions, are
not known here."""

MINIMUM_HOURLY_WAGE: Final[Dated[tuple[int, ...]]] = Dated(
    "minimum_hourly_wage.anhui",
    (
        Entry(
            (21, 20, 19, 18),
            dt.date(2023, 3, 1),
            None,
            "安徽省非全日制用工小时最低工资标准，自2023年3月1日起，一至四档 [M]",
        ),
    ),
)
"""CNY an hour of part-time work (非全日制), by tier from the first."""


def rule_on(payment: str, day: dt.date) -> tuple[Entry[Rule], bool]:
    """Return the table of a payment for a day, and whether it was in force.

    Before the first table it is the first one, which was not yet in force; what it asks for can be
    told all the same.
    """
    rules = RULES[payment]
    if day < rules.entries[0].valid_from:
        return rules.entries[0], False
    return rules.on(day), True
