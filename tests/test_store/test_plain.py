"""A record in kept form is told as its JSON Schema says."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_store.test_columns import values_of

from geo_match.records import RECORDS
from geo_match.store import record_schema
from geo_match.store.schema.columns import to_kept
from geo_match.store.schema.plain import to_plain


def told(kind, rows):
    """Return rows as JSON has them: of a table, into kept form and out of that."""
    schema = record_schema(kind)
    kept = to_kept(pa.Table.from_pylist(rows, schema=schema), schema)
    return [to_plain(kind, row) for row in kept.to_pylist()]


def as_json(value):
    """Return a value of Python's as JSON has it: what is compared with."""
    return value.isoformat() if isinstance(value, dt.date) else value


@pytest.mark.parametrize("kind", RECORDS)
@given(data=st.data())
def test_any_value_is_told_as_json_has_it(kind, data):
    row = {field.name: data.draw(values_of(field.type)) for field in record_schema(kind)}
    assert told(kind, [row]) == [{name: as_json(value) for name, value in row.items()}]


def test_a_record_is_told_as_its_model_writes_it():
    household = {
        "id": "H1",
        "updated_at": dt.datetime(2026, 3, 1, 8, 15),  # noqa: DTZ001 - China's clock, kept without
        "zero_employment": False,
        "members": [{"birth_year": 1980, "status": "unemployed"}],
        "located_by": "none",
    }
    (record,) = told("households", [household])
    model = RECORDS["households"].model_validate(record)
    assert model.model_dump(mode="json") == record
    assert record["updated_at"] == "2026-03-01T08:15:00"
    assert record["zero_employment"] is False


def test_what_an_older_form_has_not_is_null():
    assert to_plain("stations", {"id": "A"}) == {
        **dict.fromkeys(record_schema("stations").names),
        "id": "A",
    }
