"""A server's files: what was erased is in none of a table's bytes, or it is said that it may be."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from sqlalchemy import event

from geo_match.store import Released, Store

pytestmark = pytest.mark.postgis

NAME = "王小明"
TABLES = ["seekers", "changes"]


@pytest.fixture
def url(server, store_template):
    return server.database(store_template)


def filled(store):
    store.put("seekers", pa.table({"id": ["P", "Q"], "name": [NAME, "李梅"]}))
    return store


def erase(store):
    return store.erase("seekers", "P", reason="request 1")


def tables_with(store, text):
    """Return the tables in whose files, as they lie on the disk, a text stands."""
    query = "SELECT pg_read_binary_file(pg_relation_filepath(%s))"
    with store.database.engine.connect() as opened:
        opened.exec_driver_sql("CHECKPOINT")
        files = {one: opened.exec_driver_sql(query, (one,)).scalar_one() for one in TABLES}
    return [one for one, held in files.items() if text.encode() in held]


def samples_with(store, text):
    query = "SELECT count(*) FROM pg_stats WHERE most_common_vals::text LIKE %s"
    with store.database.reading() as connection:
        return connection.exec_driver_sql(query, (f"%{text}%",)).scalar_one()


def test_no_byte_of_the_erased_is_left_in_the_tables(url):
    with Store.open(url) as store:
        filled(store)
        assert tables_with(store, NAME) == TABLES
        assert erase(store).scrubbed
        assert tables_with(store, NAME) == []
        assert tables_with(store, "李梅") == TABLES
        assert store.count("seekers") == 1


def test_the_planners_samples_are_drawn_anew(url):
    with Store.open(url) as store:
        store.put("seekers", pa.table({"id": ["P", "Q"], "name": [NAME] * 2}))
        store.scrub()
        assert samples_with(store, NAME) == 1
        erase(store)
        store.erase("seekers", "Q", reason="request 2")
        assert samples_with(store, NAME) == 0


def test_someone_who_can_still_see_the_erased_is_told_and_the_next_try_ends_it(url):
    with Store.open(url) as store, Store.open(url) as other:
        filled(store)
        with other.database.reading() as connection:  # a snapshot, but no lock of these tables
            connection.exec_driver_sql("SELECT count(*) FROM gazetteer").scalar_one()
            assert not erase(store).scrubbed
            assert not store.scrub()
            assert tables_with(store, NAME) == TABLES
        assert store.scrub()
        assert tables_with(store, NAME) == []


def test_someone_who_uses_a_table_is_not_waited_for(url):
    with Store.open(url, busy_timeout_s=0.1) as store, Store.open(url) as other:
        filled(store)
        with other.database.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM changes").scalar_one()
            assert not erase(store).scrubbed
        assert store.scrub()
        with store.database.engine.connect() as opened:  # what was set for it does not stay
            assert opened.exec_driver_sql("SHOW lock_timeout").scalar_one() == "100ms"


def test_a_role_that_does_not_own_the_tables_is_told(server, url):
    server.execute("CREATE ROLE clerk")
    try:
        with Store.open(url) as owner, Store.open(url) as store:
            filled(owner)
            grant = "GRANT ALL ON ALL TABLES IN SCHEMA public TO clerk"
            owner.database.write(lambda one: one.exec_driver_sql(grant))
            store.database.engine.dispose()

            @event.listens_for(store.database.engine, "connect")
            def become(connection, _):
                connection.execute("SET ROLE clerk")
                connection.commit()

            assert not erase(store).scrubbed
            assert tables_with(owner, NAME) == TABLES
            assert owner.scrub()
            assert tables_with(owner, NAME) == []
    finally:
        with Store.open(url) as owner:
            owner.database.write(lambda one: one.exec_driver_sql("DROP OWNED BY clerk"))
        server.execute("DROP ROLE clerk")


def test_what_is_released_beside_a_reader_is_told_not_to_be_scrubbed(url):
    with Store.open(url) as store, Store.open(url) as other:
        filled(store)
        store.hold("seekers", ["P"], until=dt.date(2999, 1, 1), reason="claim 7")
        assert erase(store).restricted
        with other.database.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM gazetteer").scalar_one()
            day = dt.date(2999, 1, 2)
            assert store.release_restricted(on=day) == Released(1, scrubbed=False)
        assert store.scrub()
