"""The database under a store: one SQLite file, or PostgreSQL by its URL, behind one face."""

from __future__ import annotations

import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import QueuePool

from geo_match.store.database import postgres as _postgres
from geo_match.store.database import sqlite as connection
from geo_match.store.database.pulse import Pulse
from geo_match.store.database.turn import Turn
from geo_match.store.database.urls import url_of
from geo_match.store.errors import StoreBusyError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from sqlalchemy import Connection, Engine

    from geo_match.store.database.driven import Driven

T = TypeVar("T")

_TRIES: Final = 20
_REST: Final = 2.0


class Database:
    """Connections to one database.

    Parameters
    ----------
    name
        As messages show it: the path, or the URL without its password.
    engine
        Gives the connections.
    path
        Of its file; None for a server.
    """

    def __init__(self, name: str, engine: Engine, path: Path | None) -> None:
        self.name = name
        self.engine = engine
        self.path = path
        self._turn = None if path is None else Turn(path)
        self._pulse = None if path is None else Pulse(path)

    @classmethod
    def of(cls, store: str | Path, *, busy_timeout_s: float) -> Database:
        """Return the database that a path or a URL names; nothing is opened yet.

        Raises
        ------
        StoreError
            If it is a URL of something else.
        """
        url = url_of(store)
        if isinstance(url, Path):
            engine = connection.make_engine(url, busy_timeout_s=busy_timeout_s)
            return cls(str(url), engine, url)
        engine = _postgres.make_engine(url, busy_timeout_s=busy_timeout_s)
        return cls(url.render_as_string(hide_password=True), engine, None)

    @property
    def is_file(self) -> bool:
        """Whether it is a SQLite file."""
        return self.path is not None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection on which everything is read as of one moment."""
        if self.path is not None:
            with connection.reading(self.engine, self.path) as opened:
                yield opened
        else:
            with _postgres.reading(self.engine, self.name) as opened:
                yield opened

    @property
    def is_at_hand(self) -> bool:
        """Whether who reads waits for nobody: in a file, while connections to it are free.

        Writers hold theirs while they wait for one another.
        """
        pool = self.engine.pool
        return self.is_file and isinstance(pool, QueuePool) and pool.size() - pool.checkedout() > 1

    def pulse(self) -> int | None:
        """Return what is another number once anything was written since, by anybody.

        It takes microseconds, so who keeps an answer can ask each time whether it still holds.
        None where that cannot be told so, as of a server.
        """
        return None if self._pulse is None else self._pulse.beat()

    def rows(self, text: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Return the rows of one SELECT, all as of one moment, as the driver gives them.

        Parameters
        ----------
        text
            As the driver takes it: `geo_match.store.schema.statements.text_of` makes it.
        values
            By position.
        """
        if self.path is not None:
            return connection.rows(self.engine, self.path, text, values)
        with _postgres.reading(self.engine, self.name) as opened:
            cursor = opened.connection.cursor()
            cursor.execute(text, values)
            return list(cursor.fetchall())

    def write(self, act: Callable[[Connection], T]) -> T:
        """Run one writing transaction; return what it returns, once it is on the disk.

        Parameters
        ----------
        act
            What it does; it may be run more than once, if other writers were in the way.

        Raises
        ------
        StoreError
            If it failed; nothing of it is written then. The one exception is told: where a server
            was lost while it committed, it may be written, or not.
        """
        if self.path is not None:
            with connection.writing(self.engine, self.path) as opened:
                return act(opened)
        for _ in range(_TRIES):
            try:
                with _postgres.writing(self.engine, self.name) as opened:
                    return act(opened)
            except _postgres.RacedError:
                continue
        raise StoreBusyError(
            self.name, "be free for writing", f"{_TRIES} races with other writers", "Try again."
        )

    def write_barely(self, act: Callable[[Driven], T]) -> T:
        """Run one short writing transaction as `write` does, with as little around it as can be.

        Raises
        ------
        StoreError
            As `write` does.
        """
        if self.path is None:
            return self.write(act)
        with connection.writing_barely(self.engine, self.path) as opened:
            return act(opened)

    def keep_log(self) -> None:
        """Let a file have a write-ahead log if it has none; on a server there is one anyway.

        Raises
        ------
        StoreError
            If it cannot have one where it lies.
        """
        if self.path is None:
            return
        with self.reading() as opened:
            if opened.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal":
                return
        with connection.naming(self.path), self.engine.connect() as opened:
            # Not to be set within a transaction.
            outside = opened.execution_options(geo_match_begin=None)
            mode = outside.exec_driver_sql("PRAGMA journal_mode=WAL").scalar()
        if mode != "wal":  # SQLite says no more than which it has now
            raise StoreError(
                self.name,
                "lie where SQLite can keep a write-ahead log",
                f"journal_mode={mode}",
                "Put it on a disk of this machine.",
            )

    def give_way(self, spent_s: float = 0.0) -> None:
        """Let others write who wait for it; PostgreSQL has a queue of its own.

        Parameters
        ----------
        spent_s
            What the last transaction took, seconds. While others write, too, a rest of some times
            as long follows: they are answered by the same machine.
        """
        if self._turn is not None and self._turn.give_way():
            time.sleep(_REST * spent_s)

    def close(self) -> None:
        """Let go of all connections."""
        if self._pulse is not None:
            self._pulse.close()
        self.engine.dispose()
