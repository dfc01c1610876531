"""No persons are read without an entry that outlives whatever happens next."""

from __future__ import annotations

import datetime as dt
import itertools
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from geo_match.errors import ArgumentError
from geo_match.store import (
    StoreBusyError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
)
from geo_match.store.audit import AuditError, AuditLog, PersonRead, audited
from geo_match.store.audit import log as audit_module
from geo_match.store.audit._database import _LOCK
from geo_match.store.audit._table import AUDIT_APPLICATION_ID
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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgis)])
def kept(request, tmp_path):
    """Give where an audit is kept."""
    if request.param == "sqlite":
        return InSqlite(tmp_path)
    return InPostgres(request.getfixturevalue("postgis"))


@pytest.fixture
def postgres(postgis):
    return InPostgres(postgis)


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


def waiting(log, count):
    """Wait until so many callers have gathered for the next commit."""
    end = time.monotonic() + 30
    while len(log._groups._gathering.items) != count:
        assert time.monotonic() < end, "they never came"
        time.sleep(0.001)


# What an entry is


def test_an_entry_has_who_purpose_scope_count_and_its_moment_in_utc(kept):
    before = dt.datetime.now(dt.UTC)
    with AuditLog.open(kept.store) as log:
        assert log.note(READ) == 1
        assert log.note(PersonRead(who="b", purpose="c", scope="d", count=0)) == 2
        found = log.read()
    assert found.drop_columns("noted_at").to_pylist() == [
        {
            "number": 1,
            "who": "社区-07",
            "purpose": "岗位推荐",
            "scope": "persons:read",
            "count": 3,
        },
        {"number": 2, "who": "b", "purpose": "c", "scope": "d", "count": 0},
    ]
    moments = found.column("noted_at").to_pylist()
    assert before <= moments[0] <= moments[1] <= dt.datetime.now(dt.UTC)
    assert str(found.schema.field("noted_at").type) == "timestamp[us, tz=UTC]"
    assert rows(kept) == [(1, *ROW), (2, "b", "c", "d", 0)]


@pytest.mark.parametrize("name", ["who", "purpose", "scope"])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "not blank, got ''"),
        (" \u3000", "not blank"),
        (None, "not blank, got None"),
        ("a\nb", r"no control characters, got U\+000A"),
        ("a\0", r"no control characters, got U\+0000"),
        ("\ud800", r"no control characters, got U\+D800"),
        ("a" * 2_001, "at most 2000 characters, got 2001"),
        (f"查 {ID_CARD} 的情况", r"hold no ID-card number, got '查 \*{14}002X"),
    ],
)
def test_a_text_that_no_log_should_hold_is_refused(name, text, told):
    values = {"who": "a", "purpose": "b", "scope": "c", "count": 1, name: text}
    with pytest.raises(ArgumentError, match=rf"`{name}` must .*{told}") as caught:
        PersonRead(**values)
    assert ID_CARD not in str(caught.value)


@pytest.mark.parametrize("count", [-1, 2**63, True, 1.0, "1", None])
def test_a_count_is_a_whole_number_from_0(count):
    with pytest.raises(ArgumentError, match=r"`count` must be a whole number from 0 to"):
        PersonRead(who="a", purpose="b", scope="c", count=count)


def test_the_longest_texts_and_the_largest_count_are_kept_as_they_are(kept):
    read = PersonRead(who="𠮷" * 2_000, purpose="'; --%s", scope="a　b", count=2**63 - 1)
    with AuditLog.open(kept.store) as log:
        log.note(read)
    assert rows(kept) == [(1, read.who, read.purpose, read.scope, read.count)]


# Durable before the answer


def test_another_process_sees_an_entry_when_note_has_returned(kept):
    look = (
        "import sys\n"
        "from geo_match.store.audit import AuditLog\n"
        "with AuditLog.open(sys.argv[1]) as log:\n"
        "    print(log.read().column('count').to_pylist())\n"
    )
    with AuditLog.open(kept.store) as log:
        log.note(READ)
        assert started(look, kept.store).communicate()[0].strip() == "[3]"


