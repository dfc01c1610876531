"""Corrections after a claim: what is to be returned, recovered or looked into."""

from __future__ import annotations

import datetime as dt

import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.payments.claims import STATES, Claims, corrections, submit

SHORT = {"contract_to": "2024-03-31"}
OTHER = {"claimed_by": "OP2"}


def told(sound, office, claims, hire, day=20, **frames):
    evidence = sound.evidence([hire], **frames)
    return corrections(claims, office.decide(office.later(day), claims, evidence=evidence))


def test_a_claim_that_is_borne_as_it_was_claimed_is_not_told_of(office):
    for state in STATES:
        claims = office.at(state)
        assert corrections(claims, office.decide(office.later(20), claims)).empty


@pytest.mark.parametrize("state", ["submitted", "published", "paid"])
def test_a_further_service_entered_late_changes_nothing_of_what_was_claimed(sound, office, state):
    """Its hire stays shown by the service claimed, though the new one is nearer to it."""
    claims, later = office.at(state), {"id": "SV7", "on": "2023-12-28"}
    more = sound.evidence([{}], services=[{}, later])
    anew = office.decide(office.later(20), claims, evidence=more)
    assert "service:SV1" in anew["EM1"].consumed
    assert corrections(claims, anew).empty
    # And if the one claimed shows it no longer, that is told.
    (row,) = told(sound, office, claims, {}, services=[{"operator_id": "OP2"}, later]).to_dict(
        "records"
    )
    assert row["en"].endswith("evidence was service:SV1, is service:SV7")


@pytest.mark.parametrize("payment", ["operation", "supervision"])
@pytest.mark.parametrize("late", ["2023-06-01", "2023-12-31"])
def test_a_further_service_entered_late_changes_nothing_of_a_head_that_was_claimed(
    sound, office, payment, late
):
    before = [{"on": "2023-11-01"}, {"id": "SV2", "on": "2023-12-20"}]
    first = sound.evidence(services=before)
    claims = submit(
        Claims(), office.decide(payment=payment, evidence=first), on=office.day, by="operator-1"
    )
    assert {one.on for one in claims} == {dt.date(2023, 11, 1)}
    more = sound.evidence(services=[*before, {"id": "SV0", "on": late}])
    on = office.later(20)
    assert corrections(claims, office.decide(on, claims, payment=payment, evidence=more)).empty
    # The one claimed was somebody who refused: the head is borne no longer, whoever else came.
    refused = sound.evidence(services=[{**before[0], "result": "refused"}, before[1]])
    anew = office.decide(on, claims, payment=payment, evidence=refused)
    assert corrections(claims, anew)["to_do"].to_list() == ["return"]


def test_a_head_is_of_the_day_of_the_service_that_counts_it_before_and_after_its_claim(
    sound, office
):
    """Sixteen for certain by the second alone, which the claim names."""
    services = [{"id": "SV0", "on": "2023-05-01"}, {"on": "2023-12-31"}]
    evidence = sound.evidence(persons=[{"birth_year": 2007}], services=services)
    given = {"payment": "operation", "evidence": evidence}
    claims = submit(Claims(), office.decide(**given), on=office.day, by="operator-1")
    assert [(one.on, sorted(one.evidence)) for one in claims] == [
        (dt.date(2023, 12, 31), ["head:OP1/S1/2023", "served:SV1"])
    ]
    assert corrections(claims, office.decide(office.later(20), claims, **given)).empty


def test_what_was_paid_and_is_no_longer_borne_is_to_be_recovered(sound, office):
    claims = office.at("paid")
    (row,) = told(sound, office, claims, SHORT).to_dict("records")
    assert (row["claim"], row["payee"], row["state"]) == (office.id, "OP1", "paid")
    assert row["to_do"] == "recover"
    assert row["en"].startswith("Paid, no longer borne: recover it: stable_employment of EM1: fail")
    assert row["zh"].startswith("已拨付但不再符合，应追回：稳定就业服务补助（EM1）：不符合")
    # Once the money is back it is told of no more, and the case may be claimed by whom it bears.
    back = office.recover(claims)
    assert told(sound, office, back, SHORT).empty
    evidence = sound.evidence([OTHER], services=[{"operator_id": "OP2"}])
    again = office.submit(back, ["EM1"], on=office.later(30), evidence=evidence)
    assert again["stable_employment/EM1/2"].payee == "OP2"


@pytest.mark.parametrize(
    "state", ["submitted", "street_reviewed", "district_reviewed", "published"]
)
def test_what_is_under_way_and_no_longer_borne_is_to_be_returned(sound, office, state):
    (row,) = told(sound, office, office.at(state), SHORT).to_dict("records")
    assert (row["state"], row["to_do"]) == (state, "return")
    assert row["zh"].startswith("在办申报已不符合，应退回：")


def test_what_passes_for_another_payee_is_no_longer_borne(sound, office):
    services = [{"operator_id": "OP2"}]
    (row,) = told(sound, office, office.at("paid"), OTHER, services=services).to_dict("records")
    assert row["to_do"] == "recover"
    assert row["en"].endswith("recover it: payee was OP1, is OP2")
    assert row["zh"].endswith("拨付对象由 OP1 改为 OP2")


def test_what_is_unknown_is_to_be_looked_into(sound, office):
    (row,) = told(sound, office, office.at("paid"), {"record_origin": None}).to_dict("records")
    assert row["to_do"] == "look"
    assert row["en"].startswith("Whether it is still borne is unknown: look into it: ")


def test_a_claim_whose_hire_is_claimed_by_nobody_now_is_told_of(sound, office):
    (row,) = told(sound, office, office.at("paid"), {"claimed_by": None}).to_dict("records")
    assert row["to_do"] == "look"
    assert "The operator is not known." in row["en"]


def test_a_claim_without_any_record_is_told_of_unless_other_cases_were_asked_for(sound, office):
    claims, on = office.at("paid"), office.later(20)
    evidence = sound.evidence([{"id": "EM8"}], insured=[{"employment": "EM8"}])
    (row,) = corrections(claims, office.decide(on, claims, evidence=evidence)).to_dict("records")
    assert row["to_do"] == "recover"
    assert row["zh"].endswith("该事项已无记录")
    some = office.decide(on, claims, ["EM8"], evidence)
    assert corrections(claims, some).empty


def test_claims_of_other_payments_are_not_judged_by_this_one(office):
    claims = office.at("paid")
    told_ = office.decide(office.later(20), claims, payment="operation")
    assert corrections(claims, told_).empty


def test_decisions_made_with_other_claims_are_refused(office):
    with pytest.raises(ArgumentError, match="`decisions` must be made with the claims as they are"):
        corrections(office.at("paid"), office.decide(office.later(20)))
    assert corrections(Claims(), office.decide(office.later(20))).empty
