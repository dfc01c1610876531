"""Eight that write at once: each commit is in the feed once, in order, none undoes another."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest
from test_store.faults import (
    Worker,
    check_list,
    check_whole,
    fresh_database,
    importing,
    listed,
    seekers,
)

from geo_match.store import Store, record_schema
from geo_match.store.schema.columns import to_kept, to_rows
from geo_match.store.writing.writer import Writer

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgis)]
WRITERS = 7  # and an import


@pytest.fixture(params=BOTH)
def where(request, tmp_path):
    """Give the path of a new store, or the URL of one in a database of its own."""
    if request.param == "sqlite":
        yield str(tmp_path / "a.db")
        return
    with fresh_database(request.getfixturevalue("postgis")) as url:
        yield url


class UndoneError(Exception):
    """What a writer raises on purpose, so that its transaction is undone."""


def undo(store, rows, *, is_numbered):
    """Write records in a transaction that fails, before or after the counter was raised."""
    kept = to_rows(to_kept(rows, record_schema("seekers")))

    def act(connection):
        writer = store._writer(connection, "undone", "")
        writer.put_rows("seekers", kept, [None] * len(kept))
        if is_numbered:
            writer.finish()
        raise UndoneError

    try:
        store.database.write(act)
    except UndoneError:
        return
    raise AssertionError


def writing(say, where, who, turns):
    """Write in many ways, some of them undone; tell of each what was said to be done."""
    chance = random.Random(who)  # noqa: S311 - a test's order
    with Store.open(where) as store:
        for turn in range(turns):
            cause = f"{who}/{turn}"
            match chance.randrange(6):
                case 0:
                    rows = seekers((f"{cause}-a", 1, ""), (f"{cause}-b", 1, ""))
                    undo(store, rows, is_numbered=chance.random() < 0.5)
                    continue
                case 1:  # versions of one record in any order
                    version = chance.randrange(1_000)
                    rows = seekers(("versions", version, cause), (f"{cause}-a", 1, cause))
                    applied, cursor = store.put("seekers", rows, cause=cause)
                    say((cause, cursor.seq, int(applied.accepted.sum())))
                    continue
                case 2:  # each says another thing of one record
                    field = ["name", "community_name", "remark", "address"][who % 4]
                    rows = pa.table({"id": ["fields"], field: [cause]})
                    done = store.put("seekers", rows, fields=["id", field], cause=cause)
                case 3:  # one record comes and goes
                    ids, cursor = store.remove("seekers", ["goes"], cause=cause)
                    if ids:
                        say((cause, cursor.seq, len(ids)))
                    continue
                case 4:
                    done = store.put("seekers", seekers(("goes", None, cause)), cause=cause)
                case _:  # two records in opposite orders: writers that meet there could block
                    ids = ["one", "two"] if who % 2 else ["two", "one"]
                    rows = seekers(*((one, None, cause) for one in ids))
                    done = store.put("seekers", rows, cause=cause)
            applied, cursor = done
            assert applied.accepted.all()
            say((cause, cursor.seq, len(applied.accepted)))


def test_eight_writers_with_undone_ones_lose_nothing_and_double_nothing(where):
    check_writers(where, turns=15)


@pytest.mark.soak
def test_eight_writers_go_on_for_long(where):
    check_writers(where, turns=1_000)


def check_writers(where, *, turns):
    workers = [Worker(writing, where, who, turns) for who in range(WRITERS)]
    workers.append(Worker(importing, where, "list"))
    assert [worker.end() for worker in workers] == [0] * len(workers)
    with Store.open(where) as store:
        changes = check_whole(store)
        check_list(store, "list", is_done=True)
    by_cause = {}
    for change in changes:
        if not change.cause.startswith("import"):
            by_cause.setdefault(change.cause, []).append(change)
    told = {cause: (seq, n) for worker in workers[:-1] for cause, seq, n in worker.told}
    assert by_cause.keys() == told.keys()
    for cause, (seq, n) in told.items():
        # A transaction's changes are neighbours, and there once.
        assert [change.seq for change in by_cause[cause]] == list(range(seq - n + 1, seq + 1))
    check_lives(changes)


def check_lives(changes):
    """Check that each record has one key a life, its versions rise, and no field was undone."""
    alive, last = {}, {}
    for change in changes:
        if change.op == "remove":
            del alive[next(one for one, key in alive.items() if key == change.key)]
            continue
        record = change.record
        assert alive.setdefault(record["id"], change.key) == change.key
        before = last.get(change.key)
        last[change.key] = record
        if before is None:
            continue
        assert (before["version"] or 0) <= (record["version"] or 0)
        if record["id"] == "versions":
            assert before["version"] < record["version"]
        if record["id"] == "fields":
            assert sum(record[name] != before[name] for name in record) == 1


@pytest.mark.postgis
def test_a_commit_between_an_imports_look_and_its_own_is_not_overwritten(postgis, monkeypatch):
    """The import must not take numbers for known that another's commit has raised meanwhile."""
    with fresh_database(postgis) as url, Store.open(url) as other:
        old = listed("list").set_column(1, "version", pa.array([0] * 2_600))
        other.apply("seekers", old, source="old.csv")
        is_there = []

        put = Writer.put

        def overtaken(writer, *records, **images):
            # The import writes a part: it has looked for other writers, and not raised the counter.
            if not is_there and parts:
                is_there.append(None)
                is_there[0] = other.put("seekers", seekers(("list02000", 9, "newer")))
            put(writer, *records, **images)

        monkeypatch.setattr(Writer, "put", overtaken)
        parts = []
        with Store.open(url) as store:
            applied = store.apply("seekers", listed("list"), source="a.csv", watch=parts.append)
            assert is_there
            assert applied.stale.tolist().index(True) == 2_000
            assert applied.accepted.sum() == 2_599
            check_whole(store)
            read = store.read("seekers", fields=["id", "version", "name"]).to_pylist()
        assert read[2_000] == {"id": "list02000", "version": 9, "name": "newer"}


def test_an_import_goes_on_where_no_turn_can_be_kept(tmp_path):
    """A file beside the store that cannot be opened is no reason to stop half-way."""
    (tmp_path / "a.db-turn").mkdir()
    with Store.open(tmp_path / "a.db") as store:
        assert store.apply("seekers", listed("list"), source="list.csv").accepted.all()
        check_list(store, "list", is_done=True)
