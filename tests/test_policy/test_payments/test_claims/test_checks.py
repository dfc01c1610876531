"""Checks of claims: drawn by a seed alone, hidden from the operator, and what one stops."""

from __future__ import annotations

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.payments.claims import STATES, conclude, draw_checks, release


def test_a_draw_hangs_on_seed_and_id_alone_and_can_be_repeated(office):
    both, one = office.submitted("EM1", "EM2"), office.submitted("EM1")
    given = {"share": 0.5, "on": office.day, "by": "checker"}
    for seed in (f"{office.seed} {n}" for n in range(20)):
        drawn = {c.id for c in draw_checks(both, seed=seed, **given) if c.check}
        alone = {c.id for c in draw_checks(one, seed=seed, **given) if c.check}
        assert {office.id} & drawn == alone
        twice = draw_checks(draw_checks(both, seed=seed, **given), seed=seed, **given)
        assert {c.id for c in twice if c.check} == drawn


def test_the_share_drawn_is_about_the_share_asked_for(office):
    given = {"share": 0.3, "on": office.day, "by": "checker"}
    claims = office.submitted("EM1", "EM2")
    seeds = [f"{office.seed}{n}" for n in range(300)]
    n = sum(bool(c.check) for one in seeds for c in draw_checks(claims, seed=one, **given))
    assert abs(n / 600 - 0.3) < 0.06  # three standard deviations
    none, all_ = ({**given, "share": share, "seed": office.seed} for share in (0.0, 1.0))
    assert not any(c.check for c in draw_checks(claims, **none))
    assert all(c.check for c in draw_checks(claims, **all_))


def test_only_claims_that_are_submitted_and_under_way_are_drawn(office):
    every = {"share": 1.0, "seed": office.seed, "by": "checker"}
    assert not draw_checks(office.submitted(), on=office.later(-1), **every)[office.id].check
    for state in STATES:
        drawn = draw_checks(office.at(state), on=office.later(20), **every)[office.id].check
        assert drawn == ("" if state in {"paid", "returned", "recovered"} else "open")


def test_what_is_drawn_wrongly_is_refused(office):
    claims, given = office.submitted(), {"on": office.day, "by": "checker"}
    with pytest.raises(
        ArgumentError, match=r"`seed` must have 16 characters or more, got 4\. It must not"
    ):
        draw_checks(claims, share=0.1, seed="1234", **given)
    with pytest.raises(ArgumentError, match="`share` must be from 0 to 1"):
        draw_checks(claims, share=1.5, seed=office.seed, **given)
    with pytest.raises(ArgumentError, match="`step` must follow draw, then a result"):
        conclude(claims, [office.id], passed=True, **given)


def test_a_failed_check_holds_the_claim_until_it_is_released_or_returned(office):
    held = office.checked("published", passed=False)
    assert held[office.id].is_held
    with pytest.raises(
        ArgumentError, match="`step` must wait while a failed check holds the claim"
    ):
        office.pay(held)
    given = {"on": office.later(9), "by": "checker"}
    free = release(held, [office.id], note="本人已确认", **given)
    assert office.pay(free)[office.id].state == "paid"
    assert office.give_back(held, role="district")[office.id].state == "returned"
    with pytest.raises(ArgumentError, match="`note` must say why, of the step release"):
        release(held, [office.id], note="", **given)


def test_an_open_check_delays_the_payment_alone(office):
    claims = draw_checks(
        office.submitted(), share=1.0, seed=office.seed, on=office.day, by="checker"
    )
    published = office.publish(office.district(office.street(claims)))
    with pytest.raises(ArgumentError, match="`step` must wait until the check that is open"):
        office.pay(published)
    passed = conclude(published, [office.id], passed=True, on=office.later(9), by="checker")
    assert office.pay(passed)[office.id].state == "paid"


def test_the_operator_sees_nothing_of_checks(office):
    plain = office.at("published").seen_by_operator("OP1")
    for passed in (True, False):
        checked = office.checked("published", passed=passed).seen_by_operator("OP1")
        pd.testing.assert_frame_equal(checked, plain)
    assert plain.to_dict("records")[0]["zh"] == "公示"
    assert office.at("published").seen_by_operator("OP2").empty
