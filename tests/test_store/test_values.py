"""Values one by one become what they become in columns, or are left to these."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_store.test_columns import values_of

from geo_match.records import RECORDS
from geo_match.store import record_schema
from geo_match.store.schema.columns import from_kept, from_rows, to_kept, to_rows
from geo_match.store.schema.values import UnusualError, is_kept, kept_values, typed_values

ALL_TYPES = ("households", "jobs", "sites")
"""Together they have fields of each type."""
DOUBTFUL = [
    *("2025-01-02", "2025-02-30", "20250102", "2025-W01-1", "0001-01-01", "2025-01-02 "),
    *("2025-01-02 03:04:05.000000", "2025-01-02 03:04:05.500000", "2025-01-02T03:04:05.000000"),
    *("2025-01-02 24:00:00.000000", "2025-01-02 03:04:60.000000"),
    *("[]", '["a"]', "[null]", "[1]", "{}", "null", "[", '["a","a"]', '["\\ud800"]'),
    *('[{"birth_year":1980,"status":null}]', '[{"status":"x"}]', "[{}]", "[null]"),
    *('[{"birth_year":1980.0,"status":null}]', '[{"birth_year":true,"status":"x"}]'),
    *('[{"a":1}]', '[{"birth_year":9223372036854775808,"status":null}]', "[[]]"),
]


def as_columns_have_it(kind, kept):
    """Return a kept row typed, by columns."""
    schema = record_schema(kind)
    (record,) = from_kept(from_rows([kept], schema), schema).to_pylist()
    return record


@pytest.mark.parametrize("kind", RECORDS)
@settings(max_examples=10)
@given(data=st.data())
def test_any_record_is_kept_as_columns_keep_it_and_read_back(kind, data):
    schema = record_schema(kind)
    row = [data.draw(values_of(field.type)) for field in schema]
    table = pa.Table.from_pylist([dict(zip(schema.names, row, strict=True))], schema=schema)
    (kept,) = to_rows(to_kept(table, schema))
    assert kept_values(kind, row) == kept
    assert is_kept(kind, kept)
    assert typed_values(kind, kept) == as_columns_have_it(kind, kept)


@pytest.mark.parametrize("kind", ALL_TYPES)
@settings(max_examples=25)
@given(
    data=st.data(),
    value=st.one_of(st.sampled_from(DOUBTFUL), st.integers(), st.floats(allow_nan=False)),
)
def test_what_a_database_gives_is_read_as_columns_read_it_or_not_at_all(kind, data, value):
    names = record_schema(kind).names
    at = data.draw(st.sampled_from(range(len(names))))
    kept = [value if at == one else None for one in range(len(names))]
    try:
        found = typed_values(kind, kept)
    except UnusualError:
        return
    assert found == as_columns_have_it(kind, kept)


@pytest.mark.parametrize("text", DOUBTFUL)
@pytest.mark.parametrize(
    ("kind", "field"),
    [("households", "members"), ("households", "updated_at"), ("jobs", "opened_on")],
)
def test_a_doubtful_text_is_read_as_columns_read_it_or_not_at_all(kind, field, text):
    kept = [text if name == field else None for name in record_schema(kind).names]
    try:
        found = typed_values(kind, kept)
    except UnusualError:
        return
    assert found == as_columns_have_it(kind, kept)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("members", '[{"birth_year":1980,"status":"retired"}]'),
        ("updated_at", "2025-01-02 03:04:05.000000"),
        ("zero_employment", 1),
        ("lon", 117.5),
    ],
)
def test_what_the_store_writes_is_not_left_to_columns(field, text):
    kept = [text if name == field else None for name in record_schema("households").names]
    assert typed_values("households", kept)[field] is not None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("version", True), ("version", 1 << 63), ("version", 1.0), ("lon", 117)),
        *(("name", 1), ("name", "\ud800"), ("verified", 1), ("id", b"a")),
    ],
)
def test_a_value_of_another_type_is_left_to_columns(field, value):
    row = [value if name == field else None for name in record_schema("sites").names]
    with pytest.raises(UnusualError):
        kept_values("sites", row)


def test_a_row_of_other_types_is_not_as_the_store_writes_it():
    row = [None] * len(record_schema("sites"))
    assert is_kept("sites", row)
    row[record_schema("sites").names.index("lon")] = "117.5"
    assert not is_kept("sites", row)
