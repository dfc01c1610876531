"""Who worked on a day, by spells: a function of the day, whatever order the records come in."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_match.errors import ArgumentError
from geo_match.policy.households.status import STATUSES, work_on
from geo_match.rules.outcome import FAIL, PASS, UNKNOWN

FIRST = dt.date(2024, 2, 26)
ON = dt.date(2024, 2, 29)
DAYS = st.integers(0, 6).map(lambda n: FIRST + dt.timedelta(n))
SPELL = st.tuples(
    st.sampled_from([f"P{n}" for n in range(9)]),
    st.sampled_from(STATUSES),
    DAYS,
    st.none() | DAYS,
    st.booleans(),
)


def frame(rows):
    columns = ["id", "person", "status", "start", "end"]
    return pd.DataFrame([(f"SP{i}", *row) for i, row in enumerate(rows)], columns=columns)


def told(rows, **more):
    given_ = frame(rows)
    return work_on(given_, on=ON, **more).set_index("person")


def plainly(rows, trainees, on):
    """Judge each person by a loop over the spells, sharing no code with the module."""
    found = {}
    for person in {row[0] for row in rows}:
        kinds = set()
        for at, (who, status, start, end) in enumerate(rows):
            if who == person and start <= on and (end is None or on <= end):
                if at in trainees:
                    kinds.add("jobless")
                elif status in {"employed", "flexible"}:
                    kinds.add("works")
                elif status in {"registered_unemployed", "unemployed"}:
                    kinds.add("jobless")
                else:
                    kinds.add("neither")
        found[person] = [
            UNKNOWN if not kinds else PASS if kinds == {one} else UNKNOWN if one in kinds else FAIL
            for one in ("works", "jobless")
        ]
    return found


@settings(max_examples=15)  # each of several persons
@given(st.lists(SPELL, max_size=24), st.integers(0, 9))
def test_status_on_a_day_is_what_a_loop_says_in_any_order_of_arrival(drawn, seed):
    rows = [row[:4] for row in drawn]
    trainees = {at for at, row in enumerate(drawn) if row[4]}
    hires = pd.DataFrame(
        {"spell": [f"SP{at}" for at in trainees], "form": ["traineeship"] * len(trainees)},
        dtype=object,
    )
    spells = frame(rows)
    shuffled = spells.sample(frac=1.0, random_state=seed)
    first = work_on(spells, on=ON, employments=hires)
    again = work_on(shuffled, on=ON, employments=hires)
    columns = ["person", "works", "unemployed"]
    pd.testing.assert_frame_equal(first[columns], again[columns])
    expected = plainly(rows, trainees, ON)
    assert {p: [w, u] for p, w, u in first[columns].itertuples(index=False)} == expected


@pytest.mark.parametrize(
    ("start", "end", "works"),
    [
        (ON, ON, PASS),
        (ON, None, PASS),
        (ON - dt.timedelta(1), ON - dt.timedelta(1), UNKNOWN),
        (ON + dt.timedelta(1), None, UNKNOWN),
        (ON + dt.timedelta(1), ON - dt.timedelta(1), UNKNOWN),
    ],
)
def test_a_spell_covers_its_first_and_last_day_and_none_if_it_ends_before(start, end, works):
    assert told([("P", "employed", start, end)])["works"]["P"] == works


def test_spells_that_disagree_leave_it_unknown_and_both_are_the_evidence():
    row = told([("P", "employed", FIRST, None), ("P", "retired", FIRST, ON)]).loc["P"]
    assert (row["works"], row["unemployed"]) == (UNKNOWN, FAIL)
    assert row["evidence"] == ("SP0", "SP1")


def test_employed_and_flexible_at_once_is_work():
    assert (
        told([("P", "employed", FIRST, None), ("P", "flexible", FIRST, None)])["works"]["P"] == PASS
    )


def test_a_trainee_is_unemployed_still():
    hires = pd.DataFrame({"spell": ["SP0"], "form": ["traineeship"]})
    row = told([("P", "employed", FIRST, None)], employments=hires).loc["P"]
    assert (row["works"], row["unemployed"]) == (FAIL, PASS)


def test_an_unknown_status_and_a_spell_without_a_start_are_refused():
    with pytest.raises(ArgumentError, match=r"`spells.status` must be one of employed"):
        told([("P", "idle", FIRST, None)])
    with pytest.raises(ArgumentError, match=r"`spells.start` must not be null"):
        told([("P", "employed", None, None)])
