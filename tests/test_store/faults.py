"""What the tests of faults share: processes that can be killed, lists, and a judge of a store."""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import os
import random
import signal
import time
import uuid
from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg
import pyarrow as pa
from sqlalchemy import Engine, event, select
from sqlalchemy.pool import Pool

from geo_match.records import RECORDS
from geo_match.store import Store, record_schema
from geo_match.store.database.driver import sqlite_module
from geo_match.store.schema.columns import to_kept
from geo_match.store.schema.tables import IMPORTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

    from geo_match.store import Change

# Each process is a fork of one that has all imported: to start one takes milliseconds.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(
    [
        *("geo_match.store", "alembic.command", "alembic.config", "orjson", "psycopg"),
        *("pandas", "pyarrow.pandas_compat", "pysqlite3", "sqlalchemy.dialects.postgresql"),
    ]
)

CHANCE = random.Random()  # noqa: S311 - moments and places of faults, no secrets
"""Each run of the tests has other faults than the last."""
KILLS = 20
"""Kills of writers and imports at random moments, in all of a normal run. Those before a given
statement, of followers, and of backups come on top."""
KILLS_OF_COMMAND = 2
"""Of these, of the command that imports."""
KILLS_ON_EACH = (KILLS - KILLS_OF_COMMAND) // 2
"""Of these, of writers and imports on each of the two databases."""
SOAK_KILLS_ON_EACH = 200
"""In `make soak`."""
KILLS_OF_SERVER = 3
"""Kills of a server, or of one of its processes."""
SOAK_KILLS_OF_SERVER = 60
"""In `make soak`."""
GROUP = 5
"""Records that `putting` puts in one transaction."""
LIST = 2_600
"""Records of a list, by which an import has six transactions."""


class Worker:
    """A process that works on a store, tells what it has done, and may be killed.

    Parameters
    ----------
    work
        Called there with `say`, which takes what is to be told, and the arguments.
    """

    def __init__(self, work: Callable[..., None], *arguments: Any) -> None:
        self._heard, said = _PROCESSES.Pipe(duplex=False)
        self._process = _PROCESSES.Process(target=_told, args=(work, said, arguments))
        self._process.start()
        said.close()  # the end of the other process is the end of the pipe
        self.told: list[Any] = []

    def hear(self) -> bool:
        """Wait for what it tells next; return whether there was anything before its end."""
        try:
            self.told.append(self._heard.recv())
        except EOFError:
            return False
        return True

    def kill(self) -> None:
        """End it at once, as `kill -9` does, and hear what it had told before."""
        self._process.kill()  # nothing happens if it has ended by itself
        self.end()

    def end(self) -> int:
        """Hear it to its end; return its exit status, −9 if it was killed."""
        while self.hear():
            pass
        self._heard.close()
        self._process.join()
        status = self._process.exitcode
        self._process.close()
        return status


def _told(work: Callable[..., None], said: Connection, arguments: tuple[Any, ...]) -> None:
    # A message is one write of less than a pipe's atom: it is heard whole, or not at all.
    work(said.send, *arguments)


def die_at(statement: int) -> None:
    """Let this process die by SIGKILL before one of its statements or commits, from 0 on."""
    passed = itertools.count()

    def pass_one(*_: object) -> None:
        if next(passed) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    class Watched(psycopg.Cursor):
        def execute(self, *given: Any, **named: Any) -> Any:
            pass_one()
            return super().execute(*given, **named)

        def executemany(self, *given: Any, **named: Any) -> Any:
            pass_one()
            return super().executemany(*given, **named)

    def watch(connection: Any, *_: object) -> None:
        if isinstance(connection, psycopg.Connection):
            connection.cursor_factory = Watched
        else:  # SQLite itself tells of each statement, a COMMIT too
            connection.set_trace_callback(pass_one)

    def commit(connection: Any) -> None:
        if connection.dialect.name != "sqlite":
            pass_one()

    # Of this process's engines only; what goes to the driver without SQLAlchemy counts, too.
    event.listen(Pool, "checkout", watch)
    event.listen(Engine, "commit", commit)


def seekers(*rows: tuple[str, int | None, str]) -> pa.Table:
    """Return records of (id, version, name)."""
    ids, versions, names = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table(
        {
            "id": pa.array(ids, pa.string()),
            "version": pa.array(versions, pa.int64()),
            "name": pa.array(names, pa.string()),
        }
    )


def listed(name: str, size: int = LIST) -> pa.Table:
    """Return a list of records in their first version."""
    return seekers(*((f"{name}{at:05}", 1, f"{name} {at}") for at in range(size)))


def putting(say: Callable[[Any], None], store: str, name: str, most: int | None = None) -> None:
    """Put groups of records, new and known ones; tell each group's number and place in the feed."""
    with Store.open(store) as opened:
        first = 1 + max(
            (number for who, number in groups(opened) if who == name), default=-1
        )  # the next after the last that is there
        numbers = itertools.count(first) if most is None else range(first, first + most)
        for number in numbers:
            ring = number % 4 * GROUP
            rows = [(f"{name}-{ring + at}", number, f"{name}/{number}") for at in range(GROUP)]
            _, cursor = opened.put("seekers", seekers(*rows), cause=f"{name}/{number}")
            say((number, cursor.seq))


def putting_until(
    say: Callable[[Any], None], store: str, name: str, statement: int, most: int
) -> None:
    """Do as `putting` does, and die before a statement."""
    Store.open(store).close()
    die_at(statement)
    putting(say, store, name, most)


