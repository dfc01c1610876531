"""Restoring: a store made of a backup, in another epoch, and without who was erased since."""

from __future__ import annotations

import secrets
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import exists, select, update

from geo_match.store.database import Database
from geo_match.store.database.sqlite import naming
from geo_match.store.database.urls import url_of
from geo_match.store.errors import StoreBusyError, StoreCorruptError, StoreError
from geo_match.store.keeping._audit_copies import audit_of, copy_audit_file, fill_audit
from geo_match.store.keeping._copies import (
    check_new,
    check_no_rests,
    copy_file,
    copy_tables,
    place_new,
    replace_kept,
    staging,
)
from geo_match.store.keeping._making import BUSY_TIMEOUT_S, about, sound
from geo_match.store.keeping._replay import erase_again
from geo_match.store.keeping.looking import check_form
from geo_match.store.keys.restoring import RestoredKeys, restore_keys
from geo_match.store.reading.feed import head
from geo_match.store.schema import migrate as _migrate
from geo_match.store.schema.tables import CHANGES, FEED, KEY_LENGTH

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

    from geo_match.store.keeping.verify import Verified
    from geo_match.store.reading.feed import Cursor

_WITHOUT_KEYS: Final = {"0001"}
"""Forms whose records get keys when they are brought to today's: tombstones do not name them."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of a backup.

    Parameters
    ----------
    name
        Of the store: its path, or its URL without the password.
    records, changes
        How many there are.
    cursor
        The place after its last change, in its new epoch.
    erased
        How many keys were erased again.
    aside
        Where the store that was there is now; None if there was none.
    audit
        "kept" if an audit was there and left alone, "copied" if that of the backup was taken,
        "none" if there was neither.
    keys
        How many keys are not revoked, and how many were revoked again since they have been after
        the backup. All sessions have ended.
    broken
        As in `Verified`: records that break rules are in it as they were in the backup.
    """

    name: str
    records: int
    changes: int
    cursor: Cursor
    erased: int
    aside: Path | None
    audit: Literal["kept", "copied", "none"]
    keys: RestoredKeys
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Ready:
    """A store that is made and not in its place yet.

    Parameters
    ----------
    held
        What was found in it.
    cursor, erased, keys
        As in `Restored`.
    """

    held: Verified
    cursor: Cursor
    erased: int
    keys: RestoredKeys

    def told(
        self, name: str, aside: Path | None, audit: Literal["kept", "copied", "none"]
    ) -> Restored:
        """Return what became of it, now that it has its name."""
        held = self.held
        return Restored(
            name,
            held.records,
            held.changes,
            self.cursor,
            self.erased,
            aside,
            audit,
            self.keys,
            held.broken,
        )


def restore(
    backup: Path,
    target: str | Path,
    *,
    replace: bool,
    erased: str | Path | None,
    busy_timeout_s: float,
    clock: Callable[[], dt.datetime],
) -> Restored:
    """Make a store of a backup; `Store.restore` says how, and what may go wrong."""
    _check_backup(backup)
    where = url_of(target)
    if not isinstance(where, Path):
        return _restore_to_server(backup, str(target), erased, busy_timeout_s, clock)
    if not (replace and where.exists()):
        _check_target(where)
    elif where.samefile(backup):
        raise StoreError(where, "be another file than the backup", "the same", "Name another.")
    with staging(where) as folder, ExitStack() as held:
        newer = []
        if erased is not None and not _is_file(erased, where):
            newer.append(_tombstones(erased, held))
        aside = None
        if where.exists():
            aside = _free_name(where, clock())
            newer.append(held.enter_context(_alone(where, aside, busy_timeout_s)))
        made = folder / where.name
        with about(made, source=str(backup), room=str(where)):
            ready = _make_ready(backup, made, newer, clock)
            audit = _copy_back(backup, where, made)
        made.chmod((backup if aside is None else where).stat().st_mode & 0o777)
        check_no_rests(where)
        if audit == "copied":
            place_new(audit_of(made), audit_of(where))
        if aside is None:
            place_new(made, where)
        else:
            replace_kept(made, where, aside)
    return ready.told(str(where), aside, audit)


def _restore_to_server(
    backup: Path,
    target: str,
    erased: str | Path | None,
    busy_timeout_s: float,
    clock: Callable[[], dt.datetime],
) -> Restored:
    database = Database.of(target, busy_timeout_s=busy_timeout_s)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as held:
        held.callback(database.close)
        with database.reading() as connection:
            _check_empty(connection, database)
        newer = [_tombstones(erased, held)] if erased is not None else []
        made = Path(folder, backup.name)
        with about(made, source=str(backup), room=folder):
            ready = _make_ready(backup, made, newer, clock)
        source = Database.of(made, busy_timeout_s=BUSY_TIMEOUT_S)
        held.callback(source.close)
        with source.reading() as old:

            def act(connection: Connection) -> None:
                _check_empty(connection, database)
                _migrate.migrate(connection, database)
                copy_tables(old, connection)

            database.write(act)
        audit: Literal["kept", "copied", "none"] = "none"
        if audit_of(backup).exists():
            copy_audit_file(audit_of(backup), made)
            audit = "copied" if fill_audit(made, database.engine.url) else "kept"
    return ready.told(database.name, None, audit)


