"""What holds on a day: held against the rule said once more, row by row."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.errors import ArgumentError
from geo_match.records import RECORDS
from geo_match.records.holding import fields_of_days, holds_on

DAY = dt.date(2025, 3, 1)
DAYS = st.none() | st.integers(-2, 2).map(lambda n: DAY + dt.timedelta(n))
BOUNDS = {
    "seekers": ("registered_on", None, "closed_on"),
    "jobs": ("opened_on", None, "closed_on"),
    "stations": ("opened_on", None, "closed_on"),
    "spells": ("start", "end", None),
    "services": ("on", "on", None),
    "employers": ("entered_on", None, None),
}
"""Of each kind that has days the first, the last, and the one from which it is over."""


def holds(row, first, last, until):
    """Return whether a row holds; a day that is not stated is no bound."""
    begun = row.get(first) is None or row[first] <= DAY
    lasts = row.get(last) is None or row[last] >= DAY
    ends_later = row.get(until) is None or row[until] > DAY
    return begun and lasts and ends_later


@pytest.mark.parametrize("kind", BOUNDS)
@given(data=st.data())
def test_a_record_holds_from_its_first_day_until_it_ends(kind, data):
    names = sorted({name for name in BOUNDS[kind] if name is not None})
    there = data.draw(st.sets(st.sampled_from(names)))
    rows = data.draw(st.lists(st.fixed_dictionaries(dict.fromkeys(sorted(there), DAYS))))
    schema = pa.schema([("id", pa.string()), *((name, pa.date32()) for name in sorted(there))])
    table = pa.Table.from_pylist([{"id": "x", **row} for row in rows], schema=schema)
    assert holds_on(kind, table, DAY).to_pylist() == [holds(row, *BOUNDS[kind]) for row in rows]
    assert fields_of_days(kind) == set(names)


@pytest.mark.parametrize("kind", sorted(set(RECORDS) - set(BOUNDS)))
def test_a_kind_without_days_holds_on_each(kind):
    assert fields_of_days(kind) == frozenset()
    assert holds_on(kind, pa.table({"id": ["a", "b"]}), DAY).to_pylist() == [True, True]


def test_a_kind_that_is_not_there_is_refused():
    with pytest.raises(ArgumentError, match="`kind` must be one of households"):
        holds_on("people", pa.table({"id": ["a"]}), DAY)
