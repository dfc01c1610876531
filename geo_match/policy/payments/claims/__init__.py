"""Claims: 申报 → 街道初核 → 区县复核 → 公示 → 拨付 or 退回, as steps that are never taken back.

What was paid and is no longer borne is told by `corrections`, and recovered (追回).
"""

from __future__ import annotations

from geo_match.policy.payments.claims.book import Claims
from geo_match.policy.payments.claims.checks import conclude, draw_checks, release
from geo_match.policy.payments.claims.claim import STATES, Claim, Event, Submission
from geo_match.policy.payments.claims.corrections import corrections
from geo_match.policy.payments.claims.publication import publication
from geo_match.policy.payments.claims.steps import advance, submit

__all__ = [
    "STATES",
    "Claim",
    "Claims",
    "Event",
    "Submission",
    "advance",
    "conclude",
    "corrections",
    "draw_checks",
    "publication",
    "release",
    "submit",
]
