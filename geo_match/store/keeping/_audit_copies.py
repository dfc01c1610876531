"""Copies of the audit beside a backup: what was read of persons is kept as the store is."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, inspect, select

from geo_match.store.audit._database import open_database
from geo_match.store.audit._table import AUDIT
from geo_match.store.keeping._copies import copy_file, drop_log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL

    from geo_match.store.audit._database import AuditDatabase
    from geo_match.store.database import Database

_ROWS: Final = 5_000
_BUSY_TIMEOUT_S: Final = 30.0


def audit_of(store: Path) -> Path:
    """Return the file of the audit of a store's file."""
    return Path(f"{store}.audit")


def copy_audit(database: Database, made: Path) -> bool:
    """Copy a store's audit into the file of the audit of `made`; return whether there is one."""
    if database.path is not None:
        source = audit_of(database.path)
        if not source.exists():
            return False
        return copy_audit_file(source, made)
    with database.reading() as connection:
        if not inspect(connection).has_table(AUDIT.name):
            return False
    with _opened(database.engine.url) as old, _opened(made) as new:
        _copy_entries(old, new)
    drop_log(audit_of(made))
    audit_of(made).chmod(0o600)
    return True


def copy_audit_file(source: Path, made: Path) -> bool:
    """Copy the file of an audit into that of the audit of `made`.

    Raises
    ------
    StoreError
        If it is no audit.
    """
    copy_file(source, audit_of(made))
    audit_of(made).chmod(source.stat().st_mode & 0o777)
    with _opened(made):
        return True


def fill_audit(backup: Path, server: URL) -> bool:
    """Copy a backup's audit into a server's table; return whether that was empty, and now is not.

    Entries that are there are left alone: they are the record of what was read.
    """
    with _opened(server) as target:
        with target.reading() as connection:
            if connection.execute(select(func.count()).select_from(AUDIT)).scalar_one():
                return False
        with _opened(backup) as source:
            _copy_entries(source, target)
    return True


@contextmanager
def _opened(store: Path | URL) -> Iterator[AuditDatabase]:
    """Give the audit of a store, and let go of it."""
    opened = open_database(store, busy_timeout_s=_BUSY_TIMEOUT_S)
    try:
        yield opened
    finally:
        opened.release()


def _copy_entries(source: AuditDatabase, target: AuditDatabase) -> None:
    """Copy all entries in their order."""
    with source.reading() as old, target.writing() as new:
        entries = old.execution_options(yield_per=_ROWS).execute(
            select(AUDIT).order_by(AUDIT.c.number)
        )
        for rows in entries.mappings().partitions():
            new.execute(insert(AUDIT), [_in_utc(dict(row)) for row in rows])


def _in_utc(entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry whose moment says that it is UTC: SQLite keeps no zone."""
    at: dt.datetime = entry["noted_at"]
    zoned = at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)
    return {**entry, "noted_at": zoned}
