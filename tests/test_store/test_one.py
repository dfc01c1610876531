"""One record as the whole table has it, now and at each place in the feed; and pages of many."""

from __future__ import annotations

import datetime as dt
import threading

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from test_store.backups import store_name

from geo_match.errors import ArgumentError
from geo_match.store import OvertakenError, Store
from geo_match.store import store as store_module
from geo_match.store.reading import one as one_module
from geo_match.store.reading.pasts import Finder
from geo_match.store.schema.tables import IMPORTS
from geo_match.store.writing import applying

IDS = ("A", "B", "a", "ä", "一")


def put(store, id_, name, **given):
    return store.put("employers", pa.table({"id": [id_], "name": [name]}), **given)


def test_a_record_is_at_each_place_in_the_feed_what_the_whole_table_says(store):
    put(store, "A", "一")
    put(store, "B", "二")
    put(store, "A", "三")
    store.remove("employers", ["A"])
    put(store, "A", "四")  # another life of the id
    put(store, "B", "五")
    store.remove("employers", ["B"])
    for seq in range(store.head().seq + 1):
        whole = {row["id"]: row for row in store.read("employers", as_of=seq).to_pylist()}
        for id_ in ("A", "B", "C"):
            one = store.one("employers", id_, as_of=seq)
            assert (None if one is None else one.record) == whole.get(id_)
            if one is not None:
                assert one.cursor.seq == seq
                assert one.seq <= seq
    one = store.one("employers", "A")
    assert one == store.one("employers", "A", as_of=store.head().seq)
    assert one.key == store.keys("employers", ["A"])["A"]
    assert one.seq == store.history("employers", "A")[-1].seq


def test_the_feed_is_read_through_for_a_person_alone_who_is_gone_and_sought(store, monkeypatch):
    read = []

    class Counted(Finder):
        def keys(self, *given):
            read.append(given[1])
            return super().keys(*given)

    monkeypatch.setattr(one_module, "Finder", Counted)
    for kind in ("employers", "seekers"):
        for id_ in ("A", "B"):
            store.put(kind, pa.table({"id": [id_], "name": [id_]}))
    then = store.head().seq
    for kind in ("employers", "seekers"):
        store.remove(kind, ["B"])
        for id_ in ("A", "B", "C"):
            told = store.one(kind, id_, as_of=then, gone_too=False)
            is_told = id_ == "A" or (kind, id_) == ("employers", "B")
            assert (told is not None) == is_told
            assert read == []
    assert store.one("employers", "C", as_of=then) is None
    assert read == []
    assert store.one("seekers", "B", as_of=then).record["name"] == "B"
    assert read == [{"seekers": "id"}]


def test_a_record_is_told_to_hold_on_a_day(store):
    days = {"registered_on": [dt.date(2025, 1, 2)], "closed_on": [dt.date(2025, 3, 1)]}
    store.put("seekers", pa.table({"id": ["P"], **days}))
    for day in (dt.date(2025, 1, 1), dt.date(2025, 1, 2), dt.date(2025, 3, 1)):
        whole = store.read("seekers", on=day)
        assert (store.one("seekers", "P", on=day) is not None) == bool(len(whole))


def test_what_an_erasure_took_is_gone_and_what_it_amended_is_marked(store):
    household = {"id": ["H"], "head_name": ["王"], "members": [[{"birth_year": 1980}]]}
    store.put("households", pa.table(household))
    seeker = {"id": ["P"], "household": ["H"], "name": ["王"], "birth_year": [1980]}
    store.put("seekers", pa.table(seeker))
    other = {"id": ["Q"], "household": ["H"], "birth_year": [1990]}
    store.put("seekers", pa.table(other))
    before = store.head().seq
    store.erase("seekers", "P", reason="R-1")
    assert store.one("seekers", "P", as_of=before) is None
    home = store.one("households", "H", as_of=before)
    assert home.is_amended
    assert home.record["members"] is None
    assert not store.one("seekers", "Q", as_of=before).is_amended


@pytest.mark.parametrize("kind", ["nothing"])
def test_an_unknown_kind_is_refused(store, kind):
    for ask in (
        lambda: store.one(kind, "A"),
        lambda: store.page(kind, most=1),
        lambda: store.imports_from(kind, ""),
    ):
        with pytest.raises(ArgumentError, match="must be one of households"):
            ask()


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(most=st.integers(1, 7))
def test_pages_are_the_table_in_its_order(store, most):
    store.put("employers", pa.table({"id": IDS, "name": IDS}))
    seen, after = [], ""
    while True:
        page = store.page("employers", after=after, most=most)
        assert page.total == len(IDS)
        assert len(page) <= most
        seen += page.records.to_pylist()
        if page.is_last:
            break
        after = seen[-1]["id"]
    assert seen == store.read("employers").to_pylist()


