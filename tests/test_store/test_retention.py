"""Retention: what lies before the horizon is gone by name, and nothing after it has changed."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from geo_match.errors import ArgumentError
from geo_match.store import HorizonError, Store, record_schema
from geo_match.store.forgetting import retention
from geo_match.store.schema.tables import CHANGES

PEOPLE = ["A", "B", "C", "D"]
START = dt.datetime(2100, 1, 1)  # noqa: DTZ001 - a store's clock has no zone, and goes forwards


def seeker(id_, wage):
    schema = record_schema("seekers")
    row = {"located_by": "none", "occupation_version": "GB/T 6565-2015"}
    row |= {"id": id_, "wage_floor_cny": wage}
    return pa.Table.from_pylist([{name: row.get(name) for name in schema.names}], schema=schema)


class Clock:
    """A clock that goes on by a minute each time it is asked."""

    def __init__(self):
        self.minutes = 0

    def __call__(self):
        self.minutes += 1
        return START + dt.timedelta(minutes=self.minutes)


def play(store, acts):
    """Do what is asked; return the places in the feed between."""
    places = [store.cursor()]
    for act, id_, wage in acts:
        match act:
            case "put":
                store.put("seekers", seeker(id_, wage), erased_too=True)
            case "remove":
                store.remove("seekers", [id_])
            case "erase":
                store.erase("seekers", id_, reason="request 1")
        places.append(store.cursor())
    return places


def answers(store, places):
    """Return what was known at each place, and what has changed since."""
    known = [store.read("seekers", as_of=one) for one in places]
    return (
        [(one.to_pylist(), one.schema.metadata) for one in known],
        [list(store.changes(after=one)) for one in places],
    )


def kept(store):
    with store.database.reading() as connection:
        return list(connection.execute(select(CHANGES.c.seq).order_by(CHANGES.c.seq)).scalars())


ACTS = [
    ("put", "A", 1),
    ("put", "B", 1),
    ("put", "A", 2),
    ("put", "C", 1),
    ("remove", "B", 0),
    ("put", "D", 1),
    ("erase", "D", 0),
    ("put", "A", 3),
    ("remove", "C", 0),
    ("put", "B", 2),
]


def test_answers_from_the_horizon_on_are_as_they_were_and_earlier_ones_are_refused(new_url):
    with Store.open(new_url(), clock=Clock()) as store:
        places = play(store, ACTS)
        later = answers(store, places[7:])
        forgotten = store.forget_before(places[7])
        assert forgotten.horizon == places[7]
        assert forgotten.scrubbed
        # Of A the second put, of C the first are needed yet; the erasure of D stays.
        assert kept(store) == [3, 4, 7, 8, 9, 10]
        assert forgotten.count == 4
        assert answers(store, places[7:]) == later
        for place in places[:7]:
            with pytest.raises(HorizonError, match=r"after 7 or later: earlier ones are gone"):
                store.read("seekers", as_of=place)
            with pytest.raises(HorizonError, match=r"earlier ones are gone"):
                next(store.changes(after=place))


def test_moments_before_the_horizon_are_refused_and_later_ones_as_they_were(new_url):
    with Store.open(new_url(), clock=Clock()) as store:
        play(store, ACTS)
        moments = [one.committed_at.replace(tzinfo=dt.UTC) for one in store.changes()]
        later = answers_at(store, moments[6:])
        assert store.forget_before(moments[6]).horizon.seq == 7
        assert answers_at(store, moments[6:]) == later
        assert store.head().horizon_at == moments[6].replace(tzinfo=None)
        for moment in (moments[5], moments[6] - dt.timedelta(microseconds=1)):
            with pytest.raises(HorizonError, match=r"what was known earlier is gone"):
                store.read("seekers", as_of=moment)


def answers_at(store, moments):
    return [store.read("seekers", as_of=moment).to_pylist() for moment in moments]


def test_what_is_known_now_may_be_all_that_is_left(store):
    play(store, ACTS)
    now = store.read("seekers").to_pylist()
    store.forget_before(store.cursor())
    assert store.read("seekers", as_of=store.cursor()).to_pylist() == now
    assert store.read("seekers").to_pylist() == now
    assert list(store.changes(after=store.cursor())) == []
    play(store, [("put", "A", 9), ("remove", "B", 0)])
    assert [one.op for one in store.changes(after=store.head().horizon)] == ["put", "remove"]


def test_forgetting_goes_forwards_only_and_may_be_repeated(store):
    places = play(store, ACTS)
    assert store.forget_before(places[0]).count == 0
    assert store.head().horizon_at is None
    first = store.forget_before(places[5])
    head = store.head()
    assert (store.forget_before(places[5]).count, store.head()) == (0, head)
    with pytest.raises(HorizonError, match="earlier ones are gone"):
        store.forget_before(places[4])
    second = store.forget_before(places[9])
    assert (first.horizon, second.horizon) == (places[5], places[9])
    assert kept(store) == [7, 8, 10]
    with pytest.raises(ArgumentError, match="`as_of` must have a time zone"):
        store.forget_before(START)


def test_what_was_interrupted_is_ended_by_the_same_call(store, monkeypatch):
    places = play(store, ACTS)
    later = answers(store, places[9:])
    monkeypatch.setattr(retention, "_AT_MOST", 1)
    delete, left = retention._delete, iter([1, 1])

    def killed(database, seqs):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return delete(database, seqs)

    monkeypatch.setattr(retention, "_delete", killed)
    with pytest.raises(KeyboardInterrupt):
        store.forget_before(places[9])
    assert answers(store, places[9:]) == later
    monkeypatch.setattr(retention, "_delete", delete)
    assert store.forget_before(places[9]).count == 7 - 2
    assert answers(store, places[9:]) == later
    assert kept(store) == [7, 8, 10]


def test_a_reader_of_the_feed_whose_place_is_forgotten_is_told(store, monkeypatch):
    places = play(store, ACTS)
    monkeypatch.setattr("geo_match.store.reading.reading._FEED_BLOCK", 2)
    reading = store.changes()
    assert [next(reading).seq, next(reading).seq] == [1, 2]
    url = store.database.engine.url.render_as_string(hide_password=False)
    with Store.open(url, busy_timeout_s=0.2) as other:  # the reader is in the log: no waiting
        other.forget_before(places[5])
    with pytest.raises(HorizonError, match="earlier ones are gone"):
        next(reading)


def test_others_write_while_much_is_forgotten(store, monkeypatch):
    monkeypatch.setattr(retention, "_AT_MOST", 5)
    monkeypatch.setattr(retention, "_FOUND_AT_ONCE", 15)
    for wage in range(40):
        store.put("seekers", seeker("A", wage))
    horizon = store.cursor()
    last: list[int] = []
    failures: list[BaseException] = []

    def write():
        try:
            with Store.open(store.database.engine.url.render_as_string(hide_password=False)) as it:
                for wage in range(20):
                    it.put("seekers", seeker("B", wage))
                    last.append(wage)
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            failures.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    assert store.forget_before(horizon).count == 39
    writer.join()
    assert failures == []
    assert last == list(range(20))
    assert kept(store) == list(range(40, 61))
    assert [one.seq for one in store.changes(after=horizon)] == list(range(41, 61))


def test_much_is_deleted_in_transactions_of_at_most_500(store, monkeypatch):
    sizes = []
    delete = retention._delete
    monkeypatch.setattr(
        retention, "_delete", lambda on, seqs: sizes.append(len(seqs)) or delete(on, seqs)
    )
    many = pa.concat_tables([seeker(f"P{at:04d}", 1) for at in range(700)])
    for wage in (1, 2):
        column = pa.array([wage] * 700, pa.int64())
        at = many.schema.get_field_index("wage_floor_cny")
        store.apply("seekers", many.set_column(at, "wage_floor_cny", column), source=f"{wage}.csv")
    assert store.forget_before(store.cursor()).count == 700
    assert sizes == [500, 200]
    with store.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(CHANGES)).scalar_one() == 700


acts = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "put", "remove", "erase"]),
        st.sampled_from(PEOPLE),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(acts=acts, cuts=st.lists(st.integers(0, 9), min_size=1, max_size=2))
def test_whatever_came_before_what_lies_after_is_untouched(
    store_file, tmp_path_factory, acts, cuts
):
    path = tmp_path_factory.mktemp("store") / "a.db"
    shutil.copy(store_file, path)
    with Store.open(path, clock=Clock()) as store:
        places = play(store, acts)
        before = answers(store, places)
        # An independent oracle: of the changes in memory, which does a later question need?
        told = list(store.changes())
        for cut in sorted(min(one, len(places) - 1) for one in cuts):
            store.forget_before(places[cut])
            assert answers(store, places[cut:]) == tuple(part[cut:] for part in before)
            horizon = places[cut].seq
            needed = {one.key: one for one in told if one.seq <= horizon}
            tombs = {one.seq for one in told if one.op == "erase"}
            expected = {one.seq for one in needed.values() if one.op == "put"} | tombs
            expected |= {one.seq for one in told if one.seq > horizon}
            assert set(kept(store)) == expected
            for early, late in pairwise(places[: cut + 1]):
                if early.seq < late.seq <= horizon:
                    with pytest.raises(HorizonError, match="earlier ones are gone"):
                        store.read("seekers", as_of=early)
