"""Suspected households: the definition, what is unknown, the change of working age, the city."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_match.errors import ArgumentError
from geo_match.policy.conditions import decide
from geo_match.policy.households.suspected import CONDITIONS, suspect
from geo_match.rules.dated import NotInForceError
from geo_match.rules.outcome import FAIL, OUTCOMES, PASS, UNKNOWN

ON = dt.date(2025, 12, 31)
COLUMNS = ["household", "person", "birth_year", "sex", "status"]


def judge(*members, hukou="urban", count=None, on=ON, **more):
    """Judge one household of members given as (birth year, sex, status)."""
    rows = [("H", f"S{i}", *one) for i, one in enumerate(members)]
    homes = pd.DataFrame({"id": ["H"], "hukou": [hukou], "member_count": [count]})
    return suspect(homes, pd.DataFrame(rows, columns=COLUMNS), on=on, **more)


def outcome(*members, **more):
    return judge(*members, **more).households["outcome"][0]


JOBLESS = (1990, "male", "registered_unemployed")
WORKS = (1990, "female", "employed")


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ([JOBLESS], "pass"),
        ([(1990, "male", "unemployed")], "pass"),
        ([JOBLESS, WORKS], "fail"),
        ([JOBLESS, (1990, "male", "flexible")], "fail"),
        ([JOBLESS, (1990, "male", "studying"), (1991, "male", "incapable")], "pass"),
        ([JOBLESS, (1990, "male", "not_seeking"), (1950, "male", "retired")], "pass"),
        ([(1990, "male", "studying"), (1990, "female", "not_seeking")], "fail"),
        ([JOBLESS, (1940, "male", "employed")], "pass"),
        ([(2015, "male", "under_age"), (1950, "female", "retired")], "fail"),
        ([JOBLESS, (1990, "male", None)], "unknown"),
        ([JOBLESS, WORKS, (1990, "male", None)], "fail"),
        ([JOBLESS, (None, "male", "employed")], "unknown"),
        ([JOBLESS, (None, "male", "retired")], "pass"),
        ([JOBLESS, (1990, "male", "under_age")], "unknown"),
        ([], "unknown"),
    ],
)
def test_the_definition_case_by_case(members, told):
    assert outcome(*members) == told


def test_rural_households_are_none_and_those_of_unknown_registration_are_unknown():
    assert outcome(JOBLESS, hukou="rural") == "fail"
    doubtful = judge(JOBLESS, hukou=None).households
    assert doubtful[["outcome", "missing"]].to_numpy().tolist() == [["unknown", "hukou"]]


def test_a_list_that_is_not_whole_leaves_it_unknown_unless_somebody_works():
    assert outcome(JOBLESS, count=1) == "pass"
    assert judge(JOBLESS, count=2).households["missing"].tolist() == ["members"]
    assert outcome(JOBLESS, WORKS, count=3) == "fail"
    assert outcome((1950, "male", "retired"), count=2) == "unknown"


@pytest.mark.parametrize(
    ("on", "works"),
    [
        # A man born in 1964 has retired by his 60th birthday whatever it is; one born in 1965
        # reaches 60 in 2025 and works between one and three months longer.
        (dt.date(2023, 12, 31), {1964: "fail", 1965: "fail"}),
        (dt.date(2024, 6, 30), {1964: "unknown", 1965: "fail"}),
        (dt.date(2024, 12, 31), {1964: "pass", 1965: "fail"}),
        (dt.date(2025, 1, 1), {1964: "pass", 1965: "fail"}),
        (dt.date(2025, 1, 31), {1964: "pass", 1965: "fail"}),
        (dt.date(2025, 2, 1), {1964: "pass", 1965: "unknown"}),
        (dt.date(2026, 3, 30), {1964: "pass", 1965: "unknown"}),
        (dt.date(2026, 3, 31), {1964: "pass", 1965: "pass"}),
    ],
)
def test_a_worker_counts_until_retirement_which_rises_in_2025(on, works):
    for year, told in works.items():
        assert outcome(JOBLESS, (year, "male", "employed"), on=on) == told, year


def test_a_member_whose_sex_is_not_recorded_is_unknown_between_the_ages_of_retirement():
    told = judge(JOBLESS, (1968, None, "employed"))
    assert told.households["missing"].tolist() == ["age"]
    condition = told.explain("H")[2]
    assert condition.outcome == UNKNOWN
    assert "sex 性别" in condition.missing


def test_spells_decide_over_the_recorded_status_and_traineeships_are_no_work():
    spells = pd.DataFrame(
        {
            "id": ["SP1"],
            "person": ["S1"],
            "status": ["employed"],
            "start": [ON],
            "end": [None],
        }
    )
    trainee = pd.DataFrame({"spell": ["SP1"], "form": ["traineeship"]})
    two = [JOBLESS, (1990, "female", "unemployed")]
    assert outcome(*two) == "pass"
    assert outcome(*two, spells=spells) == "fail"
    assert outcome(*two, spells=spells, employments=trainee) == "pass"
    eve = ON - dt.timedelta(1)
    assert judge(*two, spells=spells, on=eve).households["missing"].tolist() == ["status"]


def test_two_households_that_claim_one_person_are_both_unknown_and_told():
    homes = pd.DataFrame({"id": ["H1", "H2", "H3"], "hukou": ["urban"] * 3})
    rows = [
        ("H1", "S", 1990, "male", "employed"),
        ("H1", "T", 1990, "male", "unemployed"),
        ("H2", "S", 1990, "male", "employed"),
        ("H2", "U", 1990, "male", "unemployed"),
        ("H3", "V", 1990, "male", "unemployed"),
    ]
    told = suspect(homes, pd.DataFrame(rows, columns=COLUMNS), on=ON)
    assert told.households["outcome"].tolist() == ["unknown", "unknown", "pass"]
    assert told.households["missing"].tolist() == ["belonging", "belonging", ""]
    assert told.disputes["households"].tolist() == ["H1;H2"]
    assert "家庭归属" in told.explain("H1")[2].missing


def test_the_last_jobless_member_claimed_by_two_leaves_both_unknown():
    homes = pd.DataFrame({"id": ["H1", "H2"], "hukou": ["urban"] * 2})
    rows = [("H1", "S", 1990, "male", "unemployed"), ("H2", "S", 1990, "male", "unemployed")]
    told = suspect(homes, pd.DataFrame(rows, columns=COLUMNS), on=ON)
    assert told.households["outcome"].tolist() == ["unknown", "unknown"]


MEMBER = st.tuples(
    st.sampled_from([1950, 1990, None]),
    st.just("male"),
    st.sampled_from(["employed", "unemployed", "studying", None]),
)


HOUSEHOLD = st.tuples(
    st.sampled_from(["urban", "rural", None]), st.lists(MEMBER, min_size=1, max_size=3)
)


@settings(max_examples=10)  # each of many households
@given(st.lists(HOUSEHOLD, min_size=1, max_size=40))
def test_it_is_decided_exactly_where_every_world_that_may_be_agrees(drawn):
    ids = [f"H{at:02}" for at in range(len(drawn))]
    homes = pd.DataFrame({"id": ids, "hukou": [hukou for hukou, _ in drawn]}, dtype=object)
    rows = [
        (one, None, *member)
        for one, (_, members) in zip(ids, drawn, strict=True)
        for member in members
    ]
    told = suspect(homes, pd.DataFrame(rows, columns=COLUMNS), on=ON).households
    assert told["outcome"].tolist() == [in_every_world(*one) for one in drawn]


def in_every_world(hukou, members):
    """Go through all that may be true of a household, and say whether it comes to one thing."""
    choices = [
        product(
            [year] if year else [1950, 1990],
            [status] if status else ["employed", "unemployed", "studying"],
        )
        for year, _, status in members
    ]
    answers = set()
    for world in product(["urban", "rural"] if hukou is None else [hukou], *choices):
        of_age = [status for year, status in world[1:] if year == 1990]
        answers.add(world[0] == "urban" and "unemployed" in of_age and "employed" not in of_age)
    return "unknown" if len(answers) > 1 else "pass" if answers == {True} else "fail"


def test_explanations_come_to_the_outcome_in_two_languages_with_evidence(city):
    told = suspect(city.households, city.members, on=ON, spells=city.spells)
    for word in OUTCOMES:
        for household in told.households["household"][told.households["outcome"] == word][:5]:
            conditions = told.explain(household)
            assert [one.name for one in conditions] == list(CONDITIONS)
            assert OUTCOMES[decide(conditions)] == word
            assert all(one.evidence for one in conditions)
            row = told.households.set_index("household").loc[household]
            assert [row[one.name] for one in conditions] == [one.word for one in conditions]


def test_the_citys_households_are_suspected_where_it_says_so_or_unknown(city):
    told = suspect(city.households, city.members, on=ON).households
    truth = city.households.set_index("id")["zero_employment"].loc[told["household"]].to_numpy()
    assert set(told["outcome"][truth]) <= {"pass", "unknown"}
    assert set(told["outcome"][~truth]) <= {"fail", "unknown"}
    counts = told["outcome"].value_counts()
    assert counts["pass"] > 200
    assert 0 < counts["unknown"] < 30
    assert set(told["missing"][told["outcome"] == "unknown"]) == {"age"}


def test_in_the_city_nothing_becomes_otherwise_where_ids_and_sexes_are_not_listed(city):
    whole = suspect(city.households, city.members, on=ON).households
    seekers = city.members.rename(columns={"person": "id"})
    bare = city.members[["household", "birth_year", "status"]]
    told = suspect(city.households, bare, on=ON, seekers=seekers)
    assert told.members["listed"].all()
    pd.testing.assert_frame_equal(told.households, whole)


def test_a_household_twice_and_a_member_of_none_are_refused():
    homes = pd.DataFrame({"id": ["H", "H"], "hukou": ["urban", "urban"]})
    none = pd.DataFrame(columns=COLUMNS)
    with pytest.raises(ArgumentError, match=r"`households.id` must be different in each row"):
        suspect(homes, none, on=ON)
    stray = pd.DataFrame([("H9", None, 1990, None, None)], columns=COLUMNS)
    with pytest.raises(ArgumentError, match=r"`members.household` must name households that are"):
        suspect(homes[:1], stray, on=ON)
    with pytest.raises(ArgumentError, match=r"`household` must be one of the households that were"):
        suspect(homes[:1], none, on=ON).explain("H0")
    with pytest.raises(NotInForceError, match="zero_employment has an entry"):
        suspect(homes[:1], none, on=dt.date(2007, 12, 31))


def test_outcomes_are_listed_by_their_number():
    told = judge(JOBLESS)
    assert told.with_outcome(PASS)["household"].tolist() == ["H"]
    assert told.with_outcome(FAIL).empty
    assert [one.name for one in told.rules] == ["zero_employment", "working_age"]
