"""Submitting and moving on: nothing is paid twice, and no correction is overlooked."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.payments.claims import Claims, submit
from geo_match.rules import Dated, Entry

STALE = "`decisions` must be made with the claims as they are now, got one of EM1 made with others"


# Submitting.


def test_only_what_passes_is_submitted_and_unknown_is_not_pass(sound, office):
    evidence = sound.evidence([{"record_origin": None}])
    unknown = office.decide(evidence=evidence)
    with pytest.raises(
        ArgumentError, match=r"unknown is never pass, got unknown for EM1\. It needs: the prov"
    ):
        submit(Claims(), unknown, on=office.day, by="operator-1")
    with pytest.raises(ArgumentError, match="`decisions` must rest on what is known on 2025-06-29"):
        submit(Claims(), office.decide(cases=["EM1"]), on=office.later(-1), by="operator-1")


def test_a_case_is_not_claimed_twice_while_a_claim_stands(office):
    for state in ("submitted", "street_reviewed", "published", "paid"):
        claims = office.at(state)
        with pytest.raises(
            ArgumentError,
            match=f"no other claim rests on, got EM1 on hire EM1, as does {office.id}",
        ):
            office.submit(claims, ["EM1"], on=office.later(20))
    for state in ("returned", "recovered"):
        again = office.submit(office.at(state), ["EM1"], on=office.later(30))
        assert [one.state for one in again] == [state, "submitted"]
        assert again["stable_employment/EM1/2"].case == "EM1"


def test_a_decision_made_without_the_claims_or_before_others_came_is_stale(office):
    claims = office.submitted("EM2")
    for told in (office.decide(cases=["EM1"]), office.decide(claims=office.at("paid"))):
        with pytest.raises(ArgumentError, match=STALE):
            submit(claims, [told["EM1"]], on=office.day, by="operator-1")
    fresh = office.decide(claims=claims, cases=["EM1"])
    assert len(submit(claims, fresh, on=office.day, by="operator-1")) == 2


def contract_and_gigs(sound, **frames):
    """Return evidence of two hires of a person, one by contract and one by gigs."""
    hires = [{}, {"id": "EM2", "form": "gig", "platform_record": "PR2"}]
    return sound.evidence(hires, incomes=sound.incomes([2600] * 3, "EM2"), **frames)


def test_a_service_that_a_claim_rests_on_shows_no_second_hire_of_the_same_payment(sound, office):
    """And a service beside it does."""
    hires = [{}, office.hire("EM3", "2025-01-01")]
    insured = [{}, office.insured("EM3", "2025-01-01")]
    on = dt.date(2025, 12, 31)
    evidence = sound.evidence(hires, insured=insured)
    claims = office.submit(Claims(), ["EM1"], on=on, evidence=evidence)
    second = office.decide(on, claims, ["EM3"], evidence)["EM3"]
    assert second.named(0) == ("evidence_unused",)
    assert second.conditions[-2].evidence == ("SV1",)
    more = sound.evidence(hires, insured=insured, services=[{"id": "SV0", "on": "2023-12-01"}, {}])
    second = office.decide(on, claims, ["EM3"], more)["EM3"]
    assert second.word == "pass"
    assert "service:SV0" in second.consumed


@pytest.mark.parametrize("allowed", [True, False, None])
def test_a_service_that_a_claim_rests_on_shows_no_hire_of_another_payment(sound, office, allowed):
    """Whether one hire bears two payments is another question."""
    evidence, flexible = contract_and_gigs(sound), "flexible_employment"
    given = {"evidence": evidence, "two_payments_for_one_hire": allowed}
    both = [*office.decide(cases=["EM1"], **given)]
    both += office.decide(payment=flexible, cases=["EM2"], **given)
    assert [one.word for one in both] == ["pass", "pass"]
    shared = f"got EM2 on service SV1, as does {office.id}"
    with pytest.raises(ArgumentError, match=shared):
        submit(Claims(), both, on=office.day, by="operator-1")
    claims = submit(Claims(), both[:1], on=office.day, by="operator-1")
    told = office.decide(payment=flexible, claims=claims, cases=["EM2"], **given)["EM2"]
    assert told.named(0) == ("evidence_unused",)
    # With a service of its own it passes.
    given["evidence"] = contract_and_gigs(sound, services=[{}, {"id": "SV2", "on": "2023-11-20"}])
    told = office.decide(payment=flexible, claims=claims, cases=["EM2"], **given)["EM2"]
    assert told.word == "pass"
    assert "service:SV2" in told.consumed


def test_records_of_two_kinds_that_bear_one_id_are_two(sound, office):
    """The hire 1 is claimed; the service 1 of somebody else is not."""
    hires = [{"id": "1"}, {"id": "2", "person": "S2", "platform_record": "PR2"}]
    evidence = sound.evidence(
        hires,
        persons=[{}, {"id": "S2"}],
        services=[{}, {"id": "1", "person": "S2"}],
        insured=[{"employment": "1"}, {"employment": "2"}],
    )
    claims = office.submit(Claims(), ["1"], evidence=evidence)
    second = office.decide(claims=claims, cases=["2"], evidence=evidence)
    assert second["2"].word == "pass"
    assert {"service:1", "hire:2"} <= second["2"].consumed
    assert len(submit(claims, second, on=office.day, by="operator-1")) == 2


def test_two_decisions_that_found_the_last_place_free_are_not_both_submitted(sound, office):
    days = {"EM1": "2024-01-01", "EM3": "2024-05-01"}
    on = dt.date(2025, 6, 30)

    def only(*ids):
        return sound.evidence(
            [office.hire(id_, days[id_]) for id_ in ids],
            insured=[office.insured(id_, days[id_]) for id_ in ids],
            services=[{"id": f"SV-{id_}"} for id_ in ids],
        )

    each = [office.decide(on, cases=[id_], evidence=only(id_))[id_] for id_ in days]
    assert [one.word for one in each] == ["pass", "pass"]
    above = r"leave no person above 1 \(calendar\), got EM3 beside EM1"
    with pytest.raises(ArgumentError, match=above):
        submit(Claims(), each, on=on, by="operator-1")
    claims = submit(Claims(), each[1:], on=on, by="operator-1")
    first = office.decide(on, claims, ["EM1"], only("EM1", "EM3"))["EM1"]
    assert first.named(0) == ("cap",)
    assert first.caps[0].taken == ("EM3",)


@pytest.mark.parametrize(
    ("allowed", "expected"), [(True, "pass"), (False, "fail"), (None, "unknown")]
)
def test_one_hire_bears_two_payments_if_so_answered(sound, office, allowed, expected):
    evidence = sound.evidence([{}], persons=[{"difficulty": "older"}])
    claims = office.submit(Claims(), ["EM1"], evidence=evidence)
    given = {"evidence": evidence, "two_payments_for_one_hire": allowed}
    told = office.decide(payment="employment_assistance", claims=claims, **given)["EM1"]
    assert sound.outcomes(told)["evidence_unused"] == expected


@pytest.mark.parametrize("allowed", [True, False, None])
def test_two_payments_for_one_hire_are_submitted_together_if_so_answered(sound, office, allowed):
    """Each was decided before the other was claimed."""
    evidence = sound.evidence([{}], persons=[{"difficulty": "older"}])
    given = {"evidence": evidence, "two_payments_for_one_hire": allowed}
    both = [*office.decide(**given), *office.decide(payment="employment_assistance", **given)]
    assert [one.word for one in both] == ["pass", "pass"]
    if allowed:
        assert len(submit(Claims(), both, on=office.day, by="operator-1")) == 2
        return
    with pytest.raises(ArgumentError, match="got EM1 on hire EM1, as does stable_employment/EM1/1"):
        submit(Claims(), both, on=office.day, by="operator-1")
    claims = submit(Claims(), both[:1], on=office.day, by="operator-1")
    with pytest.raises(ArgumentError, match=STALE):
        submit(claims, both[1:], on=office.day, by="operator-1")


def test_other_payments_to_others_or_for_a_head_rest_on_the_same_records(sound, office):
    hire = {"form": "public_welfare_post", "filed_on": "2024-01-05"}
    evidence = sound.evidence([hire], persons=[{"difficulty": "older"}], posts=[{}])
    claims = Claims()
    for payment in ("employment_assistance", "post_insurance_subsidy", "operation", "supervision"):
        told = office.decide(payment=payment, evidence=evidence, claims=claims)
        assert [one.word for one in told] == ["pass"], payment
        claims = submit(claims, told, on=office.day, by="operator-1")
    assert len(claims) == 4


def test_the_place_of_a_returned_claim_is_neither_taken_nor_free(sound, office):
    """The case that was returned may be claimed again, so that nobody knows."""
    on = {"EM1": "2024-03-01", "EM3": "2024-05-01"}
    evidence = sound.evidence(
        [office.hire(id_, day) for id_, day in on.items()],
        insured=[office.insured(id_, day) for id_, day in on.items()],
        services=[{}, {"id": "SV3"}],
    )
    assert office.decide(evidence=evidence)["EM3"].named(0) == ("cap",)
    claims = office.give_back(office.submit(Claims(), ["EM1"], evidence=evidence))
    told = office.decide(office.later(10), claims, evidence=evidence)
    assert told["EM1"].word == "pass"
    assert told["EM3"].named(2) == ("cap",)
    assert told["EM3"].caps[0].perhaps == ("EM1",)
    # Once what was returned fails by its records, the place is free.
    lost = sound.evidence(
        [office.hire("EM1", on["EM1"], form="traineeship"), office.hire("EM3", on["EM3"])],
        insured=[office.insured(id_, day) for id_, day in on.items()],
        services=[{}, {"id": "SV3"}],
    )
    assert office.decide(office.later(10), claims, evidence=lost)["EM3"].word == "pass"


# Moving on, after a correction.


def test_a_claim_is_not_in_its_own_way_when_it_is_decided_anew(office):
    claims = office.submitted("EM1", "EM2")
    assert office.decide(office.later(5), claims).counts()["pass"] == 2


def test_a_correction_stops_a_claim_on_its_way(sound, office):
    claims, on = office.at("published"), office.later(9)
    corrected = sound.evidence([{"contract_to": "2024-03-31"}])
    anew = office.decide(on, claims, evidence=corrected)
    with pytest.raises(ArgumentError, match="`decisions` must still pass, got fail for EM1"):
        office.pay(claims, decisions=anew)
    with pytest.raises(ArgumentError, match="`decisions` must have one of EM1 as of 2025-07-09"):
        office.pay(claims, decisions=office.decide(office.later(8), claims))
    with pytest.raises(ArgumentError, match=STALE):
        office.pay(claims, decisions=office.decide(on))


AMOUNT = {
    "stable_employment": Dated(
        "amount", (Entry(Decimal(800), dt.date(2024, 1, 1), None, "示例目录 [L]"),)
    )
}
CORRECTED = {
    "payee": ({"claimed_by": "OP2"}, {"operator_id": "OP2"}, "payee OP2, claimed OP1"),
    "person": ({"person": "S2"}, {"person": "S2"}, "person S2, claimed S1"),
    "day": ({"hired_on": "2023-12-31"}, {}, "day 2023-12-31, claimed 2024-01-01"),
    "service": ({}, {"id": "SV9"}, "evidence service:SV9, claimed service:SV1"),
    "record": ({"platform_record": "PR9"}, {}, "evidence platform:PR9, claimed platform:PR1"),
}


@pytest.mark.parametrize("name", CORRECTED)
def test_a_claim_whose_case_passes_otherwise_than_claimed_goes_no_further(sound, office, name):
    hire, service, told = CORRECTED[name]
    persons = [{}, {"id": "S2"}]
    evidence = sound.evidence([hire], services=[service], persons=persons)
    for state, step, day in (("street_reviewed", "district", 2), ("published", "pay", 9)):
        claims = office.at(state)
        anew = office.decide(office.later(day), claims, evidence=evidence)
        assert anew["EM1"].word == "pass"
        with pytest.raises(ArgumentError, match=f"bear {office.id} as it was claimed, got {told}"):
            getattr(office, step)(claims, decisions=anew)


def test_a_claim_is_paid_with_the_amount_that_was_claimed(office):
    claims = office.at("published")
    anew = office.decide(office.later(9), claims, amounts=AMOUNT)
    with pytest.raises(ArgumentError, match="amount_cny 800, claimed none"):
        office.pay(claims, decisions=anew)


def test_months_that_come_later_do_not_stop_a_claim(sound, office):
    """The months of a run that earns as much later are other records of the same hire."""
    hires = [{"id": "EM2", "form": "gig"}]
    flexible = {"payment": "flexible_employment", "cases": ["EM2"]}
    first = sound.evidence(hires, incomes=sound.incomes([2600] * 3, "EM2"))
    claims = submit(Claims(), office.decide(evidence=first, **flexible), on=office.day, by="op-1")
    more = sound.evidence(hires, incomes=sound.incomes([2600] * 5, "EM2"))
    id_ = "flexible_employment/EM2/1"
    reviewed = office.street(claims, id_=id_)
    anew = office.decide(office.later(2), reviewed, evidence=more, **flexible)
    assert anew["EM2"].consumed != claims[id_].evidence
    after = office.district(reviewed, decisions=anew, id_=id_)
    assert after[id_].state == "district_reviewed"


@pytest.mark.parametrize("mode", ["calendar", "rolling"])
def test_a_claim_keeps_its_place_on_the_day_to_which_it_is_corrected(sound, office, mode):
    """Claimed for 2024, corrected to the first day of 2025: the place of 2025 is no longer free."""
    on = dt.date(2026, 1, 31)

    def records(first):
        return sound.evidence(
            [office.hire("EM1", first), office.hire("EM2", "2025-03-01")],
            insured=[office.insured("EM1", "2025-01-01"), office.insured("EM2", "2025-03-01")],
            services=[{}, {"id": "SV2"}],
        )

    given = {"on": on, "cap_year": mode}
    before = records("2024-12-31")
    told = office.decide(evidence=before, **given)
    assert told["EM2"].word == {"calendar": "pass", "rolling": "fail"}[mode]
    claims = office.submit(Claims(), ["EM1"], evidence=before, **given)
    told = office.decide(claims=claims, evidence=records("2025-01-01"), **given)
    assert told["EM2"].named(0) == ("cap",)
    assert told["EM2"].caps[0].taken == ("EM1",)
    with pytest.raises(ArgumentError, match="all pass: unknown is never pass, got fail for EM2"):
        submit(claims, [told["EM2"]], on=on, by="operator-1")
