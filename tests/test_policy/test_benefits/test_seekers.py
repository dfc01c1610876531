"""Which policies are for which seekers: each condition, at its bounds, known and not known."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.benefits import CATALOGUE, match_seekers
from geo_match.policy.conditions import decide
from geo_match.rules.outcome import OUTCOMES, PASS

ON = dt.date(2025, 12, 31)
USUAL = {
    "id": "S",
    "lon": 117.38,
    "lat": 32.93,
    "household": "H",
    "community": "340302001001",
    "birth_year": 1990,
    "sex": "male",
    "status": "registered_unemployed",
    "difficulty": "older",
    "groups": [],
    "registered_on": dt.date(2025, 6, 1),
    "closed_on": None,
    "graduation_year": None,
}


def judge(on=ON, **more):
    known = {name: more.pop(name) for name in ("cases", "posts", "division") if name in more}
    return match_seekers(pd.DataFrame([USUAL | more]), on=on, **known)


def told(policy, on=ON, **more):
    rows = judge(on, **more).rows.set_index("policy")
    return tuple(rows.loc[policy, ["outcome", "failed", "unknown"]])


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, ("pass", "", "")),
        ({"status": "unemployed"}, ("pass", "", "")),
        ({"status": "employed"}, ("fail", "jobless", "")),
        ({"status": None}, ("unknown", "", "jobless")),
        ({"birth_year": 1960}, ("fail", "working_age", "")),
        ({"birth_year": None}, ("unknown", "", "working_age")),
        ({"closed_on": ON}, ("fail", "seeks_work", "")),
        ({"closed_on": ON + dt.timedelta(1)}, ("pass", "", "")),
        ({"registered_on": ON}, ("pass", "", "")),
        ({"registered_on": ON + dt.timedelta(1)}, ("fail", "seeks_work", "")),
        ({"registered_on": None}, ("pass", "", "")),
        ({"community": "340102001001"}, ("unknown", "", "lives_here")),
        ({"community": None}, ("unknown", "", "lives_here")),
        ({"community": "340102001001", "division": "34"}, ("pass", "", "")),
        ({"status": "employed", "birth_year": None}, ("fail", "jobless", "working_age")),
    ],
)
def test_registration_as_unemployed(more, expected):
    assert told("unemployment_registration", **more) == expected


@pytest.mark.parametrize(
    ("difficulty", "expected"),
    [
        ("older", ("pass", "", "")),
        ("zero_employment", ("pass", "", "")),
        ("none", ("fail", "difficulty", "")),
        (None, ("unknown", "", "difficulty")),
    ],
)
def test_assistance_is_for_people_with_difficulty(difficulty, expected):
    assert told("employment_assistance", difficulty=difficulty) == expected


def cases(open_, verified_on, household="H"):
    return pd.DataFrame(
        {
            "household": [household],
            "case": [f"{household}#1"],
            "open": [open_],
            "verified_on": [verified_on],
        }
    )


@pytest.mark.parametrize(
    ("given", "household", "expected"),
    [
        (cases(True, ON), "H", ("pass", "", "")),  # noqa: FBT003 - beside the day it goes with
        (cases(True, ON + dt.timedelta(1)), "H", ("unknown", "", "household_confirmed")),  # noqa: FBT003 - as above
        (cases(True, None), "H", ("unknown", "", "household_confirmed")),  # noqa: FBT003 - as above
        (cases(False, ON), "H", ("fail", "household_confirmed", "")),  # noqa: FBT003 - as above
        (cases(True, ON, "G"), "H", ("fail", "household_confirmed", "")),  # noqa: FBT003 - as above
        (cases(True, ON), None, ("unknown", "", "household_confirmed")),  # noqa: FBT003 - as above
        (None, "H", ("unknown", "", "household_confirmed")),
    ],
)
def test_a_job_is_owed_to_confirmed_households_alone(given, household, expected):
    assert told("zero_employment_help", cases=given, household=household) == expected


def posts(held_from):
    return pd.DataFrame(
        {"job_id": ["P"], "holder": ["S"], "held_from": [held_from], "held_to": [None]}
    )


@pytest.mark.parametrize(
    ("held_from", "birth_year", "expected"),
    [
        (dt.date(2023, 1, 1), 1990, ("pass", "", "")),
        (dt.date(2022, 12, 31), 1990, ("fail", "within_cap", "")),
        # Men born in 1966 retire between May 2026 and the middle of 2027; none of those born in
        # 1970 does before May 2031, which is more than five years on.
        (dt.date(2022, 12, 31), 1966, ("pass", "", "")),
        (dt.date(2022, 12, 31), 1970, ("fail", "within_cap", "")),
        (None, 1990, ("unknown", "", "within_cap")),
        (None, 1966, ("pass", "", "")),
        (dt.date(2022, 12, 31), None, ("unknown", "", "within_cap")),
    ],
)
def test_a_post_is_for_three_years_and_longer_near_retirement(held_from, birth_year, expected):
    given = posts(held_from)
    assert told("public_welfare_post", posts=given, birth_year=birth_year) == expected


def test_without_records_of_posts_nobody_knows_whether_there_is_time_left():
    assert told("public_welfare_post") == ("unknown", "", "within_cap")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"birth_year": 2005}, ("pass", "", "")),
        ({"birth_year": 1990}, ("fail", "recent_graduate_or_young", "")),
        ({"groups": ["graduate"], "graduation_year": 2024}, ("pass", "", "")),
        (
            {"groups": ["graduate"], "graduation_year": 2023},
            ("unknown", "", "recent_graduate_or_young"),
        ),
        ({"birth_year": 2005, "status": "employed"}, ("fail", "jobless", "")),
    ],
)
def test_a_traineeship_is_for_recent_graduates_and_the_young(more, expected):
    assert told("traineeship", **more) == expected


def test_policies_that_were_not_in_force_are_named_and_have_no_row():
    before = judge(dt.date(2019, 6, 1), registered_on=None)
    assert before.not_in_force == ("unemployment_registration", "public_welfare_post")
    assert before.rows["policy"].tolist() == [
        "employment_assistance",
        "zero_employment_help",
        "traineeship",
    ]
    assert judge(dt.date(2007, 1, 1), registered_on=None).rows.empty


def test_explanations_come_to_the_outcome_and_cite_what_they_rest_on():
    found = judge(cases=cases(True, ON), posts=posts(dt.date(2025, 1, 1)))  # noqa: FBT003 - as above
    for policy, outcome in zip(found.rows["policy"], found.rows["outcome"], strict=True):
        assert OUTCOMES[decide(found.explain("S", policy))] == outcome
    assert found.explain("S", "zero_employment_help")[0].evidence == ("S", "H#1")
    assert found.explain("S", "public_welfare_post")[-1].evidence == ("S", "P")
    assert set(found.with_outcome(PASS)["policy"]) == set(found.rows["policy"]) - {"traineeship"}
    with pytest.raises(ArgumentError, match="`id_` must be one that was judged"):
        found.explain("T", "traineeship")
    with pytest.raises(ArgumentError, match="`policy` must be one of unemployment_registration"):
        found.explain("S", "entry")


def test_rows_come_by_seeker_and_by_policy_within():
    two = pd.DataFrame([USUAL, USUAL | {"id": "T", "status": "employed"}])
    rows = match_seekers(two, on=ON).rows
    n = sum(one.whom == "seeker" for one in CATALOGUE)
    assert rows["id"].tolist() == ["S"] * n + ["T"] * n
    assert (rows["outcome"][:n] != "fail").any()
    assert rows["failed"][n] == "jobless"


def test_seekers_that_are_no_frame_are_refused():
    with pytest.raises(ArgumentError, match="`seekers` must be a DataFrame, got dict"):
        match_seekers(USUAL, on=ON)
