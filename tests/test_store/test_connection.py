"""What may be wrong with a store has a name, and leaves it as it was."""

from __future__ import annotations

import os
import pickle
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import create_engine, event, func, insert, select

from geo_match.store import (
    Store,
    StoreBusyError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
)
from geo_match.store.database import Database
from geo_match.store.database.driver import sqlite_module
from geo_match.store.database.sqlite import set_up
from geo_match.store.database.urls import path_of
from geo_match.store.schema.tables import APPLICATION_ID, TABLES

ONE = pa.table({"id": ["A"], "name": ["王"]})


def ids(path):
    with Store.open(path) as store:
        return store.read("seekers", fields=["id"]).column("id").to_pylist()


def test_every_connection_waits_for_the_disk_at_each_commit(tmp_path):
    with Store.open(tmp_path / "a.db") as store:
        for connection in [store.database.engine.connect() for _ in range(2)]:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
            assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            connection.close()


def test_a_put_has_no_settings_to_make_and_a_reader_still_waits_for_locks(tmp_path):
    def set_to(connection):
        return connection.exec_driver_sql("PRAGMA busy_timeout").scalar()

    said = []
    with Store.open(tmp_path / "a.db", busy_timeout_s=2.5) as store:
        store.put("seekers", ONE)
        assert store.database.write(set_to) == 0
        event.listen(
            store.database.engine,
            "checkout",
            lambda connection, *_: connection.set_trace_callback(said.append),
        )
        store.put("seekers", pa.table({"id": ["B"]}))
        assert said[0] == "BEGIN IMMEDIATE"
        assert not [one for one in said if "PRAGMA" in one]
        with store.database.reading() as connection:
            assert set_to(connection) == 2_500


def test_connections_that_were_made_once_are_kept(tmp_path):
    made = []
    with Store.open(tmp_path / "a.db") as store:
        event.listen(store.database.engine, "connect", lambda *_: made.append(1))
        for _ in range(2):
            with ExitStack() as several:
                for _ in range(12):
                    several.enter_context(store.database.reading())
        assert len(made) <= 12


def test_one_statement_is_read_as_of_one_moment_and_a_fault_of_it_has_a_name(tmp_path):
    with Store.open(tmp_path / "a.db") as store:
        store.put("seekers", ONE)
        assert store.database.rows("SELECT id FROM seekers WHERE id = ?", ("A",)) == [("A",)]
        with pytest.raises(StoreError, match="answer as a database does, got no such table"):
            store.database.rows("SELECT 1 FROM no_such", ())
        assert store.database.rows("SELECT count(*) FROM seekers", ()) == [(1,)]


def test_a_small_transaction_that_fails_is_undone(tmp_path):
    def act(connection):
        connection.connection.cursor().execute("DELETE FROM seekers")
        raise KeyError

    with Store.open(tmp_path / "a.db") as store:
        store.put("seekers", ONE)
        with pytest.raises(KeyError):
            store.database.write_barely(act)
        assert store.count("seekers") == 1
        store.put("seekers", pa.table({"id": ["B"]}))  # nobody holds the lock any more


class Deaf(sqlite3.Connection):
    """A SQLite that does not wait for the disk, whatever it is told."""

    def execute(self, statement, *values):
        deaf = statement.replace("synchronous=FULL", "synchronous=NORMAL")
        return super().execute(deaf, *values)


def test_a_sqlite_that_does_not_wait_for_the_disk_is_refused(tmp_path):
    connection = sqlite3.connect(tmp_path / "a.db", factory=Deaf)
    with pytest.raises(StoreError, match=r"that waits for the disk .*, got synchronous=1"):
        set_up(connection, tmp_path / "a.db")
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_a_file_that_cannot_have_a_log_is_refused(tmp_path):
    # One in memory has none, and SQLite says so by no more than its answer.
    database = Database("a.db", create_engine("sqlite://"), tmp_path / "a.db")
    with pytest.raises(StoreError, match=r"keep a write-ahead log, got journal_mode=memory"):
        database.keep_log()
    database.close()


