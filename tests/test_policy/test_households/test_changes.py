"""A late correction judges again what it touches, and says so."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.households.changes import changed_cases, changed_households
from geo_match.policy.households.report import judge_cases
from geo_match.policy.households.suspected import suspect

ON = dt.date(2025, 6, 1)


def cases(**verified):
    return judge_cases(
        pd.DataFrame(
            {
                "id": list(verified),
                "household": list(verified),
                "suspected_on": [dt.date(2025, 1, 1)] * len(verified),
                "applied_on": [dt.date(2025, 1, 2)] * len(verified),
                "verified_on": list(verified.values()),
            }
        ),
        on=ON,
    )


def test_a_case_that_is_verified_in_arrears_changes_its_clock_and_no_other_case():
    before = cases(A=None, B=dt.date(2025, 5, 20), C=None)
    after = cases(A=dt.date(2025, 3, 1), B=dt.date(2025, 5, 20), D=None)
    told = changed_cases(before, after)
    assert sorted(set(told["case"])) == ["A", "C", "D"]
    by_column = told[told["case"] == "A"].set_index("column")
    assert by_column.loc["clock"].tolist() == ["A", "not_started", "overdue"]
    assert by_column.loc["due_on"].tolist() == ["A", "", "2025-04-01"]
    assert by_column.loc["in_time"].tolist() == ["A", "unknown", "fail"]
    alone = told[told["column"] == "case"].set_index("case")
    assert alone.loc["C"].tolist() == ["case", "gone", ""]
    assert alone.loc["D"].tolist() == ["case", "", "new"]


def test_a_spell_that_comes_late_changes_what_was_suspected():
    homes = pd.DataFrame({"id": ["G", "H"], "hukou": ["urban", "urban"]})
    members = pd.DataFrame(
        {
            "household": ["G", "H"],
            "person": ["S", "T"],
            "birth_year": [1990, 1990],
            "sex": ["male", "male"],
            "status": ["unemployed", "unemployed"],
        }
    )
    late = pd.DataFrame(
        {"id": ["SP"], "person": ["T"], "status": ["employed"], "start": [ON], "end": [None]}
    )
    before = suspect(homes, members, on=ON)
    after = suspect(homes, members, on=ON, spells=late)
    told = changed_households(before, after)
    assert set(told["household"]) == {"H"}
    assert told[told["column"] == "outcome"][["before", "after"]].to_numpy().tolist() == [
        ["pass", "fail"]
    ]
    assert changed_households(before, before).empty


def test_judgements_of_two_days_are_not_compared():
    other = judge_cases(pd.DataFrame({"household": []}), on=ON + dt.timedelta(1))
    with pytest.raises(ArgumentError, match="`after` must be of the day of the first, 2025-06-01"):
        changed_cases(cases(A=None), other)
