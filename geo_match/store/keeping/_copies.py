"""Copies of a store: made ready in a folder of their own, and put in their place when complete."""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
import tempfile
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Integer, delete, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from geo_match.store import errors
from geo_match.store.database.driver import sqlite_module
from geo_match.store.database.sqlite import naming
from geo_match.store.schema.tables import METADATA

_HAS_LOCKS: Final = sys.platform != "win32"
if _HAS_LOCKS:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

_PAGES: Final = 2_000  # of 4 KiB a step: other threads get the interpreter between steps
_ROWS: Final = 5_000  # in memory as objects
_SUFFIX: Final = ".unfinished"
_LOCK: Final = "lock"
_CODES: Final = {
    "database disk image is malformed": sqlite3.SQLITE_CORRUPT,
    "file is not a database": sqlite3.SQLITE_NOTADB,
    "database or disk is full": sqlite3.SQLITE_FULL,
}
"""By what SQLite says: the error of a backup has no code in every driver."""
_SOURCE_IS_BAD: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


@contextmanager
def staging(target: Path, *, before_last: Path | None = None) -> Iterator[Path]:
    """Give a folder beside a file, in which that file is made ready; it vanishes with the block.

    Only its owner may enter it. One that a killed process left is removed by the next that makes
    the same file: it may hold records of persons.

    Parameters
    ----------
    target
        The file.
    before_last
        A file that is put in its place before `target` is. If a killed process did that, and it is
        the same file as in the folder that was left, it is removed, too.

    Raises
    ------
    StoreError
        If it cannot be made.
    """
    parent = target.parent
    try:
        _sweep(target, before_last)
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", suffix=_SUFFIX, dir=parent))
    except OSError as error:
        raise _of_system(target, error) from error
    try:
        with _held(folder):
            yield folder
    finally:
        _remove(folder)


def copy_file(source: Path, target: Path) -> None:
    """Copy a SQLite file as it is at one moment, by SQLite's own backup, into one new file.

    Others may write meanwhile: the copy reads from one transaction's view, so it neither waits for
    them nor begins anew when they commit. The copy has no write-ahead log.

    Raises
    ------
    StoreError
        If the source is damaged, or the target's disk is full, or the like.
    """
    sqlite = sqlite_module()
    try:
        with (
            closing(sqlite.connect(str(source), isolation_level=None)) as old,
            closing(sqlite.connect(str(target), isolation_level=None)) as new,
        ):
            old.execute("BEGIN")
            old.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the view begins here
            old.backup(new, pages=_PAGES)
            old.execute("COMMIT")
            new.execute("PRAGMA journal_mode=DELETE")
    except sqlite.Error as error:
        code = getattr(error, "sqlite_errorcode", _CODES.get(str(error), -1)) & 0xFF
        error.sqlite_errorcode = code
        with naming(source if code in _SOURCE_IS_BAD else target):
            raise DBAPIError("backup", None, error) from error


def drop_log(path: Path) -> None:
    """Let a SQLite file that nobody else has open be one file, without a write-ahead log."""
    sqlite = sqlite_module()
    with closing(sqlite.connect(str(path), isolation_level=None)) as opened:
        opened.execute("PRAGMA journal_mode=DELETE")


def copy_tables(source: Connection, target: Connection) -> None:
    """Replace all rows of a store's tables by those of another store, which may lie elsewhere."""
    streamed = source.execution_options(yield_per=_ROWS)
    for table in METADATA.sorted_tables:
        target.execute(delete(table))
        for rows in streamed.execute(select(table)).mappings().partitions():
            target.execute(insert(table), [dict(row) for row in rows])
    if target.dialect.name == "postgresql":
        _set_counters(target)


def place_new(made: Path, target: Path) -> None:
    """Give a file that is complete its name, which no other has.

    Raises
    ------
    StoreError
        If another file came by that name meanwhile.
    """
    try:
        os.link(made, target)  # which, other than a rename, never replaces a file
    except FileExistsError:
        raise _exists(target) from None
    except OSError:  # a disk without links
        check_new(target)
        made.rename(target)
    sync_folder(target)


