"""Claims from 申报 to 拨付 or 退回: who may do what when, and what may never happen."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.payments.claims import (
    STATES,
    Claims,
    advance,
    conclude,
    draw_checks,
    masked_name,
    publication,
    release,
    submit,
)

STABLE = "stable_employment"
ID = "stable_employment/EM1/1"
DAY = dt.date(2025, 6, 30)
SEED = "a secret of the office"


def later(days):
    return DAY + dt.timedelta(days)


REVIEWED, RECHECKED, SHOWN, SHOWN_UNTIL, PAYDAY = (later(n) for n in (1, 2, 3, 8, 9))
DISTRICT = {"by": "district-1", "role": "district"}


class Office:
    """An office where two people's hires pass, and a way to move claims on."""

    def __init__(self, sound):
        self.sound = sound
        self.evidence = sound.evidence(
            [{}, {"id": "EM2", "person": "S2", "platform_record": "PR2"}],
            persons=[{}, {"id": "S2"}],
            services=[{}, {"id": "SV2", "person": "S2"}],
            insured=[{}, {"employment": "EM2"}],
        )

    def decide(self, on=DAY, claims=None, cases=None, evidence=None):
        given = {"as_of": on, "claims": claims, "cases": cases}
        return self.sound.decide(STABLE, evidence or self.evidence, **given)

    def submitted(self, *cases):
        return submit(Claims(), self.decide(cases=cases or ["EM1"]), on=DAY, by="operator-1")

    def at(self, state):
        """Return claims with one in a state."""
        claims = self.submitted()
        if state == "returned":
            return self.give_back(claims)
        for step in (self.street, self.district, self.publish, self.pay):
            if claims[ID].state == state:
                break
            claims = step(claims)
        return claims

    def street(self, claims, on=REVIEWED, by="street-1"):
        return advance(claims, [ID], "street_review", on=on, by=by, role="street")

    def district(self, claims, on=RECHECKED, by="district-1"):
        given = {"on": on, "by": by, "role": "district", "decisions": self.decide(on, claims)}
        return advance(claims, [ID], "district_review", **given)

    def publish(self, claims, on=SHOWN, until=SHOWN_UNTIL):
        return advance(claims, [ID], "publish", on=on, until=until, **DISTRICT)

    def pay(self, claims, on=PAYDAY, decisions=None):
        anew = decisions or self.decide(on, claims)
        return advance(claims, [ID], "pay", on=on, decisions=anew, **DISTRICT)

    def give_back(self, claims, role="street", note="合同不清"):
        return advance(claims, [ID], "return", on=PAYDAY, by=f"{role}-1", role=role, note=note)


@pytest.fixture(scope="module")
def office(sound):
    return Office(sound)


def test_a_claim_goes_from_submission_to_payment(office):
    claims = office.at("paid")
    claim = claims[ID]
    assert [one.step for one in claim.events] == [
        "submit",
        "street_review",
        "district_review",
        "publish",
        "pay",
    ]
    assert STATES[claim.state] == "拨付"
    assert {"EM1", "SV1", "PR1"} <= claim.evidence
    assert "S1" not in claim.evidence  # a person is not used up


def test_each_step_is_made_from_its_own_state_alone(office):
    steps = {
        "street": "submitted",
        "district": "street_reviewed",
        "publish": "district_reviewed",
        "pay": "published",
    }
    for state, (step, before) in product(STATES, steps.items()):
        claims = office.at(state)
        late = {"on": later(30), **({"until": later(31)} if step == "publish" else {})}
        if state == before:
            assert list(STATES).index(getattr(office, step)(claims, **late)[ID].state) > 0
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
    assert office.give_back(claims, role=role)[ID].state == "returned"
    other = {"street": "district", "district": "street"}[role]
    with pytest.raises(ArgumentError, match=f"`role` must be {role} for return"):
        office.give_back(claims, role=other)
    with pytest.raises(ArgumentError, match="`note` must say why"):
        office.give_back(claims, role=role, note=" ")


@pytest.mark.parametrize("state", ["paid", "returned"])
def test_what_is_paid_or_returned_stays_so(office, state):
    with pytest.raises(ArgumentError, match="`step` must be made from submitted, "):
        office.give_back(office.at(state))


