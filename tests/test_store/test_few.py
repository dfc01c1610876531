"""A few records, put row by row: in every respect as they are put by columns."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo_match.errors import ArgumentError
from geo_match.records import RECORDS
from geo_match.store import Store, record_schema
from geo_match.store.schema.columns import from_rows, to_rows
from geo_match.store.store import few
from geo_match.store.writing import taking_few
from geo_match.store.writing.compare import compare, merged

NUMBER = itertools.count()
MOMENT = dt.datetime(2100, 1, 1)  # noqa: DTZ001 - the store's clock has no zone
IDS = ("A", "B", "C")
LOOKED_UP = ("gazetteer", "community_area", "none")
PLACES = [
    {"lon": 117.5, "lat": 32.5, "datum": "wgs84", "located_by": "given"},
    {"lon": 117.5, "lat": 32.5, "datum": "gcj02", "located_by": "given"},
    *({"lon": 117.25, "lat": 32.25, "located_by": how} for how in LOOKED_UP),
    {"lon": -0.0, "lat": 0.0},
    {"lon": 117.5},
    {"lon": 217.5, "lat": 32.5},
    {},
]
MOMENTS = [dt.datetime(2025, 1, day) for day in (1, 2)]  # noqa: DTZ001 - as records have them
VERSIONS = st.sampled_from([None, 1, 2])


class Twins(NamedTuple):
    """Two stores that are told the same: one takes few records by rows, one all by columns."""

    rows: Store
    columns: Store


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    folder = tmp_path_factory.mktemp("twins")
    clock = lambda: MOMENT  # noqa: E731 - a clock that stands still
    with (
        Store.open(folder / "rows.db", clock=clock) as rows,
        Store.open(folder / "columns.db", clock=clock) as columns,
    ):
        yield Twins(rows, columns)


@st.composite
def records_of(draw, kind):
    """Draw a few records: some of their fields, at times with values that no record may have."""
    versioning = {"version": VERSIONS, "updated_at": st.sampled_from([None, *MOMENTS])}
    names = {"name": st.sampled_from(["一", "二", "", "身份证11010519491231002X"])}
    others = {
        "sites": names | {"verified": st.sampled_from([None, True, False])},
        "seekers": names | {"groups": st.sampled_from([None, [], ["disabled"], ["no such"]])},
        "employers": {"name": st.sampled_from(["一", "二", None]), "industry": st.just("H")},
        "households": {"members": st.just([{"birth_year": 1980, "status": None}])},
    }
    fields = draw(st.sets(st.sampled_from(sorted({**versioning, **others[kind]}))))
    ids = draw(st.lists(st.sampled_from(IDS), min_size=1, max_size=3, unique=True))
    strategies = {**versioning, **others[kind]}
    rows = []
    for id_ in ids:
        row = {"id": id_} | {name: draw(strategies[name]) for name in sorted(fields)}
        if kind == "sites":
            row |= draw(st.sampled_from(PLACES))
        rows.append(row)
    return rows


def table_of(kind, rows):
    """Return rows as columns, those alone that one of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    types = {name: record_schema(kind).field(name).type for name in names}
    return pa.Table.from_pylist(rows, schema=pa.schema(types))


def became(store, kind, records, *, before, expected=None, **given):
    """Return what became of records that were put, or what was said instead.

    Numbers of changes are counted from `before`: a store is not new for each example.
    """
    if expected is not None:
        expected = {id_: seq and before + seq for id_, seq in expected.items()}
    try:
        applied, cursor = store.put(kind, records, expected=expected, **given)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must be the same
        return type(error).__name__, str(error).replace(store.name, "the store")
    flags = {name: one.tolist() for name, one in dataclasses.asdict(applied).items()}
    types = {name: one.dtype for name, one in dataclasses.asdict(applied).items()}
    return flags, types, cursor.seq - before


