"""The tables of a store: one a kind of record, the feed of changes, and what a store knows beside.

A table of records has their fields under their names, typed; `id` is its primary key. What has no
type of its own in a database is text: a list as JSON, an area as WKT. `key` is the record's random
name outside, `import_id` tells which import wrote it last (0 for none).

The tables are made, and brought to this form, by the migrations in
`geo_match.store.schema.migrations`; a test holds that these two say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Index,
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

APPLICATION_ID = 0x67656F6D
"""What marks a SQLite file as a store of geo_match ("geom")."""
KEY_LENGTH = 32
"""Characters of a record's key: 128 random bits, hexadecimal."""

METADATA = MetaData()

_DOUBLE = Float(53)  # bits: a Float of PostgreSQL has 24 if nothing is said
_TEXT = Text()
_NUMBER = BigInteger().with_variant(Integer(), "sqlite")
"""A change's number; SQLite keeps a table in the order of its key only if that is an INTEGER."""
_TYPES: dict[Kind, TypeEngine[Any]] = {
    Kind.WHOLE: BigInteger(),
    Kind.NUMBER: _DOUBLE,
    Kind.LON: _DOUBLE,
    Kind.LAT: _DOUBLE,
    Kind.FLAG: Boolean(),
    Kind.DAY: Date(),
    Kind.MOMENT: DateTime(),
}


def _column(spec: FieldSpec) -> Column[Any]:
    kind = _TYPES.get(spec.about.kind, _TEXT)
    return Column(spec.name, kind, primary_key=spec.name == "id", nullable=not spec.required)


TABLES: dict[str, Table] = {
    kind: Table(
        kind,
        METADATA,
        *(_column(spec) for spec in model.specs().values()),
        Column("import_id", Integer, nullable=False),
        Column("key", String(KEY_LENGTH), nullable=False),
    )
    for kind, model in RECORDS.items()
}
"""The tables of records by their kinds."""

FEED = Table(
    "feed",
    METADATA,
    Column("epoch", String(KEY_LENGTH), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("committed_at", DateTime, nullable=False),
    Column("horizon", BigInteger, nullable=False),
    Column("horizon_at", DateTime),
)
"""One row: the number of the last change, when it was committed (UTC), and how far back the feed
reaches: changes up to `horizon` may be gone. The epoch is another one after a backup is restored.
"""

CHANGES = Table(
    "changes",
    METADATA,
    Column("seq", _NUMBER, primary_key=True, autoincrement=False),
    Column("committed_at", DateTime, nullable=False),
    Column("kind", String, nullable=False),
    Column("key", String(KEY_LENGTH), nullable=False),
    Column("op", String, nullable=False),
    Column("form", Integer),
    Column("after", Text),
    Column("cause", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Index("changes_key", "key", "seq"),  # finds a record by its key, too
)
"""Every change in the order of the commits. `after` is the record as it was then, a JSON list of
the fields of its `form`; of a removal of something public what it was last; null where it was
erased."""

AMENDED = Table(
    "amended",
    METADATA,
    Column("seq", _NUMBER, primary_key=True, autoincrement=False),
)
"""Numbers of changes whose image lost some of its fields when somebody was erased: what is left of
it does not show that anything else was there. (One that was blanked whole is null.)"""

FORMS = Table(
    "forms",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("fields", Text, nullable=False),
)
"""Which fields the images of `changes` list, a JSON list of names."""

IMPORTS = Table(
    "imports",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("source", Text, nullable=False),
    Column("imported_at", DateTime, nullable=False),  # UTC
    Column("finished_at", DateTime),
    Column("digest", String),
    Column("accepted", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("stale", Integer, nullable=False),
    Column("conflicting", Integer, nullable=False, server_default="0"),
    Column("report", Text),
)
"""What was imported, when, and what became of its rows; unfinished ones may be resumed. Among the
conflicting ones are those that would break a rule beside the kept record. `report` is what was told
of one that may be asked for once more; it is kept for a while."""

GAZETTEER = Table(
    "gazetteer",
    METADATA,
    Column("position", Integer, primary_key=True),  # the file's order: it may settle ties
    Column("name", Text, nullable=False),
    Column("lon", Float(53), nullable=False),
    Column("lat", Float(53), nullable=False),
    Column("accuracy_m", Float(53)),
    Column("community", Text),
)
"""Names of places with their points, by which addresses are located."""

RESTRICTED = Table(
    "restricted",
    METADATA,
    Column("key", String(KEY_LENGTH), primary_key=True),
    Column("kind", String, nullable=False),
    Column("until", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("form", Integer),
    Column("after", Text),
)
"""Records that must be kept until a date though the person was erased: evidence of a paid claim.
Before the erasure `after` is null, and the record stands in its own table."""

ERASED_IDS = Table(
    "erased_ids",
    METADATA,
    Column("salt", String(KEY_LENGTH), primary_key=True),
    Column("digest", String(KEY_LENGTH), primary_key=True),
)
"""Digests of the ids of persons and households that were erased, by which a list that brings one
back is noticed. The salt is the key of the digest; there are several after a restore."""

BEREFT = Table(
    "bereft",
    METADATA,
    Column("salt", String(KEY_LENGTH), primary_key=True),
    Column("digest", String(KEY_LENGTH), primary_key=True),
    Column("erased_at", DateTime, nullable=False),
)
"""Digests of the ids of households, by the salts of `ERASED_IDS`, and when a person was erased last
whose home it was said to be, UTC. Which one is not kept."""

OCCUPATIONS = Table(
    "occupations",
    METADATA,
    Column("position", Integer, primary_key=True),  # the file's order
    Column("code", Text, nullable=False, unique=True),
    Column("level", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("parent", Text, nullable=False),  # empty at level 1
    Column("version", Text, nullable=False),  # the same in every row
)
"""Groups of occupations beyond those that are shipped, by which codes are named and checked."""

API_KEYS = Table(
    "api_keys",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("role", String, nullable=False),
    Column("label", Text, nullable=False),
    Column("community", String),
    Column("hash", String(64), nullable=False),
    Column("created_at", DateTime, nullable=False),  # UTC, as all moments here
    Column("expires_at", DateTime),
    Column("revoked_at", DateTime),
)
"""Keys of those who ask from outside; of each secret a hash. They are no records: the feed never
tells of them."""

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("key_id", String(16), nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False),
)
"""Sessions that pages have opened with keys; of each secret a hash."""
