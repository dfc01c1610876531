"""The store: what is applied is there, whole, in its newest version; held against a dictionary."""

from __future__ import annotations

import datetime as dt
import itertools
import sqlite3
from contextlib import closing

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.errors import ArgumentError
from geo_match.store import Store, record_schema
from geo_match.store import store as store_module


@pytest.fixture
def store(tmp_path):
    """Return an empty store."""
    with Store.open(tmp_path / "a.db") as opened:
        yield opened


def seekers(*rows):
    """Return records of (id, version, name)."""
    ids, versions, names = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.table(
        {
            "id": pa.array(ids, pa.string()),
            "version": pa.array(versions, pa.int64()),
            "name": pa.array(names, pa.string()),
        }
    )


def kept(store):
    rows = store.read("seekers", fields=["id", "version", "name"]).to_pylist()
    return {row["id"]: (row["version"], row["name"]) for row in rows}


def test_what_is_applied_is_read_back_by_id_whole_and_typed(store):
    applied = store.apply("seekers", seekers(("B", 1, "王"), ("A", None, None)), source="a.csv")
    assert applied.accepted.tolist() == [True, True]
    read = store.read("seekers")
    assert read.schema.names == record_schema("seekers").names
    assert read.schema.types == record_schema("seekers").types
    assert kept(store) == {"A": (None, None), "B": (1, "王")}
    assert list(kept(store)) == ["A", "B"]
    assert store.count("seekers") == 2
    assert store.count("jobs") == 0


def test_a_store_that_is_opened_again_has_what_was_applied(tmp_path):
    for path in (tmp_path / "a.db", f"sqlite:///{tmp_path / 'a.db'}"):
        with Store.open(path) as opened:
            opened.apply("seekers", seekers(("A", 1, "王")), source="a.csv")
    with Store.open(tmp_path / "a.db") as opened:
        assert kept(opened) == {"A": (1, "王")}


def test_nothing_may_be_applied_too(store):
    applied = store.apply("seekers", seekers(), source="a.csv")
    assert len(applied.accepted) == 0
    assert store.read("seekers").num_rows == 0


def test_the_import_that_wrote_a_record_last_is_known(store, tmp_path):
    store.apply("seekers", seekers(("A", 1, "王"), ("B", 1, "李")), source="a.csv")
    store.apply("seekers", seekers(("A", 1, "王"), ("B", 0, "李"), ("C", 1, "赵")), source="b.csv")
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        imports = connection.execute(
            "SELECT source, kind, accepted, unchanged, stale FROM imports ORDER BY id"
        ).fetchall()
        wrote = connection.execute(
            "SELECT s.id, i.source FROM seekers s JOIN imports i ON i.id = s.import_id ORDER BY 1"
        ).fetchall()
    assert imports == [("a.csv", "seekers", 2, 0, 0), ("b.csv", "seekers", 1, 1, 1)]
    assert wrote == [("A", "a.csv"), ("B", "a.csv"), ("C", "b.csv")]


def test_a_record_without_a_version_keeps_that_of_the_one_it_replaces(store):
    store.apply("seekers", seekers(("A", 2, "王")), source="new.csv")
    store.apply("seekers", seekers(("A", None, "王先生")), source="mended.csv")
    assert kept(store) == {"A": (2, "王先生")}
    assert store.apply("seekers", seekers(("A", 1, "汪")), source="old.csv").stale.tolist() == [
        True
    ]
    assert kept(store) == {"A": (2, "王先生")}


def test_what_a_source_does_not_speak_of_stays(store):
    first = seekers(("A", 1, "王")).append_column("phone", pa.array(["13812345678"]))
    store.apply("seekers", first, source="a.csv")
    store.apply(
        "seekers",
        seekers(("A", 2, "李"), ("B", 1, "赵")),
        source="b.csv",
        fields=["version", "name"],
    )
    assert store.read("seekers", fields=["id", "version", "name", "phone"]).to_pylist() == [
        {"id": "A", "version": 2, "name": "李", "phone": "13812345678"},
        {"id": "B", "version": 1, "name": "赵", "phone": None},
    ]


versions = st.tuples(st.sampled_from("ABC"), st.integers(0, 3), st.sampled_from("xy"))


