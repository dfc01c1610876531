"""Keys through migrations, checks, backups and restores; sessions end with a restore."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from sqlalchemy import insert, select, text, update
from test_store.backups import fill, store_name

from geo_match.store import Store
from geo_match.store.schema.tables import API_KEYS, SESSIONS

NOON = dt.datetime(2026, 3, 1, 12)  # noqa: DTZ001 - as the tables have moments


def issue(store, **given):
    return store.api_keys.issue(**{"role": "planner", "label": "规划处"} | given)


def sessions(store):
    with store.database.reading() as connection:
        return connection.execute(select(SESSIONS.c.hash)).scalars().all()


def without_keys(store):
    """Bring a store back to the form before there were keys."""

    def act(connection):
        for statement in (
            "DROP TABLE api_keys",
            "DROP TABLE sessions",
            "DROP TABLE bereft",  # which came after them
            "ALTER TABLE imports DROP COLUMN report",  # the same
            "UPDATE alembic_version SET version_num = '0006'",
        ):
            connection.execute(text(statement))

    store.database.write(act)


def test_a_store_from_before_there_were_keys_keeps_all_and_takes_keys(store):
    fill(store)
    seekers, changes, head = store.read("seekers"), list(store.changes()), store.head()
    without_keys(store)
    with Store.open(store_name(store)) as again:
        assert again.api_keys.list() == ()
        assert again.read("seekers").equals(seekers)
        assert list(again.changes()) == changes
        assert again.head() == head  # nothing is told of what nobody changed
        assert again.gazetteer().num_rows == 2
        key, secret = issue(again)
        assert again.api_keys.find(secret) == key
        assert again.verify().faults == ()


def test_a_store_whose_keys_are_such_as_are_issued_is_sound(store):
    key, _ = issue(store)
    store.api_keys.open_session(key, 60)
    store.api_keys.revoke(issue(store)[0].id)
    assert store.verify().faults == ()


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"role": "boss"}, "The key {0} has a role that is not known."),
        (
            {"role": "community"},
            "The key {0} has an area and not the role community, or that role and no area.",
        ),
        (
            {"community": "340302"},
            "The key {0} has an area and not the role community, or that role and no area.",
        ),
        ({"hash": "abc"}, "The key {0} has a hash of another length."),
    ],
)
def test_a_key_that_nobody_could_have_issued_is_a_fault(store, values, fault):
    key, _ = issue(store)
    store.database.write(lambda connection: connection.execute(update(API_KEYS).values(**values)))
    assert store.verify().faults == (fault.format(key.id),)


def test_a_session_without_its_key_is_a_fault(store):
    row = {"hash": "0" * 64, "key_id": "x", "created_at": NOON, "expires_at": NOON}
    store.database.write(lambda connection: connection.execute(insert(SESSIONS).values(**row)))
    assert store.verify().faults == ("There are sessions of the key x, which is not there.",)


def test_a_restored_store_has_the_keys_of_the_backup_and_no_session(store, tmp_path, new_target):
    key, secret = issue(store)
    _, session = store.api_keys.open_session(key, 3_600)
    gone = store.api_keys.revoke(issue(store)[0].id)
    store.backup(tmp_path / "b.db")
    restored = Store.restore(tmp_path / "b.db", target := new_target())
    assert restored.keys == (1, 0)
    with Store.open(target) as again:
        assert {one.id: one for one in again.api_keys.list()} == {key.id: key, gone.id: gone}
        assert again.api_keys.find(secret) == key
        assert again.api_keys.find_session(session) is None
        assert sessions(again) == []
        assert again.verify().faults == ()
    assert len(sessions(store)) == 1  # that of the store goes on


def test_a_key_that_was_revoked_since_the_backup_is_revoked_again(store, tmp_path, new_target):
    (kept, secret), (gone, other) = issue(store), issue(store)
    store.backup(tmp_path / "b.db")
    revoked = store.api_keys.revoke(gone.id)
    restored = Store.restore(tmp_path / "b.db", target := new_target(), erased=store_name(store))
    assert restored.keys == (1, 1)
    with Store.open(target) as again:
        assert again.api_keys.find(secret) == kept
        assert again.api_keys.find(other) is None
        assert {one.id: one for one in again.api_keys.list()} == {
            kept.id: kept,
            gone.id: revoked,
        }


def test_a_store_that_is_replaced_has_its_revocations_made_again(tmp_path):
    path = tmp_path / "a.db"
    with Store.open(path) as store:
        store.put("stations", pa.table({"id": ["A"]}))
        gone, secret = issue(store)
        store.backup(tmp_path / "b.db")
        store.api_keys.revoke(gone.id)
        _, late = issue(store)
    restored = Store.restore(tmp_path / "b.db", path, replace=True)
    assert restored.keys == (0, 1)
    with Store.open(path) as again:
        assert again.api_keys.find(secret) is None
        assert again.api_keys.find(late) is None  # the backup does not know it
        assert len(again.api_keys.list()) == 1
