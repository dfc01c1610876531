"""What is put into a store comes out again, value by value."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_match.errors import ArgumentError
from geo_match.records import RECORDS
from geo_match.store import record_schema
from geo_match.store.schema.columns import from_kept, from_rows, to_kept, to_rows

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


def values_of(kind):
    """Return a strategy for the values of a column's type, null among them."""
    known = known_of(kind)
    return known if pa.types.is_struct(kind) else st.none() | known


def known_of(kind):
    """Return a strategy for the values of a column's type that are not null."""
    if pa.types.is_int64(kind):
        value = st.integers(-(2**63), 2**63 - 1)
    elif pa.types.is_float64(kind):
        value = st.floats(allow_nan=False, allow_infinity=False)
    elif pa.types.is_boolean(kind):
        value = st.booleans()
    elif pa.types.is_date(kind):
        value = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))
    elif pa.types.is_timestamp(kind):
        value = st.datetimes().map(lambda moment: moment.replace(microsecond=0))
    elif pa.types.is_struct(kind):
        return st.fixed_dictionaries({field.name: values_of(field.type) for field in kind})
    elif pa.types.is_list(kind):
        value = st.lists(known_of(kind.value_type), max_size=3)
    else:
        value = TEXTS
    return value


@pytest.mark.parametrize("kind", RECORDS)
@settings(max_examples=20)  # each draws some rows of up to 34 fields
@given(data=st.data())
def test_records_come_out_as_they_went_in(data, kind):
    schema = record_schema(kind)
    rows = data.draw(
        st.lists(
            st.fixed_dictionaries({field.name: values_of(field.type) for field in schema}),
            max_size=4,
        )
    )
    loose = pa.schema([field.with_nullable(nullable=True) for field in schema])
    records = pa.Table.from_pylist(rows, schema=loose)
    kept = to_kept(records, schema)
    back = from_rows(to_rows(kept), schema)
    # A float without a value is NaN on the way in, and null once a database had it.
    assert from_kept(to_kept(from_kept(back, schema), schema), schema).to_pylist() == rows


def test_equal_values_are_kept_as_equal_texts():
    schema = record_schema("households")
    one, other = (
        to_kept(pa.table({"id": ["A"], "members": [[member]]}), schema)
        for member in (
            {"birth_year": 1980, "status": "失业"},
            {"status": "失业", "birth_year": 1980},
        )
    )
    assert one.equals(other)
    assert one.column("members").to_pylist() == ['[{"birth_year":1980,"status":"失业"}]']


def test_what_is_not_there_is_null_and_what_is_not_asked_is_left_out():
    schema = record_schema("services")
    kept = to_kept(pa.table({"id": ["A"], "row": [7]}), schema)
    assert kept.column_names == schema.names
    assert kept.to_pylist() == [{**dict.fromkeys(schema.names), "id": "A"}]


def test_another_type_is_refused_with_the_column_and_both_types():
    with pytest.raises(ArgumentError, match=r"int64 in the column 'version', got string"):
        to_kept(pa.table({"id": ["A"], "version": ["two"]}), record_schema("jobs"))


def test_an_unknown_kind_is_refused_with_those_that_there_are():
    with pytest.raises(ArgumentError, match=r"`kind` must be one of households, .*, got 'people'"):
        record_schema("people")
