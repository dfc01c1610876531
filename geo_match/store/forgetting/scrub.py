"""Leaving nothing of what was erased on the disk, so far as a database can.

What SQLite deletes it overwrites (`secure_delete`), but not the copies that stay where a page was
split: a row that moved to the page beside leaves its bytes in the unused middle of the old one. So
the file is written anew, and its log is emptied, in which older pages stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from geo_match.store.database import postgres as _postgres
from geo_match.store.database import sqlite as connection
from geo_match.store.database.turn import Turn
from geo_match.store.errors import StoreBusyError
from geo_match.store.schema.images import PERSONS

if TYPE_CHECKING:
    from geo_match.store.database import Database

_TABLES: Final = (*sorted(PERSONS), "changes", "imports", "restricted")


def scrub(database: Database) -> bool:
    """Remove what is left of deleted rows from a store's file and log, or from PostgreSQL's tables.

    A file is written anew, which takes as much room beside it, and in SQLite's folder for temporary
    files, as it has itself; others may read meanwhile, and wait to write. On PostgreSQL dead rows
    are removed (VACUUM); their bytes may stay in a page until others take their place (VACUUM FULL
    ends that), and the server's own log, its archive and its standbys keep what they have.

    Returns
    -------
    bool
        False if the log could not be emptied within the busy timeout since someone still reads in
        it: to be done once more then. Backups, and copies that a file system makes, stay.

    Raises
    ------
    StoreError
        If the store is busy, damaged, or on a full disk; what was erased stays erased.
    """
    if database.path is None:
        _vacuum_server(database)
        return True
    with connection.naming(database.path), database.engine.connect() as opened:
        outside = opened.execution_options(geo_match_begin=None)  # not to be run in a transaction
        with Turn(database.path).waiting():
            outside.exec_driver_sql("VACUUM")
        busy, _, _ = outside.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return not busy


def _vacuum_server(database: Database) -> None:
    try:
        with _postgres.naming(database.name), database.engine.connect() as opened:
            outside = opened.execution_options(isolation_level="AUTOCOMMIT")
            outside.exec_driver_sql(f"VACUUM {', '.join(_TABLES)}")
    except _postgres.RacedError as error:
        raise StoreBusyError(
            database.name, "be free to remove dead rows", str(error), "Try again."
        ) from error
