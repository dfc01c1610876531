"""Surveys and recognitions, worked by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from geo_match.policy.payments.claims import Claims, submit

SURVEY, HONOUR = "survey_registration", "demonstration"


@pytest.mark.parametrize(
    ("survey", "as_of", "expected"),
    [
        ({}, "2022-12-31", {}),
        ({"done_on": "2022-05-01"}, "2022-12-31", {"survey_timely": "fail"}),
        ({"done_on": "2022-04-29"}, "2022-12-31", {}),
        ({"complete": False}, "2022-12-31", {"survey_complete": "fail"}),
        ({"complete": None}, "2022-12-31", {"survey_complete": "unknown"}),
        ({"true_checked": False}, "2022-12-31", {"survey_true": "fail"}),
        ({"true_checked": None}, "2022-12-31", {"survey_true": "unknown"}),
        (
            {"entered_on": None},
            "2022-12-31",
            {"survey_entered": "fail"}
            | dict.fromkeys(["survey_complete", "survey_true"], "unknown"),
        ),
        # On the day that it is due it may still be done; on the day after it is late.
        (
            {"done_on": None, "entered_on": None},
            "2022-04-30",
            dict.fromkeys(
                [
                    "survey_done",
                    "survey_entered",
                    "survey_complete",
                    "survey_true",
                    "survey_timely",
                ],
                "unknown",
            ),
        ),
        (
            {"done_on": None, "entered_on": None},
            "2022-05-01",
            dict.fromkeys(["survey_done", "survey_entered", "survey_timely"], "fail")
            | dict.fromkeys(["survey_complete", "survey_true"], "unknown"),
        ),
        (
            {"done_on": "2021-12-31", "entered_on": "2021-12-31"},
            "2022-12-31",
            {"rule_in_force": "fail"},
        ),
    ],
)
def test_a_survey_is_done_entered_complete_true_and_timely(sound, survey, as_of, expected):
    evidence = sound.evidence(surveys=[survey])
    (one,) = sound.decide(SURVEY, evidence, as_of=dt.date.fromisoformat(as_of))
    assert {name: word for name, word in sound.outcomes(one).items() if word != "pass"} == expected


def test_two_records_of_one_survey_that_differ_prove_nothing(sound):
    evidence = sound.evidence(surveys=[{}, {"complete": False}])
    (one,) = sound.decide(SURVEY, evidence)
    assert one.word == "unknown"


@pytest.mark.parametrize(
    ("recognition", "expected"),
    [
        ({}, {}),
        ({"level": "province"}, {}),
        ({"kind": "street", "code": "340302005"}, {}),
        ({"level": "district"}, {"recognised_by_authority": "fail"}),
        ({"level": None}, {"recognised_by_authority": "unknown"}),
        ({"kind": "village_group"}, {"recognised_kind": "fail"}),
        ({"document": None}, {"recognition_document": "unknown"}),
        ({"recognised_on": "2022-05-12"}, {"rule_in_force": "fail"}),
    ],
)
def test_a_recognition_is_by_province_or_city_and_has_its_document(sound, recognition, expected):
    (one,) = sound.decide(HONOUR, sound.evidence(recognitions=[recognition]))
    assert {name: word for name, word in sound.outcomes(one).items() if word != "pass"} == expected


def test_each_recognition_is_paid_once_and_another_one_again(sound):
    again = {"document": "示例函〔2025〕9号", "recognised_on": "2025-02-01"}
    copied = {"recognised_on": "2024-03-09"}
    told = sound.decide(HONOUR, sound.evidence(recognitions=[again, copied, {}]))
    assert {one.case.split("/", 1)[1]: one.word for one in told} == {
        "示例函〔2024〕1号/2024-03-08": "pass",
        "示例函〔2024〕1号/2024-03-09": "fail",
        "示例函〔2025〕9号/2025-02-01": "pass",
    }


def test_a_document_that_recognises_two_is_evidence_of_each(sound):
    both = [{}, {"code": "340302001002"}]
    evidence = sound.evidence(recognitions=both)
    first, second = (one.case for one in sound.decide(HONOUR, evidence))
    decisions = sound.decide(HONOUR, evidence, cases=[first])
    assert "示例函〔2024〕1号/340302001001" in decisions[first].evidence
    claims = submit(Claims(), decisions, on=sound.as_of, by="community-1")
    again = sound.decide(HONOUR, evidence, claims=claims)
    assert sound.outcomes(again[second])["evidence_unused"] == "pass"
    assert again[second].word == "pass"


@pytest.mark.parametrize(
    ("done_on", "entered_on", "told"),
    [
        ("2022-04-30", "2022-04-30", ("pass", "pass", "pass")),
        ("2022-04-30", "2022-05-01", ("pass", "fail", "unknown")),
        ("2022-05-01", "2022-05-01", ("fail", "fail", "fail")),
        ("2022-04-30", None, ("pass", "fail", "unknown")),
        (None, None, ("fail", "fail", "fail")),
    ],
)
def test_a_survey_is_in_time_by_its_end_or_its_entry(sound, done_on, entered_on, told):
    evidence = sound.evidence(surveys=[{"done_on": done_on, "entered_on": entered_on}])
    for by, expected in zip(("done_on", "entered_on", None), told, strict=True):
        (one,) = sound.decide(SURVEY, evidence, survey_timely_by=by)
        assert sound.outcomes(one)["survey_timely"] == expected


def test_until_it_is_due_a_survey_that_is_done_may_still_be_entered(sound):
    evidence = sound.evidence(surveys=[{"done_on": "2022-04-20", "entered_on": None}])
    for day, expected in (((2022, 4, 30), "unknown"), ((2022, 5, 1), "fail")):
        given = {"as_of": dt.date(*day), "survey_timely_by": "entered_on"}
        (one,) = sound.decide(SURVEY, evidence, **given)
        assert sound.outcomes(one)["survey_timely"] == expected