def test_a_process_killed_right_after_note_has_left_its_entry(kept):
    program = (
        "import os, signal, sys\n"
        "from geo_match.store.audit import AuditLog, PersonRead\n"
        "log = AuditLog.open(sys.argv[1])\n"
        "log.note(PersonRead(who='社区-07', purpose='岗位推荐', scope='persons:read', count=3))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = started(program, kept.store)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert rows(kept) == [(1, *ROW)]
    with AuditLog.open(kept.store) as log:
        assert log.note(READ) == 2


MANY = (
    "import os, sys, threading\n"
    "from geo_match.store.audit import AuditLog, PersonRead\n"
    "log = AuditLog.open(sys.argv[1])\n"
    "def run(name):\n"
    "    for at in range(int(sys.argv[2])):\n"
    "        read = PersonRead(who=name, purpose='p', scope='s', count=at)\n"
    "        os.write(1, f'{log.note(read)} {name} {at}\\n'.encode())\n"
    "names = [f'{sys.argv[3]}-{at}' for at in range(6)]\n"
    "threads = [threading.Thread(target=run, args=(name,)) for name in names]\n"
    "for thread in threads:\n"
    "    thread.start()\n"
    "for thread in threads:\n"
    "    thread.join()\n"
)


def test_a_process_killed_amid_its_entries_has_left_all_that_were_acknowledged(kept):
    acknowledged = []
    for kill in range(2):
        process = started(MANY, kept.store, 1_000_000, kill)
        enough = 40 + 30 * kill
        acknowledged += [process.stdout.readline().split() for _ in range(enough)]
        process.kill()
        acknowledged += [line.split() for line in process.communicate()[0].splitlines()]
    said = {(int(number), who, int(count)) for number, who, count in acknowledged}
    there = {(number, who, count) for number, who, _, _, count in rows(kept)}
    assert said <= there
    assert len(there) == in_order(kept)


def test_processes_and_their_threads_make_one_log_without_gaps(kept):
    processes = [started(MANY, kept.store, 10, name) for name in "ab"]
    lines = [line for process in processes for line in process.communicate()[0].splitlines()]
    assert [process.returncode for process in processes] == [0, 0]
    there = [f"{number} {who} {count}" for number, who, _, _, count in rows(kept)]
    assert Counter(lines) == Counter(there)
    assert in_order(kept) == 2 * 6 * 10


def test_a_file_waits_for_the_disk_at_each_commit(tmp_path):
    with AuditLog.open(tmp_path / "a.db") as log, log._database.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


@pytest.mark.postgis
def test_a_server_that_acknowledges_early_is_told_to_wait_for_the_disk(postgres):
    assert postgres.execute("SHOW synchronous_commit") == [("off",)]
    with AuditLog.open(postgres.store) as log:
        with log._database.writing() as connection:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
        with log._database.reading() as connection:  # the setting ends with its transaction
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "off"


@pytest.mark.postgis
def test_a_server_that_waits_for_its_replicas_is_left_so(postgres):
    name = postgres.execute("SELECT current_database()")[0][0]
    postgres.execute(f"ALTER DATABASE {name} SET synchronous_commit = remote_apply")
    with AuditLog.open(postgres.store) as log, log._database.writing() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "remote_apply"


# Groups


def test_64_threads_that_come_together_share_two_commits(kept):
    commits = []
    with AuditLog.open(kept.store) as log, ThreadPoolExecutor(64) as pool:
        event.listen(log._database._engine, "commit", commits.append)
        reads = [PersonRead(who=f"w{at}", purpose="p", scope="s", count=at) for at in range(64)]
        with kept.held():
            noted = [pool.submit(log.note, read) for read in reads]
            waiting(log, 63)
        numbers = [one.result(30) for one in noted]
    assert len(commits) == 2
    by_number = {number: (who, count) for number, who, _, _, count in rows(kept)}
    assert [by_number[number] for number in numbers] == [(read.who, read.count) for read in reads]
    assert in_order(kept) == 64


def test_threads_that_come_as_they_like_make_fewer_commits_than_entries(kept):
    commits = []
    with AuditLog.open(kept.store) as log, ThreadPoolExecutor(64) as pool:
        event.listen(log._database._engine, "commit", commits.append)
        numbers = list(pool.map(lambda _: log.note(READ), range(640)))
    assert sorted(numbers) == list(range(1, 641))
    assert in_order(kept) == 640
    assert len(commits) < 640


def test_each_of_a_failed_group_gets_an_error_of_its_own_with_the_cause(kept):
    with AuditLog.open(kept.store, busy_timeout_s=0.2) as log, ThreadPoolExecutor(8) as pool:
        with kept.held():
            caught = [one.exception(30) for one in [pool.submit(log.note, READ) for _ in range(8)]]
        assert len({id(error) for error in caught}) == 8
        for error in caught:
            assert type(error) is AuditError
            assert isinstance(error.__cause__, StoreBusyError)
            assert "must be free for writing, or no read of persons is answered" in str(error)
            assert "secret" not in str(error)
        assert rows(kept) == []
        assert log.note(READ) == 1


# Order and only ever adding


def test_moments_never_decrease_where_the_clock_was_set_back(kept, monkeypatch):
    start = dt.datetime(2026, 7, 1, 12, 0, 0, 500_000, tzinfo=dt.UTC)
    clock = [start + dt.timedelta(seconds=s) for s in (0, -3600, 0.000001, -1, 5)]
    monkeypatch.setattr(audit_module, "_now", iter(clock).__next__)
    for _ in clock:  # opened anew: the order is the database's, not the process's
        with AuditLog.open(kept.store) as log:
            log.note(READ)
    with AuditLog.open(kept.store) as log:
        found = log.read().column("noted_at").to_pylist()
    assert found == list(itertools.accumulate(clock, max))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET count = 0",
        "UPDATE audit SET number = 7 WHERE number = 2",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE number = 1",
        "INSERT INTO audit SELECT 9, noted_at, who, purpose, scope, count FROM audit LIMIT 1",
        "INSERT INTO audit SELECT 3, '2001-01-01', who, purpose, scope, count FROM audit LIMIT 1",
        "INSERT INTO audit SELECT 3, noted_at, '', purpose, scope, 1 FROM audit WHERE number = 2",
        "INSERT INTO audit SELECT 3, noted_at, who, purpose, scope, -1 FROM audit WHERE number = 2",
    ],
)
def test_the_database_refuses_whatever_does_not_add_an_entry_at_the_end(kept, statement):
    if not isinstance(kept, InSqlite):
        statement = statement.replace("'2001-01-01'", "timestamptz '2001-01-01'")
    with AuditLog.open(kept.store) as log:
        log.note(READ)
        log.note(READ)
        refused = r"(only added to|next number and no earlier moment|(?i:check) constraint)"
        with pytest.raises(kept.busy, match=refused):
            kept.execute(statement)
        assert rows(kept) == [(1, *ROW), (2, *ROW)]
        assert log.note(READ) == 3


