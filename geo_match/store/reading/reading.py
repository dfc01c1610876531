"""What a store can be asked: its records now and in the past, and the feed of their changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
from sqlalchemy import func, select

from geo_match.store.reading import feed, past
from geo_match.store.reading import history as _history
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import from_kept, from_rows, record_schema
from geo_match.store.schema.tables import IMPORTS, TABLES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterator, Sequence

    from sqlalchemy import Connection

    from geo_match.store.database import Database
    from geo_match.store.reading.feed import Change, Cursor, Head
    from geo_match.store.reading.history import Version
    from geo_match.store.schema.images import Forms

_FEED_BLOCK: Final = 2_000


class Reading:
    """The part of a `Store` by which it is read."""

    database: Database
    _forms: Forms
    _clock: Callable[[], dt.datetime]

    def count(self, kind: str) -> int:
        """Return how many records of a kind there are."""
        record_schema(kind)
        with self.database.reading() as connection:
            counted = connection.execute(select(func.count()).select_from(TABLES[kind]))
            return int(counted.scalar_one())

    def sources(self, *kinds: str) -> list[str]:
        """Return where records of some kinds were imported from, the first import first."""
        for kind in kinds:
            if kind not in TABLES:  # which is known at once
                record_schema(kind)  # raises
        query = select(IMPORTS.c.source).where(IMPORTS.c.kind.in_(kinds)).order_by(IMPORTS.c.id)
        with self.database.reading() as connection:
            return list(dict.fromkeys(connection.execute(query).scalars()))

    def has_unlisted(self, *kinds: str) -> bool:
        """Return whether any record of some kinds was last written by no import, but by `put`.

        Nothing says of such a one where it came from. The tables are read through where there is
        none.

        Raises
        ------
        ArgumentError
            If a kind is unknown.
        """
        for kind in kinds:
            record_schema(kind)
        with self.database.reading() as connection:
            return any(
                connection.execute(
                    select(TABLES[kind].c.id).where(TABLES[kind].c.import_id == 0).limit(1)
                ).first()
                is not None
                for kind in kinds
            )

    def read(
        self,
        kind: str,
        *,
        fields: Collection[str] | None = None,
        as_of: dt.datetime | Cursor | int | None = None,
        on: dt.date | None = None,
    ) -> pa.Table:
        """Return the records of a kind, ordered by id, typed as `record_schema` says.

        Parameters
        ----------
        kind
            One of `geo_match.records.RECORDS`.
        fields
            Those to return; all if None.
        as_of
            What was known then: a moment with a time zone, or a place in the feed; now if None.
            A commit is dated milliseconds before it is seen: of a moment that has only just passed
            the answer may yet grow, of a place in the feed it is final.
        on
            The day on which the records hold, by their own days (`geo_match.records.holding`):
            jobs that are open, seekers who are registered; all of them if None.

        Returns
        -------
        pyarrow.Table
            Its schema's metadata say under `missing` how many records were known then and have
            been erased since; under `amended` how many of those that are there said more then,
            and lost some fields, now null, when another was erased (a household its head's name
            and members, a seeker the household); under `not_holding` how many records are left
            out since they do not hold on the day; and under `cursor` which place in the feed it
            is. The first two numbers are of all records known then, whatever `fields` and `on` ask
            for; now they are 0. Erasures by a geo_match that kept no such marks (before form 0005)
            have amended without being counted.

        Raises
        ------
        HorizonError
            If what was known then is gone.
        CursorError, EpochError
            If `as_of` is no place in this store's feed.
        ArgumentError
            If the kind or a field is unknown, or the moment has no zone or is not yet past.
        """
        schema = past.with_fields(kind, fields, on)
        missing = amended = 0
        with self.database.reading() as connection:
            if as_of is None:
                seq = feed.head(connection).seq
                records = _read_now(connection, kind, schema)
            else:
                seq = past.seq_as_of(connection, as_of, self.database.name, clock=self._clock)
                records, missing, amended = past.read_as_of(
                    connection, self._forms, kind, seq, schema
                )
            epoch = feed.head(connection).epoch
        n_known = len(records)
        if on is not None:
            records = past.holding(kind, records, on)
        not_holding = n_known - len(records)
        if fields is not None:
            records = records.select([name for name in schema.names if name in fields])
        return records.replace_schema_metadata(
            {
                "missing": str(missing),
                "amended": str(amended),
                "not_holding": str(not_holding),
                "cursor": str(feed.Cursor(epoch, seq)),
            }
        )

    def keys(self, kind: str, ids: Sequence[str]) -> dict[str, str]:
        """Return the keys of the records of some ids, by id, of those that are there."""
        record_schema(kind)
        with self.database.reading() as connection:
            rows = _statements.fetch_by_ids(connection, kind, ["id", "key"], ids, lock=False)
        return dict(rows)

    def history(self, kind: str, id_: str) -> list[Version]:
        """Return what a record was at each of its changes; of one that was erased, nothing.

        It need not be there any more. The feed is read through for it. Persons' records are to be
        read in an audited read (`geo_match.store.audited`). Of changes before the horizon only the
        last may be there.

        Raises
        ------
        ArgumentError
            If the kind is unknown.
        StoreCorruptError
            If an image cannot be read; it names the change.
        """
        return _history.history(self.database, self._forms, kind, id_)

    def head(self) -> Head:
        """Return where the feed stands."""
        with self.database.reading() as connection:
            return feed.head(connection)

    def cursor(self) -> Cursor:
        """Return the place after the last change."""
        return self.head().cursor

    def changes(
        self,
        *,
        after: Cursor | int = 0,
        kinds: Collection[str] | None = None,
        most: int | None = None,
    ) -> Iterator[Change]:
        """Yield the changes after a place in the feed, in the order of their commits.

        They are read in blocks; between two nothing is held open, however slowly they are taken.

        Parameters
        ----------
        after
            Those up to here have been seen.
        kinds
            Those wanted; all if None.
        most
            How many numbers to go through at most, changes of other kinds included; up to the last
            change if None.

        Raises
        ------
        HorizonError
            If changes after this place are gone.
        CursorError, EpochError
            If it is no place in this store's feed.
        """
        now = self.head()
        seq = feed.check(after, now, self.database.name)
        last = now.seq if most is None else min(now.seq, seq + most)
        wanted = None if kinds is None else frozenset(kinds)
        while seq < last:
            step = min(_FEED_BLOCK, last - seq)
            with self.database.reading() as connection:
                # It may be forgotten meanwhile.
                feed.check(seq, feed.head(connection), self.database.name)
                blocks = list(
                    feed.fetch(connection, self._forms, after=seq, most=step, kinds=wanted)
                )
            for block in blocks:
                yield from feed.made(self._forms, block)
            seq += step


def _read_now(connection: Connection, kind: str, schema: pa.Schema) -> pa.Table:
    query = _statements.select_kept(connection, kind, schema.names).order_by(
        _statements.by_id(connection, kind)
    )
    blocks = [from_rows(rows, schema) for rows in _statements.fetch(connection, query)]
    kept = pa.concat_tables(blocks) if blocks else from_rows([], schema)
    return from_kept(kept, schema)
