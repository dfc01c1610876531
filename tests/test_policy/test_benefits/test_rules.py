"""The catalogue: every policy has a source and its mark, every condition words, none an amount."""

from __future__ import annotations

import datetime as dt

import pytest

from geo_match.policy.benefits import CATALOGUE
from geo_match.policy.benefits.words import WORDS, condition
from geo_match.policy.payments.rules import RULES
from geo_match.rules.outcome import OUTCOMES

# Conditions that a payment decides have the payment's words.
PAID_BY = set(RULES["post_insurance_subsidy"].entries[0].value.all_of)


@pytest.mark.parametrize("policy", CATALOGUE, ids=lambda policy: policy.name)
def test_a_policy_names_its_source_how_well_it_is_known_and_no_amount(policy):
    for entry in policy.terms.entries:
        assert any(mark in entry.source for mark in ("[H]", "[M]", "[L]"))
        assert entry.name == policy.name
        assert entry.value.amount_cny is None
        assert set(entry.value.conditions) <= set(WORDS) | PAID_BY
    assert policy.zh
    assert policy.en


def test_names_differ_and_every_condition_is_of_some_policy():
    names = [policy.name for policy in CATALOGUE]
    assert len(set(names)) == len(names)
    asked = {
        one
        for policy in CATALOGUE
        for entry in policy.terms.entries
        for one in entry.value.conditions
    }
    assert asked - PAID_BY == set(WORDS)


@pytest.mark.parametrize("name", WORDS)
def test_each_outcome_of_a_condition_has_sentences_of_its_own_in_both_languages(name):
    told = [condition(name, outcome, ("S1",)) for outcome in range(len(OUTCOMES))]
    assert len({one.en for one in told}) == len({one.zh for one in told}) == len(OUTCOMES)
    assert all(one.en.endswith(".") and one.zh.endswith("。") for one in told)
    assert [bool(one.missing) for one in told] == [False, False, True]


def test_each_policy_holds_today_and_none_did_before_the_law():
    for policy in CATALOGUE:
        assert policy.terms.on(dt.date(2025, 12, 31)).name == policy.name
        assert min(entry.valid_from for entry in policy.terms.entries) >= dt.date(2008, 1, 1)
