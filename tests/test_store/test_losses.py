"""From which households somebody was erased is kept: no older record brings that one back."""

from __future__ import annotations

import datetime as dt
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_store.family import HOME, LI, WANG, erase, filled, put, table

from geo_match.store import Store
from geo_match.store.errors import ErasedIdError
from geo_match.store.keeping._replay import erase_again
from geo_match.store.writing import losses
from geo_match.store.writing.writer import utc_now

DAY = dt.timedelta(1)
IN_2099 = dt.datetime(2099, 1, 1)  # noqa: DTZ001 - moments are kept as lists state them
TOLD = "nobody in households from which somebody was erased since.*got 1 such at positions 1"
OTHER = {**HOME, "id": "JT-0", "head_name": "李"}


def takings(store):
    return store.put, lambda *one, **how: store.apply(*one, source="a.csv", **how)


def test_a_household_is_given_nobody_whom_it_lacks_unless_that_is_said(store):
    filled(store)
    erase(store)
    arriving = table("households", OTHER, HOME)
    assert store.give_back(arriving).tolist() == [False, True]
    assert store.give_back(arriving, fields=["member_count"]).tolist() == [False, False]
    before = store.cursor()
    with pytest.raises(ErasedIdError, match=TOLD) as caught:
        store.put("households", arriving)
    assert HOME["id"] not in str(caught.value)
    assert store.cursor() == before
    with pytest.raises(ErasedIdError, match="1 such, erased in the meantime"):
        store.apply("households", arriving, source="a.csv")
    store.put("households", arriving, fields=["member_count"])
    store.put("households", arriving, erased_too=True)
    assert store.give_back(arriving).tolist() == [False, False]  # it lacks nobody now


@pytest.mark.parametrize("way", [0, 1])
def test_what_is_newer_than_the_erasure_is_taken(store, way):
    filled(store)
    erase(store)
    arriving = table("households", {**HOME, "updated_at": IN_2099})
    assert not store.give_back(arriving).any()
    takings(store)[way]("households", arriving)
    assert store.read("households").column("members").to_pylist() == [HOME["members"]]


def test_what_says_less_of_persons_is_taken(store):
    filled(store)
    erase(store)
    fewer = {**HOME, "head_name": None, "members": HOME["members"][2:]}
    put(store, "households", fewer)
    with pytest.raises(ErasedIdError, match="nobody in households"):
        store.put("households", table("households", {**fewer, "head_name": "王小明"}))


def test_it_is_known_when_the_changes_are_forgotten_and_the_household_comes_anew(store):
    filled(store)
    erase(store)
    store.remove("households", [HOME["id"]])
    store.forget_before(store.cursor())
    arriving = table("households", OTHER, HOME)
    assert store.give_back(arriving).tolist() == [False, True]
    with pytest.raises(ErasedIdError, match=TOLD):
        store.put("households", arriving)


def test_a_household_that_is_named_is_known_whatever_it_knew_of_its_members(store):
    put(store, "seekers", {**WANG, "household": "JT-7"}, {**LI, "household": "JT-8"})
    put(store, "households", {"id": "JT-7", "member_count": 4})
    put(store, "seekers", WANG)  # moved, but older lists know JT-7
    erase(store)
    arriving = table("households", *({**HOME, "id": f"JT-{at}"} for at in (1, 7, 8)))
    assert store.give_back(arriving).tolist() == [True, True, False]


def test_of_two_erasures_the_later_counts(store):
    filled(store)
    erase(store)
    with store.database.reading() as connection:
        (first,) = losses.all_of(connection)
    earlier = first._replace(erased_at=first.erased_at - DAY)
    later = first._replace(erased_at=first.erased_at + DAY)
    for some, is_known in (([earlier], first), ([later, first], later)):
        store.database.write(lambda connection, some=some: losses.add(connection, some))
        with store.database.reading() as connection:
            assert losses.all_of(connection) == [is_known]


def test_it_is_found_among_many_as_among_few(store, monkeypatch):
    filled(store)
    erase(store)
    arriving = table("households", *({**HOME, "id": f"JT-{at}"} for at in range(5)))
    monkeypatch.setattr(losses, "_LOOKED_UP", 1)
    for at_once in (2, 20_000):
        monkeypatch.setattr(losses, "_AT_ONCE", at_once)
        assert store.give_back(arriving).tolist() == [False, True, False, False, False]


def test_a_backup_from_before_learns_of_it(tmp_path):
    path, older = tmp_path / "a.db", tmp_path / "b.db"
    with Store.open(path) as store:
        put(store, "households", {"id": HOME["id"]})
    shutil.copy(path, older)
    with Store.open(path) as store, Store.open(older) as restored:
        put(store, "seekers", WANG)
        erase(store)
        with store.database.reading() as newer:
            erase_again(newer, restored.database, utc_now)
        assert restored.give_back(table("households", HOME)).tolist() == [True]


def test_a_store_of_form_0007_learns_it_from_the_changes(new_url):
    url = new_url()
    with Store.open(url) as store:
        filled(store)
        put(store, "households", OTHER)
        erase(store)
        with store.database.reading() as connection:
            known = losses.all_of(connection)

        def make_older(connection):
            connection.exec_driver_sql("DROP TABLE bereft")
            connection.exec_driver_sql("ALTER TABLE imports DROP COLUMN report")
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0007'")

        store.database.write(make_older)
    with Store.open(url) as store, store.database.reading() as connection:
        assert losses.all_of(connection) == known
        assert len(known) == 1


@given(
    known=st.lists(st.sampled_from([1980, 1982, None]), max_size=3),
    arriving=st.lists(st.sampled_from([1980, 1982, None]), max_size=3),
    heads=st.tuples(st.sampled_from(["王", "李", None]), st.sampled_from(["王", "李", None])),
)
def test_who_is_lacking_is_counted_one_by_one(known, arriving, heads):
    mine, theirs = (
        {"members": [{"birth_year": one} for one in years], "head_name": head}
        for years, head in zip((arriving, known), heads, strict=True)
    )
    left = list(known)
    lacking = False
    for one in arriving:
        if one in left:
            left.remove(one)
        else:
            lacking = True
    assert losses._is_more(mine, theirs) == (lacking or heads[0] not in {None, heads[1]})
