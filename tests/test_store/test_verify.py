"""Each kind of damage to a store is told, with its numbers; a sound store is told to be sound."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import closing

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from geo_match.store import Store
from geo_match.store.database.driver import sqlite_module
from geo_match.store.keeping import verify as verify_module

SEEKERS = pa.table(
    {
        "id": [f"S{at}" for at in range(6)],
        "name": ["王", "李", "赵", None, "钱", "孙"],
        "lon": [117.3, 117.36, None, 117.123456789012, 117.4, 117.5],
        "lat": [32.9, 32.93, None, 32.9, 32.91, 32.92],
        "accepts": [["ordinary", "flexible"], [], None, ["flexible"], None, None],
        "wage_floor_cny": [2000, None, 0, None, None, None],
    }
)


@pytest.fixture
def filled(store):
    """Return a store with records that were put, changed, removed and erased."""
    store.apply("seekers", SEEKERS, source="a.csv")
    store.apply(
        "jobs",
        pa.table({"id": ["J1", "J2"], "title": ["店员", "保洁"], "wage_low_cny": [2000.5, None]}),
        source="b.csv",
    )
    store.put("seekers", pa.table({"id": ["S1"], "name": ["李四"]}), fields=["name"])
    store.remove("seekers", ["S4"])
    store.remove("jobs", ["J2"])
    store.erase("seekers", "S0", reason="R-1")
    return store


def damage(store, *statements):
    """Change a store behind its back."""
    with store.database.engine.connect() as connection, connection.begin():
        for statement in statements:
            connection.execute(text(statement))


def test_a_store_that_was_written_to_in_every_way_is_sound(filled):
    found = filled.verify()
    assert found.faults == ()
    assert found.is_sound
    assert (found.records, found.changes) == (5, 12)


def test_an_empty_store_is_sound(store):
    assert store.verify() == verify_module.Verified(0, 0, ())


def test_a_store_that_forgot_its_past_is_sound(filled):
    filled.forget_before(10)
    assert filled.verify().faults == ()


DAMAGES = {
    "a change that lost a part is gone": (
        ["INSERT INTO amended (seq) VALUES (2), (99)"],
        ["Change 99 is marked as amended, and is not there."],
    ),
    "a change is gone": (
        ["DELETE FROM changes WHERE seq IN (2, 5)"],
        [
            "The changes from 1 to 3, both left out, are missing.",
            "The changes from 4 to 6, both left out, are missing.",
        ],
    ),
    "the first change is gone": (
        ["DELETE FROM changes WHERE seq = 1"],
        ["The changes from 0 to 2, both left out, are missing."],
    ),
    "the last change is gone": (
        ["DELETE FROM changes WHERE seq = 12"],
        [
            "The counter is at 12, the last change has the number 11.",
            r"Change 1 put \w{32}, which seekers has not\.",
        ],
    ),
    "the counter was set back": (
        ["UPDATE feed SET seq = 9"],
        ["The counter is at 9, the last change has the number 12."],
    ),
    "the horizon is beyond the counter": (
        ["UPDATE feed SET horizon = 99"],
        ["The horizon is 99, outside 0 to the counter 12."],
    ),
    "there is no counter": (
        ["DELETE FROM feed"],
        ["The feed has 0 counters in the place of one."],
    ),
    "time went back": (
        ["UPDATE changes SET committed_at = '2020-01-02 03:04:05.000000' WHERE seq = 10"],
        [r"Change 10 was committed at 2020-01-02 03:04:05\S*, before the one before it at .*\."],
    ),
    "the counter has another moment": (
        ["UPDATE feed SET committed_at = '2020-01-02 03:04:05.000000'"],
        [r"The counter was raised at 2020-01-02 03:04:05, its change 12 committed at .*\."],
    ),
    "a record was changed": (
        ["UPDATE seekers SET name = '周' WHERE id = 'S2'"],
        [r"The record \w{32} of seekers is another than its last image\."],
    ),
    "an image was changed": (
        ["UPDATE changes SET after = '[1]' WHERE seq = 7"],
        [r"The record \w{32} of jobs is another than its last image\."],
    ),
    "a record is gone": (
        ["DELETE FROM seekers WHERE id = 'S2'"],
        [r"Change 3 put \w{32}, which seekers has not\."],
    ),
    "a record is not told of": (
        ["UPDATE jobs SET key = 'abc' WHERE id = 'J1'"],
        [
            r"The record abc of jobs is not in the feed\.",
            r"Change 7 put \w{32}, which jobs has not\.",
        ],
    ),
    "a removed record is back": (
        ["INSERT INTO seekers (id, import_id, key) SELECT 'S4', 0, key FROM changes WHERE seq = 5"],
        [r"The record \w{32} of seekers is not in the feed\."],
    ),
    "what was erased has an image": (
        ["UPDATE changes SET after = '[]', form = 1 WHERE seq = 1"],
        [r"\w{32} was erased, and has an image in change 1\."],
    ),
    "a form is not known": (
        ["UPDATE changes SET form = 99 WHERE seq = 5"],
        ["The image of change 5 has a form that is not known."],
    ),
    "an op is not known": (
        ["UPDATE changes SET op = 'pat' WHERE seq = 5"],
        ["Change 5 is none of put, remove, erase."],
    ),
    "a kind is not known": (
        ["UPDATE changes SET kind = 'people' WHERE seq = 5"],
        ["Change 5 is of a kind that is not known."],
    ),
    "an import is not known": (
        ["UPDATE jobs SET import_id = 77"],
        [r"The record \w{32} of jobs is of an import that is not known\."],
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_each_kind_of_damage_is_told_and_nothing_else(filled, name):
    statements, told = DAMAGES[name]
    damage(filled, *statements)
    faults = filled.verify().faults
    assert len(faults) == len(told)
    for fault, pattern in zip(faults, told, strict=True):
        assert re.fullmatch(pattern, fault)
    assert not filled.verify().is_sound


def test_many_faults_of_a_kind_are_counted_and_show_no_value_of_a_record(store, monkeypatch):
    many = pa.table({"id": [f"S{at:05}" for at in range(1_200)], "name": ["王小明"] * 1_200})
    store.apply("seekers", many, source="a.csv")
    damage(store, "UPDATE seekers SET name = '李小红' WHERE id < 'S01100'")
    damage(store, "DELETE FROM seekers WHERE id >= 'S01190'")
    monkeypatch.setattr(verify_module, "_AT_ONCE", 500)  # more than one block
    faults = store.verify().faults
    assert len(faults) == 12
    assert faults[5] == "… and 1,095 more of these."
    assert faults[11] == "… and 5 more of these."
    assert not any("小" in fault or "S0" in fault for fault in faults)


def test_a_damaged_file_is_told_by_sqlites_own_check(tmp_path):
    path = tmp_path / "a.db"
    with Store.open(path) as store:
        store.apply("seekers", pa.table({"id": [f"B{at}" for at in range(1_000)]}), source="a.csv")
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2 : len(whole) // 2 + 8192] = os.urandom(8192)
    path.write_bytes(whole)
    with Store.open(path) as store:
        found = store.verify()
    assert found.faults
    assert found.faults[0].startswith(("The file is damaged: ", "The file cannot be read"))


def test_an_index_that_misses_a_row_is_told(tmp_path):
    path = tmp_path / "a.db"
    with Store.open(path) as store:
        store.apply("seekers", SEEKERS, source="a.csv")
    with closing(sqlite_module().connect(path)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = 'CREATE INDEX changes_key ON changes (op, seq)' "
            "WHERE name = 'changes_key'"
        )
        connection.commit()
    with Store.open(path) as store:
        assert any("changes_key" in fault for fault in store.verify().faults)


OPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "remove", "erase"]),
        st.integers(0, 3),
        st.one_of(st.none(), st.floats(-90, 90, width=64)),
    ),
    max_size=12,
)


@settings(max_examples=10)
@given(OPS)
def test_whatever_is_done_through_the_store_leaves_it_sound(tmp_path_factory, store_file, ops):
    path = shutil.copy(store_file, tmp_path_factory.mktemp("any") / "a.db")
    with Store.open(path) as store:
        for op, at, value in ops:
            if op == "put":
                one = pa.table({"id": [f"S{at}"], "lon": [value], "lat": [value]})
                store.put("seekers", one, erased_too=True)
            elif op == "remove":
                store.remove("seekers", [f"S{at}"])
            else:
                store.erase("seekers", f"S{at}", reason="R")
        assert store.verify().faults == ()
