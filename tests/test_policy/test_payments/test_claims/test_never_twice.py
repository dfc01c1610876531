"""Whatever is submitted in whatever order: no record and no place is claimed twice."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from geo_match.errors import ArgumentError
from geo_match.policy.conditions import Condition
from geo_match.policy.payments import RULES, CapState, Decision
from geo_match.policy.payments.claims import Claims, advance, submit
from geo_match.rules import PASS

DAY = dt.date(2025, 6, 30)
LIMITS = {"stable_employment": 1, "flexible_employment": 3, "employment_assistance": None}
ALL = (True, PASS, (), ())
"""Of a state of a cap: across operators, and a place that nothing takes."""


def passes(name, *evidence):
    return Condition(name, PASS, evidence, "As told.", "如述。")


def decision(asked, claims, answer):
    """Return a decision that passes, on a hire that is one person's and of one day of a year."""
    payment, hire, service, year = asked
    limit = LIMITS[payment]
    return Decision(
        case=f"EM{hire}",
        person=f"S{hire // 4}",
        payee="OP1",
        on=dt.date(2023 + year, 1 + hire, 1),
        as_of=DAY,
        entry=RULES[payment].entries[-1],
        conditions=(
            passes("sound_record", f"EM{hire}"),
            passes("organised_by_operator", f"SV{service}"),
            passes("evidence_unused"),
        ),
        ways=(),
        caps=(CapState(limit, "calendar", *ALL),) if limit else (),
        amount_cny=None,
        answers=(("two_payments_for_one_hire", answer),),
        saw=claims.seen(payment),
    )


ASKED = st.tuples(
    st.sampled_from(list(LIMITS)), st.integers(0, 4), st.integers(0, 7), st.integers(0, 1)
)
STEPS = st.lists(
    st.one_of(st.lists(ASKED, min_size=1, max_size=6), st.integers(0, 9)), min_size=3, max_size=8
)


def tried(claims, decisions):
    """Return the claims after submitting, and why that was refused, if it was."""
    try:
        return submit(claims, decisions, on=DAY, by="operator-1"), ""
    except ArgumentError as error:
        return claims, error.rule


def check(claims, answer):
    """Check every two claims that stand, and count every person's of a year."""
    standing = list(claims.standing(DAY))
    for one, other in combinations(standing, 2):
        is_one_hire = one.case == other.case and one.payment != other.payment
        assert (is_one_hire and answer == "yes") or not one.evidence & other.evidence
    counted = Counter((one.payment, one.person, one.on.year) for one in standing)
    assert all(n <= (LIMITS[payment] or n) for (payment, _, _), n in counted.items())


@settings(max_examples=50)
@given(STEPS, st.sampled_from(["yes", "no", "open"]))
def test_no_record_and_no_place_is_claimed_twice(steps, answer):
    claims = Claims()
    for step in steps:
        standing = list(claims.standing(DAY))
        if isinstance(step, int) and standing:
            id_ = standing[step % len(standing)].id
            given_ = {"on": DAY, "by": "street-1", "role": "street", "note": "不符"}
            claims = advance(claims, [id_], "return", **given_)
        elif not isinstance(step, int):
            told = [decision(asked, claims, answer) for asked in step]
            claims, why = tried(claims, told)
            assert not why or why.startswith(("rest on records", "leave no person"))
            # What is refused together is submitted one by one, as far as it goes.
            for asked in step if why else ():
                claims, _ = tried(claims, [decision(asked, claims, answer)])
            for one in told:
                if one.saw != claims.seen(one.payment):
                    assert tried(claims, [one])[1] == "be made with the claims as they are now"
        check(claims, answer)
