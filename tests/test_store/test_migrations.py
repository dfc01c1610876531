"""A store of each older form opens as one of today, with all that it held; or it is left alone."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib import resources

import orjson
import pyarrow as pa
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from new_stores import by_migrations
from sqlalchemy import MetaData, inspect, select, text

from geo_match.records import RECORDS
from geo_match.store import HorizonError, Store, StoreError, record_schema
from geo_match.store.database import Database
from geo_match.store.schema.migrate import HEAD
from geo_match.store.schema.tables import APPLICATION_ID, METADATA, TABLES

DAY = dt.date(2025, 3, 1)
MOMENT = dt.datetime(2025, 3, 1, 12, 30)  # noqa: DTZ001 - moments are kept as lists state them
MEMBER = {"birth_year": 1980, "status": "unemployed"}
ROWS = {
    "households": [{"id": "H1", "members": [MEMBER], "zero_employment": True, "head_name": "王"}],
    "seekers": [{"id": f"P{at:05}", "lon": 117.0 + at / 1e5, "lat": 32.9} for at in range(12)],
    "employers": [{"id": "E1", "name": "厂", "entered_on": DAY}],
    "sites": [{"id": "S1", "verified": False}, {"id": "S2", "verified": None}],
    "jobs": [{"id": "J1", "title": "电工", "updated_at": MOMENT, "version": 2**40}],
    "stations": [{"id": "W1", "opened_on": DAY, "staff": 3}],
    "communities": [{"id": "C1", "name": "东", "area": "POLYGON((0 0,1 0,1 1,0 0))"}],
    "spells": [{"id": "L1", "person": "P1", "status": "employed", "start": DAY, "end": DAY}],
    "services": [{"id": "V1", "person": "P1", "on": DAY, "kind": "visit"}],
}
"""Some records of each kind, with a value of each type."""
SINCE = {
    "seekers": [
        *("graduation_year", "certificates", "hours_max_per_week", "radius_m"),  # form 0003
        *("registered_on", "closed_on", "close_reason"),  # form 0006
    ]
}
"""Fields that are there since a later form."""

# What a store was before there were migrations: the names and SQLite's types of its columns.
_FORMER_TYPES = {
    "whole": "INTEGER",
    "number": "FLOAT",
    "flag": "BOOLEAN",
    "day": "DATE",
    "moment": "DATETIME",
    "text": "TEXT",
}


@pytest.fixture(autouse=True)
def _by_migrations():
    """Let new stores be made as those are that are no test's."""
    with by_migrations():
        yield


def config_of(connection=None):
    config = Config()
    folder = resources.files("geo_match.store.schema").joinpath("migrations")
    config.set_main_option("script_location", str(folder))
    config.attributes["connection"] = connection
    return config


