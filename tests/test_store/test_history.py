"""What one record was at each of its changes, on both databases."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_store.family import HOME, LI, SPELLS, WANG, erase, filled, put

from geo_match.errors import ArgumentError
from geo_match.store import Store


def told(store, kind, id_):
    return store.history(kind, id_)


def site(lon, id_="S1"):
    return pa.table({"id": [id_], "lon": [lon], "lat": [32.9]})


def test_a_record_is_told_change_by_change_with_what_differed(store):
    before = dt.datetime.now(dt.UTC).replace(tzinfo=None) - dt.timedelta(seconds=5)
    store.put("sites", site(117.3), cause="visit", actor="desk 3")
    store.put("sites", site(117.4, "S2"))
    store.apply("sites", site(117.5), source="a.csv", actor="desk 4")
    store.remove("sites", ["S1"], actor="desk 5")
    first, second, last = told(store, "sites", "S1")
    assert (first.seq, first.op, first.cause, first.actor) == (1, "put", "visit", "desk 3")
    assert first.committed_at >= before
    assert first.changed["lon"] == (None, 117.3)
    assert first.changed["id"] == (None, "S1")
    assert (second.seq, second.cause, second.actor) == (3, "import 1: a.csv", "desk 4")
    assert second.changed == {"lon": (117.3, 117.5)}
    assert second.record["lat"] == 32.9
    assert (last.seq, last.op, last.actor, last.record, last.changed) == (
        4,
        "remove",
        "desk 5",
        None,
        {},
    )
    assert first.key == second.key == last.key
    assert not any(one.is_amended for one in (first, second, last))


def test_an_id_that_was_given_again_has_another_life(store):
    store.put("sites", site(117.3))
    store.remove("sites", ["S1"])
    store.put("sites", site(117.3))
    first, _, again = told(store, "sites", "S1")
    assert first.key != again.key
    assert again.changed == first.changed


def test_a_removed_person_is_found_by_what_the_past_has(store):
    filled(store)
    store.remove("seekers", [WANG["id"]])
    put_, removed = told(store, "seekers", WANG["id"])
    assert put_.record["name"] == WANG["name"]
    assert (removed.op, removed.record) == ("remove", None)


def test_of_the_erased_nothing_is_told_and_of_others_what_is_left(store):
    filled(store)
    put(store, "spells", {**SPELLS[0], "person": LI["id"]})  # it was noted for the wrong one
    erase(store)
    assert told(store, "seekers", WANG["id"]) == []
    before, after = told(store, "households", "JT-1")
    assert before.is_amended
    assert before.record["address"] == HOME["address"]
    assert before.record["members"] is None
    assert (after.is_amended, after.cause) == (False, "erasure: request 12/2025")
    assert set(after.changed) == {"members"}
    blanked, kept = told(store, "spells", "S-1")
    assert (blanked.op, blanked.record, blanked.changed) == ("put", None, {})
    assert kept.changed["person"] == (None, LI["id"])


def test_nothing_is_told_of_what_never_was_and_only_looks_alike(store):
    store.put("sites", site(117.3, "11"))
    store.put("stations", pa.table({"id": ["1"], "name": ["11"]}))
    assert told(store, "sites", "1") == []
    assert [one.record["name"] for one in told(store, "stations", "1")] == ["11"]
    with pytest.raises(ArgumentError, match="`kind` must be one of"):
        told(store, "people", "1")


def test_what_was_before_the_horizon_is_gone_but_for_the_last(store):
    for lon in (117.1, 117.2, 117.3):
        store.put("sites", site(lon))
    store.forget_before(2)
    assert [one.seq for one in told(store, "sites", "S1")] == [2, 3]


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(["A", "B"]),
            st.one_of(st.none(), st.integers(0, 2)),
            st.sampled_from(["x", "y"]),
        ),
        max_size=8,
    )
)
def test_each_version_is_what_the_store_had_then(acts, store_file, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / "a.db"
    path.write_bytes(store_file.read_bytes())
    with Store.open(path) as store:
        for id_, staff, name in acts:
            if staff is None:
                store.remove("stations", [id_])
            else:
                one = pa.table({"id": [id_], "staff": [staff], "name": [name]})
                store.put("stations", one)
        for id_ in ("A", "B"):
            versions = told(store, "stations", id_)
            seen = {}
            for one in versions:
                known = store.read("stations", as_of=one.seq).to_pylist()
                then = [row for row in known if row["id"] == id_]
                assert len(then) == (one.op == "put")
                if one.op == "remove":
                    seen = {}
                    continue
                record = dict(one.record)
                assert (record["staff"], record["name"]) == (then[0]["staff"], then[0]["name"])
                differing = {n for n in record if record[n] != seen.get(n)}
                assert set(one.changed) == differing
                assert all(one.changed[n] == (seen.get(n), record[n]) for n in differing)
                seen = record
            assert [one.seq for one in versions] == [
                one.seq for one in store.changes() if one.record and one.record["id"] == id_
            ]