def _make_ready(
    backup: Path, made: Path, newer: list[Connection], clock: Callable[[], dt.datetime]
) -> _Ready:
    """Make a whole store of a backup, in today's form and another epoch, without the erased."""
    copy_file(backup, made)
    database = Database.of(made, busy_timeout_s=BUSY_TIMEOUT_S)
    try:
        with database.reading() as connection:
            if _migrate.form_of(connection, database) in _WITHOUT_KEYS and any(map(_erased, newer)):
                raise _without_keys(backup)
        _migrate.prepare(database)
        held = sound(made)
        epoch = secrets.token_hex(KEY_LENGTH // 2)
        database.write(lambda connection: connection.execute(update(FEED).values(epoch=epoch)))
        keys = database.write(lambda connection: restore_keys(connection, newer))
        n = sum(erase_again(other, database, clock) for other in newer)
        if n:
            held = sound(made)
        with database.reading() as connection:
            cursor = head(connection).cursor
    finally:
        database.close()
    check_no_rests(made)  # closing it has taken the log in
    return _Ready(held, cursor, n, keys)


def _copy_back(backup: Path, target: Path, made: Path) -> Literal["kept", "copied", "none"]:
    """Copy a backup's audit beside the store that is made, unless the target has one."""
    if audit_of(target).exists():
        return "kept"
    if not audit_of(backup).exists():
        return "none"
    copy_audit_file(audit_of(backup), made)
    _keep_log(audit_of(made), BUSY_TIMEOUT_S)
    return "copied"


def _keep_log(path: Path, busy_timeout_s: float) -> None:
    database = Database.of(path, busy_timeout_s=busy_timeout_s)
    try:
        database.keep_log()
    finally:
        database.close()


def _check_backup(backup: Path) -> None:
    """Check that a file is a store, and no newer one than this geo_match knows.

    Raises
    ------
    StoreError
        If it is not so; by its subclass if it is damaged.
    """
    if not backup.is_file():
        raise StoreError(backup, "be the file of a backup", "none", "Is its name right?")
    database = Database.of(backup, busy_timeout_s=BUSY_TIMEOUT_S)
    try:
        with database.reading() as connection:
            form = _migrate.form_of(connection, database)
    finally:
        database.close()
    if form is None:
        raise StoreError(backup, "be a backup", "a database without a store", "Name another.")


def _check_target(path: Path) -> None:
    if path.exists():
        raise StoreError(
            path,
            "be new",
            "a file that is there",
            "Name another, or replace it (--replace): it is kept under another name.",
        )
    check_new(path)
    check_no_rests(path)


def _check_empty(connection: Connection, database: Database) -> None:
    if _migrate.form_of(connection, database) is not None:
        raise StoreError(
            database.name,
            "be an empty database",
            "a store that is there",
            "Make another database, restore to it with --erased and this URL, and let the "
            "programs use it.",
        )


def _tombstones(erased: str | Path, held: ExitStack) -> Connection:
    """Return a reading connection to the store whose erasures are made again."""
    where = url_of(erased)
    if isinstance(where, Path) and not where.is_file():
        raise StoreError(where, "be a store whose erasures are made again", "none")
    database = Database.of(erased, busy_timeout_s=BUSY_TIMEOUT_S)
    held.callback(database.close)
    connection = held.enter_context(database.reading())
    check_form(connection, database)
    return connection


def _is_file(store: str | Path, path: Path) -> bool:
    """Return whether a store's path or URL names a file that is there, however it is spelt."""
    where = url_of(store)
    return isinstance(where, Path) and where.exists() and path.exists() and where.samefile(path)


def _erased(newer: Connection) -> bool:
    """Return whether a store has erased anything."""
    return newer.execute(select(exists().where(CHANGES.c.op == "erase"))).scalar_one()


def _without_keys(backup: Path) -> StoreError:
    return StoreError(
        backup,
        "know its records by keys, so that the erasures since can be made again",
        "a store from before there were keys",
        "Restore it to another name, erase again there who has asked for it, and use that one.",
    )


def _free_name(path: Path, now: dt.datetime) -> Path:
    """Return a name that nothing has yet for a store that is kept aside."""
    stem = f"{path.name}.before-{now:%Y%m%dT%H%M%SZ}"
    found, n = path.with_name(stem), 1
    while found.exists():
        n += 1
        found = path.with_name(f"{stem}-{n}")
    return found


@contextmanager
def _alone(path: Path, aside: Path, busy_timeout_s: float) -> Iterator[Connection]:
    """Hold a store that nobody else may use until it is replaced, and read from it.

    It is without a log meanwhile, so that it is one file, and what is put in its place meets none.
    SQLite lets go of the log only if nobody else has the store open.

    Raises
    ------
    StoreBusyError
        If another program has it open.
    StoreCorruptError
        If it is damaged.
    """
    try:
        database = Database.of(path, busy_timeout_s=busy_timeout_s)
        try:
            _migrate.prepare(database)
            database.close()  # its connections would be in the way
            with naming(path), database.engine.connect() as opened:
                outside = opened.execution_options(geo_match_begin=None)
                outside.exec_driver_sql("PRAGMA journal_mode=DELETE")
                outside.exec_driver_sql("BEGIN EXCLUSIVE")
                yield outside
        finally:
            database.close()
            # It has another name now, if all went well.
            _keep_log(aside if aside.exists() else path, busy_timeout_s)
    except StoreBusyError as error:
        if error.store != str(path):
            raise
        raise StoreBusyError(
            path,
            "be used by no other program while it is replaced",
            error.found,
            "Stop the servers and imports that have it open.",
        ) from error
    except StoreCorruptError as error:
        if error.store != str(path):
            raise
        raise StoreCorruptError(
            path,
            "be readable, so that the erasures since the backup can be made again",
            error.found,
            "Move it away, restore to its name, and erase again who has asked for it since the "
            "backup.",
        ) from error
