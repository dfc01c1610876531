"""What a payment uses up: each record once, with its kind, and nothing of a person."""

from __future__ import annotations

import pytest

from geo_match.policy.conditions import Condition
from geo_match.policy.payments import PAYMENTS, RULES
from geo_match.policy.payments.used import KINDS, case_record, of_same_payee, used_up
from geo_match.rules import FAIL, PASS, UNKNOWN

POST = {"posts": [{}], "persons": [{"difficulty": "older"}]}
WELFARE = {"form": "public_welfare_post", "filed_on": "2024-01-05"}
CASES = {
    "stable_employment": (
        ([{}],),
        {},
        {"hire:EM1", "service:SV1", "platform:PR1", "insurance:EM1:social:2024-01"},
    ),
    "employment_assistance": (
        ([{}],),
        {"persons": [{"difficulty": "older"}]},
        {"hire:EM1", "service:SV1"},
    ),
    "post_insurance_subsidy": (
        ([WELFARE],),
        POST,
        {"post:J1/S1/2024-01-01", "hire:EM1", "service:SV1", "platform:PR1"},
    ),
    "survey_registration": (
        (),
        {"surveys": [{"entered_on": "2022-04-30"}]},
        {"survey:340302001001/2022-04-30"},
    ),
    "operation": ((), {}, {"head:OP1/S1/2023", "served:SV1"}),
    "supervision": ((), {}, {"head:SU1/S1/2023", "served:SV1"}),
}


@pytest.mark.parametrize("payment", CASES)
def test_a_payment_uses_up_the_records_that_show_it(sound, payment):
    hires, frames, expected = CASES[payment]
    (one,) = sound.decide(payment, sound.evidence(*hires, **frames))
    assert one.word == "pass"
    assert one.consumed == expected


def test_months_of_income_are_used_up_by_flexible_employment(sound):
    evidence = sound.evidence([{"form": "gig"}], incomes=sound.incomes([2600] * 3), insured=())
    (one,) = sound.decide("flexible_employment", evidence)
    months = {record for record in one.consumed if record.startswith("income:")}
    assert len(months) == 3
    assert one.consumed - months == {"hire:EM1", "service:SV1", "platform:PR1"}


def test_a_recognition_uses_up_its_document(sound):
    (one,) = sound.decide("demonstration", sound.evidence(recognitions=[{}]))
    kinds = sorted(record.split(":")[0] for record in one.consumed)
    assert kinds == ["document", "recognition"]


@pytest.mark.parametrize(("outcome", "is_used"), [(PASS, True), (FAIL, False), (UNKNOWN, False)])
def test_what_does_not_bear_the_payment_is_not_used_up(outcome, is_used):
    told = Condition("on_platform", outcome, ("PR1",), "As told.", "如述。")
    found = used_up("stable_employment", "EM1", [told])
    assert found == {"hire:EM1", *(["platform:PR1"] if is_used else [])}


def test_payments_to_one_kind_of_payee_are_told_together():
    operator = {"stable_employment", "flexible_employment", "employment_assistance", "operation"}
    for payment in PAYMENTS:
        expected = operator if payment in operator else {payment}
        assert of_same_payee(payment) == expected, RULES[payment].entries[-1].value.payee


@pytest.mark.parametrize("payment", PAYMENTS)
def test_every_payment_has_a_kind_of_case(payment):
    kind, _, id_ = case_record(payment, "a:b").partition(":")
    assert kind in KINDS
    assert id_ == "a:b"
