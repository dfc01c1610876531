"""A list is taken in small transactions, can be resumed, and loses nothing to others who write."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from sqlalchemy import select

from geo_match.store import Store
from geo_match.store import store as store_module
from geo_match.store.schema.tables import IMPORTS
from geo_match.store.writing import applying, orders
from geo_match.store.writing.applying import AT_MOST

N = 2 * AT_MOST + 203
NAMES = ("accepted", "unchanged", "stale", "conflicting")


def stations(rows):
    """Return records of (id, version, staff)."""
    ids, versions, staff = zip(*rows, strict=True)
    return pa.table({"id": ids, "version": versions, "staff": staff})


LIST = stations([(f"S{at:05}", 2, at) for at in range(N)])
BEFORE = stations(
    [
        ("S00000", 2, 0),  # unchanged
        ("S00007", 3, 1),  # the list's is stale
        ("S00700", 2, 1),  # conflicting
        ("S01100", 1, 1),  # the list's is newer
    ]
)
FIGURES = {"accepted": N - 3, "unchanged": 1, "stale": 1, "conflicting": 1}


def figures(applied):
    return {name: int(getattr(applied, name).sum()) for name in NAMES}


def imports(store):
    with store.database.reading() as connection:
        rows = connection.execute(select(IMPORTS).order_by(IMPORTS.c.id)).mappings().all()
    return [
        {name: row[name] for name in NAMES} | {"ended": bool(row["finished_at"])} for row in rows
    ]


def kept(store):
    rows = store.read("stations", fields=["id", "version", "staff"]).to_pylist()
    return {row["id"]: (row["version"], row["staff"]) for row in rows}


def told(store):
    """Return what the feed's last images say."""
    last = {}
    for change in store.changes():
        last[change.record["id"]] = (change.record["version"], change.record["staff"])
    return last


def expected():
    rows = {row["id"]: (row["version"], row["staff"]) for row in LIST.to_pylist()}
    return rows | {"S00007": (3, 1), "S00700": (2, 1)}


class Stop(Exception):  # noqa: N818 - no error: what a person does who ends an import
    """It was stopped."""


def stopping(after):
    """Return a `watch` that stops an import after some of its parts."""
    parts = []

    def watch(n):
        parts.append(n)
        if len(parts) == after:
            raise Stop

    return watch


def test_a_transaction_writes_at_most_500_records(new_url):
    ticks = iter(range(10**6))
    start = dt.datetime(2031, 3, 1)  # noqa: DTZ001 - a clock's moments have no zone

    def clock():
        return start + dt.timedelta(seconds=next(ticks))

    seen = []
    with Store.open(new_url(), clock=clock) as store:
        store.apply("stations", LIST, source="a.csv", watch=seen.append)
        transactions = Counter(change.committed_at for change in store.changes())
    assert sorted(transactions.values()) == [203, 500, 500]
    assert seen == [500, 500, 203]


def test_what_is_not_accepted_does_not_count_to_the_500(store):
    store.apply("stations", LIST, source="a.csv")
    newer = stations([(f"S{at:05}", 3 if at % 10 == 0 else 2, at) for at in range(N)])
    seen = []
    applied = store.apply("stations", newer, source="b.csv", watch=seen.append)
    assert np.flatnonzero(applied.accepted).tolist() == list(range(0, N, 10))
    assert seen == [N]
    assert store.head().seq == N + len(range(0, N, 10))


@pytest.mark.parametrize("stops", [(1,), (2,), (3,), (1, 1), (2, 1)])
def test_an_import_that_was_stopped_goes_on_and_has_the_figures_of_one(store, stops):
    store.put("stations", BEFORE)
    for after in stops:
        with pytest.raises(Stop):
            store.apply("stations", LIST, source="a.csv", watch=stopping(after))
        (so_far,) = imports(store)
        assert not so_far["ended"]
        assert so_far["accepted"] == store.head().seq - len(BEFORE)
    applied = store.apply("stations", LIST, source="a.csv")
    assert figures(applied) == FIGURES
    assert imports(store) == [FIGURES | {"ended": True}]
    assert kept(store) == told(store) == expected()
    assert store.head().seq == len(BEFORE) + N - 3  # each once


