"""No byte of the erased is left in the files, whoever reads or writes beside the erasure."""

from __future__ import annotations

import datetime as dt
import random
import shutil
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_store.family import (
    LATER,
    LI,
    REASON,
    SPELLS,
    TELLING,
    WANG,
    erase,
    filled,
    ids,
    left_of,
    said,
    table,
)

from geo_match.store import Released, Store
from geo_match.store.errors import StoreFullError
from geo_match.store.forgetting import scrub as scrub_module


@pytest.fixture
def path(store_file, tmp_path):
    """Return the path of an empty store's file."""
    return shutil.copy(store_file, tmp_path / "a.db")


def url_of(store):
    return store.database.engine.url.render_as_string(hide_password=False)


@contextmanager
def beside(store):
    with Store.open(url_of(store)) as opened:
        yield opened


def test_many_persons_in_pages_that_were_split_leave_no_byte(path):
    # Copies that stay where a page was split are not overwritten by SQLite itself.
    drawn = random.Random(1)  # noqa: S311 - the same in each run
    numbers = [f"X{drawn.randrange(10**11):011d}" for _ in range(4_000)]
    with Store.open(path) as store:
        for start in range(0, 4_000, 1_000):
            rows = [
                {"id": one, "name": f"N{one}", "address": f"A{one}" * drawn.randint(1, 9)}
                for one in numbers[start : start + 1_000]
            ]
            store.apply("seekers", table("seekers", *rows), source="a.csv")
        store.put(
            "seekers",
            table("seekers", *({"id": one, "name": f"M{one}"} for one in numbers[::10])),
        )
        gone = drawn.sample(numbers, 300)
        with store.database.reading() as connection:
            rows = connection.exec_driver_sql("SELECT id, key FROM seekers").all()
        keys = dict(tuple(row) for row in rows)

        def act(connection):
            writer = store._writer(connection, "erasure: 1", "")
            writer.erase("seekers", gone[1:], [keys[one] for one in gone[1:]])
            writer.finish()

        store.database.write(act)
        assert erase(store, id_=gone[0]).scrubbed
        held = said(store)
        assert [one for one in gone if one[1:].encode() in held] == []
        assert numbers[0] in gone or numbers[0].encode() in held
        assert Path(f"{path}-wal").stat().st_size == 0


def test_a_reader_in_the_log_is_told_and_the_next_try_ends_it(path):
    with Store.open(path, busy_timeout_s=0.2) as store:
        filled(store)
        with Store.open(path) as other, other.database.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM seekers").scalar_one()
            erased = erase(store)
            assert not erased.scrubbed
            assert not store.scrub()
        assert erased.erased
        assert left_of(store, WANG["name"]) == [WANG["name"]]
        assert store.scrub()
        assert left_of(store, *TELLING) == []


def test_what_is_released_beside_a_reader_is_told_not_to_be_scrubbed(path):
    with Store.open(path, busy_timeout_s=0.2) as store:
        filled(store)
        store.hold("spells", ["S-1"], until=LATER, reason="claim 7")
        assert erase(store).restricted
        after = LATER + dt.timedelta(1)
        with Store.open(path) as other, other.database.reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM seekers").scalar_one()
            assert store.release_restricted(on=after) == Released(1, scrubbed=False)
        assert store.scrub()
        assert store.release_restricted(on=after) == Released(0, scrubbed=True)


def test_what_is_released_counts_though_the_scrub_failed(path, monkeypatch):
    def full(_):
        raise StoreFullError("a.db", "have room on its disk", "none")

    with Store.open(path) as store:
        filled(store)
        store.hold("spells", ["S-1"], until=LATER, reason="claim 7")
        erase(store)
        monkeypatch.setattr("geo_match.store.forgetting.forgetting.scrub", full)
        after = LATER + dt.timedelta(1)
        assert store.release_restricted(on=after) == Released(1, scrubbed=False)


