"""Some changes in a row, as one answer tells them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.feed.lines import change_line
from geo_match.records import RECORDS
from geo_match.store import Cursor
from geo_match.store.schema.images import PERSONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from geo_match.store import Change, Store

_MOST_BYTES: Final = 4 * 1_024 * 1_024
_MOST_NUMBERS: Final = 200_000


@dataclass(frozen=True, slots=True)
class Page:
    """What one answer tells.

    Parameters
    ----------
    body
        A line a change.
    count
        How many there are.
    persons
        Keys of the persons' records that changed.
    cursor
        Where to go on.
    is_last
        Whether there was nothing after it.
    """

    body: bytes
    count: int
    persons: frozenset[str]
    cursor: Cursor
    is_last: bool


def read_page(store: Store, *, after: Cursor | None, kinds: Collection[str], limit: int) -> Page:
    """Return the changes after a place in the feed.

    They end after `limit` of them, 4 MiB of lines or 200,000 changes, those of other kinds among
    them, so that no answer takes long. Then the cursor says where to go on, even if there is no
    line.

    Parameters
    ----------
    after
        Those up to here have been seen; None for none.
    kinds
        Those wanted.
    limit
        How many changes to tell at most.

    Raises
    ------
    EpochError, CursorError, HorizonError
        If it is no place from which the feed can be followed.
    """
    now = store.head()
    seq = 0 if after is None else after.seq
    last = max(seq, min(now.seq, seq + _MOST_NUMBERS))
    lines: list[bytes] = []
    persons: set[str] = set()
    room = _MOST_BYTES
    start = Cursor(now.epoch, 0) if after is None else after
    for change in _changes(store, start, last, kinds=kinds, step=limit):
        told = change_line(change, now.epoch)
        lines.append(told)
        if change.kind in PERSONS:
            persons.add(change.key)
        room -= len(told)
        if len(lines) == limit or room <= 0:
            last = change.seq
            break
    return Page(
        b"".join(lines),
        len(lines),
        frozenset(persons),
        Cursor(now.epoch, last),
        is_last=last == now.seq,
    )


def _changes(
    store: Store, after: Cursor, last: int, *, kinds: Collection[str], step: int
) -> Iterator[Change]:
    """Yield the changes after a place and up to a number; of persons without their records.

    Parameters
    ----------
    step
        How many numbers to read at once. Of all kinds that is as many as are told; where those
        wanted are rare it grows each time.
    """
    seq = after.seq
    wanted = None if len(kinds) == len(RECORDS) else kinds  # a filter costs, even if all pass
    while True:
        yield from store.changes(
            after=Cursor(after.epoch, seq),
            kinds=wanted,
            untold=PERSONS,
            most=min(step, last - seq),
        )
        seq, step = seq + step, 2 * step
        if seq >= last:
            return
