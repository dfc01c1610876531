"""What was heard of somebody against what is recorded: told until something newer settles it."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geo_match.policy.ledger import RESULTS, STATUSES, Timeline, contacts, contradictions

ON = dt.date(2025, 12, 31)


def told(*services, status="registered_unemployed", since="2025-01-01", verified=None, own=None):
    """Return the result that is contradicted for the one person, None where none is."""
    spell = {"id": "A", "person": "S1", "status": status, "start": since}
    spell |= {"verified_by": "visit" if verified else None, "verified_on": verified}
    spells = pd.DataFrame([spell] if status else [], columns=list(spell))
    columns = ["id", "person", "on", "result"]
    rows = [(f"V{at}", "S1", *one) for at, one in enumerate(services)]
    found = contradictions(
        contacts(pd.DataFrame(rows, columns=columns), ON, people=["S1"]),
        Timeline.of(spells).on(ON, people=["S1"]),
        ON,
        recorded=pd.Series([own], dtype=object),
    )
    return found["result"][0]


# By hand: the status is none of work; 登记失业 and a refusal; an open registration and a removal.
WITHOUT_WORK = {"registered_unemployed", "unemployed", "studying", "incapable", "not_seeking"}
EXPECTED = {
    "employed": WITHOUT_WORK | {"under_age", None},
    "refused": {"registered_unemployed"},
    "moved_away": {*STATUSES, None},
    "wrong_number": {*STATUSES, None},
}


@pytest.mark.parametrize("result", RESULTS)
@pytest.mark.parametrize("status", [*STATUSES, None])
def test_a_result_is_told_where_the_status_cannot_stand_with_it(result, status):
    expected = result if status in EXPECTED.get(result, ()) else None
    assert told(("2025-12-01", result), status=status) == expected


@pytest.mark.parametrize(
    ("since", "verified", "settled"),
    [
        ("2025-12-01", None, False),
        ("2025-12-02", None, True),
        ("2025-01-01", "2025-12-01", False),
        ("2025-01-01", "2025-12-02", True),
    ],
)
def test_a_spell_that_began_or_was_verified_later_settles_it(since, verified, settled):
    found = told(("2025-12-01", "employed"), since=since, verified=verified)
    assert found == (None if settled else "employed")


def test_a_later_word_settles_it_and_a_call_that_nobody_answers_does_not():
    employed = ("2025-12-01", "employed")
    assert told(employed, ("2025-12-05", "willing")) is None
    assert told(employed, ("2025-12-05", "no_answer")) == "employed"
    assert told(employed, ("2025-12-05", None)) == "employed"


def test_a_number_that_rings_again_is_wrong_no_more():
    wrong = ("2025-12-01", "wrong_number")
    assert told(wrong, verified="2025-12-05") == "wrong_number"
    assert told(wrong, ("2025-12-02", "no_answer")) is None
    assert told(wrong, ("2025-12-02", "willing")) is None


def test_without_a_spell_the_persons_own_record_counts():
    employed = ("2025-12-01", "employed")
    assert told(employed, status=None, own="flexible") is None
    assert told(employed, status=None, own="unemployed") == "employed"
