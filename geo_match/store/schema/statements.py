"""Statements on the tables of records, as the two databases take them from plain values.

Values go in and come out in kept form (`geo_match.store.schema.columns`): texts, numbers, and 0 or
1. A SQLite file keeps just these. PostgreSQL has days, moments and flags of its own, which are cast
on the way; the driver's own rows are used, since SQLAlchemy would make an object of each value
first.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Date, DateTime, Integer, Text, cast, func, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite

from geo_match.store.schema.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy import ClauseElement, Column, Connection

_AT_ONCE = 20_000  # rows in memory as objects
_ROWS_AT_ONCE = 250  # of one INSERT; SQLite takes 32,766 values, and no kind has so many fields


def fetch(
    connection: Connection, statement: ClauseElement, *, at_once: int = _AT_ONCE
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a SELECT in blocks of `at_once`, as the driver gives them."""
    cursor: Any = connection.exec_driver_sql(*compiled(connection, statement)).cursor
    try:
        while rows := cursor.fetchmany(at_once):
            yield rows
    finally:
        cursor.close()


def select_kept(connection: Connection, kind: str, names: Sequence[str]) -> Any:  # noqa: ANN401 - SQLAlchemy's Select of these columns
    """Return the SELECT of some columns of a kind, in kept form."""
    return _select(connection.dialect.name, kind, tuple(names))


def by_id(connection: Connection, kind: str) -> Any:  # noqa: ANN401 - a column or its collation
    """Return what orders records by id, by code points whatever the database's language."""
    column = TABLES[kind].c.id
    return column if connection.dialect.name == "sqlite" else column.collate("C")


def fetch_by_ids(
    connection: Connection, kind: str, names: Sequence[str], ids: Sequence[str], *, lock: bool
) -> list[tuple[Any, ...]]:
    """Return the rows of some ids, in no order.

    Parameters
    ----------
    lock
        Whether other writers must wait for the end of this transaction before they change them.
    """
    query = _select_text(connection.dialect.name, kind, tuple(names))
    if connection.dialect.name == "sqlite":
        marks = ",".join("?" * len(ids))
        found = connection.exec_driver_sql(f"{query} WHERE id IN ({marks})", tuple(ids))
    else:
        end = " ORDER BY id FOR UPDATE" if lock else ""
        found = connection.exec_driver_sql(f"{query} WHERE id = ANY(%s){end}", (list(ids),))
    return [tuple(row) for row in found.cursor.fetchall()]


def insert_rows(connection: Connection, kind: str, rows: NDArray[np.object_]) -> None:
    """Insert records: their fields, then `import_id` and `key`."""
    columns = TABLES[kind].columns
    places = [_in(connection, column) for column in columns]
    _insert(connection, kind, [_quoted(column) for column in columns], places, rows)


def update_rows(connection: Connection, kind: str, rows: NDArray[np.object_]) -> None:
    """Replace records by their ids: their fields, then `import_id` and `key`, then the id."""
    table = TABLES[kind]
    values = ", ".join(f"{_quoted(one)} = {_in(connection, one)}" for one in table.columns)
    connection.exec_driver_sql(
        f"UPDATE {table.name} SET {values} WHERE id = {_mark(connection)}",  # noqa: S608 - our own names
        _tuples(rows),
    )


def delete_rows(connection: Connection, kind: str, ids: Sequence[str]) -> None:
    """Delete records by their ids."""
    connection.exec_driver_sql(
        f"DELETE FROM {TABLES[kind].name} WHERE id = {_mark(connection)}",  # noqa: S608 - our own names
        [(one,) for one in ids],
    )


def insert_many(
    connection: Connection, table: str, names: Sequence[str], rows: NDArray[np.object_]
) -> None:
    """Insert rows of plain values that need no cast."""
    _insert(connection, table, names, [_mark(connection)] * len(names), rows)


def compiled(connection: Connection, statement: ClauseElement) -> tuple[str, tuple[Any, ...]]:
    """Return a statement as the driver takes it, with its values by position."""
    made: Any = statement.compile(
        dialect=_dialect(connection.dialect.name), compile_kwargs={"render_postcompile": True}
    )
    return str(made), tuple(made.params[name] for name in made.positiontup or ())


