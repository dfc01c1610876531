"""The table of the audit: an entry a row, only ever added to; the database itself refuses the rest.

Numbers have no gaps and moments never decrease with them, so what was taken out by somebody who
has the file, or the right to drop a trigger, leaves a gap that shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    event,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection

AUDIT_VERSION: Final = 1
"""Number of this form of the table, kept in the file."""
AUDIT_APPLICATION_ID: Final = 0x67656F61
"""What marks a SQLite file as an audit of geo_match ("geoa")."""

AUDIT_METADATA: Final = MetaData()
AUDIT: Final = Table(
    "audit",
    AUDIT_METADATA,
    # SQLite's own row number is an INTEGER and no BIGINT.
    Column(
        "number",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("noted_at", DateTime(timezone=True), nullable=False),  # UTC; SQLite keeps no zone
    Column("who", Text, CheckConstraint("who <> ''"), nullable=False),
    Column("purpose", Text, CheckConstraint("purpose <> ''"), nullable=False),
    Column("scope", Text, CheckConstraint("scope <> ''"), nullable=False),
    Column("count", BigInteger, CheckConstraint("count >= 0"), nullable=False),
)
Index("audit_noted_at", AUDIT.c.noted_at)

ENTRIES: Final = pa.schema(
    [
        pa.field("number", pa.int64(), nullable=False),
        pa.field("noted_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("who", pa.string(), nullable=False),
        pa.field("purpose", pa.string(), nullable=False),
        pa.field("scope", pa.string(), nullable=False),
        pa.field("count", pa.int64(), nullable=False),
    ]
)
"""The columns of entries that are read."""

# An INSERT OR REPLACE takes a row away without asking the trigger of DELETE: the order refuses it.
_GUARDS: Final = {
    "sqlite": (
        """
        CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END
        """,
        """
        CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END
        """,
        """
        CREATE TRIGGER audit_order BEFORE INSERT ON audit
        WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM audit)
        OR NEW.noted_at < (SELECT noted_at FROM audit ORDER BY number DESC LIMIT 1)
        BEGIN SELECT RAISE(ABORT, 'an entry has the next number and no earlier moment'); END
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the audit is only added to'; END $$
        """,
        """
        CREATE TRIGGER audit_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
        """,
        """
        CREATE FUNCTION audit_in_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM audit)
        OR NEW.noted_at < (SELECT noted_at FROM audit ORDER BY number DESC LIMIT 1)
        THEN RAISE EXCEPTION 'an entry has the next number and no earlier moment'; END IF;
        RETURN NEW; END $$
        """,
        """
        CREATE TRIGGER audit_order BEFORE INSERT ON audit
        FOR EACH ROW EXECUTE FUNCTION audit_in_order()
        """,
    ),
}


@event.listens_for(AUDIT, "after_create")
def _guard(_: Table, connection: Connection, **_about: object) -> None:
    """Have the database refuse what does not add an entry at the end."""
    for statement in _GUARDS[connection.dialect.name]:
        connection.exec_driver_sql(statement)
