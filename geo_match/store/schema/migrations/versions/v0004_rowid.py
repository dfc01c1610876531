"""In a SQLite file a change's number becomes the number of its row.

SQLite takes a key for a row's own number only where its type is INTEGER. As a BIGINT it had an
index of its own beside the table: one more to write, and to go through for each change that is
read.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table anew in a file; PostgreSQL has no such difference."""
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("changes") as batch:
            batch.alter_column(
                "seq", existing_type=sa.BigInteger(), type_=sa.Integer(), existing_nullable=False
            )