def fill(connection):
    """Write the records into tables of the first form, by nothing of the store's own."""
    for kind, rows in ROWS.items():
        table = MetaData()
        table.reflect(connection, only=[kind])
        for row in rows:
            value = {
                name: json.dumps(one, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
                if isinstance(one, list)
                else one
                for name, one in row.items()
            }
            connection.execute(table.tables[kind].insert().values(import_id=1, **value))
    connection.execute(
        text(
            "INSERT INTO imports (id, kind, source, imported_at, accepted, unchanged, stale) "
            "VALUES (1, 'seekers', 'a.csv', '2025-03-01 12:30:00.000000', 12, 0, 0)"
        )
    )
    connection.execute(
        text("INSERT INTO gazetteer (position, name, lon, lat) VALUES (0, '解放路', 117.3, 32.9)")
    )


def of_alembic(path):
    """Make a store of form 0001 by its migration."""
    database = Database.of(path, busy_timeout_s=5)

    def act(connection):
        command.upgrade(config_of(connection), "0001")
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        fill(connection)

    database.write(act)
    database.close()


def of_former(path):
    """Make a store as geo_match did before there were migrations."""
    database = Database.of(path, busy_timeout_s=5)
    first = ScriptDirectory.from_config(config_of()).get_revision("0001").module

    def act(connection):
        for kind, columns in first._COLUMNS.items():
            made = []
            for column in columns.split():
                name, _, sort = column.rstrip("!").partition(":")
                null = " NOT NULL" if column.endswith("!") else ""
                made.append(f'"{name}" {_FORMER_TYPES[sort or "text"]}{null}')
            connection.exec_driver_sql(
                f"CREATE TABLE {kind} ({', '.join(made)}, import_id INTEGER NOT NULL, "
                "PRIMARY KEY (id))"
            )
        connection.exec_driver_sql(
            "CREATE TABLE imports (id INTEGER NOT NULL, kind VARCHAR NOT NULL, source TEXT NOT "
            "NULL, imported_at DATETIME NOT NULL, accepted INTEGER NOT NULL, unchanged INTEGER "
            "NOT NULL, stale INTEGER NOT NULL, PRIMARY KEY (id))"
        )
        connection.exec_driver_sql(
            "CREATE TABLE gazetteer (position INTEGER NOT NULL, name TEXT NOT NULL, lon FLOAT NOT "
            "NULL, lat FLOAT NOT NULL, accuracy_m FLOAT, community TEXT, PRIMARY KEY (position))"
        )
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        connection.exec_driver_sql("PRAGMA user_version=1")
        fill(connection)

    database.write(act)
    database.close()


def records(kind):
    """Return what a kind's rows are as records."""
    loose = pa.schema([field.with_nullable(nullable=True) for field in record_schema(kind)])
    rows = [dict.fromkeys(loose.names) | row for row in ROWS[kind]]
    for row in rows:
        if row.get("members"):
            nothing = {field.name: None for field in loose.field("members").type.value_type}
            row["members"] = [nothing | member for member in row["members"]]
    return pa.Table.from_pylist(rows, schema=loose).to_pylist()


def of_feed(url):
    """Make a store of form 0002 with one seeker, as it was written then; on both databases."""
    database = Database.of(url, busy_timeout_s=5)
    key, now = "0" * 32, "2025-03-01 12:30:00"

    def act(connection):
        command.upgrade(config_of(connection), "0002")
        if database.is_file:
            connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        query = text("SELECT id, fields FROM forms WHERE kind = 'seekers'")
        form, fields = connection.execute(query).one()
        seeker = {"id": "P1", "version": 1, "located_by": "none", "groups": '["graduate"]'}
        image = json.dumps([seeker.get(name) for name in json.loads(fields)])
        names = ", ".join(seeker)
        values = ", ".join(f":{name}" for name in seeker)
        tell = (
            "INSERT INTO changes (seq, committed_at, kind, key, op, form, after, cause, actor) "
            "VALUES (1, :now, 'seekers', :key, 'put', :form, :image, 'visit', '')"
        )
        for statement, row in (
            (
                f"INSERT INTO seekers ({names}, import_id, key) VALUES ({values}, 0, :key)",  # noqa: S608 - our own names
                seeker | {"key": key},
            ),
            (tell, {"now": now, "key": key, "form": form, "image": image}),
            ("UPDATE feed SET seq = 1, committed_at = :now", {"now": now}),
        ):
            connection.execute(text(statement), row)

    database.write(act)
    database.close()


def state(path):
    """Return all that is in a file: its tables and their rows, and its marks."""
    with closing(sqlite3.connect(path)) as connection:
        marks = [
            connection.execute(f"PRAGMA {name}").fetchone()
            for name in ("application_id", "user_version")
        ]
        return [*marks, *connection.iterdump()]


@pytest.mark.parametrize("made", [of_alembic, of_former])
def test_a_store_of_the_first_form_keeps_its_records_and_tells_of_them(tmp_path, made):
    path = tmp_path / "a.db"
    made(path)
    with Store.open(path) as store:
        for kind in RECORDS:
            assert store.read(kind).to_pylist() == records(kind)
            assert store.read(kind, as_of=store.cursor()).to_pylist() == records(kind)
            assert store.read(kind, as_of=0).num_rows == 0
        assert store.gazetteer().column("name").to_pylist() == ["解放路"]
        changes = list(store.changes())
        n = sum(map(len, ROWS.values()))
        assert (
            [change.seq for change in changes]
            == list(range(1, n + 1))
            == [*range(1, store.head().seq + 1)]
        )
        assert {(change.op, change.cause) for change in changes} == {("put", "migration: 0002")}
        assert len({change.key for change in changes}) == n
        for kind in RECORDS:
            told = {change.record["id"]: change for change in changes if change.kind == kind}
            keys = store.keys(kind, [row["id"] for row in ROWS[kind]])
            assert keys == {one: change.key for one, change in told.items()}
            with store.database.reading() as connection:
                kept = connection.exec_driver_sql(f"SELECT * FROM {kind}").mappings().all()  # noqa: S608 - our own names
            for row in kept:
                plain = {k: v for k, v in row.items() if k not in {"import_id", "key"}}
                later = {name: plain.pop(name) for name in SINCE.get(kind, ())}
                assert set(later.values()) <= {None}
                assert told[row["id"]].record == plain  # as it was then
        with store.database.reading() as connection:
            done = connection.exec_driver_sql("SELECT finished_at, conflicting FROM imports").one()
        assert tuple(done) == ("2025-03-01 12:30:00.000000", 0)


@pytest.mark.parametrize("made", [of_alembic, of_former])
def test_a_past_from_before_there_was_a_feed_is_not_made_up(tmp_path, made):
    path = tmp_path / "a.db"
    made(path)
    with Store.open(path) as store:
        head = store.head()
        since = head.committed_at.replace(tzinfo=dt.UTC)
        assert (head.horizon, head.horizon_at) == (0, head.committed_at)
        for earlier in (dt.datetime(2025, 6, 1, tzinfo=dt.UTC), since - dt.timedelta(seconds=1)):
            with pytest.raises(HorizonError, match=r"for a moment from 20.* on: what was known"):
                store.read("seekers", as_of=earlier)
        assert store.read("seekers", as_of=since).num_rows == 12
        assert len(list(store.changes(after=0))) == head.seq


def test_a_store_that_was_empty_before_there_was_a_feed_knows_all_its_past(bare_url):
    with Store.open(bare_url) as store:
        assert store.head().horizon_at is None
        assert store.read("seekers", as_of=dt.datetime(2025, 6, 1, tzinfo=dt.UTC)).num_rows == 0


@pytest.mark.parametrize("made", [of_alembic, of_former])
def test_a_store_that_was_brought_to_today_takes_records_as_any_other(tmp_path, made):
    path = tmp_path / "a.db"
    made(path)
    for version in (1, 2):
        with Store.open(path) as store:
            before = store.head().seq
            one = pa.table({"id": ["P00003", "NEW"], "version": [version] * 2})
            applied = store.apply("seekers", one, source="b.csv", fields=["version"])
            assert applied.accepted.all()
            assert [change.seq for change in store.changes(after=before)] == [
                before + 1,
                before + 2,
            ]
            assert store.count("seekers") == 13


def test_a_store_with_a_feed_keeps_it_and_takes_what_seekers_have_since(bare_url):
    of_feed(bare_url)
    with Store.open(bare_url) as store:
        assert store.head().seq == 1  # nothing is told of what nobody changed
        (before,) = store.read("seekers").to_pylist()
        assert (before["id"], before["groups"]) == ("P1", ["graduate"])
        assert [before[name] for name in SINCE["seekers"]] == [None] * 7
        assert store.read("seekers", as_of=1).to_pylist() == [before]
        assert store.verify().faults == ()
        known = {
            "graduation_year": 2024,
            "certificates": ["电工证", "健康证"],
            "hours_max_per_week": 24.5,
            "radius_m": 1500.0,
            "registered_on": DAY,
            "closed_on": dt.date(2025, 6, 1),
            "close_reason": "hired",
        }
        store.put(
            "seekers", pa.table({name: [one] for name, one in ({"id": "P1"} | known).items()})
        )
        (after,) = store.read("seekers").to_pylist()
        assert {name: after[name] for name in known} == known
        assert store.read("seekers", as_of=1).to_pylist() == [before]
        told = [change.record for change in store.changes()]
        assert set(told[1]) - set(told[0]) == set(known)
        assert json.loads(told[1]["certificates"]) == known["certificates"]
        assert store.verify().faults == ()
    with Store.open(bare_url) as store:
        assert store.read("seekers").to_pylist() == [after]


def of_seekers(url):
    """Make a store of form 0005 with two seekers, as they were written then; on both databases."""
    database = Database.of(url, busy_timeout_s=5)

    def act(connection):
        command.upgrade(config_of(connection), "0005")
        if database.is_file:
            connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        query = text("SELECT id, fields FROM forms WHERE kind = 'seekers'")
        form, fields = connection.execute(query).one()
        for seq, (name, birth_year) in enumerate((("P1", 1980), ("P2", None)), 1):
            seeker = {"id": name, "located_by": "none", "birth_year": birth_year}
            image = json.dumps([seeker.get(one) for one in json.loads(fields)])
            insert = text(
                "INSERT INTO seekers (id, located_by, birth_year, import_id, key) "
                "VALUES (:id, :located_by, :birth_year, 0, :key)"
            )
            connection.execute(insert, seeker | {"key": f"{seq:032}"})
            tell = text(
                "INSERT INTO changes (seq, committed_at, kind, key, op, form, after, cause, actor) "
                "VALUES (:seq, '2025-03-01 12:30:00', 'seekers', :key, 'put', :form, :image, '', "
                "'')"
            )
            row = {"seq": seq, "key": f"{seq:032}", "form": form, "image": image}
            connection.execute(tell, row)
        connection.execute(text("UPDATE feed SET seq = 2, committed_at = '2025-03-01 12:30:00'"))

    database.write(act)
    database.close()


def test_seekers_from_before_count_as_registered_until_somebody_closes_them(bare_url):
    of_seekers(bare_url)
    with Store.open(bare_url) as store:
        assert store.head().seq == 2  # nothing is told of what nobody changed
        assert store.verify().faults == ()
        before = store.read("seekers")
        assert before.select(["id", "birth_year"]).to_pylist() == [
            {"id": "P1", "birth_year": 1980},
            {"id": "P2", "birth_year": None},
        ]
        for name in ("registered_on", "closed_on", "close_reason"):
            assert before.column(name).null_count == 2
        assert store.read("seekers", on=DAY).num_rows == 2
        closed = {"id": ["P2"], "closed_on": [DAY], "close_reason": ["no_contact"]}
        store.put("seekers", pa.table(closed), fields=["closed_on", "close_reason"])
        assert store.read("seekers", on=DAY).column("id").to_pylist() == ["P1"]
        assert store.read("seekers", on=DAY, as_of=2).num_rows == 2
        assert store.read("seekers").column("close_reason").to_pylist() == [None, "no_contact"]
        assert store.read("seekers", fields=["id"], on=dt.date(2025, 2, 28)).num_rows == 2
        assert store.verify().faults == ()
        assert differences(store.database) == []


def test_the_changes_of_a_file_lie_in_the_order_of_their_numbers(tmp_path):
    """SQLite keeps an index of the numbers beside the table unless they are its rows' own."""
    path = tmp_path / "a.db"
    of_feed(str(path))
    with closing(sqlite3.connect(path)) as before:
        kept = before.execute("SELECT * FROM changes ORDER BY seq").fetchall()
        assert len(before.execute("PRAGMA index_list(changes)").fetchall()) == 2
    with Store.open(path) as store, store.database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT rowid, * FROM changes ORDER BY rowid").all()
        indexes = connection.exec_driver_sql("PRAGMA index_list(changes)").all()
    assert [row[0] for row in rows] == [row[1] for row in rows]
    assert [tuple(row[1:]) for row in rows] == kept
    assert [index[1] for index in indexes] == ["changes_key"]


def of_erasure(url):
    """Make a store of form 0004 whose household lost its head when its seeker was erased."""
    database = Database.of(url, busy_timeout_s=5)
    home, gone, now = "a" * 32, "b" * 32, "2025-03-01 12:30:00"

    def act(connection):
        command.upgrade(config_of(connection), "0004")
        if database.is_file:
            connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        query = text("SELECT id, fields FROM forms WHERE kind = 'households'")
        form, fields = connection.execute(query).one()
        household = {"id": "H1", "located_by": "none"}  # the head's name is null since
        image = json.dumps([household.get(name) for name in json.loads(fields)])
        insert = text(
            "INSERT INTO households (id, located_by, import_id, key) "
            "VALUES (:id, :located_by, 0, :key)"
        )
        connection.execute(insert, household | {"key": home})
        tell = text(
            "INSERT INTO changes (seq, committed_at, kind, key, op, form, after, cause, actor) "
            "VALUES (:seq, :now, :kind, :key, :op, :form, :image, :cause, '')"
        )
        for seq, kind, key, op, of, said, cause in (
            (1, "households", home, "put", form, image, "visit"),
            (2, "seekers", gone, "put", None, None, "visit"),
            (3, "households", home, "put", form, image, "erasure: request 1"),
            (4, "seekers", gone, "erase", None, None, "erasure: request 1"),
        ):
            row = {"seq": seq, "kind": kind, "key": key, "op": op, "form": of, "image": said}
            connection.execute(tell, row | {"now": now, "cause": cause})
        connection.execute(text("UPDATE feed SET seq = 4, committed_at = :now"), {"now": now})

    database.write(act)
    database.close()


def test_a_store_that_erased_somebody_before_keeps_that_and_notes_what_is_erased_from_now_on(
    bare_url,
):
    of_erasure(bare_url)
    with Store.open(bare_url) as store:
        assert store.verify().faults == ()
        assert [change.op for change in store.changes()] == ["put", "put", "put", "erase"]
        # Who that was, and what the household has lost, is not known any more.
        seekers = pa.table({"id": ["P1"], "household": ["H1"], "name": ["王"]})
        assert store.are_erased("seekers", seekers).tolist() == [False]
        metadata = store.read("households", as_of=2).schema.metadata
        assert (metadata[b"missing"], metadata[b"amended"]) == (b"0", b"0")
        store.erase("seekers", "P1", reason="request 1, once more")
        assert store.are_erased("seekers", seekers).tolist() == [True]
        put_at = store.put("households", pa.table({"id": ["H1"], "head_name": ["王"]}))[1]
        store.put("seekers", seekers, erased_too=True)
        store.erase("seekers", "P1", reason="request 2")
        assert store.read("households", as_of=put_at).schema.metadata[b"amended"] == b"1"
        assert store.verify().faults == ()


def test_a_form_of_many_blocks_has_each_record_once(tmp_path, monkeypatch):
    path = tmp_path / "a.db"
    of_alembic(path)
    small(monkeypatch, 5)
    with Store.open(path) as store:
        ids = [change.record["id"] for change in store.changes(kinds=["seekers"])]
    assert ids == [row["id"] for row in ROWS["seekers"]]


def small(monkeypatch, most):
    """Let migrations work in blocks of a few records."""
    loaded = ScriptDirectory._load_revisions

    def load(self):
        for script in loaded(self):
            if hasattr(script.module, "_AT_ONCE"):
                script.module._AT_ONCE = most
            yield script

    monkeypatch.setattr(ScriptDirectory, "_load_revisions", load)


@pytest.mark.parametrize("made", [of_alembic, of_former])
@pytest.mark.parametrize("at", [1, 5, 20])
def test_a_migration_that_fails_half_way_leaves_the_store_as_it_was(
    tmp_path, monkeypatch, made, at
):
    path = tmp_path / "a.db"
    made(path)
    before = state(path)
    calls = []
    real = orjson.dumps

    def dumps(value):
        calls.append(value)
        if len(calls) == at:
            message = "the power went"
            raise RuntimeError(message)
        return real(value)

    with monkeypatch.context() as patched:
        patched.setattr(orjson, "dumps", dumps)
        with pytest.raises(RuntimeError, match="the power went"):
            Store.open(path)
    assert state(path) == before
    with Store.open(path) as store:
        assert store.count("seekers") == 12


def test_making_a_store_that_fails_leaves_the_database_empty(bare_url, monkeypatch):
    def dumps(_):
        message = "the power went"
        raise RuntimeError(message)

    with monkeypatch.context() as patched:
        patched.setattr(orjson, "dumps", dumps)
        with pytest.raises(RuntimeError, match="the power went"):
            Store.open(bare_url)
    database = Database.of(bare_url, busy_timeout_s=5)
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == []
    database.close()
    with Store.open(bare_url) as store:
        assert store.count("jobs") == 0


def differences(database):
    """Return what tells the tables of a store from those that are used, PostGIS's shapes apart."""
    if not database.is_file:
        database.write(lambda one: one.exec_driver_sql("DROP EXTENSION postgis CASCADE"))
    with database.reading() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)


