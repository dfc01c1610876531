"""What PostgreSQL says has a name, races are run once more, and a commit is on the disk."""

from __future__ import annotations

import threading

import pyarrow as pa
import pytest
from sqlalchemy import text, update

from geo_match.store import Store, StoreBusyError, StoreError, StoreReadOnlyError
from geo_match.store.database import Database
from geo_match.store.schema.tables import FEED

pytestmark = pytest.mark.postgis


@pytest.fixture
def url(server, store_template):
    return server.database(store_template)


def seekers(*ids, name="x"):
    return pa.table({"id": list(ids), "name": [name] * len(ids)})


def test_every_connection_commits_to_the_disk_and_waits_no_longer_than_it_may(url):
    with Store.open(url, busy_timeout_s=2.5) as store:
        for opened in (store.database.engine.connect() for _ in range(2)):
            settings = [
                opened.exec_driver_sql(f"SHOW {name}").scalar()
                for name in ("synchronous_commit", "lock_timeout", "timezone")
            ]
            assert settings == ["on", "2500ms", "UTC"]
            opened.close()


def test_a_store_that_another_writes_to_is_named_busy_and_taken_afterwards(url):
    with Store.open(url) as other, Store.open(url, busy_timeout_s=0.05) as store:

        def act(connection):
            connection.execute(update(FEED).values(seq=FEED.c.seq))
            with pytest.raises(StoreBusyError, match=r"must be free for writing, got .*lock"):
                store.put("seekers", seekers("A"))
            assert store.count("seekers") == 0  # readers need not wait

        other.database.write(act)
        store.put("seekers", seekers("A"))
        assert store.count("seekers") == 1


def test_two_who_bring_the_same_new_record_at_once_both_succeed(url):
    """The second runs once more, and finds what the first wrote."""
    n = 4
    barrier = threading.Barrier(n)
    became = []

    def put(at):
        with Store.open(url) as store:
            barrier.wait()
            for round_ in range(5):
                applied, _ = store.put("seekers", seekers(f"R{round_}", name=f"{at}"))
                became.append(bool(applied.accepted[0]))

    threads = [threading.Thread(target=put, args=(at,)) for at in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Store.open(url) as store:
        assert store.count("seekers") == 5
        assert len(became) == 5 * n
        assert store.head().seq == sum(became) == len(list(store.changes()))


def test_a_connection_that_the_server_ends_is_named_with_what_to_do(server, url):
    with Store.open(url) as store:

        def act(connection):
            number = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            server.execute(f"SELECT pg_terminate_backend({number}, 60000)")
            connection.exec_driver_sql("SELECT 1")

        with pytest.raises(StoreError, match=r"reachable, got .*command. .*try again when it runs"):
            store.database.write(act)
        store.put("seekers", seekers("A"))
        assert store.head().seq == 1


def test_who_races_again_and_again_is_told_so(url):
    with Store.open(url) as store:
        tries = []

        def act(connection):
            tries.append(1)
            connection.execute(text("DO $$ BEGIN RAISE serialization_failure; END $$"))

        with pytest.raises(StoreBusyError, match=r"got 20 races with other writers"):
            store.database.write(act)
        assert len(tries) == 20


def test_a_reader_that_is_in_the_way_of_a_standby_is_told_so(url):
    with (
        Store.open(url) as store,
        pytest.raises(StoreBusyError, match=r"must be free for reading"),
        store.database.reading() as connection,
    ):
        connection.execute(text("DO $$ BEGIN RAISE serialization_failure; END $$"))


@pytest.mark.parametrize(
    ("code", "error", "told"),
    [
        ("disk_full", "StoreFullError", "must have room on its disk"),
        ("data_corrupted", "StoreCorruptError", "must be sound"),
        ("index_corrupted", "StoreCorruptError", "must be sound"),
        ("lock_not_available", "StoreBusyError", "must be free for writing"),
        ("read_only_sql_transaction", "StoreReadOnlyError", "must be writable"),
        ("division_by_zero", "StoreError", "must answer as a database does"),
    ],
)
def test_what_goes_wrong_has_a_name(url, code, error, told):
    with Store.open(url) as store:
        with pytest.raises(StoreError, match=told) as caught:
            store.database.write(lambda one: one.execute(text(f"DO $$ BEGIN RAISE {code}; END $$")))
        assert type(caught.value).__name__ == error
        assert store.count("seekers") == 0


def test_a_server_that_is_not_there_is_named_without_the_password(tmp_path):
    with pytest.raises(StoreError, match=r"must be reachable, got .*Is the server running") as told:
        Store.open(f"postgresql://ann:secret@/db?host={tmp_path}")
    assert "secret" not in str(told.value)


def test_a_database_that_may_only_be_read_can_be_read(server, url):
    with Store.open(url) as store:
        store.put("seekers", seekers("A"))
    name = url.partition("@/")[2].partition("?")[0]
    server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with Store.open(url) as store:
        assert store.count("seekers") == 1
        with pytest.raises(StoreReadOnlyError, match=r"must be writable, got .*read-only"):
            store.put("seekers", seekers("B"))


def test_a_url_may_be_as_others_write_it(url):
    short = url.replace("postgresql+psycopg://", "postgresql://")
    with Store.open(short) as store:
        assert store.name.startswith(url.partition("?")[0])
        assert isinstance(store.database, Database)
        assert not store.database.is_file
