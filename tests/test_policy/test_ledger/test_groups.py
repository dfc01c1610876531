"""Who belongs to which group on a day: pass, fail, and unknown where nothing tells."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.ledger import GROUPS, Timeline, groups_on
from geo_match.policy.ledger.groups import CHINESE
from geo_match.rules import FAIL, PASS, UNKNOWN

ON = dt.date(2025, 6, 1)
SEEKERS = pd.DataFrame(
    {
        "id": ["S1", "S2", "S3"],
        "groups": [["veteran", "graduate"], [], None],
        "difficulty": ["disabled", "none", None],
        "status": ["employed", "flexible", None],
    }
)


def timeline(*rows):
    return Timeline.of(pd.DataFrame(list(rows), columns=["person", "status", "start", "end"]))


def told(group, **more):
    return list(groups_on(SEEKERS, timeline(), ON, **more)[group])


def test_a_list_says_who_is_in_a_group_and_no_list_says_nothing():
    assert told("veteran") == [PASS, FAIL, UNKNOWN]
    assert told("migrant_worker") == [FAIL, FAIL, UNKNOWN]


def test_a_difficulty_is_of_a_kind_none_or_unknown():
    assert told("difficulty") == [PASS, FAIL, UNKNOWN]
    assert told("difficulty_disabled") == [PASS, FAIL, UNKNOWN]
    assert told("difficulty_older") == [FAIL, FAIL, UNKNOWN]


def test_the_ledgers_status_counts_and_the_records_own_only_without_one():
    ledger = timeline(("S1", "flexible", "2025-01-01", "2025-06-01"))
    on_the_day = groups_on(SEEKERS, ledger, ON)
    assert list(on_the_day["flexible"]) == [PASS, PASS, UNKNOWN]
    after = groups_on(SEEKERS, ledger, ON + dt.timedelta(days=1))
    assert list(after["flexible"]) == [FAIL, PASS, UNKNOWN]
    assert list(after["registered_unemployed"]) == [FAIL, FAIL, UNKNOWN]


@pytest.mark.parametrize(
    ("start", "end", "outcome"),
    [
        ("2025-06-01", None, PASS),
        ("2025-06-02", None, FAIL),
        ("2025-01-01", "2025-06-01", PASS),
        ("2025-01-01", "2025-05-31", FAIL),
        (None, None, UNKNOWN),
        (None, "2025-05-31", FAIL),
    ],
)
def test_a_dated_membership_counts_before_the_record(start, end, outcome):
    given = pd.DataFrame({"person": ["S1"], "group": ["veteran"], "start": [start], "end": [end]})
    assert told("veteran", memberships=given) == [outcome, FAIL, UNKNOWN]


def test_of_several_memberships_one_that_holds_is_enough():
    given = pd.DataFrame(
        {
            "person": "S2",
            "group": "veteran",
            "start": ["2020-01-01", "2025-01-01"],
            "end": ["2021-01-01", None],
        }
    )
    assert told("veteran", memberships=given) == [PASS, PASS, UNKNOWN]


def test_a_group_that_is_none_is_refused():
    given = pd.DataFrame({"person": ["S1"], "group": ["poets"], "start": ["2025-01-01"]})
    with pytest.raises(ArgumentError, match=r"`memberships\.group` must be one of .*'poets'"):
        told("veteran", memberships=given)


def test_every_group_has_a_column_and_a_chinese_name():
    columns = list(groups_on(SEEKERS, timeline(), ON).columns)
    assert columns == ["person", *GROUPS]
    assert set(CHINESE) == set(GROUPS)


def test_a_frame_without_the_columns_tells_nothing():
    bare = groups_on(SEEKERS[["id"]], timeline(), ON).drop(columns="person")
    assert (bare == UNKNOWN).all(axis=None)
