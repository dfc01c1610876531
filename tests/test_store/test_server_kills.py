"""A server that is killed with all of its processes loses nothing that was acknowledged."""

from __future__ import annotations

import itertools
from contextlib import suppress

import psycopg
import pyarrow as pa
import pytest
from system_parts import POSTGIS, postgresql_programs
from test_store.clusters import Cluster
from test_store.faults import (
    CHANCE,
    GROUP,
    KILLS_OF_SERVER,
    SOAK_KILLS_OF_SERVER,
    Worker,
    check_list,
    check_whole,
    groups,
    listed,
    pause,
    stored,
)

from geo_match.store import Store, StoreBusyError, StoreError
from geo_match.store.audit import AuditError, AuditLog, PersonRead
from geo_match.store.replica import Replica, ReplicaError, follow, live_of

pytestmark = pytest.mark.postgis


@pytest.fixture(scope="module")
def cluster():
    programs = postgresql_programs()
    if programs is None:
        pytest.skip(f"no {POSTGIS.name}. Remedy: {POSTGIS.remedy}")
    with Cluster.made(programs) as made:
        yield made


@pytest.fixture(scope="module")
def template(cluster):
    """Return the URL of an empty store: a copy is there at once."""
    url = cluster.url()
    Store.open(url).close()
    return url


def placed(name, number):
    """Return the records of a group: as many places, which wander."""
    ring = number % 4 * GROUP
    rows = [
        {
            "id": f"{name}-{ring + at}",
            "version": number,
            "name": f"{name}/{number}",
            "lon": 117.0 + number % 97 / 100,
            "lat": 32.0 + at / 100,
        }
        for at in range(GROUP)
    ]
    return pa.Table.from_pylist(rows)


def refusal(error):
    """Return what a caller is told."""
    return "refused", type(error).__name__, error.rule, error.remedy


def putting_on(say, url, name):
    """Put groups through one open store, each again until it is acknowledged; tell what comes.

    Of a group that was there already when it was put again it is told that it is known.
    """
    with Store.open(url) as store:
        for number in itertools.count():
            while True:
                try:
                    applied, cursor = store.put(
                        "seekers", placed(name, number), cause=f"{name}/{number}"
                    )
                except StoreError as error:
                    say(refusal(error))
                    pause(0.01)
                    continue
                taken = applied.accepted.tolist()
                assert taken in ([True] * GROUP, [False] * GROUP)  # never the half of one
                say(("put" if taken[0] else "known", number, cursor.seq))
                break


def importing_on(say, url, name):
    """Import lists through one open store, each again until it is done; tell what comes."""
    with Store.open(url) as store:
        for number in itertools.count():
            one = f"{name}{number}-"
            while True:
                try:
                    store.apply("seekers", listed(one), source=f"{one}.csv")
                except StoreError as error:
                    say(refusal(error))
                    pause(0.01)
                    continue
                say(("done", one))
                break


def check_refusals(workers):
    """Check that all that was refused has a name and a remedy; return how many."""
    told = [one[1:] for worker in workers for one in worker.told if one[0] == "refused"]
    for kind, rule, remedy in told:
        assert kind == "StoreError"
        assert rule.startswith("be reachable")
        assert remedy
    return len(told)


def check_puts(store, workers):
    """Check that each group is there whole and once, those acknowledged where they were told."""
    found = groups(store)
    seqs = [change.seq for changes in found.values() for change in changes]
    assert len(set(seqs)) == len(seqs)
    for changes in found.values():
        assert len(changes) == GROUP
        assert changes[-1].seq - changes[0].seq == GROUP - 1
        assert len({change.committed_at for change in changes}) == 1
    for name, worker in workers.items():
        acknowledged = [one for one in worker.told if one[0] in {"put", "known"}]
        assert [number for _, number, _ in acknowledged] == list(range(len(acknowledged)))
        for what, number, seq in acknowledged:
            last = found[name, number][-1].seq
            assert last == seq if what == "put" else last <= seq
        numbers = sorted(number for who, number in found if who == name)
        assert numbers == list(range(len(numbers)))


def check_lists(store, worker, name):
    done = [one[1] for one in worker.told if one[0] == "done"]
    for one in done:
        check_list(store, one, is_done=True)
    check_list(store, f"{name}{len(done)}-", is_done=False)


def points(snapshot):
    """Return the places of a snapshot by their names."""
    ids, lon, lat, _ = snapshot._view.points()
    return dict(zip(ids, zip(lon.tolist(), lat.tolist(), strict=True), strict=True))


def caught_up(replica, cursor):
    """Wait for a replica; what it tells on the way is that it tries on."""
    while True:
        try:
            return replica.wait_for(cursor, timeout_s=60)
        except ReplicaError as error:
            told = error
        assert not told.has_ended
        assert isinstance(told.__cause__, StoreError)
        assert told.__cause__.remedy


def check_outage(store, live, cursor):
    """Check that whatever is asked of a store while its server is gone is refused by name."""
    asked = [
        lambda: store.put("seekers", placed("none", 0)),
        lambda: store.apply("seekers", listed("none"), source="none.csv"),
        lambda: store.remove("seekers", ["put-1"]),
        lambda: store.read("seekers"),
        lambda: store.read("seekers", as_of=1),
        lambda: list(store.changes()),
        store.cursor,
        store.status,
        lambda: follow(store, live, "seekers", after=cursor),
        lambda: Replica(store, ["seekers"], follow=False),
        lambda: Store.open(store.database.engine.url.render_as_string()),
    ]
    for ask in asked:
        with pytest.raises(
            StoreError, match=r"must be reachable, got .*Is the server running"
        ) as told:
            ask()
        assert not isinstance(told.value, StoreBusyError)


