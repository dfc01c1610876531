import datetime as dt
import os
import pickle
import signal
import subprocess
import sys
import threading
import time

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from geo_match.errors import ArgumentError
from geo_match.index import ClosedIndexError, RebuildError, StaleIndexError
from geo_match.store import (
    EpochError,
    HorizonError,
    Store,
    StoreBusyError,
    StoreCorruptError,
    record_schema,
)
from geo_match.store.reading import feed
from geo_match.store.replica import follower as follower_module
from geo_match.store.replica import replica as replica_module
from geo_match.store.replica.replica import KINDS, Replica, ReplicaError
from geo_match.store.schema.tables import FEED

DAY = dt.date(2025, 6, 1)
PERSONS = {"households", "seekers"}


@pytest.fixture
def store(tmp_path):
    """Return an empty store."""
    with Store.open(tmp_path / "a.db") as opened:
        yield opened


@pytest.fixture
def store_on_server(server, store_template):
    """Return an empty store in a database of its own on PostgreSQL."""
    with Store.open(server.database(store_template)) as opened:
        yield opened


def put(store, kind, *rows):
    """Put records given as dictionaries; what must be there and is not said is made up."""
    made_up = {"title": "x", "occupation_version": "x", "name": "x", "located_by": "given"}
    names = record_schema(kind).names
    needed = {name: value for name, value in made_up.items() if name in names}
    records = pa.Table.from_pylist([needed | row for row in rows])
    schema = record_schema(kind)
    return store.put(
        kind, records.cast(pa.schema([schema.field(name) for name in records.column_names]))
    )[1]


def erase(store, kind, ids):
    """Erase persons, those that are there."""
    keys = store.keys(kind, ids)
    if not keys:
        return store.cursor()

    def act(connection):
        writer = store._writer(connection, "erase", "")
        writer.erase(kind, list(keys), list(keys.values()))
        return writer.finish()

    store.database.write(act)
    return store.cursor()


def points(snapshot):
    """Return the points of a snapshot: place and weights by id."""
    ids, lon, lat, weights = snapshot._view.points()
    tallies = [()] * len(ids) if weights is None else [tuple(row) for row in weights.tolist()]
    return {
        name: (*at, *tally)
        for name, at, tally in zip(ids, zip(lon, lat, strict=True), tallies, strict=True)
    }


def all_points(shown):
    return {kind: points(snapshot) for kind, snapshot in shown.of.items()}


def expected(store, records, day=DAY):
    """Return what the points must be, told from plain dictionaries of records."""
    told = {}
    for kind in KINDS:
        placed = {name: one for name, one in records[kind].items() if one.get("lon") is not None}
        names = store.keys(kind, list(placed)) if kind in PERSONS else dict(zip(placed, placed))  # noqa: B905 - with itself
        told[kind] = {names[name]: (one["lon"], one["lat"]) for name, one in placed.items()}
    for site, place in told["sites"].items():
        n = people = 0
        for job in records["jobs"].values():
            asked = job.get("vacancies")
            left = 1 if asked is None else asked - (job.get("filled") or 0)
            has_opened = not job.get("opened_on") or job["opened_on"] <= day
            is_closed = bool(job.get("closed_on")) and job["closed_on"] <= day
            if job.get("site_id") == site and left > 0 and has_opened and not is_closed:
                n, people = n + 1, people + left
        told["sites"][site] = (*place, n, people)
    return told


ids = st.sampled_from("ABC")
places = st.one_of(
    st.fixed_dictionaries({"lon": st.floats(117.0, 118.0), "lat": st.floats(32.0, 33.0)}),
    st.just({"lon": None, "lat": None}),
)
days = st.none() | st.sampled_from([DAY - dt.timedelta(1), DAY, DAY + dt.timedelta(1)])


def is_in_order(job):
    """Tell whether a job does not close before it opens, which a store refuses."""
    opened, closed = job["opened_on"], job["closed_on"]
    return opened is None or closed is None or opened <= closed


