"""Ids of the erased are known by digests: nobody comes back unless somebody says so."""

from __future__ import annotations

import hashlib
import shutil

import pyarrow as pa
import pytest
from test_store.family import HOME, LI, SERVICES, SPELLS, WANG, erase, filled, ids, put, table

from geo_match.errors import ArgumentError
from geo_match.store import Store
from geo_match.store.errors import ErasedIdError
from geo_match.store.writing import applying, erased_ids


def test_an_erased_id_is_refused_until_somebody_says_that_it_has_come_back(store):
    filled(store)
    erase(store)
    before = store.cursor()
    arriving = table("seekers", LI, WANG)
    assert store.are_erased("seekers", arriving).tolist() == [False, True]
    told = r"records of persons or households who were erased.*got 1 such at positions 1\. Leave"
    for taking in (store.put, lambda *one: store.apply(*one, source="a.csv")):
        with pytest.raises(ErasedIdError, match=told) as caught:
            taking("seekers", arriving)
        assert WANG["id"] not in str(caught.value)
    assert store.cursor() == before
    with store.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM imports").scalar() == 0
    applied, _ = store.put("seekers", arriving, erased_too=True)
    assert applied.accepted.tolist() == [False, True]
    # Now that it is there, it is like any other; once it is removed, it is not.
    put(store, "seekers", {**WANG, "name": "王二"})
    assert store.are_erased("seekers", arriving).tolist() == [False, False]
    store.remove("seekers", [WANG["id"]])
    assert store.are_erased("seekers", arriving).tolist() == [False, True]


def test_spells_and_services_of_the_erased_are_theirs_whatever_their_ids(store):
    filled(store)
    erase(store)
    for kind, rows in (("spells", SPELLS), ("services", SERVICES)):
        arriving = table(kind, *({**row, "id": f"N-{at}"} for at, row in enumerate(rows)))
        assert store.are_erased(kind, arriving).tolist() == [True, False]
        with pytest.raises(ErasedIdError, match="1 such at positions 0"):
            store.put(kind, arriving)
    store.put("spells", table("spells", SPELLS[0]), erased_too=True)


def test_an_id_of_one_kind_is_not_that_of_another(store):
    put(store, "seekers", {**WANG, "household": None})
    erase(store)
    assert not store.are_erased("households", table("households", {"id": WANG["id"]})).any()
    assert not store.are_erased("jobs", pa.table({"id": [WANG["id"]]})).any()
    assert not store.are_erased("spells", pa.table({"id": [WANG["id"]]})).any()
    with pytest.raises(ArgumentError, match="`kind` must be one of"):
        store.are_erased("people", pa.table({"id": [WANG["id"]]}))


def test_a_household_that_went_with_its_only_member_is_known_too(store):
    put(store, "households", {**HOME, "member_count": 1, "members": None})
    put(store, "seekers", WANG)
    erase(store)
    assert store.are_erased("households", table("households", HOME)).tolist() == [True]


def test_who_was_never_there_is_known_once_their_erasure_was_asked_for(store):
    erased = erase(store)
    assert erased.erased == {}
    assert store.are_erased("seekers", table("seekers", WANG, LI)).tolist() == [True, False]


def test_what_is_kept_of_an_erased_id_is_another_in_each_store(new_url):
    kept = []
    for _ in range(2):
        with Store.open(new_url()) as store:
            filled(store)
            erase(store)
            erase(store)  # which adds nothing
            with store.database.reading() as connection:
                ((salt, digest),) = connection.exec_driver_sql(
                    "SELECT salt, digest FROM erased_ids"
                ).all()
            assert WANG["id"] not in f"{salt}{digest}"
            kept.append((salt, digest))
    (one_salt, one), (other_salt, other) = kept
    assert one_salt != other_salt
    assert one != other


def test_the_digest_is_that_of_the_kind_and_the_id_by_the_salt(store):
    erase(store)
    with store.database.reading() as connection:
        ((salt, digest),) = connection.exec_driver_sql("SELECT salt, digest FROM erased_ids").all()
    said = f"seekers\0{WANG['id']}".encode()
    assert digest == hashlib.blake2b(said, key=bytes.fromhex(salt), digest_size=16).hexdigest()


@pytest.mark.parametrize("looked_up", [0, 500])
def test_many_erased_ids_are_looked_for_in_blocks(store, monkeypatch, looked_up):
    monkeypatch.setattr(erased_ids, "_AT_ONCE", 2)
    monkeypatch.setattr(erased_ids, "_LOOKED_UP", looked_up)
    people = [{**LI, "id": f"P-{at}", "household": None} for at in range(7)]
    for one in people:
        erase(store, id_=one["id"])
    store.put("seekers", table("seekers", *people[2:5]), erased_too=True)
    found = store.are_erased("seekers", table("seekers", *people, LI)).tolist()
    assert found == [True, True, False, False, False, True, True, False]


