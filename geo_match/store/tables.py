"""The tables of a store: one a kind of record, made from what its model says of its fields.

A table has the record's fields under their names, typed; `id` is its primary key. What has no type
of its own in a database is text: a list as JSON, an area as WKT. `import_id` tells which import
wrote the row last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from geo_match.records import RECORDS, Kind

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

    from geo_match.records import FieldSpec

SCHEMA_VERSION = 1
"""Number of this form of the tables, kept in the file."""
APPLICATION_ID = 0x67656F6D
"""What marks a SQLite file as a store of geo_match ("geom")."""

METADATA = MetaData()

_TYPES: dict[Kind, type[TypeEngine[Any]]] = {
    Kind.WHOLE: Integer,
    Kind.NUMBER: Float,
    Kind.LON: Float,
    Kind.LAT: Float,
    Kind.FLAG: Boolean,
    Kind.DAY: Date,
    Kind.MOMENT: DateTime,
}


def _column(spec: FieldSpec) -> Column[Any]:
    kind = _TYPES.get(spec.about.kind, Text)
    return Column(spec.name, kind(), primary_key=spec.name == "id", nullable=not spec.required)


TABLES: dict[str, Table] = {
    kind: Table(
        kind,
        METADATA,
        *(_column(spec) for spec in model.specs().values()),
        Column("import_id", Integer, nullable=False),
    )
    for kind, model in RECORDS.items()
}
"""The tables of records by their kinds."""

IMPORTS = Table(
    "imports",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("source", Text, nullable=False),
    Column("imported_at", DateTime, nullable=False),  # UTC
    Column("accepted", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("stale", Integer, nullable=False),
)
"""What was imported, when, and what became of its rows."""

GAZETTEER = Table(
    "gazetteer",
    METADATA,
    Column("position", Integer, primary_key=True),  # the file's order: it may settle ties
    Column("name", Text, nullable=False),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("accuracy_m", Float),
    Column("community", Text),
)
"""Names of places with their points, by which addresses are located."""
