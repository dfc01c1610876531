"""A store that the tests write at once is the one that its migrations make."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pyarrow as pa
from new_stores import by_migrations, write_at_once

from geo_match.store import Store
from geo_match.store.schema import migrate

WRITTEN = "application_id", "auto_vacuum", "encoding", "page_size", "user_version"
"""What SQLite keeps of a file beside its tables."""


def told(path):
    """Return all that a store's file says, without what each store says of itself alone."""
    with closing(sqlite3.connect(path)) as connection:
        objects = connection.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
        ).fetchall()
        rows = {
            name: connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchall()  # noqa: S608 - a name of ours
            for kind, name, *_ in objects
            if kind == "table"
        }
        ((epoch, seq, since, *horizon),) = rows.pop("feed")
        marks = {name: connection.execute(f"PRAGMA {name}").fetchone() for name in WRITTEN}
    return {"objects": objects, "rows": rows, "feed": (seq, *horizon)} | marks, epoch, since


def test_a_store_that_is_written_at_once_says_what_one_of_the_migrations_says(tmp_path):
    write_at_once()
    with by_migrations():
        assert migrate._upgrade.__module__ == migrate.__name__
        Store.open(tmp_path / "migrated.db").close()
    assert migrate._upgrade.__module__ == "new_stores"
    Store.open(tmp_path / "written.db").close()
    Store.open(tmp_path / "another.db").close()
    expected, its_epoch, its_since = told(tmp_path / "migrated.db")
    assert len(expected["objects"]) > 20
    epochs = {its_epoch}
    for name in ("written.db", "another.db"):
        said, epoch, since = told(tmp_path / name)
        assert said == expected
        assert len(epoch) == len(its_epoch)
        assert since >= its_since
        assert len(since) == len(its_since)
        epochs.add(epoch)
    assert len(epochs) == 3


def test_what_is_not_new_is_left_to_the_migrations(tmp_path, monkeypatch):
    write_at_once()
    path = tmp_path / "a.db"
    with Store.open(path) as store:
        store.put("stations", pa.table({"id": ["A"], "name": ["站"]}))
        with store.database.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0008'")
    asked = []
    monkeypatch.setattr("alembic.command.upgrade", lambda _config, revision: asked.append(revision))
    Store.open(path).close()
    assert asked == ["head"]
