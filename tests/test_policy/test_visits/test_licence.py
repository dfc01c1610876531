"""A licence: the record decides, a visit since may contradict it, none makes up for it."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.visits import judge_visits

ON = dt.date(2025, 6, 1)
EARLY, MIDDLE, LATE = dt.date(2025, 1, 1), dt.date(2025, 3, 1), dt.date(2025, 5, 1)
AFTER = dt.date(2025, 7, 1)


def told(licence, verified_on, *seen):
    employers = pd.DataFrame(
        {"id": ["E"], "licence": [licence], "licence_verified_on": [verified_on]}
    )
    visits = pd.DataFrame(list(seen), columns=["on", "licence_state"]).assign(employer_id="E")
    return judge_visits(employers, visits, on=ON)


@pytest.mark.parametrize(
    ("licence", "verified_on", "seen", "outcome"),
    [
        ("verified", MIDDLE, [], "pass"),
        ("verified", None, [], "pass"),
        ("verified", MIDDLE, [(LATE, "verified")], "pass"),
        ("verified", MIDDLE, [(LATE, "expired")], "fail"),
        ("verified", MIDDLE, [(LATE, "unverified"), (LATE, None)], "fail"),
        ("verified", MIDDLE, [(EARLY, "unverified")], "pass"),
        ("verified", MIDDLE, [(MIDDLE, "expired")], "fail"),
        ("verified", MIDDLE, [(AFTER, "expired")], "pass"),
        ("verified", ON, [], "pass"),
        ("verified", AFTER, [], "unknown"),
        ("verified", AFTER, [(EARLY, "unverified")], "fail"),
        ("unverified", None, [], "fail"),
        ("unverified", None, [(LATE, "verified")], "unknown"),
        ("unverified", None, [(EARLY, "verified"), (LATE, "expired")], "fail"),
        ("expired", MIDDLE, [(LATE, "verified")], "fail"),
        (None, None, [], "unknown"),
        (None, None, [(LATE, "verified")], "unknown"),
        (None, None, [(LATE, "expired")], "fail"),
    ],
)
def test_a_licence_is_judged_by_its_record_and_what_was_seen(licence, verified_on, seen, outcome):
    found = told(licence, verified_on, *seen)
    assert found.entities["licence_verified"].tolist() == [outcome]
    (condition,) = found.explain("E")
    assert (condition.name, condition.word) == ("licence_verified", outcome)
    assert condition.zh.endswith("。")


def test_an_unknown_state_is_refused():
    with pytest.raises(ArgumentError, match=r"`employers.licence` must be one of verified, unver"):
        told("good", None)
    with pytest.raises(ArgumentError, match=r"`visits.licence_state` must be one of verified"):
        told("verified", None, (LATE, "good"))
    with pytest.raises(ArgumentError, match="`employer_id` must be one of the entities"):
        told("verified", None).explain("E9")
