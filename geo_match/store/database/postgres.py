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
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

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
    "23514": (  # the one constraint is that of areas
        errors.StoreError,
        "be given areas as WKT of polygons",
        "Mend the area, or leave it out.",
    ),
    "53100": (
        errors.StoreFullError,
        "have room on its disk",
        "Free space there; nothing of this was written.",
    ),
    **dict.fromkeys(
        ("57P01", "57P02"),  # it is stopped, or one of its processes crashed
        (errors.StoreError, "be reachable", "The server ended it: try again when it runs."),
    ),
    "XX001": (errors.StoreCorruptError, "be sound", "Restore it from a backup."),
    "XX002": (errors.StoreCorruptError, "be sound", "Restore it from a backup."),
}
_LOST: Final = ("08", "57P")  # of the connection; by the operator, or a crash
_OF_ROWS: Final = ("22", "23")  # what is wrong with a row, which the server's details list
AREA_RULE: Final = "communities_area_is_wkt"
"""Name of the constraint that an area is WKT of polygons."""
_UNREACHABLE: Final = (
    errors.StoreError,
    "be reachable",
    "Is the server running, and is the URL right?",
)
_RACED: Final = {"23505", "40001", "40P01"}  # unique violation, serialization, deadlock


class RacedError(Exception):
    """Two writers met at the same record: the transaction is to be run once more."""


def make_engine(url: URL, *, busy_timeout_s: float) -> Engine:
    """Return an engine; every connection waits at most `busy_timeout_s` for a lock."""
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_timeout=busy_timeout_s,
        hide_parameters=True,  # they may be a person's
        connect_args={
            "options": f"-c lock_timeout={int(busy_timeout_s * 1000)} -c timezone=UTC "
            "-c synchronous_commit=on"
        },
    )


@contextmanager
def reading(engine: Engine, name: str) -> Iterator[Connection]:
    """Give a connection on which everything is read as of one moment."""
    try:
        with naming(name), engine.connect() as connection:
            still = connection.execution_options(isolation_level="REPEATABLE READ")
            with still.begin():
                yield still
    except RacedError as error:  # a standby that had to catch up
        raise errors.StoreBusyError(
            name, "be free for reading", str(error), "Try again."
        ) from error


@contextmanager
def writing(engine: Engine, name: str) -> Iterator[Connection]:
    """Give a connection in a transaction; commit at the end, or undo all on any error.

    Raises
    ------
    StoreError
        If the server was lost while it committed, which is told: the transaction may be there, or
        not.
    RacedError, StoreError
        As `naming` says; nothing was written.
    """
    with naming(name), engine.connect() as connection:
        transaction = connection.begin()
        try:
            yield connection
        except BaseException:
            transaction.rollback()
            raise
        try:
            transaction.commit()
        except DBAPIError as error:
            if _is_lost(error):
                raise _unsure(name, _said(error.orig)) from error
            raise


def _is_lost(error: DBAPIError) -> bool:
    """Return whether the connection broke, so that no answer came.

    The server ends connections by itself, too; whether it did so before or after the commit was
    written is not told.
    """
    code = getattr(error.orig, "sqlstate", None)
    return code is None or code.startswith(_LOST)


def _unsure(name: str, said: str) -> errors.StoreError:
    return errors.StoreError(
        name,
        "be reachable until a commit has ended",
        said,
        "It may be written, or not: do the same again when the server runs. The answer then tells "
        "only of what was still to do, which may be nothing.",
    )


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
    from psycopg import Error  # noqa: PLC0415 - a file's user need not have it

    try:
        yield
    except PoolTimeoutError as error:
        raise errors.of_full_pool(name) from error
    except (DBAPIError, Error) as error:  # the latter while rows are fetched
        told = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(told, "sqlstate", None)
        said = _said(told)
        if code in _RACED:
            raise RacedError(said) from error
        kind, rule, remedy = _NAMED.get(
            code or "",
            (errors.StoreError, "answer as a database does", "") if code else _UNREACHABLE,
        )
        refused = kind(name, rule, said, remedy)
        if (code or "").startswith(_OF_ROWS):
            raise refused from None  # a traceback would show the row
        raise refused from error


def _said(error: BaseException | None) -> str:
    """Return what the server said, without its details: they list the row, which may be a person's.

    A row that a constraint refuses is a community's, and tells which.
    """
    told = getattr(error, "diag", None)
    if told is None or told.message_primary is None:
        return " ".join(str(error).split()).rstrip(".?")
    detail = told.message_detail if told.constraint_name == AREA_RULE else None
    return ": ".join(part for part in (told.message_primary, detail) if part)
