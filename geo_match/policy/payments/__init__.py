"""The programme's payments: decided by rule on the records, and claimed step by step."""

from __future__ import annotations

from geo_match.policy.payments.caps import CapState
from geo_match.policy.payments.deciding import decide
from geo_match.policy.payments.decision import Decision, Decisions, Way, changes
from geo_match.policy.payments.evidence import Evidence
from geo_match.policy.payments.from_store import from_store
from geo_match.policy.payments.options import PaymentOptions
from geo_match.policy.payments.rules import (
    MINIMUM_HOURLY_WAGE,
    MINIMUM_WAGE,
    PAYMENTS,
    RULES,
    Rule,
)

__all__ = [
    "MINIMUM_HOURLY_WAGE",
    "MINIMUM_WAGE",
    "PAYMENTS",
    "RULES",
    "CapState",
    "Decision",
    "Decisions",
    "Evidence",
    "PaymentOptions",
    "Rule",
    "Way",
    "changes",
    "decide",
    "from_store",
]
