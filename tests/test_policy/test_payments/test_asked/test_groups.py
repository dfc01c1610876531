"""Groups of people, worked by hand: who is of one on which day, and what is left open."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

NOBODY = {"migrant_worker": False}
STABLE = "stable_employment"
UNEMPLOYED = {"id": "M1", "person": "S1", "group": "registered_unemployed"}


def told(sound, person, *, memberships=None, condition="key_group", **options):
    evidence = sound.evidence([{}], persons=[{**NOBODY, **person}], memberships=memberships)
    payment = STABLE if condition == "key_group" else "employment_assistance"
    return sound.outcomes(sound.decide(payment, evidence, **options)["EM1"])[condition]


@pytest.mark.parametrize("group", ["graduate", "migrant_worker", "veteran", "retired_fisherman"])
def test_each_group_that_the_notice_names_is_key(sound, group):
    assert told(sound, {group: True}) == "pass"
    assert told(sound, {group: False}) == "fail"
    assert told(sound, {group: None}) == "unknown"


@pytest.mark.parametrize(
    ("answer", "older", "none", "not_known"),
    [
        (True, "pass", "fail", "unknown"),
        (False, "fail", "fail", "fail"),
        (None, "unknown", "fail", "unknown"),
    ],
)
def test_difficulty_is_a_key_group_if_so_answered(sound, answer, older, none, not_known):
    given = {"difficulty_is_key_group": answer}
    for difficulty, expected in (("older", older), ("none", none), (None, not_known)):
        assert told(sound, {"difficulty": difficulty}, **given) == expected


def test_an_open_question_says_that_it_needs_an_answer(sound):
    evidence = sound.evidence([{}], persons=[{**NOBODY, "difficulty": "older"}])
    one = sound.decide(STABLE, evidence, difficulty_is_key_group=None)["EM1"]
    assert one.word == "unknown"
    assert one.missing == ("an answer on difficulty_is_key_group",)


@pytest.mark.parametrize(
    ("end", "tested", "expected"),
    [
        ("2023-12-31", "before_hire", "pass"),  # it ends with the hire
        ("2023-12-30", "before_hire", "fail"),
        ("2023-12-31", "hired_on", "fail"),
        ("2024-01-01", "hired_on", "pass"),
        (None, "as_of", "pass"),
        ("2025-06-29", "as_of", "fail"),
        ("2025-06-30", "as_of", "pass"),
        ("2023-10-31", "before_hire", "unknown"),  # before it begins
    ],
)
def test_a_registration_counts_on_the_day_that_is_tested(sound, end, tested, expected):
    spell = {**UNEMPLOYED, "start": "2023-11-01", "end": end}
    given = {"registered_unemployed_is_key_group": True, "group_tested": tested}
    assert told(sound, {}, memberships=[spell], **given) == expected


def test_without_spells_a_registration_is_unknown_and_without_one_among_them_there_is_none(sound):
    given = {"registered_unemployed_is_key_group": True}
    assert told(sound, {}, **given) == "unknown"
    other = {**UNEMPLOYED, "person": "S2", "start": "2023-01-01", "end": None}
    assert told(sound, {}, memberships=[other], **given) == "fail"


def test_times_in_a_group_count_before_the_persons_column(sound):
    spell = {"id": "M1", "person": "S1", "group": "veteran", "start": "2024-02-01", "end": None}
    assert told(sound, {"veteran": True}, memberships=[spell]) == "fail"


@pytest.mark.parametrize(
    ("difficulty", "expected"), [("disabled", "pass"), ("none", "fail"), (None, "unknown")]
)
def test_help_is_for_people_with_difficulty(sound, difficulty, expected):
    assert told(sound, {"difficulty": difficulty}, condition="employment_difficulty") == expected


def test_somebody_of_whom_there_is_no_record_is_unknown(sound):
    evidence = dataclasses.replace(sound.evidence([{}]), persons=None)
    assert sound.outcomes(sound.decide(STABLE, evidence)["EM1"])["key_group"] == "unknown"


def heads(sound, person, on, as_of=dt.date(2025, 12, 31)):
    evidence = sound.evidence(persons=[person], services=[{"on": on}])
    (one,) = sound.decide("operation", evidence, as_of=as_of)
    return sound.outcomes(one)


@pytest.mark.parametrize(
    ("born", "sex", "on", "expected"),
    [
        (1965, "male", "2024-12-31", "pass"),  # 60 from 2025 on, by the rule until then
        (1964, "male", "2024-12-31", "fail"),  # the last one turned 60 that day
        (1964, "male", "2024-06-30", "unknown"),
        (1965, "male", "2025-01-01", "pass"),  # a month later by the new rule: from February on
        (1964, "male", "2025-01-01", "fail"),
        (1965, "male", "2025-02-01", "unknown"),
        (1974, "female", "2024-12-31", "unknown"),  # workers retired at 50, cadres at 55
        (1975, "female", "2025-01-01", "pass"),
        (2008, "male", "2024-01-01", "unknown"),
        (2008, "male", "2024-12-31", "pass"),
        (2009, "male", "2024-12-31", "fail"),
        (1990, None, "2024-12-31", "pass"),
        (None, "male", "2024-12-31", "unknown"),
    ],
)
def test_working_age_is_that_of_the_day_of_the_service(sound, born, sex, on, expected):
    assert heads(sound, {"birth_year": born, "sex": sex}, on)["working_age"] == expected


@pytest.mark.parametrize(
    ("hukou", "expected"), [("urban", "pass"), ("rural", "fail"), (None, "unknown")]
)
def test_only_urban_people_are_counted(sound, hukou, expected):
    assert heads(sound, {"hukou": hukou}, "2024-05-01")["urban"] == expected
