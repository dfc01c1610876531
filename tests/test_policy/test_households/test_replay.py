"""A year of cases counted at once is that year counted day by day."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from geo_match.errors import ArgumentError
from geo_match.policy.households.replay import replay_cases
from geo_match.policy.households.report import judge_cases

FIRST, LAST = dt.date(2025, 1, 1), dt.date(2025, 12, 31)


@pytest.fixture(scope="module")
def year(city):
    return replay_cases(
        city.cases,
        first=FIRST,
        last=LAST,
        employments=city.employments,
        persons=city.persons,
    )


@pytest.mark.parametrize("day", ["2025-01-01", "2025-02-28", "2025-06-15", "2025-12-31"])
def test_a_day_of_the_year_is_as_that_day_judged_alone(city, year, day):
    on = dt.date.fromisoformat(day)
    told = judge_cases(city.cases, on=on, employments=city.employments, persons=city.persons).open
    row = year[year["on"] == day].iloc[0]
    assert row["open"] == len(told)
    assert row["running"] == (told["clock"] == "running").sum()
    assert row["overdue"] == (told["clock"] == "overdue").sum()


def test_each_day_of_a_year_is_as_a_loop_over_the_cases_counts_it(city, year):
    # Without the hires the office's word stands: the loop below reads nothing but the list.
    told = replay_cases(city.cases, first=FIRST, last=LAST)
    far = dt.date(9999, 1, 1)
    rows = []
    for suspected, verified, closed, cleared in city.cases[
        ["suspected_on", "verified_on", "closed_on", "cleared_on"]
    ].itertuples(index=False):
        end = far if pd.isna(closed) else closed.date()
        has_limit = pd.notna(verified) and verified.year >= 2022
        due = (verified + pd.DateOffset(months=1)).date() if has_limit else None
        rows.append((suspected.date(), verified, end, due, pd.notna(cleared)))
    for row in told.itertuples(index=False):
        on = row.on.date()
        open_ = [one for one in rows if one[0] <= on < one[2]]
        timed = [one for one in open_ if one[3] is not None and one[1].date() <= on]
        ended = [one for one in rows if one[2] == on]
        assert row.open == len(open_)
        assert row.overdue == sum(on > one[3] for one in timed)
        assert row.running == sum(on <= one[3] for one in timed)
        assert row.begun == sum(one[0] == on for one in rows)
        assert row.cleared == sum(one[4] for one in ended)
        assert row.ended_otherwise == sum(not one[4] for one in ended)
    # The three whom a traineeship "cleared" and one whom a later hire did are open longer.
    assert (year["open"] >= told["open"]).all()
    assert year["open"].iloc[-1] - told["open"].iloc[-1] == 3


def test_a_span_that_ends_before_it_begins_is_refused():
    with pytest.raises(ArgumentError, match="`last` must not lie before 2025-12-31"):
        replay_cases(pd.DataFrame({"household": []}), first=LAST, last=FIRST)
