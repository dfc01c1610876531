"""A claim: what happened to it, step by step, and the state that it is in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeGuard

from geo_match.errors import ArgumentError
from geo_match.policy.payments.used import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

SUBMITTED: Final = "submitted"
STREET_REVIEWED: Final = "street_reviewed"
DISTRICT_REVIEWED: Final = "district_reviewed"
PUBLISHED: Final = "published"
PAID: Final = "paid"
RETURNED: Final = "returned"
RECOVERED: Final = "recovered"
STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        SUBMITTED: "申报",
        STREET_REVIEWED: "街道初核",
        DISTRICT_REVIEWED: "区县复核",
        PUBLISHED: "公示",
        PAID: "拨付",
        RETURNED: "退回",
        RECOVERED: "追回",
    }
)
"""The states of a claim, with their Chinese names."""
ENDED: Final = frozenset({RETURNED, RECOVERED})
"""States in which a claim is given up: it takes no place, and uses up no evidence."""
OPERATOR: Final = "operator"
STREET: Final = "street"
DISTRICT: Final = "district"
SUPERVISOR: Final = "supervisor"
ROLES: Final = (OPERATOR, STREET, DISTRICT, SUPERVISOR)
"""Who does a step; whoever is paid submits as the operator does."""

PUBLISH: Final = "publish"
"""The step that begins the public notice, and alone says when it ends."""
STEPS: Final[Mapping[str, tuple[str, frozenset[str], str]]] = MappingProxyType(
    {
        "street_review": (STREET, frozenset({SUBMITTED}), STREET_REVIEWED),
        "district_review": (DISTRICT, frozenset({STREET_REVIEWED}), DISTRICT_REVIEWED),
        PUBLISH: (DISTRICT, frozenset({DISTRICT_REVIEWED}), PUBLISHED),
        "pay": (DISTRICT, frozenset({PUBLISHED}), PAID),
        "recover": (DISTRICT, frozenset({PAID}), RECOVERED),
    }
)
"""Steps forward: who makes them, from which state, to which. What was paid is recovered once the
money is back."""
_RETURNED_BY: Final[Mapping[str, str]] = MappingProxyType(
    {
        SUBMITTED: STREET,
        STREET_REVIEWED: DISTRICT,
        DISTRICT_REVIEWED: DISTRICT,
        PUBLISHED: DISTRICT,
    }
)
CHECKS: Final = ("draw", "check_pass", "check_fail", "release")
"""What the supervisor does, of which the operator sees nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What is claimed, as it was decided.

    Parameters
    ----------
    payment, case, person, payee
        As in the decision.
    on
        The day that fixes its year.
    evidence
        The records that it uses up, with their kinds, such as `service:SV1`.
    amount_cny
        CNY; None where none is configured.
    rule, rule_version
        What it was decided by.
    """

    payment: str
    case: str
    person: str | None
    payee: str | None
    on: dt.date
    evidence: frozenset[str]
    amount_cny: Decimal | None
    rule: str
    rule_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A step of a claim.

    Parameters
    ----------
    claim
        Its id.
    step
        "submit", a step forward, "return", or a step of a check.
    on
        The day.
    by, role
        Who did it, and as what.
    note
        Why; needed where a claim is returned, held, released or recovered.
    until
        The last day of the public notice, of "publish".
    submission
        What is claimed, of "submit".
    """

    claim: str
    step: str
    on: dt.date
    by: str
    role: str
    note: str = ""
    until: dt.date | None = None
    submission: Submission | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim in its present state.

    Parameters
    ----------
    id
        Its id.
    submission
        What is claimed.
    state
        One of `STATES`.
    check
        "" for none, "open" once drawn, "passed", "failed" or "released".
    events
        What happened, in order.
    """

    id: str
    submission: Submission
    state: str
    check: str
    events: tuple[Event, ...]

    @property
    def payment(self) -> str:
        """The payment claimed."""
        return self.submission.payment

    @property
    def case(self) -> str:
        """The case it is for."""
        return self.submission.case

    @property
    def person(self) -> str | None:
        """The person it is for."""
        return self.submission.person

    @property
    def payee(self) -> str | None:
        """Who would be paid."""
        return self.submission.payee

    @property
    def on(self) -> dt.date:
        """The day that fixes its year."""
        return self.submission.on

    @property
    def evidence(self) -> frozenset[str]:
        """The records that it uses up."""
        return self.submission.evidence

    @property
    def is_held(self) -> bool:
        """Whether a failed check holds it."""
        return self.check == "failed"

    @property
    def until(self) -> dt.date | None:
        """The last day of its public notice."""
        return next((one.until for one in reversed(self.events) if one.step == PUBLISH), None)


def after(claim: Claim | None, event: Event) -> Claim:
    """Return a claim after a step.

    Raises
    ------
    ArgumentError
        If the step may not be made: from this state, in this role, by this person, on this day, or
        while a check holds the claim.
    """
    _check_event(event)
    if claim is None:
        return _begun(event)
    last = claim.events[-1]
    if event.on < last.on:
        rule = f"not lie before {last.on}, the day of the last step"
        raise ArgumentError("on", rule, str(event.on))
    _check_other(claim, event)
    if event.step in CHECKS:
        return _checked(claim, event)
    if event.step == "return":
        return _returned(claim, event)
    return _forward(claim, event)


def _check_event(event: Event) -> None:
    if not _is_day(event.on):
        raise ArgumentError("on", "be a date without a time", repr(event.on))
    if not event.by.strip():
        raise ArgumentError("by", "say who did it", repr(event.by))
    if event.role not in ROLES:
        raise ArgumentError("role", f"be one of {', '.join(ROLES)}", repr(event.role))
    if event.step in {"return", "check_fail", "release", "recover"} and not event.note.strip():
        raise ArgumentError("note", f"say why, of the step {event.step}", repr(event.note))
    if event.until is not None and event.step != PUBLISH:
        rule = f"be given of {PUBLISH} alone, which says how long the public notice is"
        raise ArgumentError("until", rule, f"{event.until} of {event.step}")


def _is_day(value: object) -> TypeGuard[dt.date]:
    return isinstance(value, dt.date) and not isinstance(value, dt.datetime)


def _begun(event: Event) -> Claim:
    if event.step != "submit" or event.submission is None:
        raise ArgumentError("step", "be submit, which begins a claim", repr(event.step))
    if event.role != OPERATOR:
        raise ArgumentError("role", f"be {OPERATOR} to submit", repr(event.role))
    for one in sorted(event.submission.evidence):
        kind, _, id_ = one.partition(":")
        if kind not in KINDS or not id_ or ";" in id_:
            rule = "name records as kind:id, without semicolons"
            kinds = f"The kinds are {', '.join(sorted(KINDS))}."
            raise ArgumentError("evidence", rule, repr(one), kinds)
    return Claim(
        id=event.claim, submission=event.submission, state=SUBMITTED, check="", events=(event,)
    )


def _forward(claim: Claim, event: Event) -> Claim:
    if event.step not in STEPS:
        steps = ", ".join([*STEPS, "return", *CHECKS])
        raise ArgumentError("step", f"be one of {steps}", repr(event.step))
    role, before, state = STEPS[event.step]
    if claim.state not in before:
        rule = f"be made from {' or '.join(sorted(before))}"
        raise ArgumentError("step", rule, f"{event.step} of {claim.id}, which is {claim.state}")
    if claim.is_held:
        raise ArgumentError(
            "step",
            "wait while a failed check holds the claim",
            f"{event.step} of {claim.id}",
            "Return it, or let the supervisor release it.",
        )
    _check_role(event, role)
    if event.step == PUBLISH and not (_is_day(event.until) and event.until >= event.on):
        rule = "be the last day of the public notice, not before its first"
        raise ArgumentError("until", rule, str(event.until))
    if event.step == "pay":
        _check_payable(claim, event)
    return replace(claim, state=state, events=(*claim.events, event))


def _check_payable(claim: Claim, event: Event) -> None:
    if claim.until is None or event.on <= claim.until:
        rule = f"lie after {claim.until}, the last day of the public notice"
        raise ArgumentError("on", rule, str(event.on))
    if claim.check == "open":
        found = f"pay of {claim.id}"
        raise ArgumentError("step", "wait until the check that is open has its result", found)


def _returned(claim: Claim, event: Event) -> Claim:
    role = _RETURNED_BY.get(claim.state)
    if role is None:
        rule = f"be made from {', '.join(_RETURNED_BY)}"
        raise ArgumentError("step", rule, f"return of {claim.id}, which is {claim.state}")
    _check_role(event, role)
    return replace(claim, state=RETURNED, events=(*claim.events, event))


def _checked(claim: Claim, event: Event) -> Claim:
    _check_role(event, SUPERVISOR)
    if claim.state in {PAID, *ENDED}:
        rule = "be made while the claim is under way"
        raise ArgumentError("step", rule, f"{event.step} of {claim.id}, which is {claim.state}")
    allowed = {"draw": {""}, "check_pass": {"open"}, "check_fail": {"open"}, "release": {"failed"}}
    if claim.check not in allowed[event.step]:
        found = f"{event.step} of {claim.id}, whose check is {claim.check or 'not drawn'}"
        raise ArgumentError("step", "follow draw, then a result, then release", found)
    states = {"draw": "open", "check_pass": "passed", "check_fail": "failed", "release": "released"}
    return replace(claim, check=states[event.step], events=(*claim.events, event))


def _check_role(event: Event, role: str) -> None:
    if event.role != role:
        raise ArgumentError("role", f"be {role} for {event.step}", repr(event.role))


def _check_other(claim: Claim, event: Event) -> None:
    """Two eyes are no four: nobody does anything of one claim in two roles.

    So who submitted does not review, draw or pass a check, and who reviewed does not review again.
    """
    before = {_whom(one.by): one.step for one in claim.events if one.role != event.role}
    twice = before.get(_whom(event.by))
    if twice is not None:
        raise ArgumentError(
            "by", f"be another person than made the step {twice} of {claim.id}", repr(event.by)
        )


def _whom(by: str) -> str:
    """Return whom a name means: spaces around it and capital letters make no other person."""
    return by.strip().casefold()
