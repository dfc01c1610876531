"""Steps of claims: submitting what passes, moving it on, and returning it."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from geo_match.errors import ArgumentError
from geo_match.policy.payments.caps import Slot, cap_states
from geo_match.policy.payments.claims.claim import (
    CHECKS,
    ENDED,
    OPERATOR,
    STEPS,
    Event,
    Submission,
    after,
)
from geo_match.policy.payments.claims.differing import differences
from geo_match.policy.payments.used import case_record, of_same_payee
from geo_match.rules import PASS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from geo_match.policy.payments.claims.book import Claims
    from geo_match.policy.payments.claims.claim import Claim
    from geo_match.policy.payments.decision import Decision

_REVIEWS = frozenset({"district_review", "pay"})
"""Steps for which the case is decided anew."""


def submit(claims: Claims, decisions: Iterable[Decision], *, on: dt.date, by: str) -> Claims:
    """Return the claims with new ones (申报), one a decision.

    Its id is made of the payment, the case and how often it was claimed before.

    Parameters
    ----------
    claims
        Those there are.
    decisions
        What is claimed, decided with these claims.
    on
        The day.
    by
        Who submits.

    Raises
    ------
    ArgumentError
        If a decision does not pass, rests on what came after the day, was made without these
        claims, has no payee or day; if its case has a claim that stands; if a claim that stands
        rests on the same record, of a payment to the same kind of payee (unless it is of the same
        hire, and two payments for one hire were answered with yes); or if there is no place under
        the cap. None is submitted then.
    """
    events: list[Event] = []
    times = Counter((one.payment, one.case) for one in claims)
    used: dict[str, list[Claim]] = defaultdict(list)
    places: dict[tuple[str, str | None], list[Claim]] = defaultdict(list)

    def take(one: Claim) -> None:
        places[one.payment, one.person].append(one)
        for record in one.evidence:
            used[record].append(one)

    for one in claims:
        if one.state not in ENDED:
            take(one)
    seen: dict[str, str] = {}
    for decision in decisions:
        what = _submission(decision, on)
        _check_seen(claims, decision, seen)
        _check_unused(decision, what, used)
        _check_cap(decision, places[what.payment, what.person])
        times[what.payment, what.case] += 1
        id_ = f"{what.payment}/{what.case}/{times[what.payment, what.case]}"
        event = Event(claim=id_, step="submit", on=on, by=by, role=OPERATOR, submission=what)
        events.append(event)
        take(after(None, event))
    return claims.with_events(events)


def _submission(decision: Decision, on: dt.date) -> Submission:
    if decision.outcome != PASS:
        raise ArgumentError(
            "decisions",
            "all pass: unknown is never pass",
            f"{decision.word} for {decision.case}",
            f"It needs: {'; '.join(decision.missing)}." if decision.missing else "",
        )
    if decision.as_of > on:
        rule = f"rest on what is known on {on}"
        raise ArgumentError("decisions", rule, f"one as of {decision.as_of} for {decision.case}")
    if decision.on is None or decision.payee is None:
        raise ArgumentError("decisions", "say whom to pay, and for which day", decision.case)
    return Submission(
        payment=decision.payment,
        case=decision.case,
        person=decision.person,
        payee=decision.payee,
        on=decision.on,
        evidence=decision.consumed,
        amount_cny=decision.amount_cny,
        rule=decision.entry.name,
        rule_version=decision.rule.version,
    )


def _check_seen(claims: Claims, decision: Decision, seen: dict[str, str]) -> None:
    """Check that a decision was made with the claims as they are: others may have come since."""
    payment = decision.payment
    if payment not in seen:
        seen[payment] = claims.seen(payment)
    if decision.saw != seen[payment]:
        raise ArgumentError(
            "decisions",
            "be made with the claims as they are now",
            f"one of {decision.case} made with others",
            "Decide again, with `claims`.",
        )


def _check_unused(decision: Decision, what: Submission, used: dict[str, list[Claim]]) -> None:
    """Check that no other claim rests on the same: several decisions may each have found it free.

    Two payments for one hire share its records by nature: whether they may is the answer that the
    decision was made with.
    """
    alike, own = of_same_payee(what.payment), case_record(what.payment, what.case)
    may_share = dict(decision.answers)["two_payments_for_one_hire"] == "yes"
    for record in sorted(what.evidence):
        for other in used.get(record, ()):
            if other.payment not in alike:
                continue
            is_same_hire = other.payment != what.payment and own in other.evidence
            if not (is_same_hire and may_share):
                shown = record.replace(":", " ", 1)
                rule = "rest on records that no other claim rests on"
                raise ArgumentError(
                    "decisions", rule, f"{what.case} on {shown}, as does {other.id}"
                )


def _check_cap(decision: Decision, standing: list[Claim]) -> None:
    """Decisions on several cases may each have found the last place free."""
    for one in decision.caps:
        beside = [
            (claim.on, claim.case)
            for claim in standing
            if one.across_operators or claim.payee == decision.payee
        ]
        slot = Slot(decision.case, decision.on, PASS)
        state = cap_states([slot], beside, limit=one.limit, mode=one.mode)[decision.case]
        if state.outcome != PASS:
            rule = f"leave no person above {one.limit} ({one.mode})"
            raise ArgumentError(
                "decisions", rule, f"{decision.case} beside {', '.join(state.taken)}"
            )


def advance(
    claims: Claims,
    ids: Iterable[str],
    step: str,
    *,
    on: dt.date,
    by: str,
    role: str,
    note: str = "",
    until: dt.date | None = None,
    decisions: Iterable[Decision] = (),
) -> Claims:
    """Return the claims after a step of some of them.

    Parameters
    ----------
    claims
        Those there are.
    ids
        Of which.
    step
        "street_review" (街道初核), "district_review" (区县复核), "publish" (公示), "pay" (拨付),
        "return" (退回), or of what was paid "recover" (追回), once the money is back.
    on, by, role
        The day, who, and as what: "street" or "district".
    note
        Why; needed for a return and a recovery.
    until
        The last day of the public notice, of "publish". No source here says how long it must be.
    decisions
        Of "district_review" and "pay": their cases decided anew, on this day and with these claims,
        so that no correction is overlooked.

    Raises
    ------
    ArgumentError
        If the step is one of a check, or may not be made of one of them, or its case no longer
        bears it: it does not pass, or passes for another payee, person, day, amount, rule, or by
        other records than the claim names. None is made then.
    """
    if step in CHECKS:
        rule = f"be one of {', '.join([*STEPS, 'return'])}"
        remedy = "Checks are drawn with a seed (draw_checks), then concluded or released."
        raise ArgumentError("step", rule, repr(step), remedy)
    wanted = list(dict.fromkeys(ids))
    if step in _REVIEWS:
        anew = {(one.payment, one.case): one for one in decisions}
        seen: dict[str, str] = {}
        for id_ in wanted:
            claim = claims[id_]
            _check_anew(claims, claim, anew.get((claim.payment, claim.case)), on, seen)
    return claims.with_events(
        Event(claim=claims[id_].id, step=step, on=on, by=by, role=role, note=note, until=until)
        for id_ in wanted
    )


def _check_anew(
    claims: Claims,
    claim: Claim,
    decision: Decision | None,
    on: dt.date,
    seen: dict[str, str],
) -> None:
    if decision is None or decision.as_of != on:
        found = "none" if decision is None else f"one as of {decision.as_of}"
        raise ArgumentError("decisions", f"have one of {claim.case} as of {on}", found)
    _check_seen(claims, decision, seen)
    if decision.outcome != PASS:
        raise ArgumentError(
            "decisions",
            "still pass",
            f"{decision.word} for {decision.case}",
            "Return the claim: what it rests on was corrected.",
        )
    differ = differences(claim, decision)
    if differ:
        told = "; ".join(f"{one.name} {one.decided}, claimed {one.claimed}" for one in differ)
        raise ArgumentError(
            "decisions",
            f"bear {claim.id} as it was claimed",
            told,
            "Return the claim, and claim anew: what it rests on was corrected.",
        )
