"""An import knows which of its records others have written since, and which are its own."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_match.store import Store
from geo_match.store.errors import StoreCorruptError
from geo_match.store.writing.others import Others


def ids(*names):
    return pa.chunked_array([pa.array(names, pa.string())])


def stations(*names):
    return pa.table({"id": names, "name": names})


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "a.db") as opened:
        yield opened


def look(store, others):
    with store.database.reading() as connection:
        others.look(connection, store._forms)


def test_what_others_wrote_is_known_by_id_from_its_number_on(store):
    others = Others("stations", 0)
    store.put("stations", stations("A", "B"))
    look(store, others)
    assert others.have_written(ids("X", "A"), since=0)
    assert others.have_written(ids("B"), since=1)
    assert not others.have_written(ids("B"), since=2)
    assert not others.have_written(ids("A"), since=1)
    assert not others.have_written(ids("X"), since=0)


def test_what_is_removed_counts_as_written(store):
    store.put("stations", stations("A", "B"))
    others = Others("stations", 2)
    store.remove("stations", ["A"])
    look(store, others)
    assert others.have_written(ids("A"), since=2)
    assert not others.have_written(ids("B"), since=2)


def test_a_person_that_was_removed_may_be_any(store):
    store.put("seekers", pa.table({"id": ["S1", "S2"]}))
    others = Others("seekers", 2)
    store.remove("seekers", ["S1"])
    look(store, others)
    assert others.have_written(ids("S2"), since=2)
    assert not others.have_written(ids("S2"), since=3)


def test_what_may_have_been_forgotten_counts_as_written_whatever_it_was(store):
    store.put("stations", stations("A", "B"))
    others = Others("stations", 2)
    store.remove("stations", ["A"])
    store.forget_before(store.cursor())
    look(store, others)
    assert others.have_written(ids("A"), since=2)
    assert not others.have_written(ids("A"), since=3)


def test_a_newer_program_may_have_added_a_form_since(store):
    others = Others("stations", 0)
    with Store.open(store.name) as newer, newer.database.engine.begin() as connection:
        newer.put("stations", stations("A"))
        connection.exec_driver_sql(
            "INSERT INTO forms (id, kind, fields) VALUES (99, 'stations', '[\"id\"]')"
        )
        connection.exec_driver_sql("UPDATE changes SET form = 99, after = '[\"A\"]'")
    look(store, others)
    assert others.have_written(ids("A"), since=0)


def test_other_kinds_do_not_count(store):
    others = Others("stations", 0)
    store.put("jobs", pa.table({"id": ["A"], "title": ["店长"]}))
    look(store, others)
    assert not others.have_written(ids("A"), since=0)


def test_an_image_that_cannot_be_read_is_named(store):
    store.put("stations", stations("A"))
    with store.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE changes SET after = '{'")
    with pytest.raises(StoreCorruptError, match="image of its form for change 1, of stations"):
        look(store, Others("stations", 0))


@given(
    turns=st.lists(
        st.tuples(st.booleans(), st.sets(st.sampled_from("ABCDE"), min_size=1), st.booleans()),
        max_size=8,
    )
)
def test_own_changes_never_count_whatever_comes_between(tmp_path_factory, turns):
    """Each turn: whether the import writes or another, which records, and whether it looks then."""
    expected: dict[str, int] = {}
    with Store.open(tmp_path_factory.mktemp("others") / "a.db") as store:
        others, seq = Others("stations", 0), 0
        for turn, (is_own, names, looks) in enumerate(turns):
            rows = pa.table({"id": sorted(names), "name": [f"{turn}"] * len(names)})
            seq = store.put("stations", rows)[1].seq
            if is_own:
                others.add_own(seq, len(names))
            else:
                first = seq - len(names) + 1
                expected |= {name: first + at for at, name in enumerate(sorted(names))}
            if looks:
                look(store, others)
        look(store, others)
        for since in range(seq + 1):
            for name in "ABCDE":
                wanted = expected.get(name, 0) > since
                assert others.have_written(ids(name), since) == wanted
        middle = seq // 2
        others.forget(middle)
        for since in range(middle, seq + 1):
            for name in "ABCDE":
                assert others.have_written(ids(name), since) == (expected.get(name, 0) > since)
