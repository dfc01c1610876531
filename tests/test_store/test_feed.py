"""The feed has every change once, in the order of the commits, without gaps."""

from __future__ import annotations

import datetime as dt
import itertools
import threading

import pyarrow as pa
import pytest

from geo_match.store import (
    Cursor,
    CursorError,
    EpochError,
    HorizonError,
    Store,
    StoreClockError,
    StoreCorruptError,
)
from geo_match.store.schema.tables import CHANGES, FEED
from geo_match.store.writing.writer import CLOCK_TOLERANCE_S

NOON = dt.datetime(2031, 3, 1, 12)  # noqa: DTZ001 - a clock's moments have no zone


class Clock:
    """A clock that is set by hand."""

    def __init__(self, now=NOON):
        self.now = now

    def __call__(self):
        return self.now

    def add(self, seconds):
        self.now += dt.timedelta(seconds=seconds)


def stations(*ids, staff=1):
    return pa.table({"id": list(ids), "staff": [staff] * len(ids)})


def test_every_change_has_the_next_number_and_says_what_is_there(store):
    store.put("stations", stations("A", "B"), cause="opened", actor="ann")
    store.put("stations", stations("A", staff=2))
    store.remove("stations", ["B"], cause="closed", actor="bob")
    changes = list(store.changes())
    keys = [change.key for change in changes]
    assert [change.seq for change in changes] == [1, 2, 3, 4]
    assert [change.op for change in changes] == ["put", "put", "put", "remove"]
    assert [(change.cause, change.actor) for change in changes] == [
        *[("opened", "ann")] * 2,
        ("put", ""),
        ("closed", "bob"),
    ]
    assert keys == [keys[0], keys[1], keys[0], keys[1]]
    assert [(one.record["id"], one.record["staff"]) for one in changes] == [
        *[("A", 1), ("B", 1), ("A", 2)],
        ("B", 1),  # of something public it is told what it was
    ]


def test_the_removal_of_a_person_tells_nothing_of_the_person(store):
    store.put("seekers", pa.table({"id": ["P"], "name": ["王"]}))
    store.remove("seekers", ["P"])
    assert [change.record for change in store.changes(after=1)] == [None]


def test_what_changes_nothing_has_no_number(store):
    _, cursor = store.put("stations", stations("A"))
    assert store.put("stations", stations("A"))[1] == cursor
    assert store.apply("stations", stations("A"), source="a.csv").unchanged.all()
    assert store.put("stations", stations())[1] == cursor
    assert store.head().seq == 1


def test_some_kinds_and_some_numbers_may_be_asked_for(store):
    for at in range(3):
        store.put("stations", stations(f"S{at}"))
        store.put("sites", pa.table({"id": [f"W{at}"]}))
    assert [one.seq for one in store.changes(kinds=["sites"])] == [2, 4, 6]
    assert [one.seq for one in store.changes(after=1, most=3)] == [2, 3, 4]
    assert [one.seq for one in store.changes(after=1, most=3, kinds=["sites"])] == [2, 4]
    assert list(store.changes(after=store.cursor())) == []
    parsed = Cursor.parse(str(Cursor(store.head().epoch, 5)))
    assert [one.seq for one in store.changes(after=parsed)] == [6]


def test_records_of_some_kinds_may_be_left_untold(store):
    store.put("stations", stations("A"))
    store.put("seekers", pa.table({"id": ["P"], "name": ["王"]}))
    store.remove("stations", ["A"])
    changes = list(store.changes(untold=["seekers"]))
    assert [one.record and one.record["id"] for one in changes] == ["A", None, "A"]
    told = list(store.changes())
    assert told[1].record["name"] == "王"
    assert [one._replace(record=None) for one in changes] == [
        one._replace(record=None) for one in told
    ]


def test_between_two_changes_nothing_is_held_open(store):
    """A slow reader of the feed keeps no snapshot, and needs no connection."""
    store.put("stations", stations("A", "B"))
    reading = store.changes()
    assert next(reading).seq == 1
    assert store.database.engine.pool.checkedout() == 0
    assert [one.seq for one in reading] == [2]


def test_places_of_two_epochs_have_no_order():
    with pytest.raises(TypeError, match="'<' not supported"):
        assert Cursor("a", 1) < Cursor("b", 2)


