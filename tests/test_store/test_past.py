"""What was known, and what holds: held against a plain history of dictionaries."""

from __future__ import annotations

import datetime as dt
import re
import threading

import orjson
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, update

from geo_match.errors import ArgumentError
from geo_match.store import Cursor, Store
from geo_match.store.schema.tables import CHANGES, FEED, FORMS

NOON = dt.datetime(2031, 3, 1, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
DAY = dt.date(2031, 3, 1)


def stations(rows):
    return pa.table({"id": list(rows), "staff": pa.array(rows.values(), pa.int64())})


def known(store, as_of):
    rows = store.read("stations", fields=["id", "staff"], as_of=as_of).to_pylist()
    return {row["id"]: row["staff"] for row in rows}


STEP = st.one_of(
    st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 2), max_size=4),  # puts
    st.lists(st.sampled_from("ABCDE"), unique=True, max_size=3),  # removes
)


@settings(max_examples=8)
@given(steps=st.lists(STEP, min_size=1, max_size=12))
def test_at_every_number_and_moment_is_known_what_a_dictionary_had_then(new_url, steps):
    history: list[dict[str, int]] = [{}]  # by seq
    moments = []
    now = NOON
    with Store.open(new_url(), clock=lambda: now.replace(tzinfo=None)) as store:
        for step in steps:
            now += MINUTE
            if isinstance(step, dict):
                _, cursor = store.put("stations", stations(step))
                for one, staff in step.items():
                    if history[-1].get(one) != staff:
                        history.append(history[-1] | {one: staff})
            else:
                gone, cursor = store.remove("stations", step)
                assert gone == sorted(set(step) & history[-1].keys())
                history.extend([{}] * len(gone))  # one transaction: all of them or none
                if gone:
                    left = {k: v for k, v in history[-len(gone) - 1].items() if k not in gone}
                    history[-1] = left
            moments.append((now, cursor))
            assert cursor.seq == len(history) - 1
        for at, cursor in moments:
            assert known(store, cursor) == known(store, cursor.seq) == history[cursor.seq]
            now = moments[-1][0] + MINUTE  # nobody asks what will be known
            assert known(store, at) == known(store, at + MINUTE / 2) == history[cursor.seq]
        assert known(store, NOON) == known(store, 0) == {}
        assert known(store, None) == history[-1]
        # The feed, replayed, is the same history.
        replayed: dict[str, int] = {}
        for change in store.changes():
            if change.op == "put":
                replayed[change.record["id"]] = change.record["staff"]
            else:
                del replayed[change.record["id"]]
            assert known(store, change.seq) == replayed


def test_what_does_not_hold_on_a_day_is_left_out_and_counted(store):
    closed = pa.array([None, DAY, DAY + dt.timedelta(1)], pa.date32())
    store.put("seekers", pa.table({"id": ["A", "B", "C"], "closed_on": closed}))
    for as_of in (None, store.cursor()):
        found = store.read("seekers", fields=["id"], on=DAY, as_of=as_of)
        assert found.to_pylist() == [{"id": "A"}, {"id": "C"}]
        assert found.schema.metadata[b"not_holding"] == b"1"
        everybody = store.read("seekers", fields=["id"], as_of=as_of)
        assert (len(everybody), everybody.schema.metadata[b"not_holding"]) == (3, b"0")


def test_the_answer_says_which_place_it_is_of(store):
    store.put("stations", stations({"A": 1}))
    _, cursor = store.put("stations", stations({"A": 2}))
    metadata = store.read("stations", as_of=1).schema.metadata
    place = str(Cursor(cursor.epoch, 1)).encode()
    assert metadata == {
        b"missing": b"0",
        b"amended": b"0",
        b"not_holding": b"0",
        b"cursor": place,
    }
    assert store.read("stations").schema.metadata[b"cursor"] == str(cursor).encode()


