"""Where an audit is kept: a SQLite file of its own, or a table in a PostgreSQL database.

A file of its own, since SQLite has one writer a file: entries never wait for an import, and an
erasure or a restore of the store leaves them alone.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from sqlalchemy import URL, create_engine, func, inspect, literal_column, make_url, select
from sqlalchemy.exc import ArgumentError as UrlError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from geo_match.store import errors
from geo_match.store.audit._table import (
    AUDIT,
    AUDIT_APPLICATION_ID,
    AUDIT_METADATA,
    AUDIT_VERSION,
)
from geo_match.store.database.sqlite import make_engine, naming, reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine, Select

_BESIDE: Final = ".audit"
_LOCK: Final = 0x67656F61_00000001  # of PostgreSQL's advisory locks: one writer at a time
_OTHER: Final = (errors.StoreError, "answer as a database does", "")
_NAMED: Final[dict[str, tuple[type[errors.StoreError], str, str]]] = {
    "55P03": (
        errors.StoreBusyError,
        "be free for writing",
        "Another process is writing to it: wait for it to end, and try again.",
    ),
    "53100": (errors.StoreFullError, "have room on its disk", "Free space there."),
    "25006": (errors.StoreReadOnlyError, "be writable", "Name the server that takes writes."),
    "42501": (
        errors.StoreReadOnlyError,
        "be writable",
        "Give its user the rights to select from and insert into the table `audit`.",
    ),
}
"""By PostgreSQL's SQLSTATE."""


class AuditDatabase(Protocol):
    """What an audit asks of the database that keeps it."""

    @property
    def name(self) -> str:
        """What errors call it: a path, or a URL without its password."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Give a connection on which everything is read as of one moment."""

    def writing(self) -> AbstractContextManager[Connection]:
        """Give the only connection that adds entries; what it did is durable afterwards."""

    def release(self) -> None:
        """Let go of its connections; later ones are made anew."""


def open_database(store: str | Path | URL, *, busy_timeout_s: float) -> AuditDatabase:
    """Open the audit of a store, and make it if there is none.

    Raises
    ------
    StoreError
        If the store is named by a URL of another database, or the audit cannot be opened.
    """
    if isinstance(store, Path) or (isinstance(store, str) and "://" not in store):
        return SqliteAudit(Path(f"{store}{_BESIDE}"), busy_timeout_s=busy_timeout_s)
    try:
        url = make_url(store)
    except UrlError as error:
        raise errors.StoreError(store, "be a path or a URL", str(error)) from None
    kind = url.get_backend_name()
    if kind == "postgresql":
        return PostgresAudit(url, busy_timeout_s=busy_timeout_s)
    if kind == "sqlite" and url.database and url.database != ":memory:":
        return SqliteAudit(Path(f"{url.database}{_BESIDE}"), busy_timeout_s=busy_timeout_s)
    raise errors.StoreError(
        url.render_as_string(hide_password=True),
        "be a file's path, sqlite:///path or postgresql+psycopg://…",
        f"a URL of {kind}" if kind != "sqlite" else "no path",
        "An audit outlives the process that writes it.",
    )


