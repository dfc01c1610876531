"""An entry is on the disk when it is acknowledged, whoever comes with it or is killed."""

from __future__ import annotations

import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event
from test_store.audits import READ, ROW, in_order, rows, started

from geo_match.store import StoreBusyError
from geo_match.store.audit import AuditError, AuditLog, PersonRead


def waiting(log, count):
    """Wait until so many callers have gathered for the next commit."""
    end = time.monotonic() + 30
    while len(log._groups._gathering.items) != count:
        assert time.monotonic() < end, "they never came"
        time.sleep(0.001)


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
