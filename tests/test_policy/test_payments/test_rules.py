"""The decision tables as data: whole, with sources, and as the notice has them."""

from __future__ import annotations

import datetime as dt

import pytest

from geo_match.policy.payments.asked import CONDITIONS, PERSONAL
from geo_match.policy.payments.rules import (
    MINIMUM_HOURLY_WAGE,
    MINIMUM_WAGE,
    PAYMENTS,
    RULES,
    rule_on,
)

ENTRIES = [entry for table in RULES.values() for entry in table.entries]


def asked(rule):
    return {*rule.all_of, *(name for _, names in rule.any_of for name in names)}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.value.payment)
def test_every_rule_has_its_source_and_asks_for_what_there_is(entry):
    assert entry.source.startswith("蚌人社发〔2022〕5号")
    assert entry.source.endswith("[H]")
    assert asked(entry.value) - {"evidence_unused"} <= set(CONDITIONS)
    assert {"rule_in_force", "evidence_unused"} <= asked(entry.value)


def test_every_condition_is_asked_for_by_a_rule():
    assert set(CONDITIONS) == set().union(*(asked(one.value) for one in ENTRIES)) - {
        "evidence_unused"
    }
    assert set(CONDITIONS) >= PERSONAL


def test_payees_and_caps_are_those_of_the_notice():
    told = {
        name: (table.entries[0].value.payee, table.entries[0].value.per_person)
        for name, table in RULES.items()
    }
    assert told == {
        "survey_registration": ("grassroots_platform", None),
        "stable_employment": ("operator", 1),
        "flexible_employment": ("operator", 3),
        "post_insurance_subsidy": ("entity", None),
        "employment_assistance": ("operator", None),
        "demonstration": ("street_or_community", None),
        "operation": ("operator", 1),
        "supervision": ("supervisor", 1),
    }
    assert tuple(told) == PAYMENTS


def test_the_only_amount_is_a_yuan_a_head():
    heads = {one.value.payment: one.value.head_cny for one in ENTRIES if one.value.head_cny}
    assert heads == {"operation": 1, "supervision": 1}


@pytest.mark.parametrize(
    ("day", "in_force"),
    [(dt.date(2022, 5, 12), False), (dt.date(2022, 5, 13), True), (dt.date(2025, 1, 1), True)],
)
def test_before_its_first_day_a_rule_is_told_and_not_in_force(day, in_force):
    entry, holds = rule_on("stable_employment", day)
    assert (entry.value.version, holds) == ("2022-1", in_force)


def test_minimum_wages_are_those_of_anhuis_four_tiers():
    assert MINIMUM_WAGE.on(dt.date(2023, 3, 1)).value == (2060, 1930, 1870, 1780)
    assert MINIMUM_HOURLY_WAGE.on(dt.date(2023, 3, 1)).value == (21, 20, 19, 18)
