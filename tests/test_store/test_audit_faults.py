"""Where an entry cannot be written there is no answer, and the reason has a name."""

from __future__ import annotations

import datetime as dt
import pickle
import shutil
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event
from test_store.audits import READ, ROW, InSqlite, in_order, rows, sqlite3, started

from geo_match.store import StoreCorruptError, StoreError, StoreFullError, StoreReadOnlyError
from geo_match.store.audit import AuditError, AuditLog
from geo_match.store.audit import log as audit_module
from geo_match.store.audit._table import AUDIT_APPLICATION_ID


def fill(path):
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            return


def test_a_full_disk_gives_no_answer_until_there_is_room(small_disk):
    kept = InSqlite(small_disk)
    with AuditLog.open(kept.store) as log:
        numbers = [log.note(READ)]
        fill(small_disk / "filler")
        # Room that the file has already may take some more.
        more = iter(lambda: log.note(READ), 10_000)
        with pytest.raises(AuditError, match=r"have room on its disk, or no read") as caught:
            numbers.extend(more)
        assert isinstance(caught.value.__cause__, StoreFullError)
        (small_disk / "filler").unlink()
        numbers.append(log.note(READ))
    assert numbers == list(range(1, len(numbers) + 1))
    assert in_order(kept) == len(numbers)


def test_a_file_that_becomes_read_only_gives_no_answer_until_it_is_mended(tmp_path):
    kept = InSqlite(tmp_path)
    with AuditLog.open(kept.store) as log:

        def forbid(connection, _):
            connection.execute("PRAGMA query_only=ON")

        log.note(READ)
        log._database.release()
        event.listen(log._database._engine, "connect", forbid)
        with pytest.raises(AuditError, match="be writable, or no read") as caught:
            log.note(READ)
        assert isinstance(caught.value.__cause__, StoreReadOnlyError)
        event.remove(log._database._engine, "connect", forbid)
        assert log.note(READ) == 2
    assert in_order(kept) == 2


@pytest.mark.parametrize("whole", ["file", "folder"])
def test_an_audit_that_may_not_be_written_to_is_named_so(whole):
    program = (
        "import os, sys, tempfile\n"
        "from geo_match.store import StoreError\n"
        "from geo_match.store.audit import AuditLog, PersonRead\n"
        "def note(store):\n"
        "    with AuditLog.open(store) as log:\n"
        "        log.note(PersonRead(who='a', purpose='b', scope='c', count=1))\n"
        "with tempfile.TemporaryDirectory() as own:\n"
        "    note(own + '/a.db')\n"  # who has no rights may import nothing from a private checkout
        "if os.getuid() == 0:\n"
        "    os.setuid(65534)\n"
        "try:\n"
        "    note(sys.argv[1])\n"
        "except StoreError as error:\n"
        "    print(error)\n"
    )
    folder = Path(tempfile.mkdtemp())  # not pytest's own: only its owner may enter that
    try:
        kept = InSqlite(folder)
        with AuditLog.open(kept.store) as log:
            log.note(READ)
        kept.path.chmod(0o444)
        folder.chmod(0o777 if whole == "file" else 0o555)
        assert f"`{kept.path}` must be writable" in started(program, kept.store).communicate()[0]
        folder.chmod(0o700)
        kept.path.chmod(0o600)
        assert rows(kept) == [(1, *ROW)]
    finally:
        shutil.rmtree(folder)


def test_a_damaged_file_gives_no_answer_until_it_is_mended(tmp_path):
    kept = InSqlite(tmp_path)
    with AuditLog.open(kept.store) as log:
        log.note(READ)
    sound = kept.path.read_bytes()
    with AuditLog.open(kept.store) as log:
        kept.path.write_bytes(sound[:4096] + b"\xa5" * (len(sound) - 4096))
        with pytest.raises(AuditError, match=r"be sound, or no read .* Restore it") as caught:
            log.note(READ)
        assert isinstance(caught.value.__cause__, StoreCorruptError)
        kept.path.write_bytes(sound)
        assert log.note(READ) == 2
    assert in_order(kept) == 2


@pytest.mark.parametrize(("instead", "told"), [(False, "no file"), (True, "another file")])
def test_a_file_that_was_taken_away_gives_no_answer_until_it_is_back(tmp_path, instead, told):
    kept = InSqlite(tmp_path)
    other = InSqlite(tmp_path / "other")
    other.path.parent.mkdir()
    AuditLog.open(other.store).close()
    with AuditLog.open(kept.store) as log:
        log.note(READ)
        log._database.release()  # the log alone has it open: its write-ahead log is empty now
        away = kept.path.rename(tmp_path / "away")
        if instead:
            shutil.copy(other.path, kept.path)
        with pytest.raises(AuditError, match=f"be the file that was opened, .*got {told}"):
            log.note(READ)
        with pytest.raises(StoreError, match=f"be the file that was opened, got {told}"):
            log.read()
        assert kept.path.exists() == instead
        away.rename(kept.path)
        assert log.note(READ) == 2
    assert in_order(kept) == 2


