"""Every kind of record has its table, and every field its column."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing

import pyarrow as pa
import pytest
from new_stores import by_migrations
from sqlalchemy import select

from geo_match.records import RECORDS
from geo_match.store import Store
from geo_match.store.schema.migrate import HEAD
from geo_match.store.schema.tables import APPLICATION_ID, TABLES


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the file of a new store."""
    path = tmp_path_factory.mktemp("made") / "a.db"
    with by_migrations():
        Store.open(path).close()
    return path


@pytest.mark.parametrize("kind", RECORDS)
def test_a_table_has_the_fields_of_its_model_and_what_wrote_them(made, kind):
    with closing(sqlite3.connect(made)) as connection:
        columns = connection.execute(f"PRAGMA table_info({kind})").fetchall()
    # Fields of later forms stand behind the others, where a migration put them.
    expected = {*RECORDS[kind].model_fields, "import_id", "key"}
    assert sorted(name for _, name, *_ in columns) == sorted(expected)
    assert [name for _, name, _, _, _, key in columns if key] == ["id"]


def test_a_file_says_that_it_is_a_store_and_of_which_form(made):
    with closing(sqlite3.connect(made)) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_sqlalchemy_reads_days_moments_and_flags_as_what_they_are(store):
    day = dt.date(2025, 3, 1)
    moment = dt.datetime(2025, 3, 1, 12, 30)  # noqa: DTZ001 - as lists state them
    store.apply(
        "jobs",
        pa.table({"id": ["A"], "title": ["电工"], "opened_on": [day], "updated_at": [moment]}),
        source="a.csv",
    )
    store.apply("sites", pa.table({"id": ["S"], "verified": [True]}), source="b.csv")
    with store.database.reading() as connection:
        jobs, sites = TABLES["jobs"], TABLES["sites"]
        found = connection.execute(select(jobs.c.opened_on, jobs.c.updated_at)).one()
        assert tuple(found) == (day, moment)
        # Compared as the texts that they are kept as: equal moments must be equal texts.
        assert connection.execute(select(jobs.c.id).where(jobs.c.updated_at == moment)).one()
        assert connection.execute(select(sites.c.verified)).scalar_one() is True
