"""Claims: 申报 → 街道初核 → 区县复核 → 公示 → 拨付 or 退回, as steps that are never taken back."""

from __future__ import annotations

from geo_match.policy.payments.claims.book import Claims
from geo_match.policy.payments.claims.checks import conclude, draw_checks, release
from geo_match.policy.payments.claims.claim import STATES, Claim, Event, Submission
from geo_match.policy.payments.claims.publication import masked_name, publication
from geo_match.policy.payments.claims.steps import advance, submit

__all__ = [
    "STATES",
    "Claim",
    "Claims",
    "Event",
    "Submission",
    "advance",
    "conclude",
    "draw_checks",
    "masked_name",
    "publication",
    "release",
    "submit",
]
