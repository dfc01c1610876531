"""What was told of an import, kept for a while for whoever asks once more.

Revision ID: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column."""
    op.add_column("imports", sa.Column("report", sa.Text))
