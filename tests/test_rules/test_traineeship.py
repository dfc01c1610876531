"""Traineeships: held to every birthday and every day of graduation that the years leave open."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.errors import ArgumentError
from geo_match.rules import FAIL, PASS, TRAINEESHIP, UNKNOWN, NotInForceError, traineeship

DAY = dt.date(2025, 6, 15)
STATUSES = [None, "unemployed", "registered_unemployed", "employed", "studying"]
GROUPS = [None, [], ["graduate"], ["veteran"], ["veteran", "graduate"]]


def told(on=DAY, *, status="unemployed", groups=None, graduation_year=None, birth_year=None):
    (outcome,) = traineeship(
        status=[status],
        groups=[groups],
        graduation_year=[graduation_year],
        birth_year=[birth_year],
        on=on,
    )
    return outcome


# The oracle: truths, a pair of days at a time.


def days_of(year):
    return [dt.date(year, 1, 1) + dt.timedelta(days=at) for at in range(0, 366, 5)] + [
        dt.date(year, 12, 31)
    ]


def is_young(born, on):
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return 16 <= age <= 24


def is_recent(graduated, on):
    return (graduated.year + 2, graduated.month, graduated.day) >= (on.year, on.month, on.day)


def by_truths(status, groups, graduation_year, birth_year, on):
    jobless = {False, True} if status is None else {status in STATUSES[1:3]}
    if birth_year is None:
        young = {False, True}
    else:
        young = {is_young(day, on) for day in days_of(birth_year)}
    graduate = {False, True} if groups is None else {"graduate" in groups}
    if graduation_year is None:
        in_time = {False, True}
    else:
        in_time = {is_recent(day, on) for day in days_of(graduation_year)}
    recent = {one and other for one in graduate for other in in_time}
    truths = {a and (b or c) for a in jobless for b in recent for c in young}
    return UNKNOWN if len(truths) == 2 else PASS if True in truths else FAIL


@given(
    st.lists(
        st.tuples(
            st.sampled_from(STATUSES),
            st.sampled_from(GROUPS),
            st.none() | st.integers(2018, 2026),
            st.none() | st.integers(1996, 2011),
        ),
        max_size=8,
    ),
    st.dates(dt.date(2023, 2, 1), dt.date(2025, 11, 30)),
)
def test_the_outcome_is_that_of_all_days_that_may_be(people, on):
    # Away from the turn of the year, where 1 January alone decides and years are judged whole.
    on = on.replace(month=min(max(on.month, 2), 11))
    columns = [[one[at] for one in people] for at in range(4)]
    outcomes = traineeship(
        status=columns[0],
        groups=columns[1],
        graduation_year=columns[2],
        birth_year=columns[3],
        on=on,
    )
    assert outcomes.dtype == np.int8
    assert outcomes.tolist() == [by_truths(*one, on) for one in people]


@pytest.mark.parametrize(
    ("year", "outcome"),
    [(2026, PASS), (2025, PASS), (2024, PASS), (2023, UNKNOWN), (2022, FAIL), (None, UNKNOWN)],
)
def test_a_graduate_of_two_years_ago_may_be_one_of_too_long_ago(year, outcome):
    assert told(groups=["graduate"], graduation_year=year, birth_year=1990) == outcome


@pytest.mark.parametrize(
    ("year", "on", "outcome"),
    [
        (2010, dt.date(2025, 12, 31), FAIL),
        (2009, dt.date(2025, 1, 1), UNKNOWN),
        (2009, dt.date(2025, 12, 31), PASS),
        (2000, dt.date(2024, 12, 31), PASS),
        (2000, dt.date(2025, 1, 1), UNKNOWN),
        (2000, dt.date(2025, 12, 30), UNKNOWN),
        (2000, dt.date(2025, 12, 31), FAIL),
        (None, dt.date(2025, 12, 31), UNKNOWN),
    ],
)
def test_ages_count_from_16_to_24_inclusive(year, on, outcome):
    assert told(on, groups=[], birth_year=year) == outcome


def test_either_being_a_graduate_or_being_young_is_enough_and_neither_is_not():
    old, young = 1990, 2003
    assert told(groups=["graduate"], graduation_year=2025, birth_year=old) == PASS
    assert told(groups=[], birth_year=young) == PASS
    assert told(groups=None, birth_year=young) == PASS
    assert told(groups=[], birth_year=old) == FAIL
    assert told(groups=None, birth_year=old) == UNKNOWN
    assert told(groups=["graduate"], graduation_year=2025) == PASS


def test_nobody_who_has_work_is_a_trainee_and_unknown_work_is_unknown():
    for status, outcome in (("employed", FAIL), ("studying", FAIL), (None, UNKNOWN)):
        assert told(status=status, groups=[], birth_year=2003) == outcome
    assert told(status=None, groups=[], birth_year=1990) == FAIL


def test_columns_of_every_kind_are_judged_alike():
    status, groups = ["unemployed", None, "unemployed"], [["graduate"], None, []]
    years, born = [2025, None, None], [1990, 2003, None]
    expected = [PASS, UNKNOWN, UNKNOWN]
    for make in (
        lambda one, _: one,
        lambda one, kind: pa.chunked_array([one[:1], one[1:]], kind),
        lambda one, kind: (
            pd.Series(one, dtype=pd.ArrowDtype(kind))
            if kind != pa.list_(pa.string())
            else pd.Series(one, dtype=object)
        ),
    ):
        outcomes = traineeship(
            status=make(status, pa.string()),
            groups=make(groups, pa.list_(pa.string())),
            graduation_year=make(years, pa.int64()),
            birth_year=make(born, pa.int64()),
            on=DAY,
        )
        assert outcomes.tolist() == expected
    nothing = pa.chunked_array([pa.nulls(2)])
    assert (
        traineeship(
            status=nothing, groups=nothing, graduation_year=nothing, birth_year=nothing, on=DAY
        ).tolist()
        == [UNKNOWN] * 2
    )


def test_columns_of_other_lengths_and_years_that_are_none_are_refused():
    with pytest.raises(ArgumentError, match=r"`groups` must have as many values as `status` \(1\)"):
        traineeship(status=["x"], groups=[], graduation_year=[None], birth_year=[None], on=DAY)
    with pytest.raises(ArgumentError, match="`graduation_year` must be whole years from 1900"):
        told(groups=[], graduation_year=25)


def test_the_rule_notes_how_long_a_traineeship_lasts_and_what_is_not_known_is_refused():
    rule = TRAINEESHIP.on(DAY)
    assert (rule.value.months_min, rule.value.months_max) == (3, 12)
    assert "[M]" in rule.source
    with pytest.raises(NotInForceError, match="traineeship has an entry, got 2018-12-31"):
        told(dt.date(2018, 12, 31))
