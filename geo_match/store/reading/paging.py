"""Records a page at a time, by their ids: what is written between two pages moves none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from geo_match.errors import ArgumentError
from geo_match.store.reading import feed
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import from_kept, from_rows, record_schema
from geo_match.store.schema.tables import TABLES

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlalchemy import ColumnElement, Connection

    from geo_match.store.reading.feed import Cursor

_BY_PERSON: Final = ("spells", "services")
"""Kinds that lie where the seeker lives whom they name."""


@dataclass(frozen=True, eq=False, slots=True)
class Page:
    """Some records, in the order of their ids.

    Parameters
    ----------
    records
        With all their fields.
    is_last
        Whether no record comes after them.
    total
        How many there are on all pages, at the same moment.
    cursor
        The place in the feed.
    """

    records: pa.Table
    is_last: bool
    total: int
    cursor: Cursor

    def __len__(self) -> int:
        """Return how many records there are, which is what an audit counts."""
        return int(self.records.num_rows)


def read_page(
    connection: Connection, kind: str, *, after: str, most: int, area: str | None
) -> Page:
    """Return the records whose ids come after another's.

    Parameters
    ----------
    after
        An id, of a record that is there or not; empty for the first page.
    most
        How many at most.
    area
        What the code of their community begins with; None for all. Spells and services lie where
        their person does.

    Raises
    ------
    ArgumentError
        If records of this kind lie in no community.
    """
    schema = record_schema(kind)
    name = _statements.by_id(connection, kind)
    query = _statements.select_kept(connection, kind, schema.names).where(name > after)
    count = select(func.count()).select_from(TABLES[kind])
    if area is not None:
        query, count = query.where(_lies_in(kind, area)), count.where(_lies_in(kind, area))
    query = query.order_by(name).limit(most + 1)
    rows = [row for block in _statements.fetch(connection, query) for row in block]
    return Page(
        from_kept(from_rows(rows[:most], schema), schema),
        len(rows) <= most,
        int(connection.execute(count).scalar_one()),
        feed.head(connection).cursor,
    )


def _lies_in(kind: str, area: str) -> ColumnElement[bool]:
    table = TABLES[kind]
    if kind == "communities":
        return _begins(table.c.id, area)
    if kind in _BY_PERSON:
        seekers = TABLES["seekers"]
        return table.c.person.in_(select(seekers.c.id).where(_begins(seekers.c.community, area)))
    if "community" not in table.c:
        raise ArgumentError(
            "area", "be given for records that lie in a community", f"one for {kind}"
        )
    return _begins(table.c.community, area)


def _begins(column: Any, area: str) -> ColumnElement[bool]:  # noqa: ANN401 - a column of texts
    begins: ColumnElement[bool] = func.substr(column, 1, len(area)) == area
    return begins
