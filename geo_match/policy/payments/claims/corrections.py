"""Claims that their cases no longer bear: what a correction asks to be returned or recovered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geo_match.errors import ArgumentError
from geo_match.policy.payments.claims.claim import PAID
from geo_match.policy.payments.claims.differing import differences
from geo_match.rules import PASS, UNKNOWN

if TYPE_CHECKING:
    from geo_match.policy.payments.claims.book import Claims
    from geo_match.policy.payments.claims.claim import Claim
    from geo_match.policy.payments.decision import Decision, Decisions

RETURN: Final = "return"
RECOVER: Final = "recover"
LOOK: Final = "look"
_COLUMNS: Final = ("claim", "payment", "case", "state", "payee", "amount_cny", "to_do", "en", "zh")
_EN: Final = {
    RETURN: "Under way, no longer borne: return it",
    RECOVER: "Paid, no longer borne: recover it",
    LOOK: "Whether it is still borne is unknown: look into it",
}
_ZH: Final = {
    RETURN: "在办申报已不符合，应退回",
    RECOVER: "已拨付但不再符合，应追回",
    LOOK: "是否仍符合待定，应核实",
}


def corrections(claims: Claims, decisions: Decisions) -> pd.DataFrame:
    """Tell which claims a later knowledge no longer bears, and what is to be done with each.

    Parameters
    ----------
    claims
        Those there are.
    decisions
        Decided anew with these claims: all cases of a payment, or some; of some, only claims on
        these are looked at.

    Returns
    -------
    pandas.DataFrame
        In the order of the claims: `claim`, `payment`, `case`, `state`, `payee`, `amount_cny`,
        what is `to_do` ("return" where it is under way, "recover" where it was paid, "look" where
        the case is unknown), and why, in `en` and `zh`. Claims that are borne as they were claimed
        are not in it, nor those that were given up.

    Raises
    ------
    ArgumentError
        If the decisions were made with other claims.
    """
    if decisions.saw != claims.seen(decisions.payment, decisions.as_of):
        raise ArgumentError(
            "decisions",
            "be made with the claims as they are",
            f"some as of {decisions.as_of} made with others",
            "Decide again, with `claims`.",
        )
    anew = {one.case: one for one in decisions}
    rows = []
    for claim in claims.standing(decisions.as_of):
        is_asked = decisions.is_whole or claim.case in anew
        if claim.payment == decisions.payment and is_asked:
            told = _told(claim, anew.get(claim.case))
            if told is not None:
                rows.append(_row(claim, *told))
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _told(claim: Claim, decision: Decision | None) -> tuple[str, str, str] | None:
    """Return what is to be done and why, in English and Chinese; None where the claim is borne."""
    gone = RECOVER if claim.state == PAID else RETURN
    if decision is None:
        return gone, "there is no record of the case any more", "该事项已无记录"
    if decision.outcome == UNKNOWN:
        return LOOK, decision.en, decision.zh
    if decision.outcome != PASS:
        return gone, decision.en, decision.zh
    differ = differences(claim, decision)
    if not differ:
        return None
    en = "; ".join(f"{one.name} was {one.claimed}, is {one.decided}" for one in differ)
    zh = "；".join(f"{one.zh}由 {one.claimed} 改为 {one.decided}" for one in differ)
    return gone, en, zh


def _row(claim: Claim, to_do: str, en: str, zh: str) -> tuple[object, ...]:
    amount = claim.submission.amount_cny
    cny = None if amount is None else float(amount)
    first = (claim.id, claim.payment, claim.case, claim.state, claim.payee, cny)
    return (*first, to_do, f"{_EN[to_do]}: {en}", f"{_ZH[to_do]}：{zh}")
