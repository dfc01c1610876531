"""Deciding a payment: each case by its rule's conditions, and the caps over all of a person's."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from geo_match.errors import ArgumentError
from geo_match.policy.conditions import Condition
from geo_match.policy.conditions import decide as decide_all
from geo_match.policy.payments.asked import CONDITIONS
from geo_match.policy.payments.caps import Slot, cap_states
from geo_match.policy.payments.cases import Finder
from geo_match.policy.payments.claims import Claims
from geo_match.policy.payments.decision import Decision, Decisions, Way
from geo_match.policy.payments.options import PaymentOptions
from geo_match.policy.payments.rules import PAYMENTS
from geo_match.policy.payments.used import case_record, of_same_payee, used_up
from geo_match.rules import FAIL, PASS, UNKNOWN, NotInForceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from geo_match.policy.payments.caps import CapState, Mode
    from geo_match.policy.payments.case import Case
    from geo_match.policy.payments.claims import Claim
    from geo_match.policy.payments.evidence import Evidence

_UNUSED: Final = "evidence_unused"
_MODE_ZH: Final = {"calendar": "自然年", "rolling": "连续十二个月", "once": "总计"}
_WAY_ZH: Final = {"labour_contract": "劳动合同", "service_agreement": "劳务协议"}
_CAP_EN: Final = {
    FAIL: "No place is left",
    PASS: "There is a place",
    UNKNOWN: "Whether there is a place hangs on others",
}
_CAP_ZH: Final = {FAIL: "名额已用完", PASS: "名额未用完", UNKNOWN: "是否有名额取决于其他事项"}


def decide(
    payment: str,
    evidence: Evidence,
    options: PaymentOptions | None = None,
    *,
    as_of: dt.date,
    cases: Iterable[str] | None = None,
    claims: Claims | None = None,
) -> Decisions:
    """Decide a payment by its rule, as of a day.

    The same evidence and day give the same decisions, whenever and in whatever order they are
    asked: nothing that came after the day is looked at.

    Parameters
    ----------
    payment
        One of `PAYMENTS`.
    evidence
        The records.
    options
        Answers to what the notice leaves open; None leaves it open.
    as_of
        The day whose knowledge decides.
    cases
        Ids of the cases to decide; None for all. Hires that nobody claims can be asked for by id.
        A hire's case has its id; others have ids made of their records', as `Decisions` gives them.
    claims
        The claims made so far: those that stand by that day take places under a cap, and the
        evidence of one is not paid for again. Their cases are decided, too, where a record of them
        is left. A case whose last claim was returned may be claimed again: whether it takes a place
        from others is unknown.

    Returns
    -------
    Decisions
        In the order of the records' ids.

    Raises
    ------
    ArgumentError
        If the payment is another, a case is not known on the day, or a frame is not as `Evidence`
        says.
    """
    if payment not in PAYMENTS:
        raise ArgumentError("payment", f"be one of {', '.join(PAYMENTS)}", repr(payment))
    if not isinstance(as_of, dt.date) or isinstance(as_of, dt.datetime):
        raise ArgumentError("as_of", "be a date without a time", repr(as_of))
    chosen = options or PaymentOptions()
    wanted = None if cases is None else list(cases)
    made = claims or Claims()
    standing = list(made.standing(as_of))
    of_this = [one for one in standing if one.payment == payment]
    claimed, elsewhere = _used(payment, standing)
    known = evidence.known(as_of)
    also = frozenset([*(wanted or ()), *(one.case for one in of_this)])
    found = list(Finder(payment, known, chosen, claimed).cases(also))
    judged = {case.id: _judge(case, elsewhere) for case in found}
    places = [(one.case, one.person, one.payee, one.on) for one in of_this]
    states = _caps(found, judged, places, made.given_back(payment, as_of))
    saw = made.seen(payment, as_of)
    decisions = tuple(
        _decision(case, *judged[case.id], states.get(case.id, ()), saw) for case in found
    )
    if wanted is None:
        return Decisions(payment, as_of, chosen, decisions, saw)
    by_case = {one.case: one for one in decisions}
    lost = [case for case in wanted if case not in by_case]
    if lost:
        rule = f"be cases of {payment} that are known on {as_of}"
        raise ArgumentError("cases", rule, ", ".join(map(repr, lost[:5])))
    some = tuple(by_case[case] for case in dict.fromkeys(wanted))
    return Decisions(payment, as_of, chosen, some, saw, is_whole=False)


def _used(
    payment: str, standing: Iterable[Claim]
) -> tuple[dict[str, frozenset[str]], dict[str, set[str]]]:
    """Return what claims of payments to the same kind of payee use up.

    Returns
    -------
    dict, dict
        By record the cases that it is used for; and the claims of other payments.
    """
    alike = of_same_payee(payment)
    cases: dict[str, frozenset[str]] = defaultdict(frozenset)
    others: dict[str, set[str]] = defaultdict(set)
    for one in standing:
        if one.payment in alike:
            for record in one.evidence:
                cases[record] |= {one.case}
                if one.payment != payment:
                    others[record].add(one.id)
    return cases, others


def _judge(
    case: Case, elsewhere: Mapping[str, set[str]]
) -> tuple[tuple[Condition, ...], tuple[Way, ...]]:
    """Return all conditions but the cap, and the ways in detail."""
    told = {name: CONDITIONS[name](case) for name in case.rule.all_of if name != _UNUSED}
    ways = tuple(
        Way(name=name, conditions=tuple(CONDITIONS[one](case) for one in names))
        for name, names in case.rule.any_of
    )
    met = [one for way in ways if way.outcome == PASS for one in way.conditions]
    bound = used_up(case.rule.payment, case.id, [*told.values(), *met])
    if ways:
        told["one_way"] = _one_way(ways)
    if _UNUSED in case.rule.all_of:
        told[_UNUSED] = _unused(case, bound, elsewhere)
    return tuple(told.values()), ways


def _one_way(ways: Sequence[Way]) -> Condition:
    """Return the condition that one of the ways is met, in the words of the best of them."""
    joined = [one for way in ways for one in way.conditions]
    outcomes = {way.outcome for way in ways}
    outcome = PASS if PASS in outcomes else UNKNOWN if UNKNOWN in outcomes else FAIL
    told = [way for way in ways if way.outcome == outcome]
    if outcome == FAIL:
        # The way whose conditions come nearest says more than one of a form that the hire is not.
        told = [max(ways, key=lambda way: sum(one.outcome != FAIL for one in way.conditions))]
    shown = [
        one for way in told for one in way.conditions if outcome != FAIL or one.outcome == FAIL
    ]
    evidence = tuple(dict.fromkeys(id_ for one in shown or joined for id_ in one.evidence))
    missing = "; ".join(dict.fromkeys(one.missing for one in shown if one.missing))
    names = " / ".join(way.name for way in told)
    en = f"By {names}: {' '.join(one.en for one in shown)}"
    zh_names = "或".join(_WAY_ZH.get(way.name, way.name) for way in told)
    zh = f"{zh_names}：{''.join(one.zh for one in shown)}"
    return Condition("one_way", outcome, evidence, en, zh, missing if outcome == UNKNOWN else "")


def _unused(case: Case, bound: frozenset[str], elsewhere: Mapping[str, set[str]]) -> Condition:
    """Return the condition that no claim that stands rests on the same records."""
    again = sorted(one for one in bound if case.claimed.get(one, frozenset()) - {case.id})
    if again:
        ids = tuple(dict.fromkeys(one.partition(":")[2] for one in again))
        shown = [one.replace(":", " ", 1) for one in again]
        en = f"A claim of another case rests on {', '.join(shown)}."
        return Condition(_UNUSED, FAIL, ids, en, f"证据已用于其他事项的申报：{'、'.join(ids)}。")
    # What is left of other payments is claimed for the very same case: of a hire.
    shared = sorted(elsewhere.get(case_record(case.rule.payment, case.id), ()))
    allowed = case.options.two_payments_for_one_hire
    if not shared or allowed:
        return Condition(_UNUSED, PASS, (), "No other claim rests on it.", "证据未用于其他申报。")
    claims, listed = tuple(shared), ", ".join(shared)
    if allowed is None:
        en = f"The claims {listed} rest on it, and whether one hire bears two payments is open."
        zh = f"同一就业已有其他补助申报（{listed}），能否并享未定。"
        missing = "an answer on two_payments_for_one_hire 同一就业能否享受两项补助"
        return Condition(_UNUSED, UNKNOWN, claims, en, zh, missing)
    en = f"The claims {listed} of other payments rest on it."
    return Condition(_UNUSED, FAIL, claims, en, f"同一就业已用于其他补助申报（{listed}）。")


def _caps(
    cases: Sequence[Case],
    judged: Mapping[str, tuple[tuple[Condition, ...], tuple[Way, ...]]],
    places: Iterable[tuple[str, str | None, str | None, dt.date]],
    given_back: frozenset[str],
) -> dict[str, tuple[CapState, ...]]:
    """Return how each case stands to its cap, in each way to count a year that is looked at."""
    capped = [case for case in cases if case.rule.per_person is not None]
    groups: dict[tuple[str, str | None], list[Case]] = defaultdict(list)
    for case in capped:
        groups[_whose(case, case.person, case.payee)].append(case)
    claimed: dict[tuple[str, str | None], list[tuple[dt.date, str]]] = defaultdict(list)
    if capped:
        for id_, person, payee, on in places:
            claimed[_whose(capped[0], person, payee)].append((on, id_))
    found: dict[str, list[CapState]] = defaultdict(list)
    for whose, several in groups.items():
        slots = [
            Slot(case.id, case.on, _asks(decide_all(judged[case.id][0]), case.id in given_back))
            for case in several
        ]
        for mode in _modes(several[0]):
            states = cap_states(
                slots,
                claimed[whose],
                # The versions of a rule that there are have one cap; of several the least holds.
                limit=min(case.rule.per_person or 0 for case in several),
                mode=mode,
                across_operators=several[0].options.cap_across_operators,
            )
            for id_, state in states.items():
                found[id_].append(state)
    return {id_: tuple(states) for id_, states in found.items()}


def _asks(outcome: int, is_given_back: bool) -> int:  # noqa: FBT001 - private, and what it tells of
    """Return whether a case takes a place: one whose claim was returned may never be claimed."""
    return UNKNOWN if is_given_back and outcome == PASS else outcome


def _whose(case: Case, person: str | None, payee: str | None) -> tuple[str, str | None]:
    return person or "", None if case.options.cap_across_operators else payee


def _modes(case: Case) -> tuple[Mode, ...]:
    if case.rule.head_cny is not None:
        counted: dict[str | None, tuple[Mode, ...]] = {
            "once": ("once",),
            "yearly": ("calendar",),
            None: ("once", "calendar"),
        }
        return counted[case.options.head_counted]
    by = case.options.cap_year
    return ("calendar", "rolling") if by is None else (by,)


def _decision(
    case: Case,
    conditions: tuple[Condition, ...],
    ways: tuple[Way, ...],
    caps: tuple[CapState, ...],
    saw: str,
) -> Decision:
    if caps:
        conditions = (*conditions, _cap(case, caps))
    return Decision(
        case=case.id,
        person=case.person,
        payee=case.payee,
        on=case.on,
        as_of=case.known.as_of,
        entry=case.entry,
        conditions=conditions,
        ways=ways,
        caps=caps,
        amount_cny=_amount(case) if decide_all(conditions) == PASS else None,
        answers=case.options.stated(),
        saw=saw,
    )


def _cap(case: Case, caps: tuple[CapState, ...]) -> Condition:
    outcomes = {one.outcome for one in caps}
    outcome = min(outcomes) if len(outcomes) == 1 else UNKNOWN
    taken = tuple(sorted({id_ for one in caps for id_ in one.taken}))
    limit = caps[0].limit
    counted = ", ".join(f"{one.mode} {len(one.taken)} taken" for one in caps)
    zh_counted = "，".join(f"{_MODE_ZH[one.mode]}已占 {len(one.taken)}" for one in caps)
    en = f"{_CAP_EN[outcome]}: {limit} per person ({counted})."
    zh = f"{_CAP_ZH[outcome]}：每人 {limit} 次（{zh_counted}）。"
    if outcome != UNKNOWN:
        return Condition("cap", outcome, taken, en, zh)
    if len(outcomes) > 1:  # the ways to count a year differ
        name = "cap_year" if case.rule.head_cny is None else "head_counted"
        missing = f"an answer on {name} “每年”的口径"
    elif case.on is None:
        missing = "the day that fixes the year 确定年度的日期"
    else:
        perhaps = sorted({id_ for one in caps for id_ in one.perhaps})
        missing = f"decisions on {', '.join(perhaps)} 上述事项的认定"
    return Condition("cap", UNKNOWN, taken, en, zh, missing)


def _amount(case: Case) -> Decimal | None:
    """Return the amount: what the notice states, or what is configured for the day."""
    if case.rule.head_cny is not None:
        return Decimal(case.rule.head_cny)
    table = case.options.amounts.get(case.rule.payment)
    if table is None or case.on is None:
        return None
    try:
        return table.on(case.on).value
    except NotInForceError:
        return None
