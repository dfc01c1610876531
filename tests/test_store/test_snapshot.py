"""A snapshot has the records of some kinds as of one moment, and names the place in the feed."""

from __future__ import annotations

import pyarrow as pa
import pytest

from geo_match.errors import ArgumentError
from geo_match.store import Cursor, CursorError, EpochError, Store
from geo_match.store.reading import snapshot


def stations(*ids, staff=1):
    return pa.table({"id": list(ids), "staff": [staff] * len(ids)})


def people(*ids):
    return pa.table({"id": list(ids), "name": ["王"] * len(ids)})


def test_a_snapshot_has_the_records_in_kept_form_by_id_and_persons_by_their_keys(store):
    store.put("stations", stations("站B", "a", "B"))
    store.put("seekers", people("P2", "P1"))
    with store.snapshot(["stations", "seekers"]) as now:
        assert now.counts == {"stations": 3, "seekers": 2}
        assert now.cursor == store.cursor()
        assert now.committed_at == store.head().committed_at
        records = list(now.records("stations"))
        keys = list(now.keys("seekers"))
    assert [one["id"] for one in records] == ["B", "a", "站B"]
    assert records == sorted(
        (one.record for one in store.changes(kinds=["stations"])), key=lambda one: one["id"]
    )
    assert keys == sorted(store.keys("seekers", ["P1", "P2"]).values())


def test_what_is_written_meanwhile_is_not_in_a_snapshot(where):
    with Store.open(where) as store, Store.open(where) as other:
        store.put("stations", stations("A"))
        with store.snapshot(["stations", "sites"]) as now:
            other.put("stations", stations("A", "B", staff=2))
            assert [one["staff"] for one in now.records("stations")] == [1]
            assert list(now.records("sites")) == []
            assert now.cursor.seq == 1


@pytest.mark.postgis
def test_the_rows_of_a_snapshot_come_from_a_server_in_parts(server, store_template, monkeypatch):
    monkeypatch.setattr(snapshot, "_AT_ONCE", 2)
    names = [f"{number:03}" for number in range(450)]
    with Store.open(server.database(store_template)) as store:
        store.put("stations", stations(*names))
        with store.snapshot(["stations"]) as now:

            def waiting():
                """Return how many SELECTs the server holds rows for that are still to come."""
                query = "SELECT count(*) FROM pg_cursors"
                return now.connection.exec_driver_sql(query).scalar_one()

            records, keys = now.records("stations"), now.keys("stations")
            first = next(records)
            assert waiting() == 1
            key = next(keys)
            assert waiting() == 2
            assert [first["id"], *(one["id"] for one in records)] == names  # beside the other
            assert len({key, *keys}) == len(names)
            assert waiting() == 0
            next(now.records("stations"))  # and no more of them: nothing is left open
            assert waiting() == 0


def test_a_snapshot_of_an_unknown_kind_is_refused(store):
    with (
        pytest.raises(ArgumentError, match=r"`kind` must be one of households, .*, got 'birds'"),
        store.snapshot(["birds"]),
    ):
        pass


def test_the_newest_change_of_each_kind_is_told_since_a_place(store):
    start = store.cursor()
    assert store.newest(after=start) == (start, {})
    store.put("stations", stations("A", "B"))
    store.put("seekers", people("P1"))
    _, here = store.put("stations", stations("A", staff=2))
    assert store.newest(after=start) == (here, {"stations": 4, "seekers": 3})
    assert store.newest(after=Cursor(start.epoch, 3)) == (here, {"stations": 4})
    assert store.newest(after=here) == (here, {})
    with pytest.raises(CursorError, match="must be asked with a cursor from 0 to 4, got 5"):
        store.newest(after=Cursor(start.epoch, 5))
    with pytest.raises(EpochError, match=f"of its epoch {start.epoch}, got one of other"):
        store.newest(after=Cursor("other", 0))
