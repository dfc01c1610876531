"""A store whose disk fails it: named errors, and what was acknowledged is there afterwards."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from test_store.faults import (
    CHANCE,
    LIST,
    check_groups,
    check_list,
    check_whole,
    listed,
    putting,
    replayed,
    seekers,
)

from geo_match.errors import GeoMatchError
from geo_match.store import (
    Store,
    StoreBusyError,
    StoreCorruptError,
    StoreFullError,
    StoreReadOnlyError,
)
from geo_match.store.database.driver import sqlite_module

_PAGE = 4096


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    """Return a store's file and its log, its changes, and the log's length after each commit."""
    path = tmp_path_factory.mktemp("logged") / "a.db"
    with Store.open(path) as store:  # this much is in the file itself
        store.apply("seekers", listed("old", 700), source="old.csv")
    log = Path(f"{path}-wal")
    with Store.open(path) as store:
        ends = [(0, store.head().seq)]

        def note(_=None):
            ends.append((log.stat().st_size, store.head().seq))

        for at in range(12):
            store.put("seekers", seekers(("A", at, f"{at}"), (f"B{at}", 1, "王" * 200)))
            note()
        store.remove("seekers", ["A", "B1"])
        note()
        store.apply("seekers", listed("new", 1_100), source="new.csv", watch=note)
        files = path.read_bytes(), log.read_bytes()
        return *files, list(store.changes()), ends


def opened_as_prefix(tmp_path, logged, log, intact):
    """Open a copy with another log; check that it has all commits whose log is intact, no more."""
    file, _, changes, ends = logged
    path = tmp_path / "copy.db"
    path.write_bytes(file)
    Path(f"{path}-wal").write_bytes(log)
    last = max(seq for end, seq in ends if end <= intact)
    with Store.open(path) as store:
        assert store.head().seq == last
        assert check_whole(store) == changes[:last]
        store.put("seekers", seekers(("next", 1, "王")))
    with Store.open(path) as store:
        assert check_whole(store)[:last] == changes[:last]
    for one in tmp_path.iterdir():
        one.unlink()


def check_logs(tmp_path, logged, number):
    """Cut logs anywhere, and turn any one bit of theirs."""
    log = logged[1]
    for _ in range(number):
        cut = CHANCE.randrange(len(log) + 1)
        opened_as_prefix(tmp_path, logged, log[:cut], cut)
        at = CHANCE.randrange(32, len(log))
        turned = bytearray(log)
        turned[at] ^= 1 << CHANCE.randrange(8)
        opened_as_prefix(tmp_path, logged, bytes(turned), at)
    for cut in (0, 31, 32, 33, len(log)):
        opened_as_prefix(tmp_path, logged, log[:cut], cut)


def test_a_log_cut_or_damaged_anywhere_opens_as_all_commits_before(tmp_path, logged):
    assert len({end for end, _ in logged[3]}) > 12
    check_logs(tmp_path, logged, 4)


@pytest.mark.soak
def test_a_log_cut_or_damaged_at_many_places_opens_as_all_commits_before(tmp_path, logged):
    check_logs(tmp_path, logged, 400)


def test_the_log_of_a_new_store_cut_anywhere_opens_as_all_commits_before(tmp_path):
    path = tmp_path / "a.db"
    log = Path(f"{path}-wal")
    with Store.open(path) as store:
        made = log.stat().st_size
        store.put("seekers", seekers(("A", 1, "王")))
        changes, file, whole = list(store.changes()), path.read_bytes(), log.read_bytes()
    for cut in [*CHANCE.sample(range(len(whole)), 5), made, len(whole)]:
        copy = tmp_path / f"{cut}.db"
        copy.write_bytes(file)
        Path(f"{copy}-wal").write_bytes(whole[:cut])
        with Store.open(copy) as store:  # made anew, if its making was cut
            assert check_whole(store) == (changes if cut == len(whole) else [])
            store.put("seekers", seekers(("B", 1, "王")))
            check_whole(store)


@pytest.fixture
def small_disk(disk_of):
    """Return a folder on a disk of 3 MiB."""
    return disk_of("3m")


def fill(folder, left):
    """Fill a disk but for some bytes; return the file that does it."""
    state = os.statvfs(folder)
    filler = folder / "filler"
    filler.write_bytes(b"x" * (state.f_bavail * state.f_frsize - left))
    return filler


@pytest.mark.parametrize("left", [0, 2, 9, 20, 150])
def test_an_import_that_a_full_disk_stops_goes_on_when_there_is_room(small_disk, left):
    path = small_disk / "a.db"
    told = []
    putting(told.append, path, "put", 8)
    filler = fill(small_disk, left * _PAGE)
    with (
        pytest.raises(StoreFullError, match=r"must have room on its disk, got .*Free space"),
        Store.open(path) as store,
    ):
        store.apply("seekers", listed("list"), source="list.csv")
    filler.unlink()
    with Store.open(path) as store:
        check_whole(store)
        check_groups(store, {"put": told})
        check_list(store, "list", is_done=False)
        store.apply("seekers", listed("list"), source="list.csv")
        check_whole(store)
        check_list(store, "list", is_done=True)


def test_a_store_that_was_open_while_its_disk_was_full_goes_on(small_disk):
    with Store.open(small_disk / "a.db") as store:
        told = []
        for turn in range(2):
            name = f"list{turn}-"
            filler = fill(small_disk, 40 * _PAGE)
            with pytest.raises(StoreFullError, match="must have room on its disk"):
                store.apply("seekers", listed(name), source=f"{name}.csv")
            with pytest.raises(StoreFullError, match="must have room on its disk"):
                putting(told.append, store.name, "put")
            assert store.count("seekers") == len(replayed(list(store.changes()))["seekers"])
            filler.unlink()
        for turn in range(2):
            name = f"list{turn}-"
            store.apply("seekers", listed(name, 600), source="short.csv")
        check_whole(store)
        check_groups(store, {"put": told})


def check_pages(tmp_path, number):
    """Overwrite one page after another; what is read is what was there, or damage is named."""
    path = tmp_path / "a.db"
    with Store.open(path) as store:
        store.apply("seekers", listed("list"), source="list.csv")
        putting(lambda _: None, path, "put", 8)
        long = seekers(("long", 1, "王" * 1_900))  # longer than a page
        store.put("seekers", long)
        changes, records = list(store.changes()), store.read("seekers")
    sound = path.read_bytes()
    named = 0
    for at in CHANCE.sample(range(len(sound) // _PAGE), number):
        damaged = bytearray(sound)
        damaged[at * _PAGE : (at + 1) * _PAGE] = CHANCE.randbytes(_PAGE)
        path.write_bytes(damaged)
        try:
            with Store.open(path) as store:
                read, feed = store.read("seekers"), list(store.changes())
                store.read("seekers", as_of=len(changes) // 2)
        except StoreCorruptError:
            named += 1
        else:
            assert (read.equals(records), feed == changes) == (True, True)
        try:
            with Store.open(path) as store:
                store.put("seekers", seekers(("list00100", 2, "王"), ("next", 1, "王")))
        except StoreCorruptError:
            named += 1
        # The page comes back from a backup: all is as it was, or as what was put since left it.
        mended = bytearray(path.read_bytes())
        if bytes(mended) == bytes(damaged):
            path.write_bytes(sound)
            with Store.open(path) as store:
                assert check_whole(store) == changes
        path.write_bytes(sound)
    assert named


def test_a_page_that_is_overwritten_is_named_or_does_not_matter(tmp_path):
    check_pages(tmp_path, 12)


@pytest.mark.soak
def test_any_page_that_is_overwritten_is_named_or_does_not_matter(tmp_path):
    check_pages(tmp_path, 150)


def test_a_cut_file_is_named(tmp_path):
    path = tmp_path / "a.db"
    with Store.open(path) as store:
        store.apply("seekers", listed("list"), source="list.csv")
    whole = path.read_bytes()

    def read_all():
        with Store.open(path) as store:
            return store.read("seekers"), list(store.changes())

    for part in (0.2, 0.5, 0.9):
        path.write_bytes(whole[: int(len(whole) * part)])
        with pytest.raises(StoreCorruptError, match="Restore it from a backup"):
            read_all()


def test_a_locked_file_is_named_and_an_import_goes_on_when_it_is_free(tmp_path):
    path = tmp_path / "a.db"
    with Store.open(path, busy_timeout_s=0.05) as store:
        with closing(sqlite_module().connect(path, isolation_level=None)) as other:
            done = []

            def lock_at_1000(n):
                done.append(n)
                if sum(done) == 1_000:
                    other.execute("BEGIN IMMEDIATE")

            with pytest.raises(StoreBusyError, match="must be free for writing"):
                store.apply("seekers", listed("list"), source="list.csv", watch=lock_at_1000)
            check_list(store, "list", is_done=False)
            with pytest.raises(StoreBusyError, match="must be free for writing"):
                store.remove("seekers", ["list00001"])
        store.apply("seekers", listed("list"), source="list.csv")
        check_list(store, "list", is_done=True)
        assert len(check_whole(store)) == LIST


@pytest.fixture
def server_url(server, store_template):
    """Return the URL of an empty store on a server."""
    return server.database(store_template)


@pytest.mark.postgis
def test_a_locked_counter_is_named_and_an_import_goes_on_when_it_is_free(server_url):
    with Store.open(server_url, busy_timeout_s=0.2) as store:
        with psycopg.connect(conninfo_of(server_url)) as other:
            other.execute("SELECT * FROM feed FOR UPDATE")
            with pytest.raises(StoreBusyError, match="must be free for writing"):
                store.apply("seekers", listed("list"), source="list.csv")
            assert store.count("seekers") == 0
        store.apply("seekers", listed("list"), source="list.csv")
        check_list(store, "list", is_done=True)
        assert len(check_whole(store)) == LIST


@pytest.mark.postgis
def test_a_database_that_may_only_be_read_is_named_and_read(server_url):
    with Store.open(server_url) as store:
        store.apply("seekers", listed("list"), source="list.csv")
    name = make_url(server_url).database
    with psycopg.connect(conninfo_of(server_url), autocommit=True) as other:
        other.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with Store.open(server_url) as store:
        with pytest.raises(StoreReadOnlyError, match="must be writable"):
            store.put("seekers", seekers(("A", 1, "王")))
        assert len(check_whole(store)) == LIST


@pytest.mark.postgis
def test_a_server_that_drops_its_connections_loses_nothing(server_url):
    with Store.open(server_url) as store:
        parts = []

        def drop(n):
            parts.append(n)
            if len(parts) == 2:
                with psycopg.connect(conninfo_of(server_url), autocommit=True) as other:
                    other.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )

        try:
            store.apply("seekers", listed("list"), source="list.csv", watch=drop)
        except GeoMatchError:
            check_list(store, "list", is_done=False)
            store.apply("seekers", listed("list"), source="list.csv")
        check_list(store, "list", is_done=True)
        check_whole(store)


def conninfo_of(url):
    """Return a store's URL as the driver takes it."""
    made = make_url(url)
    return f"host={made.query['host']} dbname={made.database} user={made.username}"


def test_an_erased_person_stays_erased_when_a_later_backup_follows_an_earlier_one(tmp_path):
    path, early, late = tmp_path / "a.db", tmp_path / "early.db", tmp_path / "late.db"
    with Store.open(path) as store:
        store.backup(early)
        store.put("seekers", seekers(("A", 1, "王")))
        store.backup(late)
        store.erase("seekers", "A", reason="request 7")
    Store.restore(early, path, replace=True)  # which does not know of A
    Store.restore(late, path, replace=True)
    with Store.open(path) as store:
        assert store.count("seekers") == 0
        assert store.verify().faults == ()
        check_whole(store)