of_jobs = st.fixed_dictionaries(
    {
        "site_id": st.none() | ids,
        "vacancies": st.none() | st.integers(0, 3),
        "filled": st.none() | st.integers(0, 4),
        "opened_on": days,
        "closed_on": days,
    }
).filter(is_in_order)
acts = st.one_of(
    st.tuples(st.sampled_from(KINDS), st.just("put"), ids, places),
    st.tuples(st.just("jobs"), st.just("put"), ids, of_jobs),
    st.tuples(st.sampled_from(KINDS), st.just("remove"), ids, st.none()),
    st.tuples(st.sampled_from(sorted(PERSONS)), st.just("erase"), ids, st.none()),
    st.tuples(st.just(""), st.just("catch up"), st.none(), st.none()),
)


def play(store, records, act, replicas):
    kind, what, name, values = act
    if what == "put":
        records[kind][name] = records[kind].get(name, {}) | values
        put(store, kind, {"id": name} | records[kind][name])
    elif what == "catch up":
        for one in replicas:
            one.catch_up()
    else:
        records[kind].pop(name, None)
        (store.remove if what == "remove" else lambda *to: erase(store, *to))(kind, [name])


def agrees(store, steps):
    """Hold two replicas, one of which rebuilds all the time, against records and a new replica."""
    records = {kind: {} for kind in KINDS}
    for kind in KINDS:
        if store.count(kind):
            store.remove(kind, list("ABC"))
    with (
        Replica(store, on=DAY, follow=False, rebuild_after=1) as one,
        Replica(store, on=DAY, follow=False) as other,
    ):
        for step in steps:
            play(store, records, step, [one])
        told = expected(store, records)
        for here in (one, other):
            assert here.catch_up() == store.cursor()
            assert all_points(here.snapshot()) == told
            assert {live.cursor for live in here.live.values()} == {here.cursor.seq}
        with Replica(store, on=DAY, follow=False) as anew:
            assert all_points(anew.snapshot()) == told
        assert one.n_restarts == other.n_restarts == 0


@settings(max_examples=15)
@given(steps=st.lists(acts, max_size=8), at_once=st.sampled_from([1, 3, 5_000]))
def test_replicas_equal_a_new_one_and_the_records_however_changes_are_cut(
    tmp_path_factory, steps, at_once
):
    path = tmp_path_factory.getbasetemp() / "replicas.db"  # one store: the feed only grows
    with Store.open(path) as store, pytest.MonkeyPatch.context() as patch:
        patch.setattr(replica_module, "_AT_ONCE", at_once)
        agrees(store, steps)


@pytest.mark.postgis
def test_on_postgresql_replicas_are_the_same(store_on_server):
    @settings(max_examples=8)
    @given(steps=st.lists(acts, max_size=12))
    def held(steps):
        agrees(store_on_server, steps)

    held()


def test_a_thread_follows_what_is_put_and_a_waiter_sees_it(store):
    with Replica(store, every_s=60.0) as replica:
        cursor = put(store, "jobs", {"id": "J1", "lon": 117.37, "lat": 32.93})
        shown = replica.wait_for(cursor, timeout_s=30.0)
        assert points(shown["jobs"]) == {"J1": (117.37, 32.93)}
        assert shown.cursor == cursor
        found = shown["jobs"].within(lon=117.37, lat=32.93, radius_m=1.0)
        assert shown["jobs"].ids[found.point].tolist() == ["J1"]
        cursor = store.remove("jobs", ["J1"])[1]
        assert points(replica.wait_for(cursor.seq, timeout_s=30.0)["jobs"]) == {}
        assert len(shown["jobs"]) == 1


def test_changes_of_other_kinds_move_the_cursor(store):
    with Replica(store, ["stations"], follow=False) as replica:
        cursor = put(store, "employers", {"id": "E1"})
        assert replica.wait_for(cursor, timeout_s=0.0).cursor == cursor
        assert replica.live["stations"].cursor == cursor.seq
        assert repr(replica) == f"Replica(stations; cursor {cursor})"


