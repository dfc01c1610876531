"""Outcomes: three of them, joined as the fewest facts allow."""

from __future__ import annotations

from itertools import product

import numpy as np

from geo_match.rules import FAIL, OUTCOMES, PASS, UNKNOWN
from geo_match.rules.outcome import all_of, any_of, holds

TRUTHS = {FAIL: {False}, PASS: {True}, UNKNOWN: {False, True}}


def of_truths(truths):
    return next(outcome for outcome, one in TRUTHS.items() if one == truths)


def test_an_outcomes_number_is_the_position_of_its_name():
    assert [OUTCOMES[one] for one in (FAIL, PASS, UNKNOWN)] == ["fail", "pass", "unknown"]


def test_outcomes_are_joined_as_all_truths_that_they_may_stand_for():
    for several in product(TRUTHS, repeat=3):
        columns = [np.array([one], np.int8) for one in several]
        truths = list(product(*(TRUTHS[one] for one in several)))
        assert all_of(*columns).tolist() == [of_truths({all(one) for one in truths})]
        assert any_of(*columns).tolist() == [of_truths({any(one) for one in truths})]


def test_what_holds_in_some_cases_only_is_unknown_and_outcomes_are_int8():
    told = holds([True, False, False], [True, True, False])
    assert told.tolist() == [PASS, UNKNOWN, FAIL]
    assert {one.dtype for one in (told, all_of(told), any_of(told))} == {np.dtype(np.int8)}
