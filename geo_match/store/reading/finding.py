"""A few records by their ids or their keys, without reading the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from sqlalchemy import select

from geo_match.store.reading import feed
from geo_match.store.reading._images import records_told
from geo_match.store.reading.past import with_fields
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import from_kept, from_rows
from geo_match.store.schema.images import Forms
from geo_match.store.schema.tables import CHANGES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from geo_match.store.reading.feed import Cursor

_AT_ONCE: Final = 500
"""Names in one query: SQLite takes 32,766 values, and whoever asks for more reads all."""


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """Records that were looked for, all as of one moment.

    Parameters
    ----------
    records
        Those that are there, by id: `id`, and the fields that were asked for.
    keys
        The key of each, in their order.
    cursor
        The place in the feed.
    """

    records: pa.Table
    keys: list[str]
    cursor: Cursor

    def __len__(self) -> int:
        """Return how many records there are, which is what an audit counts."""
        return len(self.keys)


def find(
    connection: Connection, kind: str, ids: Iterable[str], fields: Collection[str] | None
) -> Found:
    """Return the records of some ids; those that are not there are passed over.

    Parameters
    ----------
    connection
        In a reading transaction.
    fields
        Those wanted beside `id`; all if None.
    """
    schema = with_fields(kind, None if fields is None else {"id", *fields}, None)
    rows = [
        row
        for some in _parts(ids)
        for row in _statements.fetch_by_ids(
            connection, kind, [*schema.names, "key"], some, lock=False
        )
    ]
    at = schema.names.index("id")
    rows.sort(key=lambda row: str(row[at]))
    records = from_kept(from_rows([row[:-1] for row in rows], schema), schema)
    return Found(records, [row[-1] for row in rows], feed.head(connection).cursor)


def find_by_keys(
    connection: Connection, kind: str, keys: Iterable[str], fields: Collection[str] | None
) -> Found:
    """Return the records of some keys, as `find` does."""
    wanted = frozenset(keys)
    found = find(connection, kind, _last_ids(connection, kind, wanted).values(), fields)
    # An id that was given again after a removal has another key now.
    at = [place for place, key in enumerate(found.keys) if key in wanted]
    return Found(
        found.records.take(pa.array(at, pa.int64())),
        [found.keys[place] for place in at],
        found.cursor,
    )


def find_keys(
    connection: Connection, kind: str, ids: Iterable[str], since: int | None
) -> dict[str, str]:
    """Return the keys of the records of some ids, by id.

    Parameters
    ----------
    since
        Number of a change: the records that were removed after it count too; None for none of
        them.
    """
    asked = frozenset(ids)
    found: dict[str, str] = {}
    for some in _parts(asked):
        rows = _statements.fetch_by_ids(connection, kind, ["id", "key"], some, lock=False)
        found |= dict(rows)
    lost = asked - found.keys()
    if since is not None and lost:
        removed = (
            select(CHANGES.c.key)
            .where(CHANGES.c.seq > since, CHANGES.c.kind == kind, CHANGES.c.op == "remove")
            .order_by(CHANGES.c.seq)
        )
        keys = [key for rows in _statements.fetch(connection, removed) for (key,) in rows]
        ids_of = _last_ids(connection, kind, keys)
        # Of an id that was given again, and removed again, the last.
        found |= {ids_of[key]: key for key in keys if ids_of.get(key) in lost}
    return found


def _last_ids(connection: Connection, kind: str, keys: Iterable[str]) -> dict[str, str]:
    """Return the id that the record of each key had last, by key; of those that were erased none.

    The feed has an index by key; tables of records have none.
    """
    last: dict[str, tuple[int, int | None, str]] = {}
    for some in _parts(keys):
        query = (
            select(CHANGES.c.key, CHANGES.c.seq, CHANGES.c.form, CHANGES.c.after)
            .where(CHANGES.c.key.in_(some), CHANGES.c.kind == kind, CHANGES.c.after.is_not(None))
            .order_by(CHANGES.c.seq)
        )
        for rows in _statements.fetch(connection, query):
            last |= {key: (seq, form, image) for key, seq, form, image in rows}
    only_ids = with_fields(kind, ("id",), None)
    told = records_told(Forms.of(connection), kind, list(last.values()), only_ids)
    return dict(zip(last, told.column("id").to_pylist(), strict=True))


def _parts(names: Iterable[str]) -> Iterator[Sequence[str]]:
    different = sorted(set(names))
    for start in range(0, len(different), _AT_ONCE):
        yield different[start : start + _AT_ONCE]
