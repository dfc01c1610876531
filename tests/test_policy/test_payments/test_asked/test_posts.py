"""Public-welfare posts, worked by hand: their records, their holder, and how long they last."""

from __future__ import annotations

import datetime as dt

import pytest

PAYMENT = "post_insurance_subsidy"
HIRE = {"form": "public_welfare_post", "filed_on": "2024-01-05"}
OLDER = {"difficulty": "older"}


def told(sound, post=None, hire=None, person=None, **options):
    evidence = sound.evidence(
        [] if hire is False else [{**HIRE, **(hire or {})}],
        persons=[{**OLDER, **(person or {})}],
        posts=[post or {}],
    )
    (one,) = sound.decide(PAYMENT, evidence, **options)
    return one


def test_a_sound_case_passes_and_the_entity_is_paid(sound):
    one = told(sound)
    assert {c.name: c.word for c in one.conditions if c.word != "pass"} == {}
    assert (one.case, one.payee, one.rule.payee) == ("J1/S1/2024-01-01", "E1", "entity")


@pytest.mark.parametrize(
    ("post", "condition", "expected"),
    [
        ({"led_by": None}, "post_led_by_operator", "unknown"),
        (
            {"led_by": None, "division": "340321"},
            "post_led_by_operator",
            "fail",
        ),  # nobody serves it
        ({"led_by": None, "division": None}, "post_led_by_operator", "unknown"),
        ({"led_by": "OP2"}, "organised_by_operator", "fail"),
        ({"developed_on": None}, "post_developed", "unknown"),
        ({"developed_on": "2025-07-01"}, "post_developed", "unknown"),  # after what is known
        ({"holder": None}, "employment_difficulty", "fail"),
        ({"held_from": None}, "post_term", "unknown"),
        ({"held_to": "2023-12-31"}, "sound_record", "unknown"),
    ],
)
def test_each_record_of_the_post_is_asked_for(sound, post, condition, expected):
    assert sound.outcomes(told(sound, post))[condition] == expected


@pytest.mark.parametrize(
    ("hire", "condition", "expected"),
    [
        ({"filed_on": None}, "labour_filed", "fail"),
        ({"registered_on": None}, "employment_registered", "fail"),
        ({"record_origin": "sent_by_us"}, "labour_filed", "fail"),
        ({"record_origin": None}, "employment_registered", "unknown"),
        ({"job_id": "J2"}, "labour_filed", "unknown"),  # a hire of another post
        (False, "employment_registered", "unknown"),
    ],
)
def test_the_platforms_records_of_the_hire_are_both_asked_for(sound, hire, condition, expected):
    assert sound.outcomes(told(sound, hire=hire))[condition] == expected


@pytest.mark.parametrize(
    ("held_to", "expected"),
    [("2026-12-30", "pass"), ("2026-12-31", "pass"), ("2027-01-01", "fail")],
)
def test_a_post_is_held_for_three_years(sound, held_to, expected):
    one = told(sound, {"held_to": held_to}, as_of=dt.date(2028, 1, 1))
    assert sound.outcomes(one)["post_term"] == expected


@pytest.mark.parametrize(
    ("held_from", "last"), [("2024-02-29", "2027-02-27"), ("2024-03-01", "2027-02-28")]
)
def test_three_years_are_full_on_their_eve_over_leap_days(sound, held_from, last):
    for days, expected in ((0, "pass"), (1, "fail")):
        until = dt.date.fromisoformat(last) + dt.timedelta(days)
        post = {"held_from": held_from, "held_to": until}
        assert sound.outcomes(told(sound, post, as_of=dt.date(2028, 1, 1)))["post_term"] == expected


