"""What is restored is what was backed up, in its place when it is whole, and never by mistake."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import shutil
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
from test_store.backups import entries, fill, names, read_person, store_name, tables
from test_store.faults import make_older

from geo_match.store import EpochError, Store, StoreBusyError, StoreError
from geo_match.store.database.driver import sqlite_module


@pytest.fixture
def filled(store):
    """Return a store with something in each table."""
    fill(store)
    return store


@pytest.fixture
def path(tmp_path, filled_file):
    """Return a store's file with something in each table, of a test's own."""
    return Path(shutil.copy(filled_file, tmp_path / "a.db"))


def test_what_is_restored_is_what_was_backed_up(filled, tmp_path, new_target):
    backed_up = filled.backup(tmp_path / "b.db")
    assert (backed_up.path, backed_up.audit) == (tmp_path / "b.db", None)
    assert backed_up.changes == filled.head().seq
    restored = Store.restore(tmp_path / "b.db", target := new_target())
    assert (restored.records, restored.changes) == (backed_up.records, backed_up.changes)
    assert (restored.erased, restored.aside, restored.audit) == (0, None, "none")
    with Store.open(target) as again:
        assert tables(again) == tables(filled)
        for kind, seq in itertools.product(["seekers", "jobs"], (0, 9)):
            assert again.read(kind, as_of=seq).equals(filled.read(kind, as_of=seq))
        assert list(again.changes()) == list(filled.changes())
        assert again.gazetteer().equals(filled.gazetteer())
        assert again.cursor() == restored.cursor
        assert again.verify().is_sound
        with pytest.raises(EpochError, match="It was restored from a backup"):
            list(again.changes(after=filled.cursor()))
        # It is written to as before: numbers go on, an interrupted import is resumed.
        again.put("jobs", pa.table({"id": ["J9"], "title": ["新"]}))
        assert again.cursor().seq == restored.cursor.seq + 1
        again.apply("employers", pa.table({"id": ["E"], "name": ["厂"]}), source="e.csv")
        assert again.status().unfinished[0].source == "stations.csv"


@pytest.mark.postgis
def test_a_store_in_a_file_is_restored_to_a_server_and_that_to_a_file(
    path, tmp_path, server, postgis_template
):
    with Store.open(path) as store:
        store.backup(tmp_path / "b.db")
        was = tables(store)
    url = server.database(postgis_template)
    restored = Store.restore(tmp_path / "b.db", url)
    with Store.open(url) as again:
        assert tables(again) == was
        assert again.cursor() == restored.cursor
        again.backup(tmp_path / "c.db")
    Store.restore(tmp_path / "c.db", tmp_path / "d.db")
    with Store.open(tmp_path / "d.db") as again:
        assert tables(again) == was
        assert again.verify().is_sound


def test_two_restores_of_a_backup_have_different_epochs(filled, tmp_path):
    filled.backup(tmp_path / "b.db")
    one = Store.restore(tmp_path / "b.db", tmp_path / "c.db").cursor
    two = Store.restore(tmp_path / "b.db", tmp_path / "d.db").cursor
    assert len({one.epoch, two.epoch, filled.head().epoch}) == 3
    assert one.seq == two.seq


def test_the_audit_goes_with_the_backup_and_never_over_another(filled, tmp_path, new_target):
    name = store_name(filled)
    read_person(name, 3)
    read_person(name, 4)
    out = tmp_path / "b.db"
    assert filled.backup(out).audit == tmp_path / "b.db.audit"
    assert entries(out) == entries(name)
    one, other = new_target(), new_target()
    assert Store.restore(out, one).audit == "copied"
    assert entries(one) == entries(name)
    read_person(one, 5)  # it goes on
    assert [entry["number"] for entry in entries(one)] == [1, 2, 3]
    read_person(other, 7)
    assert Store.restore(out, other).audit == "kept"
    assert [entry["count"] for entry in entries(other)] == [7]


def test_something_that_is_there_is_replaced_only_when_asked_and_kept_aside(path, tmp_path):
    out = tmp_path / "b.db"
    with Store.open(path) as store:
        store.backup(out)
        store.put("jobs", pa.table({"id": ["later"], "title": ["x"]}))
        was = tables(store)
    with pytest.raises(
        StoreError, match=r"a\.db` must be new, got a file that is there.*--replace"
    ):
        Store.restore(out, path)
    path.chmod(0o640)
    moment = dt.datetime(2099, 1, 2, 3, 4, 5, tzinfo=dt.UTC).replace(tzinfo=None)
    restored = Store.restore(out, path, replace=True, clock=lambda: moment)
    assert restored.aside == tmp_path / "a.db.before-20990102T030405Z"
    assert path.stat().st_mode & 0o777 == 0o640
    with Store.open(path) as store, Store.open(restored.aside) as aside:
        assert tables(aside) == was
        assert "later" not in store.keys("jobs", ["later", "J1"])
        for one in (store, aside):
            with one.database.engine.connect() as connection:
                assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_a_store_that_another_has_open_is_not_replaced(path, tmp_path):
    out = tmp_path / "b.db"
    with Store.open(path) as store:
        store.backup(out)
        was = tables(store)
        with pytest.raises(StoreBusyError, match=r"used by no other program.*Stop the servers"):
            Store.restore(out, path, replace=True, busy_timeout_s=0.05)
        store.put("jobs", pa.table({"id": ["later"], "title": ["x"]}))
        store.remove("jobs", ["later"])
        assert store.read("jobs").num_rows == len(was["jobs"])
    assert [name for name in names(tmp_path) if name not in {"a.db", "a.db-turn", "b.db"}] == []


@pytest.mark.postgis
def test_a_store_on_a_server_is_not_replaced(tmp_path, server, store_template):
    with Store.open(tmp_path / "a.db") as store:
        store.backup(tmp_path / "b.db")
    url = server.database(store_template)
    with pytest.raises(StoreError, match=r"must be an empty database, got a store.*--erased"):
        Store.restore(tmp_path / "b.db", url, replace=True)


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("truncated", r"b\.db` must be sound, got"),
        ("torn", r"b\.db` must be sound, got"),
        ("text", r"b\.db` must be a SQLite database"),
        ("another", r"b\.db` must be a store of geo_match"),
        ("empty", r"b\.db` must be a backup, got a database without a store"),
        ("none", r"b\.db` must be the file of a backup, got none"),
        ("gap", r"b\.db` must be sound, got The changes from 1 to 3"),
    ],
)
def test_a_backup_that_is_none_or_not_sound_is_refused_by_name(path, tmp_path, harm, told):
    out = tmp_path / "b.db"
    with Store.open(path) as store:
        store.backup(out)
        was = tables(store)
    whole = out.read_bytes()
    if harm == "truncated":
        out.write_bytes(whole[: len(whole) // 2 // 4096 * 4096])
    elif harm == "torn":
        out.write_bytes(whole[:16_384] + os.urandom(len(whole) - 16_384))
    elif harm == "gap":
        with closing(sqlite_module().connect(out)) as connection, connection:
            connection.execute("DELETE FROM changes WHERE seq = 2")
    else:
        out.unlink()
        if harm == "another":
            with closing(sqlite_module().connect(out)) as connection:
                connection.execute("CREATE TABLE roads (id)")
        elif harm != "none":
            out.write_text("编号,姓名\n" * 100 if harm == "text" else "")
    for target, replace in ((tmp_path / "c.db", False), (path, True)):
        with pytest.raises(StoreError, match=told):
            Store.restore(out, target, replace=replace)
    with Store.open(path) as store:
        assert tables(store) == was
    assert not [one for one in names(tmp_path) if one.startswith((".", "c.db"))]


def test_the_log_of_a_store_that_is_gone_is_not_played_into_a_new_one(path, tmp_path):
    with Store.open(path) as store:
        store.backup(tmp_path / "b.db")
        store.put("jobs", pa.table({"id": ["later"], "title": ["x"]}))
        shutil.copy(tmp_path / "a.db-wal", tmp_path / "c.db-wal")
    with pytest.raises(StoreError, match=r"c\.db` must have no log of an earlier store beside it"):
        Store.restore(tmp_path / "b.db", tmp_path / "c.db")
    assert not (tmp_path / "c.db").exists()


def test_an_older_backup_is_brought_to_todays_form(path, tmp_path):
    make_older(path)
    before = path.read_bytes()
    restored = Store.restore(path, tmp_path / "c.db")
    assert path.read_bytes() == before
    with Store.open(tmp_path / "c.db") as store:
        assert store.count("seekers") == 4
        assert store.cursor() == restored.cursor


def test_a_backup_is_not_restored_over_itself(path, tmp_path):
    with pytest.raises(StoreError, match="must be another file than the backup, got the same"):
        Store.restore(path, path, replace=True)
    with pytest.raises(StoreError, match="must be a store whose erasures are made again, got none"):
        Store.restore(path, tmp_path / "c.db", erased=Path(tmp_path, "no.db"))
    assert not (tmp_path / "c.db").exists()