def test_when_all_connections_are_in_use_the_next_is_told_so(new_url):
    with Store.open(new_url(), busy_timeout_s=0.05) as store, ExitStack() as readers:
        for _ in range(15):  # the pool's five and ten more
            readers.enter_context(store.database.reading())
        for ask in (lambda: store.count("seekers"), lambda: store.put("seekers", ONE)):
            with pytest.raises(StoreBusyError, match=r"must have a connection to spare, got none"):
                ask()
        readers.close()
        store.put("seekers", ONE)
        assert store.count("seekers") == 1


def test_a_store_that_another_writes_to_is_named_busy_and_taken_afterwards(tmp_path):
    path = tmp_path / "a.db"
    Store.open(path).close()
    # The store's own SQLite: another one in this process would not see its locks.
    with closing(sqlite_module().connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with Store.open(path, busy_timeout_s=0.05) as store:
            with pytest.raises(
                StoreBusyError, match=r"a\.db` must be free for writing, got .*lock"
            ):
                store.apply("seekers", ONE, source="a.csv")
            assert store.count("seekers") == 0  # readers need not wait
            other.execute("ROLLBACK")
            store.apply("seekers", ONE, source="a.csv")
    assert ids(path) == ["A"]


def test_a_reader_sees_the_store_as_it_was_until_a_writer_has_ended(new_url):
    url = new_url()
    with Store.open(url) as store, Store.open(url) as other:

        def act(connection):
            connection.execute(insert(TABLES["seekers"]).values(id="A", import_id=0, key="k"))
            assert other.count("seekers") == 0

        store.database.write(act)
        assert other.count("seekers") == 1


def test_a_reading_transaction_sees_one_moment(new_url):
    url = new_url()
    counted = select(func.count()).select_from(TABLES["seekers"])
    with Store.open(url) as store, Store.open(url) as other:
        with store.database.reading() as connection:
            assert connection.execute(counted).scalar_one() == 0
            other.put("seekers", ONE)
            assert connection.execute(counted).scalar_one() == 0
        assert store.count("seekers") == 1


def test_a_transaction_that_fails_leaves_nothing(store):
    def act(connection):
        connection.execute(insert(TABLES["seekers"]).values(id="A", import_id=0, key="k"))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.database.write(act)
    assert store.count("seekers") == 0


@pytest.mark.parametrize("whole", ["file", "folder"])
def test_a_store_that_may_not_be_written_to_is_named_so(whole):
    program = (
        "import os, sys, tempfile\n"
        "import pyarrow as pa\n"
        "from geo_match.store import Store, StoreReadOnlyError\n"
        "def put(path):\n"
        "    with Store.open(path) as store:\n"
        "        store.apply('seekers', pa.table({'id': ['B']}), source='b.csv')\n"
        "with tempfile.TemporaryDirectory() as own:\n"
        "    put(own + '/a.db')\n"  # who has no rights may import nothing from a private checkout
        "if os.getuid() == 0:\n"
        "    os.setuid(65534)\n"
        "try:\n"
        "    put(sys.argv[1])\n"
        "except StoreReadOnlyError as error:\n"
        "    print(error)\n"
    )
    # Not pytest's own folder: only its owner may enter that.
    folder = Path(tempfile.mkdtemp())
    try:
        path = folder / "a.db"
        with Store.open(path) as store:
            store.apply("seekers", ONE, source="a.csv")
        path.chmod(0o444)
        folder.chmod(0o777 if whole == "file" else 0o555)
        done = subprocess.run(  # noqa: S603 - this interpreter, on our own program
            [sys.executable, "-c", program, path], capture_output=True, text=True, check=True
        )
        assert f"`{path}` must be writable" in done.stdout
        folder.chmod(0o700)
        path.chmod(0o600)
        assert ids(path) == ["A"]
    finally:
        shutil.rmtree(folder)


def test_a_full_disk_is_named_and_the_store_is_whole(small_disk):
    path = small_disk / "a.db"
    with Store.open(path) as store:
        store.apply("seekers", ONE, source="a.csv")
        many = pa.table({"id": [f"B{at}" for at in range(50_000)], "name": ["王" * 20] * 50_000})
        with pytest.raises(StoreFullError, match=r"must have room on its disk, got .*Free space"):
            store.apply("seekers", many, source="b.csv")
        # What was written before the disk was full is there, in whole transactions.
        assert store.count("seekers") % 500 == 1
        assert store.count("seekers") == store.head().seq == len(list(store.changes()))
    assert ids(path)[0] == "A"


def test_a_new_store_on_a_full_disk_is_named_too(small_disk):
    (small_disk / "filler").write_bytes(b"x" * (1 << 20))
    with pytest.raises(StoreError, match=r"must (have room on its disk|answer as a database)"):
        Store.open(small_disk / "a.db")


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("编号,姓名\n" * 100)
    with pytest.raises(StoreCorruptError, match=r"list\.csv` must be a SQLite database, got"):
        Store.open(path)
    assert path.read_text() == "编号,姓名\n" * 100


def test_a_damaged_store_is_named(tmp_path):
    path = tmp_path / "a.db"
    with Store.open(path) as store:
        many = pa.table({"id": [f"B{at}" for at in range(5_000)]})
        store.apply("seekers", many, source="a.csv")
    damaged = bytearray(path.read_bytes())
    damaged[8192:-4096] = os.urandom(len(damaged) - 12288)
    path.write_bytes(damaged)
    with (
        pytest.raises(StoreCorruptError, match=r"must be sound, got .*Restore it from a backup"),
        Store.open(path) as store,
    ):
        store.read("seekers")


def test_another_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "map.gpkg"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE roads (id)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"must be a store of geo_match or not exist yet"):
        Store.open(path)
    assert path.read_bytes() == before