def test_a_thread_sees_changes_without_being_asked(store):
    with Replica(store, ["stations"], every_s=0.001) as replica:
        cursor = put(store, "stations", {"id": "S1", "lon": 117.37, "lat": 32.93})
        until = time.monotonic() + 30.0
        while replica.cursor != cursor and time.monotonic() < until:
            time.sleep(0.001)
        assert len(replica.snapshot()["stations"]) == 1


def test_kinds_are_shown_at_one_place_in_the_feed_while_they_are_rebuilt(store):
    """A job is put after its site, so that no moment has more jobs than sites."""
    wrong, over = [], threading.Event()
    with Replica(store, ["jobs", "sites"], every_s=0.001, rebuild_after=3) as replica:

        def look():
            while not over.is_set():
                shown = replica.snapshot()
                n_jobs, n_sites = len(shown["jobs"]), len(shown["sites"])
                found = shown["sites"].count_within(lon=117.4, lat=32.9, radius_m=90_000)
                at = {shown["jobs"].cursor, shown["sites"].cursor, shown.cursor.seq}
                if not n_jobs <= n_sites <= n_jobs + 1 or found != n_sites or len(at) > 1:
                    wrong.append(shown)

        looking = threading.Thread(target=look)
        looking.start()
        for n in range(15):
            for kind in ("sites", "jobs"):
                cursor = put(store, kind, {"id": f"{n}", "lon": 117.4, "lat": 32.9 + n / 1e3})
        shown = replica.wait_for(cursor, timeout_s=60.0)
        over.set()
        looking.join()
        assert not wrong
        assert len(shown["jobs"]) == len(shown["sites"]) == 15
        assert replica.live["jobs"].n_rebuilds > 0


def test_who_was_erased_is_out_of_memory_too(store):
    put(store, "seekers", *({"id": f"P{n}", "lon": 117.0, "lat": 32.0 + n} for n in range(3)))
    key = store.keys("seekers", ["P1"])["P1"]
    with Replica(store, ["seekers"], every_s=0.001) as replica:
        assert replica.snapshot()["seekers"].position_of(key) is not None
        cursor = erase(store, "seekers", ["P1"])
        shown = replica.wait_for(cursor, timeout_s=30.0)
        assert shown["seekers"].position_of(key) is None
        live = replica.live["seekers"]
        until = time.monotonic() + 30.0
        while live.n_rebuilds == 0 and time.monotonic() < until:
            time.sleep(0.001)
        assert live._base.position_of.get(key) is None
        assert key not in live._log.row_of
        while replica.snapshot()["seekers"] is not live.snapshot() and time.monotonic() < until:
            time.sleep(0.001)
        assert key not in replica.snapshot()["seekers"]._view.base.points.ids.tolist()


def test_a_rebuild_that_failed_to_forget_is_told_and_done_again(store, monkeypatch):
    put(store, "seekers", {"id": "P1", "lon": 117.0, "lat": 32.0})
    with Replica(store, ["seekers"], follow=False) as replica:
        live = replica.live["seekers"]
        build = live._rebuild_while_due.__globals__["build_base"]
        failing = iter([True])

        def fail_once(*of):
            if next(failing, False):
                raise MemoryError
            return build(*of)

        monkeypatch.setitem(live._rebuild_while_due.__globals__, "build_base", fail_once)
        erase(store, "seekers", ["P1"])

        def catch_up_until(is_done):
            for _ in range(30_000):
                replica.catch_up()
                if is_done():
                    return
                time.sleep(0.001)

        with pytest.raises(RebuildError, match="got MemoryError"):
            catch_up_until(lambda: False)
        catch_up_until(lambda: live.n_rebuilds)
        assert live.n_rebuilds == 1
        assert replica.cursor == store.cursor()


