"""A few records by their ids or keys, and keys of those that were removed; on both databases."""

from __future__ import annotations

import pytest
from test_store.faults import seekers

from geo_match.errors import ArgumentError
from geo_match.store.reading import finding


@pytest.fixture
def people(store):
    store.put("seekers", seekers(("甲", 1, "王"), ("B", 1, "李"), ("C", 1, "赵")))
    return store


def test_those_that_are_there_come_by_id_with_their_keys(people):
    found = people.find("seekers", ["甲", "nobody", "B", "B"], fields=["name"])
    assert found.records.to_pylist() == [{"id": "B", "name": "李"}, {"id": "甲", "name": "王"}]
    keys = people.keys("seekers", ["甲", "B"])
    assert found.keys == [keys["B"], keys["甲"]]
    assert (len(found), found.cursor) == (2, people.cursor())
    everything = people.find("seekers", ["C"]).records
    whole = people.read("seekers")
    assert everything.to_pylist() == [row for row in whole.to_pylist() if row["id"] == "C"]
    assert everything.schema.names == whole.schema.names
    assert len(people.find("seekers", [])) == 0


def test_keys_find_what_is_there_now(people):
    keys = people.keys("seekers", ["甲", "B"])
    people.put("seekers", seekers(("甲", 2, "王五")))
    people.remove("seekers", ["B"])
    people.put("seekers", seekers(("B", 1, "另一个")))
    found = people.find_by_keys("seekers", [*keys.values(), "0" * 32], fields=["name"])
    assert found.records.to_pylist() == [{"id": "甲", "name": "王五"}]
    assert found.keys == [keys["甲"]]
    assert len(people.find_by_keys("jobs", keys.values())) == 0


def test_more_names_than_one_query_takes_are_found(people, monkeypatch):
    monkeypatch.setattr(finding, "_AT_ONCE", 2)
    keys = people.keys("seekers", ["甲", "B", "C", "nobody"])
    assert sorted(keys) == ["B", "C", "甲"]
    assert people.find("seekers", keys).keys == [keys[name] for name in sorted(keys)]
    assert people.find_by_keys("seekers", keys.values()).keys == [keys[one] for one in sorted(keys)]


def test_keys_of_those_who_were_removed_since_are_told_where_that_is_asked(people):
    before, keys = people.cursor(), people.keys("seekers", ["甲", "B"])
    people.remove("seekers", ["甲"])
    assert people.keys("seekers", ["甲", "B"]) == {"B": keys["B"]}
    assert people.keys("seekers", ["甲", "B", "X"], since=before) == keys
    assert people.keys("seekers", ["甲", "B"], since=people.cursor()) == {"B": keys["B"]}


def test_a_kind_or_field_that_there_is_not_is_refused(people):
    with pytest.raises(ArgumentError, match="`kind` must be one of"):
        people.find("people", ["A"])
    with pytest.raises(ArgumentError, match="`fields` must be some of"):
        people.find("seekers", ["A"], fields=["colour"])
