"""Steps of claims: submitting what passes, moving it on, and returning it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo_match.errors import ArgumentError
from geo_match.policy.payments.caps import Slot, cap_states
from geo_match.policy.payments.claims.claim import OPERATOR, RETURNED, Event, Submission, after
from geo_match.rules import PASS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from geo_match.policy.payments.claims.book import Claims
    from geo_match.policy.payments.claims.claim import Claim
    from geo_match.policy.payments.decision import Decision


def submit(claims: Claims, decisions: Iterable[Decision], *, on: dt.date, by: str) -> Claims:
    """Return the claims with new ones (申报), one a decision.

    Its id is made of the payment, the case and how often it was claimed before.

    Parameters
    ----------
    claims
        Those there are.
    decisions
        What is claimed.
    on
        The day.
    by
        Who submits.

    Raises
    ------
    ArgumentError
        If a decision does not pass, rests on what came after the day, has no payee or day; if its
        case has a claim that stands; if a claim of the payment that stands rests on the same
        record; or if there is no place under the cap. None is submitted then.
    """
    events: list[Event] = []
    used: dict[tuple[str, str], str] = {}
    places: dict[tuple[str, str | None], list[Claim]] = {}
    for one in claims:
        if one.state != RETURNED:
            used.update({(one.payment, id_): one.id for id_ in one.evidence})
            places.setdefault((one.payment, one.person), []).append(one)
    times: dict[tuple[str, str], int] = {}
    for one in claims:
        times[one.payment, one.case] = times.get((one.payment, one.case), 0) + 1
    for decision in decisions:
        what = _submission(decision, on)
        again = next(
            (used[what.payment, x] for x in sorted(what.evidence) if (what.payment, x) in used), ""
        )
        if again:
            rule = f"rest on records that no claim of {what.payment} rests on"
            raise ArgumentError("decisions", rule, f"{what.case}, as does {again}")
        _check_cap(decision, places.get((what.payment, what.person), []))
        n = times.get((what.payment, what.case), 0) + 1
        times[what.payment, what.case] = n
        id_ = f"{what.payment}/{what.case}/{n}"
        event = Event(claim=id_, step="submit", on=on, by=by, role=OPERATOR, submission=what)
        events.append(event)
        used.update({(what.payment, x): id_ for x in what.evidence})
        places.setdefault((what.payment, what.person), []).append(after(None, event))
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
        "street_review" (街道初核), "district_review" (区县复核), "publish" (公示), "pay" (拨付) or
        "return" (退回).
    on, by, role
        The day, who, and as what: "street" or "district".
    note
        Why; needed for a return.
    until
        The last day of the public notice, of "publish". No source here says how long it must be.
    decisions
        Of "district_review" and "pay": their cases decided anew, on this day and with these claims,
        so that no correction is overlooked.

    Raises
    ------
    ArgumentError
        If the step may not be made of one of them, or its case no longer passes; none is made then.
    """
    wanted = list(dict.fromkeys(ids))
    if step in {"district_review", "pay"}:
        anew = {(one.payment, one.case): one for one in decisions}
        for id_ in wanted:
            claim = claims[id_]
            _check_anew(claim, anew.get((claim.payment, claim.case)), on)
    return claims.with_events(
        Event(claim=claims[id_].id, step=step, on=on, by=by, role=role, note=note, until=until)
        for id_ in wanted
    )


def _check_anew(claim: Claim, decision: Decision | None, on: dt.date) -> None:
    if decision is None or decision.as_of != on:
        found = "none" if decision is None else f"one as of {decision.as_of}"
        raise ArgumentError("decisions", f"have one of {claim.case} as of {on}", found)
    if decision.outcome != PASS:
        raise ArgumentError(
            "decisions",
            "still pass",
            f"{decision.word} for {decision.case}",
            "Return the claim: what it rests on was corrected.",
        )