def test_a_moment_may_be_of_any_zone_but_must_have_one(new_url):
    with Store.open(new_url(), clock=lambda: NOON.replace(tzinfo=None)) as store:
        store.put("stations", stations({"A": 1}))
        china = dt.timezone(dt.timedelta(hours=8))
        assert known(store, NOON.astimezone(china)) == {"A": 1}
        assert known(store, NOON.astimezone(china) - MINUTE) == {}
        with pytest.raises(ArgumentError, match=r"`as_of` must have a time zone, got .*UTC\+8"):
            store.read("stations", as_of=NOON.replace(tzinfo=None))
        for other in (NOON.date(), NOON.isoformat(), 1.0, True):
            with pytest.raises(ArgumentError, match="`as_of` must be a moment with a time zone"):
                store.read("stations", as_of=other)


@pytest.mark.parametrize(
    ("text", "is_a_moment"),
    [
        ("0001-01-01T00:00:00+00:00", True),
        ("0001-01-01T00:00:00-23:59", True),
        ("0001-01-01T08:00:00+08:00", True),
        ("0001-01-01T07:59:59+08:00", False),
        ("0001-01-01T00:00:00+23:59", False),
        ("9999-12-31T23:59:59-00:01", False),
    ],
)
def test_a_moment_beyond_the_ends_of_the_calendar_in_utc_is_refused(store, text, is_a_moment):
    as_of = dt.datetime.fromisoformat(text)
    if is_a_moment:
        assert known(store, as_of) == {}
    else:
        rule = re.escape(f"`as_of` must be a moment of the years 1 to 9999 in UTC, too, got {text}")
        with pytest.raises(ArgumentError, match=rule):
            store.read("stations", as_of=as_of)


def test_what_will_be_known_is_not_answered(new_url):
    now = NOON.replace(tzinfo=None)
    with Store.open(new_url(), clock=lambda: now) as store:
        store.put("stations", stations({"A": 1}))
        ahead = NOON + dt.timedelta(microseconds=1)
        for ask in (lambda: known(store, ahead), lambda: store.forget_before(ahead)):
            with pytest.raises(
                ArgumentError, match=r"`as_of` must not lie ahead of the clock, 2031"
            ):
                ask()
        now -= MINUTE  # of a moment up to the last commit all is known, whatever a clock says
        assert known(store, NOON) == {"A": 1}
        with pytest.raises(ArgumentError, match=r"ahead of the clock"):
            known(store, ahead)


@pytest.mark.postgis
def test_what_was_known_while_a_writer_waits_is_known_for_good(server, store_template):
    """The moment of a commit is read once the counter is its own, not when it began to wait."""
    url = server.database(store_template)
    with Store.open(url) as store, Store.open(url) as writer, Store.open(url) as reader:
        putting = threading.Thread(target=writer.put, args=("stations", stations({"A": 1})))

        def act(connection):
            connection.execute(select(FEED.c.seq).with_for_update())
            putting.start()
            server.wait_for_a_lock(url)
            moment = dt.datetime.now(dt.UTC)
            assert known(reader, moment) == {}
            return moment

        moment = store.database.write(act)
        putting.join()
        assert known(reader, None) == {"A": 1}
        assert known(reader, moment) == {}


def day(offset):
    return None if offset is None else DAY + dt.timedelta(days=offset)


HOLDING = [
    # kind, what else it needs, first day, last or end, whether the end is included
    ("spells", {"person": "P", "status": "employed"}, "start", "end", True),
    ("jobs", {"title": "电工"}, "opened_on", "closed_on", False),
    ("stations", {}, "opened_on", "closed_on", False),
    ("services", {"person": "P", "kind": "visit"}, "on", "on", True),
    ("employers", {"name": "厂"}, "entered_on", None, False),
]


@pytest.mark.parametrize("case", HOLDING, ids=[case[0] for case in HOLDING])
def test_on_a_day_those_are_read_that_hold_then(store, case):
    kind, rest, first, end, is_included = case
    needs_first = first in {"start", "on"}
    spans = [
        (since, until)
        for since in ([] if needs_first else [None]) + [-2, 0, 2]
        for until in ([None] if end in {None, first} else [None, 1, 3])
        if since is None or until is None or since <= until
    ]
    rows = {}
    for at, (since, until) in enumerate(spans):
        row = {"id": f"R{at:02}", **rest, first: day(since)}
        if end not in {None, first}:
            row[end] = day(until)
        rows[row["id"]] = row
    schema = store.read(kind).schema.remove_metadata()
    names = ["id", *rest, *dict.fromkeys(one for one in (first, end) if one)]
    picked = pa.schema([schema.field(name) for name in names])
    _, cursor = store.put(kind, pa.Table.from_pylist(list(rows.values()), schema=picked))
    store.remove(kind, list(rows))
    for offset in range(-3, 5):
        on = day(offset)
        expected = []
        for one, row in rows.items():
            since, until = row[first], row[end] if end else None
            begun = since is None or since <= on
            over = until is not None and (until < on if is_included else until <= on)
            if begun and not over:
                expected.append(one)
        found = store.read(kind, fields=["id"], as_of=cursor, on=on)
        assert found.column_names == ["id"]
        assert found.column("id").to_pylist() == expected
        assert store.read(kind, on=on).num_rows == 0