def test_another_list_after_one_that_was_stopped_is_another_import(store):
    with pytest.raises(Stop):
        store.apply("stations", LIST, source="a.csv", watch=stopping(1))
    other = LIST.slice(1)
    assert figures(store.apply("stations", other, source="b.csv")) == {
        **dict.fromkeys(NAMES, 0),
        "accepted": N - 500,
        "unchanged": 499,
    }
    assert figures(store.apply("stations", LIST, source="a.csv"))["accepted"] > 0
    assert [row["ended"] for row in imports(store)] == [True, True]


def test_the_same_list_again_after_the_end_is_unchanged(store):
    store.apply("stations", LIST, source="a.csv")
    assert figures(store.apply("stations", LIST, source="a.csv"))["unchanged"] == N
    assert [row["accepted"] for row in imports(store)] == [N, 0]
    assert store.head().seq == N


@pytest.mark.parametrize("block", [applying.BLOCK, 600])
@pytest.mark.parametrize("is_new", [True, False])
def test_what_another_writes_in_between_is_judged_and_kept(new_url, monkeypatch, is_new, block):
    """The other writes a newer record, one that is the same, one of its own, and removes one."""
    monkeypatch.setattr(applying, "BLOCK", block)
    url = new_url()
    with Store.open(url) as store, Store.open(url) as other:
        if not is_new:
            store.put("stations", stations([(f"S{at:05}", 1, 0) for at in range(900, 1200)]))
        before = store.head().seq
        done = []

        def watch(n):
            done.append(n)
            if len(done) == 1:
                other.put(
                    "stations",
                    stations([("S00900", 5, 77), ("S01100", 2, 1100), ("OTHER", 1, 1)]),
                )
                other.remove("stations", ["S00003", "S01000"])

        applied = store.apply("stations", LIST, source="a.csv", watch=watch)
        assert sum(done) == N
        assert figures(applied) == {
            "accepted": N - 2,
            "unchanged": 1,
            "stale": 1,
            "conflicting": 0,
        }
        rows = {row["id"]: (row["version"], row["staff"]) for row in LIST.to_pylist()}
        rows |= {"S00900": (5, 77), "OTHER": (1, 1)}
        del rows["S00003"]
        assert kept(store) == rows
        changes = list(store.changes())
        assert [one.seq for one in changes] == list(range(1, len(changes) + 1))
        last = {}
        for one in changes:
            last[one.record["id"]] = one
        alive = {key: one for key, one in last.items() if one.op == "put"}
        assert {
            key: (one.record["version"], one.record["staff"]) for key, one in alive.items()
        } == rows
        assert store.keys("stations", list(rows)) == {key: one.key for key, one in alive.items()}
        removed = 1 if is_new else 2
        assert len(changes) - before == N - 2 + 3 + removed


def test_an_overtaken_part_of_which_little_is_accepted_is_compared_again_without_the_lock(
    new_url, monkeypatch
):
    """Another writes a record that the list's next part changes, and one that it does not."""
    monkeypatch.setattr(applying, "_MOST_COMPARED", 600)
    n = 1_900
    rows = [(f"S{at:05}", 2, at) for at in range(n)]
    newer = stations([(name, 3 if at % 10 == 0 else 2, at) for name, _, at in rows])
    url = new_url()
    with Store.open(url) as store, Store.open(url) as other:
        store.apply("stations", stations(rows), source="a.csv")
        plan, locked = applying.plan, []

        def watched(connection, what, arriving, *, lock=False, **named):
            if len(arriving) > 2:  # the list's, not the other's
                locked.append((len(arriving), lock))
            return plan(connection, what, arriving, lock=lock, **named)

        monkeypatch.setattr(applying, "plan", watched)
        seen = []

        def watch(done):
            seen.append(done)
            if len(seen) == 1:
                other.put("stations", stations([("S00700", 5, 77), ("S00705", 5, 78)]))

        applied = store.apply("stations", newer, source="b.csv", watch=watch)
        assert seen == [600, 600, 600, 100]
        assert locked == [(n, False), (600, False)]  # no other part has any of the two
        taken = set(range(0, n, 10)) - {700}
        assert np.flatnonzero(applied.accepted).tolist() == sorted(taken)
        assert np.flatnonzero(applied.stale).tolist() == [700, 705]
        assert kept(store) == {name: (3 if at in taken else 2, at) for name, _, at in rows} | {
            "S00700": (5, 77),
            "S00705": (5, 78),
        }