def importing(say: Callable[[Any], None], store: str, name: str, statement: int = -1) -> None:
    """Import a list; tell how many of its records are done; die before a statement."""
    die_at(statement)
    with Store.open(store) as opened:
        opened.apply("seekers", listed(name), source=f"{name}.csv", watch=say)


def groups(store: Store) -> dict[tuple[str, int], list[Change]]:
    """Return the changes of each group that was put, by the name and the number."""
    found: dict[tuple[str, int], list[Change]] = {}
    for change in store.changes(kinds=["seekers"]):
        if "/" in change.cause and not change.cause.startswith("import"):
            name, number = change.cause.split("/")
            found.setdefault((name, int(number)), []).append(change)
    return found


def check_groups(store: Store, told: dict[str, list[tuple[int, int]]]) -> None:
    """Check that each group is there whole, those that were told of where they were told to be."""
    found = groups(store)
    for changes in found.values():
        assert len(changes) == GROUP
        assert changes[-1].seq - changes[0].seq == GROUP - 1
        assert len({change.committed_at for change in changes}) == 1
    for name, acknowledged in told.items():
        for number, seq in acknowledged:
            assert found[name, number][-1].seq == seq
        numbers = sorted(number for who, number in found if who == name)
        assert numbers == list(range(len(numbers)))  # each was put once, and none was passed over


def check_list(store: Store, name: str, *, is_done: bool) -> None:
    """Check that of a list the first transactions are there, each whole; all of it if it is done.

    The figures of its import are those of a run without interruption.
    """
    brought: dict[str, list[str]] = {}
    for change in store.changes(kinds=["seekers"]):
        if change.cause.endswith(f": {name}.csv"):
            brought.setdefault(change.cause, []).append(change.record["id"])
    assert len(brought) <= 1
    ids = next(iter(brought.values()), [])
    assert ids == listed(name).column("id").to_pylist()[: len(ids)]
    assert len(ids) % 500 == 0 or len(ids) == LIST
    with store.database.reading() as connection:
        columns = (IMPORTS.c.accepted, IMPORTS.c.unchanged, IMPORTS.c.finished_at)
        figures = connection.execute(
            select(*columns).where(IMPORTS.c.source == f"{name}.csv").order_by(IMPORTS.c.id)
        ).all()
    assert figures or not ids
    assert not any(accepted for accepted, _, _ in figures[1:])  # begun when all was done already
    for accepted, unchanged, finished_at in figures[:1]:
        assert (accepted, unchanged) == (len(ids), 0)
        assert len(ids) == LIST or finished_at is None
    if is_done:
        assert len(ids) == LIST
        assert figures[0][2] is not None


def replayed(changes: list[Change]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the records that changes end with, in kept form: by kind and key."""
    held: dict[str, dict[str, dict[str, Any]]] = {kind: {} for kind in RECORDS}
    for change in changes:
        if change.op == "put":
            held[change.kind][change.key] = change.record
        elif change.op == "remove":
            del held[change.kind][change.key]
        else:  # erased: it may have been removed before
            held[change.kind].pop(change.key, None)
    return held


def stored(store: Store, kind: str) -> dict[str, dict[str, Any]]:
    """Return the records of a kind in kept form, by their keys."""
    rows = to_kept(store.read(kind), record_schema(kind)).to_pylist()
    keys = store.keys(kind, [row["id"] for row in rows])
    assert len(set(keys.values())) == len(rows)
    return {keys[row["id"]]: row for row in rows}


def check_whole(store: Store, kinds: tuple[str, ...] = ("seekers",)) -> list[Change]:
    """Check that a store's feed is complete and in order and its records are the last images.

    Returns
    -------
    list of Change
        The whole feed.
    """
    changes = list(store.changes())
    assert [change.seq for change in changes] == list(range(1, store.head().seq + 1))
    moments = [change.committed_at for change in changes]
    assert moments == sorted(moments)
    held = replayed(changes)
    for kind in kinds:
        assert stored(store, kind) == held[kind]
    assert all(not held[kind] for kind in set(RECORDS).difference(kinds))
    if store.database.path is not None:
        # Not by another SQLite: within a process, two of them do not see each other's locks.
        with closing(sqlite_module().connect(store.database.path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return changes


_LATER_TABLES = (
    "feed",
    "changes",
    "amended",
    "forms",
    "restricted",
    "erased_ids",
    "bereft",
    "occupations",
    "api_keys",
    "sessions",
)


def make_older(path: Path) -> None:
    """Bring a store's file back to the first form of its tables: records without keys or feed."""
    with closing(sqlite_module().connect(path)) as connection, connection:
        for table in (*_LATER_TABLES, "alembic_version"):
            connection.execute(f"DROP TABLE {table}")
        for kind in RECORDS:
            connection.execute(f"ALTER TABLE {kind} DROP COLUMN key")
        for column in (
            *("graduation_year", "certificates", "hours_max_per_week", "radius_m"),
            *("registered_on", "closed_on", "close_reason"),
        ):
            connection.execute(f"ALTER TABLE seekers DROP COLUMN {column}")
        for column in ("finished_at", "digest", "conflicting", "report"):
            connection.execute(f"ALTER TABLE imports DROP COLUMN {column}")
        connection.execute("PRAGMA user_version=1")


@contextlib.contextmanager
def fresh_database(conninfo: str) -> Iterator[str]:
    """Make a database of its own on a server; give its URL; remove it."""
    name = f"faults_{uuid.uuid4().hex}"
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    host = psycopg.conninfo.conninfo_to_dict(conninfo)["host"]
    try:
        yield f"postgresql+psycopg://geo_match@/{name}?host={host}"
    finally:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def pause(seconds: float) -> None:
    """Let a moment pass, at whose end another process is wherever it is."""
    time.sleep(seconds)
