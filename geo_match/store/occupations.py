"""The finer occupations as a store keeps them: replaced as a whole, the shipped ones left out.

They have no past: what they were before they were replaced is not kept, and `as_of` does not reach
them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from geo_match.store.schema.tables import OCCUPATIONS
from geo_match.taxonomy import Group, Occupations

if TYPE_CHECKING:
    from sqlalchemy import Connection

_COLUMNS = ("code", "level", "name", "parent")


def read_occupations(connection: Connection) -> Occupations:
    """Return the table that was written, or the shipped one where none was."""
    columns = [OCCUPATIONS.c[name] for name in (*_COLUMNS, "version")]
    rows = connection.execute(select(*columns).order_by(OCCUPATIONS.c.position)).all()
    if not rows:
        return Occupations()
    groups = [Group(*row[: len(_COLUMNS)]) for row in rows]
    return Occupations.finer(groups, version=rows[0].version)


def write_occupations(connection: Connection, occupations: Occupations) -> None:
    """Put this table in the stead of the one that is there."""
    connection.execute(delete(OCCUPATIONS))
    rows = [
        {**group._asdict(), "position": position, "version": occupations.version}
        for position, group in enumerate(occupations.added)
    ]
    if rows:
        connection.execute(insert(OCCUPATIONS), rows)
