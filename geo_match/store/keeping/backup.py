"""Backups: a store as it was at one moment, in one SQLite file.

A backup is always a SQLite file, also of a store in PostgreSQL, and can be restored to either. It
appears under its name when it is complete and verified. What a killed process leaves has other
names, in a folder that the next run removes.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo_match.store.database import Database
from geo_match.store.errors import StoreError
from geo_match.store.keeping._audit_copies import audit_of, copy_audit
from geo_match.store.keeping._copies import check_new, copy_file, copy_tables, place_new, staging
from geo_match.store.keeping._making import BUSY_TIMEOUT_S, about, sound
from geo_match.store.schema import migrate as _migrate
from geo_match.store.writing.imports import forget_reports
from geo_match.store.writing.writer import utc_now

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds.

    Parameters
    ----------
    path
        Its file.
    records, changes
        How many there are.
    audit
        The file of the audit's copy beside it; None if the store has no audit.
    broken
        As in `Verified`: records that break rules are in it as they are in the store.
    """

    path: Path
    records: int
    changes: int
    audit: Path | None
    broken: tuple[str, ...] = ()


def back_up(database: Database, out: Path) -> BackedUp:
    """Copy a store, as it is at one moment, into a new file; others may write meanwhile.

    Parameters
    ----------
    database
        Of a store in today's form.
    out
        A new file. The copy of the audit is put beside it, under its name with `.audit`.

    Raises
    ------
    StoreCorruptError
        If the store is damaged; there is no backup then.
    StoreError
        If a file of that name is there, or it cannot be written.
    """
    audit = audit_of(out)
    check_new(out)
    with staging(out, before_last=audit) as folder:
        check_new(audit)
        made = folder / out.name
        with about(made, source=database.name, room=str(out)):
            if database.path is None:
                _copy_server(database, made)
                made.chmod(0o600)
            else:
                copy_file(database.path, made)
                shutil.copymode(database.path, made)
            _forget_reports(made)
            held = sound(made)
            # After the store: the audit tells of each read of what the backup holds.
            has_audit = copy_audit(database, made)
        # The backup comes last: where it is, it is whole. One that is killed before leaves the
        # audit, which the next run takes back.
        if has_audit:
            place_new(audit_of(made), audit)
        try:
            place_new(made, out)
        except StoreError:  # another file came by that name
            if has_audit:
                audit.unlink()
            raise
    return BackedUp(out, held.records, held.changes, audit if has_audit else None, held.broken)


def _forget_reports(made: Path) -> None:
    """Forget in a copy what was told of imports longer ago than a day: it is kept for long."""
    database = Database.of(made, busy_timeout_s=BUSY_TIMEOUT_S)
    try:
        database.write(lambda connection: forget_reports(connection, at=utc_now()))
    finally:
        database.close()


def _copy_server(database: Database, made: Path) -> None:
    new = Database.of(made, busy_timeout_s=BUSY_TIMEOUT_S)
    try:
        with database.reading() as source:

            def act(connection: Connection) -> None:
                _migrate.migrate(connection, new)
                copy_tables(source, connection)

            new.write(act)
    finally:
        new.close()
