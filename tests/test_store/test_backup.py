"""A backup is the store as it was at a moment, in one file."""

from __future__ import annotations

import itertools
import shutil
import threading
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import text
from test_store.backups import fill, names, read_person, store_name

from geo_match.store import Store, StoreCorruptError, StoreError, StoreFullError
from geo_match.store.keeping import backup as backup_module
from geo_match.store.keeping._copies import place_new


@pytest.fixture
def filled(store):
    """Return a store with something in each table."""
    fill(store)
    return store


@pytest.fixture
def path(tmp_path, filled_file):
    """Return a store's file with something in each table, of a test's own."""
    return Path(shutil.copy(filled_file, tmp_path / "a.db"))


def test_a_backup_beside_a_writer_is_a_prefix_of_its_commits(store, tmp_path):
    store.apply(
        "jobs",
        pa.table({"id": [f"J{at}" for at in range(600)], "title": ["a"] * 600}),
        source="a.csv",
    )
    begun, stop = threading.Event(), threading.Event()
    committed = []

    def write():
        with Store.open(store_name(store)) as other:
            for at in itertools.count():
                _, cursor = other.put(
                    "jobs", pa.table({"id": [f"N{at}-{n}" for n in range(3)], "title": ["n"] * 3})
                )
                committed.append(cursor.seq)
                begun.set()
                if stop.is_set():
                    return

    writer = threading.Thread(target=write)
    writer.start()
    begun.wait()
    try:
        before = committed[-1]
        backed_up = store.backup(tmp_path / "b.db")
    finally:
        stop.set()
        writer.join()
    assert before <= backed_up.changes <= committed[-1]
    assert (backed_up.changes - 600) % 3 == 0
    with Store.open(backed_up.path) as copy:
        assert copy.verify().is_sound
        assert copy.count("jobs") == copy.head().seq == backed_up.changes


def test_a_backup_is_one_file_and_never_takes_the_place_of_another(filled, tmp_path):
    (tmp_path / "out").mkdir()
    out = tmp_path / "out" / "b.db"
    filled.backup(out)
    assert names(tmp_path / "out") == ["b.db"]
    before = out.read_bytes()
    with pytest.raises(StoreError, match=r"b\.db` must be a new file, got one that is there"):
        filled.backup(out)
    assert out.read_bytes() == before
    (tmp_path / "out" / "c.db.audit").write_text("x")
    with pytest.raises(StoreError, match=r"c\.db\.audit` must be a new file"):
        filled.backup(tmp_path / "out" / "c.db")
    with pytest.raises(StoreError, match=r"must lie in a folder that is there"):
        filled.backup(tmp_path / "nowhere" / "c.db")
    assert names(tmp_path / "out") == ["b.db", "c.db.audit"]


def test_a_store_that_is_not_sound_is_not_backed_up(filled, tmp_path):
    with filled.database.engine.begin() as connection:
        connection.execute(text("DELETE FROM changes WHERE seq = 2"))
    with pytest.raises(
        StoreCorruptError, match=r"must be sound, got .*from 1 to 3.*verify"
    ) as told:
        filled.backup(tmp_path / "b.db")
    assert told.value.store == filled.name
    assert not [name for name in names(tmp_path) if "b.db" in name]


def test_a_disk_without_room_is_named_and_left_as_it_was(small_disk, tmp_path):
    with Store.open(tmp_path / "a.db") as store:
        store.apply(
            "jobs",
            pa.table({"id": [f"J{at}" for at in range(8_000)], "title": ["店员" * 9] * 8_000}),
            source="a.csv",
        )
        with pytest.raises(StoreFullError, match=r"b\.db` must have room on its disk, got"):
            store.backup(small_disk / "b.db")
        store.backup(tmp_path / "b.db")
    assert names(small_disk) == []
    with Store.open(small_disk / "a.db") as old:
        old.put("jobs", pa.table({"id": ["J"], "title": ["x"]}))
    with pytest.raises(StoreFullError, match=r"a\.db` must have room on its disk, got"):
        Store.restore(tmp_path / "b.db", small_disk / "a.db", replace=True)
    with Store.open(small_disk / "a.db") as old:
        assert old.keys("jobs", ["J"])
        assert old.verify().is_sound
    assert not [one for one in names(small_disk) if one.startswith(".") or "before" in one]


def test_an_audit_that_is_anothers_is_left_where_a_backup_fails(path, tmp_path, monkeypatch):
    out = tmp_path / "b.db"
    with Store.open(path) as store:
        read_person(path, 3)

        def place(made, target):
            if target == out:
                out.write_text("mine")  # another file comes by that name
            place_new(made, target)

        monkeypatch.setattr(backup_module, "place_new", place)
        with pytest.raises(StoreError, match=r"b\.db` must be a new file"):
            store.backup(out)
        assert out.read_text() == "mine"
        assert not Path(f"{out}.audit").exists()
        out.unlink()
        Path(f"{out}.audit").write_text("mine")
        with pytest.raises(StoreError, match=r"b\.db\.audit` must be a new file"):
            store.backup(out)
    assert Path(f"{out}.audit").read_text() == "mine"
