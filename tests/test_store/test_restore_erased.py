"""Whoever was erased since a backup stays so when it is restored."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import select
from test_store.backups import fill, store_name
from test_store.faults import make_older

from geo_match.store import Store, StoreCorruptError, StoreError
from geo_match.store.schema.tables import RESTRICTED


@pytest.fixture
def filled(store):
    """Return a store with something in each table."""
    fill(store)
    return store


@pytest.fixture
def path(tmp_path, filled_file):
    """Return a store's file with something in each table, of a test's own."""
    return Path(shutil.copy(filled_file, tmp_path / "a.db"))


def raw(path):
    """Return all bytes of a store's file and what lies beside it."""
    return b"".join(
        one.read_bytes() for one in sorted(path.parent.glob(f"{path.name}*")) if one.is_file()
    )


def test_whom_the_store_erased_since_the_backup_is_erased_again(filled, tmp_path, new_target):
    filled.hold("spells", ["P1"], until=dt.date(2999, 1, 1), reason="C-1")
    filled.erase("seekers", "S3", reason="before the backup")
    filled.backup(tmp_path / "b.db")
    gone = filled.erase("seekers", "S1", reason="R-7")
    filled.remove("seekers", ["S4"])
    filled.erase("seekers", "S4", reason="R-8")
    target = new_target()
    restored = Store.restore(tmp_path / "b.db", target, erased=store_name(filled))
    assert restored.erased == 3  # S1 with a spell, and S4
    with Store.open(target) as again:
        assert again.verify().is_sound
        assert again.read("seekers", fields=["id"]).column("id").to_pylist() == ["S2"]
        assert again.read("households").equals(filled.read("households"))
        assert again.read("spells").equals(filled.read("spells"))
        told = repr(list(again.changes()))
        assert "李秀英" in told
        assert "王建国" not in told
        assert "钱多多" not in told
        tombs = {one.key for one in again.changes() if one.op == "erase"}
        assert {key for keys in gone.erased.values() for key in keys} <= tombs
        with again.database.reading() as connection, filled.database.reading() as other:
            kept = connection.execute(select(RESTRICTED)).all()
            assert kept == other.execute(select(RESTRICTED)).all()
            assert len(kept) == 1
    if not filled.database.is_file:
        return
    found = raw(target)
    assert "李秀英".encode() in found
    for canary in ("王建国", "赵敏", "钱多多"):
        assert canary.encode() not in found
    assert "王建国".encode() in raw(tmp_path / "b.db")


def test_a_replaced_store_tells_whom_it_erased(path, tmp_path):
    out = tmp_path / "b.db"
    with Store.open(path) as store:
        store.backup(out)
        store.hold("spells", ["P2"], until=dt.date(2999, 1, 1), reason="C-2")
        store.erase("households", "H1", reason="R-1")
        store.erase("seekers", "S2", reason="R-2")
        evidence = restricted(store)
    assert evidence
    assert Store.restore(out, path, replace=True).erased == 3
    with Store.open(path) as store:
        assert store.count("households") == 0
        assert store.read("seekers").column("household").null_count == 3
        assert [(row.key, row.until, row.reason) for row in restricted(store)] == [
            (row.key, row.until, row.reason) for row in evidence
        ]
        assert store.verify().is_sound
    # Once more from the same backup, now with the tombstones that were made again.
    assert Store.restore(out, path, replace=True).erased == 3
    with Store.open(path) as store:
        assert store.keys("seekers", ["S2"]) == {}


def restricted(store):
    with store.database.reading() as connection:
        return connection.execute(select(RESTRICTED)).all()


def test_evidence_that_was_released_since_the_backup_is_not_back(path, tmp_path):
    out = tmp_path / "b.db"
    with Store.open(path) as store:
        store.hold("spells", ["P1"], until=dt.date(2999, 1, 1), reason="C-1")
        store.erase("seekers", "S1", reason="R-1")
        store.backup(out)
        assert store.release_restricted(on=dt.date(2999, 1, 2)).count == 1
    Store.restore(out, path, replace=True)
    with Store.open(path) as store:
        assert restricted(store) == []


def test_an_id_that_came_again_after_its_erasure_is_not_the_erased_one(path, tmp_path):
    out = tmp_path / "b.db"
    with Store.open(path) as store:
        store.erase("seekers", "S3", reason="R-1")
        store.put("seekers", pa.table({"id": ["S3"], "name": ["新人"]}), erased_too=True)
        store.backup(out)
    assert Store.restore(out, path, replace=True).erased == 0
    with Store.open(path) as store:
        assert store.read("seekers", fields=["id", "name"]).to_pylist()[2]["name"] == "新人"


def test_a_store_too_damaged_to_tell_whom_it_erased_is_not_replaced(path, tmp_path):
    out = tmp_path / "b.db"
    with Store.open(path) as store:
        store.backup(out)
    path.write_bytes(b"x" * 40_000)
    with pytest.raises(StoreCorruptError, match=r"a\.db` must be readable.*erase again who"):
        Store.restore(out, path, replace=True)
    assert path.read_bytes() == b"x" * 40_000


def test_erasures_that_an_older_backup_cannot_know_are_no_silent_gap(path, tmp_path):
    """Its records get keys when it is brought to today's form, which no tombstone names."""
    out = tmp_path / "b.db"
    shutil.copy(path, out)
    make_older(out)
    assert Store.restore(out, path, replace=True).erased == 0  # nobody was erased
    with Store.open(path) as store:
        store.erase("seekers", "S1", reason="R-1")
    told = r"b\.db` must know its records by keys.*erase again there"
    with pytest.raises(StoreError, match=told):
        Store.restore(out, path, replace=True)
    with pytest.raises(StoreError, match=told):
        Store.restore(out, tmp_path / "c.db", erased=path)
    with Store.open(path) as store:
        assert store.keys("seekers", ["S1", "S2"]).keys() == {"S2"}
    assert not (tmp_path / "c.db").exists()


def test_a_store_whose_erasures_are_made_again_is_not_changed(path, tmp_path):
    with Store.open(path) as store:
        store.backup(tmp_path / "b.db")
    make_older(path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"a\.db` must have tables of today's form"):
        Store.restore(tmp_path / "b.db", tmp_path / "c.db", erased=path)
    assert path.read_bytes() == before
    assert not (tmp_path / "c.db").exists()


def test_a_target_named_as_that_of_the_erasures_in_other_words_is_the_same(
    path, tmp_path, monkeypatch
):
    out = tmp_path / "b.db"
    with Store.open(path) as store:
        store.backup(out)
        store.erase("seekers", "S1", reason="R-1")
    monkeypatch.chdir(tmp_path)
    for other in ("a.db", f"sqlite:///{path}"):
        assert Store.restore(out, path, replace=True, erased=other).erased == 2
    path.unlink()
    with pytest.raises(StoreError, match="must be a store whose erasures are made again, got none"):
        Store.restore(out, path, replace=True, erased="a.db")
    assert not path.exists()