def test_tables_that_migrations_make_are_those_that_are_used(bare_url):
    with Store.open(bare_url) as store:
        assert differences(store.database) == []
        with store.database.reading() as connection:
            for kind, table in TABLES.items():
                made = [one["name"] for one in inspect(connection).get_columns(kind)]
                assert sorted(made) == sorted(table.columns.keys())


def test_a_column_that_no_migration_makes_would_be_noticed(new_url):
    with Store.open(new_url()) as store:
        store.database.write(lambda one: one.exec_driver_sql("ALTER TABLE jobs ADD COLUMN x TEXT"))
        ((what, _, table, column),) = differences(store.database)
    assert (what, table, column.name) == ("remove_column", "jobs", "x")


def test_the_newest_form_is_that_of_the_last_migration(bare_url):
    assert ScriptDirectory.from_config(config_of()).get_heads() == [HEAD]
    with Store.open(bare_url) as store, store.database.reading() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == HEAD


def test_a_store_that_is_up_to_date_is_not_written_to_when_it_is_opened(new_url, monkeypatch):
    url = new_url()
    Store.open(url).close()

    def refuse(*_):
        pytest.fail("it was written to")

    monkeypatch.setattr(Database, "write", refuse)
    Store.open(url).close()


def test_a_store_of_a_newer_form_is_refused_by_name_and_left_alone(new_url):
    url = new_url()
    with Store.open(url) as store:
        store.put("stations", pa.table({"id": ["A"]}))
        store.database.write(
            lambda one: one.execute(text("UPDATE alembic_version SET version_num = '0099'"))
        )
    with pytest.raises(StoreError, match=rf"tables of form {HEAD} or older, got form 0099.*newer"):
        Store.open(url)
    database = Database.of(url, busy_timeout_s=5)
    with database.reading() as connection:
        form = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        assert form == "0099"
        assert connection.execute(select(TABLES["stations"].c.id)).scalar_one() == "A"
    database.close()


def test_the_tables_of_another_program_are_refused_and_left_alone(server):
    url = server.database()
    database = Database.of(url, busy_timeout_s=5)

    def act(connection):
        connection.execute(text("CREATE TABLE alembic_version (version_num text)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))

    database.write(act)
    with pytest.raises(StoreError, match=r"be a store of geo_match or have no tables, got"):
        Store.open(url)
    with database.reading() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    database.close()


def test_processes_may_make_the_same_store_at_once(bare_url):
    program = "import sys; from geo_match.store import Store; Store.open(sys.argv[1]).close()"
    started = [
        subprocess.Popen([sys.executable, "-c", program, bare_url])  # noqa: S603 - this interpreter, on our own program
        for _ in range(3)
    ]
    assert [process.wait() for process in started] == [0] * 3
    with Store.open(bare_url) as store:
        assert store.head().seq == 0
        assert [store.count(kind) for kind in RECORDS] == [0] * len(RECORDS)