def test_a_kind_without_days_holds_on_each(store):
    store.put("sites", pa.table({"id": ["A"]}))
    assert store.read("sites", on=DAY).num_rows == 1


def test_an_image_of_an_older_form_is_read_by_the_names_of_its_fields(new_url):
    """A field that has gone since is left out; one that has come since is null."""
    url = new_url()
    with Store.open(url) as store:
        store.put("stations", stations({"A": 1, "B": 2}))

        def age(connection):
            connection.execute(
                insert(FORMS).values(
                    id=900, kind="stations", fields='["staff","abolished","id","opened_on"]'
                )
            )
            image = orjson.dumps([7, "x", "A", "2031-03-01"]).decode()
            aged = update(CHANGES).where(CHANGES.c.seq == 1)
            connection.execute(aged.values(form=900, after=image))

        store.database.write(age)
    with Store.open(url) as store:
        rows = store.read("stations", as_of=2).to_pylist()
        nothing = dict.fromkeys(rows[0])
        assert rows[0] == nothing | {"id": "A", "staff": 7, "opened_on": DAY}
        assert rows[1] == nothing | {"id": "B", "staff": 2, "located_by": rows[1]["located_by"]}
        assert store.read("stations", as_of=2, on=DAY, fields=["name"]).num_rows == 2
        (change,) = store.changes(most=1)
        assert change.record == {
            "staff": 7,
            "abolished": "x",
            "id": "A",
            "opened_on": "2031-03-01",
        }


def test_a_form_that_came_while_the_store_was_open_is_read(new_url):
    """A newer program may have added it; what has it is read, erased and kept like the rest."""
    url = new_url()
    with Store.open(url) as store, Store.open(url) as newer:
        store.put("seekers", pa.table({"id": ["P"], "name": ["王"]}))

        def age(connection):
            added = insert(FORMS).values(kind="seekers", fields='["more","name","id"]')
            (form,) = connection.execute(added).inserted_primary_key
            image = orjson.dumps(["x", "王", "P"]).decode()
            connection.execute(update(CHANGES).values(form=form, after=image))

        newer.database.write(age)
        (change,) = store.changes()
        assert change.record == {"more": "x", "name": "王", "id": "P"}
    with Store.open(url) as store, Store.open(url) as newer:
        newer.database.write(lambda one: one.execute(insert(FORMS).values(kind="x", fields="[]")))
        assert store.read("seekers", as_of=1).column("name").to_pylist() == ["王"]
        store.hold("seekers", ["P"], until=dt.date(2999, 1, 1), reason="claim 7")
        assert len(store.erase("seekers", "P", reason="request 1").restricted["seekers"]) == 1


def test_a_form_is_numbered_by_the_database(new_url):
    """The next is free: the migration gave none of its own."""
    with Store.open(new_url()) as store:
        tries = []

        def add(connection):
            tries.append(connection.execute(select(func.max(FORMS.c.id))).scalar_one())
            made = connection.execute(insert(FORMS).values(kind="x", fields="[]"))
            return made.inserted_primary_key[0]

        assert store.database.write(add) > tries[0]
        assert len(tries) == 1


def test_a_kind_whose_fields_have_changed_gets_a_form_when_the_store_is_opened(new_url):
    url = new_url()
    with Store.open(url) as store:
        store.database.write(
            lambda one: one.execute(
                update(FORMS).where(FORMS.c.kind == "stations").values(fields='["id"]')
            )
        )
    with Store.open(url) as store:
        store.put("stations", stations({"A": 1}))
        (change,) = store.changes()
        assert change.record["staff"] == 1
