"""The feed: every change of a store in the order of the commits, and cursors that point into it."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import orjson
from sqlalchemy import LargeBinary, bindparam, case, cast, func, null, select

from geo_match.store.errors import CursorError, EpochError, HorizonError, StoreCorruptError
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.tables import CHANGES, FEED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import ClauseElement, ColumnElement, Connection

    from geo_match.store.database import Database
    from geo_match.store.schema.images import Forms


_AT_ONCE = 500
"""Rows that are worked on at once: few enough to be in the processor's cache still."""
_MOST_DIGITS = 18
"""Of a number that a cursor's text tells: one of a BIGINT, and none that Python refuses to read."""
_MADE_AT_ONCE = 50
"""Changes that are made at once: see `made`."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the feed of one store: all changes up to `seq` have been seen.

    Of two of one epoch `seq` tells which is the earlier; those of two epochs have no order.

    Parameters
    ----------
    epoch
        Which life of the store: another one after it was restored from a backup.
    seq
        Number of a change; 0 before the first.
    """

    epoch: str
    seq: int

    def __str__(self) -> str:
        """Return it as text, as `parse` takes it."""
        return f"{self.epoch}-{self.seq}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the cursor that a text names.

        Raises
        ------
        CursorError
            If it is none.
        """
        epoch, _, seq = text.rpartition("-")
        is_number = seq.isascii() and seq.isdecimal() and len(seq) <= _MOST_DIGITS
        if not epoch.isalnum() or not is_number:
            raise CursorError("cursor", "be one that the store gave", repr(text))
        return cls(epoch, int(seq))


class Change(NamedTuple):
    """One change; a tuple, which is made several times as fast as other frozen things.

    Parameters
    ----------
    seq
        Its number: one more than that of the change before it.
    committed_at
        When, UTC, without a zone; never earlier than that of the change before it. `read(as_of=…)`
        takes it with one: `committed_at.replace(tzinfo=datetime.UTC)`.
    kind, key
        Of the record.
    op
        "put" for a record that is new or changed, "remove", or "erase".
    record
        The fields of what was put, in kept form; of a public record that was removed what it was
        last; None where it was a person's, or was erased since.
    cause, actor
        Why, and who did it.
    """

    seq: int
    committed_at: dt.datetime
    kind: str
    key: str
    op: str
    record: dict[str, Any] | None
    cause: str
    actor: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where the feed of a store stands.

    Parameters
    ----------
    epoch
        Of the store.
    seq
        Number of the last change.
    committed_at
        When that was, UTC, without a zone.
    horizon
        Changes up to this number may be gone, but for the last of each record.
    horizon_at
        When that one was committed; None if nothing is gone.
    """

    epoch: str
    seq: int
    committed_at: dt.datetime
    horizon: int
    horizon_at: dt.datetime | None

    @property
    def cursor(self) -> Cursor:
        """The place after the last change."""
        return Cursor(self.epoch, self.seq)


_HEAD: Final = select(
    FEED.c.epoch, FEED.c.seq, FEED.c.committed_at, FEED.c.horizon, FEED.c.horizon_at
)
_NEWEST: Final = (
    select(*_HEAD.selected_columns, CHANGES.c.kind, func.max(CHANGES.c.seq))
    .select_from(
        FEED.outerjoin(
            CHANGES,
            # Of a place that `check` refuses nothing is looked for.
            (CHANGES.c.seq > bindparam("after", required=False, type_=CHANGES.c.seq.type))
            & (FEED.c.epoch == bindparam("epoch", required=False))
            & (FEED.c.horizon <= bindparam("after", required=False, type_=CHANGES.c.seq.type)),
        )
    )
    .group_by(*_HEAD.selected_columns, CHANGES.c.kind)
)
_CHANGE_OF: Callable[[Iterable[Any]], Change] = partial(tuple.__new__, Change)
"""Makes a change of its values in their order; it spares the call of `Change.__new__`."""


