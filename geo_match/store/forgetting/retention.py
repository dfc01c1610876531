"""How far back a store knows the past: what was known before a horizon goes.

The horizon is set first, so that nobody asks for what is about to go; then changes go in small
transactions that let others write. What is known from the horizon on stays as it was: of each
record that was there then, the last change before it stays. So do erasures, which say nothing of a
person: they keep a restored backup from bringing one back. What was told of imports goes after a
day, whatever the horizon is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select, update

from geo_match.store.reading import feed, past
from geo_match.store.schema.tables import AMENDED, CHANGES, FEED
from geo_match.store.writing.imports import forget_reports

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from sqlalchemy import Connection

    from geo_match.store.database import Database

_AT_MOST: Final = 500
"""Changes that one transaction deletes: their index is spread over the file."""
_FOUND_AT_ONCE: Final = 20_000


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was forgotten.

    Parameters
    ----------
    count
        How many changes are gone.
    horizon
        The earliest place in the feed that may be asked for.
    scrubbed
        Whether the database's files are rid of them, too, as far as `Store.scrub` says. If not, it
        is to be called.
    """

    count: int
    horizon: feed.Cursor
    scrubbed: bool = False


def forget_before(
    database: Database, as_of: dt.datetime | feed.Cursor | int, *, clock: Callable[[], dt.datetime]
) -> Forgotten:
    """Delete the changes up to a place that no later question needs; one interrupted goes on.

    Parameters
    ----------
    clock
        Returns the moment, UTC, without a zone.

    Raises
    ------
    HorizonError
        If it lies before the horizon already.
    CursorError, EpochError
        If it is no place in the store's feed.
    ArgumentError
        If it is a moment without a zone, or one that is not yet past.
    """

    def set_horizon(connection: Connection) -> feed.Cursor:
        # Two who set it at once would take turns: the row is theirs until the commit.
        connection.execute(select(FEED.c.seq).with_for_update())
        forget_reports(connection, at=clock())
        return _set_horizon(
            connection, past.seq_as_of(connection, as_of, database.name, clock=clock)
        )

    horizon = database.write(set_horizon)
    count, after = 0, 0
    while True:
        with database.reading() as connection:
            found = _superseded(connection, after, horizon.seq)
        if not found:
            return Forgotten(count, horizon)
        for start in range(0, len(found), _AT_MOST):
            count += _delete(database, found[start : start + _AT_MOST])
            database.give_way()
        after = found[-1]


def _set_horizon(connection: Connection, seq: int) -> feed.Cursor:
    now = feed.head(connection)
    if seq > now.horizon:
        moment = select(CHANGES.c.committed_at).where(CHANGES.c.seq == seq).scalar_subquery()
        connection.execute(update(FEED).values(horizon=seq, horizon_at=moment))
    return feed.Cursor(now.epoch, seq)


def _superseded(connection: Connection, after: int, horizon: int) -> list[int]:
    """Return numbers of changes that are to go, in order.

    Found outside of the lock: what is written meanwhile lies after the horizon, and changes nothing
    about them. In their order, so that a removal goes after all that it removed.
    """
    later = CHANGES.alias("later")
    is_followed = (
        select(later.c.seq)
        .where(later.c.key == CHANGES.c.key)
        .where(later.c.seq > CHANGES.c.seq)
        .where(later.c.seq <= horizon)
        .exists()
    )
    query = (
        select(CHANGES.c.seq)
        .where(CHANGES.c.seq > after)
        .where(CHANGES.c.seq <= horizon)
        .where(CHANGES.c.op != "erase")
        .where((CHANGES.c.op == "remove") | is_followed)
        .order_by(CHANGES.c.seq)
        .limit(_FOUND_AT_ONCE)
    )
    return list(connection.execute(query).scalars())


def _delete(database: Database, seqs: list[int]) -> int:
    def act(connection: Connection) -> int:
        connection.execute(delete(AMENDED).where(AMENDED.c.seq.in_(seqs)))
        return connection.execute(delete(CHANGES).where(CHANGES.c.seq.in_(seqs))).rowcount

    return database.write(act)
