"""All records of some kinds as of one moment, from which whoever follows the feed begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from sqlalchemy import func, select

from geo_match.store.reading import feed
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import record_schema
from geo_match.store.schema.tables import TABLES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator

    from sqlalchemy import ClauseElement, Connection

    from geo_match.store.reading.feed import Cursor

_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class StoreSnapshot:
    """The records of some kinds at one place in the feed, read while its transaction is open.

    Parameters
    ----------
    connection
        In a reading transaction.
    cursor
        The place: applying the changes after it to these records gives those of any later one.
    committed_at
        When the last change before it was, UTC, without a zone.
    counts
        How many records there are, by kind.
    """

    connection: Connection
    cursor: Cursor
    committed_at: dt.datetime
    counts: dict[str, int]

    @classmethod
    def of(cls, connection: Connection, kinds: Collection[str]) -> Self:
        """Return the snapshot of a transaction.

        Raises
        ------
        ArgumentError
            If a kind is unknown.
        """
        for kind in kinds:
            record_schema(kind)
        now = feed.head(connection)
        counts = {
            kind: int(
                connection.execute(select(func.count()).select_from(TABLES[kind])).scalar_one()
            )
            for kind in kinds
        }
        return cls(connection, now.cursor, now.committed_at, counts)

    def records(self, kind: str) -> Iterator[dict[str, Any]]:
        """Yield the records of a kind in kept form, as the feed tells them, ordered by id."""
        names = record_schema(kind).names
        query = _statements.select_kept(self.connection, kind, names).order_by(
            _statements.by_id(self.connection, kind)
        )
        for rows in self._parts(query):
            yield from (dict(zip(names, row, strict=True)) for row in rows)

    def keys(self, kind: str) -> Iterator[str]:
        """Yield the keys of a kind's records in their own order, which says nothing of the ids."""
        key = TABLES[kind].c.key
        for rows in self._parts(select(key).order_by(key)):
            yield from (row[0] for row in rows)

    def _parts(self, query: ClauseElement) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows of a SELECT some at a time: whoever takes them slowly holds no more."""
        return _statements.fetch(self.connection, query, at_once=_AT_ONCE, in_parts=True)
