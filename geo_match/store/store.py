"""The store: records of every kind in one SQLite file, each in its newest version.

What is applied is applied whole, in one transaction, or not at all, and is on the disk when the
call returns. Readers see the store as it was before a transaction until it has ended.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import func, insert, inspect, select
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.dialects.sqlite import insert as upsert

from geo_match.errors import ArgumentError
from geo_match.store.columns import from_kept, from_rows, record_schema, to_kept, to_rows
from geo_match.store.compare import VERSIONING, Applied, compare
from geo_match.store.connection import make_engine, naming, path_of, reading, writing
from geo_match.store.errors import StoreError
from geo_match.store.gazetteer import read_gazetteer, write_gazetteer
from geo_match.store.tables import APPLICATION_ID, IMPORTS, METADATA, SCHEMA_VERSION, TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import ClauseElement, Connection, Engine

_AT_ONCE = 20_000  # records in memory as objects; below SQLite's bound of 32,766 parameters
_BUSY_TIMEOUT_S = 30.0


class Store:
    """A store; made by `Store.open`, and a context manager that closes it.

    Parameters
    ----------
    path
        Its file.
    engine
        Gives connections to it.
    """

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self._engine = engine

    @classmethod
    def open(cls, store: str | Path, *, busy_timeout_s: float = _BUSY_TIMEOUT_S) -> Self:
        """Open a store, and make it if nothing is there.

        Parameters
        ----------
        store
            Path of its file, or a URL such as `sqlite:///geo-match.db`.
        busy_timeout_s
            How long to wait for another process that is writing, seconds.

        Raises
        ------
        StoreError
            If it is no store of geo_match, or one of another version of it; by the subclasses in
            `geo_match.store.errors` if it is busy, damaged, on a full disk, or new and not
            writable.
        """
        path = path_of(store)
        opened = cls(path, make_engine(path, busy_timeout_s=busy_timeout_s))
        try:
            opened._prepare()
        except BaseException:
            opened.close()
            raise
        return opened

    def close(self) -> None:
        """Let go of its connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def count(self, kind: str) -> int:
        """Return how many records of a kind there are."""
        record_schema(kind)
        with reading(self._engine, self.path) as connection:
            return _count(connection, kind)

    def read(self, kind: str, *, fields: Collection[str] | None = None) -> pa.Table:
        """Return the records of a kind, ordered by id, typed as `record_schema` says.

        Parameters
        ----------
        kind
            One of `geo_match.records.RECORDS`.
        fields
            Those to return; all if None.
        """
        schema = _some(record_schema(kind), fields)
        table = TABLES[kind]
        query = select(*(table.c[name] for name in schema.names)).order_by(table.c.id)
        with reading(self._engine, self.path) as connection:
            # The driver's own rows: SQLAlchemy would make an object of each day first.
            cursor = connection.exec_driver_sql(_sql(query)).cursor
            blocks = []
            while rows := cursor.fetchmany(_AT_ONCE):
                blocks.append(from_rows(rows, schema))
        kept = pa.concat_tables(blocks) if blocks else from_rows([], schema)
        return from_kept(kept, schema)

    def apply(
        self,
        kind: str,
        records: pa.Table,
        *,
        source: str,
        fields: Collection[str] | None = None,
        watch: Callable[[int], None] | None = None,
    ) -> Applied:
        """Take records in, all in one transaction: what is new or newer replaces what is there.

        `geo_match.store.compare` says which of two records is the newer.

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
        watch
            Told the number of records that are done, as they are.

        Raises
        ------
        ArgumentError
            If the kind is unknown, or the records have other types or repeat an id.
        StoreError
            If the store cannot be written to; nothing is then.
        """
        schema, spoken = _checked(kind, records, fields)
        statement = _upsert(kind, spoken)
        with writing(self._engine, self.path) as connection:
            begun = connection.execute(
                insert(IMPORTS).values(
                    kind=kind,
                    source=source,
                    imported_at=dt.datetime.now(dt.UTC).replace(tzinfo=None),
                    accepted=0,
                    unchanged=0,
                    stale=0,
                )
            )
            (import_id,) = begun.inserted_primary_key or (None,)
            parts = []
            for arriving, part in _compared(connection, kind, records, schema, spoken):
                taken = arriving.filter(pa.array(part.accepted))
                if rows := list(to_rows(taken, import_id)):
                    connection.exec_driver_sql(statement, rows)
                parts.append(part)
                if watch is not None:
                    watch(len(arriving))
            applied = Applied.joined(parts)
            figures = {
                name: int(getattr(applied, name).sum())
                for name in ("accepted", "unchanged", "stale")
            }
            connection.execute(IMPORTS.update().where(IMPORTS.c.id == import_id).values(figures))
        return applied

    def compare(
        self, kind: str, records: pa.Table, *, fields: Collection[str] | None = None
    ) -> Applied:
        """Return what `apply` would make of the records, and write nothing."""
        schema, spoken = _checked(kind, records, fields)
        with reading(self._engine, self.path) as connection:
            compared = _compared(connection, kind, records, schema, spoken)
            return Applied.joined([part for _, part in compared])

    def gazetteer(self) -> pa.Table:
        """Return the gazetteer's places in the order in which they were set."""
        with reading(self._engine, self.path) as connection:
            return read_gazetteer(connection)

    def set_gazetteer(self, places: pa.Table) -> None:
        """Replace the gazetteer: columns `name`, `lon`, `lat`, `accuracy_m`, `community`."""
        with writing(self._engine, self.path) as connection:
            write_gazetteer(connection, places)

    def _prepare(self) -> None:
        """Check that the file is a store; make the tables if there is nothing in it."""
        with reading(self._engine, self.path) as connection:
            if self._is_made(connection):
                return
        with naming(self.path), self._engine.connect() as connection:
            # Kept in the file, and not to be set within a transaction.
            outside = connection.execution_options(geo_match_begin=None)
            outside.exec_driver_sql("PRAGMA journal_mode=WAL")
        with writing(self._engine, self.path) as connection:
            if self._is_made(connection):  # by another process, in between
                return
            METADATA.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
            connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA_VERSION}")

    def _is_made(self, connection: Connection) -> bool:
        """Return whether the file is a store, or empty.

        Raises
        ------
        StoreError
            If it is neither.
        """
        mark = connection.exec_driver_sql("PRAGMA application_id").scalar()
        version = connection.exec_driver_sql("PRAGMA user_version").scalar()
        if mark == APPLICATION_ID:
            if version == SCHEMA_VERSION:
                return True
            raise StoreError(
                self.path,
                f"be of version {SCHEMA_VERSION}",
                f"version {version}",
                "Use the geo_match that made it.",
            )
        if inspect(connection).get_table_names():
            raise StoreError(
                self.path,
                "be a store of geo_match or not exist yet",
                "another SQLite database",
                "Name another file.",
            )
        return False


