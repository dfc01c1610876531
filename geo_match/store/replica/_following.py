"""The simple form of a replica: one kind's live index, kept in step by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.store.reading import feed
from geo_match.store.reading.feed import Cursor
from geo_match.store.replica._points import checked_kind, point_change, read_points
from geo_match.store.schema.images import Forms

if TYPE_CHECKING:
    from geo_match.index import LiveIndex
    from geo_match.store.reading import Reading

_AT_ONCE: Final = 5_000


def live_of(store: Reading, kind: str) -> tuple[LiveIndex, Cursor]:
    """Return a live index of a kind's points as they are now; `follow` keeps it in step.

    Returns
    -------
    tuple
        The index, and the place in the feed at which it stands, for the first `follow`.

    Raises
    ------
    ArgumentError
        If the kind has no points.
    """
    with store.database.reading() as connection:
        now = feed.head(connection).cursor
        return read_points(connection, checked_kind(kind), now.seq, None), now


def follow(store: Reading, live: LiveIndex, kind: str, *, after: Cursor) -> Cursor:
    """Apply the changes of a kind since a live index's cursor; return the place it has come to.

    Parameters
    ----------
    after
        What came with the index, or what the last call returned: by it another epoch is noticed.

    Raises
    ------
    ArgumentError
        If the kind has no points.
    HorizonError, EpochError, CursorError
        If the feed cannot be followed from there: make a new index.
    RebuildError
        If a rebuild failed. Nothing is lost; where a person was erased, `live.rebuild()` once more
        brings them out of memory.
    """
    checked_kind(kind)
    forms = None
    while True:
        with store.database.reading() as connection:
            now = feed.head(connection)
            seq = feed.check(Cursor(after.epoch, live.cursor), now, store.database.name)
            if forms is None:
                forms = Forms.of(connection)  # `feed.read` adds those of newer programs
            changes = list(
                feed.read(
                    connection,
                    forms,
                    after=seq,
                    most=_AT_ONCE,
                    kinds=frozenset({kind}),
                )
            )
        last = min(now.seq, seq + _AT_ONCE)
        live.apply(map(point_change, changes), cursor=last)
        if any(one.op == "erase" for one in changes):
            live.rebuild()
        if last == now.seq:
            return now.cursor
