"""From when to when a seeker is registered, and why no longer.

Of records from before it is not known: the columns are null, so that they count as registered, the
images keep the form that they have, and no change is told of.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns behind those that are there."""
    for name, kind in (
        ("registered_on", sa.Date()),
        ("closed_on", sa.Date()),
        ("close_reason", sa.Text()),
    ):
        op.add_column("seekers", sa.Column(name, kind))
