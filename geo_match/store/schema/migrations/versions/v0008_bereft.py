"""From which households somebody was erased, and when: by digests of their ids.

Of earlier erasures it is told by the changes that they made in households which are there still.

Revision ID: 0008
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_CHANGES = sa.table(
    "changes",
    sa.column("committed_at", sa.DateTime),
    sa.column("kind", sa.String),
    sa.column("key", sa.String),
    sa.column("op", sa.String),
    sa.column("cause", sa.Text),
)
_HOMES = sa.table("households", sa.column("id", sa.Text), sa.column("key", sa.String))
_SALTS = sa.table("erased_ids", sa.column("salt", sa.String))


def upgrade() -> None:
    """Make the table, and fill it with what is known."""
    bereft = op.create_table(
        "bereft",
        sa.Column("salt", sa.String(32), primary_key=True),
        sa.Column("digest", sa.String(32), primary_key=True),
        sa.Column("erased_at", sa.DateTime, nullable=False),
    )
    connection = op.get_bind()
    salt = connection.execute(sa.select(sa.func.min(_SALTS.c.salt))).scalar()
    if salt is None:
        return
    lost = (
        sa.select(_HOMES.c.id, sa.func.max(_CHANGES.c.committed_at))
        .join(_CHANGES, _CHANGES.c.key == _HOMES.c.key)
        .where(_CHANGES.c.kind == "households")
        .where(_CHANGES.c.op == "put")
        .where(_CHANGES.c.cause.startswith("erasure: "))
        .group_by(_HOMES.c.id)
    )
    rows = [
        {"salt": salt, "digest": _digest(salt, id_), "erased_at": moment}
        for id_, moment in connection.execute(lost)
    ]
    if rows:
        connection.execute(bereft.insert(), rows)


def _digest(salt: str, id_: str) -> str:
    """Return the digest of a household's id, as form 0005 has those of the erased."""
    told = f"households\0{id_}".encode()
    return hashlib.blake2b(told, key=bytes.fromhex(salt), digest_size=16).hexdigest()
