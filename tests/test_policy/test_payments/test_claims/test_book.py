"""All claims: kept as rows, read back, as of a day, and what a decision saw of them."""

from __future__ import annotations

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.payments.claims import STATES, Claims, draw_checks


def test_claims_come_back_from_their_frame_and_from_files(office, tmp_path):
    claims = office.checked("published", passed=False)
    frame = claims.to_frame()
    assert Claims.from_frame(frame).events == claims.events
    frame.to_csv(tmp_path / "claims.csv", index=False)
    read = Claims.from_frame(pd.read_csv(tmp_path / "claims.csv", dtype=str))
    assert read.events == claims.events
    assert read.seen(office.stable) == claims.seen(office.stable)


def test_a_frame_that_could_not_have_come_about_is_refused(office):
    frame = office.at("paid").to_frame()
    with pytest.raises(ArgumentError, match="`step` must be made from street_reviewed"):
        Claims.from_frame(frame.drop(index=1))
    with pytest.raises(ArgumentError, match="`step` must be submit, which begins a claim"):
        Claims.from_frame(frame.drop(index=0))
    with pytest.raises(
        ArgumentError, match="`frame` must have all columns of claims, got none for note"
    ):
        Claims.from_frame(frame.drop(columns="note"))
    with pytest.raises(ArgumentError, match="`claim` must be the id of a claim"):
        Claims.from_frame(frame)["nothing"]


@pytest.mark.parametrize("evidence", ["EM1", "hire:", "salary:EM1"])
def test_a_row_whose_evidence_has_no_kind_is_refused(office, evidence):
    frame = office.submitted().to_frame()
    frame.loc[0, "evidence"] = evidence
    with pytest.raises(ArgumentError, match=f"`evidence` must name records .*'{evidence}'"):
        Claims.from_frame(frame)


def test_claims_as_of_a_day_are_those_of_that_day(office):
    claims = office.at("recovered")
    days = (0, 1, 2, 3, 8, 9, 20)
    states = [next(iter(claims.at(office.later(n)))).state for n in days]
    assert states == [
        "submitted",
        "street_reviewed",
        "district_reviewed",
        "published",
        "published",
        "paid",
        "recovered",
    ]
    assert list(claims.standing(office.later(-1))) == []


def test_a_case_is_given_back_while_its_last_claim_is(office):
    given_back = office.at("returned")
    assert given_back.given_back(office.stable, office.later(9)) == {"EM1"}
    assert given_back.given_back(office.stable, office.later(8)) == frozenset()
    again = office.submit(given_back, ["EM1"], on=office.later(10))
    assert again.given_back(office.stable, office.later(10)) == frozenset()
    assert office.at("recovered").given_back(office.stable, office.later(20)) == {"EM1"}


def test_what_a_decision_saw_changes_with_what_is_claimed_and_given_up_alone(office):
    seen = {state: office.at(state).seen(office.stable) for state in STATES}
    under_way = {"submitted", "street_reviewed", "district_reviewed", "published", "paid"}
    assert len({seen[state] for state in under_way}) == 1
    assert len({Claims().seen(office.stable), seen["submitted"], seen["returned"]}) == 3
    assert seen["recovered"] == seen["returned"]
    drawn = draw_checks(
        office.submitted(), share=1.0, seed=office.seed, on=office.day, by="checker"
    )
    assert drawn.seen(office.stable) == seen["submitted"]
    assert office.submitted("EM2").seen(office.stable) != seen["submitted"]


def test_claims_of_payments_to_others_are_not_seen(office):
    claims = office.submitted()
    for payment in ("flexible_employment", "employment_assistance", "operation"):
        assert claims.seen(payment) != Claims().seen(payment)
    for payment in ("post_insurance_subsidy", "supervision", "demonstration"):
        assert claims.seen(payment) == Claims().seen(payment)