def head(connection: Connection) -> Head:
    """Return where the feed stands, as this transaction sees it."""
    return _head_of(*_statements.ask(connection, _HEAD)[0])


def head_now(database: Database) -> Head:
    """Return where the feed stands, by one statement."""
    text = _statements.text_of(database.engine.dialect.name, _HEAD)
    return _head_of(*database.rows(text, ())[0])


def _head_of(
    epoch: str,
    seq: int,
    committed_at: str | dt.datetime,
    horizon: int,
    horizon_at: str | dt.datetime | None,
) -> Head:
    gone_at = None if horizon_at is None else _moment(horizon_at)
    return Head(epoch, seq, _moment(committed_at), horizon, gone_at)


def check(cursor: Cursor | int, now: Head, store: str) -> int:
    """Return the number of a place in the feed.

    Raises
    ------
    EpochError
        If the cursor is of another epoch.
    CursorError
        If it lies beyond the last change.
    HorizonError
        If changes after it are gone.
    """
    if isinstance(cursor, Cursor):
        if cursor.epoch != now.epoch:
            raise EpochError(
                store,
                f"be asked with a cursor of its epoch {now.epoch}",
                f"one of {cursor.epoch}",
                "It was restored from a backup, or is another store: start anew from its records.",
            )
        cursor = cursor.seq
    if not 0 <= cursor <= now.seq:
        raise CursorError(
            store, f"be asked with a cursor from 0 to {now.seq}", str(cursor), "Start anew."
        )
    if cursor < now.horizon:
        raise HorizonError(
            store,
            f"be asked for changes after {now.horizon} or later: earlier ones are gone",
            str(cursor),
            "Start anew from its records.",
        )
    return cursor


def newest(database: Database, after: Cursor) -> tuple[Head, dict[str, int]]:
    """Return where the feed stands, and which kinds changed after a place in it, by one statement.

    Returns
    -------
    tuple
        The head, and the number of the last change of each kind that has one after the place.

    Raises
    ------
    HorizonError, CursorError, EpochError
        As `check` does.
    """
    text = _statements.text_of(database.engine.dialect.name, _NEWEST)
    rows = database.rows(text, (after.seq, after.epoch, after.seq))
    now = _head_of(*rows[0][:-2])
    check(after, now, database.name)
    return now, {kind: int(last) for *_, kind, last in rows if kind is not None}


class Fetched(NamedTuple):
    """Changes as they are kept, column by column, each (n,); their images are not read yet.

    Parameters
    ----------
    seq, committed_at, kind, key, op, form, image, cause, actor
        As columns of the table; moments as the database gives them.
    """

    seq: Sequence[int]
    committed_at: Sequence[str | dt.datetime]
    kind: Sequence[str]
    key: Sequence[str]
    op: Sequence[str]
    form: Sequence[int | None]
    image: Sequence[str | bytes | None]
    cause: Sequence[str]
    actor: Sequence[str]


def read(
    connection: Connection,
    forms: Forms,
    *,
    after: int,
    most: int,
    kinds: frozenset[str] | None,
) -> Iterator[Change]:
    """Yield the changes after a number, in their order.

    Parameters
    ----------
    after
        Number of the last change that was seen.
    most
        How many numbers to go through; changes of other kinds count.
    kinds
        Those wanted; all if None.

    Raises
    ------
    StoreCorruptError
        If an image cannot be read.
    """
    for fetched in fetch(connection, forms, after=after, most=most, kinds=kinds):
        yield from made(forms, fetched)


def fetch(
    connection: Connection,
    forms: Forms,
    *,
    after: int,
    most: int,
    kinds: frozenset[str] | None,
    untold: frozenset[str] = frozenset(),
) -> Iterator[Fetched]:
    """Yield blocks of what `read` reads, for `made`, which needs no connection.

    Parameters
    ----------
    untold
        Kinds whose images are left in the database.
    """
    forms.renew(connection)
    query = _since(kinds, untold, is_file=connection.dialect.name == "sqlite")
    # Not kept under a name: an error's traceback would hold the cursor open beyond the transaction.
    for rows in _statements.fetch_again(
        connection, query, at_once=_AT_ONCE, after=after, last=after + most
    ):
        yield Fetched._make(zip(*rows, strict=True))