def test_a_rebuild_that_failed_to_forget_is_done_again_though_the_next_change_is_told(store):
    put(store, "seekers", {"id": "P1", "lon": 117.0, "lat": 32.0})
    key = store.keys("seekers", ["P1"])["P1"]
    with Replica(store, ["seekers"], follow=False) as replica:
        live = replica.live["seekers"]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(live, "_exchange", failing_exchange)
            patch.setattr(live, "_tell_failure", lambda: None)  # not yet
            erase(store, "seekers", ["P1"])
            replica.catch_up()
            with live._changed:
                assert live._changed.wait_for(lambda: live._failure is not None, 30.0)
        put(store, "seekers", {"id": "P2", "lon": 117.0, "lat": 32.0})
        with pytest.raises(RebuildError, match="got MemoryError"):
            replica.catch_up()
        with live._changed:
            assert live._changed.wait_for(lambda: live.n_rebuilds, 30.0)
        replica.catch_up()
        assert replica.cursor == store.cursor()
        assert live._base.position_of.get(key) is None


def failing_exchange(_):
    raise MemoryError


@pytest.mark.parametrize(
    "row",
    [
        {"epoch": "f" * 32},  # restored from a backup
        {"horizon": FEED.c.seq},  # changes in between are gone
        {"seq": 1},  # the file was replaced by an older one
    ],
    ids=["epoch", "horizon", "shorter"],
)
def test_where_the_feed_cannot_be_followed_on_it_starts_anew(store, row):
    for n in range(3):
        put(store, "jobs", {"id": f"J{n}", "lon": 117.0, "lat": 32.0})
    with Replica(store, ["jobs"], follow=False) as replica:
        put(store, "jobs", {"id": "J9", "lon": 118.0, "lat": 32.0})
        store.database.write(lambda connection: connection.execute(update(FEED).values(row)))
        before = replica.live["jobs"]
        assert replica.catch_up() == store.cursor()
        assert replica.n_restarts == 1
        assert set(points(replica.snapshot()["jobs"])) == {"J0", "J1", "J2", "J9"}
        assert replica.live["jobs"] is not before
        with pytest.raises(ClosedIndexError, match="closed at cursor 3"):
            before.apply([])


def test_a_store_that_fails_while_it_starts_anew_leaves_what_is_shown_and_its_day(
    store, monkeypatch
):
    put(store, "sites", {"id": "S1", "lon": 117.0, "lat": 32.0})
    put(store, "jobs", {"id": "J1", "site_id": "S1", "closed_on": DAY})
    today = [DAY - dt.timedelta(1)]
    monkeypatch.setattr(Replica, "_today", lambda _: today[0])
    with Replica(store, ["sites"], follow=False) as replica:
        change = update(FEED)
        store.database.write(lambda connection: connection.execute(change.values(seq=1)))
        today[0] = DAY
        with monkeypatch.context() as patch:
            patch.setattr(replica_module, "SitePoints", failing_read)
            with pytest.raises(StoreBusyError, match="be free"):
                replica.catch_up()
        store.database.write(lambda connection: connection.execute(change.values(seq=2)))
        replica.catch_up()
        assert replica.n_restarts == 0
        assert points(replica.snapshot()["sites"]) == {"S1": (117.0, 32.0, 0, 0)}


def failing_read(*_):
    raise StoreBusyError("a.db", "be free", "a lock")


def test_a_cursor_of_another_epoch_is_told_when_it_does_not_come(store):
    with Replica(store, ["jobs"], follow=False) as replica:
        with pytest.raises(EpochError, match=r"be waited for with a cursor of its epoch"):
            replica.wait_for(feed.Cursor("f" * 32, 0), timeout_s=0.0)
        with pytest.raises(StaleIndexError, match="waited for 5, got 0"):
            replica.wait_for(5, timeout_s=0.0)


def failing_head(monkeypatch, errors):
    """Let the thread's next looks at the feed fail, with one error each."""
    head, left = feed.head_now, iter(errors)

    def fail(database):
        is_following = threading.current_thread().name == "geo-match-replica"
        if is_following and (error := next(left, None)) is not None:
            raise error
        return head(database)

    monkeypatch.setattr(feed, "head_now", fail)