def test_sqlite_refuses_to_replace_an_entry(tmp_path):
    kept = InSqlite(tmp_path)
    with AuditLog.open(kept.store) as log:
        log.note(READ)
    again = "SELECT 1, noted_at, 'x', purpose, scope, 0 FROM audit"
    with pytest.raises(sqlite3.IntegrityError, match="next number"):
        kept.execute(f"INSERT OR REPLACE INTO audit {again}")
    with pytest.raises(sqlite3.IntegrityError, match="next number"):
        kept.execute(
            f"INSERT INTO audit {again} WHERE true ON CONFLICT (number) DO UPDATE SET who = 'x'"
        )
    assert rows(kept) == [(1, *ROW)]


@pytest.mark.postgis
@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE audit",
        (
            "INSERT INTO audit SELECT 1, noted_at, 'x', purpose, scope, 0 FROM audit "
            "ON CONFLICT (number) DO UPDATE SET who = 'x'"
        ),
        "MERGE INTO audit USING (SELECT 1) AS o ON true WHEN MATCHED THEN UPDATE SET who = 'x'",
    ],
)
def test_postgresql_refuses_to_replace_an_entry(postgres, statement):
    with AuditLog.open(postgres.store) as log:
        log.note(READ)
    with pytest.raises(postgres.busy, match="only added to"):
        postgres.execute(statement)
    assert rows(postgres) == [(1, *ROW)]


# Reading it


SECONDS = st.integers(-5, 5)