def replace_kept(made: Path, target: Path, aside: Path) -> None:
    """Put a file that is complete in another's place, and keep that one under a name of its own.

    There is no moment at which neither is there: a program that opens the target then would make
    an empty one.

    Raises
    ------
    StoreError
        If the disk does not let a file have two names.
    """
    try:
        os.link(target, aside)
    except OSError as error:
        raise _of_system(aside, error) from error
    made.replace(target)
    sync_folder(target)


def check_new(path: Path) -> None:
    """Check that a file is not there yet, and its folder is.

    Raises
    ------
    StoreError
        If it is not so.
    """
    if not path.parent.is_dir():
        raise errors.StoreError(path, "lie in a folder that is there", "none", "Make it first.")
    if path.exists() or path.is_symlink():
        raise _exists(path)


def check_no_rests(path: Path) -> None:
    """Check that no log lies beside a file that is to come: SQLite would play it into that one.

    Raises
    ------
    StoreError
        If one does.
    """
    for end in ("-wal", "-journal"):
        rest = path.with_name(f"{path.name}{end}")
        if rest.exists() and rest.stat().st_size:
            raise errors.StoreError(
                path,
                "have no log of an earlier store beside it",
                str(rest),
                "If that store is gone, remove it; else put the store back.",
            )


def sync_folder(path: Path) -> None:
    """Wait until the name of a file is on the disk."""
    if sys.platform == "win32":
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _exists(path: Path) -> errors.StoreError:
    return errors.StoreError(path, "be a new file", "one that is there", "Name another.")


def _of_system(target: Path, error: OSError) -> errors.StoreError:
    if error.errno == errno.ENOSPC:
        return errors.StoreFullError(
            target, "have room on its disk", str(error), "Free space there; nothing was written."
        )
    if error.errno in {errno.EACCES, errno.EROFS, errno.EPERM}:
        return errors.StoreReadOnlyError(
            target, "lie in a folder that is writable", str(error), "Give yourself the right to."
        )
    return errors.StoreError(target, "be a file that can be made", str(error))


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Let others know that a process works in a folder, until it ends in whatever way."""
    if not _HAS_LOCKS:
        yield
        return
    with (folder / _LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _sweep(target: Path, before_last: Path | None) -> None:
    """Remove what killed processes left beside a file."""
    if not _HAS_LOCKS:
        return
    for folder in target.parent.glob(f".{_plain(target.name)}-*{_SUFFIX}"):
        try:
            with (folder / _LOCK).open() as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if before_last is not None and _is_same(folder / before_last.name, before_last):
                    before_last.unlink()
                _remove(folder)
        except FileNotFoundError:  # killed before it was held, or when all else was removed
            with suppress(OSError):
                folder.rmdir()
        except OSError:  # at work, or another's
            continue


def _is_same(one: Path, other: Path) -> bool:
    """Return whether two names are of one file that is there."""
    try:
        return one.samefile(other)
    except FileNotFoundError:
        return False


def _remove(folder: Path) -> None:
    """Remove a folder, its lock last: if this is killed, too, the next knows it by that."""
    with suppress(OSError):
        for one in folder.iterdir():
            if one.name != _LOCK:
                one.unlink()
        (folder / _LOCK).unlink(missing_ok=True)
        folder.rmdir()


def _plain(name: str) -> str:
    """Return a name in which nothing has a meaning of a pattern's."""
    return "".join(f"[{one}]" if one in "*?[" else one for one in name)


def _set_counters(connection: Connection) -> None:
    """Let PostgreSQL number new rows after those that were copied."""
    for table in METADATA.sorted_tables:
        for column in table.primary_key:
            if not isinstance(column.type, Integer):
                continue
            counter = connection.execute(
                text("SELECT pg_get_serial_sequence(:name, :column)"),
                {"name": table.name, "column": column.name},
            ).scalar()
            last = connection.execute(select(func.max(column))).scalar()
            if counter is not None and last is not None:
                connection.execute(select(func.setval(counter, last)))
