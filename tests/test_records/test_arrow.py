"""The type of a field's column is the one that its model's type asks for."""

from __future__ import annotations

import datetime as dt
import types
import typing

import pyarrow as pa
import pytest

from geo_match.records import RECORDS, Kind, Member
from geo_match.records.arrow import MEMBER, type_of

ARROW = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    dt.date: pa.date32(),
    dt.datetime: pa.timestamp("s"),
    Member: MEMBER,
}


def arrow_of(annotation):
    """Return the arrow type of a type of Python, null left out."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return arrow_of(arguments[0])
    if origin in {typing.Union, types.UnionType}:
        return arrow_of(next(one for one in arguments if one is not types.NoneType))
    if origin is tuple:
        return pa.list_(arrow_of(arguments[0]))
    if origin is typing.Literal:
        return pa.string()
    return ARROW[annotation]


@pytest.mark.parametrize("kind", RECORDS)
def test_a_column_has_the_type_of_its_models_field(kind):
    model = RECORDS[kind]
    for name, spec in model.specs().items():
        assert type_of(spec.about.kind) == arrow_of(model.model_fields[name].annotation), name


def test_a_member_has_the_fields_of_its_model():
    fields = Member.model_fields
    assert [field.name for field in MEMBER] == list(fields)
    assert [field.type for field in MEMBER] == [arrow_of(one.annotation) for one in fields.values()]


def test_every_kind_has_a_type():
    assert all(isinstance(type_of(kind), pa.DataType) for kind in Kind)
