"""What an erasure leaves behind: which images it amended, and digests of the ids that are gone.

Of erasures that were made before neither is known: a blanked image does not say whose it was, and
an amended one not that it ever said more. Whoever is erased once more by the same id is known then.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the two tables, empty."""
    op.create_table(
        "amended",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=False,
        ),
    )
    op.create_table(
        "erased_ids",
        sa.Column("salt", sa.String(32), primary_key=True),
        sa.Column("digest", sa.String(32), primary_key=True),
    )
