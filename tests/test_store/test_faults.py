"""A writer that is killed loses nothing that was acknowledged, and halves no transaction."""

from __future__ import annotations

import datetime as dt
import itertools
import signal
import subprocess
import sys
from contextlib import closing

import pytest
from sqlalchemy import select
from test_store.faults import (
    CHANCE,
    KILLS_OF_COMMAND,
    KILLS_ON_EACH,
    SOAK_KILLS_ON_EACH,
    Worker,
    check_groups,
    check_list,
    check_whole,
    importing,
    listed,
    pause,
    putting,
    putting_until,
    seekers,
)

from geo_match.intake.importing import import_file
from geo_match.store import Store, StoreClockError
from geo_match.store.database.driver import sqlite_module
from geo_match.store.schema.tables import IMPORTS
from geo_match.store.writing.writer import utc_now


def kill_at_random(where, *, kills):
    """Kill writers and imports of one store at random moments; judge it each time, and go on."""
    told = {"put": [], "other": []}
    rounds = 0
    while kills:
        name = f"list{rounds}-"
        rounds += 1
        for _ in range(3):  # each list is interrupted up to three times
            workers = {
                "put": Worker(putting, where, "put"),
                "other": Worker(putting, where, "other"),
                "import": Worker(importing, where, name),
            }
            for who in told:
                workers[who].hear()
            pause(CHANCE.uniform(0, 0.4))
            for who in CHANCE.sample(sorted(workers), 3):
                workers[who].kill()
                kills = max(0, kills - 1)
                if who in told:
                    told[who] += workers[who].told
            with Store.open(where) as store:
                check_whole(store)
                check_groups(store, told)
                check_list(store, name, is_done=False)
        assert Worker(importing, where, name).end() == 0
        with Store.open(where) as store:
            check_list(store, name, is_done=True)
    assert told["put"]
    assert told["other"]


def test_writers_and_imports_killed_at_random_lose_nothing_and_halve_nothing(where):
    kill_at_random(where, kills=KILLS_ON_EACH)


@pytest.mark.soak
def test_two_hundred_writers_and_imports_killed_at_random_lose_nothing(where):
    kill_at_random(where, kills=SOAK_KILLS_ON_EACH)


def write_killed_before(where, statements):
    """Kill a writer before some of its statements, until it has fewer."""
    told = []
    for statement in statements:
        worker = Worker(putting_until, where, "put", statement, 2)
        status = worker.end()
        told += worker.told
        if status == 0:
            break
        assert status == -signal.SIGKILL
        with Store.open(where) as store:
            check_groups(store, {"put": told})
    assert statement > 20  # two transactions have more than that
    with Store.open(where) as store:
        check_whole(store)


def test_a_writer_killed_before_any_of_its_statements_leaves_whole_groups(where):
    write_killed_before(where, itertools.count(CHANCE.randrange(3), 3))  # in three runs, all


@pytest.mark.soak
def test_a_writer_killed_before_each_of_its_statements_leaves_whole_groups(where):
    write_killed_before(where, itertools.count())


def import_killed_before(where, statements):
    """Kill an import of a new store before some of its statements, and let it go on each time."""
    for statement in statements:
        status = Worker(importing, where, "list", statement).end()
        assert status in {0, -signal.SIGKILL}
        with Store.open(where) as store:
            check_whole(store)
            check_list(store, "list", is_done=status == 0)
        if status == 0:  # it has fewer statements
            return
    assert Worker(importing, where, "list").end() == 0
    with Store.open(where) as store:
        check_whole(store)
        check_list(store, "list", is_done=True)


def test_a_store_killed_while_it_is_made_is_made_by_the_next(bare_url):
    """Its tables come in one transaction, so the next to open it finds none of them, or all."""
    statements = CHANCE.sample(range(150), 2)
    import_killed_before(bare_url, [*sorted(statements), 40])


@pytest.mark.soak
@pytest.mark.parametrize("statement", range(0, 150, 10))
def test_an_import_killed_before_any_statement_goes_on(bare_url, statement):
    import_killed_before(bare_url, [statement, 40, 50])


