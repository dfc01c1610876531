"""A backup is the store as it was at a moment; what is restored is that, less the erased."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import select, text

from geo_match.records import RECORDS
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
from geo_match.store.keeping._copies import staging
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


def test_what_is_restored_is_what_was_backed_up_on_each_database_from_each(
    filled, tmp_path, request
):
    backed_up = filled.backup(tmp_path / "b.db")
    assert (backed_up.path, backed_up.audit) == (tmp_path / "b.db", None)
    assert backed_up.changes == filled.head().seq
    targets = [tmp_path / "c.db"]
    if not filled.database.is_file:
        targets.append(request.getfixturevalue("server").database())
    for target in targets:
        restored = Store.restore(tmp_path / "b.db", target)
        assert (restored.records, restored.changes) == (backed_up.records, backed_up.changes)
        assert (restored.erased, restored.aside, restored.audit) == (0, None, "none")
        with Store.open(target) as again:
            assert tables(again) == tables(filled)
            for kind, seq in itertools.product(["seekers", "jobs"], (0, 5, 9, filled.head().seq)):
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
def test_a_store_in_a_file_is_restored_to_a_server(tmp_path, server):
    with Store.open(tmp_path / "a.db") as store:
        fill(store)
        store.backup(tmp_path / "b.db")
        url = server.database()
        restored = Store.restore(tmp_path / "b.db", url)
        with Store.open(url) as again:
            assert tables(again) == tables(store)
            assert again.cursor() == restored.cursor
            again.apply("employers", pa.table({"id": ["E"], "name": ["厂"]}), source="e.csv")
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
        pa.table({"id": [f"J{at}" for at in range(5_000)], "title": ["a"] * 5_000}),
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
    made = []
    try:
        for at in range(3):
            before = committed[-1]
            made.append((before, store.backup(tmp_path / f"b{at}.db")))
            assert committed[-1] >= before
    finally:
        stop.set()
        writer.join()
    for before, backed_up in made:
        assert backed_up.changes >= before
        assert (backed_up.changes - 5_000) % 3 == 0
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


def test_the_audit_goes_with_the_backup_and_never_over_another(filled, tmp_path, request):
    name = store_name(filled)
    read_person(name, 3)
    read_person(name, 4)
    out = tmp_path / "b.db"
    assert filled.backup(out).audit == tmp_path / "b.db.audit"
    assert entries(out) == entries(name)
    with AuditLog.open(tmp_path / "d.db"):
        pass
    read_person(tmp_path / "d.db", 9)
    before = entries(tmp_path / "d.db")
    assert Store.restore(out, tmp_path / "c.db").audit == "copied"
    assert entries(tmp_path / "c.db") == entries(name)
    read_person(tmp_path / "c.db", 5)  # it goes on
    assert [one["number"] for one in entries(tmp_path / "c.db")] == [1, 2, 3]
    assert Store.restore(out, tmp_path / "d.db").audit == "kept"
    assert entries(tmp_path / "d.db") == before
    if not filled.database.is_file:
        url = request.getfixturevalue("server").database()
        assert Store.restore(out, url).audit == "copied"
        assert entries(url) == entries(name)
        other = request.getfixturevalue("server").database()
        read_person(other, 7)
        assert Store.restore(out, other).audit == "kept"
        assert [one["count"] for one in entries(other)] == [7]


def test_something_that_is_there_is_replaced_only_when_asked_and_kept_aside(tmp_path):
    path, out = tmp_path / "a.db", tmp_path / "b.db"
    with Store.open(path) as store:
        fill(store)
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


def test_a_store_that_another_has_open_is_not_replaced(tmp_path):
    path, out = tmp_path / "a.db", tmp_path / "b.db"
    with Store.open(path) as store:
        fill(store)
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


def test_whom_the_store_erased_since_the_backup_is_erased_again(filled, tmp_path, request):
    filled.hold("spells", ["P1"], until=dt.date(2999, 1, 1), reason="C-1")
    filled.erase("seekers", "S3", reason="before the backup")
    filled.backup(tmp_path / "b.db")
    gone = filled.erase("seekers", "S1", reason="R-7")
    filled.remove("seekers", ["S4"])
    filled.erase("seekers", "S4", reason="R-8")
    targets = [tmp_path / "new" / "c.db"]
    targets[0].parent.mkdir()
    if not filled.database.is_file:
        targets.append(request.getfixturevalue("server").database())
    for target in targets:
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
    found = raw(targets[0])
    assert "李秀英".encode() in found
    for canary in ("王建国", "赵敏", "钱多多"):
        assert canary.encode() not in found
    assert "王建国".encode() in raw(tmp_path / "b.db")


def test_a_replaced_store_tells_whom_it_erased(tmp_path):
    path, out = tmp_path / "a.db", tmp_path / "b.db"
    with Store.open(path) as store:
        fill(store)
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


def test_evidence_that_was_released_since_the_backup_is_not_back(tmp_path):
    path, out = tmp_path / "a.db", tmp_path / "b.db"
    with Store.open(path) as store:
        fill(store)
        store.hold("spells", ["P1"], until=dt.date(2999, 1, 1), reason="C-1")
        store.erase("seekers", "S1", reason="R-1")
        store.backup(out)
        assert store.release_restricted(on=dt.date(2999, 1, 2)) == 1
    Store.restore(out, path, replace=True)
    with Store.open(path) as store:
        assert restricted(store) == []


def test_an_id_that_came_again_after_its_erasure_is_not_the_erased_one(tmp_path):
    path, out = tmp_path / "a.db", tmp_path / "b.db"
    with Store.open(path) as store:
        fill(store)
        store.erase("seekers", "S3", reason="R-1")
        store.put("seekers", pa.table({"id": ["S3"], "name": ["新人"]}))
        store.backup(out)
    assert Store.restore(out, path, replace=True).erased == 0
    with Store.open(path) as store:
        assert store.read("seekers", fields=["id", "name"]).to_pylist()[2]["name"] == "新人"


def test_a_store_too_damaged_to_tell_whom_it_erased_is_not_replaced(tmp_path):
    path, out = tmp_path / "a.db", tmp_path / "b.db"
    with Store.open(path) as store:
        fill(store)
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
def test_a_backup_that_is_none_or_not_sound_is_refused_by_name(tmp_path, harm, told):
    path, out = tmp_path / "a.db", tmp_path / "b.db"
    with Store.open(path) as store:
        fill(store)
        store.backup(out)
        was = tables(store)
    whole = out.read_bytes()
    if harm == "truncated":
        out.write_bytes(whole[: len(whole) // 2 // 4096 * 4096])
    elif harm == "torn":
        out.write_bytes(whole[:16_384] + os.urandom(len(whole) - 16_384))
    elif harm == "gap":
        with closing(sqlite3.connect(out)) as connection, connection:
            connection.execute("DELETE FROM changes WHERE seq = 2")
    else:
        out.unlink()
        if harm == "another":
            with closing(sqlite3.connect(out)) as connection:
                connection.execute("CREATE TABLE roads (id)")
        elif harm != "none":
            out.write_text("编号,姓名\n" * 100 if harm == "text" else "")
    for target, replace in ((tmp_path / "c.db", False), (path, True)):
        with pytest.raises(StoreError, match=told):
            Store.restore(out, target, replace=replace)
    with Store.open(path) as store:
        assert tables(store) == was
    assert not [one for one in names(tmp_path) if one.startswith((".", "c.db"))]


def test_the_log_of_a_store_that_is_gone_is_not_played_into_a_new_one(tmp_path):
    with Store.open(tmp_path / "a.db") as store:
        fill(store)
        store.backup(tmp_path / "b.db")
        shutil.copy(tmp_path / "a.db-wal", tmp_path / "c.db-wal")
    with pytest.raises(StoreError, match=r"c\.db` must have no log of an earlier store beside it"):
        Store.restore(tmp_path / "b.db", tmp_path / "c.db")
    assert not (tmp_path / "c.db").exists()


PROGRAM = """
import itertools, os, signal, sys
from geo_match.store import Store
at, what, *arguments = sys.argv[1:]
passed = itertools.count()
def count(event, _):
    # What changes a disk or a database, in whatever library.
    if event in {"open", "os.link", "os.rename", "os.mkdir", "os.remove", "sqlite3.connect"}:
        if next(passed) == int(at):
            os.kill(os.getpid(), signal.SIGKILL)
