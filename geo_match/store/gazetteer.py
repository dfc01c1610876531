"""The gazetteer as a store keeps it: replaced as a whole, in the order of its file.

It has no past: what it was before it was replaced is not kept, and `as_of` does not reach it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
from sqlalchemy import delete, insert, select

from geo_match.store.schema.tables import GAZETTEER

if TYPE_CHECKING:
    from sqlalchemy import Connection

SCHEMA = pa.schema(
    [
        ("name", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("accuracy_m", pa.float64()),
        ("community", pa.string()),
    ]
)
"""Its columns: names of places, their points in WGS-84, how well they are known, and where."""


def read_gazetteer(connection: Connection) -> pa.Table:
    """Return the places in their order."""
    columns = [GAZETTEER.c[name] for name in SCHEMA.names]
    rows = connection.execute(select(*columns).order_by(GAZETTEER.c.position)).mappings()
    return pa.Table.from_pylist([dict(row) for row in rows], schema=SCHEMA)


def write_gazetteer(connection: Connection, places: pa.Table) -> None:
    """Put these places in the stead of all that are there."""
    connection.execute(delete(GAZETTEER))
    rows = places.select(SCHEMA.names).cast(SCHEMA).to_pylist()
    if rows:
        connection.execute(insert(GAZETTEER), rows)
