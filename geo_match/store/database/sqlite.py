"""Connections to a store's file: how each is set up, its transactions, and what may go wrong.

Every connection works with a write-ahead log and `synchronous=FULL`, so that a commit that
returned is on the disk. A writing transaction takes the write lock at its beginning: two writers
wait for each other then, and neither fails half-way for the other. What is deleted is overwritten
(`secure_delete`).
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from geo_match.store import errors
from geo_match.store.database.driven import Bare
from geo_match.store.database.driver import sqlite_module
from geo_match.store.database.turn import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from sqlalchemy import Connection, PoolProxiedConnection

    from geo_match.store.database.driven import Driven

_PRIMARY_CODE = 0xFF  # SQLite's extended codes carry the primary one in their lowest byte
_FULL: Final = 2  # what SQLite calls `synchronous=FULL`
_TRY_S: Final = 0.001
_WAITS_S: Final = "geo_match_waits_s"
_BUSY_TIMEOUT_S: Final = "geo_match_busy_timeout_s"
_CONNECTIONS: Final = 15
"""Connections at once. All are kept: one beyond those that are would be made and set up anew, and
read the whole schema, for each transaction."""
_IMMEDIATE: Final = "BEGIN IMMEDIATE"
_LOG_PAGES: Final = 4_000  # of 4 KiB: a long log costs readers, a short one a sync each few commits
_LEAST_FREE: Final = 65_536  # bytes; the log's index grows by 32 KiB
_NAMED: dict[int, tuple[type[errors.StoreError], str, str]] = {
    sqlite3.SQLITE_BUSY: (
        errors.StoreBusyError,
        "be free for writing",
        "Another process is writing to it: wait for it to end, and try again.",
    ),
    sqlite3.SQLITE_READONLY: (
        errors.StoreReadOnlyError,
        "be writable",
        "Give yourself the right to write to the file and its folder.",
    ),
    sqlite3.SQLITE_FULL: (
        errors.StoreFullError,
        "have room on its disk",
        "Free space there; nothing of this was written.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        errors.StoreCorruptError,
        "be sound",
        "Restore it from a backup.",
    ),
    sqlite3.SQLITE_NOTADB: (
        errors.StoreCorruptError,
        "be a SQLite database",
        "Is it the right file?",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        errors.StoreError,
        "be a file that can be opened or made",
        "Does its folder exist, and may you write to it?",
    ),
}


def make_engine(path: Path, *, busy_timeout_s: float) -> Engine:
    """Return an engine whose connections are all set up as this module says."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=sqlite_module(),
        hide_parameters=True,  # an error must not show what a record holds
        connect_args={"timeout": busy_timeout_s},
        execution_options={_BUSY_TIMEOUT_S: busy_timeout_s},
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_use_lifo=True,  # the one that was used last knows the most statements
        pool_timeout=busy_timeout_s,
    )
    event.listen(engine, "connect", lambda connection, _: set_up(connection, path))
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def reading(engine: Engine, path: Path) -> Iterator[Connection]:
    """Give a connection on which everything is read as of one moment."""
    with naming(path), engine.connect() as connection, connection.begin():
        yield connection


