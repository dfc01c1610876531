"""Conditions: what one may state, how several are joined, and how they are listed."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.conditions import Condition, decide, to_rows
from geo_match.rules import FAIL, OUTCOMES, PASS, UNKNOWN
from geo_match.rules.outcome import all_of


def condition(outcome=PASS, **changed):
    given = {"name": "hired", "evidence": ("EM-1",), "en": "Hired.", "zh": "已入职。"}
    return Condition(**{**given, "outcome": outcome, **changed})


def test_several_are_joined_as_arrays_of_outcomes_are():
    for several in product((FAIL, PASS, UNKNOWN), repeat=3):
        columns = [np.array([one], np.int8) for one in several]
        joined = [condition(one) for one in several]
        assert decide(joined) == all_of(*columns)[0]


def test_nothing_is_no_rule():
    with pytest.raises(ArgumentError, match="`conditions` must have a condition, got none"):
        decide([])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"name": "Is Hired"}, "`name` must be a name in lower case with underscores"),
        ({"name": ""}, "`name` must be a name in lower case"),
        ({"outcome": 3}, r"`outcome` must be 0 \(fail\), 1 \(pass\) or 2 \(unknown\), got 3"),
        ({"outcome": True}, "`outcome` must be .* got True"),
        ({"evidence": ["EM-1"]}, "`evidence` must be a tuple of ids"),
        ({"evidence": ("",)}, "`evidence` must be a tuple of ids"),
        ({"evidence": ("a", "b", "a")}, "`evidence` must name each record once"),
        ({"en": " "}, "`en` must say why"),
        ({"zh": ""}, "`zh` must say why"),
        ({"missing": "contract"}, "`missing` must be empty unless the outcome is unknown"),
    ],
)
def test_a_condition_that_cannot_be_read_alone_is_refused(wrong, message):
    with pytest.raises(ArgumentError, match=message):
        condition(**wrong)


def test_rows_keep_the_order_and_carry_what_is_common():
    several = [condition(), condition(UNKNOWN, name="insured", evidence=(), missing="months")]
    rows = to_rows(several, decision="D1")
    assert [one["decision"] for one in rows] == ["D1", "D1"]
    assert [(one["condition"], one["outcome"]) for one in rows] == [
        ("hired", "pass"),
        ("insured", "unknown"),
    ]
    assert rows[0]["evidence"] == "EM-1"
    assert rows[1]["missing"] == "months"


def test_the_word_of_an_outcome_is_its_name():
    assert [condition(one).word for one in (FAIL, PASS, UNKNOWN)] == list(OUTCOMES)