@pytest.mark.parametrize(("name", "again"), [("S00700", [(500, True)]), ("S99999", [])])
def test_only_who_writes_a_record_of_the_list_has_it_compared_again(
    new_url, monkeypatch, name, again
):
    url = new_url()
    with Store.open(url) as store, Store.open(url) as other:
        plan, compared = applying.plan, []

        def watched(connection, what, arriving, *, lock=False, **named):
            if len(arriving) > 1:  # the list's, not the other's
                compared.append((len(arriving), lock))
            return plan(connection, what, arriving, lock=lock, **named)

        monkeypatch.setattr(applying, "plan", watched)
        seen = []

        def watch(done):
            seen.append(done)
            if len(seen) == 1:
                other.put("stations", stations([(name, 9, 9)]))

        store.apply("stations", LIST, source="a.csv", watch=watch)
        assert compared == [(N, False), *again]
        assert kept(store)[name] == (9, 9)


def test_what_others_removed_and_forgot_meanwhile_is_compared_again(new_url):
    url = new_url()
    with Store.open(url) as store, Store.open(url) as other:
        store.apply("stations", LIST, source="a.csv")
        newer = stations([(f"S{at:05}", 3, at) for at in range(N)])
        seen = []

        def watch(done):
            seen.append(done)
            if len(seen) == 1:
                other.remove("stations", ["S00700"])
                other.forget_before(other.cursor())

        assert store.apply("stations", newer, source="b.csv", watch=watch).accepted.all()
        assert len(kept(store)) == N
        assert store.verify().faults == ()


def test_a_part_that_accepts_more_once_it_is_compared_again_is_cut_again(new_url, monkeypatch):
    """Another takes all records out after the first part: all the others are new then."""
    monkeypatch.setattr(applying, "_MOST_COMPARED", 1_000)
    rows = [(f"S{at:05}", 2, at) for at in range(2_000)]
    newer = stations([(name, 3 if at % 100 == 0 else 2, at) for name, _, at in rows])
    url = new_url()
    with Store.open(url) as store, Store.open(url) as other:
        store.apply("stations", stations(rows), source="a.csv")
        seen = []

        def watch(done):
            seen.append(done)
            if len(seen) == 1:
                other.remove("stations", [name for name, *_ in rows])

        applied = store.apply("stations", newer, source="b.csv", watch=watch)
        assert seen == [1_000, 500, 500]
        assert int(applied.accepted.sum()) == 10 + 1_000
        assert list(kept(store)) == [name for name, *_ in rows[1_000:]]


def test_a_list_is_hashed_before_the_transaction_that_begins_its_import(store, monkeypatch):
    """Other writers would wait for it, and a transaction that is run again would repeat it."""
    write, digest_of, inside, hashed = store.database.write, store_module.digest_of, [], []

    def writing(act):
        inside.append(1)
        try:
            return write(act)
        finally:
            inside.pop()

    def hashing(records):
        hashed.append(bool(inside))
        return digest_of(records)

    monkeypatch.setattr(store.database, "write", writing)
    monkeypatch.setattr(store_module, "digest_of", hashing)
    store.apply("stations", LIST, source="a.csv")
    assert hashed == [False]