@given(calls=st.lists(st.lists(versions, max_size=3, unique_by=lambda one: one[0]), max_size=5))
def test_calls_in_any_order_end_as_a_dictionary_would(tmp_path_factory, calls):
    expected: dict[str, tuple[int, str]] = {}
    with Store.open(tmp_path_factory.mktemp("store") / "a.db") as opened:
        for records in calls:
            foreseen = opened.compare("seekers", seekers(*records))
            applied = opened.apply("seekers", seekers(*records), source="a.csv")
            for at, (key, version, name) in enumerate(records):
                was = expected.get(key)
                assert applied.stale[at] == (was is not None and version < was[0])
                assert applied.unchanged[at] == (was == (version, name))
                assert applied.accepted[at] == foreseen.accepted[at]
                if applied.accepted[at]:
                    expected[key] = (version, name)
            assert kept(opened) == expected


@pytest.mark.parametrize("order", list(itertools.permutations([0, 1, 2])))
def test_versions_in_any_order_end_with_the_newest(store, order):
    day = dt.datetime(2025, 3, 1)  # noqa: DTZ001 - moments are kept as lists state them
    records = [
        seekers(("A", 1, "old")).append_column("updated_at", pa.array([day])),
        seekers(("A", 2, "newer")).append_column("updated_at", pa.array([day - dt.timedelta(1)])),
        seekers(("A", 2, "newest")).append_column("updated_at", pa.array([day])),
    ]
    for at in order:
        store.apply("seekers", records[at], source=f"{at}.csv")
    assert kept(store) == {"A": (2, "newest")}


def test_many_records_are_compared_part_by_part(store, monkeypatch):
    monkeypatch.setattr(store_module, "_AT_ONCE", 3)
    seen = []
    first = [(f"P{at}", 1, "x") for at in range(8)]
    second = [(f"P{at}", at % 3, "x" if at % 3 == 1 else "y") for at in range(10)]
    store.apply("seekers", seekers(*first), source="a.csv", watch=seen.append)
    assert seen == [3, 3, 2]
    applied = store.apply("seekers", seekers(*second), source="b.csv")
    assert applied.stale.nonzero()[0].tolist() == [0, 3, 6]
    assert applied.unchanged.nonzero()[0].tolist() == [1, 4, 7]
    assert applied.accepted.nonzero()[0].tolist() == [2, 5, 8, 9]
    assert len(kept(store)) == 10


def test_whatever_goes_wrong_on_the_way_nothing_is_written(store, monkeypatch):
    monkeypatch.setattr(store_module, "_AT_ONCE", 2)
    store.apply("seekers", seekers(("A", 1, "x")), source="a.csv")

    def fail(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.apply("seekers", seekers(("A", 2, "y"), ("B", 1, "y")), source="b.csv", watch=fail)
    assert kept(store) == {"A": (1, "x")}


def test_comparing_writes_nothing(store):
    store.compare("seekers", seekers(("A", 1, "x")))
    assert kept(store) == {}


@pytest.mark.parametrize(
    ("records", "told"),
    [
        (seekers(("A", 1, "x"), ("A", 2, "x")), "have different ids, got one that is repeated"),
        (seekers((None, 1, "x")), "have an id each, got some without one"),
        (pa.table({"name": ["x"]}), "have an id each, got some without one"),
    ],
)
def test_records_without_their_own_ids_are_refused(store, records, told):
    with pytest.raises(ArgumentError, match=f"`records` must {told}"):
        store.apply("seekers", records, source="a.csv")


def test_fields_that_there_are_not_are_refused(store):
    with pytest.raises(ArgumentError, match=r"`fields` must be some of id, .*, got 'wage'"):
        store.read("seekers", fields=["id", "wage"])


def test_the_gazetteer_is_replaced_as_a_whole_and_keeps_its_order(store):
    assert store.gazetteer().num_rows == 0
    for names in (["幸福小区", "解放路"], ["解放路", "东海花园", "幸福小区"]):
        places = pa.table(
            {
                "name": names,
                "lon": [117.38] * len(names),
                "lat": [32.93] * len(names),
                "accuracy_m": [150.0] * len(names),
                "community": pa.array([None] * (len(names) - 1) + ["340302001001"], pa.string()),
            }
        )
        store.set_gazetteer(places)
        assert store.gazetteer().to_pylist() == places.to_pylist()
