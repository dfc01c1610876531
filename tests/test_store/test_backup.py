"""A backup is the store as it was at a moment; what is restored is that, less the erased."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import shutil
import signal
import sys
import threading
import uuid
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import select, text
from test_store.faults import CHANCE, Worker, make_older

from geo_match.store import (
    AuditLog,
    EpochError,
    PersonRead,
    Store,
    StoreBusyError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
)
from geo_match.store.database.driver import sqlite_module
from geo_match.store.keeping import backup as backup_module
from geo_match.store.keeping._copies import place_new, staging
from geo_match.store.schema.tables import METADATA, RESTRICTED
from geo_match.taxonomy import Occupations

SEEKERS = pa.table(
    {
        "id": ["S1", "S2", "S3", "S4"],
        "version": [1, None, 2, 1],
        "updated_at": pa.array([1_740_816_005, None, None, None], pa.timestamp("s")),
        "household": ["H1", "H1", None, None],
        "name": ["王建国", "李秀英", "赵敏", "钱多多"],
        "birth_year": [1980, 1985, 1990, None],
        "lon": [117.3, 117.36, None, 117.123456789012],
        "lat": [32.9, 32.93, None, 32.9],
        "accepts": [["part", "fixed"], [], None, None],
    }
)
HOMES = pa.table(
    {
        "id": ["H1"],
        "head_name": ["王建国"],
        "zero_employment": [True],
        "members": [[{"birth_year": 1980, "status": None}, {"birth_year": 1985, "status": None}]],
    }
)
SPELLS = pa.table(
    {
        "id": ["P1", "P2"],
        "person": ["S1", "S2"],
        "status": ["unemployed", "employed"],
        "start": [dt.date(2024, 1, 1), dt.date(2024, 2, 29)],
    }
)
JOBS = pa.table(
    {"id": ["J1", "J2"], "title": ["店员", "保洁"], "opened_on": [None, dt.date(2025, 1, 1)]}
)
PLACES = pa.table(
    {
        "name": ["幸福小区", "建国路"],
        "lon": [117.38, 117.4],
        "lat": [32.9, 32.91],
        "accuracy_m": [150.0, None],
        "community": [None, "340302001001"],
    }
)


def names(folder):
    """Return what lies in a folder, in order."""
    return sorted(one.name for one in folder.iterdir())


def fill(store):
    """Write to a store in every way but erasure."""
    store.apply("households", HOMES, source="homes.csv")
    store.apply("seekers", SEEKERS, source="seekers.csv")
    store.apply("spells", SPELLS, source="spells.csv")
    store.apply("jobs", JOBS, source="jobs.csv")
    store.put("jobs", pa.table({"id": ["J1"], "title": ["店长"]}), cause="mended", actor="office")
    store.remove("jobs", ["J2"])
    store.set_gazetteer(PLACES)
    store.set_occupations(Occupations())
    with pytest.raises(KeyboardInterrupt, match="stop"):
        store.apply(
            "stations",
            pa.table({"id": [f"T{at}" for at in range(600)], "name": ["站"] * 600}),
            source="stations.csv",
            watch=interrupt,
        )


def interrupt(_):
    raise KeyboardInterrupt("stop")


def tables(store):
    """Return all rows of all tables, but for the epoch."""
    with store.database.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in METADATA.sorted_tables
            if table.name != "feed"
        } | {"feed": [store.head().seq, store.head().committed_at, store.head().horizon]}


@pytest.fixture
def filled(store):
    """Return a store with something in each table."""
    fill(store)
    return store


@pytest.fixture(scope="module")
def filled_file(tmp_path_factory, store_file):
    """Return a store's file with something in each table, to be copied."""
    path = tmp_path_factory.mktemp("filled") / "a.db"
    shutil.copy(store_file, path)
    with Store.open(path) as store:
        fill(store)
    return path


@pytest.fixture
def path(tmp_path, filled_file):
    """Return such a file of a test's own."""
    return Path(shutil.copy(filled_file, tmp_path / "a.db"))


@pytest.fixture
def new_target(filled, tmp_path, request):
    """Return what gives a target to restore to, on the same database as the filled store."""
    if filled.database.is_file:
        return lambda: tmp_path / f"{uuid.uuid4().hex}.db"
    server = request.getfixturevalue("server")
    template = request.getfixturevalue("postgis_template")
    return lambda: server.database(template)


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


def store_name(store):
    """Return the name by which a store is opened once more."""
    return store.database.path or store.database.engine.url.render_as_string(hide_password=False)


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


