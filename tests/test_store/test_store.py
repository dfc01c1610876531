"""The store: what is applied is there, whole, in its newest version; held against a dictionary."""

from __future__ import annotations

import datetime as dt
import itertools
import re

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from geo_match.errors import ArgumentError
from geo_match.store import Store, record_schema


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


def test_the_import_that_wrote_a_record_last_is_known(store):
    store.apply("seekers", seekers(("A", 1, "王"), ("B", 1, "李")), source="a.csv")
    second = seekers(("A", 1, "王"), ("B", 0, "李"), ("C", 1, "赵"), ("D", 1, "孙"))
    store.put("seekers", seekers(("D", 1, "钱")))
    store.apply("seekers", second, source="b.csv")
    with store.database.reading() as connection:
        imports = connection.execute(
            text(
                "SELECT source, kind, accepted, unchanged, stale, conflicting FROM imports "
                "WHERE finished_at IS NOT NULL ORDER BY id"
            )
        ).all()
        wrote = connection.execute(
            text(
                "SELECT s.id, i.source FROM seekers s LEFT JOIN imports i ON i.id = s.import_id "
                "ORDER BY 1"
            )
        ).all()
    assert imports == [("a.csv", "seekers", 2, 0, 0, 0), ("b.csv", "seekers", 1, 1, 1, 1)]
    assert wrote == [("A", "a.csv"), ("B", "a.csv"), ("C", "b.csv"), ("D", None)]


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
CALLS = st.lists(st.lists(versions, max_size=3, unique_by=lambda one: one[0]), max_size=8)


def check_calls(opened, calls):
    """Apply lists to an empty store; hold it against a dictionary, call by call."""
    expected: dict[str, tuple[int, str]] = {}
    for at, records in enumerate(calls):
        foreseen = opened.compare("seekers", seekers(*records))
        if at % 2:
            applied = opened.apply("seekers", seekers(*records), source="a.csv")
        else:
            applied, cursor = opened.put("seekers", seekers(*records))
            assert cursor == opened.cursor()
        for place, (key, version, name) in enumerate(records):
            was = expected.get(key)
            stale = was is not None and version < was[0]
            conflicting = was is not None and version == was[0] and name != was[1]
            unchanged = was == (version, name)
            assert applied.stale[place] == foreseen.stale[place] == stale
            assert applied.unchanged[place] == foreseen.unchanged[place] == unchanged
            assert applied.conflicting[place] == foreseen.conflicting[place] == conflicting
            accepted = not (stale or conflicting or unchanged)
            assert applied.accepted[place] == foreseen.accepted[place] == accepted
            if accepted:
                expected[key] = (version, name)
        assert kept(opened) == expected


@settings(max_examples=8)
@given(calls=CALLS)
def test_calls_in_any_order_end_as_a_dictionary_would(new_url, calls):
    with Store.open(new_url()) as opened:
        check_calls(opened, calls)


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


def test_a_put_is_of_at_most_500_records_and_whole(store):
    many = seekers(*((f"P{at}", 1, "x") for at in range(501)))
    with pytest.raises(
        ArgumentError, match=r"`records` must be at most 500, got 501\. Use `apply`"
    ):
        store.put("seekers", many)
    assert kept(store) == {}
    applied, cursor = store.put("seekers", many.slice(1))
    assert applied.accepted.sum() == cursor.seq == store.count("seekers") == 500


def test_what_is_removed_is_gone_and_what_is_not_there_is_no_fault(store):
    store.put("seekers", seekers(("A", 1, "x"), ("B", 1, "y"), ("C", 1, "z")))
    gone, cursor = store.remove("seekers", ["C", "A", "Z"])
    assert gone == ["A", "C"]
    assert cursor == store.cursor()
    assert cursor.seq == 5
    assert kept(store) == {"B": (1, "y")}
    assert store.remove("seekers", ["Z"]) == ([], cursor)
    assert store.remove("seekers", []) == ([], cursor)


def test_a_record_keeps_its_key_while_it_is_there(store):
    store.put("seekers", seekers(("A", 1, "x"), ("B", 1, "y")))
    keys = store.keys("seekers", ["A", "B", "Z"])
    assert sorted(keys) == ["A", "B"]
    assert all(re.fullmatch("[0-9a-f]{32}", key) for key in keys.values())
    store.put("seekers", seekers(("A", 2, "x")))
    assert store.keys("seekers", ["A", "B"]) == keys
    store.remove("seekers", ["A"])
    store.put("seekers", seekers(("A", 1, "new")))
    assert store.keys("seekers", ["A"])["A"] not in keys.values()


def test_ids_are_in_the_order_of_their_code_points_on_each_database(store):
    ids = ["b", "A", "a", "B", "王", "é", "e", "-", "10", "9"]
    store.put("seekers", seekers(*((one, 1, "x") for one in ids)))
    assert list(kept(store)) == sorted(ids)
    assert store.read("seekers", as_of=10).column("id").to_pylist() == sorted(ids)


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


def test_its_size_is_that_of_its_file_with_the_log(tmp_path):
    with Store.open(tmp_path / "a.db") as store:
        store.put("communities", pa.table({"id": ["340302001001"], "name": ["示例社区"]}))
        files = [tmp_path / "a.db", tmp_path / "a.db-wal"]
        assert store.size_bytes() == sum(one.stat().st_size for one in files)
        assert store.size_bytes() == store.status().size_bytes