def test_an_erasure_whose_file_cannot_be_scrubbed_is_done_all_the_same(path, monkeypatch):
    def full(_):
        raise StoreFullError("a.db", "have room on its disk", "none")

    with Store.open(path) as store:
        filled(store)
        monkeypatch.setattr("geo_match.store.forgetting.forgetting.scrub", full)
        assert not erase(store).scrubbed
        assert ids(store, "seekers") == ["QZ-2"]
        with pytest.raises(StoreFullError, match="have room"):
            store.scrub()
        monkeypatch.setattr("geo_match.store.forgetting.forgetting.scrub", scrub_module.scrub)
        assert store.scrub()


def test_erasures_beside_writers_leave_nobody(store):
    everyone = [f"QZ-8{at:04d}" for at in range(6)]
    failures = []

    def keep_writing():
        try:
            with beside(store) as other:
                for at in range(12):
                    some = everyone[at % 3 :: 3]
                    rows = [{**LI, "id": f"W-{one}", "wage_floor_cny": at} for one in some]
                    other.put("seekers", table("seekers", *rows), erased_too=True)
                    old = [{**WANG, "id": one, "household": None} for one in some]
                    if at < 6:
                        other.put("seekers", table("seekers", *old), erased_too=True)
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failures.append(error)

    filled(store)
    threads = [threading.Thread(target=keep_writing) for _ in range(2)]
    for thread in threads:
        thread.start()
    for one in everyone:
        erase_while_written(store, one)
    for thread in threads:
        thread.join()
    assert failures == []
    for one in everyone:
        erase_while_written(store, one)
    numbers = [one.seq for one in store.changes()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert left_of(store, *(f'"{one}"' for one in everyone)) == []
    assert len(ids(store, "seekers")) == 2 + len(everyone)


def erase_while_written(store, id_):
    store.erase("seekers", id_, reason=REASON)


# ---------------------------------------------------------------- any history

PEOPLE = ["A-100", "B-200", "C-300"]
steps = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from(PEOPLE), st.integers(0, 9)),
        st.tuples(st.just("remove"), st.sampled_from(PEOPLE)),
        st.tuples(st.just("spell"), st.sampled_from(["S1", "S2", "S3"]), st.sampled_from(PEOPLE)),
        st.tuples(st.just("unspell"), st.sampled_from(["S1", "S2", "S3"])),
        st.tuples(st.just("erase"), st.sampled_from(PEOPLE)),
    ),
    max_size=10,
)


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(acts=steps)
def test_whatever_came_before_nothing_names_the_erased_and_others_are_untouched(
    store_file, tmp_path_factory, acts
):
    people: dict[str, int] = {}
    spells: dict[str, str] = {}
    path = tmp_path_factory.mktemp("store") / "a.db"
    shutil.copy(store_file, path)
    with Store.open(path) as store:
        for act, *what in acts:
            match act:
                case "put":
                    people[what[0]] = what[1]
                    one = table("seekers", {"id": what[0], "wage_floor_cny": what[1]})
                    store.put("seekers", one, erased_too=True)
                case "remove":
                    people.pop(what[0], None)
                    store.remove("seekers", what)
                case "spell":
                    spells[what[0]] = what[1]
                    one = table("spells", {**SPELLS[0], "id": what[0], "person": what[1]})
                    store.put("spells", one, erased_too=True)
                case "unspell":
                    spells.pop(what[0], None)
                    store.remove("spells", what)
                case "erase":
                    people.pop(what[0], None)
                    spells = {one: owner for one, owner in spells.items() if owner != what[0]}
                    erased = store.erase("seekers", what[0], reason=REASON)
                    assert left_of(store, what[0]) == []
                    gone = {key for keys in erased.erased.values() for key in keys}
                    for change in store.changes(after=erased.cursor.seq - len(gone)):
                        assert change.key in gone
            rows = store.read("seekers").to_pylist()
            assert {one["id"]: one["wage_floor_cny"] for one in rows} == people
            rows = store.read("spells").to_pylist()
            assert {one["id"]: one["person"] for one in rows} == spells
            now = store.read("seekers", as_of=store.cursor())
            assert now.equals(store.read("seekers"))