class SqliteAudit:
    """An audit in a SQLite file.

    Parameters
    ----------
    path
        The file.
    busy_timeout_s
        How long to wait for another process that is writing to it, seconds.
    """

    def __init__(self, path: Path, *, busy_timeout_s: float) -> None:
        self.name = str(path)
        self._path = path
        self._engine = make_engine(path, busy_timeout_s=busy_timeout_s)
        try:
            self._prepare()
            self._file = self._identity()
        except BaseException:
            self.release()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection on which everything is read as of one moment."""
        self._check_file()
        with reading(self._engine, self._path) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection that has the write lock, and commit at the end.

        Raises
        ------
        StoreError
            If it could not be written; or if another file is in its place, or none: what was
            written then is in a file that nobody will find.
        """
        self._check_file()  # also before: a new connection would make an empty file
        with writing(self._engine, self._path) as connection:
            yield connection
        self._check_file()

    def release(self) -> None:
        """Let go of its connections; later ones are made anew."""
        self._engine.dispose()

    def _identity(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _check_file(self) -> None:
        found = self._identity()
        if found is None or found != self._file:
            raise errors.StoreError(
                self._path,
                "be the file that was opened",
                "no file" if found is None else "another file in its place",
                "Put it back, or open the audit anew.",
            )

    def _prepare(self) -> None:
        with reading(self._engine, self._path) as connection:
            if self._is_made(connection):
                return
        with naming(self._path), self._engine.connect() as connection:
            # Kept in the file, and not to be set within a transaction: asked of the driver.
            driver = connection.connection.driver_connection
            try:
                driver.execute("PRAGMA journal_mode=WAL")  # type: ignore[union-attr]  # is open
            except self._engine.dialect.loaded_dbapi.Error as error:
                raise DBAPIError("PRAGMA journal_mode=WAL", None, error) from error
        with writing(self._engine, self._path) as connection:
            if self._is_made(connection):  # by another process, in between
                return
            AUDIT_METADATA.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA application_id={AUDIT_APPLICATION_ID}")
            connection.exec_driver_sql(f"PRAGMA user_version={AUDIT_VERSION}")

    def _is_made(self, connection: Connection) -> bool:
        """Return whether the file is an audit, or empty; raise StoreError if it is neither."""
        mark = connection.exec_driver_sql("PRAGMA application_id").scalar()
        version = connection.exec_driver_sql("PRAGMA user_version").scalar()
        if mark == AUDIT_APPLICATION_ID and version == AUDIT_VERSION:
            return True
        if mark == AUDIT_APPLICATION_ID:
            raise errors.StoreError(
                self._path,
                f"be of version {AUDIT_VERSION}",
                f"version {version}",
                "Use the geo_match that made it.",
            )
        if mark or inspect(connection).get_table_names():
            raise errors.StoreError(
                self._path,
                "be an audit of geo_match or not exist yet",
                "another SQLite database",
                "Move it away.",
            )
        return False


class PostgresAudit:
    """An audit in the table `audit` of a PostgreSQL database, on connections of its own.

    Parameters
    ----------
    url
        The database.
    busy_timeout_s
        How long to wait for another process that is writing to it, or for the server to take a
        connection, seconds.
    """

    def __init__(self, url: URL, *, busy_timeout_s: float) -> None:
        self.name = url.render_as_string(hide_password=True)
        self._lock_timeout = f"{max(1, round(busy_timeout_s * 1000))}ms"  # 0 would be for ever
        waits_s = max(2, round(busy_timeout_s))  # psycopg takes none below
        try:
            self._engine: Engine = create_engine(
                url,
                pool_pre_ping=True,  # after a restart of the server the first entry is taken, too
                connect_args={"connect_timeout": waits_s},
            )
        except (ImportError, SQLAlchemyError) as error:
            raise errors.StoreError(
                self.name,
                "have a driver",
                str(error),
                "Install geo-match[postgres], and name it postgresql+psycopg://….",
            ) from error
        try:
            self._prepare()
        except BaseException:
            self.release()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection in a transaction; a single statement reads as of one moment."""
        with self._naming(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection that alone adds entries until it has committed."""
        with self.reading() as connection:
            connection.execute(_set_here("lock_timeout", self._lock_timeout))
            # A server that acknowledges before it has written would lose entries. Settings that
            # wait for its replicas too are left as they are.
            careless = func.current_setting("synchronous_commit") == "off"
            connection.execute(_set_here("synchronous_commit", "on").where(careless))
            # No lock on the table: that would keep VACUUM from it.
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            yield connection

    def release(self) -> None:
        """Let go of its connections; later ones are made anew."""
        self._engine.dispose()

    def _prepare(self) -> None:
        with self.reading() as connection:
            if self._is_made(connection):
                return
        with self.writing() as connection:
            if not self._is_made(connection):  # by another process, in between
                AUDIT_METADATA.create_all(connection)

    def _is_made(self, connection: Connection) -> bool:
        """Return whether the table is there; raise StoreError if it is another of its name."""
        seen = inspect(connection)
        if not seen.has_table(AUDIT.name):
            return False
        columns = [column["name"] for column in seen.get_columns(AUDIT.name)]
        if columns != AUDIT.c.keys():
            raise errors.StoreError(
                self.name,
                f"have the columns {', '.join(AUDIT.c.keys())} in its table `audit`",
                ", ".join(columns),
                "Name another database or schema.",
            )
        return True

    @contextmanager
    def _naming(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            kind, rule, remedy = _NAMED.get(getattr(error.orig, "sqlstate", None) or "", _OTHER)
            # Its first line alone: the details show values, and those of other callers.
            told = getattr(getattr(error.orig, "diag", None), "message_primary", None)
            raise kind(self.name, rule, told or str(error.orig), remedy) from error


def _set_here(setting: str, value: str) -> Select[str]:
    """Return what gives a setting of PostgreSQL a value until the transaction ends."""
    return select(func.set_config(setting, value, literal_column("true")))
