"""One record by its id: as it is, or as it was known, with the change by which it is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
from sqlalchemy import bindparam, func, select, true

from geo_match.records.holding import holds_on
from geo_match.store.reading import feed
from geo_match.store.reading._images import records_told
from geo_match.store.reading.pasts import Finder
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import from_kept, from_rows, record_schema
from geo_match.store.schema.images import PERSONS
from geo_match.store.schema.tables import AMENDED, CHANGES, FEED, TABLES
from geo_match.store.schema.values import UnusualError, typed_values

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

    from geo_match.store.database import Database
    from geo_match.store.database.driven import Driven
    from geo_match.store.reading.feed import Cursor
    from geo_match.store.reading.removals import Removals
    from geo_match.store.schema.images import Forms


@dataclass(frozen=True, slots=True)
class One:
    """A record, as of one place in the feed.

    Parameters
    ----------
    record
        Its fields, typed as `record_schema` says.
    key
        Its random name outside.
    seq
        Number of the change that made it what it is: of two reads with one number it is the same.
    cursor
        The place in the feed.
    is_amended
        Whether it said more then, and lost some fields when somebody else was erased.
    """

    record: Mapping[str, Any]
    key: str
    seq: int
    cursor: Cursor
    is_amended: bool = False


_LAST: Final = select(func.max(CHANGES.c.seq)).where(CHANGES.c.key == bindparam("of"))


def one_now(database: Database, kind: str, id_: str) -> One | None:
    """Return a record as it is now, by one statement; None if there is none.

    Whatever is not as the store writes it is left to `read_one`.
    """
    dialect = database.engine.dialect.name
    rows = database.rows(_now_text(dialect, kind), (id_,))
    if not rows:
        return None
    *row, key, last, epoch, seq = rows[0]
    try:
        record = None if last is None else typed_values(kind, row)
    except UnusualError:
        record = None
    if record is None:
        with database.reading() as connection:
            return read_one(connection, kind, id_)
    return One(record, key, int(last), feed.Cursor(epoch, int(seq)))


@lru_cache
def _now_text(dialect: str, kind: str) -> str:
    """Return the SELECT of a record by its id, its key, its last change, and where the feed is."""
    table = TABLES[kind]
    last = select(func.max(CHANGES.c.seq)).where(CHANGES.c.key == table.c.key).scalar_subquery()
    kept = _statements.select_kept_of(dialect, kind, [*record_schema(kind).names, "key"])
    query = (
        kept.add_columns(last, FEED.c.epoch, FEED.c.seq)
        .select_from(table.join(FEED, true()))
        .where(table.c.id == bindparam("of"))
    )
    return _statements.text_of(dialect, query)


def read_one(connection: Connection, kind: str, id_: str) -> One | None:
    """Return a record as it is now; None if there is none."""
    schema = record_schema(kind)
    rows = _statements.fetch_by_ids(connection, kind, [*schema.names, "key"], [id_], lock=False)
    if not rows:
        return None
    *row, key = rows[0]
    record = from_kept(from_rows([row], schema), schema).to_pylist()[0]
    return One(record, key, last_changes(connection, [key])[key], feed.head(connection).cursor)


def read_one_as_of(
    connection: Connection,
    forms: Forms,
    kind: str,
    id_: str,
    seq: int,
    *,
    removals: Removals,
    gone_too: bool,
) -> One | None:
    """Return a record as it was known after a change; None if none of this id was, or is left.

    One that is there still, and was then, is found by its key, and so is something public that was
    removed. For a person who is there no more the feed is read through.

    Parameters
    ----------
    removals
        Of the store.
    gone_too
        Whether persons are sought who are there no more.

    Raises
    ------
    StoreCorruptError
        If an image cannot be read.
    """
    forms.renew(connection)
    rows = _statements.fetch_by_ids(connection, kind, ["key"], [id_], lock=False)
    keys = {row[0] for row in rows} | removals.keys(connection, kind, id_)
    found = _last_of(connection, forms, kind, sorted(keys), seq)
    if found is None and gone_too and kind in PERSONS:
        keys = Finder(forms).keys(connection, {kind: "id"}, [id_])
        found = _last_of(connection, forms, kind, sorted(keys), seq)
    return found if found is not None and found.record["id"] == id_ else None


def holds(kind: str, one: One, on: dt.date) -> bool:
    """Return whether a record holds on a day, as `geo_match.records.holding` says."""
    schema = record_schema(kind)
    nullable = pa.schema([field.with_nullable(True) for field in schema])  # noqa: FBT003 - Arrow's
    table = pa.Table.from_pylist([dict(one.record)], schema=nullable)
    return bool(holds_on(kind, table, on)[0].as_py())


def last_changes(connection: Driven, keys: Collection[str]) -> dict[str, int]:
    """Return the number of the last change of each of some records, by their keys."""
    if len(keys) == 1:  # no statement is made anew
        (key,) = keys
        ((seq,),) = _statements.ask(connection, _LAST, of=key)
        return {} if seq is None else {key: int(seq)}
    query = (
        select(CHANGES.c.key, func.max(CHANGES.c.seq))
        .where(CHANGES.c.key.in_(list(keys)))
        .group_by(CHANGES.c.key)
    )
    return {key: int(seq) for rows in _statements.fetch(connection, query) for key, seq in rows}


def _last_of(
    connection: Connection, forms: Forms, kind: str, keys: Collection[str], seq: int
) -> One | None:
    """Return which of some records was there after a change, as it was; there is one at most."""
    if not keys:
        return None
    last = (
        select(func.max(CHANGES.c.seq).label("seq"))
        .where(CHANGES.c.key.in_(list(keys)))
        .where(CHANGES.c.seq <= seq)
        .group_by(CHANGES.c.key)
        .subquery()
    )
    query = (
        select(CHANGES.c.seq, CHANGES.c.key, CHANGES.c.form, CHANGES.c.after, AMENDED.c.seq)
        .join(last, CHANGES.c.seq == last.c.seq)
        .join(AMENDED, AMENDED.c.seq == CHANGES.c.seq, isouter=True)
        .where(CHANGES.c.op == "put")
        .where(CHANGES.c.after.is_not(None))
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    number, key, form, image, amended = row
    schema = record_schema(kind)
    record = records_told(forms, kind, [(number, form, image)], schema).to_pylist()[0]
    cursor = feed.Cursor(feed.head(connection).epoch, seq)
    return One(record, key, number, cursor, is_amended=amended is not None)
