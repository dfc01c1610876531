"""One writing transaction: records that are put and removed, and the changes that tell of them.

The last act raises the counter by the number of changes; they get these numbers. PostgreSQL keeps
the counter's row locked until the commit, SQLite the whole file: so the numbers follow the order of
the commits, without gaps, and a reader that sees one sees all before it. The moment is read once
the counter is ours, however long that took: what is left until others see the changes is the time
in which at most some hundred rows are written and the disk has them, milliseconds.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import bindparam, literal_column, null, update

from geo_match.store.errors import StoreClockError, StoreError
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.images import PERSONS, images_of
from geo_match.store.schema.tables import CHANGES, FEED
from geo_match.store.writing.ready import Ready

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import ColumnElement

    from geo_match.store.database.driven import Driven
    from geo_match.store.schema.images import Forms

CLOCK_TOLERANCE_S: Final = 300.0
"""How far a clock may go back, seconds, before writing is refused; until then time stands still."""
_OTHERS: Final = ("seq", "key", "after")
"""What the changes of one call differ in."""
_RAISE: Final = (
    update(FEED)
    .values(seq=FEED.c.seq + bindparam("n", type_=FEED.c.seq.type))
    .returning(FEED.c.seq, FEED.c.committed_at)
)
"""Raises the counter by `n`, once no other writer has it; returns the last commit's moment, too."""
_BLANK: Final = (
    update(CHANGES).where(CHANGES.c.key == bindparam("of")).values(after=null(), form=null())
)
# In the text, and not beside it: `run_each` takes one value alone.
_REMOVED: Final[ColumnElement[str]] = literal_column("'remove'")
_FORGET_WHY: Final = (
    update(CHANGES)
    .where(CHANGES.c.key == bindparam("of"))
    .where(CHANGES.c.op == _REMOVED)
    .values(cause=_REMOVED)
)
"""Takes the words with which a record was removed, which may tell of whose it was."""
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
        connection: Driven,
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
        self._told: list[_Told] = []

    def put(self, ready: Ready) -> None:
        """Write records, new ones and those that replace another.

        Raises
        ------
        StoreError
            If one that is to be replaced is not there.
        """
        if ready.changed:
            n = _statements.update_records(self.connection, ready.kind, ready.changed)
            if n != len(ready.changed):
                raise StoreError(
                    self._name,
                    f"have the {len(ready.changed):,} {ready.kind} that are to be replaced",
                    f"{n:,} of them",
                    "Nothing of this was written. Look at it with `geo-match store verify`.",
                )
        _statements.insert_records(self.connection, ready.kind, ready.new)
        self._tell(ready.kind, ready.keys, "put", self._forms.current[ready.kind], ready.images)

    def put_rows(
        self, kind: str, rows: Sequence[tuple[Any, ...]], keys: Sequence[str | None]
    ) -> None:
        """Write records that no import brings: the fields of each in kept form, and their keys.

        Parameters
        ----------
        keys
            As in `Ready.of`.
        """
        is_file = self.connection.dialect.name == "sqlite"
        self.put(Ready.of(kind, rows, keys, 0, is_file=is_file))

    def remove(self, kind: str, rows: Sequence[tuple[Any, ...]], keys: Sequence[str]) -> None:
        """Take records out; the change tells what a public one was last, so that it can be told."""
        if kind in PERSONS:
            self._tell(kind, keys, "remove", None, [None] * len(keys))
        else:
            self._tell(kind, keys, "remove", self._forms.current[kind], images_of(rows))
        _statements.delete_rows(self.connection, kind, [row[0] for row in rows])

    def erase(self, kind: str, ids: Sequence[str], keys: Sequence[str]) -> None:
        """Take records out and leave nothing of them: their images are blanked in place.

        So are the words with which they were removed before.

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
        if keys:
            _statements.run_each(self.connection, _FORGET_WHY, keys)

    def blank(self, keys: Sequence[str]) -> None:
        """Blank all images of some records; their changes stay."""
        if keys:
            _statements.run_each(self.connection, _BLANK, keys)

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
        ((last, before),) = _statements.ask(self.connection, _RAISE, n=n)
        if isinstance(before, str):  # a SQLite file's
            before = dt.datetime.fromisoformat(before)
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
        moment = at.isoformat(" ", "microseconds")
        _statements.run(self.connection, _DATE, moment=moment)
        first = last - n + 1
        is_file = self.connection.dialect.name == "sqlite"
        for told in self._told:
            after = first + len(told.keys)
            rows = list(zip(range(first, after), told.keys, told.images, strict=True))
            alike = {
                "committed_at": moment,
                "kind": told.kind,
                "op": told.op,
                "form": told.form,
                "cause": self._cause,
                "actor": self._actor,
            }
            lines = _statements.Lines.of(_OTHERS, rows, is_file=is_file, alike=alike)
            _statements.insert_plain(self.connection, "changes", lines)
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


def utc_now() -> dt.datetime:
    """Return the moment, UTC, without a zone."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)
