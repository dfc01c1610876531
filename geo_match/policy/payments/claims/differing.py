"""What a claim says and its case, decided anew, no longer does."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from geo_match.policy.payments.used import MONTHLY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from geo_match.policy.payments.claims.claim import Claim
    from geo_match.policy.payments.decision import Decision

_NONE = "none"


class Difference(NamedTuple):
    """One thing in which a claim and the decision on its case differ.

    Parameters
    ----------
    name, zh
        What it is: payee, person, day, amount, rule or evidence.
    claimed, decided
        What the claim says, and what the decision does.
    """

    name: str
    zh: str
    claimed: str
    decided: str


def differences(claim: Claim, decision: Decision) -> tuple[Difference, ...]:
    """Return in what a decision on the case of a claim no longer bears it as it was claimed.

    Months of income and of insurance are left out: later ones come by themselves, no other case
    can rest on them, and whether there are enough is for the decision to say.
    """
    old = {one for one in claim.evidence if one.partition(":")[0] not in MONTHLY}
    new = {one for one in decision.consumed if one.partition(":")[0] not in MONTHLY}
    what = claim.submission
    rules = (
        f"{what.rule} {what.rule_version}",
        f"{decision.entry.name} {decision.rule.version}",
    )
    every = (
        ("payee", "拨付对象", claim.payee, decision.payee),
        ("person", "人员", claim.person, decision.person),
        ("day", "年度日期", claim.on, decision.on),
        ("amount_cny", "金额", what.amount_cny, decision.amount_cny),
        ("rule", "规则", *rules),
        ("evidence", "证据", _listed(old - new), _listed(new - old)),
    )
    return tuple(
        Difference(name, zh, _text(was), _text(is_)) for name, zh, was, is_ in every if was != is_
    )


def _listed(records: Iterable[str]) -> str | None:
    return ", ".join(sorted(records)) or None


def _text(value: object) -> str:
    return _NONE if value is None else str(value)
