"""A page has the changes that are wanted, in their order, and says where to go on."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_api.test_feed.conftest import people, stations

from api.feed.page import read_page
from geo_match.records import RECORDS
from geo_match.store import Cursor, Store

RARE = frozenset({"jobs", "sites"})


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store of 60 changes, of stations and persons by turns."""
    with Store.open(tmp_path_factory.mktemp("pages") / "a.db") as opened:
        for at in range(10):
            opened.put("stations", stations("A", "B", "C", staff=at))
            opened.put("seekers", people(*(f"{at}-{one}" for one in range(3))))
        yield opened


@given(
    after=st.none() | st.integers(0, 60),
    limit=st.integers(1, 61),
    kinds=st.sampled_from(
        [frozenset(RECORDS), frozenset({"stations"}), frozenset({"seekers"}), RARE]
    ),
)
def test_a_page_has_the_first_of_the_changes_that_are_wanted(store, after, limit, kinds):
    epoch = store.cursor().epoch
    place = None if after is None else Cursor(epoch, after)
    wanted = [one for one in store.changes(after=after or 0) if one.kind in kinds]
    expected = wanted[:limit]
    page = read_page(store, after=place, kinds=kinds, limit=limit)
    lines = [orjson.loads(line) for line in page.body.splitlines()]
    assert [(one["seq"], one["kind"], one["op"]) for one in lines] == [
        (one.seq, one.kind, one.op) for one in expected
    ]
    assert page.count == len(expected)
    assert page.persons == {one.key for one in expected if one.kind == "seekers"}
    is_cut = len(expected) == limit
    assert page.cursor == Cursor(epoch, expected[-1].seq if is_cut else 60)
    assert page.is_last == (page.cursor.seq == 60)
