"""Surveys, recognitions and heads, worked by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

SURVEY, HONOUR = "survey_registration", "demonstration"
YEAR_END = dt.date(2025, 12, 31)


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
        ({"recognised_on": "2022-05-11"}, {"rule_in_force": "fail"}),
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


def test_a_yuan_is_paid_for_each_urban_person_of_working_age_who_was_served(sound):
    persons = [{}, {"id": "S2", "hukou": "rural"}, {"id": "S3"}, {"id": "S4", "birth_year": 1940}]
    services = [{"id": f"SV{n}", "person": f"S{n}"} for n in (1, 2, 3, 4)]
    told = sound.decide("operation", sound.evidence(persons=persons, services=services))
    assert told.counts() == {"pass": 2, "fail": 2, "unknown": 0}
    assert told.total_cny() == Decimal(2)
    supervised = sound.decide("supervision", sound.evidence(persons=persons, services=services))
    assert supervised.total_cny() == Decimal(2)
    assert {one.payee for one in supervised} == {"SU1"}


@pytest.mark.parametrize(
    ("counted", "expected"),
    [("once", ["pass", "fail"]), ("yearly", ["pass", "pass"]), (None, ["pass", "unknown"])],
)
def test_a_head_counts_once_or_yearly(sound, counted, expected):
    services = [{"on": "2023-12-31"}, {"id": "SV2", "on": "2024-01-01"}]
    evidence = sound.evidence(services=services)
    told = sound.decide("operation", evidence, head_counted=counted)
    assert [one.word for one in told] == expected


@pytest.mark.parametrize(
    ("across", "expected"),
    [(True, {"OP1": "pass", "OP2": "fail"}), (False, {"OP1": "pass", "OP2": "pass"})],
)
def test_a_head_counts_for_the_first_operator_or_for_each(sound, across, expected):
    services = [{"on": "2024-03-02", "operator_id": "OP2"}, {"id": "SV2", "on": "2024-03-01"}]
    evidence = sound.evidence(services=services)
    told = sound.decide("operation", evidence, cap_across_operators=across)
    assert {one.payee: one.word for one in told} == expected


@pytest.mark.parametrize("result", ["no_answer", "wrong_number"])
def test_a_call_that_reached_nobody_served_nobody(sound, result):
    evidence = sound.evidence(services=[{"result": result}])
    assert len(sound.decide("operation", evidence)) == 0


def test_whom_somebody_served_that_nobody_noted_is_unknown(sound):
    (one,) = sound.decide("operation", sound.evidence(services=[{"operator_id": None}]))
    assert (one.word, one.payee) == ("unknown", None)


def test_services_before_the_rule_do_not_stand_in_the_way_of_those_after(sound):
    services = [{"on": "2022-03-01"}, {"id": "SV2", "on": "2022-06-01"}]
    (one,) = sound.decide("operation", sound.evidence(services=services))
    assert (one.word, one.on) == ("pass", dt.date(2022, 6, 1))
