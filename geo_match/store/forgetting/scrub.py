"""Leaving nothing of what was erased on the disk, so far as a database can.

What SQLite deletes it overwrites (`secure_delete`), but not the copies that stay where a page was
split: a row that moved to the page beside leaves its bytes in the unused middle of the old one. So
the file is written anew, and its log is emptied, in which older pages stand.

PostgreSQL overwrites nothing: a deleted row stays in its page until another takes the place. So the
tables are written anew (VACUUM FULL). While anyone has a snapshot from before, a replication slot
of a standby among them, a deleted row goes along into the new table: the server counts these, and
by its count it is told whether nothing is left.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from geo_match.store.database import postgres as _postgres
from geo_match.store.database import sqlite as connection
from geo_match.store.database.turn import Turn
from geo_match.store.errors import StoreBusyError
from geo_match.store.schema.images import PERSONS

if TYPE_CHECKING:
    from psycopg.errors import Diagnostic

    from geo_match.store.database import Database

_TABLES: Final = (*sorted(PERSONS), "changes", "imports", "restricted")
_WAITING_MS: Final = 1_000
"""At most: others queue behind who waits for a table to be theirs alone."""
_SHORTLY: Final = (
    f"SELECT set_config('lock_timeout', least(nullif(setting::int, 0), {_WAITING_MS})::text, false)"  # noqa: S608 - our own number
    " FROM pg_settings WHERE name = 'lock_timeout'"
)


def scrub(database: Database) -> bool:
    """Remove what is left of deleted rows from a store's file and log, or from PostgreSQL's tables.

    A file is written anew, which takes as much room beside it, and in SQLite's folder for temporary
    files, as it has itself; others may read meanwhile, and wait to write. On PostgreSQL the tables
    that tell of persons and the feed are written anew, one by one, which takes as much room as the
    largest; others wait meanwhile, readers, too. The samples that its planner keeps of them are
    drawn anew.

    Not reached: backups, and copies that a file system or a disk makes. Of a server also its own
    log and its archive, its standbys, and former samples until it vacuums its catalogue.

    Returns
    -------
    bool
        Whether nothing is left. False if someone was in the way: of a file, if its log could not be
        emptied within the busy timeout since someone still reads in it; in PostgreSQL, if someone
        used a table for more than a second or could still see what was deleted. It is to be done
        once more then. Also False if a table is another role's: its owner must do it.

    Raises
    ------
    StoreError
        If the store is busy, damaged, or on a full disk; what was erased stays erased.
    """
    if database.path is None:
        return _write_tables_anew(database)
    with connection.naming(database.path), database.engine.connect() as opened:
        outside = opened.execution_options(geo_match_begin=None)  # not to be run in a transaction
        with Turn(database.path).waiting():
            outside.exec_driver_sql("VACUUM")
        busy, _, _ = outside.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    return not busy


def _write_tables_anew(database: Database) -> bool:
    left: list[int] = []

    def hear(said: Diagnostic) -> None:
        # Of each table that was written anew, in the server's language: "0 dead row versions cannot
        # be removed yet." Of one that is another role's there is a warning without such a detail.
        number = re.match(r"\d+", said.message_detail or "")
        if number is not None and said.severity_nonlocalized == "INFO":
            left.append(int(number[0]))

    try:
        with _postgres.naming(database.name), database.engine.connect() as opened:
            outside = opened.execution_options(isolation_level="AUTOCOMMIT")
            driver = opened.connection.driver_connection
            if driver is None:  # a connection that was just opened has one
                return False
            driver.add_notice_handler(hear)
            outside.exec_driver_sql(_SHORTLY)
            try:
                outside.exec_driver_sql(f"VACUUM (FULL, VERBOSE, ANALYZE) {', '.join(_TABLES)}")
            finally:
                outside.exec_driver_sql("RESET lock_timeout")
                driver.remove_notice_handler(hear)
    except (StoreBusyError, _postgres.RacedError):
        return False
    return len(left) == len(_TABLES) and not any(left)