def left(store, kind, number, before):
    """Return what a store has of an example, and its feed since; keys by the ids they name."""
    ids = [f"{one}{number}" for one in IDS]
    records = store.find(kind, ids).records
    names = {key: id_ for id_, key in store.keys(kind, ids).items()}
    changes = [
        (
            one.seq - before,
            one.committed_at,
            one.kind,
            names.get(one.key),
            one.op,
            one.record,
            one.cause,
        )
        for one in store.changes(after=before)
    ]
    return records.to_pylist(), changes, {one.actor for one in store.changes(after=before)}


@pytest.mark.parametrize("kind", ["sites", "seekers", "employers", "households"])
@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_a_few_records_become_by_rows_what_they_become_by_columns(twins, kind, data):
    number = next(NUMBER)

    def with_number(rows):
        return [row | {"id": f"{row['id']}{number}"} for row in rows]

    before = Twins(*(store.cursor().seq for store in twins))
    for _ in range(data.draw(st.integers(1, 3))):
        rows = with_number(data.draw(records_of(kind)))
        told = {"cause": "test", "actor": "a key", "erased_too": data.draw(st.booleans())}
        if data.draw(st.booleans()):  # who expects is often wrong
            seq = data.draw(st.sampled_from([None, 1, 2]))
            told["expected"] = {rows[0]["id"]: seq, "not among them": None}
            if data.draw(st.booleans()):
                del told["expected"]["not among them"]
        table = table_of(kind, rows)
        # Nothing is drawn between the two stores: a draw may end the example.
        records = rows if data.draw(st.booleans()) else table
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(few, "FEW", 0)
            by_columns = became(twins.columns, kind, table, before=before.columns, **told)
        assert became(twins.rows, kind, records, before=before.rows, **told) == by_columns
        after = left(twins.rows, kind, number, before.rows)
        assert after == left(twins.columns, kind, number, before.columns)


def kept_rows(kind):
    """Return a strategy for records in kept form that often say nearly the same."""
    schema = record_schema(kind)
    few_values = {
        pa.int64(): st.sampled_from([None, 1, 2]),
        pa.float64(): st.sampled_from([None, 0.0, -0.0, 117.5]),
        pa.bool_(): st.sampled_from([None, 0, 1]),
    }
    texts = st.sampled_from([None, "2025-01-02 03:04:05.000000", "2025-01-03 03:04:05.000000"])
    how = st.sampled_from([None, "given", "site", "none"])
    fields = [
        how if field.name == "located_by" else few_values.get(field.type, texts)
        for field in schema
        if field.name != "id"
    ]
    same = [st.just(None)] * len(fields)  # so that most fields are the same in both
    chosen = [st.one_of(one, one_same) for one, one_same in zip(fields, same, strict=True)]
    return st.tuples(st.sampled_from(IDS), *chosen)


@pytest.mark.parametrize("kind", ["sites", "jobs", "spells"])
@settings(max_examples=30)
@given(data=st.data(), correct=st.booleans())
def test_records_are_compared_by_rows_as_they_are_by_columns(kind, data, correct):
    schema = record_schema(kind)
    row = kept_rows(kind)
    kept = {one[0]: one for one in data.draw(st.lists(row, max_size=2))}
    # Each differs from the kept one in a few fields at most: else none would be unchanged.
    arriving = {}
    for one in data.draw(st.lists(row, min_size=1, max_size=3)):
        like = list(kept.get(one[0], one))
        for at in data.draw(st.sets(st.sampled_from(range(1, len(one))), max_size=3)):
            like[at] = one[at]
        arriving[one[0]] = tuple(like)
    rows = list(arriving.values())
    applied, taken = few.compared(kind, rows, kept, correct=correct)
    table, beside = from_rows(rows, schema), from_rows(list(kept.values()), schema)
    expected = compare(table, beside, schema.names[1:], correct=correct)
    for name, flags in dataclasses.asdict(expected).items():
        np.testing.assert_array_equal(getattr(applied, name), flags, err_msg=name)
    at = pc.index_in(table.column("id"), value_set=beside.column("id").combine_chunks())
    accepted = pa.array(expected.accepted)
    whole = merged(table.filter(accepted), beside.take(at.filter(accepted)), schema.names[1:])
    assert taken == to_rows(whole)


