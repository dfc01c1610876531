"""Groups of people, worked by hand: who is of one on which day, and what is left open."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pandas as pd
import pytest

from geo_match.policy.ledger import Timeline

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


SPELL = {"id": "SP1", "person": "S1", "status": "registered_unemployed", "source": None}


@pytest.mark.parametrize(
    ("spells", "expected"),
    [
        ([{"start": "2023-11-01", "end": "2023-12-31"}], "pass"),
        ([{"start": "2023-11-01", "end": "2023-12-30"}], "fail"),
        (  # the one that began last counts, and it covers the eve of the hire
            [{"start": "2023-06-01", "end": None}, {"start": "2023-12-15", "status": "employed"}],
            "fail",
        ),
        (  # it had ended by then, and what it interrupted goes on
            [
                {"start": "2023-06-01", "end": None},
                {"start": "2023-12-15", "end": "2023-12-20", "status": "employed"},
            ],
            "pass",
        ),
        (  # employed first, registered later: registered, whatever the first one's end says
            [{"start": "2023-06-01", "status": "employed"}, {"start": "2023-12-15"}],
            "pass",
        ),
        ([{"start": None, "end": None}], "unknown"),
        ([{"start": "2024-01-01", "end": "2023-12-01"}], "unknown"),  # ends before it begins
        ([{"start": "2023-06-01", "status": None}], "unknown"),
        ([{"start": "2023-06-01", "status": "employed"}], "fail"),
    ],
)
def test_who_was_registered_is_told_as_the_ledger_does(sound, spells, expected):
    rows = [{**SPELL, "id": f"SP{n}", "end": None, **one} for n, one in enumerate(spells)]
    frame, given = pd.DataFrame(rows), {"registered_unemployed_is_key_group": True}
    for each in (frame, frame.iloc[::-1]):
        evidence = sound.evidence([{}], persons=[NOBODY], spells=each)
        one = sound.decide(STABLE, evidence, **given)["EM1"]
        assert sound.outcomes(one)["key_group"] == expected
    if expected == "unknown" or frame["start"].isna().any():
        return
    ledger = Timeline.of(frame).at(["S1"], dt.date(2023, 12, 31))[0]
    assert (ledger == "registered_unemployed") == (expected == "pass")


def test_a_corrected_spell_counts_from_the_day_that_it_is_known(sound):
    frame = pd.DataFrame(
        [
            {**SPELL, "start": "2023-06-01", "end": None, "known_on": "2023-06-01"},
            {**SPELL, "start": "2023-06-01", "end": "2023-11-30", "known_on": "2025-03-01"},
        ]
    )
    evidence = sound.evidence([{}], persons=[NOBODY], spells=frame)
    for as_of, expected in ((dt.date(2025, 2, 28), "pass"), (dt.date(2025, 3, 1), "fail")):
        given = {"as_of": as_of, "registered_unemployed_is_key_group": True}
        assert (
            sound.outcomes(sound.decide(STABLE, evidence, **given)["EM1"])["key_group"] == expected
        )


def test_times_in_other_groups_say_nothing_of_a_registration(sound):
    spell = {"id": "M1", "person": "S2", "group": "veteran", "start": "2024-02-01", "end": None}
    given = {"registered_unemployed_is_key_group": True}
    assert told(sound, {}, memberships=[spell], **given) == "unknown"


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
