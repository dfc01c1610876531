"""The records, what was imported, and the gazetteer: the first form of a store.

Revision ID: 0001
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# As the records were then, whatever they have become since. "!": not null.
_COLUMNS = {
    "households": (
        "id! version:whole updated_at:moment address community community_name lon:number "
        "lat:number datum location_accuracy_m:number located_by head_name hukou "
        "member_count:whole working_age_count:whole zero_employment:flag members remark"
    ),
    "seekers": (
        "id! version:whole updated_at:moment address community community_name lon:number "
        "lat:number datum location_accuracy_m:number located_by household name sex "
        "birth_year:whole registered_residence education status groups difficulty "
        "occupation occupation_version wage_floor_cny:whole shift accepts phone remark"
    ),
    "employers": (
        "id! version:whole updated_at:moment name! credit_code kind industry "
        "industry_version licence licence_verified_on:day entered_on:day phone remark"
    ),
    "sites": (
        "id! version:whole updated_at:moment address community community_name lon:number "
        "lat:number datum location_accuracy_m:number located_by employer_id name kind "
        "verified:flag remark"
    ),
    "jobs": (
        "id! version:whole updated_at:moment address community community_name lon:number "
        "lat:number datum location_accuracy_m:number located_by title! employer_id site_id "
        "site_name occupation occupation_version job_type education_min wage_low_cny:number "
        "wage_high_cny:number wage_unit hours_per_week:number shift age_min:whole "
        "age_max:whole certificate vacancies:whole filled:whole opened_on:day closed_on:day "
        "remark"
    ),
    "stations": (
        "id! version:whole updated_at:moment address community community_name lon:number "
        "lat:number datum location_accuracy_m:number located_by name kind staff:whole "
        "capacity_per_month:whole operator_id opened_on:day closed_on:day remark"
    ),
    "communities": (
        "id! version:whole updated_at:moment name! kind street_name district_name "
        "population:whole previous_code lon:number lat:number area remark"
    ),
    "spells": (
        "id! version:whole updated_at:moment person! status! start:day! end:day source "
        "verified_by verified_on:day remark"
    ),
    "services": (
        "id! version:whole updated_at:moment person! on:day! kind! station_id operator_id "
        "result job_id next_contact_on:day remark"
    ),
}
_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "text": sa.Text(),
    "whole": sa.BigInteger(),
    "number": sa.Float(53),
    "flag": sa.Boolean(),
    "day": sa.Date(),
    "moment": sa.DateTime(),
}


def upgrade() -> None:
    """Make the tables."""
    for kind, columns in _COLUMNS.items():
        op.create_table(
            kind,
            *map(_column, columns.split()),
            sa.Column("import_id", sa.Integer, nullable=False),
        )
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("imported_at", sa.DateTime, nullable=False),
        sa.Column("accepted", sa.Integer, nullable=False),
        sa.Column("unchanged", sa.Integer, nullable=False),
        sa.Column("stale", sa.Integer, nullable=False),
    )
    op.create_table(
        "gazetteer",
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("lon", sa.Float(53), nullable=False),
        sa.Column("lat", sa.Float(53), nullable=False),
        sa.Column("accuracy_m", sa.Float(53)),
        sa.Column("community", sa.Text),
    )


def _column(text: str) -> sa.Column[Any]:
    name, _, kind = text.rstrip("!").partition(":")
    return sa.Column(
        name, _TYPES[kind or "text"], primary_key=name == "id", nullable=not text.endswith("!")
    )