if what == "backup":
    with Store.open(arguments[0]) as store:
        sys.addaudithook(count)
        store.backup(arguments[1])
else:
    import geo_match.store.keeping.backup, alembic.command
    sys.addaudithook(count)
    Store.restore(arguments[0], arguments[1], replace=True)
print(next(passed))
"""


def run(at, *arguments):
    return subprocess.run(  # noqa: S603 - this interpreter, on our own program
        [sys.executable, "-c", PROGRAM, str(at), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def erased_since(tmp_path):
    """Give a store and a backup of it from before a person was erased in it."""
    path, out = tmp_path / "a.db", tmp_path / "b.db"
    with Store.open(path) as store:
        fill(store)
        store.backup(out)
        store.erase("seekers", "S1", reason="R-1")
    return path, out


def moments(whole, n):
    """Return n moments among a number, the last ones among them."""
    return sorted({*range(0, whole, max(1, whole // n)), whole - 1, whole - 2, whole - 3})


def test_a_backup_that_is_killed_leaves_nothing_under_its_name(erased_since, tmp_path):
    path, _ = erased_since
    whole = run(10**9, "backup", path, tmp_path / "c0.db")
    assert whole.returncode == 0, whole.stderr
    for at in moments(int(whole.stdout), 2):
        out = tmp_path / f"c{at + 1}.db"
        killed = run(at, "backup", path, out)
        assert killed.returncode == -signal.SIGKILL
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
    whole = run(10**9, "restore", out, trial / "a.db")
    assert whole.returncode == 0, whole.stderr
    for at in moments(int(whole.stdout), 2):
        folder = tmp_path / f"at{at}"
        folder.mkdir()
        target = folder / "a.db"
        shutil.copy(path, target)
        killed = run(at, "restore", out, target)
        assert killed.returncode == -signal.SIGKILL
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


@pytest.fixture
def small_disk(tmp_path):
    """Return a folder on a disk of 1 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.getuid() != 0:
        pytest.skip("only root may mount a small disk")
    mounted = subprocess.run(  # noqa: S603 - a folder of this test's
        [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no small disk may be mounted here")
    yield folder
    subprocess.run([str(shutil.which("umount")), folder], check=True)  # noqa: S603 - as above


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


def test_an_older_backup_is_brought_to_todays_form(tmp_path):
    path = tmp_path / "a.db"
    with Store.open(path) as store:
        fill(store)
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in ("feed", "changes", "forms", "restricted", "occupations", "alembic_version"):
            connection.execute(f"DROP TABLE {table}")
        for kind in RECORDS:
            connection.execute(f"ALTER TABLE {kind} DROP COLUMN key")
        for column in ("finished_at", "digest", "conflicting"):
            connection.execute(f"ALTER TABLE imports DROP COLUMN {column}")
        connection.execute("PRAGMA user_version=1")
    before = path.read_bytes()
    restored = Store.restore(path, tmp_path / "c.db")
    assert path.read_bytes() == before
    with Store.open(tmp_path / "c.db") as store:
        assert store.count("seekers") == 4
        assert store.cursor() == restored.cursor


def test_a_backup_is_not_restored_over_itself(tmp_path):
    with Store.open(tmp_path / "a.db") as store:
        fill(store)
    with pytest.raises(StoreError, match="must be another file than the backup, got the same"):
        Store.restore(tmp_path / "a.db", tmp_path / "a.db", replace=True)
    with pytest.raises(StoreError, match="must be a store whose erasures are made again, got none"):
        Store.restore(tmp_path / "a.db", tmp_path / "c.db", erased=Path(tmp_path, "no.db"))
    assert not (tmp_path / "c.db").exists()
