"""Whatever reads images names the one that is damaged, and shows nothing of what it says."""

from __future__ import annotations

import datetime as dt
import re
import shutil

import orjson
import pyarrow as pa
import pytest

from geo_match.store import Store, StoreCorruptError, record_schema
from geo_match.store.audit import AuditLog
from geo_match.store.reading.between import Between
from geo_match.store.replica import Replica, ReplicaError, follow, live_of
from geo_match.store.schema.tables import CHANGES, RESTRICTED

NAMES = record_schema("seekers").names
SECRET = "王小明"  # noqa: S105 - an invented name
PLACE = {"lon": 117.3, "lat": 32.9}


def image(**values):
    return orjson.dumps([values.get(name) for name in NAMES]).decode()


NOT_OF_ITS_FORM = r"one that is not of its form \d+"
NO_IMAGES = {
    "too short": ({"after": f'["{SECRET}"]'}, NOT_OF_ITS_FORM),
    "too long": ({"after": orjson.dumps([SECRET] * 99).decode()}, NOT_OF_ITS_FORM),
    "no JSON": ({"after": f'["{SECRET}"'}, NOT_OF_ITS_FORM),
    "empty": ({"after": ""}, NOT_OF_ITS_FORM),
    "a number": ({"after": "1"}, NOT_OF_ITS_FORM),
    "null": ({"after": "null"}, NOT_OF_ITS_FORM),
    "an object": ({"after": orjson.dumps(dict.fromkeys(NAMES)).decode()}, NOT_OF_ITS_FORM),
    "a text": ({"after": orjson.dumps("x" * len(NAMES)).decode()}, NOT_OF_ITS_FORM),
    "an unknown form": ({"form": 999}, "one that is not of its form 999"),
    "no form": ({"form": None}, "one that names no form"),
}
"""What stands in the place of an image, and what is told of it."""
A_VALUE = "one with a value that its field cannot have"
NO_VALUES = {
    "a text for a number": ({"after": image(id="S1", name=SECRET, lon=SECRET)}, A_VALUE),
    "too great a number": ({"after": image(id="S1", name=SECRET, version=2**64 - 1)}, A_VALUE),
    "no moment": (
        {"after": image(id="S1", name=SECRET, updated_at="2031-02-30 00:00:00")},
        A_VALUE,
    ),
    "no list": ({"after": image(id="S1", name=SECRET, accepts="[")}, A_VALUE),
}
"""The same of images that have the length of their form."""


def damaging(store, table, damage, *where):
    store.database.write(lambda one: one.execute(table.update().where(*where).values(**damage)))


def fill(store):
    """Put records: the second change is of S1, once more changed by the fourth."""
    rows = [{"id": f"S{at}", "name": f"李{at}", **PLACE} for at in range(3)]
    store.put("seekers", pa.Table.from_pylist(rows))
    store.put("seekers", pa.Table.from_pylist([{**rows[1], "name": "赵"}]))
    return store


@pytest.fixture
def filled(store):
    return fill(store)


@pytest.fixture
def in_a_file(store_file, tmp_path):
    """Give the same in a file alone: what images say is told alike whatever database has them."""
    with Store.open(shutil.copy(store_file, tmp_path / "a.db")) as store:
        yield fill(store)


def told_of(store, seq, found):
    """Return what the error says, as a pattern."""
    return (
        f"^`{re.escape(store.name)}` must have an image of its form for change {seq}, of seekers, "
        rf"got {found}\. See what else is damaged with `geo-match store verify`, and restore it "
        r"from a backup\.$"
    )


def refused(store, seq, found, read):
    """Check that a reading names the damage, and shows nothing of it however far one looks."""
    with pytest.raises(StoreCorruptError, match=told_of(store, seq, found)) as told:
        read()
    assert told.value.store == store.name
    assert told.value.__cause__ is None
    assert told.value.__context__ is None


@pytest.mark.parametrize("name", NO_IMAGES | NO_VALUES)
def test_what_was_known_names_the_damage_and_other_places_are_answered(in_a_file, name):
    damage, found = (NO_IMAGES | NO_VALUES)[name]
    damaging(in_a_file, CHANGES, damage, CHANGES.c.seq == 2)
    refused(in_a_file, 2, found, lambda: in_a_file.read("seekers", as_of=2))
    refused(in_a_file, 2, found, lambda: in_a_file.read("seekers", as_of=3))
    assert len(in_a_file.read("seekers", as_of=1)) == 1
    assert len(in_a_file.read("seekers", as_of=4)) == len(in_a_file.read("seekers")) == 3


@pytest.mark.parametrize("fields", [["name"], ["id", "name"]])
def test_damage_is_named_though_few_fields_are_asked_for(filled, fields):
    damaging(filled, CHANGES, {"after": f'["{SECRET}"]'}, CHANGES.c.seq == 2)
    refused(filled, 2, NOT_OF_ITS_FORM, lambda: filled.read("seekers", as_of=3, fields=fields))


