"""The feed of changes: a key for each record, one counter, and what is there as first changes.

Revision ID: 0002
"""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

revision = "0002"
down_revision = "0001"

_KINDS = (
    "households",
    "seekers",
    "employers",
    "sites",
    "jobs",
    "stations",
    "communities",
    "spells",
    "services",
)
_AT_ONCE = 5_000
_CAUSE = "migration: 0002"


def upgrade() -> None:
    """Make the tables, and tell of the records that are there."""
    _make_tables()
    connection = op.get_bind()
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    seq = 0
    for kind in _KINDS:
        with op.batch_alter_table(kind) as batch:
            batch.add_column(sa.Column("key", sa.String(32)))
        table = sa.Table(kind, sa.MetaData(), autoload_with=connection)
        fields = [one.name for one in table.columns if one.name not in {"import_id", "key"}]
        # The database numbers it: PostgreSQL would not know of numbers that are given.
        form = connection.execute(
            sa.text("INSERT INTO forms (kind, fields) VALUES (:kind, :fields) RETURNING id"),
            {"kind": kind, "fields": orjson.dumps(fields).decode()},
        ).scalar_one()
        for rows in _blocks(connection, table, fields):
            keys = [secrets.token_hex(16) for _ in rows]
            connection.execute(
                table.update()
                .where(table.c.id == sa.bindparam("of"))
                .values(key=sa.bindparam("new")),
                [{"of": row[0], "new": key} for row, key in zip(rows, keys, strict=True)],
            )
            connection.execute(
                sa.text(
                    "INSERT INTO changes (seq, committed_at, kind, key, op, form, after, cause, "
                    "actor) VALUES (:seq, :at, :kind, :key, 'put', :form, :after, :cause, '')"
                ).bindparams(sa.bindparam("at", type_=sa.DateTime)),
                [
                    {
                        "seq": seq + at,
                        "at": now,
                        "kind": kind,
                        "key": key,
                        "form": form,
                        "after": orjson.dumps(row).decode(),
                        "cause": _CAUSE,
                    }
                    for at, (row, key) in enumerate(zip(rows, keys, strict=True), 1)
                ],
            )
            seq += len(rows)
        with op.batch_alter_table(kind) as batch:
            batch.alter_column("key", existing_type=sa.String(32), nullable=False)
    # What was known before is not known: with records, the past begins now. A follower may still
    # begin at 0, since all changes are there.
    connection.execute(
        sa.text(
            "INSERT INTO feed (epoch, seq, committed_at, horizon, horizon_at) "
            "VALUES (:epoch, :seq, :at, 0, :since)"
        ).bindparams(
            sa.bindparam("at", type_=sa.DateTime), sa.bindparam("since", type_=sa.DateTime)
        ),
        {"epoch": secrets.token_hex(16), "seq": seq, "at": now, "since": now if seq else None},
    )


def _make_tables() -> None:
    op.create_table(
        "feed",
        sa.Column("epoch", sa.String(32), primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("committed_at", sa.DateTime, nullable=False),
        sa.Column("horizon", sa.BigInteger, nullable=False),
        sa.Column("horizon_at", sa.DateTime),
    )
    op.create_table(
        "changes",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("committed_at", sa.DateTime, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("op", sa.String, nullable=False),
        sa.Column("form", sa.Integer),
        sa.Column("after", sa.Text),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
    )
    op.create_index("changes_key", "changes", ["key", "seq"])
    op.create_table(
        "forms",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("fields", sa.Text, nullable=False),
    )
    op.create_table(
        "restricted",
        sa.Column("key", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("form", sa.Integer),
        sa.Column("after", sa.Text),
    )
    op.create_table(
        "occupations",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("code", sa.Text, nullable=False, unique=True),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("parent", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
    )
    with op.batch_alter_table("imports") as batch:
        batch.add_column(sa.Column("finished_at", sa.DateTime))
        batch.add_column(sa.Column("digest", sa.String))
        batch.add_column(sa.Column("conflicting", sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE imports SET finished_at = imported_at")


def _blocks(
    connection: Connection, table: sa.Table, fields: list[str]
) -> Iterator[list[list[Any]]]:
    """Yield the records by blocks, as the images of changes list them, ordered by id."""
    last = ""
    while True:
        query = (
            sa.select(*(_plain(table.c[name]) for name in fields))
            .where(table.c.id > last)
            .order_by(table.c.id)
            .limit(_AT_ONCE)
        )
        rows = [list(row) for row in connection.execute(query)]
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _plain(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Return a column as SQLite keeps it: the first form of a store was in SQLite only."""
    plain = sa.Integer if isinstance(column.type, sa.Boolean) else sa.String
    if isinstance(column.type, (sa.Boolean, sa.Date, sa.DateTime)):
        return sa.type_coerce(column, plain)
    return column