def test_who_is_still_on_a_post_has_held_it_until_the_day_itself(sound):
    for as_of, expected in ((dt.date(2026, 12, 31), "pass"), (dt.date(2027, 1, 1), "fail")):
        assert sound.outcomes(told(sound, as_of=as_of))["post_term"] == expected


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ({"birth_year": 1968}, "pass"),  # 60 in 2028, less than five years from 1 January 2024
        ({"birth_year": 1969}, "fail"),  # on 1 January 2029 at the earliest: five years in full
        ({"birth_year": 1970}, "fail"),
        ({"birth_year": None}, "unknown"),
        ({"birth_year": 1968, "sex": None}, "unknown"),
        ({"birth_year": 1978, "sex": "female"}, "unknown"),  # near for a worker, not for a cadre
        ({"birth_year": 1973, "sex": "female"}, "pass"),
    ],
)
def test_those_near_retirement_may_hold_it_longer(sound, person, expected):
    one = told(sound, {"held_to": "2027-06-30"}, person=person, as_of=dt.date(2028, 1, 1))
    assert sound.outcomes(one)["post_term"] == expected


@pytest.mark.parametrize(
    ("held_from", "expected"),
    [
        ("2020-12-30", "unknown"),
        ("2020-12-31", "unknown"),  # born on 31 December 1965: sixty after exactly five years
        ("2021-01-01", "pass"),
        ("2020-01-01", "fail"),  # born on 1 January 1965: sixty after exactly five years
        ("2020-01-02", "unknown"),
    ],
)
def test_five_years_in_full_are_not_less_than_five(sound, held_from, expected):
    """不足五年, of a man of whom the year of birth is known: 1965."""
    post = {"held_from": held_from, "held_to": "2024-12-31"}
    one = told(sound, post, person={"birth_year": 1965})
    assert sound.outcomes(one)["post_term"] == expected
    if expected == "fail":
        (term,) = [c for c in one.conditions if c.name == "post_term"]
        assert "not less than 5 years before retirement" in term.en
        assert "到岗时距退休不少于 5 年" in term.zh


@pytest.mark.parametrize(
    ("needed", "form", "expected"),
    [
        (True, "public_welfare_post", "pass"),
        (True, "labour_contract", "fail"),
        (False, "labour_contract", "pass"),
        (None, "labour_contract", "unknown"),
        (None, "public_welfare_post", "pass"),
    ],
)
def test_help_may_have_to_lead_to_a_post(sound, needed, form, expected):
    evidence = sound.evidence([{"form": form}], persons=[OLDER])
    given = {"assistance_needs_public_welfare_post": needed}
    one = sound.decide("employment_assistance", evidence, **given)["EM1"]
    assert one.word == expected


def posts(sound, *rows, as_of=dt.date(2025, 6, 30)):
    evidence = sound.evidence([HIRE], persons=[OLDER], posts=rows)
    return {one.case: sound.outcomes(one) for one in sound.decide(PAYMENT, evidence, as_of=as_of)}


def test_a_corrected_first_day_replaces_the_one_before(sound):
    rows = [
        {"held_from": "2024-01-01", "known_on": "2024-01-10"},
        {"held_from": "2024-02-01", "known_on": "2025-03-01"},
    ]
    for as_of, case in (((2025, 2, 28), "J1/S1/2024-01-01"), ((2025, 3, 1), "J1/S1/2024-02-01")):
        for given in (rows, rows[::-1]):
            assert list(posts(sound, *given, as_of=dt.date(*as_of))) == [case]


def test_a_holding_with_an_id_stays_the_same_case_whatever_is_corrected(sound):
    rows = [
        {"id": "HO1", "held_from": "2024-01-01", "known_on": "2024-01-10"},
        {"id": "HO1", "held_from": "2024-02-01", "known_on": "2025-03-01"},
    ]
    assert list(posts(sound, *rows)) == ["HO1"]
    alike = [{**one, "known_on": None} for one in rows]
    assert posts(sound, *alike)["HO1"]["sound_record"] == "unknown"


def test_two_times_of_one_holder_that_overlap_prove_nothing_and_two_that_do_not_are_two(sound):
    first = {"held_from": "2024-01-01", "held_to": "2024-06-30"}
    for second, expected in (("2024-06-30", "unknown"), ("2024-07-01", "pass")):
        told_of = posts(sound, first, {"held_from": second})
        assert [one["sound_record"] for one in told_of.values()] == [expected] * 2


def test_two_who_will_hold_a_post_one_day_are_one_open_post_until_then(sound):
    rows = [{"held_from": "2025-01-01"}, {"holder": "S2", "held_from": "2025-02-01"}]
    assert list(posts(sound, *rows, as_of=dt.date(2024, 12, 31))) == ["J1"]