def made(forms: Forms, fetched: Fetched) -> Iterator[Change]:
    """Yield changes of what was fetched, in its order.

    They are made a few at a time: of many lists and dicts that are alive at once the collector of
    cycles looks at each, again and again, which takes as long as to read them.

    Raises
    ------
    StoreCorruptError
        If an image cannot be read.
    """
    # Changes of one transaction share their moment.
    moments = {at: _moment(at) for at in set(fetched.committed_at)}
    for start in range(0, len(fetched.seq), _MADE_AT_ONCE):
        few = Fetched._make(column[start : start + _MADE_AT_ONCE] for column in fetched)
        yield from map(
            _CHANGE_OF,
            zip(
                few.seq,
                map(moments.__getitem__, few.committed_at),
                few.kind,
                few.key,
                few.op,
                _records(forms, (few.seq, few.kind, few.form, few.image)),
                few.cause,
                few.actor,
                strict=True,
            ),
        )


@lru_cache
def _since(kinds: frozenset[str] | None, untold: frozenset[str], *, is_file: bool) -> ClauseElement:
    """Return the SELECT of the changes `after` a number and up to the `last`."""
    image: ColumnElement[Any] = CHANGES.c.after
    if untold:
        image = case((CHANGES.c.kind.in_(sorted(untold)), null()), else_=image)
    query = (
        select(
            CHANGES.c.seq,
            CHANGES.c.committed_at,
            CHANGES.c.kind,
            CHANGES.c.key,
            CHANGES.c.op,
            CHANGES.c.form,
            # An image is JSON, which is read from bytes: a text would be made of them, and undone.
            cast(image, LargeBinary) if is_file else image,
            CHANGES.c.cause,
            CHANGES.c.actor,
        )
        .where(CHANGES.c.seq > bindparam("after", required=False, type_=CHANGES.c.seq.type))
        .where(CHANGES.c.seq <= bindparam("last", required=False, type_=CHANGES.c.seq.type))
        .order_by(CHANGES.c.seq)
    )
    return query if kinds is None else query.where(CHANGES.c.kind.in_(sorted(kinds)))


def _moment(at: str | dt.datetime) -> dt.datetime:
    return dt.datetime.fromisoformat(at) if isinstance(at, str) else at


def _records(
    forms: Forms,
    told: tuple[Sequence[int], Sequence[str], Sequence[int | None], Sequence[str | bytes | None]],
) -> list[dict[str, Any] | None]:
    """Return what images say, None where there is none.

    Parameters
    ----------
    told
        Of each change its number, its kind, the image's form, and the image.

    Raises
    ------
    StoreCorruptError
        If there is one that cannot be read.
    """
    *_, of_form, images = told
    there = [image for image in images if image is not None]
    if len(there) == len(images) and len(set(of_form)) == 1:
        # Damage: below it is known in which row.
        with suppress(StoreCorruptError, TypeError, ValueError):
            same = forms.names(of_form[0])
            values = list(map(orjson.loads, there))
            if set(map(len, values)) == {len(same)}:  # `strict` would ask row by row
                return list(map(dict, map(zip, repeat(same), values)))
    return [_record(forms, one) for one in zip(*told, strict=True)]


def _record(
    forms: Forms, told: tuple[int, str, int | None, str | bytes | None]
) -> dict[str, Any] | None:
    """Return what the image of one change says."""
    seq, kind, form, image = told
    if image is None:
        return None
    names = forms.names(form, change=(seq, kind))
    return dict(zip(names, forms.row(form, image, names, change=(seq, kind)), strict=True))
