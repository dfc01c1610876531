"""What a seeker can do and wants: certificates, year of graduation, most hours, own radius.

Nothing is known of them in records from before: they are null, the images keep the form that they
have, and no change is told of.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns behind those that are there."""
    for name, kind in (
        ("graduation_year", sa.BigInteger()),
        ("certificates", sa.Text()),
        ("hours_max_per_week", sa.Float(53)),
        ("radius_m", sa.Float(53)),
    ):
        op.add_column("seekers", sa.Column(name, kind))
