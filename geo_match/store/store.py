"""The store: records of every kind, the feed of their changes, and their past.

What is written is checked before, and on the disk when the call returns. A list is taken in small
transactions and can be resumed; anything else is written whole or not at all. Readers see the store
as it was before a transaction until it has ended, and never wait for a writer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from geo_match.errors import ArgumentError
from geo_match.store.database import Database
from geo_match.store.forgetting import Forgetting
from geo_match.store.gazetteer import read_gazetteer, write_gazetteer
from geo_match.store.keeping import Keeping
from geo_match.store.keys import Keys
from geo_match.store.occupations import read_occupations, write_occupations
from geo_match.store.reading import Reading, feed
from geo_match.store.schema import migrate as _migrate
from geo_match.store.schema import statements as _statements
from geo_match.store.schema.columns import record_schema
from geo_match.store.schema.images import Forms
from geo_match.store.writing import few
from geo_match.store.writing.applying import AT_MOST, BLOCK, Applying
from geo_match.store.writing.digest import digest_of
from geo_match.store.writing.expecting import check_expected
from geo_match.store.writing.imports import begin_import, finish_import
from geo_match.store.writing.planning import arriving, planned
from geo_match.store.writing.taking_few import take_few
from geo_match.store.writing.writer import Writer, utc_now

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa
    from sqlalchemy import Connection

    from geo_match.index import LiveIndex
    from geo_match.store.reading.feed import Cursor
    from geo_match.store.writing.compare import Applied
    from geo_match.taxonomy import Occupations

_BUSY_TIMEOUT_S = 30.0


class Store(Reading, Forgetting, Keeping):
    """A store; made by `Store.open`, and a context manager that closes it.

    Parameters
    ----------
    database
        Where it lies.
    clock
        Returns the moment, UTC, without a zone.
    """

    def __init__(self, database: Database, clock: Callable[[], dt.datetime]) -> None:
        self.database = database
        self._clock = clock
        self._forms = Forms({}, {})

    @classmethod
    def open(
        cls,
        store: str | Path,
        *,
        busy_timeout_s: float = _BUSY_TIMEOUT_S,
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> Self:
        """Open a store, make it if nothing is there, and bring an older one to today's form.

        Parameters
        ----------
        store
            Path of its file, or a URL such as `sqlite:///geo-match.db` or
            `postgresql+psycopg://user@host/database`.
        busy_timeout_s
            How long to wait for another process that is writing, seconds.
        clock
            Returns the moment, UTC, without a zone.

        Raises
        ------
        StoreError
            If it is no store of geo_match, or one of a newer version of it; by the subclasses in
            `geo_match.store.errors` if it is busy, damaged, on a full disk, or new and not
            writable.
        """
        opened = cls(Database.of(store, busy_timeout_s=busy_timeout_s), clock)
        try:
            opened._forms = _migrate.prepare(opened.database)
        except BaseException:
            opened.close()
            raise
        return opened

    @property
    def name(self) -> str:
        """Its path, or its URL without the password."""
        return self.database.name

    @property
    def api_keys(self) -> Keys:
        """The keys of those who ask from outside, and their sessions; not the records' keys."""
        return Keys(self.database, self._clock)

    def close(self) -> None:
        """Let go of its connections."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def apply(
        self,
        kind: str,
        records: pa.Table,
        *,
        source: str,
        fields: Collection[str] | None = None,
        correct: bool = False,
        erased_too: bool = False,
        actor: str = "",
        watch: Callable[[int], None] | None = None,
        settle: Callable[[Applied], str | None] | None = None,
        judged: bool = False,
        same_source: bool = False,
    ) -> Applied:
        """Take a list in: what is new or newer replaces what is there.

        It is written in transactions of at most 500 records; between them others may write. If it
        is interrupted, what was written stays, and the same list goes on where it stopped.
        `geo_match.store.writing.compare` says which of two records is the newer.

        Parameters
        ----------
        kind
            One of `geo_match.records.RECORDS`.
        records
            Columns by the names of the fields; their ids are all different.
        source
            Where they come from; kept with the import.
        fields
            Those that the source speaks of; all if None. In a record that is there already the
            others stay as they are.
        correct
            Whether records that are as new as the kept ones and say otherwise are taken too.
        erased_too
            Whether records of persons and households that were erased are taken too.
        actor
            Who imports; kept with each change.
        watch
            Told the number of records that are done, as they are.
        settle
            Told what became of them once all are in, before the import counts as finished: if it
            raises or is cut off, the import stays unfinished. What it returns is kept for a day
            as what was told of the import (`imports_from`).
        judged
            Whether each value was read by the rules of its field already, as intake does: then it
            is not looked at once more. A record that breaks a rule only beside fields that are kept
            is not taken, and told of (`Applied.breaking`); else it is an ArgumentError.
        same_source
            Whether an interrupted import of the same list is gone on with only if it came from the
            same source, too.

        Raises
        ------
        ArgumentError
            If the kind is unknown, or the records have other types or repeat an id; a column is
            no field, or one that is required is not there; values break the rules of the kind.
        ErasedIdError
            If one is of someone who was erased (`are_erased`), and `erased_too` is not given.
            Nothing is written then, but where they were erased while the import ran: what it had
            taken in before stays.
        StoreError
            If the store cannot be written to.
        """
        what = arriving(
            kind, records, fields, correct=correct, erased_too=erased_too, judged=judged
        )
        if what.is_partial:
            # Once before the first transaction: later on some would be written already.
            self.compare(kind, records, fields=fields, correct=correct)
        if not erased_too:
            self._check_not_erased(kind, records)
        digest = digest_of(records)  # of all that arrives: other writers need not wait for it
        number = self.database.write(
            lambda connection: begin_import(
                connection,
                kind,
                digest,
                source=source,
                at=self._clock(),
                same_source=same_source,
            )
        )
        applied = self._applying(f"import {number}: {source}", actor, number).take(
            what, records, watch=watch
        )
        report = None if settle is None else settle(applied)
        self.database.write(
            lambda connection: finish_import(
                connection, number, applied, at=self._clock(), report=report
            )
        )
        return applied

    def compare(
        self,
        kind: str,
        records: pa.Table,
        *,
        fields: Collection[str] | None = None,
        correct: bool = False,
        judged: bool = False,
    ) -> Applied:
        """Return what `apply` would make of the records, and write nothing."""
        what = arriving(kind, records, fields, correct=correct, judged=judged)
        with self.database.reading() as connection:
            return planned(connection, what, records, BLOCK)

    def put(
        self,
        kind: str,
        records: pa.Table | Sequence[Mapping[str, Any]],
        *,
        fields: Collection[str] | None = None,
        cause: str = "put",
        actor: str = "",
        erased_too: bool = False,
        expected: Mapping[str, int | None] | None = None,
    ) -> tuple[Applied, Cursor]:
        """Take at most 500 records in, all in one transaction; else like `apply`.

        A record that is taken in replaces the whole of the kept one: a field without a column is
        null then, unless `fields` says which ones the records speak of.

        Parameters
        ----------
        kind, fields, actor
            As in `apply`.
        records
            As in `apply`; or each as a mapping from names of fields to values of the types that
            `One.record` has, which is the shorter way for one record.
        cause
            Why; kept with each change.
        erased_too
            As in `apply`.
        expected
            By id the number of the change by which the caller knows a record (`One.seq`), None
            where there is none yet; whatever it is if the id is not among them.

        Returns
        -------
        tuple
            What became of the records, and the place in the feed from which they are there.

        Raises
        ------
        ArgumentError, ErasedIdError, StoreError
            As `apply` does; also if there are more than 500. Nothing is written then.
        OvertakenError
            If a record is not as expected: nothing is written either.
        """
        if len(records) > AT_MOST:
            raise ArgumentError(
                "records", f"be at most {AT_MOST}", f"{len(records):,}", "Use `apply` for a list."
            )
        applying = self._applying(cause, actor)
        rows = few.rows_of(kind, records) if fields is None else None
        done = None
        if rows is not None:
            done = take_few(applying, kind, rows, erased_too=erased_too, expected=expected)
        if done is None:
            table = few.table_of(kind, records)
            what = arriving(kind, table, fields, erased_too=erased_too)
            done = applying.take_at_once(what, table, expected=expected)
        applied, epoch, seq = done
        return applied, feed.Cursor(epoch, seq)

    def remove(
        self,
        kind: str,
        ids: Sequence[str],
        *,
        cause: str = "remove",
        actor: str = "",
        expected: Mapping[str, int | None] | None = None,
    ) -> tuple[list[str], Cursor]:
        """Take records out; what they were stays in the past.

        Parameters
        ----------
        kind
            One of `geo_match.records.RECORDS`.
        ids
            Those that are not there are passed over.
        cause, actor
            Why, and who does it; kept with each change.
        expected
            As in `put`.

        Returns
        -------
        tuple
            The ids that were there, and the place in the feed from which they are gone.

        Raises
        ------
        OvertakenError
            If a record is not as expected: nothing is removed then.
        StoreError
            If the store cannot be written to.
        """
        names = record_schema(kind).names

        def act(connection: Connection) -> tuple[list[str], Cursor]:
            rows = _statements.fetch_by_ids(connection, kind, [*names, "key"], ids, lock=True)
            if expected is not None:
                check_expected(connection, self.name, kind, expected)
            writer = self._writer(connection, cause, actor)
            if rows:
                writer.remove(kind, [row[:-1] for row in rows], [row[-1] for row in rows])
            writer.finish()
            return sorted(row[0] for row in rows), feed.head(connection).cursor

        return self.database.write(act)

    def live(self, kind: str) -> tuple[LiveIndex, Cursor]:
        """Return a live index of a kind's points as they are now, and its place in the feed.

        `follow` takes both and keeps the index in step.
        Persons are named by their keys, what is public by its id. Several kinds in step with each
        other, and a thread that follows: `geo_match.store.replica.Replica`.
        """
        from geo_match.store.replica import live_of  # noqa: PLC0415 - indexes are slow to import

        return live_of(self, kind)

    def follow(self, live: LiveIndex, kind: str, *, after: Cursor) -> Cursor:
        """Apply the changes of a kind since a live index's cursor; return the place reached.

        `after` came with the index, or from the last call: by it another epoch of the store is
        noticed.
        """
        from geo_match.store.replica import follow  # noqa: PLC0415 - indexes are slow to import

        return follow(self, live, kind, after=after)

    def gazetteer(self) -> pa.Table:
        """Return the gazetteer's places as they are now, in the order in which they were set.

        It has no past: what it was before is not kept.
        """
        with self.database.reading() as connection:
            return read_gazetteer(connection)

    def set_gazetteer(self, places: pa.Table) -> None:
        """Replace the gazetteer: columns `name`, `lon`, `lat`, `accuracy_m`, `community`."""
        self.database.write(lambda connection: write_gazetteer(connection, places))

    def occupations(self) -> Occupations:
        """Return the table of occupations: the shipped one, or the finer one that was set.

        It has no past: what it was before is not kept.
        """
        with self.database.reading() as connection:
            return read_occupations(connection)

    def set_occupations(self, occupations: Occupations) -> None:
        """Replace the table of occupations; the shipped one stands for none."""
        self.database.write(lambda connection: write_occupations(connection, occupations))

    def _applying(self, cause: str, actor: str, import_id: int = 0) -> Applying:
        return Applying(self.database, self._forms, self._clock, cause, actor, import_id)

    def _writer(self, connection: Connection, cause: str, actor: str) -> Writer:
        return Writer(connection, self.name, self._forms, self._clock, cause=cause, actor=actor)