def test_a_step_never_changes_the_claims_that_it_starts_from(office):
    claims = office.submitted()
    office.street(claims)
    assert claims[ID].state == "submitted"
    assert len(claims.events) == 1


def test_who_submitted_does_not_review_and_nobody_reviews_twice(office):
    claims = office.submitted()
    with pytest.raises(
        ArgumentError, match="`by` must be another person than made the step submit"
    ):
        office.street(claims, by="operator-1")
    reviewed = office.street(claims)
    with pytest.raises(ArgumentError, match="another person than made the step street_review"):
        office.district(reviewed, by="street-1")


def test_steps_do_not_go_back_in_time(office):
    with pytest.raises(ArgumentError, match="`on` must not lie before 2025-06-30"):
        office.street(office.submitted(), on=later(-1))


def test_nothing_is_paid_before_the_public_notice_is_over(office):
    claims = office.at("published")
    with pytest.raises(
        ArgumentError, match="`on` must lie after 2025-07-08, the last day of the pub"
    ):
        office.pay(claims, on=later(8))
    assert office.pay(claims, on=later(9))[ID].state == "paid"
    with pytest.raises(ArgumentError, match="`until` must be the last day of the public notice"):
        office.publish(office.at("district_reviewed"), until=None)


def test_only_what_passes_is_submitted_and_unknown_is_not_pass(sound, office):
    evidence = sound.evidence([{"record_origin": None}])
    unknown = office.decide(evidence=evidence)
    with pytest.raises(
        ArgumentError, match=r"unknown is never pass, got unknown for EM1\. It needs: the prov"
    ):
        submit(Claims(), unknown, on=DAY, by="operator-1")
    with pytest.raises(ArgumentError, match="`decisions` must rest on what is known on 2025-06-29"):
        submit(Claims(), office.decide(cases=["EM1"]), on=later(-1), by="operator-1")


def test_the_same_evidence_is_never_claimed_twice_while_a_claim_stands(office):
    claims = office.submitted()
    for state in ("submitted", "street_reviewed", "published", "paid"):
        with pytest.raises(
            ArgumentError, match=f"no claim of {STABLE} rests on, got EM1, as does {ID}"
        ):
            submit(office.at(state), office.decide(cases=["EM1"]), on=later(20), by="operator-1")
    returned = office.give_back(claims)
    again = submit(returned, office.decide(cases=["EM1"]), on=later(20), by="operator-1")
    assert [one.state for one in again] == ["returned", "submitted"]
    assert again["stable_employment/EM1/2"].case == "EM1"


def test_a_service_that_a_claim_rests_on_shows_no_second_hire(sound, office):
    """And a service beside it does."""
    hires = [{}, {"id": "EM3", "hired_on": "2025-01-01", "platform_record": "PR3"}]
    hires[1] |= {"contract_from": "2024-01-01", "registered_on": "2025-01-02"}
    insured = [{}, {"employment": "EM3"}]
    evidence = sound.evidence(hires, insured=insured)
    claims = office.submitted()
    second = office.decide(claims=claims, cases=["EM3"], evidence=evidence)["EM3"]
    assert sound.outcomes(second)["evidence_unused"] == "fail"
    more = sound.evidence(hires, insured=insured, services=[{"id": "SV0", "on": "2023-12-01"}, {}])
    second = office.decide(claims=claims, cases=["EM3"], evidence=more)["EM3"]
    assert second.word == "pass"
    assert "SV0" in second.evidence


def test_a_claim_takes_the_place_under_the_cap(sound, office):
    hires = [{}, {"id": "EM3", "hired_on": "2024-05-01", "platform_record": "PR3"}]
    evidence = sound.evidence(
        hires, insured=[{}, {"employment": "EM3"}], services=[{}, {"id": "SV3", "on": "2024-04-01"}]
    )
    alone = office.decide(
        cases=["EM3"],
        evidence=sound.evidence(
            hires[1:], insured=[{"employment": "EM3"}], services=[{"id": "SV3", "on": "2024-04-01"}]
        ),
    )
    claims = submit(Claims(), alone, on=DAY, by="operator-1")
    first = office.decide(claims=claims, cases=["EM1"], evidence=evidence)["EM1"]
    assert first.named(0) == ("cap",)
    assert first.caps[0].taken == ("EM3",)
    # Decided without knowing of the claim, it is not submitted all the same.
    blind = office.decide(cases=["EM1"], evidence=evidence)
    assert blind["EM1"].word == "pass"
    with pytest.raises(
        ArgumentError, match=r"leave no person above 1 \(calendar\), got EM1 beside EM3"
    ):
        submit(claims, blind, on=DAY, by="operator-1")