@settings(max_examples=20)
@given(
    entries=st.lists(st.tuples(SECONDS, st.sampled_from("ab")), max_size=8),
    since=st.none() | SECONDS,
    until=st.none() | SECONDS,
    who=st.none() | st.sampled_from("abc"),
    hours=st.integers(-12, 12),
)
def test_reading_keeps_to_its_bounds_as_a_plain_list_does(entries, since, until, who, hours):
    zone = dt.timezone(dt.timedelta(hours=hours))

    def moment(second):
        return dt.datetime(2026, 7, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=second)

    def asked(second):
        return None if second is None else moment(second).astimezone(zone)

    with (
        tempfile.TemporaryDirectory() as folder,
        AuditLog.open(Path(folder) / "a.db") as log,
        pytest.MonkeyPatch.context() as patch,
    ):
        for second, name in entries:
            patch.setattr(audit_module, "_now", lambda second=second: moment(second))
            log.note(PersonRead(who=name, purpose="p", scope="s", count=1))
        found = log.read(since=asked(since), until=asked(until), who=who)
    kept_at = list(itertools.accumulate((second for second, _ in entries), max))
    expected = [
        (at + 1, moment(second))
        for at, (second, (_, name)) in enumerate(zip(kept_at, entries, strict=True))
        if (since is None or second >= since)
        and (until is None or second < until)
        and who in {None, name}
    ]
    assert found.schema.names == ["number", "noted_at", "who", "purpose", "scope", "count"]
    read = found.select(["number", "noted_at"]).to_pydict()
    assert list(zip(read["number"], read["noted_at"], strict=True)) == expected


def test_postgresql_and_sqlite_read_between_the_same_moments(kept, monkeypatch):
    start = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    clock = [start + dt.timedelta(seconds=s) for s in range(4)]
    monkeypatch.setattr(audit_module, "_now", iter(clock).__next__)
    shanghai = dt.timezone(dt.timedelta(hours=8))
    with AuditLog.open(kept.store) as log:
        for _ in clock:
            log.note(READ)
        found = log.read(since=clock[1].astimezone(shanghai), until=clock[3])
    assert found.column("noted_at").to_pylist() == clock[1:3]


@pytest.mark.parametrize("name", ["since", "until"])
def test_a_moment_without_a_zone_is_refused(tmp_path, name):
    with (
        AuditLog.open(tmp_path / "a.db") as log,
        pytest.raises(ArgumentError, match=rf"`{name}` must have a time zone, got"),
    ):
        log.read(**{name: dt.datetime(2026, 7, 1)})  # noqa: DTZ001 - what is refused


# The helper


def test_an_answer_leaves_when_it_is_noted(kept):
    with AuditLog.open(kept.store) as log:
        answer = audited(log, who="社区-07", purpose="岗位推荐", scope="persons:read")
        assert rows(kept) == []
        assert answer(lambda: TWO) is TWO
        assert answer(lambda: TWO.slice(0, 0)).num_rows == 0
    assert rows(kept) == [(1, *ROW[:3], 2), (2, *ROW[:3], 0)]


def test_an_answer_that_cannot_be_noted_does_not_leave(kept):
    answers = []
    with AuditLog.open(kept.store, busy_timeout_s=0.05) as log:
        answer = audited(log, who="a", purpose="b", scope="c")
        with kept.held(), pytest.raises(AuditError, match="or no read of persons is answered"):
            answers.append(answer(lambda: TWO))
        assert answers == []
        assert rows(kept) == []
        assert answer(lambda: TWO) is TWO


def test_nothing_is_read_for_somebody_who_cannot_be_noted(tmp_path):
    with (
        AuditLog.open(tmp_path / "a.db") as log,
        pytest.raises(ArgumentError, match="`who` must be a text that is not blank"),
    ):
        audited(log, who="", purpose="b", scope="c")


def test_a_read_that_fails_has_no_entry(tmp_path):
    with AuditLog.open(tmp_path / "a.db") as log:
        answer = audited(log, who="a", purpose="b", scope="c")
        with pytest.raises(ZeroDivisionError, match="division"):
            answer(lambda: 1 // 0)
        assert log.read().num_rows == 0


# What may be wrong


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
        "import os, sys\n"
        "from geo_match.store import StoreError\n"
        "from geo_match.store.audit import AuditLog, PersonRead\n"
        "if os.getuid() == 0:\n"
        "    os.setuid(65534)\n"
        "try:\n"
        "    with AuditLog.open(sys.argv[1]) as log:\n"
        "        log.note(PersonRead(who='a', purpose='b', scope='c', count=1))\n"
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