def read_person(store, count):
    with AuditLog.open(store) as audit:
        audit.note(PersonRead(who="社区-07", purpose="岗位推荐", scope="persons:read", count=count))


def entries(store):
    with AuditLog.open(store) as audit:
        return audit.read().to_pylist()


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
        store.put("seekers", pa.table({"id": ["S3"], "name": ["新人"]}))
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


def keep_and_die(say, at, what, *arguments):
    """Back up or restore in a process that dies before it changes a disk or a database."""
    passed = itertools.count()

    def count(event, _):
        # In whatever library that happens.
        changing = {"open", "os.link", "os.rename", "os.mkdir", "os.remove", "sqlite3.connect"}
        if event in changing and next(passed) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    if what == "backup":
        with Store.open(arguments[0]) as store:
            sys.addaudithook(count)
            store.backup(arguments[1])
    else:
        sys.addaudithook(count)
        Store.restore(*arguments, replace=True)
    say(next(passed))


def run(at, *arguments):
    """Run that; return the process's exit status, and in how many moments it could have died."""
    worker = Worker(keep_and_die, at, *map(str, arguments))
    return worker.end(), *worker.told


@pytest.fixture
def erased_since(path, tmp_path):
    """Give a store and a backup of it from before a person was erased in it."""
    out = tmp_path / "b.db"
    with Store.open(path) as store:
        store.backup(out)
        store.erase("seekers", "S1", reason="R-1")
    return path, out


def moments(whole, n):
    """Return n moments anywhere among a number, and the last ones."""
    return sorted({*CHANCE.sample(range(whole), n), whole - 1, whole - 2})


def test_a_backup_that_is_killed_leaves_nothing_under_its_name(erased_since, tmp_path):
    path, _ = erased_since
    status, whole = run(-1, "backup", path, tmp_path / "c0.db")
    assert status == 0
    for at in moments(whole, 1):
        out = tmp_path / f"c{at + 1}.db"
        assert run(at, "backup", path, out) == (-signal.SIGKILL,)
        if out.exists():  # it was complete
            with Store.open(out) as copy:
                assert copy.verify().is_sound
            continue
        with Store.open(path) as store:
            assert store.verify().is_sound
            store.backup(out)
        assert not list(tmp_path.glob(f".{out.name}-*"))  # what the killed one left is swept


def test_a_restore_that_is_killed_leaves_the_old_store_or_the_new(erased_since, tmp_path):
    path, out = erased_since
    trial = tmp_path / "trial"
    trial.mkdir()
    shutil.copy(path, trial / "a.db")
    status, whole = run(-1, "restore", out, trial / "a.db")
    assert status == 0
    for at in moments(whole, 1):
        folder = tmp_path / f"at{at}"
        folder.mkdir()
        target = folder / "a.db"
        shutil.copy(path, target)
        assert run(at, "restore", out, target) == (-signal.SIGKILL,)
        with Store.open(target) as store:
            assert store.verify().is_sound
            assert store.keys("seekers", ["S1", "S2"]).keys() == {"S2"}
        Store.restore(out, target, replace=True)
        assert not list(folder.glob(".*"))


def test_folders_of_killed_runs_are_removed_but_not_those_at_work(tmp_path):
    target = tmp_path / "b[1].db"
    left = tmp_path / ".b[1].db-abc.unfinished"
    left.mkdir()
    (left / "lock").touch()
    (left / "b.db").write_text("persons")
    with staging(target) as one:
        assert not left.exists()
        with staging(target) as two:
            assert one.exists()
            assert one.stat().st_mode & 0o077 == 0
        assert not two.exists()
    assert names(tmp_path) == []


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


def back_up_and_die(say, path, out):
    """Back a store up in a process that dies between the audit's place and the backup's."""
    places = []

    def place(made, target):
        if places:
            say(str(places[0]))
            os.kill(os.getpid(), signal.SIGKILL)
        places.append(target)
        place_new(made, target)

    backup_module.place_new = place
    with Store.open(path) as store:
        store.backup(out)


def test_an_audit_that_a_killed_backup_left_is_taken_back(path, tmp_path):
    out = tmp_path / "b.db"
    read_person(path, 3)
    worker = Worker(back_up_and_die, str(path), str(out))
    assert worker.end() == -signal.SIGKILL
    assert worker.told == [f"{out}.audit"]
    assert Path(f"{out}.audit").exists()
    assert not out.exists()
    with Store.open(path) as store:
        assert store.backup(out).audit == Path(f"{out}.audit")
    assert entries(out) == entries(path)
    assert not list(tmp_path.glob(".*"))


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
