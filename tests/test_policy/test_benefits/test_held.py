"""How long posts were held: days that overlap count once, and the cap is reached on its day."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_match.policy.benefits.held import held_too_long
from geo_match.rules.outcome import FAIL, PASS, UNKNOWN

ON = dt.date(2024, 3, 1)


def held(*spans, on=ON, months=36):
    posts = pd.DataFrame(
        [(f"P{at}", "S", start, end) for at, (start, end) in enumerate(spans)],
        columns=["job_id", "holder", "held_from", "held_to"],
    )
    outcome, evidence = held_too_long(["S", "T"], posts, on, months=months)
    assert (outcome[1], evidence[1]) == (FAIL, ("T",))
    return outcome[0], evidence[0]


@pytest.mark.parametrize(
    ("start", "end", "on", "outcome"),
    [
        (dt.date(2021, 3, 1), None, dt.date(2024, 2, 29), FAIL),
        (dt.date(2021, 3, 1), None, dt.date(2024, 3, 1), PASS),
        (dt.date(2021, 3, 2), None, dt.date(2024, 3, 1), FAIL),
        (dt.date(2021, 3, 1), dt.date(2024, 2, 28), dt.date(2024, 3, 1), FAIL),
        (dt.date(2021, 3, 1), dt.date(2024, 2, 29), dt.date(2024, 3, 1), PASS),
        (dt.date(2024, 3, 1), None, dt.date(2024, 3, 1), FAIL),
        (dt.date(2025, 1, 1), None, dt.date(2024, 3, 1), FAIL),
    ],
)
def test_three_years_are_over_on_the_day_after_the_last(start, end, on, outcome):
    assert held((start, end), on=on)[0] == outcome


def test_a_first_day_that_is_not_known_leaves_it_unknown_unless_the_rest_is_enough():
    assert held((None, None)) == (UNKNOWN, ("S", "P0"))
    assert held((None, None), (dt.date(2020, 1, 1), None))[0] == PASS


DAYS = st.integers(0, 60).map(lambda n: dt.date(2024, 1, 1) + dt.timedelta(n))


@settings(max_examples=25)
@given(st.lists(st.tuples(DAYS, st.none() | DAYS), min_size=1, max_size=4))
def test_days_are_counted_as_a_set_of_days_is(spans):
    days = set()
    for start, end in spans:
        last = min(end or ON, ON - dt.timedelta(1))
        days |= {start + dt.timedelta(n) for n in range((last - start).days + 1)}
    # One span as long that ends with the day before is over a month long if and only if:
    start = ON - dt.timedelta(len(days))
    expected = (pd.Timestamp(start) + pd.DateOffset(months=1)).date() <= ON
    assert held(*spans, months=1)[0] == (PASS if expected else FAIL)
