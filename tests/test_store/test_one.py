"""One record as the whole table has it, now and at each place in the feed; and pages of many."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo_match.errors import ArgumentError
from geo_match.store import OvertakenError

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
    homes = pa.table({"id": ["P", "Q", "R"], "community": ["340302", "3403", None]})
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
