"""What is known on a day: nothing that came later, the latest version of what was corrected."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.payments import Evidence


def known(sound, as_of, hires=(), **frames):
    return sound.evidence(hires, **frames).known(dt.date.fromisoformat(as_of))


def test_a_hire_is_known_from_its_day_and_its_end_and_registration_from_theirs(sound):
    hire = {"left_on": "2024-08-01", "registered_on": "2024-01-05"}
    assert known(sound, "2023-12-31", [hire]).hires == {}
    early = known(sound, "2024-01-04", [hire]).hires["EM1"]
    assert (early.left_on, early.registered_on, early.platform_record) == (None, None, None)
    assert early.record_origin is None
    late = known(sound, "2024-08-01", [hire]).hires["EM1"]
    assert (late.left_on, late.platform_record) == (dt.date(2024, 8, 1), "PR1")


def test_a_contract_that_is_signed_later_is_not_known_before(sound):
    hire = {"contract_from": "2024-02-01"}
    assert known(sound, "2024-01-31", [hire]).hires["EM1"].contract_known is None
    assert known(sound, "2024-02-01", [hire]).hires["EM1"].contract_known is True


def test_a_correction_holds_from_the_day_that_it_is_known(sound):
    hires = [
        {"contract_to": "2024-12-31", "known_on": "2025-03-01"},
        {"contract_to": "2024-03-31", "known_on": None},
    ]
    for as_of, contract_to in (("2025-02-28", "2024-03-31"), ("2025-03-01", "2024-12-31")):
        hire = known(sound, as_of, hires).hires["EM1"]
        assert hire.contract_to == dt.date.fromisoformat(contract_to)
        assert not hire.conflicts


def test_months_are_known_once_they_are_over(sound):
    incomes = sound.incomes([2000, 2000])
    for as_of, n in (("2024-01-30", 0), ("2024-01-31", 1), ("2024-02-28", 1), ("2024-02-29", 2)):
        one = known(sound, as_of, [{}], incomes=incomes)
        assert len(one.incomes.get("EM1", ())) == n
        last = [run.last_month for run in one.insured.get("EM1", ())]
        assert last == ([dt.date(2024, n, 1)] if n else [])


def test_a_post_a_survey_and_a_recognition_are_known_from_their_days(sound):
    assert known(sound, "2023-11-30", posts=[{}]).posts == ()
    (post,) = known(sound, "2023-12-31", posts=[{}]).posts
    assert (post.developed_on, post.holder) == (dt.date(2023, 12, 1), None)
    (survey,) = known(sound, "2022-05-09", surveys=[{}]).surveys
    assert (survey.done_on, survey.entered_on) == (dt.date(2022, 4, 30), None)
    assert survey.complete is None
    assert known(sound, "2024-03-07", recognitions=[{}]).recognitions == ()


def test_frames_that_are_not_given_and_empty_ones_are_told_apart(sound):
    assert "services" in known(sound, "2024-01-01", services=()).given
    assert Evidence().known(dt.date(2024, 1, 1)).given == frozenset()


def test_nulls_of_every_kind_and_days_of_every_kind_are_read():
    frame = pd.DataFrame(
        {
            "id": pd.Categorical(["a", "b", "c"]),
            "person": ["S1", "S1", "S1"],
            "form": pd.Categorical(["gig", None, "gig"]),
            "hired_on": [pd.Timestamp("2024-01-01"), dt.date(2024, 1, 1), "2024-01-01"],
            "left_on": pd.Series([pd.NaT, None, None], dtype=object),
            "hours_per_week": pd.array([20, None, 30], dtype="Int16"),
            "contract_known": pd.array([True, None, False], dtype="boolean"),
        }
    )
    hires = Evidence(employments=frame).known(dt.date(2024, 6, 1)).hires
    assert {one.hired_on for one in hires.values()} == {dt.date(2024, 1, 1)}
    assert [one.hours_per_week for one in hires.values()] == [20, None, 30]
    assert [one.contract_known for one in hires.values()] == [True, None, False]
    assert hires["b"].form is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("drop", "person"), "`employments` must have the column person, got id, "),
        (
            ("hired_on", "1.3.2024"),
            "`employments` must have days such as 2025-03-01 in hired_on, got '1.3.2024' in row 0",
        ),
        (
            ("contract_known", "yes"),
            "`employments` must have true, false or null in contract_known",
        ),
        (("hours_per_week", "many"), "`employments` must have numbers or null in hours_per_week"),
        (("form", 3), "`employments` must have texts or null in form, got 3"),
        (("id", None), "`employments` must have no empty id, got one in row 0"),
    ],
)
def test_a_frame_that_cannot_be_read_is_refused(sound, change, message):
    evidence = sound.evidence([{}])
    name, value = change
    frame = evidence.employments
    frame = frame.drop(columns=value) if name == "drop" else frame.assign(**{name: [value]})
    broken = dataclasses.replace(evidence, employments=frame)
    with pytest.raises(ArgumentError, match=message):
        sound.decide("stable_employment", broken)
