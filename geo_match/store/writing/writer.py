"""One writing transaction: records that are put and removed, and the changes that tell of them.

The last act raises the counter by the number of changes; they get these numbers. PostgreSQL keeps
the counter's row locked until the commit, SQLite the whole file: so the numbers follow the order of
the commits, without gaps, and a reader that sees one sees all before it. The moment is read once
the counter is ours, however long that took: what is left until others see the changes is the time
in which at most some hundred rows are written and the disk has them, milliseconds.
"""

from __future__ import annotations

import datetime as dt
import secrets
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, update

from geo_match.store.errors import StoreClockError
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.images import PERSONS, images_of
from geo_match.store.schema.tables import CHANGES, FEED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from geo_match.store.schema.images import Forms

CLOCK_TOLERANCE_S: Final = 300.0
"""How far a clock may go back, seconds, before writing is refused; until then time stands still."""
# Shared by the keys of a transaction, so that they are neighbours in an index.
_KEY_START_BYTES = 6
_KEY_END_BYTES = 10
_COLUMNS: Final = tuple(column.name for column in CHANGES.columns)
_RAISE: Final = (
    update(FEED)
    .values(seq=FEED.c.seq + bindparam("n", type_=FEED.c.seq.type))
    .returning(FEED.c.seq, FEED.c.committed_at)
)
"""Raises the counter by `n`, once no other writer has it; returns the last commit's moment, too."""
_DATE: Final = update(FEED).values(committed_at=bindparam("moment", type_=FEED.c.committed_at.type))


class _Told(NamedTuple):
    """Changes of one kind that the transaction will tell of, as `CHANGES` has them."""

    kind: str
    keys: Sequence[str]
    op: str
    form: int | None
    images: Sequence[str | None]


class Writer:
    """What one transaction writes.

    Parameters
    ----------
    connection
        In a writing transaction.
    name
        Of the store, for messages.
    forms
        Of its images.
    clock
        Returns the moment, UTC, without a zone.
    cause, actor
        Why, and who does it: kept with each change.
    """

    def __init__(
        self,
        connection: Connection,
        name: str,
        forms: Forms,
        clock: Callable[[], dt.datetime],
        *,
        cause: str,
        actor: str,
    ) -> None:
        self.connection = connection
        self._name = name
        self._forms = forms
        self._clock = clock
        self._cause = cause
        self._actor = actor
        self._key_start = secrets.token_hex(_KEY_START_BYTES)
        self._told: list[_Told] = []

    def put(
        self, kind: str, rows: Sequence[tuple[Any, ...]], keys: Sequence[str | None], import_id: int
    ) -> None:
        """Write records, new ones and those that replace another.

        Parameters
        ----------
        rows
            The fields of each in kept form; NaN may stand for null in a SQLite file.
        keys
            The key of the record that each replaces; None for a new one.
        import_id
            Which import brings them, 0 for none.
        """
        named = self._new_keys(keys)
        if any(key is not None for key in keys):
            ends = [(import_id, key) for key in named]
            both = list(zip(rows, ends, keys, strict=True))
            new = [row + end for row, end, key in both if key is None]
            # The id, which is the first field, says which row is meant.
            changed = [(*row, *end, row[0]) for row, end, key in both if key is not None]
            _statements.update_rows(self.connection, kind, changed)
        else:
            new = [(*row, import_id, key) for row, key in zip(rows, named, strict=True)]
        if new:
            _statements.insert_rows(self.connection, kind, new)
        self._tell(kind, named, "put", self._forms.current[kind], images_of(rows))

    def remove(self, kind: str, rows: Sequence[tuple[Any, ...]], keys: Sequence[str]) -> None:
        """Take records out; the change tells what a public one was last, so that it can be told."""
        if kind in PERSONS:
            self._tell(kind, keys, "remove", None, [None] * len(keys))
        else:
            self._tell(kind, keys, "remove", self._forms.current[kind], images_of(rows))
        _statements.delete_rows(self.connection, kind, [row[0] for row in rows])

    def erase(self, kind: str, ids: Sequence[str], keys: Sequence[str]) -> None:
        """Take records out and leave nothing of them: their images are blanked in place.

        Parameters
        ----------
        ids
            Of those that are there.
        keys
            Of these and of those that were removed before.
        """
        self._tell(kind, keys, "erase", None, [None] * len(keys))
        if ids:
            _statements.delete_rows(self.connection, kind, ids)
        self.blank(keys)

    def blank(self, keys: Sequence[str]) -> None:
        """Blank all images of some records; their changes stay."""
        if keys:
            self.connection.execute(
                update(CHANGES)
                .where(CHANGES.c.key == bindparam("of"))
                .values(after=None, form=None),
                [{"of": key} for key in keys],
            )

    def finish(self) -> int | None:
        """Give the changes their numbers; return the last, or None if there are none.

        Raises
        ------
        StoreClockError
            If the clock is far behind the last commit.
        """
        n = sum(len(told.keys) for told in self._told)
        if not n:
            return None
        last, before = self.connection.execute(_RAISE, {"n": n}).one()
        # Not earlier: who asks for what was known while this one waited must not get it later.
        now = self._clock()
        at = max(before, now)  # the feed's moments never go back
        if at - now > dt.timedelta(seconds=CLOCK_TOLERANCE_S):
            raise StoreClockError(
                self._name,
                f"be written to with a clock not before its last commit at {at} UTC",
                f"{now} UTC",
                "Set this machine's clock. If the clock of that commit was wrong, restore the "
                "last backup from before it.",
            )
        self.connection.execute(_DATE, {"moment": at})
        first = last - n + 1
        moment = at.isoformat(" ", "microseconds")
        for told in self._told:
            after = first + len(told.keys)
            _statements.insert_many(
                self.connection,
                "changes",
                _COLUMNS,
                list(
                    zip(
                        range(first, after),
                        repeat(moment),
                        repeat(told.kind),
                        told.keys,
                        repeat(told.op),
                        repeat(told.form),
                        told.images,
                        repeat(self._cause),
                        repeat(self._actor),
                        strict=False,  # what is repeated has no end
                    )
                ),
            )
            first = after
        self._told.clear()
        return int(last)

    def _tell(
        self,
        kind: str,
        keys: Sequence[str],
        op: str,
        form: int | None,
        images: Sequence[str | None],
    ) -> None:
        if keys:
            self._told.append(_Told(kind, keys, op, form, images))

    def _new_keys(self, keys: Sequence[str | None]) -> list[str]:
        """Return keys with a new one in the stead of each None."""
        size = 2 * _KEY_END_BYTES
        drawn = secrets.token_hex(sum(key is None for key in keys) * _KEY_END_BYTES)
        new = (self._key_start + drawn[at : at + size] for at in range(0, len(drawn), size))
        return [next(new) if key is None else key for key in keys]


def utc_now() -> dt.datetime:
    """Return the moment, UTC, without a zone."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)