@pytest.fixture
def path(store_file, tmp_path):
    """Return the path of an empty store's file."""
    return shutil.copy(store_file, tmp_path / "a.db")


def salts(store):
    with store.database.reading() as connection:
        return set(connection.exec_driver_sql("SELECT salt FROM erased_ids").scalars())


def test_a_restored_store_knows_whom_the_newer_one_erased(path, tmp_path):
    with Store.open(path) as store:
        filled(store)
        store.backup(tmp_path / "b.db")
        erase(store)
        store.erase("seekers", "QZ-9", reason="request 13")  # who was never there
    Store.restore(tmp_path / "b.db", tmp_path / "c.db", erased=path)
    with Store.open(tmp_path / "c.db") as again, Store.open(path) as store:
        arriving = table("seekers", WANG, LI, {**LI, "id": "QZ-9"})
        assert again.are_erased("seekers", arriving).tolist() == [True, False, True]
        assert salts(again) == salts(store)
        assert amended_of(again) == amended_of(store) == [1]
        assert again.verify().faults == ()


def amended_of(store):
    with store.database.reading() as connection:
        found = connection.exec_driver_sql("SELECT seq FROM amended ORDER BY seq")
        return found.scalars().all()


def test_a_restored_store_knows_both_whom_it_and_whom_another_erased(path, store_file, tmp_path):
    with Store.open(path) as store:
        filled(store)
        erase(store)
        store.backup(tmp_path / "b.db")
    other = shutil.copy(store_file, tmp_path / "other.db")
    with Store.open(other) as store:
        store.erase("seekers", LI["id"], reason="request 14")
    Store.restore(tmp_path / "b.db", tmp_path / "c.db", erased=other)
    with Store.open(tmp_path / "c.db") as again:
        assert len(salts(again)) == 2
        again.remove("seekers", [LI["id"]])
        assert again.are_erased("seekers", table("seekers", WANG, LI)).tolist() == [True, True]
        again.erase("seekers", "QZ-9", reason="request 15")
        assert len(salts(again)) == 2


def stop_after_first(act):
    """Return what an import is to be watched by, to act once after its first transaction."""
    done = []

    def watch(n):
        done.append(n)
        if len(done) == 1:
            act()

    return watch


NEW = "QZ-90001"
"""Of somebody whom the store has no record of yet."""


@pytest.mark.parametrize("block", [applying.BLOCK, 600])
@pytest.mark.parametrize("id_", [WANG["id"], NEW])
@pytest.mark.parametrize("erased_too", [False, True])
def test_who_is_erased_while_a_list_is_taken_in_does_not_come_back_with_it(
    store, monkeypatch, erased_too, id_, block
):
    """The list's second transaction has the person; the first is in when the erasure comes."""
    monkeypatch.setattr(applying, "BLOCK", block)
    filled(store)
    rows = pa.table({"id": [f"A{at:04}" for at in range(700)] + [id_]})

    def take():
        return store.apply(
            "seekers",
            rows,
            source="a.csv",
            fields=["id"],
            erased_too=erased_too,
            watch=stop_after_first(lambda: erase(store, id_=id_)),
        )

    if erased_too:
        assert take().accepted.all()
        assert id_ in ids(store, "seekers")
        return
    with pytest.raises(ErasedIdError, match="1 such, erased in the meantime"):
        take()
    assert id_ not in ids(store, "seekers")
    assert "A0000" in ids(store, "seekers")  # the transaction before stays
    assert len(store.status().unfinished) == 1


def test_spells_of_who_is_erased_while_they_are_taken_in_do_not_come_back(store):
    filled(store)
    person = [LI["id"]] * 700 + [WANG["id"]]
    rows = table(
        "spells",
        *({**SPELLS[1], "id": f"N{at:04}", "person": one} for at, one in enumerate(person)),
    )
    with pytest.raises(ErasedIdError, match="1 such, erased in the meantime"):
        store.apply("spells", rows, source="a.csv", watch=stop_after_first(lambda: erase(store)))
    assert WANG["id"] not in store.read("spells").column("person").to_pylist()


def test_who_is_erased_just_before_a_put_writes_does_not_come_back_with_it(store, monkeypatch):
    filled(store)
    write = store.database.write_barely

    def late(act):
        monkeypatch.setattr(store.database, "write_barely", write)
        erase(store)
        return write(act)

    monkeypatch.setattr(store.database, "write_barely", late)
    with pytest.raises(ErasedIdError, match="1 such at positions 0"):
        store.put("seekers", table("seekers", WANG))
    assert WANG["id"] not in ids(store, "seekers")