def test_what_an_import_writes_itself_is_no_reason_to_compare_anew(store, monkeypatch):
    store.apply("stations", stations([(f"S{at:05}", 1, at) for at in range(900)]), source="a.csv")
    compared = []
    plan = applying.plan

    def counted(connection, what, arriving, **options):
        compared.append(len(arriving))
        return plan(connection, what, arriving, **options)

    monkeypatch.setattr(applying, "plan", counted)
    monkeypatch.setattr(applying, "BLOCK", 600)
    applied = store.apply("stations", LIST, source="b.csv")
    assert applied.accepted.all()
    assert compared == [600, 600, 3]
    assert kept(store) == told(store) == {row["id"]: (2, row["staff"]) for row in LIST.to_pylist()}


def test_a_block_that_cannot_be_made_fails_the_import_after_whole_transactions(store, monkeypatch):
    """The third block cannot be made: the two before it are there, and the list goes on there."""
    monkeypatch.setattr(applying, "BLOCK", 500)
    with monkeypatch.context() as broken:
        made = []

        def images_of(rows):
            made.append(len(rows))
            if len(made) == 3:
                raise Stop("no third")
            return ready(rows)

        ready = orders.images_of
        broken.setattr(orders, "images_of", images_of)
        with pytest.raises(Stop, match="no third"):
            store.apply("stations", LIST, source="a.csv")
    assert store.count("stations") == store.head().seq == 1_000
    assert [row["accepted"] for row in imports(store)] == [1_000]
    assert figures(store.apply("stations", LIST, source="a.csv"))["accepted"] == N
    assert [row["ended"] for row in imports(store)] == [True]
    assert store.head().seq == N


FIRST_PUT = """
import sys
import threading
from pyarrow import csv
from geo_match.store import Store
from geo_match.store import store as store_module

def watching(write):
    def watched(act):
        before = set(sys.modules)
        done = write(act)
        print(sorted({name.partition(".")[0] for name in set(sys.modules) - before}))
        return done

    return watched

with Store.open(sys.argv[1]) as store:
    database, table = store.database, csv.read_csv(sys.argv[2])
    database.write, database.write_barely = map(watching, (database.write, database.write_barely))
    store.put("seekers", table, fields=["name"])  # by columns
    store.put("seekers", table)  # row by row
"""


def test_the_first_put_of_a_process_holds_nobody_up_by_importing_pandas(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,name\nA,王\n", encoding="utf-8")
    with Store.open(tmp_path / "a.db") as store:
        store.put("seekers", pa.table({"id": ["A"], "name": ["李"]}))
    done = subprocess.run(  # noqa: S603 - this interpreter, on our own program
        [sys.executable, "-c", FIRST_PUT, tmp_path / "a.db", path],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "pandas" not in done.stdout
    assert [line[0] for line in done.stdout.splitlines()] == ["[", "["]


def test_an_empty_list_is_an_import_too(store):
    applied = store.apply("stations", LIST.slice(0, 0), source="a.csv")
    assert figures(applied) == dict.fromkeys(NAMES, 0)
    assert imports(store) == [dict.fromkeys(NAMES, 0) | {"ended": True}]


def test_an_interrupted_import_ends_with_the_next_of_its_source(tmp_path):
    def stop(_):
        raise KeyboardInterrupt

    with Store.open(tmp_path / "a.db") as store:
        first, second = (pa.table({"id": [one], "name": ["王"]}) for one in ("A", "B"))
        with pytest.raises(KeyboardInterrupt):
            store.apply("seekers", first, source="a.csv", watch=stop)
        assert len(store.status().unfinished) == 1
        store.apply("seekers", second, source="b.csv")
        assert len(store.status().unfinished) == 1
        store.apply("seekers", second, source="a.csv")  # the same list, corrected
        assert store.status().unfinished == ()


def test_figures_of_an_import_add_up_where_a_kept_record_makes_a_row_break_a_rule(store):
    store.put("households", pa.table({"id": ["H1"], "member_count": [2]}))
    rows = pa.table({"id": ["H1", "H2"], "working_age_count": [3, 1]})
    fields = {"id", "working_age_count"}
    applied = store.apply("households", rows, source="a.csv", fields=fields, judged=True)
    assert applied.breaking.tolist() == [1, 0]
    (one,) = imports(store)
    assert one == {"accepted": 1, "unchanged": 0, "stale": 0, "conflicting": 1, "ended": True}
