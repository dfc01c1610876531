"""What the tests of the audit share: where it is kept, looked at by the driver alone."""

from __future__ import annotations

import itertools
import subprocess
import sys
import uuid
from contextlib import closing, contextmanager

import pyarrow as pa

from geo_match.store.audit import PersonRead
from geo_match.store.audit._database import _LOCK
from geo_match.store.database.driver import sqlite_module

sqlite3 = sqlite_module()  # another library in this process would not see the audit's locks
READ = PersonRead(who="社区-07", purpose="岗位推荐", scope="persons:read", count=3)
ROW = ("社区-07", "岗位推荐", "persons:read", 3)
TWO = pa.table({"id": ["A", "B"]})
ID_CARD = "11010519491231002X"  # the standard's own example


class InSqlite:
    """A store's audit in a file, looked at by the driver alone."""

    busy = (sqlite3.OperationalError, sqlite3.IntegrityError)

    def __init__(self, folder):
        self.store = str(folder / "a.db")
        self.path = folder / "a.db.audit"

    def execute(self, statement):
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            return connection.execute(statement).fetchall()

    @contextmanager
    def held(self):
        """Hold the right to write, as another process would."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield


class InPostgres:
    """A store's audit in a database of its own, looked at by the driver alone."""

    def __init__(self, conninfo):
        import psycopg  # noqa: PLC0415 - only these tests need it

        self.busy = psycopg.Error
        self._connect = psycopg.connect
        name = f"audit_{uuid.uuid4().hex}"
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
            home = connection.info.host
        self._conninfo = f"host={home} dbname={name} user=geo_match"
        self.store = f"postgresql+psycopg://geo_match:secret@/{name}?host={home}"

    def execute(self, statement):
        with self._connect(self._conninfo, autocommit=True) as connection:
            found = connection.execute(statement)
            return found.fetchall() if found.description else []

    @contextmanager
    def held(self):
        """Hold the right to write, as another process would."""
        with self._connect(self._conninfo) as connection:
            connection.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
            yield


def rows(kept):
    return kept.execute("SELECT number, who, purpose, scope, count FROM audit ORDER BY number")


def in_order(kept):
    """Check that numbers have no gaps and moments never decrease; return how many there are."""
    found = kept.execute("SELECT number, noted_at FROM audit ORDER BY number")
    assert [number for number, _ in found] == list(range(1, len(found) + 1))
    assert all(before[1] <= after[1] for before, after in itertools.pairwise(found))
    return len(found)


def started(program, *arguments):
    return subprocess.Popen(  # noqa: S603 - this interpreter, on our own program
        [sys.executable, "-c", program, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )
