"""Who worked on a day, by spells: a function of the day, whatever order the records come in."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_match.errors import ArgumentError
from geo_match.policy.households.status import work_on
from geo_match.policy.ledger import STATUSES, Timeline
from geo_match.rules.outcome import FAIL, PASS, UNKNOWN

FIRST = dt.date(2024, 2, 26)
ON = dt.date(2024, 2, 29)
DAYS = st.integers(0, 6).map(lambda n: FIRST + dt.timedelta(n))
SOURCES = ("self", "survey", "employer", "platform_export")
SPELL = st.tuples(
    st.sampled_from([f"P{n}" for n in range(9)]),
    st.sampled_from(STATUSES),
    DAYS,
    st.none() | DAYS,
    st.none() | st.sampled_from(SOURCES),
    st.booleans(),
)


def frame(rows):
    columns = ["id", "person", "status", "start", "end", "source"]
    filled = [(f"SP{at}", *row, *[None] * (5 - len(row))) for at, row in enumerate(rows)]
    return pd.DataFrame(filled, columns=columns)


def told(rows, **more):
    given_ = frame(rows)
    return work_on(given_, on=ON, **more).set_index("person")


def plainly(rows, trainees, on):
    """Judge each person by a loop over the spells, sharing no code with the module.

    As the ledger has it: the spell that began last counts, then by source, then the one that ends
    last, then by status and by id.
    """
    found = {}
    for person in {row[0] for row in rows}:
        covering = [
            (
                start,
                -1 if source is None else SOURCES.index(source),
                end or dt.date.max,
                STATUSES.index(status),
                f"SP{at}",
            )
            for at, (who, status, start, end, source) in enumerate(rows)
            if who == person and start <= on and (end is None or on <= end)
        ]
        if not covering:
            found[person] = [UNKNOWN, UNKNOWN, ()]
            continue
        *_, kind, spell = max(covering)
        trainee, status = spell in trainees, STATUSES[kind]
        works = not trainee and status in {"employed", "flexible"}
        jobless = trainee or status in {"registered_unemployed", "unemployed"}
        found[person] = [PASS if works else FAIL, PASS if jobless else FAIL, (spell,)]
    return found


@settings(max_examples=15)  # each of several persons
@given(st.lists(SPELL, max_size=24), st.integers(0, 9))
def test_work_on_a_day_is_what_a_loop_says_in_any_order_of_arrival(drawn, seed):
    rows = [row[:5] for row in drawn]
    trainees = {f"SP{at}" for at, row in enumerate(drawn) if row[5]}
    hires = pd.DataFrame(
        {"spell": list(trainees), "form": ["traineeship"] * len(trainees)}, dtype=object
    )
    spells = frame(rows)
    shuffled = spells.sample(frac=1.0, random_state=seed)
    first = work_on(spells, on=ON, employments=hires)
    again = work_on(shuffled, on=ON, employments=hires)
    pd.testing.assert_frame_equal(first, again)
    assert {p: [w, u, e] for p, w, u, e in first.itertuples(index=False)} == plainly(
        rows, trainees, ON
    )


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


def test_of_spells_that_disagree_the_ledgers_one_counts_and_is_the_evidence():
    later = ("P", "registered_unemployed", FIRST + dt.timedelta(1), None)
    forgotten = ("P", "employed", FIRST, None)
    row = told([later, forgotten]).loc["P"]
    assert (row["works"], row["unemployed"], row["evidence"]) == (FAIL, PASS, ("SP0",))
    now = Timeline.of(frame([later, forgotten])).at(["P"], ON)
    assert list(now) == ["registered_unemployed"]


def test_a_traineeship_that_no_longer_counts_says_nothing():
    hires = pd.DataFrame({"spell": ["SP0"], "form": ["traineeship"]})
    rows = [("P", "employed", FIRST, None), ("P", "employed", ON, None)]
    row = told(rows, employments=hires).loc["P"]
    assert (row["works"], row["evidence"]) == (PASS, ("SP1",))


def test_a_trainee_is_unemployed_still():
    hires = pd.DataFrame({"spell": ["SP0"], "form": ["traineeship"]})
    row = told([("P", "employed", FIRST, None)], employments=hires).loc["P"]
    assert (row["works"], row["unemployed"]) == (FAIL, PASS)


def test_an_unknown_status_and_a_spell_without_a_start_are_refused():
    with pytest.raises(ArgumentError, match=r"`spells.status` must be one of employed"):
        told([("P", "idle", FIRST, None)])
    with pytest.raises(ArgumentError, match=r"`spells.start` must not be null"):
        told([("P", "employed", None, None)])
