"""Connections to a store in PostgreSQL, and what may go wrong with them.

Reading sees one moment (REPEATABLE READ). Writers meet at the rows that they change and at the
counter row, which the last act of each transaction raises: it is held to the commit, so the numbers
follow the order of the commits.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.exc import DBAPIError

from geo_match.store import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

_NAMED: dict[str, tuple[type[errors.StoreError], str, str]] = {
    "55P03": (
        errors.StoreBusyError,
        "be free for writing",
        "Another process is writing to it: wait for it to end, and try again.",
    ),
    "25006": (
        errors.StoreReadOnlyError,
        "be writable",
        "Is it a standby, or a role that may only read?",
    ),
    "42501": (
        errors.StoreReadOnlyError,
        "grant what is asked",
        "Give the role the rights on the database's schema.",
    ),
    "53100": (
        errors.StoreFullError,
        "have room on its disk",
        "Free space there; nothing of this was written.",
    ),
    "XX001": (errors.StoreCorruptError, "be sound", "Restore it from a backup."),
    "XX002": (errors.StoreCorruptError, "be sound", "Restore it from a backup."),
}
_RACED: Final = {"23505", "40001", "40P01"}  # unique violation, serialization, deadlock


class RacedError(Exception):
    """Two writers met at the same record: the transaction is to be run once more."""


def make_engine(url: URL, *, busy_timeout_s: float) -> Engine:
    """Return an engine; every connection waits at most `busy_timeout_s` for a lock."""
    return create_engine(
        url,
        pool_pre_ping=True,
        connect_args={
            "options": f"-c lock_timeout={int(busy_timeout_s * 1000)} -c timezone=UTC "
            "-c synchronous_commit=on"
        },
    )


@contextmanager
def reading(engine: Engine, name: str) -> Iterator[Connection]:
    """Give a connection on which everything is read as of one moment."""
    with naming(name), engine.connect() as connection:
        still = connection.execution_options(isolation_level="REPEATABLE READ")
        with still.begin():
            yield still


@contextmanager
def writing(engine: Engine, name: str) -> Iterator[Connection]:
    """Give a connection in a transaction; commit at the end, or undo all on any error."""
    with naming(name), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Turn what PostgreSQL says into an error that names the store, the cause and the remedy.

    Raises
    ------
    RacedError
        If another writer was in the way, and a second try may succeed.
    StoreError
        Instead of any other error of the driver.
    """
    try:
        yield
    except DBAPIError as error:
        code = getattr(error.orig, "sqlstate", None)
        if code in _RACED:
            raise RacedError(str(error.orig)) from error
        kind, rule, remedy = _NAMED.get(
            code or "",
            (
                errors.StoreError,
                "answer as a database does" if code else "be reachable",
                "" if code else "Is the server running, and is the URL right?",
            ),
        )
        raise kind(name, rule, str(error.orig).strip(), remedy) from error
