"""Looking at a store that is there, without making one or changing the form of its tables."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from geo_match.store.database import Database
from geo_match.store.errors import StoreError
from geo_match.store.schema import migrate as _migrate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Connection

_BUSY_TIMEOUT_S: Final = 30.0


@contextmanager
def looking_at(store: str | Path) -> Iterator[Database]:
    """Give the database of a store in today's form; `Store.open` would make one, or change it.

    Raises
    ------
    StoreError
        If there is no store, or it has another form, or it is another program's.
    """
    database = Database.of(store, busy_timeout_s=_BUSY_TIMEOUT_S)
    try:
        if database.path is not None and not database.path.is_file():
            raise _nothing(database)  # to open it would make an empty file
        with database.reading() as connection:
            check_form(connection, database)
        yield database
    finally:
        database.close()


def check_form(connection: Connection, database: Database) -> None:
    """Check that a store is there and has today's form.

    Raises
    ------
    StoreError
        If it is not so.
    """
    form = _migrate.form_of(connection, database)
    if form is None:
        raise _nothing(database)
    if form != _migrate.HEAD:
        raise StoreError(
            database.name,
            f"have tables of today's form {_migrate.HEAD}",
            f"form {form}",
            "It is as it was: `geo-match store init` brings it to today's form.",
        )


def _nothing(database: Database) -> StoreError:
    return StoreError(
        database.name, "be a store", "nothing there", "`geo-match store init` makes one."
    )