def survive(cluster, template, kills):
    """Kill the server at random moments; judge what it has each time, and go on."""
    url = cluster.url(template)
    writers = {name: Worker(putting_on, url, name) for name in ("one", "two")}
    importer = Worker(importing_on, url, "list")
    workers = [*writers.values(), importer]
    n_outages = 0
    try:
        with Store.open(url) as store, Replica(store, ["seekers"], every_s=0.005) as replica:
            live, cursor = live_of(store, "seekers")
            for kill in range(kills):
                for writer in writers.values():
                    assert writer.hear()
                pause(CHANCE.uniform(0, 0.4))
                # The last is a whole one, by which there is one in any case.
                if CHANCE.random() < 0.7 or kill == kills - 1:
                    cluster.kill()
                    pause(CHANCE.uniform(0, 0.1))
                    check_outage(store, live, cursor)
                    n_outages += 1
                    cluster.start()
                else:
                    assert cluster.kill_one()
                    pause(CHANCE.uniform(0, 0.2))
                    cluster.await_answer()
                # Who had the store open all the time goes on.
                now = whenever_it_answers(store.cursor)
                for writer in writers.values():
                    while writer.told[-1][0] == "refused" or writer.told[-1][2] <= now.seq:
                        assert writer.hear()
                caught_up(replica, now)
                cursor = whenever_it_answers(lambda: follow(store, live, "seekers", after=cursor))  # noqa: B023 - called at once
                if kill % 10 == 0:  # the writers are at work
                    check_puts(store, writers)
            for worker in workers:
                worker.kill()
            check_whole(store)
            check_puts(store, writers)
            check_lists(store, importer, "list")
            assert check_refusals(workers) >= n_outages > 0
            records = stored(store, "seekers")
            places = {
                key: (one["lon"], one["lat"])
                for key, one in records.items()
                if one["lon"] is not None
            }
            follow(store, live, "seekers", after=cursor)
            assert len(places) == 2 * 4 * GROUP
            with Replica(store, ["seekers"], follow=False) as anew:
                assert points(anew.snapshot()["seekers"]) == places
            assert points(caught_up(replica, store.cursor())["seekers"]) == places
            assert points(live.snapshot()) == places
            assert replica.n_failures
            assert store.verify().faults == ()
    finally:
        for worker in workers:
            with suppress(ValueError, OSError):  # it was ended above
                worker.kill()


def whenever_it_answers(ask):
    """Ask until the server, which starts by itself, has started; what it says till then is named.

    It may take a connection just before it ends all that there are.
    """
    while True:
        try:
            return ask()
        except StoreError as error:
            told = error
        assert told.rule.startswith("be reachable")
        assert told.remedy
        pause(0.01)


def test_a_server_killed_at_random_loses_nothing_and_open_stores_go_on(cluster, template):
    survive(cluster, template, KILLS_OF_SERVER)


@pytest.mark.soak
def test_a_server_killed_many_times_loses_nothing_and_open_stores_go_on(cluster, template):
    survive(cluster, template, SOAK_KILLS_OF_SERVER)


@pytest.fixture
def store(cluster, template):
    with Store.open(cluster.url(template)) as opened:
        yield opened


def lose_at_commit(cluster, monkeypatch, *, is_written):
    """Let the server be killed at the next commit of something, before or after it is written."""
    commit = psycopg.Connection.commit

    def lost(connection):
        (number,) = connection.execute("SELECT pg_current_xact_id_if_assigned()").fetchone()
        if number is None:  # it has only read
            return commit(connection)
        monkeypatch.undo()
        if is_written:
            commit(connection)
        cluster.kill()
        return commit(connection) if not is_written else connection.execute("SELECT 1")

    monkeypatch.setattr(psycopg.Connection, "commit", lost)


@pytest.mark.parametrize("is_written", [False, True])
def test_a_commit_whose_answer_is_lost_is_told_to_be_unsure_and_may_be_asked_again(
    cluster, store, monkeypatch, is_written
):
    store.put("seekers", placed("A", 0))
    lose_at_commit(cluster, monkeypatch, is_written=is_written)
    with pytest.raises(
        StoreError, match=r"reachable until a commit has ended, .*do the same again"
    ):
        store.put("seekers", placed("A", 1))
    cluster.start()
    assert store.head().seq == GROUP * (1 + is_written)
    applied, cursor = store.put("seekers", placed("A", 1))
    assert applied.accepted.tolist() == [not is_written] * GROUP
    assert cursor.seq == 2 * GROUP == len(check_whole(store))


@pytest.mark.parametrize("is_written", [False, True])
def test_a_removal_whose_answer_is_lost_may_be_asked_again(cluster, store, monkeypatch, is_written):
    store.put("seekers", placed("A", 0))
    lose_at_commit(cluster, monkeypatch, is_written=is_written)
    with pytest.raises(
        StoreError, match=r"reachable until a commit has ended, .*do the same again"
    ):
        store.remove("seekers", ["A-0"])
    cluster.start()
    assert store.remove("seekers", ["A-0"])[0] == ([] if is_written else ["A-0"])
    assert len(check_whole(store)) == GROUP + 1


def test_an_audit_on_a_killed_server_gives_no_answer_and_goes_on_when_it_runs(cluster, store):
    read = PersonRead(who="档案室", purpose="claim 7", scope="persons:read", count=1)
    with AuditLog.open(store.database.engine.url.render_as_string()) as audit:
        assert audit.note(read) == 1
        cluster.kill()
        with pytest.raises(AuditError, match="Is the server running"):
            audit.note(read)
        cluster.start()
        assert audit.note(read) == 2