@pytest.mark.parametrize(
    ("allowed", "expected"), [(True, "pass"), (False, "fail"), (None, "unknown")]
)
def test_one_hire_bears_two_payments_if_so_answered(sound, allowed, expected):
    evidence = sound.evidence([{}], persons=[{"difficulty": "older"}])
    claims = submit(Claims(), sound.decide(STABLE, evidence), on=DAY, by="operator-1")
    given = {"claims": claims, "two_payments_for_one_hire": allowed}
    one = sound.decide("employment_assistance", evidence, **given)["EM1"]
    assert sound.outcomes(one)["evidence_unused"] == expected


def test_other_payments_to_others_or_for_a_head_rest_on_the_same_records(sound):
    hire = {"form": "public_welfare_post", "filed_on": "2024-01-05"}
    evidence = sound.evidence([hire], persons=[{"difficulty": "older"}], posts=[{}])
    claims = Claims()
    for payment in ("employment_assistance", "post_insurance_subsidy", "operation", "supervision"):
        told = sound.decide(payment, evidence, claims=claims, two_payments_for_one_hire=False)
        assert [one.word for one in told] == ["pass"], payment
        claims = submit(claims, told, on=DAY, by="operator-1")
    assert len(claims) == 4


def test_a_claim_is_not_in_its_own_way_when_it_is_decided_anew(office):
    claims = office.submitted("EM1", "EM2")
    assert office.decide(later(5), claims).counts()["pass"] == 2


def test_a_correction_stops_a_claim_on_its_way(sound, office):
    claims = office.at("published")
    corrected = sound.evidence([{"contract_to": "2024-03-31"}])
    anew = office.decide(later(9), claims, evidence=corrected)
    with pytest.raises(ArgumentError, match="`decisions` must still pass, got fail for EM1"):
        office.pay(claims, decisions=anew)
    with pytest.raises(ArgumentError, match="`decisions` must have one of EM1 as of 2025-07-09"):
        office.pay(claims, decisions=office.decide(later(8), claims))


# Checks.


def test_a_draw_hangs_on_seed_and_id_alone_and_can_be_repeated(office):
    both, one = office.submitted("EM1", "EM2"), office.submitted("EM1")
    given = {"share": 0.5, "on": DAY, "by": "checker"}
    for seed in (f"{SEED} {n}" for n in range(20)):
        drawn = {c.id for c in draw_checks(both, seed=seed, **given) if c.check}
        assert ({ID} & drawn) == {c.id for c in draw_checks(one, seed=seed, **given) if c.check}
        twice = draw_checks(draw_checks(both, seed=seed, **given), seed=seed, **given)
        assert {c.id for c in twice if c.check} == drawn


def test_the_share_drawn_is_about_the_share_asked_for(office):
    given = {"share": 0.3, "on": DAY, "by": "checker"}
    claims = office.submitted("EM1", "EM2")
    n = sum(
        bool(c.check) for i in range(300) for c in draw_checks(claims, seed=f"{SEED}{i}", **given)
    )
    assert abs(n / 600 - 0.3) < 0.06  # three standard deviations
    assert not any(c.check for c in draw_checks(claims, seed=SEED, **{**given, "share": 0.0}))
    assert all(c.check for c in draw_checks(claims, seed=SEED, **{**given, "share": 1.0}))


def test_only_claims_that_are_submitted_and_under_way_are_drawn(office):
    every = {"share": 1.0, "seed": SEED, "by": "checker"}
    assert not draw_checks(office.submitted(), on=later(-1), **every)[ID].check
    for state in STATES:
        drawn = draw_checks(office.at(state), on=later(20), **every)[ID].check
        assert drawn == ("" if state in {"paid", "returned"} else "open")