@pytest.mark.parametrize("name", NO_IMAGES | NO_VALUES)
@pytest.mark.parametrize("seq", [2, 4])
def test_what_changed_between_two_places_names_the_damage(in_a_file, name, seq):
    """Whether it is what a record was at the first, or at the second."""
    damage, found = (NO_IMAGES | NO_VALUES)[name]
    damaging(in_a_file, CHANGES, damage, CHANGES.c.seq == seq)

    def read():
        with in_a_file.database.reading() as connection:
            Between(connection, in_a_file.name, since=3).changed("seekers", NAMES)

    refused(in_a_file, seq, found, read)


@pytest.mark.parametrize("name", [one for one in NO_IMAGES if one not in {"an object", "a text"}])
def test_the_feed_and_who_follows_it_by_hand_name_the_damage(in_a_file, name):
    damage, found = NO_IMAGES[name]
    live, cursor = live_of(in_a_file, "seekers")
    in_a_file.put("seekers", pa.Table.from_pylist([{"id": "S1", "name": "钱", **PLACE}]))
    damaging(in_a_file, CHANGES, damage, CHANGES.c.seq == 5)
    refused(in_a_file, 5, found, lambda: list(in_a_file.changes(after=4)))
    refused(in_a_file, 5, found, lambda: follow(in_a_file, live, "seekers", after=cursor))
    assert live.cursor == 4
    assert len(list(in_a_file.changes(most=4))) == 4


def test_a_replica_that_meets_damage_ends_and_names_it(filled):
    with Replica(filled, ["seekers"], every_s=60) as replica:
        damaging(filled, CHANGES, {"after": "1"}, CHANGES.c.seq == 2)
        _, cursor = filled.put("seekers", pa.Table.from_pylist([{"id": "S9", **PLACE}]))
        assert len(replica.wait_for(cursor, timeout_s=20)["seekers"].ids) == 4  # it is behind it
        _, cursor = filled.put("seekers", pa.Table.from_pylist([{"id": "S8", **PLACE}]))
        damaging(filled, CHANGES, {"after": "1"}, CHANGES.c.seq == cursor.seq)
        for _ in range(2):
            with pytest.raises(ReplicaError, match=r"got StoreCorruptError: .*for change 6, of"):
                replica.wait_for(cursor, timeout_s=20)
        assert replica.cursor.seq == 5


@pytest.mark.parametrize("name", NO_IMAGES)
def test_an_erasure_names_the_damage_and_erases_nothing(in_a_file, name):
    damage, found = NO_IMAGES[name]
    damaging(in_a_file, CHANGES, damage, CHANGES.c.seq == 2)
    refused(in_a_file, 2, found, lambda: in_a_file.erase("seekers", "S1", reason="request 7"))
    assert in_a_file.head().seq == 4
    assert in_a_file.count("seekers") == 3


@pytest.mark.parametrize("name", NO_IMAGES)
def test_evidence_that_is_damaged_is_named(in_a_file, name, tmp_path):
    damage, found = NO_IMAGES[name]
    in_a_file.hold("seekers", ["S1"], until=dt.date(2099, 12, 31), reason="claim 7")
    in_a_file.erase("seekers", "S1", reason="request 7")
    damaging(in_a_file, RESTRICTED, damage)
    with (
        AuditLog.open(tmp_path / "other.db") as audit,
        pytest.raises(StoreCorruptError, match=f"for each record, got {found}"),
    ):
        in_a_file.restricted(
            "seekers", audit=audit, who="档案室", purpose="claim 7", scope="e:read"
        )


@pytest.mark.parametrize("name", NO_IMAGES | NO_VALUES)
def test_a_check_of_the_store_tells_the_damage_and_what_else_there_is(in_a_file, name):
    damage, _ = (NO_IMAGES | NO_VALUES)[name]
    damaging(in_a_file, CHANGES, damage, CHANGES.c.seq == 4)
    in_a_file.database.write(
        lambda one: one.exec_driver_sql("UPDATE seekers SET name = '周' WHERE id = 'S2'")
    )
    faults = in_a_file.verify().faults
    told = [
        one for one in faults if re.search("is another than its last image|not in the feed", one)
    ]
    assert len(told) == 2
    assert not any(SECRET in one for one in faults)


@pytest.mark.parametrize("name", NO_IMAGES)
def test_the_history_of_a_record_names_the_damage(in_a_file, name):
    damage, found = NO_IMAGES[name]
    damaging(in_a_file, CHANGES, damage, CHANGES.c.seq == 2)
    refused(in_a_file, 2, found, lambda: in_a_file.history("seekers", "S1"))
    assert len(in_a_file.history("seekers", "S2")) == 1


def test_a_search_for_an_id_names_the_damage_that_still_says_it(filled):
    damaging(filled, CHANGES, {"after": f'["S1", "{SECRET}"]'}, CHANGES.c.seq == 2)
    refused(filled, 2, NOT_OF_ITS_FORM, lambda: filled.history("seekers", "S1"))
    refused(filled, 2, NOT_OF_ITS_FORM, lambda: filled.erase("seekers", "S1", reason="request 7"))
    assert filled.count("seekers") == 3
