"""Statements on the tables of records, as the two databases take them from plain values.

Values go in and come out in kept form (`geo_match.store.schema.columns`): texts, numbers, and 0 or
1. A SQLite file keeps just these. PostgreSQL has days, moments and flags of its own, which are cast
on the way; the driver's own rows are used, since SQLAlchemy would make an object of each value
first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    Connection,
    Date,
    DateTime,
    Integer,
    Text,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from geo_match.store.schema.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import ClauseElement, Column

    from geo_match.store.database.driven import Driven

_AT_ONCE = 20_000  # rows in memory as objects
_ROWS_AT_ONCE = 250  # of one INSERT; SQLite takes 32,766 values, and no kind has so many fields


def fetch(
    connection: Driven,
    statement: ClauseElement,
    *,
    at_once: int = _AT_ONCE,
    in_parts: bool = False,
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a SELECT in blocks of `at_once`, as the driver gives them.

    Parameters
    ----------
    in_parts
        Whether PostgreSQL sends each block as it is asked for, which takes a round trip a block;
        else all rows come at once, and wait in memory. A SQLite file is read block by block anyway.
    """
    text, values = compiled(connection, statement)
    if in_parts and isinstance(connection, Connection) and connection.dialect.name != "sqlite":
        options = {"stream_results": True, "max_row_buffer": at_once}  # a cursor on the server
        with connection.exec_driver_sql(text, values, execution_options=options) as parts:
            for rows in parts.partitions(at_once):
                yield [tuple(row) for row in rows]
        return
    cursor = connection.connection.cursor()
    cursor.execute(text, values)
    yield from _blocks(cursor, at_once)


