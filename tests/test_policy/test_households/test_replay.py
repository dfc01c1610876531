"""A span of cases counted at once is that span judged day by day, by what was known on each."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_policy.test_households.plain_cases import STEPS, Hires, tally

from geo_match.errors import ArgumentError
from geo_match.policy.households.replay import replay_cases
from geo_match.policy.households.report import judge_cases

FIRST, LAST = dt.date(2025, 1, 1), dt.date(2025, 12, 31)
DAY = dt.timedelta(1)


def plain_days(frame):
    """Return a frame's rows as dictionaries: days as days, nulls as None."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [
        {
            name: value.date() if isinstance(value, pd.Timestamp) else value
            for name, value in row.items()
        }
        for row in rows
    ]


def plain_hires(employments, persons):
    forms, homes = {}, {}
    for row in plain_days(employments[["person", "hired_on", "form"]]):
        forms.setdefault((row["person"], row["hired_on"]), []).append(row["form"])
    for row in plain_days(persons[["id", "household"]].drop_duplicates()):
        homes.setdefault(row["id"], []).append(row["household"])
    return Hires(forms, homes)


@pytest.fixture(scope="module")
def year(city):
    return replay_cases(
        city.cases, first=FIRST, last=LAST, employments=city.employments, persons=city.persons
    )


def test_days_of_a_year_of_the_city_are_as_a_plain_loop_counts_them(city, year):
    hires, cases = plain_hires(city.employments, city.persons), plain_days(city.cases)
    rows = year.to_dict("records")
    for row in [*rows[::9], rows[-1]]:
        on = row.pop("on").date()
        assert row == tally(cases, hires, on, on - DAY), on


def test_the_open_cases_of_a_day_are_those_of_the_day_before_and_what_happened(year):
    change = year["begun"] + year["reopened"] - year["cleared"] - year["ended_otherwise"]
    assert (year["open"].diff() == change)[1:].all()
    assert year["cleared"].sum() > 50


def test_without_hires_the_offices_word_stands(city, year):
    told = replay_cases(city.cases, first=FIRST, last=LAST)
    hires, cases = Hires({}, {}), plain_days(city.cases)
    for row in told.iloc[::60].to_dict("records"):
        on = row.pop("on").date()
        assert row == tally(cases, hires, on, on - DAY), on
    # The three whom a traineeship "cleared" and one whom a later hire did are open longer.
    assert year["open"].iloc[-1] - told["open"].iloc[-1] == 3


BEGIN = dt.date(2025, 1, 20)
SPAN = 44
# Near each other, and on both sides of the limit of a month.
DAYS = st.none() | st.sampled_from([0, 1, 2, 3, 4, 10, 29, 31, 32, 33, 34, 40]).map(
    lambda n: BEGIN + dt.timedelta(n)
)
HOMES, PEOPLE = ["H1", "H2"], ["S1", "S2", "S3"]
CASE = st.fixed_dictionaries(
    {
        "household": st.sampled_from(HOMES),
        "cleared_by": st.none() | st.sampled_from(PEOPLE),
        "closed_reason": st.sampled_from([None, "cleared", "withdrew", "not_confirmed"]),
    }
    | dict.fromkeys(STEPS, DAYS)
)
HIRE = st.fixed_dictionaries(
    {
        "person": st.sampled_from(PEOPLE),
        "hired_on": DAYS.filter(bool),
        "form": st.sampled_from([None, "traineeship", "labour_contract", "labour_contract"]),
    }
)
LIVES = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(HOMES)), max_size=4, unique=True
)


@settings(max_examples=20)
@given(st.lists(CASE, min_size=1, max_size=4), st.lists(HIRE, max_size=5), LIVES, st.integers(0, 9))
def test_any_cases_also_contradictory_ones_are_counted_as_day_by_day(cases, hires, lives, seed):
    columns = ["household", *STEPS, "cleared_by", "closed_reason"]
    frame = pd.DataFrame(cases, columns=columns).sample(frac=1.0, random_state=seed)
    given_ = {
        "employments": pd.DataFrame(hires, columns=["person", "hired_on", "form"]),
        "persons": pd.DataFrame(lives, columns=["id", "household"]),
    }
    plain = plain_hires(*given_.values())
    last = BEGIN + dt.timedelta(SPAN)
    told = replay_cases(frame, first=BEGIN - DAY, last=last, **given_).to_dict("records")
    for row in told:
        on = row.pop("on").date()
        assert row == tally(cases, plain, on, on - DAY), on
    on = BEGIN + dt.timedelta(seed * 4)
    alone, row = judge_cases(frame, on=on, **given_).open, told[(on - BEGIN).days + 1]
    assert [len(alone), *((alone["clock"] == one).sum() for one in ("running", "overdue"))] == [
        row["open"],
        row["running"],
        row["overdue"],
    ]


def test_a_clearing_noted_later_that_clears_nothing_opens_the_case_again():
    case = {"household": "H", "suspected_on": FIRST, "applied_on": FIRST, "verified_on": FIRST}
    case |= {"closed_on": FIRST + DAY, "closed_reason": "cleared"}
    case |= {"cleared_on": FIRST + 3 * DAY, "cleared_by": "S"}
    told = replay_cases(
        pd.DataFrame([case]),
        first=FIRST,
        last=FIRST + 4 * DAY,
        employments=pd.DataFrame(
            {"person": ["S"], "hired_on": [FIRST + 3 * DAY], "form": ["traineeship"]}
        ),
        persons=pd.DataFrame({"id": ["S"], "household": ["H"]}),
    )
    assert told["open"].tolist() == [1, 0, 0, 1, 1]
    assert told["ended_otherwise"].tolist() == [0, 1, 0, 0, 0]
    assert told["reopened"].tolist() == [0, 0, 0, 1, 0]


def test_a_span_that_ends_before_it_begins_is_refused():
    with pytest.raises(ArgumentError, match="`last` must not lie before 2025-12-31"):
        replay_cases(pd.DataFrame({"household": []}), first=LAST, last=FIRST)