def test_a_file_taken_away_while_an_entry_is_written_gives_no_answer(tmp_path, monkeypatch):
    kept = InSqlite(tmp_path)
    with AuditLog.open(kept.store) as log:

        def now():
            kept.path.rename(tmp_path / "away")
            return dt.datetime.now(dt.UTC)

        monkeypatch.setattr(audit_module, "_now", now)
        with pytest.raises(AuditError, match=r"be the file that was opened, .*got no file"):
            log.note(READ)


def test_entries_never_wait_for_who_writes_to_the_store(tmp_path):
    kept = InSqlite(tmp_path)
    with closing(sqlite3.connect(kept.store, isolation_level=None)) as store:
        store.execute("BEGIN EXCLUSIVE")
        with AuditLog.open(kept.store, busy_timeout_s=0.0) as log:
            assert log.note(READ) == 1


@pytest.mark.postgis
def test_an_entry_is_taken_after_the_server_has_dropped_its_connections(postgres):
    with AuditLog.open(postgres.store) as log:
        log.note(READ)
        postgres.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert log.note(READ) == 2
    assert in_order(postgres) == 2


@pytest.mark.postgis
def test_a_table_that_is_gone_gives_no_answer_until_it_is_back(postgres):
    with AuditLog.open(postgres.store) as log:
        postgres.execute("ALTER TABLE audit RENAME TO elsewhere")
        with pytest.raises(AuditError, match=r'answer as a database does, .*relation "audit"'):
            log.note(READ)
        postgres.execute("ALTER TABLE elsewhere RENAME TO audit")
        assert log.note(READ) == 1


@pytest.mark.postgis
def test_a_server_that_takes_no_writes_is_named_read_only(postgres):
    with AuditLog.open(postgres.store) as log:
        name = postgres.execute("SELECT current_database()")[0][0]
        postgres.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        log._database.release()
        with pytest.raises(AuditError, match="be writable, or no read") as caught:
            log.note(READ)
        assert isinstance(caught.value.__cause__, StoreReadOnlyError)


@pytest.mark.postgis
def test_a_server_that_is_not_there_is_named_and_shows_no_password(tmp_path):
    url = f"postgresql+psycopg://geo_match:secret@/nothing?host={tmp_path}"
    with pytest.raises(StoreError, match="must answer as a database does, got") as caught:
        AuditLog.open(url)
    assert "secret" not in str(caught.value)


def test_a_closed_log_takes_and_gives_nothing(kept):
    log = AuditLog.open(kept.store)
    log.note(READ)
    log.close()
    log.close()
    with pytest.raises(AuditError, match=r"be open, or no read .*, got one that was closed"):
        log.note(READ)
    with pytest.raises(StoreError, match="must be open, got one that was closed"):
        log.read()
    assert rows(kept) == [(1, *ROW)]


def test_several_processes_may_make_the_same_audit_at_once(kept):
    program = "import sys; from geo_match.store.audit import AuditLog as A; A.open(sys.argv[1])"
    made = [started(program, kept.store) for _ in range(2)]
    assert [(process.communicate(), process.returncode)[1] for process in made] == [0, 0]
    assert rows(kept) == []


def test_another_database_in_its_place_is_refused_and_left_alone(tmp_path):
    kept = InSqlite(tmp_path)
    kept.execute("CREATE TABLE roads (id)")
    before = kept.path.read_bytes()
    with pytest.raises(StoreError, match=r"must be an audit of geo_match or not exist yet"):
        AuditLog.open(kept.store)
    assert kept.path.read_bytes() == before


def test_an_audit_of_another_version_is_refused(tmp_path):
    kept = InSqlite(tmp_path)
    kept.execute(f"PRAGMA application_id={AUDIT_APPLICATION_ID}")
    kept.execute("PRAGMA user_version=99")
    with pytest.raises(StoreError, match=r"must be of version 1, got version 99"):
        AuditLog.open(kept.store)


@pytest.mark.postgis
def test_another_table_of_its_name_is_refused(postgres):
    postgres.execute("CREATE TABLE audit (id integer, told text)")
    with pytest.raises(StoreError, match=r"must have the columns number, .*got id, told"):
        AuditLog.open(postgres.store)


@pytest.mark.parametrize(
    ("store", "told"),
    [
        ("sqlite://", "no path"),
        ("sqlite:///:memory:", "no path"),
        ("mysql://ann:secret@host/db", "a URL of mysql"),
        ("postgresql+nothing://ann:secret@host/db", "must have a driver"),
        ("://", "must be a path or a URL"),
    ],
)
def test_what_is_no_store_is_refused_and_shows_no_password(store, told):
    with pytest.raises(StoreError, match=told) as caught:
        AuditLog.open(store)
    assert "secret" not in str(caught.value)


def test_a_path_and_its_url_name_the_same_audit(tmp_path):
    for store in (tmp_path / "a.db", str(tmp_path / "a.db"), f"sqlite:///{tmp_path}/a.db"):
        with AuditLog.open(store) as log:
            log.note(READ)
            assert log.name == str(tmp_path / "a.db.audit")
    assert in_order(InSqlite(tmp_path)) == 3


def test_its_error_survives_pickling():
    error = AuditError("a.db.audit", "be open", "one that was closed", "Open it anew.")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert str(again) == str(error)
    assert type(again) is AuditError
