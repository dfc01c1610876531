"""What a store says of where its records came from; on both databases."""

from __future__ import annotations

import pytest
from test_store.faults import seekers

from geo_match.errors import ArgumentError

KINDS = ("seekers", "jobs")


def test_what_is_put_is_of_no_list_until_a_list_brings_it(store):
    assert not store.has_unlisted(*KINDS)
    store.apply("seekers", seekers(("A", 1, "王"), ("B", 1, "李")), source="a.csv")
    assert not store.has_unlisted(*KINDS)
    store.put("seekers", seekers(("A", 2, "张")))
    assert store.has_unlisted(*KINDS)
    assert store.has_unlisted("seekers")
    assert not store.has_unlisted("jobs", "employers")
    store.apply("seekers", seekers(("A", 3, "张")), source="b.csv")
    assert not store.has_unlisted(*KINDS)
    store.put("seekers", seekers(("C", 1, "赵")))
    assert store.has_unlisted(*KINDS)
    store.remove("seekers", ["C"])
    assert not store.has_unlisted(*KINDS)


def test_a_kind_that_there_is_not_is_refused_before_any_is_looked_at(store):
    with pytest.raises(ArgumentError, match="`kind` must be one of"):
        store.has_unlisted("seekers", "seeker")
