"""New stores in files, there at once: what the migrations make in one is written into each other.

A store that is made by its migrations takes half a second, a hundred times what is then asked of
it; the tests make thousands. `test_store/test_new_stores.py` holds both ways to be the same, and
the tests of the migrations themselves go theirs (`by_migrations`).
"""

from __future__ import annotations

import datetime as dt
import functools
import secrets
import sqlite3
import sys
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from sqlalchemy import Connection

    from geo_match.store.database import Database

_MIGRATE = "geo_match.store.schema.migrate"


@dataclass(frozen=True, slots=True)
class _Made:
    """What the migrations leave in a new file.

    Parameters
    ----------
    statements
        That make the tables and their indexes, in the order in which these were made.
    rows
        What stands in each table in which something stands.
    mark
        The file's application id.
    """

    statements: tuple[str, ...]
    rows: dict[str, list[tuple[Any, ...]]]
    mark: int


@functools.cache
def _made(upgrade: Callable[[Connection, Database, str | None], None]) -> _Made:
    """Run the migrations on a new file; return what they made of it."""
    from geo_match.store.database import Database  # noqa: PLC0415 - slow, and not for all tests

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "new.db")
        database = Database.of(path, busy_timeout_s=5)
        database.write(lambda connection: upgrade(connection, database, None))
        database.close()
        with closing(sqlite3.connect(path)) as connection:
            # Its own tables and indexes SQLite makes itself; those have no statement, or its name.
            listed = connection.execute(
                "SELECT type, name, sql FROM sqlite_master "
                "WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
            ).fetchall()
            rows = {
                name: connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchall()  # noqa: S608 - a name of ours
                for kind, name, _ in listed
                if kind == "table"
            }
            (mark,) = connection.execute("PRAGMA application_id").fetchone()
    return _Made(
        tuple(statement for _, _, statement in listed),
        {name: some for name, some in rows.items() if some},
        mark,
    )


def _write(connection: Connection, made: _Made) -> None:
    """Make a new file what the migrations would make of it, within the same transaction."""
    from sqlalchemy import update  # noqa: PLC0415 - slow, and not for all tests

    from geo_match.store.schema.tables import FEED  # noqa: PLC0415 - as above

    for statement in made.statements:
        connection.exec_driver_sql(statement)
    for name, rows in made.rows.items():
        marks = ", ".join("?" * len(rows[0]))
        connection.exec_driver_sql(f'INSERT INTO "{name}" VALUES ({marks})', rows)  # noqa: S608 - a name of ours
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    # A store of its own, from now on.
    connection.execute(update(FEED).values(epoch=secrets.token_hex(16), committed_at=now))
    connection.exec_driver_sql(f"PRAGMA application_id={made.mark}")


def write_at_once() -> None:
    """Let new stores in files be written at once from here on, where any test uses stores."""
    migrate = sys.modules.get(_MIGRATE)
    # There is no other seam: how a new store is made is replaced, not what it is.
    if migrate is None or hasattr(migrate._upgrade, "by_migrations"):
        return
    real = migrate._upgrade

    def upgrade(connection: Connection, database: Database, form: str | None) -> None:
        if form is None and database.is_file:
            _write(connection, _made(real))
        else:
            real(connection, database, form)

    upgrade.by_migrations = real
    _put(migrate, upgrade)


def _put(migrate: ModuleType, upgrade: Callable[..., None]) -> None:
    migrate._upgrade = upgrade


@contextmanager
def by_migrations() -> Iterator[None]:
    """Let new stores be made by their migrations while the block runs."""
    migrate = sys.modules[_MIGRATE]
    at_once = migrate._upgrade
    _put(migrate, getattr(at_once, "by_migrations", at_once))
    try:
        yield
    finally:
        _put(migrate, at_once)