def _some(schema: pa.Schema, fields: Collection[str] | None) -> pa.Schema:
    """Return the columns of these fields, in the schema's order."""
    if fields is None:
        return schema
    if unknown := sorted(set(fields).difference(schema.names)):
        raise ArgumentError(
            "fields", f"be some of {', '.join(schema.names)}", ", ".join(map(repr, unknown))
        )
    return pa.schema([field for field in schema if field.name in fields])


def _checked(
    kind: str, records: pa.Table, fields: Collection[str] | None
) -> tuple[pa.Schema, list[str]]:
    """Return the schema of a kind, and the fields that the records speak of, id left out."""
    schema = record_schema(kind)
    spoken = _some(schema, fields).names
    if "id" not in records.column_names or records.column("id").null_count:
        raise ArgumentError("records", "have an id each", "some without one")
    if len(pc.unique(records.column("id"))) < len(records):
        raise ArgumentError(
            "records", "have different ids", "one that is repeated", "Keep the newest of each."
        )
    return schema, [name for name in spoken if name != "id"]


def _compared(
    connection: Connection, kind: str, records: pa.Table, schema: pa.Schema, spoken: Sequence[str]
) -> Iterator[tuple[pa.Table, Applied]]:
    """Yield the records in parts, in kept form, each with what becomes of it."""
    is_empty = _count(connection, kind) == 0
    for start in range(0, max(1, len(records)), _AT_ONCE):
        arriving = to_kept(records.slice(start, _AT_ONCE), schema)
        if is_empty or not len(arriving):
            yield arriving, Applied.new(len(arriving))
        else:
            kept = _kept(connection, kind, arriving.column("id").to_pylist(), schema)
            yield arriving, compare(arriving, kept, spoken)


def _kept(connection: Connection, kind: str, ids: Sequence[str], schema: pa.Schema) -> pa.Table:
    """Return the kept records of these ids, in no order."""
    table = TABLES[kind]
    query = _sql(select(*(table.c[name] for name in schema.names)))
    marks = ",".join("?" * len(ids))
    found = connection.exec_driver_sql(f"{query} WHERE id IN ({marks})", tuple(ids))
    return from_rows(found.cursor.fetchall(), schema)


def _count(connection: Connection, kind: str) -> int:
    return int(connection.execute(select(func.count()).select_from(TABLES[kind])).scalar_one())


def _upsert(kind: str, spoken: Sequence[str]) -> str:
    """Return the statement that inserts a record, or else replaces what is spoken of."""
    table = TABLES[kind]
    statement = upsert(table)
    new = statement.excluded
    replaced = {
        name: func.coalesce(new[name], table.c[name]) if name in VERSIONING else new[name]
        for name in (*spoken, "import_id")
    }
    return _sql(statement.on_conflict_do_update(index_elements=["id"], set_=replaced))


def _sql(statement: ClauseElement) -> str:
    """Return a statement as the driver takes it, its values by position."""
    return str(statement.compile(dialect=dialect(paramstyle="qmark")))
