"""What a store can be asked: its records now and in the past, and the feed of their changes."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from sqlalchemy import func, select

from geo_match.store.reading import feed, finding, past
from geo_match.store.reading import history as _history
from geo_match.store.reading.imports import imports_from
from geo_match.store.reading.one import holds, one_now, read_one_as_of
from geo_match.store.reading.paging import read_page
from geo_match.store.reading.removals import Removals
from geo_match.store.reading.snapshot import StoreSnapshot
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import from_kept, from_rows, record_schema
from geo_match.store.schema.tables import IMPORTS, TABLES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterator

    from sqlalchemy import Connection

    from geo_match.store.database import Database
    from geo_match.store.reading.feed import Change, Cursor, Head
    from geo_match.store.reading.finding import Found
    from geo_match.store.reading.history import Life, Version
    from geo_match.store.reading.imports import KeptImport
    from geo_match.store.reading.one import One
    from geo_match.store.reading.paging import Page
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

    def find(
        self, kind: str, ids: Collection[str], *, fields: Collection[str] | None = None
    ) -> Found:
        """Return the records of some ids, without reading the others, all as of one moment.

        Parameters
        ----------
        kind
            One of `geo_match.records.RECORDS`.
        ids
            Those that are not there are passed over.
        fields
            Those to return beside `id`; all if None.

        Raises
        ------
        ArgumentError
            If the kind or a field is unknown.
        """
        record_schema(kind)
        with self.database.reading() as connection:
            return finding.find(connection, kind, ids, fields)

    def find_by_keys(
        self, kind: str, keys: Collection[str], *, fields: Collection[str] | None = None
    ) -> Found:
        """Return the records of some keys, their names outside, as `find` does of ids."""
        record_schema(kind)
        with self.database.reading() as connection:
            return finding.find_by_keys(connection, kind, keys, fields)

    def one(
        self,
        kind: str,
        id_: str,
        *,
        as_of: dt.datetime | Cursor | int | None = None,
        on: dt.date | None = None,
        gone_too: bool = True,
    ) -> One | None:
        """Return one record, with the number of the change by which it is known.

        Parameters
        ----------
        kind, as_of, on
            As in `read`. What was known then of a person who is there no more is sought in the
            whole feed.
        id_
            Its owner's id.
        gone_too
            Whether persons are sought who are there no more.

        Returns
        -------
        One or None
            None if there is none of this id, or it was erased, or does not hold on the day.

        Raises
        ------
        HorizonError, CursorError, EpochError, ArgumentError
            As `read` does.
        """
        record_schema(kind)
        if as_of is None:
            found = one_now(self.database, kind, id_)
        else:
            with self.database.reading() as connection:
                seq = past.seq_as_of(connection, as_of, self.database.name, clock=self._clock)
                found = read_one_as_of(
                    connection,
                    self._forms,
                    kind,
                    id_,
                    seq,
                    removals=self._removals,
                    gone_too=gone_too,
                )
        if found is None or (on is not None and not holds(kind, found, on)):
            return None
        return found

    def page(self, kind: str, *, after: str = "", most: int, area: str | None = None) -> Page:
        """Return at most so many records in the order of their ids, all as of one moment.

        Whoever goes on after the last id of each page sees every record once that is there all the
        while, whatever is written between two pages. `geo_match.store.reading.paging.read_page`
        says what is given.

        Raises
        ------
        ArgumentError
            If the kind is unknown, or lies in no community and an area is given.
        """
        record_schema(kind)
        with self.database.reading() as connection:
            return read_page(connection, kind, after=after, most=most, area=area)

    def imports_from(self, kind: str, part: str) -> list[KeptImport]:
        """Return the imports of a kind whose source has a part, the first one first."""
        record_schema(kind)
        with self.database.reading() as connection:
            return imports_from(connection, kind, part, at=self._clock())

    def keys(
        self, kind: str, ids: Collection[str], *, since: Cursor | None = None
    ) -> dict[str, str]:
        """Return the keys of the records of some ids, by id.

        Parameters
        ----------
        kind
            One of `geo_match.records.RECORDS`.
        ids
            Those that are not there are passed over.
        since
            A place in the feed: those that were removed after it, and not erased, count too.

        Raises
        ------
        ArgumentError
            If the kind is unknown.
        """
        record_schema(kind)
        with self.database.reading() as connection:
            return finding.find_keys(connection, kind, ids, None if since is None else since.seq)

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

    def life(self, kind: str, id_: str) -> Life:
        """Return what an id of something public named at each of its changes, as `history` does.

        Removals do not end it. It may be asked often: the feed is read through once, for the
        removals of the kind, and after that no more than the id's own changes.
        """
        return _history.life(self.database, self._forms, kind, id_, removals=self._removals)

    @cached_property
    def _removals(self) -> Removals:
        return Removals(self._forms)

    def head(self) -> Head:
        """Return where the feed stands."""
        return feed.head_now(self.database)

    def cursor(self) -> Cursor:
        """Return the place after the last change."""
        return self.head().cursor

    @property
    def is_at_hand(self) -> bool:
        """Whether who reads waits for nobody: in a file, while connections to it are free."""
        return self.database.is_at_hand

    def pulse(self) -> int | None:
        """Return what is another number once anything was written since, by anybody.

        It takes microseconds: who keeps what the store said, asks so each time whether it holds.
        None where that cannot be told so: always of a server, and of a file that is in disorder.
        """
        return self.database.pulse()

    def newest(self, *, after: Cursor) -> tuple[Cursor, dict[str, int]]:
        """Return where the feed ends, and which kinds have changed since a place in it.

        It costs little where nothing has changed: who waits for a change can ask often.

        Returns
        -------
        tuple
            The place after the last change, and the number of the last change of each kind that
            has one after the place that was given.

        Raises
        ------
        HorizonError, CursorError, EpochError
            As `changes` does.
        """
        now, kinds = feed.newest(self.database, after)
        return now.cursor, kinds

    @contextmanager
    def snapshot(self, kinds: Collection[str]) -> Iterator[StoreSnapshot]:
        """Give all records of some kinds as of one moment.

        It is read while this is open, and should be soon: a SQLite file's log grows meanwhile, and
        PostgreSQL keeps what others delete.

        Raises
        ------
        ArgumentError
            If a kind is unknown.
        """
        with self.database.reading() as connection:
            yield StoreSnapshot.of(connection, kinds)

    def changes(
        self,
        *,
        after: Cursor | int = 0,
        kinds: Collection[str] | None = None,
        untold: Collection[str] = (),
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
        untold
            Kinds of whose changes the `record` is None: it is not even read.
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
        left = frozenset(untold)
        while seq < last:
            step = min(_FEED_BLOCK, last - seq)
            with self.database.reading() as connection:
                # It may be forgotten meanwhile.
                feed.check(seq, feed.head(connection), self.database.name)
                blocks = list(
                    feed.fetch(
                        connection, self._forms, after=seq, most=step, kinds=wanted, untold=left
                    )
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