def test_a_store_of_another_version_is_refused(tmp_path):
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute(f"PRAGMA application_id={APPLICATION_ID}")
        other.execute("PRAGMA user_version=99")
    with pytest.raises(StoreError, match=r"must be of version 1, or .*, got version 99"):
        Store.open(path)


def test_a_store_in_no_folder_is_refused(tmp_path):
    with pytest.raises(StoreError, match=r"must be a file that can be opened or made"):
        Store.open(tmp_path / "nowhere" / "a.db")


@pytest.mark.parametrize(
    ("store", "told"),
    [
        ("mysql://ann:secret@host/db", "a URL of mysql"),
        ("sqlite://", "no path"),
        ("sqlite:///:memory:", "a URL of sqlite"),
        ("://", "must be a path or a URL"),
        ("post gres://ann:secret@host/db", r"`post gres://…` must be a path or a URL"),
        ("postgresql://ann:sec@ret:secret/db", r"`postgresql://…` must be a path or a URL"),
        ("postgresql://ann@host:secret/db", r"`postgresql://…` must be a path or a URL"),
    ],
)
def test_a_url_of_anything_but_a_file_or_postgresql_is_refused_and_shows_no_password(store, told):
    with pytest.raises(StoreError, match=told) as caught:
        path_of(store)
    assert "secret" not in str(caught.value)


def test_an_error_survives_pickling():
    error = StoreReadOnlyError("a.db", "be writable", "it is not", "Mend it.")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert str(again) == str(error) == "`a.db` must be writable, got it is not. Mend it."


def test_a_statement_that_failed_fails_again_and_never_finds_nothing(tmp_path):
    with Store.open(tmp_path / "a.db") as store, Store.open(tmp_path / "a.db") as other:
        assert store.database.rows("SELECT epoch FROM feed WHERE epoch <> ?", ("x",))
        other.database.write(lambda one: one.exec_driver_sql("ALTER TABLE feed RENAME TO gone"))
        for _ in range(3):
            with pytest.raises(StoreError, match="no such table: feed"):
                store.database.rows("SELECT epoch FROM feed WHERE epoch <> ?", ("x",))
