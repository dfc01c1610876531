"""Columns of records as they are handed over, and as a database keeps them.

`record_schema` types the columns that come in and go out. Kept are numbers, texts and 0 or 1:
days and moments as the ISO texts that SQLAlchemy's `Date` and `DateTime` read, lists as JSON. The
same value always has the same kept form, so two records are equal where their kept columns are.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo_match.errors import ArgumentError
from geo_match.records import RECORDS
from geo_match.records.arrow import type_of

if TYPE_CHECKING:
    from collections.abc import Sequence


@cache  # it never changes, and each read and write of a record asks for it
def record_schema(kind: str) -> pa.Schema:
    """Return the columns of a kind of record, in the order of its fields.

    Raises
    ------
    ArgumentError
        If there is no such kind.
    """
    model = RECORDS.get(kind)
    if model is None:
        raise ArgumentError("kind", f"be one of {', '.join(RECORDS)}", repr(kind))
    return pa.schema(
        [
            pa.field(name, type_of(spec.about.kind), nullable=not spec.required)
            for name, spec in model.specs().items()
        ]
    )


def to_kept(records: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return records in the form in which they are kept, one chunk a column.

    Parameters
    ----------
    records
        Columns of the schema, any of them missing; others are left out. Missing ones are null.
    schema
        As `record_schema` gives it.

    Raises
    ------
    ArgumentError
        If a column cannot be taken for its type without loss.
    """
    kept = [
        _to_kept(_typed(records, field).combine_chunks())
        if field.name in records.column_names
        else pa.nulls(len(records), _kept_type(field.type))
        for field in schema
    ]
    return pa.table(kept, names=schema.names)


def to_typed(records: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return the columns of a schema that records have, each of its type.

    Raises
    ------
    ArgumentError
        If a column cannot be taken for its type without loss.
    """
    there = [field for field in schema if field.name in records.column_names]
    return pa.table([_typed(records, field) for field in there], names=[one.name for one in there])


def _typed(records: pa.Table, field: pa.Field) -> pa.ChunkedArray:
    column = records.column(field.name)
    try:
        return column.cast(field.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise ArgumentError(
            "records", f"have {field.type} in the column {field.name!r}", f"{column.type} ({error})"
        ) from None


def from_kept(kept: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return kept columns as records, typed by the schema."""
    return pa.table(
        [_from_kept(kept.column(field.name).combine_chunks(), field.type) for field in schema],
        schema=pa.schema([field.with_nullable(True) for field in schema]),  # noqa: FBT003 - Arrow's
    )


def to_rows(kept: pa.Table, *, null: float | None = None) -> list[tuple[Any, ...]]:
    """Return kept columns as a database takes them, a row each.

    Parameters
    ----------
    null
        What stands for a missing value: None, or NaN for SQLite, which keeps it as null and takes
        it many times faster than None.
    """
    return list(zip(*(_values(column, null) for column in kept.columns), strict=True))


def _values(column: pa.ChunkedArray, null: float | None) -> list[Any]:
    """Return a column's values; a text that stands in it often is one object."""
    if column.null_count == len(column):
        return [null] * len(column)
    has = None
    if column.null_count:
        has = np.asarray(pc.is_valid(column))
        column = pc.fill_null(column, "" if pa.types.is_string(column.type) else 0)
    # To be an object of Python each by numpy is much faster than by Arrow's own way.
    if pa.types.is_string(column.type):
        told = column.combine_chunks().dictionary_encode()
        texts = told.dictionary.to_numpy(zero_copy_only=False)
        values = texts[told.indices.to_numpy()]
    else:
        values = column.to_numpy()
    if has is not None:
        values = values.astype(object)
        values[~has] = null
    return list(values.tolist())


def from_rows(rows: Sequence[Sequence[object]], schema: pa.Schema) -> pa.Table:
    """Return a database's rows, whose columns are those of the schema, as kept columns."""
    columns = zip(*rows, strict=True) if rows else ([] for _ in schema)
    return pa.table(
        [
            pa.array(list(column), type=_kept_type(field.type))
            for column, field in zip(columns, schema, strict=True)
        ],
        names=schema.names,
    )


def _kept_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_boolean(kind):
        return pa.int64()
    return kind if kind in {pa.int64(), pa.float64()} else pa.string()


def _to_kept(column: pa.Array) -> pa.Array:
    if pa.types.is_list(column.type):
        if column.null_count == len(column):
            return pa.nulls(len(column), pa.string())
        return pa.array(
            [None if one is None else as_json(one) for one in column.to_pylist()], type=pa.string()
        )
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("us")).cast(pa.string())  # as SQLAlchemy writes it
    if pa.types.is_floating(column.type):
        return pc.if_else(pc.is_nan(column), None, column)  # SQLite keeps a NaN as null
    return column.cast(_kept_type(column.type))


def _from_kept(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_list(kind):
        if column.null_count == len(column):
            return pa.nulls(len(column), kind)
        values = [None if one is None else json.loads(one) for one in column.to_pylist()]
        return pa.array(values, type=kind)
    if pa.types.is_timestamp(kind):
        return column.cast(pa.timestamp("us")).cast(kind, safe=False)
    return column.cast(kind)


def as_json(value: object) -> str:
    """Return a list as it is kept: equal lists always have the same text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