def test_pages_of_an_area_have_what_lies_there(store):
    homes = pa.table({"id": ["P", "Q", "R"], "community": ["340302001001", "340303001001", None]})
    store.put("seekers", homes)
    spells = {"id": ["L", "M", "N"], "person": ["P", "Q", "S"], "status": ["employed"] * 3}
    store.put("spells", pa.table({**spells, "start": [dt.date(2025, 1, 2)] * 3}))
    for kind, ids in (("seekers", ["P"]), ("spells", ["L"])):
        page = store.page(kind, most=9, area="340302")
        assert (page.records.column("id").to_pylist(), page.total) == (ids, 1)
    with pytest.raises(ArgumentError, match="must be given for records that lie in a community"):
        store.page("employers", most=1, area="34")


def test_a_write_that_expects_a_record_as_it_was_read_is_refused_where_it_is_not(store):
    _, first = put(store, "A", "一", expected={"A": None})
    assert store.one("employers", "A").seq == first.seq
    for wrong in (None, first.seq + 1):
        with pytest.raises(OvertakenError, match="Somebody else has written it since"):
            put(store, "A", "二", expected={"A": wrong})
    with pytest.raises(OvertakenError, match="must have the record of change 1"):
        put(store, "B", "二", expected={"B": 1})
    assert store.cursor() == first
    put(store, "A", "二", expected={"A": first.seq})
    with pytest.raises(OvertakenError, match="got that of change 2"):
        store.remove("employers", ["A"], expected={"A": first.seq})
    gone, _ = store.remove("employers", ["A"], expected={"A": first.seq + 1})
    assert gone == ["A"]


@pytest.mark.parametrize("door", ["put", "remove"])
def test_who_expects_no_record_does_not_touch_one_that_comes_meanwhile(store, monkeypatch, door):
    put(store, "Z", "一")  # with an empty table nothing is looked up
    others = []

    def then(step):
        def passed(*given, **named):
            done = step(*given, **named)
            if not others:
                others.append(threading.Thread(target=come))
                others[0].start()
                if not store.database.is_file:  # a file is locked until the writer is done
                    others[0].join()
            return done

        return passed

    def come():
        with Store.open(store_name(store)) as other:
            put(other, "A", "theirs")

    for module, name in (
        (applying, "plan"),
        (applying, "check_expected"),
        (store_module, "check_expected"),
        (store_module._statements, "fetch_by_ids"),
    ):
        monkeypatch.setattr(module, name, then(getattr(module, name)))
    try:
        if door == "put":
            put(store, "A", "mine", expected={"A": None})
        else:
            store.remove("employers", ["A"], expected={"A": None})
    except OvertakenError:
        assert not store.database.is_file
    finally:
        others[0].join()
    assert store.one("employers", "A").record["name"] == "theirs"
    assert "remove" not in {one.op for one in store.changes(kinds=["employers"])}


def test_what_was_told_of_an_import_is_kept_for_a_day_and_not_beyond_an_erasure(store):
    people = pa.table({"id": ["P", "Q"]})
    store.apply("seekers", people, source="a 1", settle=lambda _: "told")
    store.apply("seekers", people, source="a 2")
    first, second = store.imports_from("seekers", "a ")
    assert (first.source, first.is_finished, first.report) == ("a 1", True, "told")
    assert (second.source, second.report) == ("a 2", None)
    assert store.imports_from("seekers", "b") == store.imports_from("jobs", "a") == []
    later = dt.datetime.now(dt.UTC).replace(tzinfo=None) + dt.timedelta(hours=25)
    store._clock = lambda: later
    store.apply("seekers", people, source="a 3", settle=lambda _: "told anew")
    assert [one.report for one in store.imports_from("seekers", "a ")] == [None, None, "told anew"]
    store.erase("seekers", "P", reason="R-1")
    assert {one.report for one in store.imports_from("seekers", "a ")} == {None}


def reports_in(store):
    """Return what the tables have of what was told of imports, however old it is."""
    with store.database.reading() as connection:
        return connection.execute(select(IMPORTS.c.report).order_by(IMPORTS.c.id)).scalars().all()


def test_what_was_told_of_an_import_ends_with_its_day_though_nothing_is_imported_after_it(
    store, tmp_path
):
    for age in (25, 23):
        store.apply(
            "seekers",
            pa.table({"id": ["P"]}),
            source=f"a {age}",
            settle=lambda _, age=age: f"told {age}",
        )
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    with store.database.engine.begin() as connection:  # as if they had ended so many hours ago
        for number, age in ((1, 25), (2, 23)):
            ended = update(IMPORTS).where(IMPORTS.c.id == number)
            connection.execute(ended.values(finished_at=now - dt.timedelta(hours=age)))
    assert [one.report for one in store.imports_from("seekers", "a ")] == [None, "told 23"]
    assert reports_in(store) == ["told 25", "told 23"]
    with Store.open(store.backup(tmp_path / "b.db").path) as copy:
        assert reports_in(copy) == [None, "told 23"]
    assert b"told 25" not in (tmp_path / "b.db").read_bytes()
    store.forget_before(store.cursor())
    assert reports_in(store) == [None, "told 23"]