def test_a_failure_that_passes_is_told_once_and_following_goes_on(store, monkeypatch):
    busy = StoreBusyError("a.db", "be free", "a lock")
    with Replica(store, ["jobs"], every_s=0.001) as replica:
        monkeypatch.setattr(follower_module, "_LEAST_PAUSE_S", 0.3)
        failing_head(monkeypatch, [busy, busy])
        with pytest.raises(ReplicaError, match=r"StoreBusyError: .* It tries on by itself") as told:
            replica.wait_for(1, timeout_s=30.0)
        assert told.value.__cause__ is busy
        assert len(replica.snapshot()["jobs"]) == 0
        cursor = put(store, "jobs", {"id": "J1", "lon": 117.0, "lat": 32.0})
        assert len(replica.wait_for(cursor, timeout_s=30.0)["jobs"]) == 1
        assert replica.n_failures == 2


@pytest.mark.parametrize(
    "error", [StoreCorruptError("a.db", "be sound", "a torn page"), ValueError("unforeseen")]
)
def test_a_failure_that_does_not_pass_ends_following_and_is_told_each_time(
    store, monkeypatch, error
):
    with Replica(store, ["jobs"], every_s=0.001) as replica:
        failing_head(monkeypatch, [error])
        for _ in range(2):
            with pytest.raises(ReplicaError, match=rf"{type(error).__name__}.*[^.]\. Make a new"):
                replica.wait_for(1, timeout_s=30.0)
        with pytest.raises(ReplicaError, match="must be able to follow its store") as told:
            replica.snapshot()
        assert str(pickle.loads(pickle.dumps(told.value))) == str(told.value)  # noqa: S301 - our own


def test_a_closed_replica_shows_on_and_wakes_who_waits(store):
    put(store, "jobs", {"id": "J1", "lon": 117.0, "lat": 32.0})
    replica = Replica(store, ["jobs"])
    woken = []

    def wait():
        with pytest.raises(ClosedIndexError, match="closed at cursor 1"):
            replica.wait_for(2, timeout_s=60.0)
        woken.append(True)

    waiting = threading.Thread(target=wait)
    waiting.start()
    replica.close()
    replica.close()
    waiting.join()
    assert woken == [True]
    assert len(replica.snapshot()["jobs"]) == 1
    assert len(replica.wait_for(1, timeout_s=0.0)["jobs"]) == 1
    with pytest.raises(ClosedIndexError, match="closed at cursor 1"):
        replica.catch_up()


def test_at_midnight_postings_are_counted_for_the_new_day(store, monkeypatch):
    put(store, "sites", {"id": "S1", "lon": 117.0, "lat": 32.0})
    put(store, "jobs", {"id": "J1", "site_id": "S1", "vacancies": 4, "closed_on": DAY})
    today = [DAY - dt.timedelta(1)]
    monkeypatch.setattr(Replica, "_today", lambda _: today[0])
    with Replica(store, ["sites", "jobs"], follow=False) as replica:
        assert points(replica.snapshot()["sites"]) == {"S1": (117.0, 32.0, 1, 4)}
        today[0] = DAY
        replica.catch_up()
        assert points(replica.snapshot()["sites"]) == {"S1": (117.0, 32.0, 0, 0)}
        put(store, "jobs", {"id": "J2", "site_id": "S1"})
        replica.catch_up()
        assert points(replica.snapshot()["sites"]) == {"S1": (117.0, 32.0, 1, 1)}


class Showing(Replica):
    """A replica that keeps all that it ever showed of sites."""

    def _show(self, cursor):
        super()._show(cursor)
        of_sites = points(self._shown["sites"])
        self.__dict__.setdefault("all_shown", []).append((cursor.seq, self._day, of_sites))


