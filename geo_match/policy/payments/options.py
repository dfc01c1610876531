"""What the notice leaves open, so that whoever decides must; and what it gives no number for.

An open question that is left open (None) does not stop a decision: both answers are looked at, and
where they differ the outcome is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from numbers import Integral, Real
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from geo_match.errors import ArgumentError
from geo_match.policy.ledger import NO_CONTACT_RESULTS
from geo_match.policy.payments.rules import MINIMUM_HOURLY_WAGE, MINIMUM_WAGE, PAYMENTS
from geo_match.rules import Dated

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

Yes = bool | None
"""Yes, no, or left open."""
_CHOICES: Final[Mapping[str, tuple[str | None, ...]]] = {
    "cap_year": ("calendar", "rolling", None),
    "year_fixed_by": ("hired_on", "contract_from", "qualified_on"),
    "group_tested": ("before_hire", "hired_on", "as_of"),
    "income_months": ("run", "all"),
    "income_by": ("each_month", "average", None),
    "head_counted": ("once", "yearly", None),
    "survey_timely_by": ("done_on", "entered_on", None),
}
_OPEN: Final = (
    "difficulty_is_key_group",
    "registered_unemployed_is_key_group",
    "two_payments_for_one_hire",
    "assistance_needs_public_welfare_post",
    "refusal_shows_service",
)
_SETTLED: Final = ("cap_across_operators",)
"""Questions of yes and no that are never left open."""
_WAGES: Final = ("minimum_wage", "minimum_hourly_wage")
ORGANISING: Final = ("introduction", "guidance", "recommendation")
"""Services that put somebody in the way of a job: a visit, a call or a campaign does not."""


@dataclass(frozen=True, slots=True)
class PaymentOptions:
    """Answers to the notice's open questions, and numbers that it does not give.

    Parameters
    ----------
    cap_year
        What 每年 is in a cap: "calendar" year, "rolling" year (any twelve months), or None.
    year_fixed_by
        The day that fixes the year of a hire, and the version of the rule: "hired_on",
        "contract_from", or "qualified_on", the last day of the months that the rule asks for, on
        which they can first be full.
    cap_across_operators
        Whether a person's payments to all operators count together.
    difficulty_is_key_group, registered_unemployed_is_key_group
        Whether 就业困难人员 and 登记失业人员 are 重点群体 for payment.
    group_tested
        The day on which belonging to a group is tested: "before_hire" (the day before, since
        登记失业 ends with the hire), "hired_on" or "as_of".
    two_payments_for_one_hire
        Whether a hire that one payment was claimed for may bear another.
    income_months
        "run": three months in a row that bear the conditions are enough; "all": all must.
    income_by
        Whether "each_month" must reach the minimum wage or their "average"; or None.
    assistance_needs_public_welfare_post
        Whether employment assistance is only for public-welfare posts.
    head_counted
        Whether a person served counts "once" in the ¥1 base or "yearly"; or None.
    survey_timely_by
        Whether a survey is in time by the day on which it was "done_on" or "entered_on"; or None.
    refusal_shows_service
        Whether a service that ended in 拒绝服务 or 已搬离 shows that the operator organised the
        hire, and serves a head of the ¥1 base: it reached somebody who did not take it.
    service_within_months
        How long before the hire a service may lie to show that it was organised, months; None for
        any time before, as the notice gives no limit.
    organising_services
        The kinds of service that show it.
    no_contact_results
        Results of services that reached nobody: such a one serves nobody in the ¥1 base, and shows
        for no hire that it was organised.
    stable_income_ratio
        Least income of the months by the greatest, from which on income is stable (0 to 1); None,
        as the notice does not say: unknown then, unless it is the same each month.
    wage_tiers
        Tier of the minimum wage, from 1, by division (six digits). Of others it is not known, and
        only what holds in every tier is.
    minimum_wage, minimum_hourly_wage
        The tiers' wages, CNY a month and CNY an hour, by date.
    amounts
        CNY a case of a payment, by date; none where the directory was not given. The notice's own
        ¥1 is in the rules.
    """

    cap_year: Literal["calendar", "rolling"] | None = None
    year_fixed_by: Literal["hired_on", "contract_from", "qualified_on"] = "hired_on"
    cap_across_operators: bool = True
    difficulty_is_key_group: Yes = None
    registered_unemployed_is_key_group: Yes = None
    group_tested: Literal["before_hire", "hired_on", "as_of"] = "before_hire"
    two_payments_for_one_hire: Yes = None
    income_months: Literal["run", "all"] = "run"
    income_by: Literal["each_month", "average"] | None = None
    assistance_needs_public_welfare_post: Yes = None
    head_counted: Literal["once", "yearly"] | None = None
    survey_timely_by: Literal["done_on", "entered_on"] | None = None
    refusal_shows_service: Yes = None
    service_within_months: int | None = None
    organising_services: tuple[str, ...] = ORGANISING
    no_contact_results: tuple[str, ...] = NO_CONTACT_RESULTS
    stable_income_ratio: float | None = None
    wage_tiers: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    minimum_wage: Dated[tuple[int, ...]] = MINIMUM_WAGE
    minimum_hourly_wage: Dated[tuple[int, ...]] = MINIMUM_HOURLY_WAGE
    amounts: Mapping[str, Dated[Decimal]] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        """Check every answer."""
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                words = ", ".join("None" if one is None else repr(one) for one in allowed)
                raise ArgumentError(name, f"be one of {words}", repr(getattr(self, name)))
        for name in (*_OPEN, *_SETTLED):
            answer = getattr(self, name)
            if not isinstance(answer, bool) and not (answer is None and name in _OPEN):
                rule = "be True or False" if name in _SETTLED else "be True, False or None"
                raise ArgumentError(name, rule, repr(answer))
        self._check_numbers()
        self._check_tables()

    def _check_numbers(self) -> None:
        """Check the numbers: yes and no are none, though Python counts them as 1 and 0."""
        months, ratio = self.service_within_months, self.stable_income_ratio
        if months is not None and not (_is(months, Integral) and months >= 1):
            rule = "be a whole number, 1 or more, or None"
            raise ArgumentError("service_within_months", rule, repr(months))
        if ratio is not None and not (_is(ratio, Real) and 0.0 <= ratio <= 1.0):
            rule = "be a number from 0 to 1, or None"
            raise ArgumentError("stable_income_ratio", rule, repr(ratio))

    def _check_tables(self) -> None:
        """Check the tables, and the tiers and payments that they are for."""
        for name in _WAGES:
            if not isinstance(getattr(self, name), Dated):
                raise ArgumentError(name, "be a table by date (Dated)", repr(getattr(self, name)))
        tables = (self.minimum_wage, self.minimum_hourly_wage)
        least = min(len(one.value) for table in tables for one in table.entries)
        for division, tier in self.wage_tiers.items():
            if not 1 <= tier <= least:
                rule = f"have tiers from 1 to {least}"
                raise ArgumentError("wage_tiers", rule, f"{tier} for {division}")
        unknown = sorted(set(self.amounts) - set(PAYMENTS))
        if unknown:
            rule = f"be by payment: {', '.join(PAYMENTS)}"
            raise ArgumentError("amounts", rule, ", ".join(unknown))

    def stated(self) -> tuple[tuple[str, str], ...]:
        """Return each question with the answer that was used, "open" where it was left open."""
        shown = (*_SETTLED, *_CHOICES, *_OPEN)
        answers = [(name, _word(getattr(self, name))) for name in shown]
        return (
            *answers,
            ("service_within_months", _word(self.service_within_months, none="any")),
            ("organising_services", " ".join(self.organising_services)),
            ("stable_income_ratio", _word(self.stable_income_ratio, none="not set")),
        )


def _is(value: object, kind: type[Integral | Real]) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _word(value: object, *, none: str = "open") -> str:
    if value is None:
        return none
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
