"""Which policies are for which entities: by the licence, and by what they seek."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.benefits import CATALOGUE, match_entities

ON = dt.date(2025, 6, 1)
EMPLOYERS = pd.DataFrame(
    {"id": ["A", "B", "C", "D"], "licence": ["verified", "verified", "expired", None]}
)


def outcomes(**more):
    rows = match_entities(EMPLOYERS, on=ON, **more).rows
    return {policy: part["outcome"].tolist() for policy, part in rows.groupby("policy", sort=False)}


def test_only_a_verified_entity_may_enter_and_without_visits_no_demand_is_known():
    assert outcomes() == {
        "entry": ["pass", "pass", "fail", "unknown"],
        "recruitment_guidance": ["unknown", "unknown", "fail", "unknown"],
    }


def test_guidance_is_for_those_who_said_that_they_seek_people():
    visits = pd.DataFrame(
        {"employer_id": ["A", "B", "D"], "on": [ON] * 3, "vacancies_demanded": [2, 0, 0]}
    )
    assert outcomes(visits=visits)["recruitment_guidance"] == ["pass", "fail", "fail", "fail"]


def test_before_the_notice_there_was_neither():
    told = match_entities(EMPLOYERS, on=dt.date(2022, 5, 12))
    assert told.rows.empty
    assert told.not_in_force == ("entry", "recruitment_guidance")


def test_a_policy_with_an_unknown_condition_is_refused():
    entry = next(one for one in CATALOGUE if one.name == "entry")
    terms = entry.terms.entries[0]
    strange = dataclasses.replace(terms.value, conditions=("is_nice",))
    own = dataclasses.replace(
        entry,
        terms=dataclasses.replace(
            entry.terms, entries=(dataclasses.replace(terms, value=strange),)
        ),
    )
    with pytest.raises(ArgumentError, match="`catalogue` must ask for conditions that are known"):
        match_entities(EMPLOYERS, on=ON, catalogue=[own])