def test_at_midnight_after_a_failure_nothing_newer_than_the_cursor_is_shown(store, monkeypatch):
    put(store, "sites", {"id": "S1", "lon": 117.0, "lat": 32.0})
    today = [DAY - dt.timedelta(1)]
    monkeypatch.setattr(Replica, "_today", lambda _: today[0])
    with Showing(store, ["sites"], follow=False) as replica:
        put(store, "sites", {"id": "S1", "lon": 118.0, "lat": 32.0})
        put(store, "jobs", {"id": "J1", "site_id": "S1", "vacancies": 4})
        replica.live["sites"]._failure = MemoryError()
        with pytest.raises(RebuildError, match="got MemoryError"):
            replica.catch_up()
        today[0] = DAY
        replica.catch_up()
        assert replica.all_shown == [
            (1, DAY - dt.timedelta(1), {"S1": (117.0, 32.0, 0, 0)}),
            (3, DAY, {"S1": (118.0, 32.0, 1, 4)}),
        ]


def test_without_a_day_it_is_today_in_china(store):
    with Replica(store, ["sites"], follow=False) as replica:
        before = dt.datetime.now(dt.UTC) + dt.timedelta(hours=8)
        told = replica._today()
        after = dt.datetime.now(dt.UTC) + dt.timedelta(hours=8)
        assert told in {before.date(), after.date()}


def test_kinds_without_points_are_refused(store):
    with pytest.raises(ArgumentError, match=r"be one of households, seekers, .*, got 'employers'"):
        Replica(store, ["employers"])
    with pytest.raises(ArgumentError, match=r"be one of households, seekers, .*, got 'services'"):
        store.live("services")


FOLLOWER = """
import sys
from geo_match.store import Store
from geo_match.store.replica import Replica
with Store.open(sys.argv[1]) as store, Replica(store, every_s=0.001, rebuild_after=5) as replica:
    print(replica.cursor.seq, flush=True)
    while True:
        seq = replica.cursor.seq
        print(replica.wait_for(seq + 1, timeout_s=300).cursor.seq, flush=True)
"""


def test_after_a_kill_a_new_replica_is_what_the_records_say(store):
    records = {kind: {} for kind in KINDS}
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", FOLLOWER, store.name], stdout=subprocess.PIPE, text=True
    ) as follower:
        follower.stdout.readline()
        for n in range(20):
            row = {"lon": 117.0 + n / 100, "lat": 32.0}
            play(store, records, ("seekers", "put", f"P{n}", row), [])
        while int(follower.stdout.readline()) < 10:
            pass
        os.kill(follower.pid, signal.SIGKILL)
    with Replica(store, on=DAY) as replica:
        shown = replica.wait_for(store.cursor(), timeout_s=30.0)
        assert all_points(shown) == expected(store, records)


def test_one_kind_is_followed_by_hand(store):
    put(store, "seekers", *({"id": f"P{n}", "lon": 117.0, "lat": 32.0 + n / 10} for n in range(4)))
    live, start = store.live("seekers")
    with live:
        assert len(live.snapshot()) == 4
        assert start == store.cursor()
        put(store, "seekers", {"id": "P9", "lon": 117.0, "lat": 32.0})
        store.remove("seekers", ["P0"])
        erased = store.keys("seekers", ["P1"])["P1"]
        erase(store, "seekers", ["P1"])
        at = store.follow(live, "seekers", after=start)
        assert at == store.cursor()
        assert live.cursor == at.seq
        assert set(points(live.snapshot())) == set(
            store.keys("seekers", ["P2", "P3", "P9"]).values()
        )
        assert live._base.position_of.get(erased) is None
        assert store.follow(live, "seekers", after=at) == at
        with pytest.raises(EpochError, match="be asked with a cursor of its epoch"):
            store.follow(live, "seekers", after=feed.Cursor("f" * 32, at.seq))
        put(store, "employers", {"id": "E1"})
        store.database.write(
            lambda connection: connection.execute(update(FEED).values(horizon=FEED.c.seq))
        )
        with pytest.raises(HorizonError, match="earlier ones are gone"):
            store.follow(live, "seekers", after=at)


def test_a_restore_before_the_first_follow_is_seen(store):
    live, start = store.live("jobs")
    with live:
        anew = update(FEED).values(epoch="f" * 32)
        store.database.write(lambda connection: connection.execute(anew))
        with pytest.raises(EpochError, match="be asked with a cursor of its epoch"):
            store.follow(live, "jobs", after=start)