def test_the_command_killed_at_random_is_resumed_by_running_it_again(tmp_path):
    lists, path = tmp_path / "求职.csv", tmp_path / "a.db"
    rows = (f"S{at},王{at},WGS84,117.3,32.9\n" for at in range(6_000))
    lists.write_text("求职编号,姓名,坐标系,经度,纬度\n" + "".join(rows), encoding="utf-8")
    command = [sys.executable, "-m", "geo_match", "import", "seekers", lists, "--store", path]
    for _ in range(KILLS_OF_COMMAND):
        running = subprocess.Popen(  # noqa: S603 - our own command
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        before = counted(path)
        while running.poll() is None and counted(path) == before:
            pause(0.005)
        running.kill()
        running.wait()
        with Store.open(path) as store:
            changes = check_whole(store)
        assert len(changes) % 500 == 0
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - as above
    assert done.returncode == 0, done.stderr
    with Store.open(path) as store, Store.open(tmp_path / "other.db") as other:
        check_whole(store)
        report = import_file(lists, "seekers", other)
        assert report.accepted == 6_000
        assert store.read("seekers").equals(other.read("seekers"))
        with store.database.reading() as connection:
            imports = connection.execute(select(IMPORTS.c.accepted, IMPORTS.c.unchanged)).all()
    assert imports == [(6_000, 0)]


def counted(path):
    """Return how many changes a file has, 0 if it is no store yet."""
    sqlite = sqlite_module()
    try:
        with closing(sqlite.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT seq FROM feed").fetchone()[0]
    except sqlite.OperationalError:
        return 0


def test_every_connection_waits_for_the_disk_at_every_commit(tmp_path, monkeypatch):
    sqlite, levels = sqlite_module(), []

    class Watched(sqlite.Connection):
        def commit(self):
            levels.append(self.execute("PRAGMA synchronous").fetchone()[0])
            super().commit()

        def close(self):
            levels.append(self.execute("PRAGMA synchronous").fetchone()[0])
            super().close()

    connect, made = sqlite.connect, []

    def watched(*arguments, **options):
        made.append(connect(*arguments, **options, factory=Watched))
        return made[-1]

    monkeypatch.setattr(sqlite, "connect", watched)
    path = tmp_path / "a.db"
    with Store.open(path) as store:
        store.apply("seekers", listed("a"), source="a.csv")
        store.put("seekers", seekers(("b", 1, "王")))
        store.remove("seekers", ["b"])
        store.read("seekers", as_of=store.cursor())
        list(store.changes())
        if hasattr(store, "backup"):
            store.backup(tmp_path / "b.db")
        with pytest.raises(ZeroDivisionError, match="division"):
            store.database.write(lambda _: 1 / 0)
    with Store.open(path) as store:
        store.read("seekers")
    assert len(made) > 2
    assert len(levels) > 10
    assert set(levels) == {2}  # FULL


class Clock:
    """A clock that is set by hand."""

    def __init__(self):
        self.now = utc_now() + dt.timedelta(days=1)  # a new store begins by the real one

    def __call__(self):
        return self.now


def test_a_clock_that_goes_back_is_named_and_the_store_intact(where):
    clock = Clock()
    first = clock.now
    with Store.open(where, clock=clock) as store:
        store.put("seekers", seekers(("A", 1, "王")))
        clock.now -= dt.timedelta(seconds=299)  # it may be off by so much: time stands still
        store.put("seekers", seekers(("A", 2, "王")))
        clock.now -= dt.timedelta(seconds=2)
        with pytest.raises(StoreClockError, match=r"a clock not before its last commit"):
            store.put("seekers", seekers(("A", 3, "王"), ("B", 1, "李")))
        with pytest.raises(StoreClockError, match=r"Set this machine's clock"):
            store.remove("seekers", ["A"])
        changes = check_whole(store)
        assert [change.record["version"] for change in changes] == [1, 2]
        assert {change.committed_at for change in changes} == {first}
        clock.now += dt.timedelta(hours=1)
        store.put("seekers", seekers(("A", 3, "王")))
        assert len(check_whole(store)) == 3


def test_an_import_goes_on_once_the_clock_is_right_again(where):
    clock = Clock()

    def go_back(_):
        clock.now -= dt.timedelta(seconds=200)

    with Store.open(where, clock=clock) as store:
        with pytest.raises(StoreClockError, match=r"Set this machine's clock"):
            store.apply("seekers", listed("list"), source="list.csv", watch=go_back)
        assert store.count("seekers") == 1_000
        check_list(store, "list", is_done=False)
        clock.now += dt.timedelta(days=1)
        store.apply("seekers", listed("list"), source="list.csv")
        check_whole(store)
        check_list(store, "list", is_done=True)
