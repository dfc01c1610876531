"""Clearing: by a hire of a member, by no traineeship, by nobody whom two households claim."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geo_match.policy.households.cases import read_cases
from geo_match.policy.households.clearing import judge_clearing
from geo_match.rules.outcome import FAIL, PASS, UNKNOWN

CLEARED = dt.date(2025, 3, 10)
ON = dt.date(2025, 12, 31)


def cases(*households, by="S", cleared=CLEARED, reason="cleared"):
    n = len(households)
    return read_cases(
        pd.DataFrame(
            {
                "household": households,
                "suspected_on": [dt.date(2025, 1, 1)] * n,
                "cleared_on": [cleared] * n,
                "closed_on": [cleared] * n,
                "cleared_by": [by] * n,
                "closed_reason": [reason] * n,
            }
        )
    )


def hires(*rows):
    return pd.DataFrame(list(rows), columns=["id", "person", "hired_on", "form"])


def persons(*rows):
    return pd.DataFrame(list(rows), columns=["id", "household"])


HIRE = ("E1", "S", CLEARED, "labour_contract")
MEMBER = ("S", "H")


@pytest.mark.parametrize(
    ("hire", "member", "cleared"),
    [
        ([HIRE], [MEMBER], PASS),
        ([("E1", "S", CLEARED, "public_welfare_post")], [MEMBER], PASS),
        ([("E1", "S", CLEARED, "traineeship")], [MEMBER], FAIL),
        ([("E1", "S", CLEARED, "traineeship"), ("E2", "S", CLEARED, "gig")], [MEMBER], PASS),
        ([("E1", "S", CLEARED, None)], [MEMBER], UNKNOWN),
        ([("E1", "S", CLEARED, "traineeship"), ("E2", "S", CLEARED, None)], [MEMBER], UNKNOWN),
        ([("E1", "S", CLEARED - dt.timedelta(1), "gig")], [MEMBER], UNKNOWN),
        ([("E1", "T", CLEARED, "gig")], [MEMBER], UNKNOWN),
        ([], [MEMBER], UNKNOWN),
        ([HIRE], [("S", "G")], FAIL),
        ([HIRE], [("S", "H"), ("S", "G")], UNKNOWN),
        ([HIRE], [], UNKNOWN),
    ],
)
def test_a_clearing_is_judged_by_the_hire_and_the_membership(hire, member, cleared):
    told = judge_clearing(cases("H"), on=ON, employments=hires(*hire), persons=persons(*member))
    assert told["cleared"].tolist() == [cleared]


def test_without_lists_of_hires_and_persons_nothing_is_proven():
    told = judge_clearing(cases("H"), on=ON)
    assert told[["recorded", "by_member", "by_employment", "cleared"]].to_numpy().tolist() == [
        [PASS, UNKNOWN, UNKNOWN, UNKNOWN]
    ]
    assert told["ended_on"].tolist() == [pd.Timestamp(CLEARED)]


def test_a_case_that_was_not_cleared_fails_and_ends_as_it_was_closed():
    told = judge_clearing(cases("H", cleared=None, by=None, reason=None), on=ON)
    assert told["cleared"].tolist() == [FAIL]
    assert told["ended_on"].isna().all()


def test_two_households_that_one_person_cleared_are_unknown_if_it_may_be_either():
    both = cases("G", "H")
    told = judge_clearing(
        both, on=ON, employments=hires(HIRE), persons=persons(("S", "G"), ("S", "H"))
    )
    assert told["cleared"].tolist() == [UNKNOWN, UNKNOWN]


def test_a_person_of_one_household_clears_not_the_other():
    told = judge_clearing(
        cases("G", "H"), on=ON, employments=hires(HIRE), persons=persons(("S", "H"))
    )
    assert told["cleared"].tolist() == [FAIL, UNKNOWN]
    assert told["ended_on"].isna().tolist() == [True, False]


def test_a_traineeship_leaves_it_open_until_the_first_true_hire_of_any_member():
    trainee = ("E1", "S", CLEARED, "traineeship")
    later = ("E2", "T", dt.date(2025, 6, 1), "temporary")
    another_trainee = ("E0", "T", dt.date(2025, 3, 9), "traineeship")
    of_another = ("E3", "U", dt.date(2025, 4, 1), "temporary")
    home = persons(("S", "H"), ("T", "H"), ("U", "G"))
    given = hires(trainee, later, another_trainee, of_another)
    told = judge_clearing(cases("H"), on=ON, employments=given, persons=home)
    assert told["ended_on"].tolist() == [pd.Timestamp("2025-06-01")]
    assert told["ended_by"].tolist() == ["E2"]
    assert told["evidence"].tolist() == [("E1",)]
    eve = judge_clearing(cases("H"), on=dt.date(2025, 5, 31), employments=given, persons=home)
    assert eve["ended_on"].isna().all()


@pytest.mark.parametrize(
    ("verified", "hired", "ends"),
    [
        (None, "2025-01-01", True),  # since the case began, where nobody verified it
        (None, "2024-12-31", False),
        ("2025-03-02", "2025-03-05", True),
        ("2025-03-02", "2025-03-02", True),
        # Whoever was hired before did not work when the community looked.
        ("2025-03-02", "2025-03-01", False),
        ("2025-03-20", "2025-03-10", True),  # days out of order: from the clearing on
        ("2025-03-20", "2025-03-09", False),
    ],
)
def test_a_true_hire_before_the_wrong_clearing_cleared_the_household(verified, hired, ends):
    given = hires(
        ("E1", "S", CLEARED, "traineeship"),
        ("E2", "T", dt.date.fromisoformat(hired), "labour_contract"),
    )
    case = cases("H").assign(verified_on=pd.Series([pd.Timestamp(verified)]).astype("M8[s]"))
    told = judge_clearing(
        case, on=ON, employments=given, persons=persons(("S", "H"), ("T", "H"))
    ).iloc[0]
    assert told["cleared"] == FAIL
    assert (told["ended_by"] == "E2") == ends
    assert pd.isna(told["ended_on"]) != ends


def test_a_failed_clearing_closed_for_another_reason_ends_on_that_day():
    told = judge_clearing(
        cases("H", reason="moved_away"),
        on=ON,
        employments=hires(("E1", "S", CLEARED, "traineeship")),
        persons=persons(MEMBER),
    )
    assert told["ended_on"].tolist() == [pd.Timestamp(CLEARED)]


def test_in_the_city_four_traineeships_cleared_nobody(city):
    by_hire = city.cases.merge(
        city.employments[["person", "hired_on", "form"]],
        left_on=["cleared_by", "cleared_on"],
        right_on=["person", "hired_on"],
    )
    expected = (
        by_hire["form"]
        .eq("traineeship")
        .groupby([by_hire["household"], by_hire["suspected_on"]])
        .all()
    )
    read = read_cases(city.cases)
    told = judge_clearing(read, on=ON, employments=city.employments, persons=city.persons)
    fails = (told["recorded"] == PASS) & (told["cleared"] == FAIL)
    assert fails.sum() == expected.sum() == 4
    assert set(read["household"][fails]) == set(expected[expected].reset_index()["household"])
    assert (told["cleared"][(told["recorded"] == PASS) & ~fails] == PASS).all()