@pytest.mark.parametrize("kind", [one for one in RECORDS if one != "households"])
def test_a_plain_record_is_taken_by_rows(twins, kind, monkeypatch):
    plain = {
        "communities": {"id": "340302001001", "name": "甲"},
        "employers": {"id": "E", "name": "示例厂"},
        "jobs": {"id": "J", "title": "电工"},
        "spells": {"id": "L", "person": "P", "status": "employed", "start": dt.date(2025, 1, 2)},
        "services": {"id": "V", "person": "P", "on": dt.date(2025, 2, 3), "kind": "visit"},
    }.get(kind, {"id": "W"})
    taken = []
    take_few = taking_few.take_few
    monkeypatch.setattr(
        "geo_match.store.store.take_few",
        lambda *given, **named: taken.append(named) or take_few(*given, **named),
    )
    applied, _ = twins.rows.put(kind, [plain])
    assert applied.accepted.tolist() == [True]
    assert len(taken) == 1


def test_many_records_and_households_go_by_columns():
    many = pa.table({"id": [f"W{at}" for at in range(few.FEW + 1)]})
    assert few.rows_of("sites", many) is None
    assert len(few.rows_of("sites", many.slice(1))) == few.FEW
    assert few.rows_of("sites", many.slice(0, 0)) is None
    assert few.rows_of("households", many.slice(1)) is None
    assert few.rows_of("no such", many) is None


def test_a_kept_record_that_the_store_would_not_have_written_so_goes_by_columns(tmp_path):
    with Store.open(tmp_path / "a.db") as store:
        store.put("sites", [{"id": "W", "name": "一"}])
        store.database.write(
            lambda connection: connection.exec_driver_sql("UPDATE sites SET verified = 'x'")
        )
        with pytest.raises(pa.ArrowException, match="int"):
            store.put("sites", [{"id": "W", "name": "二"}])


def test_values_that_are_none_of_their_field_are_refused_without_being_shown(tmp_path):
    with Store.open(tmp_path / "a.db") as store:
        with pytest.raises(ArgumentError, match="have int64 as 'version'") as refused:
            store.put("sites", [{"id": "W", "version": "秘密"}])
        assert "秘密" not in str(refused.value)
        with pytest.raises(ArgumentError, match="have columns that are fields of sites"):
            store.put("sites", [{"id": "W", "colour": "red"}])
        with pytest.raises(ArgumentError, match="have an id each"):
            store.put("sites", [{"name": "一"}])
        with pytest.raises(ArgumentError, match="have different ids"):
            store.put("sites", [{"id": "W"}, {"id": "W"}])
        assert store.count("sites") == 0


def test_a_few_records_say_of_each_what_became_of_it(tmp_path):
    with Store.open(tmp_path / "a.db") as store:
        store.put("sites", [{"id": "A", "version": 2}, {"id": "B", "version": 2}])
        applied, _ = store.put(
            "sites", [{"id": "B", "version": 1}, {"id": "A", "version": 2}, {"id": "C"}]
        )
    np.testing.assert_array_equal(applied.stale, [True, False, False])
    np.testing.assert_array_equal(applied.unchanged, [False, True, False])
    np.testing.assert_array_equal(applied.accepted, [False, False, True])


@pytest.mark.parametrize(
    "value",
    [
        {"updated_at": dt.datetime(2025, 3, 1, 9, 30, 0, 999_999)},  # noqa: DTZ001 - as records
        {"updated_at": dt.datetime(2025, 3, 1, 9, 30, tzinfo=dt.UTC)},
        {"updated_at": 1_700_000_000},
        {"name": b"abc"},
    ],
    ids=str,
)
def test_a_mapping_whose_value_would_become_another_is_refused(tmp_path, value):
    with Store.open(tmp_path / "a.db") as store:
        with pytest.raises(ArgumentError, match=r"`records` must have .* got values of another"):
            store.put("sites", [{"id": "W1", **value}])
        with pytest.raises(ArgumentError, match="nonsense"):
            store.put("sites", [{"id": "W1", "nonsense": None}])
        assert store.count("sites") == 0