def test_writers_at_once_make_one_feed_without_gaps(new_url):
    url = new_url()
    each, n = 6, 4

    def write(name):
        with Store.open(url) as store:
            for at in range(each):
                store.put("stations", stations(f"{name}-{at}", "SHARED", staff=at + 10 * name))

    threads = [threading.Thread(target=write, args=(name,)) for name in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Store.open(url) as store:
        changes = list(store.changes())
        assert [one.seq for one in changes] == list(range(1, 2 * each * n + 1))
        assert all(a.committed_at <= b.committed_at for a, b in itertools.pairwise(changes))
        last = {one.record["id"]: one.record for one in changes}
        kept = store.read("stations", fields=["id", "staff"]).to_pylist()
        assert kept == [{"id": one, "staff": last[one]["staff"]} for one in sorted(last)]
        assert len({one.key for one in changes}) == len(last) == each * n + 1


def test_time_stands_still_while_the_clock_is_behind(new_url):
    clock = Clock()
    with Store.open(new_url(), clock=clock) as store:
        for at, step in enumerate([0, 60, -59, -200, 30, 300, 1]):
            clock.add(step)
            store.put("stations", stations(f"S{at}"))
        moments = [change.committed_at - NOON for change in store.changes()]
        assert store.head().committed_at == clock.now
    assert [one.total_seconds() for one in moments] == [0, 60, 60, 60, 60, 131, 132]


def test_a_clock_that_is_far_behind_is_refused_and_the_store_is_whole(new_url):
    clock = Clock()
    with Store.open(new_url(), clock=clock) as store:
        _, cursor = store.put("stations", stations("A"))
        clock.add(-CLOCK_TOLERANCE_S - 1)
        for write in (
            lambda: store.put("stations", stations("A", "B", staff=2)),
            lambda: store.remove("stations", ["A"]),
            lambda: store.apply("stations", stations("C"), source="a.csv"),
        ):
            with pytest.raises(
                StoreClockError, match=r"not before its last commit at 2031-03-01 12"
            ):
                write()
        assert store.cursor() == cursor
        assert store.read("stations", fields=["id", "staff"]).to_pylist() == [
            {"id": "A", "staff": 1}
        ]
        assert len(list(store.changes())) == 1
        clock.add(1)
        _, after = store.put("stations", stations("B"))
        assert after.seq == 2


def test_a_cursor_of_another_store_or_beyond_the_end_is_refused(new_url):
    with Store.open(new_url()) as store, Store.open(new_url()) as other:
        _, cursor = other.put("stations", stations("A"))
        store.put("stations", stations("A"))
        for ask in (
            lambda at: list(store.changes(after=at)),
            lambda at: store.read("stations", as_of=at),
        ):
            with pytest.raises(EpochError, match=r"with a cursor of its epoch .*, got one of"):
                ask(cursor)
            with pytest.raises(CursorError, match=r"with a cursor from 0 to 1, got 2"):
                ask(Cursor(store.head().epoch, 2))
            with pytest.raises(CursorError, match=r"with a cursor from 0 to 1, got -1"):
                ask(-1)


def test_what_lies_before_the_horizon_is_refused(new_url):
    clock = Clock()
    with Store.open(new_url(), clock=clock) as store:
        for at in range(4):
            store.put("stations", stations(f"S{at}"))
            clock.add(60)
        at = NOON + dt.timedelta(seconds=60)
        store.database.write(
            lambda one: one.execute(FEED.update().values(horizon=2, horizon_at=at))
        )
        with pytest.raises(HorizonError, match=r"for changes after 2 or later.*, got 1"):
            list(store.changes(after=1))
        with pytest.raises(HorizonError, match=r"for changes after 2 or later"):
            store.read("stations", as_of=1)
        earlier = (at - dt.timedelta(microseconds=1)).replace(tzinfo=dt.UTC)
        with pytest.raises(HorizonError, match=r"for a moment from 2031-03-01 12:01:00 UTC on"):
            store.read("stations", as_of=earlier)
        for known in (2, at.replace(tzinfo=dt.UTC)):
            assert store.read("stations", as_of=known).column("id").to_pylist() == ["S0", "S1"]
        assert [one.seq for one in store.changes(after=2)] == [3, 4]


@pytest.mark.parametrize(
    "text", ["", "abc", "-1", "abc-", "abc--1", "abc-1.0", "a b-1", "abc-١", f"abc-{'9' * 5000}"]
)
def test_a_text_that_no_store_gave_is_no_cursor(text):
    with pytest.raises(CursorError, match=r"`cursor` must be one that the store gave, got"):
        Cursor.parse(text)


def test_images_of_several_forms_and_blanked_ones_are_read_side_by_side(store):
    store.put("stations", stations("S0", "S1"))
    store.put("seekers", pa.table({"id": ["P", "Q"], "name": ["王", "],["]}))
    store.erase("seekers", "P", reason="request 1")
    store.remove("stations", ["S1"])
    said = [
        None if one.record is None else (one.kind, one.record["id"], one.record.get("name"))
        for one in store.changes()
    ]
    assert said == [
        ("stations", "S0", None),
        ("stations", "S1", None),
        None,
        ("seekers", "Q", "],["),
        None,
        ("stations", "S1", None),
    ]


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        ({"after": '["S1"]'}, r"one that is not of its form \d+"),  # too short
        ({"after": '["S1"'}, r"one that is not of its form \d+"),  # no JSON
        ({"after": "1"}, r"one that is not of its form \d+"),  # no list
        ({"form": 999}, "one that is not of its form 999"),
        ({"form": None}, "one that names no form"),
    ],
)
@pytest.mark.parametrize("beside", [0, 1])
def test_a_damaged_image_is_named_and_read_neither_for_another_nor_for_none(
    store, damage, found, beside
):
    """Whether all beside it are of one form, or a removed person has none."""
    store.put("stations", stations("S0", "S1"))
    for _ in range(beside):
        store.put("seekers", pa.table({"id": ["P"]}))
        store.remove("seekers", ["P"])
    store.database.write(
        lambda one: one.execute(CHANGES.update().where(CHANGES.c.seq == 2).values(**damage))
    )
    said = (
        rf"must have an image of its form for change 2, of stations, got {found}\. .*verify.*back"
    )
    with pytest.raises(StoreCorruptError, match=said) as told:
        list(store.changes())
    assert told.value.store == store.name
    assert len(list(store.changes(after=2))) == 2 * beside
    assert len(list(store.changes(most=1))) == 1
