"""Two who hold, erase and write at once: nothing is lost, and neither blocks the other for good."""

from __future__ import annotations

import datetime as dt
import threading

import pyarrow as pa
import pytest

from geo_match.store import AuditLog, Store
from geo_match.store.forgetting import erasure, restriction
from geo_match.store.schema import statements

LATER = dt.date(2999, 1, 1)
NOTED = {"who": "档案室", "purpose": "claim 7", "scope": "evidence:read"}


def url_of(store):
    return store.database.engine.url.render_as_string(hide_password=False)


def seekers(*ids, name="王小明"):
    return pa.table({"id": list(ids), "name": [name] * len(ids)})


def homes(*ids):
    return pa.table({"id": list(ids), "head_name": ["王小明"] * len(ids)})


def in_thread(act):
    """Begin an act in a thread; return what waits for its end and returns what it returned."""
    returned = []
    thread = threading.Thread(target=lambda: returned.append(act()))
    thread.start()

    def end():
        thread.join()
        (one,) = returned
        return one

    return end


@pytest.mark.postgis
def test_a_hold_that_comes_while_an_erasure_begins_is_kept(server, store_template, tmp_path):
    """The erasure waits for the hold's commit before it looks for evidence."""
    url = server.database(store_template)
    with Store.open(url) as store, Store.open(url) as eraser:
        store.put("seekers", seekers("P"))

        def hold(connection):
            held = restriction.hold(connection, "seekers", ["P"], until=LATER, reason="claim 7")
            end = in_thread(lambda: eraser.erase("seekers", "P", reason="request 1"))
            server.wait_for_a_lock(url)
            return held, end

        keys, end = store.database.write(hold)
        assert end().restricted == {"seekers": tuple(keys)}
        with AuditLog.open(tmp_path / "audit.db") as log:
            (kept,) = store.restricted("seekers", audit=log, **NOTED).to_pylist()
        assert (kept["id"], kept["name"]) == ("P", "王小明")


@pytest.mark.postgis
def test_a_release_waits_for_an_erasure_that_found_its_evidence(server, store_template):
    url = server.database(store_template)
    with Store.open(url) as store, Store.open(url) as eraser:
        store.put("seekers", seekers("P"))
        store.hold("seekers", ["P"], until=LATER, reason="claim 7")

        def release(connection):
            count = restriction.release(connection, on=LATER + dt.timedelta(1))
            end = in_thread(lambda: eraser.erase("seekers", "P", reason="request 1"))
            server.wait_for_a_lock(url)
            return count, end

        count, end = store.database.write(release)
        assert (count, end().restricted) == (0, {})


@pytest.mark.postgis
def test_an_erasure_and_a_writer_of_the_same_record_take_turns(server, store_template, monkeypatch):
    """Both lock the record first and then the counter: neither is undone for the other."""
    url = server.database(store_template)
    with Store.open(url) as store, Store.open(url) as eraser:
        store.put("seekers", seekers("P"))
        found, runs = erasure._found, []
        monkeypatch.setattr(erasure, "_found", lambda *all_: runs.append(1) or found(*all_))

        def put(connection):
            runs.append("put")
            names = ["id", "name", "key"]
            ((_, _, key),) = statements.fetch_by_ids(connection, "seekers", names, ["P"], lock=True)
            end = in_thread(lambda: eraser.erase("seekers", "P", reason="request 1"))
            server.wait_for_a_lock(url)
            writer = store._writer(connection, "remove", "")
            writer.remove("seekers", [("P",)], [key])
            writer.finish()
            return end

        assert store.database.write(put)().erased.keys() == {"seekers"}
        assert runs == ["put", 1, 1]  # outside of the transaction, and within
        assert [one.op for one in store.changes()] == ["put", "remove", "erase"]


@pytest.mark.parametrize(("kind", "rows"), [("seekers", seekers("P")), ("households", homes("P"))])
def test_of_two_who_erase_the_same_the_second_finds_nobody(store, monkeypatch, kind, rows):
    store.put(kind, rows)
    if kind == "seekers":
        spell = {
            "id": ["S"],
            "person": ["P"],
            "status": ["employed"],
            "start": [dt.date(2024, 1, 1)],
        }
        store.put("spells", pa.table(spell))
        store.put("spells", pa.table(spell | {"person": ["Q"]}))  # mended: another's since
    found, first = erasure._found, []

    def overtaken(*all_):
        mine = found(*all_)
        if not first:
            first.append(None)
            # Of a file the second still reads in the log: the first's scrub is not to wait for it.
            with Store.open(url_of(store), busy_timeout_s=0.05) as other:
                first[0] = other.erase(kind, "P", reason="request 1")
        return mine

    monkeypatch.setattr(erasure, "_found", overtaken)
    second = store.erase(kind, "P", reason="request 2")
    assert first[0].erased.keys() == {kind}
    assert (second.erased, second.restricted, second.changed) == ({}, {}, {})
    assert second.cursor == first[0].cursor
    assert [one.op for one in store.changes()].count("erase") == 1
    assert store.count(kind) == 0