def _insert(
    connection: Connection,
    table: str,
    names: Sequence[str],
    places: Sequence[str],
    rows: NDArray[np.object_],
) -> None:
    """Insert rows, in a SQLite file some hundred by one statement.

    While it runs other threads may work. Between two statements of one row each they would be let
    in as well, and each of them would have to be waited for. The last rows, too few for such a
    statement, still go so, and updates do: another number of rows is another statement, which has
    to be parsed with its thousands of places, and the lock is held for at most 500 of them.
    """
    head = f"INSERT INTO {table} ({', '.join(names)}) VALUES "  # noqa: S608 - our own names
    place = f"({', '.join(places)})"
    at_once = _ROWS_AT_ONCE if connection.dialect.name == "sqlite" else len(rows) + 1
    done = len(rows) // at_once * at_once
    for start in range(0, done, at_once):
        values = tuple(rows[start : start + at_once].ravel().tolist())
        connection.exec_driver_sql(_repeated(head, place, at_once), values)
    if done < len(rows):
        connection.exec_driver_sql(head + place, _tuples(rows[done:]))


@lru_cache
def _repeated(head: str, place: str, n: int) -> str:
    """Return an INSERT of n rows; the same text each time, by which SQLite's driver knows it."""
    return head + ", ".join([place] * n)


def _tuples(rows: NDArray[np.object_]) -> list[tuple[Any, ...]]:
    return list(map(tuple, rows.tolist()))


def run(connection: Connection, statement: ClauseElement, **values: Any) -> Any:  # noqa: ANN401 - plain values in, the driver's rows out
    """Run a statement of a transaction's own, written as a constant; return its result.

    What it takes and gives is as the driver has it: a moment of a SQLite file is a text. SQLAlchemy
    looks a statement up anew each time, which takes longer than SQLite needs for it.
    """
    text, names = _constant(connection.dialect.name, statement)
    return connection.exec_driver_sql(text, tuple(values[name] for name in names))


@lru_cache
def _constant(dialect: str, statement: ClauseElement) -> tuple[str, tuple[str, ...]]:
    """Return a statement as the driver takes it, and the names of its values by position."""
    made: Any = statement.compile(dialect=_dialect(dialect))
    return str(made), tuple(made.positiontup or ())


@lru_cache
def _select_text(dialect: str, kind: str, names: tuple[str, ...]) -> str:
    """Return the SELECT of some columns as text: making it takes longer than running it."""
    return str(_select(dialect, kind, names).compile(dialect=_dialect(dialect)))


def _select(dialect: str, kind: str, names: tuple[str, ...]) -> Any:  # noqa: ANN401 - SQLAlchemy's Select of these columns
    table = TABLES[kind]
    return select(*(_out(dialect, table.c[name]) for name in names))


def _dialect(name: str) -> Any:  # noqa: ANN401 - SQLAlchemy's dialects share no public type
    if name == "sqlite":
        return sqlite.dialect(paramstyle="qmark")
    return postgresql.dialect(paramstyle="format")  # type: ignore[no-untyped-call] # not typed


def _mark(connection: Connection) -> str:
    return "?" if connection.dialect.name == "sqlite" else "%s"


def _quoted(column: Column[Any]) -> str:
    return f'"{column.name}"'  # some are words of SQL: "start", "end", "on"


def _in(connection: Connection, column: Column[Any]) -> str:
    """Return the place of a value in a statement, cast from its kept form."""
    mark = _mark(connection)
    if connection.dialect.name == "sqlite":
        return mark
    match column.type:
        case Boolean():
            return f"CAST({mark} AS INTEGER)::BOOLEAN"
        case DateTime():
            return f"CAST({mark} AS TIMESTAMP)"
        case Date():
            return f"CAST({mark} AS DATE)"
        case _:
            return mark


def _out(dialect: str, column: Column[Any]) -> Any:  # noqa: ANN401 - an expression of any type
    """Return a column in its kept form."""
    if dialect == "sqlite":
        return column
    match column.type:
        case Boolean():
            return cast(column, Integer)
        case DateTime():
            return func.to_char(column, literal_column("'YYYY-MM-DD HH24:MI:SS.US'"), type_=Text)
        case Date():
            return cast(column, Text)
        case _:
            return column
