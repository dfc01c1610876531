"""Records as they were known at a moment, and as they hold on a day.

`as_of` asks what was *known* then: the state after the last change that was committed by then. A
commit is dated a few milliseconds before others see it: asked about a moment that has only just
passed, the answer may yet grow. A cursor always has the same answer, but for what is erased since.
The gazetteer and the table of occupations have no past: what they were is not kept.

`on` asks what *holds* on a day: spells, opening days. Both may be asked together.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import func, select

from geo_match.errors import ArgumentError
from geo_match.records.holding import fields_of_days, holds_on
from geo_match.store.errors import HorizonError
from geo_match.store.reading import feed
from geo_match.store.reading._images import records_told
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import record_schema
from geo_match.store.schema.tables import AMENDED, CHANGES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlalchemy import Connection

    from geo_match.store.reading.feed import Cursor
    from geo_match.store.schema.images import Forms


def seq_as_of(
    connection: Connection,
    as_of: dt.datetime | Cursor | int,
    store: str,
    *,
    clock: Callable[[], dt.datetime],
) -> int:
    """Return the number of the last change that was known at a moment or cursor.

    Parameters
    ----------
    store
        Its name, for messages.
    clock
        Returns the moment, UTC, without a zone.

    Raises
    ------
    ArgumentError
        If it is neither a moment nor a place in the feed, or the moment has no zone, or none of the
        years 1 to 9999 in UTC, or lies ahead of the clock and of the last commit.
    HorizonError
        If it lies before the moment from which the store knows the past.
    CursorError, EpochError
        If it is no cursor of this store.
    """
    if isinstance(as_of, bool) or not isinstance(as_of, (dt.datetime, feed.Cursor, int)):
        raise ArgumentError(
            "as_of",
            "be a moment with a time zone (a datetime), a Cursor or the number of a change",
            repr(as_of),
            "For what was known at the end of a day in China give datetime(year, month, day, 23, "
            "59, 59, tzinfo=timezone(timedelta(hours=8))).",
        )
    now = feed.head(connection)
    if not isinstance(as_of, dt.datetime):
        return feed.check(as_of, now, store)
    if as_of.tzinfo is None:
        raise ArgumentError(
            "as_of",
            "have a time zone",
            repr(as_of),
            "China's clock is UTC+8: tzinfo=timezone(timedelta(hours=8)). Moments of the feed and "
            "of a history are UTC: committed_at.replace(tzinfo=datetime.UTC).",
        )
    try:
        moment = as_of.astimezone(dt.UTC).replace(tzinfo=None)
    except OverflowError:
        rule = "be a moment of the years 1 to 9999 in UTC, too"
        raise ArgumentError("as_of", rule, as_of.isoformat()) from None
    if moment >= now.committed_at:
        # What will be known is not known yet: answered with today, it would change later.
        if moment > now.committed_at and moment > (today := clock()):
            raise ArgumentError(
                "as_of",
                f"not lie ahead of the clock, {today} UTC",
                f"{moment} UTC",
                "Leave it out for what is known now.",
            )
        return now.seq
    if now.horizon_at is not None and moment < now.horizon_at:
        raise HorizonError(
            store,
            f"be asked for a moment from {now.horizon_at} UTC on: what was known earlier is gone",
            f"{moment} UTC",
        )
    low, high = now.horizon, now.seq  # low was committed by then, or is before all; high later
    while high - low > 1:  # moments never go back along the numbers
        middle = (low + high) // 2
        at = connection.execute(
            select(CHANGES.c.committed_at).where(CHANGES.c.seq == middle)
        ).scalar_one()
        low, high = (middle, high) if at <= moment else (low, middle)
    return low


class Past(NamedTuple):
    """Records as they were known, and what an erasure has taken from them since.

    Parameters
    ----------
    records
        By id, without those that were erased.
    missing
        How many of a kind were known then and are not there, since they were erased.
    amended
        How many of those that are there said more then: they lost some fields when another was
        erased (a household its head's name and members, a seeker the household), which are null.
    """

    records: pa.Table
    missing: int
    amended: int


def read_as_of(
    connection: Connection, forms: Forms, kind: str, seq: int, schema: pa.Schema
) -> Past:
    """Return the records of a kind after a change, and how many are erased since, or amended.

    Raises
    ------
    StoreCorruptError
        If an image cannot be read.
    """
    forms.renew(connection)
    last = (
        select(func.max(CHANGES.c.seq).label("seq"))
        .where(CHANGES.c.kind == kind)
        .where(CHANGES.c.seq <= seq)
        .group_by(CHANGES.c.key)
        .subquery()
    )
    query = (
        select(CHANGES.c.seq, CHANGES.c.form, CHANGES.c.after)
        .join(last, CHANGES.c.seq == last.c.seq)
        .where(CHANGES.c.op == "put")
    )
    missing = 0
    with_id = schema if "id" in schema.names else schema.append(pa.field("id", pa.string()))
    blocks = [records_told(forms, kind, [], with_id)]
    for rows in _statements.fetch(connection, query):
        told = [row for row in rows if row[2] is not None]
        missing += len(rows) - len(told)
        blocks.append(records_told(forms, kind, told, with_id))
    known = pa.concat_tables(blocks).combine_chunks()
    known = known.take(pc.sort_indices(known, sort_keys=[("id", "ascending")]))
    return Past(known.select(schema.names), missing, _count_amended(connection, kind, seq))


def _count_amended(connection: Connection, kind: str, seq: int) -> int:
    """Return how many of a kind's last images up to a change have lost fields to an erasure."""
    later = CHANGES.alias("later")
    is_last = (
        ~select(later.c.seq)
        .where(later.c.key == CHANGES.c.key)
        .where(later.c.seq > CHANGES.c.seq)
        .where(later.c.seq <= seq)
        .exists()
    )
    query = (
        select(func.count())
        .select_from(AMENDED.join(CHANGES, AMENDED.c.seq == CHANGES.c.seq))
        .where(CHANGES.c.kind == kind)
        .where(CHANGES.c.seq <= seq)
        .where(CHANGES.c.after.is_not(None))  # one that was erased whole later is missing
        .where(is_last)
    )
    return int(connection.execute(query).scalar_one())


def holding(kind: str, records: pa.Table, on: dt.date) -> pa.Table:
    """Return the records that hold on a day, as `geo_match.records.holding` says.

    Parameters
    ----------
    records
        With the fields that `fields_of_days` names.
    """
    return records.filter(holds_on(kind, records, on))


def with_fields(kind: str, fields: Collection[str] | None, on: dt.date | None) -> pa.Schema:
    """Return the columns to read so that a kind's records can be judged on a day."""
    schema = record_schema(kind)
    days = frozenset[str]() if on is None else fields_of_days(kind)
    wanted = None if fields is None else {*fields, *days}
    if wanted is None:
        return schema
    if unknown := sorted(set(wanted).difference(schema.names)):
        raise ArgumentError(
            "fields", f"be some of {', '.join(schema.names)}", ", ".join(map(repr, unknown))
        )
    return pa.schema([field for field in schema if field.name in wanted])