def rows(engine: Engine, path: Path, text: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows of one SELECT, which SQLite reads as of one moment by itself.

    A transaction of SQLAlchemy around it would take several times as long as it.
    """
    with naming(path):
        kept = engine.raw_connection()
        try:
            _wait_at_most(kept, engine.get_execution_options()[_BUSY_TIMEOUT_S])
            cursor = kept.cursor()
            cursor.execute(text, values)
            return list(cursor.fetchall())
        except sqlite_module().Error:
            # The driver keeps statements, and one that failed may find nothing the next time.
            kept.invalidate()
            raise
        finally:
            kept.close()  # back to the others


@contextmanager
def writing(engine: Engine, path: Path) -> Iterator[Connection]:
    """Give a connection that has the write lock; commit at the end, or undo all on any error."""
    with naming(path), engine.connect() as connection:
        immediate = connection.execution_options(geo_match_begin=_IMMEDIATE)
        with Turn(path).waiting():
            transaction = immediate.begin()
        with transaction:
            yield immediate


@contextmanager
def writing_barely(engine: Engine, path: Path) -> Iterator[Driven]:
    """Do as `writing`, without SQLAlchemy: it takes as long as a small transaction itself."""
    with naming(path):
        kept = engine.raw_connection()
        try:
            with Turn(path).waiting():
                _begin_writing(kept, engine.get_execution_options()[_BUSY_TIMEOUT_S])
            yield Bare(kept, engine.dialect)
            kept.commit()
        except sqlite_module().Error:  # as in `rows`
            kept.invalidate()
            raise
        finally:
            kept.close()  # undoes what was not committed


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Turn what SQLite says into an error that names the store, the cause and the remedy.

    Raises
    ------
    StoreError
        Instead of any error of the driver.
    """
    try:
        yield
    except PoolTimeoutError as error:
        raise errors.of_full_pool(path) from error
    except (DBAPIError, sqlite_module().Error) as error:  # the latter while rows are fetched
        said = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(said, "sqlite_errorcode", None)
        if code is not None and code & _PRIMARY_CODE == sqlite3.SQLITE_IOERR and _is_full(path):
            code = sqlite3.SQLITE_FULL
        kind, rule, remedy = _NAMED.get(
            -1 if code is None else code & _PRIMARY_CODE,
            (errors.StoreError, "answer as a database does", ""),
        )
        raise kind(path, rule, str(said), remedy) from error


def _is_full(path: Path) -> bool:
    """Return whether its disk has no room for the log's index: SQLite says no more than "I/O"."""
    try:
        return shutil.disk_usage(path.parent).free < _LEAST_FREE
    except OSError:
        return False


def set_up(connection: sqlite3.Connection, path: Path) -> None:
    """Set a new connection up as this module says.

    Raises
    ------
    StoreError
        If SQLite does not wait for the disk at a commit though it was told to.
    """
    # The driver's own way of beginning transactions takes the lock too late: `_begin` does it.
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous=FULL")
    # A build of SQLite may ignore it without a word: a commit would not be on the disk then.
    (level,) = connection.execute("PRAGMA synchronous").fetchone()
    if level != _FULL:
        connection.close()
        raise errors.StoreError(
            path,
            "be opened by a SQLite that waits for the disk (synchronous=FULL)",
            f"synchronous={level}",
            "Use the SQLite of Python or of pysqlite3.",
        )
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute(f"PRAGMA wal_autocheckpoint={_LOG_PAGES}")
    # KiB. At each commit SQLite goes through all pages that it keeps; the system keeps more.
    connection.execute("PRAGMA cache_size=-8192")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    begin = options.get("geo_match_begin", "BEGIN")
    timeout_s = options[_BUSY_TIMEOUT_S]
    if begin == _IMMEDIATE:
        _begin_writing(connection.connection, timeout_s)
    else:
        _wait_at_most(connection.connection, timeout_s)
        if begin is not None:
            connection.connection.cursor().execute(begin)


def _begin_writing(connection: PoolProxiedConnection, timeout_s: float) -> None:
    """Take the write lock; SQLite's own waiting sleeps up to 100 ms between its tries.

    Who has the lock waits for nobody, so its connection is left as it is until it reads.
    """
    until = time.monotonic() + timeout_s
    _wait_at_most(connection, 0.0)
    while True:
        try:
            connection.cursor().execute(_IMMEDIATE)
        except sqlite_module().Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE
            if code != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
            time.sleep(_TRY_S)
        else:
            return


def _wait_at_most(connection: PoolProxiedConnection, timeout_s: float) -> None:
    """Let SQLite itself wait so long for a lock, if this connection does not already do so."""
    known = connection.info  # it lives as long as the driver's connection
    if known.get(_WAITS_S) != timeout_s:
        connection.cursor().execute(f"PRAGMA busy_timeout={int(timeout_s * 1000)}")
        known[_WAITS_S] = timeout_s
