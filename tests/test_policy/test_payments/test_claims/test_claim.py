"""A claim: who may do which step from where, and that nobody is two people in it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from itertools import product

import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.payments.claims import STATES, Claims, advance, conclude, draw_checks, release
from geo_match.policy.payments.claims.claim import Event


def test_a_claim_goes_from_submission_to_payment(office):
    claim = office.at("paid")[office.id]
    assert [one.step for one in claim.events] == [
        "submit",
        "street_review",
        "district_review",
        "publish",
        "pay",
    ]
    assert STATES[claim.state] == "拨付"
    assert {"hire:EM1", "service:SV1", "platform:PR1"} <= claim.evidence
    assert not any("S1" in one.split(":") for one in claim.evidence)  # a person is not used up


def test_each_step_is_made_from_its_own_state_alone(office):
    steps = {
        "street": ("submitted", "street_reviewed"),
        "district": ("street_reviewed", "district_reviewed"),
        "publish": ("district_reviewed", "published"),
        "pay": ("published", "paid"),
        "recover": ("paid", "recovered"),
    }
    for state, (step, (before, to)) in product(STATES, steps.items()):
        claims = office.at(state)
        late = {"on": office.later(30)}
        late |= {"until": office.later(31)} if step == "publish" else {}
        if state == before:
            assert getattr(office, step)(claims, **late)[office.id].state == to
        else:
            with pytest.raises(ArgumentError, match="`step` must be made from"):
                getattr(office, step)(claims, **late)


@pytest.mark.parametrize(
    ("state", "role"),
    [
        ("submitted", "street"),
        ("street_reviewed", "district"),
        ("district_reviewed", "district"),
        ("published", "district"),
    ],
)
def test_a_claim_can_be_returned_until_it_is_paid_by_whom_it_lies_with(office, state, role):
    claims = office.at(state)
    assert office.give_back(claims, role=role)[office.id].state == "returned"
    other = {"street": "district", "district": "street"}[role]
    with pytest.raises(ArgumentError, match=f"`role` must be {role} for return"):
        office.give_back(claims, role=other)
    with pytest.raises(ArgumentError, match="`note` must say why"):
        office.give_back(claims, role=role, note=" ")


@pytest.mark.parametrize("state", ["paid", "returned", "recovered"])
def test_what_is_paid_or_given_up_is_not_returned(office, state):
    with pytest.raises(ArgumentError, match="`step` must be made from submitted, "):
        office.give_back(office.at(state), on=office.later(30))


def test_what_was_paid_is_recovered_by_the_district_with_its_reason(office):
    paid = office.at("paid")
    recovered = office.recover(paid)
    assert STATES[recovered[office.id].state] == "追回"
    assert list(recovered.standing(office.later(20))) == []
    assert [one.id for one in recovered.standing(office.later(19))] == [office.id]
    with pytest.raises(ArgumentError, match="`role` must be district for recover"):
        office.recover(paid, by="street-1", role="street")
    with pytest.raises(ArgumentError, match="`note` must say why, of the step recover"):
        office.recover(paid, note="")


def test_a_step_never_changes_the_claims_that_it_starts_from(office):
    claims = office.submitted()
    office.street(claims)
    assert claims[office.id].state == "submitted"
    assert len(claims.events) == 1


def test_who_submitted_does_not_review_and_nobody_reviews_twice(office):
    claims = office.submitted()
    twice = "`by` must be another person than made the step"
    with pytest.raises(ArgumentError, match=f"{twice} submit of {office.id}"):
        office.street(claims, by="operator-1")
    reviewed = office.street(claims)
    with pytest.raises(ArgumentError, match=f"{twice} street_review"):
        office.district(reviewed, by="street-1")
    with pytest.raises(ArgumentError, match=f"{twice} submit"):
        office.give_back(claims, by="operator-1")


@pytest.mark.parametrize("by", ["operator-1", " operator-1", "Operator-1 "])
def test_who_submitted_neither_draws_nor_passes_nor_releases_a_check(office, by):
    twice = "`by` must be another person than made the step submit"
    claims, day = office.submitted(), office.day
    with pytest.raises(ArgumentError, match=twice):
        draw_checks(claims, share=1.0, seed=office.seed, on=day, by=by)
    drawn = draw_checks(claims, share=1.0, seed=office.seed, on=day, by="checker")
    with pytest.raises(ArgumentError, match=twice):
        conclude(drawn, [office.id], passed=True, on=day, by=by)
    failed = conclude(drawn, [office.id], passed=False, on=day, by="checker", note="不符")
    with pytest.raises(ArgumentError, match=twice):
        release(failed, [office.id], on=day, by=by, note="已确认")


def test_who_checks_a_claim_does_not_review_it(office):
    drawn = draw_checks(
        office.submitted(), share=1.0, seed=office.seed, on=office.day, by="street-1"
    )
    with pytest.raises(ArgumentError, match="another person than made the step draw"):
        office.street(drawn)


def test_somebody_made_each_step(office):
    with pytest.raises(ArgumentError, match="`by` must say who did it, got '  '"):
        office.street(office.submitted(), by="  ")


def test_steps_do_not_go_back_in_time(office):
    with pytest.raises(ArgumentError, match="`on` must not lie before 2025-06-30"):
        office.street(office.submitted(), on=office.later(-1))


def test_nothing_is_paid_before_the_public_notice_is_over(office):
    claims = office.at("published")
    with pytest.raises(
        ArgumentError, match="`on` must lie after 2025-07-08, the last day of the pub"
    ):
        office.pay(claims, on=office.later(8))
    assert office.pay(claims, on=office.later(9))[office.id].state == "paid"
    with pytest.raises(ArgumentError, match="`until` must be the last day of the public notice"):
        office.publish(office.at("district_reviewed"), until=None)


def test_no_step_but_its_first_says_when_the_public_notice_ends(office):
    claims, day = office.at("published"), office.later(4)
    who, note = {"by": "district-1", "role": "district"}, "缩短公示"
    alone = "`until` must be given of publish alone, .*, got 2025-07-03 of {}"
    for step in ("pay", "return"):
        given = {"on": day, "note": note, "until": office.later(3), **who}
        given |= {"decisions": office.decide(day, claims)} if step == "pay" else {}
        with pytest.raises(ArgumentError, match=alone.format(step)):
            advance(claims, [office.id], step, **given)
    # A step of a check would leave the claim where it is.
    drawn = Event(claim=office.id, step="draw", on=day, by="checker", role="supervisor")
    shorter = dataclasses.replace(drawn, until=office.later(3))
    with pytest.raises(ArgumentError, match=alone.format("draw")):
        claims.with_events([shorter])
    read = dataclasses.replace(claims[office.id], events=(*claims[office.id].events, shorter))
    assert read.until == office.later(8)
    assert claims.with_events([drawn])[office.id].until == office.later(8)


def test_a_notice_ends_on_a_day_without_a_time(office):
    noon = dt.datetime(2025, 7, 8, 12, tzinfo=dt.UTC)
    with pytest.raises(ArgumentError, match="`until` must be the last day of the public notice"):
        office.publish(office.at("district_reviewed"), until=noon)


@pytest.mark.parametrize("step", ["draw", "check_pass", "check_fail", "release"])
def test_a_check_is_no_step_that_anybody_picks_a_claim_for(office, step):
    """Which are checked hangs on the seed."""
    given = {"on": office.day, "by": "checker", "role": "supervisor", "note": "抽查"}
    with pytest.raises(
        ArgumentError, match=f"`step` must be one of street_review, .*, return, got '{step}'"
    ):
        advance(office.submitted(), [office.id], step, **given)


def test_a_step_that_there_is_none_of_is_refused(office):
    given = {"on": office.later(1), "by": "street-1", "role": "street"}
    with pytest.raises(ArgumentError, match="`step` must be one of street_review, "):
        advance(office.submitted(), [office.id], "approve", **given)
    with pytest.raises(ArgumentError, match="`claim` must be the id of a claim"):
        advance(Claims(), ["nothing"], "street_review", **given)
