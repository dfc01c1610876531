"""Visits to entities: what they seek, the next visit, and the city's by a loop over its visits."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.visits import STATES, judge_visits

DATA = Path(__file__).resolve().parents[3] / "data"
ON = dt.date(2025, 6, 1)
COLUMNS = ["on", "vacancies_demanded", "next_visit_on"]


def day(text):
    return None if text is None else dt.date.fromisoformat(f"2025-{text}")


def judge(*visits, licence="verified", **more):
    employers = pd.DataFrame({"id": ["E"], "kind": ["company"], "licence": [licence]})
    rows = [(day(on), demand, day(then)) for on, demand, then in visits]
    given = pd.DataFrame(rows, columns=COLUMNS).assign(employer_id="E", purpose="survey")
    return judge_visits(employers, given, on=ON, **more)


@pytest.mark.parametrize(
    ("visits", "interval", "state", "left"),
    [
        ([], None, "never_visited", None),
        ([], 30, "never_visited", None),
        ([("07-01", 1, None)], None, "never_visited", None),
        ([("05-01", 1, None)], None, "not_planned", None),
        ([("05-01", 1, "05-31")], None, "overdue", -1),
        ([("05-01", 1, "06-01")], None, "due", 0),
        ([("05-01", 1, "06-02")], None, "planned", 1),
        ([("04-01", 1, "05-01"), ("05-02", 1, None)], None, "not_planned", None),
        ([("04-01", 1, "06-10"), ("05-02", 1, None)], None, "planned", 9),
        ([("04-01", 1, "06-10"), ("05-02", 1, "06-20")], None, "planned", 9),
        ([("05-01", 1, None)], 31, "due", 0),
        ([("05-01", 1, None)], 30, "overdue", -1),
        ([("05-01", 1, "06-02")], 1, "planned", 1),
    ],
)
def test_a_named_day_stands_until_a_visit_and_else_the_interval_counts(
    visits, interval, state, left
):
    row = judge(*visits, interval_days=interval).entities.iloc[0]
    assert row["state"] == state
    assert row["days_left"] == left if left is not None else pd.isna(row["days_left"])


def test_demand_is_what_was_said_last_and_the_next_visit_has_a_purpose():
    told = judge(("03-01", 4, None), ("05-01", None, None)).entities.iloc[0]
    assert (told["demand"], told["demand_on"]) == (4, pd.Timestamp("2025-03-01"))
    assert (told["visits"], told["last_visit_on"]) == (2, pd.Timestamp("2025-05-01"))
    assert told["days_since"] == 31
    assert told["next_purpose"] == "recruitment_guidance"
    for visits, licence, purpose in (
        ([("05-01", 0, None)], "verified", ""),
        ([("05-01", None, None)], "verified", "survey"),
        ([("05-01", 5, None)], "expired", "licence_check"),
    ):
        row = judge(*visits, licence=licence).entities.iloc[0]
        assert row["next_purpose"] == purpose


def test_visits_to_employers_that_are_not_there_are_counted_apart():
    employers = pd.DataFrame({"id": ["E"]})
    visits = pd.DataFrame({"employer_id": ["E", "X"], "on": [day("05-01")] * 2})
    told = judge_visits(employers, visits, on=ON)
    assert (told.unknown_employers, told.entities["visits"].tolist()) == (1, [1])


@pytest.fixture(scope="module")
def city():
    employers = pd.read_parquet(DATA / "employers.parquet").iloc[::10]
    visits = pd.read_parquet(DATA / "history" / "employer_visits.parquet")
    visits = visits[visits["employer_id"].isin(employers["id"])]
    return employers, visits, judge_visits(employers, visits, on=dt.date(2025, 12, 31))


def test_the_citys_visits_are_as_a_loop_over_them_says(city):
    employers, visits, found = city
    told = found.entities.set_index("employer_id")
    assert sorted(told.index) == sorted(employers["id"])
    for employer, theirs in visits.sort_values("on").groupby("employer_id"):
        rows = theirs.to_dict("records")
        row = told.loc[employer]
        assert row["last_visit_on"] == rows[-1]["on"]
        said = [one["vacancies_demanded"] for one in rows if pd.notna(one["vacancies_demanded"])]
        assert row["demand"] == said[-1] if said else pd.isna(row["demand"])
        named = [one["next_visit_on"] for one in rows if pd.notna(one["next_visit_on"])]
        open_ = [one for one in named if one > rows[-1]["on"]]
        assert row["next_visit_on"] == min(open_) if open_ else pd.isna(row["next_visit_on"])


def test_who_is_due_comes_longest_overdue_first_and_the_counts_add_up(city):
    _, _, found = city
    summary = found.summary
    assert sum(summary[state] for state in STATES) == summary["entities"]
    due = found.due
    assert len(due) == sum(summary[state] for state in STATES[:3])
    overdue = due[due["state"] == "overdue"]["days_left"]
    assert overdue.is_monotonic_increasing
    assert due["state"].tolist()[: len(overdue)] == ["overdue"] * len(overdue)


@pytest.mark.parametrize(
    ("visits", "more", "message"),
    [
        ([("05-01", -1, None)], {}, r"`visits.vacancies_demanded` must be at least 0"),
        ([(None, 1, None)], {}, r"`visits.on` must not be null"),
        ([], {"interval_days": 0}, "`interval_days` must be"),
    ],
)
def test_bad_input_is_refused(visits, more, message):
    with pytest.raises(ArgumentError, match=message):
        judge(*visits, **more)