def test_what_is_drawn_wrongly_is_refused(office):
    claims = office.submitted()
    with pytest.raises(
        ArgumentError, match=r"`seed` must have 16 characters or more, got 4\. It must not"
    ):
        draw_checks(claims, share=0.1, seed="1234", on=DAY, by="checker")
    with pytest.raises(ArgumentError, match="`share` must be from 0 to 1"):
        draw_checks(claims, share=1.5, seed=SEED, on=DAY, by="checker")
    with pytest.raises(ArgumentError, match="`step` must follow draw, then a result"):
        conclude(claims, [ID], passed=True, on=DAY, by="checker")


def drawn_and(office, state, *, passed):
    claims = draw_checks(office.at(state), share=1.0, seed=SEED, on=later(8), by="checker")
    return conclude(claims, [ID], passed=passed, on=later(8), by="checker", note="合同与本人不符")


def test_a_failed_check_holds_the_claim_until_it_is_released_or_returned(office):
    held = drawn_and(office, "published", passed=False)
    assert held[ID].is_held
    with pytest.raises(
        ArgumentError, match="`step` must wait while a failed check holds the claim"
    ):
        office.pay(held)
    free = release(held, [ID], on=later(9), by="checker", note="本人已确认")
    assert office.pay(free)[ID].state == "paid"
    assert office.give_back(held, role="district")[ID].state == "returned"
    with pytest.raises(ArgumentError, match="`note` must say why, of the step release"):
        release(held, [ID], on=later(9), by="checker", note="")


def test_an_open_check_delays_the_payment_alone(office):
    claims = draw_checks(office.submitted(), share=1.0, seed=SEED, on=DAY, by="checker")
    published = office.publish(office.district(office.street(claims)))
    with pytest.raises(ArgumentError, match="`step` must wait until the check that is open"):
        office.pay(published)
    passed = conclude(published, [ID], passed=True, on=later(9), by="checker")
    assert office.pay(passed)[ID].state == "paid"


def test_the_operator_sees_nothing_of_checks(office):
    plain = office.at("published").seen_by_operator("OP1")
    for passed in (True, False):
        checked = drawn_and(office, "published", passed=passed).seen_by_operator("OP1")
        pd.testing.assert_frame_equal(checked, plain)
    assert plain.to_dict("records")[0]["zh"] == "公示"
    assert office.at("published").seen_by_operator("OP2").empty


# Kept and shown.


def test_claims_come_back_from_their_frame_and_from_files(office, tmp_path):
    claims = drawn_and(office, "published", passed=False)
    frame = claims.to_frame()
    assert Claims.from_frame(frame).events == claims.events
    frame.to_csv(tmp_path / "claims.csv", index=False)
    read = pd.read_csv(tmp_path / "claims.csv", dtype=str)
    assert Claims.from_frame(read).events == claims.events


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


def test_claims_as_of_a_day_are_those_of_that_day(office):
    claims = office.at("paid")
    states = [next(iter(claims.at(later(n)))).state for n in (0, 1, 2, 3, 8, 9)]
    assert states == [
        "submitted",
        "street_reviewed",
        "district_reviewed",
        "published",
        "published",
        "paid",
    ]
    assert list(claims.standing(later(-1))) == []


def test_the_notice_shows_masked_names_and_no_id_of_a_person(office):
    claims = office.at("published")
    notice = publication(claims, on=later(3), names={"S1": "示小例"})
    (row,) = notice.to_dict("records")
    assert (row["number"], row["zh"], row["payee"], row["name"]) == (
        1,
        "稳定就业服务补助",
        "OP1",
        "示**",
    )
    assert row["until"] == later(8)
    told = notice.to_csv()
    assert not any(id_ in told for id_ in ("S1,", "EM1", "SV1", "PR1", "示小例"))
    assert publication(claims, on=later(8)).loc[0, "name"] == "*"
    assert publication(claims, on=later(2)).empty
    assert publication(claims, on=later(9)).empty


@pytest.mark.parametrize(("name", "shown"), [("示例", "示*"), ("示小例", "示**"), ("示", "*")])
def test_a_masked_name_hides_all_but_its_first_character(name, shown):
    assert masked_name(name) == shown
    with pytest.raises(ArgumentError, match="`name` must not be empty"):
        masked_name(" ")