def fetch_again(
    connection: Driven,
    statement: ClauseElement,
    *,
    at_once: int,
    **values: Any,  # noqa: ANN401 - plain values, as the driver takes them
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a SELECT that is asked often, as `fetch` does; `ask` says how it is."""
    yield from _blocks(_asked(connection, statement, values), at_once)


def _blocks(cursor: Any, at_once: int) -> Iterator[list[tuple[Any, ...]]]:  # noqa: ANN401 - the driver's
    try:
        while rows := cursor.fetchmany(at_once):
            yield rows
    finally:
        cursor.close()


def select_kept(connection: Connection, kind: str, names: Sequence[str]) -> Any:  # noqa: ANN401 - SQLAlchemy's Select of these columns
    """Return the SELECT of some columns of a kind, in kept form."""
    return select_kept_of(connection.dialect.name, kind, names)


def select_kept_of(dialect: str, kind: str, names: Sequence[str]) -> Any:  # noqa: ANN401 - as above
    """Return what `select_kept` does on connections of a dialect."""
    table = TABLES[kind]
    return select(*(_out(dialect, table.c[name]) for name in names))


def by_id(connection: Connection, kind: str) -> Any:  # noqa: ANN401 - a column or its collation
    """Return what orders records by id, by code points whatever the database's language."""
    column = TABLES[kind].c.id
    return column if connection.dialect.name == "sqlite" else column.collate("C")


def fetch_by_ids(
    connection: Driven, kind: str, names: Sequence[str], ids: Sequence[str], *, lock: bool
) -> list[tuple[Any, ...]]:
    """Return the rows of some ids, in no order.

    Parameters
    ----------
    lock
        Whether other writers must wait for the end of this transaction before they change them.
    """
    query = _select_text(connection.dialect.name, kind, tuple(names))
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        marks = ",".join("?" * len(ids))
        cursor.execute(f"{query} WHERE id IN ({marks})", tuple(ids))
    else:
        end = " ORDER BY id FOR UPDATE" if lock else ""
        cursor.execute(f"{query} WHERE id = ANY(%s){end}", (list(ids),))
    return [tuple(row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Lines:
    """Rows of one table as its INSERTs take them: ready before the lock on a file is taken.

    In a SQLite file one statement takes some hundred rows, and what is the same in all of them
    once. While it runs other threads may work. Between two statements of one row each they would be
    let in as well, and each of them would have to be waited for. The last rows, too few for such a
    statement, still go so: another number of rows is another statement, which has to be parsed with
    its thousands of places.

    Parameters
    ----------
    alike
        Columns that have one value in all rows, and that value.
    names
        Of the other columns.
    many
        The values of the others of `_ROWS_AT_ONCE` rows each, after those of `alike`.
    few
        The rows that are left: the values of `alike`, then of the others.
    """

    alike: dict[str, Any]
    names: tuple[str, ...]
    many: list[tuple[Any, ...]]
    few: list[tuple[Any, ...]]

    @classmethod
    def of(
        cls,
        names: Sequence[str],
        rows: Sequence[tuple[Any, ...]],
        *,
        is_file: bool,
        alike: Mapping[str, Any],
    ) -> Lines:
        """Return rows as they are to be inserted.

        Parameters
        ----------
        names, rows
            Of the columns that may differ.
        is_file
            Whether they go into a SQLite file.
        alike
            The other columns, and what they are in each row.
        """
        same = tuple(alike.values())
        done = len(rows) // _ROWS_AT_ONCE * _ROWS_AT_ONCE if is_file else 0
        many = [
            (*same, *chain.from_iterable(rows[start : start + _ROWS_AT_ONCE]))
            for start in range(0, done, _ROWS_AT_ONCE)
        ]
        return cls(dict(alike), tuple(names), many, [(*same, *row) for row in rows[done:]])

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns, in the order in which `few` has them."""
        return (*self.alike, *self.names)


def insert_records(connection: Driven, kind: str, lines: Lines) -> None:
    """Insert records in kept form; what is not among their columns is null."""
    names, places = _columns_of(connection.dialect.name, kind, lines.columns)
    _insert(connection, kind, lines, names, places)


def insert_plain(connection: Driven, table: str, lines: Lines) -> None:
    """Insert rows of values that need no cast."""
    places = [_mark(connection.dialect.name)] * len(lines.columns)
    _insert(connection, table, lines, lines.columns, places)


def update_records(connection: Driven, kind: str, rows: list[tuple[Any, ...]]) -> int:
    """Replace records by their ids: all their columns, then the id; return how many there were."""
    cursor = connection.connection.cursor()
    cursor.executemany(_update_text(connection.dialect.name, kind), rows)
    return int(cursor.rowcount)


@lru_cache
def _update_text(dialect: str, kind: str) -> str:
    table = TABLES[kind]
    values = ", ".join(f"{_quoted(one)} = {_in(dialect, one)}" for one in table.columns)
    return f"UPDATE {table.name} SET {values} WHERE id = {_mark(dialect)}"  # noqa: S608 - our own names


def delete_rows(connection: Driven, kind: str, ids: Sequence[str]) -> None:
    """Delete records by their ids."""
    connection.connection.cursor().executemany(
        f"DELETE FROM {TABLES[kind].name} WHERE id = {_mark(connection.dialect.name)}",  # noqa: S608 - our own names
        [(one,) for one in ids],
    )


def compiled(connection: Driven, statement: ClauseElement) -> tuple[str, tuple[Any, ...]]:
    """Return a statement as the driver takes it, with its values by position."""
    made: Any = statement.compile(
        dialect=_dialect(connection.dialect.name), compile_kwargs={"render_postcompile": True}
    )
    return str(made), tuple(made.params[name] for name in made.positiontup or ())


@lru_cache
def _columns_of(
    dialect: str, kind: str, names: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return some columns of a kind as an INSERT names them, and the places of their values."""
    columns = [TABLES[kind].columns[name] for name in names]
    return tuple(map(_quoted, columns)), tuple(_in(dialect, one) for one in columns)


def _insert(
    connection: Driven,
    table: str,
    lines: Lines,
    names: Sequence[str],
    places: Sequence[str],
) -> None:
    head = f"INSERT INTO {table} ({', '.join(names)}) VALUES "  # noqa: S608 - our own names
    cursor = connection.connection.cursor()
    for values in lines.many:
        cursor.execute(_repeated(head, len(lines.alike), len(lines.names)), values)
    if lines.few:
        cursor.executemany(f"{head}({', '.join(places)})", lines.few)


@lru_cache
def _repeated(head: str, n_alike: int, n_others: int) -> str:
    """Return an INSERT of many rows; the same text each time, by which SQLite's driver knows it.

    Places are numbered: those of what is the same in all rows are named by each of them.
    """
    alike = [f"?{at + 1}" for at in range(n_alike)]
    starts = range(n_alike + 1, n_alike + 1 + _ROWS_AT_ONCE * n_others, n_others)
    rows = ([*alike, *(f"?{at}" for at in range(start, start + n_others))] for start in starts)
    return head + ", ".join(f"({', '.join(row)})" for row in rows)


def run(connection: Driven, statement: ClauseElement, **values: Any) -> None:  # noqa: ANN401 - plain values, as the driver takes them
    """Run a statement of a transaction's own, written as a constant.

    What it takes is as the driver has it: a moment of a SQLite file is a text. SQLAlchemy looks a
    statement up anew each time, which takes longer than SQLite needs for it.
    """
    _asked(connection, statement, values).close()


def ask(connection: Driven, statement: ClauseElement, **values: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - as above
    """Return the rows of a statement that is written as a constant, as the driver gives them."""
    return [tuple(row) for row in _asked(connection, statement, values).fetchall()]


def run_each(connection: Driven, statement: ClauseElement, values: Sequence[Any]) -> None:
    """Run a statement that takes one value for each of several, as `run` does."""
    text, _, _ = _constant(connection.dialect.name, statement)
    connection.connection.cursor().executemany(text, [(one,) for one in values])


def text_of(dialect: str, statement: ClauseElement) -> str:
    """Return a SELECT written as a constant as `Database.rows` takes it, its values by position."""
    return _constant(dialect, statement)[0]


def _asked(connection: Driven, statement: ClauseElement, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the driver's cursor
    """Return the driver's cursor of a SELECT; the transaction has begun."""
    text, names, own = _constant(connection.dialect.name, statement)
    told = {**own, **values}
    cursor = connection.connection.cursor()
    cursor.execute(text, tuple(told[name] for name in names))
    return cursor


@lru_cache
def _constant(
    dialect: str, statement: ClauseElement
) -> tuple[str, tuple[str, ...], dict[str, Any]]:
    """Return a statement as the driver takes it, its values' names by position, and its own."""
    made: Any = statement.compile(
        dialect=_dialect(dialect), compile_kwargs={"render_postcompile": True}
    )
    names = tuple(made.positiontup or ())
    own = {name: made.params[name] for name in names if made.params[name] is not None}
    return str(made), names, own


@lru_cache
def _select_text(dialect: str, kind: str, names: tuple[str, ...]) -> str:
    """Return the SELECT of some columns as text: making it takes longer than running it."""
    return str(select_kept_of(dialect, kind, names).compile(dialect=_dialect(dialect)))


def _dialect(name: str) -> Any:  # noqa: ANN401 - SQLAlchemy's dialects share no public type
    if name == "sqlite":
        return sqlite.dialect(paramstyle="qmark")
    return postgresql.dialect(paramstyle="format")  # type: ignore[no-untyped-call] # not typed


def _mark(dialect: str) -> str:
    return "?" if dialect == "sqlite" else "%s"


def _quoted(column: Column[Any]) -> str:
    return f'"{column.name}"'  # some are words of SQL: "start", "end", "on"


def _in(dialect: str, column: Column[Any]) -> str:
    """Return the place of a value in a statement, cast from its kept form."""
    mark = _mark(dialect)
    if dialect == "sqlite":
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
