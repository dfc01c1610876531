"""Bringing a store's tables to the form that this geo_match works with."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Final

from sqlalchemy import inspect, text

from geo_match.store.errors import StoreError
from geo_match.store.schema import postgis as _postgis
from geo_match.store.schema.images import Forms
from geo_match.store.schema.tables import APPLICATION_ID

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from geo_match.store.database import Database

HEAD: Final = "0009"
"""The newest form, by the number of the migration that makes it."""
_FIRST: Final = "0001"
_FIRST_VERSION: Final = 1
"""What files of the first form have as `user_version`, from before there were migrations."""
_LOCK: Final = 0x67656F6D
"""Of PostgreSQL's advisory locks: held while tables are made."""


def prepare(database: Database) -> Forms:
    """Check that a database is a store, or make one of it; return the forms of its images.

    An older one is brought to today's form.

    Raises
    ------
    StoreError
        If it is no store, or one of a newer geo_match.
    """
    with database.reading() as connection:
        is_made = is_current(connection, database) and not Forms.are_missing(connection)
        forms = Forms.of(connection) if is_made else None
    database.keep_log()
    return (
        database.write(lambda connection: _make(connection, database)) if forms is None else forms
    )


def _make(connection: Connection, database: Database) -> Forms:
    migrate(connection, database)
    Forms.make_current(connection)
    return Forms.of(connection)


def form_of(connection: Connection, database: Database) -> str | None:
    """Return the form of a store's tables; None if nothing is there.

    Raises
    ------
    StoreError
        If what is there is no store.
    """
    if database.is_file:
        mark = connection.exec_driver_sql("PRAGMA application_id").scalar()
        if mark == APPLICATION_ID and not _has_table(connection, "alembic_version"):
            version = connection.exec_driver_sql("PRAGMA user_version").scalar()
            if version == _FIRST_VERSION:
                return _FIRST
            raise StoreError(
                database.name,
                f"be of version {_FIRST_VERSION}, or say the form of its tables",
                f"version {version}",
                "Use the geo_match that made it.",
            )
        if mark != APPLICATION_ID and inspect(connection).get_table_names():
            raise StoreError(
                database.name,
                "be a store of geo_match or not exist yet",
                "another SQLite database",
                "Name another file.",
            )
    if not _has_table(connection, "alembic_version"):
        return None
    form = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if not _has_table(connection, "imports") and form is not None:
        raise StoreError(
            database.name,
            "be a store of geo_match or have no tables",
            "the tables of another program",
            "Name another database.",
        )
    if form is not None and form > HEAD:
        raise StoreError(
            database.name,
            f"have tables of form {HEAD} or older",
            f"form {form}",
            "Use the geo_match that made it, or a newer one.",
        )
    return form


def is_current(connection: Connection, database: Database) -> bool:
    """Return whether `migrate` would do nothing.

    Raises
    ------
    StoreError
        If what is there is no store, or one of a newer form.
    """
    if form_of(connection, database) != HEAD:
        return False
    return database.is_file or not _postgis.missing(connection)


def migrate(connection: Connection, database: Database) -> None:
    """Bring the tables to the newest form, within a writing transaction.

    On PostgreSQL they get columns of shapes, too, where PostGIS is there or may be brought.
    """
    if not database.is_file:
        # Two that make the same tables would fail each other half-way.
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    form = form_of(connection, database)
    if form != HEAD:
        _upgrade(connection, database, form)
    if not database.is_file:
        if form != HEAD:
            _postgis.create_extension(connection)
        _postgis.add_shapes(connection)


def _upgrade(connection: Connection, database: Database, form: str | None) -> None:
    from alembic import command  # noqa: PLC0415 - slow to import, needed once in a store's life
    from alembic.config import Config  # noqa: PLC0415 - as above

    config = Config()
    config.set_main_option(
        "script_location", str(resources.files("geo_match.store.schema").joinpath("migrations"))
    )
    config.attributes["connection"] = connection
    if form == _FIRST and not _has_table(connection, "alembic_version"):
        command.stamp(config, _FIRST)
    command.upgrade(config, "head")
    if database.is_file:
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")


def _has_table(connection: Connection, name: str) -> bool:
    return inspect(connection).has_table(name)
