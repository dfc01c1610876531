"""The dated rules of the ledger name only what records know, and each has its source."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest

from geo_match.policy.ledger import (
    DEREGISTRATION,
    NO_CONTACT_MONTHS,
    NO_CONTACT_RESULTS,
    RESULTS,
    STATUSES,
    TRANSITIONS,
)
from geo_match.records.types import CloseReason
from geo_match.rules import NotInForceError

DAY = dt.date(2025, 1, 1)


def test_each_names_statuses_reasons_and_results_that_there_are():
    assert {one for pair in TRANSITIONS.on(DAY).value.never for one in pair} <= set(STATUSES)
    told = DEREGISTRATION.on(DAY).value
    assert set(told) <= set(get_args(CloseReason))
    assert {status for after in told.values() for status in after} <= set(STATUSES)
    assert set(NO_CONTACT_RESULTS) <= set(RESULTS)


def test_nobody_becomes_a_child_again_and_all_others_may_stay_what_they_are():
    rule = TRANSITIONS.on(DAY).value
    assert [one for one in STATUSES if rule.allows(one, "under_age")] == ["under_age"]
    assert all(rule.allows(one, one) for one in STATUSES)


@pytest.mark.parametrize("rule", [TRANSITIONS, DEREGISTRATION, NO_CONTACT_MONTHS])
def test_each_has_a_source_with_how_well_it_is_known_and_begins_with_the_regulation(rule):
    assert rule.on(dt.date(2008, 1, 1)).source.endswith("[M]")
    with pytest.raises(NotInForceError, match=rule.name):
        rule.on(dt.date(2007, 12, 31))
