"""Lists of members and seekers become one roster: nobody twice, nobody lost, disputes told."""

from __future__ import annotations

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.households.members import roster

MEMBER = ["household", "birth_year", "status"]


def members(*rows, columns=MEMBER):
    return pd.DataFrame(list(rows), columns=columns)


def seekers(*rows):
    columns = ["id", "household", "birth_year", "sex", "status", "close_reason"]
    return pd.DataFrame(list(rows), columns=columns)


def rows(told):
    columns = ["household", "person", "birth_year", "sex", "status", "listed"]
    return [
        tuple(None if pd.isna(one) else one for one in row)
        for row in told.members[columns].itertuples(index=False)
    ]


def test_a_seeker_is_paired_with_the_member_of_the_same_year_and_status():
    told = roster(
        members(("H", 1970, "employed"), ("H", 1970, "unemployed")),
        seekers(("S", "H", 1970, "female", "unemployed", None)),
    )
    assert rows(told) == [
        ("H", None, 1970, None, "employed", True),
        ("H", "S", 1970, "female", "unemployed", True),
    ]


def test_a_seeker_of_another_status_is_paired_by_year_alone_and_the_list_keeps_its_word():
    told = roster(
        members(("H", 1970, "employed")), seekers(("S", "H", 1970, "male", "unemployed", None))
    )
    assert rows(told) == [("H", "S", 1970, "male", "employed", True)]


def test_a_member_without_a_year_or_status_gets_the_seekers():
    told = roster(
        members(("H", None, "unemployed"), ("H", 1980, None)),
        seekers(
            ("S1", "H", 1970, "male", "unemployed", None),
            ("S2", "H", 1980, "female", "unemployed", None),
        ),
    )
    assert rows(told) == [
        ("H", "S1", 1970, "male", "unemployed", True),
        ("H", "S2", 1980, "female", "unemployed", True),
    ]


def test_a_seeker_without_a_year_is_paired_by_status():
    told = roster(
        members(("H", 1970, "retired"), ("H", 1999, "unemployed")),
        seekers(("S", "H", None, "male", "unemployed", None)),
    )
    assert rows(told)[1] == ("H", "S", 1999, "male", "unemployed", True)


def test_twins_are_paired_one_to_one():
    told = roster(
        members(("H", 1990, "unemployed"), ("H", 1990, "unemployed")),
        seekers(
            ("S1", "H", 1990, "male", "unemployed", None),
            ("S2", "H", 1990, "female", "unemployed", None),
        ),
    )
    assert [row[1] for row in rows(told)] == ["S1", "S2"]


def test_a_seeker_whom_the_list_forgot_is_a_member_more_unless_they_moved_away():
    told = roster(
        members(("H", 1950, "retired")),
        seekers(
            ("S1", "H", 1990, "male", "unemployed", None),
            ("S2", "H", 1991, "male", "unemployed", "moved_away"),
            ("S3", None, 1992, "male", "unemployed", None),
        ),
    )
    assert rows(told)[1:] == [("H", "S1", 1990, "male", "unemployed", False)]


def test_members_with_ids_are_paired_by_them_whatever_else_is_said():
    told = roster(
        members(
            ("H", "S1", 1990), ("H", "S2", 1991), columns=["household", "person", "birth_year"]
        ),
        seekers(("S2", "H", 1990, "female", "unemployed", None)),
    )
    assert [(row[1], row[3], row[4]) for row in rows(told)] == [
        ("S1", None, None),
        ("S2", "female", "unemployed"),
    ]


def test_a_person_whom_two_households_claim_is_told_and_marked_in_both():
    named = ["household", "person", "birth_year"]
    told = roster(members(("H2", "S", 1990), ("H1", "S", 1990), ("H1", "T", 1960), columns=named))
    assert told.disputes.to_dict("records") == [{"person": "S", "households": "H1;H2"}]
    assert told.members["shared"].tolist() == [True, False, True]


def test_a_seekers_own_word_against_a_list_is_a_dispute_too():
    named = ["household", "person", "birth_year"]
    told = roster(
        members(("H1", "S", 1990), ("H2", None, 1950), columns=named),
        seekers(("S", "H2", 1990, "male", "unemployed", None)),
    )
    assert told.disputes["households"].tolist() == ["H1;H2"]


def test_a_person_listed_twice_in_a_household_and_unknown_words_are_refused():
    named = ["household", "person", "birth_year"]
    with pytest.raises(ArgumentError, match=r"`members.person` must be different within a house"):
        roster(members(("H", "S", 1990), ("H", "S", 1990), columns=named))
    with pytest.raises(ArgumentError, match=r"`members.status` must be one of"):
        roster(members(("H", 1990, "idle")))
    twice = seekers(("S", "H", 1, "male", None, None), ("S", "H", 1, "male", None, None))
    with pytest.raises(ArgumentError, match=r"`seekers.id` must be different in each row"):
        roster(members(("H", 1990, None)), twice)
