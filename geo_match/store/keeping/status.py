"""What a store is, and how it stands."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from geo_match.store.reading import feed
from geo_match.store.schema import migrate as _migrate
from geo_match.store.schema.tables import IMPORTS, TABLES

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from sqlalchemy import Connection

    from geo_match.store.database import Database
    from geo_match.store.reading.feed import Head


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An import that has not come to its end: it runs, or was interrupted.

    Parameters
    ----------
    number
        Of the import.
    kind, source
        What it brings, and where that comes from.
    begun_at
        UTC, without a zone.
    accepted
        How many records of it are in the store.
    """

    number: int
    kind: str
    source: str
    begun_at: dt.datetime
    accepted: int


@dataclass(frozen=True, slots=True)
class Status:
    """How a store stands.

    Parameters
    ----------
    name
        Its path, or its URL without the password.
    database
        Which one, with its version.
    postgis
        Version of PostGIS; None without it.
    form
        Of its tables.
    head
        Of its feed.
    records
        How many there are, by kind.
    unfinished
        Imports that have not come to their end.
    size_bytes
        Of the file with its log, or of the whole database on the server.
    """

    name: str
    database: str
    postgis: str | None
    form: str
    head: Head
    records: dict[str, int]
    unfinished: tuple[Unfinished, ...]
    size_bytes: int


def status(database: Database) -> Status:
    """Return how a store in today's form stands, as it is at one moment."""
    with database.reading() as connection:
        records = {
            kind: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
            for kind, table in TABLES.items()
        }
        unfinished = connection.execute(
            select(
                IMPORTS.c.id,
                IMPORTS.c.kind,
                IMPORTS.c.source,
                IMPORTS.c.imported_at,
                IMPORTS.c.accepted,
            )
            .where(IMPORTS.c.finished_at.is_(None))
            .order_by(IMPORTS.c.id)
        ).all()
        version, postgis, size = _about(connection, database.path)
        return Status(
            database.name,
            version,
            postgis,
            str(_migrate.form_of(connection, database)),
            feed.head(connection),
            records,
            tuple(Unfinished(*row) for row in unfinished),
            size,
        )


def size_bytes(database: Database) -> int:
    """Return the size of the file with its log, or of the whole database on the server."""
    if database.path is not None:
        return _size_of_files(database.path)
    with database.reading() as connection:
        return _size_on_server(connection)


def _size_of_files(path: Path) -> int:
    files = (path, path.with_name(f"{path.name}-wal"))
    size = 0
    for one in files:
        with suppress(FileNotFoundError):  # there is no log, or not any more
            size += one.stat().st_size
    return size


def _size_on_server(connection: Connection) -> int:
    size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    return int(size)


def _about(connection: Connection, path: Path | None) -> tuple[str, str | None, int]:
    """Return the database with its version, that of PostGIS, and the size in bytes."""
    if path is not None:
        version = connection.execute(text("SELECT sqlite_version()")).scalar_one()
        return f"SQLite {version}", None, _size_of_files(path)
    version = connection.execute(text("SHOW server_version")).scalar_one()
    postgis = connection.execute(
        text("SELECT extversion FROM pg_extension WHERE extname = 'postgis'")
    ).scalar()
    return f"PostgreSQL {version}", postgis, _size_on_server(connection)
