"""Which records a payment uses up, each with its kind: ids of two kinds may be the same text."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from geo_match.policy.payments.asked import PERSONAL
from geo_match.policy.payments.case import SERVED, SERVICE, keyed
from geo_match.policy.payments.rules import RULES
from geo_match.rules import PASS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo_match.policy.conditions import Condition

HIRE: Final = "hire"
"""The kind of a hire's own record."""
_OWN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "survey_registration": "survey",
        "stable_employment": HIRE,
        "flexible_employment": HIRE,
        "post_insurance_subsidy": "post",
        "employment_assistance": HIRE,
        "demonstration": "recognition",
        "operation": "head",
        "supervision": "head",
    }
)
"""What the case of a payment is."""
_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "accident_insurance_long": "insurance",
        "consecutive_months": "income",
        "employment_registered": "platform",
        "labour_filed": "platform",
        "minimum_hourly_pay": "income",
        "minimum_income": "income",
        "on_platform": "platform",
        "organised_by_operator": SERVICE,
        "recognition_document": "document",
        # A service that reached a person is counted by heads, whatever else it led to.
        "served": SERVED,
        "social_insurance_long": "insurance",
        "stable_income": "income",
    }
)
"""What a condition rests on, where that is not the case itself."""
MONTHLY: Final = frozenset({"income", "insurance"})
"""Kinds of records that come month by month and belong to one hire: no other case rests on them."""
_WITHOUT: Final = PERSONAL | {"cap", "one_way", "evidence_unused"}
"""Conditions that use up nothing themselves; of `one_way` the ways' own conditions do."""
KINDS: Final = frozenset({*_OWN.values(), *_KINDS.values()})
"""All kinds of records that can be used up."""


def used_up(payment: str, case: str, conditions: Iterable[Condition]) -> frozenset[str]:
    """Return the records that paying a case uses up: of those conditions that pass.

    Parameters
    ----------
    payment
        What is paid.
    case
        The id of the case, which is among them.
    conditions
        Those asked of it, and those of each way that it meets.

    Returns
    -------
    frozenset of str
        Such as `service:SV1`. The records of a person are not used up: a person may be paid for
        again.
    """
    own = _OWN[payment]
    found = {keyed(own, case)}
    for one in conditions:
        if one.outcome == PASS and one.name not in _WITHOUT:
            for id_ in one.evidence:
                kind = _KINDS.get(one.name) or (own if id_ == case else HIRE)
                found.add(keyed(kind, id_))
    return frozenset(found)


def case_record(payment: str, case: str) -> str:
    """Return a case as the record that it is, such as `hire:EM1`."""
    return keyed(_OWN[payment], case)


def of_same_payee(payment: str) -> frozenset[str]:
    """Return the payments to the same kind of payee, itself among them.

    The notice itself pays the entity for a post and the operator for the same hire: only payments
    to the same kind of payee can be two for one thing.
    """
    payee = RULES[payment].entries[-1].value.payee
    return frozenset(
        name for name, table in RULES.items() if table.entries[-1].value.payee == payee
    )
